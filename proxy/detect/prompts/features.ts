import { classOf } from './classes.js';

/**
 * Features of the linear model: hashed words, pairs and triples of words, and runs of four characters within words, over folded text.
 * Ideographs, kana, Thai and Hangul syllables count as words of their own. Values are `1 + ln(count)`, scaled to length one.
 * Beside them stand concepts: which classes of words (`classes.ts`) meet in one sentence, and in the text.
 * Used for training and for scoring, so both see the same numbers.
 */
export const BITS = 18;
const SIZE = 1 << BITS;
const MASK = SIZE - 1;
/** Numbers of concepts: for two classes in one sentence, and for two classes in one text. */
const SPAN = 32;
export const CONCEPTS = 2 * SPAN * SPAN;
/** Most characters that one score looks at: the head and the tail of longer text. */
export const HEAD = 2000;
export const TAIL = 1000;

export interface Features {
  /** Buckets and their values; only the first `count` are valid. Shared between calls: copy what must live. */
  keys: Int32Array;
  values: Float32Array;
  count: number;
  /** Which classes of words meet, as numbers below {@link CONCEPTS}; only the first `met` are valid. */
  concepts: Int32Array;
  met: number;
}

/** Bytes, so that they stay in the cache; more than 255 of one feature say no more than 255. */
const counts = new Uint8Array(SIZE);
const features: Features = {
  keys: new Int32Array(32768),
  values: new Float32Array(32768),
  count: 0,
  concepts: new Int32Array(CONCEPTS),
  met: 0,
};

/** Classes of the sentence and of the text so far, one bit each; pairs of sentences that were met. */
let sentence = 0;
let whole = 0;
const paired = new Uint8Array(SPAN * SPAN);

function meet(mask: number, base: number): void {
  for (let a = mask; a !== 0; a &= a - 1) {
    const x = 31 - Math.clz32(a & -a);
    for (let b = a; b !== 0; b &= b - 1) {
      const pair = x * SPAN + 31 - Math.clz32(b & -b);
      if (base === 0) {
        if (paired[pair] === 1) continue;
        paired[pair] = 1;
      }
      features.concepts[features.met++] = base + pair;
    }
  }
}

function endSentence(): void {
  if (sentence === 0) return;
  whole |= sentence;
  meet(sentence, 0);
  sentence = 0;
}

const WORD = 1;
const ALONE = 2;
const MARK = 3;
const kinds = new Uint8Array(65536);
{
  // Runs of letters of all units at once: this is done at start. Surrogates stand as marks.
  const units = Uint16Array.from({ length: 65536 }, (_, c) => (c < 33 || (c >= 0xd800 && c < 0xe000) ? 33 : c));
  kinds.fill(MARK, 33);
  for (const m of Buffer.from(units.buffer)
    .toString('utf16le')
    .matchAll(/[\p{L}\p{N}\p{M}']+/gu))
    kinds.fill(WORD, m.index, m.index + m[0].length);
  kinds.fill(0, 0x2001, 0x200b);
  for (const [from, to] of [[0xe00, 0xe80], [0x3040, 0x3100], [0x3400, 0xa000], [0xac00, 0xd7b0]] as const) kinds.fill(ALONE, from, to); // biome-ignore format: blocks
}

const mix = (h: number) => {
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  h = Math.imul(h, 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
};

function add(h: number): void {
  const k = mix(h) & MASK;
  const n = counts[k]!;
  if (n === 0) {
    if (features.count === features.keys.length) return;
    features.keys[features.count++] = k;
  }
  if (n < 255) counts[k] = n + 1;
}

function run(text: string, from: number, to: number): void {
  let one = 0;
  let two = 0;
  let i = from;
  while (i < to) {
    const c = text.charCodeAt(i);
    const kind = kinds[c]!;
    if (kind === 0) {
      i++;
      continue;
    }
    let h = 0x811c9dc5 ^ c;
    const start = i;
    i++;
    if (kind === WORD) {
      while (i < to && i - start < 40 && kinds[text.charCodeAt(i)] === WORD) h = Math.imul(h ^ text.charCodeAt(i++), 0x01000193);
      if (i - start > 3) {
        // Runs of four within `#word#`.
        let a = 35;
        let b = text.charCodeAt(start);
        let d = text.charCodeAt(start + 1);
        for (let k = start + 2; k <= i; k++) {
          const e = k < i ? text.charCodeAt(k) : 35;
          add(Math.imul(Math.imul(Math.imul(a * 31 + b, 0x01000193) ^ d, 0x01000193) ^ e, 0x85ebca6b) ^ 0x5bd1e995);
          a = b;
          b = d;
          d = e;
        }
      }
    }
    h = Math.imul(h, 0x9e3779b1) ^ (i - start);
    add(h);
    if (kind === WORD) {
      const k = classOf(h);
      if (k !== 0) sentence |= 1 << (k - 1);
    } else if ((c === 46 || c === 33 || c === 63 || c === 59) && (i >= to || text.charCodeAt(i) <= 34)) endSentence();
    if (one !== 0) {
      add(Math.imul(one, 0x85ebca6b) ^ h ^ 0x1234567);
      if (two !== 0) add(Math.imul(Math.imul(two, 0xc2b2ae35) ^ one, 0x85ebca6b) ^ h ^ 0x7654321);
    }
    two = one;
    one = h;
  }
}

function count(text: string, from: number, to: number): void {
  features.count = 0;
  features.met = 0;
  sentence = 0;
  whole = 0;
  if (to - from <= HEAD + TAIL) run(text, from, to);
  else {
    run(text, from, from + HEAD);
    endSentence();
    run(text, to - TAIL, to);
  }
  endSentence();
  meet(whole, SPAN * SPAN);
  for (let i = 0; i < features.met; i++) if (features.concepts[i]! < SPAN * SPAN) paired[features.concepts[i]!] = 0;
}

/** `1 + ln(n)`; nearly all counts are small. */
const DAMPED = Float64Array.from({ length: 256 }, (_, n) => (n === 0 ? 0 : 1 + Math.log(n)));

/** Features of folded text between two places. */
export function featuresOf(text: string, from = 0, to = text.length): Features {
  count(text, from, to);
  let sum = 0;
  for (let i = 0; i < features.count; i++) {
    const k = features.keys[i]!;
    const v = DAMPED[counts[k]!]!;
    counts[k] = 0;
    features.values[i] = v;
    sum += v * v;
  }
  const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
  for (let i = 0; i < features.count; i++) features.values[i]! *= scale;
  return features;
}

/** Sum over the features of their values times `weights` (times `scale`), and of the concepts' weights: what {@link featuresOf} gives, in one pass. */
export function weighted(weights: Int8Array, scale: number, concepts: Float32Array, text: string, from: number, to: number): number {
  count(text, from, to);
  const { keys } = features;
  let c = 0;
  for (let i = 0; i < features.met; i++) c += concepts[features.concepts[i]!]!;
  let sum = 0;
  let z = 0;
  for (let i = 0; i < features.count; i++) {
    const k = keys[i]!;
    const v = DAMPED[counts[k]!]!;
    counts[k] = 0;
    sum += v * v;
    z += weights[k]! * v;
  }
  return c + (sum > 0 ? (z * scale) / Math.sqrt(sum) : 0);
}

/** Of how many classes did the text that was looked at last hold words? One class meets itself twice: in a sentence, and in the text. */
export const classesMet = (): 'none' | 'one' | 'many' => (features.met === 0 ? 'none' : features.met <= 2 ? 'one' : 'many');
