/** What the evaluation command and its kinds share: rows, options, the result object, counting. */
import { readFileSync } from 'node:fs';

export interface EvalOptions {
  /** Share of characters that a span must have in common to count as found. */
  iou: number;
  /** Dataset type or own entity → type to compare by; `O` drops. */
  entities?: Record<string, string>;
  /** Name of the entity map, for the result. */
  entitiesName?: string;
  /** Judge with the preset policies too (asked and blocked). */
  presets: boolean;
  json: boolean;
}

/** A line of a dataset; see the datasets' own documentation for the fields of each kind. */
export interface Row {
  id?: string | number;
  text?: string;
  cmd?: string;
  expected?: string;
  label?: number | string;
  spans?: { type: string; start: number; end: number }[];
  [field: string]: unknown;
}

export interface Score {
  precision: number;
  recall: number;
  f1: number;
  f2: number;
}

export interface EvalResult {
  kind: string;
  file: string;
  rows: number;
  skipped: number;
  options: { iou?: number; entities?: string; presets?: boolean };
  overall: Score;
  perEntity?: Record<string, Score & { gold: number; predicted: number }>;
  characters?: { precision: number; recall: number; f2: number };
  flagged?: { asked: number; blocked: number };
  falseAlarmsPerMegabyte?: number;
  megabytesPerSecond?: number;
  [more: string]: unknown;
}

/** A kind of evaluation: one module per kind, loaded by name. Rows without `expected`, `label` or `spans` are skipped and counted by it. */
export interface EvalModule {
  evaluate(rows: Row[], options: EvalOptions): Promise<Omit<EvalResult, 'kind' | 'file' | 'options'>>;
}

export function readRows(file: string): Row[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Row);
}

/** Precision, recall, F1, F2 from counts. Nothing to find and nothing said counts as 1. */
export function score(hit: number, predicted: number, gold: number): Score {
  const precision = predicted === 0 ? (gold === 0 ? 1 : 0) : hit / predicted;
  const recall = gold === 0 ? 1 : hit / gold;
  const f = (b: number) => (precision + recall === 0 ? 0 : ((1 + b * b) * precision * recall) / (b * b * precision + recall));
  return { precision: round(precision), recall: round(recall), f1: round(f(1)), f2: round(f(2)) };
}

export const round = (x: number, digits = 4): number => Math.round(x * 10 ** digits) / 10 ** digits;

export function printResult(r: EvalResult): string {
  const pad = (s: string | number, n: number) => String(s).padStart(n);
  const line = (name: string, s: Score, rest = '') =>
    `${name.padEnd(28)} ${[s.precision, s.recall, s.f1, s.f2].map((x) => pad(x.toFixed(3), 7)).join('')}${rest}`;
  const out = [
    `${r.kind}  ${r.file}  rows ${r.rows}, skipped ${r.skipped}${r.options.iou === undefined ? '' : `, IoU ${r.options.iou}`}${r.options.entities ? `, entities ${r.options.entities}` : ''}`,
    `${''.padEnd(28)} ${['P', 'R', 'F1', 'F2'].map((h) => pad(h, 7)).join('')}   gold  said`,
  ];
  for (const [name, s] of Object.entries(r.perEntity ?? {}).sort((a, b) => b[1].gold - a[1].gold))
    out.push(line(name, s, pad(s.gold, 7) + pad(s.predicted, 6)));
  out.push(line('overall', r.overall));
  for (const [key, value] of Object.entries(r)) {
    if (['kind', 'file', 'rows', 'skipped', 'options', 'overall', 'perEntity'].includes(key) || value === undefined) continue;
    out.push(`${key.padEnd(28)} ${typeof value === 'object' ? JSON.stringify(value) : value}`);
  }
  return out.join('\n');
}
