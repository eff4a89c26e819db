import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ErrorCode, SallyportError, SecretStore } from '../../proxy/contract/index.js';
import { createMemorySecretStore } from '../../proxy/credentials/index.js';
import { createPersons, sealedFile } from '../../proxy/identity/index.js';
import { movableClock } from './setting.js';

const is = (code: ErrorCode) => (error: SallyportError) => error.code === code;
const open = (secrets: SecretStore = createMemorySecretStore(), clock = movableClock()) =>
  createPersons({ secrets, clock, passphraseLogN: 10 });

test('first use sets the passphrase; it unlocks, and only its hash is kept', async () => {
  const secrets = createMemorySecretStore();
  const persons = await open(secrets);
  assert.equal(persons.hasPassphrase(), false);
  await assert.rejects(persons.unlockWithPassphrase('anything at all'), is('person_required'));
  await assert.rejects(persons.setPassphrase('short'), is('invalid'));
  await persons.setPassphrase('correct horse battery');
  assert.equal(persons.hasPassphrase(), true);
  assert.ok(!(await secrets.get('person/passphrase'))?.includes('horse'));
  const { capability, person } = await persons.unlockWithPassphrase('correct horse battery');
  assert.deepEqual(persons.require(capability), person);
  assert.equal(person.id, 'local');

  const again = await open(secrets);
  assert.equal(again.hasPassphrase(), true);
  assert.throws(() => again.require(capability), is('person_required'), 'a capability does not outlive the process');
  await again.unlockWithPassphrase('correct horse battery');
});

test('where the desktop vouches for the person, not even the first passphrase is free', async () => {
  const persons = await createPersons({
    secrets: createMemorySecretStore(),
    clock: movableClock(),
    passphraseLogN: 10,
    firstNeedsPerson: true,
  });
  await assert.rejects(persons.setPassphrase('a passphrase of the agent'), is('person_required'));
  await assert.rejects(persons.setPassphrase('a passphrase of the agent', 'cap_guessed'), is('person_required'));
  assert.equal(persons.hasPassphrase(), false);
  const { capability } = persons.give({ id: 'local', name: 'L', groups: [], via: 'os' });
  await persons.setPassphrase('of the person there', capability);
  assert.equal((await persons.unlockWithPassphrase('of the person there')).person.id, 'local');
});

test('a set passphrase is changed only by who holds a capability', async () => {
  const persons = await open();
  await persons.setPassphrase('the first passphrase');
  await assert.rejects(persons.setPassphrase('taken over by an agent'), is('conflict'));
  await assert.rejects(persons.setPassphrase('taken over by an agent', 'cap_invented'), is('person_required'));
  const { capability } = await persons.unlockWithPassphrase('the first passphrase');
  await persons.setPassphrase('the second passphrase', capability);
  await assert.rejects(persons.unlockWithPassphrase('the first passphrase'), is('person_required'));
  await persons.unlockWithPassphrase('the second passphrase');
});

test('a store that cannot be read is not "no passphrase yet"', async () => {
  const persons = await open({ ...createMemorySecretStore(), get: () => Promise.reject(new Error('locked')) });
  assert.equal(persons.hasPassphrase(), true);
  await assert.rejects(persons.setPassphrase('taken over by an agent'), is('keychain_unavailable'));
});

test('guessing is slowed down, also when tried in parallel, and the right one waits too', async () => {
  const clock = movableClock();
  const persons = await open(undefined, clock);
  await persons.setPassphrase('the right passphrase');
  const codes = await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      persons.unlockWithPassphrase(`wrong passphrase ${i}`).then(
        () => 'in',
        (error: SallyportError) => error.code,
      ),
    ),
  );
  assert.deepEqual(codes, [...Array(5).fill('person_required'), ...Array(7).fill('too_many_requests')]);
  await assert.rejects(persons.unlockWithPassphrase('the right passphrase'), is('too_many_requests'));
  clock.advance(1_100);
  await assert.rejects(persons.unlockWithPassphrase('wrong again, sorry'), is('person_required'));
  clock.advance(1_100);
  await assert.rejects(persons.unlockWithPassphrase('the right passphrase'), is('too_many_requests'), 'the wait doubles');
  clock.advance(1_000);
  await persons.unlockWithPassphrase('the right passphrase');
});

test('capabilities end by lock, by person and by idling', async () => {
  const clock = movableClock();
  const persons = await open(undefined, clock);
  const ada = { id: 'https://id|ada', name: 'Ada', groups: ['x'], via: 'oidc' as const };
  const os = { id: 'local', name: 'Local', groups: [], via: 'os' as const };
  const [one, two, three] = [persons.give(ada), persons.give(ada), persons.give(os)];
  assert.notEqual(one.capability, two.capability);
  persons.lock(one.capability);
  assert.throws(() => persons.require(one.capability), is('person_required'));
  persons.require(two.capability);
  assert.equal(persons.current()?.id, ada.id);
  persons.lockPerson(ada.id);
  assert.throws(() => persons.require(two.capability), is('person_required'));
  clock.advance(11 * 3_600_000);
  persons.require(three.capability);
  clock.advance(11 * 3_600_000);
  persons.require(three.capability);
  clock.advance(13 * 3_600_000);
  assert.throws(() => persons.require(three.capability), is('person_required'));
  assert.equal(persons.current(), undefined);
  for (const wrong of [undefined, '', 'cap_', three.capability.slice(0, -1)])
    assert.throws(() => persons.require(wrong), is('person_required'));
});

test('a sealed file that was edited, moved or sealed by another key reads as nothing', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-seal-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, 'x.json');
  const file = (purpose = 'a', key = 'k') => sealedFile<{ groups: string[] }>(path, purpose, async () => key);
  assert.equal(await file().read(), undefined);
  await Promise.all([file().write({ groups: ['a'] })]);
  assert.deepEqual(await file().read(), { groups: ['a'] });
  assert.equal(await file('b').read(), undefined);
  assert.equal(await file('a', 'other').read(), undefined);
  await writeFile(path, (await readFile(path, 'utf8')).replace('\\"a\\"', '\\"admin\\"'));
  assert.equal(await file().read(), undefined);
});
