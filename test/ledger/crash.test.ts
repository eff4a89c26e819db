import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ledgerPaths, openLedger, verifyLedger } from '../../proxy/ledger/index.js';
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

test('a torn tail is set aside at every length, and the chain goes on', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const first = await open(options(directory, { secrets }));
  for (const records of exchangeRecords()) await first.record(records, 'synced');
  await first.close();
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
    Buffer.from('\n\n\n'),
  ];
  for (const tail of tails) {
    writeFileSync(segment, Buffer.concat([whole, tail]));
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

test('a crash while the next segment was begun: the empty one is dropped, nothing is lost', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const ledger = await open(options(directory, { secrets }));
  for (const records of exchangeRecords()) await ledger.record(records, 'synced');
  await ledger.close();
  writeFileSync(join(directory, 'ledger/000002.jsonl'), '{"prev":"');
  const again = await open(options(directory, { secrets }));
  await again.record([{ kind: 'settings', meta: {} }], 'synced');
  await again.close();
  assert.ok(!existsSync(join(directory, 'ledger/000002.jsonl')));
  assert.equal((await verifyLedger(directory, { secrets })).ok, true);
});

test('damage under a head is not taken for a torn end: it stays, and verify names it after a restart', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const ledger = await open(options(directory, { secrets }));
  for (const records of exchangeRecords()) await ledger.record(records, 'synced');
  await ledger.close();
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
  const bytes = readFileSync(segment);
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
