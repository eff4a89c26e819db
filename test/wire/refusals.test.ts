import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SallyportError } from '../../proxy/contract/index.js';
import { dialects } from '../../proxy/wire/index.js';
import { gather, hooks, makeVault } from './hooks.js';
import { events, hearChat, hearMessages, hearResponses } from './read-stream.js';

const { openai, anthropic, http } = dialects;
const json = (bytes: Buffer) => JSON.parse(bytes.toString());

describe('error bodies in the provider’s shape', () => {
  const error = new SallyportError('blocked_by_policy', 'Rule user/x blocks this.');
  it('openai: code and message where the SDK reads them', () => {
    const body = json(openai.errorBody(error, 'req_1')).error;
    assert.deepEqual([body.code, body.message, body.param], ['blocked_by_policy', 'Rule user/x blocks this.', null]);
  });
  it('anthropic: type by status', () => {
    const body = json(anthropic.errorBody(error, 'req_1'));
    assert.deepEqual([body.type, body.error.type, body.request_id], ['error', 'permission_error', 'req_1']);
    assert.match(body.error.message, /Rule user\/x blocks this\..*blocked_by_policy/);
    assert.equal(json(anthropic.errorBody(new SallyportError('body_too_large'), 'r')).error.type, 'request_too_large');
  });
  it('http: plain', () => assert.equal(json(http.errorBody(error, 'r')).error.code, 'blocked_by_policy'));
});

describe('refusal completions', () => {
  it('chat', () => {
    const whole = json(openai.refusal('chat', 'No.', 'm', false));
    assert.deepEqual(whole.choices[0], {
      index: 0,
      message: { role: 'assistant', content: 'No.', refusal: null },
      logprobs: null,
      finish_reason: 'content_filter',
    });
    const heard = hearChat(openai.refusal('chat', 'No.', 'm', true).toString());
    assert.deepEqual([heard.text, heard.finish, heard.complete], ['No.', 'content_filter', true]);
  });

  it('responses, with the fields that OpenAI’s description requires', () => {
    const whole = json(openai.refusal('responses', 'No.', 'm', false));
    assert.equal(whole.status, 'completed');
    assert.deepEqual(whole.output[0].content, [{ type: 'output_text', text: 'No.', annotations: [], logprobs: [] }]);
    assert.equal(whole.usage.input_tokens_details.cache_write_tokens, 0);
    for (const field of [
      'error',
      'incomplete_details',
      'instructions',
      'metadata',
      'parallel_tool_calls',
      'temperature',
      'tool_choice',
      'tools',
      'top_p',
    ])
      assert.ok(field in whole, field);
    const stream = openai.refusal('responses', 'No.', 'm', true).toString();
    assert.deepEqual(
      events(stream).map((event) => event.event?.replace('response.', '')),
      [
        'created',
        'in_progress',
        'output_item.added',
        'content_part.added',
        'output_text.delta',
        'output_text.done',
        'content_part.done',
        'output_item.done',
        'completed',
      ],
    );
    const heard = hearResponses(stream);
    assert.deepEqual([heard.text, heard.complete, heard.sequence.length], ['No.', true, 9]);
  });

  it('messages: end_turn', () => {
    const whole = json(anthropic.refusal('messages', 'No.', 'm', false));
    assert.deepEqual([whole.content, whole.stop_reason], [[{ type: 'text', text: 'No.' }], 'end_turn']);
    const heard = hearMessages(anthropic.refusal('messages', 'No.', 'm', true).toString());
    assert.deepEqual([heard.text, heard.finish, heard.complete], ['No.', 'end_turn', true]);
  });
});

describe('heartbeats', () => {
  it('are what real clients skip', () => {
    assert.match(
      openai.heartbeat('chat', 'm', true).toString(),
      /^data: \{"id":"chatcmpl-hold","object":"chat.completion.chunk","created":\d+,"model":"m","choices":\[\]\}\n\n$/,
    );
    assert.equal(
      openai.heartbeat('responses', 'm', true).toString(),
      'event: keepalive\ndata: {"type":"keepalive","sequence_number":0}\n\n',
    );
    assert.equal(anthropic.heartbeat('messages', 'm', true).toString(), 'event: ping\ndata: {"type": "ping"}\n\n');
    for (const dialect of Object.values(dialects)) assert.equal(dialect.heartbeat('chat', 'm', false).toString(), ' ');
  });
});

describe('what may not be changed, and what may not be read', () => {
  const mail = 'jane.roe@example.org';
  const block = (index: number, deltas: object[], start: object): string =>
    [
      { type: 'content_block_start', index, content_block: start },
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]
      .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
      .join('');

  it('signed thinking reaches the agent byte for byte; the ledger’s form is masked', async () => {
    const source = block(
      0,
      [
        { type: 'thinking_delta', thinking: `mail to ${mail}, I think` },
        { type: 'signature_delta', signature: 'c2ln' },
      ],
      { type: 'thinking', thinking: '', signature: '' },
    );
    const stream = anthropic.streamAnswer('messages', hooks());
    const out = gather([...stream.write(Buffer.from(source)), ...(await stream.end())]);
    assert.equal(out.clear, source);
    assert.ok(!out.masked.includes(mail));
    const body = JSON.stringify({ id: 'm', content: [{ type: 'thinking', thinking: mail, signature: 's' }], stop_reason: 'end_turn' });
    const answer = await anthropic.readAnswer('messages', Buffer.from(body), hooks());
    assert.equal(answer.clear.toString(), body);
    assert.ok(!answer.masked.toString().includes(mail));
  });

  it('audio, images and events that nobody knows pass and are reported', async () => {
    const h = hooks();
    const stream = openai.streamAnswer('chat', h);
    const source = 'data: {"strange":1}\n\ndata: not json\n\ndata: {"choices":[{"index":0,"delta":{"audio":{"data":"AAAA"}}}]}\n\n';
    assert.equal(gather(stream.write(Buffer.from(source))).clear, source);
    assert.deepEqual(
      h.blind.map((one) => one.reason),
      ['unknown-part', 'unknown-part', 'audio'],
    );
  });

  it('logprobs go where the text was changed: they spell the original', async () => {
    const vault = makeVault();
    const placeholder = vault.placeholderFor('PERSON', 'Ann', 'session', true);
    const body = {
      choices: [{ index: 0, message: { content: `Hi ${placeholder}` }, logprobs: { content: [{ token: 'Hi', bytes: [72] }] } }],
    };
    const changed = JSON.parse((await openai.readAnswer('chat', Buffer.from(JSON.stringify(body)), hooks({ vault }))).clear.toString());
    assert.equal(changed.choices[0].message.content, 'Hi Ann');
    assert.equal(changed.choices[0].logprobs, null);
    body.choices[0]!.message.content = 'Hi you';
    const kept = JSON.parse((await openai.readAnswer('chat', Buffer.from(JSON.stringify(body)), hooks({ vault }))).clear.toString());
    assert.ok(kept.choices[0].logprobs);
  });

  it('long texts are taken in slices and come out the same', async () => {
    const vault = makeVault();
    const placeholder = vault.placeholderFor('PERSON', 'Ann', 'session', true);
    const long = `${placeholder} wrote to ${mail} and 🙂 went home. `.repeat(900);
    const expected = `Ann wrote to ${mail} and 🙂 went home. `.repeat(900);
    const chat = await openai.readAnswer(
      'chat',
      Buffer.from(JSON.stringify({ choices: [{ index: 0, message: { content: long } }] })),
      hooks({ vault }),
    );
    assert.equal(json(chat.clear).choices[0].message.content, expected);
    const messages = await anthropic.readAnswer(
      'messages',
      Buffer.from(JSON.stringify({ content: [{ type: 'text', text: long }] })),
      hooks({ vault }),
    );
    assert.equal(json(messages.clear).content[0].text, expected);
    const responses = await openai.readAnswer(
      'responses',
      Buffer.from(JSON.stringify({ output: [{ type: 'message', content: [{ type: 'output_text', text: long }] }] })),
      hooks({ vault }),
    );
    assert.equal(json(responses.clear).output[0].content[0].text, expected);
    const rest = await http.readAnswer('http', Buffer.from(JSON.stringify([long, { a: long }, 'x'])), hooks({ vault }));
    assert.deepEqual(json(rest.clear), [expected, { a: expected }, 'x']);
    assert.ok(!rest.masked.toString().includes(mail));
    const plain = await http.readAnswer('http', Buffer.from(long), hooks({ vault }));
    assert.equal(plain.clear.toString(), expected);
  });

  it('a call of a type that is new to us is held like any other', async () => {
    const body = JSON.stringify({
      id: 'r',
      output: [
        { type: 'robot_arm_call', call_id: 'c1', action: { move: 'left' } },
        { type: 'web_search_call', id: 'w', status: 'completed' },
      ],
    });
    const h = hooks({ decide: () => ({ action: 'remove', text: 'No.' }) });
    const answer = JSON.parse((await openai.readAnswer('responses', Buffer.from(body), h)).clear.toString());
    assert.deepEqual(
      h.calls.map((call) => [call.name, call.arguments]),
      [['robot_arm', '{"move":"left"}']],
    );
    assert.deepEqual(
      [answer.output[0].type, answer.output[0].content[0].text, answer.output[1].type],
      ['message', 'No.', 'web_search_call'],
    );
  });

  it('what could be put together in two ways goes out in one piece, as it was judged', async () => {
    const fragment = (index: number, id: string, name: string, args: unknown): string =>
      `data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [{ index, id, type: 'function', function: { name, arguments: args } }] } }] })}\n\n`;
    const end = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}\n\ndata: [DONE]\n\n';
    const h = hooks();
    const stream = openai.streamAnswer('chat', h);
    const out = gather(
      stream.write(
        Buffer.from(fragment(0, 'a', 'ls', '{"p":1}') + fragment(0, 'b', 'rm', '{"p":2}') + fragment(1, 'c', 'obj', { p: 3 }) + end),
      ),
    ).clear;
    assert.deepEqual(
      h.calls.map((call) => [call.callId, call.name, call.arguments]),
      [
        ['a', 'ls', '{"p":1}'],
        ['b', 'rm', '{"p":2}'],
        ['c', 'obj', '{"p":3}'],
      ],
    );
    assert.deepEqual(
      hearChat(out).calls.map((call) => [call.id, call.name, call.arguments]),
      [
        ['a', 'ls', '{"p":1}'],
        ['b', 'rm', '{"p":2}'],
        ['c', 'obj', '{"p":3}'],
      ],
    );
    const two = hooks();
    const messages = anthropic.streamAnswer('messages', two);
    const both = block(0, [{ type: 'input_json_delta', partial_json: '{"command":"ls"}' }], {
      type: 'tool_use',
      id: 't1',
      name: 'shell',
      input: { command: 'rm -rf ~' },
    });
    const told = gather(messages.write(Buffer.from(both))).clear;
    assert.equal(two.calls[0]!.arguments, '{"command":"ls"}');
    assert.ok(!told.includes('rm -rf'));
  });

  it('a judge that fails lets nothing out', async () => {
    const body = JSON.stringify({
      choices: [
        {
          index: 0,
          message: { content: null, tool_calls: [{ id: 'c', type: 'function', function: { name: 'x', arguments: '{}' } }] },
          finish_reason: 'tool_calls',
        },
      ],
    });
    const failing = hooks({ decide: () => Promise.reject(new Error('judge')) });
    await assert.rejects(async () => openai.readAnswer('chat', Buffer.from(body), failing));
    const stream = openai.streamAnswer('chat', hooks({ decide: () => Promise.reject(new Error('judge')) }));
    const source =
      'data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"x","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}\n\ndata: [DONE]\n\n';
    const heard = hearChat(gather([...stream.write(Buffer.from(source)), ...(await stream.end())]).clear);
    assert.deepEqual([heard.calls, heard.finish, heard.complete], [[], 'stop', true]);
    assert.match(heard.text, /could not be judged/);
  });

  it('text flows on while a call waits for a person; then everything follows in order', async () => {
    let give: (() => void) | undefined;
    const h = hooks({ decide: () => new Promise((resolve) => (give = () => resolve({ action: 'release' }))) });
    const stream = anthropic.streamAnswer('messages', h);
    let ready = 0;
    stream.onReady = () => ready++;
    const call = block(0, [{ type: 'input_json_delta', partial_json: '{"a":1}' }], {
      type: 'tool_use',
      id: 't1',
      name: 'shell',
      input: {},
    });
    const text = block(1, [{ type: 'text_delta', text: 'still here ' }], { type: 'text', text: '' });
    const end = `event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"tool_use"}}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n`;
    let out = gather(stream.write(Buffer.from(call + text + end))).clear;
    assert.equal(stream.waiting, true);
    assert.equal(hearMessages(out).text, 'still here ');
    assert.equal(hearMessages(out).complete, false);
    give!();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(ready, 1);
    out += gather(stream.write(Buffer.alloc(0))).clear;
    out += gather(await stream.end()).clear;
    const heard = hearMessages(out);
    assert.deepEqual([heard.calls.length, heard.indexes, heard.finish, heard.complete], [1, [0, 1], 'tool_use', true]);
  });
});
