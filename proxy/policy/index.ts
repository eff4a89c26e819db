/** Policy: what may pass. Schema, loading, evaluation (pure), explanation, backtest, imports. */

export { type BacktestResult, backtest } from './backtest.js';
export { backtestAll, runBacktest } from './backtest-run.js';
export type { BacktestChange, BacktestInput, BacktestProgress, BacktestReport, RecordedExchange } from './backtest-types.js';
export { mergeDemands } from './demands.js';
export { compileSources, type PolicySources } from './draft.js';
export { categoryOf } from './entities.js';
export { addExample, exampleOf } from './example-of.js';
export type { ExampleReaders } from './examples.js';
export { explainExchange } from './explain-exchange.js';
export { type EntityImport, importEntities } from './import-entities.js';
export { importHoopGuardrails } from './import-hoop.js';
export type { ImportReport } from './import-report.js';
export { judgeAnswerFinding, judgeRecorded } from './judge-answer.js';
export { createPolicy } from './policy.js';
export { PRESETS, presetSource } from './presets.js';
export { budgetSentence } from './sentence.js';
export { openPolicies, type PolicyStoreOptions } from './store.js';
export type {
  Explained,
  Explanation,
  Judgement,
  Policy,
  PolicyProblem,
  PolicyStore,
  PolicySummary,
  RecordedSource,
  Subject,
} from './types.js';
