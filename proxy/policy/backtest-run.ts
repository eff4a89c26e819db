import { setImmediate } from 'node:timers/promises';
import { backtest, byInterest, changeOf, noTotals } from './backtest.js';
import type { BacktestInput, BacktestProgress, BacktestReport, RecordedExchange } from './backtest-types.js';
import type { Policy, RecordedSource } from './types.js';

/** Longest run without giving the loop back, in milliseconds. */
const SLICE_MS = 4;
/** Changes kept in full; totals and groups count all. */
const MAX_CHANGES = 5000;

/**
 * Runs a draft over recorded exchanges. Gives the loop back every few milliseconds, so that it may run beside live traffic or in
 * a worker alike. @throws the signal's reason when cancelled
 */
export async function backtestAll(
  draft: Policy,
  exchanges: AsyncIterable<RecordedExchange> | Iterable<RecordedExchange>,
  options: { total?: number; onProgress?(progress: BacktestProgress): void; signal?: AbortSignal } = {},
): Promise<BacktestReport> {
  const started = performance.now();
  const report: BacktestReport = {
    exchanges: 0,
    skipped: 0,
    revision: draft.revision,
    seconds: 0,
    changes: [],
    totals: noTotals(),
    byRule: [],
  };
  const groups = new Map<string, BacktestReport['byRule'][number]>();
  let slice = performance.now();
  let seen = 0;
  for await (const recorded of exchanges) {
    options.signal?.throwIfAborted();
    seen++;
    if (recorded.incomplete !== undefined) report.skipped++;
    else {
      const result = backtest(draft, recorded);
      if (result.unknown) report.skipped++;
      else {
        report.exchanges++;
        report.totals[result.becomes]++;
      }
      if (result.changed && !result.unknown) {
        report.changes.push(changeOf(recorded, result));
        if (report.changes.length > 2 * MAX_CHANGES) report.changes = report.changes.sort(byInterest).slice(0, MAX_CHANGES);
        const key = `${result.rule}\n${result.becomes}`;
        const group = groups.get(key);
        if (group) group.exchanges++;
        else groups.set(key, { rule: result.rule, becomes: result.becomes, exchanges: 1 });
      }
    }
    if (performance.now() - slice > SLICE_MS) {
      options.onProgress?.({ done: seen, total: options.total ?? seen });
      await setImmediate();
      slice = performance.now();
    }
  }
  options.onProgress?.({ done: seen, total: options.total ?? seen });
  report.changes = report.changes.sort(byInterest).slice(0, MAX_CHANGES);
  report.byRule = [...groups.values()].sort((a, b) => b.exchanges - a.exchanges);
  report.seconds = (performance.now() - started) / 1000;
  return report;
}

/** The store's backtest: what `input` selects, from the recorded source. */
export async function runBacktest(
  draft: Policy,
  source: RecordedSource,
  input: BacktestInput,
  options: { onProgress(progress: BacktestProgress): void; signal: AbortSignal },
): Promise<BacktestReport> {
  const { since, until, agent, limit } = input;
  const query = { ...(since ? { since } : {}), ...(until ? { until } : {}), ...(agent ? { agent } : {}), ...(limit ? { limit } : {}) };
  const total = await source.count?.(query);
  return backtestAll(draft, source.exchanges(query), { ...options, ...(total === undefined ? {} : { total }) });
}
