import { t } from '../strings/index.js';

const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });

/** A point in time: short where it is read, whole on hover and for screen readers. */
export function Time({ at }: { at: string }) {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  return (
    <time dateTime={at} title={dateTime.format(date)}>
      {today ? clock.format(date) : `${day.format(date)}, ${clock.format(date)}`}
    </time>
  );
}

/** `850 ms`, `4.2 s`, `3 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

/** `now`, `3 minutes ago`. */
export function ago(at: string, now: number): string {
  const s = Math.max(0, Math.round((now - Date.parse(at)) / 1_000));
  if (s < 10) return t.common.justNow;
  if (s < 60) return t.common.ago(s, 'second');
  if (s < 3_600) return t.common.ago(Math.floor(s / 60), 'minute');
  if (s < 86_400) return t.common.ago(Math.floor(s / 3_600), 'hour');
  return t.common.ago(Math.floor(s / 86_400), 'day');
}

/** `12 bytes`, `4.2 MB` (powers of 1,000). */
export function bytes(n: number): string {
  if (n < 1_000) return t.common.bytes(n);
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = n / 1_000;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
