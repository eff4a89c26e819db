import { SallyportError } from '../../contract/index.js';
import type { AnswerBytes, AnswerHooks, AnswerStream, HeldToolCall, ToolCallDecision } from '../types.js';
import { EventTooLong, type Frame, SseFramer } from './framer.js';
import { Output } from './output.js';

/** What the client reads when the judge of a tool call failed: nothing unjudged is released. */
export const JUDGE_FAILED = 'The tool call was not released: it could not be judged.';

/**
 * The part of a streamed answer that all protocols share: framing, waiting for decisions on tool calls, draining, ending.
 * A protocol says what one event means (`event`), what to do when the stream ends (`finish`) and how to say no (`refusal`).
 */
export abstract class SseAnswer implements AnswerStream {
  onReady?: () => void;
  protected readonly out = new Output();
  private readonly framer = new SseFramer();
  private queue: Frame[] = [];
  private open = 0;
  private over = false;
  private seenEnd = false;
  private failure: unknown;
  private idle: (() => void)[] = [];

  constructor(protected readonly hooks: AnswerHooks) {}

  /**
   * Handles one event. `false`: not now; it is handed in again when a decision was given, and everything behind it waits.
   */
  protected abstract event(frame: Frame): boolean;
  /** The provider's bytes ended. */
  protected abstract finish(): void;
  /** Writes the end of the answer as a refusal. */
  protected abstract refusal(text: string): void;

  get waiting(): boolean {
    return this.open > 0;
  }

  get complete(): boolean {
    return this.seenEnd;
  }

  protected terminated(): void {
    this.seenEnd = true;
  }

  write(chunk: Buffer): AnswerBytes[] {
    if (this.failure !== undefined) throw this.failure;
    if (!this.over && chunk.length > 0) {
      try {
        for (const frame of this.framer.push(chunk)) this.take(frame);
      } catch (error) {
        throw (this.failure = unreadable(error));
      }
    }
    return this.out.drain();
  }

  async end(): Promise<AnswerBytes[]> {
    if (!this.over) {
      const rest = this.framer.rest();
      if (rest) this.take(rest);
    }
    while (this.open > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
    if (this.failure !== undefined) throw this.failure;
    if (!this.over) {
      this.resume();
      this.finish();
      this.over = true;
    }
    return this.out.drain();
  }

  refuse(text: string): AnswerBytes[] {
    if (!this.over) {
      this.over = true;
      this.queue = [];
      if (!this.seenEnd) this.refusal(text);
      this.seenEnd = true;
    }
    return this.out.drain();
  }

  /** Asks for a decision on a complete call and hands it to `decided`: at once, or later when a person has to say. */
  protected judge(call: HeldToolCall, decided: (decision: ToolCallDecision) => void): void {
    let answer: ToolCallDecision | Promise<ToolCallDecision>;
    try {
      answer = this.hooks.toolCall(call);
    } catch {
      answer = { action: 'remove', text: JUDGE_FAILED };
    }
    if (!(answer instanceof Promise)) {
      decided(answer);
      return;
    }
    this.open++;
    answer
      .catch((): ToolCallDecision => ({ action: 'remove', text: JUDGE_FAILED }))
      .then((decision) => {
        this.open--;
        if (!this.over) {
          try {
            decided(decision);
            this.resume();
          } catch (error) {
            this.failure = unreadable(error);
          }
          this.onReady?.();
        }
        if (this.open === 0) for (const wake of this.idle.splice(0)) wake();
      });
  }

  private take(frame: Frame): void {
    if (this.queue.length > 0 || !this.event(frame)) this.queue.push(frame);
  }

  private resume(): void {
    while (this.queue.length > 0) {
      if (!this.event(this.queue[0]!)) return;
      this.queue.shift();
    }
  }
}

function unreadable(error: unknown): unknown {
  if (error instanceof EventTooLong)
    return new SallyportError('upstream_unreadable', `The provider's answer cannot be read: ${error.message}.`);
  return error;
}
