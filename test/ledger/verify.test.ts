import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { verifyLedger } from '../../proxy/ledger/index.js';
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
