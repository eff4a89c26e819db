/**
 * A recorded exchange as a person reads it: messages with roles, tool calls and tool results, whatever the wire format was. Reads what
 * it can and never throws: a recording may hold anything.
 */

export interface Message {
  role: 'system' | 'user' | 'assistant' | 'tool' | 'other';
  /** Path of the message in the request, for verdicts that name a part: `messages/1`. */
  at: string;
  pieces: Piece[];
}

export type Piece =
  | { kind: 'text' | 'reasoning' | 'refusal'; text: string }
  | { kind: 'call'; name: string; id?: string; arguments: string }
  | { kind: 'result'; name?: string; id?: string; text: string }
  | { kind: 'hole'; what: string };

type Json = Record<string, unknown>;
const isObject = (v: unknown): v is Json => typeof v === 'object' && v !== null && !Array.isArray(v);
const str = (v: unknown): string => (typeof v === 'string' ? v : v === undefined || v === null ? '' : JSON.stringify(v, null, 2));

/** Messages of a request body. */
export function readRequest(body: string | undefined): Message[] {
  const json = parse(body);
  if (!isObject(json)) return body ? [{ role: 'other', at: '', pieces: [{ kind: 'text', text: body }] }] : [];
  const out: Message[] = [];
  if (json.system !== undefined) out.push({ role: 'system', at: 'system', pieces: content(json.system) });
  if (typeof json.instructions === 'string')
    out.push({ role: 'system', at: 'instructions', pieces: [{ kind: 'text', text: json.instructions }] });
  const list = Array.isArray(json.messages) ? json.messages : Array.isArray(json.input) ? json.input : undefined;
  const key = Array.isArray(json.messages) ? 'messages' : 'input';
  if (typeof json.input === 'string') out.push({ role: 'user', at: 'input', pieces: [{ kind: 'text', text: json.input }] });
  for (const [i, item] of (list ?? []).entries()) out.push(message(item, `${key}/${i}`));
  if (out.length === 0) out.push({ role: 'other', at: '', pieces: [{ kind: 'text', text: JSON.stringify(json, null, 2) }] });
  return out;
}

function message(item: unknown, at: string): Message {
  if (typeof item === 'string') return { role: 'user', at, pieces: [{ kind: 'text', text: item }] };
  if (!isObject(item)) return { role: 'other', at, pieces: [{ kind: 'text', text: str(item) }] };
  if (item.type === 'function_call')
    return {
      role: 'assistant',
      at,
      pieces: [{ kind: 'call', name: str(item.name), id: str(item.call_id), arguments: str(item.arguments) }],
    };
  if (item.type === 'function_call_output')
    return { role: 'tool', at, pieces: [{ kind: 'result', id: str(item.call_id), text: str(item.output) }] };
  if (item.type === 'reasoning') return { role: 'assistant', at, pieces: [{ kind: 'hole', what: 'encrypted reasoning' }] };
  const pieces = content(item.content);
  for (const call of Array.isArray(item.tool_calls) ? item.tool_calls : [])
    if (isObject(call) && isObject(call.function))
      pieces.push({ kind: 'call', name: str(call.function.name), id: str(call.id), arguments: str(call.function.arguments) });
  if (item.role === 'tool')
    return {
      role: 'tool',
      at,
      pieces: [{ kind: 'result', id: str(item.tool_call_id), text: pieces.map((p) => ('text' in p ? p.text : '')).join('') }],
    };
  const onlyResults = pieces.length > 0 && pieces.every((p) => p.kind === 'result');
  return { role: onlyResults ? 'tool' : role(item.role), at, pieces };
}

function role(value: unknown): Message['role'] {
  return value === 'user' || value === 'assistant' || value === 'tool' || value === 'system'
    ? value
    : value === 'developer'
      ? 'system'
      : 'other';
}

function content(value: unknown): Piece[] {
  if (typeof value === 'string') return value === '' ? [] : [{ kind: 'text', text: value }];
  if (!Array.isArray(value)) return value === undefined || value === null ? [] : [{ kind: 'text', text: str(value) }];
  return value.flatMap((block): Piece[] => {
    if (typeof block === 'string') return [{ kind: 'text', text: block }];
    if (!isObject(block)) return [];
    switch (block.type) {
      case 'text':
      case 'input_text':
      case 'output_text':
        return [{ kind: 'text', text: str(block.text) }];
      case 'refusal':
        return [{ kind: 'refusal', text: str(block.refusal) }];
      case 'thinking':
        return [{ kind: 'reasoning', text: str(block.thinking) }];
      case 'tool_use':
        return [{ kind: 'call', name: str(block.name), id: str(block.id), arguments: str(block.input) }];
      case 'tool_result':
        return [
          {
            kind: 'result',
            id: str(block.tool_use_id),
            text: content(block.content)
              .map((p) => ('text' in p ? p.text : `(${p.kind})`))
              .join('\n'),
          },
        ];
      default:
        return [{ kind: 'hole', what: str(block.type) || 'unknown part' }];
    }
  });
}

/** The answer, JSON or server-sent events, as one assistant message. */
export function readResponse(body: string | undefined): Message | undefined {
  if (!body) return undefined;
  if (/^(?:\ufeff)?\s*(?:event:|data:|:)/.test(body)) return fromEvents(body);
  const json = parse(body);
  if (!isObject(json)) return { role: 'assistant', at: 'answer', pieces: [{ kind: 'text', text: body }] };
  if (isObject(json.error))
    return { role: 'other', at: 'answer', pieces: [{ kind: 'text', text: str(json.error.message) || str(json.error) }] };
  if (Array.isArray(json.choices)) {
    const choice = json.choices.find(isObject);
    return choice && isObject(choice.message)
      ? { ...message({ role: 'assistant', ...choice.message }, 'answer'), role: 'assistant' }
      : undefined;
  }
  if (Array.isArray(json.output))
    return { role: 'assistant', at: 'answer', pieces: json.output.flatMap((item) => message(item, 'answer').pieces) };
  if (Array.isArray(json.content)) return { role: 'assistant', at: 'answer', pieces: content(json.content) };
  if (Array.isArray(json.data)) return { role: 'assistant', at: 'answer', pieces: [{ kind: 'hole', what: `${json.data.length} items` }] };
  return { role: 'assistant', at: 'answer', pieces: [{ kind: 'text', text: JSON.stringify(json, null, 2) }] };
}

/** Adds up the deltas of the three streaming formats. */
function fromEvents(body: string): Message {
  const texts = new Map<string, Piece>();
  const add = (key: string, make: Piece, text: string): void => {
    const piece = texts.get(key) ?? make;
    texts.set(key, piece);
    if (piece.kind === 'call') piece.arguments += text;
    else if ('text' in piece) piece.text += text;
  };
  for (const data of events(body)) {
    const json = parse(data);
    if (!isObject(json)) continue;
    for (const choice of Array.isArray(json.choices) ? json.choices.filter(isObject) : []) {
      const delta = isObject(choice.delta) ? choice.delta : {};
      if (typeof delta.content === 'string' && delta.content !== '') add('text', { kind: 'text', text: '' }, delta.content);
      if (typeof delta.refusal === 'string') add('refusal', { kind: 'refusal', text: '' }, delta.refusal);
      for (const call of Array.isArray(delta.tool_calls) ? delta.tool_calls.filter(isObject) : []) {
        const fn = isObject(call.function) ? call.function : {};
        add(`call:${str(call.index)}`, { kind: 'call', name: str(fn.name), id: str(call.id), arguments: '' }, str(fn.arguments));
      }
    }
    if (json.type === 'content_block_start' && isObject(json.content_block) && json.content_block.type === 'tool_use')
      texts.set(`block:${str(json.index)}`, {
        kind: 'call',
        name: str(json.content_block.name),
        id: str(json.content_block.id),
        arguments: '',
      });
    if (json.type === 'content_block_delta' && isObject(json.delta)) {
      const d = json.delta;
      if (d.type === 'text_delta') add(`block:${str(json.index)}`, { kind: 'text', text: '' }, str(d.text));
      else if (d.type === 'thinking_delta') add(`block:${str(json.index)}`, { kind: 'reasoning', text: '' }, str(d.thinking));
      else if (d.type === 'input_json_delta')
        add(`block:${str(json.index)}`, { kind: 'call', name: '', arguments: '' }, str(d.partial_json));
    }
    if (json.type === 'response.output_text.delta') add(`item:${str(json.output_index)}`, { kind: 'text', text: '' }, str(json.delta));
    if (json.type === 'response.output_item.added' && isObject(json.item) && json.item.type === 'function_call')
      texts.set(`item:${str(json.output_index)}`, { kind: 'call', name: str(json.item.name), id: str(json.item.call_id), arguments: '' });
    if (json.type === 'response.function_call_arguments.delta')
      add(`item:${str(json.output_index)}`, { kind: 'call', name: '', arguments: '' }, str(json.delta));
    if (isObject(json.error)) add('error', { kind: 'text', text: '' }, str(json.error.message));
  }
  return { role: 'assistant', at: 'answer', pieces: [...texts.values()] };
}

/** The `data` of each server-sent event. */
export function events(body: string): string[] {
  return body
    .split(/\r\n\r\n|\n\n|\r\r/)
    .map((frame) =>
      frame
        .split(/\r\n|\n|\r/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).replace(/^ /, ''))
        .join('\n'),
    )
    .filter((data) => data !== '' && data !== '[DONE]');
}

function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
