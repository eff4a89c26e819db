import { rmSync } from 'node:fs';
import Database from 'libsql';

export type Db = InstanceType<typeof Database>;

/** Raised when the shape of the index changes: an older index is built anew. */
const VERSION = 6;

/** Exchanges of one row of `spans`, which says between which times they arrived: a date bounds a search without looking at each. */
export const SPAN = 1024;

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
CREATE TABLE spans (span INTEGER PRIMARY KEY, first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL);
CREATE TABLE notes (seq INTEGER PRIMARY KEY, session INTEGER NOT NULL, at TEXT NOT NULL, person TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX notes_session ON notes (session);
CREATE TABLE marks (seq INTEGER PRIMARY KEY, segment INTEGER NOT NULL, offset INTEGER NOT NULL);
CREATE TABLE tag_names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE tags (key INTEGER PRIMARY KEY, bits BLOB NOT NULL);
CREATE TABLE shelves (block INTEGER PRIMARY KEY, untidy TEXT);
CREATE TABLE blind (hash TEXT NOT NULL, session INTEGER NOT NULL, PRIMARY KEY (hash, session)) WITHOUT ROWID;
CREATE INDEX blind_session ON blind (session);
INSERT INTO meta VALUES ('version', '${VERSION}');
`;

const PRAGMAS =
  'PRAGMA synchronous = NORMAL; PRAGMA secure_delete = FAST; PRAGMA cache_size = -20000; PRAGMA wal_autocheckpoint = 4000; PRAGMA busy_timeout = 5000;';
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

export function removeIndex(path: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
}

export function getMeta(db: Db, name: string): string | undefined {
  return (prepared(db, 'SELECT value FROM meta WHERE name = ?').get(name) as { value: string } | undefined)?.value;
}

export function setMeta(db: Db, name: string, value: string | number): void {
  prepared(db, 'INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value').run(name, String(value));
}

/** A prepared statement, as far as it is used. */
export interface Statement {
  all(...values: unknown[]): unknown[];
  get(...values: unknown[]): unknown;
  run(...values: unknown[]): { changes: number; lastInsertRowid: number | bigint };
}

const known = new WeakMap<Db, Map<string, Statement>>();
const MOST_KEPT = 600;

/**
 * A statement, prepared once a connection. Only for such as are run to their end (`all`, `get`, `run`): one that is broken off holds
 * its view of the index until it is collected as garbage, and nothing can tidy the log up meanwhile.
 */
export function prepared(db: Db, sql: string): Statement {
  let statements = known.get(db);
  if (!statements || statements.size > MOST_KEPT) known.set(db, (statements = new Map()));
  let statement = statements.get(sql);
  if (!statement) statements.set(sql, (statement = db.prepare(sql) as unknown as Statement));
  return statement;
}
