import { Channels, isNothing, type Released } from '../channels.js';
import { quote, type Splice, splice } from '../json/patch.js';
import { type JsonNode, scanJson } from '../json/scan.js';
import { each } from '../reading.js';
import { putRaw, putText, sweep } from '../slots.js';
import { SseAnswer } from '../sse/answer.js';
import { type Frame, sseEvent } from '../sse/framer.js';
import type { AnswerHooks, ChannelInfo } from '../types.js';
import { callPayload, contentChannel, isAgentCall, rewriteItem, rewritePart, summaryChannel, Totals } from './items.js';
import { responseObject, textItem, textItemEvents } from './refusals.js';
import { fieldText, heldItem, isChanged, putCall, type ResponseCall } from './responses-call.js';
import { reportResponseUsage } from './usage.js';

interface Held {
  frame: Frame;
  root: JsonNode;
  type: string;
}

/** One output item. `out` is the index under which the agent sees it, -1 while a call is held. */
interface Item {
  output: number;
  out: number;
  id: string;
  call: boolean;
  held: Held[];
  judged?: ResponseCall;
  /** The complete item of a call. */
  node?: JsonNode;
  done: boolean;
  /** The finished item as it went out. */
  whole?: Released;
  /** Open text parts: content index → its channel. */
  parts: Map<number, 'open' | 'done'>;
}

/** Text deltas: how the channel is named, and the field of the `done` event with the whole text. */
const TEXTS: Record<
  string,
  { channel(output: number, at: number): ChannelInfo; index: 'content_index' | 'summary_index' | ''; field: string }
> = {
  'response.output_text': { channel: (o, c) => contentChannel(o, c, 'text'), index: 'content_index', field: 'text' },
  'response.refusal': { channel: (o, c) => contentChannel(o, c, 'refusal'), index: 'content_index', field: 'refusal' },
  'response.reasoning_text': { channel: (o, c) => contentChannel(o, c, 'reasoning'), index: 'content_index', field: 'text' },
  'response.reasoning_summary_text': { channel: summaryChannel, index: 'summary_index', field: 'text' },
  'response.code_interpreter_call_code': { channel: (o) => ({ id: `item:${o}/code`, kind: 'text' }), index: '', field: 'code' },
  'response.mcp_call_arguments': { channel: (o) => ({ id: `item:${o}/mcp`, kind: 'tool-arguments' }), index: '', field: 'arguments' },
};
const TERMINAL = new Set(['response.completed', 'response.incomplete', 'response.failed']);
/** Progress of items and of the response: nothing readable in them. */
const SILENT =
  /^(keepalive|response\.(created|queued|in_progress|content_part\.added|reasoning_summary_part\.added)|response\.\w+_call\.(in_progress|searching|interpreting|generating|completed|failed))$/;

/** A streamed answer of `/v1/responses`. */
export class ResponsesStream extends SseAnswer {
  private readonly channels: Channels;
  private readonly totals = new Totals();
  private readonly items = new Map<number, Item>();
  private nextOut = 0;
  private sequence = -1;
  private responseId = '';
  private model = '';
  private started = false;

  constructor(hooks: AnswerHooks) {
    super(hooks);
    this.channels = new Channels(hooks);
  }

  protected event(frame: Frame): boolean {
    if (!frame.hasData) {
      this.out.raw(frame.raw);
      return true;
    }
    let root: JsonNode;
    try {
      root = scanJson(frame.source, frame.dataStart, frame.dataEnd);
    } catch {
      if (frame.source.toString('latin1', frame.dataStart, frame.dataEnd) !== '[DONE]') this.report(frame);
      this.out.raw(frame.raw);
      return true;
    }
    const type = root.get('type')?.string ?? '';
    const output = root.get('output_index')?.number;
    if (TERMINAL.has(type)) return this.terminal(frame, root, type);
    if (output !== undefined) {
      if (type === 'response.output_item.added') return this.itemAdded(frame, root, output);
      const item = this.items.get(output);
      if (item?.call && item.out < 0) return this.ofCall(item, { frame, root, type });
      if (type === 'response.output_item.done') return this.itemDone(frame, root, output);
      const splices: Splice[] = [];
      if (item && item.out !== output) putRaw(splices, root.get('output_index')!, String(item.out));
      return this.ofText(frame, root, type, output, splices);
    }
    this.ofResponse(root, type);
    const splices: Splice[] = [];
    if (type === 'error' || root.get('error')) sweep(splices, root, this.channels, 'error');
    else if (!SILENT.test(type)) this.report(frame);
    this.emit(frame, root, splices);
    return true;
  }

  private ofResponse(root: JsonNode, type: string): void {
    const response = root.get('response');
    if (!response || this.started) return;
    this.started = type === 'response.created' || this.started;
    const id = response.get('id')?.string;
    if (id && id !== this.responseId) {
      this.responseId = id;
      this.hooks.idGiven(id);
    }
    this.model = response.get('model')?.string ?? this.model;
  }

  private itemAdded(frame: Frame, root: JsonNode, output: number): boolean {
    const node = root.get('item');
    const type = node?.get('type')?.string ?? '';
    const call = isAgentCall(type);
    // Messages flow past a call that waits for a person; other items keep their place behind it.
    if (!call && type !== 'message' && this.pending()) return false;
    const item: Item = { output, out: -1, id: node?.get('id')?.string ?? '', call, held: [], done: false, parts: new Map() };
    this.items.set(output, item);
    if (call) {
      item.held.push({ frame, root, type: 'response.output_item.added' });
      return true;
    }
    item.out = this.nextOut++;
    const splices: Splice[] = [];
    if (item.out !== output) putRaw(splices, root.get('output_index')!, String(item.out));
    if (node && type === 'message')
      for (const [i, part] of each(node.get('content'))) rewritePart(splices, part, output, i, this.totals, this.channels);
    this.emit(frame, root, splices);
    return true;
  }

  private ofText(frame: Frame, root: JsonNode, type: string, output: number, splices: Splice[]): boolean {
    const cut = type.lastIndexOf('.');
    const known = TEXTS[type.slice(0, cut)];
    const kind = type.slice(cut + 1);
    if (known && (kind === 'delta' || kind === 'done')) {
      const at = known.index === '' ? 0 : (root.get(known.index)?.number ?? 0);
      const info = known.channel(output, at);
      const item = this.items.get(output);
      if (kind === 'delta') {
        item?.parts.set(at, 'open');
        const node = root.get('delta');
        const text = node?.string;
        if (node && text) {
          const released = this.channels.push(info, text);
          this.totals.add(info.id, text, released);
          const changed = putText(splices, node, text, released);
          const logprobs = root.get('logprobs');
          if (changed && logprobs?.kind === 'array' && logprobs.items.length > 0) putRaw(splices, logprobs, '[]');
        }
      } else {
        item?.parts.set(at, 'done');
        this.rest(info, type.slice(0, cut), root, output);
        const changed = this.totals.put(splices, root.get(known.field), info, this.channels);
        const logprobs = root.get('logprobs');
        if (changed && logprobs?.kind === 'array' && logprobs.items.length > 0) putRaw(splices, logprobs, '[]');
      }
    } else if (type === 'response.content_part.done' || type === 'response.reasoning_summary_part.done') {
      const at = root.get('content_index')?.number ?? root.get('summary_index')?.number ?? 0;
      const part = root.get('part');
      this.restOf(output, root);
      if (part && type === 'response.content_part.done') rewritePart(splices, part, output, at, this.totals, this.channels);
      else if (part) this.totals.put(splices, part.get('text'), summaryChannel(output, at), this.channels);
    } else if (type === 'response.output_text.annotation.added') {
      const annotation = root.get('annotation');
      if (annotation) sweep(splices, annotation, this.channels, `item:${output}/annotation`);
    } else if (type.endsWith('partial_image')) {
      this.hooks.notScanned({ partId: `item:${output}`, reason: 'image', bytes: frame.dataEnd - frame.dataStart });
    } else if (!SILENT.test(type)) this.report(frame);
    this.emit(frame, root, splices);
    return true;
  }

  /** What a channel held back goes out as one more delta, before the event that ends it. */
  private rest(info: ChannelInfo, name: string, root: JsonNode, output: number): void {
    const rest = this.channels.flush(info.id);
    if (isNothing(rest)) return;
    this.totals.add(info.id, '', rest);
    const known = TEXTS[name]!;
    const where = known.index === '' ? '' : `"${known.index}":${root.get(known.index)?.raw ?? 0},`;
    const id = root.get('item_id')?.raw ?? quote(this.items.get(output)?.id ?? '');
    const logprobs = name === 'response.output_text' ? '"logprobs":[],' : '';
    const number = this.next();
    const build = (text: string): string =>
      sseEvent(
        `{"type":"${name}.delta","item_id":${id},"output_index":${this.outOf(output)},${where}"delta":${quote(text)},${logprobs}"sequence_number":${number}}`,
        `${name}.delta`,
      );
    this.out.text(build(rest.clear), rest.masked === rest.clear ? undefined : build(rest.masked));
  }

  /** Flushes every text channel of an item: servers that leave `…text.done` out end it with the part or the item. */
  private restOf(output: number, root: JsonNode): void {
    for (const id of this.channels.ids()) {
      if (!id.startsWith(`item:${output}/`)) continue;
      for (const [name, known] of Object.entries(TEXTS)) {
        for (const at of this.items.get(output)?.parts.keys() ?? [0]) {
          const info = known.channel(output, at);
          if (info.id === id) this.rest(info, name, withIndex(root, known.index, at), output);
        }
      }
    }
  }

  private itemDone(frame: Frame, root: JsonNode, output: number): boolean {
    const item = this.items.get(output);
    const node = root.get('item');
    if (!item) {
      // Never announced. A call may not slip through like that.
      const type = node?.get('type')?.string ?? '';
      const call = isAgentCall(type);
      const made: Item = { output, out: call ? -1 : this.nextOut++, id: '', call, held: [], done: false, parts: new Map() };
      this.items.set(output, made);
      if (call) return this.ofCall(made, { frame, root, type: 'response.output_item.done' });
      return this.itemDone(frame, root, output);
    }
    this.restOf(output, root);
    const splices: Splice[] = [];
    const start = splices.length;
    if (item.out !== output) putRaw(splices, root.get('output_index')!, String(item.out));
    if (node) {
      const inItem: Splice[] = [];
      rewriteItem(inItem, node, output, this.totals, this.channels, this.hooks);
      item.whole = within(node, inItem);
      splices.push(...inItem);
    }
    item.done = true;
    this.emit(frame, root, start === splices.length ? [] : splices);
    return true;
  }

  private ofCall(item: Item, held: Held): boolean {
    item.held.push(held);
    if (held.type !== 'response.output_item.done' || item.judged) return true;
    const node = held.root.get('item');
    if (node) this.judgeItem(item, node);
    return true;
  }

  private judgeItem(item: Item, node: JsonNode): void {
    const { call, held } = heldItem(node, item.output, this.channels);
    item.judged = call;
    item.node = node;
    if (call.callId) this.hooks.idGiven(call.callId);
    this.judge(held, (decision) => {
      call.decision = decision;
      this.releaseCalls();
    });
  }

  /** Lets decided calls out in the order in which they began. `rest`: those behind one that never became complete, too. */
  private releaseCalls(rest = false): void {
    for (const item of this.items.values()) {
      if (!item.call || item.done) continue;
      if (item.judged?.decision) this.release(item);
      else if (!rest) return;
    }
  }

  private release(item: Item): void {
    const node = item.node!;
    const call = item.judged!;
    const decision = call.decision!;
    item.out = this.nextOut++;
    item.done = true;
    if (decision.action === 'remove') {
      const id = `msg_sallyport_${item.out}`;
      const whole = JSON.stringify(textItem(id, decision.text));
      item.whole = { clear: whole, masked: whole };
      this.out.text(textItemEvents(id, item.out, decision.text, () => this.next()));
      item.held = [];
      return;
    }
    const changed = isChanged(call);
    const { form } = callPayload(node);
    let given = false;
    for (const { frame, root, type } of item.held) {
      const splices: Splice[] = [];
      if (item.out !== item.output) putRaw(splices, root.get('output_index')!, String(item.out));
      if (changed) {
        const inner = root.get('item');
        if (inner) putCall(splices, inner, call);
        const delta = root.get('delta');
        const plain = type.includes('_input.');
        if (delta?.kind === 'string' && type.endsWith('.delta')) {
          // The whole arguments stand in the first fragment; the others stay, empty, so that the numbering has no gap.
          const text = given || form === 'value' ? { clear: '', masked: '' } : fieldText(call, plain);
          given = true;
          putText(splices, delta, delta.string!, text);
        }
        const whole = type.endsWith('.done') ? (root.get('arguments') ?? root.get('input')) : undefined;
        if (whole?.kind === 'string') putText(splices, whole, whole.string!, fieldText(call, plain));
      }
      this.emit(frame, root, splices);
    }
    const inItem: Splice[] = [];
    putCall(inItem, node, call);
    item.whole = within(node, inItem);
    item.held = [];
  }

  private terminal(frame: Frame, root: JsonNode, type: string): boolean {
    const response = root.get('response');
    const output = response?.get('output');
    if (type === 'response.completed') {
      // Calls that the server never finished item by item are judged by their copy here.
      for (const [i, node] of each(output)) {
        if (!isAgentCall(node.get('type')?.string ?? '')) continue;
        let item = this.items.get(i);
        if (!item) this.items.set(i, (item = { output: i, out: -1, id: '', call: true, held: [], done: false, parts: new Map() }));
        if (item.call && !item.judged) this.judgeItem(item, node);
      }
    }
    if (this.pending()) return false;
    this.releaseCalls(true);
    const splices: Splice[] = [];
    this.flushAll();
    const usage = response?.get('usage');
    if (usage?.kind === 'object') reportResponseUsage(usage, this.hooks);
    const error = response?.get('error');
    if (error?.kind === 'object') sweep(splices, error, this.channels, 'error');
    if (output?.kind === 'array') this.putOutput(splices, output);
    this.terminated();
    this.emit(frame, root, splices);
    return true;
  }

  /** The whole answer again: each item as it went out, in the order in which it went out. */
  private putOutput(splices: Splice[], output: JsonNode): void {
    const kept: { out: number; node: JsonNode; inItem: Splice[]; whole?: Released }[] = [];
    let moved = false;
    for (const [i, node] of each(output)) {
      const item = this.items.get(i);
      const inItem: Splice[] = [];
      if (item?.call) {
        const decision = item.judged?.decision;
        if (!decision) {
          moved = true; // never judged: it is not in the answer
          continue;
        }
        if (decision.action === 'remove') putRaw(inItem, node, item.whole!.clear, item.whole!.masked);
        else putCall(inItem, node, item.judged!);
      } else rewriteItem(inItem, node, i, this.totals, this.channels, this.hooks);
      kept.push({ out: item?.out ?? i, node, inItem });
      if ((item?.out ?? i) !== i) moved = true;
    }
    if (!moved) {
      for (const { inItem } of kept) splices.push(...inItem);
      return;
    }
    kept.sort((a, b) => a.out - b.out);
    const wholes = kept.map(({ node, inItem }) => within(node, inItem));
    putRaw(splices, output, `[${wholes.map((one) => one.clear).join(',')}]`, `[${wholes.map((one) => one.masked).join(',')}]`);
  }

  private flushAll(): void {
    for (const item of this.items.values())
      if (!item.call && !item.done) this.restOf(item.output, scanJson(Buffer.from(`{"item_id":${quote(item.id)}}`)));
  }

  protected finish(): void {
    this.flushAll();
  }

  protected refusal(text: string): void {
    const id = this.responseId || 'resp_sallyport';
    const event = (type: string, response: object): string =>
      sseEvent(JSON.stringify({ type, response, sequence_number: this.next() }), type);
    if (!this.started) {
      const begun = { ...responseObject(id, this.model, 'in_progress', []), usage: null };
      this.out.text(event('response.created', begun) + event('response.in_progress', begun));
    }
    for (const item of this.items.values()) {
      if (item.done || item.out < 0) continue;
      this.closeItem(item);
    }
    const last = this.nextOut++;
    this.out.text(textItemEvents(`msg_sallyport_${last}`, last, text, () => this.next()));
    const wholes = [...this.items.values()].filter((item) => item.whole && item.out >= 0).sort((a, b) => a.out - b.out);
    const refusal = JSON.stringify(textItem(`msg_sallyport_${last}`, text));
    const number = this.next();
    const build = (which: 'clear' | 'masked'): string => {
      const response = responseObject(id, this.model, 'completed', ['@items']);
      const list = [...wholes.map((item) => item.whole![which]), refusal].join(',');
      const json = JSON.stringify({ type: 'response.completed', response, sequence_number: number });
      const at = json.indexOf('"@items"');
      return sseEvent(json.slice(0, at) + list + json.slice(at + 8), 'response.completed');
    };
    this.out.text(build('clear'), build('masked'));
  }

  /** Ends an open item with what went out of it. */
  private closeItem(item: Item): void {
    item.done = true;
    const parts = [...item.parts.keys()]
      .map((at) => ({ at, total: this.totals.get(contentChannel(item.output, at, 'text').id) }))
      .filter((part) => part.total);
    const build = (which: 'clear' | 'masked'): { content: object[]; whole: string } => {
      const content = parts.map(({ total }) => ({ type: 'output_text', text: total![which], annotations: [], logprobs: [] }));
      return { content, whole: JSON.stringify({ type: 'message', id: item.id, status: 'incomplete', role: 'assistant', content }) };
    };
    const forms = { clear: build('clear'), masked: build('masked') };
    item.whole = { clear: forms.clear.whole, masked: forms.masked.whole };
    const both = (type: string, rest: (which: 'clear' | 'masked') => string): void => {
      const number = this.next();
      const one = (which: 'clear' | 'masked'): string =>
        sseEvent(`{"type":"${type}","output_index":${item.out},${rest(which)},"sequence_number":${number}}`, type);
      this.out.text(one('clear'), one('masked'));
    };
    parts.forEach(({ at, total }, i) => {
      const where = `"item_id":${quote(item.id)},"content_index":${at}`;
      if (item.parts.get(at) !== 'done')
        both('response.output_text.done', (which) => `${where},"text":${quote(total![which])},"logprobs":[]`);
      both('response.content_part.done', (which) => `${where},"part":${JSON.stringify(forms[which].content[i])}`);
    });
    both('response.output_item.done', (which) => `"item":${forms[which].whole}`);
  }

  private pending(): boolean {
    for (const item of this.items.values()) if (item.judged && !item.judged.decision) return true;
    return false;
  }

  private outOf(output: number): number {
    return this.items.get(output)?.out ?? output;
  }

  private next(): number {
    return ++this.sequence;
  }

  /** Puts an event out, numbered without a gap. */
  private emit(frame: Frame, root: JsonNode, splices: Splice[]): void {
    const number = root.get('sequence_number');
    if (number?.kind === 'number') {
      if (this.sequence < 0) this.sequence = number.number! - 1;
      const next = this.next();
      if (number.number !== next) putRaw(splices, number, String(next));
    }
    if (splices.length === 0) this.out.raw(frame.raw);
    else {
      const { clear, masked } = splice(frame.source, splices);
      this.out.both(clear, masked);
    }
  }

  private report(frame: Frame): void {
    this.hooks.notScanned({ partId: 'event', reason: 'unknown-part', bytes: frame.dataEnd - frame.dataStart });
  }
}

/** A value with its splices applied, as text. */
function within(node: JsonNode, splices: readonly Splice[]): Released {
  const moved = splices.map((one) => ({ ...one, start: one.start - node.start, end: one.end - node.start }));
  const { clear, masked } = splice(node.bytes.subarray(node.start, node.end), moved);
  return { clear: clear.toString('utf8'), masked: masked.toString('utf8') };
}

/** The event with the index that a rest delta needs, when it does not carry it. */
function withIndex(root: JsonNode, index: string, at: number): JsonNode {
  if (index === '' || root.get(index)) return root;
  return scanJson(Buffer.from(`{"item_id":${root.get('item_id')?.raw ?? root.get('item')?.get('id')?.raw ?? '""'},"${index}":${at}}`));
}
