import { randomBytes } from 'node:crypto';
import { SallyportError } from '../contract/index.js';
import type { Progress } from './types.js';

export interface JobView {
  id: string;
  kind: string;
  state: 'running' | 'done' | 'failed' | 'cancelled';
  progress: Progress;
  startedAt: string;
  endedAt?: string;
  result?: unknown;
  error?: { code: string; message: string };
}

interface Job extends JobView {
  abort: AbortController;
}

const KEEP_ENDED = 20;
const MAX_RUNNING = 4;

/** Long work (verify, backtest, index rebuild): started, asked about, cancelled. Ended jobs are kept until {@link KEEP_ENDED} newer ones. */
export class Jobs {
  private readonly jobs = new Map<string, Job>();

  /** @throws SallyportError conflict when too many run */
  start(kind: string, work: (options: { onProgress(progress: Progress): void; signal: AbortSignal }) => Promise<unknown>): JobView {
    const running = [...this.jobs.values()].filter((job) => job.state === 'running').length;
    if (running >= MAX_RUNNING)
      throw new SallyportError('conflict', `${MAX_RUNNING} jobs are running already; wait for one to end or cancel it.`);
    const job: Job = {
      id: `job_${randomBytes(9).toString('base64url')}`,
      kind,
      state: 'running',
      progress: { done: 0, total: 0 },
      startedAt: new Date().toISOString(),
      abort: new AbortController(),
    };
    this.jobs.set(job.id, job);
    const ended = (state: JobView['state']) => {
      job.state = job.abort.signal.aborted ? 'cancelled' : state;
      job.endedAt = new Date().toISOString();
      this.prune();
    };
    Promise.resolve()
      .then(() => {
        job.abort.signal.throwIfAborted();
        return work({
          signal: job.abort.signal,
          onProgress: (progress) => {
            job.progress = progress;
          },
        });
      })
      .then(
        (result) => {
          job.result = result;
          ended('done');
        },
        (error: unknown) => {
          job.error =
            error instanceof SallyportError
              ? { code: error.code, message: error.message }
              : { code: 'internal', message: `The ${kind} job failed. Nothing was changed by it; see the diagnostics.` };
          ended('failed');
        },
      );
    return view(job);
  }

  list(): JobView[] {
    return [...this.jobs.values()].map(view);
  }

  /** @throws SallyportError not_found */
  get(id: string): JobView {
    return view(this.find(id));
  }

  cancel(id: string): JobView {
    const job = this.find(id);
    if (job.state === 'running') job.abort.abort();
    return view(job);
  }

  close(): void {
    for (const job of this.jobs.values()) job.abort.abort();
  }

  private find(id: string): Job {
    const job = this.jobs.get(id);
    if (job === undefined) throw new SallyportError('not_found', 'No such job; results are kept for the last ended ones only.');
    return job;
  }

  private prune(): void {
    const ended = [...this.jobs.values()].filter((job) => job.state !== 'running');
    for (const job of ended.slice(0, Math.max(0, ended.length - KEEP_ENDED))) this.jobs.delete(job.id);
  }
}

function view({ abort: _, ...job }: Job): JobView {
  return { ...job };
}
