import type { Answer } from './behaviours.js';
import { tokenize } from './behaviours.js';
import type { Signer } from './signing.js';
import { argumentFragments, frame, type Stamp } from './wire-chat.js';

type Json = Record<string, unknown>;

const stopOf = (answer: Answer) =>
  answer.toolCalls.length ? 'tool_use' : answer.cutByLength ? 'max_tokens' : answer.refusal ? 'refusal' : 'end_turn';
const toolId = (stamp: Stamp, index: number) => `toolu_${stamp.id.slice(-12)}${index}`;

/** `POST /v1/messages`, JSON. */
export function messageJson(answer: Answer, stamp: Stamp, signer: Signer): unknown {
  const tokens = [...answer.tokens];
  const text = answer.refusal ?? tokens.join('');
  const content: Json[] = [];
  if (answer.thinking !== undefined) content.push({ type: 'thinking', thinking: answer.thinking, signature: signer.sign(answer.thinking) });
  if (answer.redactedThinking) content.push({ type: 'redacted_thinking', data: signer.seal('hidden') });
  if (text || answer.toolCalls.length === 0) content.push({ type: 'text', text });
  answer.toolCalls.forEach((call, i) => {
    content.push({ type: 'tool_use', id: toolId(stamp, i), name: call.name, input: JSON.parse(call.arguments) });
  });
  return {
    id: stamp.id,
    type: 'message',
    role: 'assistant',
    model: stamp.model,
    content,
    stop_reason: stopOf(answer),
    stop_sequence: null,
    usage: usage(stamp, tokens.length + 1),
  };
}

function usage(stamp: Stamp, output: number): Json {
  return {
    input_tokens: stamp.promptTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: output,
    service_tier: 'standard',
  };
}

/** The same as server-sent events. Tool blocks follow each other, so `interleave` has no meaning here. */
export function* messageFrames(answer: Answer, stamp: Stamp, signer: Signer): Iterable<string> {
  const event = (type: string, fields: Json = {}) => frame({ type, ...fields }, type);
  let index = 0;
  let count = 1;
  yield event('message_start', {
    message: {
      id: stamp.id,
      type: 'message',
      role: 'assistant',
      model: stamp.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: usage(stamp, 1),
    },
  });
  const start = (block: Json) => event('content_block_start', { index, content_block: block });
  const delta = (d: Json) => event('content_block_delta', { index, delta: d });
  const stop = () => event('content_block_stop', { index: index++ });
  if (answer.thinking !== undefined) {
    yield start({ type: 'thinking', thinking: '', signature: '' });
    for (const token of tokenize(answer.thinking)) yield delta({ type: 'thinking_delta', thinking: token });
    yield delta({ type: 'signature_delta', signature: signer.sign(answer.thinking) });
    yield stop();
  }
  if (answer.redactedThinking) {
    yield start({ type: 'redacted_thinking', data: signer.seal('hidden') });
    yield stop();
  }
  let opened = false;
  for (const token of answer.refusal ? tokenize(answer.refusal) : answer.tokens) {
    if (!opened) {
      opened = true;
      yield start({ type: 'text', text: '' });
      yield event('ping');
    }
    count += 1;
    yield delta({ type: 'text_delta', text: token });
  }
  if (opened) yield stop();
  for (const [i, call] of answer.toolCalls.entries()) {
    yield start({ type: 'tool_use', id: toolId(stamp, i), name: call.name, input: {} });
    yield delta({ type: 'input_json_delta', partial_json: '' });
    for (const [, fragment] of argumentFragments({ ...answer, toolCalls: [call], interleave: false })) {
      count += 1;
      yield delta({ type: 'input_json_delta', partial_json: fragment });
    }
    yield stop();
  }
  yield event('message_delta', { delta: { stop_reason: stopOf(answer), stop_sequence: null }, usage: { output_tokens: count } });
  yield event('message_stop');
}

/** The first thinking block of the history whose signature does not fit; the sentence is what the real API says. */
export function badSignature(body: Json, signer: Signer): string | undefined {
  const messages = Array.isArray(body['messages']) ? (body['messages'] as Json[]) : [];
  for (const [m, message] of messages.entries()) {
    if (!Array.isArray(message['content'])) continue;
    for (const [c, block] of (message['content'] as Json[]).entries()) {
      const good =
        block['type'] === 'thinking'
          ? signer.verifies(String(block['thinking']), block['signature'])
          : block['type'] !== 'redacted_thinking' || signer.opens(block['data']);
      if (!good) return `messages.${m}.content.${c}: Invalid \`signature\` in \`${String(block['type'])}\` block`;
    }
  }
  return undefined;
}
