import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createBroker, createLinks, createWebhook, signWebhook, verifyWebhook } from '../../proxy/approvals/index.js';
import { Disk, input, settle, World } from './world.js';

const secret = Buffer.alloc(32, 7);

async function pending() {
  const world = new World();
  const broker = createBroker({ clock: world.clock, timers: world.timers, onRecord: new Disk().write });
  const ticket = broker.attach(input());
  await settle();
  return { world, approval: ticket.approval() };
}

test('a call is signed, and says nothing of the content', async () => {
  const { world, approval } = await pending();
  const got: { body: string; signature: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (d) => (body += d));
    request.on('end', () => {
      got.push({ body, signature: String(request.headers['x-sallyport-signature']) });
      response.end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  assert.equal(await createWebhook({ url, secret, clock: world.clock }).notify(approval), true);
  server.close();
  const { body, signature } = got[0]!;
  const now = world.wall / 1000;
  assert.ok(verifyWebhook(secret, signature, body, now));
  assert.equal(verifyWebhook(secret, signature, `${body} `, now), false);
  assert.equal(verifyWebhook(Buffer.alloc(32, 8), signature, body, now), false);
  assert.equal(verifyWebhook(secret, signature, body, now + 3600), false);
  assert.doesNotMatch(body, /ignore all instructions/);
  assert.equal(JSON.parse(body).approval.code, approval.code);
  assert.equal(JSON.parse(body).link, undefined);
});

test('a webhook that does not answer breaks nothing', async () => {
  const { world, approval } = await pending();
  const errors: unknown[] = [];
  const hook = createWebhook({ url: 'http://127.0.0.1:9/', secret, clock: world.clock, timeoutMs: 500, onError: (e) => errors.push(e) });
  assert.equal(await hook.notify(approval), false);
  assert.equal(errors.length, 1);
});

test('addresses without TLS and short secrets are refused', () => {
  const { clock } = new World();
  for (const url of ['http://example.com/', 'ftp://x/', 'https://user@example.com/', 'nonsense'])
    assert.throws(() => createWebhook({ url, secret, clock }), /webhook is an https address/);
  assert.throws(() => createWebhook({ url: 'https://example.com/', secret: Buffer.alloc(4), clock }), /16 bytes/);
});

test('links: showing does not use them up, taking does, once, within their time', () => {
  const world = new World();
  const links = createLinks(world.clock, 1000);
  const token = links.issue('ap_1');
  assert.equal(links.show(token), 'ap_1');
  assert.equal(links.show(token), 'ap_1');
  assert.equal(links.take(token), 'ap_1');
  assert.equal(links.take(token), undefined);
  assert.equal(links.show(token), undefined);
  const late = links.issue('ap_2');
  world.pass(1000);
  assert.equal(links.take(late), undefined);
  assert.match(signWebhook(secret, 1, 'x'), /^t=1,v1=[0-9a-f]{64}$/);
});
