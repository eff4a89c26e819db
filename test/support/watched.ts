import { Worker } from 'node:worker_threads';

/** One input may take this long, milliseconds; a machine under load is slow, a hang is forever. */
export const LIMIT_MS = Number(process.env['SALLYPORT_FUZZ_LIMIT_MS'] ?? 15_000);
/** Of an input, this much is said, UTF-16 code units. */
const SHOWN = 16_384;

/** [0]: number of the input that is tried now, 0 between two; [1]: length of its text. */
const state = new Int32Array(new SharedArrayBuffer(8));
const shown = new Uint16Array(new SharedArrayBuffer(SHOWN * 2));
let tried = 0;
let watchdog: Worker | undefined;

/** Another thread, because a reader that hangs leaves this one no time to say so. */
const WATCH = `
const { workerData: { state, shown, limit } } = require('node:worker_threads');
const { writeSync } = require('node:fs');
for (let seen = 0, since = 0; ; Atomics.wait(state, 0, Atomics.load(state, 0), Math.min(500, limit / 4))) {
  const now = Atomics.load(state, 0);
  if (now !== seen) { seen = now; since = Date.now(); }
  else if (now !== 0 && Date.now() - since > limit) {
    const text = String.fromCharCode(...shown.subarray(0, Atomics.load(state, 1)));
    writeSync(2, '\\nOne input takes more than ' + limit + ' ms:\\n' + text + '\\n');
    process.kill(process.pid, 'SIGKILL');
  }
}`;

/**
 * A property whose every input has `LIMIT_MS`: of one that takes longer the process says what it was, and dies. One input at a time,
 * as fast-check tries them.
 */
export function watched<A extends unknown[], R>(property: (...input: A) => R): (...input: A) => R {
  watchdog ??= new Worker(WATCH, { eval: true, execArgv: [], workerData: { state, shown, limit: LIMIT_MS } });
  watchdog.unref();
  const done = () => void Atomics.store(state, 0, 0);
  return (...input) => {
    const text = (JSON.stringify(input) ?? '').slice(0, SHOWN);
    for (let i = 0; i < text.length; i++) shown[i] = text.charCodeAt(i);
    Atomics.store(state, 1, text.length);
    tried = (tried % 2_000_000_000) + 1;
    Atomics.store(state, 0, tried);
    let result: R;
    try {
      result = property(...input);
    } catch (error) {
      done();
      throw error;
    }
    if (result instanceof Promise) return result.finally(done) as R;
    done();
    return result;
  };
}
