import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SallyportError } from '../../proxy/contract/index.js';
import { runExamples, subjectOf } from '../../proxy/policy/examples.js';
import { addExample, exampleOf, type Subject } from '../../proxy/policy/index.js';
import { readPolicy } from '../../proxy/policy/read.js';
import { finding, part, preset, subject, toolCall } from './subjects.js';

const at = (fields: Record<string, unknown>) => ({
  fields: JSON.parse(JSON.stringify(fields)),
  position: { line: 1, column: 1 },
  path: 'x',
});

const anySubject: fc.Arbitrary<Subject> = fc.oneof(
  fc
    .tuple(
      fc.array(
        fc.constantFrom(
          finding('EMAIL_ADDRESS', 'contact', 0.5),
          finding('US_SSN', 'national-id'),
          finding('X_KEY', 'secret', 0.7),
          finding('PROMPT_INJECTION', 'prompt'),
        ),
        { maxLength: 3 },
      ),
      fc.constantFrom('request' as const, 'response' as const),
      fc.constantFrom('user' as const, 'tool' as const),
    )
    .map(([findings, direction, role]) => part({ findings, direction, role, provenance: role === 'tool' ? 'tool' : 'person' })),
  fc
    .constantFrom('catastrophic' as const, 'risky' as const, 'notable' as const, undefined)
    .map((l) => toolCall(l, 'disarm', { facts: [{ kind: 'network-send' }], parsed: l !== 'notable' })),
  fc
    .constantFrom('image' as const, 'passthrough' as const)
    .map((reason) => subject({ what: 'not-scanned', notScanned: { reason, bytes: 5 } })),
  fc.constant(subject({ what: 'provider-tool', providerTool: { name: 'x', kind: 'remote-mcp', host: 'h.example' } })),
  fc.constant(subject({ what: 'exchange', budget: { id: 'd', used: 3, limit: 2, unit: 'USD' } })),
);

test('an example of a subject is judged like the subject', async () => {
  await fc.assert(
    fc.asyncProperty(anySubject, fc.constantFrom('observe' as const, 'balanced' as const, 'strict' as const), async (s, name) => {
      const made = await subjectOf(at(exampleOf(s)));
      const [a, b] = [preset(name).judge(s), preset(name).judge(made)];
      assert.deepEqual(
        b.matched.map((m) => m.rule),
        a.matched.map((m) => m.rule),
      );
      assert.deepEqual(b.findingActions, a.findingActions);
    }),
    { numRuns: 200 },
  );
});

test('text is only taken along when asked for', () => {
  const s = part({ text: 'masked text' });
  assert.equal(exampleOf(s)['text'], undefined);
  assert.equal(exampleOf(s, { text: true })['text'], 'masked text');
});

const SOURCE = `# mine
version: 1
rules:
  - id: a # the first
    match: { category: contact }
    then: block
  - id: b
    match: { tool: shell }
    then: approve
    examples:
      must: { tool: shell }
`;

test('an example is put into its rule; comments stay, and it holds', async () => {
  const mail = exampleOf(part({ findings: [finding('EMAIL_ADDRESS', 'contact')] }));
  let source = addExample(SOURCE, 'a', 'must', mail);
  source = addExample(source, 'a', 'mustNot', exampleOf(part()));
  source = addExample(source, 'b', 'must', exampleOf(toolCall('risky')));
  const { document, problems } = readPolicy(source);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    document.rules.map((r) => [r.examples.must.length, r.examples.mustNot.length]),
    [
      [1, 1],
      [2, 0],
    ],
  );
  assert.deepEqual(await runExamples(document), []);
  assert.match(source, /^# mine/);
  assert.match(source, /# the first/);
  const wrong = addExample(source, 'a', 'must', exampleOf(part()));
  assert.equal((await runExamples(readPolicy(wrong).document)).length, 1);
  assert.throws(
    () => addExample(source, 'c', 'must', mail),
    (e: unknown) => e instanceof SallyportError && e.code === 'not_found',
  );
});
