import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ControlClient, type ControlServices, createControl, listenControl, readAddress, socketPlace } from '../../proxy/control/index.js';
import { code, type Lab, startLab } from './support.js';

function get(socketPath: string, path: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  return new Promise((done, fail) => {
    const req = request({ socketPath, path, headers }, (res) => {
      let text = '';
      res.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      res.on('end', () => done({ status: res.statusCode ?? 0, text }));
    });
    req.on('error', fail);
    req.end();
  });
}

describe('the control socket', () => {
  let lab: Lab;
  before(async () => {
    lab = await startLab();
  });
  after(() => lab.close());

  it('can be opened by this user alone, and so can the token file', () => {
    const { socket } = lab.client.address;
    assert.equal(statSync(socket).mode & 0o777, 0o600);
    assert.equal(statSync(join(lab.directory, 'control.json')).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(socket)).mode & 0o077, 0);
    assert.deepEqual(readAddress(lab.directory), lab.client.address);
  });

  it('answers nobody without the token', async () => {
    const { socket, token } = lab.client.address;
    assert.equal((await get(socket, '/api/status', {})).status, 401);
    assert.equal((await get(socket, '/api/status', { 'x-sallyport-token': `${token.slice(0, -1)}x` })).status, 401);
    assert.equal((await get(socket, '/api/status', { 'x-sallyport-token': '' })).status, 401);
    assert.equal((await get(socket, '/api/status', { 'x-sallyport-token': token })).status, 200);
  });

  it('does not prove itself to short or odd nonces, and proves itself differently each time', async () => {
    const { socket } = lab.client.address;
    assert.equal((await get(socket, '/api/hello?nonce=abc', {})).status, 401);
    const one = await get(socket, `/api/hello?nonce=${'a'.repeat(32)}`, {});
    const two = await get(socket, `/api/hello?nonce=${'b'.repeat(32)}`, {});
    assert.equal(one.status, 200);
    assert.notEqual(one.text, two.text);
    assert.ok(!one.text.includes(lab.client.address.token));
  });

  it('refuses a web page even with the token, and lets the desktop page in', async () => {
    const { socket, token } = lab.client.address;
    assert.equal((await get(socket, '/api/status', { 'x-sallyport-token': token, origin: 'https://evil.example' })).status, 403);
    assert.equal((await get(socket, '/api/status', { 'x-sallyport-token': token, origin: 'app://sallyport' })).status, 200);
  });

  it('a client sends nothing to whoever cannot prove that it knows the token', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sp-squat-'));
    const path = join(folder, 's');
    const heard: string[] = [];
    const squatter = createServer((socket) => {
      socket.on('data', (chunk: Buffer) => {
        heard.push(chunk.toString());
        const body = JSON.stringify({ proof: 'x'.repeat(43) });
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
      });
      socket.on('error', () => undefined);
    });
    await new Promise<void>((done) => squatter.listen(path, done));
    const client = new ControlClient({ socket: path, token: 'the secret token', pid: 1 });
    await assert.rejects(client.call('GET', '/api/status', { capability: 'cap' }), /not the gateway/);
    client.close();
    squatter.close();
    rmSync(folder, { recursive: true });
    assert.equal(heard.length, 1);
    assert.match(heard[0]!, /^GET \/api\/hello/);
    assert.ok(!heard.join('').includes('the secret token'));
  });

  it('takes over a socket that a killed gateway left, and refuses to take a live one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sp-stale-'));
    const path = join(folder, 's');
    const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.stdout.write('up'))`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((done) => child.stdout.once('data', done));
    const app = createControl({ subscribe: () => () => undefined } as unknown as ControlServices, { version: 'test' });
    await assert.rejects(listenControl(app, folder, { socket: path }), code('conflict'));
    child.kill('SIGKILL');
    await new Promise((done) => child.once('exit', done));
    assert.ok(existsSync(path), 'the socket lies there');
    const server = await listenControl(app, folder, { socket: path });
    const client = new ControlClient(server.address);
    await assert.rejects(client.call('GET', '/api/nothing'), code('not_found'));
    client.close();
    await server.close();
    assert.equal(readAddress(folder), undefined, 'the token file goes with the gateway');
    app.closeControl();
    rmSync(folder, { recursive: true });
  });

  it('finds a place that fits the length of socket paths, in a folder of this user alone', () => {
    const deep = `/tmp/${'d'.repeat(200)}`;
    const place = socketPlace(deep, {});
    assert.ok(Buffer.byteLength(place) <= 100);
    assert.equal(statSync(dirname(place)).mode & 0o077, 0);
    assert.equal(socketPlace('/tmp/x', { XDG_RUNTIME_DIR: '/nowhere' }), '/tmp/x/control.sock');
  });

  it('reads no address from a damaged token file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sp-addr-'));
    writeFileSync(join(folder, 'control.json'), '{"socket":1}');
    assert.equal(readAddress(folder), undefined);
    writeFileSync(join(folder, 'control.json'), '{');
    assert.equal(readAddress(folder), undefined);
    rmSync(folder, { recursive: true });
    assert.ok(readFileSync(join(lab.directory, 'control.json'), 'utf8').includes(lab.client.address.token));
  });
});
