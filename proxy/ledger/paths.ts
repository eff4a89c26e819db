import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where the ledger's things lie below the data directory. */
export const ledgerPaths = (data: string) => ({
  segments: join(data, 'ledger'),
  lock: join(data, 'ledger', 'lock'),
  keys: join(data, 'keys'),
  heads: join(data, 'heads.jsonl'),
  index: join(data, 'index.db'),
  vault: join(data, 'vault'),
  values: join(data, 'vault', 'values.jsonl'),
});

export const segmentName = (number: number): string => `${String(number).padStart(6, '0')}.jsonl`;

/** Numbers of the segments that exist, ascending. */
export function listSegments(directory: string): number[] {
  try {
    return readdirSync(directory)
      .map((name) => /^(\d{6,})\.jsonl$/.exec(name)?.[1])
      .filter((digits) => digits !== undefined)
      .map(Number)
      .sort((a, b) => a - b);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** A file name for a session id: the id itself where it is harmless, else its hash. */
export function sessionFileName(session: string): string {
  return /^[A-Za-z0-9_-]{1,80}$/.test(session) ? session : `x-${createHash('sha256').update(session).digest('hex')}`;
}
