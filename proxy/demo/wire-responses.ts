import type { Answer } from './behaviours.js';
import { tokenize } from './behaviours.js';
import type { Signer } from './signing.js';
import { argumentFragments, frame, type Stamp } from './wire-chat.js';

type Json = Record<string, unknown>;

const textPart = (text: string) => ({ type: 'output_text', annotations: [], logprobs: [], text });

function envelope(stamp: Stamp, request: Json, output: unknown[], status: string, completion: number): Json {
  return {
    id: stamp.id,
    object: 'response',
    created_at: stamp.created,
    status,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: request['instructions'] ?? null,
    max_output_tokens: request['max_output_tokens'] ?? null,
    model: stamp.model,
    output,
    parallel_tool_calls: true,
    previous_response_id: request['previous_response_id'] ?? null,
    reasoning: { effort: null, summary: null },
    store: request['store'] ?? true,
    temperature: 1,
    text: request['text'] ?? { format: { type: 'text' } },
    tool_choice: request['tool_choice'] ?? 'auto',
    tools: request['tools'] ?? [],
    top_p: 1,
    truncation: 'disabled',
    usage:
      status === 'completed'
        ? {
            input_tokens: stamp.promptTokens,
            input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
            output_tokens: completion,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: stamp.promptTokens + completion,
          }
        : null,
    user: null,
    metadata: request['metadata'] ?? {},
  };
}

function items(answer: Answer, stamp: Stamp, signer: Signer, text: string, hasText: boolean): Json[] {
  const tail = stamp.id.slice(-12);
  const output: Json[] = [];
  if (answer.thinking !== undefined)
    output.push({ id: `rs_${tail}`, type: 'reasoning', summary: [], encrypted_content: signer.seal(answer.thinking) });
  if (answer.refusal)
    output.push({
      id: `msg_${tail}`,
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'refusal', refusal: answer.refusal }],
    });
  else if (hasText || answer.toolCalls.length === 0)
    output.push({ id: `msg_${tail}`, type: 'message', status: 'completed', role: 'assistant', content: [textPart(text)] });
  answer.toolCalls.forEach((call, i) => {
    output.push({
      id: `fc_${tail}${i}`,
      type: 'function_call',
      status: 'completed',
      arguments: call.arguments,
      call_id: `call_${tail}${i}`,
      name: call.name,
    });
  });
  return output;
}

/** `POST /v1/responses`, JSON. */
export function responsesJson(answer: Answer, stamp: Stamp, request: Json, signer: Signer): unknown {
  const tokens = [...answer.tokens];
  const text = tokens.join('');
  return envelope(stamp, request, items(answer, stamp, signer, text, text !== ''), 'completed', tokens.length);
}

/** The same as server-sent events, with `sequence_number`. */
export function* responsesFrames(answer: Answer, stamp: Stamp, request: Json, signer: Signer): Iterable<string> {
  let sequence = 0;
  const event = (type: string, fields: Json) => frame({ type, sequence_number: sequence++, ...fields }, type);
  const started = envelope(stamp, request, [], 'in_progress', 0);
  yield event('response.created', { response: started });
  yield event('response.in_progress', { response: started });
  const bodies = items(answer, stamp, signer, '', !Array.isArray(answer.tokens) || answer.tokens.length > 0);
  const output: Json[] = [];
  let count = 0;
  const calls = new Map<number, number>();
  for (const [index, item] of bodies.entries()) {
    if (item['type'] === 'reasoning') {
      yield event('response.output_item.added', { output_index: index, item: { ...item, encrypted_content: '' } });
      yield event('response.output_item.done', { output_index: index, item });
      output.push(item);
    } else if (item['type'] === 'message') {
      const at = { item_id: item['id'], output_index: index, content_index: 0 };
      const refusal = answer.refusal !== undefined;
      yield event('response.output_item.added', { output_index: index, item: { ...item, status: 'in_progress', content: [] } });
      yield event('response.content_part.added', { ...at, part: refusal ? { type: 'refusal', refusal: '' } : textPart('') });
      let text = '';
      for (const token of refusal ? tokenize(answer.refusal ?? '') : answer.tokens) {
        // A stream of many megabytes is not kept: its closing events carry the first 16 MB only, as no one reads them.
        if (text.length < 16_000_000) text += token;
        count += 1;
        yield event(
          refusal ? 'response.refusal.delta' : 'response.output_text.delta',
          refusal ? { ...at, delta: token } : { ...at, delta: token, logprobs: [] },
        );
      }
      const part = refusal ? { type: 'refusal', refusal: text } : textPart(text);
      yield refusal
        ? event('response.refusal.done', { ...at, refusal: text })
        : event('response.output_text.done', { ...at, text, logprobs: [] });
      yield event('response.content_part.done', { ...at, part });
      const done = { ...item, content: [part] };
      yield event('response.output_item.done', { output_index: index, item: done });
      output.push(done);
    } else calls.set(calls.size, index);
  }
  const left = new Map([...calls.keys()].map((call) => [call, argumentFragments(answer).filter(([c]) => c === call).length]));
  const opened = new Set<number>();
  for (const [call, fragment] of argumentFragments(answer)) {
    const index = calls.get(call) ?? 0;
    const item = bodies[index] ?? {};
    if (!opened.has(call)) {
      opened.add(call);
      yield event('response.output_item.added', { output_index: index, item: { ...item, status: 'in_progress', arguments: '' } });
    }
    count += 1;
    yield event('response.function_call_arguments.delta', { item_id: item['id'], output_index: index, delta: fragment });
    left.set(call, (left.get(call) ?? 1) - 1);
    if (left.get(call) !== 0) continue;
    yield event('response.function_call_arguments.done', {
      item_id: item['id'],
      output_index: index,
      name: item['name'],
      arguments: item['arguments'],
    });
    yield event('response.output_item.done', { output_index: index, item });
    output.push(item);
  }
  yield event('response.completed', { response: envelope(stamp, request, output, 'completed', count) });
}
