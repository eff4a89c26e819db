import type { Finding } from './part.js';
import type { ToolFact, ToolRisk } from './tool.js';
import type { ApprovalDemand, Verdict } from './verdict.js';

export type ApprovalState = 'pending' | 'approved' | 'denied' | 'expired' | 'withdrawn' | 'void' | 'used';

/** What a person is asked about. Everything here is masked; it may be notified, recorded and listed. */
export interface Approval {
  id: string; // ap_…
  /** Compare-and-set version; each change adds one. */
  version: number;
  state: ApprovalState;
  kind: 'request' | 'tool-call';
  agent: { id: string; name: string; owner: string };
  connection: string;
  /** Origin that it would be sent to; for a tool call `agent`. */
  destination: string;
  model?: string;
  operation: string;
  session: string;
  exchange: string;
  tool?: { name: string; facts: ToolFact[]; risks: ToolRisk[] };
  verdicts: Verdict[];
  demand: ApprovalDemand;
  policyRevision: string;
  /** SHA-256, hex, of the exact bytes that are released on approval. */
  digest: string;
  /** First 6 characters of the digest in base32: shown in notification, window and record. */
  code: string;
  /** The parts that a person must see (masked), with the matched spans. */
  shown: { partId: string; title: string; text: string; findings: Finding[] }[];
  createdAt: string;
  expiresAt: string;
  /** Decisions given so far. */
  decisions: { person: string; personName: string; decision: 'approve' | 'deny'; at: string; reason?: string; forced?: boolean }[];
  /** Is a client connection attached now? */
  clientWaiting: boolean;
  /** How many client requests have attached (retries). */
  attempts: number;
  /** Set when the person edited what is sent (masked form). */
  edited?: boolean;
  /** Reason given on deny; reaches the agent. */
  reason?: string;
  grantId?: string;
}

/** A standing approval of a shape. */
export interface Grant {
  id: string; // gr_…
  agentId: string;
  /** Tool name, or `request` for prompts. */
  tool: string;
  /** Rule ids that it covers. */
  rules: string[];
  /** Ids of the tool risks that it covers; a call with another risk is asked again. */
  risks?: string[];
  /** Only for this connection; for requests. */
  connection?: string;
  /** Pattern over the masked arguments: literal text with `*` for any run without quotes, newlines and shell operators. */
  pattern: string;
  session?: string;
  createdBy: string;
  createdAt: string;
  expiresAt: string;
  revokedAt?: string;
  uses: number;
}
