import { createHash } from 'node:crypto';
import { type Agent, type Issuer, type Principal, SallyportError, type Settings } from '../contract/index.js';
import type { TokenSubject } from './claims.js';
import { type Owners, ownerStanding } from './owners.js';

/** A principal and the time until which it may be served from memory. */
export interface Authenticated {
  principal: Principal;
  untilMs: number;
}

interface Situation {
  settings: Settings;
  owners: Owners | undefined;
  nowMs: number;
  credentialId: string;
}

/**
 * A stored agent that showed its key, or a token that stands for it.
 * @throws SallyportError revoked_credential, expired_credential, owner_locked, group_missing, identity_unavailable
 */
export function principalOfAgent(agent: Agent, at: Situation, token?: { groups: string[]; untilMs: number }): Authenticated {
  if (agent.revokedAt !== undefined) {
    throw new SallyportError(
      'revoked_credential',
      `The agent "${agent.name}" was revoked at ${agent.revokedAt}. Ask its owner for a new one.`,
    );
  }
  const agentUntilMs = agent.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(agent.expiresAt);
  // Not `now >= end`: a time that cannot be read must count as ended.
  if (!(at.nowMs < agentUntilMs)) {
    throw new SallyportError(
      'expired_credential',
      `The agent "${agent.name}" expired at ${agent.expiresAt}. Its owner can extend it or create a new one.`,
    );
  }
  const owner = ownerStanding(agent.owner, at.owners?.get(agent.owner), at.settings.identity, at.nowMs);
  if (owner.state !== 'ok') throw standingError(owner);
  let groups = owner.groups === undefined ? agent.groups : cut(agent.groups, owner.groups);
  if (token !== undefined) groups = cut(groups, token.groups);
  const endsMs = Math.min(agentUntilMs, token?.untilMs ?? Number.POSITIVE_INFINITY);
  const principal: Principal = {
    agentId: agent.id,
    name: agent.name,
    owner: agent.owner,
    groups,
    scope: agent.scope,
    via: token === undefined ? 'key' : 'token',
    credentialId: at.credentialId,
    ...(Number.isFinite(endsMs) ? { expiresAtMs: endsMs } : {}),
    ...(agent.cwd === undefined ? {} : { cwd: agent.cwd }),
  };
  return { principal, untilMs: Math.min(endsMs, owner.untilMs) };
}

/**
 * Who a verified token stands for: the stored agent with its subject, else what the issuer's `defaultScope` gives to strangers.
 * @throws SallyportError as {@link principalOfAgent}, and bad_credential when no agent is registered and there is no default
 */
export function principalOfToken(subject: TokenSubject, issuer: Issuer, untilMs: number, at: Situation): Authenticated {
  requireGroup(subject.groups, issuer.requiredGroups, `issuers "${issuer.name}" requiredGroups`);
  const own = at.settings.agents.filter((agent) => agent.subject?.issuer === issuer.url && agent.subject.sub === subject.agent);
  // A live one wins over revoked ones; only revoked ones refuse.
  const agent = own.find((candidate) => candidate.revokedAt === undefined) ?? own[0];
  if (agent !== undefined) return principalOfAgent(agent, at, { groups: subject.groups, untilMs });
  if (issuer.defaultScope === undefined) {
    throw new SallyportError(
      'bad_credential',
      `The token of ${issuer.name} is genuine, but no agent is registered for its subject. Register one with this subject, or give the issuer a defaultScope.`,
      { rule: 'issuers.defaultScope' },
    );
  }
  requireGroup(subject.groups, at.settings.identity.requiredGroups, 'identity.requiredGroups');
  // A token of a person who is known here: signed out or withdrawn there, it opens nothing.
  const owner = `${issuer.url}|${subject.sub ?? subject.agent}`;
  const record = at.owners?.get(owner);
  if (record !== undefined) {
    const standing = ownerStanding(owner, record, at.settings.identity, at.nowMs);
    if (standing.state === 'locked') throw standingError(standing);
  }
  const principal: Principal = {
    agentId: tokenAgentId(issuer.url, subject.agent),
    name: subject.agent,
    owner,
    groups: subject.groups,
    scope: issuer.defaultScope,
    via: 'token',
    expiresAtMs: untilMs,
    credentialId: at.credentialId,
  };
  return { principal, untilMs };
}

/** The same id for the same subject of the same issuer, always. */
function tokenAgentId(issuer: string, subject: string): string {
  return `ag_oidc_${createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest('base64url')
    .slice(0, 22)}`;
}

function requireGroup(groups: string[], required: readonly string[], rule: string): void {
  if (required.length === 0 || required.some((group) => groups.includes(group))) return;
  throw new SallyportError('group_missing', `The token carries none of the required groups (${required.join(', ')}).`, { rule });
}

function standingError(standing: { state: 'locked' | 'stale' | 'group-missing'; sentence: string }): SallyportError {
  const code = ({ locked: 'owner_locked', stale: 'identity_unavailable', 'group-missing': 'group_missing' } as const)[standing.state];
  return new SallyportError(code, standing.sentence, { rule: 'identity' });
}

function cut(groups: readonly string[], by: readonly string[]): string[] {
  return groups.filter((group) => by.includes(group));
}
