import { type Finding, type PartKind, SallyportError, type ScanContext } from '../contract/index.js';
import { createChannelTransform } from '../mask/index.js';
import type { FindingAction, ReportingTransform, Vault, VaultEntry } from '../mask/types.js';
import { judgeAnswerFinding } from '../policy/index.js';
import type { Judgement } from '../policy/types.js';
import type { AnswerHooks, ChannelInfo } from '../wire/types.js';
import { KeptText, watched } from './answer-watch.js';
import { baseSubject, placesOf } from './decide.js';
import type { Exchange } from './exchange.js';
import { sentenceOf } from './record.js';
import type { Services } from './services.js';
import { judgeToolCall } from './tool-calls.js';

export interface OpenHooks {
  hooks: AnswerHooks;
  /** A rule blocks the answer: nothing more of it may be released. */
  blocked(): SallyportError | undefined;
  /** Originals of values that the answer brought are kept before the exchange ends. */
  flush(): Promise<void>;
}

const KIND: Record<ChannelInfo['kind'], PartKind> = {
  text: 'text',
  refusal: 'refusal',
  reasoning: 'reasoning',
  'tool-arguments': 'tool-call',
  signed: 'signed',
};

/** Channels of running text; arguments of tools are judged when the call is whole. */
const WATCHED: ReadonlySet<ChannelInfo['kind']> = new Set(['text', 'refusal', 'reasoning']);
/** Findings of an answer that its record keeps for the time machine. */
const MAX_KEPT = 500;

/** What an answer's channels, tool calls, ids and usage mean to this exchange. */
export function answerHooks(x: Exchange, s: Services): OpenHooks {
  const policy = s.policy();
  const detector = s.detector();
  const vault = x.session.vault as Vault;
  const base = { ...baseSubject(x, s), direction: 'response' as const };
  const reports = new Map<string, ReportingTransform>();
  /** Texts as they are recorded, where a rule about findings reads them. */
  const texts = new Map<string, KeptText>();
  let blocked: SallyportError | undefined;

  const partOf = (info: ChannelInfo, findings: Finding[]) => ({
    id: info.id,
    role: 'assistant' as const,
    kind: KIND[info.kind],
    provenance: 'model' as const,
    findings,
  });

  const judgeFinding = (info: ChannelInfo, finding: Finding): FindingAction => {
    const part = partOf(info, [finding]);
    const written = reports.get(info.id)?.written;
    const before = policy.findingsReadText && written ? { text: (texts.get(info.id)?.text ?? '') + written.pending } : {};
    const { action, verdict } = judgeAnswerFinding(policy, { ...base, what: 'part', part: { ...part, ...before } });
    if (written && x.answerFindings.length < MAX_KEPT) {
      const at = { start: written.length, end: written.length };
      x.answerFindings.push({ id: info.id, kind: part.kind, finding: { ...finding, ...at } });
    }
    if (action !== 'allow') {
      x.answerVerdicts.push(verdict);
      if (action === 'block') blocked ??= new SallyportError('blocked_by_policy', sentenceOf(verdict), { rule: verdict.rule });
    }
    const places = placesOf(action, finding.category, finding.testValue);
    if (places.recorded) x.coverage.maskedValues++;
    return places.sent ? 'mask' : places.recorded ? 'record' : 'allow';
  };

  /** What a rule says about the text itself: a block ends the answer, anything else is noted. */
  const hear = ({ verdict }: Judgement): void => {
    x.answerVerdicts.push(verdict);
    if (verdict.action === 'block') blocked ??= new SallyportError('blocked_by_policy', sentenceOf(verdict), { rule: verdict.rule });
  };

  const mayRestore = (info: ChannelInfo) => (entry: VaultEntry) =>
    entry.reversible &&
    (info.kind !== 'tool-arguments' || policy.restoreInto({ name: info.toolName ?? '' }, [entry.entity], base.agent) !== 'no');

  return {
    hooks: {
      channel(info) {
        const context: ScanContext = {
          direction: 'response',
          role: 'assistant',
          kind: KIND[info.kind],
          provenance: 'model',
          ...(info.toolName ? { toolName: info.toolName } : {}),
        };
        const transform = createChannelTransform(
          {
            scanner: detector,
            context,
            vault,
            mayRestore: mayRestore(info),
            decide: (finding) => judgeFinding(info, finding),
            repair: info.kind === 'text',
          },
          info.kind === 'tool-arguments' ? 'json' : 'text',
        );
        reports.set(info.kind === 'tool-arguments' ? `call:${info.callId ?? info.id}` : info.id, transform);
        if (!WATCHED.has(info.kind)) return transform;
        const watch = policy.watchAnswer?.({ ...base, what: 'part', part: partOf(info, []) });
        const seen = watch ? watched(transform, watch, hear) : transform;
        if (!policy.findingsReadText) return seen;
        const text = new KeptText(seen);
        texts.set(info.id, text);
        return text;
      },
      toolCall: (call) => judgeToolCall(x, s, call, reports.get(`call:${call.callId ?? ''}`)?.report),
      idGiven: (id) => s.sessions.given(x.principal.agentId, id, x.session),
      usage(usage) {
        x.usage = { ...x.usage, ...usage };
      },
      notScanned: (info) => void x.coverage.notScanned.push({ ...info, provenance: 'model' }),
    },
    blocked: () => blocked,
    async flush() {
      const fresh = x.session.freshEntries;
      if (fresh && fresh.length > 0 && s.originals) await s.originals.add(x.session.id, fresh.splice(0));
    },
  };
}
