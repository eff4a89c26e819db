import { type JsonPath, SallyportError } from '../../contract/index.js';
import { definition, others } from '../definitions.js';
import type { JsonNode } from '../json/scan.js';
import { type About, each, hostOf, Reading, requestObject } from '../reading.js';
import type { Earlier } from '../types.js';
import { store } from './history.js';
import { callPayload, isAgentCall } from './items.js';

const HANDLED = new Set([
  'model',
  'input',
  'instructions',
  'tools',
  'stream',
  'stream_options',
  'store',
  'previous_response_id',
  'conversation',
  'text',
  'prompt',
  'tool_choice',
  'include',
  'reasoning',
  'truncation',
  'service_tier',
  'parallel_tool_calls',
  'max_output_tokens',
  'max_tool_calls',
  'temperature',
  'top_p',
  'top_logprobs',
  'background',
  'prompt_cache_key',
  'prompt_cache_retention',
]);

/** The body of `POST /v1/responses`. @throws SallyportError bad_json, bad_body */
export function readResponsesRequest(body: Buffer, earlier?: Earlier): Reading {
  const root = requestObject(body, earlier);
  const reading = new Reading(root, earlier);
  const instructions = root.get('instructions');
  if (instructions?.kind === 'string')
    reading.text(instructions, ['instructions'], { role: 'system', kind: 'text', provenance: 'operator' });
  const input = root.get('input');
  if (!input && !root.get('prompt') && !root.get('previous_response_id') && !root.get('conversation'))
    throw new SallyportError('bad_body', 'The body has no `input`.');
  if (input?.kind === 'string') reading.text(input, ['input'], USER);
  reading.grow(input, (item, i) => readItem(reading, item, ['input', i]));
  reading.offers(root.get('tools'), (tool, path) => readTool(reading, tool, path));
  const text = root.get('text');
  if (text) definition(reading, text, ['text']);
  readPrompt(reading, root.get('prompt'));
  store(reading, root);
  others(reading, root, HANDLED);
  return reading;
}

const USER: About = { role: 'user', kind: 'text', provenance: 'person' };
const MODEL: About = { role: 'assistant', kind: 'text', provenance: 'model' };

function aboutRole(role: string | undefined): About {
  if (role === 'system' || role === 'developer') return { role: 'system', kind: 'text', provenance: 'operator' };
  if (role === 'assistant') return MODEL;
  return role === 'user' ? USER : { role: 'other', kind: 'text', provenance: 'unknown' };
}

function readItem(reading: Reading, item: JsonNode, path: JsonPath): void {
  const type = item.get('type')?.string ?? (item.get('role') ? 'message' : '');
  const callId = item.get('call_id')?.string;
  if (type === 'message') {
    const about = aboutRole(item.get('role')?.string);
    const content = item.get('content');
    if (content?.kind === 'string') reading.text(content, [...path, 'content'], about);
    for (const [i, part] of each(content)) readPart(reading, part, [...path, 'content', i], about);
    return;
  }
  if (type.endsWith('_call_output') || type === 'mcp_approval_response') {
    reading.returned(callId);
    const name = (callId && reading.callNames.get(callId)) || type.replace(/_call_output$/, '');
    readOutput(reading, item, path, {
      role: 'tool',
      kind: 'tool-result',
      provenance: 'tool',
      tool: { name, ...(callId ? { callId } : {}) },
    });
    return;
  }
  if (isAgentCall(type)) {
    const payload = callPayload(item);
    reading.named(callId, payload.name);
    reading.returned(callId);
    const about: About = {
      role: 'assistant',
      kind: 'tool-call',
      provenance: 'model',
      tool: { name: payload.name, ...(callId ? { callId } : {}) },
    };
    if (payload.node.kind === 'string') reading.text(payload.node, [...path, payload.field], about);
    else reading.leaves(payload.node, [...path, payload.field], about);
    return;
  }
  if (type === 'reasoning') {
    for (const key of ['summary', 'content']) {
      for (const [i, part] of each(item.get(key))) {
        const text = part.get('text');
        if (text?.kind === 'string') reading.text(text, [...path, key, i, 'text'], { ...MODEL, kind: 'reasoning' });
      }
    }
    const sealed = item.get('encrypted_content');
    if (sealed?.kind === 'string') reading.opaque(sealed, [...path, 'encrypted_content'], { ...MODEL, kind: 'signed' });
    return;
  }
  if (type === 'item_reference') {
    const id = item.get('id')?.string;
    reading.providerHistory.push({ field: 'item_reference', ...(id ? { id } : {}) });
    return;
  }
  if (PROVIDER_RESULTS.has(type)) {
    readProviderItem(reading, item, path, type);
    return;
  }
  if (item.kind === 'string') reading.text(item, path, USER);
  else reading.opaque(item, path, { role: 'other', kind: 'unknown', provenance: 'unknown' });
}

/** Records of what the provider ran itself, sent back by the client. */
const PROVIDER_RESULTS = new Set([
  'web_search_call',
  'file_search_call',
  'code_interpreter_call',
  'image_generation_call',
  'mcp_call',
  'mcp_list_tools',
  'mcp_approval_request',
]);
const IDENTIFIERS = new Set(['type', 'id', 'status', 'role', 'container_id', 'file_id', 'server_label']);

function readProviderItem(reading: Reading, item: JsonNode, path: JsonPath, type: string): void {
  item.keys.forEach((key, i) => {
    const node = item.items[i]!;
    if (IDENTIFIERS.has(key)) return;
    if (type === 'image_generation_call' && key === 'result') reading.opaque(node, [...path, key], { ...MODEL, kind: 'image' });
    else reading.leaves(node, [...path, key], { role: 'tool', kind: 'tool-result', provenance: 'document', tool: { name: type } });
  });
}

function readPart(reading: Reading, part: JsonNode, path: JsonPath, about: About): void {
  const type = part.get('type')?.string;
  const text = part.get('text');
  if ((type === 'input_text' || type === 'output_text' || type === 'text' || type === 'summary_text') && text?.kind === 'string') {
    reading.text(text, [...path, 'text'], about);
    const annotations = part.get('annotations');
    if (annotations?.kind === 'array' && annotations.items.length > 0)
      reading.leaves(annotations, [...path, 'annotations'], { ...about, provenance: 'document' });
  } else if (type === 'refusal' && part.get('refusal')?.kind === 'string')
    reading.text(part.get('refusal')!, [...path, 'refusal'], { ...about, kind: 'refusal' });
  else if (part.kind === 'string') reading.text(part, path, about);
  else reading.opaque(part, path, { ...about, kind: MEDIA[type ?? ''] ?? 'unknown' });
}

const MEDIA: Record<string, 'image' | 'audio' | 'file'> = {
  input_image: 'image',
  computer_screenshot: 'image',
  input_audio: 'audio',
  input_file: 'file',
};

function readOutput(reading: Reading, item: JsonNode, path: JsonPath, about: About): void {
  const output = item.get('output');
  if (output?.kind === 'string') reading.text(output, [...path, 'output'], about);
  else if (output?.kind === 'array') {
    for (const [i, part] of each(output)) {
      if (part.get('type')) readPart(reading, part, [...path, 'output', i], about);
      else reading.leaves(part, [...path, 'output', i], about);
    }
  } else if (output?.get('type') && MEDIA[output.get('type')!.string ?? ''])
    reading.opaque(output, [...path, 'output'], { ...about, kind: 'image' });
  else if (output) reading.leaves(output, [...path, 'output'], about);
  const reason = item.get('reason');
  if (reason?.kind === 'string') reading.text(reason, [...path, 'reason'], about);
}

/** A template that the provider keeps: we see its variables only. */
function readPrompt(reading: Reading, prompt: JsonNode | undefined): void {
  if (prompt?.kind !== 'object') return;
  const id = prompt.get('id')?.string;
  reading.providerHistory.push({ field: 'prompt', ...(id ? { id } : {}) });
  const variables = prompt.get('variables');
  for (const [i, key] of (variables?.keys ?? []).entries()) {
    const node = variables!.items[i]!;
    if (node.kind === 'string') reading.text(node, ['prompt', 'variables', key], USER);
    else readPart(reading, node, ['prompt', 'variables', key], USER);
  }
}

/** Tools that the agent runs, by type. */
const RUN_BY_AGENT = new Set(['function', 'custom', 'local_shell', 'shell', 'apply_patch', 'namespace', 'tool_search']);

function readTool(reading: Reading, tool: JsonNode, path: JsonPath): void {
  const type = tool.get('type')?.string ?? 'function';
  const name = tool.get('name')?.string;
  if (RUN_BY_AGENT.has(type)) {
    const description = tool.get('description')?.string;
    const parameters = tool.get('parameters') ?? tool.get('format');
    reading.offered(name ?? type, description, parameters);
    definition(reading, tool, path, name ?? type);
    return;
  }
  const host = hostOf(tool.get('server_url')?.string);
  const label = tool.get('server_label')?.string;
  reading.providerTools.push({
    name: label ?? name ?? type,
    kind: type === 'mcp' ? 'remote-mcp' : 'provider-tool',
    partId: path.join('/'),
    ...(host ? { host } : {}),
  });
  reading.leaves(tool, path, { role: 'definition', kind: 'tool-definition', provenance: 'operator' });
}
