import { Usage } from './exit.js';

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds of `30s`, `15m`, `8h`, `30d`, `2w`; undefined for anything else. */
export function milliseconds(text: string): number | undefined {
  const match = /^(\d{1,6})([smhdw])$/.exec(text.trim());
  return match === null ? undefined : Number(match[1]) * UNITS[match[2]!]!;
}

/** ISO time in the future from a span or a date. @throws Usage */
export function expiry(text: string, now: number): string {
  const span = milliseconds(text);
  const at = span === undefined ? Date.parse(text) : now + span;
  if (Number.isNaN(at) || at <= now) throw new Usage(`"${text}" is no time to come; write a span (8h, 30d) or a date (2026-12-31).`);
  return new Date(at).toISOString();
}

/** ISO time in the past from a span (`30d` = thirty days ago) or a date. @throws Usage */
export function since(text: string, now: number): string {
  const span = milliseconds(text);
  const at = span === undefined ? Date.parse(text) : now - span;
  if (Number.isNaN(at)) throw new Usage(`"${text}" is no time; write a span (24h, 30d) or a date (2026-11-01).`);
  return new Date(at).toISOString();
}
