import { type ApprovalBroker, createBroker } from '../approvals/index.js';
import type { Clock, RecordInput, SecretStore } from '../contract/index.js';
import { type Owners, ownerStanding } from '../identity/index.js';
import type { PolicyStore } from '../policy/index.js';
import type { SettingsStore } from '../settings/index.js';
import { ApprovalLinks } from './approval-links.js';
import type { Events } from './events.js';
import { agentShapes } from './facts.js';
import { openApprovals } from './open-approvals.js';
import type { Faults } from './status.js';
import { followWebhook } from './webhook.js';

export interface AskingParts {
  directory: string;
  secrets: SecretStore;
  clock: Clock;
  settings: SettingsStore;
  owners: Owners;
  policies: PolicyStore;
  events: Events;
  faults: Faults;
  record(records: RecordInput[]): Promise<void>;
}

/** Owners whose agents are not let in; what cannot be confirmed for a while only waits. */
const GONE = new Set(['locked', 'group-missing']);

/** How a person is asked: approvals, by event, webhook and one-time link; and what makes a question void before it is answered. */
export async function openAsking(parts: AskingParts): Promise<{ approvals: ApprovalBroker; links: ApprovalLinks }> {
  const { directory, secrets, clock, settings, owners, policies, events, faults, record } = parts;
  const before = await openApprovals(directory, secrets, clock.now);
  const approvals = createBroker({ clock, onRecord: record, leftOver: before.leftOver, grants: before.grants });
  before.follow(approvals);
  approvals.onChange((approval) => events.emit({ type: 'approval', approval }));
  const links = new ApprovalLinks({
    approvals,
    clock,
    faults,
    onAttempt(what) {
      events.emit({ type: 'attempt', what, at: new Date(clock.now()).toISOString() });
      void record([{ kind: 'attempt', meta: { what, face: 'link' } }]).catch(() => {});
    },
  });
  followWebhook(
    approvals,
    () => settings.get().approvals.webhook,
    clock,
    faults,
    () => links.links,
  );
  policies.onChange((policy) => approvals.invalidate({ policyRevision: policy.revision }));
  // An approval was given for an agent as it was: a changed scope, group or key makes what is pending void.
  let known = agentShapes(settings.get());
  settings.onChange((now) => {
    const next = agentShapes(now);
    for (const [agentId, shape] of known) if (next.get(agentId) !== shape) approvals.invalidate({ agentId });
    known = next;
  });
  owners.onChange(() => {
    const { identity } = settings.get();
    for (const owner of owners.list())
      if (GONE.has(ownerStanding(owner.id, owner, identity, clock.now()).state)) approvals.invalidate({ owner: owner.id });
  });
  return { approvals, links };
}
