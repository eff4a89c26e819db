/** What masking leaves behind: no detector may find anything in it, or a value would be masked twice. */
const PLACEHOLDER = /(?<![A-Za-z0-9])[A-Z][A-Z0-9_]*_[a-z2-7]{8,}(?![a-z2-7A-Z])|\[REDACTED:[A-Z][A-Z0-9_]*\]/g;

const BASE32 = Uint8Array.from({ length: 128 }, (_, c) => (/[a-z2-7]/.test(String.fromCharCode(c)) ? 1 : 0));
/** Does what follows an `_` look like the end of a placeholder? Most underscores are of code. */
function tailAt(text: string, at: number): boolean {
  for (let i = at; i < at + 8; i++) {
    const c = text.charCodeAt(i);
    if (!(c < 128 && BASE32[c] === 1)) return false;
  }
  return at > 1 && at + 8 <= text.length && /[A-Z0-9_]/.test(text[at - 2]!);
}
function mayHold(text: string): boolean {
  if (text.includes('[REDACTED:')) return true;
  for (let i = text.indexOf('_'); i >= 0; i = text.indexOf('_', i + 1)) if (tailAt(text, i + 1)) return true;
  return false;
}

/** Spans of placeholders in `text`, by start. */
export function placeholders(text: string): readonly { start: number; end: number }[] {
  if (!mayHold(text)) return NONE;
  const spans: { start: number; end: number }[] = [];
  PLACEHOLDER.lastIndex = 0;
  for (let m = PLACEHOLDER.exec(text); m; m = PLACEHOLDER.exec(text)) spans.push({ start: m.index, end: m.index + m[0].length });
  return spans;
}
const NONE: readonly { start: number; end: number }[] = [];

/** Does the span share characters with one of `spans` (sorted)? */
export function touches(spans: readonly { start: number; end: number }[], start: number, end: number): boolean {
  return spans.some((s) => s.start < end && start < s.end);
}
