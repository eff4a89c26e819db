import { Channels } from '../channels.js';
import { quote, type Splice, splice } from '../json/patch.js';
import type { JsonNode } from '../json/scan.js';
import { each } from '../reading.js';
import { putRaw, putText, sweep, sweepUnknown } from '../slots.js';
import type { AnswerBytes, AnswerHooks, ChannelInfo, HeldToolCall } from '../types.js';
import { isAgentCall } from './calls.js';
import { reportMessageUsage } from './usage.js';

/** Members of the answer whose text is looked at where it is read, or that hold none of the model's. */
const KNOWN: ReadonlySet<string> = new Set([
  'id',
  'type',
  'role',
  'model',
  'stop_reason',
  'stop_sequence',
  'usage',
  'error',
  'container',
  'context_management',
  'request_id',
  'stop_details',
]);

/** A JSON answer of `/v1/messages`. */
export async function readMessagesAnswer(root: JsonNode, hooks: AnswerHooks): Promise<AnswerBytes> {
  const channels = new Channels(hooks);
  const splices: Splice[] = [];
  const id = root.get('id')?.string;
  if (id) hooks.idGiven(id);
  const usage = root.get('usage');
  if (usage?.kind === 'object') reportMessageUsage(usage, hooks);
  const error = root.get('error');
  if (error) sweep(splices, error, channels, 'error');
  // Before any call is put to its judge: a rejection must find somebody who waits for it.
  for (const [i, block] of each(root.get('content'))) {
    const long = block.get('text')?.string;
    if (long) await channels.prepare({ id: `block:${i}/text`, kind: 'text' }, long);
  }
  const calls: Promise<boolean>[] = [];
  for (const [i, block] of each(root.get('content'))) {
    if (isAgentCall(block.get('type')?.string ?? '')) calls.push(toolUse(block, i, channels, hooks, splices));
    else readBlock(block, i, channels, hooks, splices);
  }
  const released = await Promise.all(calls);
  const reason = root.get('stop_reason');
  if (released.length > 0 && !released.includes(true) && reason?.string === 'tool_use') putRaw(splices, reason, '"end_turn"');
  sweepUnknown(splices, root, KNOWN, 'content', channels, hooks);
  return splice(root.bytes, splices);
}

function readBlock(block: JsonNode, index: number, channels: Channels, hooks: AnswerHooks, splices: Splice[]): void {
  const type = block.get('type')?.string;
  if (type === 'thinking' || type === 'redacted_thinking') {
    const node = block.get('thinking');
    const text = node?.string;
    if (node && text) {
      const { masked } = channels.whole({ id: `block:${index}/thinking`, kind: 'signed' }, text);
      putText(splices, node, text, { clear: text, masked });
    } else hooks.notScanned({ partId: `block:${index}`, reason: 'signed', bytes: block.size });
    return;
  }
  const node = block.get('text');
  const text = node?.string;
  if (type === 'text' && node && text !== undefined) {
    if (text !== '') putText(splices, node, text, channels.whole({ id: `block:${index}/text`, kind: 'text' }, text));
    const citations = block.get('citations');
    if (citations) sweep(splices, citations, channels, `block:${index}/citations`);
    return;
  }
  if (type === 'image' || type === 'file') hooks.notScanned({ partId: `block:${index}`, reason: type, bytes: block.size });
  sweep(splices, block, channels, `block:${index}`);
}

/** @returns whether the call was let out */
async function toolUse(block: JsonNode, index: number, channels: Channels, hooks: AnswerHooks, splices: Splice[]): Promise<boolean> {
  const callId = block.get('id')?.string;
  const name = block.get('name')?.string ?? '';
  if (callId) hooks.idGiven(callId);
  const input = block.get('input');
  const json = input?.raw ?? '{}';
  const info: ChannelInfo = { id: `tool:${index}/arguments`, kind: 'tool-arguments', toolName: name };
  if (callId) info.callId = callId;
  const released = channels.whole(info, json);
  const held: HeldToolCall = { name, arguments: released.clear, maskedArguments: released.masked };
  if (callId) held.callId = callId;
  const decision = await hooks.toolCall(held);
  if (decision.action === 'remove') {
    putRaw(splices, block, `{"type":"text","text":${quote(decision.text)}}`);
    return false;
  }
  const clear = decision.action === 'replace' ? decision.arguments : released.clear;
  const masked = decision.action === 'replace' ? decision.maskedArguments : released.masked;
  if (input && (clear !== json || masked !== json)) putRaw(splices, input, clear, masked);
  return true;
}
