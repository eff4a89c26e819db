import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PresetName } from '../../proxy/contract/index.js';
import { runExamples } from '../../proxy/policy/examples.js';
import { createPolicy, PRESETS, presetSource } from '../../proxy/policy/index.js';
import { readPolicy } from '../../proxy/policy/read.js';
import { finding, part, preset, subject, toolCall } from './subjects.js';

for (const name of PRESETS)
  test(`preset ${name}: reads without a problem, and every rule keeps its examples`, async () => {
    const { document, problems } = readPolicy(presetSource(name));
    assert.deepEqual(problems, []);
    assert.equal(document.name, name);
    for (const rule of document.rules) assert.ok(rule.examples.must.length > 0, `${rule.id} has no example`);
    assert.deepEqual(await runExamples(document), []);
  });

/** The matrix of default actions: subject → action in observe, balanced, strict. */
const MATRIX: [string, ReturnType<typeof subject>, [string, string, string]][] = [
  ['clean user text', part(), ['allow', 'allow', 'allow']],
  ['certain secret in a request', part({ findings: [finding('OPENAI_API_KEY', 'secret', 0.95)] }), ['allow', 'mask', 'block']],
  ['probable secret in a request', part({ findings: [finding('PASSWORD', 'secret', 0.5)] }), ['allow', 'mask', 'mask']],
  [
    'certain secret in an answer',
    part({ direction: 'response', findings: [finding('GITHUB_TOKEN', 'secret', 0.9)] }),
    ['allow', 'mask', 'mask'],
  ],
  [
    'probable secret in an answer',
    part({ direction: 'response', findings: [finding('PASSWORD', 'secret', 0.5)] }),
    ['allow', 'allow', 'mask'],
  ],
  ['card in a request', part({ findings: [finding('CREDIT_CARD', 'financial')] }), ['allow', 'mask', 'mask']],
  [
    'card in a tool result',
    part({ role: 'tool', kind: 'tool-result', provenance: 'tool', findings: [finding('CREDIT_CARD', 'financial')] }),
    ['allow', 'mask', 'mask'],
  ],
  ['SSN in an answer', part({ direction: 'response', findings: [finding('US_SSN', 'national-id')] }), ['allow', 'mask', 'mask']],
  ['e-mail in a request', part({ findings: [finding('EMAIL_ADDRESS', 'contact')] }), ['allow', 'mask', 'mask']],
  ['e-mail in an answer', part({ direction: 'response', findings: [finding('EMAIL_ADDRESS', 'contact')] }), ['allow', 'allow', 'allow']],
  ['name, sure', part({ findings: [finding('PERSON', 'person', 0.7)] }), ['allow', 'mask', 'mask']],
  ['name, unsure', part({ findings: [finding('PERSON', 'person', 0.5)] }), ['allow', 'allow', 'mask']],
  ['place', part({ findings: [finding('LOCATION', 'location')] }), ['allow', 'allow', 'mask']],
  ['public address', part({ findings: [finding('IP_ADDRESS', 'network')] }), ['allow', 'mask', 'mask']],
  ['test value', part({ findings: [{ ...finding('CREDIT_CARD', 'financial'), testValue: true }] }), ['allow', 'allow', 'allow']],
  ['injection in user text', part({ findings: [finding('PROMPT_INJECTION', 'prompt')] }), ['allow', 'approve', 'block']],
  [
    'injection in a tool result',
    part({ role: 'tool', provenance: 'tool', findings: [finding('PROMPT_INJECTION', 'prompt')] }),
    ['allow', 'allow', 'block'],
  ],
  ['dangerous request', part({ findings: [finding('DESTRUCTIVE_REQUEST', 'prompt')] }), ['allow', 'approve', 'block']],
  ['catastrophic call', toolCall('catastrophic', 'delete'), ['allow', 'block', 'block']],
  ['call against the gateway', toolCall('catastrophic', 'disarm'), ['block', 'block', 'block']],
  ['risky call', toolCall('risky', 'history'), ['allow', 'approve', 'block']],
  ['notable call', toolCall('notable', 'file'), ['allow', 'allow', 'approve']],
  ['plain call', toolCall(), ['allow', 'allow', 'allow']],
  [
    'unparsed call of an executing tool',
    toolCall(undefined, 'unparsed', { parsed: false, toolClass: 'shell' }),
    ['allow', 'approve', 'block'],
  ],
  [
    'provider tool',
    subject({ what: 'provider-tool', providerTool: { name: 'web_search', kind: 'provider-tool' } }),
    ['allow', 'approve', 'block'],
  ],
  [
    'remote MCP server',
    subject({ what: 'provider-tool', providerTool: { name: 'x', kind: 'remote-mcp', host: 'mcp.example' } }),
    ['allow', 'approve', 'block'],
  ],
  [
    'provider history',
    subject({ what: 'provider-history', notScanned: { reason: 'provider-history', bytes: 0 } }),
    ['allow', 'approve', 'block'],
  ],
  [
    'image of a tool',
    { ...part({ kind: 'image', role: 'tool', provenance: 'tool' }), what: 'not-scanned', notScanned: { reason: 'image', bytes: 9 } },
    ['allow', 'approve', 'block'],
  ],
  [
    'image of a person',
    { ...part({ kind: 'image' }), what: 'not-scanned', notScanned: { reason: 'image', bytes: 9 } },
    ['allow', 'allow', 'block'],
  ],
  ['unknown author', subject({ what: 'not-scanned', notScanned: { reason: 'over-limit', bytes: 9 } }), ['allow', 'approve', 'block']],
  [
    'signed thinking',
    {
      ...part({ kind: 'signed', role: 'assistant', provenance: 'model' }),
      what: 'not-scanned',
      notScanned: { reason: 'signed', bytes: 9 },
    },
    ['allow', 'allow', 'allow'],
  ],
  ['budget reached', subject({ what: 'exchange', budget: { id: 'day', used: 5, limit: 5, unit: 'USD' } }), ['allow', 'approve', 'approve']],
  ['plain exchange', subject({ what: 'exchange' }), ['allow', 'allow', 'allow']],
];

for (const [what, s, expected] of MATRIX)
  test(`defaults: ${what}`, () => {
    const got = PRESETS.map((name) => preset(name).judge(s).verdict.action);
    assert.deepEqual(got, expected);
  });

test('secrets are masked for good, contact data with a way back', () => {
  const j = preset('balanced').judge(
    part({ findings: [finding('OPENAI_API_KEY', 'secret', 0.9), finding('EMAIL_ADDRESS', 'contact'), finding('LOCATION', 'location')] }),
  );
  assert.deepEqual(j.findingActions, ['mask', 'mask', 'allow']);
  assert.deepEqual(j.irreversible, [true, false, false]);
  assert.match(j.verdict.rule, /^balanced\//);
});

test('restoration: contact yes, financial asked, secrets never, in the shipped default', () => {
  const p = preset('balanced');
  const agent = { id: 'ag_1', groups: [] };
  assert.equal(p.restoreInto({ name: 'mail' }, ['EMAIL_ADDRESS', 'PERSON'], agent), 'yes');
  assert.equal(p.restoreInto({ name: 'mail' }, ['EMAIL_ADDRESS', 'US_SSN'], agent), 'approve');
  assert.equal(p.restoreInto({ name: 'mail' }, ['OPENAI_API_KEY'], agent), 'no');
  assert.equal(preset('observe').restoreInto({ name: 'mail' }, ['OPENAI_API_KEY', 'US_SSN'], agent), 'no');
});

test('risk classes of the settings must be opened', () => {
  const source = presetSource('balanced');
  const p = createPolicy({
    preset: 'balanced',
    managed: false,
    parts: [{ name: 'balanced', origin: 'preset', source, document: readPolicy(source).document }],
    defaults: { expiresInSeconds: 123, mustOpenClasses: ['delete'] },
  });
  assert.deepEqual(p.judge(toolCall('risky', 'delete')).verdict.approval, {
    groups: [],
    minimum: 1,
    separateApprover: false,
    expiresInSeconds: 123,
    mustOpen: true,
  });
  assert.equal(p.judge(toolCall('risky', 'history')).verdict.approval?.mustOpen, false);
  assert.equal(p.demand('balanced/ask-risky').expiresInSeconds, 123);
});

test('a revision changes with the preset', () => {
  assert.equal(new Set((PRESETS as readonly PresetName[]).map((n) => preset(n).revision)).size, 3);
});
