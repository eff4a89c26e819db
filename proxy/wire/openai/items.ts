import type { Channels, Released } from '../channels.js';
import { quote, type Splice } from '../json/patch.js';
import type { JsonNode } from '../json/scan.js';
import { each } from '../reading.js';
import { putRaw, putText, sweep } from '../slots.js';
import type { AnswerHooks, ChannelInfo } from '../types.js';

/** Calls that the provider runs itself; all other `…_call` items are run by the agent and must be judged. */
const PROVIDER_RUN = new Set(['web_search_call', 'file_search_call', 'code_interpreter_call', 'image_generation_call', 'mcp_call']);

export const isAgentCall = (type: string): boolean => type.endsWith('_call') && !PROVIDER_RUN.has(type);

export interface CallPayload {
  name: string;
  field: string;
  /** The value that holds what will be run. */
  node: JsonNode;
  /** `json`: JSON text in a string; `plain`: any text in a string; `value`: an object. */
  form: 'json' | 'plain' | 'value';
}

/** Where a call item keeps its arguments. */
export function callPayload(item: JsonNode): CallPayload {
  const type = item.get('type')?.string ?? '';
  const name = item.get('name')?.string ?? type.replace(/_call$/, '');
  for (const field of ['arguments', 'input', 'action', 'actions', 'operation']) {
    const node = item.get(field);
    if (node && node.kind !== 'null')
      return { name, field, node, form: node.kind !== 'string' ? 'value' : field === 'arguments' ? 'json' : 'plain' };
  }
  return { name, field: '', node: item, form: 'value' };
}

/** The arguments as JSON text. */
export function argumentsText(payload: CallPayload): string {
  if (payload.form === 'value') return payload.node.raw;
  const text = payload.node.string ?? '';
  return payload.form === 'json' ? text : `{"input":${quote(text)}}`;
}

/** What went out of each text channel of the answer: the terminal copies must say the same. */
export class Totals {
  private readonly kept = new Map<string, { raw: string; clear: string; masked: string }>();

  add(id: string, raw: string, released: Released): void {
    const total = this.kept.get(id);
    if (total) {
      total.raw += raw;
      total.clear += released.clear;
      total.masked += released.masked;
    } else this.kept.set(id, { raw, clear: released.clear, masked: released.masked });
  }

  get(id: string): { raw: string; clear: string; masked: string } | undefined {
    return this.kept.get(id);
  }

  /** Replaces a whole copy of a channel's text. One that differs from what was streamed is looked at anew. */
  put(splices: Splice[], node: JsonNode | undefined, info: ChannelInfo, channels: Channels): boolean {
    const text = node?.string;
    if (!node || text === undefined || text === '') return false;
    let total = this.kept.get(info.id);
    if (total?.raw !== text) {
      const copy = `${info.id}#copy`;
      total = this.kept.get(copy);
      if (total?.raw !== text) {
        total = { raw: text, ...channels.whole(this.kept.has(info.id) ? { ...info, id: copy } : info, text) };
        this.kept.set(this.kept.has(info.id) ? copy : info.id, total);
      }
    }
    return putText(splices, node, text, total);
  }
}

export const contentChannel = (output: number, content: number, kind: 'text' | 'refusal' | 'reasoning'): ChannelInfo => ({
  id: `item:${output}/${content}/${kind}`,
  kind,
});
export const summaryChannel = (output: number, index: number): ChannelInfo => ({
  id: `item:${output}/summary/${index}`,
  kind: 'reasoning',
});

/** One part of a message: `output_text` or `refusal`. */
export function rewritePart(splices: Splice[], part: JsonNode, output: number, content: number, totals: Totals, channels: Channels): void {
  const type = part.get('type')?.string;
  if (type === 'refusal') totals.put(splices, part.get('refusal'), contentChannel(output, content, 'refusal'), channels);
  else if (type === 'reasoning_text') totals.put(splices, part.get('text'), contentChannel(output, content, 'reasoning'), channels);
  else if (type === 'output_text') {
    const changed = totals.put(splices, part.get('text'), contentChannel(output, content, 'text'), channels);
    const logprobs = part.get('logprobs');
    if (changed && logprobs?.kind === 'array' && logprobs.items.length > 0) putRaw(splices, logprobs, '[]');
    const annotations = part.get('annotations');
    if (annotations?.kind === 'array') sweep(splices, annotations, channels, `item:${output}/${content}/annotations`);
  } else sweep(splices, part, channels, `item:${output}/${content}`);
}

/** Everything readable in an item that is no call of the agent. */
export function rewriteItem(
  splices: Splice[],
  item: JsonNode,
  output: number,
  totals: Totals,
  channels: Channels,
  hooks: AnswerHooks,
): void {
  const type = item.get('type')?.string ?? '';
  if (type === 'message') {
    for (const [i, part] of each(item.get('content'))) rewritePart(splices, part, output, i, totals, channels);
  } else if (type === 'reasoning') {
    for (const [i, part] of each(item.get('summary'))) totals.put(splices, part.get('text'), summaryChannel(output, i), channels);
    for (const [i, part] of each(item.get('content'))) rewritePart(splices, part, output, i, totals, channels);
    const sealed = item.get('encrypted_content');
    if (sealed?.kind === 'string') hooks.notScanned({ partId: `item:${output}`, reason: 'signed', bytes: sealed.size });
  } else if (type === 'image_generation_call') {
    const result = item.get('result');
    if (result?.kind === 'string') hooks.notScanned({ partId: `item:${output}`, reason: 'image', bytes: result.size });
  } else if (type === 'code_interpreter_call') {
    totals.put(splices, item.get('code'), { id: `item:${output}/code`, kind: 'text' }, channels);
    const outputs = item.get('outputs');
    if (outputs) sweep(splices, outputs, channels, `item:${output}/outputs`);
  } else if (type === 'mcp_call') {
    totals.put(
      splices,
      item.get('arguments'),
      { id: `item:${output}/mcp`, kind: 'tool-arguments', toolName: item.get('name')?.string ?? 'mcp' },
      channels,
    );
    totals.put(splices, item.get('output'), { id: `item:${output}/mcp-output`, kind: 'text' }, channels);
  } else sweep(splices, item, channels, `item:${output}`);
}
