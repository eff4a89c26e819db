import assert from 'node:assert/strict';
import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Issuer } from '../../proxy/contract/index.js';
import { createAgentRegistry, createAuthenticator, openOwners } from '../../proxy/identity/index.js';
import { type Idp, startIdp } from '../../scripts/demo/idp.js';
import { bearer, freshSettings, issuerOf, movableClock, outcome } from './setting.js';

let idp: Idp;
before(async () => {
  idp = await startIdp();
});
after(() => idp.close());

type Context = { after(run: () => Promise<void>): void };

async function gate(t: Context, change: Partial<Issuer> = {}) {
  const settings = await freshSettings(t, (draft) => void draft.issuers.push(issuerOf(idp, change)));
  const clock = movableClock();
  const authenticator = createAuthenticator({ settings, clock });
  t.after(async () => authenticator.close());
  return { settings, clock, authenticator, ask: (token: string) => outcome(authenticator, token) };
}

const b64 = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);
const good = () => ({
  iss: idp.issuer,
  aud: idp.audience,
  sub: 'etl-bot',
  client_id: 'etl-bot',
  groups: ['data'],
  iat: now(),
  exp: now() + 300,
});
const kid = () => idp.jwks().keys[0]!.kid!;

test('a genuine token of a real provider: identified, cached, served at once', async (t) => {
  const { authenticator, ask } = await gate(t);
  const token = await idp.agentToken();
  const principal = await ask(token);
  assert.ok(typeof principal === 'object');
  assert.equal(principal.name, 'etl-bot');
  assert.deepEqual(principal.groups, ['agents', 'data']);
  assert.equal(principal.via, 'token');
  assert.ok(!principal.credentialId.includes(token.slice(0, 10)));
  assert.equal(authenticator.authenticate(bearer(token)), principal, 'synchronous, from memory');
});

test('64 requests with one new token verify it together', async (t) => {
  const { authenticator } = await gate(t);
  const token = await idp.agentToken();
  const first = authenticator.authenticate(bearer(token));
  const all = await Promise.all(Array.from({ length: 64 }, () => authenticator.authenticate(bearer(token))));
  assert.equal(new Set([await first, ...all]).size, 1);
});

const attacks: [name: string, make: () => Promise<string> | string, expected: string][] = [
  ['alg none', () => `${b64({ alg: 'none', typ: 'at+jwt' })}.${b64(good())}.`, 'bad_credential'],
  ['alg None with a signature', () => `${b64({ alg: 'None', typ: 'at+jwt', kid: kid() })}.${b64(good())}.AAAA`, 'bad_credential'],
  ['HS256 with the public key as secret', hmacWithPublicKey, 'bad_credential'],
  ['tampered claims', async () => tampered(await idp.agentToken(), { groups: ['llm-admins'] }), 'bad_credential'],
  ['signature cut off', async () => (await idp.agentToken()).replace(/\.[^.]*$/, '.'), 'bad_credential'],
  ["another key under the issuer's key id", () => idp.foreignToken(), 'bad_credential'],
  ['a key of their own in the header (jwk)', () => ownKey((key) => ({ jwk: key.export({ format: 'jwk' }) })), 'bad_credential'],
  ['a key set of their own (jku)', () => ownKey(() => ({ jku: 'http://127.0.0.1:9/jwks', kid: kid() })), 'bad_credential'],
  [
    'a certificate of their own (x5u, x5c)',
    () => ownKey(() => ({ x5u: 'http://127.0.0.1:9/c', x5c: ['AAAA'], kid: kid() })),
    'bad_credential',
  ],
  ['a key id that is a path', () => ownKey(() => ({ kid: '../../../../dev/null' })), 'bad_credential'],
  ['a key id that is SQL', () => ownKey(() => ({ kid: "x' UNION SELECT 'secret" })), 'bad_credential'],
  ['a key id that is a property of objects', () => ownKey(() => ({ kid: '__proto__' })), 'bad_credential'],
  ['an unknown critical header', () => idp.mint({ header: { crit: ['x-new'], 'x-new': 1 } as never }), 'bad_credential'],
  ['expired', () => idp.expiredToken(), 'expired_credential'],
  ['not yet valid', () => idp.mint({ claims: { nbf: now() + 60 } }), 'bad_credential'],
  ['no expiry at all', () => idp.mint({ claims: { exp: undefined } }), 'bad_credential'],
  ['an expiry that is a text', () => idp.mint({ claims: { exp: String(now() + 300) } }), 'bad_credential'],
  ['another audience', () => idp.mint({ claims: { aud: 'urn:other' } }), 'bad_credential'],
  ['no audience', () => idp.mint({ claims: { aud: undefined } }), 'bad_credential'],
  ['an unknown issuer', () => idp.mint({ claims: { iss: 'https://evil.example' } }), 'bad_credential'],
  ["the issuer's URL with a slash more", () => idp.mint({ claims: { iss: `${idp.issuer}/` } }), 'bad_credential'],
  ['an ID token (typ JWT)', () => idp.mint({ header: { typ: 'JWT' } }), 'bad_credential'],
  ['no type', () => idp.mint({ header: { typ: undefined } as never }), 'bad_credential'],
  ['no agent in it', () => idp.mint({ claims: { client_id: undefined } }), 'bad_credential'],
  ['an agent that is a list', () => idp.mint({ claims: { client_id: ['etl-bot'] } }), 'bad_credential'],
  ['a JSON instead of a token', () => '{"alg":"none"}', 'bad_credential'],
  ['five parts (encrypted)', async () => `${await idp.agentToken()}.a.b`, 'bad_credential'],
  ['16 KB and more', async () => `${await idp.agentToken()}${'A'.repeat(20_000)}`, 'bad_credential'],
];
for (const [name, make, expected] of attacks) {
  test(`refused: ${name}`, async (t) => {
    const { ask } = await gate(t);
    // The key set is known before, so that an unknown key id is not excused by a cooldown.
    assert.equal(typeof (await ask(await idp.agentToken())), 'object');
    const token = await make();
    const seen = await ask(token);
    // Right after a download an unknown key id may be a new one: unknown, hence 503, never 200.
    assert.ok(seen === expected || (seen === 'identity_unavailable' && /key id|their own/.test(name)), `${name}: ${JSON.stringify(seen)}`);
    assert.equal(await ask(token), seen, 'and again');
  });
}

test('edges of time: the skew that is set and not a second more', async (t) => {
  const { clock, ask } = await gate(t, { clockSkewSeconds: 10 });
  const token = await idp.mint({ expiresIn: 100 });
  assert.equal(typeof (await ask(token)), 'object');
  clock.advance(100_000 + 8_000);
  assert.equal(typeof (await ask(token)), 'object', 'within the skew, although it left the memory');
  clock.advance(3_000);
  assert.equal(await ask(token), 'expired_credential');

  const later = await idp.mint({ claims: { nbf: now() + 111 + 8 }, expiresIn: 1000 });
  assert.equal(typeof (await ask(later)), 'object', 'nbf within the skew');
  const muchLater = await idp.mint({ claims: { nbf: now() + 111 + 30 }, expiresIn: 1000 });
  assert.equal(await ask(muchLater), 'bad_credential');
});

test('groups: mapped from the configured claim, required where configured', async (t) => {
  const required = await gate(t, { requiredGroups: ['agents', 'other'] });
  assert.equal(typeof (await required.ask(await idp.agentToken({ agent: 'etl-bot' }))), 'object');
  assert.equal(await required.ask(await idp.agentToken({ agent: 'guest-bot' })), 'group_missing');

  const nested = await gate(t, { claims: { agent: 'sub', groups: 'realm_access.roles' } });
  const seen = await nested.ask(await idp.mint({ claims: { realm_access: { roles: ['a', 7, 'b'] } } }));
  assert.deepEqual(typeof seen === 'object' && seen.groups, ['a', 'b']);
  const literal = await gate(t, { claims: { agent: 'sub', groups: 'https://example.com/groups' } });
  const flat = await literal.ask(await idp.mint({ claims: { 'https://example.com/groups': 'solo' } }));
  assert.deepEqual(typeof flat === 'object' && flat.groups, ['solo']);
});

test('without a typ setting any type passes, as Entra and others need it', async (t) => {
  const { ask } = await gate(t, { typ: undefined as never });
  assert.equal(typeof (await ask(await idp.mint({ header: { typ: 'JWT' } }))), 'object');
});

test('an algorithm that is not on the list is refused although the key is genuine', async (t) => {
  const { ask } = await gate(t, { algorithms: ['RS256'] });
  assert.equal(await ask(await idp.agentToken()), 'bad_credential');
});

test("a token stands for the stored agent with its subject, within that agent's scope, groups and life", async (t) => {
  const { settings, clock, ask } = await gate(t, { defaultScope: undefined as never });
  const token = await idp.agentToken();
  assert.equal(await ask(token), 'bad_credential', 'nobody is registered, and strangers get nothing');
  const agents = createAgentRegistry(settings, clock);
  const scope = { connections: ['openai'], models: ['gpt-4o'], operations: ['chat' as const] };
  const subject = { issuer: idp.issuer, sub: 'etl-bot' };
  const { agent } = await agents.create({ name: 'etl', owner: 'local', groups: ['data', 'admins'], scope, subject });
  const seen = await ask(token);
  assert.ok(typeof seen === 'object');
  assert.deepEqual([seen.agentId, seen.groups, seen.scope], [agent.id, ['data'], scope]);
  await agents.revoke(agent.id);
  assert.equal(await ask(token), 'revoked_credential');
});

test("a stored agent's owner locks its tokens too", async (t) => {
  const { settings, clock } = await gate(t);
  const owners = await openOwners();
  const authenticator = createAuthenticator({ settings, clock, owners });
  await createAgentRegistry(settings, clock).create({
    name: 'etl',
    owner: `${idp.issuer}|ada`,
    subject: { issuer: idp.issuer, sub: 'etl-bot' },
  });
  assert.equal(await outcome(authenticator, await idp.agentToken()), 'owner_locked');
});

test("a person's own token ends with the person's session here", async (t) => {
  const { settings, clock } = await gate(t);
  const owners = await openOwners();
  const authenticator = createAuthenticator({ settings, clock, owners });
  const token = await idp.mint({ claims: { sub: 'ada', client_id: 'notebook' } });
  const seen = await outcome(authenticator, token);
  assert.ok(typeof seen === 'object');
  assert.deepEqual([seen.name, seen.owner], ['notebook', `${idp.issuer}|ada`]);
  const ada = { id: `${idp.issuer}|ada`, name: 'Ada', groups: [], refreshedAtMs: clock.now() };
  await owners.set({ ...ada, state: 'signed-in' });
  assert.equal(typeof (await outcome(authenticator, token)), 'object');
  await owners.set({ ...ada, state: 'revoked' });
  assert.equal(await outcome(authenticator, token), 'owner_locked');
});

test('taking an issuer away takes its remembered tokens away', async (t) => {
  const { settings, ask } = await gate(t);
  const token = await idp.agentToken();
  assert.equal(typeof (await ask(token)), 'object');
  await settings.update((draft) => void (draft.issuers = []));
  assert.equal(await ask(token), 'bad_credential');
});

function hmacWithPublicKey(): string {
  const pem = createPublicKey({ key: idp.jwks().keys[0] as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const text = `${b64({ alg: 'HS256', typ: 'at+jwt', kid: kid() })}.${b64(good())}`;
  return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`;
}

function tampered(token: string, change: object): string {
  const [header, payload, signature] = token.split('.') as [string, string, string];
  return [header, b64({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), ...change }), signature].join('.');
}

function ownKey(header: (publicKey: KeyObject) => object): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const text = `${b64({ alg: 'ES256', typ: 'at+jwt', ...header(publicKey) })}.${b64(good())}`;
  return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}
