import { add, Channels, isNothing } from '../channels.js';
import { quote, type Splice, splice } from '../json/patch.js';
import { type JsonNode, scanJson } from '../json/scan.js';
import { dropMembers, putRaw, putText, sweep, sweepUnknown, unscanned } from '../slots.js';
import { SseAnswer } from '../sse/answer.js';
import { type Frame, sseEvent } from '../sse/framer.js';
import type { AnswerHooks, ChannelInfo } from '../types.js';
import { addFragment, type ChatCall, decidedArguments, heldCall, newCall, wholeFragment } from './chat-call.js';
import { HEAD, KNOWN, STREAMED_KNOWN, TEXT_FIELDS } from './chat-members.js';
import { pushFragments, type Tail } from './fragments.js';
import { reportChatUsage } from './usage.js';

const SILENT_FIELDS = new Set(['role', 'tool_calls', 'function_call', 'tool_call_id']);

interface Choice {
  index: number;
  calls: Map<string, ChatCall>;
  /** Raw frames that hold nothing but fragments of calls; released as they are when no call was changed. */
  held: Buffer[];
  /** Fragments stood together with other content, so `held` is not the whole. */
  mixed: boolean;
  started: boolean;
  wrote: boolean;
  finished: boolean;
  /** How the rest of a structured delta's text is put out, by channel. */
  tails: Map<string, Tail>;
}

/** A streamed answer of `/v1/chat/completions`. */
export class ChatStream extends SseAnswer {
  private readonly channels: Channels;
  private readonly choices = new Map<number, Choice>();
  /** Top-level members of the last chunk (id, model …), raw: our own chunks carry the same. */
  private head = '';
  private headFrom?: JsonNode;
  private idSeen = false;
  /** Chunks that finish a choice and whose fragments were taken before the judge was asked. */
  private readonly early = new WeakSet<Frame>();

  constructor(
    hooks: AnswerHooks,
    private readonly model = '',
  ) {
    super(hooks);
    this.channels = new Channels(hooks);
  }

  protected event(frame: Frame): boolean {
    if (!frame.hasData) {
      this.out.raw(frame.raw);
      return true;
    }
    const { source, dataStart, dataEnd } = frame;
    if (dataEnd - dataStart === 6 && source.toString('latin1', dataStart, dataEnd) === '[DONE]') return this.done(frame);
    let root: JsonNode;
    try {
      root = scanJson(source, dataStart, dataEnd);
    } catch {
      this.strange(frame);
      return true;
    }
    const choices = root.get('choices');
    if (choices?.kind !== 'array') {
      // An error object, or something of another kind: it ends or accompanies the answer and is passed on.
      const splices: Splice[] = [];
      const error = root.get('error');
      if (error) sweep(splices, error, this.channels, 'error');
      else this.hooks.notScanned({ partId: 'event', reason: 'unknown-part', bytes: dataEnd - dataStart });
      this.emit(frame, splices);
      return true;
    }
    if (!this.settled(frame, choices)) return false;
    this.headFrom = root;
    if (!this.idSeen) {
      const id = root.get('id')?.string;
      if (id) {
        this.idSeen = true;
        this.hooks.idGiven(id);
      }
    }
    const usage = root.get('usage');
    if (usage?.kind === 'object') reportChatUsage(usage, this.hooks);

    const splices: Splice[] = [];
    let onlyCalls = choices.items.length > 0;
    let holds: Choice | undefined;
    for (const item of choices.items) {
      const choice = this.choice(item);
      const delta = item.get('delta');
      const finish = item.get('finish_reason')?.string;
      let changed = false;
      if (delta?.kind === 'object') {
        for (let i = 0; i < delta.keys.length; i++) {
          const key = delta.keys[i]!;
          const value = delta.items[i]!;
          const kind = TEXT_FIELDS[key];
          const text = value.string;
          if (kind !== undefined && text !== undefined) {
            onlyCalls &&= text === '';
            const info: ChannelInfo = { id: `choice:${choice.index}/${key}`, kind };
            if (text !== '' || finish) {
              const released = finish ? add(this.channels.push(info, text), this.channels.flush(info.id)) : this.channels.push(info, text);
              if (putText(splices, value, text, released)) changed = true;
              if (key === 'content' && released.clear !== '') choice.wrote = true;
            }
          } else if (key === 'audio') {
            onlyCalls = false;
            this.audio(splices, value, choice, finish !== undefined);
          } else if (!SILENT_FIELDS.has(key)) {
            if (value.kind === 'null' || value.kind === 'false' || value.kind === 'true') continue;
            onlyCalls = false;
            const info: ChannelInfo = { id: `choice:${choice.index}/${key}`, kind: kind ?? 'text' };
            pushFragments(splices, value, this.channels, info, choice.tails, finish !== undefined);
            if (key === 'content') choice.wrote = true;
          }
        }
        if (this.gather(choice, delta, splices, !(finish && this.early.has(frame)))) holds = choice;
        else onlyCalls = false;
        if (!choice.started && !holds) choice.started = delta.get('role') !== undefined;
      } else onlyCalls = false;
      if (finish) onlyCalls = false;
      const logprobs = item.get('logprobs');
      if (logprobs?.kind === 'object' && (changed || holds)) putRaw(splices, logprobs, 'null');
      sweepUnknown(splices, item, STREAMED_KNOWN, '', this.channels, this.hooks);
      if (finish) this.finishChoice(choice, item, finish, splices);
    }
    const error = root.get('error');
    if (error) sweep(splices, error, this.channels, 'error');
    sweepUnknown(splices, root, KNOWN, 'choices', this.channels, this.hooks);
    if (holds) {
      if (onlyCalls && choices.items.length === 1 && (usage === undefined || usage.kind === 'null')) {
        holds.held.push(frame.raw);
        return true;
      }
      for (const item of choices.items) this.choice(item).mixed = true;
      holds.started ||= true;
    }
    this.emit(frame, splices);
    return true;
  }

  /** All calls of the choices that finish in this chunk have been decided; asks for those that have not. */
  private settled(frame: Frame, choices: JsonNode): boolean {
    let settled = true;
    let finishing = false;
    for (const item of choices.items) {
      if (item.get('finish_reason')?.kind !== 'string') continue;
      const choice = this.choice(item);
      if (choice.finished) continue;
      finishing = true;
      // Fragments in the very chunk that finishes must be known before the judge is asked.
      const delta = item.get('delta');
      if (delta?.kind === 'object' && !this.early.has(frame) && this.gather(choice, delta, [])) choice.mixed = true;
    }
    if (!finishing) return true;
    this.early.add(frame);
    for (const item of choices.items) {
      const choice = this.choice(item);
      if (item.get('finish_reason')?.kind === 'string' && !choice.finished && !this.judged(choice)) settled = false;
    }
    return settled;
  }

  private judged(choice: Choice): boolean {
    let all = true;
    for (const call of inOrder(choice)) {
      if (!call.judging) {
        call.judging = true;
        if (call.callId) this.hooks.idGiven(call.callId);
        this.judge(heldCall(call, this.channels), (decision) => {
          call.decision = decision;
        });
      }
      if (!call.decision) all = false;
    }
    return all;
  }

  /** Takes the fragments of calls out of a delta (`count`: and adds them to the calls). Tells whether there were any. */
  private gather(choice: Choice, delta: JsonNode, splices: Splice[], count = true): boolean {
    const list = delta.get('tool_calls');
    const legacy = delta.get('function_call');
    let found = false;
    if (list?.kind === 'array' && list.items.length > 0) {
      found = true;
      if (count && !choice.finished) {
        for (const fragment of list.items) {
          if (fragment.kind !== 'object') continue;
          const index = fragment.get('index')?.number;
          const id = fragment.get('id')?.string;
          const custom = fragment.get('custom');
          const inner = custom ?? fragment.get('function');
          addFragment(
            index === undefined ? this.unnumbered(choice, id, inner) : this.callOf(choice, `${choice.index}:${index}`, id),
            fragment,
            inner,
            custom || fragment.get('type')?.string === 'custom' ? 'custom' : undefined,
          );
        }
      }
    }
    if (legacy?.kind === 'object') {
      found = true;
      if (count && !choice.finished) addFragment(this.callOf(choice, `${choice.index}:legacy`), legacy, legacy, 'legacy');
    }
    if (found) dropMembers(splices, delta, ['tool_calls', 'function_call']);
    return found;
  }

  /** The call of a fragment. Another id under an index that is taken is another call: some servers number all of them 0. */
  private callOf(choice: Choice, key: string, id?: string): ChatCall {
    let own = key;
    for (let n = 1; ; n++) {
      const next = choice.calls.get(`${key}:${n}`);
      if (!next) break;
      own = `${key}:${n}`;
    }
    let call = choice.calls.get(own);
    if (call && id && call.callId && call.callId !== id) {
      call.odd = true;
      const count = own === key ? 1 : Number(own.slice(key.length + 1)) + 1;
      own = `${key}:${count}`;
      call = undefined;
    }
    if (!call) {
      call = newCall(own);
      choice.calls.set(own, call);
    }
    return call;
  }

  /** The call of a fragment without an index, as Gemini sends them: an id or a name that is new begins one, anything else goes on with the last. */
  private unnumbered(choice: Choice, id: string | undefined, inner: JsonNode | undefined): ChatCall {
    const calls = [...choice.calls.values()];
    const last = calls.at(-1);
    const same = id ? calls.find((call) => call.callId === id) : inner?.get('name')?.string && last?.name !== '' ? undefined : last;
    if (same) return same;
    let n = choice.calls.size;
    while (choice.calls.has(`${choice.index}:${n}`)) n++;
    const call = newCall(`${choice.index}:${n}`);
    choice.calls.set(call.key, call);
    return call;
  }

  /** Puts out the decided calls and what was held back, before the chunk that ends the choice. */
  private finishChoice(choice: Choice, item: JsonNode, finish: string, splices: Splice[]): void {
    if (choice.finished) return;
    this.flushChoice(choice);
    const left = this.releaseCalls(choice);
    if (choice.calls.size > 0 && left === 0 && (finish === 'tool_calls' || finish === 'function_call'))
      putRaw(splices, item.get('finish_reason')!, '"stop"');
    choice.finished = true;
  }

  private flushChoice(choice: Choice): void {
    for (const id of this.channels.ids()) {
      if (!id.startsWith(`choice:${choice.index}/`)) continue;
      const rest = this.channels.flush(id);
      if (isNothing(rest)) continue;
      const field = id.slice(id.indexOf('/') + 1);
      if (field === 'content') choice.wrote = true;
      const tail = choice.tails.get(id);
      const wrap = (text: string): string =>
        field === 'audio'
          ? `{"audio":{"transcript":${quote(text)}}}`
          : `{${quote(field.split('/')[0]!)}:${tail ? tail(text) : quote(text)}}`;
      this.chunk(choice, wrap(rest.clear), wrap(rest.masked));
    }
  }

  /** @returns how many calls were let out */
  private releaseCalls(choice: Choice): number {
    const calls = inOrder(choice);
    const untouched =
      !choice.mixed && calls.every((call) => !call.odd && call.decision?.action === 'release' && call.clear === call.masked && same(call));
    if (untouched) {
      for (const raw of choice.held) this.out.raw(raw);
      if (choice.held.length > 0) choice.started = true;
      choice.held = [];
      return calls.length;
    }
    choice.held = [];
    let left = 0;
    for (const call of calls) {
      const { decision } = call;
      if (!decision || decision.action === 'remove') {
        if (decision?.action === 'remove') this.say(choice, decision.text);
        continue;
      }
      const args = decidedArguments(call);
      const wrap = (text: string): string => {
        const fragment = wholeFragment(call, left, text);
        return call.form === 'legacy' ? `"function_call":${fragment}` : `"tool_calls":[${fragment}]`;
      };
      const role = choice.started ? '' : '"role":"assistant","content":null,';
      choice.started = true;
      this.chunk(choice, `{${role}${wrap(args.clear)}}`, `{${role}${wrap(args.masked)}}`);
      left++;
    }
    return left;
  }

  private say(choice: Choice, text: string): void {
    const role = choice.started ? '' : '"role":"assistant",';
    choice.started = true;
    this.chunk(choice, `{${role}"content":${quote(choice.wrote ? `\n\n${text}` : text)}}`);
    choice.wrote = true;
  }

  private chunk(choice: Choice, clear: string, masked = clear, finish = 'null'): void {
    const head = this.headText();
    const build = (delta: string): string =>
      sseEvent(`{${head}"choices":[{"index":${choice.index},"delta":${delta},"logprobs":null,"finish_reason":${finish}}]}`);
    const text = build(clear);
    this.out.text(text, masked === clear ? text : build(masked));
  }

  private headText(): string {
    const root = this.headFrom;
    if (root) {
      this.head = '';
      for (let i = 0; i < root.keys.length; i++) {
        const key = root.keys[i]!;
        if (HEAD.has(key)) this.head += `${quote(key)}:${root.items[i]!.raw},`;
      }
      this.headFrom = undefined;
    }
    return this.head || `"id":"chatcmpl-sallyport","object":"chat.completion.chunk","created":0,"model":${quote(this.model)},`;
  }

  private audio(splices: Splice[], audio: JsonNode, choice: Choice, last: boolean): void {
    const data = audio.get('data');
    if (data?.kind === 'string') unscanned(this.hooks, `choice:${choice.index}/audio`, data, 'audio');
    const transcript = audio.get('transcript');
    const text = transcript?.string;
    if (!transcript || text === undefined) return;
    const info: ChannelInfo = { id: `choice:${choice.index}/audio`, kind: 'text' };
    const pushed = this.channels.push(info, text);
    putText(splices, transcript, text, last ? add(pushed, this.channels.flush(info.id)) : pushed);
  }

  private done(frame: Frame): boolean {
    let settled = true;
    for (const choice of this.choices.values()) if (!choice.finished && !this.judged(choice)) settled = false;
    if (!settled) return false;
    for (const choice of this.choices.values()) {
      if (choice.finished) continue;
      this.flushChoice(choice);
      this.releaseCalls(choice);
      choice.finished = true;
    }
    this.terminated();
    this.out.raw(frame.raw);
    return true;
  }

  /** The stream ended. Text that was held back is let out; a call that never became complete is not. */
  protected finish(): void {
    for (const choice of this.choices.values()) if (!choice.finished) this.flushChoice(choice);
    // Some servers leave `[DONE]` out: the finish reasons say that the answer is whole.
    if (this.choices.size > 0 && [...this.choices.values()].every((choice) => choice.finished)) this.terminated();
  }

  protected refusal(text: string): void {
    if (this.choices.size === 0) this.openChoice(0);
    for (const choice of this.choices.values()) {
      if (choice.finished) continue;
      this.say(choice, text);
      this.chunk(choice, '{}', '{}', '"content_filter"');
    }
    this.out.text(sseEvent('[DONE]'));
  }

  private choice(item: JsonNode): Choice {
    const index = item.get('index')?.number ?? 0;
    return this.choices.get(index) ?? this.openChoice(index);
  }

  private openChoice(index: number): Choice {
    const choice: Choice = {
      index,
      calls: new Map(),
      held: [],
      mixed: false,
      started: false,
      wrote: false,
      finished: false,
      tails: new Map(),
    };
    this.choices.set(index, choice);
    return choice;
  }

  private emit(frame: Frame, splices: Splice[]): void {
    if (splices.length === 0) this.out.raw(frame.raw);
    else {
      const { clear, masked } = splice(frame.source, splices);
      this.out.both(clear, masked);
    }
  }

  private strange(frame: Frame): void {
    this.hooks.notScanned({ partId: 'event', reason: 'unknown-part', bytes: frame.dataEnd - frame.dataStart });
    this.out.raw(frame.raw);
  }
}

/** Calls by the index that the provider gave them; the deprecated form last. */
const inOrder = (choice: Choice): ChatCall[] =>
  [...choice.calls.values()].sort((a, b) => (Number(a.key.split(':')[1]) || 0) - (Number(b.key.split(':')[1]) || 0));

const same = (call: ChatCall): boolean => (call.form === 'custom' ? JSON.stringify({ input: call.raw }) : call.raw) === call.clear;
