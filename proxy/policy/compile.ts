import { compileCondition } from './cel.js';
import { type Condition, compileMatch, type FindingCondition } from './conditions.js';
import type { PolicyDocument, Rule, Then } from './document.js';
import { WHATS } from './fields.js';
import { globTest } from './glob.js';
import { sentenceOf } from './sentence.js';
import type { Subject } from './types.js';

/** Where a rule comes from; later ones are stronger authorities. Only equals or lower ones may be excepted by `insteadOf`. */
export const ORIGINS = ['preset', 'file', 'managed'] as const;
export type Origin = (typeof ORIGINS)[number];

/** A rule, compiled once when it is loaded. */
export interface CompiledRule {
  /** `<policy>/<id>`: stands in verdicts and records. */
  id: string;
  origin: Origin;
  order: number;
  does: Then;
  /** Empty: any. */
  whats: readonly Subject['what'][];
  subject: Condition[];
  /** Undefined: the rule is not about single findings. */
  finding?: FindingCondition[];
  not?: { subject: Condition[]; finding: FindingCondition[] };
  when?: { source: string; test: (context: Record<string, unknown>) => boolean };
  insteadOf?: (rule: string) => boolean;
  /** Excepts rules of its own origin or lower, unless the managed policy allows the user only stricter rules. */
  mayExcept: boolean;
  sentence: (subject: Subject, findings: readonly number[] | undefined) => string;
}

/** Compiles one rule. @param policy name that stands before its id */
export function compileRule(rule: Rule, policy: string, origin: Origin, order: number, mayExcept = true): CompiledRule {
  const { subject, finding } = compileMatch(rule.match);
  const whats = rule.match['what']?.kind === 'enum' ? (rule.match['what'].values as Subject['what'][]) : [];
  const restricts = rule.does.action !== 'allow';
  if (finding.length > 0 && rule.match['testValue'] === undefined)
    finding.unshift({ field: 'testValue', wants: 'false', test: (f) => f.testValue !== true });
  const compiled: CompiledRule = {
    id: `${policy}/${rule.id}`,
    origin,
    order,
    does: rule.does,
    whats,
    subject: whats.length > 0 ? subject.filter((c) => c.field !== 'what') : subject,
    mayExcept,
    sentence: sentenceOf(rule, `${policy}/${rule.id}`),
  };
  if (finding.length > 0) compiled.finding = finding;
  if (rule.not) compiled.not = compileMatch(rule.not);
  if (rule.when !== undefined) compiled.when = { source: rule.when, test: compileCondition(rule.when, restricts) };
  if (rule.insteadOf.length > 0) compiled.insteadOf = globTest(rule.insteadOf);
  return compiled;
}

export interface PolicyPart {
  name: string;
  origin: Origin;
  document: PolicyDocument;
  mayExcept?: boolean;
}

/** Rules by what they judge; those about findings apart, so that a clean part costs nothing for them. */
export interface RuleTable {
  all: CompiledRule[];
  plain: Record<Subject['what'], CompiledRule[]>;
  finding: Record<Subject['what'], CompiledRule[]>;
}

/** Compiles all parts of a policy, in order: preset, files as listed, managed. */
export function compileRules(parts: readonly PolicyPart[]): RuleTable {
  const all: CompiledRule[] = [];
  for (const part of parts)
    for (const rule of part.document.rules)
      if (rule.enabled) all.push(compileRule(rule, part.name, part.origin, all.length, part.mayExcept ?? true));
  const bucket = (finding: boolean) =>
    Object.fromEntries(
      WHATS.map((what) => [
        what,
        all.filter((r) => (r.finding !== undefined) === finding && (r.whats.length === 0 || r.whats.includes(what))),
      ]),
    ) as Record<Subject['what'], CompiledRule[]>;
  return { all, plain: bucket(false), finding: bucket(true) };
}
