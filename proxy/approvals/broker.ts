/**
 * Who waits for whom. What an attacker could do here: make a retry ask again until someone says yes (denials are sticky), slip
 * other bytes under an approval (use is bound to the digest), win by a race between decision, expiry and revocation (one step at a
 * time, the decision is durable before it counts), or outlive a restart (nothing pending survives one).
 */
import { type Approval, type Grant, type Person, type RecordInput, SallyportError } from '../contract/index.js';
import type { BrokerOptions } from './broker-options.js';
import { type Decision, decide } from './deciding.js';
import { Entries } from './entries.js';
import { attach } from './opening.js';
import { narrowest } from './pattern.js';
import { qualityOf } from './quality.js';
import { approvalMeta } from './records.js';
import { isLive, type Machine } from './state.js';
import { suggestFrom } from './suggest-grant.js';
import type { ApprovalBroker, ApprovalInput, GrantSuggestion, Quality, Ticket } from './types.js';

export type { BrokerOptions } from './broker-options.js';

class Broker implements ApprovalBroker {
  readonly #b: Entries;

  constructor(options: BrokerOptions) {
    this.#b = new Entries(options);
    this.#withdrawLeftOver(options.leftOver ?? []);
  }

  attach(input: ApprovalInput): Ticket {
    return attach(this.#b, input);
  }

  decide(id: string, decision: Decision, person: Person): Promise<Approval> {
    return decide(this.#b, id, decision, person);
  }

  #withdrawLeftOver(leftOver: readonly Approval[]): void {
    const records: RecordInput[] = [];
    for (const a of leftOver) {
      if (!isLive(a.state)) continue;
      const approval: Approval = {
        ...a,
        state: 'withdrawn',
        version: a.version + 1,
        clientWaiting: false,
        reason: 'The gateway was restarted',
      };
      const machine: Machine = { approval, votes: [], deadline: { wall: 0, monotonic: 0 } };
      const input = { ...approval, ticketKey: '', tool: undefined } as unknown as ApprovalInput;
      this.#b.entries.set(a.id, { machine, key: '', input, tickets: new Set(), timer: undefined, busy: false, endedAt: this.#b.now() });
      records.push({ kind: 'decision', session: a.session, exchange: a.exchange, meta: approvalMeta(approval, { via: 'restart' }) });
    }
    if (records.length > 0) void this.#b.options.onRecord(records).catch(() => {});
  }

  use(id: string, digest: string): boolean {
    const entry = this.#b.entries.get(id);
    if (!entry || entry.busy || this.#b.closed || this.#b.expireIfOver(entry)) return false;
    const { grantId } = entry.machine.approval;
    const active = grantId === undefined ? undefined : this.#b.grants.get(grantId);
    if (grantId !== undefined && (!active || active.grant.revokedAt !== undefined)) return false;
    if (!this.#b.move(entry, { kind: 'use', digest })) return false;
    this.#b.clearTimer(entry);
    entry.endedAt = this.#b.now();
    this.#b.tell(entry);
    return true;
  }

  list(filter: Parameters<ApprovalBroker['list']>[0] = {}): Approval[] {
    this.#b.sweep();
    const { state, agent } = filter;
    // The newest first, also of two that came in the same millisecond.
    return [...this.#b.entries.values()]
      .reverse()
      .filter((e) => e.opening === undefined)
      .map((e) => e.machine.approval)
      .filter((a) => (agent === undefined || a.agent.id === agent || a.agent.name === agent) && this.#inState(a, state))
      .sort((a, b) => Number(b.state === 'pending') - Number(a.state === 'pending') || b.createdAt.localeCompare(a.createdAt));
  }

  #inState(a: Approval, state: Approval['state'] | 'open' | 'ended' | undefined): boolean {
    if (state === undefined) return true;
    if (state === 'open') return a.state === 'pending';
    if (state === 'ended') return a.state !== 'pending';
    return a.state === state;
  }

  get(id: string): Approval | undefined {
    this.#b.sweep();
    return this.#b.entries.get(id)?.machine.approval;
  }

  grants(): Grant[] {
    return this.#b.grants.list();
  }

  async revokeGrant(id: string, person: Person): Promise<Grant> {
    const active = this.#b.grants.get(id);
    if (!active) throw new SallyportError('not_found', `There is no grant ${id.slice(0, 40)}`);
    if (this.#b.grants.revoke(active)) {
      for (const e of this.#b.entries.values()) if (e.machine.approval.grantId === id) this.#b.void(e, 'The grant was revoked');
      await this.#b.options.onRecord([{ kind: 'grant', meta: { act: 'revoke', grant: id, person: person.id } }]);
    }
    return active.grant;
  }

  async clearDenial(id: string, person: Person): Promise<void> {
    const entry = this.#b.entries.get(id);
    if (!entry || !this.#b.answersRetries(entry)) throw new SallyportError('not_found', 'There is no denial that could be cleared');
    await this.#b.record(entry, 'decision', { via: 'person', act: 'clear-denial', person: person.id });
    if (this.#b.byKey.get(entry.key) === entry) this.#b.byKey.delete(entry.key);
    this.#b.tell(entry);
  }

  invalidate({ policyRevision, agentId, owner }: { policyRevision?: string; agentId?: string; owner?: string }): void {
    for (const entry of [...this.#b.entries.values()]) {
      const { approval } = entry.machine;
      if (policyRevision !== undefined && approval.policyRevision !== policyRevision) this.#b.void(entry, 'The policy changed');
      if (agentId !== undefined && approval.agent.id === agentId) this.#b.void(entry, "The agent's key or scope changed");
      if (owner !== undefined && approval.agent.owner === owner) this.#b.void(entry, "The agent's owner is gone");
    }
    if (agentId !== undefined)
      for (const grant of this.#b.grants.revokeOf(agentId)) this.#b.recordRevoked(grant, { reason: 'agent changed' });
  }

  async denyAll(ids: readonly string[], reason: string | undefined, person: Person): Promise<Approval[]> {
    const denied: Approval[] = [];
    for (const id of ids) {
      const approval = this.#b.entries.get(id)?.machine.approval;
      if (approval?.state !== 'pending') continue;
      try {
        denied.push(
          await decide(this.#b, id, { version: approval.version, decision: 'deny', ...(reason === undefined ? {} : { reason }) }, person),
        );
      } catch (e) {
        // decided by somebody else meanwhile: left alone
        if (!(e instanceof SallyportError) || e.code !== 'conflict') throw e;
      }
    }
    return denied;
  }

  suggestGrant(id: string): GrantSuggestion | undefined {
    const entry = this.#b.entries.get(id);
    if (!entry) return undefined;
    const past = [...this.#b.entries.values()].map((e) => ({ approval: e.machine.approval, text: this.#b.textOf(e) }));
    return suggestFrom({ approval: entry.machine.approval, text: this.#b.textOf(entry) }, past);
  }

  patternOf(id: string): string | undefined {
    const entry = this.#b.entries.get(id);
    return entry && narrowest([this.#b.textOf(entry)]);
  }

  quality(): Quality {
    return qualityOf([...this.#b.entries.values()].map((e) => e.machine.approval));
  }

  onChange(listener: (approval: Approval) => void): () => void {
    this.#b.listeners.add(listener);
    return () => void this.#b.listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.#b.closed) return;
    this.#b.closed = true;
    const writing: Promise<unknown>[] = [];
    for (const entry of this.#b.entries.values()) {
      this.#b.clearTimer(entry);
      if (!isLive(entry.machine.approval.state)) continue;
      const move = { kind: 'withdraw', reason: 'The gateway is stopping' } as const;
      if (entry.busy) entry.endAfter ??= move;
      else if (this.#b.move(entry, move)) {
        this.#b.end(entry, 'withdrawn', 'earlier');
        writing.push(this.#b.record(entry, 'decision', { via: 'stop' }).catch(() => {}));
      }
    }
    await Promise.all(writing);
  }
}

/** Opens the broker. Time comes from `clock`; every opening, decision and end goes to `onRecord`. */
export function createBroker(options: BrokerOptions): ApprovalBroker {
  return new Broker(options);
}
