import type { Approval } from '../contract/index.js';
import type { ApprovalQuality } from './types.js';

/** Figures about how people decide, from what the broker still knows. Kept here, sent nowhere. */
export function approvalQuality(approvals: readonly Approval[]): ApprovalQuality {
  const quality: ApprovalQuality = { decided: 0, approved: 0, denied: 0, expired: 0 };
  const seconds: number[] = [];
  let quick = 0;
  for (const approval of approvals) {
    if (approval.state === 'expired') quality.expired += 1;
    const decision = approval.decisions.at(-1);
    if (decision === undefined || approval.state === 'pending') continue;
    const took = Math.max(0, (Date.parse(decision.at) - Date.parse(approval.createdAt)) / 1000);
    quality.decided += 1;
    seconds.push(took);
    if (decision.decision === 'approve') {
      quality.approved += 1;
      if (took < 2) quick += 1;
    } else {
      quality.denied += 1;
    }
  }
  seconds.sort((a, b) => a - b);
  if (seconds.length > 0) quality.medianSeconds = seconds[Math.floor((seconds.length - 1) / 2)]!;
  if (quality.approved > 0) quality.underTwoSeconds = quick / quality.approved;
  return quality;
}
