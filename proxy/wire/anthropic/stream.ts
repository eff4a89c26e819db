import { Channels, isNothing, type Released } from '../channels.js';
import { quote, type Splice, splice } from '../json/patch.js';
import { type JsonNode, scanJson } from '../json/scan.js';
import { putRaw, putText, sweep } from '../slots.js';
import { SseAnswer } from '../sse/answer.js';
import { type Frame, sseEvent } from '../sse/framer.js';
import type { AnswerHooks, ChannelInfo, HeldToolCall, ToolCallDecision } from '../types.js';
import { isAgentCall } from './calls.js';
import { reportMessageUsage } from './usage.js';

interface Block {
  /** Index that the provider gave, and the one under which the agent sees it. */
  index: number;
  outIndex: number;
  type: string;
  /** Of a tool_use: held until it is complete and judged. */
  tool?: {
    callId?: string;
    name: string;
    start: JsonNode;
    json: string;
    fragments: boolean;
    frames: Frame[];
    done: boolean;
    clear: string;
    masked: string;
    decision?: ToolCallDecision;
  };
  stopped: boolean;
}

/** Delta types: the field with the text, and what it is. */
const DELTAS: Record<string, { field: string; kind: ChannelInfo['kind'] }> = {
  text_delta: { field: 'text', kind: 'text' },
  thinking_delta: { field: 'thinking', kind: 'signed' },
};

/** A streamed answer of `/v1/messages`. */
export class MessagesStream extends SseAnswer {
  private readonly channels: Channels;
  private readonly blocks = new Map<number, Block>();
  private nextIndex = 0;
  private started = false;
  /** The event with the stop reason went out: nothing but the terminator may follow. */
  private reasonGiven = false;
  private toolsOut = 0;
  private toolsRemoved = 0;
  private wrote = false;
  /** The agent got a `message_start` of ours while it waited. */
  private ownStart = false;

  constructor(
    hooks: AnswerHooks,
    private readonly model = '',
  ) {
    super(hooks);
    this.channels = new Channels(hooks);
  }

  alreadyStarted(): void {
    this.ownStart = true;
    this.started = true;
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
      this.hooks.notScanned({ partId: 'event', reason: 'unknown-part', bytes: frame.dataEnd - frame.dataStart });
      this.out.raw(frame.raw);
      return true;
    }
    switch (root.get('type')?.string) {
      case 'content_block_delta':
        return this.delta(frame, root);
      case 'content_block_start':
        return this.blockStart(frame, root);
      case 'content_block_stop':
        return this.blockStop(frame, root);
      case 'message_start':
        this.messageStart(root);
        if (this.ownStart) {
          // The agent has one already, and two of them break its reader.
          this.ownStart = false;
          this.out.both(NOTHING, frame.raw);
        } else this.out.raw(frame.raw);
        return true;
      case 'message_delta':
        return this.messageDelta(frame, root);
      case 'message_stop':
        if (this.pending()) return false;
        this.terminated();
        this.out.raw(frame.raw);
        return true;
      case 'error': {
        const splices: Splice[] = [];
        sweep(splices, root.get('error') ?? root, this.channels, 'error');
        this.emit(frame, splices);
        return true;
      }
      case 'ping':
        this.out.raw(frame.raw);
        return true;
      default:
        this.hooks.notScanned({ partId: 'event', reason: 'unknown-part', bytes: frame.dataEnd - frame.dataStart });
        this.out.raw(frame.raw);
        return true;
    }
  }

  private messageStart(root: JsonNode): void {
    this.started = true;
    const message = root.get('message');
    const id = message?.get('id')?.string;
    if (id) this.hooks.idGiven(id);
    const usage = message?.get('usage');
    if (usage?.kind === 'object') reportMessageUsage(usage, this.hooks);
  }

  private blockStart(frame: Frame, root: JsonNode): boolean {
    const content = root.get('content_block');
    const type = content?.get('type')?.string ?? '';
    const index = root.get('index')?.number ?? this.nextIndex;
    if (content && isAgentCall(type)) {
      const callId = content.get('id')?.string;
      const tool = {
        name: content.get('name')?.string ?? '',
        start: root,
        json: '',
        fragments: false,
        frames: [frame],
        done: false,
        clear: '',
        masked: '',
      };
      this.blocks.set(index, { index, outIndex: -1, type, tool: callId ? { ...tool, callId } : tool, stopped: false });
      return true;
    }
    // Text flows past a call that waits for a person; anything else keeps its place behind it.
    if (type !== 'text' && this.pending()) return false;
    const block: Block = { index, outIndex: this.nextIndex++, type, stopped: false };
    this.blocks.set(index, block);
    const splices: Splice[] = [];
    this.reindex(root, block, splices);
    if (content) this.startText(content, block, splices);
    this.emit(frame, splices);
    return true;
  }

  /** A block may begin with text in it. */
  private startText(content: JsonNode, block: Block, splices: Splice[]): void {
    if (block.type === 'text') {
      const text = content.get('text');
      const value = text?.string;
      if (text && value) putText(splices, text, value, this.channels.push(this.textChannel(block), value));
    } else if (block.type === 'thinking' || block.type === 'redacted_thinking') {
      const data = content.get('data');
      if (data) this.hooks.notScanned({ partId: `block:${block.index}`, reason: 'signed', bytes: data.size });
    } else sweep(splices, content, this.channels, `block:${block.index}`);
  }

  private delta(frame: Frame, root: JsonNode): boolean {
    const block = this.blocks.get(root.get('index')?.number ?? -1);
    const delta = root.get('delta');
    const type = delta?.get('type')?.string ?? '';
    if (!block || !delta) {
      this.hooks.notScanned({ partId: 'event', reason: 'unknown-part', bytes: frame.dataEnd - frame.dataStart });
      this.out.raw(frame.raw);
      return true;
    }
    if (block.tool) {
      if (!block.tool.done) {
        const fragment = delta.get('partial_json')?.string ?? '';
        if (fragment !== '') block.tool.fragments = true;
        block.tool.json += fragment;
        block.tool.frames.push(frame);
      }
      return true;
    }
    const splices: Splice[] = [];
    this.reindex(root, block, splices);
    const known = DELTAS[type];
    if (known) {
      const node = delta.get(known.field);
      const text = node?.string;
      if (node && text !== undefined && text !== '') {
        const info = known.kind === 'text' ? this.textChannel(block) : { id: `block:${block.index}/${known.field}`, kind: known.kind };
        const released = this.channels.push(info, text);
        // Signed text would not verify if one character of it changed: only the ledger's form is masked.
        if (known.kind === 'signed') putText(splices, node, text, { clear: text, masked: released.masked });
        else {
          putText(splices, node, text, released);
          if (released.clear !== '') this.wrote = true;
        }
      }
    } else if (type === 'input_json_delta') {
      // A call that the provider runs itself.
      const node = delta.get('partial_json');
      const text = node?.string;
      if (node && text)
        putText(splices, node, text, this.channels.push({ id: `block:${block.index}/input`, kind: 'tool-arguments' }, text));
    } else if (type === 'citations_delta') {
      const citation = delta.get('citation');
      if (citation) sweep(splices, citation, this.channels, `block:${block.index}/citation`);
    } else if (type !== 'signature_delta') sweep(splices, delta, this.channels, `block:${block.index}/${type}`);
    this.emit(frame, splices);
    return true;
  }

  private blockStop(frame: Frame, root: JsonNode): boolean {
    const block = this.blocks.get(root.get('index')?.number ?? -1);
    if (!block || block.stopped) {
      this.out.raw(frame.raw);
      return true;
    }
    if (block.tool) {
      if (!block.tool.done) {
        block.tool.done = true;
        block.tool.frames.push(frame);
        this.judgeBlock(block);
      }
      return true;
    }
    this.flushBlock(block);
    block.stopped = true;
    const splices: Splice[] = [];
    this.reindex(root, block, splices);
    this.emit(frame, splices);
    return true;
  }

  private flushBlock(block: Block): void {
    for (const id of this.channels.ids()) {
      if (!id.startsWith(`block:${block.index}/`)) continue;
      const rest = this.channels.flush(id);
      if (id.endsWith('/thinking')) {
        if (rest.masked !== '')
          this.deltaOut(block, { clear: '', masked: rest.masked }, (text) => `{"type":"thinking_delta","thinking":${quote(text)}}`, true);
        continue;
      }
      if (isNothing(rest)) continue;
      if (id.endsWith('/input')) this.deltaOut(block, rest, (text) => `{"type":"input_json_delta","partial_json":${quote(text)}}`);
      else {
        this.wrote = true;
        this.deltaOut(block, rest, (text) => `{"type":"text_delta","text":${quote(text)}}`);
      }
    }
  }

  private judgeBlock(block: Block): void {
    const tool = block.tool!;
    if (tool.callId) this.hooks.idGiven(tool.callId);
    const input = tool.start.get('content_block')?.get('input');
    // Some servers give the whole input at the start and send no fragments.
    const json = tool.json !== '' || !input || input.kind !== 'object' || input.items.length === 0 ? tool.json : input.raw;
    const info: ChannelInfo = { id: `tool:${block.index}/arguments`, kind: 'tool-arguments', toolName: tool.name };
    if (tool.callId) info.callId = tool.callId;
    const released = this.channels.whole(info, json);
    tool.json = json;
    tool.clear = released.clear;
    tool.masked = released.masked;
    const held: HeldToolCall = { name: tool.name, arguments: released.clear || '{}', maskedArguments: released.masked || '{}' };
    if (tool.callId) held.callId = tool.callId;
    this.judge(held, (decision) => {
      tool.decision = decision;
      this.releaseTools();
    });
  }

  /** Lets decided calls out in the order in which they began. `rest`: those behind one that never became complete, too. */
  private releaseTools(rest = false): void {
    for (const block of this.blocks.values()) {
      if (!block.tool || block.stopped) continue;
      if (block.tool.decision) this.releaseTool(block);
      else if (!rest) return;
    }
  }

  private releaseTool(block: Block): void {
    const tool = block.tool!;
    const decision = tool.decision!;
    const { index } = block;
    block.outIndex = this.nextIndex++;
    block.stopped = true;
    if (decision.action === 'remove') {
      this.toolsRemoved++;
      this.textBlock(block.outIndex, decision.text);
      return;
    }
    this.toolsOut++;
    const clear = decision.action === 'replace' ? decision.arguments : tool.clear;
    const masked = decision.action === 'replace' ? decision.maskedArguments : tool.masked;
    // An input at the start and fragments after it could be read in two ways.
    const atStart = (tool.start.get('content_block')?.get('input')?.size ?? 0) > 2;
    if (clear === tool.json && masked === tool.json && block.outIndex === index && !(atStart && tool.fragments)) {
      for (const frame of tool.frames) this.out.raw(frame.raw);
      return;
    }
    const start: Splice[] = [];
    this.reindex(tool.start, block, start);
    const input = tool.start.get('content_block')?.get('input');
    if (input && input.size > 2) putRaw(start, input, '{}');
    this.emit(tool.frames[0]!, start);
    this.deltaOut(block, { clear, masked }, (text) => `{"type":"input_json_delta","partial_json":${quote(text)}}`);
    this.out.text(sseEvent(`{"type":"content_block_stop","index":${block.outIndex}}`, 'content_block_stop'));
  }

  private textBlock(index: number, text: string): void {
    this.wrote = true;
    this.out.text(
      sseEvent(`{"type":"content_block_start","index":${index},"content_block":{"type":"text","text":""}}`, 'content_block_start') +
        sseEvent(
          `{"type":"content_block_delta","index":${index},"delta":{"type":"text_delta","text":${quote(text)}}}`,
          'content_block_delta',
        ) +
        sseEvent(`{"type":"content_block_stop","index":${index}}`, 'content_block_stop'),
    );
  }

  private messageDelta(frame: Frame, root: JsonNode): boolean {
    if (this.pending()) return false;
    this.releaseTools(true);
    this.reasonGiven = true;
    const splices: Splice[] = [];
    const reason = root.get('delta')?.get('stop_reason');
    if (reason?.string === 'tool_use' && this.toolsRemoved > 0 && this.toolsOut === 0) putRaw(splices, reason, '"end_turn"');
    const usage = root.get('usage');
    if (usage?.kind === 'object') reportMessageUsage(usage, this.hooks);
    this.emit(frame, splices);
    return true;
  }

  /** A call is complete and nobody has decided yet. */
  private pending(): boolean {
    for (const block of this.blocks.values()) if (block.tool?.done && !block.tool.decision) return true;
    return false;
  }

  protected finish(): void {
    for (const block of this.blocks.values()) if (!block.tool && !block.stopped) this.flushBlock(block);
  }

  protected refusal(text: string): void {
    if (!this.started) this.out.text(messageStart(this.model));
    for (const block of this.blocks.values()) {
      if (block.stopped || block.tool) continue;
      this.out.text(sseEvent(`{"type":"content_block_stop","index":${block.outIndex}}`, 'content_block_stop'));
      block.stopped = true;
    }
    if (this.reasonGiven) this.out.text(MESSAGE_STOP);
    else {
      this.textBlock(this.nextIndex++, this.wrote ? `\n\n${text}` : text);
      this.out.text(messageEnd());
    }
  }

  private reindex(root: JsonNode, block: Block, splices: Splice[]): void {
    if (block.outIndex === block.index) return;
    const node = root.get('index');
    if (node) putRaw(splices, node, String(block.outIndex));
  }

  private textChannel(block: Block): ChannelInfo {
    return { id: `block:${block.index}/text`, kind: 'text' };
  }

  /** A delta of our own. `ledgerOnly`: the agent does not get it. */
  private deltaOut(block: Block, released: Released, wrap: (text: string) => string, ledgerOnly = false): void {
    const build = (text: string): string =>
      sseEvent(`{"type":"content_block_delta","index":${block.outIndex},"delta":${wrap(text)}}`, 'content_block_delta');
    if (ledgerOnly) this.out.text('', build(released.masked));
    else this.out.text(build(released.clear), released.masked === released.clear ? undefined : build(released.masked));
  }

  private emit(frame: Frame, splices: Splice[]): void {
    if (splices.length === 0) this.out.raw(frame.raw);
    else {
      const { clear, masked } = splice(frame.source, splices);
      this.out.both(clear, masked);
    }
  }
}

/** `message_start` of an answer of our own. */
export function messageStart(model: string): string {
  return sseEvent(
    `{"type":"message_start","message":{"id":"msg_sallyport","type":"message","role":"assistant","model":${quote(model)},"content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":0,"output_tokens":0}}}`,
    'message_start',
  );
}

const NOTHING = Buffer.alloc(0);
const MESSAGE_STOP = sseEvent('{"type":"message_stop"}', 'message_stop');

/** `end_turn`, not `refusal`: with the latter Claude Code hides our text behind a sentence of its own. */
export function messageEnd(): string {
  return (
    sseEvent(
      '{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":0}}',
      'message_delta',
    ) + sseEvent('{"type":"message_stop"}', 'message_stop')
  );
}
