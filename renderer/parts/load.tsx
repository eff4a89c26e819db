import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api/client.js';
import { live } from '../api/events.js';
import { t } from '../strings/index.js';

export interface Loaded<T> {
  value: T | undefined;
  error: ApiError | undefined;
  loading: boolean;
  reload(): void;
}

/** Runs `load` when the page shows and when `keys` change; keeps the old value while it loads again, so that nothing jumps. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, keys: readonly unknown[]): Loaded<T> {
  const [state, setState] = useState<{ value?: T; error?: ApiError; loading: boolean }>({ loading: true });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    const stop = new AbortController();
    setState((s) => ({ ...s, loading: true }));
    latest.current(stop.signal).then(
      (value) => setState({ value, loading: false }),
      (error: Error) => {
        if (error.name === 'AbortError') return;
        setState((s) => ({
          ...(s.value === undefined ? {} : { value: s.value }),
          error: error instanceof ApiError ? error : new ApiError('internal', error.message, 0),
          loading: false,
        }));
      },
    );
    return () => stop.abort();
  }, [...keys, turn]);
  // What failed because the gateway was not there yet is asked again when it is.
  const there = live.value;
  useEffect(() => {
    if (there && state.error) setTurn((n) => n + 1);
  }, [there]);
  return { value: state.value, error: state.error, loading: state.loading, reload: () => setTurn((n) => n + 1) };
}

/** Loading, error and content of a list or page. */
export function Await<T>({ of, children }: { of: Loaded<T>; children: (value: T) => ComponentChildren }) {
  if (of.value !== undefined)
    return (
      <>
        {of.error ? <ErrorBox error={of.error} retry={of.reload} /> : null}
        {children(of.value)}
      </>
    );
  if (of.error) return <ErrorBox error={of.error} retry={of.reload} />;
  return (
    <p class="empty" role="status">
      {t.common.loading}
    </p>
  );
}

export function ErrorBox({ error, retry }: { error: ApiError; retry?: () => void }) {
  return (
    <div class="card" role="alert">
      <div class="row between">
        <div>
          <strong class="error">{error.message}</strong>
          <p class="hint mono">{error.code}</p>
        </div>
        {retry ? (
          <button type="button" onClick={retry}>
            {t.common.retry}
          </button>
        ) : null}
      </div>
    </div>
  );
}
