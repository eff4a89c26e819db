import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Settings } from '../../proxy/contract/index.js';
import { CLIENT_LIMITS, createListener, reachedAs } from '../../proxy/listener/index.js';
import { defaultSettings, openSettings } from '../../proxy/settings/index.js';
import { openBench } from '../pipeline/support.js';
import { makeCertificate } from '../support/certificate.js';
import { until } from '../support/until.js';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-bind-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const tls = makeCertificate(folder, ['DNS:gw.test']);
const skip = tls === undefined ? 'no openssl' : false;

const listenerOn = (listen: Partial<Settings['listen']>, clients = CLIENT_LIMITS) =>
  createListener(
    () => ({ ...defaultSettings(), listen: { host: '127.0.0.1', port: 0, allowedHosts: [], ...listen } }),
    ({ response }) => response.end('ok'),
    (error, _request, response) => response.end(error.code),
    clients,
  );

/** Everything that comes back for these bytes until the other side closes. */
async function sendPlain(port: number, bytes: string): Promise<string> {
  let text = '';
  let closed = false;
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('data', (data) => {
    text += data.toString('latin1');
  });
  for (const event of ['end', 'close'])
    socket.on(event, () => {
      closed = true;
    });
  socket.on('error', () => {});
  socket.write(bytes);
  await until(() => closed, 'the connection stays open');
  socket.destroy();
  return text;
}

test('a new gateway listens on 127.0.0.1 alone', async (t) => {
  assert.equal(defaultSettings().listen.host, '127.0.0.1');
  const b = await openBench();
  t.after(() => b.close());
  assert.equal(b.gateway.address.host, '127.0.0.1');
  assert.equal(b.gateway.address.baseUrl, `http://127.0.0.1:${b.gateway.address.port}`);
  // Every address of 127.0.0.0/8 is this computer; a gateway on all addresses would answer here.
  const refused = await new Promise<string | undefined>((resolve) => {
    const socket = connect(b.gateway.address.port, '127.0.0.2', () => {
      socket.destroy();
      resolve('connected');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
  assert.notEqual(refused, 'connected');
});

test('a bind address beyond loopback is refused without TLS', async () => {
  for (const host of ['0.0.0.0', '::', '192.0.2.1', '::ffff:127.0.0.1', '127.0.0.1.example', '2130706433'])
    await assert.rejects(listenerOn({ host }).listen(), { code: 'invalid', message: /needs TLS/ }, host);
});

test('on every address, with TLS: served by the allowed name, with a key', { skip }, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-bind-'));
  const settings = await openSettings(directory);
  await settings.update((draft) => void (draft.listen = { host: '0.0.0.0', port: 4141, tls: tls!, allowedHosts: ['gw.test'] }));
  const b = await openBench({ directory });
  t.after(() => b.close());
  const { port, host, baseUrl } = b.gateway.address;
  assert.deepEqual([host, baseUrl], ['0.0.0.0', `https://gw.test:${port}`]);

  const body = JSON.stringify({ model: 'sim', messages: [{ role: 'user', content: 'hello' }] });
  const ask = (headers: Record<string, string>, more: RequestOptions = {}) =>
    new Promise<{ status: number | undefined; text: string; protocol: string | null }>((resolve, reject) => {
      const to = { host: '127.0.0.1', port, servername: 'gw.test', ca: readFileSync(tls!.certFile), agent: false, ...more };
      const outgoing = request({ ...to, method: 'POST', path: '/openai/v1/chat/completions' }, async (response) => {
        let text = '';
        for await (const piece of response) text += piece;
        resolve({ status: response.statusCode, text, protocol: (outgoing.socket as import('node:tls').TLSSocket).getProtocol() });
      }).on('error', reject);
      for (const [name, value] of Object.entries({ host: 'gw.test', 'content-type': 'application/json', ...headers }))
        outgoing.setHeader(name, value);
      outgoing.end(body);
    });
  const key = { authorization: `Bearer ${b.key}` };

  const good = await ask(key);
  assert.equal(good.status, 200, good.text);
  assert.match(good.text, /hello/);
  assert.match(good.protocol ?? '', /^TLSv1\.[23]$/);
  assert.equal((await ask({ ...key, host: `gw.test:${port}` })).status, 200);
  const total = b.provider.log.total;

  for (const other of ['evil.test', `evil.test:${port}`, `0.0.0.0:${port}`, 'gw.test.evil.test', 'gw.test:1', '127.0.0.1']) {
    const { status, text } = await ask({ ...key, host: other });
    assert.deepEqual([status, /bad_host/.test(text)], [421, true], other);
  }
  assert.equal((await ask({})).status, 401);
  assert.equal((await ask({ authorization: 'Bearer sp_other' })).status, 401);
  // Who checks certificates does not take this gateway for another.
  await assert.rejects(ask(key, { servername: 'other.test' }), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });

  const plain = `POST /openai/v1/chat/completions HTTP/1.1\r\nHost: gw.test\r\nAuthorization: Bearer ${b.key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  assert.doesNotMatch(await sendPlain(port, plain), /HTTP|error|hello/);
  assert.equal(b.provider.log.total, total);
});

test('a TLS handshake that does not come is not waited for', { skip }, async (t) => {
  const listener = listenerOn({ tls: tls! }, { ...CLIENT_LIMITS, headMs: 300 });
  const { port } = await listener.listen();
  t.after(() => listener.close(0));
  await sendPlain(port, '');
  await sendPlain(port, '\x16\x03\x01');
  await sendPlain(port, 'GET / HTTP/1.1\r\n\r\n');
  await until(() => listener.connections === 0, 'kept for ever');
});

test('a certificate that cannot be used says so', { skip }, () => {
  const other = makeCertificate(folder, ['DNS:other.test'], 'other')!;
  const broken = join(folder, 'broken.pem');
  writeFileSync(broken, 'not a certificate');
  for (const pair of [
    { ...tls!, certFile: join(folder, 'missing.pem') },
    { ...tls!, certFile: broken },
    { ...tls!, keyFile: other.keyFile },
  ])
    assert.throws(() => listenerOn({ tls: pair }), { code: 'invalid', message: /listen\.tls cannot be used/ });
});

test('the address that clients are told can be called', () => {
  assert.equal(reachedAs('127.0.0.1', 4141, ['gw.test']), '127.0.0.1:4141');
  assert.equal(reachedAs('::1', 4141, []), '[::1]:4141');
  assert.equal(reachedAs('0.0.0.0', 4141, []), 'localhost:4141');
  assert.equal(reachedAs('::', 4141, ['gw.test', 'b.test']), 'gw.test:4141');
  assert.equal(reachedAs('0.0.0.0', 4141, ['gw.test:443']), 'gw.test:443');
});
