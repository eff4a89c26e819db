/**
 * The playhead of a replay, pure: where each recorded event stands on the line that is played, which marks it bears, and what of the
 * session is seen at a point. Recorded pauses may be played shorter.
 */
import type { ArrivalMeta, Verdict } from '../../proxy/contract/index.js';
import type { ReplayData, ReplayEvent } from '../../proxy/control/types.js';

/** With "skip idle", longer pauses than this many milliseconds are played as this long. */
export const IDLE_MS = 1_000;

export type MarkKind = 'arrival' | 'finding' | 'hold' | 'decision' | 'tool' | 'blocked' | 'answer' | 'end';

export interface Mark {
  /** Index of the event. */
  index: number;
  kind: MarkKind;
}

export interface Line {
  /** Position of each event, milliseconds from the start of the line; ascending. */
  at: number[];
  length: number;
}

/** Places events on the line. Recorded times that go backwards are taken as no time. */
export function layOut(events: readonly Pick<ReplayEvent, 'timeMs'>[], skipIdle: boolean): Line {
  let last = 0;
  let position = 0;
  const at = events.map(({ timeMs }) => {
    const pause = Math.max(0, timeMs - last);
    last = Math.max(last, timeMs);
    position += skipIdle ? Math.min(pause, IDLE_MS) : pause;
    return position;
  });
  return { at, length: position };
}

/** How many events have happened at a position: those at exactly this time are in. */
export function countAt(line: Line, position: number): number {
  let low = 0;
  let high = line.at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((line.at[middle] as number) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Marks on the line, in order. Streamed pieces have none but the first of each answer. */
export function marksOf(events: readonly ReplayEvent[]): Mark[] {
  const answering = new Set<string>();
  return events.flatMap((event, index): Mark[] => {
    switch (event.kind) {
      case 'arrival': {
        const meta = event.meta as unknown as ArrivalMeta;
        const found = (meta.findings ?? []).some((part) => part.findings.length > 0);
        const blocked = (meta.verdicts ?? []).some((v: Verdict) => v.action === 'block');
        return [{ index, kind: blocked ? 'blocked' : found ? 'finding' : 'arrival' }];
      }
      case 'approval':
        return [{ index, kind: 'hold' }];
      case 'decision':
        return [{ index, kind: 'decision' }];
      case 'tool-call':
        return [{ index, kind: event.meta['outcome'] === 'blocked' || event.meta['outcome'] === 'denied' ? 'blocked' : 'tool' }];
      case 'verdict':
        return [{ index, kind: event.meta['action'] === 'block' ? 'blocked' : 'finding' }];
      case 'delta':
        if (answering.has(event.exchange)) return [];
        answering.add(event.exchange);
        return [{ index, kind: 'answer' }];
      case 'end':
      case 'interrupted':
        return [{ index, kind: 'end' }];
      default:
        return [];
    }
  });
}

const DECISIVE: ReadonlySet<MarkKind> = new Set(['hold', 'decision', 'blocked']);

/** The next thing that a rule or a person decided, after `count` events have happened; undefined: there is none. */
export function nextDecision(marks: readonly Mark[], count: number): number | undefined {
  return marks.find((m) => DECISIVE.has(m.kind) && m.index >= count)?.index;
}

export interface SeenExchange {
  id: string;
  arrival?: ReplayEvent;
  request?: string;
  /** What of the answer had come. */
  response?: string;
  /** Approvals, decisions, tool calls, verdicts and the end, as they came. */
  events: ReplayEvent[];
  end?: ReplayEvent;
  /** How many of its events have happened: the same number is the same picture. */
  count: number;
}

/** The session as it stood after `count` events. */
export function seen(events: readonly ReplayEvent[], count: number): SeenExchange[] {
  const all = new Map<string, SeenExchange>();
  const pieces = new Map<string, string[]>();
  for (const event of events.slice(0, count)) {
    let one = all.get(event.exchange);
    if (!one) {
      one = { id: event.exchange, events: [], count: 0 };
      all.set(event.exchange, one);
    }
    one.count += 1;
    if (event.kind === 'arrival') {
      one.arrival = event;
      if (event.contentName === undefined || event.contentName === 'request') one.request = event.content ?? '';
    } else if (event.kind === 'delta') {
      const list = pieces.get(event.exchange) ?? [];
      list.push(event.content ?? '');
      pieces.set(event.exchange, list);
    } else if (event.kind === 'end' || event.kind === 'interrupted') {
      one.end = event;
      if (event.contentName === 'response' && event.content) one.response = event.content;
    } else one.events.push(event);
  }
  for (const [id, list] of pieces) {
    const one = all.get(id);
    if (one && one.response === undefined) one.response = list.join('');
  }
  return [...all.values()];
}

/** `0:04.2` */
export function clock(ms: number): string {
  const tenths = Math.floor(ms / 100);
  const minutes = Math.floor(tenths / 600);
  return `${minutes}:${String(Math.floor((tenths % 600) / 10)).padStart(2, '0')}.${tenths % 10}`;
}

/** Puts pieces of a long session together. */
export function joinPieces(into: ReplayData | undefined, piece: ReplayData): ReplayData {
  if (!into) return piece;
  return {
    session: into.session,
    durationMs: Math.max(into.durationMs, piece.durationMs),
    events: [...into.events, ...piece.events].sort((a, b) => a.timeMs - b.timeMs || a.sequence - b.sequence),
    exchanges: [...into.exchanges, ...piece.exchanges],
  };
}
