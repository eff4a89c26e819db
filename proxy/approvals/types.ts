import type { Approval, Grant, Person } from '../contract/index.js';

/** What a person is to be asked, before it is an {@link Approval}. */
export interface ApprovalInput
  extends Pick<
    Approval,
    | 'kind'
    | 'agent'
    | 'connection'
    | 'destination'
    | 'model'
    | 'operation'
    | 'session'
    | 'exchange'
    | 'verdicts'
    | 'demand'
    | 'policyRevision'
    | 'digest'
    | 'shown'
  > {
  /** Semantic key: retries with the same key attach to the same approval. */
  ticketKey: string;
  tool?: NonNullable<Approval['tool']> & { arguments: string };
  /**
   * What the person's edit makes of what is released: its new digest (and what is shown then). Absent: this cannot be edited.
   * May throw SallyportError, e.g. when the edited call is blocked by policy.
   */
  applyEdit?(edited: { partId: string; text: string }[]): EditResult | Promise<EditResult>;
}

export interface EditResult {
  /** SHA-256, hex, of the exact bytes that are released now. */
  digest: string;
  shown?: ApprovalInput['shown'];
  /** Masked arguments after the edit, for tool calls. */
  arguments?: string;
}

/** How it ended. `bytes` when a person edited: the masked body or arguments to release instead. */
export interface Settlement {
  outcome: 'approved' | 'denied' | 'expired' | 'withdrawn' | 'void';
  approval: Approval;
  reason?: string;
  edited?: { partId: string; text: string }[];
  /** Settled without asking: a grant, a sticky denial, or an approval given before. */
  via: 'person' | 'grant' | 'earlier' | 'timeout';
}

/** A client's hold on a pending approval. */
export interface Ticket {
  approval(): Approval;
  settled: Promise<Settlement>;
  /** Set when it is settled already. */
  settlement?: Settlement;
  /** The client connection is gone; the approval stays open for a retry until it expires. */
  detach(): void;
}

/** Persisted through callbacks, so that it survives a restart as `withdrawn`. Nothing pending is ever released after a restart. */
export interface ApprovalBroker {
  attach(input: ApprovalInput): Ticket;
  /** Marks an approval used, exactly once; false when it was used, voided or expired meanwhile. Call directly before release. */
  use(id: string, digest: string): boolean;
  list(filter?: { state?: Approval['state'] | 'open' | 'ended'; agent?: string }): Approval[];
  get(id: string): Approval | undefined;
  /** @throws SallyportError not_found, conflict (version or state), forbidden (person may not decide this one) */
  decide(
    id: string,
    decision: {
      version: number;
      decision: 'approve' | 'deny';
      reason?: string;
      edited?: { partId: string; text: string }[];
      grant?: { pattern: string; minutes: number; session?: boolean };
      forced?: boolean;
    },
    person: Person,
  ): Promise<Approval>;
  grants(): Grant[];
  revokeGrant(id: string, person: Person): Promise<Grant>;
  /** Forget a sticky denial so that the same may be asked again. */
  clearDenial(id: string, person: Person): Promise<void>;
  /**
   * Policy, agent scope or key changed: pending approvals of other revisions, or of this agent, become void. `owner`: the agents of
   * this person are locked; their grants stand, for nobody can use them until the person is back.
   */
  invalidate(filter: { policyRevision?: string; agentId?: string; owner?: string }): void;
  onChange(listener: (approval: Approval) => void): () => void;
  /** Withdraws all that is pending (clients get a definite answer) and takes no more. */
  close(): Promise<void>;
  /** Denies several at once; what was decided meanwhile is left alone. Answers those that were denied. */
  denyAll(ids: readonly string[], reason: string | undefined, person: Person): Promise<Approval[]>;
  /** After three alike approvals: the narrow pattern that covers them all. */
  suggestGrant(id: string): GrantSuggestion | undefined;
  /** The pattern that covers exactly what this approval shows, for the person to widen. */
  patternOf(id: string): string | undefined;
  /** Figures about how decisions were made; kept only here. */
  quality(): Quality;
}

export interface GrantSuggestion {
  pattern: string;
  tool: string;
  rules: string[];
  /** How many approvals it would have covered. */
  alike: number;
}

export interface Quality {
  decided: number;
  approved: number;
  denied: number;
  expired: number;
  /** Median seconds between opening and decision. */
  medianSeconds?: number;
  /** Share (0–1) of approvals given in under two seconds. */
  underTwoSeconds?: number;
}

/** What to send to a client that waits (facts/clients.md §1.1). */
export interface HoldPlan {
  /** Client kind as recognised, for the record. */
  client: string;
  /** Send `102 Processing` every heartbeat before commit. */
  informational: boolean;
  /** Milliseconds after the request at which 200 and heartbeats begin; Infinity = never. */
  commitAfterMs: number;
  heartbeatEveryMs: number;
  /** Anthropic: send an own `message_start` this many ms after commit (Claude Code). */
  ownStartAfterCommitMs?: number;
  /** Responses streams: comments in the place of `keepalive` events, which this client's reader takes only after `response.created`. */
  commentHeartbeats?: boolean;
  /** Status of a denial before commit. */
  denyStatus: number;
}
