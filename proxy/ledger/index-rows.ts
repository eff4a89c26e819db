import { type ExchangeFold, stronger } from './fold.js';
import type { Db } from './index-db.js';
import type { LedgerLine } from './line.js';
import { TAG_KINDS, type TagKind } from './search.js';
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

/** Statements that change the index. All within the caller's transaction. */
export class IndexRows {
  private sessions = new Map<string, CachedSession>();
  private readonly tagIds = new Map<string, number>();
  private readonly s;

  constructor(private readonly db: Db) {
    this.s = {
      session: db.prepare('SELECT n, row FROM sessions WHERE id = ?'),
      addSession: db.prepare('INSERT INTO sessions (id, last_ms, row) VALUES (?, ?, ?)'),
      saveSession: db.prepare('UPDATE sessions SET last_ms = ?, starred = ?, row = ? WHERE n = ?'),
      addExchange: db.prepare('INSERT INTO exchanges (id, session, open, first_seq, segment, offset, row) VALUES (?, ?, 1, ?, ?, ?, ?)'),
      place: db.prepare('INSERT OR REPLACE INTO places VALUES (?, ?, ?)'),
      saveExchange: db.prepare('UPDATE exchanges SET open = ?, row = ? WHERE n = ?'),
      exchange: db.prepare('SELECT n, open FROM exchanges WHERE id = ?'),
      mark: db.prepare('INSERT OR REPLACE INTO marks VALUES (?, ?, ?)'),
      tagId: db.prepare('SELECT id FROM tag_names WHERE name = ?'),
      addTag: db.prepare('INSERT INTO tag_names (name) VALUES (?)'),
      useTag: db.prepare('UPDATE tag_names SET uses = uses + 1 WHERE id = ?'),
      tag: db.prepare('INSERT OR IGNORE INTO tags VALUES (?, ?)'),
      words: db.prepare('INSERT OR REPLACE INTO words (rowid, text) VALUES (?, ?)'),
      note: db.prepare('INSERT OR REPLACE INTO notes VALUES (?, ?, ?, ?, ?)'),
    };
  }

  clear(): void {
    this.sessions = new Map();
  }

  oldestOpen(): { first_seq: number; segment: number; offset: number } | undefined {
    return this.db.prepare('SELECT first_seq, segment, offset FROM exchanges WHERE open = 1 ORDER BY first_seq LIMIT 1').get() as never;
  }

  exchangeNumber(id: string): number | undefined {
    return (this.s.exchange.get(id) as { n: number } | undefined)?.n;
  }

  isOpen(id: string): boolean {
    return (this.s.exchange.get(id) as { open: number } | undefined)?.open === 1;
  }

  mark(seq: number, segment: number, offset: number): void {
    this.s.mark.run(seq, segment, offset);
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
        cached = { n: Number(this.s.addSession.run(id, Date.parse(at), JSON.stringify(row)).lastInsertRowid), row, changed: true };
      }
      this.sessions.set(id, cached);
    }
    return cached;
  }

  /** An exchange arrived. Returns its number. */
  begin(row: ExchangeFold, segment: number, offset: number, title: () => string): number {
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
    const { id, at, firstSequence } = row;
    // An id that comes a second time is the same exchange, told anew.
    const again = this.exchangeNumber(id);
    const n = again ?? Number(this.s.addExchange.run(id, session.n, firstSequence, segment, offset, JSON.stringify(row)).lastInsertRowid);
    this.s.place.run(n, session.n, Date.parse(at));
    this.tag(n, 'agent', row.agent);
    this.tag(n, 'model', row.model);
    this.tag(n, 'connection', row.connection);
    this.tag(n, 'operation', row.operation);
    for (const entity of Object.keys(row.findings)) this.tag(n, 'finding', entity);
    return n;
  }

  saveExchange(n: number, row: ExchangeFold): void {
    this.s.saveExchange.run(row.open ? 1 : 0, JSON.stringify(row), n);
  }

  /** An exchange ended. `text`: what full text search finds it by; undefined when its session was forgotten. */
  end(n: number, row: ExchangeFold, text: string | undefined): void {
    this.saveExchange(n, row);
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
    for (const tool of row.tools) {
      if (!sum.tools.includes(tool)) sum.tools.push(tool);
      this.tag(n, 'tool', tool);
    }
    this.tag(n, 'outcome', row.outcome);
    this.tag(n, 'verdict', row.strongest);
    for (const rule of row.rules) this.tag(n, 'rule', rule);
    if (text !== undefined) this.s.words.run(n, text);
  }

  private tag(n: number, kind: TagKind, value: string | undefined): void {
    if (!value) return;
    const name = `${TAG_KINDS[kind]}:${value}`;
    let id = this.tagIds.get(name);
    if (id === undefined) {
      const stored = this.s.tagId.get(name) as { id: number } | undefined;
      id = stored?.id ?? Number(this.s.addTag.run(name).lastInsertRowid);
      this.tagIds.set(name, id);
    }
    this.s.tag.run(id, n);
    this.s.useTag.run(id);
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
    const stored = this.s.session.get(session) as { n: number } | undefined;
    if (!stored) return;
    const cached = this.session(session, '');
    cached.row.title = '';
    cached.row.forgotten = true;
    cached.changed = true;
    this.db.prepare('DELETE FROM words WHERE rowid IN (SELECT n FROM exchanges WHERE session = ?)').run(stored.n);
    this.db.prepare('DELETE FROM blind WHERE session = ?').run(stored.n);
    this.db.prepare("UPDATE notes SET text = '' WHERE session = ?").run(stored.n);
  }

  /** Removes what lay in segments that retention took away. */
  removeSegments(segments: number[]): void {
    this.flush();
    const marks = segments.map(() => '?').join(',');
    if (segments.length === 0) return;
    const gone = this.db.prepare(`SELECT n, session FROM exchanges WHERE segment IN (${marks})`).all(...segments) as {
      n: number;
      session: number;
    }[];
    for (const { n } of gone) {
      this.db.prepare('DELETE FROM words WHERE rowid = ?').run(n);
      this.db.prepare('DELETE FROM tags WHERE n = ?').run(n);
      this.db.prepare('DELETE FROM places WHERE n = ?').run(n);
      this.db.prepare('DELETE FROM exchanges WHERE n = ?').run(n);
    }
    this.db.prepare(`DELETE FROM marks WHERE segment IN (${marks})`).run(...segments);
    for (const session of new Set(gone.map((row) => row.session))) {
      if (this.db.prepare('SELECT 1 FROM exchanges WHERE session = ? LIMIT 1').get(session)) continue;
      for (const table of ['notes', 'blind']) this.db.prepare(`DELETE FROM ${table} WHERE session = ?`).run(session);
      this.db.prepare('DELETE FROM sessions WHERE n = ?').run(session);
    }
    this.clear();
  }

  /** Writes the sessions that changed. */
  flush(): void {
    for (const { n, row, changed } of this.sessions.values()) {
      if (changed) this.s.saveSession.run(Date.parse(row.lastAt) || 0, row.starred ? 1 : 0, JSON.stringify(row), n);
    }
    this.clear();
  }
}

function newRow(id: string, at: string): StoredSession {
  return {
    ...emptyRow(id, at),
    openCount: 0,
    renamed: false,
    segments: [0, 0],
  };
}
