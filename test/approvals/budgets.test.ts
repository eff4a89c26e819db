import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costOf, createBudgets, shippedPrices } from '../../proxy/approvals/index.js';
import type { Budget } from '../../proxy/contract/index.js';
import { World } from './world.js';

const PRICES = { asOf: '2026-01-01', currency: 'USD', models: [{ model: 'm-*', input: 1, cachedInput: 0.1, output: 10 }] };

function meter(budgets: Budget[], offset = 0) {
  const world = new World();
  return { world, meter: createBudgets({ clock: world.clock, budgets: () => budgets, prices: PRICES, offsetMinutes: () => offset }) };
}

test('requests per minute slide; tokens per day add up', () => {
  const { world, meter: m } = meter([
    { id: 'rpm', agent: '*', per: 'minute', limit: { requests: 3 } },
    { id: 'day', agent: 'ag_1', per: 'day', limit: { tokens: 1000 } },
  ]);
  for (let i = 0; i < 3; i++) m.begin('ag_1');
  assert.deepEqual(m.reached('ag_1'), { id: 'rpm', used: 3, limit: 3, unit: 'requests' });
  assert.equal(m.reached('ag_2'), undefined);
  world.pass(60_000);
  assert.equal(m.reached('ag_1'), undefined);
  m.spend('ag_1', 'm-1', { inputTokens: 900, outputTokens: 50 });
  assert.equal(m.reached('ag_1'), undefined);
  m.spend('ag_1', 'm-1', { inputTokens: 0, outputTokens: 50 });
  assert.equal(m.reached('ag_1')?.id, 'day');
  world.pass(24 * 3_600_000);
  assert.equal(m.reached('ag_1'), undefined);
});

test('a clock that is turned back does not give the day anew', () => {
  const { world, meter: m } = meter([{ id: 'day', agent: '*', per: 'day', limit: { tokens: 10 } }]);
  m.spend('a', 'm-1', { inputTokens: 10 });
  world.jump(-24 * 3_600_000);
  assert.equal(m.reached('a')?.used, 10);
});

test('cost: cached input is cheaper, unknown models and missing usage are counted apart and never estimated', () => {
  const { meter: m } = meter([{ id: 'cost', agent: '*', per: 'day', limit: { cost: 5 } }]);
  m.spend('a', 'm-1', { inputTokens: 1_000_000, cachedTokens: 500_000, outputTokens: 100_000 });
  m.spend('a', 'unheard-of', { inputTokens: 9_000_000 });
  m.spend('a', 'm-1', undefined);
  const [state] = m.states('a');
  assert.equal(state!.used, 1.55);
  assert.equal(state!.unknown, 2);
  assert.equal(state!.unit, 'USD');
  assert.equal(state!.reached, false);
});

test('a person lets it go on: the limit once more, for this period only', () => {
  const { world, meter: m } = meter([{ id: 'day', agent: '*', per: 'day', limit: { tokens: 10 } }]);
  m.spend('a', 'm-1', { inputTokens: 10 });
  m.extend('day', 'a');
  assert.equal(m.reached('a'), undefined);
  m.spend('a', 'm-1', { inputTokens: 10 });
  assert.deepEqual(m.reached('a'), { id: 'day', used: 20, limit: 20, unit: 'tokens' });
  m.extend('day', 'a');
  assert.equal(m.states('a')[0]!.limit, 30);
  world.pass(24 * 3_600_000);
  m.spend('a', 'm-1', { inputTokens: 10 });
  assert.deepEqual(m.reached('a'), { id: 'day', used: 10, limit: 10, unit: 'tokens' });
});

test('days are local days', () => {
  const { world, meter: m } = meter([{ id: 'day', agent: '*', per: 'day', limit: { tokens: 10 } }], 120);
  m.spend('a', 'm-1', { inputTokens: 10 });
  world.pass(22 * 3_600_000 - 1);
  assert.equal(m.reached('a')?.id, 'day');
  world.pass(1);
  assert.equal(m.reached('a'), undefined);
});

test('the shipped price table has a date and sane rows', () => {
  const prices = shippedPrices();
  assert.match(prices.asOf, /^\d{4}-\d\d-\d\d$/);
  assert.ok(prices.models.length > 10);
  for (const m of prices.models) assert.ok(m.input >= 0 && m.output >= 0 && (m.cachedInput ?? 0) <= m.input, m.model);
  assert.equal(costOf(prices, 'gpt-4o-mini-2024-07-18', { inputTokens: 1_000_000 }), 0.15);
  assert.equal(costOf(prices, 'no-such-model', { inputTokens: 1 }), undefined);
});

test('shipped prices: dated, with their source; relatives of a model have no price of their family', () => {
  const prices = shippedPrices();
  assert.match(prices.asOf, /^20\d\d-\d\d-\d\d$/);
  assert.ok((prices.sources?.length ?? 0) > 0);
  const of = (model: string) => costOf(prices, model, { inputTokens: 1e6 });
  assert.equal(of('gpt-4o'), 2.5);
  assert.equal(of('gpt-4o-2024-11-20'), 2.5);
  assert.equal(of('gpt-4o-mini-2024-07-18'), 0.15);
  assert.equal(of('gpt-4o-realtime-preview'), undefined);
  assert.equal(of('gpt-5.1-codex-mini'), undefined);
  assert.equal(of('claude-sonnet-4-5-20250929'), 3);
  assert.equal(of('claude-sonnet-4-20250514'), 3);
  assert.equal(new Set(prices.models.map((m) => m.model)).size, prices.models.length);
  for (const m of prices.models) assert.ok((m.cachedInput ?? 0) <= m.input && (m.cacheWrite ?? m.input) >= m.input, m.model);
});

test('what came from and went to the cache has its own price', () => {
  const prices = { asOf: '2026-01-01', currency: 'USD', models: [{ model: 'c', input: 4, cachedInput: 0.4, cacheWrite: 5, output: 20 }] };
  const usage = { inputTokens: 1e6, cachedTokens: 500_000, cacheWriteTokens: 100_000, outputTokens: 0 };
  assert.equal(Math.round(costOf(prices, 'c', usage)! * 1000) / 1000, 2.3);
});
