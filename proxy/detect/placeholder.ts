/** What masking leaves behind: no detector may find anything in it, or a value would be masked twice. */
const PLACEHOLDER = /(?<![A-Za-z0-9])[A-Z][A-Z0-9_]*_[a-z2-7]{8,}(?![a-z2-7A-Z])|\[REDACTED:[A-Z][A-Z0-9_]*\]/g;

/** Spans of placeholders in `text`, by start. */
export function placeholders(text: string): { start: number; end: number }[] {
  if (!text.includes('_') && !text.includes('[REDACTED:')) return [];
  const spans: { start: number; end: number }[] = [];
  PLACEHOLDER.lastIndex = 0;
  for (let m = PLACEHOLDER.exec(text); m; m = PLACEHOLDER.exec(text)) spans.push({ start: m.index, end: m.index + m[0].length });
  return spans;
}

/** Does the span share characters with one of `spans` (sorted)? */
export function touches(spans: readonly { start: number; end: number }[], start: number, end: number): boolean {
  return spans.some((s) => s.start < end && start < s.end);
}
