import { type CryptoKey, createLocalJWKSet, errors, type FlattenedJWSInput, type JSONWebKeySet, type JWTHeaderParameters } from 'jose';
import { type Clock, SallyportError } from '../contract/index.js';
import { isLoopbackUrl } from '../settings/index.js';
import { type Fetch, fetchJson } from './fetch-json.js';
import type { State } from './sealed-state.js';

/*
 * What an attacker could do here: name a key of their own (`jku`, `x5u`, `jwk`, `x5c` in the token's header are never read; keys
 * come from the issuer's discovery document alone), make us download without end (one download at a time, a cooldown between
 * them, unknown key ids are remembered), or cut us off from the issuer (known keys keep working).
 */

/** Keys of one issuer, as they survive a restart. */
export interface SavedKeys {
  issuer: string;
  keys: JSONWebKeySet;
  fetchedAtMs: number;
}

export interface IssuerKeys {
  /** For jose: the key that a token's header names. @throws SallyportError identity_unavailable, bad_credential */
  resolve(header: JWTHeaderParameters | undefined, token: FlattenedJWSInput | undefined): Promise<CryptoKey>;
}

export interface IssuerKeysOptions {
  issuer: string;
  fetch: Fetch;
  clock: Clock;
  saved?: State<SavedKeys>;
  /** Called when another key set is in use, so that results of the old one are forgotten. */
  onKeys?: () => void;
  cooldownMs?: number;
  /** Known keys older than this are looked up again in the background, so that a withdrawn key stops being trusted. */
  refreshAfterMs?: number;
}

const MAX_SAVED_AGE_MS = 7 * 86_400_000;
const RETRY_AFTER_FAILURE_MS = 2000;

/**
 * Discovery and JWKS of one issuer. jose's own remote key set fails every token when its cache is old and the issuer is down;
 * this one goes on with the keys it knows, and tells "unknown because the issuer is down" (503) from "unknown" (401).
 */
export function createIssuerKeys(options: IssuerKeysOptions): IssuerKeys {
  const { issuer, clock, cooldownMs = 30_000, refreshAfterMs = 600_000 } = options;
  let local: ReturnType<typeof createLocalJWKSet> | undefined;
  let known = '';
  let fetchedAtMs = 0;
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let attemptFailed = false;
  let restored: Promise<void> | undefined;
  let loading: Promise<boolean> | undefined;
  /** Key ids that the present key set was asked for right after a download, and does not have. */
  const missing = new Set<string>();

  const use = (keys: JSONWebKeySet, atMs: number) => {
    const text = JSON.stringify(keys);
    fetchedAtMs = atMs;
    missing.clear();
    if (text === known) return;
    local = createLocalJWKSet(keys);
    const first = known === '';
    known = text;
    if (!first) options.onKeys?.();
  };

  const restore = async () => {
    const saved = await options.saved?.read();
    if (local === undefined && saved?.issuer === issuer && clock.now() - saved.fetchedAtMs < MAX_SAVED_AGE_MS) {
      use(saved.keys, saved.fetchedAtMs);
    }
  };

  const download = async (): Promise<boolean> => {
    attemptedAt = clock.monotonic();
    try {
      const keys = await downloadKeys(options.fetch, issuer);
      use(keys, clock.now());
      attemptFailed = false;
      // A key set that cannot be saved is only looked up again after a restart.
      options.saved?.write({ issuer, keys, fetchedAtMs }).catch(() => undefined);
    } catch {
      attemptFailed = true;
    }
    return !attemptFailed;
  };
  const reload = () => {
    loading ??= download().finally(() => {
      loading = undefined;
    });
    return loading;
  };
  const mayReload = () => loading !== undefined || clock.monotonic() - attemptedAt >= (attemptFailed ? RETRY_AFTER_FAILURE_MS : cooldownMs);
  const unavailable = () =>
    new SallyportError(
      'identity_unavailable',
      `The identity provider ${issuer} cannot be asked for the key that signed this token. Nothing was let through; try again shortly.`,
      { rule: 'issuers' },
    );

  return {
    async resolve(header, token) {
      restored ??= restore();
      await restored;
      // A download in this very call was made for this token.
      const fetchedHere = local === undefined;
      if (fetchedHere && (!mayReload() || !(await reload()))) throw unavailable();
      const ageMs = clock.now() - fetchedAtMs;
      if ((ageMs > refreshAfterMs || ageMs < 0) && mayReload()) void reload();
      try {
        return await local!(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      }
      const id = `${header?.alg}\n${header?.kid ?? ''}`.slice(0, 300);
      if (missing.has(id)) throw unknownKey();
      if (!fetchedHere && (!mayReload() || !(await reload()))) throw unavailable();
      try {
        return await local!(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        if (missing.size < 1000) missing.add(id);
        throw unknownKey();
      }
    },
  };
}

function unknownKey(): SallyportError {
  return new SallyportError('bad_credential', 'The token was signed with a key that its issuer does not publish.', { rule: 'issuers' });
}

async function downloadKeys(fetch: Fetch, issuer: string): Promise<JSONWebKeySet> {
  const metadata = (await fetchJson(fetch, `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)) as Record<string, unknown>;
  // RFC 8414 §3.3: a document that names another issuer must not be used.
  if (metadata['issuer'] !== issuer) throw new Error('the discovery document names another issuer');
  const address = metadata['jwks_uri'];
  if (typeof address !== 'string' || !URL.canParse(address)) throw new Error('the discovery document has no jwks_uri');
  if (isLoopbackUrl(address) && !isLoopbackUrl(issuer)) throw new Error('the discovery document leads to this computer');
  const keys = (await fetchJson(fetch, address)) as JSONWebKeySet;
  if (!Array.isArray(keys?.keys) || keys.keys.length === 0 || keys.keys.length > 200) throw new Error('the key set cannot be used');
  // Symmetric keys have no place in a published set.
  const usable = { keys: keys.keys.filter((key) => key.kty !== 'oct') };
  createLocalJWKSet(usable);
  return usable;
}
