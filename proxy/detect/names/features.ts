/** Features of one word, as rows of the weight table. Training and tagging share this file; changing it needs a new training. */
import { Shape, type Tokens } from './tokens.js';

export const LABELS = [
  'O',
  'B-PERSON',
  'I-PERSON',
  'B-LOCATION',
  'I-LOCATION',
  'B-ORGANIZATION',
  'I-ORGANIZATION',
  'B-STREET_ADDRESS',
  'I-STREET_ADDRESS',
  'B-TITLE',
  'I-TITLE',
  'B-NRP',
  'I-NRP',
] as const;
export const STRIDE = 16;
/** Rows of the weight table; a power of two. */
export const ROWS = 1 << 18;
export const FEATURES = 27;

/** Bits of the gazetteer. */
export const GIVEN = 1;
export const SURNAME = 2;
export const CITY = 4;
export const COUNTRY = 8;
export const DEMONYM = 16;
export const COMPANY = 32;
export const STREET = 64;
export const COMMON = 128;

const row = (h: number, salt: number): number => {
  let x = Math.imul(h ^ salt, 0x85ebca6b);
  x ^= x >>> 15;
  x = Math.imul(x, 0xc2b2ae35);
  return ((x ^ (x >>> 13)) & (ROWS - 1)) * STRIDE;
};

/**
 * Writes the offsets of the word's rows into `out`. `gaz` holds the gazetteer bits of each word, `caseless` whether the line has no
 * upper case at all, `t1` and `t2` the labels of the two words before.
 */
export function featuresOf(t: Tokens, gaz: Uint8Array, i: number, t1: number, t2: number, caseless: number, out: Int32Array): void {
  const n = t.count;
  const none = 0x3c6ef372;
  const w = t.word[i]!;
  const sh = t.shape[i]!;
  const g = gaz[i]!;
  const i1 = i > 0;
  const n1 = i + 1 < n;
  const wa = i1 ? t.word[i - 1]! : none;
  const wb = n1 ? t.word[i + 1]! : none;
  const waa = i > 1 ? t.word[i - 2]! : none;
  const wbb = i + 2 < n ? t.word[i + 2]! : none;
  const sa = i1 ? t.shape[i - 1]! : 0;
  const sb = n1 ? t.shape[i + 1]! : 0;
  const ga = i1 ? gaz[i - 1]! : 0;
  const gb = n1 ? gaz[i + 1]! : 0;
  const begins = sa === 0 || sa === Shape.Newline ? 1 : 0;
  const own = (sh << 8) | g | (caseless << 13);
  out[0] = row(1, 0x1001);
  out[1] = row(w, 0x1002);
  out[2] = row(own, 0x1003);
  out[3] = row(t.prefix[i]! ^ sh, 0x1004);
  out[4] = row(t.suffix[i]! ^ (sh << 20), 0x1005);
  out[5] = row(t.suffix2[i]!, 0x1006);
  out[6] = row(wa, 0x1007);
  out[7] = row(wb, 0x1008);
  out[8] = row(waa, 0x1009);
  out[9] = row(wbb, 0x100a);
  out[10] = row((sa << 8) | (sh << 4) | (caseless << 16), 0x100b);
  out[11] = row((sb << 8) | (sh << 4) | (caseless << 16), 0x100c);
  out[12] = row((ga << 16) | (g << 8) | gb, 0x100d ^ (sh << 24));
  out[13] = row(wa ^ own, 0x100e);
  out[14] = row(wb ^ own, 0x100f);
  out[15] = row(t1, 0x1010 ^ own);
  out[16] = row((t2 << 8) | t1, 0x1011);
  out[17] = row(w ^ (t1 << 24), 0x1012);
  out[18] = row((begins << 20) | own, 0x1013);
  out[19] = row(waa ^ Math.imul(wa, 31) ^ sh, 0x1014);
  out[20] = row(wb ^ Math.imul(w, 31), 0x1015);
  out[21] = row(wa ^ Math.imul(w, 31), 0x1016);
  out[22] = row((sa << 16) | (sb << 8) | sh | (t1 << 24), 0x1017);
  out[23] = row(wb ^ Math.imul(wbb, 31) ^ sh, 0x1018);
  out[24] = row(wa ^ (t1 << 24) ^ sh, 0x1019);
  out[25] = row(wb ^ (t1 << 24) ^ sh, 0x101a);
  out[26] = row(wa ^ Math.imul(wb, 31) ^ (sh << 20), 0x101b);
}

/** May label `to` follow `from`? Inside needs its own begin or inside before it. */
export function allowed(from: number, to: number): boolean {
  return to === 0 || to % 2 === 1 || from === to || from === to - 1;
}
