import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../proxy/approvals/canonical.js';
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

test('the canonical form is the sorted JSON itself', () => {
  const sorted = (v: unknown): unknown =>
    Array.isArray(v)
      ? v.map(sorted)
      : v !== null && typeof v === 'object'
        ? Object.fromEntries(
            Object.entries(v)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([k, x]) => [k, sorted(x)]),
          )
        : v;
  const word = fc.stringMatching(/^[a-z"\\\\é\n ]{0,6}$/);
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      word,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      tie('map'),
    ),
    map: fc
      .array(fc.tuple(fc.stringMatching(/^[a-z]{1,3}$/), tie('value')), { maxLength: 5 })
      .map((entries) => Object.fromEntries(entries)),
  })).value;
  fc.assert(
    fc.property(json, fc.constantFrom(undefined, 1, '\t'), (v, indent) => {
      const got = canonicalJson(Buffer.from(JSON.stringify(v, null, indent)), new Set());
      assert.equal(got?.toString(), JSON.stringify(sorted(v)));
    }),
    { numRuns: 500 },
  );
});

test('what is no JSON has no canonical form', () => {
  for (const text of ['', '{', '[1', '{"a"}', '{"a":}', '{"a":1,}', '[,]', '{"a":1}x', '"open', '{a:1}', '[1 2]', '}', '{"a":1 "b":2}'])
    assert.equal(canonicalJson(Buffer.from(text), new Set()), undefined, text);
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
