import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type Bench, openBench } from '../pipeline/support.js';
import { type Capture, startCapture } from '../support/capture.js';
import { sendRaw } from '../support/raw.js';
import { connectionTo } from '../support/settings.js';
import { until } from '../support/until.js';

/** By which a provider would let a web page in: CORS, its preflight, private networks, timing. */
const OPEN = [
  'access-control-allow-origin',
  'access-control-allow-private-network',
  'access-control-allow-methods',
  'access-control-max-age',
  'timing-allow-origin',
];
const CHAT = JSON.stringify({ model: 'sim', messages: [{ role: 'user', content: 'hello' }] });
/** One that is looked into, one that passes unread. */
const WAYS = ['/kept/v1/chat/completions', '/kept/v1/files'];

/** Requests as no client library writes them, before a whole gateway and a server that keeps what it gets. */
describe('raw requests', { timeout: 60_000 }, () => {
  let b: Bench;
  let provider: Capture;
  let host = '';
  /** Exchanges that were recorded. */
  const started: { exchange: string; agent: string }[] = [];
  before(async () => {
    provider = await startCapture((response) => {
      for (const name of OPEN) response.setHeader(name, '*');
      response.setHeader('content-type', 'application/json').end('{}');
    });
    const more = { credential: 'env:PIPELINE_TEST_KEY', pathPrefix: '/base' };
    b = await openBench({}, (draft) => {
      draft.connections.push(
        connectionTo(provider.origin, {
          name: 'kept',
          ...more,
          passthrough: [
            { method: '*', path: '/v1/files/**' },
            { method: 'POST', path: '/v1/files' },
          ],
        }),
        connectionTo(provider.origin, { name: 'rest', dialect: 'http', ...more, rules: [{ method: 'GET', path: '/orders/**' }] }),
      );
    });
    b.gateway.subscribe((event) => {
      if (event.type === 'exchange-started') started.push(event);
    });
    host = new URL(b.url('/')).host;
  });
  beforeEach(() => {
    provider.seen.length = 0;
    started.length = 0;
  });
  after(async () => {
    await b?.close();
    provider?.close();
  });

  const send = (line: string, headers: readonly string[], body = '', hostHeader = host) =>
    sendRaw(
      b.url('/'),
      [`${line} HTTP/1.1`, `Host: ${hostHeader}`, 'Connection: close', `Authorization: Bearer ${b.key}`, ...headers, '', body].join('\r\n'),
    );
  const JSON_BODY = ['Content-Type: application/json', `Content-Length: ${CHAT.length}`];

  it('no answer lets a web page read it, whatever the provider says', async () => {
    const page = ['Origin: https://evil.example', 'Access-Control-Request-Method: POST', 'Access-Control-Request-Private-Network: true'];
    for (const way of WAYS)
      for (const [method, status, more, hostHeader] of [
        ['POST', 200, [], host],
        ['POST', 403, page, host],
        ['OPTIONS', 403, page, host],
        ['OPTIONS', 404, [], host],
        ['POST', 421, [], 'evil.example'],
      ] as const) {
        const answer = await send(`${method} ${way}`, [...more, ...JSON_BODY], CHAT, hostHeader);
        assert.equal(answer.status, status, answer.all);
        assert.doesNotMatch(answer.all, /^(?:access-control-|timing-allow)/im, `${method} ${way}`);
      }
    assert.equal(provider.seen.length, WAYS.length);
  });

  it('what stands in a trailer changes nothing and goes nowhere', async () => {
    const other = await b.gateway.services.agents.create({
      name: 'other',
      owner: 'local',
      scope: { connections: ['*'], models: ['*'], operations: ['*'] },
    });
    const trailer = `Authorization: Bearer ${other.key}\r\nX-Api-Key: ${other.key}\r\nCookie: a=b`;
    const body = `${CHAT.length.toString(16)}\r\n${CHAT}\r\n0\r\n${trailer}\r\n\r\n`;
    const headers = [
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
      'Trailer: Authorization, X-Api-Key, Cookie',
      'TE: trailers',
    ];
    for (const way of WAYS) {
      provider.seen.length = 0;
      started.length = 0;
      assert.equal((await send(`POST ${way}`, headers, body)).status, 200, way);
      const [seen] = provider.seen;
      assert.equal(seen?.body, CHAT);
      assert.deepEqual(seen?.trailers, []);
      for (const name of ['trailer', 'te', 'x-api-key', 'cookie']) assert.equal(seen?.headers[name], undefined, name);
      assert.equal(seen?.headers.authorization, `Bearer ${process.env.PIPELINE_TEST_KEY}`);
      assert.deepEqual(
        started.map((s) => s.agent),
        ['tester'],
        way,
      );
    }
    // A trailer cannot be the only credential either.
    const alone = await sendRaw(
      b.url('/'),
      [`POST ${WAYS[0]} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...headers, '', body].join('\r\n'),
    );
    assert.equal(alone.status, 401, alone.all);
  });

  it('record and provider have the same path, as it came, or nobody has it', async () => {
    for (const target of [
      '/kept/v1/chat/completions?x=%2e%2e',
      '/kept/v1/chat/completions?x=%2e%2e/%2e%2e/admin&y=//z',
      '/kept/v1/chat/completions??a',
      '/kept/v1/files/%41?x=%2e%2e&y=//z?w',
      "/kept/v1/files/o'neil;v=1?x='y'",
      '/kept/v1/files/http:/x',
      '/kept/v1/files/a/',
      '/rest/orders/%41',
      '/rest/orders/a;v=1/b',
      '/rest/orders/http:/x',
      "/rest/orders/o'neil",
      '/rest/orders/.../x',
      '/rest/orders/a?x=%2e%2e&y[]=1',
      '/rest/orders/~/*?(a)!$&,=@:',
    ]) {
      const [answer, arrived] = await pass(target);
      assert.equal(answer.status, 200, `${target}: ${answer.all}`);
      assert.deepEqual(
        provider.seen.map((s) => s.path),
        [`/base${target.replace(/^\/[^/]+/, '')}`],
      );
      assert.equal(arrived, target.replace(/\?.*/, ''));
    }
    for (const target of [
      '/kept/v1/chat/completions;v=1',
      '/kept/v1/chat/completions/',
      '/kept/v1/%63hat/completions',
      '/kept/v1/files/%2e%2e/admin',
      '/kept/v1/files/a%2fb',
      '/rest/orders/%2e%2e/x',
      '/rest/orders/../x',
      '/rest/%6frders/1',
      '/rest//orders/1',
    ]) {
      const [answer] = await pass(target);
      assert.ok(answer.status >= 400 && answer.status < 500, `${target}: ${answer.all}`);
      assert.deepEqual(provider.seen, [], target);
    }
  });

  /** The answer, and the path that was recorded of an exchange. */
  async function pass(target: string): Promise<[answer: Awaited<ReturnType<typeof send>>, arrived: unknown]> {
    provider.seen.length = 0;
    started.length = 0;
    const answer = await (target.startsWith('/rest') ? send(`GET ${target}`, []) : send(`POST ${target}`, JSON_BODY, CHAT));
    const exchange = started[0]?.exchange;
    const detail = exchange && (await until(() => b.gateway.services.ledger.exchange(exchange), `the record of ${target}`));
    return [answer, detail ? detail.events[0]?.meta.path : undefined];
  }
});
