import type { Vault } from './types.js';

const SHAPE = /[A-Z][A-Z0-9_]*_[a-z2-7]{8,51}(?![a-z2-7])|\[REDACTED:[A-Z][A-Z0-9_]*\]/g;

/**
 * Spans of `text` that are placeholders already and are never masked again: those that the vault knows (a shape alone would
 * let anybody hide a value in it), and `[REDACTED:…]`.
 */
export function reserved(text: string, vault: Vault): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  if (!text.includes('_') && !text.includes('[REDACTED:')) return spans;
  SHAPE.lastIndex = 0;
  for (let match = SHAPE.exec(text); match; match = SHAPE.exec(text)) {
    if (match[0].startsWith('[') || vault.resolve(match[0])) {
      spans.push({ start: match.index, end: match.index + match[0].length });
      continue;
    }
    // `X_PERSON_k7f2q3ab` is longer than the placeholder in it: look on behind the next underscore.
    const next = match[0].indexOf('_');
    SHAPE.lastIndex = match.index + next + 1;
  }
  return spans;
}

/** What is left of a span when the reserved ones are cut out. */
export function outside(start: number, end: number, spans: readonly { start: number; end: number }[]): { start: number; end: number }[] {
  let pieces = [{ start, end }];
  for (const span of spans) {
    pieces = pieces.flatMap((piece) =>
      span.end <= piece.start || span.start >= piece.end
        ? [piece]
        : [
            { start: piece.start, end: span.start },
            { start: span.end, end: piece.end },
          ].filter((rest) => rest.end > rest.start),
    );
  }
  return pieces;
}
