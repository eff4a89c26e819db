import { createParser } from 'eventsource-parser';

/** What a client understands of a streamed answer, read by an independent parser. */
export interface Heard {
  text: string;
  calls: { id: string; name: string; arguments: string }[];
  finish?: string;
  indexes: number[];
  sequence: number[];
  complete: boolean;
  /** The answer again, from a terminal copy (responses). */
  copy?: { text: string; calls: Heard['calls'] };
}

// biome-ignore lint/suspicious/noExplicitAny: wire data of three protocols
type Json = any;

export function events(stream: string): { event?: string; data: string }[] {
  const out: { event?: string; data: string }[] = [];
  const parser = createParser({ onEvent: ({ event, data }) => out.push(event === undefined ? { data } : { event, data }) });
  parser.feed(stream);
  parser.feed('\n\n');
  return out;
}

const empty = (): Heard => ({ text: '', calls: [], indexes: [], sequence: [], complete: false });

export function hearChat(stream: string): Heard {
  const heard = empty();
  for (const { data } of events(stream)) {
    if (data === '[DONE]') {
      heard.complete = true;
      continue;
    }
    const chunk: Json = JSON.parse(data);
    for (const choice of chunk.choices ?? []) {
      heard.text += choice.delta?.content ?? '';
      for (const call of choice.delta?.tool_calls ?? []) {
        const known = (heard.calls[call.index] ??= { id: call.id, name: call.function.name, arguments: '' });
        known.arguments += call.function.arguments ?? '';
        if (!heard.indexes.includes(call.index)) heard.indexes.push(call.index);
      }
      if (choice.finish_reason) heard.finish = choice.finish_reason;
    }
  }
  return heard;
}

export function hearMessages(stream: string): Heard {
  const heard = empty();
  const blocks: { type: string; call?: Heard['calls'][number]; open: boolean }[] = [];
  for (const { data } of events(stream)) {
    const event: Json = JSON.parse(data);
    if (event.type === 'content_block_start') {
      if (event.index !== blocks.length) throw new Error(`block ${event.index} after ${blocks.length} blocks`);
      heard.indexes.push(event.index);
      const { type, id, name, text } = event.content_block;
      blocks.push({ type, open: true });
      if (type === 'tool_use') heard.calls.push((blocks[event.index]!.call = { id, name, arguments: '' }));
      if (text) heard.text += text;
    } else if (event.type === 'content_block_delta') {
      const block = blocks[event.index];
      if (!block?.open) throw new Error('a delta for a block that is not open');
      if (event.delta.type === 'text_delta') heard.text += event.delta.text;
      if (event.delta.type === 'input_json_delta') block.call!.arguments += event.delta.partial_json;
    } else if (event.type === 'content_block_stop') {
      if (!blocks[event.index]?.open) throw new Error('a block stops that is not open');
      blocks[event.index]!.open = false;
    } else if (event.type === 'message_delta') heard.finish = event.delta.stop_reason;
    else if (event.type === 'message_stop') heard.complete = true;
  }
  if (heard.complete && blocks.some((block) => block.open)) throw new Error('a block was left open');
  return heard;
}

export function readItems(output: Json[]): { text: string; calls: Heard['calls'] } {
  let text = '';
  const calls: Heard['calls'] = [];
  for (const item of output) {
    if (item.type === 'message') for (const part of item.content) text += part.text ?? '';
    else if (item.type === 'function_call') calls.push({ id: item.call_id, name: item.name, arguments: item.arguments });
  }
  return { text, calls };
}

export function hearResponses(stream: string): Heard {
  const heard = empty();
  const items: Json[] = [];
  for (const { data } of events(stream)) {
    const event: Json = JSON.parse(data);
    if (event.type === 'keepalive') continue;
    heard.sequence.push(event.sequence_number);
    if (event.type === 'response.output_item.added') {
      if (event.output_index !== items.length) throw new Error(`item ${event.output_index} after ${items.length} items`);
      items.push(event.item);
      heard.indexes.push(event.output_index);
      if (event.item.type === 'function_call')
        heard.calls.push((items[event.output_index].call = { id: event.item.call_id, name: event.item.name, arguments: '' }));
    } else if (event.type === 'response.output_text.delta') {
      heard.text += event.delta;
      items[event.output_index].told = (items[event.output_index].told ?? '') + event.delta;
    } else if (event.type === 'response.output_text.done') {
      if (items[event.output_index].told !== event.text) throw new Error('the done text differs from its deltas');
    } else if (event.type === 'response.function_call_arguments.delta') items[event.output_index].call.arguments += event.delta;
    else if (event.type === 'response.function_call_arguments.done') {
      if (items[event.output_index].call.arguments !== event.arguments) throw new Error('the done arguments differ from their deltas');
    } else if (event.type === 'response.output_item.done') items[event.output_index].whole = event.item;
    else if (event.type === 'response.completed') {
      heard.complete = true;
      heard.copy = readItems(event.response.output);
      event.response.output.forEach((item: Json, i: number) => {
        if (JSON.stringify(item) !== JSON.stringify(items[i].whole)) throw new Error('an item differs from its copy at the end');
      });
    }
  }
  return heard;
}
