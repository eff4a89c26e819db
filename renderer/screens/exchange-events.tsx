import type { EndMeta, Verdict } from '../../proxy/contract/index.js';
import type { LedgerEvent } from '../../proxy/ledger/types.js';
import type { Message } from '../api/conversation.js';
import { Recorded } from '../parts/text.js';
import { Time } from '../parts/time.js';
import { VerdictLine } from '../parts/verdict.js';
import { t } from '../strings/index.js';

/** Where a person was asked, and decided. */
export function Decisions({ of }: { of: LedgerEvent[] }) {
  return (
    <>
      {of
        .filter((e) => e.kind === 'approval' || e.kind === 'decision')
        .map((e) => (
          <DecisionEvent key={e.sequence} event={e} />
        ))}
    </>
  );
}

/** The model's tool calls, and what was said about the rest of its answer. */
export function Answered({ of, end }: { of: LedgerEvent[]; end: EndMeta | undefined }) {
  return (
    <>
      {of
        .filter((e) => e.kind === 'tool-call')
        .map((e) => (
          <ToolCallEvent key={e.sequence} event={e} />
        ))}
      <VerdictLines of={(end?.verdicts ?? []).filter((v) => !v.partId?.startsWith('tool:'))} />
    </>
  );
}

export function VerdictLines({ of }: { of: Verdict[] }) {
  return (
    <>
      {of.map((v, i) => (
        <VerdictLine key={i} verdict={v} />
      ))}
    </>
  );
}

/** Verdicts about something that no message shows. */
export function looseVerdicts(verdicts: Verdict[], messages: Message[]): Verdict[] {
  return verdicts.filter(
    (v) => v.partId === undefined || !messages.some((m) => m.at !== '' && (v.partId === m.at || v.partId?.startsWith(`${m.at}/`))),
  );
}

/** What an exchange added: a growing conversation repeats what came before. */
export function added(messages: Message[]): Message[] {
  const last = messages.findLastIndex((m) => m.role === 'assistant');
  return last < 0 ? messages : messages.slice(last + 1);
}

/** A person was asked, or decided. */
function DecisionEvent({ event }: { event: LedgerEvent }) {
  return (
    <p class="event small">
      <span>
        <span class="chip approve">{t.session.kinds[event.kind as 'approval' | 'decision']}</span>{' '}
        <Recorded text={t.session.approvalEvent(event.meta)} limit={500} /> <Time at={event.at} />
      </span>
    </p>
  );
}

/** A tool call that the model made: what became of it, and why. */
function ToolCallEvent({ event }: { event: LedgerEvent }) {
  const stopped = event.meta['outcome'] === 'blocked' || event.meta['outcome'] === 'denied';
  return (
    <div class="event">
      <p class="small">
        <span class={`chip ${stopped ? 'block' : 'info'}`}>
          {t.session.toolOutcome(String(event.meta['name']), String(event.meta['outcome']))}
        </span>
      </p>
      {event.meta['verdict'] ? <VerdictLine verdict={event.meta['verdict'] as Verdict} /> : null}
      {event.content && stopped ? (
        <pre class="code wrap" tabIndex={0}>
          <Recorded text={event.content} />
        </pre>
      ) : null}
    </div>
  );
}
