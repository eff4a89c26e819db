/**
 * `npm run eval -- <pii|secrets|commands|injection> FILE.jsonl [--json] [--iou .9] [--entities MAP] [--presets]`
 *
 * Measures detection on labelled text and prints the figures. MAP is `presidio` (Presidio's own entity map), `none`, a JSON file
 * or `FROM=TO,FROM=TO`. Kinds are modules of this directory, loaded by name.
 */
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type EvalModule, type EvalResult, printResult, readRows } from './frame.js';

const KINDS = ['pii', 'secrets', 'commands', 'injection'];
const USAGE = 'usage: npm run eval -- <pii|secrets|commands|injection> FILE.jsonl [--json] [--iou .9] [--entities MAP] [--presets]';

/** Presidio's map from labels to what it can find (presidio-research, `presidio_entities_map`): unsupported labels are dropped. */
const PRESIDIO: Record<string, string> = {
  GPE: 'LOCATION', CITY: 'LOCATION', ADDRESS: 'LOCATION', STREET_ADDRESS: 'LOCATION', NATIONALITY: 'LOCATION', NRP: 'LOCATION', NORP: 'LOCATION',
  FIRST_NAME: 'PERSON', LAST_NAME: 'PERSON', BIRTHDAY: 'DATE_TIME', DATE_OF_BIRTH: 'DATE_TIME', TIME: 'DATE_TIME', DATE: 'DATE_TIME',
  DOMAIN_NAME: 'URL', ORG: 'ORGANIZATION', TITLE: 'O', PREFIX: 'O', ZIP_CODE: 'O', AGE: 'O',
}; // biome-ignore format: a table

function mapOf(spec: string | undefined): { entities?: Record<string, string>; entitiesName?: string } {
  if (!spec) return {};
  if (spec === 'none') return { entities: {}, entitiesName: 'none' };
  if (spec === 'presidio') return { entities: PRESIDIO, entitiesName: 'presidio' };
  if (existsSync(spec)) return { entities: JSON.parse(readFileSync(spec, 'utf8')) as Record<string, string>, entitiesName: 'file' };
  if (spec.trimStart().startsWith('{')) return { entities: JSON.parse(spec) as Record<string, string>, entitiesName: 'given' };
  if (!spec.includes('=')) throw new Error(`--entities: "${spec}" is neither presidio, none, a file, nor FROM=TO pairs`);
  return {
    entities: Object.fromEntries(spec.split(',').map((p) => p.split('=').map((s) => s.trim()) as [string, string])),
    entitiesName: 'given',
  };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    iou: { type: 'string' },
    entities: { type: 'string' },
    presets: { type: 'boolean', default: false },
  },
});
const [kind, file] = positionals;
if (!kind || !KINDS.includes(kind) || !file) {
  console.error(USAGE);
  process.exit(2);
}
if (!existsSync(file)) {
  console.error(`no such file: ${file}`);
  process.exit(2);
}
const iou = values.iou === undefined ? 0.5 : Number(values.iou);
if (!(iou > 0 && iou <= 1)) {
  console.error('--iou must be above 0 and at most 1');
  process.exit(2);
}
let module: EvalModule;
try {
  module = (await import(new URL(`./${kind}.ts`, import.meta.url).href)) as EvalModule;
} catch (error) {
  if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
  console.error(`the evaluation of ${kind} is not built yet`);
  process.exit(3);
}
const options = { iou, presets: values.presets, json: values.json, ...mapOf(values.entities) };
const measured = await module.evaluate(readRows(file), options);
const result = {
  kind,
  file,
  options: { iou, ...(options.entitiesName ? { entities: options.entitiesName } : {}), ...(values.presets ? { presets: true } : {}) },
  ...measured,
} as EvalResult;
console.log(values.json ? JSON.stringify(result) : printResult(result));
process.exit(0);
