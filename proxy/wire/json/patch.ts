import type { Edit } from '../types.js';

/** Replaces bytes `start` … `end` by `clear` in what the agent gets and by `masked` in what the ledger keeps. Both are raw JSON. */
export interface Splice {
  start: number;
  end: number;
  clear: string;
  masked: string;
}

/** The JSON spelling of a string, quotes included. Lone surrogates become escapes. */
export const quote = (text: string): string => JSON.stringify(text);

function join(bytes: Buffer, splices: readonly Splice[], which: 'clear' | 'masked'): Buffer {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const splice of splices) {
    if (splice.start > at) pieces.push(bytes.subarray(at, splice.start));
    if (splice[which].length) pieces.push(Buffer.from(splice[which], 'utf8'));
    at = splice.end;
  }
  if (at < bytes.length) pieces.push(bytes.subarray(at));
  return Buffer.concat(pieces);
}

/** Applies splices to both forms. With none, both are `bytes` itself. Splices must not overlap. */
export function splice(bytes: Buffer, splices: Splice[]): { clear: Buffer; masked: Buffer } {
  if (splices.length === 0) return { clear: bytes, masked: bytes };
  splices.sort((a, b) => a.start - b.start || a.end - b.end);
  let same = true;
  for (let i = 0; i < splices.length; i++) {
    const s = splices[i]!;
    if (i > 0 && s.start < splices[i - 1]!.end) throw new RangeError('two splices overlap');
    if (s.clear !== s.masked) same = false;
  }
  const clear = join(bytes, splices, 'clear');
  return { clear, masked: same ? clear : join(bytes, splices, 'masked') };
}

/**
 * Puts new texts into a body, each in place of the JSON string at its span; every other byte stays as it was.
 * A text that equals the present one changes nothing, not even the spelling of its escapes.
 * @throws RangeError when a span is no JSON string or two spans overlap
 */
export function patch(body: Buffer, edits: readonly Edit[]): Buffer {
  if (edits.length === 0) return body;
  const splices: Splice[] = [];
  for (const { span, text } of edits) {
    if (body[span.start] !== 34 || body[span.end - 1] !== 34 || span.end - span.start < 2)
      throw new RangeError('the span of an edit is not a JSON string');
    if ((JSON.parse(body.toString('utf8', span.start, span.end)) as string) === text) continue;
    const raw = quote(text);
    splices.push({ ...span, clear: raw, masked: raw });
  }
  return splice(body, splices).clear;
}
