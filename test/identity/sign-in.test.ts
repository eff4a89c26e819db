import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { ErrorCode, SallyportError, SecretStore, Settings } from '../../proxy/contract/index.js';
import { createMemorySecretStore } from '../../proxy/credentials/index.js';
import { openIdentity, sessionFaults } from '../../proxy/identity/index.js';
import { type Idp, startIdp } from '../../scripts/demo/idp.js';
import { browseSignIn } from '../../scripts/demo/person.js';
import { freshSettings, issuerOf, movableClock, outcome } from './setting.js';

let idp: Idp;
before(async () => {
  idp = await startIdp();
});
after(() => idp.close());
afterEach(() => {
  idp.users['ada@example.test'] = { name: 'Ada', groups: ['llm-admins', 'data'] };
});

const ADA = 'ada@example.test';
const is = (code: ErrorCode) => (error: SallyportError) => error.code === code;
type Context = { after(run: () => Promise<void>): void };

async function house(
  t: Context,
  change: (draft: Settings) => void = () => undefined,
  secrets: SecretStore & { names?(): string[] } = createMemorySecretStore(),
) {
  const settings = await freshSettings(t, (draft) => {
    draft.issuers.push(issuerOf(idp));
    change(draft);
  });
  const clock = movableClock();
  const open = async () => {
    const identity = await openIdentity({ settings, secrets, clock, passphraseLogN: 10 });
    t.after(async () => identity.close());
    return identity;
  };
  const identity = await open();
  const signIn = (login = ADA) => identity.signIn.signIn({ openBrowser: (url) => void browseSignIn(url, login) });
  return { ...identity, settings, clock, secrets, open, login: signIn };
}

test('sign-in in the browser: the person, the groups, a capability; agents of the person are let in', async (t) => {
  const { login, persons, agents, authenticator } = await house(t);
  const { capability, person } = await login();
  assert.deepEqual(person, { id: `${idp.issuer}|${ADA}`, name: 'Ada', groups: ['llm-admins', 'data'], via: 'oidc' });
  assert.deepEqual(persons.require(capability), person);
  assert.deepEqual(persons.current(), person);
  const { key } = await agents.create({ name: 'bot', owner: person.id, groups: ['data', 'other'] });
  const seen = await outcome(authenticator, key);
  assert.deepEqual(typeof seen === 'object' && seen.groups, ['data']);
});

test('the redirect is one shot, on loopback, and takes no state but its own', async (t) => {
  const { signIn } = await house(t);
  const attempt = await signIn.begin({ flow: 'browser' });
  const authorization = new URL(attempt.url);
  assert.equal(authorization.searchParams.get('code_challenge_method'), 'S256');
  assert.ok(authorization.searchParams.get('nonce'));
  const redirect = new URL(authorization.searchParams.get('redirect_uri')!);
  assert.equal(redirect.hostname, '127.0.0.1');
  for (const wrong of ['?code=x', '?code=x&state=guess', `?code=x&state=${authorization.searchParams.get('state')}x`]) {
    assert.equal((await fetch(`${redirect}${wrong}`)).status, 404);
  }
  assert.equal((await fetch(`${redirect.origin}/other?state=${authorization.searchParams.get('state')}`)).status, 404);
  const page = await browseSignIn(attempt.url, ADA);
  assert.match(page.html, /You are signed in/);
  const { capability } = await signIn.wait(attempt.id);
  assert.ok(capability.length > 40);
  await assert.rejects(fetch(redirect), 'the port is closed');
  await assert.rejects(signIn.wait(attempt.id), is('not_found'), 'given out once');
});

test('an invented code at the right state signs nobody in', async (t) => {
  const { signIn, persons } = await house(t);
  const attempt = await signIn.begin({ flow: 'browser' });
  const query = new URL(attempt.url).searchParams;
  const page = await fetch(`${query.get('redirect_uri')}?code=invented&state=${query.get('state')}&iss=${encodeURIComponent(idp.issuer)}`);
  assert.equal(page.status, 403);
  assert.match(await page.text(), /You are not signed in to Sallyport\. \S/);
  await assert.rejects(signIn.wait(attempt.id), is('bad_credential'));
  assert.equal(persons.current(), undefined);
});

test('refused at the provider, given up, unknown: each says so', async (t) => {
  const { signIn, settings } = await house(t);
  const attempt = await signIn.begin({ flow: 'browser' });
  const query = new URL(attempt.url).searchParams;
  await fetch(`${query.get('redirect_uri')}?error=access_denied&state=${query.get('state')}&iss=${encodeURIComponent(idp.issuer)}`);
  await assert.rejects(
    signIn.wait(attempt.id),
    (error: SallyportError) => error.code === 'bad_credential' && /access_denied/.test(error.message),
  );

  const second = await signIn.begin({ flow: 'browser' });
  const waiting = signIn.wait(second.id);
  signIn.cancel(second.id);
  await assert.rejects(waiting, is('bad_credential'));
  await assert.rejects(signIn.wait('nothing'), is('not_found'));

  const third = await signIn.begin({ flow: 'browser' });
  const stop = new AbortController();
  const polled = signIn.wait(third.id, stop.signal);
  stop.abort();
  await assert.rejects(polled, { name: 'AbortError' });
  await browseSignIn(third.url, ADA);
  assert.equal((await signIn.wait(third.id)).person.name, 'Ada', 'a caller that gave up waiting may ask again');

  await settings.update((draft) => void delete draft.issuers[0]!.signIn);
  await assert.rejects(signIn.begin({ flow: 'browser' }), is('not_found'));
});

test('device flow: a code on another screen', async (t) => {
  const { signIn } = await house(t);
  const attempt = await signIn.begin({ flow: 'device' });
  assert.match(attempt.userCode ?? '', /^[A-Z0-9-]{8,}$/);
  const page = await browseSignIn(attempt.url, ADA);
  assert.equal(page.status, 200);
  assert.equal((await signIn.wait(attempt.id)).person.id, `${idp.issuer}|${ADA}`);
});

test('silent refresh: groups follow the provider, the token rotates, and it lasts over a restart', async (t) => {
  const { login, signIn, owners, agents, authenticator, open, clock, secrets } = await house(t);
  const { person } = await login();
  const { key } = await agents.create({ name: 'bot', owner: person.id, groups: ['data', 'new'] });
  idp.users[ADA]!.groups = ['new'];
  clock.advance(3_600_000);
  assert.equal(await signIn.refresh(person.id), 'signed-in');
  const seen = await outcome(authenticator, key);
  assert.deepEqual(typeof seen === 'object' && seen.groups, ['new']);
  assert.ok(Math.abs(owners.get(person.id)!.refreshedAtMs - clock.now()) < 60_000, 'confirmed now, not an hour ago');
  assert.equal(await signIn.refresh(person.id), 'signed-in', 'with the rotated token');

  const again = await open();
  assert.deepEqual(again.owners.get(person.id)?.groups, ['new'], 'kept over a restart');
  assert.equal(again.persons.current(), undefined, 'a capability is not');
  assert.equal(await again.signIn.refresh(person.id), 'signed-in');
  assert.ok(secrets.protected);
});

test('in the background: refreshed without a word once it was started, and not after it was closed', async (t) => {
  const { login, signIn, owners } = await house(t);
  const { person } = await login();
  idp.users[ADA]!.groups = ['changed'];
  signIn.start();
  for (let i = 0; i < 500 && owners.get(person.id)!.groups[0] !== 'changed'; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(owners.get(person.id)!.groups, ['changed']);
  signIn.close();
});

test('provider down: the state says so, groups hold for the time of grace, then agents get 503', async (t) => {
  const { login, signIn, agents, authenticator, clock, settings, owners } = await house(t);
  const { person } = await login();
  const { key } = await agents.create({ name: 'bot', owner: person.id });
  let told = 0;
  owners.onChange(() => told++);
  await idp.pause();
  try {
    assert.equal(await signIn.refresh(person.id), 'unreachable');
    assert.equal(signIn.states()[0]?.state, 'unreachable');
    assert.ok(told > 0, 'whoever shows it is told');
    const [fault] = sessionFaults(signIn.states(), settings.get());
    assert.equal(fault?.code, 'sign_in_unreachable');
    assert.match(fault?.message ?? '', /identity provider of Ada does not answer.*are refused from \d{4}-/);
    assert.equal(typeof (await outcome(authenticator, key)), 'object');
    clock.advance(settings.get().identity.ownerGraceHours * 3_600_000 + 1000);
    assert.equal(await outcome(authenticator, key), 'identity_unavailable');
    await assert.rejects(signIn.begin({ flow: 'browser' }), is('identity_unavailable'));
  } finally {
    await idp.resume();
  }
  assert.equal(await signIn.refresh(person.id), 'signed-in');
  assert.equal(typeof (await outcome(authenticator, key)), 'object', 'recovered by itself');
  assert.deepEqual(sessionFaults(signIn.states(), settings.get()), []);
});

test('disabled at the provider: capability and agents end at the next refresh', async (t) => {
  const { login, signIn, persons, agents, authenticator, settings } = await house(t);
  const { capability, person } = await login();
  const { key } = await agents.create({ name: 'bot', owner: person.id });
  delete idp.users[ADA];
  assert.equal(await signIn.refresh(person.id), 'revoked');
  assert.deepEqual(
    sessionFaults(signIn.states(), settings.get()).map((f) => f.code),
    ['sign_in_ended'],
  );
  assert.deepEqual(sessionFaults(signIn.states(), { ...settings.get(), issuers: [] }), [], 'nobody signs in here any more');
  assert.throws(() => persons.require(capability), is('person_required'));
  assert.equal(await outcome(authenticator, key), 'owner_locked');
});

test('losing a required group ends it too, and nobody signs in without one', async (t) => {
  const { login, signIn, agents, authenticator } = await house(t, (draft) => void (draft.identity.requiredGroups = ['data']));
  const { person } = await login();
  const { key } = await agents.create({ name: 'bot', owner: person.id });
  assert.equal(typeof (await outcome(authenticator, key)), 'object');
  idp.users[ADA]!.groups = ['elsewhere'];
  assert.equal(await signIn.refresh(person.id), 'revoked');
  assert.equal(await outcome(authenticator, key), 'owner_locked');
  await assert.rejects(login(), is('group_missing'));
  // Who was never let in has no session that could have ended.
  idp.users['grace@example.test']!.groups = [];
  await assert.rejects(login('grace@example.test'), is('group_missing'));
  assert.deepEqual(
    signIn.states().map((s) => s.name),
    ['Ada'],
  );
});

test('sign-out: capability, refresh token and agents end, here and at the provider', async (t) => {
  const entries = new Map<string, string>();
  const secrets: SecretStore = {
    kind: 'memory',
    protected: true,
    acceptsProviderKeys: true,
    get: async (name) => entries.get(name),
    set: async (name, value) => void entries.set(name, value),
    delete: async (name) => void entries.delete(name),
  };
  const { login, signIn, persons, agents, authenticator } = await house(t, undefined, secrets);
  const { capability, person } = await login();
  const { key } = await agents.create({ name: 'bot', owner: person.id });
  const tokens = () => [...entries.keys()].filter((name) => name.startsWith('person/refresh/'));
  assert.equal(tokens().length, 1);
  const revocations = idp.requests.get('/token/revocation') ?? 0;
  const { endSessionUrl } = await signIn.signOut(capability);
  assert.ok(endSessionUrl?.startsWith(`${idp.issuer}/session/end?`));
  assert.equal((idp.requests.get('/token/revocation') ?? 0) - revocations, 1);
  assert.deepEqual(tokens(), []);
  assert.throws(() => persons.require(capability), is('person_required'));
  await assert.rejects(signIn.signOut(capability), is('person_required'));
  assert.equal(await outcome(authenticator, key), 'owner_locked');
  assert.equal(await signIn.refresh(person.id), 'signed-out');
});

test('a keychain that fails for a moment does not end the session', async (t) => {
  const memory = createMemorySecretStore();
  let broken = false;
  const secrets: SecretStore = {
    ...memory,
    set: (name, value) => (broken ? Promise.reject(new Error('locked')) : memory.set(name, value)),
  };
  const { login, signIn } = await house(t, undefined, secrets);
  const { person } = await login();
  broken = true;
  assert.equal(await signIn.refresh(person.id), 'signed-in');
  assert.equal(await signIn.refresh(person.id), 'signed-in', 'the spent token in the keychain is not used again');
});
