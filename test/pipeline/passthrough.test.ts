import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { type Capture, startCapture } from '../support/capture.js';
import { sendRaw } from '../support/raw.js';
import { connectionTo } from '../support/settings.js';
import { until } from '../support/until.js';
import { type Bench, openBench } from './support.js';

/** Paths that a connection lists as pass-through, before a server that keeps all that it gets. */
let b: Bench;
let provider: Capture;
let breaking: Server;
const connectionOf = new Map<string, string>();
const outcomes = new Map<string, string>();
const warnings: string[] = [];
const warned = (warning: Error) => warnings.push(warning.name);
const any = { credential: 'env:PIPELINE_TEST_KEY', passthrough: [{ method: '*', path: '/**' }] };

before(async () => {
  process.on('warning', warned);
  provider = await startCapture((response, { method, path, body }) => {
    response.setHeader('x-seen', method);
    response.setHeader('set-cookie', 'a=b');
    if (path.endsWith('/hash')) response.end(createHash('sha256').update(Buffer.from(body, 'latin1')).digest('hex'));
    else response.end('fine');
  });
  // Promises more than it sends.
  breaking = createServer((_request, response) => {
    response.setHeader('content-length', 1000);
    response.write('a beginning');
    setTimeout(() => response.destroy(), 20);
  });
  await new Promise<void>((resolve) => breaking.listen(0, '127.0.0.1', resolve));
  b = await openBench({}, (draft) => {
    draft.connections.push(
      connectionTo(provider.origin, { name: 'files', pathPrefix: '/base', ...any }),
      connectionTo(`http://127.0.0.1:${(breaking.address() as AddressInfo).port}`, { name: 'breaking', ...any }),
      connectionTo('http://127.0.0.1:1', { name: 'nobody', ...any }),
    );
  });
  b.gateway.subscribe((event) => {
    if (event.type === 'exchange-started') connectionOf.set(event.exchange, event.connection);
    if (event.type === 'exchange-ended') outcomes.set(connectionOf.get(event.exchange) as string, event.outcome);
  });
});
beforeEach(() => {
  provider.seen.length = 0;
});
after(async () => {
  process.off('warning', warned);
  await b?.close();
  provider?.close();
  breaking?.close();
  breaking?.closeAllConnections();
});

const raw = (head: string[], body = '') =>
  sendRaw(b.url('/'), [head[0], `Host: ${new URL(b.url('/')).host}`, 'Connection: close', ...head.slice(1), '', body].join('\r\n'));
const bearer = () => `Authorization: Bearer ${b.key}`;

test('the provider gets its own key and nothing that tells of the agent, also of a client that expects 100', async () => {
  for (const expect of [['Expect: 100-continue'], []]) {
    provider.seen.length = 0;
    const answer = await raw(
      [
        'POST /files/v1/files?x=1 HTTP/1.1',
        bearer(),
        'Cookie: session=mine',
        'X-Forwarded-For: 1.2.3.4',
        'Forwarded: for=1.2.3.4',
        'X-Target-Url: http://evil.example',
        'X-Team: one',
        'X-Team: two',
        'Content-Type: text/plain',
        'Content-Length: 5',
        ...expect,
      ],
      'hello',
    );
    assert.match(answer.all, /HTTP\/1\.1 200 /, answer.all);
    assert.ok(!/set-cookie/i.test(answer.all));
    assert.equal(provider.seen.length, 1);
    const [seen] = provider.seen;
    assert.deepEqual(seen, {
      method: 'POST',
      path: '/base/v1/files?x=1',
      body: 'hello',
      trailers: [],
      headers: {
        'x-team': 'one, two',
        'content-type': 'text/plain',
        'accept-encoding': 'identity',
        authorization: `Bearer ${process.env.PIPELINE_TEST_KEY}`,
        'content-length': '5',
        host: new URL(provider.origin).host,
        connection: 'close',
      },
    });
  }
});

test('a body is one body: a chunked DELETE cannot bring a second request', async () => {
  const second = 'GET /base/v1/admin HTTP/1.1\r\nHost: x\r\n\r\n';
  for (const method of ['DELETE', 'OPTIONS', 'POST', 'PUT']) {
    provider.seen.length = 0;
    const body = `${second.length.toString(16)}\r\n${second}\r\n0\r\n\r\n`;
    const answer = await raw([`${method} /files/v1/files/1 HTTP/1.1`, bearer(), 'Transfer-Encoding: chunked'], body);
    assert.match(answer.all, /HTTP\/1\.1 200 /, method);
    assert.deepEqual(
      provider.seen.map((s) => [s.method, s.path, s.body]),
      [[method, '/base/v1/files/1', second]],
    );
  }
});

test('an upload of megabytes comes through whole, compressed as it was', async () => {
  const body = Buffer.alloc(3 << 20, 'some bytes of a file that nobody looks into\n');
  const answer = await fetch(b.url('/files/v1/hash'), {
    method: 'POST',
    headers: { authorization: `Bearer ${b.key}`, 'content-type': 'application/octet-stream', 'content-encoding': 'x-own' },
    body,
  });
  assert.equal(await answer.text(), createHash('sha256').update(body).digest('hex'));
  assert.equal(provider.seen[0]?.headers['content-encoding'], 'x-own');
});

test('a provider that cannot be reached or breaks off is told as such, and recorded as such', async () => {
  const refused = await fetch(b.url('/nobody/v1/files'), { headers: { authorization: `Bearer ${b.key}` } });
  assert.equal(refused.status, 502);
  assert.equal(refused.headers.get('x-sallyport-code'), 'upstream_unreachable');
  assert.equal(((await refused.json()) as { error: { code: string } }).error.code, 'upstream_unreachable');
  const partial = await fetch(b.url('/breaking/v1/files'), { headers: { authorization: `Bearer ${b.key}` } });
  await assert.rejects(partial.text(), 'a broken answer may not look whole');
  for (const name of ['nobody', 'breaking']) assert.equal(await until(() => outcomes.get(name), `the end of ${name}`), 'provider-error');
});

test('a value in a header of the client’s own does not leave', async () => {
  const headers = { authorization: `Bearer ${b.key}`, 'x-team-mail': 'eva.blum@brightwater-ag.ch', 'x-trace': 'abc' };
  assert.equal((await fetch(b.url('/files/v1/files'), { headers })).status, 200);
  assert.equal(provider.seen[0]?.headers['x-team-mail'], undefined);
  assert.equal(provider.seen[0]?.headers['x-trace'], 'abc');
});

test('many requests leave nothing behind', async () => {
  for (let i = 0; i < 12; i++)
    assert.equal(await (await fetch(b.url('/files/v1/files'), { headers: { authorization: `Bearer ${b.key}` } })).text(), 'fine');
  assert.deepEqual(warnings, []);
});
