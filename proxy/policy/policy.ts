import { createHash } from 'node:crypto';
import { answerRules, findingsReadText, watchAnswer } from './answer-watch.js';
import { compileRules, type PolicyPart } from './compile.js';
import { type DemandDefaults, demandOf } from './demands.js';
import type { Rule } from './document.js';
import { nearest } from './explain.js';
import { BUILTIN_DEMAND, judge } from './judge.js';
import { compileRestore } from './restore.js';
import type { Policy } from './types.js';

/** SHA-256 prefix of texts, for revisions. */
export const revisionOf = (texts: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const t of texts) hash.update(`${Buffer.byteLength(t)}:`).update(t);
  return hash.digest('hex').slice(0, 16);
};

export interface PolicyInput {
  preset: string;
  managed: boolean;
  /** In order: preset, user files, managed. */
  parts: readonly (PolicyPart & { source: string })[];
  defaults: DemandDefaults;
}

const looksAtTime = (rule: Rule): boolean =>
  rule.match['time'] !== undefined || rule.not?.['time'] !== undefined || /\b(?:minutes|weekday)\b/.test(rule.when ?? '');

/** Compiles a policy. Pure after this: `judge` reads nothing but its subject. */
export function createPolicy(input: PolicyInput): Policy {
  const { parts, defaults } = input;
  const table = compileRules(parts);
  const byId = new Map(table.all.map((r) => [r.id, r]));
  const inAnswers = answerRules(table);
  const settings = JSON.stringify([input.preset, defaults.expiresInSeconds, defaults.mustOpenClasses]);
  return {
    revision: revisionOf([settings, ...parts.flatMap((p) => [p.origin, p.name, p.mayExcept === false ? 'stricter' : '', p.source])]),
    preset: input.preset,
    managed: input.managed,
    timeDependent: parts.some((p) => p.document.rules.some(looksAtTime)),
    cleanPartsPass: table.plain.part.length === 0,
    judge: (subject) => judge(table, defaults, subject),
    ...(inAnswers.length > 0 ? { watchAnswer: (subject) => watchAnswer(inAnswers, (s) => judge(table, defaults, s), subject) } : {}),
    findingsReadText: findingsReadText(table),
    explain(subject) {
      const near = nearest(table, subject);
      return near ? { ...judge(table, defaults, subject), nearest: near } : judge(table, defaults, subject);
    },
    restoreInto: compileRestore(parts),
    demand(rule) {
      const found = byId.get(rule);
      return found ? demandOf(found.does, defaults) : BUILTIN_DEMAND(defaults);
    },
  };
}

/** The policy while a source cannot be read: everything is blocked, and the sentence says where to look. */
export function refuseAll(rule: string, sentence: string): Policy {
  return {
    revision: revisionOf([rule, sentence]),
    preset: 'none',
    managed: false,
    judge: (s) => ({
      verdict: { action: 'block', rule, sentence, ...(s.part ? { partId: s.part.id } : {}) },
      findingActions: (s.part?.findings ?? []).map(() => 'block'),
      matched: [{ rule, action: 'block', sentence }],
    }),
    explain(s) {
      return this.judge(s);
    },
    restoreInto: () => 'no',
    demand: () => ({ groups: [], minimum: 1, separateApprover: false, expiresInSeconds: 60, mustOpen: true }),
  };
}
