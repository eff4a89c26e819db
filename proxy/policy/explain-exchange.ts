import type { RecordedExchange } from './backtest-types.js';
import { judgeRecorded } from './judge-answer.js';
import type { Explanation, Policy, Subject } from './types.js';

/** What a subject is about, in a few words; no content. */
export function aboutOf(s: Subject): string {
  if (s.tool) return `tool call ${s.tool.name}`;
  if (s.providerTool) return `provider tool ${s.providerTool.name}`;
  if (s.what === 'provider-history') return 'history at the provider';
  if (s.notScanned) return `not scanned: ${s.notScanned.reason}${s.part ? ` in ${s.part.id}` : ''}`;
  if (s.part) return `${s.direction} part ${s.part.id} (${s.part.role})`;
  return s.budget ? `budget ${s.budget.id}` : 'the exchange';
}

/** Judges a recorded exchange by the present policy and explains each judgement. Pure. */
export function explainExchange(policy: Policy, recorded: RecordedExchange): Explanation {
  return {
    exchange: recorded.exchange,
    policyRevision: policy.revision,
    changedSince: recorded.policyRevision !== policy.revision,
    subjects: recorded.subjects.map(({ subject }) => {
      const { matched, nearest } = policy.explain(subject);
      const { action, rule, sentence } = judgeRecorded(policy, subject);
      return { about: aboutOf(subject), action, rule, sentence, matched, ...(nearest ? { nearest } : {}) };
    }),
  };
}
