import { setImmediate as pause } from 'node:timers/promises';
import type { AnswerHooks, ChannelInfo, ChannelTransform } from './types.js';

export interface Released {
  clear: string;
  masked: string;
}

/** One release after another. */
export const add = (a: Released, b: Released): Released => (b === NOTHING ? a : { clear: a.clear + b.clear, masked: a.masked + b.masked });

/** Characters that are taken through a channel without a pause: well under 5 ms. */
export const SLICE = 8192;

/** The text channels of one answer, each opened once. */
export class Channels {
  private readonly open = new Map<string, { transform: ChannelTransform; info: ChannelInfo }>();

  private readonly prepared = new Map<string, { text: string; released: Released }>();

  constructor(private readonly hooks: AnswerHooks) {}

  push(info: ChannelInfo, text: string): Released {
    return this.of(info).push(text);
  }

  /** Ends a channel; nothing when it was never opened or is ended already. */
  flush(id: string): Released {
    const entry = this.open.get(id);
    if (!entry) return NOTHING;
    this.open.delete(id);
    return entry.transform.flush();
  }

  /**
   * Takes a long text through its channel in slices, with pauses, so that no other exchange waits for it. A later `whole` of the
   * same channel and text gives the result.
   */
  async prepare(info: ChannelInfo, text: string): Promise<void> {
    if (text.length <= SLICE) return;
    let clear = '';
    let masked = '';
    for (let at = 0; at < text.length; ) {
      let end = Math.min(text.length, at + SLICE);
      const last = text.charCodeAt(end - 1);
      if (end < text.length && last >= 0xd800 && last <= 0xdbff) end++;
      const released = this.push(info, text.slice(at, end));
      clear += released.clear;
      masked += released.masked;
      at = end;
      await pause();
    }
    const rest = this.flush(info.id);
    this.prepared.set(info.id, { text, released: { clear: clear + rest.clear, masked: masked + rest.masked } });
  }

  /** A text that is whole: opens, pushes and flushes. */
  whole(info: ChannelInfo, text: string): Released {
    const ready = this.prepared.get(info.id);
    if (ready?.text === text) return ready.released;
    const pushed = this.push(info, text);
    const rest = this.flush(info.id);
    return { clear: pushed.clear + rest.clear, masked: pushed.masked + rest.masked };
  }

  /** Ids of channels that are open, in the order of their opening. */
  ids(): string[] {
    return [...this.open.keys()];
  }

  has(id: string): boolean {
    return this.open.has(id);
  }

  private of(info: ChannelInfo): ChannelTransform {
    let entry = this.open.get(info.id);
    if (!entry) {
      entry = { transform: this.hooks.channel(info), info };
      this.open.set(info.id, entry);
    }
    return entry.transform;
  }
}

export const NOTHING: Released = { clear: '', masked: '' };

export const isNothing = (released: Released): boolean => released.clear === '' && released.masked === '';
