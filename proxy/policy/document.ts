import type { Action, FindingCategory } from '../contract/index.js';

/** A policy source after reading: checked, defaults in place, nothing unknown left. */
export interface PolicyDocument {
  version: 1;
  name?: string;
  description?: string;
  /** Managed files only: the preset below it, and what becomes of the user's own rules. */
  preset?: 'observe' | 'balanced' | 'strict';
  userRules?: 'ignored' | 'stricter';
  rules: Rule[];
  restore: RestoreRule[];
}

export interface Range {
  min?: number;
  max?: number;
}

export type MatchValue =
  | { kind: 'globs'; globs: string[] }
  | { kind: 'enum'; values: string[] }
  | { kind: 'words'; words: string[] }
  | { kind: 'patterns'; patterns: string[] }
  | { kind: 'range'; range: Range }
  | { kind: 'time'; from?: number; to?: number; weekdays?: number[] }
  | { kind: 'budget'; id?: string; unit?: string; share: number }
  | { kind: 'boolean'; value: boolean };

export type Match = Record<string, MatchValue>;

export interface Then {
  action: Action;
  /** For mask: false means without a way back. */
  restore: boolean;
  groups: string[];
  minimum: number;
  separateApprover: boolean;
  /** Seconds; absent: the setting `approvals.expiresInSeconds`. */
  expiresIn?: number;
  mustOpen: boolean;
}

export interface Rule {
  /** As written; the full id is `<policy>/<id>`. */
  id: string;
  description?: string;
  enabled: boolean;
  match: Match;
  not?: Match;
  /** CEL source. */
  when?: string;
  does: Then;
  /** Ids (globs) of rules that do not apply where this one matches. */
  insteadOf: string[];
  sentence?: string;
  examples: { must: Example[]; mustNot: Example[] };
  position: { line: number; column: number };
}

/** A partial subject, flat, in the words of `match`. */
export interface Example {
  fields: Record<string, unknown>;
  position: { line: number; column: number };
  path: string;
}

export interface RestoreRule {
  id: string;
  tool?: string[];
  toolClass?: string[];
  entity?: string[];
  category?: FindingCategory[];
  agent?: string[];
  groups?: string[];
  does: 'yes' | 'no' | 'approve';
}
