/**
 * The tagger: an averaged perceptron over hashed features, greedy from left to right. Source: Collins, "Discriminative training
 * methods for hidden Markov models", EMNLP 2002. How the weights were made: docs/models/names.md.
 */
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { allowed, FEATURES, featuresOf, LABELS, ROWS, STRIDE } from './features.js';
import { hashWord, newTokens, Shape, tokenize } from './tokens.js';

export interface NamesModel {
  /** ROWS × STRIDE. */
  weights: Int16Array;
  /** Sorted 32-bit hashes of known words, and their bits. */
  gazetteer: Int32Array;
  bits: Uint8Array;
}

/** One tagged span. */
export interface NameSpan {
  label: string;
  start: number;
  end: number;
  /** Least margin of its words over "no name", in weight units. */
  margin: number;
  words: number;
  /** Gazetteer bits of all its words together. */
  known: number;
  /** Each of its words is also a common one. */
  common: boolean;
}

const MAGIC = 0x314d4e53; // "SNM1"

/**
 * Reads the weights file: raw deflate (it unpacks in half the time of brotli) over `magic, rows used, gazetteer size`, the rows used as deltas with a mask of labels, their weights in
 * sixteenths as a plane of low and one of high bytes, the gazetteer as sorted hashes and bits. Throws where the file is not of this version.
 */
export function loadModel(file: URL = new URL('../data/names.bin', import.meta.url)): NamesModel {
  // One chunk holds all: pieces would be copied together.
  const raw = inflateRawSync(readFileSync(file), { chunkSize: 4 << 20 });
  if (raw.readUInt32LE(0) !== MAGIC || raw.readUInt32LE(4) !== ROWS)
    throw new Error('the names model is of another version: run scripts/train-names.ts');
  const used = raw.readUInt32LE(8);
  const known = raw.readUInt32LE(12);
  const count = raw.readUInt32LE(16);
  const weights = new Int16Array(ROWS * STRIDE);
  const deltas = new Uint16Array(raw.buffer, raw.byteOffset + 20, used);
  const masks = new Uint16Array(raw.buffer, raw.byteOffset + 20 + used * 2, used);
  let low = 20 + used * 4;
  let high = low + count;
  let row = 0;
  for (let k = 0; k < used; k++) {
    row += deltas[k]! * STRIDE;
    for (let mask = masks[k]!, at = row; mask !== 0; mask >>= 1, at++)
      if ((mask & 1) !== 0) weights[at] = raw[low++]! | (raw[high++]! << 8);
  }
  const at = high;
  const gazetteer = new Int32Array(raw.buffer.slice(raw.byteOffset + at, raw.byteOffset + at + known * 4));
  const bits = new Uint8Array(raw.subarray(at + known * 4, at + known * 5));
  return { weights, gazetteer, bits };
}

/** Bits of a word's hash; 0 = unknown. Open addressing, because every word of a text asks. */
export class Gazetteer {
  private readonly keys: Int32Array;
  private readonly values: Uint8Array;
  private readonly mask: number;

  constructor(hashes: Int32Array, bits: Uint8Array) {
    let size = 1024;
    while (size < hashes.length * 2) size *= 2;
    this.mask = size - 1;
    this.keys = new Int32Array(size);
    this.values = new Uint8Array(size);
    for (let i = 0; i < hashes.length; i++) {
      let at = (hashes[i]! ^ (hashes[i]! >>> 15)) & this.mask;
      while (this.values[at] !== 0) at = (at + 1) & this.mask;
      this.keys[at] = hashes[i]!;
      this.values[at] = bits[i]!;
    }
  }

  get(hash: number): number {
    let at = (hash ^ (hash >>> 15)) & this.mask;
    while (this.values[at] !== 0) {
      if (this.keys[at] === hash) return this.values[at]!;
      at = (at + 1) & this.mask;
    }
    return 0;
  }
}

const CHUNK = 512;
const tokens = newTokens(CHUNK);
const gaz = new Uint8Array(CHUNK);
const live = new Uint8Array(CHUNK);
const labels = new Uint8Array(CHUNK);
const margins = new Int32Array(CHUNK);
const rows = new Int32Array(FEATURES);

export class NamesTagger {
  private readonly weights: Int16Array;
  private readonly known: Gazetteer;

  constructor(model: NamesModel) {
    this.weights = model.weights;
    this.known = new Gazetteer(model.gazetteer, model.bits);
  }

  /** What the gazetteer knows of a word. */
  bits(word: string): number {
    return this.known.get(hashWord(word));
  }

  /** Spans in `text[from, to)`, by start. */
  tag(text: string, from: number, to: number, spans: NameSpan[]): void {
    let at = from;
    while (at < to) {
      const next = tokenize(text, at, to, tokens);
      if (tokens.count === 0) return;
      this.label();
      this.collect(spans);
      at = next;
    }
  }

  private label(): void {
    const n = tokens.count;
    let upper = 0;
    for (let i = 0; i < n; i++) {
      gaz[i] = this.known.get(tokens.word[i]!);
      const sh = tokens.shape[i]!;
      if (sh === Shape.Title || sh === Shape.Upper || sh === Shape.Initial || sh === Shape.Mixed) upper = 1;
      live[i] = 0;
    }
    const caseless = upper === 0 ? 1 : 0;
    // Only words close to something that can be a name are worth scoring.
    for (let i = 0; i < n; i++) {
      const sh = tokens.shape[i]!;
      const hot =
        sh === Shape.Title ||
        sh === Shape.Upper ||
        sh === Shape.Mixed ||
        sh === Shape.Initial ||
        sh === Shape.Caseless ||
        (gaz[i]! & 127) !== 0;
      if (!hot) continue;
      const a = Math.max(0, i - 2);
      const b = Math.min(n - 1, i + 2);
      for (let k = a; k <= b; k++) live[k] = 1;
    }
    const W = this.weights;
    let t1 = 0;
    let t2 = 0;
    for (let i = 0; i < n; i++) {
      if (live[i] === 0 && t1 === 0) {
        labels[i] = 0;
        t2 = 0;
        continue;
      }
      featuresOf(tokens, gaz, i, t1, t2, caseless, rows);
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0, s8 = 0, s9 = 0, s10 = 0, s11 = 0, s12 = 0; // biome-ignore format: unrolled
      for (let f = 0; f < FEATURES; f++) {
        const p = rows[f]!;
        s0 += W[p]!;
        s1 += W[p + 1]!;
        s2 += W[p + 2]!;
        s3 += W[p + 3]!;
        s4 += W[p + 4]!;
        s5 += W[p + 5]!;
        s6 += W[p + 6]!;
        s7 += W[p + 7]!;
        s8 += W[p + 8]!;
        s9 += W[p + 9]!;
        s10 += W[p + 10]!;
        s11 += W[p + 11]!;
        s12 += W[p + 12]!;
      }
      let best = 0;
      let top = s0;
      if (s1 > top) { best = 1; top = s1; } // biome-ignore format: unrolled
      if (s3 > top) { best = 3; top = s3; } // biome-ignore format: unrolled
      if (s5 > top) { best = 5; top = s5; } // biome-ignore format: unrolled
      if (s7 > top) { best = 7; top = s7; } // biome-ignore format: unrolled
      if (s9 > top) { best = 9; top = s9; } // biome-ignore format: unrolled
      if (s11 > top) { best = 11; top = s11; } // biome-ignore format: unrolled
      if (t1 > 0) {
        const inside = t1 + (t1 & 1);
        const s = inside === 2 ? s2 : inside === 4 ? s4 : inside === 6 ? s6 : inside === 8 ? s8 : inside === 10 ? s10 : s12;
        if (s > top) {
          best = inside;
          top = s;
        }
      }
      labels[i] = best;
      margins[i] = top - s0;
      t2 = t1;
      t1 = best;
    }
  }

  private collect(spans: NameSpan[]): void {
    const n = tokens.count;
    for (let i = 0; i < n; i++) {
      const b = labels[i]!;
      if (b === 0) continue;
      let k = i;
      let margin = margins[i]!;
      let words = 0;
      let known = 0;
      let common = true;
      const inside = b + (b & 1);
      while (true) {
        const sh = tokens.shape[k]!;
        if (sh < Shape.Digits1) words++;
        known |= gaz[k]!;
        if (sh < Shape.Digits1 && (gaz[k]! & 128) === 0) common = false;
        if (k > i) margin = Math.max(margin, margins[k]!);
        if (k + 1 < n && labels[k + 1] === inside) k++;
        else break;
      }
      spans.push({ label: LABELS[b]!.slice(2), start: tokens.start[i]!, end: tokens.end[k]!, margin, words, known, common });
      i = k;
    }
  }
}

export { allowed };
