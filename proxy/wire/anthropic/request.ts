import { type JsonPath, SallyportError } from '../../contract/index.js';
import { definition, others } from '../definitions.js';
import type { JsonNode } from '../json/scan.js';
import { type About, each, hostOf, Reading, requestObject } from '../reading.js';
import type { Earlier } from '../types.js';

const HANDLED = new Set([
  'model',
  'messages',
  'system',
  'tools',
  'stream',
  'max_tokens',
  'temperature',
  'top_p',
  'top_k',
  'tool_choice',
  'thinking',
  'service_tier',
  'cache_control',
  'anthropic_version',
  'anthropic_beta',
  'betas',
  'mcp_servers',
  'container',
  'context_management',
  'output_config',
  'output_format',
  'speed',
]);

/** The body of `POST /v1/messages` and `/v1/messages/count_tokens`. @throws SallyportError bad_json, bad_body */
export function readMessagesRequest(body: Buffer, earlier?: Earlier): Reading {
  const root = requestObject(body, earlier);
  const reading = new Reading(root, earlier);
  sessionOfClaudeCode(reading, root);
  const system: About = { role: 'system', kind: 'text', provenance: 'operator' };
  const head = root.get('system');
  if (head?.kind === 'string') reading.text(head, ['system'], system);
  for (const [i, block] of each(head)) readBlock(reading, block, ['system', i], system);
  const messages = root.get('messages');
  if (messages?.kind !== 'array') throw new SallyportError('bad_body', 'The body has no list `messages`.');
  reading.grow(messages, (message, i) => readMessage(reading, message, ['messages', i]));
  reading.offers(root.get('tools'), (tool, path) => readTool(reading, tool, path));
  for (const [i, server] of each(root.get('mcp_servers'))) readServer(reading, server, ['mcp_servers', i]);
  readContainer(reading, root.get('container'));
  for (const key of ['output_config', 'output_format']) {
    const node = root.get(key);
    if (node) definition(reading, node, [key]);
  }
  others(reading, root, HANDLED);
  return reading;
}

const MESSAGE_HANDLED = new Set(['role', 'content']);

function readMessage(reading: Reading, message: JsonNode, path: JsonPath): void {
  if (message.kind !== 'object') {
    reading.leaves(message, path, { role: 'other', kind: 'unknown', provenance: 'unknown' });
    return;
  }
  const about = aboutMessage(message.get('role')?.string);
  const content = message.get('content');
  if (content?.kind === 'string') reading.text(content, [...path, 'content'], about);
  for (const [k, block] of each(content)) readBlock(reading, block, [...path, 'content', k], about);
  others(reading, message, MESSAGE_HANDLED, path);
}

function aboutMessage(role: string | undefined): About {
  if (role === 'system') return { role: 'system', kind: 'text', provenance: 'operator' };
  if (role === 'assistant') return { role: 'assistant', kind: 'text', provenance: 'model' };
  if (role === 'user') return { role: 'user', kind: 'text', provenance: 'person' };
  return { role: 'other', kind: 'text', provenance: 'unknown' };
}

/** Claude Code puts a JSON string into `metadata.user_id`; its `session_id` names the session. */
function sessionOfClaudeCode(reading: Reading, root: JsonNode): void {
  const user = root.get('metadata')?.get('user_id')?.string;
  if (!user?.startsWith('{')) return;
  try {
    const { session_id: id } = JSON.parse(user) as { session_id?: unknown };
    if (typeof id === 'string') reading.explicit(id);
  } catch {
    // Some other text: no hint.
  }
}

const TEXT_HANDLED = new Set(['type', 'text', 'citations', 'cache_control']);
const RESULT_OF_PROVIDER = /_tool_result$/;

function readBlock(reading: Reading, block: JsonNode, path: JsonPath, about: About): void {
  const type = block.get('type')?.string;
  switch (type) {
    case 'text': {
      const text = block.get('text');
      if (text) reading.text(text, [...path, 'text'], about);
      const citations = block.get('citations');
      if (citations?.kind === 'array') reading.leaves(citations, [...path, 'citations'], { ...about, provenance: 'document' });
      others(reading, block, TEXT_HANDLED, path);
      return;
    }
    case 'thinking':
    case 'redacted_thinking':
      signed(reading, block, path, about);
      return;
    case 'image':
      reading.opaque(block, path, { ...about, kind: 'image' });
      return;
    case 'document':
      readDocument(reading, block, path, about);
      return;
    case 'search_result': {
      const found: About = { ...about, provenance: 'document' };
      for (const key of ['title', 'source']) {
        const node = block.get(key);
        if (node?.kind === 'string') reading.text(node, [...path, key], found);
      }
      for (const [i, inner] of each(block.get('content'))) readBlock(reading, inner, [...path, 'content', i], found);
      return;
    }
    case 'tool_use': {
      const callId = block.get('id')?.string;
      const name = block.get('name')?.string;
      reading.returned(callId);
      reading.named(callId, name);
      const input = block.get('input');
      const tool = { ...(name ? { name } : {}), ...(callId ? { callId } : {}) };
      if (input) reading.leaves(input, [...path, 'input'], { role: 'assistant', kind: 'tool-call', provenance: 'model', tool });
      return;
    }
    case 'tool_result': {
      const callId = block.get('tool_use_id')?.string;
      const name = callId ? reading.callNames.get(callId) : undefined;
      reading.returned(callId);
      const result: About = {
        role: 'tool',
        kind: 'tool-result',
        provenance: 'tool',
        tool: { ...(name ? { name } : {}), ...(callId ? { callId } : {}) },
      };
      const content = block.get('content');
      if (content?.kind === 'string') reading.text(content, [...path, 'content'], result);
      for (const [i, inner] of each(content)) readBlock(reading, inner, [...path, 'content', i], result);
      return;
    }
    default:
      if (block.kind === 'string') reading.text(block, path, about);
      else if (type === 'server_tool_use' || type === 'mcp_tool_use') {
        reading.leaves(block.get('input') ?? block, [...path, 'input'], {
          role: 'assistant',
          kind: 'tool-call',
          provenance: 'model',
          tool: { name: block.get('name')?.string ?? type },
        });
      } else if (type && RESULT_OF_PROVIDER.test(type)) readProviderResult(reading, block, path, type);
      else
        reading.opaque(block, path, {
          ...about,
          kind: type === 'audio' ? 'audio' : type === 'file' || type === 'container_upload' ? 'file' : 'unknown',
        });
  }
}

/** Signed thinking goes back byte for byte; its text may be looked at, never changed. */
function signed(reading: Reading, block: JsonNode, path: JsonPath, about: About): void {
  const text = block.get('thinking');
  if (text?.kind === 'string') reading.text(text, [...path, 'thinking'], { ...about, kind: 'signed' }, false);
  else reading.opaque(block, path, { ...about, kind: 'signed' });
}

function readDocument(reading: Reading, block: JsonNode, path: JsonPath, about: About): void {
  const document: About = { ...about, provenance: 'document' };
  for (const key of ['title', 'context']) {
    const node = block.get(key);
    if (node?.kind === 'string') reading.text(node, [...path, key], document);
  }
  const source = block.get('source');
  const kind = source?.get('type')?.string;
  if (source && kind === 'text' && source.get('data')) reading.text(source.get('data')!, [...path, 'source', 'data'], document);
  else if (source && kind === 'content') {
    const content = source.get('content');
    if (content?.kind === 'string') reading.text(content, [...path, 'source', 'content'], document);
    for (const [i, inner] of each(content)) readBlock(reading, inner, [...path, 'source', 'content', i], document);
  } else reading.opaque(source ?? block, source ? [...path, 'source'] : path, { ...document, kind: 'file' });
}

/** What a tool of the provider gave: ciphertext in it must come back as it was, so nothing in it is rewritten. */
function readProviderResult(reading: Reading, block: JsonNode, path: JsonPath, type: string): void {
  const about: About = { role: 'tool', kind: 'tool-result', provenance: 'document', tool: { name: type.replace(RESULT_OF_PROVIDER, '') } };
  const walk = (node: JsonNode, at: JsonPath): void => {
    if (node.kind === 'string') reading.text(node, at, about, false);
    else if (node.kind === 'object') {
      node.keys.forEach((key, i) => {
        if (key.startsWith('encrypted_')) reading.opaque(node.items[i]!, [...at, key], { ...about, kind: 'signed' });
        else if (key !== 'type' && key !== 'tool_use_id') walk(node.items[i]!, [...at, key]);
      });
    } else for (const [i, inner] of each(node)) walk(inner, [...at, i]);
  };
  const content = block.get('content');
  if (content) walk(content, [...path, 'content']);
}

/** Tools of Anthropic's own making that the agent runs itself (facts: they come back as `tool_use`); the others run there. */
const RUN_BY_AGENT = /^(custom|bash_|text_editor_|computer_|memory_)/;

function readTool(reading: Reading, tool: JsonNode, path: JsonPath): void {
  const type = tool.get('type')?.string;
  const name = tool.get('name')?.string;
  if (type !== undefined && !RUN_BY_AGENT.test(type)) {
    const host = hostOf(tool.get('url')?.string);
    reading.providerTools.push({
      name: name ?? tool.get('mcp_server_name')?.string ?? type,
      kind: type.startsWith('mcp') ? 'remote-mcp' : 'provider-tool',
      partId: path.join('/'),
      ...(host ? { host } : {}),
    });
    reading.leaves(tool, path, { role: 'definition', kind: 'tool-definition', provenance: 'operator' });
    return;
  }
  const description = tool.get('description')?.string;
  const schema = tool.get('input_schema');
  if (name) reading.offered(name, description, schema);
  definition(reading, tool, path, name);
}

function readServer(reading: Reading, server: JsonNode, path: JsonPath): void {
  const url = server.get('url')?.string;
  const host = hostOf(url);
  reading.providerTools.push({
    name: server.get('name')?.string ?? 'mcp',
    kind: 'remote-mcp',
    partId: path.join('/'),
    ...(host ? { host } : {}),
  });
  reading.leaves(server, path, { role: 'definition', kind: 'tool-definition', provenance: 'operator' });
}

/** A container of the provider holds files of earlier requests. */
function readContainer(reading: Reading, container: JsonNode | undefined): void {
  const id = container?.string ?? container?.get('id')?.string;
  if (id) reading.providerHistory.push({ field: 'container', id });
  for (const [i, skill] of each(container?.get('skills'))) {
    reading.providerTools.push({ name: skill.get('skill_id')?.string ?? 'skill', kind: 'provider-tool', partId: `container/skills/${i}` });
  }
}
