import * as oidc from 'openid-client';
import type { Issuer } from '../contract/index.js';
import { receiveRedirect } from './loopback-redirect.js';
import { outcomeOf } from './oidc-client.js';

export type Tokens = oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers;

/** A flow that was begun: what to show, and how it ends. */
export interface Flow {
  url: string;
  userCode?: string;
  /** Seconds that the provider gives the person. */
  expiresIn?: number;
  /** Resolves when the person is done at the provider. */
  tokens(): Promise<Tokens>;
  /** Tells the person at the provider how it ended, where there is a page to tell it on. */
  ended?(problem?: string): Promise<void>;
  /** Frees ports and stops polling. */
  cleanup(): void;
}

/** Authorization code with PKCE, state and nonce, ended by a redirect to a loopback port (RFC 8252, RFC 7636). */
export async function browserFlow(config: oidc.Configuration, issuer: Issuer): Promise<Flow> {
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const nonce = oidc.randomNonce();
  const scopes = issuer.signIn!.scopes;
  const redirect = await receiveRedirect(state);
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirect.uri,
    scope: scopes.join(' '),
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    // A refresh token is given only with consent (OpenID Connect Core §11).
    ...(scopes.includes('offline_access') ? { prompt: 'consent' } : {}),
  });
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
  return {
    url: url.href,
    tokens: async () => oidc.authorizationCodeGrant(config, await redirect.arrived, checks),
    ended: redirect.answer,
    cleanup: redirect.close,
  };
}

/**
 * Device flow (RFC 8628): the person types a code on another screen. `pollSeconds` counts where the provider does not say.
 * @throws SallyportError identity_unavailable, bad_credential (the provider does not offer it)
 */
export async function deviceFlow(config: oidc.Configuration, issuer: Issuer, pollSeconds?: number): Promise<Flow> {
  const given = await oidc.initiateDeviceAuthorization(config, { scope: issuer.signIn!.scopes.join(' ') }).catch((error: unknown) => {
    throw outcomeOf(error).error;
  });
  const stop = new AbortController();
  const interval = given.interval ?? pollSeconds;
  const response = interval === undefined ? given : { ...given, interval };
  return {
    url: given.verification_uri_complete ?? given.verification_uri,
    userCode: given.user_code,
    expiresIn: given.expires_in,
    tokens: () => oidc.pollDeviceAuthorizationGrant(config, response, undefined, { signal: stop.signal }),
    cleanup: () => stop.abort(),
  };
}
