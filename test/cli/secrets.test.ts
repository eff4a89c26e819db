import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createSecretStore } from '../../proxy/credentials/index.js';
import { lockLedger } from '../../proxy/ledger/index.js';
import { sallyport } from './support.js';

describe('secrets', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sallyport-secrets-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  const run = (args: string[], given = {}) => sallyport(['--data', directory, 'secrets', ...args], given);
  const unprotected = async () => {
    const store = await createSecretStore({ directory, env: {}, keychainState: async () => 'absent' });
    assert.equal(store.kind, 'unprotected-file');
    await store.set('ledger/seal', 'the seal key');
  };
  const read = (passphrase: string) =>
    createSecretStore({ directory, env: {}, consent: { passphrase: async () => passphrase } }).then((s) => s.get('ledger/seal'));

  it('moves an unprotected store under a passphrase, asked twice; then to a key file; and says where they are', async () => {
    assert.equal((await run(['where'])).code, 5, 'nothing was kept yet');
    await unprotected();
    assert.match((await run(['where'])).out, /NOT protected/);
    const differ = await run(['move', '--passphrase'], { answers: ['correct horse', 'another horse'] });
    assert.equal(differ.code, 2);
    assert.match(differ.err, /nothing was moved/);
    assert.match((await run(['where'])).out, /NOT protected/);
    assert.equal((await run(['move', '--passphrase'], { answers: ['short'] })).code, 2);

    const asked: string[] = [];
    const moved = await run(['move', '--passphrase'], { answers: ['correct horse', 'correct horse'], asked });
    assert.equal(moved.code, 0, moved.err);
    assert.match(moved.out, /serve --passphrase/);
    assert.equal(asked.length, 2);
    assert.deepEqual((await run(['where', '--json'])).json(), { kind: 'passphrase', protected: true });
    assert.equal(await read('correct horse'), 'the seal key');
    assert.ok(!readdirSync(directory).some((name) => name.startsWith('unprotected')), 'the old key is gone');

    const file = join(directory, '..', `${Date.now()}-${process.pid}.key`);
    try {
      assert.equal((await run(['move', '--key-file', file], { answers: ['wrong passphrase'] })).code, 1);
      assert.equal(await read('correct horse'), 'the seal key', 'a wrong passphrase moves nothing');
      assert.equal((await run(['move', '--key-file', file], { answers: ['correct horse'] })).code, 0);
      const again = await createSecretStore({ directory, env: {}, consent: { keyFile: file } });
      assert.deepEqual([again.kind, await again.get('ledger/seal')], ['key-file', 'the seal key']);
    } finally {
      rmSync(file, { force: true });
    }
  });

  it('takes passphrases from standard input: the present one first, then the new one', async () => {
    await unprotected();
    const pipe = (stdin: string) => sallyport(['--data', directory, '--passphrase-stdin', 'secrets', 'move', '--passphrase'], { stdin });
    assert.equal((await pipe('correct horse\n')).code, 0);
    assert.equal((await pipe('correct horse\na better horse\n')).code, 0);
    assert.equal(await read('a better horse'), 'the seal key');
    assert.equal((await run(['move', '--passphrase'])).code, 2, 'no terminal, nothing piped: it does not wait');
  });

  it('moves nothing while a gateway runs, or where there is no better place', async () => {
    await unprotected();
    const nowhere = await run(['move']);
    assert.equal(nowhere.code, 6);
    assert.match(nowhere.err, /no better place/);
    const release = lockLedger(directory);
    const busy = await run(['move', '--passphrase'], { answers: ['correct horse', 'correct horse'] });
    release();
    assert.equal(busy.code, 6);
    assert.match(busy.err, /stop it first/);
    assert.match((await run(['where'])).out, /NOT protected/);
  });
});
