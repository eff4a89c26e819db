/**
 * Worker threads for long scans, with a watchdog.
 *
 * What an attacker could do here: send text that takes long. A job that is not done in time is given up, its worker is ended and
 * replaced, and the text is NOT_SCANNED, about which policy decides. The queue is bounded for the same reason.
 */
import type { Worker } from 'node:worker_threads';
import type { ScanContext } from '../../contract/index.js';
import { startWorker } from '../../threads/index.js';
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

/** A worker that is not loaded by then is given up. */
const START_MILLISECONDS = 15_000;

const TIMEOUT: ScanResult = { findings: [], notScanned: 'timeout' };

export function createPool(options: DetectorOptions, { jobMilliseconds = 2000, queue = 256 }: PoolOptions = {}): Pool {
  const waiting: Job[] = [];
  const slots: Slot[] = [];
  let closed = false;

  const start = (): Slot => {
    const worker = startWorker(import.meta.url, './worker', { ...options, workers: 0 } satisfies DetectorOptions);
    worker.unref();
    const slot: Slot = { worker, ready: false };
    worker.on('message', (message: ScanResult | 'ready') => {
      if (message !== 'ready') return finish(slot, message);
      slot.ready = true;
      if (slot.job) watch(slot);
    });
    worker.on('error', () => replace(slot));
    worker.on('exit', () => {
      if (!closed && slots.includes(slot)) replace(slot);
    });
    return slot;
  };
  /** The clock of a job runs from when its worker is loaded; loading itself has a clock of its own. */
  const watch = (slot: Slot) => {
    if (slot.timer) clearTimeout(slot.timer);
    slot.timer = setTimeout(() => replace(slot), slot.ready ? jobMilliseconds + slot.job!.text.length / 100 : START_MILLISECONDS);
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
      watch(running);
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
