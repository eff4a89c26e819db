/**
 * Who waits for whom. What an attacker could do here: make a retry ask again until someone says yes (denials are sticky), slip
 * other bytes under an approval (use is bound to the digest), win by a race between decision, expiry and revocation (one step at a
 * time, the decision is durable before it counts), or outlive a restart (nothing pending survives one).
 */
import { randomBytes } from 'node:crypto';
import { type Approval, type Clock, type Grant, type Person, type RecordInput, SallyportError } from '../contract/index.js';
import { codeOf } from './code.js';
import { GrantBook } from './grant-book.js';
import { type ActiveGrant, grantText, makeGrant } from './grants.js';
import { narrowest } from './pattern.js';
import { qualityOf } from './quality.js';
import { approvalMeta, editContent } from './records.js';
import { isLive, isOver, type Machine, type Move, type Now, open, step } from './state.js';
import { suggestFrom } from './suggest-grant.js';
import { type Entry, TicketHold } from './ticket.js';
import type { ApprovalBroker, ApprovalInput, EditResult, GrantSuggestion, Quality, Settlement, Ticket } from './types.js';

export interface BrokerOptions {
  clock: Clock;
  /** Resolves when the records are durable (class `synced`); a decision counts only then. */
  onRecord(records: RecordInput[]): Promise<void>;
  /** A further say in who may approve; the rule's own demand is always checked. */
  isAllowed?(person: Person, approval: Approval): boolean;
  /** Who may approve alone where a rule wants several or others. Marked for ever. Default: nobody. */
  mayForce?(person: Person, approval: Approval): boolean;
  /** Approvals that were open when the process ended; recorded as withdrawn. */
  leftOver?: readonly Approval[];
  /** Grants that still stand. */
  grants?: readonly Grant[];
  /** How long a denial (or an expiry) answers retries by itself. At least 300 s unless tests scale it. */
  stickyMs?: number;
  newId?(prefix: 'ap' | 'gr'): string;
  timers?: { set(run: () => void, ms: number): unknown; clear(handle: unknown): void };
}

type Decision = Parameters<ApprovalBroker['decide']>[1];

const STICKY_MS = 5 * 60_000;
const KEEP_ENDED = 1000;
const LOOK_AGAIN_MS = 5_000;

class Broker implements ApprovalBroker {
  readonly #o: BrokerOptions;
  readonly #sticky: number;
  readonly #entries = new Map<string, Entry>();
  /** Ticket key → the entry that answers for it now. */
  readonly #byKey = new Map<string, Entry>();
  readonly #grants: GrantBook;
  readonly #listeners = new Set<(approval: Approval) => void>();
  #closed = false;

  constructor(options: BrokerOptions) {
    this.#o = options;
    this.#sticky = options.stickyMs ?? STICKY_MS;
    this.#grants = new GrantBook(options.clock, options.grants ?? []);
    this.#withdrawLeftOver(options.leftOver ?? []);
  }

  #now(): Now {
    return { wall: this.#o.clock.now(), monotonic: this.#o.clock.monotonic() };
  }

  #id(prefix: 'ap' | 'gr'): string {
    return this.#o.newId?.(prefix) ?? `${prefix}_${randomBytes(9).toString('base64url').replace(/[-_]/g, '0')}`;
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
      this.#entries.set(a.id, { machine, key: '', input, tickets: new Set(), timer: undefined, busy: false, endedAt: this.#now() });
      records.push({ kind: 'decision', session: a.session, exchange: a.exchange, meta: approvalMeta(approval, { via: 'restart' }) });
    }
    if (records.length > 0) void this.#o.onRecord(records).catch(() => {});
  }

  #tell(entry: Entry): void {
    for (const listener of [...this.#listeners]) listener(entry.machine.approval);
  }

  #record(entry: Entry, kind: 'approval' | 'decision', extra: Record<string, unknown>): Promise<void> {
    const { approval } = entry.machine;
    return this.#o.onRecord([{ kind, session: approval.session, exchange: approval.exchange, meta: approvalMeta(approval, extra) }]);
  }

  /** Moves an entry; false when the move is refused. */
  #move(entry: Entry, move: Move): boolean {
    const moved = step(entry.machine, move, this.#now());
    if (moved.ok) entry.machine = moved.machine;
    return moved.ok;
  }

  #settle(entry: Entry, settlement: Settlement): void {
    entry.settlement = settlement;
    for (const t of entry.tickets) t.settle(settlement);
    entry.tickets.clear();
  }

  #settlement(entry: Entry, outcome: Settlement['outcome'], via: Settlement['via']): Settlement {
    const { approval } = entry.machine;
    const s: Settlement = { outcome, approval, via };
    if (approval.reason !== undefined) s.reason = approval.reason;
    if (outcome === 'approved' && entry.edited) s.edited = entry.edited;
    return s;
  }

  #end(entry: Entry, outcome: 'denied' | 'expired' | 'withdrawn' | 'void', via: Settlement['via']): void {
    this.#clearTimer(entry);
    entry.endedAt = this.#now();
    this.#settle(entry, this.#settlement(entry, outcome, via));
    this.#tell(entry);
    this.#forgetOld();
  }

  #clearTimer(entry: Entry): void {
    if (entry.timer === undefined) return;
    (this.#o.timers?.clear ?? ((h) => clearTimeout(h as NodeJS.Timeout)))(entry.timer);
    entry.timer = undefined;
  }

  #arm(entry: Entry): void {
    const now = this.#now();
    const ms = Math.max(0, Math.min(entry.machine.deadline.wall - now.wall, entry.machine.deadline.monotonic - now.monotonic));
    const run = () => {
      entry.timer = undefined;
      if (!this.#expireIfOver(entry) && isLive(entry.machine.approval.state)) this.#arm(entry);
    };
    const set = this.#o.timers?.set ?? ((f: () => void, after: number) => setTimeout(f, after).unref());
    // Timers stand still while the computer sleeps, the wall clock does not: look again soon.
    entry.timer = set(run, Math.min(ms + 1, LOOK_AGAIN_MS));
  }

  /** Ends what is over; an entry whose decision is being written waits for it (and cannot be used any more). */
  #expireIfOver(entry: Entry): boolean {
    if (entry.busy || !isLive(entry.machine.approval.state) || !isOver(entry.machine, this.#now())) return false;
    if (!this.#move(entry, { kind: 'expire' })) return false;
    this.#end(entry, 'expired', 'timeout');
    void this.#record(entry, 'decision', { via: 'timeout' }).catch(() => {});
    return true;
  }

  #sweep(): void {
    for (const entry of this.#entries.values()) this.#expireIfOver(entry);
  }

  #forgetOld(): void {
    if (this.#entries.size <= KEEP_ENDED + 200) return;
    const ended = [...this.#entries.values()].filter((e) => e.endedAt !== undefined && !this.#answersRetries(e));
    for (const e of ended.slice(0, Math.max(0, this.#entries.size - KEEP_ENDED))) {
      this.#entries.delete(e.machine.approval.id);
      if (this.#byKey.get(e.key) === e) this.#byKey.delete(e.key);
    }
  }

  /** A denial or expiry that still answers retries by itself. Both clocks must say that its time is over. */
  #answersRetries(entry: Entry): boolean {
    const { state } = entry.machine.approval;
    if ((state !== 'denied' && state !== 'expired') || !entry.endedAt) return false;
    const now = this.#now();
    return now.monotonic - entry.endedAt.monotonic < this.#sticky;
  }

  attach(input: ApprovalInput): Ticket {
    if (this.#closed) throw new SallyportError('shutting_down');
    this.#sweep();
    const known = this.#byKey.get(input.ticketKey);
    if (known && known.input.agent.id === input.agent.id) {
      const { state } = known.machine.approval;
      // a decision under another policy is none for this one
      if (isLive(state) && known.machine.approval.policyRevision !== input.policyRevision) this.#void(known, 'The policy changed');
      // each passage under a grant is a use of its own
      else if ((isLive(state) && known.machine.approval.grantId === undefined) || this.#answersRetries(known)) return this.#join(known);
    }
    return this.#open(input);
  }

  #join(entry: Entry): Ticket {
    this.#move(entry, { kind: 'attach' });
    const ticket = new TicketHold(entry, (t) => this.#gone(t));
    const { state } = entry.machine.approval;
    if (state === 'approved' && !entry.busy) ticket.settle(this.#settlement(entry, 'approved', 'earlier'));
    else if (state === 'denied' || state === 'expired') ticket.settle(this.#settlement(entry, state, 'earlier'));
    else entry.tickets.add(ticket);
    this.#tell(entry);
    return ticket;
  }

  #gone(ticket: TicketHold): void {
    const { entry } = ticket;
    if (!entry.tickets.delete(ticket)) return;
    if (entry.tickets.size === 0) this.#move(entry, { kind: 'waiting', waiting: false });
    this.#tell(entry);
  }

  #open(input: ApprovalInput): Ticket {
    const now = this.#now();
    const { ticketKey, applyEdit: _edit, tool, ...rest } = input;
    const approval: Approval = {
      ...rest,
      ...(tool ? { tool: { name: tool.name, facts: tool.facts, risks: tool.risks } } : {}),
      id: this.#id('ap'),
      version: 1,
      state: 'pending',
      code: codeOf(input.digest),
      createdAt: new Date(now.wall).toISOString(),
      expiresAt: '',
      decisions: [],
      clientWaiting: true,
      attempts: 1,
    };
    const machine = open(approval, now);
    approval.expiresAt = new Date(machine.deadline.wall).toISOString();
    const entry: Entry = { machine, key: ticketKey, input, tickets: new Set(), timer: undefined, busy: true };
    if (tool) entry.arguments = tool.arguments;
    this.#entries.set(approval.id, entry);
    this.#byKey.set(ticketKey, entry);
    const ticket = new TicketHold(entry, (t) => this.#gone(t));
    entry.tickets.add(ticket);
    this.#arm(entry);
    const active = this.#grants.covering(input);
    void (active ? this.#openByGrant(entry, active) : this.#openPending(entry));
    return ticket;
  }

  /** Shown to people only when its opening is durable. */
  async #openPending(entry: Entry): Promise<void> {
    try {
      await this.#record(entry, 'approval', {});
    } catch {
      entry.endAfter ??= { kind: 'withdraw', reason: 'The approval could not be recorded' };
    }
    entry.busy = false;
    if (!this.#endIfAsked(entry) && !this.#expireIfOver(entry)) this.#tell(entry);
  }

  async #openByGrant(entry: Entry, active: ActiveGrant): Promise<void> {
    const { grant } = active;
    try {
      active.grant = { ...grant, uses: grant.uses + 1 };
      const meta = { act: 'use', grant: grant.id, uses: active.grant.uses, createdBy: grant.createdBy };
      const { approval } = entry.machine;
      await this.#o.onRecord([
        { kind: 'approval', session: approval.session, exchange: approval.exchange, meta: approvalMeta(approval, { via: 'grant' }) },
        { kind: 'grant', session: approval.session, exchange: approval.exchange, meta },
      ]);
    } catch {
      entry.endAfter ??= { kind: 'withdraw', reason: 'The use of the grant could not be recorded' };
    }
    entry.busy = false;
    if (this.#endIfAsked(entry) || this.#expireIfOver(entry)) return;
    if (!this.#grants.covers(active, entry.input)) {
      this.#tell(entry); // it ended meanwhile: a person is asked
      return;
    }
    const { approval } = entry.machine;
    // what a grant approved ends with the grant
    const { deadline } = entry.machine;
    const ends = {
      wall: Math.min(deadline.wall, Date.parse(grant.expiresAt)),
      monotonic: Math.min(deadline.monotonic, active.deadlineMonotonic),
    };
    const granted: Approval = { ...approval, state: 'approved', version: approval.version + 1, grantId: grant.id };
    entry.machine = { ...entry.machine, deadline: ends, approval: { ...granted, expiresAt: new Date(ends.wall).toISOString() } };
    this.#clearTimer(entry);
    this.#arm(entry);
    this.#settle(entry, this.#settlement(entry, 'approved', 'grant'));
    this.#tell(entry);
  }

  /** An end that came while a record was being written. */
  #endIfAsked(entry: Entry): boolean {
    const move = entry.endAfter;
    if (!move) return false;
    delete entry.endAfter;
    if (!this.#move(entry, move)) return false;
    this.#end(entry, move.kind === 'void' ? 'void' : 'withdrawn', 'earlier');
    void this.#record(entry, 'decision', { via: move.kind }).catch(() => {});
    return true;
  }

  use(id: string, digest: string): boolean {
    const entry = this.#entries.get(id);
    if (!entry || entry.busy || this.#closed || this.#expireIfOver(entry)) return false;
    const { grantId } = entry.machine.approval;
    const active = grantId === undefined ? undefined : this.#grants.get(grantId);
    if (grantId !== undefined && (!active || active.grant.revokedAt !== undefined)) return false;
    if (!this.#move(entry, { kind: 'use', digest })) return false;
    this.#clearTimer(entry);
    entry.endedAt = this.#now();
    this.#tell(entry);
    return true;
  }

  list(filter: Parameters<ApprovalBroker['list']>[0] = {}): Approval[] {
    this.#sweep();
    const { state, agent } = filter;
    return [...this.#entries.values()]
      .map((e) => e.machine.approval)
      .filter((a) => (agent === undefined || a.agent.id === agent || a.agent.name === agent) && this.#inState(a, state))
      .sort((a, b) => Number(b.state === 'pending') - Number(a.state === 'pending') || (a.createdAt < b.createdAt ? 1 : -1));
  }

  #inState(a: Approval, state: Approval['state'] | 'open' | 'ended' | undefined): boolean {
    if (state === undefined) return true;
    if (state === 'open') return a.state === 'pending';
    if (state === 'ended') return a.state !== 'pending';
    return a.state === state;
  }

  get(id: string): Approval | undefined {
    this.#sweep();
    return this.#entries.get(id)?.machine.approval;
  }

  async decide(id: string, given: Decision, person: Person): Promise<Approval> {
    const decision = given.reason === undefined ? given : { ...given, reason: given.reason.replace(/\p{Cc}/gu, ' ').slice(0, 500) };
    this.#sweep();
    const entry = this.#entries.get(id);
    if (!entry) throw new SallyportError('not_found', `There is no approval ${id.slice(0, 40)}`);
    if (this.#closed) throw new SallyportError('shutting_down');
    if (entry.busy) throw new SallyportError('conflict', 'Somebody else is deciding it right now');
    const { approval } = entry.machine;
    if (decision.decision === 'approve') this.#checkRight(approval, decision, person);
    const grant = decision.grant && decision.decision === 'approve' ? this.#newGrant(entry, decision.grant, person) : undefined;
    entry.busy = true;
    let edit: EditResult | undefined;
    try {
      // asked before the edit is applied, so that nobody's edit is computed for a decision that cannot be
      const trial = step(entry.machine, this.#decideMove(decision, person), this.#now());
      if (!trial.ok) throw new SallyportError(trial.code, trial.message);
      if (decision.edited && decision.decision === 'approve') edit = await this.#applyEdit(entry, decision.edited);
      return await this.#commit(entry, decision, person, edit, grant);
    } finally {
      entry.busy = false;
      if (!this.#endIfAsked(entry)) this.#expireIfOver(entry);
    }
  }

  #checkRight(approval: Approval, decision: Decision, person: Person): void {
    if (decision.forced) {
      if (!this.#o.mayForce?.(person, approval)) throw new SallyportError('forbidden', 'You may not force this approval');
    } else if (this.#o.isAllowed && !this.#o.isAllowed(person, approval)) throw new SallyportError('forbidden', 'You may not approve this');
  }

  #decideMove(decision: Decision, person: Person, edit?: EditResult): Extract<Move, { kind: 'decide' }> {
    const { version, decision: what, reason, forced } = decision;
    return {
      kind: 'decide',
      version,
      decision: what,
      person,
      ...(reason === undefined ? {} : { reason }),
      ...(forced ? { forced } : {}),
      ...(edit ? { edited: { digest: edit.digest, ...(edit.shown ? { shown: edit.shown } : {}) } } : {}),
    };
  }

  async #applyEdit(entry: Entry, edited: { partId: string; text: string }[]): Promise<EditResult> {
    if (!entry.input.applyEdit) throw new SallyportError('invalid', 'This cannot be edited: approve or deny it as it is');
    const shown = new Set(entry.machine.approval.shown.map((s) => s.partId));
    for (const e of edited)
      if (!shown.has(e.partId)) throw new SallyportError('invalid', `The part ${e.partId.slice(0, 60)} was not shown`);
    return entry.input.applyEdit(edited);
  }

  /** The decision is durable before it counts. When it cannot be written, an approval stays undecided and a denial holds. */
  async #commit(
    entry: Entry,
    decision: Decision,
    person: Person,
    edit: EditResult | undefined,
    grant: Grant | undefined,
  ): Promise<Approval> {
    const moved = step(entry.machine, this.#decideMove(decision, person, edit), this.#now());
    if (!moved.ok) throw new SallyportError(moved.code, moved.message);
    const { approval } = moved.machine;
    const granted = grant && approval.state === 'approved' ? grant : undefined;
    const about = { session: approval.session, exchange: approval.exchange };
    const records: RecordInput[] = [
      {
        kind: 'decision',
        ...about,
        meta: approvalMeta(approval, {
          via: 'person',
          person: person.id,
          ...(person.via === 'link' ? { by: 'one-time link' } : {}),
          decision: decision.decision,
          ...(granted ? { grant: granted.id } : {}),
        }),
        ...(edit ? { content: editContent(decision.edited!) } : {}),
      },
    ];
    if (granted)
      records.push({
        kind: 'grant',
        ...about,
        meta: { act: 'create', ...granted, pattern: undefined },
        content: { name: 'note', bytes: Buffer.from(granted.pattern) },
      });
    let failure: unknown;
    await this.#o.onRecord(records).catch((e: unknown) => {
      failure = e ?? new Error('not recorded');
    });
    if (failure !== undefined && decision.decision === 'approve')
      throw failure instanceof SallyportError ? failure : new SallyportError('not_recording', undefined, { cause: failure });
    // retries may have attached meanwhile: their count is kept
    const { attempts, clientWaiting } = entry.machine.approval;
    entry.machine = { ...moved.machine, approval: { ...approval, attempts, clientWaiting: clientWaiting && isLive(approval.state) } };
    if (edit) {
      entry.edited = decision.edited;
      if (edit.arguments !== undefined) entry.arguments = edit.arguments;
    }
    if (approval.state === 'denied') this.#end(entry, 'denied', 'person');
    else if (approval.state === 'approved') this.#approved(entry, granted);
    else this.#tell(entry);
    return entry.machine.approval;
  }

  #approved(entry: Entry, grant: Grant | undefined): void {
    entry.busy = false;
    if (this.#endIfAsked(entry) || this.#expireIfOver(entry)) {
      // what ended before it began gives no grant either
      if (grant) this.#recordRevoked(grant, { reason: 'the approval ended' });
      return;
    }
    if (grant) this.#grants.add(grant);
    this.#settle(entry, this.#settlement(entry, 'approved', 'person'));
    this.#tell(entry);
  }

  #newGrant(entry: Entry, wanted: NonNullable<Decision['grant']>, person: Person): Grant {
    const text = this.#textOf(entry);
    return makeGrant({ id: this.#id('gr'), approval: entry.machine.approval, input: entry.input, text, wanted, person, now: this.#now() });
  }

  grants(): Grant[] {
    return this.#grants.list();
  }

  async revokeGrant(id: string, person: Person): Promise<Grant> {
    const active = this.#grants.get(id);
    if (!active) throw new SallyportError('not_found', `There is no grant ${id.slice(0, 40)}`);
    if (this.#grants.revoke(active)) {
      for (const e of this.#entries.values()) if (e.machine.approval.grantId === id) this.#void(e, 'The grant was revoked');
      await this.#o.onRecord([{ kind: 'grant', meta: { act: 'revoke', grant: id, person: person.id } }]);
    }
    return active.grant;
  }

  #recordRevoked(grant: Grant, meta: Record<string, unknown>): void {
    void this.#o.onRecord([{ kind: 'grant', meta: { act: 'revoke', grant: grant.id, ...meta } }]).catch(() => {});
  }

  async clearDenial(id: string, person: Person): Promise<void> {
    const entry = this.#entries.get(id);
    if (!entry || !this.#answersRetries(entry)) throw new SallyportError('not_found', 'There is no denial that could be cleared');
    await this.#record(entry, 'decision', { via: 'person', act: 'clear-denial', person: person.id });
    if (this.#byKey.get(entry.key) === entry) this.#byKey.delete(entry.key);
    this.#tell(entry);
  }

  #void(entry: Entry, reason: string): void {
    if (!isLive(entry.machine.approval.state)) return;
    if (entry.busy) {
      entry.endAfter ??= { kind: 'void', reason };
      return;
    }
    if (!this.#move(entry, { kind: 'void', reason })) return;
    this.#end(entry, 'void', 'earlier');
    void this.#record(entry, 'decision', { via: 'void' }).catch(() => {});
  }

  invalidate({ policyRevision, agentId }: { policyRevision?: string; agentId?: string }): void {
    for (const entry of [...this.#entries.values()]) {
      const { approval } = entry.machine;
      if (policyRevision !== undefined && approval.policyRevision !== policyRevision) this.#void(entry, 'The policy changed');
      if (agentId !== undefined && approval.agent.id === agentId) this.#void(entry, "The agent's key or scope changed");
    }
    if (agentId !== undefined) for (const grant of this.#grants.revokeOf(agentId)) this.#recordRevoked(grant, { reason: 'agent changed' });
  }

  async denyAll(ids: readonly string[], reason: string | undefined, person: Person): Promise<Approval[]> {
    const denied: Approval[] = [];
    for (const id of ids) {
      const approval = this.#entries.get(id)?.machine.approval;
      if (approval?.state !== 'pending') continue;
      try {
        denied.push(
          await this.decide(id, { version: approval.version, decision: 'deny', ...(reason === undefined ? {} : { reason }) }, person),
        );
      } catch (e) {
        // decided by somebody else meanwhile: left alone
        if (!(e instanceof SallyportError) || e.code !== 'conflict') throw e;
      }
    }
    return denied;
  }

  #textOf(entry: Entry): string {
    const { kind, shown } = entry.machine.approval;
    return grantText({ kind, shown, ...(entry.arguments === undefined ? {} : { arguments: entry.arguments }) });
  }

  suggestGrant(id: string): GrantSuggestion | undefined {
    const entry = this.#entries.get(id);
    if (!entry) return undefined;
    const past = [...this.#entries.values()].map((e) => ({ approval: e.machine.approval, text: this.#textOf(e) }));
    return suggestFrom({ approval: entry.machine.approval, text: this.#textOf(entry) }, past);
  }

  patternOf(id: string): string | undefined {
    const entry = this.#entries.get(id);
    return entry && narrowest([this.#textOf(entry)]);
  }

  quality(): Quality {
    return qualityOf([...this.#entries.values()].map((e) => e.machine.approval));
  }

  onChange(listener: (approval: Approval) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const writing: Promise<unknown>[] = [];
    for (const entry of this.#entries.values()) {
      this.#clearTimer(entry);
      if (!isLive(entry.machine.approval.state)) continue;
      const move = { kind: 'withdraw', reason: 'The gateway is stopping' } as const;
      if (entry.busy) entry.endAfter ??= move;
      else if (this.#move(entry, move)) {
        this.#end(entry, 'withdrawn', 'earlier');
        writing.push(this.#record(entry, 'decision', { via: 'stop' }).catch(() => {}));
      }
    }
    await Promise.all(writing);
  }
}

/** Opens the broker. Time comes from `clock`; every opening, decision and end goes to `onRecord`. */
export function createBroker(options: BrokerOptions): ApprovalBroker {
  return new Broker(options);
}
