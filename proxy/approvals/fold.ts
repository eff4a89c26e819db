import type { Approval, Grant, RecordKind } from '../contract/index.js';
import { isLive } from './state.js';

/** A record of the ledger, as far as approvals are concerned. `content`: decrypted, where its session still has its key. */
export interface ApprovalRecord {
  kind: RecordKind | string;
  meta: Record<string, unknown>;
  content?: string;
}

/**
 * What the ledger says was open when the process ended, for `createBroker({ leftOver, grants })`: approvals that were pending or
 * approved and never ended, and grants that stand. What was used shows in the records of the release (`forwarded`, `tool-call`).
 * Grants of a session that was forgotten have no pattern any more and end. Pure.
 */
export function foldApprovals(records: Iterable<ApprovalRecord>, nowMs: number): { leftOver: Approval[]; grants: Grant[] } {
  const approvals = new Map<string, Approval>();
  const grants = new Map<string, Grant>();
  const used = new Set<string>();
  for (const { kind, meta, content } of records) {
    if ((kind === 'approval' || kind === 'decision') && typeof meta['id'] === 'string' && typeof meta['state'] === 'string') {
      const approval = meta as unknown as Approval;
      const before = approvals.get(approval.id);
      if (!before || approval.version >= before.version) approvals.set(approval.id, approval);
    }
    if ((kind === 'forwarded' || kind === 'tool-call') && typeof meta['approval'] === 'string') used.add(meta['approval']);
    if (kind !== 'grant') continue;
    if (meta['act'] === 'create' && typeof meta['id'] === 'string' && content !== undefined) {
      const { act: _, ...grant } = meta;
      grants.set(meta['id'], { ...(grant as unknown as Grant), pattern: content });
    }
    const grant = typeof meta['grant'] === 'string' ? grants.get(meta['grant']) : undefined;
    if (grant && meta['act'] === 'use') grants.set(grant.id, { ...grant, uses: grant.uses + 1 });
    if (grant && meta['act'] === 'revoke') grants.delete(grant.id);
  }
  return {
    leftOver: [...approvals.values()]
      .filter((a) => isLive(a.state) && !used.has(a.id))
      .map((a) => ({ ...a, shown: a.shown.map((s) => ({ ...s, text: s.text ?? '' })) })),
    grants: [...grants.values()].filter((g) => Date.parse(g.expiresAt) > nowMs),
  };
}
