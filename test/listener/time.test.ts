import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Person } from '../../proxy/contract/index.js';
import { bodyTime, CLIENT_LIMITS, createListener } from '../../proxy/listener/index.js';
import { defaultSettings } from '../../proxy/settings/index.js';
import { type Bench, openBench } from '../pipeline/support.js';
import { ASK_LAUNCH, policyOf } from '../support/policies.js';
import { until } from '../support/until.js';

const LOCAL: Person = { id: 'local', name: 'Local', groups: [], via: 'os' };
/** So long that the test would fail before: what ends a client then is another limit. */
const NEVER = 600_000;
const chat = (content: string, stream = false) => JSON.stringify({ model: 'sim', stream, messages: [{ role: 'user', content }] });

/** A client of the bench's gateway that keeps its side open whatever happens. */
function open(port: number) {
  const socket: Socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  const seen = { closed: false };
  socket.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  socket.on('error', () => {});
  socket.on('end', () => {
    seen.closed = true;
  });
  socket.on('close', () => {
    seen.closed = true;
  });
  return { socket, text: () => text, ended: () => until(() => seen.closed, 'the connection stays open') };
}
const head = (b: Bench, length: number | string) =>
  `POST /openai/v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:${b.gateway.address.port}\r\nAuthorization: Bearer ${b.key}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
const served = async (b: Bench) => assert.equal((await b.post('/openai/v1/chat/completions', JSON.parse(chat('next')))).status, 200);

describe('a client that does not finish its headers or pauses in its body', { timeout: 90_000 }, () => {
  let b: Bench;
  const refusals: string[] = [];
  before(async () => {
    b = await openBench({ clients: { headMs: 300, stallMs: 300, bodyMs: NEVER } });
    b.gateway.subscribe((event) => void (event.type === 'refusal' && refusals.push(event.code)));
  });
  after(() => b?.close());

  for (const [name, bytes] of [
    ['nothing', ''],
    ['half a request line', 'POST /openai/v1/ch'],
    ['half of the headers', 'POST /openai/v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: '],
  ] as const)
    it(`${name}: 408 and closed`, async () => {
      const c = open(b.gateway.address.port);
      c.socket.write(bytes);
      await c.ended();
      assert.match(c.text(), /^HTTP\/1\.1 408 [\s\S]*connection: close[\s\S]*"code":"request_timeout"/);
      c.socket.destroy();
      await served(b);
    });

  it('half of a second request, while the answer to the first runs: closed, and nothing stands in the answer', async () => {
    const c = open(b.gateway.address.port);
    const body = chat('[[slow 100]] [[tokens 60]]', true);
    c.socket.write(head(b, body.length) + body);
    await until(() => c.text().includes('data:'), 'no answer');
    c.socket.write('POST /openai');
    await c.ended();
    assert.equal(c.text().split('HTTP/1.1').length, 2, 'one status line');
    assert.doesNotMatch(c.text(), /request_timeout|\[DONE\]/);
    await served(b);
  });

  it('half of a body: 408, recorded, nothing at the provider', async () => {
    const before = b.provider.log.total;
    const c = open(b.gateway.address.port);
    const body = chat('half');
    c.socket.write(head(b, body.length) + body.slice(0, -5));
    await until(() => c.text().includes('request_timeout'), 'no answer');
    assert.match(c.text(), /^HTTP\/1\.1 408 /);
    assert.equal(b.provider.log.total, before);
    await until(() => refusals.includes('request_timeout'), 'not recorded');
    // Too late: what comes now is neither a body nor a request.
    c.socket.write(body.slice(-5) + head(b, body.length) + body);
    await c.ended();
    assert.equal(c.text().split('HTTP/1.1').length, 2, 'one answer');
    assert.equal(b.provider.log.total, before);
    await served(b);
  });
});

describe('a body that drips', { timeout: 90_000 }, () => {
  let b: Bench;
  before(async () => {
    b = await openBench({ holdScale: 1, clients: { headMs: NEVER, stallMs: NEVER, bodyMs: 700 } });
    await b.gateway.services.policies.save({ name: 'ask.yaml', source: policyOf(ASK_LAUNCH), activate: true }, LOCAL);
  });
  after(() => b?.close());

  for (const framing of ['length', 'chunked'] as const)
    it(`byte by byte (${framing}) is ended by the limit on the whole`, async () => {
      const before = b.provider.log.total;
      const c = open(b.gateway.address.port);
      const piece = framing === 'length' ? ' ' : '1\r\n \r\n';
      c.socket.write(framing === 'length' ? head(b, 1 << 20) : head(b, 0).replace('Content-Length: 0', 'Transfer-Encoding: chunked'));
      const drip = setInterval(() => c.socket.write(piece), 20);
      await until(() => c.text().includes('request_timeout'), 'not ended').finally(() => clearInterval(drip));
      assert.match(c.text(), /^HTTP\/1\.1 408 /);
      c.socket.destroy();
      assert.equal(b.provider.log.total, before);
      await served(b);
    });

  it('the time of a person and of an answer does not count', async () => {
    const began = Date.now();
    const held = b.post('/openai/v1/chat/completions', JSON.parse(chat('The launch code. [[slow 60]] [[tokens 20]]', true)));
    const asked = () => b.gateway.services.approvals.list({ state: 'pending' }).find((a) => a.clientWaiting);
    await until(() => asked() !== undefined && Date.now() - began > 1_000, 'not asked');
    await until(async () => {
      const waiting = asked();
      if (!waiting) return true;
      await b.gateway.services.approvals.decide(waiting.id, { version: waiting.version, decision: 'approve' }, LOCAL);
      return true;
    }, 'not decided');
    const answer = await held;
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /\[DONE\]/);
    assert.ok(Date.now() - began > 1_800, 'longer than any body may take');
  });
});

describe('more connections than there may be', { timeout: 90_000 }, () => {
  const listener = (connections: number) =>
    createListener(
      () => ({ ...defaultSettings(), listen: { host: '127.0.0.1', port: 0, allowedHosts: [] } }),
      ({ request, response }) => {
        request.resume();
        response.end('ok');
      },
      (_error, _request, response) => response.end(),
      { headMs: NEVER, stallMs: NEVER, bodyMs: NEVER, connections },
    );

  it('are closed at once; who leaves makes room', async (t) => {
    const limited = listener(3);
    const { port } = await limited.listen();
    t.after(() => limited.close(0));
    const GET = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
    const quiet = [open(port), open(port), open(port)];
    await until(() => limited.connections === 3, 'not connected');
    const over = open(port);
    over.socket.write(GET);
    await over.ended();
    assert.equal(over.text(), '');
    quiet[0]?.socket.destroy();
    await until(() => limited.connections === 2, 'not closed');
    const late = open(port);
    late.socket.write(GET);
    await until(() => late.text().endsWith('ok'), 'not served');
    // Those who were there first are served too.
    quiet[1]?.socket.write(GET);
    await until(() => quiet[1]?.text().endsWith('ok'), 'not served');
    for (const c of [late, ...quiet]) c.socket.destroy();
  });

  it('who got an error and does not close is cut off', async (t) => {
    const plain = listener(10);
    const { port } = await plain.listen();
    t.after(() => plain.close(0));
    const c = open(port);
    c.socket.write('NONSENSE\r\n\r\n');
    await until(() => c.text().includes('bad_request_line'), 'no answer');
    await until(() => plain.connections === 0, 'kept for ever');
    c.socket.destroy();
  });
});

it('what is set without a test: a minute for headers and pauses, a quarter of an hour for 32 MiB, 2,000 connections', () => {
  assert.deepEqual(CLIENT_LIMITS, { headMs: 60_000, stallMs: 60_000, bodyMs: 900_000, connections: 2_000 });
  assert.equal(bodyTime(CLIENT_LIMITS, defaultSettings().limits.bodyBytes), 900_000);
  assert.equal(bodyTime(CLIENT_LIMITS, 1024), 900_000);
  assert.equal(bodyTime(CLIENT_LIMITS, 64 << 20), 1_800_000);
});
