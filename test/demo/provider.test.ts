import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { readMarkers, type SimulatedProvider, startSimulatedProvider } from '../../proxy/demo/index.js';

let provider: SimulatedProvider;
let openai: OpenAI;
let anthropic: Anthropic;
before(async () => {
  provider = await startSimulatedProvider();
  openai = new OpenAI({ baseURL: `${provider.origin}/v1`, apiKey: provider.apiKey, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: provider.origin, apiKey: provider.apiKey, maxRetries: 0 });
});
after(() => provider.close());

const say = (content: string) => ({ model: 'gpt-4o', messages: [{ role: 'user' as const, content }] });
const weather = {
  type: 'function' as const,
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
};

describe('markers', () => {
  it('are taken out of the text, JSON arguments may hold brackets', () => {
    const { markers, rest } = readMarkers('a [[tool x {"list":[[1],[2]]}]] b [[echo]] c');
    assert.deepEqual(markers, [
      { name: 'tool', argument: 'x {"list":[[1],[2]]}' },
      { name: 'echo', argument: '' },
    ]);
    assert.equal(rest, 'a  b  c');
  });
  it('leave text that only looks like one', () => {
    assert.equal(readMarkers('x[[0]] [[').rest, 'x[[0]] [[');
  });
});

describe('chat completions with the official client', () => {
  it('echoes, JSON and stream', async () => {
    const whole = await openai.chat.completions.create(say('[[echo]] Grüße an EMAIL_ADDRESS_ABCD2345'));
    assert.equal(whole.choices[0]?.message.content, 'Grüße an EMAIL_ADDRESS_ABCD2345');
    const stream = openai.chat.completions.stream({ ...say('[[echo]] Grüße'), stream_options: { include_usage: true } });
    const final = await stream.finalChatCompletion();
    assert.equal(final.choices[0]?.message.content, 'Grüße');
    assert.ok((final.usage?.total_tokens ?? 0) > 0);
    assert.equal(provider.log.last()?.key, 'right');
    assert.ok(!JSON.stringify(provider.log.last()?.rawHeaders).includes(provider.apiKey));
  });
  it('calls tools in parallel, in interleaved fragments, then answers from their results', async () => {
    const content = '[[tool weather {"city":"Bern"}]] [[tool weather {"city":"Basel"}]] [[interleave]]';
    const stream = openai.chat.completions.stream({ ...say(content), tools: [weather] });
    const first = (await stream.finalChatCompletion()).choices[0];
    assert.equal(first?.finish_reason, 'tool_calls');
    const calls = first?.message.tool_calls ?? [];
    assert.deepEqual(
      calls.map((c) => (c.type === 'function' ? c.function.arguments : '')),
      ['{"city":"Bern"}', '{"city":"Basel"}'],
    );
    const results = calls.map((c) => ({ role: 'tool' as const, tool_call_id: c.id, content: 'rain' }));
    const second = await openai.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content }, { role: 'assistant', tool_calls: calls }, ...results],
    });
    assert.equal(second.choices[0]?.message.content, 'The tools answered: rain | rain');
  });
  it('answers structured output and forced tools', async () => {
    const schema = { type: 'object', properties: { n: { type: 'integer' }, t: { type: 'string' } } };
    const made = await openai.chat.completions.create({
      ...say('hello'),
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
    });
    assert.deepEqual(JSON.parse(made.choices[0]?.message.content ?? ''), { n: 2, t: 'hello' });
    const forced = await openai.chat.completions.create({
      ...say('hello'),
      tools: [weather],
      tool_choice: { type: 'function', function: { name: 'weather' } },
    });
    const call = forced.choices[0]?.message.tool_calls?.[0];
    assert.equal(call?.type === 'function' && call.function.arguments, '{"city":"hello"}');
  });
  it('fails as asked', async () => {
    await assert.rejects(openai.chat.completions.create(say('[[error 429 7]]')), (e: InstanceType<typeof OpenAI.RateLimitError>) => {
      return e instanceof OpenAI.RateLimitError && e.headers?.get('retry-after') === '7';
    });
    await assert.rejects(async () => {
      for await (const _ of await openai.chat.completions.create({ ...say('[[tokens 50]] [[cut 3]]'), stream: true }));
    });
    assert.equal(provider.log.last()?.ended, 'cut');
    const wrong = new OpenAI({ baseURL: `${provider.origin}/v1`, apiKey: 'sp_notaproviderkey', maxRetries: 0 });
    await assert.rejects(wrong.chat.completions.create(say('x')), OpenAI.AuthenticationError);
    assert.equal(provider.log.last()?.agentKeySeen, true);
  });
  it('reads gzip, comments and byte-wise streams like any other', async () => {
    for (const how of ['[[gzip]]', '[[br]]', '[[bytes 1]]', '[[extras]]']) {
      let text = '';
      const stream = await openai.chat.completions.create({ ...say(`${how} [[say Grüße aus dem Süden €]]`), stream: true });
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
      assert.equal(text, 'Grüße aus dem Süden €', how);
    }
  });
  it('notices a client that goes away', async () => {
    const abort = new AbortController();
    const stream = await openai.chat.completions.create({ ...say('[[tokens 5]] [[stall 2]]'), stream: true }, { signal: abort.signal });
    for await (const _ of stream) abort.abort();
    while (provider.open > 0) await new Promise((r) => setTimeout(r, 5));
    assert.equal(provider.log.last()?.ended, 'client-gone');
  });
});

describe('responses, embeddings, models', () => {
  it('streams items and keeps history by id', async () => {
    const stream = openai.responses.stream({ model: 'gpt-4o', input: '[[tool weather {"city":"Bern"}]] [[then]] [[say done]]' });
    const first = await stream.finalResponse();
    const call = first.output[0];
    assert.ok(call?.type === 'function_call');
    assert.equal(call.arguments, '{"city":"Bern"}');
    const second = await openai.responses.create({
      model: 'gpt-4o',
      previous_response_id: first.id,
      input: [{ type: 'function_call_output', call_id: call.call_id, output: 'rain' }],
    });
    assert.equal(second.output_text, 'done');
    await assert.rejects(
      openai.responses.create({ model: 'gpt-4o', previous_response_id: 'resp_none', input: 'x' }),
      OpenAI.BadRequestError,
    );
  });
  it('embeds the same text to the same unit vector', async () => {
    const made = await openai.embeddings.create({ model: 'text-embedding-3-small', input: ['a', 'b', 'a'] });
    assert.deepEqual(made.data[0]?.embedding, made.data[2]?.embedding);
    assert.notDeepEqual(made.data[0]?.embedding, made.data[1]?.embedding);
    assert.ok((await openai.models.list()).data.some((m) => m.id === 'gpt-4o'));
  });
});

describe('anthropic messages with the official client', () => {
  const ask = (content: string) => ({ model: 'claude-sonnet-5', max_tokens: 100, messages: [{ role: 'user' as const, content }] });
  it('streams text and tool input', async () => {
    const final = await anthropic.messages
      .stream(ask('[[tool shell {"command":"ls -la"}]] [[tool shell {"command":"pwd"}]]'))
      .finalMessage();
    assert.equal(final.stop_reason, 'tool_use');
    assert.deepEqual(
      final.content.map((b) => (b.type === 'tool_use' ? b.input : b)),
      [{ command: 'ls -la' }, { command: 'pwd' }],
    );
    const whole = await anthropic.messages.create(ask('[[echo]] hello'));
    assert.deepEqual(whole.content, [{ type: 'text', text: 'hello' }]);
    const count = await anthropic.messages.countTokens({ model: 'claude-sonnet-5', messages: ask('x').messages });
    assert.ok(count.input_tokens > 0);
  });
  it('signs thinking and refuses it when it comes back changed', async () => {
    const first = await anthropic.messages.stream(ask('[[think about Bern]] [[redacted]] [[say hi]]')).finalMessage();
    const turn = (content: typeof first.content) => ({
      ...ask('x'),
      messages: [...ask('[[echo]]').messages, { role: 'assistant' as const, content }, { role: 'user' as const, content: 'go on' }],
    });
    assert.equal(first.content[0]?.type, 'thinking');
    await anthropic.messages.create(turn(first.content));
    const forged = first.content.map((b) => (b.type === 'thinking' ? { ...b, thinking: 'about Basel' } : b));
    await assert.rejects(anthropic.messages.create(turn(forged as typeof first.content)), /Invalid `signature`/);
  });
});
