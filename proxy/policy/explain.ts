import type { Finding } from '../contract/index.js';
import { conditionContext } from './cel.js';
import type { CompiledRule, RuleTable } from './compile.js';
import type { FindingCondition } from './conditions.js';
import { rank, ruleMatches } from './judge.js';
import type { Subject } from './types.js';

/** A missed threshold is nearer than another name; another kind of thing is far. */
const WEIGHT: Record<string, number> = { confidence: 1, testValue: 1, size: 1, time: 1, budget: 1, what: 6, nothing: 4 };
const weightOf = (field: string): number => WEIGHT[field] ?? 3;

type Reason = [field: string, reason: string];

function whyNot(c: FindingCondition, f: Finding): Reason {
  if (c.field === 'confidence') return [c.field, `confidence of ${f.entity} is ${f.confidence}, not ${c.wants}`];
  if (c.field === 'testValue' && c.wants === 'false') return [c.field, `${f.entity} is a documented test value`];
  return [c.field, `${c.field} of the finding ${f.entity} (${f.category}) is not ${c.wants}`];
}

/** What fails of the finding that comes nearest. */
function nearestFinding(conditions: readonly FindingCondition[], findings: readonly Finding[]): Reason[] {
  const wanted = conditions.filter((c) => c.field !== 'testValue').map((c) => `${c.field} ${c.wants}`);
  let best: Reason[] = [['nothing', `nothing was found (it wants ${wanted.join(', ')})`]];
  let least = Number.POSITIVE_INFINITY;
  for (const f of findings) {
    const wrong = conditions.filter((c) => !c.test(f)).map((c) => whyNot(c, f));
    const weight = wrong.reduce((sum, [field]) => sum + weightOf(field), 0);
    if (weight < least) [best, least] = [wrong, weight];
  }
  return best;
}

/** How far a rule is from matching, and the reasons in words. Text of the content never stands in them. */
function distance(rule: CompiledRule, s: Subject): { failed: number; held: number; because: string } {
  const reasons: string[] = [];
  let failed = 0;
  let held = 0;
  const fail = (field: string, reason: string) => {
    failed += weightOf(field);
    reasons.push(reason);
  };
  if (rule.whats.length > 0 && !rule.whats.includes(s.what)) fail('what', `it judges ${rule.whats.join(' or ')}, and this is ${s.what}`);
  for (const c of rule.subject) {
    if (c.test(s)) held++;
    else fail(c.field, `${c.field} is ${c.saw(s)}, not ${c.wants}`);
  }
  if (rule.finding) {
    const near = nearestFinding(rule.finding, s.part?.findings ?? []);
    for (const [field, reason] of near) fail(field, reason);
    held += Math.max(0, rule.finding.length - near.length);
  }
  if (rule.when) {
    if (rule.when.test(conditionContext(s))) held++;
    else fail('when', `its condition is not true: ${rule.when.source}`);
  }
  if (reasons.length === 0) reasons.push('its exception (not) applies');
  return { failed, held, because: reasons.join('; ') };
}

/** Why a rule does not match, in words; for its own examples. */
export const whyNotMatched = (rule: CompiledRule, s: Subject): string => distance(rule, s).because;

/**
 * The rule that was nearest to matching although it did not: least that failed by weight, then most held, then the stronger action.
 * Rules that would only allow are left out, unless they except others.
 */
export function nearest(table: RuleTable, s: Subject): { rule: string; because: string } | undefined {
  let best: { rule: CompiledRule; failed: number; held: number; because: string } | undefined;
  for (const rule of table.all) {
    if (rule.does.action === 'allow' && rule.insteadOf === undefined) continue;
    if (ruleMatches(rule, s)) continue;
    const d = distance(rule, s);
    const nearer =
      best === undefined ||
      d.failed < best.failed ||
      (d.failed === best.failed && (d.held > best.held || (d.held === best.held && rank(rule.does.action) > rank(best.rule.does.action))));
    if (nearer) best = { rule, ...d };
  }
  return best && { rule: best.rule.id, because: best.because };
}
