import type { Progress } from '../control/index.js';
import type { Context } from './context.js';
import { Interrupted } from './io.js';

/** One line on standard error that moves while a job runs; nothing where standard output is no terminal or JSON is wanted. */
export function progressLine(
  ctx: Context,
  what: string,
): { show(progress: Progress): void; during<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> } {
  const live = ctx.io.terminal && !ctx.json;
  let shown = false;
  return {
    show({ done, total }) {
      if (!live || total <= 0) return;
      shown = true;
      const filled = Math.round((Math.min(done, total) / total) * 30);
      ctx.io.err(`\r${what} ${'█'.repeat(filled)}${'░'.repeat(30 - filled)} ${Math.floor((100 * done) / total)}%`);
    },
    async during(work) {
      const stop = new AbortController();
      const off = ctx.io.onInterrupt(() => stop.abort());
      try {
        return await work(stop.signal);
      } catch (error) {
        if (stop.signal.aborted) throw new Interrupted();
        throw error;
      } finally {
        off();
        if (shown) ctx.io.err(`\r${' '.repeat(what.length + 40)}\r`);
      }
    },
  };
}
