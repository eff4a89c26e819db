/**
 * Encoded runs: base64, base64url and hex of at least twenty characters that decode to printable text. They are decoded for
 * detection only; a hit covers the whole run.
 */
import { isUtf8 } from 'node:buffer';

export interface DecodedRun {
  start: number;
  end: number;
  text: string;
  how: 'base64' | 'hex';
}

const LEAST = 20;
const MOST = 65536;
const CLASS = new Uint8Array(128);
for (let c = 0; c < 128; c++)
  CLASS[c] = (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 43 || c === 47 || c === 45 || c === 95 ? 1 : 0;

const VALUE = new Int8Array(128).fill(-1);
[...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].forEach((c, i) => {
  VALUE[c.charCodeAt(0)] = i;
});
VALUE[45] = 62;
VALUE[95] = 63;

const odd = (b: number) => b < 9 || (b > 13 && b < 32) || b === 127;
/** Are the first nine decoded bytes printable ASCII or UTF-8? Random letters pass about once in ten thousand. */
function promising(text: string, start: number): boolean {
  for (let q = 0; q < 3; q++) {
    const i = start + q * 4;
    const n =
      (VALUE[text.charCodeAt(i)]! << 18) |
      (VALUE[text.charCodeAt(i + 1)]! << 12) |
      (VALUE[text.charCodeAt(i + 2)]! << 6) |
      VALUE[text.charCodeAt(i + 3)]!;
    if (odd(n >> 16) || odd((n >> 8) & 255) || odd(n & 255)) return false;
    if (q === 0 && n >> 16 > 0x7f) return false;
  }
  return true;
}

function printable(bytes: Buffer): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString('utf8');
  let odd = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if ((c < 32 && c !== 10 && c !== 13 && c !== 9) || c === 127) odd++;
  }
  return odd * 20 <= text.length ? text : undefined;
}

const NONE: readonly DecodedRun[] = [];
function inside(text: string, i: number): boolean {
  const c = text.charCodeAt(i);
  return c < 128 && CLASS[c] === 1;
}

/** Runs in `text` that decode. Looks at every twentieth character first: a run of twenty cannot hide from that. */
export function decodedRuns(text: string): readonly DecodedRun[] {
  const n = text.length;
  if (n < LEAST) return NONE;
  const found: DecodedRun[] = [];
  let at = LEAST - 1;
  while (at < n) {
    let left = at;
    const floor = at - LEAST;
    while (left > floor && inside(text, left)) left--;
    if (left > floor) {
      at = left + LEAST;
      continue;
    }
    let start = left + 1;
    while (start > 0 && inside(text, start - 1)) start--;
    let end = at + 1;
    while (end < n && inside(text, end)) end++;
    at = end + LEAST;
    tryRun(text, start, end, found);
    // A path or `key/value` before the run shifts the alphabet: try again behind the last `/`, `_` or `-`.
    if (end - start >= LEAST && end - start < 4096 && found[found.length - 1]?.end !== end) {
      const head = text.slice(start, end - LEAST + 1);
      const cut = start + Math.max(head.lastIndexOf('/'), head.lastIndexOf('_'), head.lastIndexOf('-'));
      if (cut > start) tryRun(text, cut + 1, end, found);
    }
  }
  return found;
}

function tryRun(text: string, start: number, end: number, found: DecodedRun[]): void {
  const length = end - start;
  if (length < LEAST || length > MOST * 2) return;
  let hex = length % 2 === 0;
  for (let i = start; hex && i < Math.min(end, start + 64); i++) {
    const c = text.charCodeAt(i) | 32;
    hex = (c >= 48 && c <= 57) || (c >= 97 && c <= 102);
  }
  if (hex) {
    if (/^(?:[2-7][0-9a-f]|0[9ad]){4}/i.test(text.slice(start, start + 8))) {
      const run = text.slice(start, Math.min(end, start + MOST));
      const decoded = printable(Buffer.from(run, 'hex'));
      if (decoded && decoded.length >= LEAST / 2) found.push({ start, end, text: decoded, how: 'hex' });
    }
    return;
  }
  if (!promising(text, start)) return;
  const run = text
    .slice(start, Math.min(end, start + MOST))
    .replaceAll('-', '+')
    .replaceAll('_', '/');
  const decoded = printable(Buffer.from(run.slice(0, run.length - (run.length % 4 === 1 ? 1 : 0)), 'base64'));
  if (!decoded) return;
  let stop = end;
  while (stop < text.length && stop < end + 2 && text[stop] === '=') stop++;
  found.push({ start, end: stop, text: decoded, how: 'base64' });
}
