import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Bench, openBench } from '../pipeline/support.js';

const local = { id: 'local', name: 'Local', groups: [], via: 'os' as const };
const RULES = `version: 1
rules:
  - { id: words, match: { direction: response, words: [nightfall, salary table] }, then: block, sentence: That project is not spoken about. }
  - { id: noted, match: { direction: response, pattern: 'rain (in|over) \\w+' }, then: allow }
  - { id: after, match: { direction: response, words: [confidential], finding: EMAIL_ADDRESS }, then: block }
`;
const EMPTY = 'version: 1\nrules: []\n';

let b: Bench;
before(async () => {
  b = await openBench();
  await b.gateway.services.policies.save({ name: 'words.yaml', source: RULES }, local);
});
after(() => b.close());

const body = (say: string, stream: boolean) => ({
  model: 'gpt-4o',
  stream,
  messages: [{ role: 'user', content: `[[say ${say}]]` }],
});

async function ask(say: string, stream: boolean): Promise<{ status: number; text: string; id: string }> {
  const answer = await b.post('/openai/v1/chat/completions', body(say, stream));
  const raw = await answer.text();
  const text = stream ? [...raw.matchAll(/"content":"((?:[^"\\]|\\.)*)"/g)].map((m) => JSON.parse(`"${m[1]}"`) as string).join('') : raw;
  const id = answer.headers.get('x-sallyport-exchange') ?? (JSON.parse(raw) as { error: { exchange?: string } }).error.exchange ?? '';
  return { status: answer.status, text, id };
}

test('a word that a rule blocks never reaches the agent, streamed or whole', async () => {
  const streamed = await ask('Here you are: the nightfall papers of this week and more', true);
  assert.equal(streamed.status, 200, 'the stream had begun');
  assert.match(streamed.text, /^Here you are: the /);
  assert.ok(!/nightfall|papers/.test(streamed.text), streamed.text);
  assert.match(streamed.text, /\[Sallyport\] That project is not spoken about\. \(rule words\/words\)/);
  const phrase = await ask('This is the salary table of all', true);
  assert.ok(!/salary/.test(phrase.text), 'the beginning of the phrase waited');
  const whole = await ask('Here you are: the nightfall papers', false);
  assert.equal(whole.status, 403);
  assert.match(whole.text, /blocked_by_policy/);
  const fine = await ask('Nothing of a salary, no table either', true);
  assert.equal(fine.text, 'Nothing of a salary, no table either');
});

test('a rule that only reports stands in the record', async () => {
  const { id } = await ask('There is rain over Bern today', true);
  const detail = await b.gateway.services.ledger.exchange(id);
  const end = detail?.events.find((e) => e.kind === 'end')?.meta as { verdicts: { rule: string; action: string }[] };
  assert.deepEqual(
    end.verdicts.map((v) => `${v.rule} ${v.action}`),
    ['words/noted allow'],
  );
});

test('the time machine says about answers what live evaluation said, and explain shows it', async () => {
  // Under observe the provider gets the address itself, so that the model can say it.
  await b.gateway.services.policies.setPreset('observe', local);
  const before = await ask('A confidential note: see max.muster@brightwater-ag.ch for all of it', true);
  const other = await ask('See max.muster@brightwater-ag.ch before it is confidential, please', true);
  const { policies } = b.gateway.services;
  const options = { onProgress: () => {}, signal: new AbortController().signal };
  // The policy that judged says what it said.
  const same = await policies.backtest({ source: RULES, name: 'words.yaml' }, options);
  assert.deepEqual(same.changes, []);
  assert.ok(same.exchanges > 0);
  // Without its rules what it stopped cannot be known, and is counted as such.
  const without = await policies.backtest({ source: EMPTY, name: 'words.yaml' }, options);
  assert.deepEqual(without.changes, []);
  assert.ok(without.skipped >= 2, `${without.skipped} skipped`);
  // A new rule finds its words in the recorded answers.
  const draft = await policies.backtest({ source: RULES.replace('nightfall,', 'nightfall, bern, either,'), name: 'words.yaml' }, options);
  assert.deepEqual(
    draft.changes.map((c) => `${c.was} ${c.becomes} ${c.rule}`),
    ['allow block words/words', 'allow block words/words'],
  );
  const live = [before, other].map(({ text }) => /\[Sallyport\]/.test(text));
  const explained = await Promise.all([before, other].map(({ id }) => policies.explain(id)));
  assert.deepEqual(
    explained.map((e) => e.subjects.some((s) => s.rule === 'words/after' && s.action === 'block')),
    live,
  );
  assert.deepEqual(live, [true, false], 'the word must stand before the finding');
});
