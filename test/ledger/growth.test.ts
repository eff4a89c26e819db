import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openReader, verifyLedger } from '../../proxy/ledger/index.js';
import { listSegments } from '../../proxy/ledger/paths.js';
import { segmentEnd } from '../../proxy/ledger/scan.js';
import { exchangeRecords, memorySecrets, open, options, tempDirectory } from './support.js';

const TURNS = 500;

test(`a conversation of ${TURNS} turns grows linearly on disk, and its last request is read back whole`, async (t) => {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const ledger = await open(options(directory, { secrets, segmentBytes: 1 << 20 }));
  const messages: { role: string; content: string }[] = [];
  const sizes: number[] = [];
  const segments = join(directory, 'ledger');
  const size = () => listSegments(segments).reduce((sum, n) => sum + segmentEnd(segments, n), 0);
  let sent = 0;
  let body = '';
  for (let turn = 0; turn < TURNS; turn++) {
    messages.push({ role: 'user', content: `question ${turn} ${'lorem ipsum '.repeat(40)}` });
    body = JSON.stringify({ model: 'gpt-test', messages, stream: true, tools: [{ name: 'shell', description: 'runs '.repeat(200) }] });
    sent += body.length;
    const cuts: number[] = [];
    for (let at = body.indexOf('"content":"'); at !== -1; at = body.indexOf('"content":"', at + 1)) {
      cuts.push(at + 11);
      cuts.push(body.indexOf('"', at + 11));
    }
    const [arrival, ...rest] = exchangeRecords({ exchange: `ex_${turn}` });
    arrival![0]!.content = { name: 'request', bytes: Buffer.from(body), cuts };
    for (const records of [arrival!, ...rest]) await ledger.record(records, 'written');
    messages.push({ role: 'assistant', content: `answer ${turn} ${'dolor sit amet '.repeat(30)}` });
    if (turn % 100 === 99) sizes.push(size());
  }
  await ledger.close();
  const steps = sizes.slice(1).map((bytes, i) => bytes - sizes[i]!);
  t.diagnostic(
    `sent ${(sent / 1e6).toFixed(1)} MB, on disk ${(sizes.at(-1)! / 1e6).toFixed(2)} MB; per 100 turns: ${sizes.map((s) => (s / 1e6).toFixed(2)).join(', ')} MB`,
  );
  // The last hundred turns cost what the second hundred did, give or take a tenth: linear, not quadratic.
  assert.ok(Math.abs(steps.at(-1)! / steps[0]! - 1) < 0.1, steps.join(' '));
  assert.ok(sizes.at(-1)! < sent / 20);
  const reader = await openReader({ directory, secrets });
  assert.equal((await reader.exchange(`ex_${TURNS - 1}`))!.request, body);
  await reader.close();
  assert.equal((await verifyLedger(directory, { secrets, session: 'se_1' })).ok, true);
});
