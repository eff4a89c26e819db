import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import type { Operation } from '../../proxy/contract/index.js';
import { createGrowing, type Growing } from '../../proxy/pipeline/growing.js';
import { dialects } from '../../proxy/wire/index.js';
import type { Earlier, RequestReading } from '../../proxy/wire/types.js';

/** What a body would be read on from; nothing is read or kept. */
function earlierOf(growing: Growing, who: string, bytes: Buffer): Earlier | undefined {
  const notRead = new Error('not read');
  let earlier: Earlier | undefined;
  const look = (found: Earlier | undefined): never => {
    earlier = found;
    throw notRead;
  };
  assert.throws(() => growing.read(who, bytes, look), notRead);
  return earlier;
}

/** Everything that a reading says, as plain values. */
const said = (reading: RequestReading): unknown => ({
  model: reading.model,
  stream: reading.stream,
  streamField: reading.streamField,
  parts: reading.parts.map((p) => ({ ...p, id: p.id, text: p.text, span: p.span, node: undefined, ownText: undefined, ownId: undefined })),
  tools: [...reading.tools].map(([name, tool]) => [name, tool.description, tool.parameters]),
  providerTools: reading.providerTools,
  providerHistory: reading.providerHistory,
  hints: reading.sessionHints,
});

const pad = (n: number): string => `${n} ${'words of a long conversation '.repeat(40)}`;

const CHAT = (n: number, i: number): unknown[] =>
  [
    [{ role: 'user', content: pad(n) }],
    [{ role: 'assistant', content: [{ type: 'text', text: pad(n) }] }],
    [
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: `call_${i}`, type: 'function', function: { name: `tool_${n % 3}`, arguments: pad(n) } }],
      },
      { role: 'tool', tool_call_id: `call_${i - (n % 2)}`, content: pad(n) },
    ],
    ['a message that is no object', { role: 'user', content: [{ type: 'image_url', image_url: { url: pad(n) } }], extra: n }],
  ][n % 4]!;
const MESSAGES = (n: number, i: number): unknown[] =>
  [
    [{ role: 'user', content: pad(n) }],
    [
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: pad(n), signature: 'c2ln' },
          { type: 'text', text: pad(n) },
        ],
      },
    ],
    [
      { role: 'assistant', content: [{ type: 'tool_use', id: `toolu_${i}`, name: `tool_${n % 3}`, input: { q: pad(n) } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: `toolu_${i - (n % 2)}`, content: pad(n) }] },
    ],
    [{ role: 'user', content: [{ type: 'image', source: { type: 'base64', data: pad(n) } }] }],
  ][n % 4]!;
const INPUT = (n: number, i: number): unknown[] =>
  [
    [{ role: 'user', content: pad(n) }],
    [{ type: 'reasoning', summary: [{ text: pad(n) }], encrypted_content: 'x' }],
    [
      { type: 'function_call', call_id: `call_${i}`, name: `tool_${n % 3}`, arguments: pad(n) },
      { type: 'function_call_output', call_id: `call_${i - (n % 2)}`, output: pad(n) },
    ],
    [{ type: 'item_reference', id: `it_${n}` }],
  ][n % 4]!;

const tools = [{ type: 'function', function: { name: 'tool_0', description: 'Reads.', parameters: { type: 'object', properties: {} } } }];
const FORMS: {
  name: keyof typeof dialects;
  operation: Operation;
  body(turns: unknown[], first: boolean): unknown;
  turn(n: number, i: number): unknown[];
}[] = [
  {
    name: 'openai',
    operation: 'chat',
    turn: CHAT,
    body: (m, first) => (first ? { tools, messages: m, model: 'm' } : { model: 'm', messages: m, tools }),
  },
  {
    name: 'anthropic',
    operation: 'messages',
    turn: MESSAGES,
    body: (m, first) => (first ? { system: pad(1), messages: m } : { messages: m, system: pad(1) }),
  },
  {
    name: 'openai',
    operation: 'responses',
    turn: INPUT,
    body: (m, first) => (first ? { instructions: pad(2), input: m } : { input: m, store: true }),
  },
];

for (const { name, operation, body, turn } of FORMS)
  test(`a conversation that grows is read as if it were read anew: ${operation}`, () => {
    let reused = 0;
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.array(fc.tuple(fc.array(fc.nat(11), { minLength: 1, maxLength: 8 }), fc.option(fc.nat(30), { freq: 3 })), {
          minLength: 2,
          maxLength: 8,
        }),
        (first, steps) => {
          const growing = createGrowing();
          const dialect = dialects[name];
          const numbers: number[] = [];
          for (const [more, change] of steps) {
            // Mostly it grows; sometimes an earlier turn was changed.
            if (change !== null && numbers.length > 0) numbers[change % numbers.length] = change;
            numbers.push(...more);
            const bytes = Buffer.from(JSON.stringify(body(numbers.flatMap(turn), first)));
            const earlier = earlierOf(growing, 'agent', bytes);
            assert.equal(earlierOf(growing, 'another agent', bytes), undefined);
            const reading = growing.read('agent', bytes, (from) => dialect.readRequest(operation, bytes, from));
            assert.deepEqual(said(reading), said(dialect.readRequest(operation, bytes)));
            if (earlier && reading.parts.some((part) => earlier.reading.parts.includes(part))) reused++;
          }
        },
      ),
      { numRuns: 60 },
    );
    assert.ok(reused > 20, `${reused} readings went on from an earlier one`);
  });

const described = (n: number): string => `Reads ${n}. ${'What it does and when to use it. '.repeat(30)}`;
const schema = (n: number) => ({ type: 'object', properties: { q: { type: 'string', description: `query ${n}` } }, required: ['q'] });
const OFFERS: Record<string, (n: number) => unknown> = {
  chat: (n) => ({ type: 'function', function: { name: `tool_${n}`, description: described(n), parameters: schema(n) } }),
  messages: (n) =>
    n % 5 === 4
      ? { type: 'web_search_20250305', name: 'web_search' }
      : { name: `tool_${n}`, description: described(n), input_schema: schema(n) },
  responses: (n) =>
    n % 5 === 4
      ? { type: 'mcp', server_label: 'docs', server_url: 'https://docs.example/mcp' }
      : { type: 'function', name: `tool_${n}`, description: described(n), parameters: schema(n) },
};

for (const { name, operation, turn } of FORMS)
  test(`tools that come with every turn are read once, wherever they stand: ${operation}`, () => {
    let taken = 0;
    const list = operation === 'responses' ? 'input' : 'messages';
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(30), fc.boolean(), fc.option(fc.uniqueArray(fc.nat(9), { minLength: 1 }), { freq: 3 })), {
          minLength: 2,
          maxLength: 8,
        }),
        (steps) => {
          const growing = createGrowing();
          const dialect = dialects[name];
          const turns: unknown[] = [{ role: 'user', content: pad(1).repeat(9) }];
          let offered = [0, 4, 2];
          for (const [n, spaced, change] of steps) {
            turns.push(...turn(n, turns.length));
            offered = change ?? offered;
            const body = { [list]: turns, model: 'm', tools: offered.map((k) => OFFERS[operation]?.(k)), metadata: { n } };
            const bytes = Buffer.from(spaced ? JSON.stringify(body).replace('"tools":', '"tools" : ') : JSON.stringify(body));
            const earlier = earlierOf(growing, 'agent', bytes);
            const reading = growing.read('agent', bytes, (from) => dialect.readRequest(operation, bytes, from));
            assert.deepEqual(said(reading), said(dialect.readRequest(operation, bytes)));
            for (const part of reading.parts)
              if (part.path[0] === 'tools' && part.text?.startsWith('Reads '))
                assert.equal(JSON.parse(bytes.toString('utf8', part.span.start, part.span.end)), part.text);
            const offer = (from: RequestReading | undefined): unknown => (from as { offer?: unknown } | undefined)?.offer;
            if (offer(reading) && offer(earlier?.reading) === offer(reading)) taken++;
          }
        },
      ),
      { numRuns: 40 },
    );
    assert.ok(taken > 20, `${taken} readings took the tools over`);
  });

test('what comes after the common beginning is read as strictly as ever', () => {
  const growing = createGrowing();
  const chat = (tail: string): Buffer =>
    Buffer.from(
      `{"model":"m","messages":[${Array.from({ length: 9 }, (_, i) => JSON.stringify({ role: 'user', content: pad(i) })).join()}${tail}`,
    );
  const whole = chat(']}');
  growing.read('a', whole, (from) => dialects.openai.readRequest('chat', whole, from));
  const tools = JSON.stringify(Array.from({ length: 3 }, (_, n) => OFFERS.chat?.(n)));
  const armed = chat(`],"tools":${tools}}`);
  growing.read('a', armed, (from) => dialects.openai.readRequest('chat', armed, from));
  for (const tail of [
    `],"tools":${tools}]}`,
    `],"tools":${tools.slice(0, -1)}`,
    `],"tools":${tools.slice(0, -1)},]}`,
    `],"tools":${tools},"tools":[]}`,
    `],"tools":[],"tools":${tools}}`,
    ',{"role":"user","role":"system","content":"x"}]}',
    ',]}',
    ']',
    ']} x',
    '],"messages":[]}',
    ',{"role":"user","content":"\u0001"}]}',
  ]) {
    const bytes = chat(tail);
    const earlier = earlierOf(growing, 'a', bytes);
    assert.ok(earlier && earlier.same > 8192);
    assert.throws(() => dialects.openai.readRequest('chat', bytes, earlier), { code: 'bad_json' }, tail);
  }
});

test('the bodies that a conversation grew from are not kept', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (const { name, operation, body, turn } of FORMS) {
    const growing = createGrowing();
    const bodies: WeakRef<Buffer>[] = [];
    const step = (count: number): void => {
      // A block of its own each, so that its memory can go.
      const text = Buffer.from(JSON.stringify(body(Array.from({ length: count }, (_, i) => turn(i % 3, i)).flat(), true)));
      const bytes = Buffer.from(new ArrayBuffer(text.length));
      text.copy(bytes);
      growing.read('a', bytes, (from) => dialects[name].readRequest(operation, bytes, from));
      bodies.push(new WeakRef(bytes));
    };
    for (let count = 20; count < 40; count++) step(count);
    for (let i = 0; i < 5; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
    }
    const left = bodies.filter((ref) => ref.deref()).length;
    assert.ok(left <= 2, `${operation}: ${left} of ${bodies.length} bodies are still there`);
  }
});
