import type { Action } from '../contract/index.js';
import type { Subject } from './types.js';

/** One exchange as the ledger kept it, turned back into what policy judges. */
export interface RecordedExchange {
  exchange: string;
  session: string;
  agent: { id: string; name: string };
  /** ISO 8601 */
  at: string;
  policyRevision: string;
  /** How it ended (`ok`, `refused`, `denied` …). */
  outcome: string;
  /** In the order in which they were judged. `was` is the recorded action, where the record has one for this subject. */
  subjects: { subject: Subject; was?: { action: Action; rule: string } }[];
  /** Set when the record does not hold everything that live evaluation saw (forgotten, cut, content not readable). */
  incomplete?: string;
  /** A rule stopped the answer: what would have followed was never read. */
  stopped?: true;
}

export interface BacktestInput {
  /** Source of the draft; it stands for the user's policy file of the same `name`, or beside the present ones. */
  source: string;
  name?: string;
  /** ISO 8601. */
  since?: string;
  until?: string;
  agent?: string;
  limit?: number;
  /** Judge with originals put back, where the vault has them; needs a person, and the reveal is recorded. */
  originals?: boolean;
}

export interface BacktestProgress {
  done: number;
  total: number;
}

export interface BacktestChange {
  exchange: string;
  session: string;
  agent: string;
  at: string;
  was: Action;
  becomes: Action;
  rule: string;
  sentence: string;
  /** Allowed before and answered well: likely a false alarm; these come first. */
  likelyFalseAlarm: boolean;
}

export interface BacktestReport {
  exchanges: number;
  /** Exchanges that could not be judged as live evaluation would have (forgotten, not recorded …). */
  skipped: number;
  revision: string;
  seconds: number;
  changes: BacktestChange[];
  totals: Record<Action, number>;
  /** Changes per winning rule of the draft. */
  byRule: { rule: string; becomes: Action; exchanges: number }[];
}
