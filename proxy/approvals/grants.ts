import { type Approval, type Grant, type Person, SallyportError } from '../contract/index.js';
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

export interface GrantWish {
  id: string;
  approval: Approval;
  input: ApprovalInput;
  /** What the pattern is over, as approved. */
  text: string;
  wanted: { pattern: string; minutes: number; session?: boolean };
  person: Person;
  now: { wall: number; monotonic: number };
}

/** The grant that a person gives with an approval. Pure. @throws SallyportError invalid, forbidden */
export function makeGrant({ id, approval, input, text, wanted, person, now }: GrantWish): Grant {
  if (!(wanted.minutes > 0 && wanted.minutes <= MAX_GRANT_MINUTES))
    throw new SallyportError('invalid', 'A grant lasts from 1 minute to 24 hours');
  if ([approval.demand, ...(approval.demand.and ?? [])].some((d) => d.minimum > 1))
    throw new SallyportError('forbidden', 'Where several persons must approve, each time is asked: no grant');
  const grant: Grant = {
    id,
    agentId: approval.agent.id,
    tool: approval.kind === 'tool-call' ? (approval.tool?.name ?? '') : 'request',
    rules: askingRules(approval.verdicts),
    risks: (approval.tool?.risks ?? []).map((r) => r.id),
    connection: approval.connection,
    pattern: wanted.pattern,
    createdBy: person.id,
    createdAt: new Date(now.wall).toISOString(),
    expiresAt: new Date(now.wall + wanted.minutes * 60_000).toISOString(),
    uses: 0,
  };
  if (wanted.session) grant.session = approval.session;
  const active = compileGrant(grant, now.monotonic + wanted.minutes * 60_000);
  if (!active.covers(text)) throw new SallyportError('invalid', 'The pattern does not cover what you are approving');
  if (!grantCovers(active, input, now)) throw new SallyportError('invalid', 'The grant would not cover what you are approving');
  return grant;
}
