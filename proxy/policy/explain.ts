import { conditionContext } from './cel.js';
import type { CompiledRule, RuleTable } from './compile.js';
import { rank, ruleMatches } from './judge.js';
import type { Subject } from './types.js';

/** How far a rule is from matching, and the first reason in words. Text of the content never stands in it. */
function distance(rule: CompiledRule, s: Subject): { failed: number; held: number; because: string } {
  const reasons: string[] = [];
  let held = 0;
  if (rule.whats.length > 0 && !rule.whats.includes(s.what)) reasons.push(`it judges ${rule.whats.join(' or ')}, and this is ${s.what}`);
  for (const c of rule.subject) {
    if (c.test(s)) held++;
    else reasons.push(`${c.field} is ${c.saw(s)}, not ${c.wants}`);
  }
  if (rule.finding) {
    const findings = s.part?.findings ?? [];
    let best: string[] | undefined;
    for (const f of findings) {
      const wrong = rule.finding
        .filter((c) => !c.test(f))
        .map((c) =>
          c.field === 'confidence'
            ? `confidence of ${f.entity} is ${f.confidence}, not ${c.wants}`
            : c.field === 'testValue' && c.wants === 'false'
              ? `${f.entity} is a documented test value`
              : `${c.field} of the finding ${f.entity} (${f.category}) is not ${c.wants}`,
        );
      if (best === undefined || wrong.length < best.length) best = wrong;
    }
    if (best === undefined)
      reasons.push(
        `nothing was found (it wants ${rule.finding
          .filter((c) => c.field !== 'testValue')
          .map((c) => `${c.field} ${c.wants}`)
          .join(', ')})`,
      );
    else reasons.push(...best);
    held += rule.finding.length - (best?.length ?? rule.finding.length);
  }
  if (rule.when) {
    if (rule.when.test(conditionContext(s))) held++;
    else reasons.push(`its condition is not true: ${rule.when.source}`);
  }
  if (reasons.length === 0) reasons.push('its exception (not) applies');
  return { failed: reasons.length, held, because: reasons.join('; ') };
}

/**
 * The rule that was nearest to matching although it did not: fewest conditions failed, then most held, then the stronger action.
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
