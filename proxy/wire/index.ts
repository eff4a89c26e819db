/** The room of protocols: bytes to parts and back, byte for byte where no rule changed anything. */
import type { DialectName } from '../contract/index.js';
import { anthropic } from './anthropic/index.js';
import { http } from './http/index.js';
import { openai } from './openai/index.js';
import type { Dialect } from './types.js';

/** One row per protocol; a connection names its row. */
export const dialects: Record<DialectName, Dialect> = { openai, anthropic, http };

export { patch } from './json/patch.js';
export { JsonNode, JsonSyntaxError, scanJson } from './json/scan.js';
export { MAX_EVENT_BYTES, SseFramer } from './sse/framer.js';
export type * from './types.js';
