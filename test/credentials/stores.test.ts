import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ErrorCode, SallyportError, SecretStore } from '../../proxy/contract/index.js';
import {
  createMemorySecretStore,
  createRemoteSecretStore,
  createSecretStore,
  hashPassphrase,
  moveSecrets,
  type SecretStoreOptions,
  verifyPassphrase,
} from '../../proxy/credentials/index.js';

type Context = { after(run: () => Promise<void>): void };
const is =
  (code: ErrorCode, pattern = /./) =>
  (error: SallyportError) =>
    error.code === code && pattern.test(error.message);

async function folder(t: Context): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-store-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
const opener =
  (directory: string) =>
  (options: Partial<SecretStoreOptions> = {}) =>
    createSecretStore({ directory, env: {}, passphraseLogN: 10, keychainState: async () => 'absent', ...options });

const secretsFile = async (directory: string) => join(directory, (await readdir(directory)).find((name) => /^secrets-.*json$/.test(name))!);

async function works(store: SecretStore, directory: string, again: () => Promise<SecretStore>) {
  await store.set('ledger/seal', 'CANARY-value');
  await store.set('gone', 'x');
  await store.delete('gone');
  await store.delete('gone');
  const reopened = await again();
  assert.equal(reopened.kind, store.kind);
  assert.equal(await reopened.get('ledger/seal'), 'CANARY-value');
  assert.equal(await reopened.get('gone'), undefined);
  for (const name of await readdir(directory)) {
    assert.ok(!(await readFile(join(directory, name), 'utf8')).includes('CANARY'), `${name} holds a value in clear`);
    assert.equal((await stat(join(directory, name))).mode & 0o077, 0, `${name} can be read by others`);
  }
}

test('nothing agreed, no keychain: an unprotected file that says so and takes no provider keys', async (t) => {
  const directory = await folder(t);
  const open = opener(directory);
  const store = await open();
  assert.deepEqual([store.kind, store.protected, store.acceptsProviderKeys], ['unprotected-file', false, false]);
  await works(store, directory, open);
});

test('a throw-away directory keeps its keys itself and leaves the keychain alone', async (t) => {
  const directory = await folder(t);
  const open = () =>
    opener(directory)({ consent: { throwAway: true }, keychainState: () => Promise.reject(new Error('must not be asked')) });
  const store = await open();
  assert.deepEqual([store.kind, store.protected], ['key-file', true]);
  await works(store, directory, open);
});

test('a key file that was agreed to: made once, then required, private, and the right one', async (t) => {
  const directory = await folder(t);
  const elsewhere = join(await folder(t), 'sub', 'sallyport.key');
  const open = () => opener(directory)({ env: { SALLYPORT_KEY_FILE: elsewhere } });
  const store = await open();
  assert.deepEqual([store.kind, store.protected, store.acceptsProviderKeys], ['key-file', true, false]);
  await works(store, directory, open);
  await chmod(elsewhere, 0o644);
  await assert.rejects(open(), is('keychain_unavailable', /others may read it/));
  await chmod(elsewhere, 0o600);
  await writeFile(elsewhere, 'another key of sufficient length');
  await assert.rejects(open(), is('keychain_unavailable', /another key/));
  await rm(elsewhere);
  await assert.rejects(open(), is('keychain_unavailable', /ENOENT/));
});

test('a passphrase: protects, is asked for again, and a wrong one opens nothing', async (t) => {
  const directory = await folder(t);
  const open = (passphrase = 'correct horse') => opener(directory)({ consent: { passphrase: async () => passphrase } });
  const store = await open();
  assert.deepEqual([store.kind, store.protected, store.acceptsProviderKeys], ['passphrase', true, true]);
  await works(store, directory, open);
  await assert.rejects(open('wrong horse'), is('keychain_unavailable', /another passphrase/));
  await assert.rejects(opener(directory)(), is('keychain_unavailable', /passphrase, which was not given/));
});

test('a systemd credential', async (t) => {
  const directory = await folder(t);
  const credentials = await folder(t);
  await writeFile(join(credentials, 'sallyport-key'), 'a key from the service manager', { mode: 0o400 });
  const open = () => opener(directory)({ env: { CREDENTIALS_DIRECTORY: credentials } });
  const store = await open();
  assert.deepEqual([store.kind, store.protected, store.acceptsProviderKeys], ['systemd', true, true]);
  await works(store, directory, open);
  await assert.rejects(opener(directory)({ env: {} }), is('keychain_unavailable', /systemd/));
  const other = await opener(await folder(t))({ env: { CREDENTIALS_DIRECTORY: await folder(t) } });
  assert.equal(other.kind, 'unprotected-file', "other services' credentials are not ours");
});

test('the choice is remembered: a keychain that is gone today is not replaced by new keys', async (t) => {
  const directory = await folder(t);
  const open = opener(directory);
  assert.equal((await open({ keychainState: async () => 'unlocked' })).kind, 'keychain');
  assert.equal((await open({ keychainState: async () => 'absent' })).kind, 'keychain');
  const headless = opener(await folder(t));
  assert.equal((await headless({ keychainState: async () => 'locked' })).kind, 'unprotected-file', 'locked and nobody to ask');
  const desktop = opener(await folder(t));
  assert.equal((await desktop({ keychainState: async () => 'locked', env: { DISPLAY: ':0' } })).kind, 'keychain');
});

test('damaged files are an error with a name, never a new beginning', async (t) => {
  const directory = await folder(t);
  const open = opener(directory);
  await (await open()).set('a', 'b');
  await writeFile(await secretsFile(directory), '{"version":1,');
  await assert.rejects(open(), is('keychain_unavailable', /secrets-.*\.json/));
  await writeFile(join(directory, 'secret-store.json'), 'x');
  await assert.rejects(open(), is('keychain_unavailable', /secret-store\.json/));
});

test('secrets move from the unprotected file to something better, all of them or none', async (t) => {
  const directory = await folder(t);
  const at = (options: Partial<SecretStoreOptions>) => ({
    directory,
    env: {},
    passphraseLogN: 10,
    keychainState: async () => 'absent' as const,
    ...options,
  });
  const old = await createSecretStore(at({}));
  await old.set('ledger/seal', 'one');
  await old.set('identity/seal', 'two');
  await assert.rejects(moveSecrets(at({})), is('conflict', /no better place/));
  const passphrase = (text: string) => at({ consent: { passphrase: async () => text } });
  await assert.rejects(moveSecrets(at({ consent: { passphrase: () => Promise.reject(new Error('given up')) } })), /given up/);
  assert.equal((await createSecretStore(at({}))).kind, 'unprotected-file', 'nothing changed');

  const moved = await moveSecrets(passphrase('correct horse'));
  assert.equal(moved.kind, 'passphrase');
  const again = await createSecretStore(passphrase('correct horse'));
  assert.deepEqual([await again.get('ledger/seal'), await again.get('identity/seal')], ['one', 'two']);
  assert.equal(
    (await readdir(directory)).filter((name) => /unprotected|secrets-/.test(name)).length,
    1,
    'the old file and its key are gone',
  );
});

test('two processes that begin together use the same keys', async (t) => {
  const directory = await folder(t);
  const stores = await Promise.all(Array.from({ length: 8 }, () => opener(directory)()));
  await stores[0]!.set('ledger/seal', 'one');
  assert.equal(await (await opener(directory)()).get('ledger/seal'), 'one');
  assert.equal((await readdir(directory)).filter((name) => name.endsWith('.tmp')).length, 0);
});

test('a passphrase that was not given leaves nothing behind', async (t) => {
  const directory = await folder(t);
  await assert.rejects(opener(directory)({ consent: { passphrase: () => Promise.reject(new Error('given up')) } }), /given up/);
  assert.equal((await opener(directory)()).kind, 'unprotected-file');
});

test('entries cannot be exchanged in the file', async (t) => {
  const directory = await folder(t);
  const open = opener(directory);
  const store = await open();
  await store.set('a', 'value of a');
  await store.set('b', 'value of b');
  const path = await secretsFile(directory);
  const kept = JSON.parse(await readFile(path, 'utf8'));
  [kept.entries.a, kept.entries.b] = [kept.entries.b, kept.entries.a];
  await writeFile(path, JSON.stringify(kept));
  await assert.rejects((await open()).get('a'));
});

test('any name and value round-trips, also when written at once', async (t) => {
  const directory = await folder(t);
  const open = opener(directory);
  const entry = fc.tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 200 }));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(entry, { selector: ([name]) => name, maxLength: 8 }), async (entries) => {
      const store = await open();
      await Promise.all(entries.map(([name, value]) => store.set(name, value)));
      const again = await open();
      for (const [name, value] of entries) assert.equal(await again.get(name), Buffer.from(value).toString());
    }),
    { numRuns: 8 },
  );
});

test('passphrase hashes: salted, checked, and nothing else matches', async () => {
  const hash = await hashPassphrase('correct horse', 10);
  assert.notEqual(hash, await hashPassphrase('correct horse', 10));
  assert.equal(await verifyPassphrase('correct horse', hash), true);
  assert.equal(await verifyPassphrase('correct horsE', hash), false);
  assert.equal(await verifyPassphrase('caf\u00e9 au lait', await hashPassphrase('cafe\u0301 au lait', 10)), true, 'however it was typed');
  for (const broken of ['', 'scrypt', 'scrypt$10$$', 'scrypt$99$aa$aa', 'plain$10$aa$aa', hash.slice(0, -4)]) {
    assert.equal(await verifyPassphrase('correct horse', broken), false, broken);
  }
});

test('passphrase hashes of an earlier cost are still checked', async () => {
  // N = 2^17, r = 8, p = 1, made by another implementation of RFC 7914.
  const salt = 'c29tZSBzYWx0IG9mIG91cnM';
  const kept = `scrypt$17$${salt}$DdaidfxULJONCT1HOLAFwbKvwqEE8xXWHCIfqklwuDg`;
  assert.equal(await verifyPassphrase('correct horse', kept), true);
  assert.match(await hashPassphrase('correct horse'), /^scrypt\$16\$/);
});

test('a remote store: the gateway asks, main answers; an error or no answer at all is an unreadable keychain', async () => {
  const memory = createMemorySecretStore({ a: '1' });
  const asked: string[] = [];
  const store = createRemoteSecretStore(
    { ...memory, kind: 'keychain', protected: true },
    async ({ id, op, name, value }) => {
      asked.push(op);
      if (name === 'hung') return;
      if (name === 'locked') return store.answered({ id, error: 'The keychain is locked.' });
      if (op === 'set') await memory.set(name, value!);
      if (op === 'delete') await memory.delete(name);
      const found = op === 'get' ? await memory.get(name) : undefined;
      store.answered({ id, ...(found === undefined ? {} : { value: found }) });
    },
    200,
  );
  assert.deepEqual([store.kind, store.protected], ['keychain', true]);
  assert.equal(await store.get('a'), '1');
  await store.set('b', '2');
  assert.deepEqual(await Promise.all(['a', 'b', 'c'].map((name) => store.get(name))), ['1', '2', undefined]);
  await store.delete('b');
  assert.equal(await store.get('b'), undefined);
  await assert.rejects(store.get('locked'), is('keychain_unavailable', /is locked/));
  await assert.rejects(store.get('hung'), is('keychain_unavailable', /does not answer/));
  store.answered({ id: 999, value: 'to nobody' });
  assert.equal(await store.get('a'), '1', 'one that hung does not stop the others');
  assert.deepEqual([...new Set(asked)], ['get', 'set', 'delete']);
});
