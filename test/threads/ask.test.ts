import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SecretStore } from '../../proxy/contract/index.js';
import { askThread, carrySecrets } from '../../proxy/threads/index.js';

const secrets: SecretStore = {
  kind: 'memory',
  protected: true,
  acceptsProviderKeys: true,
  get: async (name) => ({ needed: 'a', other: 'b' })[name],
  set: async () => {},
  delete: async () => {},
};
const ask = (question: unknown, watch: { onProgress?(n: number): void; signal?: AbortSignal } = {}) =>
  askThread(import.meta.url, './question-worker', question, watch);

test('a thread says how far it is and then answers; it has the secrets that it needs, to read', async () => {
  const seen: number[] = [];
  const carried = await carrySecrets(secrets, ['needed', 'absent']);
  assert.deepEqual(carried, { kind: 'memory', protected: true, values: { needed: 'a' } });
  const answer = await ask({ want: 'secrets', secrets: carried }, { onProgress: (n) => seen.push(n) });
  assert.deepEqual(answer, { kind: 'memory', here: 'a', absent: undefined, set: 'read only', delete: 'read only' });
  assert.deepEqual(seen, [1, 2, 3]);
});

test('what goes wrong in a thread is told to whoever asked', async () => {
  await assert.rejects(ask({ want: 'error' }), { message: 'what went wrong' });
  await assert.rejects(ask({ want: 'exit' }), /question-worker has ended without an answer/);
});

test('who gives a question up hears the reason, and the thread ends', async () => {
  const given = new AbortController();
  await assert.rejects(ask({ want: 'nothing' }, { signal: given.signal, onProgress: () => given.abort(new Error('enough')) }), {
    message: 'enough',
  });
  await assert.rejects(ask({ want: 'secrets' }, { signal: AbortSignal.abort(new Error('before')) }), { message: 'before' });
});
