import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Approval, Person } from '../../proxy/contract/index.js';
import { type Bench, openBench } from '../pipeline/support.js';

const POLICY = `version: 1
name: hold
rules:
  - id: ask-launch
    match: { what: part, direction: request, role: user, words: [launch code] }
    then: approve
    sentence: The prompt speaks of a launch code.
`;
const LOCAL: Person = { id: 'local', name: 'Local', groups: [], via: 'os' };

interface Seen {
  informational: number[];
  status: number;
  body(): string;
  done: Promise<void>;
  abort(): void;
}

describe('what a held client sees on the wire', { timeout: 60_000 }, () => {
  let b: Bench;
  before(async () => {
    // 540 s become 2.16 s, 15 s become 60 ms.
    b = await openBench({ holdScale: 0.004 });
    await b.gateway.services.policies.save({ name: 'hold.yaml', source: POLICY, activate: true }, LOCAL);
  });
  after(() => b?.close());

  function ask(path: string, body: unknown, userAgent: string): Seen {
    const seen: Seen = { informational: [], status: 0, body: () => text, done: Promise.resolve(), abort: () => req.destroy() };
    let text = '';
    const req = request(b.url(path), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${b.key}`, 'user-agent': userAgent },
    });
    req.on('information', ({ statusCode }) => seen.informational.push(statusCode));
    seen.done = new Promise((resolve) => {
      req.on('response', (response) => {
        seen.status = response.statusCode ?? 0;
        response.on('data', (chunk: Buffer) => {
          text += chunk;
        });
        response.on('close', resolve);
      });
      req.on('error', () => resolve());
    });
    req.end(JSON.stringify(body));
    return seen;
  }

  let made = 0;
  const prompt = (stream: boolean, more: object = {}) => ({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: `[[echo]] The launch code number ${++made}` }],
    stream,
    ...more,
  });
  const broker = () => b.gateway.services.approvals;
  async function pending(): Promise<Approval> {
    for (;;) {
      const [found] = broker().list({ state: 'pending' });
      if (found) return found;
      await sleep(10);
    }
  }
  async function decide(decision: 'approve' | 'deny', reason?: string): Promise<void> {
    for (;;) {
      const { id, version } = await pending();
      const done = await broker()
        .decide(id, { version, decision, ...(reason ? { reason } : {}) }, LOCAL)
        .then(
          () => true,
          () => false,
        );
      if (done) return;
      await sleep(10);
    }
  }
  const until = async (what: () => boolean): Promise<void> => {
    while (!what()) await sleep(5);
  };

  it('A: only 102 before the commit, and then the real status', async () => {
    const seen = ask('/openai/v1/chat/completions', prompt(false), 'OpenAI/JS 6.49.0');
    await until(() => seen.informational.length >= 3);
    assert.equal(seen.status, 0);
    await decide('deny', 'not now');
    await seen.done;
    assert.equal(seen.status, 403);
    assert.ok(seen.informational.every((s) => s === 102));
    assert.match(seen.body(), /not now/);
  });

  it('A: a client that takes 102 for the answer gets none', async () => {
    const seen = ask('/openai/v1/chat/completions', prompt(false), 'python-requests/2.32');
    await until(() => seen.status !== 0);
    assert.deepEqual(seen.informational, []);
    await decide('approve');
    await seen.done;
    assert.match(JSON.parse(seen.body()).choices[0].message.content, /launch code/);
  });

  it('B: 200 and heartbeats of the dialect after the commit, then the answer in the same body', async () => {
    const seen = ask('/openai/v1/chat/completions', prompt(true), 'OpenAI/JS 6.49.0');
    await until(() => seen.body().split('chatcmpl-hold').length > 3);
    assert.equal(seen.status, 200);
    await decide('approve');
    await seen.done;
    const events = seen
      .body()
      .split('\n\n')
      .filter((e) => e.startsWith('data: {'))
      .map((e) => JSON.parse(e.slice(6)));
    const beats = events.filter((e) => e.id === 'chatcmpl-hold');
    assert.ok(beats.length >= 3 && beats.every((e) => e.choices.length === 0));
    assert.match(events.map((e) => e.choices[0]?.delta?.content ?? '').join(''), /launch code/);
    assert.match(seen.body(), /data: \[DONE\]\n\n$/);
  });

  it('B: spaces before a JSON answer, a refusal that is a completion after a denial', async () => {
    const seen = ask('/openai/v1/chat/completions', prompt(false), 'OpenAI/JS 6.49.0');
    await until(() => seen.body().length > 3);
    assert.match(seen.body(), /^ +$/);
    await decide('deny', 'too late for an error');
    await seen.done;
    const answer = JSON.parse(seen.body());
    assert.equal(answer.choices[0].finish_reason, 'content_filter');
    assert.match(answer.choices[0].message.content, /too late for an error/);
  });

  it('B: comments for the OpenAI client on Responses, whose reader takes no event before response.created; keepalive for others', async () => {
    const body = (n: string) => ({ model: 'gpt-4o', stream: true, store: false, input: `[[echo]] The launch code ${n}` });
    const sdk = ask('/openai/v1/responses', body('a'), 'OpenAI/JS 6.49.0');
    await until(() => sdk.body().includes('\n\n:'));
    assert.match(sdk.body(), /^(: [^\n]*\n\n)+$/);
    await decide('approve');
    await sdk.done;
    const chain = ask('/openai/v1/responses', body('b'), 'langchainjs-openai/1.5.8');
    await until(() => chain.body().includes('keepalive'));
    await decide('approve');
    await chain.done;
    assert.match(chain.body(), /response\.completed/);
  });

  for (const decision of ['approve', 'deny'] as const)
    it(`B: Claude Code gets one message_start of ours while it waits, and never a second one (${decision})`, async () => {
      const seen = ask(
        '/anthropic/v1/messages',
        prompt(true, { model: 'claude-sonnet-5', max_tokens: 9 }),
        'claude-cli/2.1.197 (external)',
      );
      await until(() => seen.body().includes('message_start'));
      assert.match(seen.body(), /^event: ping\n/);
      const from = seen.body().length;
      await until(() => seen.body().slice(from).split('event: ping').length > 3);
      await decide(decision, 'no launch today');
      await seen.done;
      assert.equal(seen.body().split('event: message_start').length, 2, seen.body());
      assert.match(seen.body(), /event: message_stop\ndata: \{"type":"message_stop"\}\n\n$/);
      assert.match(seen.body(), decision === 'approve' ? /content_block_delta/ : /no launch today/);
      if (decision === 'approve') assert.equal(b.provider.log.last()?.ended, 'finished');
    });

  it('C: a client that gave up and comes again joins what waits; the same without stream, too; one call goes out', async () => {
    const total = b.provider.log.total;
    const body = prompt(true);
    const first = ask('/openai/v1/chat/completions', body, 'OpenAI/JS 6.49.0');
    const { id } = await pending();
    first.abort();
    await first.done;
    await until(() => broker().get(id)?.clientWaiting === false);
    assert.equal(broker().get(id)?.state, 'pending', 'the question stays open');
    const second = ask('/openai/v1/chat/completions', { ...body, stream: false }, 'OpenAI/JS 6.49.0');
    await until(() => broker().get(id)?.clientWaiting === true);
    assert.equal(broker().get(id)?.attempts, 2);
    await decide('approve');
    await second.done;
    assert.match(JSON.parse(second.body()).choices[0].message.content, /launch code/);
    assert.equal(b.provider.log.total, total + 1);
    assert.equal((b.provider.log.last()!.json as { stream?: boolean }).stream, false, 'only the stream switch was derived');
  });

  it('C: a denial stays one: a whole train of retries is refused, nobody is asked again', async () => {
    const total = b.provider.log.total;
    const asked = broker().list().length;
    const body = prompt(false);
    const first = ask('/openai/v1/chat/completions', body, 'OpenAI/JS 6.49.0');
    await decide('deny', 'for good');
    await first.done;
    for (let i = 0; i < 6; i++) {
      const again = ask('/openai/v1/chat/completions', body, i % 2 ? 'codex_cli_rs/0.169' : 'OpenAI/JS 6.49.0');
      await again.done;
      assert.equal(again.status, i % 2 ? 400 : 403, 'final for its kind');
      assert.match(again.body(), /for good/);
    }
    assert.equal(broker().list().length, asked + 1);
    assert.equal(b.provider.log.total, total);
  });
});
