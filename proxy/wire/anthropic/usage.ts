import type { JsonNode } from '../json/scan.js';
import type { AnswerHooks } from '../types.js';

/** `{input_tokens, output_tokens, cache_read_input_tokens}`; a `message_delta` may carry only some of them. */
export function reportMessageUsage(usage: JsonNode, hooks: AnswerHooks): void {
  const report: { inputTokens?: number; outputTokens?: number; cachedTokens?: number } = {};
  const input = usage.get('input_tokens')?.number;
  const output = usage.get('output_tokens')?.number;
  const cached = usage.get('cache_read_input_tokens')?.number;
  if (input !== undefined) report.inputTokens = input;
  if (output !== undefined) report.outputTokens = output;
  if (cached !== undefined) report.cachedTokens = cached;
  hooks.usage(report);
}
