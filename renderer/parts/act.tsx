import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError } from '../api/client.js';
import { t } from '../strings/index.js';

export interface Act {
  busy: boolean;
  error: ApiError | undefined;
  /** True for two seconds after it went well. */
  done: boolean;
  run<T>(work: () => Promise<T>, then?: (value: T) => void): Promise<void>;
}

/** One thing a person does: busy while it runs, with its error where it failed. */
export function useAct(): Act {
  const [state, setState] = useState<{ busy: boolean; error?: ApiError; done?: boolean }>({ busy: false });
  return {
    busy: state.busy,
    error: state.error,
    done: state.done === true,
    async run(work, then) {
      setState({ busy: true });
      try {
        const value = await work();
        setState({ busy: false, done: true });
        setTimeout(() => setState((s) => (s.done ? { busy: false } : s)), 2_000);
        then?.(value);
      } catch (error) {
        setState({ busy: false, error: error instanceof ApiError ? error : new ApiError('internal', (error as Error).message, 0) });
      }
    },
  };
}

/** An error of an act, where the act is; with the single problems where the gateway names them. */
export function Failure({ error }: { error: ApiError | undefined }) {
  if (!error) return null;
  return (
    <div class="failure" role="alert">
      <p>{error.message}</p>
      <Details of={error.details} />
    </div>
  );
}

/** The end of a form: what went wrong, the button that does it, and what else stands beside that. */
export function Submit({
  act,
  label = t.common.save,
  disabled = false,
  children,
}: {
  act: Act;
  label?: string;
  disabled?: boolean;
  children?: ComponentChildren;
}) {
  return (
    <>
      <Failure error={act.error} />
      <div class="row">
        <button type="submit" class="primary" disabled={act.busy || disabled}>
          {label}
        </button>
        {children}
      </div>
    </>
  );
}

/** Says for a moment that it is saved. */
export function Saved({ act }: { act: Act }) {
  return (
    <span role="status" class="good">
      {act.done ? t.common.saved : ''}
    </span>
  );
}

function Details({ of }: { of: unknown }) {
  const lines = problemLines(of);
  if (lines.length === 0) return null;
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** What stands in `details`, as lines: lists of problems, or path → problem. */
export function problemLines(details: unknown): string[] {
  const one = (v: unknown): string =>
    typeof v === 'string' ? v : typeof v === 'object' && v !== null && 'message' in v ? String(v.message) : '';
  if (Array.isArray(details)) return details.map(one).filter(Boolean).slice(0, 20);
  if (typeof details !== 'object' || details === null) return [];
  return Object.entries(details).flatMap(([key, value]) => {
    if (Array.isArray(value) || (typeof value === 'object' && value !== null)) return problemLines(value);
    return typeof value === 'string' && key !== 'message' ? [`${key}: ${value}`] : [];
  });
}

/** A button that asks once more before it does something that cannot be undone. */
export function Sure({ label, sure, disabled, onYes }: { label: string; sure: string; disabled?: boolean; onYes: () => void }) {
  const [asked, setAsked] = useState(false);
  if (!asked)
    return (
      <button type="button" class="quiet" disabled={disabled} onClick={() => setAsked(true)}>
        {label}
      </button>
    );
  return (
    <span class="row">
      <button
        type="button"
        ref={(el) => el?.focus()}
        onClick={() => setAsked(false)}
        onKeyDown={(e) => e.key === 'Escape' && (e.stopPropagation(), setAsked(false))}
      >
        {t.common.cancel}
      </button>
      <button
        type="button"
        class="danger"
        disabled={disabled}
        onClick={() => {
          setAsked(false);
          onYes();
        }}
      >
        {sure}
      </button>
    </span>
  );
}
