import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose';
import { GATEWAY_AUDIENCE } from '../../scripts/demo/idp.js';

/** A key of one's own, with everything that a token needs; whether the gateway believes it is the test's question. */
export interface Signer {
  /** The public half, as a key set shows it. */
  readonly jwk: JWK;
  /** An access token of `issuer` for the agent etl-bot and for this gateway, unless `claims` and `header` say otherwise. */
  token(issuer: string, claims?: Record<string, unknown>, header?: Partial<JWTHeaderParameters>): Promise<string>;
}

export async function newSigner(kid = 'key-1'): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  return { jwk: { ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig', kid }, token: signWith(privateKey, 'ES256', kid) };
}

/** What is to be signed with: also a shared secret, which no issuer may use. */
export function signWith(key: CryptoKey | Uint8Array, alg: string, kid: string): Signer['token'] {
  return (issuer, claims = {}, header = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const standard = {
      iss: issuer,
      aud: GATEWAY_AUDIENCE,
      sub: 'etl-bot',
      client_id: 'etl-bot',
      groups: ['data'],
      iat: now,
      exp: now + 300,
    };
    return new SignJWT({ ...standard, ...claims }).setProtectedHeader({ alg, typ: 'at+jwt', kid, ...header }).sign(key);
  };
}

/** A server on loopback for as long as the test runs. @returns its origin */
export async function serve(
  t: { after(run: () => Promise<void>): void },
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
