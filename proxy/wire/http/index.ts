import { isUtf8 } from 'node:buffer';
import { setImmediate as pause } from 'node:timers/promises';
import { type Part, SallyportError } from '../../contract/index.js';
import { Channels, SLICE } from '../channels.js';
import { type Splice, splice } from '../json/patch.js';
import type { JsonNode } from '../json/scan.js';
import { JsonSyntaxError, scanJson } from '../json/scan.js';
import { Reading } from '../reading.js';
import { putText } from '../slots.js';
import type { AnswerBytes, AnswerHooks, AnswerStream, Dialect } from '../types.js';
import { TextStream } from './text-stream.js';

/**
 * Any REST API behind the gateway. A JSON body: every string value is a part. Any other text: the body is one part, which cannot be
 * rewritten in place (its span is no JSON string). Bytes that are no UTF-8 are a part without text.
 */
export const http: Dialect = {
  name: 'http',

  /** Which methods and paths are allowed is the connection's own list; that all bodies are looked at is said here. */
  operation: () => ({ operation: 'http', inspected: true }),

  readRequest(_operation, body) {
    const reading = new Reading(EMPTY_OBJECT);
    if (body.length === 0) return reading;
    const root = asJson(body, true);
    if (root) reading.leaves(root, [], { role: 'other', kind: 'text', provenance: 'unknown' });
    else reading.parts.push(wholeBody(body));
    return reading;
  },

  async readAnswer(_operation, body, hooks) {
    if (body.length === 0) return { clear: body, masked: body };
    const root = asJson(body, false);
    const channels = new Channels(hooks);
    if (root) {
      const splices: Splice[] = [];
      await strings(root, channels, splices, '', { left: SLICE });
      return splice(body, splices);
    }
    return text(body, channels, hooks);
  },

  streamAnswer: (_operation, hooks): AnswerStream => new TextStream(hooks),

  errorBody(error, requestId) {
    return Buffer.from(JSON.stringify({ error: { code: error.code, message: error.message }, request_id: requestId }));
  },

  refusal: (_operation, message) => Buffer.from(JSON.stringify({ error: { code: 'blocked_by_policy', message } })),

  heartbeat: (_operation, _model, stream) => Buffer.from(stream ? ': waiting\n\n' : ' '),

  contentType: (stream) => (stream ? 'text/event-stream; charset=utf-8' : 'application/json'),
};

const EMPTY_OBJECT = scanJson(Buffer.from('{}'));

function asJson(body: Buffer, uniqueKeys: boolean): JsonNode | undefined {
  if (!isUtf8(body)) return undefined;
  try {
    return scanJson(body, 0, body.length, uniqueKeys);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const first = body.toString('latin1', 0, 64).trimStart()[0];
    if (uniqueKeys && (first === '{' || first === '['))
      throw new SallyportError('bad_json', `The request body looks like JSON but is not valid: ${error.message}.`);
    return undefined;
  }
}

function wholeBody(body: Buffer): Part {
  const text = isUtf8(body) ? body.toString('utf8') : undefined;
  return {
    id: 'body',
    path: [],
    role: 'other',
    kind: text === undefined ? 'file' : 'text',
    provenance: 'unknown',
    bytes: body.length,
    span: { start: 0, end: body.length },
    rewritable: false,
    ...(text === undefined ? {} : { text }),
  };
}

/** Every string of the body, with a pause after each slice of text, so that no other exchange waits for a long one. */
async function strings(node: JsonNode, channels: Channels, splices: Splice[], id: string, slice: { left: number }): Promise<void> {
  if (node.kind === 'string') {
    const value = node.string!;
    if (value === '') return;
    const info = { id: id || '/', kind: 'text' } as const;
    slice.left -= value.length + 32;
    if (slice.left < 0) {
      await channels.prepare(info, value);
      await pause();
      slice.left = SLICE;
    }
    putText(splices, node, value, channels.whole(info, value));
  } else
    for (const [i, item] of node.items.entries())
      await strings(item, channels, splices, `${id}/${node.kind === 'object' ? node.keys[i] : i}`, slice);
}

async function text(body: Buffer, channels: Channels, hooks: AnswerHooks): Promise<AnswerBytes> {
  if (!isUtf8(body)) {
    hooks.notScanned({ partId: 'body', reason: 'file', bytes: body.length });
    return { clear: body, masked: body };
  }
  const value = body.toString('utf8');
  await channels.prepare({ id: 'body', kind: 'text' }, value);
  const released = channels.whole({ id: 'body', kind: 'text' }, value);
  const clear = released.clear === value ? body : Buffer.from(released.clear);
  return { clear, masked: released.masked === released.clear ? clear : Buffer.from(released.masked) };
}
