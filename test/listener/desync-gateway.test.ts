import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { type Bench, openBench } from '../pipeline/support.js';
import { until } from '../support/until.js';

/*
 * Bodies and hop-by-hop headers through a whole gateway: what the judge read and what the provider got must be one request, made anew.
 * Cases: facts on desync (llhttp tests, narfindustries/http-garden), RFC 9112 §7.1, RFC 9110 §7.6.1 and §10.1.1.
 */

let b: Bench;
before(async () => {
  b = await openBench();
});
after(() => b?.close());

const CRLF = '\r\n';
const BODY = JSON.stringify({ model: 'sim', messages: [{ role: 'user', content: 'hello' }] });
const END = `0${CRLF}${CRLF}`;
const chunk = (text: string, extension = '') => `${text.length.toString(16)}${extension}${CRLF}${text}${CRLF}`;

function head(headers: string[], target = '/openai/v1/chat/completions'): string {
  const ours = [
    `Host: 127.0.0.1:${b.gateway.address.port}`,
    `Authorization: Bearer ${b.key}`,
    ...(headers.some((line) => /^content-type:/i.test(line)) ? [] : ['Content-Type: application/json']),
  ];
  return [`POST ${target} HTTP/1.1`, ...ours, ...headers, '', ''].join(CRLF);
}

/** Sends pieces, each as soon as the one before it was answered with what is named; reads until `last` came. */
async function talk(pieces: [bytes: string, then: RegExp][]): Promise<{ text: string; statuses: string[] }> {
  const socket = connect(b.gateway.address.port, '127.0.0.1');
  let text = '';
  socket.on('data', (data) => {
    text += data.toString('latin1');
  });
  socket.on('error', () => {});
  for (const [bytes, then] of pieces) {
    socket.write(bytes, 'latin1');
    await until(
      () => then.test(text),
      () => `no ${then} in ${text}`,
    );
  }
  // A second answer would come at once.
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.destroy();
  return { text, statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((m) => m[1] as string) };
}
const ANSWERED = /"(?:choices|error)"[\s\S]*\}\s*$/;

// In each a whole request stands before the fault: who takes what came so far for the body has been fooled.
const broken: [name: string, body: () => string][] = [
  ['an extension with LF', () => `${chunk(BODY)}1;a=b\n \r\n${END}`],
  ['a size line that ends with LF', () => `${chunk(BODY)}1\n \r\n${END}`],
  ['a size line that ends with CR', () => `${chunk(BODY)}1\r \r\n${END}`],
  ['the size 0x1', () => `${chunk(BODY)}0x1${CRLF} ${CRLF}${END}`],
  ['the size 0x0', () => `${chunk(BODY)}0x0${CRLF}${CRLF}`],
  ['a negative size', () => `${chunk(BODY)}-1${CRLF} ${CRLF}${END}`],
  ['a size with a sign', () => `${chunk(BODY)}+1${CRLF} ${CRLF}${END}`],
  ['a size with a space before it', () => `${chunk(BODY)} 1${CRLF} ${CRLF}${END}`],
  ['a size over 64 bits', () => `${chunk(BODY)}10000000000000001${CRLF} ${CRLF}${END}`],
  ['no size', () => `${chunk(BODY)}${CRLF} ${CRLF}${END}`],
  ['no CRLF after the data', () => `${chunk(BODY).slice(0, -2)}${END}`],
  ['LF after the data', () => `${chunk(BODY).slice(0, -2)}\n${END}`],
  ['more data than its size', () => `${chunk(BODY)}1${CRLF}  ${CRLF}${END}`],
  ['an end without its CRLF, and another request', () => `${chunk(BODY)}0${CRLF}${head([`Content-Length: ${BODY.length}`])}${BODY}`],
];
for (const [name, body] of broken)
  test(`a chunk with ${name}: 400, and nothing is sent`, async () => {
    const before = b.provider.log.total;
    const { statuses } = await talk([[head(['Transfer-Encoding: chunked']) + body(), /"error"[\s\S]*\}\s*$/]]);
    assert.deepEqual(statuses, ['400']);
    assert.equal(b.provider.log.total, before);
  });

test('chunks, extensions and trailers are ours to read: the provider gets one body with its length', async () => {
  const body = `${chunk(BODY.slice(0, 9))}${chunk(BODY.slice(9), ';a="b"')}0${CRLF}Authorization: Bearer other${CRLF}X-Late: 1${CRLF}${CRLF}`;
  const { statuses } = await talk([[head(['Transfer-Encoding: chunked']) + body, ANSWERED]]);
  assert.deepEqual(statuses, ['200']);
  const got = b.provider.log.last();
  assert.equal(got?.text, BODY);
  assert.equal(got?.headers['content-length'], String(BODY.length));
  assert.equal(got?.headers['transfer-encoding'], undefined);
  assert.equal(got?.headers['x-late'], undefined);
  assert.equal(got?.key, 'right');
});

test('Expect: 100-continue is answered by us and not sent on', async () => {
  const { statuses } = await talk([
    [head(['Expect: 100-continue', `Content-Length: ${BODY.length}`]), /^HTTP\/1\.1 100 Continue\r\n\r\n$/],
    [BODY, ANSWERED],
  ]);
  assert.deepEqual(statuses, ['100', '200']);
  assert.equal(b.provider.log.last()?.headers['expect'], undefined);
});

test('another expectation is not met: 417, and nothing is sent', async () => {
  const before = b.provider.log.total;
  const { statuses } = await talk([[head(['Expect: 200-ok', `Content-Length: ${BODY.length}`]) + BODY, /^HTTP\/1\.1 417[\s\S]*\r\n\r\n/]]);
  assert.deepEqual(statuses, ['417']);
  assert.equal(b.provider.log.total, before);
});

test('what Connection names is not sent on, and it cannot name our own headers away', async () => {
  const connection = 'Connection: close, authorization, X-Hop, host, content-length, content-type';
  const headers = ['X-Hop: 1', 'X-Far: 2', 'x-hop: 3', 'X-Second: 4', connection, 'Connection: x-second', `Content-Length: ${BODY.length}`];
  const { statuses } = await talk([[head(headers) + BODY, ANSWERED]]);
  assert.deepEqual(statuses, ['200'], 'our own reading of key, host, type and length is not talked away');
  const got = b.provider.log.last();
  assert.equal(got?.headers['x-far'], '2', 'what it does not name passes');
  assert.deepEqual([got?.headers['x-hop'], got?.headers['x-second']], [undefined, undefined]);
  assert.doesNotMatch(got?.headers['connection'] ?? '', /close|authorization|x-/i);
  assert.deepEqual([got?.key, got?.agentKeySeen, got?.text], ['right', false, BODY]);
});

test('a pass-through sends nothing on that Connection names either', async () => {
  await b.gateway.services.settings.update((draft) => {
    draft.connections[0]!.passthrough = [{ method: 'POST', path: '/v1/files' }];
  });
  const before = b.provider.log.total;
  const headers = ['X-Hop: 1', 'X-Far: 2', 'Connection: close, authorization, x-hop', 'Content-Length: 5'];
  await talk([[`${head(headers, '/openai/v1/files')}hello`, /^HTTP\/1\.1 \d{3}[\s\S]*\r\n\r\n/]]);
  assert.equal(b.provider.log.total, before + 1);
  const got = b.provider.log.last();
  assert.deepEqual([got?.headers['x-hop'], got?.headers['x-far'], got?.key, got?.text], [undefined, '2', 'right', 'hello']);
});
