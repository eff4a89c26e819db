import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ticketKey } from '../../proxy/approvals/index.js';

const key = (body: unknown, change: Partial<Parameters<typeof ticketKey>[0]> = {}) =>
  ticketKey({ principal: 'ag_1', connection: 'openai', dialect: 'openai', model: 'gpt-5', body: body as object, ...change });

const shuffle = (v: unknown): unknown =>
  Array.isArray(v)
    ? v.map(shuffle)
    : v !== null && typeof v === 'object'
      ? Object.fromEntries(
          Object.entries(v)
            .reverse()
            .map(([k, x]) => [k, shuffle(x)]),
        )
      : v;

test('key order does not matter, anything else does', () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 3 }), (o) => {
      const body = JSON.parse(JSON.stringify(o)) as Record<string, unknown>;
      assert.equal(key(body), key(shuffle(body)));
      assert.equal(key(body), key(JSON.stringify(body, null, 2)));
      assert.equal(key(body), key(Buffer.from(JSON.stringify(body))));
      assert.notEqual(key(body), key({ ...body, 'one more': 1 }));
    }),
    { numRuns: 300 },
  );
});

test('only stream and stream_options at the top are carriage', () => {
  const body = { model: 'm', messages: [{ role: 'user', content: 'hi', stream: 1 }] };
  assert.equal(key(body), key({ ...body, stream: true, stream_options: { include_usage: true } }));
  assert.notEqual(key(body), key({ model: 'm', messages: [{ role: 'user', content: 'hi', stream: 2 }] }));
  assert.notEqual(key(body), key({ ...body, max_tokens: 5 }));
});

test('who asks whom is part of it', () => {
  const body = { a: 1 };
  const all = [
    key(body),
    key(body, { principal: 'ag_2' }),
    key(body, { connection: 'x' }),
    key(body, { dialect: 'http' }),
    key(body, { model: 'y' }),
  ];
  assert.equal(new Set(all).size, all.length);
});

test('arrays, texts, numbers and lookalikes stay apart', () => {
  const bodies = [
    { a: [] },
    { a: {} },
    { a: '' },
    { a: null },
    { a: 0 },
    { a: '0' },
    { a: [null] },
    { a: [[]] },
    { a: ['', ''] },
    { a: [','] },
    [],
    {},
    'text',
    '"text"',
  ];
  assert.equal(new Set(bodies.map((b) => key(b))).size, bodies.length);
});

test('bodies that are no JSON, or nested too deep, are taken by their bytes', () => {
  assert.notEqual(key('not json'), key('not json either'));
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  assert.equal(key(deep), key(deep));
  assert.notEqual(key(deep), key(`${deep} `));
});
