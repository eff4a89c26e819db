import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { BlindLine } from './blind.js';
import { type Db, getMeta, setMeta } from './index-db.js';

/** Bytes that are taken in at once. */
const MOST = 4 << 20;

/**
 * Takes new lines of `vault/values.jsonl` into the blind index. A file that was written anew (a purge) is read anew.
 * True: all that could be taken was; false: call again.
 */
export function indexValues(db: Db, path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return true;
  if (getMeta(db, 'values_file') === String(found.ino) && getMeta(db, 'values_offset') === String(found.size)) return true;
  const fd = openSync(path, 'r');
  try {
    const { size, ino } = fstatSync(fd);
    const same = getMeta(db, 'values_file') === String(ino);
    let offset = same ? Number(getMeta(db, 'values_offset') ?? 0) : 0;
    if (same && size === offset) return true;
    db.exec('BEGIN IMMEDIATE');
    try {
      if (!same || size < offset) {
        db.exec('DELETE FROM blind');
        offset = 0;
      }
      let bytes = Buffer.alloc(Math.min(size - offset, MOST));
      readSync(fd, bytes, 0, bytes.length, offset);
      if (!bytes.includes(10)) {
        // One line that is longer than that.
        bytes = Buffer.alloc(size - offset);
        readSync(fd, bytes, 0, bytes.length, offset);
      }
      const end = bytes.lastIndexOf(10) + 1;
      const number = db.prepare('SELECT n FROM sessions WHERE id = ?');
      const add = db.prepare('INSERT OR IGNORE INTO blind VALUES (?, ?)');
      let taken = 0;
      for (const text of bytes.toString('utf8', 0, end).split(/(?<=\n)/)) {
        const line = parse(text);
        const session = line && (number.get(line.session) as { n: number } | undefined);
        // The session's first record may not be indexed yet: stop here and come again.
        if (line && !session) break;
        for (const hash of line?.hashes ?? []) add.run(hash, session!.n);
        taken += Buffer.byteLength(text);
      }
      setMeta(db, 'values_file', ino);
      setMeta(db, 'values_offset', offset + taken);
      db.exec('COMMIT');
      return taken < end || offset + bytes.length >= size;
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  } finally {
    closeSync(fd);
  }
}

function parse(text: string): BlindLine | undefined {
  try {
    return JSON.parse(text) as BlindLine;
  } catch {
    return undefined;
  }
}
