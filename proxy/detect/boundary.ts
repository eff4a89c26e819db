/**
 * How far streamed text may be released: up to the last place at which no value can be half written. Values cross white space only
 * in few ways (number groups, key words with their value, name = value), and those are held.
 */
import type { SwallowRule } from './rules.js';

/** Most characters that are held for anything but a swallowed secret. */
export const MAX_HELD = 320;

const isSpace = (c: number) => c === 32 || c === 10 || c === 9 || c === 13 || c === 0xa0;
const isDigit = (c: number) => c >= 48 && c <= 57;
const isUpper = (c: number) => c >= 65 && c <= 90;
const isCjk = (c: number) => (c >= 0x3040 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3);

/** May a value go on over the white space between `before` and `after` (last and first character around it)? */
function joins(before: number, after: number): boolean {
  const numeric = isDigit(before) || before === 41 || before === 43 || before === 45 || before === 46 || before === 47 || before === 44;
  if (numeric && (isDigit(after) || after === 40 || after === 43 || isUpper(after) || after === 120 || after === 101)) return true;
  // Groups of letters and digits: IBAN, insurance numbers, postal codes.
  if (isUpper(before) && (isDigit(after) || isUpper(after))) return true;
  // `key: value`, `key = value`.
  return before === 58 || before === 61 || before === 34 || before === 39;
}

export type Boundary = (text: string) => { safe: number; swallow?: { start: number; entity: string; end: RegExp; maxLength: number } };

export function boundaryOf(swallows: readonly SwallowRule[], triggers: RegExp): Boundary {
  return (text) => {
    const n = text.length;
    // A long secret that has certainly begun: everything before it is judged by white space, it itself is swallowed.
    triggers.lastIndex = 0;
    for (let m = triggers.exec(text); m; m = triggers.exec(text)) {
      const before = text.charCodeAt(m.index - 1);
      if ((before >= 48 && before <= 57) || (before >= 65 && before <= 90) || (before >= 97 && before <= 122)) {
        triggers.lastIndex = m.index + 1;
        continue;
      }
      for (const s of swallows) {
        s.start.lastIndex = m.index;
        if (s.start.test(text)) return { safe: m.index, swallow: { start: m.index, entity: s.entity, end: s.end, maxLength: s.maxLength } };
      }
      triggers.lastIndex = m.index + 1;
    }
    const floor = Math.max(0, n - MAX_HELD);
    for (let i = n - 2; i >= floor; i--) {
      const c = text.charCodeAt(i);
      if (isCjk(c) && isCjk(text.charCodeAt(i + 1))) return { safe: i + 1 };
      if (!isSpace(c)) continue;
      const after = text.charCodeAt(i + 1);
      if (isSpace(after)) {
        if (c === 10 && after === 10) return { safe: i + 1 };
        continue;
      }
      let k = i;
      while (k > 0 && isSpace(text.charCodeAt(k - 1))) k--;
      if (k === 0) return { safe: i + 1 };
      if (!joins(text.charCodeAt(k - 1), after)) return { safe: i + 1 };
    }
    if (floor > 0) return { safe: floor };
    return { safe: 0 };
  };
}
