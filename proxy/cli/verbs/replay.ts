import { SallyportError } from '../../contract/index.js';
import type { ReplayEvent } from '../../control/index.js';
import type { Context } from '../context.js';
import { Usage } from '../exit.js';
import { milliseconds } from '../expiry.js';
import { Interrupted } from '../io.js';
import { openReading } from '../reading.js';
import { AnswerReader, askedIn, type Said } from '../replay-text.js';
import { clean, cleanJson, cleanLine } from '../terminal.js';
import { eventLine } from './show.js';

export interface Pace {
  /** Times the recorded speed; 0 = no waiting. */
  speed: number;
  /** Longest pause, in recorded milliseconds. */
  longest: number;
  /** Begin this many recorded milliseconds in. */
  from: number;
}

/** How long to wait before each event; what lies before `from` is left out. */
export function schedule(events: readonly ReplayEvent[], pace: Pace): { event: ReplayEvent; waitMs: number }[] {
  const out: { event: ReplayEvent; waitMs: number }[] = [];
  let last = pace.from;
  for (const event of events) {
    if (event.timeMs < pace.from) continue;
    const pause = Math.min(Math.max(0, event.timeMs - last), pace.longest);
    out.push({ event, waitMs: pace.speed === 0 ? 0 : pause / pace.speed });
    last = event.timeMs;
  }
  return out;
}

export async function replay(
  ctx: Context,
  id: string,
  options: { speed?: string; skipIdle?: string | boolean; from?: string; raw?: boolean },
): Promise<void> {
  const speed = Number(options.speed ?? 1);
  if (!Number.isFinite(speed) || speed < 0) throw new Usage('--speed is a number: 0.5, 1, 4, 16, or 0 for no waiting.');
  const skip = options.skipIdle === undefined ? Number.POSITIVE_INFINITY : options.skipIdle === true ? 2 : Number(options.skipIdle);
  if (Number.isNaN(skip) || skip < 0) throw new Usage('--skip-idle takes seconds.');
  const from = options.from === undefined ? 0 : milliseconds(options.from);
  if (from === undefined) throw new Usage('--from takes a span: 30s, 5m.');
  const reading = await openReading(ctx);
  const stop = new AbortController();
  const off = ctx.io.onInterrupt(() => stop.abort());
  try {
    let begin: string | undefined;
    let played = from;
    const printer = new Printer(ctx, options.raw === true);
    do {
      const data = await reading.replay(id, begin);
      if (data === undefined) throw new SallyportError('not_found', `No session "${id}" was recorded.`);
      if (begin === undefined && !ctx.json)
        ctx.say(ctx.paint.dim(`${data.session}: ${data.exchanges.length} exchanges, ${(data.durationMs / 1000).toFixed(1)} s`));
      for (const { event, waitMs } of schedule(data.events, { speed, longest: skip * 1000, from: played })) {
        await pause(waitMs, stop.signal);
        if (ctx.json) ctx.io.out(`${cleanJson(event)}\n`);
        else printer.show(event);
        played = event.timeMs;
      }
      begin = data.nextFrom;
    } while (begin !== undefined);
    printer.end();
  } finally {
    off();
    await reading.close();
  }
}

/** Prints what a person reads: what was asked, the answer as it came, tool calls, holds and verdicts; or the bytes, with `raw`. */
class Printer {
  private exchange = '';
  /** The channel whose text stands on the line that is being written. */
  private open: string | undefined;
  private readonly answers = new AnswerReader();

  constructor(
    private readonly ctx: Context,
    private readonly raw: boolean,
  ) {}

  show(event: ReplayEvent): void {
    const { ctx } = this;
    if (event.exchange !== this.exchange) {
      this.end();
      ctx.io.out(`${ctx.paint.bold(event.exchange)}\n`);
      this.exchange = event.exchange;
    }
    if (this.raw) {
      ctx.io.out(`${eventLine(ctx, { ...event, offsetMs: event.timeMs })}\n`);
      if (event.content !== undefined) ctx.io.out(`${clean(event.content).replace(/\n?$/, '\n')}`);
      return;
    }
    const parts = this.answers.take(event.exchange, event);
    // Most events of a stream say only that more of it came: its text stands for them.
    const quiet = event.kind === 'delta';
    if (!quiet && (event.kind === 'end' || event.kind === 'interrupted')) this.say(event, parts);
    if (!quiet) {
      this.end();
      const { content: _, ...plain } = event;
      ctx.io.out(`${eventLine(ctx, { ...plain, offsetMs: event.timeMs })}\n`);
    }
    if (event.kind === 'arrival' && event.content !== undefined) this.say(event, [{ channel: 'asks', text: askedIn(event.content) }]);
    if (event.kind !== 'end' && event.kind !== 'interrupted') this.say(event, parts);
  }

  private say(event: ReplayEvent, parts: Said[]): void {
    const { ctx } = this;
    for (const { channel, text } of parts) {
      if (text === '') continue;
      if (this.open !== channel) {
        this.end();
        const at = `${(event.timeMs / 1000).toFixed(3).padStart(9)} s`;
        ctx.io.out(`${ctx.paint.dim(at)}  ${ctx.paint.green(cleanLine(channel).slice(0, 40).padEnd(11))} `);
        this.open = channel;
      }
      ctx.io.out(clean(text).replaceAll('\n', `\n${INDENT}`));
    }
  }

  /** Ends the line that is being written. */
  end(): void {
    if (this.open !== undefined) this.ctx.io.out('\n');
    this.open = undefined;
  }
}

/** Under the text of a line: time, two blanks, kind, one blank. */
const INDENT = ' '.repeat(25);

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(new Interrupted());
  if (ms < 1) return Promise.resolve();
  return new Promise((done, fail) => {
    const onAbort = () => {
      clearTimeout(timer);
      fail(new Interrupted());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      done();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
