import type { RecordInput } from '../contract/index.js';
import { openBytes, type SessionKey, sealBytes } from './keys.js';
import type { LedgerLine } from './line.js';
import type { LineBuffer } from './line-buffer.js';
import type { KnownPieces } from './pieces.js';

/** Content under this size without cuts (streamed deltas) is never looked up: it would not repeat. */
const WORTH_LOOKING = 1024;

/** What a ciphertext is bound to: its place in the ledger. */
export const boundTo = (sequence: number, index: number): string => `${sequence}/${index}`;

/** Writes the JSON of a line's `content`. What it answers is to be called once the line is in the chain. */
export function writeContent(
  out: LineBuffer,
  content: NonNullable<RecordInput['content']>,
  session: string,
  sequence: number,
  key: SessionKey,
  nonce: () => Buffer,
  known: KnownPieces,
): (() => void) | undefined {
  const { bytes } = content;
  out.text(`{"name":"${content.name}","bytes":${bytes.length},"pieces":[`);
  let index = 0;
  const put = (piece: Uint8Array) => {
    out.text('"');
    out.base64(sealBytes(key.content, nonce(), piece, boundTo(sequence, index++)));
    out.text('"');
  };
  let plan: ReturnType<KnownPieces['plan']> | undefined;
  if (content.cuts || bytes.length >= WORTH_LOOKING) {
    plan = known.plan(session, sequence, bytes, content.cuts);
    plan.items.forEach((item, i) => {
      if (i > 0) out.text(',');
      if ('count' in item) {
        index += item.count;
        out.text(`[${item.sequence},${item.first},${item.count}]`);
      } else put(bytes.subarray(item.start, item.end));
    });
  } else if (bytes.length > 0) put(bytes);
  out.text(']}');
  return plan?.commit;
}

export interface Placed {
  sequence: number;
  index: number;
  sealed: string;
}

/**
 * Puts contents together again. `lineOf` gives the line of a sequence (of the same session).
 * Returns undefined where the key is gone, or a piece is missing or does not open.
 */
export async function decodeContent(
  line: LedgerLine,
  key: SessionKey,
  lineOf: (sequence: number) => Promise<LedgerLine | undefined> | LedgerLine | undefined,
  memo: Map<number, Placed[] | undefined> = new Map(),
): Promise<Buffer | undefined> {
  const placed = await expand(line, lineOf, memo);
  if (!placed) return undefined;
  const opened = placed.map((piece) => openBytes(key.content, Buffer.from(piece.sealed, 'base64'), boundTo(piece.sequence, piece.index)));
  if (opened.some((piece) => piece === undefined)) return undefined;
  const whole = Buffer.concat(opened as Buffer[]);
  return whole.length === line.content?.bytes ? whole : undefined;
}

/** The pieces of a content in order, references resolved. */
export async function expand(
  line: LedgerLine,
  lineOf: (sequence: number) => Promise<LedgerLine | undefined> | LedgerLine | undefined,
  memo: Map<number, Placed[] | undefined>,
): Promise<Placed[] | undefined> {
  const seen = memo.get(line.seq);
  if (seen) return seen;
  const placed: Placed[] = [];
  for (const piece of line.content?.pieces ?? []) {
    if (typeof piece === 'string') {
      placed.push({ sequence: line.seq, index: placed.length, sealed: piece });
      continue;
    }
    const [sequence, first, count] = piece;
    // Only backwards: a crafted ledger must not send us in circles.
    if (!(sequence < line.seq)) return undefined;
    let source = memo.get(sequence);
    if (!source) {
      const earlier = await lineOf(sequence);
      if (!earlier || earlier.session !== line.session) return undefined;
      source = await expand(earlier, lineOf, memo);
    }
    const part = source?.slice(first, first + count);
    if (part?.length !== count) return undefined;
    placed.push(...part);
  }
  memo.set(line.seq, placed);
  return placed;
}
