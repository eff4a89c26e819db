import type { Approval } from '../contract/index.js';
import type { Quality } from './types.js';

/** How decisions were made. A share of fast approvals near 1 says that nobody reads. Pure. */
export function qualityOf(approvals: readonly Approval[]): Quality {
  const seconds: number[] = [];
  const out: Quality = { decided: 0, approved: 0, denied: 0, expired: 0 };
  let fast = 0;
  for (const a of approvals) {
    if (a.state === 'expired') out.expired++;
    const last = a.decisions.at(-1);
    if (!last || a.state === 'pending') continue;
    const approved = last.decision === 'approve';
    out.decided++;
    if (approved) out.approved++;
    else out.denied++;
    const took = Math.max(0, Date.parse(last.at) - Date.parse(a.createdAt)) / 1000;
    seconds.push(took);
    if (approved && took < 2) fast++;
  }
  if (seconds.length > 0) {
    seconds.sort((a, b) => a - b);
    const mid = seconds.length >> 1;
    out.medianSeconds = seconds.length % 2 === 1 ? seconds[mid]! : (seconds[mid - 1]! + seconds[mid]!) / 2;
  }
  if (out.approved > 0) out.underTwoSeconds = fast / out.approved;
  return out;
}
