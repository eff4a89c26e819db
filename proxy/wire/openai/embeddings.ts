import { SallyportError } from '../../contract/index.js';
import { others } from '../definitions.js';
import type { JsonNode } from '../json/scan.js';
import { type About, each, Reading, requestObject } from '../reading.js';
import type { AnswerBytes, AnswerHooks } from '../types.js';
import { reportChatUsage } from './usage.js';

const HANDLED = new Set(['model', 'input', 'encoding_format', 'dimensions']);
const ABOUT: About = { role: 'user', kind: 'embedding-input', provenance: 'document' };

/** The body of `POST /v1/embeddings`: texts, or token numbers that nobody here can read. @throws SallyportError bad_json, bad_body */
export function readEmbeddingsRequest(body: Buffer): Reading {
  const root = requestObject(body);
  const reading = new Reading(root);
  const input = root.get('input');
  if (!input) throw new SallyportError('bad_body', 'The body has no `input`.');
  if (input.kind === 'string') reading.text(input, ['input'], ABOUT);
  else if (input.kind === 'array' && input.items.some((item) => item.kind === 'string'))
    for (const [i, item] of each(input)) reading.text(item, ['input', i], ABOUT);
  else if (input.kind !== 'array' || input.items.length > 0) reading.opaque(input, ['input'], { ...ABOUT, kind: 'unknown' });
  others(reading, root, HANDLED);
  return reading;
}

/** Vectors hold no text. */
export function readEmbeddingsAnswer(root: JsonNode, hooks: AnswerHooks): AnswerBytes {
  const usage = root.get('usage');
  if (usage?.kind === 'object') reportChatUsage(usage, hooks);
  return { clear: root.bytes, masked: root.bytes };
}
