import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { SecretStore } from '../../proxy/contract/index.js';
import { createOriginals, type FilePort, ledgerPaths, realFiles } from '../../proxy/ledger/index.js';
import { memorySecrets, systemClock, tempDirectory } from './support.js';

const entry = (n: number) => ({ placeholder: `EMAIL_ADDRESS_${n}`, entity: 'EMAIL_ADDRESS', value: `jane${n}@acme.com`, reversible: true });

async function world(t: TestContext) {
  const directory = tempDirectory(t);
  const secrets: SecretStore = memorySecrets();
  const seen = { groups: [] as number[], appends: 0, code: '' };
  let held: Promise<void> = Promise.resolve();
  const file: FilePort = {
    ...realFiles,
    async writeAll(files) {
      seen.groups.push(files.length);
      await held;
      if (seen.code !== '') throw Object.assign(new Error(seen.code), { code: seen.code });
      await realFiles.writeAll(files);
    },
    append(path, text) {
      seen.appends++;
      return realFiles.append(path, text);
    },
  };
  const open = () => createOriginals({ directory, secrets, clock: systemClock, file });
  const lines = () => readFileSync(ledgerPaths(directory).values, 'utf8').split('\n').filter(Boolean);
  const hold = () => {
    let go = (): void => {};
    held = new Promise((resolve) => (go = resolve));
    return go;
  };
  return { directory, open, seen, lines, hold };
}

test('sessions that come while the vault is written share the next write', async (t) => {
  const w = await world(t);
  const vault = await w.open();
  const go = w.hold();
  const first = vault.add('se_0', [entry(0)]);
  await new Promise((r) => setTimeout(r, 20));
  const others = Array.from({ length: 9 }, (_, i) => vault.add(`se_${i + 1}`, [entry(i + 1)]));
  let again = false;
  const same = vault.add('se_0', [entry(0)]).then(() => (again = true));
  await new Promise((r) => setTimeout(r, 20));
  assert.equal(again, false, 'what is known waits too until it is durable');
  go();
  await Promise.all([first, same, ...others]);
  assert.deepEqual(w.seen.groups, [1, 9]);
  assert.equal(w.seen.appends, 2);
  assert.equal(w.lines().length, 10);
  const anew = await w.open();
  for (let i = 0; i < 10; i++) assert.deepEqual(await anew.load(`se_${i}`), [entry(i)]);
});

test('a full disk: whoever waits is told, nothing is tried by itself, the next save takes it along', async (t) => {
  const w = await world(t);
  const vault = await w.open();
  w.seen.code = 'ENOSPC';
  await assert.rejects(vault.add('se_1', [entry(1)]), { code: 'not_recording' });
  await assert.rejects(vault.add('se_1', [entry(1)]), { code: 'not_recording' }, 'a value that is not durable is not taken for known');
  await new Promise((r) => setTimeout(r, 20));
  assert.equal(w.seen.groups.length, 2);
  w.seen.code = '';
  await vault.add('se_2', [entry(2)]);
  const anew = await w.open();
  assert.deepEqual(await anew.load('se_1'), [entry(1)]);
  assert.deepEqual(await anew.load('se_2'), [entry(2)]);
});

test('a session that is purged while it is written is gone', async (t) => {
  const w = await world(t);
  const vault = await w.open();
  const go = w.hold();
  const adding = vault.add('se_1', [entry(1)]);
  await new Promise((r) => setTimeout(r, 20));
  const purging = vault.purge('se_1');
  go();
  await Promise.all([adding, purging]);
  assert.deepEqual(await (await w.open()).load('se_1'), []);
  assert.deepEqual(w.lines(), []);
});

test('a session that is purged after its save failed does not come back with the next one', async (t) => {
  const w = await world(t);
  const vault = await w.open();
  w.seen.code = 'ENOSPC';
  await assert.rejects(vault.add('se_gone', [entry(1)]), { code: 'not_recording' });
  w.seen.code = '';
  await vault.purge('se_gone');
  await vault.add('se_kept', [entry(2)]);
  assert.deepEqual(await (await w.open()).load('se_gone'), []);
  assert.deepEqual(
    w.lines().map((line) => JSON.parse(line).session),
    ['se_kept'],
  );
});

test('a file that a power cut tore is none: nobody was told of it; the session goes on, and old ones are tidied away', async (t) => {
  const w = await world(t);
  const vault = await w.open();
  await vault.add('se_1', [entry(1)]);
  await vault.add('se_2', [entry(2)]);
  const path = (session: string): string => join(ledgerPaths(w.directory).vault, `${session}.vault`);
  const whole = readFileSync(path('se_1'));
  for (const length of [0, 1, whole.length >> 1, whole.length - 1]) {
    writeFileSync(path('se_1'), whole.subarray(0, length));
    const anew = await w.open();
    assert.deepEqual(await anew.load('se_1'), [], `${length} bytes`);
    await anew.add('se_1', [entry(3)]);
    assert.deepEqual(await (await w.open()).load('se_1'), [entry(3)]);
  }
  writeFileSync(path('se_1'), whole.subarray(0, 40));
  const later = await w.open();
  assert.equal(await later.purgeOlderThan(0), 0);
  assert.ok(!existsSync(path('se_1')));
  assert.deepEqual(await later.load('se_2'), [entry(2)]);
  // A file that is whole and does not open is damage, and said so.
  const changed = readFileSync(path('se_2'), 'utf8').replace(/"data":"..../, '"data":"AAAA');
  writeFileSync(path('se_2'), changed);
  await assert.rejects((await w.open()).load('se_2'), /cannot be opened/);
});
