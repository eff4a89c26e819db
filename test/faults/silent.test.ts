import assert from 'node:assert/strict';
import { type IncomingMessage, request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EndMeta } from '../../proxy/contract/index.js';
import { type Bench, openBench } from '../pipeline/support.js';
import { type Capture, startCapture } from '../support/capture.js';
import { connectionTo } from '../support/settings.js';
import { until } from '../support/until.js';
import { FAULTS, type Hostile, startHostile } from './hostile.js';

/** How long the provider of the second half may say nothing; the product's own time is fifteen minutes. */
const SILENCE_MS = 2_000;
const SILENT = Object.keys(FAULTS).filter((name) => name.startsWith('never'));
/** A path that is not looked into. */
const UNREAD = { method: 'POST', path: '/v1/files' };
/** More than all buffers on the way hold. */
const LARGE = Buffer.alloc(64 << 20, 'bytes of a file that nobody looks into\n');
const isStream = (fault: string): boolean => /ends$|event/.test(fault);

for (const [title, silenceMs] of [
  ['a provider that falls silent, and a client that leaves', undefined],
  ['a provider that falls silent, and a client that waits', SILENCE_MS],
] as const)
  describe(title, { timeout: 120_000, concurrency: silenceMs !== undefined }, () => {
    let b: Bench;
    let hostile: Hostile;
    let slow: Capture;
    const ended = new Map<string, string>();
    before(async () => {
      hostile = await startHostile();
      slow = await startCapture((response) => response.end(LARGE));
      b = await openBench(silenceMs === undefined ? {} : { providerSilenceMs: silenceMs }, (draft) => {
        draft.policy.preset = 'observe';
        draft.connections.push(
          connectionTo(hostile.origin, { name: 'hostile', credential: 'env:PIPELINE_TEST_KEY', passthrough: [UNREAD] }),
        );
        draft.connections.push(connectionTo(slow.origin, { name: 'slow', credential: 'env:PIPELINE_TEST_KEY', passthrough: [UNREAD] }));
      });
      b.gateway.subscribe((event) => {
        if (event.type === 'exchange-ended') ended.set(event.exchange, event.outcome);
      });
    });
    after(async () => {
      await b?.close();
      await hostile?.close();
      slow?.close();
    });
    const ask = (fault: string, signal?: AbortSignal, path = '/hostile/v1/chat/completions'): Promise<Response> =>
      fetch(b.url(path), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${b.key}` },
        body: JSON.stringify({ model: 'sim', stream: isStream(fault), messages: [{ role: 'user', content: `[[fault ${fault}]]` }] }),
        ...(signal ? { signal } : {}),
      });
    const served = () => until(async () => (await ask('fine')).status === 200, 'the next request to be served');
    const endOf = async (exchange: string): Promise<EndMeta> => {
      await until(() => ended.has(exchange), 'the end of the exchange');
      const detail = await b.gateway.services.ledger.exchange(exchange);
      return detail?.events.find((e) => e.kind === 'end')?.meta as unknown as EndMeta;
    };
    const letGo = () => until(() => hostile.held === 0, 'the connection to the provider to be closed');

    for (const fault of SILENT)
      if (silenceMs === undefined)
        it(`${fault}: the provider is let go, the record says so`, async () => {
          const known = new Set(ended.keys());
          const gone = new AbortController();
          const asked = ask(fault, gone.signal)
            .then((answer) => answer.text())
            .catch(() => undefined);
          await until(() => hostile.held === 1, 'the request at the provider');
          gone.abort();
          await asked;
          await letGo();
          const exchange = await until(() => [...ended.keys()].find((id) => !known.has(id)), 'the end of the exchange');
          assert.equal((await endOf(exchange)).outcome, 'client-gone');
          await served();
        });
      else if (fault !== 'never-ends')
        it(`${fault}: given up in the end, ${isStream(fault) ? 'the client notices' : '504'}, recorded, and the next is served`, async () => {
          const answer = await ask(fault);
          if (isStream(fault)) {
            assert.equal(answer.status, 200);
            await assert.rejects(answer.text(), 'no client may take it for whole');
          } else {
            assert.deepEqual([answer.status, answer.headers.get('x-sallyport-code')], [504, 'upstream_timeout']);
            await answer.text();
          }
          await letGo();
          const exchange = isStream(fault) ? answer.headers.get('x-sallyport-exchange') : answer.headers.get('x-request-id');
          const { outcome, code } = await endOf(exchange!);
          assert.deepEqual([outcome, code], ['provider-error', 'upstream_timeout']);
          await served();
        });

    if (silenceMs === undefined) return;
    for (const fault of SILENT.filter((name) => name !== 'never-ends'))
      it(`${fault}, on a path that passes unread: the same`, async () => {
        const answer = await ask(fault, undefined, '/hostile/v1/files');
        if (answer.status === 200) await assert.rejects(answer.text(), 'no client may take it for whole');
        else assert.deepEqual([answer.status, answer.headers.get('x-sallyport-code')], [504, 'upstream_timeout']);
        await letGo();
        const { outcome, code } = await endOf((answer.headers.get('x-sallyport-exchange') ?? answer.headers.get('x-request-id'))!);
        assert.deepEqual([outcome, code], ['provider-error', 'upstream_timeout']);
      });

    it('a client that sends its upload slowly, or reads its download late, is not the silence of the provider', async () => {
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        const upload = request(b.url('/slow/v1/files'), { method: 'POST', headers: { authorization: `Bearer ${b.key}` } });
        upload.on('response', resolve).on('error', reject);
        upload.write('first');
        setTimeout(() => upload.end('last'), 1.5 * SILENCE_MS);
      });
      assert.equal(answer.statusCode, 200);
      await sleep(1.5 * SILENCE_MS);
      let length = 0;
      for await (const piece of answer) length += piece.length;
      assert.equal(length, LARGE.length);
    });

    it('a provider that goes on speaking, however long, is not given up', async () => {
      const gone = new AbortController();
      const answer = await ask('never-ends', gone.signal);
      const began = performance.now();
      let long = false;
      try {
        for await (const _ of answer.body as unknown as AsyncIterable<Uint8Array>) {
          long = performance.now() - began > 1.5 * SILENCE_MS;
          if (long) break;
        }
      } finally {
        gone.abort();
      }
      assert.ok(long, 'it was cut');
      await letGo();
    });

    it('a client that does not read for longer than that is not the silence of the provider: it gets all of it later', async () => {
      const body = JSON.stringify({ model: 'sim', stream: true, messages: [{ role: 'user', content: '[[big 16]]' }] });
      // Not by fetch, which reads ahead.
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        request(b.url('/openai/v1/chat/completions'), {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${b.key}` },
        })
          .on('response', resolve)
          .on('error', reject)
          .end(body);
      });
      const warnings: Error[] = [];
      const note = (warning: Error): unknown => warnings.push(warning);
      process.on('warning', note);
      await sleep(1.5 * SILENCE_MS);
      process.off('warning', note);
      assert.deepEqual(warnings, [], 'one listener waits until the client reads');
      assert.equal(b.provider.open, 1, 'the provider is held up');
      let end = '';
      for await (const piece of answer) end = (end + piece).slice(-100);
      assert.match(end, /\[DONE\]/);
    });
  });
