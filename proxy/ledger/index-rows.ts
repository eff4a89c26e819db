import { type ExchangeFold, stronger } from './fold.js';
import { BLOCK, blockOf } from './index-bits.js';
import { type Db, getMeta, SPAN, setMeta } from './index-db.js';
import { arrivalTags, dropTags, endTags, TagRows } from './index-tags.js';
import { deleteWords, dropShelf, makeShelf, shelf, UNWIPED } from './index-words.js';
import type { LedgerLine } from './line.js';
import { applyLabel, emptyRow } from './session-fold.js';
import type { SessionRow } from './types.js';

/** A session's row as the index keeps it. */
export interface StoredSession extends SessionRow {
  openCount: number;
  renamed: boolean;
  /** Segments that its records lie in. */
  segments: [first: number, last: number];
}

interface CachedSession {
  n: number;
  row: StoredSession;
  changed: boolean;
}

/** An exchange on its way into the index. */
export interface IndexedExchange {
  n: number;
  row: ExchangeFold;
  /** Where its arrival stands. */
  segment: number;
  offset: number;
  /** It has a row already, and: its row is not what it should be. */
  stored: boolean;
  changed: boolean;
}

/** Rows of one statement, and what waits at most (bytes of text) before it is written. */
const AT_ONCE = 64;
const MOST_TEXT = 16 << 20;

/**
 * Statements that change the index. All within the caller's transaction. What one step brings is gathered and written many rows
 * at a time, sorted: a row of its own for each costs several times as much, and full text search has to be fed in order.
 */
export class IndexRows {
  private sessions = new Map<string, CachedSession>();
  private newExchanges: (string | number)[] = [];
  private newPlaces: number[] = [];
  private newWords: [n: number, text: string][] = [];
  private newMarks: number[] = [];
  private textSize = 0;
  private last: number | undefined;
  /** Sessions made and removed in this step. */
  private made = 0;
  private readonly tags: TagRows;
  private readonly s;
  private readonly many = new Map<string, ReturnType<Db['prepare']>>();

  constructor(private readonly db: Db) {
    this.tags = new TagRows(db);
    this.s = {
      session: db.prepare('SELECT n, row FROM sessions WHERE id = ?'),
      addSession: db.prepare('INSERT INTO sessions (id, last_ms, row) VALUES (?, ?, ?)'),
      saveSession: db.prepare('UPDATE sessions SET last_ms = ?, starred = ?, row = ? WHERE n = ?'),
      saveExchange: db.prepare('UPDATE exchanges SET open = ?, row = ? WHERE id = ?'),
      exchange: db.prepare('SELECT n, open FROM exchanges WHERE id = ?'),
      span: db.prepare(
        'INSERT INTO spans VALUES (?, ?, ?) ON CONFLICT (span) DO UPDATE SET first_ms = min(first_ms, excluded.first_ms), last_ms = max(last_ms, excluded.last_ms)',
      ),
      note: db.prepare('INSERT OR REPLACE INTO notes VALUES (?, ?, ?, ?, ?)'),
    };
  }

  /** Drops what was not written, after a roll-back; and what was, so that another process's changes are seen. */
  clear(): void {
    this.sessions = new Map();
    this.tags.clear();
    this.made = 0;
    this.newExchanges = [];
    this.newPlaces = [];
    this.newWords = [];
    this.newMarks = [];
    this.textSize = 0;
    this.last = undefined;
  }

  oldestOpen(): { first_seq: number; segment: number; offset: number } | undefined {
    return this.db.prepare('SELECT first_seq, segment, offset FROM exchanges WHERE open = 1 ORDER BY first_seq LIMIT 1').get() as never;
  }

  /** Number of an exchange that the index holds as open. */
  openNumber(id: string): number | undefined {
    const found = this.s.exchange.get(id) as { n: number; open: number } | undefined;
    return found?.open === 1 ? found.n : undefined;
  }

  /** Exchanges are numbered as they arrive. */
  nextNumber(): number {
    this.last ??= (this.db.prepare('SELECT max(n) AS n FROM places').get() as { n: number | null }).n ?? 0;
    return ++this.last;
  }

  mark(seq: number, segment: number, offset: number): void {
    this.newMarks.push(seq, segment, offset);
  }

  /** A record of the session lies in this segment. */
  touch(id: string, at: string, segment: number): void {
    const cached = this.session(id, at);
    const { segments } = cached.row;
    if (segments[1] === segment) return;
    cached.row.segments = [segments[0] || segment, segment];
    cached.changed = true;
  }

  private session(id: string, at: string): CachedSession {
    let cached = this.sessions.get(id);
    if (!cached) {
      const stored = this.s.session.get(id) as { n: number; row: string } | undefined;
      if (stored) cached = { n: stored.n, row: JSON.parse(stored.row), changed: false };
      else {
        const row = newRow(id, at);
        this.made++;
        cached = { n: Number(this.s.addSession.run(id, Date.parse(at), '{}').lastInsertRowid), row, changed: true };
      }
      this.sessions.set(id, cached);
    }
    return cached;
  }

  /** An exchange arrived. */
  begin({ row }: IndexedExchange, title: () => string): void {
    const session = this.session(row.session, row.at);
    const { row: sum } = session;
    session.changed = true;
    if (sum.exchanges === 0 && !sum.renamed) sum.title = title();
    sum.exchanges++;
    sum.openCount++;
    sum.open = true;
    sum.lastAt = row.at;
    sum.agent ||= row.agent;
    sum.strongest = stronger(sum.strongest, row.strongest);
    if (row.model !== undefined && !sum.models.includes(row.model)) sum.models.push(row.model);
    if (!sum.connections.includes(row.connection)) sum.connections.push(row.connection);
    for (const [entity, count] of Object.entries(row.findings)) sum.findings[entity] = (sum.findings[entity] ?? 0) + count;
  }

  /** Keeps an exchange as it is now. */
  save(exchange: IndexedExchange): void {
    const { n, row } = exchange;
    if (!exchange.changed) return;
    exchange.changed = false;
    if (exchange.stored) {
      // It may wait to be written still.
      this.writeExchanges();
      this.s.saveExchange.run(row.open ? 1 : 0, JSON.stringify(row), row.id);
    } else {
      exchange.stored = true;
      const session = this.session(row.session, row.at).n;
      this.newExchanges.push(
        n,
        row.id,
        session,
        row.open ? 1 : 0,
        row.firstSequence,
        exchange.segment,
        exchange.offset,
        JSON.stringify(row),
      );
      this.newPlaces.push(n, session, Date.parse(row.at));
      this.tags.add(n, arrivalTags(row));
    }
  }

  /** An exchange ended. `text`: what full text search finds it by; undefined when its session was forgotten. */
  end(exchange: IndexedExchange, text: string | undefined): void {
    const { n, row } = exchange;
    this.save(exchange);
    const session = this.session(row.session, row.at);
    const { row: sum } = session;
    session.changed = true;
    sum.openCount--;
    sum.open = sum.openCount > 0;
    if (sum.lastAt < row.lastAt) sum.lastAt = row.lastAt;
    sum.strongest = stronger(sum.strongest, row.strongest);
    sum.inputTokens += row.inputTokens;
    sum.outputTokens += row.outputTokens;
    if (row.outcome === 'interrupted') sum.interrupted++;
    for (const tool of row.tools) if (!sum.tools.includes(tool)) sum.tools.push(tool);
    this.tags.add(n, endTags(row));
    if (text === undefined) return;
    this.newWords.push([n, text]);
    this.textSize += text.length;
    if (this.textSize > MOST_TEXT) this.writeWords();
  }

  label(session: string, line: LedgerLine, title: string | undefined): void {
    const cached = this.session(session, line.at);
    applyLabel(cached.row, line.meta);
    if (title !== undefined) {
      cached.row.title = title;
      cached.row.renamed = true;
    }
    cached.changed = true;
  }

  note(session: string, line: LedgerLine, text: string | undefined): void {
    this.s.note.run(line.seq, this.session(session, line.at).n, line.at, String(line.meta['person'] ?? ''), text ?? '');
  }

  /** Removes everything that came out of the session's content. */
  forget(session: string): void {
    this.flush();
    const stored = this.s.session.get(session) as { n: number } | undefined;
    if (!stored) return;
    setMeta(this.db, UNWIPED, 'begin');
    const cached = this.session(session, '');
    cached.row.title = '';
    cached.row.forgotten = true;
    cached.changed = true;
    const own = this.db.prepare('SELECT n FROM exchanges WHERE session = ? ORDER BY n').all(stored.n) as { n: number }[];
    for (const [block, exchanges] of byBlock(own.map(({ n }) => n))) deleteWords(this.db, block, exchanges);
    this.db.prepare('DELETE FROM blind WHERE session = ?').run(stored.n);
    this.db.prepare("UPDATE notes SET text = '' WHERE session = ?").run(stored.n);
  }

  /** Removes what lay in segments that retention took away. */
  removeSegments(segments: number[]): void {
    this.flush();
    if (segments.length === 0) return;
    setMeta(this.db, UNWIPED, 'begin');
    const marks = segments.map(() => '?').join(',');
    // One after the other: exchanges of a segment follow one another, and there is no index that only this would need.
    const gone = this.db.prepare(`SELECT n, session, row FROM exchanges WHERE segment IN (${marks})`).all(...segments) as {
      n: number;
      session: number;
      row: string;
    }[];
    this.tags.remove(gone.map(({ n, row }) => ({ n, row: JSON.parse(row) as ExchangeFold })));
    for (const { n } of gone) for (const table of ['places', 'exchanges']) this.db.prepare(`DELETE FROM ${table} WHERE n = ?`).run(n);
    for (const [block, exchanges] of byBlock(gone.map(({ n }) => n))) {
      const left = this.db.prepare('SELECT 1 FROM places WHERE n >= ? AND n < ? LIMIT 1').get(block * BLOCK, (block + 1) * BLOCK);
      if (left) deleteWords(this.db, block, exchanges);
      else {
        dropShelf(this.db, block);
        dropTags(this.db, block);
      }
    }
    this.db.prepare(`DELETE FROM marks WHERE segment IN (${marks})`).run(...segments);
    for (const session of new Set(gone.map((row) => row.session))) {
      if (this.db.prepare('SELECT 1 FROM exchanges WHERE session = ? LIMIT 1').get(session)) continue;
      for (const table of ['notes', 'blind']) this.db.prepare(`DELETE FROM ${table} WHERE session = ?`).run(session);
      this.db.prepare('DELETE FROM sessions WHERE n = ?').run(session);
      this.made--;
    }
    this.sessions = new Map();
  }

  /** Writes what was gathered. */
  flush(): void {
    this.writeExchanges();
    this.insert('INSERT OR REPLACE INTO marks VALUES', 3, this.newMarks);
    this.newMarks = [];
    this.tags.flush();
    this.writeWords();
    for (const cached of this.sessions.values()) {
      const { n, row, changed } = cached;
      if (changed) this.s.saveSession.run(Date.parse(row.lastAt) || 0, row.starred ? 1 : 0, JSON.stringify(row), n);
      cached.changed = false;
    }
    if (this.made !== 0) setMeta(this.db, 'sessions', Number(getMeta(this.db, 'sessions') ?? 0) + this.made);
    this.made = 0;
  }

  private writeExchanges(): void {
    // An id that comes a second time is the same exchange, told anew.
    const again = 'ON CONFLICT (id) DO UPDATE SET open = excluded.open, row = excluded.row';
    this.insert('INSERT INTO exchanges (n, id, session, open, first_seq, segment, offset, row) VALUES', 8, this.newExchanges, again);
    this.newExchanges = [];
    this.insert('INSERT OR REPLACE INTO places VALUES', 3, this.newPlaces);
    const spans = new Map<number, [number, number]>();
    for (let i = 0; i < this.newPlaces.length; i += 3) {
      const [span, at] = [Math.floor(this.newPlaces[i]! / SPAN), this.newPlaces[i + 2]!];
      const [first, last] = spans.get(span) ?? [at, at];
      spans.set(span, [Math.min(first, at), Math.max(last, at)]);
    }
    for (const [span, [first, last]] of spans) this.s.span.run(span, first, last);
    this.newPlaces = [];
  }

  private writeWords(): void {
    this.newWords.sort(([a], [b]) => a - b);
    let block = -1;
    let values: (string | number)[] = [];
    const write = (): void => {
      if (values.length === 0) return;
      makeShelf(this.db, block);
      this.insert(`INSERT INTO ${shelf(block)} (rowid, text) VALUES`, 2, values);
      values = [];
    };
    for (const [n, text] of this.newWords) {
      if (blockOf(n) !== block) write();
      block = blockOf(n);
      values.push(n, text);
    }
    write();
    this.newWords = [];
    this.textSize = 0;
  }

  /** Inserts rows of `width` values each, many with one statement. */
  private insert(sql: string, width: number, values: readonly (string | number)[], end = ''): void {
    for (let at = 0; at < values.length; ) {
      const left = (values.length - at) / width;
      const rows = left >= AT_ONCE ? AT_ONCE : left >= 8 ? 8 : 1;
      const text = `${sql} ${Array.from({ length: rows }, () => `(${Array(width).fill('?').join(',')})`).join(',')} ${end}`;
      // Statements for shelves that are full are not needed again.
      if (this.many.size > 64) this.many.clear();
      let statement = this.many.get(text);
      if (!statement) this.many.set(text, (statement = this.db.prepare(text)));
      statement.run(values.slice(at, at + rows * width) as never);
      at += rows * width;
    }
  }
}

function byBlock(exchanges: readonly number[]): Map<number, number[]> {
  const blocks = new Map<number, number[]>();
  for (const n of exchanges) {
    const list = blocks.get(blockOf(n));
    if (list) list.push(n);
    else blocks.set(blockOf(n), [n]);
  }
  return blocks;
}

function newRow(id: string, at: string): StoredSession {
  return {
    ...emptyRow(id, at),
    openCount: 0,
    renamed: false,
    segments: [0, 0],
  };
}
