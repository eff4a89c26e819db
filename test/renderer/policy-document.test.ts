import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { MATCH_FIELDS } from '../../proxy/policy/fields.js';
import { addRule, FIELDS, long, offsetOf, readForm, removeRule, short, writeRule } from '../../renderer/api/policy-document.js';

const SOURCE = `version: 1
# ours
rules:
  - id: one # why
    match: { tool: [shell, bash], confidence: 0.8 }
    then: { action: approve, mustOpen: true }
    examples:
      must: [{ tool: shell }]
  - id: two
    match:
      words: payroll
    then: block
`;

test('the form offers the conditions that policies know, and no others', () => {
  assert.deepEqual([...FIELDS].sort(), Object.keys(MATCH_FIELDS).sort());
});

test('shipped presets can be read as forms', () => {
  for (const name of ['observe', 'balanced', 'strict']) {
    const rules = readForm(readFileSync(new URL(`../../assets/policies/${name}.yaml`, import.meta.url), 'utf8'));
    assert.ok(rules && rules.length > 0, name);
    for (const rule of rules) assert.match(rule.action, /^(allow|mask|approve|block)$/, `${name}/${rule.id}`);
  }
});

test('a rule is read in short and written back; comments and what the form does not show stay', () => {
  const [one] = readForm(SOURCE) ?? [];
  assert.ok(one);
  assert.deepEqual(one.match, [
    { field: 'tool', value: 'shell, bash' },
    { field: 'confidence', value: '0.8' },
  ]);
  assert.deepEqual(one.more, ['examples', 'mustOpen']);
  const written = writeRule(SOURCE, 0, {
    ...one,
    action: 'block',
    enabled: false,
    match: [
      { field: 'tool', value: 'shell' },
      { field: 'size', value: '{ min: 10 }' },
    ],
  });
  assert.match(written, /# ours/);
  assert.match(written, /# why/);
  assert.match(written, /mustOpen: true/);
  const again = readForm(written)?.[0];
  assert.deepEqual(again?.match, [
    { field: 'tool', value: 'shell' },
    { field: 'size', value: '{ min: 10 }' },
  ]);
  assert.equal(again?.action, 'block');
  assert.equal(again?.enabled, false);
  assert.deepEqual(readForm(written)?.[1], readForm(SOURCE)?.[1]);
});

test('rules are added and removed', () => {
  assert.equal(readForm(addRule(''))?.length, 1);
  assert.deepEqual(
    readForm(addRule(SOURCE))?.map((r) => r.id),
    ['one', 'two', 'rule-1'],
  );
  assert.deepEqual(
    readForm(removeRule(SOURCE, 0))?.map((r) => r.id),
    ['two'],
  );
});

test('what is no list of rules has no form', () => {
  assert.equal(readForm('rules: [1]'), undefined);
  assert.equal(readForm('rules: {a: 1}'), undefined);
  assert.equal(readForm('a: [\n'), undefined);
});

test('short values are read as what they were', () => {
  for (const value of ['x', ['a', 'b'], 0.5, true, { min: 1, max: 2 }, ['a, b', '[c]']]) assert.deepEqual(long(short(value)), value);
});

test('reading never throws', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      readForm(text);
      long(text);
    }),
  );
});

test('line and column become an offset', () => {
  assert.equal(SOURCE.slice(offsetOf(SOURCE, 4, 5), offsetOf(SOURCE, 4, 5) + 2), 'id');
  assert.equal(offsetOf('a', 9, 9), 1);
});
