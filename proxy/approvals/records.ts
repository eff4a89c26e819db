import type { Approval, RecordInput } from '../contract/index.js';

/** An approval as record meta: everything but the masked text that was shown (content stands in the exchange's own records). */
export function approvalMeta(approval: Approval, extra: Record<string, unknown>): Record<string, unknown> {
  const shown = approval.shown.map(({ partId, title, findings }) => ({ partId, title, findings }));
  return { ...approval, shown, ...extra };
}

/** The edit of a person, masked, as encrypted content of the decision's record. */
export function editContent(edited: readonly { partId: string; text: string }[]): NonNullable<RecordInput['content']> {
  return { name: 'edit', bytes: Buffer.from(JSON.stringify(edited)) };
}
