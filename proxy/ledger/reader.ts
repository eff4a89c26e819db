import type { SecretStore } from '../contract/index.js';
import { startWorker } from '../threads/index.js';
import type { IndexAnswer, IndexQuestion, IndexWorkerData } from './index-worker.js';
import { derivedKey, masterKey } from './keys.js';
import { VAULT_SECRET } from './originals.js';
import type { IndexProgress, LedgerReader } from './types.js';

/**
 * The reading door: lists, search, sessions and exchanges, answered by a worker that keeps the index. Works while no gateway
 * runs, and beside one that does.
 */
export async function openReader(options: { directory: string; secrets: SecretStore }): Promise<LedgerReader> {
  const master = await masterKey(options.secrets, false);
  const vault = await masterKey(options.secrets, false, VAULT_SECRET);
  const data: IndexWorkerData = {
    directory: options.directory,
    ...(master ? { master } : {}),
    ...(vault ? { blindKey: derivedKey(vault, 'values') } : {}),
  };
  const worker = startWorker(import.meta.url, './index-worker', data);
  worker.unref();
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let next = 0;
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', ({ id, value, error }: IndexAnswer) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (error === undefined) asked?.resolve(value as never);
    else asked?.reject(new Error(error));
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('the index worker has ended')));

  const ask = <T>(op: IndexQuestion['op'], input?: unknown): Promise<T> => {
    if (failure) return Promise.reject(failure);
    // While somebody waits for an answer, the process stays.
    worker.ref();
    return new Promise<T>((resolve, reject) => {
      const id = ++next;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, op, input } satisfies IndexQuestion);
    });
  };
  const progress = (): Promise<IndexProgress> => ask('progress');

  return {
    sessions: (query) => ask('sessions', query),
    session: (id) => ask('session', id),
    exchange: (id) => ask('exchange', id),
    segments: (id) => ask('segments', id),
    spans: (exchanges, content) => ask('spans', { exchanges, content }),
    progress,
    async rebuild(onProgress) {
      await ask('rebuild');
      for (;;) {
        const now = await progress();
        onProgress?.(now);
        if (now.done) return;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
    async close() {
      if (!failure) await ask('close').catch(() => {});
      await worker.terminate();
    },
  };
}
