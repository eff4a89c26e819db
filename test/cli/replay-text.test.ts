import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AnswerReader, askedIn, type Said } from '../../proxy/cli/replay-text.js';

const sse = (...events: object[]): string => events.map((event) => `event: x\ndata: ${JSON.stringify(event)}\n\n`).join('');

/** The channels and their whole texts, of a stream that comes in pieces of so many characters. */
function read(body: string, size: number): Said[] {
  const reader = new AnswerReader();
  const out: Said[] = [];
  for (let at = 0; at < body.length; at += size)
    out.push(...reader.take('ex_1', { kind: 'delta', contentName: 'response', content: body.slice(at, at + size) }));
  out.push(...reader.take('ex_1', { kind: 'end' }));
  return out.reduce<Said[]>((all, part) => {
    if (all.at(-1)?.channel === part.channel) all.at(-1)!.text += part.text;
    else all.push({ ...part });
    return all;
  }, []);
}

const chat = sse(
  { choices: [{ delta: { role: 'assistant', content: '' } }] },
  { choices: [{ delta: { reasoning_content: 'Hm. ' } }] },
  { choices: [{ delta: { content: 'Hel' } }] },
  { choices: [{ delta: { content: 'lo\nyou' } }] },
  { choices: [{ delta: { tool_calls: [{ index: 0, function: { name: 'shell', arguments: '' } }] } }] },
  { choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: '{"cmd":' } }] } }] },
  { choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: '"ls"}' } }] } }] },
).concat('data: [DONE]\n\n');
const messages = sse(
  { type: 'message_start', message: { content: [] } },
  { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm. ' } },
  { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Hello\nyou' } },
  { type: 'content_block_start', index: 2, content_block: { type: 'tool_use', name: 'shell', input: {} } },
  { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{"cmd":"ls"}' } },
);
const responses = sse(
  { type: 'response.created', response: {} },
  { type: 'response.reasoning_summary_text.delta', delta: 'Hm. ' },
  { type: 'response.output_text.delta', output_index: 1, delta: 'Hello\nyou' },
  { type: 'response.output_item.added', output_index: 2, item: { type: 'function_call', name: 'shell' } },
  { type: 'response.function_call_arguments.delta', output_index: 2, delta: '{"cmd":"ls"}' },
);
const WHOLE = [
  { channel: 'thinking', text: 'Hm. ' },
  { channel: 'answer', text: 'Hello\nyou' },
  { channel: 'tool shell', text: '{"cmd":"ls"}' },
];

describe('what a person reads of an answer in a replay', () => {
  for (const [name, body] of Object.entries({ chat, messages, responses })) {
    it(`${name}: the same text in whatever pieces it came`, () => {
      for (const size of [1, 7, 64, 100_000]) assert.deepEqual(read(body, size), WHOLE, `${size}`);
      assert.deepEqual(read(body.replaceAll('\n', '\r\n'), 5), WHOLE);
    });
  }

  it('a JSON answer, when its exchange ends; errors; and what nobody knows, as it stands', () => {
    const answer = { choices: [{ message: { content: 'Hi', tool_calls: [{ function: { name: 'shell', arguments: '{}' } }] } }] };
    assert.deepEqual(read(JSON.stringify(answer), 10), [
      { channel: 'answer', text: 'Hi' },
      { channel: 'tool shell', text: '{}' },
    ]);
    const blocks = {
      content: [
        { type: 'text', text: 'Hi' },
        { type: 'tool_use', name: 'shell', input: { a: 1 } },
      ],
    };
    assert.deepEqual(read(JSON.stringify(blocks), 10), [
      { channel: 'answer', text: 'Hi' },
      { channel: 'tool shell', text: '{"a":1}' },
    ]);
    const output = {
      output: [
        { type: 'message', content: [{ type: 'output_text', text: 'Hi' }] },
        { type: 'function_call', name: 'x', arguments: '{}' },
      ],
    };
    assert.deepEqual(read(JSON.stringify(output), 1000), [
      { channel: 'answer', text: 'Hi' },
      { channel: 'tool x', text: '{}' },
    ]);
    assert.deepEqual(read('{"error":{"message":"no"}}', 4), [{ channel: 'error', text: 'no' }]);
    const atEnd = new AnswerReader().take('ex', { kind: 'end', contentName: 'response', content: JSON.stringify(blocks) });
    assert.equal(atEnd[0]!.text, 'Hi', 'a whole answer comes with the end');
    assert.deepEqual(read('{"rows":[1]}', 4), [{ channel: 'answer', text: '{"rows":[1]}' }]);
    assert.deepEqual(read('', 4), []);
    assert.deepEqual(read(sse({ error: { message: 'overloaded' } }), 9), [{ channel: 'error', text: 'overloaded' }]);
  });

  it('what was asked is the newest message alone', () => {
    assert.equal(
      askedIn(JSON.stringify({ messages: [{ content: 'old' }, { role: 'user', content: [{ type: 'text', text: 'new' }] }] })),
      'new',
    );
    assert.equal(askedIn(JSON.stringify({ messages: [{ content: [{ type: 'tool_result', content: [{ text: 'ok' }] }] }] })), 'ok');
    assert.equal(askedIn(JSON.stringify({ input: 'say it' })), 'say it');
    assert.equal(askedIn('plain'), 'plain');
    assert.equal(askedIn('{}'), '');
  });
});
