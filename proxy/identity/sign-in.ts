import { randomBytes } from 'node:crypto';
import type * as oidc from 'openid-client';
import { type Clock, type Issuer, type Person, SallyportError, type SecretStore } from '../contract/index.js';
import type { SettingsStore } from '../settings/index.js';
import { connectIssuer, outcomeOf } from './oidc-client.js';
import type { Owners } from './owners.js';
import { personOf, requireGroups } from './person-claims.js';
import type { PersonRoom } from './persons.js';
import { createRefresher, type Refresher } from './refresh.js';
import { browserFlow, deviceFlow, type Flow, type Tokens } from './sign-in-flows.js';

/*
 * What an attacker could do here: answer the redirect instead of the identity provider (state, nonce, PKCE, one shot, this
 * computer only), take the code (useless without the verifier), lead the person to another issuer (the issuer comes from the
 * settings, its ID token is checked against its own keys), or steal the refresh token (it is in the SecretStore, rotates, and a
 * second use of an old one ends the session at the provider).
 */

export interface SignInAttempt {
  id: string;
  flow: 'browser' | 'device';
  issuer: string;
  /** To be opened in the system's browser; for the device flow the verification address (complete where the issuer gives it). */
  url: string;
  userCode?: string;
  expiresAt: string;
}

/** Sign-in of persons by OIDC. */
export interface SignIn {
  /** Begins; the caller shows `url`. @throws SallyportError identity_unavailable, not_found */
  begin(input: { issuer?: string; flow: 'browser' | 'device' }): Promise<SignInAttempt>;
  /** Resolves when the person is done. @throws SallyportError bad_credential, group_missing, identity_unavailable, not_found */
  wait(id: string, signal?: AbortSignal): Promise<{ capability: string; person: Person }>;
  cancel(id: string): void;
  /** Begin, open the browser, wait: for a caller that can do all three. */
  signIn(input: {
    issuer?: string;
    openBrowser(url: string): unknown;
    signal?: AbortSignal;
  }): Promise<{ capability: string; person: Person }>;
  /** The session ends here, and at the provider where it can. @throws SallyportError person_required */
  signOut(capability: string): Promise<{ endSessionUrl?: string }>;
  /** Asks the provider for a person's groups now; what `start` does from time to time. */
  refresh(personId: string): ReturnType<Refresher['refresh']>;
  /** `unreachable`: the provider did not answer the last time; groups hold for the stated time. */
  states(): ReturnType<Refresher['states']>;
  /** Begins to refresh in the background. */
  start(): void;
  close(): void;
}

export interface SignInOptions {
  settings: SettingsStore;
  secrets: SecretStore;
  persons: PersonRoom;
  owners: Owners;
  clock: Clock;
  /** Milliseconds that a person may take in the browser; default 5 minutes. */
  patienceMs?: number;
  /** Seconds between two polls of the device flow, where the provider does not say. */
  devicePollSeconds?: number;
}

interface Running {
  result: Promise<{ capability: string; person: Person }>;
  stop(): void;
}

const MAX_RUNNING = 10;

/** Authorization code with PKCE on a loopback redirect (RFC 8252), and the device flow (RFC 8628). */
export function createSignIn(options: SignInOptions): SignIn {
  const { settings, persons, owners, clock, patienceMs = 300_000 } = options;
  const refresher = createRefresher(options);
  const running = new Map<string, Running>();

  /** Lets a flow run to its end beside the caller, who asks for the result when it likes. */
  const run = (issuer: Issuer, config: oidc.Configuration, flow: Flow): string => {
    if (running.size >= MAX_RUNNING) running.get(running.keys().next().value!)?.stop();
    const id = randomBytes(24).toString('base64url');
    const stop = new AbortController();
    const stopped = new Promise<never>((_, reject) => {
      stop.signal.addEventListener('abort', () =>
        reject(new SallyportError('bad_credential', 'The sign-in was given up or took too long.')),
      );
    });
    const timer = setTimeout(() => stop.abort(), patienceMs);
    timer.unref();
    const result = Promise.race([flow.tokens(), stopped])
      .then((tokens) => complete(issuer, config, tokens))
      .catch((error: unknown) => {
        throw outcomeOf(error).error;
      })
      .finally(() => {
        clearTimeout(timer);
        // Kept a while for a caller that polls.
        setTimeout(() => running.delete(id), 60_000).unref();
      });
    void result
      .then(
        () => flow.ended?.(),
        (error: Error) => flow.ended?.(error.message),
      )
      .finally(flow.cleanup);
    running.set(id, {
      result,
      stop: () => {
        running.delete(id);
        stop.abort();
      },
    });
    return id;
  };

  const complete = async (issuer: Issuer, config: oidc.Configuration, tokens: Tokens) => {
    const person = await personOf(config, tokens, issuer);
    const admitted = () => requireGroups(person, issuer, settings.get().identity);
    try {
      admitted();
    } catch (error) {
      // Whoever is not allowed in any more takes their agents with them; a stranger leaves nothing behind.
      if (owners.get(person.id)) await refresher.end(person, 'revoked');
      throw error;
    }
    await refresher.begin(person, issuer, tokens);
    return persons.give(person);
  };

  const service: SignIn = {
    async begin({ issuer: url, flow }) {
      const issuer = chosen(settings.get().issuers, url);
      const config = await connectIssuer(issuer);
      const begun = flow === 'browser' ? await browserFlow(config, issuer) : await deviceFlow(config, issuer, options.devicePollSeconds);
      const lastsMs = Math.min(patienceMs, (begun.expiresIn ?? Number.POSITIVE_INFINITY) * 1000);
      return {
        id: run(issuer, config, begun),
        flow,
        issuer: issuer.url,
        url: begun.url,
        ...(begun.userCode === undefined ? {} : { userCode: begun.userCode }),
        expiresAt: new Date(clock.now() + lastsMs).toISOString(),
      };
    },
    async wait(id, signal) {
      const attempt = running.get(id);
      if (attempt === undefined)
        throw new SallyportError('not_found', 'This sign-in has ended or never began. Begin again: sallyport login.');
      const given = await untilAborted(attempt.result, signal);
      // The capability is given out once.
      if (!running.delete(id)) throw new SallyportError('not_found', 'This sign-in was taken by another caller.');
      return given;
    },
    cancel: (id) => running.get(id)?.stop(),
    async signIn({ issuer, openBrowser, signal }) {
      const attempt = await service.begin({ flow: 'browser', ...(issuer === undefined ? {} : { issuer }) });
      try {
        await openBrowser(attempt.url);
        return await service.wait(attempt.id, signal);
      } catch (error) {
        service.cancel(attempt.id);
        throw error;
      }
    },
    async signOut(capability) {
      const person = persons.require(capability);
      persons.lock(capability);
      return person.via === 'oidc' ? refresher.end(person, 'signed-out') : {};
    },
    refresh: (personId) => refresher.refresh(personId),
    states: () => refresher.states(),
    start: () => refresher.start(),
    close() {
      for (const { stop } of [...running.values()]) stop();
      refresher.close();
    },
  };
  return service;
}

function chosen(issuers: readonly Issuer[], url: string | undefined): Issuer {
  const able = issuers.filter((issuer) => issuer.signIn !== undefined);
  const issuer = url === undefined ? able[0] : able.find((candidate) => candidate.url === url);
  if (issuer === undefined || (url === undefined && able.length > 1)) {
    const which =
      able.length === 0
        ? 'No issuer signs persons in here; add a signIn client id to one.'
        : `Name one of: ${able.map((one) => one.url).join(', ')}.`;
    throw new SallyportError('not_found', which, { rule: 'issuers.signIn' });
  }
  return issuer;
}

function untilAborted<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return result;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
