import type { AnswerHooks, ChannelInfo, ChannelTransform } from './types.js';

export interface Released {
  clear: string;
  masked: string;
}

/** The text channels of one answer, each opened once. */
export class Channels {
  private readonly open = new Map<string, { transform: ChannelTransform; info: ChannelInfo }>();

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

  /** A text that is whole: opens, pushes and flushes. */
  whole(info: ChannelInfo, text: string): Released {
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
