/**
 * Trains the names tagger and writes `proxy/detect/data/names.bin`. Run: `node --import tsx scripts/train-names.ts [examples] [epochs]`.
 *
 * Text: generated (scripts/names), documentation of installed MIT packages as text without names, and, where the datasets are at
 * hand (SALLYPORT_DATASETS or ../shared/datasets), Presidio's generated_large. synth_v2 is never read here.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { allFakers } from '@faker-js/faker';
import * as F from '../proxy/detect/names/features.js';
import { Gazetteer } from '../proxy/detect/names/model.js';
import { hashWord, newTokens, Shape, tokenize } from '../proxy/detect/names/tokens.js';
import { COUNTRY_NAMES, type Example, Generator, randomOf, vocabulary } from './names/generate.js';
import { LANGUAGES, PLAIN } from './names/languages.js';
import { AMBIGUOUS_NAMES, KNOWN_ORGS, NRP } from './names/templates.js';

/** Packages of the clean corpus (test/eval/clean.ts): never read here. */
const CLEAN = [
  'ajv',
  'express',
  'undici',
  'jose',
  'yaml',
  'zod',
  'commander',
  'lowdb',
  'preact',
  'fast-check',
  'web-tree-sitter',
  'openid-client',
  'http-proxy-middleware',
  'libsql',
  're2js',
  'eventsource-parser',
  'esbuild',
  'tsx',
  'vite',
  'electron-builder',
];

const EXAMPLES = Number(process.argv[2] ?? 36000);
const EPOCHS = Number(process.argv[3] ?? 5);
const random = randomOf(20260301);
const datasets = process.env.SALLYPORT_DATASETS ?? new URL('../../shared/datasets', import.meta.url).pathname;

const MAP: Record<string, string> = {
  PERSON: 'PERSON',
  ADDRESS: 'STREET_ADDRESS',
  STREET_ADDRESS: 'STREET_ADDRESS',
  LOCATION: 'LOCATION',
  GPE: 'LOCATION',
  ORGANIZATION: 'ORGANIZATION',
  TITLE: 'TITLE',
  PREFIX: 'TITLE',
  NRP: 'NRP',
};

const DEMONYMS = new Set(NRP.map((n) => n.toLowerCase()));
/** That set leaves nationalities without a label; a capitalised one outside of its spans is one. */
function nationalities(text: string, spans: { start: number; end: number }[]): Example['spans'] {
  return [...text.matchAll(/[A-Z][a-z]{3,}/g)]
    .filter((m) => DEMONYMS.has(m[0].toLowerCase()) && !spans.some((s) => s.start < m.index + m[0].length && m.index < s.end))
    .map((m) => ({ label: 'NRP', start: m.index, end: m.index + m[0].length }));
}

function presidio(): Example[] {
  const file = join(datasets, 'pii-presidio-generated-large.jsonl');
  if (!existsSync(file)) {
    console.log('skipped: no datasets; trained on generated text alone');
    return [];
  }
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((l) => JSON.parse(l) as { text: string; spans: { type: string; start: number; end: number }[] })
    .map((r) => ({
      text: r.text,
      spans: [
        ...nationalities(r.text, r.spans),
        ...r.spans
          .filter((s) => MAP[s.type])
          .map((s) => {
            const prefix = s.type === 'PERSON' ? /^(?:mrs?|ms|dr|miss)\.? /i.exec(r.text.slice(s.start, s.end)) : null;
            const onlyPrefix = s.type === 'PERSON' && /^(?:mrs?|ms|dr|miss)\.?$/i.test(r.text.slice(s.start, s.end));
            return { label: onlyPrefix ? 'TITLE' : MAP[s.type]!, start: s.start + (prefix ? prefix[0].length : 0), end: s.end };
          }),
      ],
    }));
}

/** Paragraphs of package documentation without list of people in them. */
function documentation(limit: number): Example[] {
  const root = new URL('../node_modules', import.meta.url).pathname;
  const out: Example[] = [];
  const known = new Set(KNOWN_ORGS.flatMap((o) => o.split(' ')));
  const names = readdirSync(root)
    .filter((d) => !d.startsWith('.') && !d.startsWith('@'))
    .sort();
  for (const [i, d] of names.entries()) {
    if (i % 3 === 0 || CLEAN.includes(d)) continue;
    const file = ['README.md', 'readme.md', 'Readme.md', 'CHANGELOG.md'].map((f) => join(root, d, f)).find((f) => existsSync(f));
    if (!file) continue;
    let taken = 0;
    for (const paragraph of readFileSync(file, 'utf8').split(/\n\s*\n/)) {
      if (paragraph.length < 30 || paragraph.length > 700 || taken > 25) continue;
      if (
        /author|contribut|maintain|thank|sponsor|licen[cs]e|copyright|credit|©|@[a-z]|by \[|\]\(https:\/\/github\.com\/[\w-]+\)|mailto|shields\.io|inspired|created by|written by/i.test(
          paragraph,
        )
      )
        continue;
      if (paragraph.split(/[^\w&'.-]+/).some((w) => known.has(w))) continue;
      out.push({ text: paragraph, spans: [] });
      taken++;
    }
    if (out.length >= limit) break;
  }
  return out;
}

/** Source lines of packages, a dozen at a time, as text without names. */
function source(limit: number): Example[] {
  const root = new URL('../node_modules', import.meta.url).pathname;
  const out: Example[] = [];
  const names = readdirSync(root)
    .filter((d) => !d.startsWith('.') && !d.startsWith('@'))
    .sort();
  for (const [i, d] of names.entries()) {
    if (i % 3 === 0 || CLEAN.includes(d)) continue;
    let taken = 0;
    for (const sub of ['', 'lib', 'dist', 'src', 'types', 'build']) {
      const dir = join(root, d, sub);
      if (!existsSync(dir)) continue;
      for (const f of readdirSync(dir)) {
        if (taken > 24 || !/\.(?:[cm]?js|d\.ts|ts|json|ya?ml)$/.test(f) || f === 'package.json') continue;
        const lines = readFileSync(join(dir, f), 'utf8')
          .slice(0, 60000)
          .split('\n')
          .filter((l) => l.length < 200 && !/author|contribut|copyright|licen[cs]e|@[a-z]+\.|thank/i.test(l));
        for (let k = 0; k + 12 < lines.length && taken < 24; k += 40) {
          out.push({ text: lines.slice(k, k + 12).join('\n'), spans: [] });
          taken++;
        }
      }
    }
    if (out.length >= limit) break;
  }
  return out;
}

interface Sequence {
  n: number;
  t: ReturnType<typeof newTokens>;
  gaz: Uint8Array;
  gold: Uint8Array;
  caseless: number;
}

const scratch = newTokens(512);
function sequence(e: Example, known: Gazetteer): Sequence | undefined {
  tokenize(e.text, 0, e.text.length, scratch);
  const n = scratch.count;
  if (n === 0) return undefined;
  const t = newTokens(n);
  t.count = n;
  for (const k of ['start', 'end', 'shape', 'word', 'prefix', 'suffix', 'suffix2'] as const) t[k].set(scratch[k].subarray(0, n));
  const gold = new Uint8Array(n);
  for (const s of [...e.spans].sort((a, b) => a.start - b.start)) {
    const begin = F.LABELS.indexOf(`B-${s.label}` as (typeof F.LABELS)[number]);
    let first = true;
    for (let i = 0; i < n; i++) {
      if (t.start[i]! < s.end && t.end[i]! > s.start && gold[i] === 0) {
        gold[i] = first ? begin : begin + 1;
        first = false;
      }
    }
  }
  const gaz = new Uint8Array(n);
  let caseless = 1;
  for (let i = 0; i < n; i++) {
    gaz[i] = known.get(t.word[i]!);
    const sh = t.shape[i]!;
    if (sh === Shape.Title || sh === Shape.Upper || sh === Shape.Initial || sh === Shape.Mixed) caseless = 0;
  }
  return { n, t, gaz, gold, caseless };
}

// Gazetteer -----------------------------------------------------------------------------------------------------------------
const generator = new Generator(random);
const docs = [...documentation(9000), ...source(5000)];
const vocabularyOf = vocabulary();
const bits = new Map<number, number>();
const mark = (phrase: string, bit: number) => {
  for (const w of phrase.match(/[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu) ?? [])
    if (w.length > 1) bits.set(hashWord(w), (bits.get(hashWord(w)) ?? 0) | bit);
};
for (const n of vocabularyOf.given) mark(n, F.GIVEN);
for (const n of vocabularyOf.surname) mark(n, F.SURNAME);
for (const n of vocabularyOf.city) mark(n, F.CITY);
for (const n of COUNTRY_NAMES) mark(n, F.COUNTRY);
for (const n of NRP) mark(n, F.DEMONYM);
for (const n of KNOWN_ORGS) mark(n, F.COMPANY);
for (const n of 'street st road rd avenue ave lane ln drive dr boulevard blvd court ct way place pl square terrace parkway highway hwy crescent close gardens grove mews row walk rue via calle rua avenida ul ulica piazza plaza chemin allée impasse quai corso viale largo travessa estrada straße strasse weg gasse platz allee ring damm ufer straat laan plein kade gatan vägen gade vej gata veien katu tie utca út tér apt apartment suite unit flat floor box po psc apo fpo dpo'.split(
  ' ',
))
  mark(n, F.STREET);
// Words that the documentation writes in lower case: at the head of a sentence they are probably no names.
const lower = new Map<string, number>();
for (const d of docs)
  for (const w of d.text.match(/(?<![\p{L}\d_.`/-])[a-z]{2,}(?![\p{L}\d_(`/-])/gu) ?? []) lower.set(w, (lower.get(w) ?? 0) + 1);
const common = [...lower].filter(([, n]) => n >= 2).map(([w]) => w);
const basic =
  'a about above after again all also am an and any are as at be because been before being below between both but by can could did do does doing down during each few for from further good had has have having he her here hers him his how i if in into is it its just know like look made make many me more most much my need new no nor not now of off on once one only or other our out over own please said same see she should so some such take tell than thank thanks that the their them then there these they this those through time to too two under until up us use very want was way we well were what when where which while who whom why will with would yes you your hello hi hey dear best regards kind order call send meeting phone email mail address name number today tomorrow yesterday morning evening night day week month year card account bank money payment customer service help question answer problem order friend mother father brother sister wife husband son daughter boss manager doctor teacher people man woman child children family house home office street city country company school hospital car book film song music game team group party government president minister police law court war world life work job'.split(
    ' ',
  );
const ambiguous = AMBIGUOUS_NAMES.map((w) => w.toLowerCase());
// Everyday words of six languages as faker has them.
const dictionary = (['en', 'de', 'fr', 'es', 'it', 'pt_BR', 'nl'] as const).flatMap((l) =>
  Object.values((allFakers[l].rawDefinitions as { word?: Record<string, unknown> }).word ?? {})
    .flatMap((list) => (Array.isArray(list) ? (list as string[]) : []))
    .filter((w) => /^\p{L}{3,}$/u.test(w)),
);
// Words of other languages, from the sentences without names.
const foreign = LANGUAGES.flatMap((l) => PLAIN[l]).flatMap((t) => t.match(/(?<![\p{L}\d])\p{Ll}{2,}(?![\p{L}\d])/gu) ?? []);
for (const w of new Set([...common, ...basic, ...foreign, ...dictionary, ...ambiguous]))
  bits.set(hashWord(w), (bits.get(hashWord(w)) ?? 0) | F.COMMON);
const entries = [...bits].sort((a, b) => a[0] - b[0]);
const known = new Gazetteer(
  Int32Array.from(entries, (e) => e[0]),
  Uint8Array.from(entries, (e) => e[1]),
);
console.log(`gazetteer ${entries.length} words, documentation ${docs.length} paragraphs`);

// Training ------------------------------------------------------------------------------------------------------------------
const examples: Example[] = [...docs];
generator.words = [...lower]
  .filter(([w, n]) => n >= 4 && w.length > 3)
  .map(([w]) => w)
  .slice(0, 4000)
  .concat(dictionary.slice(0, 3000).filter((w) => /^[a-z]{4,}$/.test(w)));
for (let i = 0; i < EXAMPLES; i++) examples.push(generator.message());
for (let i = 0; i < EXAMPLES / 2.4; i++) examples.push(generator.nameless());
const real = presidio();
// Written by others, so worth more than ours.
for (let k = 0; k < 5; k++) examples.push(...real);
const sequences = examples.map((e) => sequence(e, known)).filter((s): s is Sequence => !!s);
console.log(`${sequences.length} sequences, ${sequences.reduce((n, s) => n + s.n, 0)} words`);

const size = F.ROWS * F.STRIDE;
const W = new Float32Array(size);
const A = new Float64Array(size);
const rows = new Int32Array(F.FEATURES);
const sums = new Float64Array(F.LABELS.length);
let step = 1;
for (let epoch = 0; epoch < EPOCHS; epoch++) {
  for (let i = sequences.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [sequences[i], sequences[j]] = [sequences[j]!, sequences[i]!];
  }
  let errors = 0;
  let total = 0;
  for (const s of sequences) {
    let t1 = 0;
    let t2 = 0;
    for (let i = 0; i < s.n; i++) {
      // A tenth of the gazetteer is hidden, so that the words around a name count too.
      const hidden = s.gaz[i]!;
      if ((hidden & 127) !== 0 && random() < 0.12) s.gaz[i] = hidden & 128;
      F.featuresOf(s.t, s.gaz, i, t1, t2, s.caseless, rows);
      s.gaz[i] = hidden;
      sums.fill(0);
      for (let f = 0; f < F.FEATURES; f++) {
        const p = rows[f]!;
        for (let l = 0; l < F.LABELS.length; l++) sums[l]! += W[p + l]!;
      }
      let best = 0;
      for (let l = 1; l < F.LABELS.length; l++) if (F.allowed(t1, l) && sums[l]! > sums[best]!) best = l;
      const gold = s.gold[i]!;
      if (best !== gold) {
        errors++;
        for (let f = 0; f < F.FEATURES; f++) {
          const p = rows[f]!;
          W[p + gold]! += 1;
          A[p + gold]! += step;
          W[p + best]! -= 1;
          A[p + best]! -= step;
        }
      }
      step++;
      total++;
      t2 = t1;
      t1 = random() < 0.5 ? gold : best;
    }
  }
  console.log(`epoch ${epoch + 1}: ${((100 * errors) / total).toFixed(2)} % wrong`);
}
let peak = 0;
for (let i = 0; i < size; i++) {
  W[i] = W[i]! - A[i]! / step;
  peak = Math.max(peak, Math.abs(W[i]!));
}
// Sixteenths; what rounds to nothing is left out. A few hundred weights (bias, shapes) are hundreds of times the usual ones.
const scale = 16;
const quantised = new Int16Array(size);
for (let i = 0; i < size; i++) quantised[i] = Math.max(-32767, Math.min(32767, Math.round(W[i]! * scale)));
const deltas: number[] = [];
const masks: number[] = [];
const values: number[] = [];
let last = 0;
for (let r = 0; r < F.ROWS; r++) {
  let mask = 0;
  for (let l = 0; l < F.LABELS.length; l++) if (Math.abs(quantised[r * F.STRIDE + l]!) > 2) mask |= 1 << l;
  if (mask === 0 && r - last < 65000) continue;
  deltas.push(r - last);
  last = r;
  masks.push(mask);
  for (let l = 0; l < F.LABELS.length; l++) if (mask & (1 << l)) values.push(quantised[r * F.STRIDE + l]!);
}
const body = Buffer.alloc(20 + deltas.length * 4 + values.length * 2 + entries.length * 5);
body.writeUInt32LE(0x314d4e53, 0);
body.writeUInt32LE(F.ROWS, 4);
body.writeUInt32LE(deltas.length, 8);
body.writeUInt32LE(entries.length, 12);
body.writeUInt32LE(values.length, 16);
for (const [k, d] of deltas.entries()) body.writeUInt16LE(d, 20 + k * 2);
for (const [k, m] of masks.entries()) body.writeUInt16LE(m, 20 + deltas.length * 2 + k * 2);
// Low and high bytes apart: they pack better.
values.forEach((v, k) => {
  body.writeUInt8(v & 255, 20 + deltas.length * 4 + k);
  body.writeInt8(v >> 8, 20 + deltas.length * 4 + values.length + k);
});
entries.forEach(([h, b], k) => {
  body.writeInt32LE(h, 20 + deltas.length * 4 + values.length * 2 + k * 4);
  body.writeUInt8(b, 20 + deltas.length * 4 + values.length * 2 + entries.length * 4 + k);
});
const packed = deflateRawSync(body, { level: 9 });
writeFileSync(new URL('../proxy/detect/data/names.bin', import.meta.url), packed);
console.log(`${deltas.length} rows, ${values.length} weights, peak ${peak.toFixed(0)}, ${(packed.length / 1e6).toFixed(2)} MB`);
