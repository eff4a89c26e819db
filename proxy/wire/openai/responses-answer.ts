import { Channels } from '../channels.js';
import { type Splice, splice } from '../json/patch.js';
import type { JsonNode } from '../json/scan.js';
import { each } from '../reading.js';
import { putRaw, sweep, sweepUnknown } from '../slots.js';
import type { AnswerBytes, AnswerHooks } from '../types.js';
import { contentChannel, isAgentCall, rewriteItem, Totals } from './items.js';
import { textItem } from './refusals.js';
import { heldItem, putCall } from './responses-call.js';
import { reportResponseUsage } from './usage.js';

/** Members of the answer whose text is looked at where it is read, or that hold none of the model's. */
const KNOWN: ReadonlySet<string> = new Set([
  'id',
  'object',
  'created_at',
  'completed_at',
  'status',
  'background',
  'error',
  'incomplete_details',
  'instructions',
  'max_output_tokens',
  'max_tool_calls',
  'metadata',
  'model',
  'parallel_tool_calls',
  'previous_response_id',
  'prompt',
  'prompt_cache_key',
  'prompt_cache_retention',
  'reasoning',
  'safety_identifier',
  'service_tier',
  'store',
  'temperature',
  'text',
  'tool_choice',
  'tools',
  'top_logprobs',
  'top_p',
  'truncation',
  'usage',
  'user',
  'conversation',
  'billing',
]);

/** A JSON answer of `/v1/responses`. */
export async function readResponsesAnswer(root: JsonNode, hooks: AnswerHooks): Promise<AnswerBytes> {
  const channels = new Channels(hooks);
  const totals = new Totals();
  const splices: Splice[] = [];
  const id = root.get('id')?.string;
  if (id) hooks.idGiven(id);
  const usage = root.get('usage');
  if (usage?.kind === 'object') reportResponseUsage(usage, hooks);
  const error = root.get('error');
  if (error?.kind === 'object') sweep(splices, error, channels, 'error');
  // Before any call is put to its judge: a rejection must find somebody who waits for it.
  for (const [i, item] of each(root.get('output'))) {
    for (const [k, part] of each(item.get('content'))) {
      const long = part.get('text')?.string;
      if (long) await channels.prepare(contentChannel(i, k, part.get('type')?.string === 'reasoning_text' ? 'reasoning' : 'text'), long);
    }
  }
  const decisions: Promise<void>[] = [];
  for (const [i, item] of each(root.get('output'))) {
    if (isAgentCall(item.get('type')?.string ?? '')) decisions.push(readCall(item, i, channels, hooks, splices));
    else rewriteItem(splices, item, i, totals, channels, hooks);
  }
  await Promise.all(decisions);
  sweepUnknown(splices, root, KNOWN, 'output', channels, hooks);
  return splice(root.bytes, splices);
}

async function readCall(item: JsonNode, output: number, channels: Channels, hooks: AnswerHooks, splices: Splice[]): Promise<void> {
  const { call, held } = heldItem(item, output, channels);
  if (call.callId) hooks.idGiven(call.callId);
  call.decision = await hooks.toolCall(held);
  // A message takes the call's place, so the other items keep their index.
  if (call.decision.action === 'remove') putRaw(splices, item, JSON.stringify(textItem(`msg_sallyport_${output}`, call.decision.text)));
  else putCall(splices, item, call);
}
