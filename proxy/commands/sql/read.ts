/**
 * Reads SQL of any dialect into facts. What an attacker could do here: hide a second statement, a comment that is code, a dynamic
 * string, or a condition that is always true. What stops it: the lexer knows the quotes and comments of the dialects, every
 * statement is judged by its verb, target and condition, and strings that are run as SQL are read again.
 */
import type { Findings } from '../findings.js';
import { lexSql, type SqlToken } from './lexer.js';
import { judgeStatement } from './statement.js';

const MAX_SQL = 65_536;

/** Reads statements divided by `;` (or `GO`). `dialect` is kept as a fact only; the rules hold for all of them. */
export function readSql(text: string, findings: Findings, dialect?: string, depth = 0): void {
  if (depth > 4) {
    findings.risk('execute', 'sql/too-deep', 'risky', 'SQL is nested too deeply to be read');
    return;
  }
  if (dialect) findings.fact('sql', dialect);
  let sql = text;
  if (sql.length > MAX_SQL) {
    sql = sql.slice(0, MAX_SQL);
    findings.parsed = false;
    findings.fact('unparsed', undefined, 'longer than is read');
  }
  const { tokens, complete } = lexSql(sql);
  if (!complete) {
    findings.parsed = false;
    findings.fact('unparsed', undefined, 'SQL: an open quote or comment');
  }
  const statements = split(tokens);
  for (const s of statements.slice(0, 400))
    judgeStatement(s, findings, { depth, read: (inner) => readSql(inner, findings, undefined, depth + 1) });
  if (statements.length > 400) findings.parsed = false;
}

/** Statements; bodies of BEGIN … END are split as well, which only finds more. */
function split(tokens: SqlToken[]): SqlToken[][] {
  const out: SqlToken[][] = [];
  let current: SqlToken[] = [];
  for (const [i, t] of tokens.entries()) {
    if (
      t.kind === 'semicolon' ||
      (t.word === 'GO' &&
        t.kind === 'word' &&
        (current.length === 0 || i === tokens.length - 1 || current.length > 2) &&
        !/^(?:AS|,|\.|FROM|JOIN)$/.test(tokens[i - 1]?.word ?? ''))
    ) {
      if (current.length > 0) out.push(current);
      current = [];
    } else current.push(t);
  }
  if (current.length > 0) out.push(current);
  return out;
}
