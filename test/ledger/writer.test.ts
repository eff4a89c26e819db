import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openScanReader } from '../../proxy/ledger/index.js';
import { chatBody, exchangeRecords, memorySecrets, open, options, tempDirectory } from './support.js';

test('an exchange is written, chained, and read again', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const ledger = await open(options(directory, { secrets }));
  for (const records of exchangeRecords({ text: 'Tell me about whales', findings: ['EMAIL_ADDRESS'], tool: 'shell' })) {
    await ledger.record(records, 'synced');
  }
  await ledger.close();
  const text = readFileSync(join(directory, 'ledger/000001.jsonl'), 'utf8');
  assert.ok(!text.includes('whales'));
  let prev = '0'.repeat(64);
  let seq = 0;
  for (const line of text.split(/(?<=\n)/)) {
    const parsed = JSON.parse(line);
    assert.equal(parsed.prev, prev);
    assert.equal(parsed.seq, ++seq);
    prev = createHash('sha256').update(line).digest('hex');
  }
  const reader = await openScanReader({ directory, secrets });
  const { sessions } = await reader.sessions({});
  assert.equal(sessions[0]!.title, 'Tell me about whales');
  assert.deepEqual(sessions[0]!.tools, ['shell']);
  const exchange = await reader.exchange('ex_1');
  assert.equal(exchange!.request, chatBody('Tell me about whales'));
  assert.equal(exchange!.response, 'data: {"a":1}\n\ndata: {"a":2}\n\n');
  assert.equal(exchange!.outcome, 'ok');
});

test('appends of one turn are acknowledged in order, segments roll, the chain goes on after a restart', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  for (let run = 0; run < 3; run++) {
    const ledger = await open(options(directory, { secrets, segmentBytes: 8192 }));
    const order: number[] = [];
    await new Promise<void>((resolve, reject) => {
      for (let i = 0; i < 60; i++) {
        const meta = { i, filler: 'x'.repeat(300) };
        const done = (error?: Error) => {
          if (error) reject(error);
          order.push(i);
          if (order.length === 60) resolve();
        };
        ledger.append([{ kind: 'delta', session: 's', exchange: 'e', meta }], i % 3 ? 'written' : 'synced', done);
      }
    });
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
    await ledger.close();
  }
  const segments = readdirSync(join(directory, 'ledger')).filter((name) => name.endsWith('.jsonl'));
  assert.ok(segments.length > 3);
  let prev = '0'.repeat(64);
  for (const line of segments.sort().flatMap((name) => readFileSync(join(directory, 'ledger', name), 'utf8').split(/(?<=\n)/))) {
    assert.equal(JSON.parse(line).prev, prev);
    prev = createHash('sha256').update(line).digest('hex');
  }
});

test('a second writer is refused, waits for a first that is about to go, and may come after it has closed', async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const first = await open(options(directory, { secrets }));
  await assert.rejects(open(options(directory, { secrets })), { code: 'conflict' });
  const second = open(options(directory, { secrets }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  await first.close();
  await (await second).close();
  const third = await open(options(directory, { secrets }));
  await third.close();
});
