/** The linear model: int8 weights over hashed features, made by `scripts/train-prompts.ts`; see docs/models/prompts.md. */
import { readFileSync } from 'node:fs';
import { BITS, weighted } from './features.js';

export const MAGIC = 0x31505053; // "SPP1"
/** Magic, bits, scale, bias, threshold; four bytes each. */
export const HEADER = 20;

export interface Model {
  weights: Int8Array;
  scale: number;
  bias: number;
  /** Scores from here on are reported. */
  threshold: number;
}

let loaded: Model | undefined;

/** Loads the weights once. Throws where the file is not what the code expects: a build without its model is broken. */
export function loadModel(): Model {
  if (loaded) return loaded;
  const file = readFileSync(new URL('../data/prompts.bin', import.meta.url));
  if (file.readUInt32LE(0) !== MAGIC || file.readUInt32LE(4) !== BITS || file.length !== HEADER + (1 << BITS))
    throw new Error('proxy/detect/data/prompts.bin is not a prompt model of this version; run scripts/train-prompts.ts');
  loaded = {
    weights: new Int8Array(file.buffer, file.byteOffset + HEADER, 1 << BITS),
    scale: file.readFloatLE(8),
    bias: file.readFloatLE(12),
    threshold: file.readFloatLE(16),
  };
  return loaded;
}

/** Likeness to an attack of folded text between two places, 0 … 1. */
export function scoreOf(model: Model, text: string, from = 0, to = text.length): number {
  return 1 / (1 + Math.exp(-(weighted(model.weights, text, from, to) * model.scale + model.bias)));
}
