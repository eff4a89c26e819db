import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runExamples } from '../../proxy/policy/examples.js';
import { DOCUMENT_FIELDS, MATCH_FIELDS, RULE_FIELDS, THEN_FIELDS } from '../../proxy/policy/fields.js';
import { readPolicy } from '../../proxy/policy/read.js';
import { SENTENCE_FACTS } from '../../proxy/policy/sentence.js';

const docs = readFileSync(new URL('../../docs/policies.md', import.meta.url), 'utf8');

test('every policy in the documentation reads and keeps its examples', async () => {
  const blocks = [...docs.matchAll(/```yaml\n([\s\S]*?)```/g)].map((m) => m[1]!);
  assert.ok(blocks.length >= 2);
  for (const block of blocks) {
    const { document, problems } = readPolicy(block);
    assert.deepEqual(problems, []);
    assert.deepEqual(await runExamples(document), []);
  }
});

test('every field and fact is documented', () => {
  for (const name of [...Object.keys(MATCH_FIELDS), ...RULE_FIELDS, ...THEN_FIELDS, ...DOCUMENT_FIELDS])
    assert.match(docs, new RegExp(`\\b${name}\\b`), name);
  for (const fact of SENTENCE_FACTS) assert.ok(docs.includes(`{${fact}}`), fact);
});
