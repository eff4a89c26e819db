import { ApiError, api } from './client.js';

/** A long job of the gateway: verify, backtest, rebuild of the index. */
export interface Job<T> {
  id: string;
  kind: string;
  state: 'running' | 'done' | 'failed' | 'cancelled';
  progress: { done: number; total: number };
  startedAt: string;
  endedAt?: string;
  result?: T;
  error?: { code: string; message: string };
}

/** Starts a job and follows it to its end. `signal` cancels it at the gateway, too. @throws ApiError */
export async function follow<T>(path: string, body: unknown, onProgress: (job: Job<T>) => void, signal: AbortSignal): Promise<Job<T>> {
  let job = await api<Job<T>>('POST', path, body);
  for (let pause = 100; job.state === 'running'; pause = Math.min(1_000, pause * 1.5)) {
    onProgress(job);
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (signal.aborted) {
      await api('DELETE', `/jobs/${job.id}`).catch(() => undefined);
      throw new DOMException('', 'AbortError');
    }
    job = await api<Job<T>>('GET', `/jobs/${job.id}`);
  }
  if (job.error) throw new ApiError(job.error.code, job.error.message, 0);
  return job;
}
