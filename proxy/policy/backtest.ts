import { ACTIONS, type Action } from '../contract/index.js';
import type { BacktestChange, RecordedExchange } from './backtest-types.js';
import { rank } from './judge.js';
import { judgeRecorded } from './judge-answer.js';
import type { Policy } from './types.js';

/** What one recorded exchange would have got. */
export interface BacktestResult {
  was: Action;
  becomes: Action;
  rule: string;
  sentence: string;
  changed: boolean;
  /** The answer was stopped, so what the draft would have said about the rest of it is not known. */
  unknown?: boolean;
}

/**
 * Judges one recorded exchange by a draft, exactly as live evaluation judges it: the same subjects, the same `judge`, the
 * strongest wins. `was` is what the record says; a subject without a recorded verdict was allowed. Pure.
 */
export function backtest(draft: Policy, recorded: RecordedExchange): BacktestResult {
  let was: Action = 'allow';
  let becomes: Action = 'allow';
  let rule = 'builtin/allow';
  let sentence = 'No rule speaks against it.';
  for (const { subject, was: before } of recorded.subjects) {
    if (before && rank(before.action) > rank(was)) was = before.action;
    const verdict = judgeRecorded(draft, subject);
    if (rank(verdict.action) > rank(becomes)) ({ action: becomes, rule, sentence } = verdict);
  }
  return { was, becomes, rule, sentence, changed: was !== becomes, ...(recorded.stopped && becomes !== 'block' ? { unknown: true } : {}) };
}

/** The line of the report for a changed exchange. */
export function changeOf(recorded: RecordedExchange, result: BacktestResult): BacktestChange {
  const { was, becomes, rule, sentence } = result;
  const { exchange, session, at, agent, outcome } = recorded;
  const likelyFalseAlarm = outcome === 'ok' && rank(was) <= rank('mask') && rank(becomes) >= rank('approve');
  return { exchange, session, agent: agent.name, at, was, becomes, rule, sentence, likelyFalseAlarm };
}

/** New false alarms first, then the strongest change, then the newest. */
export const byInterest = (a: BacktestChange, b: BacktestChange): number =>
  Number(b.likelyFalseAlarm) - Number(a.likelyFalseAlarm) || rank(b.becomes) - rank(a.becomes) || (a.at < b.at ? 1 : a.at > b.at ? -1 : 0);

export const noTotals = (): Record<Action, number> => Object.fromEntries(ACTIONS.map((a) => [a, 0])) as Record<Action, number>;
