import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTHeaderParameters,
  SignJWT,
} from 'jose';
import Provider from 'oidc-provider';
import { GATEWAY_AUDIENCE, type IdpAgent, type IdpUser, NATIVE_CLIENT, providerConfiguration } from './idp-configuration.js';

export { GATEWAY_AUDIENCE, type IdpAgent, type IdpUser, NATIVE_CLIENT } from './idp-configuration.js';

/** A certified OpenID provider in this process on a loopback port, for the demo and the tests: nothing about it is simulated. */
export interface Idp {
  /** `http://127.0.0.1:PORT` */
  readonly issuer: string;
  /** Audience of every token that is meant for the gateway. */
  readonly audience: string;
  /** Client id of the public native client (PKCE, loopback redirect on any port, device flow). */
  readonly clientId: string;
  /** login → person. Change groups in place; a person who is deleted is disabled (refresh fails). */
  readonly users: Record<string, IdpUser>;
  readonly agents: readonly IdpAgent[];
  /** A real access token by the client-credentials grant. Default: the first agent. */
  agentToken(options?: { agent?: string }): Promise<string>;
  /** A token signed with the provider's own key, with whatever claims and headers: expired, not yet valid, other audience … */
  mint(options?: MintOptions): Promise<string>;
  /** A token that ended a minute ago. */
  expiredToken(options?: { agent?: string }): Promise<string>;
  /** A token that claims this issuer but is signed by a key that the issuer never had. */
  foreignToken(options?: { agent?: string }): Promise<string>;
  /** A new key signs from now on. The previous one stays published unless `drop`. */
  rotateKeys(options?: { drop?: boolean }): Promise<void>;
  /** The key set as published. */
  jwks(): { keys: JWK[] };
  /** Requests so far, by path. */
  readonly requests: Map<string, number>;
  /** Makes the provider unreachable on its port, and reachable again. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
}

export interface MintOptions {
  agent?: string;
  claims?: Record<string, unknown>;
  header?: Partial<JWTHeaderParameters>;
  /** Seconds from now; negative = expired. */
  expiresIn?: number;
}

type SigningKey = JWK & { kid: string; alg: string };

/** Starts the provider. `port` 0 (default) takes a free one; `accessTokenSeconds` is the life of access tokens. */
export async function startIdp(
  options: { port?: number; users?: Record<string, IdpUser>; agents?: IdpAgent[]; accessTokenSeconds?: number } = {},
): Promise<Idp> {
  const users = options.users ?? {
    'ada@example.test': { name: 'Ada', groups: ['llm-admins', 'data'] },
    'grace@example.test': { name: 'Grace', groups: ['data'] },
  };
  const agents = options.agents ?? [
    { id: 'etl-bot', secret: 'etl-secret', groups: ['agents', 'data'] },
    { id: 'guest-bot', secret: 'guest-secret', groups: ['guests'] },
  ];
  const requests = new Map<string, number>();
  let handler: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.writeHead(503).end();
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/\?.*/, '');
    requests.set(path, (requests.get(path) ?? 0) + 1);
    handler(request, response);
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  let keys = [await newKey()];
  const mount = () => {
    handler = quietly(() =>
      new Provider(
        issuer,
        providerConfiguration({ keys, users, agents, accessTokenSeconds: options.accessTokenSeconds ?? 300 }),
      ).callback(),
    );
  };
  mount();

  const sign = async (
    key: SigningKey,
    { agent = agents[0]!.id, claims = {}, header = {}, expiresIn = 300 }: MintOptions,
  ): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    const groups = agents.find(({ id }) => id === agent)?.groups ?? [];
    const standard = { iss: issuer, aud: GATEWAY_AUDIENCE, sub: agent, client_id: agent, groups, iat: now - 1, exp: now + expiresIn };
    return new SignJWT({ ...standard, ...claims })
      .setProtectedHeader({ alg: key.alg, typ: 'at+jwt', kid: key.kid, ...header } as JWTHeaderParameters)
      .sign((await importJWK(key, key.alg)) as CryptoKey, {
        crit: Object.fromEntries((header.crit ?? []).map((name) => [name, true])),
      });
  };

  const stop = async () => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };

  return {
    issuer,
    audience: GATEWAY_AUDIENCE,
    clientId: NATIVE_CLIENT,
    users,
    agents,
    requests,
    async agentToken({ agent = agents[0]!.id } = {}) {
      const secret = agents.find(({ id }) => id === agent)?.secret ?? '';
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${agent}:${secret}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource: GATEWAY_AUDIENCE, scope: 'llm:invoke' }),
      });
      const answer = (await response.json()) as { access_token?: string; error?: string };
      if (answer.access_token === undefined) throw new Error(`the identity provider refused a token: ${answer.error}`);
      return answer.access_token;
    },
    mint: (mintOptions = {}) => sign(keys[0]!, mintOptions),
    expiredToken: (given = {}) => sign(keys[0]!, { ...given, expiresIn: -60 }),
    foreignToken: async (given = {}) => sign({ ...(await newKey()), kid: keys[0]!.kid }, given),
    async rotateKeys({ drop = false } = {}) {
      keys = [await newKey(), ...(drop ? [] : keys.slice(0, 1))];
      mount();
    },
    jwks: () => ({ keys: keys.map(({ d: _private, ...shown }) => shown) }),
    pause: stop,
    resume: () => listen(port),
    close: stop,
  };
}

async function newKey(alg = 'ES256'): Promise<SigningKey> {
  const jwk = await exportJWK((await generateKeyPair(alg, { extractable: true })).privateKey);
  return { ...jwk, alg, use: 'sig', kid: await calculateJwkThumbprint(jwk) };
}

/** oidc-provider prints notices about development features on standard output, where `--json` promises one object alone. */
function quietly<T>(make: () => T): T {
  const { info, warn } = console;
  console.info = console.warn = () => undefined;
  try {
    return make();
  } finally {
    Object.assign(console, { info, warn });
  }
}
