import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { realFiles } from '../../proxy/ledger/file-port.js';
import { KeySlots } from '../../proxy/ledger/key-slots.js';
import { SessionKeys } from '../../proxy/ledger/session-keys.js';
import { readSessionKey, shredSessionKey } from '../../proxy/ledger/slot-file.js';
import { tempDirectory } from './support.js';

test('every session keeps its own key, also when the first file is full; a forgotten one is gone from the disk', async (t) => {
  const directory = tempDirectory(t);
  const master = randomBytes(32);
  const keys = new SessionKeys(directory, master, realFiles);
  const made = new Map(Array.from({ length: 5000 }, (_, i) => [`se_${i}`, keys.of(`se_${i}`)]));
  assert.ok(keys.pending);
  await keys.save();
  assert.ok(!keys.pending);
  keys.close();
  const again = new SessionKeys(directory, master, realFiles);
  for (const [session, key] of made) assert.deepEqual(again.of(session), key);
  assert.ok(!again.pending);
  again.close();
  assert.deepEqual(readSessionKey(directory, master, 'se_4999'), made.get('se_4999'));
  assert.ok(readFileSync(join(directory, 'slots-2')).some((byte) => byte !== 0));

  const before = ['slots-1', 'slots-2'].map((name) => readFileSync(join(directory, name)));
  shredSessionKey(directory, 'se_77');
  assert.equal(readSessionKey(directory, master, 'se_77'), undefined);
  const after = ['slots-1', 'slots-2'].map((name) => readFileSync(join(directory, name)));
  const changed = before.reduce((sum, bytes, i) => sum + bytes.filter((byte, k) => byte !== after[i]![k]).length, 0);
  assert.ok(changed > 90 && changed <= 128, 'one slot and no other is overwritten');
  for (const [session, key] of made) if (session !== 'se_77') assert.deepEqual(readSessionKey(directory, master, session), key);
});

test('a key that another master key wrapped is neither used nor written over; a torn slot is no key, and is used again', async (t) => {
  const directory = tempDirectory(t);
  const master = randomBytes(32);
  const keys = new SessionKeys(directory, master, realFiles);
  const key = keys.of('se_1');
  await keys.save();
  keys.close();
  assert.equal(readSessionKey(directory, randomBytes(32), 'se_1'), undefined);
  const other = new SessionKeys(directory, randomBytes(32), realFiles);
  assert.throws(() => other.of('se_1'), /cannot be opened/);
  other.close();
  assert.deepEqual(readSessionKey(directory, master, 'se_1'), key);
  const path = join(directory, 'slots-1');
  const bytes = readFileSync(path);
  const at = bytes.findIndex((byte) => byte !== 0);
  bytes.fill(0, at + 60, at + 128);
  writeFileSync(path, bytes);
  assert.equal(readSessionKey(directory, master, 'se_1'), undefined);
  const later = new SessionKeys(directory, master, realFiles);
  const anew = later.of('se_1');
  await later.save();
  later.close();
  assert.notDeepEqual(anew, key);
  assert.deepEqual(readSessionKey(directory, master, 'se_1'), anew);
  assert.equal(readFileSync(path).filter((byte, i) => i % 128 === 0 && byte !== 0).length <= 1, true);
});

test('a key is put once into its slot, however often a failing disk makes us try', (t) => {
  const directory = tempDirectory(t);
  const slots = new KeySlots(directory, randomBytes(32), realFiles);
  const key = { content: randomBytes(32), mask: randomBytes(32) };
  for (let i = 0; i < 20; i++) slots.put('se_1', key);
  assert.deepEqual(slots.find('se_1'), key);
  slots.close();
  assert.equal(readFileSync(join(directory, 'slots-1')).filter((byte, i) => i % 128 === 0 && byte !== 0).length <= 1, true);
});

test('while the slots are open: a session that another door forgot is not found again, new ones are told from known ones without the disk', async (t) => {
  const directory = tempDirectory(t);
  const master = randomBytes(32);
  const slots = new KeySlots(directory, master, realFiles);
  const key = () => ({ content: randomBytes(32), mask: randomBytes(32) });
  const first = key();
  slots.put('se_1', first);
  slots.put('se_2', key());
  await slots.sync();
  assert.deepEqual(slots.find('se_1'), first);
  shredSessionKey(directory, 'se_1');
  assert.equal(slots.find('se_1'), undefined);
  const second = key();
  slots.put('se_1', second);
  await slots.sync();
  assert.deepEqual(slots.find('se_1'), second);
  slots.close();
  assert.equal(statSync(join(directory, 'slots-1')).size, 4096 * 128, 'all room is taken when the file is made');
  const reopened = new KeySlots(directory, master, realFiles);
  t.after(() => reopened.close());
  assert.deepEqual(reopened.find('se_1'), second);
  for (let i = 10; i < 2000; i++) assert.equal(reopened.find(`se_${i}`), undefined);
});
