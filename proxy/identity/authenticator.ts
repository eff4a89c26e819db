import { type Agent, type Clock, type Principal, SallyportError } from '../contract/index.js';
import type { SettingsStore } from '../settings/index.js';
import { subjectOf } from './claims.js';
import { CREDENTIAL_HEADERS, extractCredential } from './extract.js';
import type { Fetch } from './fetch-json.js';
import { createIssuerKeys, type IssuerKeys, type SavedKeys } from './issuer-keys.js';
import { credentialHash, isAgentKey, sameSecret } from './keys.js';
import type { Owners } from './owners.js';
import { type Authenticated, principalOfAgent, principalOfToken } from './principal.js';
import type { State } from './sealed-state.js';
import type { Authenticator } from './types.js';
import { claimedIssuer, verifyToken } from './verify-token.js';

/*
 * What an attacker could do here: guess a key (256 bits, looked up by its SHA-256, compared in constant time), send two
 * credentials and hope that two readers disagree (refused), forge or replay a token (signature, issuer, audience, type, times;
 * see verify-token.ts), go on with a key that was taken away (everything remembered is dropped at each change of settings,
 * owners or issuer keys, before the next request is judged).
 */

export interface AuthenticatorOptions {
  settings: SettingsStore;
  clock: Clock;
  /** Without it only the local person's agents are let in. */
  owners?: Owners;
  fetch?: Fetch;
  /** Where an issuer's keys are kept over a restart. */
  savedKeys?: (issuer: string) => State<SavedKeys>;
  /** Time between two downloads of an issuer's keys for unknown key ids; default 30 s. */
  jwksCooldownMs?: number;
  /** Age at which known keys are looked up again; default 10 min. */
  jwksRefreshAfterMs?: number;
}

/** Credentials that are remembered at most. */
const MAX_REMEMBERED = 10_000;

/** The one reader of credentials on the data path. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { settings, clock, owners } = options;
  /** Full SHA-256 of a credential → who it is, until when. */
  const remembered = new Map<string, Authenticated>();
  const pending = new Map<string, Promise<Principal>>();
  const issuerKeys = new Map<string, IssuerKeys>();
  const retired = new Set<string>();
  let agentsByHash = new Map<string, Agent>();
  let generation = 0;

  const forget = () => {
    generation++;
    remembered.clear();
    pending.clear();
  };
  const readAgents = () => {
    const before = agentsByHash;
    agentsByHash = new Map(settings.get().agents.flatMap((agent) => (agent.keyHash ? [[agent.keyHash, agent] as const] : [])));
    // A key that was rotated away says so to whoever still uses it.
    for (const hash of before.keys()) if (!agentsByHash.has(hash) && retired.size < MAX_REMEMBERED) retired.add(hash);
    forget();
  };
  readAgents();
  const stopListening = [settings.onChange(readAgents), owners?.onChange(forget)];

  const remember = (hash: string, authenticated: Authenticated): Principal => {
    if (remembered.size >= MAX_REMEMBERED) remembered.delete(remembered.keys().next().value!);
    remembered.set(hash, authenticated);
    return authenticated.principal;
  };
  const situation = (hash: string) => ({ settings: settings.get(), owners, nowMs: clock.now(), credentialId: hash.slice(0, 16) });

  const byKey = (hash: string): Principal => {
    const agent = agentsByHash.get(hash);
    if (agent?.keyHash !== undefined && sameSecret(agent.keyHash, hash)) return remember(hash, principalOfAgent(agent, situation(hash)));
    if (retired.has(hash)) {
      throw new SallyportError('revoked_credential', 'This agent key was rotated or removed. Use the new one; `sallyport env` prints one.');
    }
    throw new SallyportError('bad_credential', 'No agent has this key. `sallyport agents` lists the agents, `sallyport env` prints a key.');
  };

  const keysOf = (issuer: string): IssuerKeys => {
    let keys = issuerKeys.get(issuer);
    if (keys === undefined) {
      keys = createIssuerKeys({
        issuer,
        clock,
        fetch: options.fetch ?? fetch,
        onKeys: forget,
        ...(options.savedKeys ? { saved: options.savedKeys(issuer) } : {}),
        ...(options.jwksCooldownMs === undefined ? {} : { cooldownMs: options.jwksCooldownMs }),
        ...(options.jwksRefreshAfterMs === undefined ? {} : { refreshAfterMs: options.jwksRefreshAfterMs }),
      });
      issuerKeys.set(issuer, keys);
    }
    return keys;
  };

  const byToken = async (token: string, hash: string): Promise<Principal> => {
    for (;;) {
      const began = generation;
      const claimed = claimedIssuer(token);
      const issuer = claimed === undefined ? undefined : settings.get().issuers.find(({ url }) => url === claimed);
      if (issuer === undefined) throw notACredential(claimed);
      const claims = await verifyToken(token, issuer, keysOf(issuer.url), clock.now());
      // Settings, owners or keys changed while the signature was checked: judge it by what holds now.
      if (generation !== began) continue;
      const subject = subjectOf(claims, issuer.claims);
      if (subject === undefined) {
        throw new SallyportError('bad_credential', `The token of ${issuer.name} does not name an agent in "${issuer.claims.agent}".`, {
          rule: 'issuers.claims.agent',
        });
      }
      const endsMs = (claims.exp + issuer.clockSkewSeconds) * 1000;
      const authenticated = principalOfToken(subject, issuer, endsMs, situation(hash));
      return remember(hash, { ...authenticated, untilMs: Math.min(authenticated.untilMs, claims.exp * 1000) });
    }
  };

  return {
    credentialHeaders: CREDENTIAL_HEADERS,
    authenticate(rawHeaders) {
      const credential = extractCredential(rawHeaders);
      const hash = credentialHash(credential);
      const known = remembered.get(hash);
      if (known !== undefined) {
        if (clock.now() < known.untilMs) return known.principal;
        remembered.delete(hash);
      }
      if (isAgentKey(credential)) return byKey(hash);
      const running = pending.get(hash);
      if (running !== undefined) return running;
      const run = byToken(credential, hash).finally(() => {
        if (pending.get(hash) === run) pending.delete(hash);
      });
      pending.set(hash, run);
      return run;
    },
    close() {
      for (const stop of stopListening) stop?.();
      forget();
      issuerKeys.clear();
    },
  };
}

function notACredential(issuer: string | undefined): SallyportError {
  const what =
    issuer === undefined
      ? 'The credential is neither an agent key (sp_…) nor a token. If it is a provider key: the gateway keeps that one, agents send theirs.'
      : 'The token comes from an issuer that is not configured here.';
  return new SallyportError('bad_credential', what, { rule: 'issuers' });
}
