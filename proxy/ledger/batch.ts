import type { Clock, DurabilityClass, RecordInput } from '../contract/index.js';
import type { Chain } from './chain.js';
import { writeContent } from './content.js';
import type { LineBuffer } from './line-buffer.js';
import type { KnownPieces } from './pieces.js';
import type { Sealer } from './seal.js';
import type { SessionKeys } from './session-keys.js';

/** One call of `append`, waiting. */
export interface Entry {
  records: RecordInput[];
  durability: DurabilityClass;
  at: string;
  mono: number;
  /** Rough size in memory. */
  weight: number;
  done: (error: Error | undefined, position?: { sequence: number; hash: string }) => void;
  position?: { sequence: number; hash: string };
}

/** Kinds whose line bears a signature: they close, end or replace something, and must convince on their own. */
const SIGNED: ReadonlySet<string> = new Set(['key', 'forget', 'retention', 'export']);

/** Content of records without a session (settings, policy) is encrypted under this one. */
export const GATEWAY_SESSION = 'gateway';

let lastMs = 0;
let lastIso = '';
/** ISO 8601 of a clock's time; a burst shares one text. */
export function isoNow(clock: Clock): string {
  const ms = clock.now();
  if (ms !== lastMs) {
    lastMs = ms;
    lastIso = new Date(ms).toISOString();
  }
  return lastIso;
}

export function entryOf(records: RecordInput[], durability: DurabilityClass, clock: Clock, done: Entry['done']): Entry {
  let weight = 0;
  for (const record of records) weight += 512 + (record.content?.bytes.length ?? 0);
  return { records, durability, at: isoNow(clock), mono: Math.round(clock.monotonic() * 1000) / 1000, weight, done };
}

export interface LineTools {
  keys: SessionKeys;
  nonce: () => Buffer;
  known: KnownPieces;
  sealer: Sealer;
  segment: number;
  /** Where lines are built: used again for each batch. */
  out: LineBuffer;
}

/** Adds the entries' lines to the chain; `commits` are to be called once `bytes` are in the file. */
export function buildLines(entries: readonly Entry[], chain: Chain, tools: LineTools): { bytes: Buffer; commits: (() => void)[] } {
  const { out } = tools;
  out.clear();
  const commits: (() => void)[] = [];
  for (const entry of entries) {
    try {
      addLines(entry, chain, tools, commits);
    } catch (error) {
      throw new Unbuildable(entry, error as Error);
    }
    entry.position = { sequence: chain.sequence, hash: chain.hash };
  }
  return { bytes: out.copy(), commits };
}

/** One entry that cannot become lines: its session's key file does not open, its meta is no JSON. */
export class Unbuildable extends Error {
  constructor(
    readonly entry: Entry,
    cause: Error,
  ) {
    super(cause.message, { cause });
  }
}

function addLines(entry: Entry, chain: Chain, { keys, nonce, known, sealer, segment, out }: LineTools, commits: (() => void)[]): void {
  for (const { kind, session, exchange, meta, content } of entry.records) {
    if ((kind as string) === 'seal') {
      out.text(chain.addSeal(entry.at, entry.mono, segment, sealer));
      continue;
    }
    const parts = { at: entry.at, mono: entry.mono, kind, session, exchange, meta };
    if (SIGNED.has(kind)) {
      if (content) throw new Error(`a ${kind} record bears no content`);
      out.text(chain.addSigned(parts, sealer));
    } else if (content) {
      const under = session ?? GATEWAY_SESSION;
      chain.addTo(out, parts, () => {
        const commit = writeContent(out, content, under, chain.sequence + 1, keys.of(under), nonce, known);
        if (commit) commits.push(commit);
      });
    } else chain.addTo(out, parts);
  }
}
