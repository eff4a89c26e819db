import type { Earlier, RequestReading } from '../wire/types.js';

/**
 * The last long requests, so that a conversation that grows is not read from its beginning each time. Bounded in number and bytes; what
 * it forgets is read once more. A request is only ever compared with those of the same agent, connection and operation.
 */
export interface Growing {
  /** The request whose body has most in common with this one, from its beginning on. */
  find(who: string, body: Buffer): Earlier | undefined;
  /** Keeps a reading for the next request; it takes the place of the one that it grew from. */
  keep(who: string, body: Buffer, reading: RequestReading, from: Earlier | undefined): void;
}

/** Shorter bodies are read faster than they are looked for. */
const LONG = 8 << 10;
const MOST = 128;
const MOST_BYTES = 8 << 20;

export function createGrowing(): Growing {
  /** The least recently used come first. */
  const kept = new Map<RequestReading, { who: string; body: Buffer }>();
  let bytes = 0;
  const drop = (reading: RequestReading): void => {
    bytes -= kept.get(reading)?.body.length ?? 0;
    kept.delete(reading);
  };
  return {
    find(who, body) {
      if (body.length < LONG) return undefined;
      let best: Earlier | undefined;
      for (const [reading, other] of kept) {
        if (other.who !== who) continue;
        const same = commonLength(other.body, body);
        if (same >= LONG / 2 && same > (best?.same ?? 0)) best = { reading, same };
      }
      return best;
    },
    keep(who, body, reading, from) {
      if (body.length < LONG) return;
      if (from && from.same > (kept.get(from.reading)?.body.length ?? 0) / 2) drop(from.reading);
      kept.set(reading, { who, body });
      bytes += body.length;
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST && bytes <= MOST_BYTES) break;
        drop(oldest);
      }
    },
  };
}

const STEP = 4096;

/** How many bytes two bodies have in common at their beginning. */
function commonLength(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at + STEP <= length && Buffer.compare(a.subarray(at, at + STEP), b.subarray(at, at + STEP)) === 0) at += STEP;
  while (at < length && a[at] === b[at]) at++;
  return at;
}
