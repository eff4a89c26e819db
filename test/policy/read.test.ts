import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { parse } from 'yaml';
import { PRESETS, presetSource } from '../../proxy/policy/index.js';
import { policyJsonSchema } from '../../proxy/policy/json-schema.js';
import { readPolicy } from '../../proxy/policy/read.js';

const problemsOf = (source: string) => readPolicy(source).problems;

test('unknown fields are errors with position and suggestion', () => {
  const [p, ...more] = problemsOf('version: 1\nrules:\n  - id: a\n    match:\n      catgory: contact\n    then: mask\n');
  assert.equal(p!.message, 'Unknown field "catgory"');
  assert.deepEqual([p!.line, p!.column, p!.path, p!.suggestion], [5, 7, 'rules[0].match.catgory', 'Did you mean "category"?']);
  assert.equal(more.length, 1, 'mask without anything to mask');
});

/** source of one rule's lines → what the first problem says, and where. */
const WRONG: [string, RegExp, number][] = [
  ['match: {}', /then must be one of/, 1],
  ['match: {}\n    then: blok', /cannot be "blok"/, 5],
  ['match: { category: contakt }\n    then: mask', /cannot be "contakt"/, 4],
  ['match: { confidence: 2 }\n    then: block', /number from 0 to 1/, 4],
  ['match: { pattern: "a(?=b)" }\n    then: block', /not valid RE2/, 4],
  ['match: { size: huge }\n    then: block', /number of bytes/, 4],
  ['match: { size: { min: 10, max: 5 } }\n    then: block', /can never match/, 4],
  ['match: { time: { from: "25:00", to: "06:00" } }\n    then: block', /time of day/, 4],
  ['match: { time: { from: "22:00" } }\n    then: block', /both from and to/, 4],
  ['match: { tool: [] }\n    then: block', /must not be empty/, 4],
  ['match: { agent: 5 }\n    then: block', /must be text/, 4],
  ['match: {}\n    then: mask', /mask needs something/, 5],
  ['match: {}\n    then: { action: block, minimum: 2 }', /only means something with action: approve/, 5],
  ['match: {}\n    then: { action: approve, expiresIn: 1 }', /from 5 seconds/, 5],
  ['match: {}\n    when: "size >"\n    then: block', /not valid CEL/, 5],
  ['match: {}\n    when: "size + 1"\n    then: block', /not true or false/, 5],
  ['match: {}\n    when: "sise > 1"\n    then: block', /Unknown variable/, 5],
  ['then: block', /neither match nor when/, 3],
  ['match: {}\n    then: block\n    exmaples: {}', /Unknown field "exmaples"/, 6],
  ['match: {}\n    then: block\n    examples: { must: [{ toool: x }] }', /Unknown field "toool"/, 6],
  ['match: *x\n    then: block', /alias/i, 4],
];

for (const [lines, message, line] of WRONG)
  test(`says what is wrong: ${lines.split('\n').slice(0, 2).join(' · ')}`, () => {
    const problems = problemsOf(`version: 1\nrules:\n  - id: a\n    ${lines}\n`);
    const found = problems.find((p) => message.test(p.message));
    assert.ok(found, JSON.stringify(problems));
    if (line > 1) assert.equal(found.line, line);
  });

test('a policy has a version, rules have ids, ids are unique', () => {
  assert.match(problemsOf('rules: []')[0]!.message, /no version/);
  assert.match(problemsOf('version: 2')[0]!.message, /not known/);
  assert.match(problemsOf('version: 1\nrules:\n  - match: {}\n    then: block')[0]!.message, /no id/);
  assert.match(
    problemsOf('version: 1\nrules:\n  - { id: a, match: {}, then: block }\n  - { id: a, match: {}, then: allow }')[0]!.message,
    /Two rules/,
  );
  assert.match(problemsOf('version: 1\nrules:\n  - { id: Aß, match: {}, then: block }')[0]!.message, /lower-case/);
  assert.match(problemsOf('version: 1\nversion: 1')[0]!.message, /unique/i);
});

test('JSON is accepted, with positions', () => {
  const json = JSON.stringify(
    // biome-ignore lint/suspicious/noThenProperty: a word of the policy language
    { version: 1, rules: [{ id: 'a', match: { tool: 'x' }, then: { action: 'approve', groups: ['sec'] } }] },
    null,
    '\t',
  );
  const { document, problems } = readPolicy(json);
  assert.deepEqual(problems, []);
  assert.deepEqual(document.rules[0]!.does.groups, ['sec']);
  const [p] = problemsOf('{\n "version": 1,\n "rulez": []\n}');
  assert.deepEqual([p!.line, p!.suggestion], [3, 'Did you mean "rules"?']);
});

test('no text makes the reader throw', () => {
  const token = fc.constantFrom(
    'version: 1\n',
    'rules:\n',
    '  - id: a\n',
    '    match: {',
    '}',
    '[',
    ']',
    '\t',
    '&a ',
    '*a',
    '!!js/function ',
    '"',
    ': ',
    '- ',
    '? ',
    '\n',
    '|',
    '>',
    '%YAML',
    '---\n',
    'then: ',
    '\u0000',
    '日本',
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 20 }), (parts) => {
      readPolicy(parts.join(''));
    }),
    { numRuns: 1000 },
  );
});

test('the published schema is the one of the loader', () => {
  const published = JSON.parse(readFileSync(new URL('../../docs/policy.schema.json', import.meta.url), 'utf8'));
  assert.deepEqual(published, JSON.parse(JSON.stringify(policyJsonSchema())), 'run: node --import tsx test/policy/write-schema.ts');
});

test('schema and loader agree: what is shipped is valid, what the loader refuses by form the schema refuses', () => {
  const validate = new Ajv2020({ strict: false }).compile(policyJsonSchema());
  for (const name of PRESETS) assert.ok(validate(parse(presetSource(name))), JSON.stringify(validate.errors));
  const semantic = /RE2|CEL|never match|mask needs|only means something|alias/;
  for (const [lines, message] of WRONG) {
    if (semantic.test(message.source) || /when:/.test(lines) || /alias/.test(message.source)) continue;
    assert.equal(validate(parse(`version: 1\nrules:\n  - id: a\n    ${lines}\n`)), false, lines);
  }
});

test('an example that does not hold says why', async () => {
  const { runExamples } = await import('../../proxy/policy/examples.js');
  const { document } = readPolicy(
    'version: 1\nrules:\n  - { id: a, match: { connection: openai, finding: EMAIL_ADDRESS }, then: block, examples: { must: [{ connection: local, findings: [US_SSN] }] } }\n',
  );
  const [problem] = await runExamples(document);
  assert.match(problem!.message, /does not match its example: connection is "local", not "openai"; finding of the finding US_SSN/);
});
