import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RecordInput } from '../../proxy/contract/index.js';
import { type FilePort, type LedgerWriter, realFiles, verifyLedger } from '../../proxy/ledger/index.js';
import { FaultyFiles } from './faulty-files.js';
import { exchangeRecords, memorySecrets, open, options, systemClock, tempDirectory } from './support.js';

const healthy = (ledger: LedgerWriter): Promise<void> =>
  new Promise((resolve) => {
    if (ledger.health.ok) return resolve();
    const off = ledger.onHealth(({ ok }) => {
      if (!ok) return;
      off();
      resolve();
    });
  });
const lines = (directory: string): { kind: string; seq: number; exchange?: string; meta: { mark?: number } }[] =>
  readFileSync(join(directory, 'ledger/000001.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const mark = (n: number): RecordInput[] => [{ kind: 'settings', meta: { mark: n } }];

for (const [on, code, reason] of [
  ['write', 'ENOSPC', /full/],
  ['write', 'EIO', /error/],
  ['write', 'EROFS', /read-only/],
  ['sync', 'EIO', /error/],
  ['sync', 'ENOSPC', /full/],
] as const) {
  test(`${code} at ${on}: refused with a reason, health says so, recording resumes by itself, nothing acknowledged is lost`, async (t) => {
    const directory = tempDirectory(t);
    const secrets = memorySecrets();
    const files = new FaultyFiles();
    const ledger = await open(options(directory, { secrets, file: files }));
    const [arrival, ...rest] = exchangeRecords({ exchange: 'ex_cut' });
    await ledger.record(arrival!, 'synced');
    await ledger.record(mark(1), 'synced');
    const written = ledger.record(mark(2), 'written');
    await written;
    files.fault = { on, code };
    await assert.rejects(ledger.record(mark(3), 'synced'), (error: { code: string; message: string }) => {
      assert.equal(error.code, 'not_recording');
      assert.match(error.message, reason);
      return true;
    });
    assert.equal(ledger.health.ok, false);
    assert.match(ledger.health.reason!, reason);
    await assert.rejects(ledger.record(rest.at(-1)!, 'synced'), { code: 'not_recording' });
    files.fault = undefined;
    await healthy(ledger);
    await ledger.record(mark(4), 'synced');
    await ledger.close();
    const all = lines(directory);
    const marks = all.map(({ meta }) => meta.mark).filter((n) => n !== undefined);
    assert.ok(
      [1, 2, 4].every((n) => marks.includes(n)),
      String(marks),
    );
    assert.equal(all.filter(({ kind }) => kind === 'recovery').length, 1);
    assert.deepEqual(all.filter(({ exchange, kind }) => exchange === 'ex_cut' && kind === 'interrupted').length, 1);
    assert.deepEqual((await verifyLedger(directory, { secrets })).problems, []);
  });
}

test('a power cut at any moment: what was synced is there, and the chain verifies after it', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const files = new FaultyFiles();
  const ledger = await open(options(directory, { secrets, file: files, segmentBytes: 6000 }));
  const synced: number[] = [];
  const cuts: { at: string; synced: number[] }[] = [];
  for (let i = 0; i < 60; i++) {
    if (i % 3 === 0) void ledger.record(mark(i), 'synced').then(() => synced.push(i));
    else await ledger.record(mark(i), 'written');
    if (i % 7 === 0) {
      const at = tempDirectory(t);
      const known = [...synced];
      files.powerCut(directory, at);
      cuts.push({ at, synced: known });
    }
  }
  await ledger.close();
  for (const cut of cuts) {
    const after = await open(options(cut.at, { secrets }));
    await after.close();
    const report = await verifyLedger(cut.at, { secrets });
    assert.deepEqual(report.problems, []);
    const { readdirSync } = await import('node:fs');
    const text = readdirSync(join(cut.at, 'ledger'))
      .filter((n) => n.endsWith('.jsonl'))
      .map((n) => readFileSync(join(cut.at, 'ledger', n), 'utf8'))
      .join('');
    assert.deepEqual(
      cut.synced.filter((n) => !text.includes(`"mark":${n}}`)),
      [],
    );
  }
});

test('a written record is acknowledged before any sync, and synced soon after; a synced one waits for its sync', async (t) => {
  const directory = tempDirectory(t);
  const files = new FaultyFiles();
  const ledger = await open(options(directory, { file: files }));
  await ledger.record(mark(0), 'synced');
  files.holdSyncs = true;
  await ledger.record(mark(1), 'written');
  let acknowledged = false;
  const waits = ledger.record(mark(2), 'synced').then(() => (acknowledged = true));
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal(acknowledged, false);
  assert.ok(
    lines(directory).some(({ meta }) => meta.mark === 2),
    'it is in the file already',
  );
  files.releaseSyncs();
  await waits;
  await ledger.close();
});

test('a slow disk: what waits is bounded, the rest is refused, and the event loop is not held', async (t) => {
  const directory = tempDirectory(t);
  const files = new FaultyFiles();
  const ledger = await open(options(directory, { file: files, segmentBytes: 1 << 30 }));
  files.holdSyncs = true;
  const outcomes: (string | undefined)[] = [];
  const bytes = Buffer.alloc(4 << 20, 'x');
  for (let i = 0; i < 40; i++) {
    const content = { name: 'request' as const, bytes };
    ledger.append([{ kind: 'note', session: 's', meta: {}, content }], 'synced', (error) =>
      outcomes.push(error && (error as { code?: string }).code),
    );
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(outcomes.filter((code) => code === 'not_recording').length >= 20, 'refused above the bound');
  files.releaseSyncs();
  await ledger.close();
  assert.equal(outcomes.length, 40);
  assert.ok(outcomes.includes(undefined), 'and what was taken is acknowledged');
});

test('callbacks of one exchange come in order, whatever their class', async (t) => {
  const ledger = await open(options(tempDirectory(t), { clock: systemClock }));
  const order: number[] = [];
  await new Promise<void>((resolve) => {
    for (let i = 0; i < 200; i++) {
      ledger.append([{ kind: 'delta', session: 's', exchange: 'e', meta: {} }], i % 5 ? 'written' : 'synced', () => {
        if (order.push(i) === 200) resolve();
      });
    }
  });
  assert.deepEqual(order, [...order.keys()]);
  await ledger.close();
});

test('where the disk has room for records and none ahead, records are written all the same', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  let refused = 0;
  const file: FilePort = {
    ...realFiles,
    open(path) {
      const real = realFiles.open(path);
      if (!path.endsWith('.jsonl')) return real;
      return {
        write: (bytes, position, done) => real.write(bytes, position, done),
        datasync: (done) => real.datasync(done),
        truncate: (size) => real.truncate(size),
        size: () => real.size(),
        close: () => real.close(),
        writeSync(bytes, position) {
          if (bytes.some((byte) => byte !== 10)) return real.writeSync(bytes, position);
          refused++;
          // A full disk takes a part.
          real.writeSync(bytes.subarray(0, 100), position);
          throw Object.assign(new Error('ENOSPC: injected'), { code: 'ENOSPC' });
        },
      };
    },
  };
  const ledger = await open(options(directory, { secrets, file }));
  for (let i = 0; i < 20; i++) for (const records of exchangeRecords({ exchange: `ex_${i}` })) await ledger.record(records, 'synced');
  assert.ok(refused > 0);
  assert.equal(ledger.health.ok, true);
  assert.equal(readFileSync(join(directory, 'ledger/000001.jsonl')).at(-2), '}'.charCodeAt(0), 'what room was taken is given back');
  await ledger.close();
  assert.deepEqual((await verifyLedger(directory, { secrets })).problems, []);
});
