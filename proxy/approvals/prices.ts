import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Prices per million tokens, as of a date. A row is meant by its name, alone or with a date behind it (`gpt-4o-2024-11-20`), or by a
 * beginning that ends in `*`: relatives of a model (`gpt-4o-realtime`) have prices of their own. The first that matches holds.
 */
export interface PriceTable {
  /** ISO date on which the prices were read. */
  asOf: string;
  currency: string;
  /** Where they were read. */
  sources?: string[];
  models: { model: string; input: number; cachedInput?: number; cacheWrite?: number; output: number }[];
}

export interface Usage {
  /** All of the input, that from and to the cache included. */
  inputTokens?: number;
  outputTokens?: number;
  cachedTokens?: number;
  cacheWriteTokens?: number;
}

/** The shipped table. Lists change: the date says how old it is, and the settings may give another. */
export function shippedPrices(): PriceTable {
  for (const relative of ['../../assets/prices.json', '../../../assets/prices.json']) {
    const path = fileURLToPath(new URL(relative, import.meta.url));
    if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as PriceTable;
  }
  return { asOf: '', currency: 'USD', models: [] };
}

const DATED = /^-\d{4}-?\d{2}-?\d{2}$/;
const matches = (name: string, model: string): boolean =>
  name.endsWith('*')
    ? model.startsWith(name.slice(0, -1))
    : model === name || (model.startsWith(name) && DATED.test(model.slice(name.length)));

/** Cost of exact usage, or undefined where the model has no price. Cached and written tokens are part of the input tokens. */
export function costOf(prices: PriceTable, model: string | undefined, usage: Usage): number | undefined {
  const row = model === undefined ? undefined : prices.models.find((m) => matches(m.model, model.toLowerCase()));
  if (!row) return undefined;
  const input = usage.inputTokens ?? 0;
  const cached = Math.min(input, usage.cachedTokens ?? 0);
  const written = Math.min(input - cached, usage.cacheWriteTokens ?? 0);
  return (
    ((input - cached - written) * row.input +
      cached * (row.cachedInput ?? row.input) +
      written * (row.cacheWrite ?? row.input) +
      (usage.outputTokens ?? 0) * row.output) /
    1e6
  );
}
