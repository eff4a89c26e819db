/** How a person's decision is made: asked before anything is computed for it, durable before it counts. */
import { type Approval, type Grant, type Person, type RecordInput, SallyportError } from '../contract/index.js';
import type { Entries } from './entries.js';
import { makeGrant } from './grants.js';
import { approvalMeta, editContent } from './records.js';
import { isLive, type Move, step } from './state.js';
import type { Entry } from './ticket.js';
import type { ApprovalBroker, EditResult } from './types.js';

export type Decision = Parameters<ApprovalBroker['decide']>[1];

export async function decide(b: Entries, id: string, given: Decision, person: Person): Promise<Approval> {
  const decision = given.reason === undefined ? given : { ...given, reason: given.reason.replace(/\p{Cc}/gu, ' ').slice(0, 500) };
  b.sweep();
  const entry = b.entries.get(id);
  if (!entry) throw new SallyportError('not_found', `There is no approval ${id.slice(0, 40)}`);
  await entry.opening;
  if (b.closed) throw new SallyportError('shutting_down');
  if (entry.busy) throw new SallyportError('conflict', 'Somebody else is deciding it right now');
  const { approval } = entry.machine;
  if (decision.decision === 'approve') checkRight(b, approval, decision, person);
  const grant = decision.grant && decision.decision === 'approve' ? newGrant(b, entry, decision.grant, person) : undefined;
  entry.busy = true;
  let edit: EditResult | undefined;
  try {
    // asked before the edit is applied, so that nobody's edit is computed for a decision that cannot be
    const trial = step(entry.machine, decideMove(decision, person), b.now());
    if (!trial.ok) throw new SallyportError(trial.code, trial.message);
    if (decision.edited && decision.decision === 'approve') edit = await applyEdit(entry, decision.edited);
    return await commit(b, entry, decision, person, edit, grant);
  } finally {
    entry.busy = false;
    if (!b.endIfAsked(entry)) b.expireIfOver(entry);
  }
}

function checkRight(b: Entries, approval: Approval, decision: Decision, person: Person): void {
  if (decision.forced) {
    if (!b.options.mayForce?.(person, approval)) throw new SallyportError('forbidden', 'You may not force this approval');
  } else if (b.options.isAllowed && !b.options.isAllowed(person, approval))
    throw new SallyportError('forbidden', 'You may not approve this');
}

function decideMove(decision: Decision, person: Person, edit?: EditResult): Extract<Move, { kind: 'decide' }> {
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

async function applyEdit(entry: Entry, edited: { partId: string; text: string }[]): Promise<EditResult> {
  if (!entry.input.applyEdit) throw new SallyportError('invalid', 'This cannot be edited: approve or deny it as it is');
  const shown = new Set(entry.machine.approval.shown.map((s) => s.partId));
  for (const e of edited) if (!shown.has(e.partId)) throw new SallyportError('invalid', `The part ${e.partId.slice(0, 60)} was not shown`);
  return entry.input.applyEdit(edited);
}

/** The decision is durable before it counts. When it cannot be written, an approval stays undecided and a denial holds. */
async function commit(
  b: Entries,
  entry: Entry,
  decision: Decision,
  person: Person,
  edit: EditResult | undefined,
  grant: Grant | undefined,
): Promise<Approval> {
  const moved = step(entry.machine, decideMove(decision, person, edit), b.now());
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
  await b.options.onRecord(records).catch((e: unknown) => {
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
  if (approval.state === 'denied') b.end(entry, 'denied', 'person');
  else if (approval.state === 'approved') approved(b, entry, granted);
  else b.tell(entry);
  return entry.machine.approval;
}

function approved(b: Entries, entry: Entry, grant: Grant | undefined): void {
  entry.busy = false;
  if (b.endIfAsked(entry) || b.expireIfOver(entry)) {
    // what ended before it began gives no grant either
    if (grant) b.recordRevoked(grant, { reason: 'the approval ended' });
    return;
  }
  if (grant) b.grants.add(grant);
  b.settle(entry, b.settlement(entry, 'approved', 'person'));
  b.tell(entry);
}

function newGrant(b: Entries, entry: Entry, wanted: NonNullable<Decision['grant']>, person: Person): Grant {
  const text = b.textOf(entry);
  return makeGrant({ id: b.id('gr'), approval: entry.machine.approval, input: entry.input, text, wanted, person, now: b.now() });
}
