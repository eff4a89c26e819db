import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Prices per million tokens, as of a date. `models` are globs; the first that matches holds. */
export interface PriceTable {
  /** ISO date on which the prices were read. */
  asOf: string;
  currency: string;
  models: { model: string; input: number; cachedInput?: number; output: number }[];
}

export interface Usage {
  inputTokens?: number;
  outputTokens?: number;
  cachedTokens?: number;
}

/** The shipped table. Lists change: the date says how old it is, and the settings may give another. */
export function shippedPrices(): PriceTable {
  for (const relative of ['../../assets/prices.json', '../../../assets/prices.json']) {
    const path = fileURLToPath(new URL(relative, import.meta.url));
    if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as PriceTable;
  }
  return { asOf: '', currency: 'USD', models: [] };
}

const matches = (glob: string, model: string): boolean => (glob.endsWith('*') ? model.startsWith(glob.slice(0, -1)) : glob === model);

/** Cost of exact usage, or undefined where the model has no price. Cached tokens are part of the input tokens. */
export function costOf(prices: PriceTable, model: string | undefined, usage: Usage): number | undefined {
  const row = model === undefined ? undefined : prices.models.find((m) => matches(m.model, model.toLowerCase()));
  if (!row) return undefined;
  const input = usage.inputTokens ?? 0;
  const cached = Math.min(input, usage.cachedTokens ?? 0);
  return ((input - cached) * row.input + cached * (row.cachedInput ?? row.input) + (usage.outputTokens ?? 0) * row.output) / 1e6;
}
