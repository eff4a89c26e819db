/**
 * The approval as a pure state machine. What an attacker could do here: decide twice, decide what has changed, use twice, use
 * other bytes, or win time by moving the clock. Every move names the version it saw; an end is final; time is checked on two clocks.
 */
import type { Approval, ApprovalDemand, ErrorCode, Person } from '../contract/index.js';
import { codeOf } from './code.js';

/** Wall-clock and monotonic milliseconds. Turning the wall clock back wins no time, turning it forward only loses some. */
export interface Now {
  wall: number;
  monotonic: number;
}

interface Vote {
  person: string;
  groups: readonly string[];
}

export interface Machine {
  readonly approval: Approval;
  /** Approvals that count, one per person. An edit begins anew. */
  readonly votes: readonly Vote[];
  readonly deadline: Now;
}

export type Move =
  | {
      kind: 'decide';
      version: number;
      decision: 'approve' | 'deny';
      person: Person;
      reason?: string;
      /** The caller has checked that this person may force. */
      forced?: boolean;
      /** Set when the person edited: what would be released now. */
      edited?: { digest: string; shown?: Approval['shown'] };
    }
  | { kind: 'use'; digest: string }
  | { kind: 'expire' }
  | { kind: 'withdraw'; reason: string }
  | { kind: 'void'; reason: string }
  | { kind: 'attach' }
  | { kind: 'waiting'; waiting: boolean };

export type Moved = { ok: true; machine: Machine } | { ok: false; code: ErrorCode; message: string };

/** Longest time that anything may stay open or approved, in seconds. */
export const MAX_OPEN_SECONDS = 30 * 60;

export function open(approval: Approval, now: Now): Machine {
  const ms = Math.min(approval.demand.expiresInSeconds, MAX_OPEN_SECONDS) * 1000;
  return { approval, votes: [], deadline: { wall: now.wall + ms, monotonic: now.monotonic + ms } };
}

export const isOver = (m: Machine, now: Now): boolean => now.wall >= m.deadline.wall || now.monotonic >= m.deadline.monotonic;

/** Open: somebody may still decide it, or it may still be used. */
export const isLive = (state: Approval['state']): boolean => state === 'pending' || state === 'approved';

const demandsOf = (d: ApprovalDemand): ApprovalDemand[] => [d, ...(d.and ?? [])];

/** May this person's approval count for this demand? The owner may, unless the demand wants someone else or several. */
export function mayApprove(demand: ApprovalDemand, owner: string, person: { id: string; groups: readonly string[] }): boolean {
  if ((demand.separateApprover || demand.minimum > 1) && person.id === owner) return false;
  return demand.groups.length === 0 || demand.groups.some((g) => person.groups.includes(g));
}

/** Every demand has its number of distinct persons. */
function satisfied(approval: Approval, votes: readonly Vote[]): boolean {
  return demandsOf(approval.demand).every((d) => {
    const persons = new Set(
      votes.filter((v) => mayApprove(d, approval.agent.owner, { id: v.person, groups: v.groups })).map((v) => v.person),
    );
    return persons.size >= Math.max(1, d.minimum);
  });
}

const refused = (code: ErrorCode, message: string): Moved => ({ ok: false, code, message });

const ENDED: Record<Approval['state'], string> = {
  pending: 'It is pending',
  approved: 'It was approved already',
  denied: 'It was denied already',
  expired: 'It has expired',
  withdrawn: 'It was withdrawn',
  void: 'It is void because policy, scope or key changed',
  used: 'It was approved and used already',
};

function changed(m: Machine, change: Partial<Approval>, votes = m.votes): Moved {
  const approval = { ...m.approval, ...change, version: m.approval.version + 1 };
  if (!isLive(approval.state)) approval.clientWaiting = false;
  return { ok: true, machine: { ...m, votes, approval } };
}

function decide(m: Machine, move: Extract<Move, { kind: 'decide' }>, now: Now): Moved {
  const { approval } = m;
  const { person } = move;
  if (approval.state !== 'pending') return refused('conflict', ENDED[approval.state]);
  if (approval.version !== move.version) return refused('conflict', 'It changed meanwhile: look at it again');
  const at = new Date(now.wall).toISOString();
  const decision: Approval['decisions'][number] = { person: person.id, personName: person.name, decision: move.decision, at };
  if (move.reason !== undefined) decision.reason = move.reason;
  if (move.decision === 'deny') {
    const reason = move.reason === undefined ? {} : { reason: move.reason };
    return changed(m, { state: 'denied', decisions: [...approval.decisions, decision], ...reason });
  }
  if (move.forced) decision.forced = true;
  else if (!demandsOf(approval.demand).some((d) => mayApprove(d, approval.agent.owner, person)))
    return refused(
      'forbidden',
      person.id === approval.agent.owner && !demandsOf(approval.demand).some((d) => d.groups.length > 0)
        ? 'The rule wants somebody else than the owner of the agent'
        : `The rule wants a person of ${approval.demand.groups.join(' or ') || 'other groups'}`,
    );
  const edit: Partial<Approval> = move.edited
    ? {
        digest: move.edited.digest,
        code: codeOf(move.edited.digest),
        edited: true,
        ...(move.edited.shown ? { shown: move.edited.shown } : {}),
      }
    : {};
  const before = move.edited ? [] : m.votes;
  if (!move.forced && before.some((v) => v.person === person.id))
    return refused('conflict', 'You have approved it already: another person is needed');
  const votes = [...before, { person: person.id, groups: [...person.groups] }];
  const state = move.forced || satisfied(approval, votes) ? 'approved' : 'pending';
  return changed(m, { ...edit, state, decisions: [...approval.decisions, decision] }, votes);
}

/** One move. Pure; what is refused changes nothing. */
export function step(m: Machine, move: Move, now: Now): Moved {
  const { approval } = m;
  const live = isLive(approval.state);
  switch (move.kind) {
    case 'attach':
      return { ok: true, machine: { ...m, approval: { ...approval, attempts: approval.attempts + 1, clientWaiting: live } } };
    case 'waiting':
      return { ok: true, machine: { ...m, approval: { ...approval, clientWaiting: move.waiting } } };
    case 'expire':
      if (!live) return refused('conflict', ENDED[approval.state]);
      return isOver(m, now) ? changed(m, { state: 'expired' }) : refused('conflict', 'Its time is not over');
    case 'withdraw':
    case 'void':
      if (!live) return refused('conflict', ENDED[approval.state]);
      return changed(m, { state: move.kind === 'void' ? 'void' : 'withdrawn', reason: move.reason });
    case 'use':
      if (approval.state !== 'approved') return refused('conflict', ENDED[approval.state]);
      if (isOver(m, now)) return refused('approval_expired', 'Its time is over');
      if (approval.digest !== move.digest) return refused('conflict', 'These are not the bytes that were approved');
      return changed(m, { state: 'used' });
    case 'decide':
      if (isOver(m, now) && live) return refused('conflict', 'Its time is over');
      return decide(m, move, now);
  }
}
