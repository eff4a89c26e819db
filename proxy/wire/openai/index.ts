import type { Operation } from '../../contract/index.js';
import { answerObject, type Reading } from '../reading.js';
import type { AnswerHooks, AnswerStream, Dialect } from '../types.js';
import { readChatAnswer } from './chat-answer.js';
import { readChatRequest } from './chat-request.js';
import { ChatStream } from './chat-stream.js';
import { readEmbeddingsAnswer, readEmbeddingsRequest } from './embeddings.js';
import { chatRefusal, openaiError, openaiHeartbeat, responsesRefusal } from './refusals.js';
import { readResponsesAnswer } from './responses-answer.js';
import { readResponsesRequest } from './responses-request.js';
import { ResponsesStream } from './responses-stream.js';

/** OpenAI and the many servers that speak its protocols: chat completions, responses, embeddings, models. */
export const openai: Dialect = {
  name: 'openai',

  operation(method, path) {
    const end = path.replace(/^\/v1(?=\/)/, '');
    if (method === 'POST' && end === '/chat/completions') return { operation: 'chat', inspected: true };
    if (method === 'POST' && end === '/responses') return { operation: 'responses', inspected: true };
    if (method === 'POST' && end === '/embeddings') return { operation: 'embeddings', inspected: true };
    if (method === 'GET' && (end === '/models' || /^\/models\/[^/]+$/.test(end))) return { operation: 'models', inspected: false };
    return undefined;
  },

  readRequest(operation, body, earlier): Reading {
    if (operation === 'responses') return readResponsesRequest(body, earlier);
    if (operation === 'embeddings') return readEmbeddingsRequest(body);
    return readChatRequest(body, earlier);
  },

  async readAnswer(operation, body, hooks) {
    if (operation === 'models') return { clear: body, masked: body };
    const root = answerObject(body);
    if (operation === 'responses') return readResponsesAnswer(root, hooks);
    if (operation === 'embeddings') return readEmbeddingsAnswer(root, hooks);
    return readChatAnswer(root, hooks);
  },

  streamAnswer(operation: Operation, hooks: AnswerHooks): AnswerStream {
    return operation === 'responses' ? new ResponsesStream(hooks) : new ChatStream(hooks);
  },

  errorBody: (error, requestId) => Buffer.from(openaiError(error, requestId)),

  refusal(operation, text, model, stream) {
    if (operation === 'responses') return Buffer.from(responsesRefusal(text, model, stream));
    if (operation === 'chat') return Buffer.from(chatRefusal(text, model, stream));
    return Buffer.from(JSON.stringify({ error: { message: text, type: 'permission_error', param: null, code: 'blocked_by_policy' } }));
  },

  heartbeat: (operation, model, stream) => Buffer.from(openaiHeartbeat(operation, model, stream)),

  contentType: (stream) => (stream ? 'text/event-stream; charset=utf-8' : 'application/json'),
};
