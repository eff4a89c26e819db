import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { BLOCK } from '../../proxy/ledger/index-bits.js';
import { Indexer } from '../../proxy/ledger/index-build.js';
import { type Db, getMeta, openIndex } from '../../proxy/ledger/index-db.js';
import { sessionPage } from '../../proxy/ledger/index-query.js';
import { masterKey } from '../../proxy/ledger/keys.js';
import { segmentEnd } from '../../proxy/ledger/scan.js';
import { exchangeRecords, memorySecrets, open, options, systemClock, tempDirectory } from './support.js';

const KEY = 'ab'.repeat(32);
const BEGIN = Date.parse('2026-01-01T00:00:00Z');
const DAY = 86_400_000;

/** An index of 3,000 exchanges of 300 sessions, ten a day; of the kind that is gone about with, without a worker. */
async function indexed(t: TestContext): Promise<Db> {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  let now = BEGIN;
  const ledger = await open(options(directory, { secrets, clock: { ...systemClock, now: () => now } }));
  const waits: Promise<unknown>[] = [];
  for (let i = 0; i < 3000; i++) {
    now = BEGIN + Math.floor(i / 10) * DAY;
    const shape = {
      session: `se_${Math.floor(i / 10)}`,
      exchange: `ex_${i}`,
      agent: `agent-${i % 7}`,
      model: i % 3 ? 'gpt-a' : 'gpt-b',
      text: `question ${i} ${i === 1234 ? 'narwhals' : 'weather'}`,
      findings: i % 50 ? [] : ['EMAIL_ADDRESS'],
      action: i % 100 === 3 ? 'mask' : 'allow',
    };
    waits.push(ledger.record(exchangeRecords(shape).flat(), 'written'));
    if (waits.length > 500) await Promise.all(waits.splice(0));
  }
  await Promise.all(waits);
  await ledger.close();
  const db = openIndex(join(directory, 'index.db'), KEY);
  t.after(() => db.close());
  // Numbers go on from here, so that the exchanges lie in two blocks.
  db.exec(`INSERT INTO places VALUES (${BLOCK - 1700}, 0, 0)`);
  const indexer = new Indexer(db, join(directory, 'ledger'), join(directory, 'keys'), await masterKey(secrets, false));
  while (!indexer.step(200));
  return db;
}

test('every search is answered by an index: no plan looks through a table that grows', async (t) => {
  const db = await indexed(t);
  const asked = new Set<string>();
  // One for each search: statements are prepared once a connection.
  const watch = (): Db =>
    new Proxy(db, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        if (name !== 'prepare') return typeof value === 'function' ? value.bind(target) : value;
        return (sql: string) => {
          asked.add(sql);
          return target.prepare(sql);
        };
      },
    });
  const searches = [
    '',
    'before:2026-03-01',
    'agent:agent-3',
    'model:gpt-a finding:EMAIL_ADDRESS',
    'model:gpt* -agent:agent-1 verdict:mask',
    'agent:agent-3 after:2026-02-01 before:2026-02-10',
    'value:jane@acme.com',
    'value:jane@acme.com agent:agent-1',
    'narwhals',
    'weather -narwhals agent:agent-2',
    'narw* verdict:mask outcome:ok',
  ];
  for (const search of searches) {
    asked.clear();
    const watched = watch();
    const page = sessionPage(watched, { search, limit: 5 }, Buffer.alloc(32));
    if (page.nextCursor) sessionPage(watched, { search, limit: 5, cursor: page.nextCursor }, Buffer.alloc(32));
    assert.ok(asked.size > 0);
    for (const sql of asked) {
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...Array(sql.split('?').length - 1).fill(1)) as { detail: string }[];
      for (const { detail } of plan) {
        if (!detail.startsWith('SCAN')) continue;
        // Full text search's own look-up; the newest sessions in order, as far as a page; two tables that stay small.
        assert.match(
          detail,
          /VIRTUAL TABLE INDEX|^SCAN sessions USING (COVERING )?INDEX sessions_last|^SCAN (spans|shelves|json_each)/,
          `${search}: ${sql}`,
        );
      }
    }
  }
});

test('dates bound a search, and what is found is what the filter says', async (t) => {
  const db = await indexed(t);
  const found = (search: string): string[] => {
    const ids: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = sessionPage(db, { search, limit: 7, ...(cursor ? { cursor } : {}) }, undefined);
      ids.push(...page.sessions.map(({ id }) => id));
      cursor = page.nextCursor;
      if (cursor === undefined) return ids;
    }
  };
  const days = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `se_${to - 1 - i}`);
  assert.deepEqual(found('model:gpt-a after:2026-02-01 before:2026-02-11'), days(31, 41));
  assert.deepEqual(found('weather before:2026-01-04'), days(0, 3));
  assert.deepEqual(found('before:2025-01-01 model:gpt-a'), []);
  assert.deepEqual(found('after:2026-10-20 weather'), days(292, 300));
  assert.deepEqual(found('narwhals'), ['se_123']);
  assert.equal(found('finding:EMAIL_ADDRESS').length, 60);
  assert.equal(found('finding:E* verdict:mask').length, 0);
  assert.equal(found('verdict:m*').length, 30);
});

test('a new process goes on where the index ends, and keeps where it came to', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const ledger = await open(options(directory, { secrets }));
  const write = (i: number): Promise<unknown> =>
    ledger.record(exchangeRecords({ session: `se_${i}`, exchange: `ex_${i}`, text: `question ${i}` }).flat(), 'synced');
  const db = openIndex(join(directory, 'index.db'), KEY);
  t.after(() => db.close());
  const master = await masterKey(secrets, false);
  for (let i = 0; i < 3; i++) {
    await write(i);
    const indexer = new Indexer(db, join(directory, 'ledger'), join(directory, 'keys'), master);
    while (!indexer.step(200));
    assert.equal(Number(getMeta(db, 'offset')), segmentEnd(join(directory, 'ledger'), 1));
    assert.equal(sessionPage(db, {}, undefined).sessions.length, i + 1);
    assert.equal(sessionPage(db, { search: 'question' }, undefined).sessions.length, i + 1);
    assert.equal((db.prepare('SELECT max(n) AS n FROM places').get() as { n: number }).n, i + 1);
  }
  await ledger.close();
});

test('a slice ends soon where other work comes, keeps what it did, and the next goes on', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const ledger = await open(options(directory, { secrets, segmentBytes: 64 << 20 }));
  for (let i = 0; i < 40; i++)
    await ledger.record(
      exchangeRecords({ exchange: `ex_${i}`, text: `question ${i} ${randomBytes(40_000).toString('hex')}` }).flat(),
      'written',
    );
  await ledger.close();
  const db = openIndex(join(directory, 'index.db'), KEY);
  t.after(() => db.close());
  const indexer = new Indexer(db, join(directory, 'ledger'), join(directory, 'keys'), await masterKey(secrets, false));
  const offset = (): number => Number(getMeta(db, 'offset'));
  const whole = segmentEnd(join(directory, 'ledger'), 1);
  assert.ok(whole > 3 << 20, `${whole} bytes`);
  assert.equal(
    indexer.step(60_000, () => true),
    false,
  );
  const first = offset();
  assert.ok(first > 0 && first < 256 << 10, `${first} of ${whole}`);
  assert.equal(
    indexer.step(60_000, () => false),
    true,
  );
  assert.equal(offset(), whole);
  assert.equal((db.prepare('SELECT count(*) AS n FROM exchanges').get() as { n: number }).n, 40);
});
