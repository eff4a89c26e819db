import assert from 'node:assert/strict';
import fs, { mkdtempSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SecretStore } from '../../proxy/contract/index.js';
import { createKeychainStore, createMemorySecretStore } from '../../proxy/credentials/index.js';
import { openBench } from '../pipeline/support.js';
import { until } from '../support/until.js';
import { openKeychainBench } from './keychain.js';

const chat = (content: string) => ({ model: 'sim', messages: [{ role: 'user', content }] });

describe('what hangs rather than fails', { timeout: 90_000 }, () => {
  it('the session bus accepts and never answers, and the keychain with it: 503 within its deadline, others go on, and it comes back', {
    skip: process.platform === 'linux' ? false : 'the keychain of Linux alone is behind D-Bus',
  }, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sallyport-hung-'));
    const sockets = new Set<Socket>();
    const bus = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => bus.listen(join(directory, 'bus'), resolve));
    const before = process.env['DBUS_SESSION_BUS_ADDRESS'];
    process.env['DBUS_SESSION_BUS_ADDRESS'] = `unix:path=${join(directory, 'bus')}`;
    const memory = createMemorySecretStore();
    const keychain = createKeychainStore({ service: `sallyport-test-${process.pid}`, deadlineMs: 700 });
    let hung = false;
    const store: SecretStore = {
      kind: 'keychain',
      protected: true,
      acceptsProviderKeys: true,
      get: (name) => (hung ? keychain : memory).get(name),
      set: (name, value) => (hung ? keychain : memory).set(name, value),
      delete: (name) => (hung ? keychain : memory).delete(name),
    };
    const b = await openKeychainBench(store);
    try {
      const post = (connection: string, content: string) =>
        fetch(b.url(`/${connection}/v1/chat/completions`), {
          method: 'POST',
          headers: { authorization: `Bearer ${b.key}`, 'content-type': 'application/json' },
          body: JSON.stringify(chat(content)),
          signal: AbortSignal.timeout(20_000),
        });
      hung = true;
      const refused = await Promise.all(Array.from({ length: 5 }, (_, i) => post('locked', `[[say no]] ${i}`)));
      for (const answer of refused) {
        assert.equal(answer.status, 503);
        assert.equal(answer.headers.get('x-sallyport-code'), 'credential_unavailable');
      }
      assert.equal(b.provider.log.total, 0);
      assert.ok(sockets.size > 0, 'somebody asked the bus');
      assert.equal((await post('open', '[[say yes]]')).status, 200, 'what needs no keychain goes on');
      hung = false;
      await until(async () => (await post('locked', '[[say back]]')).status === 200, 'the keychain to be used again');
      assert.ok(b.provider.log.entries.every((e) => e.key === 'right'));
    } finally {
      if (before === undefined) delete process.env['DBUS_SESSION_BUS_ADDRESS'];
      else process.env['DBUS_SESSION_BUS_ADDRESS'] = before;
      for (const socket of sockets) socket.destroy();
      bus.close();
      await b.close();
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('the disk: while a sync hangs nothing is sent and nothing is refused; when it comes back all are served; a slow one only costs time', async () => {
    const b = await openBench({}, (draft) => {
      draft.policy.preset = 'observe';
    });
    const real = fs.fdatasync;
    let hangs = true;
    const held: (() => void)[] = [];
    let synced = 0;
    fs.fdatasync = ((fd: number, done: (error: Error | null) => void) => {
      const go = () =>
        real(fd, (error) => {
          synced += 1;
          done(error);
        });
      if (hangs) held.push(go);
      else setTimeout(go, 150);
    }) as typeof fs.fdatasync;
    syncBuiltinESMExports();
    try {
      const total = b.provider.log.total;
      const asked = Array.from({ length: 12 }, (_, i) => b.post('/openai/v1/chat/completions', chat(`[[say late]] ${i}`)));
      await until(() => held.length > 0, 'a sync');
      await sleep(1_500);
      assert.equal(b.provider.log.total, total, 'nothing is sent before its record is on disk');
      assert.equal(synced, 0);
      hangs = false;
      for (const go of held.splice(0)) go();
      for (const answer of await Promise.all(asked)) assert.equal(answer.status, 200);
      const slow = await Promise.all(
        Array.from({ length: 12 }, (_, i) => b.post('/openai/v1/chat/completions', chat(`[[say slow]] ${i}`))),
      );
      assert.ok(slow.every((r) => r.status === 200));
      assert.ok(synced > 0);
      assert.deepEqual(b.gateway.status().faults, []);
    } finally {
      hangs = false;
      for (const go of held.splice(0)) go();
      fs.fdatasync = real;
      syncBuiltinESMExports();
      await b.close();
    }
  });
});
