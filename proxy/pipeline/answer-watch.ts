import type { AnswerWatch, Judgement } from '../policy/types.js';
import type { ChannelTransform } from '../wire/types.js';

/**
 * A text of an answer under a policy's rules on words and patterns: they see it before it is masked and released, and the beginning of
 * a forbidden phrase waits.
 */
export function watched(inner: ChannelTransform, watch: AnswerWatch, hear: (judgement: Judgement) => void): ChannelTransform {
  let waiting = '';
  return {
    push(text) {
      for (const judgement of watch.push(text)) hear(judgement);
      waiting += text;
      const ready = waiting.slice(0, waiting.length - Math.min(watch.held, waiting.length));
      waiting = waiting.slice(ready.length);
      return inner.push(ready);
    },
    flush() {
      for (const judgement of watch.flush()) hear(judgement);
      const out = inner.push(waiting);
      waiting = '';
      const last = inner.flush();
      return { masked: out.masked + last.masked, clear: out.clear + last.clear };
    },
  };
}

/** Rules about findings read so many of the characters before one, as rules on text do. */
const MOST_KEPT = 1 << 20;

/** Keeps the newest text of an answer as the ledger does. */
export class KeptText implements ChannelTransform {
  text = '';
  constructor(private readonly inner: ChannelTransform) {}

  push(text: string): { masked: string; clear: string } {
    return this.keep(this.inner.push(text));
  }

  flush(): { masked: string; clear: string } {
    return this.keep(this.inner.flush());
  }

  private keep(out: { masked: string; clear: string }): { masked: string; clear: string } {
    this.text += out.masked;
    if (this.text.length > 2 * MOST_KEPT) this.text = this.text.slice(-MOST_KEPT);
    return out;
  }
}
