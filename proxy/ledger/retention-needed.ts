import { type LedgerLine, parseLine } from './line.js';
import { scanSegment } from './scan.js';
import type { LedgerReader } from './types.js';

/** A segment that may go, with what its own records refer to outside of it. */
export interface Going {
  segment: number;
  firstSequence: number;
  lastSequence: number;
  sessions: ReadonlySet<string>;
  refs: ReadonlySet<number>;
}

/** Sequences of the records that a record's content refers to. */
export function refsOf(line: LedgerLine): number[] {
  return (line.content?.pieces ?? []).flatMap((piece) => (typeof piece === 'string' ? [] : [piece[0]]));
}

/**
 * Which of these segments hold pieces that a record in a segment that stays refers to, and of which session that is: content is
 * stored once a session, so a session that goes on is read with the help of its oldest records.
 */
export async function neededBy(
  directory: string,
  going: readonly Going[],
  staying: readonly number[],
  reader: LedgerReader,
): Promise<Map<number, string>> {
  const needed = new Map<number, string>();
  const first = going[0]?.segment;
  if (first === undefined) return needed;
  const crossing = await crossingSessions(going, reader);
  if (crossing.size === 0) return needed;
  // What the segments that stay refer to before them; and of which session.
  const refs = new Map<number, string>();
  for (const segment of staying) {
    if (segment < first) continue;
    for await (const raw of scanSegment(directory, segment)) {
      const line = parseLine(raw.bytes.toString('utf8'));
      if (line?.session === undefined || !crossing.has(line.session)) continue;
      for (const sequence of refsOf(line)) if (sequence < line.seq) refs.set(sequence, line.session);
    }
  }
  // A segment that has to stay needs others in its turn.
  for (let changed = true; changed; ) {
    changed = false;
    for (const segment of going) {
      if (needed.has(segment.segment)) continue;
      const hit = [...refs].find(([sequence]) => sequence >= segment.firstSequence && sequence <= segment.lastSequence);
      if (!hit) continue;
      needed.set(segment.segment, hit[1]);
      for (const sequence of segment.refs) refs.set(sequence, refs.get(sequence) ?? hit[1]);
      changed = true;
    }
  }
  return needed;
}

/** Sessions that have records in these segments and in others. When the index is behind, all of them may. */
async function crossingSessions(going: readonly Going[], reader: LedgerReader): Promise<Set<string>> {
  const numbers = new Set(going.map(({ segment }) => segment));
  const crossing = new Set<string>();
  const sessions = new Set(going.flatMap((segment) => [...segment.sessions]));
  for (const session of sessions) {
    const range = await reader.segments?.(session);
    let inside = range !== undefined;
    for (let n = range?.[0] ?? 0; inside && n <= (range?.[1] ?? -1); n++) inside = numbers.has(n);
    if (!inside) crossing.add(session);
  }
  return (await reader.progress?.())?.done === false ? sessions : crossing;
}
