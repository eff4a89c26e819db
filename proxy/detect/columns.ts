import { conceptsOfName } from './context.js';

const SEPARATORS = [',', '\t', ';', '|'];
const NONE: readonly number[] = [];

interface Line {
  text: string;
  start: number;
  separator: string;
  header: string[];
  /** Where its paragraph begins (at most 16 KB back). */
  top: number;
}
/** The last line that was asked about: values of one line ask many times. */
let last: Line = { text: '', start: -1, separator: '', header: [], top: 0 };

function topOf(text: string, start: number): number {
  // Going down a table the paragraph stays the same, so only what is new is looked at.
  if (last.text === text && start > last.start && last.start >= 0) {
    const blank = text.slice(last.start, start).lastIndexOf('\n\n');
    return blank < 0 ? Math.max(last.top, start - 16384) : last.start + blank + 2;
  }
  if (last.text === text && start >= last.top && start <= last.start) return last.top;
  const floor = Math.max(0, start - 16384);
  const blank = text.slice(floor, start).lastIndexOf('\n\n');
  return blank < 0 ? floor : floor + blank + 2;
}

function readLine(text: string, start: number): Line {
  const line: Line = { text, start, separator: '', header: [], top: topOf(text, start) };
  if (start === 0) return line;
  let end = text.indexOf('\n', start);
  if (end < 0) end = text.length;
  if (end - start > 2000) return line;
  const own = text.slice(start, end);
  const separator = SEPARATORS.find((s) => own.includes(s));
  if (!separator) return line;
  const { top } = line;
  const headerEnd = text.indexOf('\n', top);
  if (headerEnd < 0 || headerEnd >= start || headerEnd - top > 1000) return line;
  const header = text.slice(top, headerEnd);
  const cells = header.split(separator);
  // A header has as many cells as its rows, and words in them.
  if (cells.length < 2 || /\d{3}|[.!?(){}]/.test(header) || own.split(separator).length !== cells.length) return line;
  line.separator = separator;
  line.header = cells;
  return line;
}

/**
 * Concepts of the header over the column in which `at` stands, where the text is a table: the first line of the paragraph has as
 * many cells as the value's line. Looks back at most 16 KB.
 */
export function headerConcepts(text: string, at: number): readonly number[] {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  if (last.start !== start || last.text !== text) last = readLine(text, start);
  if (!last.separator) return NONE;
  let column = 0;
  for (let i = text.indexOf(last.separator, start); i >= 0 && i < at; i = text.indexOf(last.separator, i + 1)) column++;
  const cell = last.header[column];
  return cell ? conceptsOfName(cell.trim()) : NONE;
}
