import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { SallyportError } from '../../proxy/contract/index.js';
import { checkTarget } from '../../proxy/listener/index.js';
import { dialects } from '../../proxy/wire/index.js';
import type { AnswerHooks } from '../../proxy/wire/types.js';
import { type Bench, openBench } from '../pipeline/support.js';
import { near, runs, TIMES } from '../support/near.js';
import { sendRaw } from '../support/raw.js';
import { until } from '../support/until.js';
import { watched } from '../support/watched.js';

const hooks = (): AnswerHooks => ({
  channel: () => ({ push: (text) => ({ masked: text, clear: text }), flush: () => ({ masked: '', clear: '' }) }),
  toolCall: () => ({ action: 'release' }),
  idGiven() {},
  usage() {},
  notScanned() {},
});
/** Fails with an error of ours, or not at all; nothing else may come out of a reader. */
const onlyOurs = (error: unknown): void => assert.ok(error instanceof SallyportError, String((error as Error).stack ?? error));

const REQUESTS = [
  '{"model":"m","stream":true,"messages":[{"role":"user","content":"hello"},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"sh","arguments":"{\\"a\\":1}"}}]},{"role":"tool","tool_call_id":"c","content":[{"type":"text","text":"x"}]}],"tools":[{"type":"function","function":{"name":"sh","parameters":{}}}]}',
  '{"model":"m","input":[{"role":"user","content":[{"type":"input_text","text":"hello"}]},{"type":"function_call_output","call_id":"c","output":"x"},{"type":"reasoning","encrypted_content":"zz"}],"store":false}',
  '{"model":"m","max_tokens":9,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"x"}]},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}}]}]}',
];
const STREAMS = [
  'data: {"id":"x","choices":[{"index":0,"delta":{"content":"hello","tool_calls":[{"index":0,"id":"c","function":{"name":"sh","arguments":"{\\"a\\""}}]},"finish_reason":null}]}\n\ndata: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}\n\ndata: [DONE]\n\n',
  'event: response.created\ndata: {"type":"response.created","response":{"id":"r"}}\n\nevent: response.output_item.added\ndata: {"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","call_id":"c","name":"sh","arguments":""}}\n\nevent: response.completed\ndata: {"type":"response.completed","response":{"id":"r","output":[]}}\n\n',
  'event: message_start\ndata: {"type":"message_start","message":{"id":"m","content":[]}}\n\nevent: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"sh","input":{}}}\n\nevent: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{}"}}\n\nevent: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n',
];
const KINDS = [
  ['openai', 'chat'],
  ['openai', 'responses'],
  ['anthropic', 'messages'],
  ['http', 'http'],
] as const;

describe(`fuzz: ${16_500 * TIMES} executions in all, no crash, no hang, no foreign error`, {
  timeout: 120_000 * Math.max(1, TIMES),
}, () => {
  it(`request targets, ${5000 * TIMES}: what passes has one reading`, () => {
    const bits = fc.constantFrom(
      '/',
      'v1',
      '..',
      '.',
      '%2e',
      '%2F',
      '%5c',
      '\\',
      '//',
      'a',
      '%',
      '%zz',
      '?',
      '#',
      ';',
      '@',
      ':',
      '%00',
      '%25',
      'é',
      '\u0000',
      ' ',
      '~',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(bits, { maxLength: 12 }).map((b) => b.join('')),
          fc.string({ unit: 'binary', maxLength: 60 }),
        ),
        watched((target) => {
          let read: { path: string; query: string };
          try {
            read = checkTarget(target);
          } catch (error) {
            return onlyOurs(error);
          }
          // Whatever a forwarder or a provider makes of it, it is the same path.
          const url = new URL(`http://x${read.path}`);
          assert.equal(url.pathname, read.path);
          assert.ok(
            !decodeURIComponent(read.path)
              .split(/[/\\]/)
              .some((s) => s === '..' || s === '.'),
          );
        }),
      ),
      runs(5000),
    );
  });

  it(`request bodies of every dialect, ${6000 * TIMES}`, () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...KINDS),
        near(...REQUESTS),
        watched(([dialect, operation], text) => {
          try {
            const body = Buffer.from(text);
            for (const part of dialects[dialect].readRequest(operation, body).parts) {
              assert.ok(part.span.start >= 0 && part.span.end <= body.length && part.span.start <= part.span.end);
            }
          } catch (error) {
            onlyOurs(error);
          }
        }),
      ),
      runs(6000),
    );
  });

  it(`JSON answers of every dialect, ${2000 * TIMES}`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...KINDS),
        near(...REQUESTS, '{"choices":[{"message":{"content":"x"}}]}', '{"content":[{"type":"text","text":"x"}]}'),
        watched(async ([dialect, operation], text) => {
          await dialects[dialect].readAnswer(operation, Buffer.from(text), hooks()).catch(onlyOurs);
        }),
      ),
      runs(2000),
    );
  });

  it(`streams of every dialect, cut anywhere, ${3000 * TIMES}: it ends, and a refusal always finds a form`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...KINDS),
        near(...STREAMS),
        fc.array(fc.nat(400), { maxLength: 6 }),
        fc.boolean(),
        watched(async ([dialect, operation], text, cuts, refuse) => {
          const bytes = Buffer.from(text);
          const stream = dialects[dialect].streamAnswer(operation, hooks());
          try {
            let at = 0;
            for (const cut of [...cuts, bytes.length]) {
              stream.write(bytes.subarray(at, at + cut));
              at = Math.min(bytes.length, at + cut);
            }
            if (refuse) {
              stream.refuse('no');
              assert.ok(stream.complete);
            } else await stream.end();
          } catch (error) {
            onlyOurs(error);
          }
        }),
      ),
      runs(3000),
    );
  });

  describe('raw bytes at the listener', () => {
    let b: Bench;
    before(async () => {
      b = await openBench();
    });
    after(() => b.close());
    it(`${500 * TIMES} requests near a good one, half of them with a key: answered or closed, none without its key passed on, and the gateway goes on`, async () => {
      const body = '{"model":"sim","messages":[{"role":"user","content":"[[say x]]"}]}';
      const seed = (key: string) =>
        `POST /openai/v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:${b.gateway.address.port}\r\n${key}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      const chunked = (text: string) => text.replace('Content-Length', 'Transfer-Encoding: chunked\r\nContent-Length');
      const plain = seed('');
      const keyed = seed(`Authorization: Bearer ${b.key}\r\n`);
      const forms = fc.oneof(near(plain, chunked(plain)), near(keyed, keyed, chunked(keyed)));
      let admitted = 0;
      let answered = 0;
      await fc.assert(
        fc.asyncProperty(
          forms,
          watched(async (text) => {
            const { status } = await sendRaw(b.url('/'), Buffer.from(text, 'latin1'), 60);
            const hasKey = text.includes(b.key);
            if (hasKey) admitted += 1;
            if (hasKey && status === 200) answered += 1;
            else assert.ok(status === 0 || status >= 400, String(status));
          }),
        ),
        runs(500),
      );
      assert.ok(answered > 0, 'nothing came behind the key');
      await until(() => b.gateway.status().active === 0, 'all exchanges to end');
      assert.ok(b.provider.log.total <= admitted, `${b.provider.log.total} at the provider, ${admitted} with a key`);
      assert.deepEqual(b.gateway.status().faults, []);
      assert.equal((await b.post('/openai/v1/chat/completions', JSON.parse(body))).status, 200);
    });
  });
});
