import { createDetector } from '../../proxy/detect/index.js';
import { createChannelTransform, createVault, type FindingAction, type ReportingTransform, type Vault } from '../../proxy/mask/index.js';
import type { AnswerBytes, AnswerHooks, ChannelInfo, HeldToolCall, ToolCallDecision } from '../../proxy/wire/index.js';

export const detector = createDetector({ names: false, workers: 0 });

export const makeVault = (fill = 7): Vault => createVault({ sessionKey: Buffer.alloc(32, fill), agentKey: Buffer.alloc(32, fill + 1) });

export interface Watched extends AnswerHooks {
  calls: HeldToolCall[];
  ids: string[];
  usages: object[];
  blind: { partId: string; reason: string }[];
  transforms: Map<string, ReportingTransform>;
}

export interface HookOptions {
  vault?: Vault;
  action?: FindingAction;
  decide?(call: HeldToolCall): ToolCallDecision | Promise<ToolCallDecision>;
}

/** Hooks as the pipeline makes them, with the real detector, and a note of what was called. */
export function hooks({ vault = makeVault(), action = 'record', decide = () => ({ action: 'release' }) }: HookOptions = {}): Watched {
  const watched: Watched = {
    calls: [],
    ids: [],
    usages: [],
    blind: [],
    transforms: new Map(),
    channel(info: ChannelInfo) {
      const transform = createChannelTransform(
        {
          scanner: detector,
          vault,
          context: { direction: 'response', role: 'assistant', kind: 'text', provenance: 'model' },
          mayRestore: () => true,
          decide: () => action,
        },
        info.kind === 'tool-arguments' ? 'json' : 'text',
      );
      watched.transforms.set(info.id, transform);
      return transform;
    },
    toolCall(call) {
      watched.calls.push(call);
      return decide(call);
    },
    idGiven: (id) => watched.ids.push(id),
    usage: (usage) => watched.usages.push(usage),
    notScanned: (info) => watched.blind.push(info),
  };
  return watched;
}

/** Hooks that change nothing. */
export function still(): Watched {
  const watched = hooks();
  watched.channel = () => ({ push: (text) => ({ clear: text, masked: text }), flush: () => ({ clear: '', masked: '' }) });
  return watched;
}

export const gather = (list: readonly AnswerBytes[]): { clear: string; masked: string } => ({
  clear: Buffer.concat(list.map((one) => one.clear)).toString('utf8'),
  masked: Buffer.concat(list.map((one) => one.masked)).toString('utf8'),
});
