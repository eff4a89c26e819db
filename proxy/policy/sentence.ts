import type { Rule } from './document.js';
import type { Subject } from './types.js';

const clean = (text: string) => text.replace(/[\p{Cc}\p{Cf}]/gu, '').slice(0, 80);

const list = (items: Iterable<string>) => {
  const all = [...new Set(items)].map(clean);
  return all.length > 4 ? `${all.slice(0, 4).join(', ')} and ${all.length - 4} more` : all.join(', ');
};

const VERB = { allow: 'allows', mask: 'masks', approve: 'asks a person about', block: 'blocks' } as const;

/** What a sentence is about where the rule has no words of its own. */
function about(s: Subject): string {
  if (s.tool) return `the call of ${clean(s.tool.name)}`;
  if (s.providerTool) return `the provider tool ${clean(s.providerTool.name)}`;
  if (s.notScanned) return `content that was not scanned (${s.notScanned.reason})`;
  if (s.budget) return `a request over the budget ${clean(s.budget.id)}`;
  return s.what === 'exchange' ? 'this request' : 'this part';
}

/** Facts that a rule's `sentence` may name in braces. Never content, never a value. */
const FACTS: Record<string, (s: Subject, findings: readonly number[] | undefined) => string> = {
  agent: (s) => clean(s.agent.name),
  connection: (s) => clean(s.connection),
  model: (s) => clean(s.model ?? 'no model'),
  operation: (s) => s.operation,
  entities: (s, found) => list((found ?? []).map((i) => s.part!.findings[i]!.entity)),
  tool: (s) => clean(s.tool?.name ?? 'no tool'),
  risks: (s) => list((s.tool?.reading.risks ?? []).map((r) => r.sentence.replace(/\.$/, ''))),
  restores: (s) => list(s.tool?.restoredEntities ?? []),
  providerTool: (s) => clean(s.providerTool?.name ?? 'no tool'),
  host: (s) => clean(s.providerTool?.host ?? 'the provider'),
  reason: (s) => s.notScanned?.reason ?? '',
  provenance: (s) => s.part?.provenance ?? 'unknown',
  budget: (s) => (s.budget ? usedOf(s.budget) : ''),
};

/** Names that may stand in braces in a sentence. */
export const SENTENCE_FACTS = Object.keys(FACTS);

/** Compiles the sentence of a rule. */
export function sentenceOf(rule: Rule, id: string): (s: Subject, findings: readonly number[] | undefined) => string {
  const template = rule.sentence;
  const { action } = rule.does;
  if (template === undefined)
    return (s, found) =>
      found && found.length > 0 ? `${id} ${VERB[action]} ${FACTS['entities']!(s, found)}.` : `${id} ${VERB[action]} ${about(s)}.`;
  if (!template.includes('{')) return () => template;
  return (s, found) => template.replace(/\{(\w+)\}/g, (whole, name: string) => FACTS[name]?.(s, found) ?? whole);
}

/** `4.90 of 5.00 USD`: money with two decimals, or more where it is less than a cent. */
function usedOf({ used, limit, unit }: NonNullable<Subject['budget']>): string {
  const digits = unit === 'tokens' || unit === 'requests' ? 0 : limit >= 0.1 ? 2 : 6;
  return `${used.toFixed(digits)} of ${limit.toFixed(digits)} ${unit}`;
}

/** What a person is asked when a budget is reached and no rule says it. */
export const budgetSentence = (budget: NonNullable<Subject['budget']>): string => `Budget: ${usedOf(budget)} used. Continue?`;
