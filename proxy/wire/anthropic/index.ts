import type { SallyportError } from '../../contract/index.js';
import { answerObject } from '../reading.js';
import { sseEvent } from '../sse/framer.js';
import type { Dialect } from '../types.js';
import { readMessagesAnswer } from './answer.js';
import { readMessagesRequest } from './request.js';
import { MessagesStream, messageEnd, messageStart } from './stream.js';

const TYPES: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

/** Anthropic: messages, count_tokens, models. */
export const anthropic: Dialect = {
  name: 'anthropic',

  operation(method, path) {
    const end = path.replace(/^\/v1(?=\/)/, '');
    if (method === 'POST' && end === '/messages') return { operation: 'messages', inspected: true };
    if (method === 'POST' && end === '/messages/count_tokens') return { operation: 'count_tokens', inspected: true };
    if (method === 'GET' && (end === '/models' || /^\/models\/[^/]+$/.test(end))) return { operation: 'models', inspected: false };
    return undefined;
  },

  readRequest: (_operation, body, earlier) => readMessagesRequest(body, earlier),

  async readAnswer(operation, body, hooks) {
    return operation === 'messages' ? readMessagesAnswer(answerObject(body), hooks) : { clear: body, masked: body };
  },

  streamAnswer: (_operation, hooks) => new MessagesStream(hooks),

  /** The SDKs show type and message only, so the code stands in the message as well. */
  errorBody(error: SallyportError, requestId) {
    const type = TYPES[error.status] ?? 'api_error';
    return Buffer.from(
      JSON.stringify({
        type: 'error',
        error: { type, message: `${error.message} (${error.code})`, code: error.code },
        request_id: requestId,
      }),
    );
  },

  refusal(operation, text, model, stream) {
    if (operation !== 'messages') return Buffer.from(JSON.stringify({ type: 'error', error: { type: 'permission_error', message: text } }));
    const block = { type: 'text', text };
    if (!stream) {
      const usage = { input_tokens: 0, output_tokens: 0 };
      return Buffer.from(
        JSON.stringify({
          id: 'msg_sallyport',
          type: 'message',
          role: 'assistant',
          model,
          content: [block],
          stop_reason: 'end_turn',
          stop_sequence: null,
          usage,
        }),
      );
    }
    return Buffer.from(messageStart(model) + refusalEvents(text));
  },

  start: (operation, model) => (operation === 'messages' ? Buffer.from(messageStart(model)) : undefined),

  refusalAfterStart: (text) => Buffer.from(refusalEvents(text)),

  heartbeat: (_operation, _model, stream) => Buffer.from(stream ? 'event: ping\ndata: {"type": "ping"}\n\n' : ' '),

  contentType: (stream) => (stream ? 'text/event-stream; charset=utf-8' : 'application/json'),
};

/** What follows `message_start` in a refusal. */
function refusalEvents(text: string): string {
  return (
    sseEvent('{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}', 'content_block_start') +
    sseEvent(JSON.stringify({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }), 'content_block_delta') +
    sseEvent('{"type":"content_block_stop","index":0}', 'content_block_stop') +
    messageEnd()
  );
}
