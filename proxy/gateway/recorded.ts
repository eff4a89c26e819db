import {
  ACTIONS,
  type ArrivalMeta,
  type EndMeta,
  type Finding,
  type Operation,
  type PartKind,
  type PartRole,
  type Provenance,
  type ToolReading,
  type Verdict,
} from '../contract/index.js';
import type { LedgerReader } from '../ledger/index.js';
import type { ExchangeDetail, SessionRow } from '../ledger/types.js';
import type { VaultEntry } from '../mask/types.js';
import type { RecordedExchange } from '../policy/index.js';
import type { Subject } from '../policy/types.js';
import { answerParts } from './recorded-answer.js';

interface Query {
  since?: string;
  until?: string;
  agent?: string;
  limit?: number;
}

/** Recorded exchanges as the policy room wants them for `explain` and `backtest`. Reads masked text only. */
export function recordedSource(
  reader: LedgerReader,
  /** Reads all exchanges of sessions in one walk. */
  all: (options: { session(id: string): boolean; fromSegment: number }) => AsyncIterable<ExchangeDetail>,
  /** With a person's permission: what stood where placeholders stand. */
  originalsOf?: (session: string) => Promise<VaultEntry[]>,
): {
  exchange(id: string): Promise<RecordedExchange | undefined>;
  exchanges(query: Query): AsyncIterable<RecordedExchange>;
  count(query: Query): Promise<number>;
} {
  return {
    async exchange(id) {
      const detail = await reader.exchange(id);
      if (!detail) return undefined;
      const known: KnownParts = new Map();
      const session = await reader.session(detail.session);
      const earlier = (session?.exchangesList ?? []).filter((e) => e.at < detail.at).sort((a, b) => (a.at < b.at ? -1 : 1));
      for (const { id: before } of earlier.slice(-MAX_EARLIER)) {
        const one = await reader.exchange(before);
        if (one) await toRecorded(one, known);
      }
      return toRecorded(detail, known);
    },
    async *exchanges(query) {
      const wanted = new Set<string>();
      let fromSegment = Number.POSITIVE_INFINITY;
      for await (const { id } of sessionsOf(reader, query)) {
        wanted.add(id);
        fromSegment = Math.min(fromSegment, (await reader.segments?.(id))?.[0] ?? 0);
      }
      if (wanted.size === 0) return;
      const known = new Map<string, KnownParts>();
      const originals = new Map<string, VaultEntry[]>();
      let left = query.limit ?? Number.POSITIVE_INFINITY;
      for await (const detail of all({ session: (id) => wanted.has(id), fromSegment })) {
        const { session } = detail;
        if (!known.has(session)) known.set(session, new Map());
        if (originalsOf && !originals.has(session)) originals.set(session, await originalsOf(session));
        const recorded = await toRecorded(detail, known.get(session));
        // What came before the time that was asked for is read too: it says what the parts are that the session knew.
        if (!recorded || (query.since && recorded.at < query.since) || (query.until && recorded.at > query.until)) continue;
        const entries = originals.get(session) ?? [];
        yield entries.length === 0 ? recorded : withOriginals(recorded, entries);
        if (--left <= 0) return;
      }
    },
    /** About: all exchanges of the sessions that are looked through. */
    async count(query) {
      let sum = 0;
      for await (const { exchanges } of sessionsOf(reader, query)) sum += exchanges;
      return Math.min(sum, query.limit ?? sum);
    },
  };
}

async function* sessionsOf(reader: LedgerReader, query: Query): AsyncGenerator<SessionRow> {
  const search = [query.since && `after:${query.since}`, query.until && `before:${query.until}`, query.agent && `agent:${query.agent}`]
    .filter(Boolean)
    .join(' ');
  let cursor: string | undefined;
  do {
    const page = await reader.sessions({ limit: 200, ...(search ? { search } : {}), ...(cursor ? { cursor } : {}) });
    yield* page.sessions;
    cursor = page.nextCursor;
  } while (cursor);
}

/** The texts with originals in the place of placeholders; where findings count positions in a text (answers), it stays masked. */
function withOriginals(recorded: RecordedExchange, entries: readonly VaultEntry[]): RecordedExchange {
  const back = (text: string): string => entries.reduce((out, e) => out.replaceAll(e.placeholder, () => e.value), text);
  return {
    ...recorded,
    subjects: recorded.subjects.map(({ subject, ...rest }) => {
      const { part, tool } = subject;
      const keep = subject.direction === 'response' && subject.what === 'part' && (part?.findings.length ?? 0) > 0;
      return {
        ...rest,
        subject: {
          ...subject,
          ...(part?.text === undefined || keep ? {} : { part: { ...part, text: back(part.text) } }),
          ...(tool ? { tool: { ...tool, arguments: back(tool.arguments) } } : {}),
        },
      };
    }),
  };
}

/** How many exchanges of a session are read to explain one. */
const MAX_EARLIER = 200;

/** Parts of a session that were recorded, by their (masked) text: a growing conversation records each only once. */
export type KnownParts = Map<string, Omit<NonNullable<Subject['part']>, 'id'>>;

/**
 * Builds the subjects that live evaluation saw, in its order, from the record of an exchange. `known` grows with each exchange of a
 * session, given in their order.
 */
export async function toRecorded(detail: ExchangeDetail, known: KnownParts = new Map()): Promise<RecordedExchange | undefined> {
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
    if (text !== undefined) {
      const { id: _, ...facts } = subject.part!;
      known.set(text, facts);
    }
  }
  const listed = new Set(meta.subjects?.parts.map((p) => p.id));
  if (known.size > 0)
    for (const { id, text } of stringsOf(body)) {
      const facts = listed.has(id) ? undefined : known.get(text);
      if (facts) subjects.push({ subject: { ...base, what: 'part', part: { id, ...facts } }, ...was(verdictOf(id)) });
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
    const call = event.meta as unknown as {
      name: string;
      callId?: string;
      verdict: Verdict;
      restored?: string[];
      findings?: Finding[];
    } & ToolReading;
    const { toolClass, facts, risks, parsed } = call;
    subjects.push({
      subject: {
        ...base,
        direction: 'response',
        what: 'tool-call',
        part: {
          id: `tool:${call.callId ?? call.name}`,
          role: 'assistant',
          kind: 'tool-call',
          provenance: 'model',
          findings: call.findings ?? [],
          text: event.content ?? '',
        },
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
  const said = (partId: string) => end?.verdicts.filter((v) => v.partId === partId).sort((a, b) => rank(b) - rank(a))[0];
  const answered = end ? await answerParts(detail, meta, end) : [];
  for (const part of answered) subjects.push({ subject: { ...base, direction: 'response', what: 'part', part }, ...was(said(part.id)) });
  const stop = end?.code === 'blocked_by_policy' ? end.verdicts.find((v) => v.action === 'block' && !v.risks) : undefined;
  if (stop && !answered.some((p) => p.id === stop.partId))
    subjects.push({ subject: { ...base, direction: 'response', what: 'part', part: stoppedPart(stop) }, ...was(stop) });
  return {
    exchange: detail.id,
    session: detail.session,
    agent: { id: meta.agent.id, name: meta.agent.name },
    at: arrival.at,
    policyRevision: meta.policyRevision,
    outcome: end?.outcome ?? 'open',
    subjects,
    ...(stop ? { stopped: true as const } : {}),
    ...(meta.subjects ? {} : { incomplete: 'recorded without its parts' }),
  };
}

/** What `arrival` keeps so that a policy can be tried on it later: no text, only what the parts were. */
export interface RecordedParts {
  groups: string[];
  parts: { id: string; role: PartRole; kind: PartKind; provenance: Provenance }[];
}

const rank = (v: Verdict): number => ACTIONS.indexOf(v.action);

/** A text that was stopped before anything of it was released: it left no words. */
const stoppedPart = (v: Verdict): NonNullable<Subject['part']> => ({
  id: v.partId ?? 'answer',
  role: 'assistant',
  kind: 'text',
  provenance: 'model',
  findings: [],
});

/** Every string of a body with its path. */
function* stringsOf(value: unknown, path = ''): Generator<{ id: string; text: string }> {
  if (typeof value === 'string') yield { id: path, text: value };
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) yield* stringsOf(item, path === '' ? key : `${path}/${key}`);
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
