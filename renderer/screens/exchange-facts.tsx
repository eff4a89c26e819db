import type { ArrivalMeta, EndMeta } from '../../proxy/contract/index.js';
import type { ExchangeDetail } from '../../proxy/ledger/types.js';
import { words } from '../parts/text.js';
import { duration, Time } from '../parts/time.js';
import { t } from '../strings/index.js';

/** Who, where, how long, what was found and what was not scanned. */
export function ExchangeFacts({
  exchange,
  arrival,
  end,
}: {
  exchange: ExchangeDetail;
  arrival: ArrivalMeta | undefined;
  end: EndMeta | undefined;
}) {
  const f = t.facts;
  const provider = end ? Math.max(0, end.timing.totalMs - end.timing.gatewayMs - end.timing.heldMs) : undefined;
  const rows: [string, preact.ComponentChildren][] = [
    [f.agent, arrival ? `${arrival.agent.name} (${arrival.agent.via})` : t.common.unknown],
    [f.when, <Time at={exchange.at} />],
    [f.where, `${exchange.connection} · ${arrival?.method ?? ''} ${arrival?.path ?? ''}`],
    [f.model, exchange.model ?? t.common.none],
    [f.client, arrival?.userAgent || t.common.unknown],
    [f.outcome, `${t.outcome(exchange.outcome)} (${exchange.status})${end?.code ? ` · ${end.code}` : ''}`],
    [f.time, end ? f.split(duration(end.timing.gatewayMs), duration(end.timing.heldMs), duration(provider ?? 0)) : t.history.live],
    [f.tokens, end?.usage ? t.session.tokens(end.usage.inputTokens ?? 0, end.usage.outputTokens ?? 0) : f.notReported],
    [f.scanned, arrival ? f.bytes(arrival.coverage.scannedBytes, arrival.bytes) : t.common.unknown],
    [
      f.notScanned,
      [...(arrival?.coverage.notScanned ?? []), ...(end?.coverage.notScanned ?? [])]
        .filter((h, i, all) => all.findIndex((o) => o.partId === h.partId && o.reason === h.reason) === i)
        .map((h) => `${h.partId || f.wholeBody}: ${h.reason}`)
        .join(', ') || t.common.none,
    ],
    [f.findings, arrival && arrival.findings.length > 0 ? <Findings arrival={arrival} /> : t.common.none],
    [f.policy, <span class="mono">{arrival?.policyRevision}</span>],
    [f.digest, <span class="mono digest">{arrival?.digest}</span>],
    [f.grouping, arrival?.sessionRule ?? ''],
  ];
  return (
    <>
      {end ? <LatencyBar end={end} provider={provider ?? 0} /> : null}
      <dl class="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** Where the time went: in the gateway, waiting for a person, at the provider. */
function LatencyBar({ end, provider }: { end: EndMeta; provider: number }) {
  const { gatewayMs, heldMs, totalMs } = end.timing;
  const whole = Math.max(1, gatewayMs + heldMs + provider);
  const parts = [
    ['gateway', gatewayMs],
    ['held', heldMs],
    ['provider', provider],
  ] as const;
  let x = 0;
  return (
    <figure class="latency">
      <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        {parts.map(([name, ms]) => {
          const width = (1000 * ms) / whole;
          const at = x;
          x += width;
          return <rect key={name} x={at} y="0" width={width} height="10" class={`latency-${name}`} />;
        })}
      </svg>
      <figcaption class="small">
        <span>{t.facts.total(duration(totalMs))}</span>
        {parts.map(([name, ms]) => (
          <span key={name}>
            <i class={`dot latency-${name}`} aria-hidden="true" /> {t.facts.parts[name]} {duration(ms)}
          </span>
        ))}
        {end.timing.firstByteMs === undefined ? null : <span class="muted">{t.facts.firstByte(duration(end.timing.firstByteMs))}</span>}
      </figcaption>
    </figure>
  );
}

function Findings({ arrival }: { arrival: ArrivalMeta }) {
  return (
    <ul class="plain">
      {arrival.findings.flatMap((part) =>
        part.findings.map((finding, i) => (
          <li key={`${part.partId}-${i}`}>
            <strong>{words(finding.entity)}</strong> {t.facts.confidence(Math.round(finding.confidence * 100))}{' '}
            <span class="muted">
              {finding.why} · {part.partId}
            </span>
          </li>
        )),
      )}
    </ul>
  );
}
