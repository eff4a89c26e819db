import { StringDecoder } from 'node:string_decoder';
import type { AnswerBytes, AnswerHooks, AnswerStream, ChannelTransform } from '../types.js';

/** A streamed answer of an API whose events nobody here knows: its bytes are one text channel. */
export class TextStream implements AnswerStream {
  readonly waiting = false;
  onReady?: () => void;
  private ended = false;
  private readonly decoder = new StringDecoder('utf8');
  private readonly channel: ChannelTransform;

  constructor(hooks: AnswerHooks) {
    this.channel = hooks.channel({ id: 'body', kind: 'text' });
  }

  /** The end of the bytes is the only terminator. */
  get complete(): boolean {
    return this.ended;
  }

  write(chunk: Buffer): AnswerBytes[] {
    if (this.ended || chunk.length === 0) return [];
    return bytes(this.channel.push(this.decoder.write(chunk)));
  }

  async end(): Promise<AnswerBytes[]> {
    if (this.ended) return [];
    this.ended = true;
    const last = this.channel.push(this.decoder.end());
    const rest = this.channel.flush();
    return bytes({ clear: last.clear + rest.clear, masked: last.masked + rest.masked });
  }

  refuse(text: string): AnswerBytes[] {
    if (this.ended) return [];
    this.ended = true;
    return bytes({ clear: text, masked: text });
  }
}

function bytes({ clear, masked }: { clear: string; masked: string }): AnswerBytes[] {
  if (clear === '' && masked === '') return [];
  const out = Buffer.from(clear);
  return [{ clear: out, masked: masked === clear ? out : Buffer.from(masked) }];
}
