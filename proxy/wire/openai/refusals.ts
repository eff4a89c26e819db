import type { Operation, SallyportError } from '../../contract/index.js';
import { quote } from '../json/patch.js';
import { sseEvent } from '../sse/framer.js';

/** Shapes measured with real clients: a well-formed completion is the one form that all of them understand after headers. */

const seconds = (): number => Math.floor(Date.now() / 1000);
const json = (value: unknown): string => JSON.stringify(value);

/** `{"error": {message, type, param, code}}`; `code` becomes `err.code` in the SDKs. */
export function openaiError(error: SallyportError, requestId: string): string {
  return json({
    error: { message: error.message, type: TYPES[error.status] ?? 'gateway_error', param: null, code: error.code },
    request_id: requestId,
  });
}

const TYPES: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
};

export function chatRefusal(text: string, model: string, stream: boolean): string {
  const created = seconds();
  if (!stream) {
    return json({
      id: 'chatcmpl-sallyport',
      object: 'chat.completion',
      created,
      model,
      choices: [
        { index: 0, message: { role: 'assistant', content: text, refusal: null }, logprobs: null, finish_reason: 'content_filter' },
      ],
      usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
    });
  }
  const chunk = (delta: object, finish: string | null): string =>
    sseEvent(
      json({
        id: 'chatcmpl-sallyport',
        object: 'chat.completion.chunk',
        created,
        model,
        choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      }),
    );
  return (
    chunk({ role: 'assistant', content: '' }, null) + chunk({ content: text }, null) + chunk({}, 'content_filter') + sseEvent('[DONE]')
  );
}

/** Fields of a response object that OpenAI's own description requires. */
export function responseObject(id: string, model: string, status: string, output: unknown[]): Record<string, unknown> {
  return {
    id,
    object: 'response',
    created_at: seconds(),
    model,
    status,
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    output,
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    usage: {
      input_tokens: 0,
      output_tokens: 0,
      total_tokens: 0,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens_details: { reasoning_tokens: 0 },
    },
  };
}

/** A message item with one text; `logprobs` and `annotations` are required fields. */
export const textItem = (id: string, text: string, status = 'completed'): Record<string, unknown> => ({
  type: 'message',
  id,
  status,
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
});

/** The events of one whole text item, each given a sequence number by `next`. */
export function textItemEvents(id: string, outputIndex: number, text: string, next: () => number): string {
  const at = { item_id: id, output_index: outputIndex, content_index: 0 };
  const part = (t: string): object => ({ type: 'output_text', text: t, annotations: [], logprobs: [] });
  const event = (type: string, fields: object): string => sseEvent(json({ type, ...fields, sequence_number: next() }), type);
  return (
    event('response.output_item.added', { output_index: outputIndex, item: { ...textItem(id, '', 'in_progress'), content: [] } }) +
    event('response.content_part.added', { ...at, part: part('') }) +
    event('response.output_text.delta', { ...at, delta: text, logprobs: [] }) +
    event('response.output_text.done', { ...at, text, logprobs: [] }) +
    event('response.content_part.done', { ...at, part: part(text) }) +
    event('response.output_item.done', { output_index: outputIndex, item: textItem(id, text) })
  );
}

export function responsesRefusal(text: string, model: string, stream: boolean): string {
  const item = textItem('msg_sallyport', text);
  const whole = responseObject('resp_sallyport', model, 'completed', [item]);
  if (!stream) return json(whole);
  let sequence = 0;
  const next = (): number => sequence++;
  const event = (type: string, response: object): string => sseEvent(json({ type, response, sequence_number: next() }), type);
  const begun = { ...whole, status: 'in_progress', output: [], usage: null };
  return (
    event('response.created', begun) +
    event('response.in_progress', begun) +
    textItemEvents('msg_sallyport', 0, text, next) +
    event('response.completed', whole)
  );
}

export function openaiHeartbeat(operation: Operation, model: string, stream: boolean): string {
  if (!stream) return ' ';
  if (operation === 'responses') return sseEvent('{"type":"keepalive","sequence_number":0}', 'keepalive');
  // `choices: []`, as in usage chunks: LangChain skips it and loses nothing.
  return sseEvent(`{"id":"chatcmpl-hold","object":"chat.completion.chunk","created":${seconds()},"model":${quote(model)},"choices":[]}`);
}
