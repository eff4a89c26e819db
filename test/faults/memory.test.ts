import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSimulatedProvider } from '../../proxy/demo/index.js';
import { verifyLedger } from '../../proxy/ledger/index.js';
import { type Gateway, launchGateway } from '../../scripts/demo/launch.js';
import { openBench } from '../pipeline/support.js';
import { NO_RECIPE, policyOf } from '../support/policies.js';
import { agentKey, connectionTo } from '../support/settings.js';
import { until } from '../support/until.js';
import { ledgerLines } from './kill.js';

const MIB = 1 << 20;

it('bodies of all clients together are bounded: what is over is refused with 429 and the reason, and there is room again when they leave', {
  timeout: 90_000,
}, async () => {
  const b = await openBench();
  const clients: { socket: Socket; text(): string }[] = [];
  try {
    const piece = Buffer.alloc(MIB, 'a');
    for (let i = 0; i < 9; i++) {
      const socket = connect({ port: b.gateway.address.port, host: '127.0.0.1' });
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        text += chunk;
      });
      socket.on('error', () => {});
      clients.push({ socket, text: () => text });
      socket.write(
        `POST /openai/v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:${b.gateway.address.port}\r\nAuthorization: Bearer ${b.key}\r\nContent-Type: application/json\r\nContent-Length: ${32 * MIB}\r\n\r\n`,
      );
      for (let sent = 0; sent < 31 && text === ''; sent++) await new Promise((done) => socket.write(piece, done));
    }
    const refused = await until(() => clients.find((c) => c.text() !== ''), 'a refusal');
    assert.match(refused.text(), /^HTTP\/1\.1 429 /);
    assert.match(refused.text(), /x-sallyport-code: too_many_requests/);
    assert.match(refused.text(), /all open requests are over/);
    assert.equal(clients.filter((c) => c.text() !== '').length, 1, 'those that came before go on');
    for (const { socket } of clients) socket.destroy();
    const chat = { model: 'sim', messages: [{ role: 'user', content: `[[say room]] ${'x'.repeat(4 * MIB)}` }] };
    await until(async () => (await b.post('/openai/v1/chat/completions', chat)).status !== 429, 'room');
    assert.deepEqual(b.gateway.status().faults, []);
  } finally {
    for (const { socket } of clients) socket.destroy();
    await b.close();
  }
});

const POLICY = policyOf(NO_RECIPE);

it('a gateway with little memory gets large bodies: it refuses or ends; started again it goes on; nothing passed unjudged or unrecorded', {
  timeout: 150_000,
}, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-memory-'));
  const provider = await startSimulatedProvider({ keep: 10_000 });
  const env = { LAB_PROVIDER_KEY: provider.apiKey, NODE_OPTIONS: '--max-old-space-size=40' };
  let gateway: Gateway | undefined;
  let died = 0;
  try {
    gateway = await launchGateway({
      directory,
      env,
      settings: (settings) => {
        settings.policy.preset = 'observe';
        settings.connections = [connectionTo(provider.origin)];
      },
    });
    await gateway.call('PUT', '/api/policies/words.yaml', { source: POLICY });
    const key = await agentKey(gateway, 'memory');
    const { baseUrl } = gateway;
    const post = (content: string) =>
      fetch(`${baseUrl}/openai/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'sim', messages: [{ role: 'user', content }] }),
        signal: AbortSignal.timeout(60_000),
      }).then(
        (r) => r.status,
        () => 0,
      );
    const large = (n: number) =>
      `${n % 2 ? 'The secret recipe.' : '[[say large]]'} ${n} ${'Ein paar Wörter — und mehr 😀 '.repeat(300_000)}`;
    const got: number[] = [];
    for (let round = 0; round < 2; round++) {
      got.push(...(await Promise.all(Array.from({ length: 6 }, (_, i) => post(large(round * 6 + i))))));
      await sleep(100);
      if ((await Promise.race([gateway.exited.then(() => true), sleep(500, false)])) === true) {
        died += 1;
        // What the desktop's supervisor or systemd does.
        gateway = await launchGateway({ directory, env });
      }
    }
    assert.ok(
      got.every((s) => [0, 200, 403, 413, 429, 503].includes(s)),
      got.join(),
    );
    assert.ok(died > 0 || got.some((s) => s !== 200), 'memory was never short: nothing was tested');
    assert.equal(await post('[[say small]] again'), 200, `served again after ${died} ends`);
    await gateway.stop();
    const arrivals = ledgerLines(directory).filter((l) => l.kind === 'arrival');
    const ends = new Set(
      ledgerLines(directory)
        .filter((l) => l.kind === 'end' || l.kind === 'interrupted')
        .map((l) => l.exchange),
    );
    const digests = new Set(arrivals.map((l) => l.meta['digest']));
    for (const entry of provider.log.entries.filter((e) => e.method === 'POST')) {
      assert.ok(digests.has(createHash('sha256').update(entry.body).digest('hex')), 'the provider got what was not recorded');
      assert.ok(!entry.text.includes('secret recipe'), 'what a rule blocks reached the provider');
    }
    assert.deepEqual(
      arrivals.filter((l) => !ends.has(l.exchange)),
      [],
    );
    assert.deepEqual((await verifyLedger(directory)).problems, []);
  } finally {
    await gateway?.stop();
    await provider.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
