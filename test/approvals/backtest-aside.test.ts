import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Bench, openBench } from '../pipeline/support.js';
import { fill } from '../policy/backtest-live.js';

const DRAFT = 'version: 1\nrules:\n  - { id: night, match: { words: [nightfall] }, then: block }\n';
const local = { id: 'local', name: 'Local', groups: [], via: 'os' as const };

let b: Bench;
before(async () => {
  b = await openBench();
  await fill(b, 100);
});
after(() => b.close());

test('a backtest runs in a thread of its own: the same verdicts as live, with progress, while traffic passes', async () => {
  const { policies, ledger } = b.gateway.services;
  const seen: { done: number; total: number }[] = [];
  let passed = 0;
  const running = policies.backtest({ source: DRAFT }, { onProgress: (p) => seen.push(p), signal: new AbortController().signal });
  for (let n = 0; n < 5; n++)
    passed += Number(
      (await b.post('/openai/v1/chat/completions', { model: 'gpt-4o', messages: [{ role: 'user', content: `live ${n}` }] })).ok,
    );
  const report = await running;
  assert.equal(passed, 5);
  assert.ok(report.exchanges >= 100 && report.skipped === 0, JSON.stringify(report.totals));
  assert.ok(seen.length > 0 && seen.at(-1)!.done >= 100);
  // Judged as live: the draft in force refuses just those conversations that the run named.
  const named = new Set(report.changes.map((c) => c.session));
  assert.ok(report.changes.every((c) => c.becomes === 'block' && c.rule === 'draft/night'));
  const turns = report.changes.map((c) => c.exchange);
  assert.equal(new Set(turns).size, turns.length);
  const { sessions } = await ledger.sessions({ limit: 100 });
  const about = sessions.filter((s) => named.has(s.id));
  assert.equal(about.length, 2, 'turns 7 and 57 begin it, and every later turn of their sessions repeats it');
  assert.equal(report.changes.length, 6);
  await policies.save({ name: 'draft.yaml', source: DRAFT }, local);
  const explained = await Promise.all(turns.slice(0, 3).map((id) => policies.explain(id)));
  for (const e of explained) assert.ok(e.subjects.some((s) => s.rule === 'draft/night' && s.action === 'block'));
  assert.equal(
    (await b.post('/openai/v1/chat/completions', { model: 'gpt-4o', messages: [{ role: 'user', content: 'nightfall' }] })).status,
    403,
  );
  await policies.remove('draft.yaml', local);
});

test('a cancelled backtest ends at once', async () => {
  const stop = new AbortController();
  const running = b.gateway.services.policies.backtest({ source: DRAFT }, { onProgress() {}, signal: stop.signal });
  setImmediate(() => stop.abort());
  await assert.rejects(running, { name: 'AbortError' });
});

test('with originals a rule on a masked value is tried, else it finds only what the record shows', async () => {
  const { policies } = b.gateway.services;
  const source = "version: 1\nrules:\n  - { id: mail, match: { pattern: 'max\\.m3@' }, then: block }\n";
  const found = (r: { changes: { rule: string }[] }) => r.changes.filter((c) => c.rule === 'draft/mail').length;
  const run = (originals: boolean) => policies.backtest({ source, originals }, { onProgress() {}, signal: new AbortController().signal });
  assert.equal(found(await run(false)), 0);
  const revealed = found(await run(true));
  assert.ok(revealed > 0, `${revealed}`);
});
