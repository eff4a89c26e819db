import { SallyportError } from '../../contract/index.js';
import type { ReplayEvent } from '../../control/index.js';
import type { Context } from '../context.js';
import { Usage } from '../exit.js';
import { milliseconds } from '../expiry.js';
import { Interrupted } from '../io.js';
import { openReading } from '../reading.js';
import { cleanJson } from '../terminal.js';
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
  options: { speed?: string; skipIdle?: string | boolean; from?: string },
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
    let exchange = '';
    do {
      const data = await reading.replay(id, begin);
      if (data === undefined) throw new SallyportError('not_found', `No session "${id}" was recorded.`);
      if (begin === undefined && !ctx.json)
        ctx.say(ctx.paint.dim(`${data.session}: ${data.exchanges.length} exchanges, ${(data.durationMs / 1000).toFixed(1)} s`));
      for (const { event, waitMs } of schedule(data.events, { speed, longest: skip * 1000, from: played })) {
        await pause(waitMs, stop.signal);
        if (ctx.json) {
          ctx.io.out(`${cleanJson(event)}\n`);
        } else {
          if (event.exchange !== exchange) ctx.io.out(`${ctx.paint.bold(event.exchange)}\n`);
          ctx.io.out(`${eventLine(ctx, { ...event, offsetMs: event.timeMs })}\n`);
        }
        exchange = event.exchange;
        played = event.timeMs;
      }
      begin = data.nextFrom;
    } while (begin !== undefined);
  } finally {
    off();
    await reading.close();
  }
}

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
