import type { JsonNode } from '../json/scan.js';
import type { AnswerHooks } from '../types.js';

/**
 * `{input_tokens, output_tokens, cache_read_input_tokens, cache_creation_input_tokens}`; a `message_delta` may carry only some of them.
 * Here what was read from and written to the cache is not part of `input_tokens`: the whole input is the sum.
 */
export function reportMessageUsage(usage: JsonNode, hooks: AnswerHooks): void {
  const report: Parameters<AnswerHooks['usage']>[0] = {};
  const input = usage.get('input_tokens')?.number;
  const output = usage.get('output_tokens')?.number;
  const cached = usage.get('cache_read_input_tokens')?.number;
  const written = usage.get('cache_creation_input_tokens')?.number;
  if (input !== undefined) report.inputTokens = input + (cached ?? 0) + (written ?? 0);
  if (output !== undefined) report.outputTokens = output;
  if (cached !== undefined) report.cachedTokens = cached;
  if (written !== undefined) report.cacheWriteTokens = written;
  hooks.usage(report);
}
