/**
 * What is printed to a terminal. Recorded content is written by models and strangers: it could move the cursor, change the title,
 * paste into the clipboard, or turn the reading direction. Everything that is not plain text is shown as a visible code.
 */

/** C0 (without tab and newline), DEL, C1, bidi controls, line and paragraph separators, zero-width and tag characters, BOM. */
const HARMFUL =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** Harmless form of any text; newlines and tabs stay. */
export function clean(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(HARMFUL, code);
}

/** As {@link clean}, on one line. */
export function cleanLine(text: string): string {
  return clean(text).replace(/[\n\t]+/g, ' ');
}

function code(char: string): string {
  const point = char.codePointAt(0)!;
  if (point === 0x1b) return '␛';
  if (point < 0x20) return String.fromCodePoint(0x2400 + point);
  if (point === 0x7f) return '␡';
  return `<U+${point.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** JSON that is harmless on a terminal too: what could act is written as an escape, which every JSON reader turns back. */
export function cleanJson(value: unknown, indent?: number): string {
  return (JSON.stringify(value, null, indent) ?? 'null').replace(HARMFUL, (char) =>
    [...Array(char.length).keys()].map((i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  );
}

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

export function paint(on: boolean): Paint {
  const wrap = (start: number, end: number) => (text: string) => (on ? `\u001b[${start}m${text}\u001b[${end}m` : text);
  return { bold: wrap(1, 22), dim: wrap(2, 22), red: wrap(31, 39), green: wrap(32, 39), yellow: wrap(33, 39), cyan: wrap(36, 39) };
}

/** Columns on a terminal that a text takes: wide East Asian characters and emoji count twice, combining marks not at all. */
export function width(text: string): number {
  let columns = 0;
  for (const char of text) {
    if (/\p{Mn}|\p{Me}/u.test(char)) continue;
    columns += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
      char,
    )
      ? 2
      : 1;
  }
  return columns;
}

function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let out = '';
  for (const char of text) {
    if (width(out + char) > columns - 1) break;
    out += char;
  }
  return `${out}…`;
}

/** A table with a dim head; the last column is cut to the terminal. Cells are cleaned. */
export function table(head: string[], rows: (string | number | undefined)[][], options: { columns: number; paint: Paint }): string {
  const cells = rows.map((row) => row.map((cell) => cleanLine(String(cell ?? ''))));
  const widths = head.map((title, i) => Math.min(60, Math.max(width(title), ...cells.map((row) => width(row[i] ?? '')))));
  const before = widths.slice(0, -1).reduce((sum, w) => sum + w + 2, 0);
  widths[widths.length - 1] = Math.max(12, Math.min(widths.at(-1)!, options.columns - before));
  const line = (row: string[]) =>
    row
      .map((cell, i) => {
        const shown = cut(cell, widths[i]!);
        return i === row.length - 1 ? shown : shown + ' '.repeat(widths[i]! - width(shown));
      })
      .join('  ');
  return `${[options.paint.dim(line(head)), ...cells.map(line)].join('\n')}\n`;
}

/** `3 m 20 s`, `820 ms`. */
export function span(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} m ${Math.round((ms % 60_000) / 1000)} s`;
  return `${Math.floor(ms / 3_600_000)} h ${Math.round((ms % 3_600_000) / 60_000)} m`;
}

/** Local date and time without the zone: `2026-11-22 11:04:09`. */
export function when(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
