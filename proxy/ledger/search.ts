/** A parsed search: `agent: model: verdict: finding: tool: connection: outcome: label: is: after: before: value:` and words. */
export interface Search {
  /** All must hold. `pattern` may contain `*`. */
  tags: { kind: TagKind; pattern: string; not: boolean }[];
  /** ISO times or days. */
  after?: string;
  before?: string;
  values: string[];
  /** FTS5 query of the free words, or undefined. */
  words?: string;
  /** What could not be understood, said to the person. */
  problems: string[];
}

/** First letter of a tag's name in the index. */
export const TAG_KINDS = {
  agent: 'a',
  model: 'm',
  verdict: 'v',
  finding: 'f',
  tool: 't',
  connection: 'c',
  outcome: 'o',
  operation: 'p',
  rule: 'r',
} as const;
export type TagKind = keyof typeof TAG_KINDS;

const TOKEN = /(-?)(?:([a-z]+):)?(?:"((?:[^"\\]|\\.)*)"|(\S+))/gi;

/** Parses what a person typed. Never throws: what is no known filter is a word. */
export function parseSearch(text: string): Search {
  const search: Search = { tags: [], values: [], problems: [] };
  const words: string[] = [];
  for (const [, minus, rawKey, quoted, bare] of text.matchAll(TOKEN)) {
    const key = rawKey?.toLowerCase();
    const value = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
    if (key !== undefined && Object.hasOwn(TAG_KINDS, key)) search.tags.push({ kind: key as TagKind, pattern: value, not: minus === '-' });
    else if (key === 'after' || key === 'before') {
      if (Number.isNaN(Date.parse(value))) search.problems.push(`${key}:${value} is no date; write ${key}:2026-11-01`);
      else search[key] = value;
    } else if (key === 'value') search.values.push(value);
    else words.push(phrase(key === undefined ? value : `${rawKey}:${value}`, minus === '-', quoted !== undefined));
  }
  const wanted = words.filter((word) => !word.startsWith('NOT '));
  const unwanted = words.filter((word) => word.startsWith('NOT '));
  if (wanted.length > 0) search.words = [wanted.join(' AND '), ...unwanted].join(' ');
  else if (unwanted.length > 0) search.problems.push('a search of only excluded words finds nothing; add a word to look for');
  return search;
}

/** One FTS5 phrase; quoted, so that nothing a person types is FTS syntax. A trailing `*` finds beginnings. */
function phrase(value: string, not: boolean, quoted: boolean): string {
  const prefix = !quoted && value.endsWith('*') && value.length > 1;
  const text = `"${(prefix ? value.slice(0, -1) : value).replaceAll('"', '""')}"${prefix ? '*' : ''}`;
  return not ? `NOT ${text}` : text;
}

/** Matches a tag's value against a pattern with `*`, letters of either case. */
export function tagMatches(pattern: string, value: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const text = value.toLowerCase();
  if (parts.length === 1) return text === parts[0];
  let at = 0;
  for (const [i, part] of parts.entries()) {
    const found = i === 0 ? (text.startsWith(part) ? 0 : -1) : i === parts.length - 1 ? lastAt(text, part, at) : text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return true;
}

function lastAt(text: string, part: string, from: number): number {
  const at = text.length - part.length;
  return at >= from && text.endsWith(part) ? at : -1;
}
