import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import { type Lab, startLab } from '../support/gateway.js';

const MAIL = 'maria.keller@brunnhof-ag.ch';
const weather = {
  type: 'function' as const,
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
};
const ask = (content: string) => ({ model: 'gpt-4o', messages: [{ role: 'user' as const, content }] });

describe('the official OpenAI client, unchanged but for base URL and key', () => {
  let lab: Lab;
  let openai: OpenAI;
  before(async () => {
    lab = await startLab();
    openai = new OpenAI({ baseURL: lab.openai, apiKey: lab.key, maxRetries: 0 });
  });
  after(() => lab?.close());

  it('chats; the provider gets its own key and a placeholder, the agent its value back', async () => {
    const made = await openai.chat.completions.create(ask(`[[echo]] Write to ${MAIL}, please.`));
    assert.equal(made.choices[0]?.message.content, `Write to ${MAIL}, please.`);
    const seen = lab.provider.log.last();
    assert.equal(seen?.key, 'right');
    assert.ok(!seen?.text.includes(MAIL));
    assert.match(seen?.text ?? '', /EMAIL_ADDRESS_[a-z2-7]{8}/);
    assert.equal(seen?.agentKeySeen, false);
  });

  it('streams the same, token by token, whatever the tokens cut', async () => {
    for (const how of ['', '[[bytes 3]]', '[[gzip]]', '[[extras]]']) {
      const stream = openai.chat.completions.stream({
        ...ask(`${how} [[echo]] Grüsse an ${MAIL} – bis bald.`),
        stream_options: { include_usage: true },
      });
      let pieces = 0;
      stream.on('content', () => {
        pieces += 1;
      });
      const final = await stream.finalChatCompletion();
      assert.equal(final.choices[0]?.message.content, `Grüsse an ${MAIL} – bis bald.`, how);
      assert.ok((final.usage?.completion_tokens ?? 0) > 0);
      assert.ok(pieces > 2, `${pieces} pieces`);
    }
    assert.ok(!lab.provider.log.contains(MAIL));
  });

  it('calls tools, one and several at once, whole and streamed, and sends their results', async () => {
    const content = '[[tool weather {"city":"Bern"}]] [[tool weather {"city":"Basel"}]] [[interleave]]';
    const whole = await openai.chat.completions.create({ ...ask(content), tools: [weather] });
    const streamed = await openai.chat.completions.stream({ ...ask(content), tools: [weather] }).finalChatCompletion();
    for (const { choices } of [whole, streamed]) {
      assert.equal(choices[0]?.finish_reason, 'tool_calls');
      const calls = choices[0]?.message.tool_calls ?? [];
      assert.deepEqual(
        calls.map((c) => c.type === 'function' && JSON.parse(c.function.arguments)),
        [{ city: 'Bern' }, { city: 'Basel' }],
      );
    }
    const calls = streamed.choices[0]?.message.tool_calls ?? [];
    const next = await openai.chat.completions.create({
      model: 'gpt-4o',
      messages: [
        ...ask(content).messages,
        { role: 'assistant', tool_calls: calls },
        ...calls.map((c) => ({ role: 'tool' as const, tool_call_id: c.id, content: `rain, says ${MAIL}` })),
      ],
    });
    assert.equal(next.choices[0]?.message.content, `The tools answered: rain, says ${MAIL} | rain, says ${MAIL}`);
    assert.ok(!lab.provider.log.contains(MAIL));
  });

  it('restores values inside of tool arguments', async () => {
    const stream = openai.chat.completions.stream({
      ...ask(`[[tool weather {"city":"${MAIL}"}]]`),
      tools: [weather],
    });
    const call = (await stream.finalChatCompletion()).choices[0]?.message.tool_calls?.[0];
    assert.deepEqual(call?.type === 'function' && JSON.parse(call.function.arguments), { city: MAIL });
  });

  it('answers structured output', async () => {
    const schema = { type: 'object', properties: { n: { type: 'integer' }, who: { type: 'string' } }, required: ['n', 'who'] };
    const made = await openai.chat.completions.parse({
      ...ask(MAIL),
      response_format: { type: 'json_schema', json_schema: { name: 'x', strict: true, schema } },
    });
    assert.deepEqual(made.choices[0]?.message.parsed, { n: 2, who: MAIL });
  });

  it('uses Responses: whole, streamed, tools, and history by id', async () => {
    const whole = await openai.responses.create({ model: 'gpt-4o', input: `[[echo]] Write to ${MAIL}.`, store: false });
    assert.equal(whole.output_text, `Write to ${MAIL}.`);
    const streamed = await openai.responses.stream({ model: 'gpt-4o', input: `[[echo]] Write to ${MAIL}.`, store: false }).finalResponse();
    assert.equal(streamed.output_text, `Write to ${MAIL}.`);
    const first = await openai.responses
      .stream({ model: 'gpt-4o', store: false, input: '[[tool weather {"city":"Bern"}]] [[tool weather {"city":"Basel"}]]' })
      .finalResponse();
    assert.deepEqual(
      first.output.map((o) => o.type === 'function_call' && JSON.parse(o.arguments)),
      [{ city: 'Bern' }, { city: 'Basel' }],
    );
    assert.ok(!lab.provider.log.contains(MAIL));
  });

  it('embeds, the text masked, and lists models', async () => {
    const made = await openai.embeddings.create({ model: 'text-embedding-3-small', input: ['hello', `from ${MAIL}`, 'hello'] });
    assert.equal(made.data.length, 3);
    assert.deepEqual(made.data[0]?.embedding, made.data[2]?.embedding);
    assert.equal(made.data[0]?.embedding.length, 64);
    assert.ok(!lab.provider.log.contains(MAIL));
    assert.ok((await openai.models.list()).data.some((m) => m.id === 'gpt-4o'));
  });

  it("gets the provider's errors with their status, code and headers", async () => {
    const cases: [number, new (...args: never[]) => Error][] = [
      [400, OpenAI.BadRequestError],
      [429, OpenAI.RateLimitError],
      [500, OpenAI.InternalServerError],
      [503, OpenAI.InternalServerError],
    ];
    for (const [status, kind] of cases)
      for (const stream of [false, true])
        await assert.rejects(
          openai.chat.completions.create({ ...ask(`[[error ${status} 7]]`), stream } as never),
          (e: InstanceType<typeof OpenAI.APIError>) => {
            assert.ok(e instanceof kind, `${status}: ${e.constructor.name}`);
            assert.equal(e.status, status);
            assert.equal(e.code, `simulated_${status}`);
            assert.equal(e.headers?.get('retry-after'), '7');
            assert.equal(e.headers?.get('x-ratelimit-remaining-requests'), '9999');
            return true;
          },
        );
  });

  it('aborts, and notices a provider that breaks off', async () => {
    const abort = new AbortController();
    const stream = await openai.chat.completions.create({ ...ask('[[tokens 9]] [[stall 4]]'), stream: true }, { signal: abort.signal });
    for await (const _ of stream) abort.abort();
    await assert.rejects(async () => {
      for await (const _ of await openai.chat.completions.create({ ...ask('[[tokens 40]] [[cut 9]]'), stream: true }));
    });
  });
});
