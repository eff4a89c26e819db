import type { JWK } from 'jose';
import { DEVICE_PAGES, LOGOUT_PAGES, renderError } from './idp-pages.js';

/** The resource (audience) that every token for the gateway names. */
export const GATEWAY_AUDIENCE = 'urn:sallyport:gateway';
export const NATIVE_CLIENT = 'sallyport-desktop';

export interface IdpUser {
  name: string;
  groups: string[];
  email?: string;
}

export interface IdpAgent {
  id: string;
  secret: string;
  groups: string[];
}

const PERSON_SCOPES = 'openid profile email groups offline_access';

/** What oidc-provider is told: people with groups, a public native client, agents by client credentials, JWT access tokens. */
export function providerConfiguration(given: {
  keys: JWK[];
  users: Record<string, IdpUser>;
  agents: readonly IdpAgent[];
  accessTokenSeconds: number;
}): Record<string, unknown> {
  const { keys, users, agents, accessTokenSeconds } = given;
  const agentGroups = (clientId: string) => agents.find((agent) => agent.id === clientId)?.groups ?? [];
  return {
    jwks: { keys }, // the first that fits signs; the rest are only published
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clients: [nativeClient(), ...agents.map(agentClient)],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'], groups: ['groups'] },
    conformIdTokenClaims: false, // groups stand in the ID token too, as with Entra, Okta and Keycloak
    // A resource's scopes do not belong into this list: consent would be asked for ever.
    scopes: PERSON_SCOPES.split(' '),
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async (_: unknown, client: Client, code: { scopes: Set<string> }) =>
      client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
    findAccount: (_: unknown, id: string) => account(id, users),
    extraTokenClaims: (_: unknown, token: Token) => ({
      groups: token.kind === 'ClientCredentials' ? agentGroups(token.clientId) : (users[token.accountId ?? '']?.groups ?? []),
    }),
    loadExistingGrant: firstPartyGrant,
    renderError,
    clientBasedCORS: () => false,
    features: {
      devInteractions: { enabled: true }, // a sign-in page that takes any person of `users` with any password
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true, ...DEVICE_PAGES },
      revocation: {
        enabled: true,
        allowedPolicy: (_: unknown, client: Client, token: Token) => client.clientId === token.clientId,
      },
      rpInitiatedLogout: { enabled: true, ...LOGOUT_PAGES },
      resourceIndicators: resourceIndicators(accessTokenSeconds),
    },
    ttl: {
      AccessToken: accessTokenSeconds,
      ClientCredentials: accessTokenSeconds,
      IdToken: 300,
      RefreshToken: 28_800,
      Session: 28_800,
      Grant: 28_800,
      Interaction: 600,
      DeviceCode: 600,
    },
    cookies: { keys: ['demo-and-tests-only'] },
  };
}

interface Client {
  clientId: string;
  grantTypeAllowed(type: string): boolean;
}
interface Token {
  kind: string;
  clientId: string;
  accountId?: string;
}
interface Grant {
  addOIDCScope(scope: string): void;
  addResourceScope(resource: string, scope: string): void;
  save(): Promise<string>;
}
interface Context {
  oidc: {
    provider: { Grant: new (given: { clientId: string; accountId: string }) => Grant };
    client: Client;
    session: { accountId: string };
  };
}

function nativeClient() {
  return {
    client_id: NATIVE_CLIENT,
    application_type: 'native',
    token_endpoint_auth_method: 'none', // public: an application on a desktop can keep no secret
    redirect_uris: ['http://127.0.0.1/callback'], // native and loopback: any port (RFC 8252 §7.3)
    post_logout_redirect_uris: ['http://127.0.0.1/signed-out'],
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    response_types: ['code'],
  };
}

function agentClient({ id, secret }: IdpAgent) {
  return {
    client_id: id,
    client_secret: secret,
    token_endpoint_auth_method: 'client_secret_basic',
    redirect_uris: [],
    response_types: [],
    grant_types: ['client_credentials'],
  };
}

function account(id: string, users: Record<string, IdpUser>) {
  const user = Object.hasOwn(users, id) ? users[id] : undefined;
  if (user === undefined) return undefined;
  return {
    accountId: id,
    claims: () => ({ sub: id, name: user.name, email: user.email ?? id, email_verified: true, groups: user.groups }),
  };
}

/** The gateway is a first-party application of this provider: no consent page. */
async function firstPartyGrant({ oidc }: Context): Promise<Grant> {
  const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope(PERSON_SCOPES);
  grant.addResourceScope(GATEWAY_AUDIENCE, 'llm:invoke');
  await grant.save();
  return grant;
}

function resourceIndicators(accessTokenSeconds: number) {
  return {
    enabled: true,
    defaultResource: () => GATEWAY_AUDIENCE,
    useGrantedResource: () => true,
    getResourceServerInfo: (_: unknown, resource: string) => {
      if (resource !== GATEWAY_AUDIENCE) throw new Error('invalid_target');
      return {
        audience: GATEWAY_AUDIENCE,
        scope: 'llm:invoke',
        accessTokenFormat: 'jwt',
        accessTokenTTL: accessTokenSeconds,
        jwt: { sign: { alg: 'ES256' } },
      };
    },
  };
}
