import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { ACTIONS, SallyportError } from '../../proxy/contract/index.js';
import { backtest, backtestAll, explainExchange, openPolicies, type RecordedExchange, type Subject } from '../../proxy/policy/index.js';
import { openSettings } from '../../proxy/settings/index.js';
import { finding, part, preset, subject, toolCall } from './subjects.js';

const anySubject: fc.Arbitrary<Subject> = fc.oneof(
  fc
    .array(
      fc.constantFrom(
        finding('EMAIL_ADDRESS', 'contact'),
        finding('US_SSN', 'national-id'),
        finding('PROMPT_INJECTION', 'prompt'),
        finding('OPENAI_API_KEY', 'secret'),
      ),
      { maxLength: 3 },
    )
    .map((findings) => part({ findings })),
  fc.constantFrom('catastrophic' as const, 'risky' as const, 'notable' as const, undefined).map((l) => toolCall(l, 'delete')),
  fc
    .constantFrom('image' as const, 'over-limit' as const)
    .map((reason) => subject({ what: 'not-scanned', notScanned: { reason, bytes: 5 } })),
);

function recorded(n: number, subjects: RecordedExchange['subjects'], change: Partial<RecordedExchange> = {}): RecordedExchange {
  return {
    exchange: `ex_${n}`,
    session: `s_${n % 7}`,
    agent: { id: 'ag_1', name: 'planner' },
    at: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
    policyRevision: 'r',
    outcome: 'ok',
    subjects,
    ...change,
  };
}

test('a backtest says what live evaluation would have said', () => {
  fc.assert(
    fc.property(
      fc.array(anySubject, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('observe' as const, 'balanced' as const, 'strict' as const),
      (subjects, name) => {
        const live = preset(name);
        const judged = subjects.map((s) => live.judge(s).verdict);
        // as the ledger keeps it: JSON
        const kept = JSON.parse(
          JSON.stringify(
            recorded(
              1,
              subjects.map((s, i) => ({ subject: s, was: { action: judged[i]!.action, rule: judged[i]!.rule } })),
            ),
          ),
        ) as RecordedExchange;
        const result = backtest(live, kept);
        const strongest = judged.reduce((a, b) => (ACTIONS.indexOf(b.action) > ACTIONS.indexOf(a.action) ? b : a));
        assert.equal(result.becomes, strongest.action);
        assert.equal(result.changed, false, 'the same policy changes nothing');
        if (strongest.action !== 'allow') assert.deepEqual([result.rule, result.sentence], [strongest.rule, strongest.sentence]);
        assert.deepEqual(
          explainExchange(live, kept).subjects.map((s) => [s.action, s.rule]),
          judged.map((v) => [v.action, v.rule]),
        );
      },
    ),
    { numRuns: 300 },
  );
});

const MAIL = [
  { subject: part({ findings: [finding('EMAIL_ADDRESS', 'contact')] }), was: { action: 'mask' as const, rule: 'balanced/mask-contact' } },
];
const DRAFT = 'version: 1\nrules:\n  - { id: no-mail, match: { category: contact }, then: block }\n';

test('the report: totals, groups, likely false alarms first, what cannot be judged is skipped', async () => {
  const all = [
    recorded(1, MAIL, { outcome: 'denied' }),
    recorded(2, MAIL),
    recorded(3, [{ subject: part() }]),
    recorded(4, MAIL, { incomplete: 'forgotten' }),
    recorded(5, [{ subject: toolCall('risky'), was: { action: 'approve', rule: 'balanced/ask-risky' } }]),
  ];
  const progress: number[] = [];
  const report = await backtestAll(preset('balanced', DRAFT), all, { total: 5, onProgress: ({ done }) => progress.push(done) });
  assert.deepEqual([report.exchanges, report.skipped], [4, 1]);
  assert.deepEqual(report.totals, { allow: 1, mask: 0, approve: 1, block: 2 });
  assert.deepEqual(
    report.changes.map((c) => [c.exchange, c.was, c.becomes, c.likelyFalseAlarm]),
    [
      ['ex_2', 'mask', 'block', true],
      ['ex_1', 'mask', 'block', false],
    ],
  );
  assert.deepEqual(report.byRule, [{ rule: 'user0/no-mail', becomes: 'block', exchanges: 2 }]);
  assert.equal(progress.at(-1), 5);
});

test('cancelled at once, and it gives the loop back while it runs', async () => {
  const stop = new AbortController();
  async function* endless() {
    for (let i = 0; ; i++) yield recorded(i, MAIL);
  }
  const ticks = { n: 0 };
  const timer = setInterval(() => {
    if (++ticks.n === 5) stop.abort(new SallyportError('shutting_down'));
  }, 1);
  await assert.rejects(
    backtestAll(preset('balanced', DRAFT), endless(), { signal: stop.signal }),
    (e: unknown) => e instanceof SallyportError && e.code === 'shutting_down',
  );
  clearInterval(timer);
});

test('through the store: the draft stands for the file of its name; a bad draft and a missing exchange are said', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-backtest-'));
  const all = Array.from({ length: 50 }, (_, i) => recorded(i, MAIL));
  const store = await openPolicies({
    directory,
    settings: await openSettings(directory),
    managedPath: null,
    recorded: {
      exchange: async (id) => all.find((e) => e.exchange === id),
      async *exchanges({ limit = 1000, since = '' }) {
        yield* all.filter((e) => e.at >= since).slice(0, limit);
      },
      count: async () => all.length,
    },
  });
  const options = { onProgress() {}, signal: new AbortController().signal };
  const report = await store.backtest({ source: DRAFT, limit: 10 }, options);
  assert.deepEqual([report.exchanges, report.changes.length, report.changes[0]!.rule], [10, 10, 'draft/no-mail']);
  assert.equal((await store.backtest({ source: DRAFT, since: all[40]!.at }, options)).exchanges, 10);
  await assert.rejects(
    store.backtest({ source: 'version: 1\nrules: 1' }, options),
    (e: unknown) => e instanceof SallyportError && e.code === 'invalid',
  );
  const explained = await store.explain('ex_3');
  assert.deepEqual(
    [explained.changedSince, explained.subjects[0]!.rule, explained.subjects[0]!.about],
    [true, 'balanced/mask-contact', 'request part messages/0/content (user)'],
  );
  await assert.rejects(store.explain('ex_none'), (e: unknown) => e instanceof SallyportError && e.code === 'not_found');
  store.close();
  rmSync(directory, { recursive: true });
});
