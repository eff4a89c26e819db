import type { JsonNode } from '../json/scan.js';
import type { AnswerHooks } from '../types.js';

type Usage = { inputTokens?: number; outputTokens?: number; cachedTokens?: number };

function report(hooks: AnswerHooks, input?: number, output?: number, cached?: number): void {
  const usage: Usage = {};
  if (input !== undefined) usage.inputTokens = input;
  if (output !== undefined) usage.outputTokens = output;
  if (cached !== undefined) usage.cachedTokens = cached;
  hooks.usage(usage);
}

/** `{prompt_tokens, completion_tokens, prompt_tokens_details: {cached_tokens}}` */
export function reportChatUsage(usage: JsonNode, hooks: AnswerHooks): void {
  report(
    hooks,
    usage.get('prompt_tokens')?.number,
    usage.get('completion_tokens')?.number,
    usage.get('prompt_tokens_details')?.get('cached_tokens')?.number,
  );
}

/** `{input_tokens, output_tokens, input_tokens_details: {cached_tokens}}` */
export function reportResponseUsage(usage: JsonNode, hooks: AnswerHooks): void {
  report(
    hooks,
    usage.get('input_tokens')?.number,
    usage.get('output_tokens')?.number,
    usage.get('input_tokens_details')?.get('cached_tokens')?.number,
  );
}
