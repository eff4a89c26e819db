import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import {
  createOriginals,
  exportSessions,
  type LedgerExportFormat,
  openReader,
  readBundle,
  verifyBundle,
  verifyBundleText,
} from '../../proxy/ledger/index.js';
import { exchangeRecords, memorySecrets, open, options, systemClock, tempDirectory } from './support.js';

async function world(t: TestContext) {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const clock = systemClock;
  const writer = await open(options(directory, { secrets, segmentBytes: 9000 }));
  t.after(() => writer.close());
  for (let i = 0; i < 6; i++) {
    const shape = { session: `se_${i % 2}`, exchange: `ex_${i}`, text: `Write to EMAIL_ADDRESS_abcdefgh </script> ${i}`, tool: 'shell' };
    for (const records of exchangeRecords({ ...shape, deltas: ['data: {"choices":[{"delta":{"content":"Dear ```x"}}]}\n\n'] }))
      await writer.record(records, 'synced');
  }
  const originals = await createOriginals({ directory, secrets, clock });
  await originals.add('se_0', [
    { placeholder: 'EMAIL_ADDRESS_abcdefgh', entity: 'EMAIL_ADDRESS', value: 'jane@acme.com', reversible: true },
  ]);
  const reader = await openReader({ directory, secrets });
  t.after(() => reader.close());
  const run = async (format: LedgerExportFormat, more: object = {}) => {
    const made = await exportSessions({ directory, secrets, clock, reader, writer, format, sessions: ['se_0'], person: 'local', ...more });
    assert.ok(made.stream instanceof Readable);
    return { ...made, body: await text(made.stream) };
  };
  return { directory, originals, run, writer };
}

test('a bundle verifies with nothing but itself, holds one session, and finds every kind of change', async (t) => {
  const { directory, run } = await world(t);
  const { body, filename } = await run('sally');
  const path = join(directory, filename);
  writeFileSync(path, body);
  const report = await verifyBundle(path);
  assert.deepEqual([report.ok, report.problems, report.notes], [true, [], []]);
  assert.ok(report.records >= 15 && report.seals >= 1);
  assert.ok(!body.includes('"session":"se_1"') && !body.includes('jane@acme.com'));
  assert.ok(!/\b(?:src|href)=|https?:\/\/(?!127)/.test(body.slice(0, body.indexOf('id="bundle"'))), 'loads nothing');
  assert.equal(body.match(/<\/script>/g)!.length, 2);
  const key = report.keys[0]!.id;
  assert.equal((await verifyBundle(path, { trust: key })).ok, true);
  assert.equal((await verifyBundle(path, { trust: '0'.repeat(16) })).ok, false);
  const bundle = readBundle(body);
  const changed = async (change: (b: typeof bundle) => void) => {
    const copy = structuredClone(bundle);
    change(copy);
    const json = JSON.stringify(copy).replaceAll('<', '\\u003c');
    return (await verifyBundleText(`<script type="application/json" id="bundle">${json}</script>`)).ok;
  };
  assert.equal(await changed(() => {}), true);
  for (let i = 0; i < bundle.records.length; i++) {
    assert.equal(await changed((b) => (b.records[i]!.line = b.records[i]!.line.replace('"meta":', '"meta" :'))), false);
    assert.equal(await changed((b) => b.records.splice(i, 1)), false);
  }
  assert.equal(await changed((b) => b.records.reverse()), false);
  assert.equal(await changed((b) => (b.sessions[0]!.id = 'se_9')), false);
  assert.equal(await changed((b) => (b.sessions[0]!.row['title'] = 'x')), false);
  assert.equal(await changed((b) => (b.originals = {})), false);
  assert.equal(await changed((b) => (b.made = '2020-01-01T00:00:00.000Z')), false);
  assert.equal(await changed((b) => (b.manifest = b.manifest.replace('"originals":null', '"originals":"0"'))), false);
  assert.equal(await changed((b) => (b.seals[0] = b.seals[0]!.replace('"root":"', '"root":"0'))), false);
});

test('JSONL, HAR, OTLP and Markdown say what was recorded', async (t) => {
  const { run } = await world(t);
  const jsonl = (await run('jsonl')).body
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(jsonl[0].type, 'session');
  assert.equal(jsonl.filter((line) => line.kind === 'arrival').length, 3);
  assert.match(jsonl.find((line) => line.kind === 'arrival').content, /EMAIL_ADDRESS_abcdefgh/);
  const har = JSON.parse((await run('har')).body);
  assert.equal(har.log.version, '1.2');
  assert.equal(har.log.entries.length, 3);
  assert.match(har.log.entries[0].request.postData.text, /Write to/);
  const otlp = JSON.parse((await run('otlp')).body);
  const spans = otlp.resourceSpans[0].scopeSpans[0].spans;
  assert.equal(spans.length, 1 + 3 + 3);
  const call = spans.find((span: { name: string }) => span.name === 'chat gpt-test');
  const attribute = (name: string) => call.attributes.find(({ key }: { key: string }) => key === name)?.value;
  assert.deepEqual(attribute('gen_ai.usage.input_tokens'), { intValue: '10' });
  assert.deepEqual(attribute('gen_ai.provider.name'), { stringValue: 'openai' });
  assert.match(call.traceId, /^[0-9a-f]{32}$/);
  assert.equal(call.parentSpanId, spans[0].spanId);
  const markdown = (await run('markdown')).body;
  assert.match(markdown, /````text\nDear ```x\n````/);
});

test('originals come into an export only when they are handed in, and that is recorded', async (t) => {
  const { run, originals, writer, directory } = await world(t);
  assert.ok(!(await run('markdown')).body.includes('jane@acme.com'));
  assert.ok((await run('markdown', { originals })).body.includes('jane@acme.com'));
  const bundle = readBundle((await run('sally', { originals })).body);
  assert.equal(bundle.originals!['se_0']![0]!.value, 'jane@acme.com');
  await assert.rejects(run('markdown', { originals, writer: undefined }), { code: 'invalid' });
  await assert.rejects(run('jsonl', { sessions: ['se_none'] }), { code: 'not_found' });
  await writer.seal();
  const { readFileSync, readdirSync } = await import('node:fs');
  const all = readdirSync(join(directory, 'ledger'))
    .map((name) => readFileSync(join(directory, 'ledger', name), 'utf8'))
    .join('');
  assert.equal(all.match(/"kind":"export","meta":\{"format":"\w+","sessions":\["se_0"\],"originals":true,"person":"local"\}/g)!.length, 2);
});

test('a search is exported whole', async (t) => {
  const { run } = await world(t);
  const { body, filename } = await run('jsonl', { sessions: undefined, search: 'tool:shell' });
  assert.equal(filename, 'sallyport-2-sessions.jsonl');
  assert.equal(body.split('\n').filter((line) => line.startsWith('{"type":"session"')).length, 2);
});
