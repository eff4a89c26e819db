import assert from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { SecretStore } from '../../proxy/contract/index.js';
import { type FilePort, realFiles, verifyAside, verifyLedger } from '../../proxy/ledger/index.js';
import { exchangeRecords, memorySecrets, open, options, tempDirectory } from './support.js';

type Stored = Map<string, string>;
interface Moment {
  what: string;
  directory: string;
  secrets: Stored;
}

/** A store whose content can be copied, and that calls `at` before and after each change. */
function watched(values: Stored, at: (what: string) => void): SecretStore {
  return {
    ...memorySecrets(),
    get: async (name) => values.get(name),
    set: async (name, value) => {
      at(`before ${name} is kept`);
      values.set(name, value);
      at(`after ${name} was kept`);
    },
    delete: async (name) => {
      at(`before ${name} is removed`);
      values.delete(name);
      at(`after ${name} was removed`);
    },
  };
}

/** What a crash at each step of a key rotation leaves on disk and in the keychain. */
async function moments(t: TestContext): Promise<Moment[]> {
  const directory = tempDirectory(t);
  const copies = tempDirectory(t);
  const values: Stored = new Map();
  const found: Moment[] = [];
  let watching = false;
  const at = (what: string): void => {
    if (!watching) return;
    const copy = join(copies, String(found.length));
    cpSync(directory, copy, { recursive: true });
    rmSync(join(copy, 'ledger/lock'), { force: true });
    found.push({ what, directory: copy, secrets: new Map(values) });
  };
  const file: FilePort = {
    ...realFiles,
    open(path) {
      const real = realFiles.open(path);
      return {
        writeSync(bytes, position) {
          at('before a write');
          real.writeSync(bytes.subarray(0, bytes.length >> 1), position);
          at('in a write');
          real.writeSync(bytes, position);
          at('after a write');
        },
        // On a slow machine the writer goes through the pool: the same steps.
        write(bytes, position, done) {
          this.writeSync(bytes, position);
          setImmediate(done, null);
        },
        datasync: (done) =>
          real.datasync((error) => {
            at('after a sync');
            done(error);
          }),
        truncate: (size) => real.truncate(size),
        size: () => real.size(),
        close: () => real.close(),
      };
    },
    async append(path, text) {
      await realFiles.append(path, text);
      at('after a head');
    },
  };
  const secrets = watched(values, at);
  const ledger = await open(options(directory, { secrets, file }));
  for (const records of exchangeRecords()) await ledger.record(records, 'synced');
  watching = true;
  at('before');
  await ledger.rotateKey();
  at('after');
  watching = false;
  await ledger.close();
  return found;
}

test('a crash at each step of a key rotation leaves a ledger that opens, goes on and verifies, with a key that its predecessor signed', async (t) => {
  const all = await moments(t);
  assert.ok(all.length >= 15, `${all.length} moments`);
  assert.ok(all.some(({ what }) => what === 'before ledger-seal-key is kept'));
  const keys = new Set<number>();
  for (const { what, directory, secrets: stored } of all) {
    const secrets = watched(stored, () => {});
    // As the crash left it: a record that was written half is torn, everything else is whole and trusted.
    const before = await verifyLedger(directory, { secrets });
    if (what !== 'in a write') assert.deepEqual(before.problems, [], what);
    if (what === 'before ledger-seal-key is kept') assert.deepEqual(await verifyAside(directory, { secrets }), before);
    const ledger = await open(options(directory, { secrets }));
    await ledger.record([{ kind: 'settings', meta: { after: what } }], 'synced');
    await ledger.close();
    const report = await verifyLedger(directory, { secrets });
    assert.deepEqual([report.ok, report.problems], [true, []], what);
    assert.ok(!report.notes.some((note) => note.includes('without the signature')), `${what}: ${report.notes.join()}`);
    assert.ok(
      report.keys.every(({ trusted }) => trusted === true),
      what,
    );
    assert.deepEqual([...stored.keys()].sort(), ['ledger-master-key', 'ledger-seal-key'], `${what}: no key is left lying about`);
    keys.add(report.keys.length);
  }
  assert.deepEqual([...keys].sort(), [1, 2], 'some crashes came before the new key, some after');
});
