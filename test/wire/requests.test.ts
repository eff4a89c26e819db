import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dialects, patch, type RequestReading } from '../../proxy/wire/index.js';

const body = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const brief = (reading: RequestReading): string[] =>
  reading.parts.map(
    (p) =>
      `${p.id} ${p.role} ${p.kind} ${p.provenance}${p.tool?.name ? ` ${p.tool.name}` : ''}${p.rewritable ? '' : ' fixed'}: ${p.text ?? '-'}`,
  );

describe('operations', () => {
  const cases: [keyof typeof dialects, string, string, string | undefined][] = [
    ['openai', 'POST', '/v1/chat/completions', 'chat'],
    ['openai', 'POST', '/chat/completions', 'chat'],
    ['openai', 'POST', '/v1/responses', 'responses'],
    ['openai', 'POST', '/v1/embeddings', 'embeddings'],
    ['openai', 'GET', '/v1/models', 'models'],
    ['openai', 'GET', '/v1/responses/resp_1', undefined],
    ['openai', 'POST', '/v1/v1/responses', undefined],
    ['openai', 'POST', '/v1/messages', undefined],
    ['openai', 'GET', '/v1/chat/completions', undefined],
    ['anthropic', 'POST', '/v1/messages', 'messages'],
    ['anthropic', 'POST', '/messages', 'messages'],
    ['anthropic', 'POST', '/v1/messages/count_tokens', 'count_tokens'],
    ['anthropic', 'POST', '/v1/messages/batches', undefined],
  ];
  for (const [name, method, path, operation] of cases)
    it(`${name} ${method} ${path}`, () => assert.equal(dialects[name].operation(method, path)?.operation, operation));
});

describe('requests: chat completions', () => {
  const request = {
    model: 'gpt-x',
    stream: true,
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'hologram', x: 'y' },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'shell', arguments: '{"command":"ls"}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'a.txt' },
    ],
    tools: [
      {
        type: 'function',
        function: {
          name: 'shell',
          description: 'Runs a command',
          parameters: { type: 'object', properties: { command: { type: 'string', description: 'The command' } } },
        },
      },
    ],
    web_search_options: {},
    store: true,
    user: 'jane@example.org',
    prompt_cache_key: 'thread-9',
    surprise: { deep: ['hidden text'] },
  };
  const reading = dialects.openai.readRequest('chat', body(request));

  it('reads parts with role, kind, provenance and tool', () => {
    assert.deepEqual(brief(reading), [
      'messages/0/content system text operator: Be brief.',
      'messages/1/content/0/text user text person: Look',
      'messages/1/content/1 user image person fixed: -',
      'messages/1/content/2 user unknown person fixed: -',
      'messages/2/tool_calls/0/function/arguments assistant tool-call model shell: {"command":"ls"}',
      'messages/3/content tool tool-result tool shell: a.txt',
      'tools/0/function/description definition tool-definition operator shell: Runs a command',
      'tools/0/function/parameters/properties/command/description definition tool-definition operator shell: The command',
      'user other text unknown: jane@example.org',
      'surprise/deep/0 other text unknown: hidden text',
    ]);
  });

  it('reads model, stream, tools, provider tools, history and hints', () => {
    assert.equal(reading.model, 'gpt-x');
    assert.equal(reading.stream, true);
    assert.equal(body(request).toString('utf8', reading.streamField!.start, reading.streamField!.end), 'true');
    assert.deepEqual([...reading.tools.keys()], ['shell']);
    assert.deepEqual(reading.providerTools, [{ name: 'web_search', kind: 'provider-tool', partId: 'web_search_options' }]);
    assert.deepEqual(reading.providerHistory, [{ field: 'store' }]);
    assert.deepEqual(reading.sessionHints, { explicit: ['thread-9'], returnedIds: ['call_1'] });
  });

  it('spans are where the strings stand', () => {
    const bytes = body(request);
    for (const part of reading.parts)
      if (part.text !== undefined) assert.equal(JSON.parse(bytes.toString('utf8', part.span.start, part.span.end)), part.text);
    const [first] = reading.parts;
    assert.equal(JSON.parse(patch(bytes, [{ span: first!.span, text: 'new "x"' }]).toString()).messages[0].content, 'new "x"');
  });

  it('refuses bodies that two readers could read differently', () => {
    const read = (text: string | Buffer) => () => dialects.openai.readRequest('chat', Buffer.from(text));
    assert.throws(read('{"messages":[],"messages":[]}'), { code: 'bad_json' });
    assert.throws(read(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), { code: 'bad_json' });
    assert.throws(read('{"messages":[]'), { code: 'bad_json' });
    assert.throws(read('[]'), { code: 'bad_body' });
    assert.throws(read('{"model":"x"}'), { code: 'bad_body' });
  });
});

describe('requests: messages', () => {
  it('reads blocks, tool input by leaf, tool results, documents, signed thinking', () => {
    const reading = dialects.anthropic.readRequest(
      'messages',
      body({
        model: 'claude',
        metadata: { user_id: '{"session_id":"s-1"}' },
        system: [{ type: 'text', text: 'Be kind.' }],
        messages: [
          { role: 'user', content: 'Hi' },
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 'hm', signature: 'xx' },
              { type: 'redacted_thinking', data: 'zz' },
              { type: 'tool_use', id: 'toolu_1', name: 'sql', input: { query: 'SELECT 1', limit: 5, card: 4012888888881881 } },
            ],
          },
          {
            role: 'user',
            content: [
              {
                type: 'tool_result',
                tool_use_id: 'toolu_1',
                content: [
                  { type: 'text', text: 'rows' },
                  { type: 'image', source: { type: 'base64', data: 'AA' } },
                ],
              },
              { type: 'document', title: 'T', source: { type: 'text', media_type: 'text/plain', data: 'doc text' } },
              { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } },
            ],
          },
        ],
        tools: [
          { name: 'sql', description: 'Runs SQL', input_schema: { type: 'object' } },
          { type: 'web_search_20250305', name: 'web_search' },
        ],
        mcp_servers: [{ type: 'url', url: 'https://mcp.example/sse', name: 'files' }],
        container: 'cont_1',
      }),
    );
    assert.deepEqual(
      brief(reading).filter((one) => !one.startsWith('tools/1') && !one.startsWith('mcp')),
      [
        'system/0/text system text operator: Be kind.',
        'messages/0/content user text person: Hi',
        'messages/1/content/0/thinking assistant signed model fixed: hm',
        'messages/1/content/1 assistant signed model fixed: -',
        'messages/1/content/2/input/query assistant tool-call model sql: SELECT 1',
        'messages/1/content/2/input/card assistant tool-call model sql fixed: 4012888888881881',
        'messages/2/content/0/content/0/text tool tool-result tool sql: rows',
        'messages/2/content/0/content/1 tool image tool sql fixed: -',
        'messages/2/content/1/title user text document: T',
        'messages/2/content/1/source/data user text document: doc text',
        'messages/2/content/2/source user file document fixed: -',
        'tools/0/description definition tool-definition operator sql: Runs SQL',
        'metadata/user_id other text unknown: {"session_id":"s-1"}',
      ],
    );
    assert.deepEqual(reading.providerTools, [
      { name: 'web_search', kind: 'provider-tool', partId: 'tools/1' },
      { name: 'files', kind: 'remote-mcp', partId: 'mcp_servers/0', host: 'mcp.example' },
    ]);
    assert.deepEqual(reading.providerHistory, [{ field: 'container', id: 'cont_1' }]);
    assert.deepEqual(reading.sessionHints, { explicit: ['s-1'], returnedIds: ['toolu_1'] });
  });
});

describe('requests: responses', () => {
  it('reads items of every kind', () => {
    const reading = dialects.openai.readRequest(
      'responses',
      body({
        model: 'gpt-x',
        instructions: 'Be exact.',
        previous_response_id: 'resp_0',
        conversation: { id: 'conv_1' },
        input: [
          { role: 'developer', content: 'dev' },
          {
            type: 'message',
            role: 'user',
            content: [
              { type: 'input_text', text: 'Hi' },
              { type: 'input_image', image_url: 'data:' },
            ],
          },
          { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'thought' }], encrypted_content: 'gAAA' },
          { type: 'function_call', call_id: 'call_1', name: 'shell', arguments: '{"c":1}' },
          { type: 'function_call_output', call_id: 'call_1', output: 'done' },
          { type: 'local_shell_call', call_id: 'call_2', action: { type: 'exec', command: ['ls', '-la'] } },
          { type: 'item_reference', id: 'msg_9' },
          { type: 'novelty', text: 'x' },
        ],
        tools: [
          { type: 'function', name: 'shell', description: 'd', parameters: {} },
          { type: 'web_search' },
          { type: 'mcp', server_label: 'wiki', server_url: 'https://mcp.example:8443/x', require_approval: 'never' },
        ],
      }),
    );
    assert.deepEqual(
      brief(reading).filter((one) => !one.startsWith('tools')),
      [
        'instructions system text operator: Be exact.',
        'input/0/content system text operator: dev',
        'input/1/content/0/text user text person: Hi',
        'input/1/content/1 user image person fixed: -',
        'input/2/summary/0/text assistant reasoning model: thought',
        'input/2/encrypted_content assistant signed model fixed: -',
        'input/3/arguments assistant tool-call model shell: {"c":1}',
        'input/4/output tool tool-result tool shell: done',
        'input/5/action/type assistant tool-call model local_shell: exec',
        'input/5/action/command/0 assistant tool-call model local_shell: ls',
        'input/5/action/command/1 assistant tool-call model local_shell: -la',
        'input/7 other unknown unknown fixed: -',
      ],
    );
    assert.deepEqual(reading.providerTools, [
      { name: 'web_search', kind: 'provider-tool', partId: 'tools/1' },
      { name: 'wiki', kind: 'remote-mcp', partId: 'tools/2', host: 'mcp.example:8443' },
    ]);
    assert.deepEqual(reading.providerHistory, [
      { field: 'item_reference', id: 'msg_9' },
      { field: 'previous_response_id', id: 'resp_0' },
      { field: 'conversation', id: 'conv_1' },
    ]);
    assert.deepEqual(reading.sessionHints, { explicit: ['conv_1'], returnedIds: ['call_1', 'call_2', 'resp_0'] });
  });
});

describe('requests: embeddings and http', () => {
  it('embeddings: each input is a part; token numbers are not scanned', () => {
    assert.deepEqual(brief(dialects.openai.readRequest('embeddings', body({ model: 'e', input: ['a', 'b'] }))), [
      'input/0 user embedding-input document: a',
      'input/1 user embedding-input document: b',
    ]);
    assert.deepEqual(brief(dialects.openai.readRequest('embeddings', body({ model: 'e', input: [[1, 2]] }))), [
      'input user unknown document fixed: -',
    ]);
  });

  it('http: every string of a JSON body; other text as one part; bytes as a file', () => {
    assert.deepEqual(brief(dialects.http.readRequest('http', body({ a: 'x', b: ['y', { c: 'z' }] }))), [
      'a other text unknown: x',
      'b/0 other text unknown: y',
      'b/1/c other text unknown: z',
    ]);
    assert.deepEqual(brief(dialects.http.readRequest('http', Buffer.from('plain words'))), ['body other text unknown fixed: plain words']);
    assert.deepEqual(brief(dialects.http.readRequest('http', Buffer.from([0xff, 0xfe]))), ['body other file unknown fixed: -']);
    assert.deepEqual(brief(dialects.http.readRequest('http', Buffer.alloc(0))), []);
    assert.throws(() => dialects.http.readRequest('http', Buffer.from('{"a":')), { code: 'bad_json' });
  });
});
