import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { type Lab, startLab } from '../support/gateway.js';

const MAIL = 'maria.keller@brunnhof-ag.ch';
const shell = { name: 'weather', input_schema: { type: 'object' as const, properties: { city: { type: 'string' } } } };
const ask = (content: string) => ({ model: 'claude-sonnet-5', max_tokens: 1000, messages: [{ role: 'user' as const, content }] });
const text = (message: Anthropic.Message) => message.content.map((b) => (b.type === 'text' ? b.text : '')).join('');

describe('the official Anthropic client, unchanged but for base URL and key', () => {
  let lab: Lab;
  let anthropic: Anthropic;
  before(async () => {
    lab = await startLab();
    anthropic = new Anthropic({ baseURL: lab.anthropic, apiKey: lab.key, maxRetries: 0 });
  });
  after(() => lab?.close());

  it('asks, whole and streamed; the provider sees its own key and placeholders', async () => {
    const whole = await anthropic.messages.create(ask(`[[echo]] Write to ${MAIL}.`));
    assert.equal(text(whole), `Write to ${MAIL}.`);
    const streamed = await anthropic.messages.stream(ask(`[[bytes 5]] [[echo]] Write to ${MAIL}.`)).finalMessage();
    assert.equal(text(streamed), `Write to ${MAIL}.`);
    assert.ok(!lab.provider.log.contains(MAIL));
    assert.ok(lab.provider.log.entries.every((e) => e.key === 'right' && !e.agentKeySeen));
  });

  it('uses tools, one and several, and sends their results', async () => {
    const content = `[[tool weather {"city":"Bern"}]] [[tool weather {"city":"${MAIL}"}]]`;
    for (const stream of [false, true]) {
      const made = stream
        ? await anthropic.messages.stream({ ...ask(content), tools: [shell] }).finalMessage()
        : await anthropic.messages.create({ ...ask(content), tools: [shell] });
      assert.equal(made.stop_reason, 'tool_use');
      const calls = made.content.filter((b) => b.type === 'tool_use');
      assert.deepEqual(
        calls.map((c) => c.input),
        [{ city: 'Bern' }, { city: MAIL }],
      );
      const next = await anthropic.messages.create({
        ...ask(content),
        messages: [
          ...ask(content).messages,
          { role: 'assistant', content: made.content },
          {
            role: 'user',
            content: calls.map((c) => ({ type: 'tool_result' as const, tool_use_id: c.id, content: `rain, says ${MAIL}` })),
          },
        ],
      });
      assert.match(text(next), new RegExp(`rain, says ${MAIL}`));
    }
    assert.ok(!lab.provider.log.contains(MAIL));
  });

  it('carries signed thinking both ways byte for byte', async () => {
    for (const stream of [false, true]) {
      const body = ask('[[think about the weather in Bern]] [[redacted]] [[say fine]]');
      const first = stream ? await anthropic.messages.stream(body).finalMessage() : await anthropic.messages.create(body);
      assert.deepEqual(
        first.content.map((b) => b.type),
        ['thinking', 'redacted_thinking', 'text'],
      );
      // The provider checks its signatures and refuses with 400 if one byte of the block came back changed.
      const second = await anthropic.messages.create({
        ...body,
        messages: [...body.messages, { role: 'assistant', content: first.content }, { role: 'user', content: '[[say go on]]' }],
      });
      assert.equal(text(second), 'go on');
    }
  });

  it('counts tokens and lists models', async () => {
    const count = await anthropic.messages.countTokens({ model: 'claude-sonnet-5', messages: ask(`from ${MAIL}`).messages });
    assert.ok(count.input_tokens > 0);
    assert.ok(!lab.provider.log.contains(MAIL));
    assert.ok((await anthropic.models.list()).data.some((m) => m.id === 'claude-sonnet-5'));
  });

  it("gets the provider's errors with their headers, before and inside a stream", async () => {
    const cases: [number, new (...args: never[]) => Error][] = [
      [400, Anthropic.BadRequestError],
      [429, Anthropic.RateLimitError],
      [529, Anthropic.InternalServerError],
    ];
    for (const [status, kind] of cases)
      await assert.rejects(anthropic.messages.create(ask(`[[error ${status} 7]]`)), (e: InstanceType<typeof Anthropic.APIError>) => {
        assert.ok(e instanceof kind, `${status}: ${e.constructor.name}`);
        assert.equal(e.headers?.get('retry-after'), '7');
        return true;
      });
    await assert.rejects(anthropic.messages.stream(ask('[[tokens 40]] [[stream-error 9]]')).finalMessage());
    await assert.rejects(anthropic.messages.stream(ask('[[tokens 40]] [[cut 9]]')).finalMessage());
  });

  it('aborts', async () => {
    const stream = anthropic.messages.stream(ask('[[tokens 9]] [[stall 5]]'));
    stream.on('text', () => stream.abort());
    await assert.rejects(stream.finalMessage(), Anthropic.APIUserAbortError);
  });
});
