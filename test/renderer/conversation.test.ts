import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { operationPath, PROVIDERS, readAddress } from '../../proxy/contract/index.js';
import { readRules } from '../../renderer/api/connection-rules.js';
import { events, readRequest, readResponse } from '../../renderer/api/conversation.js';
import { visible } from '../../renderer/parts/text.js';
import { bytes } from '../../renderer/parts/time.js';

const texts = (messages: ReturnType<typeof readRequest>): string[] =>
  messages.map(
    (m) => `${m.role}: ${m.pieces.map((p) => ('text' in p ? p.text : p.kind === 'call' ? `${p.name}(${p.arguments})` : p.what)).join('|')}`,
  );

test('requests of all three formats read as one conversation', () => {
  assert.deepEqual(
    texts(
      readRequest(
        JSON.stringify({
          messages: [
            { role: 'developer', content: 'be kind' },
            { role: 'user', content: [{ type: 'text', text: 'hi' }, { type: 'image_url' }] },
            { role: 'assistant', content: null, tool_calls: [{ id: 'c', function: { name: 'shell', arguments: '{"a":1}' } }] },
            { role: 'tool', tool_call_id: 'c', content: 'done' },
          ],
        }),
      ),
    ),
    ['system: be kind', 'user: hi|image_url', 'assistant: shell({"a":1})', 'tool: done'],
  );
  assert.deepEqual(
    texts(
      readRequest(
        JSON.stringify({
          system: 'be kind',
          messages: [
            { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: { a: 1 } }] },
            { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'ok' }] },
          ],
        }),
      ),
    ).map((s) => s.replace(/\s+/g, ' ')),
    ['system: be kind', 'assistant: f({ "a": 1 })', 'tool: ok'],
  );
  assert.deepEqual(
    texts(readRequest(JSON.stringify({ instructions: 'x', input: [{ type: 'function_call', name: 'f', call_id: '1', arguments: '{}' }] }))),
    ['system: x', 'assistant: f({})'],
  );
});

test('streams are added up', () => {
  const chat = readResponse(
    'data: {"choices":[{"delta":{"content":"Hel"}}]}\n\ndata: {"choices":[{"delta":{"content":"lo"}}]}\r\n\r\ndata: [DONE]\n\n',
  );
  assert.deepEqual(chat?.pieces, [{ kind: 'text', text: 'Hello' }]);
  const cut = readResponse('data: {"choices":[{"delta":{"content":"Hel"}}]}\n\ndata: {"choices":[{"del');
  assert.deepEqual(cut?.pieces, [{ kind: 'text', text: 'Hel' }], 'a stream that is still running');
  const anthropic = readResponse(
    'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f"}}\n\n' +
      'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{}"}}\n\n',
  );
  assert.deepEqual(anthropic?.pieces, [{ kind: 'call', name: 'f', id: 't', arguments: '{}' }]);
  assert.deepEqual(events('data: a\ndata: b\n\n: x\n\n'), ['a\nb']);
});

test('whatever was recorded, reading it does not throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
      readRequest(body);
      readResponse(body);
      readResponse(`data: ${body}\n\n`);
    }),
  );
});

test('what could act on the reader is shown as what it is', () => {
  assert.equal(
    visible('a\u202eb\u001b[0m\u200b\u{e0041}\n\t'),
    'a\u27e8202E\u27e9b\u27e8001B\u27e9[0m\u27e8200B\u27e9\u27e8E0041\u27e9\n\t',
  );
});

test('addresses and paths are read as people type them', () => {
  assert.deepEqual(readAddress('https://api.example.com/v1/'), { origin: 'https://api.example.com' });
  assert.deepEqual(readAddress('https://x.example/llm/v1'), { origin: 'https://x.example', pathPrefix: '/llm' });
  for (const { id, address } of PROVIDERS) {
    const place = address === undefined ? undefined : readAddress(address);
    if (place === undefined || id === 'anthropic') continue;
    assert.equal(place.origin + (place.pathPrefix ?? '') + operationPath(place.pathPrefix ?? '', '/v1/models'), `${address}/models`, id);
    assert.equal(operationPath(place.pathPrefix ?? '', '/models?a=/v1/b'), operationPath(place.pathPrefix ?? '', '/v1/models?a=/v1/b'));
  }
  for (const bad of ['', 'ftp://x', 'https://u:p@x', 'https://x?a=1', 'x']) assert.equal(readAddress(bad), undefined);
  assert.deepEqual(readRules('get /a/*\n\n/b'), [
    { method: 'GET', path: '/a/*' },
    { method: '*', path: '/b' },
  ]);
});

test('sizes are short', () => {
  assert.equal(bytes(1), '1 byte');
  assert.equal(bytes(12_300), '12 kB');
  assert.equal(bytes(4_200_000), '4.2 MB');
});
