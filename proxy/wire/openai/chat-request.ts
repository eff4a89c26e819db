import { type JsonPath, SallyportError } from '../../contract/index.js';
import { definition, others } from '../definitions.js';
import type { JsonNode } from '../json/scan.js';
import { type About, each, Reading, requestObject } from '../reading.js';
import type { Earlier } from '../types.js';
import { store } from './history.js';

const HANDLED = new Set([
  'model',
  'messages',
  'tools',
  'functions',
  'stream',
  'stream_options',
  'store',
  'tool_choice',
  'function_call',
  'response_format',
  'modalities',
  'audio',
  'web_search_options',
  'service_tier',
  'reasoning_effort',
  'verbosity',
  'parallel_tool_calls',
  'prompt_cache_key',
  'prompt_cache_retention',
  'logit_bias',
  'temperature',
  'top_p',
  'n',
  'max_tokens',
  'max_completion_tokens',
  'presence_penalty',
  'frequency_penalty',
  'seed',
  'logprobs',
  'top_logprobs',
]);
const MESSAGE_HANDLED = new Set([
  'role',
  'content',
  'tool_calls',
  'function_call',
  'tool_call_id',
  'refusal',
  'reasoning_content',
  'reasoning',
  'reasoning_details',
  'audio',
]);
const CALL_HANDLED = new Set(['id', 'type', 'index', 'function', 'custom']);
const INNER_HANDLED = new Set(['name', 'arguments', 'input']);
const partHandled = (text: string): ReadonlySet<string> => new Set(['type', text, 'cache_control']);
const PART_HANDLED = { text: partHandled('text'), refusal: partHandled('refusal'), thinking: partHandled('thinking') };
const DETAIL_HANDLED = new Set(['type', 'id', 'format', 'index', 'text', 'summary', 'data', 'signature']);
const TOOL_MESSAGE_HANDLED = new Set([...MESSAGE_HANDLED, 'name']);

/** The body of `POST /v1/chat/completions`. @throws SallyportError bad_json, bad_body */
export function readChatRequest(body: Buffer, earlier?: Earlier): Reading {
  const root = requestObject(body, earlier);
  const reading = new Reading(root, earlier);
  const messages = root.get('messages');
  if (messages?.kind !== 'array') throw new SallyportError('bad_body', 'The body has no list `messages`.');
  reading.grow(messages, (message, i) => readMessage(reading, message, ['messages', i]));
  reading.offers(root.get('tools'), (tool, path) => readTool(reading, tool, path));
  for (const [i, tool] of each(root.get('functions'))) readFunction(reading, tool, ['functions', i]);
  const search = root.get('web_search_options');
  if (search?.kind === 'object') {
    reading.providerTools.push({ name: 'web_search', kind: 'provider-tool', partId: 'web_search_options' });
    reading.leaves(search, ['web_search_options'], { role: 'other', kind: 'text', provenance: 'unknown' });
  }
  const format = root.get('response_format');
  if (format) definition(reading, format, ['response_format']);
  store(reading, root);
  others(reading, root, HANDLED);
  return reading;
}

function aboutMessage(role: string | undefined, message: JsonNode, reading: Reading): About {
  switch (role) {
    case 'system':
    case 'developer':
      return { role: 'system', kind: 'text', provenance: 'operator' };
    case 'user':
      return { role: 'user', kind: 'text', provenance: 'person' };
    case 'assistant':
      return { role: 'assistant', kind: 'text', provenance: 'model' };
    case 'tool':
    case 'function': {
      const callId = message.get('tool_call_id')?.string;
      const name = (callId && reading.callNames.get(callId)) || message.get('name')?.string;
      return { role: 'tool', kind: 'tool-result', provenance: 'tool', tool: { ...(name ? { name } : {}), ...(callId ? { callId } : {}) } };
    }
    default:
      return { role: 'other', kind: 'text', provenance: 'unknown' };
  }
}

function readMessage(reading: Reading, message: JsonNode, path: JsonPath): void {
  if (message.kind !== 'object') {
    reading.leaves(message, path, { role: 'other', kind: 'unknown', provenance: 'unknown' });
    return;
  }
  const role = message.get('role')?.string;
  const about = aboutMessage(role, message, reading);
  if (about.tool?.callId) reading.returned(about.tool.callId);
  const content = message.get('content');
  if (content?.kind === 'string') reading.text(content, [...path, 'content'], about);
  else for (const [i, part] of each(content)) readPart(reading, part, [...path, 'content', i], about);
  const refusal = message.get('refusal');
  if (refusal?.kind === 'string') reading.text(refusal, [...path, 'refusal'], { ...about, kind: 'refusal' });
  for (const key of ['reasoning_content', 'reasoning']) {
    const reasoning = message.get(key);
    if (reasoning?.kind === 'string') reading.text(reasoning, [...path, key], { ...about, kind: 'reasoning' });
  }
  for (const [i, detail] of each(message.get('reasoning_details')))
    readReasoning(reading, detail, [...path, 'reasoning_details', i], about);
  for (const [i, call] of each(message.get('tool_calls'))) {
    const callId = call.get('id')?.string;
    const key = call.get('custom') ? 'custom' : 'function';
    readCall(reading, call.get(key), [...path, 'tool_calls', i, key], callId);
    others(reading, call, CALL_HANDLED, [...path, 'tool_calls', i]);
  }
  const legacy = message.get('function_call');
  if (legacy?.kind === 'object') readCall(reading, legacy, [...path, 'function_call']);
  const audio = message.get('audio');
  if (audio && audio.kind !== 'null') reading.opaque(audio, [...path, 'audio'], { ...about, kind: 'audio' });
  others(reading, message, role === 'tool' || role === 'function' ? TOOL_MESSAGE_HANDLED : MESSAGE_HANDLED, path);
}

function readCall(reading: Reading, call: JsonNode | undefined, path: JsonPath, callId?: string): void {
  if (call?.kind !== 'object') return;
  const name = call.get('name')?.string;
  reading.returned(callId);
  reading.named(callId, name);
  const key = call.get('arguments') ? 'arguments' : 'input';
  const args = call.get(key);
  const tool = { ...(name ? { name } : {}), ...(callId ? { callId } : {}) };
  if (args) reading.text(args, [...path, key], { role: 'assistant', kind: 'tool-call', provenance: 'model', tool });
  others(reading, call, INNER_HANDLED, path);
}

/** One of OpenRouter's `reasoning_details`. With a signature its text goes back as it came, or the provider refuses it. */
function readReasoning(reading: Reading, detail: JsonNode, path: JsonPath, about: About): void {
  const signed = detail.get('signature')?.kind === 'string';
  for (const key of ['text', 'summary']) {
    const text = detail.get(key);
    if (text?.kind === 'string') reading.text(text, [...path, key], { ...about, kind: signed ? 'signed' : 'reasoning' }, !signed);
  }
  const sealed = detail.get('data');
  if (sealed?.kind === 'string') reading.opaque(sealed, [...path, 'data'], { ...about, kind: 'signed' });
  others(reading, detail, DETAIL_HANDLED, path);
}

const MEDIA: Record<string, 'image' | 'audio' | 'file'> = { image_url: 'image', input_audio: 'audio', file: 'file', video_url: 'file' };

function readPart(reading: Reading, part: JsonNode, path: JsonPath, about: About): void {
  const type = part.get('type')?.string;
  const text = part.get('text');
  if (type === 'text' && text?.kind === 'string') reading.text(text, [...path, 'text'], about);
  else if (type === 'refusal' && part.get('refusal')?.kind === 'string')
    reading.text(part.get('refusal')!, [...path, 'refusal'], { ...about, kind: 'refusal' });
  // Mistral's reasoning models: {"type":"thinking","thinking":[{"type":"text","text":…}]}
  else if (type === 'thinking' && part.get('thinking')?.kind === 'array')
    for (const [i, piece] of each(part.get('thinking')))
      readPart(reading, piece, [...path, 'thinking', i], { ...about, kind: 'reasoning' });
  else if (part.kind === 'string') return reading.text(part, path, about);
  else return reading.opaque(part, path, { ...about, kind: (type && MEDIA[type]) || 'unknown' });
  others(reading, part, PART_HANDLED[type], path);
}

function readTool(reading: Reading, tool: JsonNode, path: JsonPath): void {
  const type = tool.get('type')?.string;
  if (type === 'function' || type === 'custom') {
    readFunction(reading, tool.get(type) ?? tool, [...path, type]);
    return;
  }
  reading.providerTools.push({ name: type ?? 'unknown', kind: 'provider-tool', partId: path.join('/') });
  reading.leaves(tool, path, { role: 'definition', kind: 'tool-definition', provenance: 'operator' });
}

function readFunction(reading: Reading, node: JsonNode, path: JsonPath): void {
  if (node.kind !== 'object') return;
  const name = node.get('name')?.string;
  const description = node.get('description')?.string;
  const parameters = node.get('parameters') ?? node.get('format');
  if (name) reading.offered(name, description, parameters);
  definition(reading, node, path, name);
}
