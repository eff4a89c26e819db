import { ACTIONS } from '../contract/index.js';
import { blindHashes } from './blind.js';
import { BLOCK, type Db } from './index-db.js';
import type { StoredSession } from './index-rows.js';
import { parseSearch, type Search, TAG_KINDS, tagMatches } from './search.js';
import type { ExchangeRow, SessionDetail, SessionPage, SessionQuery, SessionRow } from './types.js';

const MOST = 200;
/** A tag of fewer uses is looked through before words are; each look at the words costs more than a row. */
const RARE = 50;
/** So many exchanges are sorted in a few milliseconds. */
const SORTED_AT_ONCE = 20_000;
/** Sessions that are named in a statement; of more, the newest exchanges soon hold a page. */
const MOST_SESSIONS = 5_000;

/** First page and later pages of the history, newest first. */
export function sessionPage(db: Db, query: SessionQuery, blindKey: Buffer | undefined): SessionPage {
  const limit = Math.min(Math.max(1, query.limit ?? 50), MOST);
  const search = parseSearch(query.search ?? '');
  const nothing = search.tags.length === 0 && search.words === undefined && search.values.length === 0;
  const page = nothing ? plainPage(db, search, limit, query.cursor) : searchPage(db, search, limit, query.cursor, blindKey);
  return search.problems.length > 0 ? { ...page, problems: search.problems } : page;
}

const clean = (row: string): SessionRow => {
  const { openCount: _, renamed: __, segments: ___, ...session } = JSON.parse(row) as StoredSession;
  return session;
};

function plainPage(db: Db, search: Search, limit: number, cursor: string | undefined): SessionPage {
  const where: string[] = [];
  const values: number[] = [];
  if (search.after) where.push('last_ms >= ?') && values.push(Date.parse(search.after));
  if (search.before) where.push('last_ms < ?') && values.push(Date.parse(search.before));
  const condition = where.length > 0 ? `WHERE ${where.join(' AND ')}` : '';
  const total = (db.prepare(`SELECT count(*) AS c FROM sessions ${condition}`).get(...values) as { c: number }).c;
  const [ms, n] = (cursor ?? '').split('.').map(Number);
  if (cursor) where.push('(last_ms, n) < (?, ?)') && values.push(ms!, n!);
  const rows = db
    .prepare(
      `SELECT n, last_ms, row FROM sessions ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY last_ms DESC, n DESC LIMIT ?`,
    )
    .all(...values, limit + 1) as { n: number; last_ms: number; row: string }[];
  const last = rows[limit - 1];
  return {
    sessions: rows.slice(0, limit).map(({ row }) => clean(row)),
    total,
    ...(rows.length > limit && last ? { nextCursor: `${last.last_ms}.${last.n}` } : {}),
  };
}

interface Condition {
  sql: string;
  values: (string | number)[];
  /** Of a condition on tags: which, and about how many exchanges have one of them. */
  ids?: number[];
  uses?: number;
}

/**
 * Sessions with an exchange for which everything holds, newest such exchange first. The rarest condition drives, the others
 * are looked up for each exchange; a session is listed where its newest match stands, once over all pages.
 */
function searchPage(db: Db, search: Search, limit: number, cursor: string | undefined, blindKey: Buffer | undefined): SessionPage {
  const empty: SessionPage = { sessions: [], total: 0 };
  const conditions: Condition[] = [];
  for (const tag of search.tags) {
    const ids = tagIds(db, `${TAG_KINDS[tag.kind]}:`, tag.pattern, tag.kind === 'verdict');
    const list = ids.map(({ id }) => id).join(',') || '-1';
    if (tag.not) conditions.push({ sql: `NOT EXISTS (SELECT 1 FROM tags WHERE tag IN (${list}) AND tags.n = e.n)`, values: [] });
    else if (ids.length === 0) return empty;
    else {
      const uses = ids.reduce((sum, { uses: count }) => sum + count, 0);
      conditions.push({ sql: `e.n IN (SELECT n FROM tags WHERE tag IN (${list}))`, values: [], uses, ids: ids.map(({ id }) => id) });
    }
  }
  if (search.after) conditions.push({ sql: 'e.at_ms >= ?', values: [Date.parse(search.after)] });
  if (search.before) conditions.push({ sql: 'e.at_ms < ?', values: [Date.parse(search.before)] });
  for (const value of search.values) {
    if (!blindKey) return { ...empty, problems: ['value: needs the vault, which is off here'] };
    const hashes = blindHashes(blindKey, value);
    const sql = `e.session IN (SELECT session FROM blind WHERE hash IN (${hashes.map(() => '?').join(',')}))`;
    conditions.push({ sql, values: hashes });
  }
  return collect(db, conditions, search.words, limit, cursor, range(db, search));
}

/** Between which numbers exchanges of a time lie; [first, end). Times need not rise with numbers: a clock may have been set. */
function range(db: Db, { after, before }: Search): [first: number, end: number] {
  const block = (sql: string, date: string): number | null => (db.prepare(sql).get(Date.parse(date)) as { block: number | null }).block;
  const first = after === undefined ? 0 : block('SELECT min(block) AS block FROM spans WHERE last_ms >= ?', after);
  const last = before === undefined ? undefined : block('SELECT max(block) AS block FROM spans WHERE first_ms < ?', before);
  if (first === null || last === null) return [0, 0];
  return [first * BLOCK, last === undefined ? Number.MAX_SAFE_INTEGER : (last + 1) * BLOCK];
}

/** Reads matches from the newest to the oldest until a page of sessions is full. */
function collect(
  db: Db,
  conditions: Condition[],
  words: string | undefined,
  limit: number,
  cursor: string | undefined,
  [first, end]: [number, number],
): SessionPage {
  const all =
    words === undefined ? conditions : [...conditions, { sql: 'e.n IN (SELECT rowid FROM words WHERE words MATCH ?)', values: [words] }];
  const driver = pickDriver(db, conditions, words);
  const rest = all.filter(
    (condition) => condition !== driver.of && !(words !== undefined && driver.words && condition.sql.includes('words MATCH')),
  );
  const checks = rest.map(({ sql }) => perRow(sql)).join(' AND ');
  const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor);
  const order = driver.order;
  const statement = db.prepare(
    `SELECT e.n AS n, e.session AS session FROM ${driver.from} WHERE ${driver.where} AND ${order} < ? AND ${order} >= ? ${checks ? `AND ${checks}` : ''} ORDER BY ${order} DESC`,
  );
  const newer = db.prepare(
    `SELECT 1 FROM exchanges x CROSS JOIN places e ON e.n = x.n WHERE x.session = ? AND x.n >= ? AND ${all.map(({ sql }) => perRow(sql)).join(' AND ')} LIMIT 1`,
  );
  const allValues = all.flatMap(({ values }) => values);
  const sessionRow = db.prepare('SELECT row FROM sessions WHERE n = ?');
  const seen = new Set<number>();
  const sessions: SessionRow[] = [];
  let last = 0;
  let more = false;
  for (const match of statement.iterate(
    ...driver.values,
    Math.min(before, end),
    first,
    ...rest.flatMap(({ values }) => values),
  ) as Iterable<{
    n: number;
    session: number;
  }>) {
    if (seen.has(match.session)) {
      last = match.n;
      continue;
    }
    if (cursor !== undefined && newer.get(match.session, before, ...allValues)) {
      last = match.n;
      continue;
    }
    if (sessions.length === limit) {
      more = true;
      break;
    }
    seen.add(match.session);
    last = match.n;
    const row = sessionRow.get(match.session) as { row: string } | undefined;
    if (row) sessions.push(clean(row.row));
  }
  return { sessions, total: sessions.length + (more ? 1 : 0), ...(more ? { nextCursor: String(last) } : {}) };
}

/** `x IN (SELECT …)` over everything becomes a look-up of the one row. */
function perRow(sql: string): string {
  return sql
    .replace(/^e\.n IN \(SELECT n FROM tags WHERE tag IN \(([^)]*)\)\)$/, 'EXISTS (SELECT 1 FROM tags WHERE tag IN ($1) AND tags.n = e.n)')
    .replace(
      'e.n IN (SELECT rowid FROM words WHERE words MATCH ?)',
      'EXISTS (SELECT 1 FROM words WHERE words MATCH ? AND words.rowid = e.n)',
    );
}

/** What is walked through, from the newest on; everything else is looked up for each exchange found there. */
function pickDriver(
  db: Db,
  conditions: Condition[],
  words: string | undefined,
): { from: string; where: string; values: (string | number)[]; order: string; of?: Condition; words?: boolean } {
  const rarest = conditions.filter(({ ids }) => ids !== undefined).sort((a, b) => a.uses! - b.uses!)[0];
  // Words are mostly rarer than any tag; a tag of few uses is better still.
  if (words !== undefined && !(rarest && rarest.uses! < RARE)) {
    return {
      from: 'words CROSS JOIN places e ON e.n = words.rowid',
      where: 'words MATCH ?',
      values: [words],
      order: 'words.rowid',
      words: true,
    };
  }
  if (rarest && (rarest.ids!.length === 1 || rarest.uses! < SORTED_AT_ONCE)) {
    // One tag's exchanges lie in order; those of several have to be sorted, which only pays where they are few.
    const where = rarest.ids!.length === 1 ? 't.tag = ?' : `t.tag IN (${rarest.ids!.map(() => '?').join(',')})`;
    return { from: 'tags t CROSS JOIN places e ON e.n = t.n', where, values: rarest.ids!, order: 't.n', of: rarest };
  }
  const value = conditions.find(({ sql }) => sql.startsWith('e.session IN'));
  if (value) {
    const sessions = db.prepare(value.sql.slice(value.sql.indexOf('SELECT'), -1)).all(...value.values) as { session: number }[];
    const list = sessions.map(({ session }) => session).join(',') || '-1';
    if (sessions.length <= MOST_SESSIONS)
      return { from: 'exchanges x CROSS JOIN places e ON e.n = x.n', where: `x.session IN (${list})`, values: [], order: 'x.n', of: value };
  }
  return { from: 'places e', where: '1', values: [], order: 'e.n' };
}

/** Tags that a pattern means. `verdict:mask` means mask or stronger would surprise: it means exactly mask. */
function tagIds(db: Db, prefix: string, pattern: string, verdict: boolean): { id: number; uses: number }[] {
  if (verdict && !(ACTIONS as readonly string[]).includes(pattern) && !pattern.includes('*')) return [];
  const all = db.prepare('SELECT id, name, uses FROM tag_names WHERE name >= ? AND name < ?').all(prefix, `${prefix}\uffff`);
  return (all as { id: number; name: string; uses: number }[]).filter(({ name }) => tagMatches(pattern, name.slice(prefix.length)));
}

/** A session with its exchanges and notes. */
export function sessionDetail(db: Db, id: string): SessionDetail | undefined {
  const found = db.prepare('SELECT n, row FROM sessions WHERE id = ?').get(id) as { n: number; row: string } | undefined;
  if (!found) return undefined;
  const rows = db.prepare('SELECT row FROM exchanges WHERE session = ? ORDER BY n').all(found.n) as { row: string }[];
  const notes = db.prepare('SELECT at, person, text FROM notes WHERE session = ? ORDER BY seq').all(found.n);
  return {
    ...clean(found.row),
    exchangesList: rows.map(({ row }) => JSON.parse(row) as ExchangeRow),
    notes: (notes as SessionDetail['notes']).map(({ at, person, text }) => ({ at, person, text })),
  };
}

/** Which segments hold records of a session, first and last. */
export function segmentsOf(db: Db, id: string): [number, number] | undefined {
  const found = db.prepare('SELECT row FROM sessions WHERE id = ?').get(id) as { row: string } | undefined;
  return found && (JSON.parse(found.row) as StoredSession).segments;
}
