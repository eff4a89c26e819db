/** What a piece of SQL is. Names keep their spelling without quotes; words are upper-cased in `word`. */
export interface SqlToken {
  kind: 'word' | 'name' | 'string' | 'number' | 'op' | 'semicolon';
  text: string;
  /** Upper-cased text of words. */
  word: string;
}

const MAX_TOKENS = 8000;

/**
 * Cuts SQL of any dialect into tokens: `--`, `#` and nested block comments dropped (MySQL's executable comments are read as
 * code), '' and \' in strings, E'', N'', q'[…]', $tag$…$tag$, "name", `name`, [name]. Linear; stops at {@link MAX_TOKENS}.
 */
export function lexSql(sql: string): { tokens: SqlToken[]; complete: boolean } {
  const out: SqlToken[] = [];
  let complete = true;
  let i = 0;
  const n = sql.length;
  const push = (kind: SqlToken['kind'], text: string): void => {
    out.push({ kind, text, word: kind === 'word' || kind === 'op' ? text.toUpperCase() : '' });
  };
  while (i < n && out.length < MAX_TOKENS) {
    const c = sql[i]!;
    if (/\s/.test(c)) {
      i++;
      continue;
    }
    if (c === '-' && sql[i + 1] === '-') {
      i = endOfLine(sql, i);
      continue;
    }
    if (c === '#' && !/[#\w@]/.test(sql[i - 1] ?? '') && !/^#\w+\b(?!.*['"])/.test(sql.slice(i, i + 40))) {
      i = endOfLine(sql, i);
      continue;
    }
    if (c === '/' && sql[i + 1] === '*') {
      if (sql[i + 2] === '!' || (sql[i + 2] === 'M' && sql[i + 3] === '!')) {
        i += sql[i + 2] === '!' ? 3 : 4;
        while (i < n && /\d/.test(sql[i]!)) i++;
        continue;
      }
      let depth = 1;
      i += 2;
      while (i < n && depth > 0) {
        if (sql[i] === '*' && sql[i + 1] === '/') {
          depth--;
          i += 2;
        } else if (sql[i] === '/' && sql[i + 1] === '*') {
          depth++;
          i += 2;
        } else i++;
      }
      if (depth > 0) complete = false;
      continue;
    }
    if (c === '*' && sql[i + 1] === '/') {
      i += 2;
      continue;
    }
    if (
      c === "'" ||
      ((c === 'E' || c === 'e' || c === 'N' || c === 'n' || c === 'B' || c === 'X' || c === 'x') &&
        sql[i + 1] === "'" &&
        !/\w/.test(sql[i - 1] ?? ''))
    ) {
      const from = c === "'" ? i + 1 : i + 2;
      const [text, next, closed] = quoted(sql, from, "'");
      if (!closed) complete = false;
      push('string', text);
      i = next;
      continue;
    }
    if ((c === 'q' || c === 'Q') && sql[i + 1] === "'" && /[[({<!|/~^]/.test(sql[i + 2] ?? '')) {
      const close = ({ '[': ']', '(': ')', '{': '}', '<': '>' } as Record<string, string>)[sql[i + 2]!] ?? sql[i + 2]!;
      const end = sql.indexOf(`${close}'`, i + 3);
      push('string', sql.slice(i + 3, end < 0 ? n : end));
      if (end < 0) complete = false;
      i = end < 0 ? n : end + 2;
      continue;
    }
    if (c === '$') {
      const tag = /^\$(?:[A-Za-z_]\w*)?\$/.exec(sql.slice(i, i + 66))?.[0];
      if (tag) {
        const end = sql.indexOf(tag, i + tag.length);
        push('string', sql.slice(i + tag.length, end < 0 ? n : end));
        if (end < 0) complete = false;
        i = end < 0 ? n : end + tag.length;
        continue;
      }
    }
    if (c === '"' || c === '`') {
      const [text, next, closed] = quoted(sql, i + 1, c);
      if (!closed) complete = false;
      push('name', text);
      i = next;
      continue;
    }
    if (c === '[' && /^\[[\w $.-]+\]/.test(sql.slice(i, i + 130))) {
      const end = sql.indexOf(']', i);
      push('name', sql.slice(i + 1, end));
      i = end + 1;
      continue;
    }
    if (/[A-Za-z_\u0080-\uffff@#:$%]/.test(c)) {
      let k = i + 1;
      while (k < n && /[\w\u0080-\uffff@#$]/.test(sql[k]!)) k++;
      push('word', sql.slice(i, k));
      i = k;
      continue;
    }
    if (/\d/.test(c)) {
      let k = i + 1;
      while (k < n && /[\w.]/.test(sql[k]!)) k++;
      push('number', sql.slice(i, k));
      i = k;
      continue;
    }
    if (c === ';') {
      push('semicolon', ';');
      i++;
      continue;
    }
    const two = sql.slice(i, i + 2);
    const op = /^(?:<=|>=|<>|!=|\|\||&&|:=|->|::|=>)$/.test(two) ? two : c;
    push('op', op);
    i += op.length;
  }
  if (i < n) complete = false;
  return { tokens: out, complete };
}

function endOfLine(sql: string, i: number): number {
  const end = sql.indexOf('\n', i);
  return end < 0 ? sql.length : end + 1;
}

function quoted(sql: string, from: number, quote: string): [string, number, boolean] {
  let text = '';
  let i = from;
  while (i < sql.length) {
    const c = sql[i]!;
    if (c === '\\' && quote === "'" && i + 1 < sql.length && sql[i + 1] !== "'") {
      text += sql[i + 1];
      i += 2;
    } else if (
      c === '\\' &&
      quote === "'" &&
      sql[i + 1] === "'" &&
      sql.indexOf("'", i + 2) > 0 &&
      !/^'\s*(?:;|$|\)|,|--|\b(?:and|or|where)\b)/i.test(sql.slice(i + 1, i + 12))
    ) {
      text += "'";
      i += 2;
    } else if (c === quote) {
      if (sql[i + 1] === quote) {
        text += quote;
        i += 2;
      } else return [text, i + 1, true];
    } else {
      text += c;
      i++;
    }
  }
  return [text, i, false];
}
