import type { Answer } from './behaviours.js';
import { tokenize } from './behaviours.js';

/** What every answer of one request shares. */
export interface Stamp {
  id: string;
  model: string;
  created: number;
  promptTokens: number;
  includeUsage: boolean;
}

export const frame = (data: unknown, event?: string): string => `${event ? `event: ${event}\n` : ''}data: ${JSON.stringify(data)}\n\n`;

/** Argument fragments in the order in which they are streamed: `[call, fragment]`. */
export function argumentFragments(answer: Answer): [number, string][] {
  const perCall = answer.toolCalls.map((c) => tokenize(c.arguments));
  if (!answer.interleave) return perCall.flatMap((pieces, i) => pieces.map((p): [number, string] => [i, p]));
  const longest = Math.max(0, ...perCall.map((p) => p.length));
  return Array.from({ length: longest }, (_, k) =>
    perCall.flatMap((pieces, i): [number, string][] => (pieces[k] === undefined ? [] : [[i, pieces[k]]])),
  ).flat();
}

export const finishOf = (answer: Answer): string =>
  answer.toolCalls.length ? 'tool_calls' : answer.cutByLength ? 'length' : answer.refusal ? 'stop' : 'stop';

export function chatUsage(stamp: Stamp, completion: number): Record<string, unknown> {
  return {
    prompt_tokens: stamp.promptTokens,
    completion_tokens: completion,
    total_tokens: stamp.promptTokens + completion,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
  };
}

const callId = (stamp: Stamp, index: number) => `call_${stamp.id.slice(-10)}${index}`;

/** `POST /v1/chat/completions`, JSON. */
export function chatJson(answer: Answer, stamp: Stamp): unknown {
  const tokens = [...answer.tokens];
  const text = tokens.join('');
  return {
    id: stamp.id,
    object: 'chat.completion',
    created: stamp.created,
    model: stamp.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: answer.toolCalls.length && !text ? null : answer.refusal ? null : text,
          refusal: answer.refusal ?? null,
          annotations: [],
          ...(answer.toolCalls.length
            ? {
                tool_calls: answer.toolCalls.map((c, i) => ({
                  id: callId(stamp, i),
                  type: 'function',
                  function: { name: c.name, arguments: c.arguments },
                })),
              }
            : {}),
        },
        logprobs: null,
        finish_reason: finishOf(answer),
      },
    ],
    usage: chatUsage(stamp, tokens.length),
    service_tier: 'default',
    system_fingerprint: 'fp_simulated',
  };
}

/** The same as server-sent events. */
export function* chatFrames(answer: Answer, stamp: Stamp): Iterable<string> {
  const usage = stamp.includeUsage ? { usage: null } : {};
  const chunk = (delta: unknown, finish: string | null = null) =>
    frame({
      id: stamp.id,
      object: 'chat.completion.chunk',
      created: stamp.created,
      model: stamp.model,
      service_tier: 'default',
      system_fingerprint: 'fp_simulated',
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...usage,
    });
  let count = 0;
  yield chunk({ role: 'assistant', content: answer.toolCalls.length ? null : '', refusal: null });
  for (const token of answer.tokens) {
    count += 1;
    yield chunk({ content: token });
  }
  if (answer.refusal) for (const token of tokenize(answer.refusal)) yield chunk({ refusal: token });
  const opened = new Set<number>();
  const open = (index: number) => {
    opened.add(index);
    const call = { id: callId(stamp, index), type: 'function', function: { name: answer.toolCalls[index]?.name, arguments: '' } };
    return chunk({ tool_calls: [{ index, ...call }] });
  };
  for (const [index, fragment] of argumentFragments(answer)) {
    if (!opened.has(index)) yield open(index);
    count += 1;
    yield chunk({ tool_calls: [{ index, function: { arguments: fragment } }] });
  }
  yield chunk({}, finishOf(answer));
  if (stamp.includeUsage)
    yield frame({
      id: stamp.id,
      object: 'chat.completion.chunk',
      created: stamp.created,
      model: stamp.model,
      choices: [],
      usage: chatUsage(stamp, count),
    });
  yield 'data: [DONE]\n\n';
}
