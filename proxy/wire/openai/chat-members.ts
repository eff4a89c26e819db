import type { ChannelInfo } from '../types.js';

/* Members of chat answers, whole and streamed: of OpenAI and of those who speak its dialect. */

/** Text fields of a delta, and what they are. */
export const TEXT_FIELDS: Record<string, ChannelInfo['kind']> = {
  content: 'text',
  refusal: 'refusal',
  reasoning_content: 'reasoning',
  reasoning: 'reasoning',
};
/** Members of the answer whose text is looked at where it is read, or that hold none of the model's. */
export const KNOWN: ReadonlySet<string> = new Set([
  'id',
  'object',
  'created',
  'model',
  'usage',
  'error',
  'system_fingerprint',
  'service_tier',
  // Azure's filter, Groq's timings, OpenRouter's name of whom it asked, filling against guesses by length.
  'prompt_filter_results',
  'prompt_annotations',
  'x_groq',
  'provider',
  'obfuscation',
]);

/** The same of a choice. */
export const CHOICE_KNOWN: ReadonlySet<string> = new Set([
  'index',
  'message',
  'delta',
  'finish_reason',
  'native_finish_reason',
  'stop_reason',
  'logprobs',
  'content_filter_results',
  'content_filter_offsets',
]);

/** A whole `message` beside the deltas, which some servers send at the end, is not the delta that was judged. */
export const STREAMED_KNOWN: ReadonlySet<string> = new Set([...CHOICE_KNOWN].filter((key) => key !== 'message'));
/** Members that our own chunks have from the provider's last one. */
export const HEAD: ReadonlySet<string> = new Set(['id', 'object', 'created', 'model', 'system_fingerprint', 'service_tier', 'provider']);
