/** Which lines are running text: names are not looked for in code. */
export interface Range {
  start: number;
  end: number;
}

const CODE_START =
  /^\s*(?:import |export |const |let |var |function |class |def |return |if ?\(|for ?\(|while ?\(|#include|public |private |package |using |\/\/ ?@|<\/?[a-z]+|[}\])]|\$ |npm |git |docker |at [\w$.]+ ?\(|\* @|\/\*\*|\* \{@|readonly |interface |type \w+ ?=|static |async |await |throw |case |this\.)/;

/** Runs of lines that do not look like code, and the share of lines that do. Blank lines and line ends stay inside a run. */
export function proseRanges(text: string): { ranges: Range[]; codeShare: number } {
  const ranges: Range[] = [];
  let code = 0;
  let lines = 0;
  let start = -1;
  let at = 0;
  while (at <= text.length) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    if (end > at) lines++;
    if (end > at && isCode(text, at, end)) {
      code++;
      if (start >= 0) ranges.push({ start, end: at });
      start = -1;
    } else if (start < 0) start = at;
    at = end + 1;
  }
  if (start >= 0 && start < text.length) ranges.push({ start, end: text.length });
  return { ranges, codeShare: lines === 0 ? 0 : code / lines };
}

function isCode(text: string, from: number, to: number): boolean {
  const end = Math.min(to, from + 400);
  let marks = 0;
  let letters = 0;
  let quotes = 0;
  for (let i = from; i < end; i++) {
    const c = text.charCodeAt(i);
    if ((c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c > 127) letters++;
    else if (
      c === 40 ||
      c === 41 ||
      c === 123 ||
      c === 125 ||
      c === 59 ||
      c === 61 ||
      c === 60 ||
      c === 62 ||
      c === 91 ||
      c === 93 ||
      c === 95 ||
      c === 124 ||
      c === 92 ||
      c === 36
    )
      marks++;
    else if (c === 34) quotes++;
  }
  if (letters === 0) return false;
  if (quotes >= 2 && quotes > marks) return false; // JSON and the like
  if (marks * 8 > letters + 8) return true;
  return marks > 0 && CODE_START.test(text.slice(from, Math.min(end, from + 80)));
}
