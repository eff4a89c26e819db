import type { Channels } from '../channels.js';
import { quote, type Splice } from '../json/patch.js';
import type { JsonNode } from '../json/scan.js';
import { putRaw } from '../slots.js';
import type { ChannelInfo, HeldToolCall, ToolCallDecision } from '../types.js';
import { customInput } from './chat-call.js';
import { argumentsText, callPayload } from './items.js';

/** A call item of a response: what it says, and what became of it. */
export interface ResponseCall {
  output: number;
  callId?: string;
  /** Arguments as JSON text, as the provider sent them. */
  raw: string;
  clear: string;
  masked: string;
  decision?: ToolCallDecision;
}

/** Runs the arguments of a complete call item through their channel. */
export function heldItem(item: JsonNode, output: number, channels: Channels): { call: ResponseCall; held: HeldToolCall } {
  const payload = callPayload(item);
  const callId = item.get('call_id')?.string;
  const raw = argumentsText(payload);
  const info: ChannelInfo = { id: `tool:${output}/arguments`, kind: 'tool-arguments', toolName: payload.name };
  if (callId) info.callId = callId;
  const released = channels.whole(info, raw);
  const call: ResponseCall = { output, raw, clear: released.clear, masked: released.masked };
  const held: HeldToolCall = { name: payload.name, arguments: call.clear, maskedArguments: call.masked };
  if (callId) held.callId = call.callId = callId;
  return { call, held };
}

/** Arguments as they go out; as text of the field for a string, as JSON for an object. */
function outgoing(call: ResponseCall): { clear: string; masked: string } {
  const { decision } = call;
  return decision?.action === 'replace' ? { clear: decision.arguments, masked: decision.maskedArguments } : call;
}

/** Puts the decided arguments into a copy of the call item. */
export function putCall(splices: Splice[], item: JsonNode, call: ResponseCall): void {
  const { clear, masked } = outgoing(call);
  if (clear === call.raw && masked === call.raw) return;
  const payload = callPayload(item);
  if (payload.form === 'value') {
    if (payload.node.size > 2) putRaw(splices, payload.node, clear, masked);
    return;
  }
  if (payload.node.string === '') return;
  const field = (text: string): string => quote(payload.form === 'plain' ? customInput(text) : text);
  putRaw(splices, payload.node, field(clear), field(masked));
}

/** The decided arguments as they stand in `…_arguments.delta` or `…_input.delta`. */
export function fieldText(call: ResponseCall, plain: boolean): { clear: string; masked: string } {
  const { clear, masked } = outgoing(call);
  return plain ? { clear: customInput(clear), masked: customInput(masked) } : { clear, masked };
}

export const isChanged = (call: ResponseCall): boolean => {
  const { clear, masked } = outgoing(call);
  return clear !== call.raw || masked !== call.raw;
};
