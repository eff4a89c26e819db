import type { ExchangeDetail, LedgerEvent } from './types.js';

/** One recorded event at its place in a replay. */
export interface ReplayStep {
  exchange: string;
  event: LedgerEvent;
  /** Milliseconds since the first event of the session, as it was. */
  timeMs: number;
  /** Milliseconds since the start of the replay, with speed and skipped idle time. */
  playMs: number;
  /** Idle time left out before this step (recorded milliseconds). */
  skippedMs: number;
}

export interface ReplayOptions {
  /** 2 is twice as fast; at least 0.05. */
  speed?: number;
  /** Pauses longer than this many milliseconds are played as this long. */
  skipIdle?: number;
}

/**
 * The replay engine of CLI and console: all events of the exchanges in the order and at the times they happened. Wall time
 * places an exchange, its monotonic offsets place the events in it, so a clock that was set in between does no harm.
 */
export function replayEvents(exchanges: readonly ExchangeDetail[], { speed = 1, skipIdle }: ReplayOptions = {}): ReplayStep[] {
  const rate = Math.max(0.05, speed);
  const zero = Math.min(...exchanges.map(({ at }) => Date.parse(at)));
  const steps = exchanges
    .flatMap((exchange) =>
      exchange.events.map((event) => ({
        exchange: exchange.id,
        event,
        timeMs: Math.max(0, Date.parse(exchange.at) - zero) + event.offsetMs,
      })),
    )
    .sort((a, b) => a.timeMs - b.timeMs || a.event.sequence - b.event.sequence);
  let skipped = 0;
  let last = 0;
  return steps.map((step) => {
    const pause = step.timeMs - last;
    const skippedMs = skipIdle !== undefined && pause > skipIdle ? pause - skipIdle : 0;
    skipped += skippedMs;
    last = step.timeMs;
    return { ...step, skippedMs, playMs: (step.timeMs - skipped) / rate };
  });
}

/** Index of the first step at or after a time of the replay: where to go on after a seek. */
export function seek(steps: readonly ReplayStep[], playMs: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]!.playMs < playMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
