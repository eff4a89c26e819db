import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, ErrorCode, Issuer, Principal, SallyportError, Settings } from '../../proxy/contract/index.js';
import type { Authenticator } from '../../proxy/identity/index.js';
import { openSettings, type SettingsStore } from '../../proxy/settings/index.js';
import { GATEWAY_AUDIENCE, type Idp } from '../../scripts/demo/idp.js';

/** Real time that a test can move. */
export function movableClock(): Clock & { advance(ms: number): void } {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    monotonic: () => performance.now() + offset,
    advance: (ms) => void (offset += ms),
  };
}

/** Settings in a directory of their own, removed when the test ends. */
export async function freshSettings(
  t: { after(run: () => Promise<void>): void },
  change: (draft: Settings) => void = () => undefined,
): Promise<SettingsStore> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-identity-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const store = await openSettings(directory);
  await store.update(change);
  return store;
}

export function issuerOf(idp: Idp, change: Partial<Issuer> = {}): Issuer {
  const signIn = { clientId: idp.clientId, scopes: ['openid', 'profile', 'email', 'groups', 'offline_access'] };
  return issuerWith(idp.issuer, { audience: idp.audience, signIn, ...change });
}

/** An issuer whose tokens let agents in; nobody signs in there. */
export function issuerWith(url: string, change: Partial<Issuer> = {}): Issuer {
  return {
    url,
    name: 'Test IdP',
    audience: GATEWAY_AUDIENCE,
    algorithms: ['ES256', 'RS256', 'EdDSA'],
    typ: 'at+jwt',
    clockSkewSeconds: 5,
    claims: { agent: 'client_id', groups: 'groups' },
    requiredGroups: [],
    defaultScope: { connections: ['*'], models: ['*'], operations: ['*'] },
    ...change,
  };
}

export const bearer = (credential: string) => ['Host', '127.0.0.1:4141', 'Authorization', `Bearer ${credential}`];

/** The principal, or the code of the refusal. */
export async function outcome(authenticator: Authenticator, credential: string): Promise<Principal | ErrorCode> {
  try {
    return await authenticator.authenticate(bearer(credential));
  } catch (error) {
    return (error as SallyportError).code ?? error;
  }
}
