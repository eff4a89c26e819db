import { type Approval, type Grant, SallyportError } from '../contract/index.js';
import { patternProblem, patternTest } from './pattern.js';
import type { ApprovalInput } from './types.js';

export const MAX_GRANT_MINUTES = 24 * 60;

/** Rules of an input that ask for a person; carried-over verdicts ask nobody. */
export const askingRules = (verdicts: readonly Approval['verdicts'][number][]): string[] => [
  ...new Set(verdicts.filter((v) => v.action === 'approve' && !v.carriedOver).map((v) => v.rule)),
];

/** The text that a grant's pattern is over: masked arguments of a tool call, or the masked parts that a person was shown. */
export const grantText = (of: { kind: Approval['kind']; shown: ApprovalInput['shown']; arguments?: string }): string =>
  of.kind === 'tool-call' ? (of.arguments ?? '') : of.shown.map((s) => s.text).join('\n');

export interface ActiveGrant {
  grant: Grant;
  covers: (text: string) => boolean;
  deadlineMonotonic: number;
}

/** Checks and compiles a grant. @throws SallyportError invalid */
export function compileGrant(grant: Grant, deadlineMonotonic: number): ActiveGrant {
  const wrong = patternProblem(grant.pattern);
  if (wrong) throw new SallyportError('invalid', wrong);
  return { grant, covers: patternTest(grant.pattern), deadlineMonotonic };
}

/** Does this grant stand for a person's approval of this? Only where one person would do, and for no rule or risk beyond it. */
export function grantCovers(active: ActiveGrant, input: ApprovalInput, now: { wall: number; monotonic: number }): boolean {
  const { grant } = active;
  if (grant.revokedAt !== undefined || now.wall >= Date.parse(grant.expiresAt) || now.monotonic >= active.deadlineMonotonic) return false;
  if (grant.agentId !== input.agent.id || grant.tool !== (input.kind === 'tool-call' ? (input.tool?.name ?? '') : 'request')) return false;
  if (grant.session !== undefined && grant.session !== input.session) return false;
  if (grant.connection !== undefined && grant.connection !== input.connection) return false;
  if ([input.demand, ...(input.demand.and ?? [])].some((d) => d.minimum > 1)) return false;
  const rules = askingRules(input.verdicts);
  if (rules.length === 0 || !rules.every((r) => grant.rules.includes(r))) return false;
  if ((input.tool?.risks ?? []).some((r) => r.level !== 'notable' && !(grant.risks ?? []).includes(r.id))) return false;
  return active.covers(grantText({ kind: input.kind, shown: input.shown, ...(input.tool ? { arguments: input.tool.arguments } : {}) }));
}
