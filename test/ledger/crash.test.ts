import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ledgerPaths, openLedger, verifyLedger } from '../../proxy/ledger/index.js';
import { Indexer } from '../../proxy/ledger/index-build.js';
import { getMeta, openIndex } from '../../proxy/ledger/index-db.js';
import { masterKey } from '../../proxy/ledger/keys.js';
import { segmentEnd } from '../../proxy/ledger/scan.js';
import { exchangeRecords, memorySecrets, open, options, systemClock, tempDirectory } from './support.js';

const KILLS = Number(process.env['LEDGER_KILLS'] ?? 6);

function allLines(directory: string): { kind: string; exchange?: string; meta: Record<string, unknown> }[] {
  const { segments } = ledgerPaths(directory);
  return readdirSync(segments)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) =>
      readFileSync(join(segments, name), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    );
}

test(`kill -9 of the writing process, ${KILLS} times: no acknowledged record is lost, every exchange has an end`, async (t) => {
  const directory = tempDirectory(t);
  const acknowledged = new Set<string>();
  for (let run = 0; run < KILLS; run++) {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', fileURLToPath(new URL('writer-process.ts', import.meta.url)), directory, String(run)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const gone = once(child, 'exit');
    const lines = createInterface({ input: child.stdout });
    const goal = 40 + run * 60;
    let seen = 0;
    for await (const line of lines) {
      if (line !== 'ready') acknowledged.add(line);
      if (++seen === goal) child.kill('SIGKILL');
    }
    await gone;
  }
  const stored = JSON.parse(readFileSync(join(directory, 'secrets.json'), 'utf8')) as Record<string, string>;
  const secrets = memorySecrets();
  for (const [name, value] of Object.entries(stored)) await secrets.set(name, value);
  const last = await openLedger({ directory, secrets, clock: systemClock, segmentBytes: 60_000 });
  await last.close();
  const lines = allLines(directory);
  const marks = new Set(lines.map(({ meta }) => meta['mark']));
  assert.deepEqual(
    [...acknowledged].filter((mark) => !marks.has(mark)),
    [],
  );
  assert.ok(acknowledged.size >= KILLS * 30);
  const arrived = lines.filter(({ kind }) => kind === 'arrival').map(({ exchange }) => exchange);
  const ended = new Set(lines.filter(({ kind }) => kind === 'end' || kind === 'interrupted').map(({ exchange }) => exchange));
  assert.deepEqual(
    arrived.filter((exchange) => !ended.has(exchange)),
    [],
  );
  assert.ok(lines.some(({ kind }) => kind === 'interrupted'));
  const report = await verifyLedger(directory, { secrets });
  assert.deepEqual(report.problems, []);
});

/** A ledger with one whole exchange, closed. */
async function oneExchange(t: TestContext) {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const ledger = await open(options(directory, { secrets }));
  for (const records of exchangeRecords()) await ledger.record(records, 'synced');
  await ledger.close();
  return { directory, secrets };
}

test('a torn tail is set aside at every length, and the chain goes on', async (t) => {
  const { directory, secrets } = await oneExchange(t);
  const segment = join(directory, 'ledger/000001.jsonl');
  const whole = readFileSync(segment);
  const heads = readFileSync(join(directory, 'heads.jsonl'));
  // What a crash leaves behind of the next records: a part of a line, a line and a part, zeros of blocks never written.
  const line = whole.subarray(0, whole.indexOf(10) + 1);
  const tails = [
    Buffer.from('{'),
    line.subarray(0, 50),
    Buffer.concat([line, line.subarray(0, 9)]),
    Buffer.alloc(4096),
    // In room taken ahead: half a line, or what a power cut kept of the second of two writes.
    Buffer.concat([Buffer.from('\n\n\n'), line]),
  ];
  for (const [i, left] of tails.entries()) {
    // Half of them stand in room: then a newline ends what is left.
    const tail = i % 2 ? Buffer.concat([left, Buffer.from('\n')]) : left;
    writeFileSync(segment, Buffer.concat([whole, tail, Buffer.alloc(i % 2 ? 1000 : 0, 10)]));
    writeFileSync(join(directory, 'heads.jsonl'), heads);
    const ledger = await open(options(directory, { secrets }));
    await ledger.record([{ kind: 'settings', meta: {} }], 'synced');
    await ledger.close();
    const report = await verifyLedger(directory, { secrets });
    assert.deepEqual(report.problems, []);
    assert.match(report.notes[0]!, new RegExp(`${tail.length} bytes of a torn end`));
    assert.deepEqual(readFileSync(join(directory, 'ledger', `torn-000001-${whole.length}.bin`)), tail);
  }
});

test('room taken ahead is no part of the record: while it is written, after a crash, after a stop', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const ledger = await open(options(directory, { secrets }));
  const records = exchangeRecords();
  for (const record of records) await ledger.record(record, 'synced');
  const segment = join(directory, 'ledger/000001.jsonl');
  const live = readFileSync(segment);
  assert.ok(live.length > 50_000 && live.subarray(-1000).every((byte) => byte === 10), 'newlines stand ahead');
  assert.deepEqual((await verifyLedger(directory, { secrets })).problems, []);
  // Killed here: the next start goes on after the last record, with nothing set aside.
  const crashed = tempDirectory(t);
  cpSync(directory, crashed, { recursive: true });
  rmSync(join(crashed, 'ledger/lock'));
  await ledger.close();
  const closed = readFileSync(segment);
  assert.ok(closed.at(-1) === 10 && closed.at(-2) !== 10, 'a stop gives it back');
  const again = await open(options(crashed, { secrets }));
  await again.record([{ kind: 'settings', meta: {} }], 'synced');
  await again.close();
  assert.ok(readdirSync(join(crashed, 'ledger')).every((name) => !name.startsWith('torn')));
  const report = await verifyLedger(crashed, { secrets });
  assert.deepEqual(report.problems, []);
  assert.ok(readFileSync(join(crashed, 'ledger/000001.jsonl'), 'utf8').trimEnd().split('\n').every(Boolean), 'no gap between records');
});

test('a half-written line in the room is waited for by the index, and looked at again by verify', async (t) => {
  const { directory, secrets } = await oneExchange(t);
  const segment = join(directory, 'ledger/000001.jsonl');
  const whole = readFileSync(segment);
  const last = whole.lastIndexOf(10, -2) + 1;
  const room = Buffer.alloc(5000, 10);
  writeFileSync(segment, Buffer.concat([whole.subarray(0, last + 40), room]));
  const db = openIndex(join(directory, 'index.db'), 'k');
  t.after(() => db.close());
  const indexer = new Indexer(db, join(directory, 'ledger'), join(directory, 'keys'), await masterKey(secrets, false));
  while (!indexer.step(100));
  assert.equal(Number(getMeta(db, 'offset')), last, 'stops before the half line');
  const verifying = verifyLedger(directory, { secrets });
  setTimeout(() => writeFileSync(segment, Buffer.concat([whole, room])), 30);
  assert.deepEqual((await verifying).problems, []);
  while (!indexer.step(100));
  assert.equal(Number(getMeta(db, 'offset')), whole.length);
});

test('a crash while the next segment was begun: the empty one is dropped, nothing is lost', async (t) => {
  const { directory, secrets } = await oneExchange(t);
  writeFileSync(join(directory, 'ledger/000002.jsonl'), '{"prev":"');
  const again = await open(options(directory, { secrets }));
  await again.record([{ kind: 'settings', meta: {} }], 'synced');
  await again.close();
  assert.ok(!existsSync(join(directory, 'ledger/000002.jsonl')));
  assert.equal((await verifyLedger(directory, { secrets })).ok, true);
});

test('damage under a head is not taken for a torn end: it stays, and verify names it after a restart', async (t) => {
  const { directory, secrets } = await oneExchange(t);
  const segment = join(directory, 'ledger/000001.jsonl');
  const text = readFileSync(segment, 'utf8');
  writeFileSync(segment, text.replace('"connection":"openai"', '"connection":"0penai"'));
  const again = await open(options(directory, { secrets }));
  await again.close();
  const report = await verifyLedger(directory, { secrets });
  assert.equal(report.problems[0]!.sequence, 2);
  assert.ok(readdirSync(join(directory, 'ledger')).every((name) => !name.startsWith('torn')));
});

test('the bound: what the last head covers is missed when cut, what came later is not, and verify says which is which', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const ledger = await open(options(directory, { secrets }));
  for (const records of exchangeRecords()) await ledger.record(records, 'synced');
  await ledger.seal(); // writes a head
  const covered = (await verifyLedger(directory)).head!.sequence;
  await ledger.record([{ kind: 'settings', meta: { later: 1 } }], 'synced');
  await ledger.record([{ kind: 'settings', meta: { later: 2 } }], 'synced');
  const now = await verifyLedger(directory);
  assert.deepEqual([now.uncovered.after, now.uncovered.to], [covered, covered + 2]);
  const segment = join(directory, 'ledger/000001.jsonl');
  const bytes = readFileSync(segment).subarray(0, segmentEnd(join(directory, 'ledger'), 1));
  const ends = [...bytes.entries()].filter(([, byte]) => byte === 10).map(([i]) => i + 1);
  for (let keep = ends.length; keep > covered - 3; keep--) {
    truncateSync(segment, ends[keep - 1]!);
    const report = await verifyLedger(directory);
    assert.equal(report.ok, keep >= covered, `${keep} records kept`);
    if (!report.ok) assert.equal(report.problems[0]!.sequence, keep + 1);
    appendFileSync(segment, '');
  }
  writeFileSync(segment, bytes);
  await ledger.close();
  const closed = await verifyLedger(directory);
  assert.equal(closed.uncovered.after, closed.uncovered.to);
});
