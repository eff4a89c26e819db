/**
 * Worker threads for long scans, with a watchdog.
 *
 * What an attacker could do here: send text that takes long. A job that is not done in time is given up, its worker is ended and
 * replaced, and the text is NOT_SCANNED, about which policy decides. The queue is bounded for the same reason.
 */
import { Worker } from 'node:worker_threads';
import type { ScanContext } from '../../contract/index.js';
import type { DetectorOptions, ScanResult } from '../types.js';

export interface Pool {
  scan(text: string, context: ScanContext): Promise<ScanResult>;
  close(): Promise<void>;
}

export interface PoolOptions {
  /** Milliseconds for one job, once begun (2,000), plus one for every 100 characters. */
  jobMilliseconds?: number;
  /** Jobs that may wait (256). */
  queue?: number;
}

interface Job {
  text: string;
  context: ScanContext;
  done: (result: ScanResult) => void;
}

interface Slot {
  worker: Worker;
  job?: Job;
  timer?: NodeJS.Timeout;
  ready: boolean;
}

const TIMEOUT: ScanResult = { findings: [], notScanned: 'timeout' };

export function createPool(options: DetectorOptions, { jobMilliseconds = 2000, queue = 256 }: PoolOptions = {}): Pool {
  const waiting: Job[] = [];
  const slots: Slot[] = [];
  let closed = false;

  const start = (): Slot => {
    const worker = new Worker(new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url), {
      workerData: { ...options, workers: 0 },
      execArgv: process.execArgv.filter((a) => !a.startsWith('--test') && !a.startsWith('--inspect') && !a.startsWith('--cpu-prof')),
      name: 'sallyport-detect',
    });
    worker.unref();
    const slot: Slot = { worker, ready: true };
    worker.on('message', (result: ScanResult) => finish(slot, result));
    worker.on('error', () => replace(slot));
    worker.on('exit', () => {
      if (!closed && slots.includes(slot)) replace(slot);
    });
    return slot;
  };
  const finish = (slot: Slot, result: ScanResult) => {
    if (slot.timer) clearTimeout(slot.timer);
    const job = slot.job;
    slot.job = undefined;
    slot.timer = undefined;
    slot.worker.unref();
    job?.done(result);
    next();
  };
  const replace = (slot: Slot) => {
    const at = slots.indexOf(slot);
    if (at < 0) return;
    slots.splice(at, 1);
    void slot.worker.terminate();
    const job = slot.job;
    if (slot.timer) clearTimeout(slot.timer);
    slot.job = undefined;
    job?.done(TIMEOUT);
    next();
  };
  const next = () => {
    while (!closed && waiting.length > 0) {
      let slot = slots.find((s) => !s.job);
      if (!slot && slots.length < options.workers) {
        slot = start();
        slots.push(slot);
      }
      if (!slot) return;
      const job = waiting.shift()!;
      const running = slot;
      running.job = job;
      running.worker.ref();
      running.timer = setTimeout(() => replace(running), jobMilliseconds + job.text.length / 100);
      running.worker.postMessage({ text: job.text, context: job.context });
    }
  };
  return {
    scan: (text, context) =>
      new Promise((resolve) => {
        if (closed || waiting.length >= queue) return resolve(TIMEOUT);
        waiting.push({ text, context, done: resolve });
        next();
      }),
    close: async () => {
      closed = true;
      for (const job of waiting.splice(0)) job.done(TIMEOUT);
      const ending = slots.splice(0).map((slot) => {
        if (slot.timer) clearTimeout(slot.timer);
        slot.job?.done(TIMEOUT);
        slot.job = undefined;
        return slot.worker.terminate();
      });
      await Promise.all(ending);
    },
  };
}
