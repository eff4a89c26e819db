/** The linear model: int8 weights over hashed features, made by `scripts/train-prompts.ts`; see docs/models/prompts.md. */
import { readFileSync } from 'node:fs';
import { BITS, CONCEPTS, weighted } from './features.js';

export const MAGIC = 0x32505053; // "SPP2"
/** Magic, bits, scale, bias, threshold; four bytes each. Then the weights of concepts, four bytes each, then those of hashed features, one byte each. */
export const HEADER = 20;

export interface Model {
  weights: Int8Array;
  scale: number;
  /** Weights of concepts. */
  concepts: Float32Array;
  bias: number;
  /** Scores from here on are reported. */
  threshold: number;
}

let loaded: Model | undefined;

/** Loads the weights once. Throws where the file is not what the code expects: a build without its model is broken. */
export function loadModel(): Model {
  if (loaded) return loaded;
  const file = readFileSync(new URL('../data/prompts.bin', import.meta.url));
  if (file.readUInt32LE(0) !== MAGIC || file.readUInt32LE(4) !== BITS || file.length !== HEADER + CONCEPTS * 4 + (1 << BITS))
    throw new Error('proxy/detect/data/prompts.bin is not a prompt model of this version; run scripts/train-prompts.ts');
  loaded = {
    concepts: Float32Array.from({ length: CONCEPTS }, (_, i) => file.readFloatLE(HEADER + 4 * i)),
    weights: new Int8Array(file.buffer, file.byteOffset + HEADER + CONCEPTS * 4, 1 << BITS),
    scale: file.readFloatLE(8),
    bias: file.readFloatLE(12),
    threshold: file.readFloatLE(16),
  };
  return loaded;
}

/** Likeness to an attack of folded text between two places, 0 … 1. */
export function scoreOf(model: Model, text: string, from = 0, to = text.length): number {
  return 1 / (1 + Math.exp(-(weighted(model.weights, model.scale, model.concepts, text, from, to) + model.bias)));
}
