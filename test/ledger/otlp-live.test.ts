import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { OtlpExporter, openReader, otlpHeaders } from '../../proxy/ledger/index.js';
import { exchangeRecords, memorySecrets, open, options, systemClock, tempDirectory } from './support.js';

interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string; value: Record<string, string> }[];
}

/** A collector that speaks OTLP/HTTP with JSON. `answer` decides what each request gets. */
async function collector(t: TestContext, answer: (n: number, response: ServerResponse) => void = (_, r) => void r.end('{}')) {
  const spans: Span[] = [];
  const requests: { path: string; headers: IncomingMessage['headers'] }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const parsed = JSON.parse(body);
      requests.push({ path: request.url!, headers: request.headers });
      response.setHeader('content-type', 'application/json');
      response.once('finish', () => {
        if (response.statusCode === 200) spans.push(...parsed.resourceSpans[0].scopeSpans[0].spans);
      });
      answer(requests.length, response);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { spans, requests, server, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces` };
}

async function world(t: TestContext, endpoint: string, more: { content?: boolean; most?: number; timeoutMs?: number } = {}) {
  const directory = tempDirectory(t);
  const secrets = memorySecrets();
  const ledger = await open(options(directory, { secrets }));
  const reader = await openReader({ directory, secrets });
  const target = { endpoint, headers: { authorization: 'Bearer of-the-collector' }, content: more.content ?? false };
  const exporter = new OtlpExporter({
    reader,
    clock: systemClock,
    target: async () => target,
    everyMs: 20,
    firstPauseMs: 40,
    timeoutMs: more.timeoutMs ?? 2000,
    ...(more.most ? { most: more.most } : {}),
  });
  t.after(async () => {
    await exporter.close(100);
    await reader.close();
    await ledger.close();
  });
  const run = async (i: number): Promise<void> => {
    const shape = { session: `se_${i % 3}`, exchange: `ex_${i}`, text: `Write to EMAIL_ADDRESS_abcdefgh ${i}`, tool: 'shell' };
    for (const records of exchangeRecords({ ...shape, deltas: ['data: {"choices":[{"delta":{"content":"Dear you"}}]}\n\n'] }))
      await ledger.record(records, 'written');
    exporter.ended(`ex_${i}`);
  };
  return { exporter, run };
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!holds()) {
    assert.ok(Date.now() < end, `in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const attributeOf = (span: Span, key: string) => span.attributes.find((attribute) => attribute.key === key)?.value;

test('spans come to a collector by the conventions, once each, with the headers; what was said stays here unless it is wanted', async (t) => {
  const there = await collector(t);
  const { exporter, run } = await world(t, there.endpoint);
  for (let i = 0; i < 30; i++) await run(i);
  await until(() => exporter.state().sent === 30, 'all sent');
  assert.deepEqual(exporter.state(), { sent: 30, dropped: 0, waiting: 0 });
  assert.ok(there.requests.length < 30, 'in batches');
  assert.deepEqual(there.requests[0]!.path, '/v1/traces');
  assert.equal(there.requests[0]!.headers['authorization'], 'Bearer of-the-collector');
  assert.equal(there.spans.length, 60, 'a call and its tool call each');
  assert.equal(new Set(there.spans.map(({ spanId }) => spanId)).size, 60);
  const call = there.spans.find(({ name }) => name === 'chat gpt-test')!;
  assert.match(call.traceId, /^[0-9a-f]{32}$/);
  assert.match(call.spanId, /^[0-9a-f]{16}$/);
  assert.equal(call.parentSpanId, undefined);
  assert.deepEqual(attributeOf(call, 'gen_ai.agent.name'), { stringValue: 'bot' });
  assert.deepEqual(attributeOf(call, 'gen_ai.usage.output_tokens'), { intValue: '5' });
  assert.equal(attributeOf(call, 'gen_ai.input.messages'), undefined);
  assert.ok(there.spans.some((span) => span.name === 'execute_tool shell' && span.parentSpanId !== undefined));
});

test('with content, messages are the masked ones', async (t) => {
  const there = await collector(t);
  const { exporter, run } = await world(t, there.endpoint, { content: true });
  await run(1);
  await until(() => exporter.state().sent === 1, 'sent');
  const call = there.spans.find(({ name }) => name === 'chat gpt-test')!;
  assert.deepEqual(JSON.parse(attributeOf(call, 'gen_ai.input.messages')!['stringValue']!), [
    { role: 'user', parts: [{ type: 'text', content: 'Write to EMAIL_ADDRESS_abcdefgh 1' }] },
  ]);
  assert.deepEqual(JSON.parse(attributeOf(call, 'gen_ai.output.messages')!['stringValue']!), [
    { role: 'assistant', parts: [{ type: 'text', content: 'Dear you' }], finish_reason: 'stop' },
  ]);
});

test('a dead collector: nothing is lost until the queue is full, then the oldest are dropped and counted; when it is back, the rest comes', async (t) => {
  const there = await collector(t);
  const { port } = there.server.address() as AddressInfo;
  await new Promise((resolve) => there.server.close(resolve));
  const { exporter, run } = await world(t, there.endpoint, { most: 20 });
  await run(0);
  await until(() => exporter.state().problem !== undefined, 'the fault is shown');
  assert.match(exporter.state().problem!, /cannot be reached/);
  for (let i = 1; i < 40; i++) await run(i);
  const { waiting, dropped, sent } = exporter.state();
  assert.deepEqual([waiting + dropped, sent], [40, 0]);
  assert.ok(dropped >= 40 - 20 - 2 && waiting <= 22, `${dropped} dropped, ${waiting} wait`);
  await new Promise<void>((resolve) => there.server.listen(port, '127.0.0.1', resolve));
  await until(() => exporter.state().waiting === 0, 'the rest comes');
  const end = exporter.state();
  assert.equal(end.sent + end.dropped, 40);
  assert.equal(end.problem, undefined);
  assert.equal(new Set(there.spans.map(({ spanId }) => spanId)).size, end.sent * 2);
});

test('a collector that hangs is given up after its time; 503 and 429 are tried again, 400 is not', async (t) => {
  const there = await collector(t, (n, response) => {
    if (n === 1) return; // hangs
    if (n === 2) response.writeHead(503).end();
    else if (n === 3) response.writeHead(429, { 'retry-after': '0.05' }).end();
    else if (n === 5) response.writeHead(400).end();
    else response.end('{"partialSuccess":{"rejectedSpans":"0"}}');
  });
  const { exporter, run } = await world(t, there.endpoint, { timeoutMs: 150 });
  await run(1);
  const began = performance.now();
  exporter.ended('ex_none');
  assert.ok(performance.now() - began < 50, 'the caller waits for nothing');
  await until(() => exporter.state().sent === 1, 'sent at the fourth attempt');
  assert.equal(there.requests.length, 4);
  assert.equal(there.spans.length, 2);
  await run(2);
  await until(() => exporter.state().dropped >= 1 && there.requests.length === 5, 'refused for good');
  assert.match(exporter.state().problem ?? '', /400/);
});

test('closing does not wait for a collector that hangs', async (t) => {
  const there = await collector(t, () => {});
  const { exporter, run } = await world(t, there.endpoint, { timeoutMs: 60_000 });
  await run(1);
  await until(() => there.requests.length === 1, 'asked');
  await exporter.close(50);
  assert.deepEqual([exporter.state().dropped, exporter.state().waiting], [1, 0]);
});

test('headers are read as OpenTelemetry writes them', () => {
  assert.deepEqual(otlpHeaders('authorization=Bearer%20abc, x-team = red'), { authorization: 'Bearer abc', 'x-team': 'red' });
  for (const wrong of ['novalue', '=x', 'a=%0d%0ab', 'a b=c']) assert.throws(() => otlpHeaders(wrong), { code: 'invalid' });
});
