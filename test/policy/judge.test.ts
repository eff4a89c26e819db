import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ACTIONS } from '../../proxy/contract/index.js';
import { createPolicy, mergeDemands, presetSource } from '../../proxy/policy/index.js';
import { readPolicy } from '../../proxy/policy/read.js';
import { DEFAULTS, finding, part, policyOf, preset, subject, toolCall } from './subjects.js';

const rules = (...lines: string[]) => `version: 1\nrules:\n${lines.map((l) => `  - ${l}`).join('\n')}\n`;
const actionOf = (source: string, s: Parameters<ReturnType<typeof policyOf>['judge']>[0]) => policyOf(source).judge(s).verdict.action;

test('the strongest wins, whatever the order', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...ACTIONS], { minLength: 1 }), (actions) => {
      const source = rules(...actions.map((a, i) => `{ id: r${i}, match: { category: contact }, then: ${a} }`));
      const judged = policyOf(source).judge(part({ findings: [finding('EMAIL_ADDRESS', 'contact')] }));
      const wanted = ACTIONS[Math.max(...actions.map((a) => ACTIONS.indexOf(a)))];
      assert.equal(judged.verdict.action, wanted);
      assert.deepEqual(judged.findingActions, [wanted]);
      assert.equal(judged.matched.length, actions.length);
      assert.equal(judged.matched[0]!.action, wanted);
    }),
  );
});

test('among equals: managed before user before preset, then the earlier rule', () => {
  const text = rules('{ id: a, match: { tool: shell }, then: block }', '{ id: b, match: { tool: shell }, then: block }');
  const { document } = readPolicy(text);
  const p = createPolicy({
    preset: 'x',
    managed: true,
    defaults: DEFAULTS,
    parts: (['preset', 'file', 'managed'] as const).map((origin) => ({ name: origin, origin, source: text, document })),
  });
  assert.deepEqual(
    p.judge(toolCall()).matched.map((m) => m.rule),
    ['managed/a', 'managed/b', 'file/a', 'file/b', 'preset/a', 'preset/b'],
  );
});

test('insteadOf: an exception loosens, for its own findings only', () => {
  const user = rules('{ id: support, match: { finding: EMAIL_ADDRESS, agent: planner }, then: allow, insteadOf: balanced/mask-contact }');
  const p = preset('balanced', user);
  const j = p.judge(part({ findings: [finding('EMAIL_ADDRESS', 'contact'), finding('PHONE_NUMBER', 'contact')] }));
  assert.deepEqual(j.findingActions, ['allow', 'mask']);
  const other = part({ findings: [finding('EMAIL_ADDRESS', 'contact')] });
  other.agent = { ...other.agent, name: 'someone else' };
  assert.equal(p.judge(other).verdict.action, 'mask');
});

test('insteadOf: a rule for findings does not loosen one for the whole part, and nobody loosens a managed rule', () => {
  const whole = rules(
    '{ id: words, match: { words: secret plan }, then: block }',
    '{ id: x, match: { category: contact }, then: allow, insteadOf: "*" }',
  );
  assert.equal(actionOf(whole, part({ text: 'the secret plan', findings: [finding('EMAIL_ADDRESS', 'contact')] })), 'block');
  const managed = rules('{ id: no-shell, match: { tool: shell }, then: block }');
  const user = rules('{ id: mine, match: { tool: shell }, then: allow, insteadOf: "*" }');
  const p = createPolicy({
    preset: 'x',
    managed: true,
    defaults: DEFAULTS,
    parts: [
      { name: 'user', origin: 'file', source: user, document: readPolicy(user).document },
      { name: 'managed', origin: 'managed', source: managed, document: readPolicy(managed).document },
    ],
  });
  assert.equal(p.judge(toolCall()).verdict.action, 'block');
});

test('conditions: each field', () => {
  const c = (match: string, s: Parameters<typeof actionOf>[1]) => actionOf(rules(`{ id: r, match: ${match}, then: block }`), s) === 'block';
  const text = part({ text: 'Project Blue-Bird starts; token=AB12' });
  assert.ok(c('{ agent: "plan*" }', text) && c('{ agent: ag_1 }', text) && !c('{ agent: "plan" }', text));
  assert.ok(c('{ groups: [ops, dev] }', text) && !c('{ groups: ops }', text));
  assert.ok(
    c('{ owner: local }', text) && c('{ connection: OPENAI }', text) && c('{ model: "gpt-?" }', text) && !c('{ model: "gpt-4*" }', text),
  );
  assert.ok(c('{ operation: [chat, responses] }', text) && !c('{ operation: embeddings }', text));
  assert.ok(
    c('{ words: [blue-bird] }', text) && c('{ words: "project   blue-bird" }', text) && !c('{ words: Blue }', part({ text: 'blueish' })),
  );
  assert.ok(c('{ pattern: "token=[A-Z0-9]+" }', text) && !c('{ pattern: "token=[0-9]+$" }', text));
  assert.ok(c('{ size: 1000 }', text) && !c('{ size: 2KiB }', text) && c('{ size: { max: 1KiB } }', text));
  assert.ok(c('{ time: { from: "09:00", to: "17:00", weekdays: [1,2,3] } }', text) && !c('{ time: { weekdays: [6,7] } }', text));
  assert.ok(c('{ tool: SHELL }', toolCall()) && !c('{ tool: shell }', text));
  assert.ok(c('{ risk: "shell/*", level: risky }', toolCall('risky', 'delete')) && !c('{ risk: "sql/*" }', toolCall('risky', 'delete')));
  assert.ok(c('{ toolClass: shell, parsed: true }', toolCall()) && !c('{ parsed: false }', toolCall()) && !c('{ parsed: false }', text));
  assert.ok(c('{ words: ls }', toolCall()), 'words are looked for in tool arguments, too');
  assert.ok(c('{ role: user, kind: text, provenance: person, direction: request }', text) && !c('{ role: tool }', text));
  assert.ok(c('{ detector: pii, confidence: { min: 0.5, max: 0.95 } }', part({ findings: [finding('X', 'custom')] })));
  assert.ok(!c('{ confidence: 0.95 }', part({ findings: [finding('X', 'custom')] })));
  assert.ok(c('{ testValue: true }', part({ findings: [{ ...finding('X', 'custom'), testValue: true }] })));
  const budget = subject({ what: 'exchange', budget: { id: 'day', used: 91, limit: 100, unit: 'USD' } });
  assert.ok(
    c('{ budget: { share: 0.9, unit: USD } }', budget) && !c('{ budget: {} }', budget) && !c('{ budget: { share: 0.1, id: x } }', budget),
  );
  const mcp = subject({ what: 'provider-tool', providerTool: { name: 'docs', kind: 'remote-mcp', host: 'mcp.example.com' } });
  assert.ok(c('{ host: "*.example.com", providerTool: docs, providerToolKind: remote-mcp }', mcp) && !c('{ host: "*.example.org" }', mcp));
});

test('clean parts pass unasked only where no rule could speak about them', () => {
  // `observe` has a rule for everything.
  assert.deepEqual(
    (['balanced', 'strict', 'observe'] as const).map((name) => preset(name).cleanPartsPass),
    [true, true, false],
  );
  const said = ['{ agent: planner }', '{ words: secret plan }', '{ pattern: plan }', '{ role: user }', '{ what: part }', '{ model: "*" }'];
  for (const match of [...said, '{ what: part, time: { from: "08:00", to: "18:00" } }'])
    assert.equal(preset('balanced', rules(`{ id: r, match: ${match}, then: block }`)).cleanPartsPass, false, match);
  assert.equal(preset('balanced', rules('{ id: r, match: { what: part }, when: "bytes > 5", then: block }')).cleanPartsPass, false);
  for (const match of ['{ what: tool-call, tool: shell }', '{ category: contact }', '{ what: exchange, model: "*" }']) {
    const policy = preset('balanced', rules(`{ id: r, match: ${match}, then: block }`));
    assert.equal(policy.cleanPartsPass, true, match);
    assert.equal(policy.judge(part({ text: 'the secret plan' })).verdict.action, 'allow');
  }
});

test('time over midnight belongs to the day on which it began', () => {
  const source = rules('{ id: night, match: { time: { from: "22:00", to: "06:00", weekdays: [5] } }, then: block }');
  const at = (minutes: number, weekday: number) => actionOf(source, subject({ what: 'exchange', time: { minutes, weekday } }));
  assert.equal(at(23 * 60, 5), 'block');
  assert.equal(at(60, 6), 'block');
  assert.equal(at(60, 5), 'allow');
  assert.equal(at(6 * 60, 6), 'allow');
  assert.equal(policyOf(source).timeDependent, true);
  assert.equal(preset('balanced').timeDependent, false);
});

test('not: the rule does not match where all of it holds; with findings it takes those out', () => {
  const source = rules('{ id: r, match: { category: contact }, not: { finding: PHONE_NUMBER, direction: request }, then: mask }');
  const both = [finding('EMAIL_ADDRESS', 'contact'), finding('PHONE_NUMBER', 'contact')];
  assert.deepEqual(policyOf(source).judge(part({ findings: both })).findingActions, ['mask', 'allow']);
  assert.deepEqual(policyOf(source).judge(part({ findings: both, direction: 'response' })).findingActions, ['mask', 'mask']);
  const plain = rules('{ id: r, match: { direction: request }, not: { agent: planner, category: contact }, then: block }');
  assert.equal(actionOf(plain, part({ findings: both })), 'allow');
  assert.equal(actionOf(plain, part()), 'block');
});

test('CEL: sees the facts; where it fails, restricting rules hold and allowing ones do not', () => {
  const when = (cel: string, then = 'block') => rules(`{ id: r, match: {}, when: '${cel}', then: ${then} }`);
  const s = part({ findings: [finding('EMAIL_ADDRESS', 'contact'), finding('EMAIL_ADDRESS', 'contact')] });
  assert.equal(actionOf(when('findings.filter(f, f.entity == "EMAIL_ADDRESS").size() > 1 && agent.name == "planner"'), s), 'block');
  assert.equal(actionOf(when('size > 100000'), s), 'allow');
  assert.equal(actionOf(when('tool.risks.exists(r, r.level == "risky") && weekday < 6'), toolCall('risky', 'x')), 'block');
  assert.equal(actionOf(when('agent.nothing == "x"'), s), 'block');
  const loosen = rules(
    '{ id: a, match: { category: contact }, then: block }',
    `{ id: b, match: {}, when: 'agent.nothing == "x"', then: allow, insteadOf: "*" }`,
  );
  assert.equal(actionOf(loosen, s), 'block');
});

test('where no rule speaks: clean passes, what cannot be judged is asked, catastrophe is blocked', () => {
  const p = policyOf('version: 1');
  assert.equal(p.judge(part()).verdict.rule, 'builtin/allow');
  assert.equal(p.judge(toolCall('catastrophic')).verdict.action, 'block');
  assert.equal(p.judge(toolCall('risky')).verdict.action, 'approve');
  assert.equal(p.judge(toolCall(undefined, 'x', { parsed: false })).verdict.action, 'approve');
  for (const what of ['not-scanned', 'provider-tool', 'provider-history'] as const)
    assert.equal(p.judge(subject({ what })).verdict.action, 'approve');
  assert.equal(p.restoreInto({ name: 'x' }, ['EMAIL_ADDRESS'], { id: 'a', groups: [] }), 'approve');
  assert.deepEqual(p.judge(toolCall('risky')).verdict.approval, {
    groups: [],
    minimum: 1,
    separateApprover: false,
    expiresInSeconds: 600,
    mustOpen: false,
  });
});

test('verdicts carry entities, risks, level, part, reason; sentences name facts and never content', () => {
  const j = preset('balanced').judge(part({ text: 'jane@acme.example', findings: [finding('EMAIL_ADDRESS', 'contact')] }));
  assert.deepEqual(j.verdict, {
    action: 'mask',
    rule: 'balanced/mask-contact',
    sentence: 'Contact data is masked: EMAIL_ADDRESS.',
    partId: 'messages/0/content',
    entities: ['EMAIL_ADDRESS'],
  });
  const t = preset('balanced').judge(toolCall('catastrophic', 'delete')).verdict;
  assert.deepEqual([t.level, t.risks, t.sentence], ['catastrophic', ['shell/delete'], 'The call of shell is blocked: would do harm.']);
  const evil = toolCall('risky');
  evil.tool!.name = `x\u202e\n\u0007${'y'.repeat(500)}`;
  assert.match(preset('balanced').judge(evil).verdict.sentence, /^The call of xy{79} is risky/);
});

test('several rules that ask: each demand must be met', () => {
  const source = rules(
    '{ id: a, match: { tool: shell }, then: { action: approve, groups: [sec], expiresIn: 10m } }',
    '{ id: b, match: { level: risky }, then: { action: approve, groups: [ops], separateApprover: true, expiresIn: 60, mustOpen: true } }',
  );
  const demand = policyOf(source).judge(toolCall('risky')).verdict.approval!;
  assert.deepEqual([demand.minimum, demand.separateApprover, demand.expiresInSeconds, demand.mustOpen], [1, true, 60, true]);
  assert.deepEqual([demand.groups, demand.and?.map((d) => d.groups)], [['ops'], [['sec']]]);
  const one = mergeDemands([demand, demand]);
  assert.equal(one.and?.length, 1);
});

test('restoration: the nearest source decides per entity, the strictest answer holds', () => {
  const user =
    'version: 1\nrestore:\n  - { id: mail, tool: [send_mail], entity: [EMAIL_ADDRESS, US_SSN], then: "yes" }\n  - { id: shells, toolClass: shell, then: "no" }\n';
  const p = preset('balanced', user);
  const agent = { id: 'a', groups: [] };
  assert.equal(p.restoreInto({ name: 'send_mail' }, ['EMAIL_ADDRESS', 'US_SSN'], agent), 'yes');
  assert.equal(p.restoreInto({ name: 'send_mail' }, ['EMAIL_ADDRESS', 'CREDIT_CARD'], agent), 'approve');
  assert.equal(p.restoreInto({ name: 'bash', reading: toolCall().tool!.reading }, ['EMAIL_ADDRESS'], agent), 'no');
});

test('explain: names the nearest rule and why it did not match', () => {
  const p = preset('balanced');
  const unsure = p.explain(part({ findings: [finding('PERSON', 'person', 0.5)] }));
  assert.equal(unsure.verdict.action, 'allow');
  assert.equal(unsure.nearest?.rule, 'balanced/mask-person');
  assert.equal(unsure.nearest?.because, 'confidence of PERSON is 0.5, not at least 0.6');
  const test1 = p.explain(part({ findings: [{ ...finding('CREDIT_CARD', 'financial'), testValue: true }] }));
  assert.match(test1.nearest!.because, /documented test value/);
  const call = p.explain(toolCall('notable', 'file'));
  assert.match(call.nearest!.because, /level is "notable", not "/);
  const s = part({ text: 'sallyport-canary-value' });
  assert.doesNotMatch(JSON.stringify(preset('balanced', rules('{ id: w, match: { words: other }, then: block }')).explain(s)), /canary/);
});

test('judging is pure: the same subject gives the same judgement, and is left as it was', () => {
  const entity = fc.constantFrom('EMAIL_ADDRESS', 'US_SSN', 'OPENAI_API_KEY', 'PROMPT_INJECTION', 'PERSON');
  const category = fc.constantFrom('contact', 'national-id', 'secret', 'prompt', 'person') as fc.Arbitrary<'contact'>;
  const found = fc.tuple(entity, category, fc.double({ min: 0, max: 1, noNaN: true })).map(([e, c, n]) => finding(e, c, n));
  fc.assert(
    fc.property(
      fc.array(found, { maxLength: 6 }),
      fc.constantFrom('request' as const, 'response' as const),
      fc.constantFrom('observe' as const, 'balanced' as const, 'strict' as const),
      (findings, direction, name) => {
        const s = part({ findings, direction });
        const before = JSON.stringify(s);
        const p = preset(name);
        const first = p.judge(s);
        assert.deepEqual(p.judge(s), first);
        assert.equal(JSON.stringify(s), before);
        assert.equal(first.findingActions.length, findings.length);
        for (const a of first.findingActions) assert.ok(ACTIONS.indexOf(a) <= ACTIONS.indexOf(first.verdict.action));
        const { nearest: _, ...rest } = p.explain(s);
        assert.deepEqual(rest, first, 'explain says what judge says');
      },
    ),
    { numRuns: 300 },
  );
});

test('presets are what they are called: strict is never weaker than balanced', () => {
  const found = fc.constantFrom(
    finding('EMAIL_ADDRESS', 'contact'),
    finding('US_SSN', 'national-id'),
    finding('OPENAI_API_KEY', 'secret'),
    finding('PROMPT_INJECTION', 'prompt'),
    finding('PERSON', 'person'),
    finding('LOCATION', 'location'),
  );
  const levels = fc.constantFrom('catastrophic' as const, 'risky' as const, 'notable' as const, undefined);
  const subjects = fc.oneof(
    fc.array(found, { maxLength: 4 }).map((findings) => part({ findings })),
    fc.array(found, { maxLength: 4 }).map((findings) => part({ findings, direction: 'response' })),
    levels.map((l) => toolCall(l, 'delete')),
  );
  fc.assert(
    fc.property(subjects, (s) => {
      const [observe, balanced, strict] = (['observe', 'balanced', 'strict'] as const).map((n) =>
        ACTIONS.indexOf(preset(n).judge(s).verdict.action),
      );
      assert.ok(observe! <= balanced! && balanced! <= strict!);
    }),
    { numRuns: 200 },
  );
});

test('a preset source is read from the shipped assets', () => {
  assert.match(presetSource('balanced'), /^version: 1/);
});
