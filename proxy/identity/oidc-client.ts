import * as oidc from 'openid-client';
import { type Issuer, SallyportError } from '../contract/index.js';
import { isLoopbackUrl } from '../settings/index.js';

const TIMEOUT_SECONDS = 10;

/**
 * The issuer as a client of ours: discovered, public (no secret), ID tokens' signatures checked against its published keys.
 * @throws SallyportError identity_unavailable
 */
export async function connectIssuer(issuer: Issuer): Promise<oidc.Configuration> {
  const execute = [oidc.enableNonRepudiationChecks];
  // http only where nobody can listen in: on this computer.
  if (isLoopbackUrl(issuer.url)) execute.push(oidc.allowInsecureRequests);
  try {
    return await oidc.discovery(new URL(issuer.url), issuer.signIn!.clientId, undefined, oidc.None(), {
      execute,
      timeout: TIMEOUT_SECONDS,
    });
  } catch (cause) {
    throw new SallyportError('identity_unavailable', `The identity provider ${issuer.name} cannot be reached at ${issuer.url}.`, { cause });
  }
}

/** What a failed call to the issuer means. `ended`: the issuer itself said no. */
export function outcomeOf(error: unknown): { ended: boolean; error: SallyportError } {
  if (error instanceof SallyportError) return { ended: error.code !== 'identity_unavailable', error };
  const refused = error instanceof oidc.ResponseBodyError || error instanceof oidc.AuthorizationResponseError ? error.error : undefined;
  if (refused !== undefined && !/^(server_error|temporarily_unavailable|slow_down)$/.test(refused)) {
    const word = /^[a-z_]{1,60}$/.test(refused) ? refused : 'refused';
    return { ended: true, error: new SallyportError('bad_credential', `The identity provider refused: ${word}.`, { cause: error }) };
  }
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string' && /^OAUTH_(INVALID_RESPONSE|JWT|ID_TOKEN|UNSUPPORTED)/.test(code)) {
    return {
      ended: false,
      error: new SallyportError('bad_credential', 'The answer of the identity provider is not valid.', { cause: error }),
    };
  }
  return { ended: false, error: new SallyportError('identity_unavailable', 'The identity provider does not answer.', { cause: error }) };
}
