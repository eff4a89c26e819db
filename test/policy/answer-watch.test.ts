import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPolicy, type Policy, type Subject } from '../../proxy/policy/index.js';
import { readPolicy } from '../../proxy/policy/read.js';
import { subject } from './subjects.js';

const policyOf = (rules: string): Policy => {
  const source = `version: 1\nrules:\n${rules}`;
  const { document, problems } = readPolicy(source);
  assert.deepEqual(
    problems.filter((p) => p.severity === 'error'),
    [],
  );
  return createPolicy({
    preset: 'none',
    managed: false,
    parts: [{ name: 'user', origin: 'file', document, source }],
    defaults: { expiresInSeconds: 600, mustOpenClasses: [] },
  });
};

const answer: Subject = subject({
  what: 'part',
  direction: 'response',
  part: { id: 'choice:0/content', role: 'assistant', kind: 'text', provenance: 'model', findings: [] },
});

/** What the rules said and after how many characters; and what may have been released before. */
function run(policy: Policy, text: string, sizes: readonly number[] = [text.length]): { rules: string[]; released: number } {
  const watch = policy.watchAnswer?.(answer);
  const rules: string[] = [];
  let released = 0;
  let at = 0;
  for (let i = 0; at < text.length; i++) {
    const piece = text.slice(at, at + Math.max(1, sizes[i % sizes.length]!));
    at += piece.length;
    rules.push(...(watch?.push(piece) ?? []).map((j) => `${j.verdict.rule} ${j.verdict.action}`));
    if (rules.length === 0) released = at - (watch?.held ?? 0);
  }
  rules.push(...(watch?.flush() ?? []).map((j) => `${j.verdict.rule} ${j.verdict.action}`));
  return { rules, released };
}

test('words and patterns match the text of an answer, cut anywhere', () => {
  const policy = policyOf(`
  - { id: words, match: { direction: response, words: [nightfall, salary table] }, then: block }
  - { id: pattern, match: { direction: response, pattern: 'PRJ-\\d{4}\\b' }, then: block }
  - { id: noted, match: { direction: response, words: [weather] }, then: allow }
`);
  const cases: [string, string[]][] = [
    ['All is well.', []],
    ['The nightfalls were long', []],
    ['It is Nightfall, you know', ['user/words block']],
    ['ends with nightfall', ['user/words block']],
    ['the (salary\n table) is here', ['user/words block']],
    ['a salary and a table', []],
    ['see PRJ-12345 there', []],
    ['see PRJ-1234', ['user/pattern block']],
    ['The weather is fine', ['user/noted allow']],
    [`${'x'.repeat(5000)} nightfall`, ['user/words block']],
    ['夜nightfall', []],
  ];
  for (const [text, rules] of cases) {
    assert.deepEqual(run(policy, text).rules, rules, text.slice(0, 40));
    assert.deepEqual(run(policy, text, [1]).rules, rules, `${text.slice(0, 40)} by characters`);
  }
});

test('any chunking says the same, and what completes a forbidden phrase is never released', () => {
  const policy = policyOf(`
  - { id: words, match: { direction: response, words: [nightfall, salary table] }, not: { words: [public] }, then: block }
  - { id: pattern, match: { direction: response, pattern: ['a b+c$', '(?i)key\\s*=\\s*\\w+'] }, then: block }
`);
  const word = fc.constantFrom(
    'salary',
    'table',
    ' ',
    '  ',
    '\n',
    'night',
    'fall',
    'nightfall',
    'public',
    'a bbc',
    'key',
    '=',
    '.',
    '表',
    'x'.repeat(70),
  );
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 }),
      (words, sizes) => {
        const text = words.join('');
        const whole = run(policy, text);
        const pieces = run(policy, text, sizes);
        assert.deepEqual(pieces.rules, whole.rules);
        if (pieces.rules[0] === 'user/words block') {
          const shown = text.slice(0, pieces.released);
          const phrase = /(?<![\p{L}\p{N}_])(?:nightfall|salary\s+table)(?![\p{L}\p{N}_])[\s\S]/iu;
          assert.ok(!phrase.test(shown), shown);
        }
      },
    ),
    { numRuns: 1500 },
  );
});

test('the beginning of a phrase waits, and goes on when it was none', () => {
  const policy = policyOf('  - { id: words, match: { direction: response, words: [salary table] }, then: block }\n');
  const watch = policy.watchAnswer!(answer)!;
  watch.push('the salary ');
  watch.push('t');
  assert.equal(watch.held, 'salary t'.length);
  watch.push('ax ');
  watch.push('of');
  assert.ok(watch.held <= 1);
});

test('no rule that could speak: no watch', () => {
  const policy = policyOf(`
  - { id: ask, match: { words: [nightfall] }, then: approve }
  - { id: requests, match: { direction: request, words: [nightfall] }, then: block }
  - { id: calls, match: { what: tool-call, words: [nightfall] }, then: block }
  - { id: other, match: { connection: elsewhere, words: [nightfall] }, then: block }
`);
  assert.equal(policy.watchAnswer?.(answer), undefined);
});

test('precedence in answers: the strongest wins, an exception stands in for its rule', () => {
  const policy = policyOf(`
  - { id: noted, match: { direction: response, words: [nightfall] }, then: allow }
  - { id: blocked, match: { direction: response, words: [nightfall] }, then: block }
  - { id: press, match: { direction: response, words: [press release] }, then: allow, insteadOf: [user/blocked] }
`);
  assert.deepEqual(run(policy, 'about nightfall now').rules, ['user/blocked block']);
  assert.deepEqual(run(policy, 'press release: nightfall now').rules, ['user/press allow', 'user/noted allow']);
});

test('what cannot be done to a flowing text is said when the rule is saved', () => {
  const problemsOf = (rule: string) =>
    readPolicy(`version: 1\nrules:\n  - ${rule}\n`).problems.map((p) => `${p.severity} ${p.line} ${p.message} ${p.suggestion ?? ''}`);
  assert.match(
    problemsOf('{ id: a, match: { direction: response, words: [x] }, then: approve }')[0]!,
    /^error 3 .*cannot wait for a person.*tool-call/,
  );
  assert.match(problemsOf('{ id: a, match: { words: [x] }, then: approve }')[0]!, /^warning 3 .*text of answers cannot wait/);
  assert.deepEqual(problemsOf('{ id: a, match: { direction: response, what: tool-call, words: [x] }, then: approve }'), []);
  assert.deepEqual(problemsOf('{ id: a, match: { direction: request, words: [x] }, then: approve }'), []);
  assert.match(problemsOf('{ id: a, match: { what: exchange, words: [x] }, then: block }')[0]!, /^error 3 .*never matches here/);
});
