import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Clock } from '../../proxy/contract/index.js';
import { applyRetention, createOriginals, forgetSession, ledgerPaths, openReader, verifyLedger } from '../../proxy/ledger/index.js';
import { masterKey } from '../../proxy/ledger/keys.js';
import { readSessionKey } from '../../proxy/ledger/slot-file.js';
import { chatBody, exchangeRecords, memorySecrets, open, options, tempDirectory } from './support.js';

const DAY = 86_400_000;

async function world(t: TestContext) {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  let now = Date.parse('2026-01-01T00:00:00Z');
  const clock: Clock = { now: () => now, monotonic: () => now };
  const ledger = await open(options(directory, { secrets, clock, segmentBytes: 7000 }));
  const originals = await createOriginals({ directory, secrets, clock });
  const reader = await openReader({ directory, secrets });
  t.after(() => reader.close());
  const exchange = async (session: string, id: string, agent = 'bot') => {
    for (const records of exchangeRecords({ session, exchange: id, text: `secret plans of ${session}`, agent }))
      await ledger.record(records, 'synced');
  };
  return { directory, secrets, clock, ledger, originals, reader, exchange, pass: (days: number) => (now += days * DAY) };
}

const keyOf = async ({ directory, secrets }: { directory: string; secrets: Parameters<typeof masterKey>[0] }, session: string) =>
  readSessionKey(ledgerPaths(directory).keys, (await masterKey(secrets, false))!, session);

test('forget: content, originals and index rows are gone, the record stays, the chain verifies', async (t) => {
  const w = await world(t);
  await w.exchange('se_keep', 'ex_keep');
  await w.exchange('se_gone', 'ex_gone');
  await w.originals.add('se_gone', [{ placeholder: 'p', entity: 'EMAIL_ADDRESS', value: 'jane@acme.com', reversible: true }]);
  await w.ledger.record(
    [{ kind: 'note', session: 'se_gone', meta: { person: 'local' }, content: { name: 'note', bytes: Buffer.from('suspicious') } }],
    'synced',
  );
  assert.equal((await w.reader.sessions({ search: 'plans' })).sessions.length, 2);
  assert.equal((await w.reader.exchange('ex_gone'))!.request, chatBody('secret plans of se_gone'));
  const done = await forgetSession({ ...w, writer: w.ledger, session: 'se_gone', person: 'local' });
  assert.deepEqual(done, { session: 'se_gone', exchanges: 1 });
  assert.deepEqual(
    (await w.reader.sessions({ search: 'plans' })).sessions.map(({ id }) => id),
    ['se_keep'],
  );
  assert.deepEqual((await w.reader.sessions({ search: 'value:jane@acme.com' })).sessions, []);
  const session = (await w.reader.session('se_gone'))!;
  assert.deepEqual([session.title, session.forgotten, session.notes[0]!.text], ['', true, '']);
  const exchange = (await w.reader.exchange('ex_gone'))!;
  assert.equal(exchange.request, undefined);
  assert.ok(exchange.events.every(({ content }) => content === undefined));
  assert.ok((await keyOf(w, 'se_keep')) && !(await keyOf(w, 'se_gone')));
  assert.ok(!existsSync(join(w.directory, 'vault/se_gone.vault')));
  await w.reader.rebuild!();
  assert.equal((await w.reader.session('se_gone'))!.title, '');
  await w.ledger.close();
  const report = await verifyLedger(w.directory, { secrets: w.secrets, session: 'se_gone' });
  assert.deepEqual(report.problems, []);
  assert.ok(report.notes.some((note) => note.includes('forgotten')));
});

test('forget is refused under legal hold and while an exchange is open; labels, star, title and notes are kept', async (t) => {
  const w = await world(t);
  await w.exchange('se_1', 'ex_1');
  const label = (meta: Record<string, unknown>, title?: string) =>
    w.ledger.record(
      [{ kind: 'label', session: 'se_1', meta, ...(title ? { content: { name: 'note' as const, bytes: Buffer.from(title) } } : {}) }],
      'synced',
    );
  await label({ add: ['audit', 'q1'], star: true, hold: true }, 'The case');
  await label({ remove: ['q1'] });
  const session = (await w.reader.session('se_1'))!;
  assert.deepEqual([session.title, session.labels, session.starred, session.legalHold], ['The case', ['audit'], true, true]);
  const forget = () => forgetSession({ ...w, writer: w.ledger, session: 'se_1', person: 'local' });
  await assert.rejects(forget(), { code: 'conflict' });
  await label({ hold: false });
  await w.ledger.record(exchangeRecords({ session: 'se_1', exchange: 'ex_open' })[0]!, 'synced');
  await assert.rejects(forget(), { code: 'conflict' });
  await assert.rejects(forgetSession({ ...w, writer: w.ledger, session: 'se_none', person: 'local' }), { code: 'not_found' });
  await w.ledger.close();
});

test('a forgetting that a crash interrupted is finished at the next start, and recorded', async (t) => {
  const w = await world(t);
  await w.exchange('se_1', 'ex_1');
  await w.ledger.close();
  mkdirSync(join(w.directory, 'keys/forgetting'));
  writeFileSync(join(w.directory, 'keys/forgetting/se_1'), JSON.stringify({ session: 'se_1', person: 'local' }));
  const again = await open(options(w.directory, { secrets: w.secrets }));
  await again.close();
  assert.ok(!(await keyOf(w, 'se_1')));
  assert.ok(!existsSync(join(w.directory, 'keys/forgetting')));
  assert.match(readFileSync(join(w.directory, 'ledger/000001.jsonl'), 'utf8'), /"kind":"forget","session":"se_1"/);
  assert.equal((await verifyLedger(w.directory)).ok, true);
});

test('retention removes old whole segments under a signed tombstone, spares holds, and says first what it would do', async (t) => {
  const w = await world(t);
  for (let i = 0; i < 24; i++) {
    await w.exchange(`se_${i}`, `ex_${i}`);
    w.pass(1);
  }
  await w.ledger.record([{ kind: 'label', session: 'se_9', meta: { hold: true } }], 'synced');
  const run = (dryRun: boolean) => applyRetention({ ...w, writer: w.ledger, policy: { days: 5 }, person: 'local', dryRun });
  const before = ledgerPaths(w.directory).segments;
  const plan = await run(true);
  assert.ok(plan.segments >= 2 && plan.kept.some(({ why, session }) => why === 'legal hold' && session === 'se_9'));
  assert.ok(existsSync(join(before, '000001.jsonl')));
  const done = await run(false);
  assert.deepEqual(done, plan);
  assert.ok(!existsSync(join(before, '000001.jsonl')));
  assert.ok(!(await keyOf(w, 'se_0')));
  assert.equal(await w.reader.session('se_0'), undefined);
  assert.equal((await w.reader.exchange('ex_9'))!.request, chatBody('secret plans of se_9'));
  await w.ledger.close();
  const report = await verifyLedger(w.directory, { secrets: w.secrets });
  assert.deepEqual(report.problems, []);
  assert.deepEqual(
    report.removed.map(({ segment }) => segment),
    plan.removed.map(({ segment }) => segment),
  );
});

test('a segment that is missing without a tombstone is named', async (t) => {
  const w = await world(t);
  for (let i = 0; i < 12; i++) await w.exchange(`se_${i}`, `ex_${i}`);
  await w.ledger.close();
  const { rmSync } = await import('node:fs');
  const header = JSON.parse(readFileSync(join(w.directory, 'ledger/000002.jsonl'), 'utf8').split('\n')[0]!) as { seq: number };
  rmSync(join(w.directory, 'ledger/000002.jsonl'));
  const report = await verifyLedger(w.directory);
  assert.equal(report.problems[0]!.sequence, header.seq);
  assert.match(report.problems[0]!.sentence, /Segment 2 is missing/);
});

test('retention by size, and by agent', async (t) => {
  const w = await world(t);
  for (let i = 0; i < 8; i++) await w.exchange(`se_${i}`, `ex_${i}`, i % 2 ? 'noisy' : 'bot');
  w.pass(3);
  const byAgent = await applyRetention({ ...w, writer: w.ledger, policy: { agents: { noisy: 2 } }, person: 'local' });
  assert.deepEqual(byAgent.forgotten.sort(), ['se_1', 'se_3', 'se_5', 'se_7']);
  assert.equal((await w.reader.exchange('ex_1'))!.request, undefined);
  assert.ok((await w.reader.exchange('ex_2'))!.request);
  const bySize = await applyRetention({ ...w, writer: w.ledger, policy: { bytes: 15_000 }, person: 'local' });
  assert.ok(bySize.segments >= 1);
  await w.ledger.close();
  assert.equal((await verifyLedger(w.directory, { secrets: w.secrets })).ok, true);
});

test('retention never takes pieces away that a kept session still refers to, nor lets later records refer to what it took', async (t) => {
  const w = await world(t);
  const texts: string[] = [];
  /** A conversation that is sent whole with each turn: all but the newest text is a reference to earlier records. */
  const turn = async (n: number): Promise<string> => {
    texts.push(`turn ${n}: ${'lorem ipsum '.repeat(40)}`);
    const body = chatBody(...texts);
    const cuts = texts.map((text) => body.indexOf(JSON.stringify(text)));
    const [arrival, ...rest] = exchangeRecords({ session: 'se_long', exchange: `ex_long_${n}` });
    arrival![0]!.content = { name: 'request', bytes: Buffer.from(body), cuts };
    for (const records of [arrival!, ...rest]) await w.ledger.record(records, 'synced');
    return body;
  };
  const bodies: string[] = [];
  for (let n = 0; n < 4; n++) bodies.push(await turn(n));
  for (let i = 0; i < 12; i++) await w.exchange(`se_${i}`, `ex_${i}`);
  bodies.push(await turn(4));
  const by = (bytes: number, dryRun: boolean) => applyRetention({ ...w, writer: w.ledger, policy: { bytes }, person: 'local', dryRun });
  const plan = await by(1, true);
  assert.ok(plan.kept.some(({ segment, why, session }) => segment === 1 && why === 'a kept session refers to it' && session === 'se_long'));
  assert.ok(plan.segments >= 1, 'what nobody refers to goes');
  const done = await by(1, false);
  assert.deepEqual(done.removed, plan.removed);
  for (const [n, body] of bodies.entries()) assert.equal((await w.reader.exchange(`ex_long_${n}`))!.request, body);
  // The conversation goes on; what it says from now on needs nothing of what may go next.
  bodies.push(await turn(5));
  assert.equal((await w.reader.exchange('ex_long_5'))!.request, bodies[5]);
  await w.ledger.seal();
  await w.ledger.close();
  const report = await verifyLedger(w.directory, { secrets: w.secrets, session: 'se_long' });
  assert.deepEqual(report.problems, []);
});
