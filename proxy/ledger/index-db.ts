import { rmSync } from 'node:fs';
import Database from 'libsql';

export type Db = InstanceType<typeof Database>;

/** Raised when the shape of the index changes: an older index is built anew. */
const VERSION = 2;

const SCHEMA = `
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
CREATE TABLE notes (seq INTEGER PRIMARY KEY, session INTEGER NOT NULL, at TEXT NOT NULL, person TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX notes_session ON notes (session);
CREATE TABLE marks (seq INTEGER PRIMARY KEY, segment INTEGER NOT NULL, offset INTEGER NOT NULL);
CREATE TABLE tag_names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, uses INTEGER NOT NULL DEFAULT 0);
CREATE TABLE tags (tag INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (tag, n)) WITHOUT ROWID;
CREATE INDEX tags_n ON tags (n);
CREATE TABLE blind (hash TEXT NOT NULL, session INTEGER NOT NULL, PRIMARY KEY (hash, session)) WITHOUT ROWID;
CREATE INDEX blind_session ON blind (session);
CREATE VIRTUAL TABLE words USING fts5 (text, content='', contentless_delete=1, detail=full, tokenize="unicode61 remove_diacritics 2");
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
INSERT INTO meta VALUES ('version', '${VERSION}');
`;

/**
 * Opens the index, encrypted with `key` (hex). What cannot be opened, or has another shape, is removed and begun anew:
 * the index is derived and never needed for correctness.
 */
export function openIndex(path: string, key: string): Db {
  for (let attempt = 0; ; attempt++) {
    let db: Db | undefined;
    try {
      db = new Database(path, { encryptionKey: key, encryptionCipher: 'aes256cbc', timeout: 5000 } as never);
      db.exec(
        'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON; PRAGMA cache_size = -48000; PRAGMA busy_timeout = 5000;',
      );
      const has = db.prepare("SELECT count(*) AS c FROM sqlite_master WHERE name = 'meta'").get() as { c: number };
      if (has.c === 0) db.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT;`);
      if (getMeta(db, 'version') === String(VERSION)) return db;
      throw new Error('the index has another shape');
    } catch (error) {
      db?.close();
      // Another process may be making it at this moment: look once more before it is thrown away.
      if (attempt >= 2) throw error;
      if (attempt === 1) removeIndex(path);
    }
  }
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
