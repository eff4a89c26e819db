/** How an approval begins: a request attaches to one that is known, passes under a grant, or asks a person. */
import { type Approval, SallyportError } from '../contract/index.js';
import { codeOf } from './code.js';
import type { Entries } from './entries.js';
import type { ActiveGrant } from './grants.js';
import { approvalMeta } from './records.js';
import { open as begin, isLive } from './state.js';
import { type Entry, TicketHold } from './ticket.js';
import type { ApprovalInput, Ticket } from './types.js';

export function attach(b: Entries, input: ApprovalInput): Ticket {
  if (b.closed) throw new SallyportError('shutting_down');
  b.sweep();
  const known = b.byKey.get(input.ticketKey);
  if (known && known.input.agent.id === input.agent.id) {
    const { state } = known.machine.approval;
    // a decision under another policy is none for this one
    if (isLive(state) && known.machine.approval.policyRevision !== input.policyRevision) b.void(known, 'The policy changed');
    // each passage under a grant is a use of its own
    else if ((isLive(state) && known.machine.approval.grantId === undefined) || b.answersRetries(known)) return join(b, known);
  }
  return open(b, input);
}

function join(b: Entries, entry: Entry): Ticket {
  b.move(entry, { kind: 'attach' });
  const ticket = new TicketHold(entry, (t) => gone(b, t));
  const { state } = entry.machine.approval;
  if (state === 'approved' && !entry.busy) ticket.settle(b.settlement(entry, 'approved', 'earlier'));
  else if (state === 'denied' || state === 'expired') ticket.settle(b.settlement(entry, state, 'earlier'));
  else entry.tickets.add(ticket);
  b.tell(entry);
  return ticket;
}

function gone(b: Entries, ticket: TicketHold): void {
  const { entry } = ticket;
  if (!entry.tickets.delete(ticket)) return;
  if (entry.tickets.size === 0) b.move(entry, { kind: 'waiting', waiting: false });
  b.tell(entry);
}

function open(b: Entries, input: ApprovalInput): Ticket {
  const now = b.now();
  const { ticketKey, applyEdit: _edit, tool, ...rest } = input;
  const approval: Approval = {
    ...rest,
    ...(tool ? { tool: { name: tool.name, facts: tool.facts, risks: tool.risks } } : {}),
    id: b.id('ap'),
    version: 1,
    state: 'pending',
    code: codeOf(input.digest),
    createdAt: new Date(now.wall).toISOString(),
    expiresAt: '',
    decisions: [],
    clientWaiting: true,
    attempts: 1,
  };
  const machine = begin(approval, now);
  approval.expiresAt = new Date(machine.deadline.wall).toISOString();
  const entry: Entry = { machine, key: ticketKey, input, tickets: new Set(), timer: undefined, busy: true };
  if (tool) entry.arguments = tool.arguments;
  b.entries.set(approval.id, entry);
  b.byKey.set(ticketKey, entry);
  const ticket = new TicketHold(entry, (t) => gone(b, t));
  entry.tickets.add(ticket);
  b.arm(entry);
  const active = b.grants.covering(input);
  entry.opening = active ? openByGrant(b, entry, active) : openPending(b, entry);
  return ticket;
}

/** Shown to people only when its opening is durable. */
async function openPending(b: Entries, entry: Entry): Promise<void> {
  try {
    await b.record(entry, 'approval', {});
  } catch {
    entry.endAfter ??= { kind: 'withdraw', reason: 'The approval could not be recorded' };
  }
  opened(entry);
  if (!b.endIfAsked(entry) && !b.expireIfOver(entry)) b.tell(entry);
}

function opened(entry: Entry): void {
  entry.busy = false;
  delete entry.opening;
}

async function openByGrant(b: Entries, entry: Entry, active: ActiveGrant): Promise<void> {
  const { grant } = active;
  try {
    active.grant = { ...grant, uses: grant.uses + 1 };
    const meta = { act: 'use', grant: grant.id, uses: active.grant.uses, createdBy: grant.createdBy };
    const { approval } = entry.machine;
    await b.options.onRecord([
      { kind: 'approval', session: approval.session, exchange: approval.exchange, meta: approvalMeta(approval, { via: 'grant' }) },
      { kind: 'grant', session: approval.session, exchange: approval.exchange, meta },
    ]);
  } catch {
    entry.endAfter ??= { kind: 'withdraw', reason: 'The use of the grant could not be recorded' };
  }
  opened(entry);
  if (b.endIfAsked(entry) || b.expireIfOver(entry)) return;
  if (!b.grants.covers(active, entry.input)) {
    b.tell(entry); // it ended meanwhile: a person is asked
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
  b.clearTimer(entry);
  b.arm(entry);
  b.settle(entry, b.settlement(entry, 'approved', 'grant'));
  b.tell(entry);
}
