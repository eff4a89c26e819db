import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createOriginals, openReader, openScanReader } from '../../proxy/ledger/index.js';
import { until } from '../support/until.js';
import { FaultyFiles } from './faulty-files.js';
import { exchangeRecords, memorySecrets, open, options, systemClock, tempDirectory } from './support.js';

async function filled(t: TestContext) {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const ledger = await open(options(directory, { secrets, segmentBytes: 20_000 }));
  for (let i = 0; i < 40; i++) {
    const shape = {
      session: `se_${i % 10}`,
      exchange: `ex_${i}`,
      agent: i % 2 ? 'crawler' : 'billing',
      model: i % 4 ? 'gpt-5-mini' : 'claude-x',
      text: `question number ${i} about ${i === 17 ? 'narwhals' : 'weather'}`,
      findings: i % 5 ? [] : ['EMAIL_ADDRESS'],
      action: i === 12 ? 'block' : 'allow',
      deltas: ['data: {"choices":[{"delta":{"content":"Hip"}}]}\n\n', `data: {"choices":[{"delta":{"content":"po${i}potamus"}}]}\n\n`],
      ...(i === 7 ? { tool: 'shell' } : {}),
    };
    for (const records of exchangeRecords(shape)) await ledger.record(records, 'written');
  }
  const reader = await openReader({ directory, secrets });
  t.after(() => reader.close());
  return { directory, secrets, ledger, reader };
}

test('the index says what the segments say', async (t) => {
  const { directory, secrets, ledger, reader } = await filled(t);
  await ledger.close();
  const scan = await openScanReader({ directory, secrets });
  const byId = (rows: { id: string }[]) => [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
  const [fromIndex, fromScan] = [await reader.sessions({ limit: 100 }), await scan.sessions({ limit: 100 })];
  assert.equal(fromIndex.total, 10);
  assert.deepEqual(byId(fromIndex.sessions), byId(fromScan.sessions));
  assert.deepEqual(await reader.session('se_7'), await scan.session('se_7'));
  assert.deepEqual(await reader.exchange('ex_7'), await scan.exchange('ex_7'));
  assert.ok(!readFileSync(join(directory, 'index.db')).includes('narwhals'));
});

test('typed search finds by every filter and by words, over answers that came in pieces', async (t) => {
  const { ledger, reader } = await filled(t);
  const ids = async (search: string) => (await reader.sessions({ search, limit: 100 })).sessions.map(({ id }) => id).sort();
  assert.deepEqual(await ids('narwhals'), ['se_7']);
  assert.deepEqual(await ids('hippo17potamus'), ['se_7']);
  assert.deepEqual(await ids('"about narwhals"'), ['se_7']);
  assert.deepEqual(await ids('narw*'), ['se_7']);
  assert.deepEqual(await ids('agent:crawler narwhals'), ['se_7']);
  assert.deepEqual(await ids('agent:billing narwhals'), []);
  assert.deepEqual(await ids('tool:shell'), ['se_7']);
  assert.deepEqual(await ids('verdict:block'), ['se_2']);
  assert.deepEqual(await ids('model:claude*'), ['se_0', 'se_2', 'se_4', 'se_6', 'se_8']);
  assert.deepEqual(await ids('finding:EMAIL_ADDRESS -agent:billing'), ['se_5']);
  assert.deepEqual(await ids('outcome:ok after:2999-01-01'), []);
  assert.deepEqual((await ids('connection:openai')).length, 10);
  assert.deepEqual(await ids('weather -narwhals agent:crawler').then((list) => list.length), 5);
  assert.deepEqual(await ids('se"x OR (NEAR'), []);
  const problem = await reader.sessions({ search: 'after:soon' });
  assert.match(problem.problems![0]!, /no date/);
  await ledger.close();
});

test('a session that begins while the disk still syncs another is indexed with its words: its key is there before its first record', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const files = new FaultyFiles();
  const ledger = await open(options(directory, { secrets, file: files }));
  const reader = await openReader({ directory, secrets });
  t.after(() => reader.close());
  files.holdSyncs = true;
  const recorded: Promise<unknown>[] = [];
  for (const session of ['se_first', 'se_second']) {
    const [arrival] = exchangeRecords({ session, exchange: `ex_${session}`, text: 'a question about narwhals' });
    recorded.push(ledger.record(arrival!, 'synced'));
    await until(() => reader.session(session), `${session} to be indexed`);
  }
  files.releaseSyncs();
  await Promise.all(recorded);
  const [, ...rest] = exchangeRecords({ session: 'se_second', exchange: 'ex_se_second' });
  for (const records of rest) await ledger.record(records, 'written');
  await ledger.close();
  for (const session of ['se_first', 'se_second']) assert.equal((await reader.session(session))?.title, 'a question about narwhals');
  assert.equal((await reader.sessions({ search: 'narwhals', limit: 10 })).total, 2);
});

test('pages hold every session once', async (t) => {
  const { ledger, reader } = await filled(t);
  for (const search of ['', 'weather', 'agent:crawler', 'weather outcome:ok']) {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page: { sessions: { id: string }[]; nextCursor?: string } = await reader.sessions({
        search,
        limit: 3,
        ...(cursor ? { cursor } : {}),
      });
      seen.push(...page.sessions.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    assert.equal(new Set(seen).size, seen.length, search);
    assert.equal(seen.length, search.includes('agent') ? 5 : 10, search);
  }
  await ledger.close();
});

test('a value is found by its keyed hash, and not any more when its session is purged', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const originals = await createOriginals({ directory, secrets, clock: systemClock });
  const ledger = await open(options(directory, { secrets }));
  for (const session of ['se_a', 'se_b']) {
    for (const records of exchangeRecords({ session, exchange: `ex_${session}` })) await ledger.record(records, 'synced');
    await originals.add(session, [
      { placeholder: 'EMAIL_ADDRESS_x', entity: 'EMAIL_ADDRESS', value: 'jane@acme.com', reversible: true },
      { placeholder: 'PHONE_NUMBER_x', entity: 'PHONE_NUMBER', value: '+49 (30) 123-4567', reversible: true },
      { placeholder: 'API_KEY_x', entity: 'OPENAI_API_KEY', value: 'sk-never-kept', reversible: false },
    ]);
  }
  const reader = await openReader({ directory, secrets });
  t.after(() => reader.close());
  const ids = async (search: string) => (await reader.sessions({ search })).sessions.map(({ id }) => id).sort();
  assert.deepEqual(await ids('value:JANE@acme.com'), ['se_a', 'se_b']);
  assert.deepEqual(await ids('value:"+49 30 1234567"'), ['se_a', 'se_b']);
  assert.deepEqual(await ids('value:sk-never-kept'), ['se_a', 'se_b']);
  assert.deepEqual(await ids('value:john@acme.com'), []);
  assert.equal((await originals.load('se_a')).length, 2);
  const again = await createOriginals({ directory, secrets, clock: systemClock });
  assert.equal((await again.load('se_a'))[0]!.value, 'jane@acme.com');
  await originals.purge('se_a');
  assert.deepEqual(await ids('value:jane@acme.com'), ['se_b']);
  for (const file of ['vault/values.jsonl', 'vault/se_b.vault']) assert.ok(!readFileSync(join(directory, file), 'utf8').includes('jane'));
  await ledger.close();
});

test('without protected keys the vault is off, unless a person consented', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets(false);
  const off = await createOriginals({ directory, secrets, clock: systemClock });
  assert.equal(off.enabled, false);
  await off.add('se_a', [{ placeholder: 'p', entity: 'E', value: 'v', reversible: true }]);
  assert.deepEqual(await off.load('se_a'), []);
  const on = await createOriginals({ directory, secrets, clock: systemClock, consented: true });
  assert.equal(on.enabled, true);
});

test('the index is rebuilt with progress', async (t) => {
  const { ledger, reader } = await filled(t);
  await reader.sessions({});
  const steps: boolean[] = [];
  await reader.rebuild!((progress) => steps.push(progress.done));
  assert.equal(steps.at(-1), true);
  assert.equal((await reader.sessions({ search: 'narwhals' })).sessions.length, 1);
  await ledger.close();
});

test('two processes share an index, and an exchange that is open when one stops is found whole by the other', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const ledger = await open(options(directory, { secrets }));
  const groups = exchangeRecords({
    exchange: 'ex_long',
    text: 'tell me of otters',
    deltas: ['data: {"choices":[{"delta":{"content":"They ha"}}]}\n\n', 'data: {"choices":[{"delta":{"content":"ndhold sleeping"}}]}\n\n'],
  });
  const [first, second] = [await openReader({ directory, secrets }), await openReader({ directory, secrets })];
  t.after(() => second.close());
  for (const records of groups.slice(0, 3)) await ledger.record(records, 'synced');
  assert.deepEqual([(await first.sessions({})).sessions[0]!.open, (await second.exchange('ex_long'))!.outcome], [true, 'open']);
  await first.close();
  for (const records of groups.slice(3)) await ledger.record(records, 'synced');
  for (const records of exchangeRecords({ exchange: 'ex_next', session: 'se_2' })) await ledger.record(records, 'synced');
  assert.deepEqual(
    (await second.sessions({ search: 'handhold otters' })).sessions.map(({ id }) => id),
    ['se_1'],
  );
  const third = await openReader({ directory, secrets });
  assert.deepEqual(await third.session('se_1'), await second.session('se_1'));
  assert.equal((await third.session('se_1'))!.open, false);
  await third.close();
  await ledger.close();
});

test('an index that is damaged, or encrypted with another key, is begun anew', async (t) => {
  const { directory, secrets, ledger, reader } = await filled(t);
  await ledger.close();
  await reader.sessions({});
  await reader.close();
  writeFileSync(join(directory, 'index.db'), 'not a database at all'.repeat(500));
  const again = await openReader({ directory, secrets });
  assert.equal((await again.sessions({ search: 'narwhals' })).sessions.length, 1);
  await again.close();
});
