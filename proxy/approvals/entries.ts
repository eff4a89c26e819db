/**
 * Every approval that is known, and how each ends: one step at a time, what came while a record was being written after it, and what is
 * over before anything else is asked of it.
 */
import { randomBytes } from 'node:crypto';
import type { Approval, Grant } from '../contract/index.js';
import type { BrokerOptions } from './broker-options.js';
import { GrantBook } from './grant-book.js';
import { grantText } from './grants.js';
import { approvalMeta } from './records.js';
import { isLive, isOver, type Move, type Now, step } from './state.js';
import type { Entry } from './ticket.js';
import type { Settlement } from './types.js';

const STICKY_MS = 5 * 60_000;
const KEEP_ENDED = 1000;
const LOOK_AGAIN_MS = 5_000;

export class Entries {
  readonly sticky: number;
  readonly entries = new Map<string, Entry>();
  /** Ticket key → the entry that answers for it now. */
  readonly byKey = new Map<string, Entry>();
  readonly grants: GrantBook;
  readonly listeners = new Set<(approval: Approval) => void>();
  closed = false;

  constructor(readonly options: BrokerOptions) {
    this.sticky = options.stickyMs ?? STICKY_MS;
    this.grants = new GrantBook(options.clock, options.grants ?? []);
  }

  now(): Now {
    return { wall: this.options.clock.now(), monotonic: this.options.clock.monotonic() };
  }

  id(prefix: 'ap' | 'gr'): string {
    return this.options.newId?.(prefix) ?? `${prefix}_${randomBytes(9).toString('base64url').replace(/[-_]/g, '0')}`;
  }

  tell(entry: Entry): void {
    for (const listener of [...this.listeners]) listener(entry.machine.approval);
  }

  record(entry: Entry, kind: 'approval' | 'decision', extra: Record<string, unknown>): Promise<void> {
    const { approval } = entry.machine;
    return this.options.onRecord([{ kind, session: approval.session, exchange: approval.exchange, meta: approvalMeta(approval, extra) }]);
  }

  /** Moves an entry; false when the move is refused. */
  move(entry: Entry, move: Move): boolean {
    const moved = step(entry.machine, move, this.now());
    if (moved.ok) entry.machine = moved.machine;
    return moved.ok;
  }

  settle(entry: Entry, settlement: Settlement): void {
    entry.settlement = settlement;
    for (const t of entry.tickets) t.settle(settlement);
    entry.tickets.clear();
  }

  settlement(entry: Entry, outcome: Settlement['outcome'], via: Settlement['via']): Settlement {
    const { approval } = entry.machine;
    const s: Settlement = { outcome, approval, via };
    if (approval.reason !== undefined) s.reason = approval.reason;
    if (outcome === 'approved' && entry.edited) s.edited = entry.edited;
    return s;
  }

  end(entry: Entry, outcome: 'denied' | 'expired' | 'withdrawn' | 'void', via: Settlement['via']): void {
    this.clearTimer(entry);
    entry.endedAt = this.now();
    this.settle(entry, this.settlement(entry, outcome, via));
    this.tell(entry);
    this.forgetOld();
  }

  clearTimer(entry: Entry): void {
    if (entry.timer === undefined) return;
    (this.options.timers?.clear ?? ((h) => clearTimeout(h as NodeJS.Timeout)))(entry.timer);
    entry.timer = undefined;
  }

  arm(entry: Entry): void {
    const now = this.now();
    const ms = Math.max(0, Math.min(entry.machine.deadline.wall - now.wall, entry.machine.deadline.monotonic - now.monotonic));
    const run = () => {
      entry.timer = undefined;
      if (!this.expireIfOver(entry) && isLive(entry.machine.approval.state)) this.arm(entry);
    };
    const set = this.options.timers?.set ?? ((f: () => void, after: number) => setTimeout(f, after).unref());
    // Timers stand still while the computer sleeps, the wall clock does not: look again soon.
    entry.timer = set(run, Math.min(ms + 1, LOOK_AGAIN_MS));
  }

  /** Ends what is over; an entry whose decision is being written waits for it (and cannot be used any more). */
  expireIfOver(entry: Entry): boolean {
    if (entry.busy || !isLive(entry.machine.approval.state) || !isOver(entry.machine, this.now())) return false;
    if (!this.move(entry, { kind: 'expire' })) return false;
    this.end(entry, 'expired', 'timeout');
    void this.record(entry, 'decision', { via: 'timeout' }).catch(() => {});
    return true;
  }

  sweep(): void {
    for (const entry of this.entries.values()) this.expireIfOver(entry);
  }

  forgetOld(): void {
    if (this.entries.size <= KEEP_ENDED + 200) return;
    const ended = [...this.entries.values()].filter((e) => e.endedAt !== undefined && !this.answersRetries(e));
    for (const e of ended.slice(0, Math.max(0, this.entries.size - KEEP_ENDED))) {
      this.entries.delete(e.machine.approval.id);
      if (this.byKey.get(e.key) === e) this.byKey.delete(e.key);
    }
  }

  /** A denial or expiry that still answers retries by itself. Both clocks must say that its time is over. */
  answersRetries(entry: Entry): boolean {
    const { state } = entry.machine.approval;
    if ((state !== 'denied' && state !== 'expired') || !entry.endedAt) return false;
    const now = this.now();
    return now.monotonic - entry.endedAt.monotonic < this.sticky;
  }

  /** An end that came while a record was being written. */
  endIfAsked(entry: Entry): boolean {
    const move = entry.endAfter;
    if (!move) return false;
    delete entry.endAfter;
    if (!this.move(entry, move)) return false;
    this.end(entry, move.kind === 'void' ? 'void' : 'withdrawn', 'earlier');
    void this.record(entry, 'decision', { via: move.kind }).catch(() => {});
    return true;
  }

  void(entry: Entry, reason: string): void {
    if (!isLive(entry.machine.approval.state)) return;
    if (entry.busy) {
      entry.endAfter ??= { kind: 'void', reason };
      return;
    }
    if (!this.move(entry, { kind: 'void', reason })) return;
    this.end(entry, 'void', 'earlier');
    void this.record(entry, 'decision', { via: 'void' }).catch(() => {});
  }

  recordRevoked(grant: Grant, meta: Record<string, unknown>): void {
    void this.options.onRecord([{ kind: 'grant', meta: { act: 'revoke', grant: grant.id, ...meta } }]).catch(() => {});
  }

  textOf(entry: Entry): string {
    const { kind, shown } = entry.machine.approval;
    return grantText({ kind, shown, ...(entry.arguments === undefined ? {} : { arguments: entry.arguments }) });
  }
}
