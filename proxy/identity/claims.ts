import type { JWTPayload } from 'jose';

/** What the gateway reads from a verified token. */
export interface TokenSubject {
  agent: string;
  /** Who the token was given for, where that is not the agent itself: a person who uses it. */
  sub?: string;
  groups: string[];
}

/**
 * Looks a claim up: by its literal name first (`https://example.com/groups` has dots of its own), then as a dot path
 * (`realm_access.roles`). Only own properties count.
 */
export function claimAt(claims: object, path: string): unknown {
  if (Object.hasOwn(claims, path)) return (claims as Record<string, unknown>)[path];
  let at: unknown = claims;
  for (const step of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}

/** Groups as a list; a single string is one group; anything else is none. */
export function groupsAt(claims: object, path: string): string[] {
  const value = claimAt(claims, path);
  if (typeof value === 'string') return value === '' ? [] : [value];
  return Array.isArray(value) ? value.filter((group): group is string => typeof group === 'string' && group !== '') : [];
}

/** Undefined where the token does not name an agent. */
export function subjectOf(claims: JWTPayload, paths: { agent: string; groups: string }): TokenSubject | undefined {
  const agent = claimAt(claims, paths.agent);
  if (typeof agent !== 'string' || agent === '' || agent.length > 500) return undefined;
  const { sub } = claims;
  return { agent, groups: groupsAt(claims, paths.groups), ...(typeof sub === 'string' && sub !== '' ? { sub } : {}) };
}
