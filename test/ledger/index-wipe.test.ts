import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'libsql';
import { forgetSession, openReader } from '../../proxy/ledger/index.js';
import { getMeta, openIndex, SCHEMA } from '../../proxy/ledger/index-db.js';
import { deleteWords, makeShelf, tidy, UNWIPED } from '../../proxy/ledger/index-words.js';
import { derivedKey, masterKey } from '../../proxy/ledger/keys.js';
import { exchangeRecords, memorySecrets, open, options, tempDirectory } from './support.js';

test('what was deleted is in no page of the file and not in its log, also not in pages that a merge freed', (t) => {
  const path = join(tempDirectory(t), 'plain.db');
  const db = new Database(path);
  // The index without its encryption, so that its pages can be read.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA secure_delete = FAST');
  db.exec(SCHEMA);
  makeShelf(db, 0);
  makeShelf(db, 1);
  const add = db.prepare('INSERT INTO words_0 (rowid, text) VALUES (?, ?)');
  const words = (n: number): string => Array.from({ length: 200 }, (_, i) => `w${(n * 7919 + i * 104_729) % 50_000}x`).join(' ');
  for (let n = 1; n <= 1500; n++) {
    if (n % 20 === 1) db.exec('BEGIN');
    add.run(n, n % 50 === 0 ? `${words(n)} narwhalsecret` : words(n));
    if (n % 20 === 0) db.exec('COMMIT');
  }
  const holds = (): boolean => ['', '-wal'].some((end) => readFileSync(path + end).includes('arwhalsecret'));
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  assert.ok(holds(), 'it can be seen while it is there');
  deleteWords(
    db,
    0,
    Array.from({ length: 30 }, (_, i) => 50 * (i + 1)),
  );
  assert.ok(holds(), 'full text search only marks it');
  let calls = 1;
  while (!tidy(db, 0)) calls++;
  assert.ok(calls > 2, 'in slices');
  assert.equal(holds(), false);
  assert.equal((db.prepare("SELECT count(*) AS c FROM words_0 WHERE words_0 MATCH 'narwhalsecret'").get() as { c: number }).c, 0);
  assert.equal((db.prepare('PRAGMA integrity_check').get() as { integrity_check: string }).integrity_check, 'ok');
  assert.ok((db.prepare("SELECT count(*) AS c FROM words_0 WHERE words_0 MATCH 'w7919x'").get() as { c: number }).c > 0);
  db.close();
});

test('a forgotten session is soon wiped from the file of the index', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const ledger = await open(options(directory, { secrets }));
  for (const session of ['se_1', 'se_2'])
    for (const records of exchangeRecords({ session, exchange: `ex_${session}`, text: `plans of ${session}` }))
      await ledger.record(records, 'synced');
  const reader = await openReader({ directory, secrets });
  await reader.sessions({});
  await forgetSession({ directory, reader, writer: ledger, session: 'se_1', person: 'local' });
  assert.equal((await reader.sessions({ search: 'plans' })).sessions.length, 1);
  // The worker does it while nobody asks.
  const key = derivedKey((await masterKey(secrets, false))!, 'index').toString('hex');
  const db = openIndex(join(directory, 'index.db'), key);
  for (const end = Date.now() + 20_000; getMeta(db, UNWIPED) !== undefined; ) {
    assert.ok(Date.now() < end, 'in vain');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  db.close();
  await reader.close();
  await ledger.close();
});
