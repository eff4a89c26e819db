import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type VerifyState, verifyAside, verifyLedger } from '../../proxy/ledger/index.js';
import { exchangeRecords, memorySecrets, open, options, tempDirectory } from './support.js';

/** A closed ledger of one segment, and a place to put changed copies. */
async function smallLedger(t: TestContext, exchanges: number) {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const ledger = await open(options(directory, { secrets }));
  for (let i = 0; i < exchanges; i++) {
    const records = exchangeRecords({ exchange: `ex_${i}`, text: `text ${i}`, deltas: [`d${i}`] });
    for (const group of exchanges === 1 ? [records[0]!, records.at(-1)!] : records) await ledger.record(group, 'synced');
  }
  await ledger.close();
  const bytes = readFileSync(join(directory, 'ledger/000001.jsonl'));
  const heads = readFileSync(join(directory, 'heads.jsonl'));
  const copy = tempDirectory(t);
  mkdirSync(join(copy, 'ledger'));
  writeFileSync(join(copy, 'heads.jsonl'), heads);
  const verifyChanged = async (changed: Buffer) => {
    writeFileSync(join(copy, 'ledger/000001.jsonl'), changed);
    return verifyLedger(copy);
  };
  const starts = [0];
  for (let i = bytes.indexOf(10); i !== -1 && i + 1 < bytes.length; i = bytes.indexOf(10, i + 1)) starts.push(i + 1);
  /** Sequence of the record that a byte belongs to. */
  const recordAt = (offset: number) => starts.filter((start) => start <= offset).length;
  const lines = starts.map((start, i) => bytes.subarray(start, starts[i + 1] ?? bytes.length));
  return { directory, secrets, bytes, lines, recordAt, verifyChanged, ledger };
}

test('a ledger that nobody touched verifies, and the bound of its tail is its end', async (t) => {
  const { directory, secrets, lines } = await smallLedger(t, 3);
  const report = await verifyLedger(directory, { secrets, session: 'se_1' });
  assert.deepEqual(report.problems, []);
  assert.equal(report.ok, true);
  assert.equal(report.records, lines.length);
  assert.deepEqual([report.uncovered.after, report.uncovered.to], [lines.length, lines.length]);
  assert.equal(report.keys[0]!.trusted, true);
});

test('every single-byte change is found, and the first bad record is named', async (t) => {
  const { bytes, recordAt, verifyChanged } = await smallLedger(t, 1);
  for (let i = 0; i < bytes.length; i++) {
    const changed = Buffer.from(bytes);
    changed[i]! ^= 1 << (i % 7);
    const report = await verifyChanged(changed);
    assert.equal(report.ok, false, `byte ${i}`);
    assert.equal(report.problems[0]!.sequence, recordAt(i), `byte ${i}: ${JSON.stringify(report.problems[0])}`);
  }
});

test('every truncation is found', async (t) => {
  const { bytes, recordAt, verifyChanged } = await smallLedger(t, 1);
  for (let length = 0; length < bytes.length; length++) {
    const report = await verifyChanged(bytes.subarray(0, length));
    assert.equal(report.ok, false, `length ${length}`);
    assert.equal(report.problems[0]!.sequence, recordAt(length), `length ${length}: ${JSON.stringify(report.problems[0])}`);
  }
});

test('every removed, doubled and swapped record is found', async (t) => {
  const { lines, verifyChanged } = await smallLedger(t, 3);
  for (let i = 0; i < lines.length; i++) {
    const without = await verifyChanged(Buffer.concat(lines.filter((_, k) => k !== i)));
    assert.equal(without.problems[0]?.sequence, i + 1, `without ${i + 1}`);
    const doubled = await verifyChanged(Buffer.concat(lines.flatMap((line, k) => (k === i ? [line, line] : [line]))));
    assert.equal(doubled.problems[0]?.sequence, i + 2, `doubled ${i + 1}: ${JSON.stringify(doubled.problems[0])}`);
    for (let k = i + 1; k < lines.length; k++) {
      const order = [...lines];
      [order[i], order[k]] = [order[k]!, order[i]!];
      const swapped = await verifyChanged(Buffer.concat(order));
      assert.equal(swapped.ok, false);
      assert.equal(swapped.problems[0]?.sequence, i + 1, `swapped ${i + 1} and ${k + 1}: ${JSON.stringify(swapped.problems[0])}`);
    }
  }
});

const RANDOM = Number(process.env['LEDGER_CHANGES'] ?? 150);

test(`${RANDOM} random changes of a larger ledger of several segments are found and named`, async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const ledger = await open(options(directory, { secrets, segmentBytes: 12_000 }));
  for (let i = 0; i < 40; i++)
    for (const group of exchangeRecords({ exchange: `ex_${i}`, text: `text ${i}` })) await ledger.record(group, 'written');
  await ledger.rotateKey();
  for (let i = 40; i < 50; i++)
    for (const group of exchangeRecords({ exchange: `ex_${i}`, text: `text ${i}` })) await ledger.record(group, 'written');
  await ledger.close();
  const folder = join(directory, 'ledger');
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort();
  const bytes = files.map((name) => readFileSync(join(folder, name)));
  assert.ok(files.length >= 8);
  assert.equal((await verifyLedger(directory, { secrets })).ok, true);
  let seed = 12345;
  const random = (below: number): number => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) % below;
  for (let round = 0; round < RANDOM; round++) {
    const file = random(files.length);
    const original = bytes[file]!;
    const at = random(original.length);
    const before = bytes.slice(0, file).reduce((sum, b) => sum + b.filter((x) => x === 10).length, 0);
    const record = before + original.subarray(0, at).filter((x) => x === 10).length + 1;
    const what = random(3);
    const changed =
      what === 0
        ? Buffer.concat([original.subarray(0, at), Buffer.from([original[at]! ^ (1 + random(255))]), original.subarray(at + 1)])
        : what === 1
          ? Buffer.concat([original.subarray(0, at), original.subarray(at + 1)])
          : Buffer.concat([original.subarray(0, at), Buffer.from([97 + random(26)]), original.subarray(at)]);
    if (changed.equals(original)) continue;
    writeFileSync(join(folder, files[file]!), changed);
    const report = await verifyLedger(directory);
    assert.equal(report.ok, false);
    assert.equal(report.problems[0]!.sequence, record, `round ${round}: ${JSON.stringify(report.problems[0])}`);
    writeFileSync(join(folder, files[file]!), original);
  }
});

test('a range, resuming, progress, a pinned key, and the same in a worker', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const ledger = await open(options(directory, { secrets, segmentBytes: 5000 }));
  const oldKey = ledger.publicKey;
  for (let i = 0; i < 12; i++) for (const group of exchangeRecords({ exchange: `ex_${i}` })) await ledger.record(group, 'written');
  await ledger.rotateKey();
  await ledger.close();
  const states: VerifyState[] = [];
  const whole = await verifyLedger(directory, { secrets, onProgress: ({ state }) => states.push(state!) });
  assert.deepEqual(whole.problems, []);
  assert.equal(states.length, whole.segments);
  const rest = await verifyLedger(directory, { secrets, resume: states[1]! });
  assert.deepEqual([rest.ok, rest.first!.sequence, rest.last!.sequence], [true, states[1]!.sequence + 1, whole.last!.sequence]);
  const range = await verifyLedger(directory, { from: 30, to: 35 });
  assert.deepEqual(
    [range.ok, range.segments < whole.segments, range.first!.sequence <= 30, range.last!.sequence >= 35],
    [true, true, true, true],
  );
  assert.equal((await verifyLedger(directory, { trust: oldKey })).ok, true);
  assert.equal((await verifyLedger(directory, { trust: '0'.repeat(64) })).ok, false);
  assert.equal((await verifyLedger(directory, { secrets: memorySecrets() })).ok, true, 'no key stored: nobody was asked');
  const aside = await verifyAside(directory, { secrets, session: 'se_1' });
  assert.deepEqual(aside, await verifyLedger(directory, { secrets, session: 'se_1' }));
});
