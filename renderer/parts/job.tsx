import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api/client.js';
import { follow, type Job } from '../api/jobs.js';
import { t } from '../strings/index.js';

export interface RunningJob<T> {
  job: Job<T> | undefined;
  running: boolean;
  error: ApiError | undefined;
  start(path: string, body: unknown): void;
  stop(): void;
  /** Puts an ended job in the place, e.g. the last one that the gateway remembers. */
  set(job: Job<T>): void;
}

/** A job of the gateway with its progress; cancelled when the screen is left. */
export function useJob<T>(): RunningJob<T> {
  const [job, setJob] = useState<Job<T> | undefined>();
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<ApiError | undefined>();
  const stop = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  return {
    job,
    running,
    error,
    set: setJob,
    stop: () => stop.current?.abort(),
    start(path, body) {
      stop.current?.abort();
      const mine = new AbortController();
      stop.current = mine;
      setRunning(true);
      setError(undefined);
      setJob(undefined);
      follow<T>(path, body, (now) => !mine.signal.aborted && setJob(now), mine.signal)
        .then(setJob, (caught: Error) => {
          if (caught.name !== 'AbortError') setError(caught instanceof ApiError ? caught : new ApiError('internal', caught.message, 0));
        })
        .finally(() => stop.current === mine && setRunning(false));
    },
  };
}

/** How far a job is; the room is kept while it is not yet known. */
export function Progress<T>({ of, label }: { of: RunningJob<T>; label: string }) {
  if (!of.running) return null;
  const { done, total } = of.job?.progress ?? { done: 0, total: 0 };
  const percent = total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : 0;
  return (
    <div class="progress" role="status">
      <progress aria-label={label} max={100} value={total > 0 ? percent : undefined} />
      <span class="small muted">{total > 0 ? `${percent} %` : t.common.working}</span>
      <button type="button" class="quiet" onClick={of.stop}>
        {t.common.stop}
      </button>
    </div>
  );
}
