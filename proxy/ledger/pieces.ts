import { hash } from 'node:crypto';
import { commonLength } from './same-beginning.js';

/**
 * Finds what a session has stored before, so that a conversation that is sent again with every turn costs only its new text.
 * The last few contents are kept as lists of piece hashes: a common beginning becomes one reference, whatever its length;
 * other known pieces become a reference each. Bounded; what it forgets is stored once more, never lost.
 */
export interface PiecePlan {
  /** In order: bytes to store anew, or a reference to `count` pieces of record `sequence` from `first` on. */
  items: ({ start: number; end: number } | { sequence: number; first: number; count: number })[];
  /** To be called once the record is in the chain. */
  commit(): void;
}

/** The newest long request of a session: what the next one begins with needs no hashing. */
interface Last {
  bytes: Uint8Array;
  bounds: number[];
  hashes: string[];
}

interface Known {
  last?: Last;
  lists: { sequence: number; hashes: string[] }[];
  where: Map<string, { sequence: number; index: number }>;
}

/** A piece shorter than this is joined with the next: a reference would not be smaller. */
const SMALLEST = 192;
const RECENT_LISTS = 4;
const MOST_PIECES = 120_000;
/** Shorter contents are hashed faster than compared and kept; of longer ones, so many bytes are kept in all. */
const LONG = 8 << 10;
const MOST_KEPT = 8 << 20;

/** Cut points made from the caller's: ascending, inside, no piece under {@link SMALLEST} but the last. */
export function pieceBounds(length: number, cuts: readonly number[] | undefined): number[] {
  const bounds = [0];
  for (const cut of cuts ?? []) if (cut - bounds.at(-1)! >= SMALLEST && cut < length) bounds.push(cut);
  bounds.push(length);
  return bounds;
}

export class KnownPieces {
  private readonly sessions = new Map<string, Known>();
  private total = 0;
  private keptBytes = 0;

  plan(session: string, sequence: number, bytes: Uint8Array, cuts: readonly number[] | undefined): PiecePlan {
    const bounds = pieceBounds(bytes.length, cuts);
    const known = this.sessions.get(session);
    const hashes = known?.last ? sameBeginning(known.last, bytes, bounds) : [];
    for (let i = hashes.length; i + 1 < bounds.length; i++) hashes.push(hash('sha256', bytes.subarray(bounds[i], bounds[i + 1]), 'base64'));
    const items: PiecePlan['items'] = [];
    const fresh: number[] = [];
    let at = 0;
    const base = known && longestBeginning(known.lists, hashes);
    if (base && base.count > 0) {
      items.push({ sequence: base.sequence, first: 0, count: base.count });
      at = base.count;
    }
    for (; at < hashes.length; at++) {
      const found = known?.where.get(hashes[at]!);
      const last = items.at(-1);
      if (!found) {
        items.push({ start: bounds[at]!, end: bounds[at + 1]! });
        fresh.push(at);
      } else if (last && 'count' in last && last.sequence === found.sequence && last.first + last.count === found.index) last.count++;
      else items.push({ sequence: found.sequence, first: found.index, count: 1 });
    }
    return {
      items,
      commit: () => this.remember(session, sequence, hashes, fresh, cuts && bytes.length >= LONG ? { bytes, bounds, hashes } : undefined),
    };
  }

  private remember(session: string, sequence: number, hashes: string[], fresh: number[], last: Last | undefined): void {
    const known: Known = this.sessions.get(session) ?? { lists: [], where: new Map() };
    this.sessions.delete(session);
    this.sessions.set(session, known);
    for (const index of fresh) known.where.set(hashes[index]!, { sequence, index });
    known.lists.push({ sequence, hashes });
    if (last) {
      this.keptBytes += last.bytes.length - (known.last?.bytes.length ?? 0);
      known.last = last;
    }
    this.total += fresh.length + hashes.length;
    if (known.lists.length > RECENT_LISTS) this.total -= known.lists.shift()!.hashes.length;
    for (const [oldest, old] of this.sessions) {
      if (this.total <= MOST_PIECES) break;
      this.drop(oldest, old);
    }
    if (this.keptBytes > MOST_KEPT)
      for (const old of this.sessions.values()) {
        this.keptBytes -= old.last?.bytes.length ?? 0;
        delete old.last;
        if (this.keptBytes <= MOST_KEPT / 2) break;
      }
  }

  private drop(session: string, known: Known): void {
    this.sessions.delete(session);
    this.total -= weight(known);
    this.keptBytes -= known.last?.bytes.length ?? 0;
  }

  forget(session: string): void {
    const known = this.sessions.get(session);
    if (known) this.drop(session, known);
  }

  clear(): void {
    this.sessions.clear();
    this.total = 0;
    this.keptBytes = 0;
  }
}

const weight = (known: Known): number => known.where.size + known.lists.reduce((sum, list) => sum + list.hashes.length, 0);

/** The hashes of the pieces with which both begin. */
function sameBeginning(last: Last, bytes: Uint8Array, bounds: readonly number[]): string[] {
  const same = commonLength(last.bytes, bytes);
  let count = 0;
  while (count + 1 < bounds.length && bounds[count + 1] === last.bounds[count + 1] && bounds[count + 1]! <= same) count++;
  return last.hashes.slice(0, count);
}

function longestBeginning(lists: Known['lists'], hashes: string[]): { sequence: number; count: number } | undefined {
  let best: { sequence: number; count: number } | undefined;
  for (let i = lists.length - 1; i >= 0; i--) {
    const list = lists[i]!;
    let count = 0;
    while (count < hashes.length && count < list.hashes.length && list.hashes[count] === hashes[count]) count++;
    if (!best || count > best.count) best = { sequence: list.sequence, count };
  }
  return best;
}
