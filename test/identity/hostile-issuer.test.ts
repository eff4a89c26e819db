import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetchJson } from '../../proxy/identity/fetch-json.js';
import { createAuthenticator } from '../../proxy/identity/index.js';
import { verifyToken } from '../../proxy/identity/verify-token.js';
import { freshSettings, issuerWith, movableClock, outcome } from './setting.js';
import { newSigner, type Signer, serve, signWith } from './signer.js';

/*
 * Whoever can answer for an issuer, or change what it answers, wants a key of their own to be believed. In each case the answers
 * hold a real key set with that key and the token is signed by it: only the rule that the case is about stands in the way.
 */

const DISCOVERY = '/.well-known/openid-configuration';
const LIMIT = 512 * 1024;
const PUBLIC = 'https://idp.example';

type Answer = { status?: number; headers?: Record<string, string>; body?: string };
interface Case {
  issuer: string;
  /** By address without origin, or whole where the origin matters. */
  pages: Record<string, Answer>;
  signer: Signer;
}

const page = (value: unknown, bytes = 0): Answer => ({ body: JSON.stringify(value).padEnd(bytes, ' ') });
const discovery = (issuer: string, change: object = {}) => ({ issuer, jwks_uri: `${issuer}/jwks`, ...change });

/** An issuer on loopback whose answers can be changed; nothing but the answers differs from an honest one. */
async function hostile(t: Parameters<typeof serve>[0], change: (honest: Case) => void, given?: string) {
  const pages: Case['pages'] = {};
  const origin = await serve(t, (request, response) => {
    // Behind the stand-in for the network, the name that was asked for comes first in the path.
    const {
      status = 200,
      headers = {},
      body = '',
    } = pages[decodeURIComponent(request.url ?? '').replace(/^\/(?=https?:)/, '')] ?? {
      status: 404,
    };
    response.writeHead(status, headers).end(body);
  });
  const issuer = given ?? origin;
  const signer = await newSigner();
  const at = given === undefined ? '' : issuer;
  Object.assign(pages, { [`${at}${DISCOVERY}`]: page(discovery(issuer)), [`${at}/jwks`]: page({ keys: [signer.jwk] }) });
  change({ issuer, pages, signer });
  const settings = await freshSettings(t, (draft) => void draft.issuers.push(issuerWith(issuer)));
  const asked: string[] = [];
  const authenticator = createAuthenticator({
    settings,
    clock: movableClock(),
    ...(given === undefined
      ? {}
      : {
          // Names that exist nowhere lead to the server on loopback, by the real fetch.
          fetch: (url, options) => {
            asked.push(url);
            return fetch(url.startsWith(origin) ? url : `${origin}/${encodeURIComponent(url)}`, options);
          },
        }),
  });
  t.after(async () => authenticator.close());
  return { asked, origin, ask: async () => outcome(authenticator, await signer.token(issuer)) };
}

const honest: [name: string, change: (c: Case) => void][] = [
  ['is honest', () => undefined],
  ['sends almost as much as it may', ({ pages, issuer }) => void (pages[DISCOVERY] = page(discovery(issuer), LIMIT))],
  [
    'publishes 200 keys',
    ({ pages, signer }) =>
      void (pages['/jwks'] = page({ keys: Array.from({ length: 200 }, (_, i) => ({ ...signer.jwk, kid: `key-${i}` })) })),
  ],
];
for (const [name, change] of honest)
  test(`an issuer that ${name} is believed`, async (t) => {
    const seen = await (await hostile(t, change)).ask();
    assert.equal(typeof seen === 'object' && seen.name, 'etl-bot', JSON.stringify(seen));
  });

const refused: [name: string, change: (c: Case) => void][] = [
  ['names another issuer', ({ pages, issuer }) => void (pages[DISCOVERY] = page(discovery(issuer, { issuer: 'https://other.example' })))],
  ['names itself with a slash more', ({ pages, issuer }) => void (pages[DISCOVERY] = page(discovery(issuer, { issuer: `${issuer}/` })))],
  ['names no issuer', ({ pages, issuer }) => void (pages[DISCOVERY] = page(discovery(issuer, { issuer: undefined })))],
  ['redirects to a good document', ({ pages }) => moved(pages, DISCOVERY)],
  ['redirects to a good key set', ({ pages }) => moved(pages, '/jwks')],
  ['sends a document that is too large', ({ pages, issuer }) => void (pages[DISCOVERY] = page(discovery(issuer), LIMIT + 1))],
  ['sends a key set that is too large', ({ pages, signer }) => void (pages['/jwks'] = page({ keys: [signer.jwk] }, LIMIT + 1))],
  [
    'publishes 201 keys',
    ({ pages, signer }) =>
      void (pages['/jwks'] = page({ keys: Array.from({ length: 201 }, (_, i) => ({ ...signer.jwk, kid: `key-${i}` })) })),
  ],
  ['answers 500 with a good document', ({ pages, issuer }) => void (pages[DISCOVERY] = { ...page(discovery(issuer)), status: 500 })],
];
for (const [name, change] of refused)
  test(`an issuer that ${name} lets nobody in`, async (t) => {
    assert.equal(await (await hostile(t, change)).ask(), 'identity_unavailable');
  });

function moved(pages: Case['pages'], path: string): void {
  pages['/elsewhere'] = pages[path]!;
  pages[path] = { status: 302, headers: { location: '/elsewhere' } };
}

/** The key set of a public issuer, at an address that its document names. */
const keysAt = (address: string) => (c: Case) => {
  c.pages[`${PUBLIC}${DISCOVERY}`] = page(discovery(PUBLIC, { jwks_uri: address }));
  c.pages[address] = page({ keys: [c.signer.jwk] });
};

test('a public issuer may keep its keys at another https address', async (t) => {
  const { ask, asked } = await hostile(t, keysAt('https://keys.example/jwks'), PUBLIC);
  assert.equal(typeof (await ask()), 'object');
  assert.deepEqual(asked, [`${PUBLIC}${DISCOVERY}`, 'https://keys.example/jwks']);
});

for (const address of [
  'http://keys.example/jwks',
  'http://127.0.0.1.keys.example/jwks',
  'http://127.0.0.1/jwks',
  'https://127.0.0.1/jwks',
  'https://localhost/jwks',
  'https://2130706433/jwks',
  'https://[::1]/jwks',
  'file:///jwks',
])
  test(`a public issuer's keys are not fetched from ${address}`, async (t) => {
    const { ask, asked } = await hostile(t, keysAt(address), PUBLIC);
    assert.equal(await ask(), 'identity_unavailable');
    assert.deepEqual(asked, [`${PUBLIC}${DISCOVERY}`]);
  });

test('a shared secret among the keys signs nothing, even where the settings name its algorithm', async (t) => {
  const secret = new Uint8Array(32).fill(7);
  const published = { kty: 'oct', k: Buffer.from(secret).toString('base64url'), alg: 'HS256', use: 'sig', kid: 'key-1' };
  const origin = await serve(t, (request, response) =>
    response.end(JSON.stringify(request.url === DISCOVERY ? discovery(origin) : { keys: [published] })),
  );
  const token = await signWith(secret, 'HS256', 'key-1')(origin);
  const settings = await freshSettings(t, (draft) => void draft.issuers.push(issuerWith(origin)));
  const authenticator = createAuthenticator({ settings, clock: movableClock() });
  t.after(async () => authenticator.close());
  assert.equal(await outcome(authenticator, token), 'bad_credential');
  const loose = issuerWith(origin, { algorithms: ['HS256', 'ES256'] });
  await assert.rejects(
    settings.update((draft) => void (draft.issuers = [loose])),
    { code: 'invalid' },
  );
  const keys = { resolve: async () => secret as never };
  await assert.rejects(verifyToken(token, loose, keys, Date.now()), { code: 'bad_credential', message: /algorithm/ });
});

test('two keys of one id: either signs, a third does not', async (t) => {
  const [first, second, third] = await Promise.all([newSigner(), newSigner(), newSigner()]);
  const origin = await serve(t, (request, response) =>
    response.end(JSON.stringify(request.url === DISCOVERY ? discovery(origin) : { keys: [first.jwk, second.jwk] })),
  );
  const settings = await freshSettings(t, (draft) => void draft.issuers.push(issuerWith(origin)));
  const authenticator = createAuthenticator({ settings, clock: movableClock() });
  t.after(async () => authenticator.close());
  assert.equal(typeof (await outcome(authenticator, await first.token(origin))), 'object');
  assert.equal(typeof (await outcome(authenticator, await second.token(origin))), 'object');
  assert.equal(await outcome(authenticator, await third.token(origin)), 'bad_credential');
  assert.equal(await outcome(authenticator, await second.token(origin, { aud: 'urn:other' })), 'bad_credential');
});

test('an answer that never ends is given up', { timeout: 10_000 }, async (t) => {
  const origin = await serve(t, (_request, response) => void response.writeHead(200).write('{'));
  await assert.rejects(fetchJson(fetch, origin, { milliseconds: 100, bytes: LIMIT }), { name: 'TimeoutError' });
});
