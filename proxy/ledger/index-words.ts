import { type Db, getMeta, prepared, setMeta } from './index-db.js';

/*
 * Full text search lies in one table a block of exchanges ("shelf"). What one table of all would cost grows with the ledger: merging its
 * parts, a beginning of a word (all its words' exchanges are put together before the first is known), wiping what was deleted.
 */

export const shelf = (block: number): string => `words_${block}`;

/** Makes the table of a block where it is not there yet; the one before is full now, and may be tidied up. Within a transaction. */
export function makeShelf(db: Db, block: number): void {
  if (prepared(db, 'SELECT 1 FROM shelves WHERE block = ?').get(block)) return;
  const name = shelf(block);
  db.exec(`
CREATE VIRTUAL TABLE ${name} USING fts5 (text, content='', contentless_delete=1, detail=full, tokenize="unicode61 remove_diacritics 2");
INSERT INTO ${name} (${name}, rank) VALUES ('hashsize', 8388608);
INSERT INTO ${name} (${name}, rank) VALUES ('automerge', 8);
INSERT INTO ${name} (${name}, rank) VALUES ('crisismerge', 32);
INSERT INTO shelves VALUES (${block}, NULL);
UPDATE shelves SET untidy = 'begin' WHERE block = ${block - 1};`);
}

/** Removes a block's table, with all that is in it. Within a transaction. */
export function dropShelf(db: Db, block: number): void {
  setMeta(db, UNWIPED, 'begin');
  db.exec(`DROP TABLE IF EXISTS ${shelf(block)}; DELETE FROM shelves WHERE block = ${block}`);
}

/** Deletes what was indexed of some exchanges of a block. Within a transaction. */
export function deleteWords(db: Db, block: number, exchanges: readonly number[]): void {
  setMeta(db, UNWIPED, 'begin');
  if (!prepared(db, 'SELECT 1 FROM shelves WHERE block = ?').get(block)) return;
  const remove = db.prepare(`DELETE FROM ${shelf(block)} WHERE rowid = ?`);
  for (const n of exchanges) remove.run(n);
  prepared(db, "UPDATE shelves SET untidy = 'begin' WHERE block = ?").run(block);
}

/** Stands in `meta` from a deletion until nothing of it is left in the file; a crash in between is made good. */
export const UNWIPED = 'unwiped';
/** Pages that one statement merges: a few milliseconds. */
const MERGED_PAGES = 64;

/**
 * Merges the parts of shelves that are full, or that something was deleted from, into one each: a word is looked for once a part.
 * It also makes sure that what a person wanted gone is in no page of the file: full text search only marks what was deleted, until its
 * parts are merged, and merging leaves old pages free but not empty. Works until a time (milliseconds since the epoch); it may
 * take many calls. True: nothing is left to do. Not within a transaction.
 */
export function tidy(db: Db, until: number): boolean {
  const next = prepared(db, 'SELECT block, untidy FROM shelves WHERE untidy IS NOT NULL ORDER BY block LIMIT 1');
  for (let found = next.get(); found; found = next.get()) {
    const { block, untidy } = found as { block: number; untidy: string };
    if (!mergeShelf(db, block, untidy, until)) return false;
  }
  if (getMeta(db, UNWIPED) !== undefined) emptyFreePages(db);
  return true;
}

function mergeShelf(db: Db, block: number, state: string, until: number): boolean {
  const name = shelf(block);
  const merge = db.prepare(`INSERT INTO ${name} (${name}, rank) VALUES ('merge', ?)`);
  const changes = (): number => (prepared(db, 'SELECT total_changes() AS c').get() as { c: number }).c;
  if (state !== 'merging') {
    // Below zero: begins to merge all there is into one.
    merge.run(-MERGED_PAGES);
    prepared(db, "UPDATE shelves SET untidy = 'merging' WHERE block = ?").run(block);
  }
  for (let before = changes(); ; before = changes()) {
    merge.run(MERGED_PAGES);
    // By the documentation of FTS5: fewer than two changes mean that there was nothing to do.
    if (changes() - before < 2) break;
    if (Date.now() > until) return false;
  }
  // Another process may have deleted more meanwhile.
  prepared(db, "UPDATE shelves SET untidy = NULL WHERE block = ? AND untidy = 'merging'").run(block);
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
    db.prepare('DELETE FROM meta WHERE name = ? AND NOT EXISTS (SELECT 1 FROM shelves WHERE untidy IS NOT NULL)').run(UNWIPED);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}
