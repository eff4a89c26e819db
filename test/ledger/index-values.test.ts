import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openIndex } from '../../proxy/ledger/index-db.js';
import { indexValues } from '../../proxy/ledger/index-values.js';
import { tempDirectory } from './support.js';

test('hashes of values are taken in by parts of bounded size, whole lines only, also a line that is longer than a part', (t) => {
  const directory = tempDirectory(t);
  const path = join(directory, 'values.jsonl');
  const db = openIndex(join(directory, 'index.db'), 'ab'.repeat(32));
  t.after(() => db.close());
  for (const id of ['se_1', 'se_2']) db.prepare("INSERT INTO sessions (id, last_ms, row) VALUES (?, 0, '{}')").run(id);
  const line = (session: string, from: number, count: number, width: number): string =>
    `${JSON.stringify({ session, hashes: Array.from({ length: count }, (_, i) => `h${from + i}`.padEnd(width, '.')) })}\n`;
  const count = (): number => (db.prepare('SELECT count(*) AS c FROM blind').get() as { c: number }).c;
  const all = (): number => {
    for (let calls = 1; ; calls++) if (indexValues(db, path)) return calls;
  };
  assert.equal(all(), 1, 'no file');
  writeFileSync(path, Array.from({ length: 60 }, (_, i) => line('se_1', i * 100, 100, 1000)).join(''));
  assert.equal(all(), 2);
  assert.equal(count(), 6000);
  appendFileSync(path, line('se_2', 0, 4500, 1000) + line('se_2', 9000, 5, 22));
  all();
  assert.equal(count(), 10_505);
  assert.equal(all(), 1);
  // Half a line is being written; a session whose first record is not indexed yet is waited for.
  appendFileSync(path, '{"session":"se_1","hash');
  all();
  assert.equal(count(), 10_505);
  appendFileSync(path, `es":["x"]}\n${line('se_3', 0, 3, 22)}`);
  all();
  assert.equal(count(), 10_506);
  db.prepare("INSERT INTO sessions (id, last_ms, row) VALUES ('se_3', 0, '{}')").run();
  all();
  assert.equal(count(), 10_509);
});
