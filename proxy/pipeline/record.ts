import { type ArrivalMeta, type EndMeta, type Outcome, type RecordInput, SallyportError, type Verdict } from '../contract/index.js';
import type { Exchange } from './exchange.js';
import type { Services } from './services.js';

/**
 * Writes the arrival (who, what, findings, verdicts, coverage, masked body) and waits until it is on disk, and the originals of what
 * was masked as well. Nothing is sent before.
 * Then a blocking verdict ends the exchange. @throws SallyportError not_recording, blocked_by_policy, denied_by_person
 */
export function record(x: Exchange, s: Services): Promise<void> {
  const meta: ArrivalMeta = {
    agent: { id: x.principal.agentId, name: x.principal.name, owner: x.principal.owner, via: x.principal.via },
    connection: x.connection.name,
    dialect: x.connection.dialect,
    operation: x.operation,
    method: x.request.method ?? '',
    path: x.recordedPath === '' ? x.path : `/${x.connection.name}${x.recordedPath}`,
    ...(x.model === undefined ? {} : { model: x.model }),
    stream: x.stream,
    userAgent: (x.request.headers['user-agent'] ?? '').slice(0, 200),
    bytes: x.body.length,
    // What the session knows already was recorded with the exchange that brought it: a growing conversation costs only what is new.
    findings: x.parts
      .filter((p) => p.findings.length > 0 && !p.known)
      .map((p) => ({ partId: p.part.id, role: p.part.role, findings: p.findings })),
    verdicts: x.verdicts.some((v) => v.action === 'mask') ? withoutKnown(x) : x.verdicts,
    coverage: x.coverage,
    policyRevision: x.policyRevision,
    digest: x.digest,
    sessionRule: x.sessionRule,
    subjects: {
      groups: x.principal.groups,
      parts: x.parts
        .filter((p) => !p.known)
        .map(({ part }) => ({ id: part.id, role: part.role, kind: part.kind, provenance: part.provenance })),
    },
  };
  x.gatewayMs = s.clock.monotonic() - x.startedMs;
  x.arrivalRecorded = true;
  s.emit({
    type: 'exchange-started',
    exchange: x.id,
    session: x.session.id,
    agent: x.principal.name,
    connection: x.connection.name,
    ...(x.model === undefined ? {} : { model: x.model }),
    at: x.startedAt,
  });
  const recorded = append(s, [
    {
      kind: 'arrival',
      session: x.session.id,
      exchange: x.id,
      meta: meta as unknown as Record<string, unknown>,
      ...(x.recordedBody.length > 0 ? { content: { name: 'request' as const, bytes: x.recordedBody, cuts: x.cuts } } : {}),
    },
  ]);
  return Promise.all([recorded, x.saving]).then(() => {
    const block = x.verdicts.find((v) => v.action === 'block');
    if (block) throw new SallyportError('blocked_by_policy', sentenceOf(block), { rule: block.rule });
    if (x.deniedBefore)
      throw new SallyportError(
        'denied_by_person',
        `A person denied this before in this session${x.deniedBefore.reason ? `: ${x.deniedBefore.reason}` : ''}. It is refused without asking again.`,
        { rule: x.deniedBefore.rule },
      );
  });
}

/** Maskings of parts that the session knew were recorded when they were new. */
function withoutKnown(x: Exchange): Verdict[] {
  const known = new Set(x.parts.filter((p) => p.known).map((p) => p.part.id));
  return x.verdicts.filter((v) => v.action !== 'mask' || !known.has(v.partId ?? ''));
}

/** The sentence of a verdict with its rule, as an agent reads it. */
export function sentenceOf(verdict: Verdict): string {
  return `${verdict.sentence} (rule ${verdict.rule})`;
}

/** Durable before it resolves. @throws SallyportError not_recording */
export function append(s: Pick<Services, 'ledger'>, records: RecordInput[]): Promise<void> {
  return new Promise((resolve, reject) => {
    s.ledger.append(records, 'synced', (error) => (error ? reject(notRecording(s, error)) : resolve()));
  });
}

export function notRecording(s: Pick<Services, 'ledger'>, cause: unknown): SallyportError {
  return cause instanceof SallyportError
    ? cause
    : new SallyportError(
        'not_recording',
        `The ledger cannot be written${s.ledger.health.reason ? ` (${s.ledger.health.reason})` : ''}. Nothing is let through until it can. See \`sallyport status\`.`,
        { cause },
      );
}

/** The record that ends an exchange; `content` is the masked body of a JSON answer. */
export function endRecord(x: Exchange, s: Services, outcome: Outcome, status: number, code?: string, content?: Buffer): RecordInput {
  const totalMs = s.clock.monotonic() - x.startedMs;
  const meta: EndMeta = {
    outcome,
    status,
    ...(code === undefined ? {} : { code }),
    ...(x.usage === undefined ? {} : { usage: x.usage }),
    timing: {
      gatewayMs: round(x.gatewayMs),
      heldMs: round(x.heldMs),
      ...(x.firstByteMs === undefined ? {} : { firstByteMs: round(x.firstByteMs) }),
      totalMs: round(totalMs),
    },
    bytesOut: x.bytesOut,
    toolCalls: x.toolCalls,
    verdicts: x.answerVerdicts,
    coverage: x.coverage,
    ...(x.answerFindings.length > 0 ? { answerFindings: x.answerFindings } : {}),
  };
  return {
    kind: 'end',
    session: x.session.id,
    exchange: x.id,
    meta: meta as unknown as Record<string, unknown>,
    ...(content && content.length > 0 ? { content: { name: 'response' as const, bytes: content } } : {}),
  };
}

const round = (ms: number): number => Math.round(ms * 100) / 100;

/** Writes the end, once, and tells everybody. Resolves when durable. */
export async function end(
  x: Exchange,
  s: Services,
  outcome: Outcome,
  status: number,
  options: { code?: string; content?: Buffer; before?: RecordInput[] } = {},
): Promise<void> {
  if (x.ended) return;
  x.ended = true;
  x.finished?.(outcome === 'ok' || outcome === 'blocked');
  try {
    await append(s, [...(options.before ?? []), endRecord(x, s, outcome, status, options.code, options.content)]);
  } finally {
    s.emit({ type: 'exchange-ended', exchange: x.id, session: x.session.id, outcome, at: new Date(s.clock.now()).toISOString() });
    s.budgets?.count(x.principal.agentId, { ...(x.model === undefined ? {} : { model: x.model }), ...x.usage, requests: 1 });
  }
}
