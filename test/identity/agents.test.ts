import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SallyportError } from '../../proxy/contract/index.js';
import { createAgentRegistry, createAuthenticator, isAgentKey, newAgentKey, openOwners } from '../../proxy/identity/index.js';
import { bearer, freshSettings, movableClock, outcome } from './setting.js';

const everything = { connections: ['*'], models: ['*'], operations: ['*' as const] };

test('keys have 256 bits in base62, and no letter is favoured', () => {
  assert.match(newAgentKey(), /^sp_[0-9A-Za-z]{43}$/);
  assert.ok(isAgentKey(newAgentKey()));
  const counts = new Map<string, number>();
  for (let i = 0; i < 1500; i++) for (const letter of newAgentKey().slice(3)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  assert.equal(counts.size, 62);
  // Expected 1040 each; a modulo bias would give the first eight 1260.
  for (const [letter, count] of counts) assert.ok(count > 850 && count < 1230, `${letter}: ${count}`);
});

test('a key is shown once and is in no file; only its hash is', async (t) => {
  const settings = await freshSettings(t);
  const agents = createAgentRegistry(settings, movableClock());
  const { agent, key } = await agents.create({ name: 'bot', owner: 'local' });
  assert.deepEqual(agent.scope, { connections: [], models: [], operations: [] });
  assert.ok(key.startsWith(agent.keyHint!));
  for (const name of await readdir(settings.directory)) {
    assert.ok(!(await readFile(join(settings.directory, name), 'utf8')).includes(key), name);
  }
});

test('a key lets its agent in at once; revoked, rotated and expired keys are refused on the next request', async (t) => {
  const settings = await freshSettings(t);
  const clock = movableClock();
  const agents = createAgentRegistry(settings, clock);
  const authenticator = createAuthenticator({ settings, clock });
  t.after(async () => authenticator.close());
  const { agent, key } = await agents.create({ name: 'bot', owner: 'local', groups: ['data'], scope: everything, cwd: '/srv' });
  const first = authenticator.authenticate(bearer(key));
  assert.ok(!(first instanceof Promise), 'no waiting for a key');
  assert.deepEqual(
    { ...first, credentialId: '' },
    { agentId: agent.id, name: 'bot', owner: 'local', groups: ['data'], scope: everything, via: 'key', credentialId: '', cwd: '/srv' },
  );
  assert.equal(authenticator.authenticate(['x-api-key', key]), first, 'served from memory');

  const rotated = await agents.rotate(agent.id);
  assert.equal(await outcome(authenticator, key), 'revoked_credential');
  assert.equal(typeof (await outcome(authenticator, rotated.key)), 'object');
  await agents.revoke(agent.id);
  assert.equal(await outcome(authenticator, rotated.key), 'revoked_credential');
  await assert.rejects(agents.rotate(agent.id), (error: SallyportError) => error.code === 'conflict');

  const short = await agents.create({ name: 'short', owner: 'local', expiresAt: new Date(clock.now() + 10_000).toISOString() });
  assert.equal(typeof (await outcome(authenticator, short.key)), 'object');
  clock.advance(9_000);
  assert.equal(typeof (await outcome(authenticator, short.key)), 'object');
  clock.advance(1_001);
  assert.equal(await outcome(authenticator, short.key), 'expired_credential');
});

test('a narrowed scope holds from the next request on', async (t) => {
  const settings = await freshSettings(t);
  const agents = createAgentRegistry(settings, movableClock());
  const authenticator = createAuthenticator({ settings, clock: movableClock() });
  const { agent, key } = await agents.create({ name: 'bot', owner: 'local', scope: everything });
  await outcome(authenticator, key);
  await agents.update(agent.id, { scope: { ...everything, models: ['gpt-4o'] } });
  const now = await outcome(authenticator, key);
  assert.deepEqual(typeof now === 'object' && now.scope.models, ['gpt-4o']);
});

test('wrong keys are refused and say nothing of themselves', async (t) => {
  const settings = await freshSettings(t);
  const authenticator = createAuthenticator({ settings, clock: movableClock() });
  const agents = createAgentRegistry(settings, movableClock());
  const { key } = await agents.create({ name: 'bot', owner: 'local' });
  const wrong = [
    newAgentKey(),
    key.slice(0, -1),
    `${key}a`,
    key.toLowerCase(),
    'sp_short',
    'sk-proj-abcdef',
    `Bearer ${key}`,
    settings.get().agents[0]!.keyHash!,
  ];
  for (const credential of wrong) {
    await assert.rejects(
      async () => authenticator.authenticate(['x-api-key', credential]),
      (error: SallyportError) => error.code === 'bad_credential' && !error.message.includes(credential),
      credential,
    );
  }
});

test('a key is compared in constant time', async (t) => {
  const settings = await freshSettings(t);
  const { key } = await createAgentRegistry(settings, movableClock()).create({ name: 'bot', owner: 'local' });
  const authenticator = createAuthenticator({ settings, clock: movableClock() });
  const compare = t.mock.method(crypto, 'timingSafeEqual');
  syncBuiltinESMExports();
  t.after(async () => {
    compare.mock.restore();
    syncBuiltinESMExports();
  });
  assert.equal(typeof (await outcome(authenticator, key)), 'object');
  assert.equal(compare.mock.callCount(), 1);
});

test('names are unique among the living, inputs are checked', async (t) => {
  const clock = movableClock();
  const agents = createAgentRegistry(await freshSettings(t), clock);
  const { agent } = await agents.create({ name: 'bot', owner: 'local' });
  const code = (code: string) => (error: SallyportError) => error.code === code;
  await assert.rejects(agents.create({ name: 'bot', owner: 'local' }), code('conflict'));
  await assert.rejects(agents.create({ name: '', owner: 'local' }), code('invalid'));
  await assert.rejects(agents.create({ name: 'x', owner: 'local', expiresAt: '2020-01-01T00:00:00Z' }), code('invalid'));
  await assert.rejects(agents.create({ name: 'x', owner: 'local', scope: { operations: ['fly' as never] } }), code('invalid'));
  await assert.rejects(agents.revoke('ag_nobody'), code('not_found'));
  await agents.revoke(agent.id);
  await agents.create({ name: 'bot', owner: 'local' });
});

test('agents that ended do not pile up', async (t) => {
  const clock = movableClock();
  const agents = createAgentRegistry(await freshSettings(t), clock);
  for (let i = 0; i < 12; i++) await agents.revoke((await agents.create({ name: `run-${i}`, owner: 'local' })).agent.id);
  assert.equal(agents.list().length, 12);
  clock.advance(8 * 86_400_000);
  await agents.create({ name: 'new', owner: 'local' });
  assert.deepEqual(
    agents.list().map(({ name }) => name),
    ['new'],
  );
});

test('an agent has no more groups than its owner, and none while the owner is signed out', async (t) => {
  const clock = movableClock();
  const owner = 'https://id.example.com|ada';
  const settings = await freshSettings(t);
  const owners = await openOwners();
  const agents = createAgentRegistry(settings, clock);
  const authenticator = createAuthenticator({ settings, clock, owners });
  const { key } = await agents.create({ name: 'bot', owner, groups: ['data', 'admins'], scope: everything });
  const ada = { id: owner, name: 'Ada', groups: ['data', 'staff'] };
  const set = (state: 'signed-in' | 'signed-out' | 'revoked', groups = ada.groups) =>
    owners.set({ ...ada, groups, state, refreshedAtMs: clock.now() });
  const groups = async () => {
    const seen = await outcome(authenticator, key);
    return typeof seen === 'object' ? seen.groups : seen;
  };

  assert.equal(await groups(), 'owner_locked', 'an owner who was never seen');
  await set('signed-in');
  assert.deepEqual(await groups(), ['data']);
  await set('signed-in', ['admins']);
  assert.deepEqual(await groups(), ['admins'], 'a change of groups holds at once');
  await set('signed-out');
  assert.equal(await groups(), 'owner_locked');
  await settings.update((draft) => void (draft.identity.onSignOut = 'keep'));
  assert.deepEqual(await groups(), ['data']);
  await set('revoked');
  assert.equal(await groups(), 'owner_locked', 'withdrawn by the identity provider: keep does not help');

  await set('signed-in');
  clock.advance(11.9 * 3_600_000);
  assert.deepEqual(await groups(), ['data'], 'within the time of grace');
  clock.advance(0.2 * 3_600_000);
  assert.equal(await groups(), 'identity_unavailable', 'after it');
  await set('signed-in');
  await settings.update((draft) => void (draft.identity.requiredGroups = ['llm-users']));
  assert.equal(await groups(), 'group_missing');
});

test('where groups are required, the local person has none', async (t) => {
  const settings = await freshSettings(t, (draft) => void (draft.identity.requiredGroups = ['llm-users']));
  const agents = createAgentRegistry(settings, movableClock());
  const { key } = await agents.create({ name: 'bot', owner: 'local' });
  assert.equal(await outcome(createAuthenticator({ settings, clock: movableClock() }), key), 'group_missing');
});
