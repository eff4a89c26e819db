import type { Approval } from '../contract/index.js';
import { askingRules } from './grants.js';
import { narrowest, patternTest } from './pattern.js';
import type { GrantSuggestion } from './types.js';

/** How many alike approvals make a suggestion. */
const ALIKE = 3;
/** How many of the latest are compared. */
const LATEST = 6;

const likeness = (a: Approval): string =>
  JSON.stringify([
    a.kind,
    a.agent.id,
    a.connection,
    a.tool?.name ?? 'request',
    askingRules(a.verdicts).sort(),
    (a.tool?.risks ?? []).map((r) => r.id).sort(),
  ]);

/**
 * After three alike approvals by a person (same agent, tool, rules and risks): the narrow pattern that covers them all. Never where
 * several persons must approve. Pure; the one asked about may be pending.
 */
export function suggestFrom(
  one: { approval: Approval; text: string },
  past: readonly { approval: Approval; text: string }[],
): GrantSuggestion | undefined {
  const { approval } = one;
  if (approval.grantId !== undefined || [approval.demand, ...(approval.demand.and ?? [])].some((d) => d.minimum > 1)) return undefined;
  const key = likeness(approval);
  const alike = past
    .filter(
      ({ approval: a }) =>
        a.id !== approval.id && (a.state === 'approved' || a.state === 'used') && a.grantId === undefined && likeness(a) === key,
    )
    .sort((a, b) => (a.approval.createdAt < b.approval.createdAt ? 1 : -1))
    .slice(0, LATEST);
  const decided = approval.state === 'approved' || approval.state === 'used' ? 1 : 0;
  if (alike.length + decided < ALIKE) return undefined;
  const pattern = narrowest([one.text, ...alike.map((p) => p.text)]);
  if (pattern === undefined) return undefined;
  const covers = patternTest(pattern);
  const covered = alike.filter((p) => covers(p.text)).length + decided;
  return {
    pattern,
    tool: approval.kind === 'tool-call' ? (approval.tool?.name ?? '') : 'request',
    rules: askingRules(approval.verdicts),
    alike: covered,
  };
}
