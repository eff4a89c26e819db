import { ACTIONS } from '../contract/index.js';
import { blindHashes } from './blind.js';
import { BLOCK, blockOf, hasBit, newestFirst } from './index-bits.js';
import { type Db, getMeta, prepared } from './index-db.js';
import { Matcher, type Wanted } from './index-match.js';
import type { StoredSession } from './index-rows.js';
import { parseSearch, type Search, TAG_KINDS, tagMatches } from './search.js';
import type { ExchangeRow, SessionDetail, SessionPage, SessionQuery, SessionRow } from './types.js';

const MOST = 200;
/** Matches whose places are fetched together: few at first, a page is soon full. */
const FIRST_MATCHES = 128;
const MORE_MATCHES = 1024;

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
  const total =
    where.length === 0
      ? Number(getMeta(db, 'sessions') ?? 0)
      : (prepared(db, `SELECT count(*) AS c FROM sessions WHERE ${where.join(' AND ')}`).get(...values) as { c: number }).c;
  const [ms, n] = (cursor ?? '').split('.').map(Number);
  if (cursor) where.push('(last_ms, n) < (?, ?)') && values.push(ms!, n!);
  const rows = prepared(
    db,
    `SELECT n, last_ms, row FROM sessions ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY last_ms DESC, n DESC LIMIT ?`,
  ).all(...values, limit + 1) as { n: number; last_ms: number; row: string }[];
  const last = rows[limit - 1];
  return {
    sessions: rows.slice(0, limit).map(({ row }) => clean(row)),
    total,
    ...(rows.length > limit && last ? { nextCursor: `${last.last_ms}.${last.n}` } : {}),
  };
}

/**
 * Sessions with an exchange for which everything holds, newest such exchange first; a session is listed where its newest match
 * stands, once over all pages. Goes from block to block until a page is full: what it takes follows from the page, not from the ledger.
 */
function searchPage(db: Db, search: Search, limit: number, cursor: string | undefined, blindKey: Buffer | undefined): SessionPage {
  const empty: SessionPage = { sessions: [], total: 0 };
  const tags: Wanted['tags'] = [];
  for (const { kind, pattern, not } of search.tags) {
    const ids = tagIds(db, `${TAG_KINDS[kind]}:`, pattern, kind === 'verdict');
    if (ids.length === 0 && !not) return empty;
    tags.push({ ids, not });
  }
  if (search.values.length > 0 && !blindKey) return { ...empty, problems: ['value: needs the vault, which is off here'] };
  const matcher = new Matcher(db, {
    tags,
    ...(search.after === undefined ? {} : { after: Date.parse(search.after) }),
    ...(search.before === undefined ? {} : { before: Date.parse(search.before) }),
    values: search.values.map((value) => blindHashes(blindKey!, value)),
    ...(search.words === undefined ? {} : { words: search.words }),
  });
  return collect(db, matcher, limit, cursor === undefined ? undefined : Number(cursor));
}

/** Reads matches from the newest to the oldest until a page of sessions is full. `cursor`: the exchange that the page before ended with. */
function collect(db: Db, matcher: Matcher, limit: number, cursor: number | undefined): SessionPage {
  const seen = new Set<number>();
  const sessions: SessionRow[] = [];
  let last = 0;
  for (const { n, session } of matches(db, matcher, cursor)) {
    if (seen.has(session)) {
      last = n;
      continue;
    }
    const listed = cursor !== undefined && matchedSince(db, matcher, session, cursor);
    if (!listed && sessions.length === limit) return { sessions, total: limit + 1, nextCursor: String(last) };
    last = n;
    seen.add(session);
    if (listed) continue;
    const row = prepared(db, 'SELECT row FROM sessions WHERE n = ?').get(session) as { row: string } | undefined;
    if (row) sessions.push(clean(row.row));
  }
  return { sessions, total: sessions.length };
}

function* matches(db: Db, matcher: Matcher, before = Number.MAX_SAFE_INTEGER): Generator<{ n: number; session: number }> {
  const places = prepared(db, 'SELECT n, session, at_ms FROM places WHERE n IN (SELECT value FROM json_each(?)) ORDER BY n DESC');
  let most = FIRST_MATCHES;
  for (const block of matcher.blocks) {
    if (block * BLOCK >= before) continue;
    const bits = matcher.in(block);
    if (!bits) continue;
    let some: number[] = [];
    const read = function* () {
      const rows = places.all(JSON.stringify(some)) as { n: number; session: number; at_ms: number }[];
      for (const row of rows) if (matcher.inTime(row.at_ms)) yield row;
      some = [];
      most = MORE_MATCHES;
    };
    for (const n of newestFirst(bits, block)) {
      if (n >= before) continue;
      some.push(n);
      if (some.length === most) yield* read();
    }
    if (some.length > 0) yield* read();
  }
}

/** Was the session listed by an earlier page: has it a match at `from` or after it? */
function matchedSince(db: Db, matcher: Matcher, session: number, from: number): boolean {
  const sql = 'SELECT e.n AS n, e.at_ms AS at_ms FROM exchanges x CROSS JOIN places e ON e.n = x.n WHERE x.session = ? AND x.n >= ?';
  const own = prepared(db, sql).all(session, from) as { n: number; at_ms: number }[];
  return own.some(({ n, at_ms }) => {
    if (!matcher.inTime(at_ms)) return false;
    const bits = matcher.in(blockOf(n));
    return bits !== undefined && hasBit(bits, n);
  });
}

/** Tags that a pattern means. `verdict:mask` means mask or stronger would surprise: it means exactly mask. */
function tagIds(db: Db, prefix: string, pattern: string, verdict: boolean): number[] {
  if (verdict && !(ACTIONS as readonly string[]).includes(pattern) && !pattern.includes('*')) return [];
  const all = prepared(db, 'SELECT id, name FROM tag_names WHERE name >= ? AND name < ?').all(prefix, `${prefix}\uffff`);
  return (all as { id: number; name: string }[]).filter(({ name }) => tagMatches(pattern, name.slice(prefix.length))).map(({ id }) => id);
}

/** A session with its exchanges and notes. */
export function sessionDetail(db: Db, id: string): SessionDetail | undefined {
  const found = prepared(db, 'SELECT n, row FROM sessions WHERE id = ?').get(id) as { n: number; row: string } | undefined;
  if (!found) return undefined;
  const rows = prepared(db, 'SELECT row FROM exchanges WHERE session = ? ORDER BY n').all(found.n) as { row: string }[];
  const notes = prepared(db, 'SELECT at, person, text FROM notes WHERE session = ? ORDER BY seq').all(found.n);
  return {
    ...clean(found.row),
    exchangesList: rows.map(({ row }) => JSON.parse(row) as ExchangeRow),
    notes: (notes as SessionDetail['notes']).map(({ at, person, text }) => ({ at, person, text })),
  };
}

/** Which segments hold records of a session, first and last. */
export function segmentsOf(db: Db, id: string): [number, number] | undefined {
  const found = prepared(db, 'SELECT row FROM sessions WHERE id = ?').get(id) as { row: string } | undefined;
  return found && (JSON.parse(found.row) as StoredSession).segments;
}
