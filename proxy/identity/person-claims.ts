import * as oidc from 'openid-client';
import { type Issuer, type Person, SallyportError, type Settings } from '../contract/index.js';
import { claimAt, groupsAt } from './claims.js';

type Tokens = oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers;

/**
 * Who signed in: from the ID token; groups also from userinfo where the ID token has none.
 * @throws SallyportError bad_credential when there is no ID token
 */
export async function personOf(config: oidc.Configuration, tokens: Tokens, issuer: Issuer, expectedSub?: string): Promise<Person> {
  const claims = tokens.claims();
  const sub = claims?.sub ?? expectedSub;
  if (sub === undefined)
    throw new SallyportError('bad_credential', 'The identity provider gave no ID token (is "openid" among the scopes?).');
  if (expectedSub !== undefined && sub !== expectedSub)
    throw new SallyportError('bad_credential', 'The identity provider answered for another person.');
  let from: object = claims ?? {};
  if (claimAt(from, issuer.claims.groups) === undefined && config.serverMetadata().userinfo_endpoint !== undefined) {
    const info = await oidc.fetchUserInfo(config, tokens.access_token, sub).catch(() => undefined);
    if (info !== undefined) from = { ...info, ...from };
  }
  return { id: personId(issuer.url, sub), name: nameIn(from) ?? sub, groups: groupsAt(from, issuer.claims.groups), via: 'oidc' };
}

export function personId(issuer: string, sub: string): string {
  return `${issuer}|${sub}`;
}

/** @throws SallyportError group_missing */
export function requireGroups(person: Person, issuer: Issuer, identity: Settings['identity']): void {
  for (const [required, rule] of [
    [issuer.requiredGroups, `issuers "${issuer.name}" requiredGroups`],
    [identity.requiredGroups, 'identity.requiredGroups'],
  ] as const) {
    if (required.length > 0 && !required.some((group) => person.groups.includes(group))) {
      throw new SallyportError('group_missing', `${person.name} is in none of the required groups (${required.join(', ')}).`, { rule });
    }
  }
}

function nameIn(claims: object): string | undefined {
  for (const key of ['name', 'preferred_username', 'email']) {
    const value = (claims as Record<string, unknown>)[key];
    if (typeof value === 'string' && value !== '') return value.slice(0, 200);
  }
  return undefined;
}
