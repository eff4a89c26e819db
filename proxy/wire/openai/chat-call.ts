import type { Channels } from '../channels.js';
import { quote } from '../json/patch.js';
import type { JsonNode } from '../json/scan.js';
import type { ChannelInfo, HeldToolCall, ToolCallDecision } from '../types.js';

/** One tool call of a choice while it is held. `legacy` is the deprecated `function_call`. */
export interface ChatCall {
  key: string;
  callId?: string;
  name: string;
  form: 'function' | 'custom' | 'legacy';
  /** Raw members that we do not know, of the call and of its function: kept. */
  extra: string;
  innerExtra: string;
  raw: string;
  decision?: ToolCallDecision;
  judging?: boolean;
  clear: string;
  masked: string;
  /** Its fragments could be put together in more than one way: it goes out in one piece, as it was judged. */
  odd?: boolean;
}

const KNOWN = new Set(['index', 'id', 'type', 'function', 'custom']);
const KNOWN_INNER = new Set(['name', 'arguments', 'input']);

const strange = (node: JsonNode, known: ReadonlySet<string>): string =>
  node.keys.map((key, i) => (known.has(key) ? '' : `,${quote(key)}:${node.items[i]!.raw}`)).join('');

export function newCall(key: string): ChatCall {
  return { key, name: '', form: 'function', extra: '', innerExtra: '', raw: '', clear: '', masked: '' };
}

/** Adds a fragment `{index, id?, type?, function: {name?, arguments?}}` (or a custom tool's `{custom: {name, input}}`). */
export function addFragment(call: ChatCall, fragment: JsonNode, inner: JsonNode | undefined, form?: ChatCall['form']): void {
  const id = fragment.get('id')?.string;
  if (id && !call.callId) call.callId = id;
  if (form) call.form = form;
  if (form !== 'legacy') call.extra += strange(fragment, KNOWN);
  if (inner?.kind !== 'object') return;
  call.innerExtra += strange(inner, KNOWN_INNER);
  const name = inner.get('name')?.string;
  if (name && call.name !== '') call.odd = true;
  if (name && name !== call.name) call.name += name;
  const value = inner.get('arguments') ?? inner.get('input');
  // Some servers send the arguments as an object where the protocol has a string.
  if (!value || value.kind === 'null') return;
  if (value.kind !== 'string') call.odd = true;
  call.raw += value.string ?? value.raw;
}

export function callChannel(call: ChatCall): ChannelInfo {
  const info: ChannelInfo = { id: `tool:${call.key}/arguments`, kind: 'tool-arguments', toolName: call.name };
  if (call.callId) info.callId = call.callId;
  return info;
}

/** Runs the complete arguments through their channel. The plain text of a custom tool goes as `{"input": …}`. */
export function heldCall(call: ChatCall, channels: Channels): HeldToolCall {
  const text = call.form === 'custom' ? `{"input":${quote(call.raw)}}` : call.raw;
  const released = channels.whole(callChannel(call), text);
  call.clear = released.clear;
  call.masked = released.masked;
  const held: HeldToolCall = { name: call.name, arguments: call.clear, maskedArguments: call.masked };
  if (call.callId) held.callId = call.callId;
  return held;
}

/** The text of a custom tool out of `{"input": …}`. */
export function customInput(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'string') return value;
    if (value && typeof value === 'object' && typeof (value as { input?: unknown }).input === 'string')
      return (value as { input: string }).input;
  } catch {
    // Not JSON: the text itself.
  }
  return json;
}

/** Arguments as they go out, by decision. */
export function decidedArguments(call: ChatCall): { clear: string; masked: string } {
  const { decision } = call;
  const clear = decision?.action === 'replace' ? decision.arguments : call.clear;
  const masked = decision?.action === 'replace' ? decision.maskedArguments : call.masked;
  return call.form === 'custom' ? { clear: customInput(clear), masked: customInput(masked) } : { clear, masked };
}

/** The call as one whole fragment of a stream, JSON text. */
export function wholeFragment(call: ChatCall, index: number, args: string): string {
  if (call.form === 'legacy') return `{"name":${quote(call.name)},"arguments":${quote(args)}${call.innerExtra}}`;
  const id = call.callId ? `"id":${quote(call.callId)},` : '';
  const inner =
    call.form === 'custom'
      ? `"custom":{"name":${quote(call.name)},"input":${quote(args)}${call.innerExtra}}`
      : `"function":{"name":${quote(call.name)},"arguments":${quote(args)}${call.innerExtra}}`;
  return `{"index":${index},${id}"type":"${call.form}",${inner}${call.extra}}`;
}
