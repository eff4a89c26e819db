import type { LedgerEvent } from '../ledger/index.js';

/** A piece of what a person reads of an answer: which channel (the answer, its thinking, a tool call by name), and the new text. */
export interface Said {
  channel: string;
  text: string;
}

const MOST_REQUEST = 2000;

/** Reads the answers of a replay as they came: chunks of a stream in whatever pieces, or one JSON body. */
export class AnswerReader {
  private readonly answers = new Map<string, { rest: string; whole: string; stream?: boolean; tools: Map<string, string> }>();

  /** New text that an event brings; of a JSON answer, all of it when its exchange ends. */
  take(exchange: string, event: Pick<LedgerEvent, 'kind' | 'content' | 'contentName'>): Said[] {
    const parts = this.more(exchange, event);
    if (event.kind !== 'end' && event.kind !== 'interrupted') return parts;
    const answer = this.answers.get(exchange);
    this.answers.delete(exchange);
    return answer && !answer.stream ? ofJson(answer.whole) : parts;
  }

  private more(exchange: string, event: Pick<LedgerEvent, 'content' | 'contentName'>): Said[] {
    if (event.contentName !== 'response' || event.content === undefined) return [];
    const answer = this.answers.get(exchange) ?? { rest: '', whole: '', tools: new Map<string, string>() };
    this.answers.set(exchange, answer);
    if (answer.stream === undefined) {
      answer.whole += event.content;
      const begin = answer.whole.trimStart();
      if (begin === '' || begin.startsWith('{') || begin.startsWith('[')) return [];
      answer.stream = true;
      answer.rest = answer.whole;
    } else answer.rest += event.content;
    const lines = answer.rest.split(/\r\n|\n|\r/);
    answer.rest = lines.pop()!;
    return joined(lines.flatMap((line) => (line.startsWith('data:') ? ofEvent(line.slice(5), answer.tools) : [])));
  }
}

type Json = Record<string, unknown>;
const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(object) : []);
const said = (channel: string, text: unknown): Said[] => (typeof text === 'string' && text !== '' ? [{ channel, text }] : []);

/** One event of a stream, in any of the forms that providers have. */
function ofEvent(data: string, tools: Map<string, string>): Said[] {
  let event: Json;
  try {
    event = object(JSON.parse(data));
  } catch {
    return [];
  }
  const named = (id: string, name: unknown): string => {
    if (typeof name === 'string' && name !== '') tools.set(id, `tool ${name}`);
    return tools.get(id) ?? 'tool';
  };
  // Chat completions, and completions.
  const chat = list(event['choices']).flatMap((choice) => {
    const delta = object(choice['delta']);
    const calls = list(delta['tool_calls']).flatMap((call) => {
      const { name, arguments: args } = object(call['function']);
      return said(named(`call ${String(call['index'] ?? 0)}`, name), args);
    });
    const thinking = said('thinking', delta['reasoning_content']);
    return [...thinking, ...said('answer', delta['content'] ?? choice['text']), ...said('answer', delta['refusal']), ...calls];
  });
  if (chat.length > 0) return chat;
  const id = `block ${String(event['index'] ?? event['output_index'] ?? 0)}`;
  switch (event['type']) {
    // Messages.
    case 'content_block_start': {
      const block = object(event['content_block']);
      if (block['type'] === 'tool_use') named(id, block['name']);
      return said('answer', block['text']);
    }
    case 'content_block_delta': {
      const delta = object(event['delta']);
      return [
        ...said('answer', delta['text']),
        ...said('thinking', delta['thinking']),
        ...said(named(id, undefined), delta['partial_json']),
      ];
    }
    // Responses.
    case 'response.output_item.added':
      named(id, object(event['item'])['name']);
      return [];
    case 'response.output_text.delta':
    case 'response.refusal.delta':
      return said('answer', event['delta']);
    case 'response.reasoning_summary_text.delta':
    case 'response.reasoning_text.delta':
      return said('thinking', event['delta']);
    case 'response.function_call_arguments.delta':
      return said(named(id, undefined), event['delta']);
    case 'error':
      return said('error', object(event['error'])['message'] ?? event['message']);
    default:
      return said('error', object(event['error'])['message']);
  }
}

/** A whole JSON answer: its text and its tool calls; as it stands where it has neither. */
function ofJson(body: string): Said[] {
  let answer: Json;
  try {
    answer = object(JSON.parse(body));
  } catch {
    return said('answer', body);
  }
  const found = [
    ...list(answer['choices']).flatMap((choice) => {
      const message = object(choice['message']);
      const calls = list(message['tool_calls']).map((call) => object(call['function']));
      return [
        ...said('thinking', message['reasoning_content']),
        ...said('answer', message['content'] ?? choice['text']),
        ...calls.flatMap((call) => said(`tool ${String(call['name'])}`, call['arguments'])),
      ];
    }),
    ...[...list(answer['content']), ...list(answer['output']).flatMap((item) => [item, ...list(item['content'])])].flatMap((block) => {
      if (block['type'] === 'tool_use') return said(`tool ${String(block['name'])}`, JSON.stringify(block['input']));
      if (block['type'] === 'function_call') return said(`tool ${String(block['name'])}`, block['arguments']);
      return [...said('thinking', block['thinking']), ...said('answer', block['text'])];
    }),
    ...said('error', object(answer['error'])['message']),
  ];
  return found.length > 0 ? found : said('answer', body);
}

function joined(parts: Said[]): Said[] {
  const out: Said[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (last?.channel === part.channel) last.text += part.text;
    else out.push({ ...part });
  }
  return out;
}

/** What a person (or a tool) said last in a request: the newest message, not the whole conversation again. */
export function askedIn(body: string): string {
  let request: Json;
  try {
    request = object(JSON.parse(body));
  } catch {
    return body.slice(0, MOST_REQUEST);
  }
  const source = request['messages'] ?? request['input'] ?? request['prompt'];
  if (typeof source === 'string') return source.slice(0, MOST_REQUEST);
  const last = list(source).at(-1) ?? {};
  return textOf(last['content'] ?? last['output'] ?? last['text']).slice(0, MOST_REQUEST);
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return list(content)
    .map((block) => (typeof block['text'] === 'string' ? block['text'] : textOf(block['content'])))
    .filter((text) => text !== '')
    .join('\n');
}
