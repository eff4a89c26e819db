/** Budgets as soft stops: reaching one holds the next exchange, it never breaks one that runs. Only exact usage counts. */
import type { Budget, Clock } from '../contract/index.js';
import { costOf, type PriceTable, shippedPrices, type Usage } from './prices.js';

export interface BudgetState {
  id: string;
  agent: string;
  per: Budget['per'];
  unit: 'tokens' | 'requests' | string;
  used: number;
  /** With what a person has added in this period. */
  limit: number;
  reached: boolean;
  /** Exchanges of this period whose provider reported no usage, or whose model has no price: not in `used`, never estimated. */
  unknown: number;
}

export interface BudgetOptions {
  clock: Clock;
  budgets(): readonly Budget[];
  prices?: PriceTable;
  /** Minutes east of UTC at a time; default: this computer's. Days are local days. */
  offsetMinutes?(wall: number): number;
}

export interface Budgets {
  /** Counts a request that begins. Call once per exchange that is forwarded. */
  begin(agentId: string): void;
  /** Adds what the provider reported at the end of an exchange; undefined: it reported nothing. */
  spend(agentId: string, model: string | undefined, usage: Usage | undefined): void;
  /** All budgets of an agent, as they stand now. */
  states(agentId: string): BudgetState[];
  /** The first budget that is reached, as a policy subject wants it. */
  reached(agentId: string): { id: string; used: number; limit: number; unit: string } | undefined;
  /** A person lets the run go on: the limit is given once more in this period. */
  extend(budgetId: string, agentId: string): void;
  readonly prices: { asOf: string; currency: string };
}

interface Entry {
  at: number;
  requests: number;
  tokens: number;
  cost: number;
  unreported: number;
  unpriced: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const none = (at: number): Entry => ({ at, requests: 0, tokens: 0, cost: 0, unreported: 0, unpriced: 0 });

function add(to: Entry, e: Entry): void {
  to.requests += e.requests;
  to.tokens += e.tokens;
  to.cost += e.cost;
  to.unreported += e.unreported;
  to.unpriced += e.unpriced;
}

/** One agent: a total per local day, and the entries of the last minute. */
class Ledger {
  day = -1;
  total = none(0);
  minute: Entry[] = [];
}

/** Opens the meter. Memory per agent is bounded by its requests of one minute. */
export function createBudgets(options: BudgetOptions): Budgets {
  const prices = options.prices ?? shippedPrices();
  const agents = new Map<string, Ledger>();
  const extended = new Map<string, { period: number; times: number }>();
  const offset = options.offsetMinutes ?? ((wall: number) => -new Date(wall).getTimezoneOffset());
  const dayOf = (wall: number) => Math.floor((wall + offset(wall) * MINUTE) / DAY);

  function ledger(agentId: string): Ledger {
    let l = agents.get(agentId);
    if (!l) agents.set(agentId, (l = new Ledger()));
    const day = dayOf(options.clock.now());
    // a clock that is turned back does not begin a new day
    if (day > l.day) {
      l.day = day;
      l.total = none(0);
    }
    const since = options.clock.monotonic() - MINUTE;
    while (l.minute.length > 0 && l.minute[0]!.at <= since) l.minute.shift();
    return l;
  }

  function book(agentId: string, change: Partial<Entry>): void {
    const l = ledger(agentId);
    const e: Entry = { ...none(options.clock.monotonic()), ...change };
    add(l.total, e);
    l.minute.push(e);
  }

  const used = (l: Ledger, per: Budget['per']): Entry => {
    if (per === 'day') return l.total;
    const sum = none(0);
    for (const e of l.minute) add(sum, e);
    return sum;
  };

  const periodOf = (per: Budget['per'], l: Ledger) => (per === 'day' ? l.day : Math.floor(options.clock.monotonic() / MINUTE));

  function states(agentId: string): BudgetState[] {
    const l = ledger(agentId);
    const out: BudgetState[] = [];
    for (const b of options.budgets()) {
      if (b.agent !== '*' && b.agent !== agentId) continue;
      const sum = used(l, b.per);
      const more = extended.get(`${b.id}\n${agentId}`);
      const times = 1 + (more && more.period === periodOf(b.per, l) ? more.times : 0);
      const row = (unit: string, value: number, limit: number, unknown: number) =>
        out.push({
          id: b.id,
          agent: agentId,
          per: b.per,
          unit,
          used: value,
          limit: limit * times,
          reached: value >= limit * times,
          unknown,
        });
      if (b.limit.tokens !== undefined) row('tokens', sum.tokens, b.limit.tokens, sum.unreported);
      if (b.limit.cost !== undefined) row(prices.currency, Math.round(sum.cost * 1e6) / 1e6, b.limit.cost, sum.unreported + sum.unpriced);
      if (b.limit.requests !== undefined) row('requests', sum.requests, b.limit.requests, 0);
    }
    return out;
  }

  return {
    prices: { asOf: prices.asOf, currency: prices.currency },
    begin: (agentId) => book(agentId, { requests: 1 }),
    spend(agentId, model, usage) {
      if (!usage || (usage.inputTokens === undefined && usage.outputTokens === undefined)) return book(agentId, { unreported: 1 });
      const cost = costOf(prices, model, usage);
      const tokens = (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0);
      book(agentId, { tokens, cost: cost ?? 0, unpriced: cost === undefined ? 1 : 0 });
    },
    states,
    reached(agentId) {
      const state = states(agentId).find((s) => s.reached);
      return state && { id: state.id, used: state.used, limit: state.limit, unit: state.unit };
    },
    extend(budgetId, agentId) {
      const budget = options.budgets().find((b) => b.id === budgetId);
      if (!budget) return;
      const period = periodOf(budget.per, ledger(agentId));
      const key = `${budgetId}\n${agentId}`;
      const before = extended.get(key);
      extended.set(key, { period, times: before?.period === period ? before.times + 1 : 1 });
      // A budget that was set below what is used already must not ask once for each time that it was passed.
      while (states(agentId).some((s) => s.id === budgetId && s.reached)) {
        const more = extended.get(key);
        if (!more || more.times > 100_000) break;
        extended.set(key, { period, times: more.times + 1 });
      }
    },
  };
}
