import { conceptsOfName } from './context.js';

const SEPARATORS = [',', '\t', ';', '|'];
const NONE: readonly number[] = [];

/**
 * Concepts of the header over the column in which `at` stands, where the text is a table: the first line of the paragraph has at
 * least two separators and the value's line has as many. Looks back at most 16 KB.
 */
export function headerConcepts(text: string, at: number): readonly number[] {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  if (lineStart === 0 || at - lineStart > 1000) return NONE;
  const before = text.slice(lineStart, at);
  const separator =
    SEPARATORS.find((s) => before.includes(s)) ??
    SEPARATORS.find((s) =>
      text
        .slice(at, at + 200)
        .split('\n')[0]!
        .includes(s),
    );
  if (!separator) return NONE;
  const column = count(before, separator);
  const floor = Math.max(0, lineStart - 16384);
  const blank = text.lastIndexOf('\n\n', lineStart - 1);
  const top = blank >= floor ? blank + 2 : floor;
  const headerEnd = text.indexOf('\n', top);
  if (headerEnd < 0 || headerEnd >= lineStart) return NONE;
  const header = text.slice(top, Math.min(headerEnd, top + 1000));
  if (count(header, separator) < 1 || /\d{3}/.test(header)) return NONE;
  const cell = header.split(separator)[column];
  return cell ? conceptsOfName(cell.trim()) : NONE;
}

function count(text: string, separator: string): number {
  let n = 0;
  for (let i = text.indexOf(separator); i >= 0; i = text.indexOf(separator, i + 1)) n++;
  return n;
}
