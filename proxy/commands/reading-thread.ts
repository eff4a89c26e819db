/**
 * Reads long tool calls on a thread. What an attacker could do here: send a text that takes seconds to read, and so stop every
 * session of the gateway. What stops it: the event loop only waits for a message; a reading that takes too long ends its thread and
 * is called unparsed, which policy asks about.
 */
import type { Worker } from 'node:worker_threads';
import type { ToolReading } from '../contract/index.js';
import { startWorker } from '../threads/index.js';
import { keepTrace, type Trace } from './taint.js';
import type { ToolContext } from './types.js';

/** Milliseconds until a thread that does not come up is given up. */
const START = 20_000;

interface Job {
  toolName: string;
  argumentsText: string;
  context: ToolContext;
  done(reading: ToolReading): void;
}

/** What the thread answers: `ready` once, then one of these for each job. */
export interface Answer {
  reading: ToolReading;
  trace: Trace | undefined;
}

/** One thread, one job at a time, in the order in which they came. */
export class ReadingThread {
  private worker: Worker | undefined;
  private up = false;
  private job: Job | undefined;
  private readonly waiting: Job[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly patience: number) {}

  read(toolName: string, argumentsText: string, context: ToolContext): Promise<ToolReading> {
    return new Promise((done) => {
      this.waiting.push({ toolName, argumentsText, context, done });
      this.next();
    });
  }

  private next(): void {
    if (this.job || this.waiting.length === 0) return;
    if (!this.worker) this.start();
    if (!this.up) return;
    const job = this.waiting.shift()!;
    this.job = job;
    this.worker?.ref();
    this.timer = setTimeout(() => this.stop('took too long to read'), this.patience);
    try {
      const { toolName, argumentsText, context } = job;
      this.worker?.postMessage({ toolName, argumentsText, context });
    } catch {
      this.stop('could not be handed to the reader');
    }
  }

  private start(): void {
    let worker: Worker;
    try {
      worker = startWorker(import.meta.url, './reading-worker');
    } catch {
      this.stop('the reader did not start');
      return;
    }
    this.worker = worker;
    this.timer = setTimeout(() => this.stop('the reader did not start'), START);
    worker.on('message', (m: 'ready' | Answer) => {
      if (this.worker !== worker) return;
      clearTimeout(this.timer);
      if (m === 'ready') {
        this.up = true;
        worker.unref();
      } else {
        const job = this.job;
        this.job = undefined;
        worker.unref();
        if (m.trace) keepTrace(m.reading, m.trace);
        job?.done(m.reading);
      }
      this.next();
    });
    worker.on('error', () => this.worker === worker && this.stop('the reader failed'));
    worker.on('exit', () => this.worker === worker && this.stop('the reader failed'));
  }

  /** Ends the thread; the job that it was at, or all that waited for a start, is called unparsed. */
  private stop(why: string): void {
    clearTimeout(this.timer);
    const worker = this.worker;
    const lost = this.job ? [this.job] : this.waiting.splice(0);
    this.worker = undefined;
    this.job = undefined;
    this.up = false;
    void worker?.terminate();
    for (const j of lost) j.done({ toolClass: 'unknown', facts: [{ kind: 'unparsed', detail: why }], risks: [], parsed: false });
    this.next();
  }
}
