/**
 * Words for the tagger. One pass by character code; no regular expression, because this runs over every word of every request.
 */

/** What a token looks like. */
export enum Shape {
  Lower = 1,
  Title = 2,
  Upper = 3,
  Initial = 4,
  Mixed = 5,
  Caseless = 6,
  Digits1 = 7,
  Digits2 = 8,
  Digits3 = 9,
  Digits4 = 10,
  Digits5 = 11,
  DigitsMore = 12,
  Newline = 13,
  Punct = 14,
  Possessive = 15,
}

export interface Tokens {
  count: number;
  start: Int32Array;
  end: Int32Array;
  shape: Uint8Array;
  /** Hash of the lower-case word. */
  word: Int32Array;
  prefix: Int32Array;
  suffix: Int32Array;
  suffix2: Int32Array;
}

export function newTokens(size: number): Tokens {
  return {
    count: 0,
    start: new Int32Array(size),
    end: new Int32Array(size),
    shape: new Uint8Array(size),
    word: new Int32Array(size),
    prefix: new Int32Array(size),
    suffix: new Int32Array(size),
    suffix2: new Int32Array(size),
  };
}

// Kinds of UTF-16 units: 0 space, 1 lower, 2 upper, 3 caseless letter, 4 digit, 5 punctuation, 6 newline, 7 joins (marks).
const KIND = new Uint8Array(65536).fill(3);
const LOWER = new Uint16Array(65536);
(() => {
  for (let c = 0; c < 65536; c++) LOWER[c] = c;
  KIND.fill(0, 0, 0xc0);
  for (let c = 33; c < 127; c++) {
    KIND[c] = c >= 97 && c <= 122 ? 1 : c >= 65 && c <= 90 ? 2 : c >= 48 && c <= 57 ? 4 : 5;
    if (KIND[c] === 2) LOWER[c] = c + 32;
  }
  KIND[10] = KIND[13] = 6;
  KIND[127] = 5;
  KIND.fill(5, 0xa1, 0xc0);
  KIND[0xaa] = KIND[0xb5] = KIND[0xba] = 3;
  KIND.fill(7, 0x300, 0x370);
  // Case exists in Latin, Greek, Cyrillic, Armenian, Georgian and a few presentation blocks only.
  for (const [from, to] of [
    [0xc0, 0x300],
    [0x370, 0x590],
    [0x10a0, 0x1100],
    [0x1e00, 0x2000],
    [0xff21, 0xff5b],
  ] as const) {
    for (let c = from; c < to; c++) {
      const s = String.fromCharCode(c);
      const low = s.toLowerCase();
      if (low !== s) {
        KIND[c] = 2;
        if (low.length === 1) LOWER[c] = low.charCodeAt(0);
      } else if (s.toUpperCase() !== s) KIND[c] = 1;
    }
  }
  KIND[0xd7] = KIND[0xf7] = 5;
  KIND.fill(5, 0x2010, 0x2c00);
  KIND.fill(0, 0x2000, 0x2010);
  KIND[0x2028] = KIND[0x202f] = KIND[0xfeff] = KIND[0x3000] = 0;
  KIND.fill(5, 0x3001, 0x3040);
  KIND.fill(5, 0xd800, 0xf900);
  KIND.fill(5, 0xff00, 0xff21);
})();

export function hashWord(word: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) h = Math.imul(h ^ LOWER[word.charCodeAt(i)]!, 0x01000193);
  return h;
}

/** Reads words of `text[from, to)` until `into` is full; returns where it stopped. A `\n` stands for a run of line ends. */
export function tokenize(text: string, from: number, to: number, into: Tokens): number {
  const size = into.start.length;
  let n = 0;
  let i = from;
  while (i < to && n < size) {
    const c = text.charCodeAt(i);
    const kind = KIND[c]!;
    if (kind === 0 || kind === 7) {
      i++;
      continue;
    }
    const start = i;
    let shape: number;
    let h = 0x811c9dc5;
    if (kind === 6) {
      let lines = 0;
      while (i < to) {
        const k = KIND[text.charCodeAt(i)]!;
        if (k !== 6 && k !== 0) break;
        if (text.charCodeAt(i) === 10) lines++;
        i++;
      }
      h = lines > 1 ? 0x5bd1e995 : 0x1b873593;
      set(into, n++, start, i, Shape.Newline, h, h, h, h);
      continue;
    }
    if (kind === 4) {
      while (i < to && KIND[text.charCodeAt(i)] === 4) i++;
      const length = i - start;
      shape = length >= 6 ? Shape.DigitsMore : Shape.Digits1 + length - 1;
      // Years and house numbers: the first digit and the length say enough.
      h = Math.imul(0x2545f491 ^ (length * 16 + (c - 48)), 0x01000193);
      set(into, n++, start, i, shape, h, h, h, h);
      continue;
    }
    if (kind === 5) {
      i++;
      h = Math.imul(h ^ c, 0x01000193);
      if (
        (c === 39 || c === 0x2019) &&
        i < to &&
        (text.charCodeAt(i) | 32) === 115 &&
        !(KIND[text.charCodeAt(i + 1)]! >= 1 && KIND[text.charCodeAt(i + 1)]! <= 4)
      ) {
        i++;
        shape = Shape.Possessive;
      } else shape = Shape.Punct;
      set(into, n++, start, i, shape, h, h, h, h);
      continue;
    }
    let upper = 0;
    let lower = 0;
    let caseless = 0;
    const first = kind;
    while (i < to) {
      const u = text.charCodeAt(i);
      const k = KIND[u]!;
      if (k === 1) lower++;
      else if (k === 2) upper++;
      else if (k === 3) caseless++;
      else if ((u === 39 || u === 0x2019) && i > start && i + 2 < to) {
        // O'Brien, d'Angelo; but not the possessive.
        const a = KIND[text.charCodeAt(i + 1)]!;
        const b = KIND[text.charCodeAt(i + 2)]!;
        if (!(a >= 1 && a <= 3 && b >= 1 && b <= 3)) break;
      } else if (k !== 7) break;
      h = Math.imul(h ^ LOWER[u]!, 0x01000193);
      i++;
    }
    const length = i - start;
    shape =
      caseless > 0 && upper === 0
        ? Shape.Caseless
        : upper === 0
          ? Shape.Lower
          : first === 2 && upper === 1
            ? length === 1
              ? Shape.Initial
              : Shape.Title
            : lower === 0
              ? Shape.Upper
              : Shape.Mixed;
    let p = 0x9e3779b1;
    for (let k = start; k < i && k < start + 3; k++) p = Math.imul(p ^ LOWER[text.charCodeAt(k)]!, 0x01000193);
    let s = 0x85ebca6b;
    for (let k = Math.max(start, i - 3); k < i; k++) s = Math.imul(s ^ LOWER[text.charCodeAt(k)]!, 0x01000193);
    let s2 = 0x27d4eb2f;
    for (let k = Math.max(start, i - 5); k < i; k++) s2 = Math.imul(s2 ^ LOWER[text.charCodeAt(k)]!, 0x01000193);
    set(into, n++, start, i, shape, h, p, s, s2);
  }
  into.count = n;
  return i;
}

function set(
  t: Tokens,
  n: number,
  start: number,
  end: number,
  shape: number,
  word: number,
  prefix: number,
  suffix: number,
  suffix2: number,
): void {
  t.start[n] = start;
  t.end[n] = end;
  t.shape[n] = shape;
  t.word[n] = word;
  t.prefix[n] = prefix;
  t.suffix[n] = suffix;
  t.suffix2[n] = suffix2;
}
