import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Approval, Budget } from '../../proxy/contract/index.js';
import { type Bench, openBench } from '../pipeline/support.js';

const local = { id: 'local', name: 'Local', groups: [], via: 'os' as const };

let b: Bench;
before(async () => {
  b = await openBench();
});
after(() => b.close());

async function agent(name: string): Promise<{ id: string; key: string }> {
  const scope = { connections: ['*'], models: ['*'], operations: ['*' as const] };
  const { key, agent: made } = await b.gateway.services.agents.create({ name, owner: 'local', scope });
  return { id: made.id, key };
}

const budget = (...budgets: Budget[]) =>
  b.gateway.services.settings.update((draft) => {
    draft.budgets = budgets;
  });

const ask = (key: string, path = '/openai/v1/chat/completions', model = 'gpt-4o', stream = false) =>
  b.post(
    path,
    { model, stream, max_tokens: 100, messages: [{ role: 'user', content: 'Good morning' }] },
    { authorization: `Bearer ${key}` },
  );

async function pendingOf(agentId: string): Promise<Approval> {
  for (let i = 0; i < 400; i++) {
    const found = b.gateway.services.approvals.list({ state: 'pending', agent: agentId })[0];
    if (found) return found;
    await new Promise((r) => setTimeout(r, 20));
  }
  throw new Error('nothing waits');
}

const decide = (a: Approval, decision: 'approve' | 'deny') =>
  b.gateway.services.approvals.decide(a.id, { version: a.version, decision }, local);

for (const [unit, limit, sentence] of [
  ['tokens', { tokens: 1 }, /^Budget: \d+ of 1 tokens used\. Continue\?$/],
  ['cost', { cost: 0.000001 }, /^Budget: 0\.\d{6} of 0\.000001 USD used\. Continue\?$/],
] as const)
  test(`${unit}: the exchange after the limit waits, a person lets it go on or ends it`, async () => {
    const { id, key } = await agent(`spender-${unit}`);
    await budget({ id: 'day', agent: id, per: 'day', limit });
    assert.equal((await ask(key)).status, 200, 'under the limit');
    const sent = b.provider.log.entries.length;
    const held = ask(key);
    const first = await pendingOf(id);
    assert.equal(first.verdicts[0]?.rule, 'balanced/ask-budget');
    assert.match(first.verdicts[0]?.sentence ?? '', sentence);
    assert.equal(b.provider.log.entries.length, sent, 'nothing left meanwhile');
    await decide(first, 'approve');
    assert.equal((await held).status, 200);
    // It was given once more for this day: reached again, it is asked again. A denial ends it, with the reason for the agent.
    const again = ask(key, '/anthropic/v1/messages', 'claude-sonnet-4-5', true);
    const second = await pendingOf(id);
    assert.notEqual(second.id, first.id);
    await decide(second, 'deny');
    const answer = await again;
    assert.match(await answer.text(), /denied_by_person|Denied/);
    assert.equal(b.provider.log.entries.length, sent + 1);
    // Another agent has its own.
    const other = await agent(`other-${unit}`);
    assert.equal((await ask(other.key)).status, 200);
  });

test('requests per minute: the one too many waits', async () => {
  const { id, key } = await agent('hurried');
  await budget({ id: 'rpm', agent: id, per: 'minute', limit: { requests: 3 } });
  for (let i = 0; i < 3; i++) assert.equal((await ask(key)).status, 200);
  const held = ask(key);
  const approval = await pendingOf(id);
  assert.match(approval.verdicts[0]?.sentence ?? '', /3 of 3 requests used/);
  await decide(approval, 'approve');
  assert.equal((await held).status, 200);
  for (let i = 0; i < 2; i++) assert.equal((await ask(key)).status, 200, 'the limit was given once more');
});

test('a model without a price spends nothing: no estimate is made', async () => {
  const { id, key } = await agent('unpriced');
  await budget({ id: 'day', agent: id, per: 'day', limit: { cost: 0.000001 } });
  for (let i = 0; i < 3; i++) assert.equal((await ask(key, '/openai/v1/chat/completions', 'house-model')).status, 200);
});
