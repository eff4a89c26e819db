import { Channels } from '../channels.js';
import { quote, type Splice, splice } from '../json/patch.js';
import type { JsonNode } from '../json/scan.js';
import { dropItems, dropMembers, putRaw, putText, sweep, sweepUnknown, unscanned } from '../slots.js';
import type { AnswerBytes, AnswerHooks, ToolCallDecision } from '../types.js';
import { addFragment, type ChatCall, decidedArguments, heldCall, newCall } from './chat-call.js';
import { CHOICE_KNOWN, KNOWN, TEXT_FIELDS } from './chat-members.js';
import { reportChatUsage } from './usage.js';

/** A JSON answer of `/v1/chat/completions`. */
export async function readChatAnswer(root: JsonNode, hooks: AnswerHooks): Promise<AnswerBytes> {
  const channels = new Channels(hooks);
  const splices: Splice[] = [];
  const id = root.get('id')?.string;
  if (id) hooks.idGiven(id);
  const usage = root.get('usage');
  if (usage?.kind === 'object') reportChatUsage(usage, hooks);
  const error = root.get('error');
  if (error?.kind === 'object') sweep(splices, error, channels, 'error');
  const choices = root.get('choices');
  for (const [at, choice] of (choices?.kind === 'array' ? choices.items : []).entries()) {
    const message = choice.get('message');
    if (message?.kind !== 'object') continue;
    const index = choice.get('index')?.number ?? at;
    for (const [key, kind] of Object.entries(TEXT_FIELDS)) {
      const long = message.get(key)?.string;
      if (long) await channels.prepare({ id: `choice:${index}/${key}`, kind }, long);
    }
    const changed = texts(message, index, channels, hooks, splices);
    const logprobs = choice.get('logprobs');
    if (changed && logprobs?.kind === 'object') putRaw(splices, logprobs, 'null');
    await calls(choice, message, index, channels, hooks, splices);
    sweepUnknown(splices, choice, CHOICE_KNOWN, '', channels, hooks);
  }
  sweepUnknown(splices, root, KNOWN, 'choices', channels, hooks);
  return splice(root.bytes, splices);
}

const SILENT = new Set(['role', 'tool_calls', 'function_call', 'content']);

function texts(message: JsonNode, index: number, channels: Channels, hooks: AnswerHooks, splices: Splice[]): boolean {
  let changed = false;
  message.keys.forEach((key, i) => {
    const value = message.items[i]!;
    const kind = TEXT_FIELDS[key];
    const text = value.string;
    if (kind !== undefined && text !== undefined) {
      const id = `choice:${index}/${key}`;
      if (text !== '' && putText(splices, value, text, channels.whole({ id, kind }, text))) changed = true;
    } else if (key === 'audio' && value.kind === 'object') {
      const data = value.get('data');
      if (data) unscanned(hooks, `choice:${index}/audio`, data, 'audio');
      const transcript = value.get('transcript');
      const words = transcript?.string;
      if (transcript && words) putText(splices, transcript, words, channels.whole({ id: `choice:${index}/audio`, kind: 'text' }, words));
    } else if (!SILENT.has(key) || key === 'content') sweep(splices, value, channels, `choice:${index}/${key}`);
  });
  return changed;
}

async function calls(
  choice: JsonNode,
  message: JsonNode,
  index: number,
  channels: Channels,
  hooks: AnswerHooks,
  splices: Splice[],
): Promise<void> {
  const list = message.get('tool_calls');
  const legacy = message.get('function_call');
  const found: { call: ChatCall; node: JsonNode }[] = [];
  if (list?.kind === 'array') {
    list.items.forEach((node, at) => {
      const call = newCall(`${index}:${at}`);
      const custom = node.get('custom');
      addFragment(call, node, custom ?? node.get('function'), custom ? 'custom' : undefined);
      found.push({ call, node });
    });
  }
  if (legacy?.kind === 'object') {
    const call = newCall(`${index}:legacy`);
    addFragment(call, legacy, legacy, 'legacy');
    found.push({ call, node: legacy });
  }
  if (found.length === 0) return;
  const held = found.map(({ call }) => {
    if (call.callId) hooks.idGiven(call.callId);
    return hooks.toolCall(heldCall(call, channels));
  });
  const decisions: ToolCallDecision[] = await Promise.all(held);
  const refusals: string[] = [];
  const gone = found.map(({ call, node }, i) => {
    const decision = (call.decision = decisions[i]!);
    if (decision.action === 'remove') {
      refusals.push(decision.text);
      return true;
    }
    const inner = call.form === 'legacy' ? node : (node.get('custom') ?? node.get('function'));
    const value = inner?.get('arguments') ?? inner?.get('input');
    const args = decidedArguments(call);
    if (value?.kind === 'string') putText(splices, value, call.raw, args);
    else if (value && (args.clear !== call.raw || args.masked !== call.raw))
      putRaw(splices, value, args.clear || '{}', args.masked || '{}');
    return false;
  });
  if (refusals.length === 0) return;
  const ofList = list?.kind === 'array' ? gone.slice(0, list.items.length) : [];
  const dropped: string[] = [];
  if (legacy && gone[gone.length - 1]) dropped.push('function_call');
  if (ofList.length > 0 && ofList.every(Boolean)) dropped.push('tool_calls');
  else if (ofList.some(Boolean)) dropItems(splices, list!, ofList);
  say(message, refusals.join('\n\n'), dropped, splices);
  const finish = choice.get('finish_reason');
  if (gone.every(Boolean) && finish && /^(tool_calls|function_call)$/.test(finish.string ?? '')) putRaw(splices, finish, '"stop"');
}

/** Puts the refusal into `content`, behind what stands there. */
function say(message: JsonNode, text: string, dropped: readonly string[], splices: Splice[]): void {
  const content = message.get('content');
  const present = content?.string;
  if (content && present !== undefined && present !== '') {
    const put = splices.find((one) => one.start === content.start && one.end === content.end);
    const tail = quote(`\n\n${text}`).slice(1);
    if (put) {
      put.clear = put.clear.slice(0, -1) + tail;
      put.masked = put.masked.slice(0, -1) + tail;
    } else splices.push({ start: content.end - 1, end: content.end, clear: tail, masked: tail });
  } else if (content && content.kind !== 'array') putRaw(splices, content, quote(text));
  else if (content) {
    const part = `${content.items.length > 0 ? ',' : ''}{"type":"text","text":${quote(text)}}]`;
    splices.push({ start: content.end - 1, end: content.end, clear: part, masked: part });
  } else {
    // No `content` at all: the first dropped member becomes it.
    const [first, ...others] = dropped;
    const at = message.keys.lastIndexOf(first!);
    if (at >= 0)
      splices.push({
        start: message.keyStarts[at]!,
        end: message.items[at]!.end,
        clear: `"content":${quote(text)}`,
        masked: `"content":${quote(text)}`,
      });
    else
      splices.push({
        start: message.start + 1,
        end: message.start + 1,
        clear: `"content":${quote(text)},`,
        masked: `"content":${quote(text)},`,
      });
    if (others.length > 0) dropMembers(splices, message, others);
    return;
  }
  if (dropped.length > 0) dropMembers(splices, message, dropped);
}
