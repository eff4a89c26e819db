import type { Vault } from '../../proxy/mask/index.js';
import { pieces, type Random } from './random.js';

/** What a generated answer says, before it is put into a wire format. */
export interface Said {
  text: string;
  calls: { id: string; name: string; arguments: string }[];
}

const WORDS = [
  'The',
  'order',
  'of',
  'Émile',
  'costs',
  '12',
  'euros',
  '—',
  'see',
  'number',
  'report:',
  '日本語テスト',
  '🙂👍🏽',
  'PERSON',
  'email',
  'address',
  'Call',
  'card',
  'IBAN',
  '"quoted"',
  '\\',
  '\n',
  '\n\n',
  '\t',
  '<b>',
  '&amp;',
  'E',
  'EMAIL_',
  'EMAIL_ADDRESS',
  'a_b',
];
const VALUES = [
  'jane.roe@example.org',
  '4539 1488 0343 6467',
  '4012888888881881',
  'DE89 3704 0044 0532 0130 00',
  '+49 30 901820',
  '536-90-4399',
  '81.2.69.160',
  `ghp_${'aB3dE5gH7jK9'.repeat(3)}`,
  'sk-ant-api03-AbCdEfGhIjKlMnOpQrStUvWx',
  '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----',
];

function placeholder(vault: Vault, random: Random): string {
  const list = [...vault.entries()];
  if (list.length === 0) return 'PERSON_zzzzzzzz';
  const { placeholder: exact } = random.pick(list);
  switch (random.below(9)) {
    case 0:
      return exact.toLowerCase();
    case 1:
      return exact.replaceAll('_', '\\_');
    case 2:
      return exact.replaceAll('_', ' ');
    case 3:
      return exact.replaceAll('_', '&#95;');
    case 4:
      return `**${exact}**`;
    case 5:
      return `${exact.slice(0, -1)}2`;
    case 6:
      return `${exact}s`;
    default:
      return exact;
  }
}

export function words(random: Random, vault: Vault, count: number): string {
  let out = '';
  for (let i = 0; i < count; i++) {
    const word = random.chance(0.12) ? random.pick(VALUES) : random.chance(0.15) ? placeholder(vault, random) : random.pick(WORDS);
    out += random.chance(0.9) ? `${word} ` : word;
  }
  return out;
}

export function say(random: Random, vault: Vault): Said {
  const text = random.chance(0.9) ? words(random, vault, 1 + random.below(14)) : '';
  const calls: Said['calls'] = [];
  const count = random.pick([0, 0, 1, 1, 2, 3]);
  for (let i = 0; i < count; i++) {
    const value = (): unknown =>
      random.chance(0.7)
        ? words(random, vault, 1 + random.below(4))
        : random.pick([1, true, null, 4012888888881881, ['a', { deep: 'jane.roe@example.org' }]]);
    const object: Record<string, unknown> = {};
    for (let k = random.below(3); k >= 0; k--) object[random.pick(['command', 'to', 'body', 'n', 'ünï'])] = value();
    let json = JSON.stringify(object);
    if (random.chance(0.3)) json = json.replaceAll('@', '\\u0040').replaceAll('é', '\\u00e9').replaceAll('/', '\\/');
    if (random.chance(0.2)) json = JSON.stringify(object, null, 1);
    calls.push({ id: `call_${i}_${random.below(1e6)}`, name: random.pick(['shell', 'send_mail', 'forbidden']), arguments: json });
  }
  return { text, calls };
}

const frame = (data: unknown, end: string, event?: string): string =>
  `${event ? `event: ${event}${end}` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}${end}${end}`;

/** Longest delta of an answer: some providers send words, some sentences. */
const deltas = (random: Random): number => random.pick([4, 12, 40, 200]);

/** JSON text with a pair of surrogates spelled as two escapes, as some servers do. */
function escaped(json: string, random: Random): string {
  if (!random.chance(0.3)) return json;
  return json.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function noise(random: Random, end: string): string {
  if (!random.chance(0.1)) return '';
  return random.pick([
    `: a comment${end}${end}`,
    `event: ping${end}data: {"type": "ping"}${end}${end}`,
    `retry: 10${end}${end}`,
    `:${end}`,
  ]);
}

interface Fragment {
  call: number;
  text: string;
  first: boolean;
}

/** Fragments of all calls, mixed as they may arrive. */
function interleave(said: Said, random: Random): Fragment[] {
  const queues = said.calls.map((call, index) =>
    pieces(call.arguments, random, deltas(random)).map((text, i) => ({ call: index, text, first: i === 0 })),
  );
  const mix = random.chance(0.5);
  const out: Fragment[] = [];
  while (queues.some((queue) => queue.length > 0)) {
    // A call begins only after the ones before it have begun; from then on they may mix.
    const begun = queues.findIndex((queue, i) => queue.length > 0 && out.every((one) => one.call !== i));
    const open = queues.filter((queue, i) => queue.length > 0 && (begun < 0 || i <= begun));
    out.push((mix ? random.pick(open) : open[0]!).shift()!);
  }
  return out;
}

export function chatStream(said: Said, random: Random): string {
  const end = random.pick(['\n', '\n', '\r\n', '\r']);
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', system_fingerprint: 'fp' };
  const chunk = (delta: object, finish: string | null = null): string =>
    frame(escaped(JSON.stringify({ ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] }), random), end) +
    noise(random, end);
  let out = random.chance(0.2) ? '\ufeff' : '';
  out += chunk({ role: 'assistant', content: said.text ? '' : null });
  for (const text of pieces(said.text, random, deltas(random))) out += chunk({ content: text });
  for (const { call, text, first } of interleave(said, random)) {
    const { id, name } = said.calls[call]!;
    out += chunk({
      tool_calls: [
        first ? { index: call, id, type: 'function', function: { name, arguments: text } } : { index: call, function: { arguments: text } },
      ],
    });
  }
  out += chunk({}, said.calls.length > 0 ? 'tool_calls' : 'stop');
  if (random.chance(0.5)) out += frame({ ...head, choices: [], usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 } }, end);
  return out + frame('[DONE]', end);
}

export function chatJson(said: Said): string {
  const message: Record<string, unknown> = { role: 'assistant', content: said.text };
  if (said.calls.length > 0)
    message.tool_calls = said.calls.map(({ id, name, arguments: args }) => ({ id, type: 'function', function: { name, arguments: args } }));
  return JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: said.calls.length > 0 ? 'tool_calls' : 'stop' }],
  });
}

export function messagesStream(said: Said, random: Random): string {
  const end = random.pick(['\n', '\n', '\r\n', '\r']);
  const event = (type: string, fields: object): string =>
    frame(escaped(JSON.stringify({ type, ...fields }), random), end, type) + noise(random, end);
  let out = event('message_start', {
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      content: [],
      model: 'm',
      stop_reason: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    },
  });
  let index = 0;
  if (random.chance(0.4)) {
    out += event('content_block_start', { index, content_block: { type: 'thinking', thinking: '', signature: '' } });
    out += event('content_block_delta', { index, delta: { type: 'thinking_delta', thinking: 'I think of jane.roe@example.org' } });
    out += event('content_block_delta', { index, delta: { type: 'signature_delta', signature: 'c2lnbmF0dXJl' } });
    out += event('content_block_stop', { index: index++ });
  }
  if (said.text) {
    out += event('content_block_start', { index, content_block: { type: 'text', text: '' } });
    for (const text of pieces(said.text, random, deltas(random)))
      out += event('content_block_delta', { index, delta: { type: 'text_delta', text } });
    out += event('content_block_stop', { index: index++ });
  }
  const first = index;
  const mixed = interleave(said, random);
  const open = new Set<number>();
  const start = (call: number): void => {
    if (open.has(call)) return;
    open.add(call);
    const { id, name } = said.calls[call]!;
    out += event('content_block_start', { index: first + call, content_block: { type: 'tool_use', id, name, input: {} } });
  };
  for (const [at, { call, text }] of mixed.entries()) {
    start(call);
    out += event('content_block_delta', { index: first + call, delta: { type: 'input_json_delta', partial_json: text } });
    if (!mixed.slice(at + 1).some((later) => later.call === call)) out += event('content_block_stop', { index: first + call });
  }
  out += event('message_delta', {
    delta: { stop_reason: said.calls.length > 0 ? 'tool_use' : 'end_turn', stop_sequence: null },
    usage: { output_tokens: 9 },
  });
  return out + event('message_stop', {});
}

export function messagesJson(said: Said): string {
  // The input is an object on this wire: its own spelling (escapes, white space) stands in the body.
  const blocks = said.calls.map(({ id, name, arguments: args }) => `{"type":"tool_use","id":"${id}","name":"${name}","input":${args}}`);
  if (said.text) blocks.unshift(JSON.stringify({ type: 'text', text: said.text }));
  return `{"id":"msg_1","type":"message","role":"assistant","content":[${blocks.join(',')}],"stop_reason":"${said.calls.length > 0 ? 'tool_use' : 'end_turn'}","usage":{"input_tokens":1,"output_tokens":2}}`;
}

function responseItems(said: Said): Record<string, unknown>[] {
  const items: Record<string, unknown>[] = [];
  if (said.text)
    items.push({
      type: 'message',
      id: 'msg_1',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'output_text', text: said.text, annotations: [], logprobs: [] }],
    });
  for (const { id, name, arguments: args } of said.calls)
    items.push({ type: 'function_call', id: `fc_${id}`, call_id: id, name, arguments: args, status: 'completed' });
  return items;
}

export function responsesStream(said: Said, random: Random): string {
  const end = random.pick(['\n', '\n', '\r\n', '\r']);
  let sequence = 0;
  const event = (type: string, fields: object): string =>
    frame(escaped(JSON.stringify({ type, ...fields, sequence_number: sequence++ }), random), end, type);
  const items = responseItems(said);
  let out = event('response.created', { response: { id: 'resp_1', object: 'response', model: 'm', status: 'in_progress', output: [] } });
  let first = 0;
  if (said.text) {
    first = 1;
    const at = { item_id: 'msg_1', output_index: 0, content_index: 0 };
    out += event('response.output_item.added', {
      output_index: 0,
      item: { type: 'message', id: 'msg_1', status: 'in_progress', role: 'assistant', content: [] },
    });
    out += event('response.content_part.added', { ...at, part: { type: 'output_text', text: '', annotations: [], logprobs: [] } });
    for (const delta of pieces(said.text, random, deltas(random)))
      out += event('response.output_text.delta', { ...at, delta, logprobs: [] });
    out += event('response.output_text.done', { ...at, text: said.text, logprobs: [] });
    out += event('response.content_part.done', { ...at, part: { type: 'output_text', text: said.text, annotations: [], logprobs: [] } });
    out += event('response.output_item.done', { output_index: 0, item: items[0] });
  }
  const mixed = interleave(said, random);
  const open = new Set<number>();
  for (const [i, { call, text }] of mixed.entries()) {
    const item = items[first + call]!;
    const at = { item_id: item['id'], output_index: first + call };
    if (!open.has(call)) {
      open.add(call);
      out += event('response.output_item.added', { output_index: first + call, item: { ...item, arguments: '', status: 'in_progress' } });
    }
    out += event('response.function_call_arguments.delta', { ...at, delta: text });
    if (mixed.slice(i + 1).some((later) => later.call === call)) continue;
    out += event('response.function_call_arguments.done', { ...at, arguments: item['arguments'] });
    out += event('response.output_item.done', { output_index: first + call, item });
  }
  return (
    out +
    event('response.completed', {
      response: {
        id: 'resp_1',
        object: 'response',
        model: 'm',
        status: 'completed',
        output: items,
        usage: { input_tokens: 1, output_tokens: 2 },
      },
    })
  );
}

export const responsesJson = (said: Said): string =>
  JSON.stringify({
    id: 'resp_1',
    object: 'response',
    model: 'm',
    status: 'completed',
    output: responseItems(said),
    usage: { input_tokens: 1, output_tokens: 2 },
  });
