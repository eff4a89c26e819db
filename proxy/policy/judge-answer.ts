import type { Action, Verdict } from '../contract/index.js';
import { rank } from './judge.js';
import type { Policy, Subject } from './types.js';

/**
 * What is done about one finding in the text of an answer. A person cannot be asked about a text that flows, so `approve` masks there.
 * @param subject a part of a response with this finding alone
 */
export function judgeAnswerFinding(policy: Policy, subject: Subject): { action: Action; verdict: Verdict } {
  const judgement = policy.judge(subject);
  const judged = judgement.findingActions[0] ?? 'mask';
  const action = judged === 'approve' ? 'mask' : judged;
  const { approval: _, ...verdict } = judgement.verdict;
  return { action, verdict: { ...verdict, action, entities: (subject.part?.findings ?? []).map((f) => f.entity) } };
}

/**
 * What live evaluation says about a recorded text of an answer: the text is read again as it streamed, and each finding is judged with
 * what stood before it (`start`, in the recorded text).
 */
export function judgeAnswer(policy: Policy, subject: Subject): Verdict[] {
  const { text, ...part } = subject.part!;
  const out: Verdict[] = [];
  const watch = text === undefined ? undefined : policy.watchAnswer?.({ ...subject, part: { ...part, findings: [] } });
  if (watch) for (const { verdict } of [...watch.push(text!), ...watch.flush()]) out.push(verdict);
  for (const finding of part.findings) {
    const before = policy.findingsReadText && text !== undefined ? { text: text.slice(0, finding.start) } : {};
    const { action, verdict } = judgeAnswerFinding(policy, { ...subject, part: { ...part, findings: [finding], ...before } });
    if (action !== 'allow') out.push(verdict);
  }
  return out;
}

/** The strongest that is said about a recorded subject, of a request or an answer. */
export function judgeRecorded(policy: Policy, subject: Subject): Verdict {
  if (subject.what !== 'part' || subject.direction !== 'response') return policy.judge(subject).verdict;
  const none: Verdict = { action: 'allow', rule: 'builtin/allow', sentence: 'No rule speaks against it.' };
  return judgeAnswer(policy, subject).reduce((a, b) => (rank(b.action) > rank(a.action) ? b : a), none);
}
