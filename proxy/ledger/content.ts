import type { RecordInput } from '../contract/index.js';
import { openBytes, type SessionKey, sealBytes } from './keys.js';
import type { LedgerLine } from './line.js';
import type { KnownPieces } from './pieces.js';

/** Content under this size without cuts (streamed deltas) is never looked up: it would not repeat. */
const WORTH_LOOKING = 1024;

/** What a ciphertext is bound to: its place in the ledger. */
export const boundTo = (sequence: number, index: number): string => `${sequence}/${index}`;

/** JSON text of a line's `content`; `commit` is to be called once the line is in the chain. */
export function encodeContent(
  content: NonNullable<RecordInput['content']>,
  session: string,
  sequence: number,
  key: SessionKey,
  nonce: () => Buffer,
  known: KnownPieces,
): { json: string; commit?: () => void } {
  const { bytes } = content;
  const head = `{"name":"${content.name}","bytes":${bytes.length},"pieces":[`;
  if (!content.cuts && bytes.length < WORTH_LOOKING) {
    if (bytes.length === 0) return { json: `${head}]}` };
    return { json: `${head}"${sealBytes(key.content, nonce(), bytes, boundTo(sequence, 0)).toString('base64')}"]}` };
  }
  const plan = known.plan(session, sequence, bytes, content.cuts);
  let index = 0;
  const pieces = plan.items.map((item) => {
    if ('count' in item) {
      index += item.count;
      return `[${item.sequence},${item.first},${item.count}]`;
    }
    const sealed = sealBytes(key.content, nonce(), bytes.subarray(item.start, item.end), boundTo(sequence, index++));
    return `"${sealed.toString('base64')}"`;
  });
  return { json: `${head}${pieces.join(',')}]}`, commit: plan.commit };
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
