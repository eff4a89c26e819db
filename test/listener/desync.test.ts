import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import type { SallyportError } from '../../proxy/contract/index.js';
import { createListener, type Listener } from '../../proxy/listener/index.js';
import { defaultSettings } from '../../proxy/settings/index.js';

/** What got past the checks of the head. What becomes of bodies: desync-gateway.test.ts. */
const arrived: string[] = [];
let listener: Listener;
let port = 0;

before(async () => {
  const settings = { ...defaultSettings(), listen: { host: '127.0.0.1', port: 0, allowedHosts: [] } };
  listener = createListener(
    () => settings,
    ({ request, response, path }) => {
      arrived.push(`${request.method} ${path}`);
      request.resume();
      request.on('end', () => response.end('ok'));
    },
    (error: SallyportError, _request, response) => {
      response.writeHead(error.status, { 'x-code': error.code, connection: 'close' });
      response.end(error.code);
    },
  );
  port = (await listener.listen()).port;
});
after(() => listener.close(100));

const CRLF = '\r\n';
const P = '/p/v1/chat/completions';
const LENGTH = 'Content-Length: 5';
const CHUNKED = 'Transfer-Encoding: chunked';
const EMPTY = `0${CRLF}${CRLF}`;

function post(headers: string[], body = '', o: { target?: string; version?: string; method?: string; host?: string | null } = {}): string {
  const host = o.host === null ? [] : [o.host ?? `Host: 127.0.0.1:${port}`];
  return [`${o.method ?? 'POST'} ${o.target ?? P} HTTP/${o.version ?? '1.1'}`, ...host, ...headers, '', body].join(CRLF);
}

/** Sends raw bytes, returns the status codes of all answers. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let out = '';
    socket.setTimeout(1_500, () => socket.destroy());
    socket.on('data', (d) => {
      out += d.toString('latin1');
      if (/\r\n\r\n(ok|[a-z_]+)$/.test(out)) setTimeout(() => socket.destroy(), 60);
    });
    socket.on('close', () => resolve([...out.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map((m) => m[1]).join(',')));
    socket.on('error', () => {});
    socket.write(text, 'latin1');
  });
}

const cases: [name: string, make: () => string, want: RegExp, arrives: number][] = [
  ['CL.TE', () => post(['Content-Length: 6', CHUNKED], `${EMPTY}G`), /^400/, 0],
  ['TE.CL', () => post([CHUNKED, 'Content-Length: 4'], `5c${CRLF}GPOST /admin HTTP/1.1${CRLF}Host: x${CRLF}${CRLF}${EMPTY}`), /^400/, 0],
  ['two Content-Length', () => post([LENGTH, 'Content-Length: 6'], 'hello!'), /^400/, 0],
  ['Content-Length list', () => post(['Content-Length: 5, 5'], 'hello'), /^400/, 0],
  ['Content-Length +5', () => post(['Content-Length: +5'], 'hello'), /^400/, 0],
  ['TE xchunked', () => post(['Transfer-Encoding: xchunked'], EMPTY), /^400/, 0],
  ['TE chunked, identity', () => post(['Transfer-Encoding: chunked, identity'], EMPTY), /^400/, 0],
  ['TE space before colon', () => post(['Transfer-Encoding : chunked'], EMPTY), /^400/, 0],
  ['TE folded line', () => post([`Transfer-Encoding:${CRLF} chunked`], EMPTY), /^400/, 0],
  ['TE vertical tab', () => post(['Transfer-Encoding: \x0bchunked'], EMPTY), /^400/, 0],
  ['bare LF in head', () => `POST ${P} HTTP/1.1\nHost: 127.0.0.1:${port}\n${LENGTH}\n\nhello`, /^400/, 0],
  ['bare CR in header', () => post(['X: a\rTransfer-Encoding: chunked', LENGTH], 'hello'), /^400/, 0],
  ['NUL in header', () => post(['X: a\0b', LENGTH], 'hello'), /^400/, 0],
  ['no Host', () => post([LENGTH], 'hello', { host: null }), /^400/, 0],
  ['foreign Host', () => post([LENGTH], 'hello', { host: 'Host: evil.example' }), /^421/, 0],
  ['Host with another port', () => post([LENGTH], 'hello', { host: 'Host: 127.0.0.1:1' }), /^421/, 0],
  ['0.0.0.0 day', () => post([LENGTH], 'hello', { host: `Host: 0.0.0.0:${port}` }), /^421/, 0],
  ['browser Origin', () => post(['Origin: https://evil.example', LENGTH], 'hello'), /^403/, 0],
  ['Origin null', () => post(['Origin: null', LENGTH], 'hello'), /^403/, 0],
  ['Sec-Fetch-Site', () => post(['Sec-Fetch-Site: cross-site', LENGTH], 'hello'), /^403/, 0],
  [
    'private network preflight',
    () => post(['Origin: https://evil.example', 'Access-Control-Request-Private-Network: true'], '', { method: 'OPTIONS' }),
    /^403/,
    0,
  ],
  ['HTTP/1.0 + chunked', () => post([CHUNKED], EMPTY, { version: '1.0' }), /^400/, 0],
  ['GET with body', () => post([LENGTH], 'hello', { method: 'GET' }), /^400/, 0],
  ['two Host', () => post(['Host: evil', LENGTH], 'hello'), /^400/, 0],
  ['absolute form', () => post([LENGTH], 'hello', { target: `http://evil.example${P}` }), /^400/, 0],
  ['target //', () => post([LENGTH], 'hello', { target: `//evil.example${P}` }), /^400/, 0],
  ['dot segments', () => post([LENGTH], 'hello', { target: '/p/v1/../admin' }), /^400/, 0],
  ['encoded dot segments', () => post([LENGTH], 'hello', { target: '/p/v1/%2e%2e/admin' }), /^400/, 0],
  ['dot segments with parameters', () => post([LENGTH], 'hello', { target: '/p/v1/..;/admin' }), /^400/, 0],
  ['dot segments with encoded parameters', () => post([LENGTH], 'hello', { target: '/p/v1/.%3Bx=1/admin' }), /^400/, 0],
  ['three dots are a name', () => post([LENGTH], 'hello', { target: '/p/v1/.../a;b' }), /^200/, 1],
  ['encoded slash', () => post([LENGTH], 'hello', { target: '/p/v1%2Fadmin' }), /^400/, 0],
  ['double encoding', () => post([LENGTH], 'hello', { target: '/p/v1/%252e%252e/admin' }), /^400/, 0],
  ['backslash', () => post([LENGTH], 'hello', { target: '/p/v1/..\\admin' }), /^400/, 0],
  ['encoded control', () => post([LENGTH], 'hello', { target: '/p/v1/%00x' }), /^400/, 0],
  ['two Authorization', () => post(['Authorization: Bearer a', 'Authorization: Bearer b', LENGTH], 'hello'), /^400/, 0],
  ['two Content-Type', () => post(['Content-Type: application/json', 'Content-Type: text/plain', LENGTH], 'hello'), /^400/, 0],
  [
    'Upgrade: h2c',
    () => post(['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA', LENGTH], 'hello'),
    /^400/,
    0,
  ],
  [
    'websocket upgrade',
    () => post(['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 13'], '', { method: 'GET' }),
    /^400/,
    0,
  ],
  ['CONNECT', () => `CONNECT evil.example:443 HTTP/1.1${CRLF}Host: 127.0.0.1:${port}${CRLF}${CRLF}`, /^400/, 0],
  ['two identical Content-Length', () => post([LENGTH, LENGTH], 'hello'), /^400/, 0],
  ['Content-Length folded line', () => post([`Content-Length:${CRLF} 5`], 'hello'), /^400/, 0],
  ['Host folded line', () => post([LENGTH], 'hello', { host: `Host:${CRLF} 127.0.0.1:${port}` }), /^400/, 0],
  ['Authorization folded line', () => post([`Authorization: Bearer${CRLF} sp_x`, LENGTH], 'hello'), /^400/, 0],
  ['OPTIONS *', () => post([], '', { method: 'OPTIONS', target: '*' }), /^400/, 0],
  ['TE tab is plain white space', () => post(['Transfer-Encoding:\tchunked'], EMPTY), /^200/, 1],
  [
    'two pipelined requests are two exchanges',
    () => `${post([LENGTH], 'hello')}${post(['Content-Length: 3'], 'abc', { target: '/p/two' })}`,
    /^200,200/,
    2,
  ],
  ['plain request', () => post([LENGTH], 'hello'), /^200/, 1],
  ['localhost', () => post([LENGTH], 'hello', { host: `Host: LOCALHOST:${port}` }), /^200/, 1],
];

for (const [name, make, want, arrives] of cases) {
  test(`desync: ${name}`, async () => {
    arrived.length = 0;
    assert.match(await raw(make()), want);
    assert.equal(arrived.length, arrives, 'what reached the judge');
  });
}

test('a taken port says what to do', async () => {
  const settings = { ...defaultSettings(), listen: { host: '127.0.0.1', port, allowedHosts: [] } };
  await assert.rejects(
    createListener(
      () => settings,
      () => {},
      () => {},
    ).listen(),
    { code: 'conflict', message: /listen\.port/ },
  );
});

test('headers over the limit are refused before anything is judged', async () => {
  arrived.length = 0;
  assert.match(await raw(post([`X: ${'a'.repeat(40_000)}`, LENGTH], 'hello')), /^431/);
  assert.equal(arrived.length, 0);
});
