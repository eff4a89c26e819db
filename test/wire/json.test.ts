import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { type JsonNode, JsonSyntaxError, patch, scanJson } from '../../proxy/wire/index.js';

const scan = (text: string, unique = false): JsonNode => scanJson(Buffer.from(text), 0, undefined, unique);

function value(node: JsonNode): unknown {
  if (node.kind === 'object') return Object.fromEntries(node.keys.map((key, i) => [key, value(node.items[i]!)]));
  if (node.kind === 'array') return node.items.map(value);
  return node.kind === 'string' ? node.string : node.kind === 'number' ? node.number : node.kind === 'null' ? null : node.kind === 'true';
}

function strings(node: JsonNode): JsonNode[] {
  return node.kind === 'string' ? [node] : node.items.flatMap(strings);
}

/** JSON text with the spelling that no serialiser gives: spaces, escapes, odd numbers. */
const spelled = fc.tuple(fc.json({ maxDepth: 4, stringUnit: 'binary' }), fc.boolean(), fc.boolean()).map(([json, pretty, escapes]) => {
  let text = pretty ? JSON.stringify(JSON.parse(json), null, '\t') : json;
  if (escapes) text = text.replace(/[\u0080-\uffff/]/g, (c) => (c === '/' ? '\\/' : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`));
  return text;
});

describe('the JSON reader', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(spelled, (text) => {
        assert.deepEqual(JSON.stringify(value(scan(text))), JSON.stringify(JSON.parse(Buffer.from(text).toString())));
      }),
      { numRuns: 500 },
    );
  });

  it('refuses what JSON.parse refuses', () => {
    const bad = fc
      .tuple(spelled, fc.nat(), fc.constantFrom('', '"', ',', '}', ']', '\\', '0', '-', '\u0001', 'x', ':', '1.', 'e', '\\u12'))
      .map(([text, at, put]) => {
        const i = at % (text.length + 1);
        return text.slice(0, i) + put + text.slice(i + (at % 2));
      });
    fc.assert(
      fc.property(bad, (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        if (valid) scan(text);
        else assert.throws(() => scan(text), JsonSyntaxError);
      }),
      { numRuns: 3000 },
    );
  });

  it('bounds nesting and can demand unique keys', () => {
    assert.throws(() => scan(`${'['.repeat(10_000)}${']'.repeat(10_000)}`), /nested too deeply/);
    assert.throws(() => scan('{"a":1,"b":2,"\\u0061":3}', true), /same key twice/);
    assert.equal(scan('{"a":1,"a":2}').get('a')?.raw, '2');
  });
});

describe('patch', () => {
  it('replaces the strings it is given and keeps every other byte', () => {
    fc.assert(
      fc.property(spelled, fc.string({ unit: 'binary' }), fc.nat(), (text, put, pick) => {
        const body = Buffer.from(text);
        const root = scanJson(body);
        const all = strings(root);
        if (all.length === 0) return;
        const one = all[pick % all.length]!;
        const out = patch(body, [{ span: { start: one.start, end: one.end }, text: put }]);
        assert.deepEqual(out.subarray(0, one.start), body.subarray(0, one.start));
        assert.deepEqual(out.subarray(out.length - (body.length - one.end)), body.subarray(one.end));
        const again = strings(scanJson(out));
        assert.equal(again.length, all.length);
        assert.equal(again[pick % all.length]!.string, JSON.parse(JSON.stringify(put)));
      }),
      { numRuns: 500 },
    );
  });

  it('gives the body itself back when nothing changes, whatever its spelling', () => {
    const body = Buffer.from('{ "n": 1e400, "big": 12345678901234567890, "s": "\\u0041\\/b" }');
    const [s] = strings(scanJson(body));
    assert.equal(patch(body, []), body);
    assert.equal(patch(body, [{ span: { start: s!.start, end: s!.end }, text: 'A/b' }]), body);
    assert.equal(
      patch(body, [{ span: { start: s!.start, end: s!.end }, text: 'c' }]).toString(),
      '{ "n": 1e400, "big": 12345678901234567890, "s": "c" }',
    );
  });

  it('refuses spans that are no strings, or overlap', () => {
    const body = Buffer.from('{"a":"x","b":1}');
    assert.throws(() => patch(body, [{ span: { start: 13, end: 14 }, text: 'x' }]), RangeError);
    const edit = { span: { start: 5, end: 8 }, text: 'y' };
    assert.throws(() => patch(body, [edit, { ...edit, text: 'z' }]), RangeError);
  });
});

it('keys that come once are not kept', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // Each behind a short key of its own, which is kept.
  const scanMany = (): void => {
    for (let i = 0; i < 100; i++) scan(`{"short ${i}":1,"${'x'.repeat(1 << 20)}${i}":2}`);
  };
  collect();
  const before = process.memoryUsage().heapUsed;
  scanMany();
  collect();
  const kept = process.memoryUsage().heapUsed - before;
  assert.ok(kept < 20 << 20, `${kept} bytes of 100 MB are kept`);
});
