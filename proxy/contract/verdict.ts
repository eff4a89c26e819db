import type { Action, RiskLevel } from './names.js';
import type { NotScannedReason, Provenance } from './part.js';

/** What one rule said about one thing. */
export interface Verdict {
  action: Action;
  /** Id of the winning rule: `preset/mask-contact`, `user/…`, or `builtin/…` for fail-closed defaults. */
  rule: string;
  /** A sentence for people that explains the action; never contains a value. */
  sentence: string;
  /** The part or tool call that it is about; absent: the whole exchange. */
  partId?: string;
  /** Entities of the findings that led to it. */
  entities?: string[];
  /** Ids of the tool risks that led to it. */
  risks?: string[];
  notScanned?: { reason: NotScannedReason; provenance: Provenance };
  /** Strongest level of the risks. */
  level?: RiskLevel;
  /** For `approve`: how. */
  approval?: ApprovalDemand;
  /** Not judged anew: an earlier decision on the same part in this session. */
  carriedOver?: boolean;
}

export interface ApprovalDemand {
  /** Groups of which an approver must be in one; empty = any person of this computer. */
  groups: string[];
  /** How many distinct persons. */
  minimum: number;
  /** The agent's owner may not approve. */
  separateApprover: boolean;
  /** Seconds until it expires (⇒ denied). */
  expiresInSeconds: number;
  /** Shown without an Approve button in notifications: must be opened. */
  mustOpen: boolean;
  /** Demands of other rules that hold as well: each must be satisfied by the approvals given. */
  and?: ApprovalDemand[];
}
