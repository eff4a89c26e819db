import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ToolCallDecision } from '../../proxy/wire/index.js';
import { dialects } from '../../proxy/wire/index.js';
import { gather, hooks, makeVault, still, type Watched } from './hooks.js';
import { events } from './read-stream.js';

/* What services that speak the OpenAI dialect add to it, in the shapes that their documents and users show. */

// biome-ignore lint/suspicious/noExplicitAny: wire data
type Json = any;

const chunk = (choice: object, more: object = {}): object => ({
  id: 'c-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, ...choice }],
  ...more,
});
const sse = (...chunks: object[]): Buffer =>
  Buffer.from(`${chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`).join('')}data: [DONE]\n\n`);

async function run(bytes: Buffer, h: Watched, step = bytes.length): Promise<{ clear: Json[]; masked: Json[] }> {
  const stream = dialects.openai.streamAnswer('chat', h);
  const out = [];
  for (let at = 0; at < bytes.length; at += step) out.push(...stream.write(bytes.subarray(at, at + step)));
  out.push(...(await stream.end()));
  const { clear, masked } = gather(out);
  const read = (text: string): Json[] =>
    events(text)
      .filter(({ data }) => data !== '[DONE]')
      .flatMap(({ data }) => JSON.parse(data).choices);
  return { clear: read(clear), masked: read(masked) };
}

const calls = (choices: Json[]): Json[] => choices.flatMap((choice) => choice.delta?.tool_calls ?? []);

describe('dialects of the dialect', () => {
  const MAIL = 'ann@known.example';
  const vault = () => {
    const made = makeVault();
    return { vault: made, placeholder: made.placeholderFor('EMAIL_ADDRESS', MAIL, 'session', true) as unknown as string };
  };
  const structured: Record<string, { piece(text: string): object; heard(delta: Json): string }> = {
    'Mistral thinks in parts of the content': {
      piece: (text) => ({ content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] }),
      heard: (delta) =>
        Array.isArray(delta.content) ? delta.content.map((part: Json) => part.thinking.map((one: Json) => one.text).join('')).join('') : '',
    },
    'OpenRouter tells reasoning in details': {
      piece: (text) => ({ content: '', reasoning_details: [{ type: 'reasoning.text', text, format: 'f', index: 0 }] }),
      heard: (delta) => (delta.reasoning_details ?? []).map((detail: Json) => detail.text).join(''),
    },
  };
  for (const [name, { piece, heard }] of Object.entries(structured))
    it(`${name}: a value in two chunks is found, a placeholder in two is restored`, async () => {
      const { vault: known, placeholder } = vault();
      const said = `Ask ${placeholder} and bob.stone@other.example, then`;
      for (const cut of [9, 12, said.indexOf('bob') + 5, said.indexOf('@') + 1]) {
        const bytes = sse(
          chunk({ delta: { role: 'assistant', ...piece(said.slice(0, cut)) } }),
          chunk({ delta: piece(said.slice(cut)) }),
          chunk({ delta: { content: 'Hi' }, finish_reason: 'stop' }),
        );
        for (const step of [bytes.length, 7]) {
          const h = hooks({ vault: known, action: 'mask' });
          const out = await run(bytes, h, step);
          const clear = out.clear.map((choice) => heard(choice.delta)).join('');
          const masked = out.masked.map((choice) => heard(choice.delta)).join('');
          assert.ok(clear.startsWith(`Ask ${MAIL} and `), clear);
          assert.ok(clear.endsWith(', then'), clear);
          assert.ok(!clear.includes('bob.stone'), clear);
          assert.ok(masked.startsWith(`Ask ${placeholder} and `), masked);
          assert.ok(!masked.includes('bob.stone') && !masked.includes(MAIL), masked);
          assert.equal(out.clear.map((choice) => (typeof choice.delta.content === 'string' ? choice.delta.content : '')).join(''), 'Hi');
        }
      }
    });

  const asked = (name: string, city: string, id: string): object => ({
    extra_content: { google: { thought_signature: `CsYB${city}` } },
    function: { arguments: JSON.stringify({ city }), name },
    id,
    type: 'function',
  });
  const GEMINI = sse(
    chunk({ delta: { role: 'assistant', tool_calls: [asked('weather', 'Paris', 'f-1'), asked('weather', 'Rome', 'f-2')] } }),
    chunk({ delta: { role: 'assistant', tool_calls: [asked('weather', 'Bonn', 'f-3')] } }),
    chunk({
      delta: { role: 'assistant', extra_content: { google: { thought_signature: 'jane@example.org+AAAA' } } },
      finish_reason: 'stop',
    }),
  );

  it('Gemini gives calls no index: each is judged, in its order, and released as it came', async () => {
    const h = hooks();
    const { clear } = await run(GEMINI, h);
    assert.deepEqual(
      h.calls.map((call) => JSON.parse(call.arguments).city),
      ['Paris', 'Rome', 'Bonn'],
    );
    assert.deepEqual(
      calls(clear).map((call) => [call.id, call.extra_content.google.thought_signature]),
      [
        ['f-1', 'CsYBParis'],
        ['f-2', 'CsYBRome'],
        ['f-3', 'CsYBBonn'],
      ],
    );
    assert.equal(clear.at(-1).delta.extra_content.google.thought_signature, 'jane@example.org+AAAA', 'a signature goes as it came');
  });

  it('Gemini: of three calls the second is taken out, the others have indexes and keep their signatures', async () => {
    const h = hooks({
      decide: (call): ToolCallDecision => (call.callId === 'f-2' ? { action: 'remove', text: 'Not Rome.' } : { action: 'release' }),
    });
    const { clear } = await run(GEMINI, h);
    assert.deepEqual(
      calls(clear).map((call) => [call.index, call.id, call.extra_content.google.thought_signature]),
      [
        [0, 'f-1', 'CsYBParis'],
        [1, 'f-3', 'CsYBBonn'],
      ],
    );
    assert.match(clear.map((choice) => choice.delta.content ?? '').join(''), /Not Rome\./);
  });

  it('arguments that go on without an index belong to the last call', async () => {
    const h = hooks();
    await run(
      sse(
        chunk({ delta: { tool_calls: [{ id: 'a', type: 'function', function: { name: 'one', arguments: '{"x"' } }] } }),
        chunk({ delta: { tool_calls: [{ function: { arguments: ':1}' } }] } }),
        chunk({ delta: { tool_calls: [{ type: 'function', function: { name: 'two', arguments: '{}' } }] } }),
        chunk({ delta: {}, finish_reason: 'tool_calls' }),
      ),
      h,
    );
    assert.deepEqual(
      h.calls.map((call) => [call.name, call.arguments]),
      [
        ['one', '{"x":1}'],
        ['two', '{}'],
      ],
    );
  });

  it('Azure: filter results, chunks without choices or delta, all as they came', async () => {
    const filter = { hate: { filtered: false, severity: 'safe' } };
    const bytes = sse(
      {
        choices: [],
        created: 0,
        id: '',
        model: '',
        object: '',
        prompt_filter_results: [{ prompt_index: 0, content_filter_results: filter }],
      },
      chunk({ content_filter_results: {}, delta: { content: '', refusal: null, role: 'assistant' }, finish_reason: null }),
      chunk({ content_filter_results: filter, delta: { content: 'Hi. ' }, finish_reason: null }),
      { choices: [{ index: 0, finish_reason: null, content_filter_results: filter, content_filter_offsets: { check_offset: 1 } }], id: '' },
      chunk({ content_filter_results: {}, delta: {}, finish_reason: 'stop' }),
    );
    const h = still();
    const stream = dialects.openai.streamAnswer('chat', h);
    const out = gather([...stream.write(bytes), ...(await stream.end())]);
    assert.equal(out.clear, bytes.toString());
    assert.deepEqual(h.blind, []);
  });

  it('a whole message beside the deltas, and members that nobody knows, are looked at and told as not judged', async () => {
    const { vault: known } = vault();
    const h = hooks({ vault: known, action: 'mask' });
    const bytes = sse(
      chunk({ delta: { role: 'assistant', content: 'Hi. ' } }),
      chunk(
        { delta: {}, finish_reason: 'stop', message: { role: 'assistant', content: 'bob.stone@other.example' } },
        { debug: 'eve@other.example' },
      ),
    );
    const out = await run(bytes, h);
    for (const text of [JSON.stringify(out.clear), JSON.stringify(out.masked)]) assert.doesNotMatch(text, /bob\.stone/);
    assert.deepEqual(
      h.blind.map((one) => one.partId),
      ['message', 'debug'],
    );
  });
});

describe('what services want back in the history', () => {
  const parts = (message: object): string[] =>
    dialects.openai
      .readRequest('chat', Buffer.from(JSON.stringify({ model: 'm', messages: [message] })))
      .parts.map((part) => `${part.kind}${part.rewritable ? '' : ' fixed'} ${part.path.slice(2).join('/')}`);

  it('thinking of Mistral is read', () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
      { type: 'text', text: 'Hi', note: 'and this' },
    ];
    assert.deepEqual(parts({ role: 'assistant', content }), [
      'reasoning content/0/thinking/0/text',
      'text content/1/text',
      'text content/1/note',
    ]);
  });

  it('signed reasoning of OpenRouter goes back as it came', () => {
    const details = [
      { type: 'reasoning.text', text: 'because', signature: 'AAAA', format: 'f', index: 0 },
      { type: 'reasoning.summary', summary: 'short', index: 1 },
      { type: 'reasoning.encrypted', data: 'BBBB', id: 'r', index: 2 },
    ];
    assert.deepEqual(parts({ role: 'assistant', content: null, reasoning_details: details }), [
      'signed fixed reasoning_details/0/text',
      'reasoning reasoning_details/1/summary',
      'signed fixed reasoning_details/2/data',
    ]);
  });

  it('signatures of Gemini go back as they came; other members of a call are read', () => {
    const call = {
      id: 'f',
      type: 'function',
      function: { name: 'x', arguments: '{}', why: 'because' },
      extra_content: { google: { thought_signature: 'A', note: 'n' } },
    };
    assert.deepEqual(parts({ role: 'assistant', content: null, tool_calls: [call] }), [
      'tool-call tool_calls/0/function/arguments',
      'text tool_calls/0/function/why',
      'signed fixed tool_calls/0/extra_content/google/thought_signature',
      'text tool_calls/0/extra_content/google/note',
    ]);
  });
});
