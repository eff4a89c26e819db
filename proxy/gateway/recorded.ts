import type { ArrivalMeta, EndMeta, Finding, Operation, PartKind, PartRole, Provenance, ToolReading, Verdict } from '../contract/index.js';
import type { LedgerReader } from '../ledger/index.js';
import type { ExchangeDetail } from '../ledger/types.js';
import type { RecordedExchange } from '../policy/index.js';
import type { Subject } from '../policy/types.js';

interface Query {
  since?: string;
  until?: string;
  agent?: string;
  limit?: number;
}

/** Recorded exchanges as the policy room wants them for `explain` and `backtest`. Reads masked text only. */
export function recordedSource(reader: LedgerReader): {
  exchange(id: string): Promise<RecordedExchange | undefined>;
  exchanges(query: Query): AsyncIterable<RecordedExchange>;
} {
  return {
    async exchange(id) {
      const detail = await reader.exchange(id);
      return detail && toRecorded(detail);
    },
    async *exchanges(query) {
      let cursor: string | undefined;
      let left = query.limit ?? Number.POSITIVE_INFINITY;
      const search = [query.since && `after:${query.since}`, query.until && `before:${query.until}`, query.agent && `agent:${query.agent}`]
        .filter(Boolean)
        .join(' ');
      do {
        const page = await reader.sessions({ limit: 200, ...(search ? { search } : {}), ...(cursor ? { cursor } : {}) });
        for (const row of page.sessions) {
          const session = await reader.session(row.id);
          for (const { id, at } of session?.exchangesList ?? []) {
            if ((query.since && at < query.since) || (query.until && at > query.until)) continue;
            const detail = await reader.exchange(id);
            const recorded = detail && toRecorded(detail);
            if (!recorded) continue;
            yield recorded;
            if (--left <= 0) return;
          }
        }
        cursor = page.nextCursor;
      } while (cursor);
    },
  };
}

/** Builds the subjects that live evaluation saw, in its order, from the record of an exchange. */
export function toRecorded(detail: ExchangeDetail): RecordedExchange | undefined {
  const arrival = detail.events.find((e) => e.kind === 'arrival');
  if (!arrival) return undefined;
  const meta = arrival.meta as unknown as Omit<ArrivalMeta, 'subjects'> & { subjects?: RecordedParts };
  const at = new Date(arrival.at);
  const base = {
    agent: { id: meta.agent.id, name: meta.agent.name, groups: meta.subjects?.groups ?? [], owner: meta.agent.owner },
    connection: meta.connection,
    operation: meta.operation as Operation,
    ...(meta.model === undefined ? {} : { model: meta.model }),
    direction: 'request' as const,
    time: { minutes: at.getHours() * 60 + at.getMinutes(), weekday: at.getDay() === 0 ? 7 : at.getDay() },
    bytes: meta.bytes,
  };
  const was = (v: Verdict | undefined) => (v ? { was: { action: v.action, rule: v.rule } } : {});
  const verdictOf = (partId: string | undefined) => meta.verdicts.find((v) => v.partId === partId);
  const subjects: RecordedExchange['subjects'] = [
    { subject: { ...base, what: 'exchange' }, ...was(meta.verdicts.find((v) => v.partId === undefined && !v.notScanned)) },
  ];
  const body = parse(detail.request);
  for (const part of meta.subjects?.parts ?? []) {
    const findings = meta.findings.find((f) => f.partId === part.id)?.findings ?? [];
    const text = textAt(body, part.id);
    const subject: Subject = {
      ...base,
      what: 'part',
      part: {
        id: part.id,
        role: part.role,
        kind: part.kind,
        provenance: part.provenance,
        findings,
        ...(text === undefined ? {} : { text }),
      },
    };
    subjects.push({ subject, ...was(verdictOf(part.id)) });
  }
  for (const hole of meta.coverage.notScanned) {
    const part = meta.subjects?.parts.find((p) => p.id === hole.partId);
    const subject: Subject = {
      ...base,
      what: 'not-scanned',
      notScanned: { reason: hole.reason, bytes: hole.bytes },
      ...(part ? { part: { ...part, findings: [] as Finding[] } } : {}),
    };
    subjects.push({
      subject,
      ...was(meta.verdicts.find((v) => v.notScanned?.reason === hole.reason && (v.partId ?? '') === hole.partId)),
    });
  }
  for (const event of detail.events.filter((e) => e.kind === 'tool-call')) {
    const call = event.meta as unknown as { name: string; verdict: Verdict; restored?: string[] } & ToolReading;
    const { toolClass, facts, risks, parsed } = call;
    subjects.push({
      subject: {
        ...base,
        direction: 'response',
        what: 'tool-call',
        tool: {
          name: call.name,
          reading: { toolClass, facts, risks, parsed },
          arguments: event.content ?? '',
          restoredEntities: call.restored ?? [],
        },
      },
      ...was(call.verdict),
    });
  }
  const end = detail.events.find((e) => e.kind === 'end')?.meta as unknown as EndMeta | undefined;
  return {
    exchange: detail.id,
    session: detail.session,
    agent: { id: meta.agent.id, name: meta.agent.name },
    at: arrival.at,
    policyRevision: meta.policyRevision,
    outcome: end?.outcome ?? 'open',
    subjects,
    ...(meta.subjects ? {} : { incomplete: 'recorded without its parts' }),
  };
}

/** What `arrival` keeps so that a policy can be tried on it later: no text, only what the parts were. */
export interface RecordedParts {
  groups: string[];
  parts: { id: string; role: PartRole; kind: PartKind; provenance: Provenance }[];
}

/** The (masked) text of a part: its id is its path in the body. */
function textAt(body: unknown, id: string): string | undefined {
  let at = body;
  for (const step of id.split('/')) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return typeof at === 'string' ? at : undefined;
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
