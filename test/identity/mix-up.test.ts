import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Issuer } from '../../proxy/contract/index.js';
import { createAgentRegistry, createAuthenticator, openOwners, type SavedKeys, sealedFile } from '../../proxy/identity/index.js';
import { type Idp, startIdp } from '../../scripts/demo/idp.js';
import { freshSettings, issuerOf, movableClock, outcome } from './setting.js';

/*
 * Two providers, both trusted, each for its own: what one of them says or signs must count for nothing at the other
 * (RFC 8725 §3.8 and §3.9, RFC 9068 §4). Both tell about an agent "etl-bot".
 */

const OUR_NAME_AT_B = 'urn:sallyport:at-b';
let a: Idp;
let b: Idp;
before(async () => {
  [a, b] = await Promise.all([startIdp(), startIdp()]);
});
after(() => Promise.all([a.close(), b.close()]));

const fromB = (claims: Record<string, unknown> = {}) => b.mint({ claims: { aud: OUR_NAME_AT_B, ...claims } });
const kidOf = (idp: Idp) => idp.jwks().keys[0]!.kid!;

async function gate(t: { after(run: () => Promise<void>): void }, ofB: Partial<Issuer> = {}) {
  const settings = await freshSettings(t, (draft) => {
    draft.issuers.push(issuerOf(a, { name: 'A' }), issuerOf(b, { name: 'B', audience: OUR_NAME_AT_B, ...ofB }));
  });
  const clock = movableClock();
  const owners = await openOwners();
  const authenticator = createAuthenticator({ settings, clock, owners });
  t.after(async () => authenticator.close());
  return { settings, clock, owners, ask: (token: string) => outcome(authenticator, token) };
}

test('each is believed about its own', async (t) => {
  const { ask } = await gate(t);
  const [one, other] = [await ask(await a.agentToken()), await ask(await fromB())];
  assert.ok(typeof one === 'object' && typeof other === 'object');
  assert.deepEqual([one.name, other.name], ['etl-bot', 'etl-bot']);
  assert.notEqual(one.agentId, other.agentId, 'one name at two providers is two agents');
  assert.deepEqual([one.owner, other.owner], [`${a.issuer}|etl-bot`, `${b.issuer}|etl-bot`]);
});

const mixed: [name: string, make: () => Promise<string>][] = [
  ["A's key, B's name", () => a.mint({ claims: { iss: b.issuer, aud: OUR_NAME_AT_B } })],
  ["A's key under B's key id, B's name", () => a.mint({ header: { kid: kidOf(b) }, claims: { iss: b.issuer, aud: OUR_NAME_AT_B } })],
  [
    "A's key without a key id, B's name",
    () => a.mint({ header: { kid: undefined } as never, claims: { iss: b.issuer, aud: OUR_NAME_AT_B } }),
  ],
  ["B's key under A's key id, A's name", () => b.mint({ header: { kid: kidOf(a) }, claims: { iss: a.issuer } })],
  ["A's key under B's key id, A's name", () => a.mint({ header: { kid: kidOf(b) } })],
  ["A's token for B's audience", () => a.mint({ claims: { aud: OUR_NAME_AT_B } })],
  ["B's token for A's audience", () => fromB({ aud: a.audience })],
  ['a list of issuers, ours among them', () => a.mint({ claims: { iss: [a.issuer, b.issuer] } })],
];
for (const [name, make] of mixed)
  test(`refused: ${name}`, async (t) => {
    const { ask, clock } = await gate(t);
    assert.equal(typeof (await ask(await a.agentToken())), 'object');
    assert.equal(typeof (await ask(await fromB())), 'object');
    // Both key sets are known and may be asked for again: what is refused is refused for certain.
    clock.advance(31_000);
    assert.equal(await ask(await make()), 'bad_credential');
  });

test("A's stored agent is not B's namesake", async (t) => {
  const narrow = { connections: ['small'], models: ['*'], operations: ['chat' as const] };
  const { settings, clock, ask } = await gate(t, { defaultScope: narrow });
  const { agent } = await createAgentRegistry(settings, clock).create({
    name: 'etl',
    owner: 'local',
    groups: ['data'],
    scope: { connections: ['*'], models: ['*'], operations: ['*'] },
    subject: { issuer: a.issuer, sub: 'etl-bot' },
  });
  const [one, other] = [await ask(await a.agentToken()), await ask(await fromB())];
  assert.ok(typeof one === 'object' && typeof other === 'object');
  assert.equal(one.agentId, agent.id);
  assert.notEqual(other.agentId, agent.id);
  assert.deepEqual([other.scope, other.owner], [narrow, `${b.issuer}|etl-bot`]);
  // Revoked is A's agent, not the namesake.
  await createAgentRegistry(settings, clock).revoke(agent.id);
  assert.equal(await ask(await a.agentToken()), 'revoked_credential');
  assert.equal(typeof (await ask(await fromB())), 'object');
});

test("where B gives nothing to strangers, A's stored agent does not let B's namesake in", async (t) => {
  const { settings, clock, ask } = await gate(t, { defaultScope: undefined as never });
  await createAgentRegistry(settings, clock).create({ name: 'etl', owner: 'local', subject: { issuer: a.issuer, sub: 'etl-bot' } });
  assert.equal(typeof (await ask(await a.agentToken())), 'object');
  assert.equal(await ask(await fromB()), 'bad_credential');
});

test("who is locked at A is A's person, not B's of the same name", async (t) => {
  const { owners, clock, ask } = await gate(t);
  const ada = { sub: 'ada', client_id: 'notebook' };
  await owners.set({ id: `${a.issuer}|ada`, name: 'Ada', groups: [], refreshedAtMs: clock.now(), state: 'revoked' });
  assert.equal(await ask(await a.mint({ claims: ada })), 'owner_locked');
  assert.equal(typeof (await ask(await fromB(ada))), 'object');
});

test("keys that were kept for A are not B's after a restart", async (t) => {
  const { settings } = await gate(t);
  // Both share one file here, as a mistake in naming the files would make them.
  const file = sealedFile<SavedKeys>(join(settings.directory, 'keys.json'), 'keys', async () => 'seal');
  await file.write({ issuer: a.issuer, keys: a.jwks() as SavedKeys['keys'], fetchedAtMs: Date.now() });
  const authenticator = createAuthenticator({
    settings,
    clock: movableClock(),
    savedKeys: () => file,
    fetch: async () => Promise.reject(new Error('unreachable')),
  });
  t.after(async () => authenticator.close());
  assert.equal(typeof (await outcome(authenticator, await a.agentToken())), 'object', 'A has its keys');
  const claims = { iss: b.issuer, aud: OUR_NAME_AT_B };
  assert.equal(await outcome(authenticator, await a.mint({ claims })), 'identity_unavailable');
});

// RFC 7519 §4.1.3, RFC 9068 §4: `aud` must contain a name of the receiver; that others stand beside it is no fault.
const audiences: [name: string, aud: unknown, passes: boolean][] = [
  ['our name alone in a list', [OUR_NAME_AT_B], true],
  ['our name among others', ['urn:other', OUR_NAME_AT_B], true],
  ['an empty list', [], false],
  ['a list of others', ['urn:other', 'urn:another'], false],
  ['our name and more', `${OUR_NAME_AT_B}:x`, false],
  ['our name in other letters', OUR_NAME_AT_B.toUpperCase(), false],
  ['our names in one text', `urn:other ${OUR_NAME_AT_B}`, false],
  ['a list in a list', [[OUR_NAME_AT_B]], false],
  ['an object', { [OUR_NAME_AT_B]: true }, false],
];
test('which audiences are ours', async (t) => {
  const { ask } = await gate(t);
  for (const [name, aud, passes] of audiences) {
    const seen = await ask(await fromB({ aud }));
    assert.equal(typeof seen === 'object' ? true : seen, passes || 'bad_credential', name);
  }
});
