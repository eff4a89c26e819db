import { ACTIONS, type Action, type ApprovalDemand, type RiskLevel, type Verdict } from '../contract/index.js';
import { conditionContext } from './cel.js';
import type { CompiledRule, RuleTable } from './compile.js';
import { ORIGINS } from './compile.js';
import { type DemandDefaults, demandOf, mergeDemands } from './demands.js';
import { budgetSentence } from './sentence.js';
import type { Judgement, Subject } from './types.js';

const RANK: Record<Action, number> = { allow: 0, mask: 1, approve: 2, block: 3 };
const LEVELS: readonly RiskLevel[] = ['catastrophic', 'risky', 'notable'];
const NONE: readonly number[] = [];

/** A rule that matched; `found` are the indexes of the findings that it is about. */
interface Hit {
  rule: CompiledRule;
  found: number[] | undefined;
}

/** Facts for CEL are made once per subject, and only when a rule asks. */
class Facts {
  #context: Record<string, unknown> | undefined;
  constructor(private readonly subject: Subject) {}
  get(): Record<string, unknown> {
    return (this.#context ??= conditionContext(this.subject));
  }
}

function holds(rule: CompiledRule, s: Subject, facts: Facts): boolean {
  for (const c of rule.subject) if (!c.test(s)) return false;
  if (rule.not && rule.not.finding.length === 0 && rule.not.subject.every((c) => c.test(s))) return false;
  return rule.when === undefined || rule.when.test(facts.get());
}

/** Findings that the rule is about, or undefined when there is none. */
function findingsOf(rule: CompiledRule, s: Subject): number[] | undefined {
  const findings = s.part!.findings;
  const { not } = rule;
  const excludes = not !== undefined && not.finding.length > 0 && not.subject.every((c) => c.test(s));
  let found: number[] | undefined;
  for (let i = 0; i < findings.length; i++) {
    const f = findings[i]!;
    if (!rule.finding!.every((c) => c.test(f))) continue;
    if (excludes && not.finding.every((c) => c.test(f))) continue;
    (found ??= []).push(i);
  }
  return found;
}

function notByFinding(rule: CompiledRule, s: Subject): boolean {
  const { not } = rule;
  if (!not || not.finding.length === 0 || rule.finding) return false;
  return not.subject.every((c) => c.test(s)) && (s.part?.findings ?? []).some((f) => not.finding.every((c) => c.test(f)));
}

/** Every rule that matches, in source order, exceptions not yet applied. */
function hitsOf(table: RuleTable, s: Subject): Hit[] {
  const hits: Hit[] = [];
  const facts = new Facts(s);
  for (const rule of table.plain[s.what]) if (holds(rule, s, facts) && !notByFinding(rule, s)) hits.push({ rule, found: undefined });
  if (s.part && s.part.findings.length > 0)
    for (const rule of table.finding[s.what]) {
      if (!holds(rule, s, facts)) continue;
      const found = findingsOf(rule, s);
      if (found) hits.push({ rule, found });
    }
  return hits;
}

/** Applies `insteadOf`: a rule for single findings only loosens rules for findings, and only for its own findings. */
function except(hits: Hit[]): Hit[] {
  const excepting = hits.filter((h) => h.rule.insteadOf !== undefined);
  if (excepting.length === 0) return hits;
  const out: Hit[] = [];
  for (const hit of hits) {
    let { found } = hit;
    let gone = false;
    for (const e of excepting) {
      if (e.rule === hit.rule || !e.rule.insteadOf!(hit.rule.id)) continue;
      const lower = ORIGINS.indexOf(hit.rule.origin) < ORIGINS.indexOf(e.rule.origin);
      if (!lower && hit.rule.origin !== e.rule.origin) continue;
      if (lower && !e.rule.mayExcept) continue;
      if (e.found === undefined) gone = true;
      else if (found) found = found.filter((i) => !e.found!.includes(i));
    }
    if (!gone && (found === undefined || found.length > 0)) out.push(found === hit.found ? hit : { rule: hit.rule, found });
  }
  return out;
}

const byStrength = (a: Hit, b: Hit) =>
  RANK[b.rule.does.action] - RANK[a.rule.does.action] ||
  ORIGINS.indexOf(b.rule.origin) - ORIGINS.indexOf(a.rule.origin) ||
  a.rule.order - b.rule.order;

/** What holds where no rule matched: what was judged clean passes; what could not be judged is asked. */
function byDefault(s: Subject): { action: Action; rule: string; sentence: string } {
  if (s.tool) {
    const levels = s.tool.reading.risks.map((r) => r.level);
    if (levels.includes('catastrophic'))
      return { action: 'block', rule: 'builtin/catastrophic', sentence: 'The tool call is catastrophic and no rule speaks about it.' };
    if (levels.includes('risky') || !s.tool.reading.parsed)
      return { action: 'approve', rule: 'builtin/risky', sentence: 'The tool call is risky or unreadable and no rule speaks about it.' };
  }
  if (s.what === 'not-scanned' || s.what === 'provider-tool' || s.what === 'provider-history')
    return { action: 'approve', rule: 'builtin/not-judged', sentence: 'This cannot be looked into and no rule speaks about it.' };
  if (s.budget && s.budget.used >= s.budget.limit)
    return {
      action: 'approve',
      rule: 'builtin/budget',
      sentence: budgetSentence(s.budget),
    };
  return { action: 'allow', rule: 'builtin/allow', sentence: 'No rule speaks against it.' };
}

/** Risk classes and finding categories of a subject, for `mustOpenClasses`. */
function classesOf(s: Subject): string[] {
  return [
    ...(s.tool?.reading.risks.map((r) => r.class) ?? []),
    ...(s.tool?.reading.facts.map((f) => f.kind) ?? []),
    ...(s.part?.findings.map((f) => f.category) ?? []),
  ];
}

function demandFor(hits: readonly Hit[], s: Subject, defaults: DemandDefaults): ApprovalDemand {
  const asking = hits.filter((h) => h.rule.does.action === 'approve').map((h) => demandOf(h.rule.does, defaults));
  const demand = asking.length > 0 ? mergeDemands(asking) : BUILTIN_DEMAND(defaults);
  if (!demand.mustOpen && defaults.mustOpenClasses.length > 0 && classesOf(s).some((c) => defaults.mustOpenClasses.includes(c)))
    return { ...demand, mustOpen: true };
  return demand;
}

/** Demand of the built-in defaults and of rules that are not known (any more). */
export const BUILTIN_DEMAND = (defaults: DemandDefaults): ApprovalDemand => ({
  groups: [],
  minimum: 1,
  separateApprover: false,
  expiresInSeconds: defaults.expiresInSeconds,
  mustOpen: false,
});

/** Judges one subject. Pure: the same rules and subject always give the same judgement. */
export function judge(table: RuleTable, defaults: DemandDefaults, s: Subject): Judgement {
  let hits = hitsOf(table, s);
  if (hits.length > 1) hits = except(hits).sort(byStrength);
  const findings = s.part?.findings ?? (NONE as never[]);
  const findingActions: Action[] = new Array<Action>(findings.length).fill('allow');
  let irreversible: boolean[] | undefined;
  for (const { rule, found } of hits)
    for (const i of found ?? NONE) {
      if (RANK[rule.does.action] > RANK[findingActions[i]!]) findingActions[i] = rule.does.action;
      if (rule.does.action === 'mask' && !rule.does.restore) (irreversible ??= new Array<boolean>(findings.length).fill(false))[i] = true;
    }
  const matched = hits.map(({ rule, found }) => ({ rule: rule.id, action: rule.does.action, sentence: rule.sentence(s, found) }));
  const winner = matched[0] ?? byDefault(s);
  const verdict: Verdict = { action: winner.action, rule: winner.rule, sentence: winner.sentence };
  if (s.part) verdict.partId = s.part.id;
  const led = hits[0]?.found;
  if (led) verdict.entities = [...new Set(led.map((i) => findings[i]!.entity))];
  if (s.tool && s.tool.reading.risks.length > 0) {
    verdict.risks = s.tool.reading.risks.map((r) => r.id);
    verdict.level = LEVELS.find((l) => s.tool!.reading.risks.some((r) => r.level === l));
  }
  if (s.notScanned) verdict.notScanned = { reason: s.notScanned.reason, provenance: s.part?.provenance ?? 'unknown' };
  if (winner.action === 'approve') verdict.approval = demandFor(hits, s, defaults);
  const judgement: Judgement = { verdict, findingActions, matched };
  if (irreversible) judgement.irreversible = irreversible;
  return judgement;
}

/** For tests and explain: does one rule match, exceptions aside? */
export function ruleMatches(rule: CompiledRule, s: Subject): boolean {
  if (rule.whats.length > 0 && !rule.whats.includes(s.what)) return false;
  if (!holds(rule, s, new Facts(s)) || notByFinding(rule, s)) return false;
  return rule.finding === undefined || (s.part !== undefined && findingsOf(rule, s) !== undefined);
}

/** Order of actions, weakest first, for those that compare. */
export const rank = (action: Action): number => ACTIONS.indexOf(action);
