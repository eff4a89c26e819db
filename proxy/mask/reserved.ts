import type { NameNode } from './placeholder-index.js';
import type { Vault } from './types.js';

const CODE = /_[a-z2-7]{8,51}|\[REDACTED:[A-Z][A-Z0-9_]*\]/g;
const LONGEST_NAME = 63;

/**
 * Spans of `text` that are placeholders already and are never masked again: those that the vault knows (a shape alone would
 * let anybody hide a value in it), and `[REDACTED:…]`.
 */
export function reserved(text: string, vault: Vault): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  if (!text.includes('_') && !text.includes('[REDACTED:')) return spans;
  CODE.lastIndex = 0;
  for (let match = CODE.exec(text); match; match = CODE.exec(text)) {
    const end = match.index + match[0].length;
    if (match[0].startsWith('[')) {
      spans.push({ start: match.index, end });
      continue;
    }
    const known = knownAt(text, match.index, end, vault);
    if (known) spans.push(known);
    CODE.lastIndex = known?.end ?? match.index + 1;
  }
  return spans;
}

/** The placeholder whose last underscore stands at `underscore`. Words may stand right before and behind it. */
function knownAt(text: string, underscore: number, end: number, vault: Vault): { start: number; end: number } | undefined {
  for (let start = Math.max(0, underscore - LONGEST_NAME); start < underscore; start++) {
    const codes = codesOf(text, start, underscore, vault.index.root);
    if (!codes) continue;
    for (let stop = end; stop >= underscore + 9; stop--) if (codes.has(text.slice(underscore + 1, stop))) return { start, end: stop };
  }
  return undefined;
}

function codesOf(text: string, start: number, underscore: number, root: NameNode): NameNode['codes'] {
  let node: NameNode | undefined = root;
  for (let i = start; i <= underscore; i++) {
    const c = text.charCodeAt(i);
    if (c >= 97 && c <= 122) return undefined;
    node = node.next.get(c >= 65 && c <= 90 ? c + 32 : c);
    if (!node) return undefined;
  }
  return node.codes;
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
