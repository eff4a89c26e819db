import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { verifyLedger } from '../../proxy/ledger/index.js';
import { exchangeRecords, memorySecrets, open, options, tempDirectory } from './support.js';

test('heads come at least every second while records come, with copies to a file and a webhook; a copy convicts where the local heads were removed', async (t) => {
  const directory = tempDirectory(t);
  const elsewhere = join(tempDirectory(t), 'heads.jsonl');
  const posted: string[] = [];
  const server = createServer((request, response) => {
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => posted.push(chunk));
    request.on('end', () => response.end());
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => server.close());
  const webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/heads`;
  const ledger = await open(options(directory, { secrets: memorySecrets(), heads: { file: elsewhere, webhook } }));
  for (const records of exchangeRecords()) await ledger.record(records, 'synced');
  const sequence = (await ledger.record([{ kind: 'settings', meta: {} }], 'synced')).sequence;
  const until = Date.now() + 10_000;
  const newest = (): number => JSON.parse(readFileSync(join(directory, 'heads.jsonl'), 'utf8').trimEnd().split('\n').at(-1)!).seq;
  let seen = 0;
  while (seen < sequence && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    try {
      seen = newest();
    } catch {}
  }
  assert.equal(seen, sequence);
  await ledger.close();
  assert.equal(newest(), sequence + 1, 'the seal at stop');
  assert.equal(readFileSync(elsewhere, 'utf8'), readFileSync(join(directory, 'heads.jsonl'), 'utf8'));
  while (!posted.some((line) => JSON.parse(line).seq >= sequence) && Date.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(posted.some((line) => JSON.parse(line).seq >= sequence));
  const segment = join(directory, 'ledger/000001.jsonl');
  const { truncateSync } = await import('node:fs');
  truncateSync(segment, readFileSync(segment).lastIndexOf(10, -2) + 1);
  truncateSync(segment, readFileSync(segment, 'utf8').indexOf('\n', 1500) + 1);
  rmSync(join(directory, 'heads.jsonl'));
  const blind = await verifyLedger(directory);
  assert.deepEqual([blind.ok, blind.uncovered.after], [true, 0]);
  assert.match(blind.notes.join(), /No signed head/);
  assert.equal((await verifyLedger(directory, { headFiles: [elsewhere] })).ok, false);
});
