import { rmSync } from 'node:fs';
import Database from 'libsql';

export type Db = InstanceType<typeof Database>;

/** Raised when the shape of the index changes: an older index is built anew. */
const VERSION = 4;

/** Exchanges of one row of `spans`, which says between which times they arrived: a date bounds a search without looking at each. */
export const BLOCK = 1024;

export const SCHEMA = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sessions (
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, last_ms INTEGER NOT NULL, starred INTEGER NOT NULL DEFAULT 0, row TEXT NOT NULL
);
CREATE INDEX sessions_last ON sessions (last_ms DESC, n DESC);
CREATE TABLE exchanges (
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, session INTEGER NOT NULL, open INTEGER NOT NULL,
  first_seq INTEGER NOT NULL, segment INTEGER NOT NULL, offset INTEGER NOT NULL, row TEXT NOT NULL
);
CREATE INDEX exchanges_session ON exchanges (session, n);
CREATE INDEX exchanges_seq ON exchanges (first_seq);
CREATE INDEX exchanges_open ON exchanges (first_seq) WHERE open = 1;
CREATE TABLE places (n INTEGER PRIMARY KEY, session INTEGER NOT NULL, at_ms INTEGER NOT NULL);
CREATE TABLE spans (block INTEGER PRIMARY KEY, first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL);
CREATE TABLE notes (seq INTEGER PRIMARY KEY, session INTEGER NOT NULL, at TEXT NOT NULL, person TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX notes_session ON notes (session);
CREATE TABLE marks (seq INTEGER PRIMARY KEY, segment INTEGER NOT NULL, offset INTEGER NOT NULL);
CREATE TABLE tag_names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, uses INTEGER NOT NULL DEFAULT 0);
CREATE TABLE tags (tag INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (tag, n)) WITHOUT ROWID;
CREATE TABLE blind (hash TEXT NOT NULL, session INTEGER NOT NULL, PRIMARY KEY (hash, session)) WITHOUT ROWID;
CREATE INDEX blind_session ON blind (session);
CREATE VIRTUAL TABLE words USING fts5 (text, content='', contentless_delete=1, detail=full, tokenize="unicode61 remove_diacritics 2");
INSERT INTO words (words, rank) VALUES ('hashsize', 8388608);
INSERT INTO words (words, rank) VALUES ('automerge', 8);
INSERT INTO words (words, rank) VALUES ('crisismerge', 64);
INSERT INTO meta VALUES ('version', '${VERSION}');
`;

const PRAGMAS =
  'PRAGMA synchronous = NORMAL; PRAGMA secure_delete = FAST; PRAGMA cache_size = -48000; PRAGMA wal_autocheckpoint = 4000; PRAGMA busy_timeout = 5000;';
/** Another process is at it: wait, and never take it for damage. */
const BUSY = /locked|busy/i;
const PATIENCE_MS = 20_000;

/**
 * Opens the index, encrypted with `key` (hex). What cannot be opened, or has another shape, is removed and begun anew:
 * the index is derived and never needed for correctness. Blocks its thread while another process makes the index.
 */
export function openIndex(path: string, key: string): Db {
  const until = Date.now() + PATIENCE_MS;
  let removed = false;
  for (;;) {
    let db: Db | undefined;
    try {
      db = new Database(path, { encryptionKey: key, encryptionCipher: 'aes256cbc', timeout: 5000 } as never);
      db.exec(PRAGMAS);
      const { journal_mode: mode } = db.prepare('PRAGMA journal_mode').get() as { journal_mode: string };
      if (mode !== 'wal') db.exec('PRAGMA journal_mode = WAL');
      if (!isMade(db)) make(db);
      if (getMeta(db, 'version') === String(VERSION)) return db;
      throw new Error('the index has another shape');
    } catch (error) {
      db?.close();
      if (BUSY.test((error as Error).message)) {
        if (Date.now() > until) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
        continue;
      }
      if (removed) throw error;
      removed = true;
      removeIndex(path);
    }
  }
}

const isMade = (db: Db): boolean =>
  (db.prepare("SELECT count(*) AS c FROM sqlite_master WHERE name = 'meta'").get() as { c: number }).c > 0;

function make(db: Db): void {
  db.exec('BEGIN IMMEDIATE');
  // Somebody else may have been quicker.
  if (!isMade(db)) db.exec(SCHEMA);
  db.exec('COMMIT');
}

/** Stands in `meta` from a deletion until nothing of it is left in the file; a crash in between is made good. */
export const UNWIPED = 'unwiped';
/** Pages that one statement merges: a few milliseconds. */
const MERGED_PAGES = 64;

/**
 * Makes sure that what a person wanted gone is in no page of the file: full text search only marks what was deleted, until its
 * segments are merged, and merging leaves old pages free but not empty. Works until a time (milliseconds since the epoch); it may
 * take many calls. True: nothing is left to do. Not within a transaction.
 */
export function wipeDeleted(db: Db, until: number): boolean {
  const state = getMeta(db, UNWIPED);
  if (state === undefined) return true;
  const merge = db.prepare("INSERT INTO words (words, rank) VALUES ('merge', ?)");
  const changes = (): number => (db.prepare('SELECT total_changes() AS c').get() as { c: number }).c;
  if (state !== 'merging') {
    // Below zero: begins to merge all there is into one.
    merge.run(-MERGED_PAGES);
    setMeta(db, UNWIPED, 'merging');
  }
  for (let before = changes(); ; before = changes()) {
    merge.run(MERGED_PAGES);
    // By the documentation of FTS5: fewer than two changes mean that there was nothing to do.
    if (changes() - before < 2) break;
    if (Date.now() > until) return false;
  }
  emptyFreePages(db);
  return true;
}

/** Takes all free pages, fills them with zeros, and gives them back. */
function emptyFreePages(db: Db): void {
  const number = (name: string): number => Object.values(db.prepare(`PRAGMA ${name}`).get() as Record<string, number>)[0]!;
  const free = number('freelist_count');
  const page = number('page_size');
  db.exec('BEGIN IMMEDIATE');
  try {
    db.exec('CREATE TABLE wipe (zeros BLOB)');
    const fill = db.prepare('INSERT INTO wipe VALUES (zeroblob(?))');
    for (let left = (free + 1) * page; left > 0; left -= 1 << 24) fill.run(Math.min(left, 1 << 24));
    db.exec('DROP TABLE wipe');
    db.prepare('DELETE FROM meta WHERE name = ?').run(UNWIPED);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}

export function removeIndex(path: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
}

export function getMeta(db: Db, name: string): string | undefined {
  return (db.prepare('SELECT value FROM meta WHERE name = ?').get(name) as { value: string } | undefined)?.value;
}

export function setMeta(db: Db, name: string, value: string | number): void {
  db.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value').run(name, String(value));
}
