import { hash } from 'node:crypto';
import { commonLength } from '../ledger/index.js';
import type { Earlier, RequestReading } from '../wire/types.js';

/**
 * The last long requests, so that a conversation that grows is not read from its beginning each time. Bounded in number and bytes; what
 * it forgets is read once more. A request is only ever compared with those of the same agent, connection and operation.
 */
export interface Growing {
  /**
   * Reads a body with `readFrom`, which is given the request whose body has most in common with this one, from its beginning on. The
   * reading is kept for the next request, in the place of the one that it grew from. @throws what `readFrom` throws; then nothing is kept
   */
  read(who: string, body: Buffer, readFrom: (earlier: Earlier | undefined) => RequestReading): RequestReading;
}

/** Shorter bodies are read faster than they are looked for. */
const LONG = 8 << 10;
/** Bodies are looked up by the hash of so many bytes of their beginning. */
const HEAD = 4 << 10;
/** Of bodies that begin alike (agents share long system prompts), so many are compared. */
const MOST_ALIKE = 8;
const MOST = 128;
const MOST_BYTES = 8 << 20;

interface Kept {
  head: string;
  body: Buffer;
  reading: RequestReading;
}

export function createGrowing(): Growing {
  /** By agent and beginning; the newest last. */
  const byHead = new Map<string, Kept[]>();
  /** The least recently kept come first. */
  const all = new Map<RequestReading, Kept>();
  let bytes = 0;
  const drop = ({ head, body, reading }: Kept): void => {
    all.delete(reading);
    bytes -= body.length;
    const left = byHead.get(head)?.filter((other) => other.reading !== reading) ?? [];
    if (left.length > 0) byHead.set(head, left);
    else byHead.delete(head);
  };
  const find = (head: string, body: Buffer): Earlier | undefined => {
    let best: Earlier | undefined;
    const alike = byHead.get(head) ?? [];
    for (let i = alike.length - 1; i >= 0 && i >= alike.length - MOST_ALIKE; i--) {
      const { body: other, reading } = alike[i] as Kept;
      const same = commonLength(other, body);
      if (same > (best?.same ?? 0)) best = { reading, same };
    }
    return best;
  };
  const keep = (kept: Kept, from: Earlier | undefined): void => {
    const before = from && all.get(from.reading);
    if (before && from.same > before.body.length / 2) drop(before);
    byHead.set(kept.head, [...(byHead.get(kept.head) ?? []), kept]);
    all.set(kept.reading, kept);
    bytes += kept.body.length;
    for (const oldest of all.values()) {
      if (all.size <= MOST && bytes <= MOST_BYTES) break;
      drop(oldest);
    }
  };
  return {
    read(who, body, readFrom) {
      if (body.length < LONG) return readFrom(undefined);
      const head = `${who}\n${hash('sha256', body.subarray(0, HEAD), 'binary')}`;
      const earlier = find(head, body);
      const reading = readFrom(earlier);
      keep({ head, body, reading }, earlier);
      return reading;
    },
  };
}
