import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs, { rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMemorySecretStore } from '../../proxy/credentials/index.js';
import { createGateway } from '../../proxy/index.js';
import { verifyLedger } from '../../proxy/ledger/index.js';
import { type Bench, openBench } from '../pipeline/support.js';
import { fillDisk, smallDisk } from '../support/small-disk.js';
import { until } from '../support/until.js';

const chat = (content: string, stream = false) => ({ model: 'sim', stream, messages: [{ role: 'user', content }] });
const ask = (b: Bench, content: string) => b.post('/openai/v1/chat/completions', chat(content));
const codeOf = (r: Response) => r.headers.get('x-sallyport-code');

/** Every write of this process to a file fails with this code, as on a disk that is full or was remounted read-only. */
function failWrites(code: string): () => void {
  const { write, writeSync, openSync } = fs;
  const error = (): Error => Object.assign(new Error(`${code}: injected`), { code });
  // The runner's own streams are none of the gateway's files.
  fs.write = ((fd: number, ...rest: unknown[]) =>
    fd > 2 ? setImmediate(rest.at(-1) as (error: Error) => void, error()) : (write as (...all: unknown[]) => void)(fd, ...rest)) as never;
  fs.writeSync = ((fd: number, ...rest: unknown[]) => {
    if (fd > 2) throw error();
    return (writeSync as (...all: unknown[]) => number)(fd, ...rest);
  }) as never;
  fs.openSync = ((path: string, flags?: string, mode?: number) => {
    if (flags !== undefined && flags !== 'r') throw error();
    return openSync(path, flags ?? 'r', mode);
  }) as never;
  syncBuiltinESMExports();
  return () => {
    Object.assign(fs, { write, writeSync, openSync });
    syncBuiltinESMExports();
  };
}

const open = (directory: string, secrets = createMemorySecretStore()) =>
  createGateway({ directory, version: '0', port: 0, console: false, demo: false, holdScale: 0.01, workers: 0 }, { secrets });

describe('a disk that fails', { timeout: 150_000 }, () => {
  for (const [code, what, reason] of [
    ['ENOSPC', 'is full', /full/],
    ['EROFS', 'is read-only', /read-only/],
    ['EIO', 'is broken', /error/],
  ] as const)
    it(`${what} (${code}): refused with the reason, nothing is sent, what streams is cut, and it goes on by itself`, async () => {
      const b = await openBench({}, (draft) => {
        draft.policy.preset = 'observe';
      });
      let heal = (): void => {};
      try {
        assert.equal((await ask(b, '[[say hello]] one')).status, 200);
        const stream = await b.post('/openai/v1/chat/completions', chat('[[slow 20]] [[tokens 20000]]', true));
        const reader = stream.body!.getReader();
        await reader.read();
        heal = failWrites(code);
        await assert.rejects(async () => {
          while (!(await reader.read()).done);
        }, 'what cannot be recorded may not go on');
        const { total } = b.provider.log;
        for (let i = 0; i < 5; i++) {
          const refused = await ask(b, `[[say hello]] while it ${what} ${i}`);
          assert.deepEqual([refused.status, codeOf(refused)], [503, 'not_recording']);
        }
        assert.equal(b.provider.log.total, total, 'nothing is sent while nothing can be recorded');
        const { state, recording } = b.gateway.status();
        assert.deepEqual([state, recording.ok], ['fault', false]);
        assert.match(recording.reason ?? '', reason);
        heal();
        await until(async () => (await ask(b, '[[say hello]] again')).status === 200, 'it to recover by itself');
        assert.equal(b.gateway.status().recording.ok, true);
        await b.gateway.stop(200);
        assert.deepEqual((await verifyLedger(b.directory)).problems, []);
      } finally {
        heal();
        await b.close();
      }
    });

  it('is really full: refused with the reason, nothing is sent unrecorded, and it goes on by itself when there is room', async (t) => {
    const disk = smallDisk(24);
    if (!disk) return t.skip('no right to mount a small file system here; the test before this one does the same with failing writes');
    const b = await openBench({ directory: join(disk.path, 'data') });
    try {
      assert.equal((await ask(b, '[[say hello]] one')).status, 200);
      const filler = join(disk.path, 'filler');
      fillDisk(filler, 1 << 22);
      const total = b.provider.log.total;
      let refused: Response | undefined;
      for (let i = 0; i < 40 && refused?.status !== 503; i++) refused = await ask(b, `[[say hello]] ${'no room '.repeat(2000)} ${i}`);
      assert.equal(refused?.status, 503);
      assert.equal(codeOf(refused!), 'not_recording');
      const sent = b.provider.log.total;
      assert.equal((await ask(b, `[[say hello]] ${'still none '.repeat(2000)}`)).status, 503);
      assert.equal(b.provider.log.total, sent, 'nothing is sent while nothing can be recorded');
      assert.ok(sent - total < 40);
      assert.equal(b.gateway.status().state, 'fault');
      assert.equal(b.gateway.status().recording.ok, false);
      rmSync(filler);
      let status = 0;
      for (let i = 0; i < 300 && status !== 200; i++) {
        status = (await ask(b, `[[say hello]] again ${i}`)).status;
        await sleep(100);
      }
      assert.equal(status, 200, 'it recovered by itself');
      assert.equal(b.gateway.status().recording.ok, true);
      await b.gateway.stop(200);
      assert.deepEqual((await verifyLedger(join(disk.path, 'data'))).problems, []);
    } finally {
      await b.close().catch(() => undefined);
      disk.remove();
    }
  });

  it('is full at the start: it does not start, says why, and starts when there is room', async (t) => {
    const disk = smallDisk(8);
    if (!disk) return t.skip('no right to mount a small file system here');
    const directory = join(disk.path, 'data');
    const filler = join(disk.path, 'filler');
    try {
      fillDisk(filler, 1 << 22, 0);
      await assert.rejects(open(directory), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'not_recording');
        assert.match(error.message, /cannot start: the disk is full: ENOSPC/);
        return true;
      });
      rmSync(filler);
      const gateway = await open(directory);
      await gateway.start();
      assert.equal(gateway.status().recording.ok, true);
      await gateway.stop(200);
    } finally {
      disk.remove();
    }
  });

  it('is read-only at the start: it does not start, says why, and starts when it can be written', async (t) => {
    // While the gateway runs the kernel refuses this: its segment is open for writing.
    const disk = smallDisk(8);
    if (!disk) return t.skip('no right to mount a small file system here');
    const secrets = createMemorySecretStore();
    const remount = (how: 'ro' | 'rw') => execFileSync('mount', ['-o', `remount,${how}`, disk.path], { stdio: 'ignore' });
    try {
      const first = await open(join(disk.path, 'data'), secrets);
      await first.start();
      await first.stop(200);
      remount('ro');
      await assert.rejects(open(join(disk.path, 'data'), secrets), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'not_recording');
        assert.match(error.message, /cannot start: .*read-only/);
        return true;
      });
      remount('rw');
      const again = await open(join(disk.path, 'data'), secrets);
      await again.start();
      assert.equal(again.status().recording.ok, true);
      await again.stop(200);
    } finally {
      disk.remove();
    }
  });
});
