import { closeSync, fsyncSync, ftruncateSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { SallyportError } from '../contract/index.js';
import { type FilePort, realFiles } from './file-port.js';
import { ledgerPaths, sessionFileName } from './paths.js';
import { shredSessionKey } from './slot-file.js';
import type { LedgerReader, LedgerWriter, Originals } from './types.js';

export interface ForgetOptions {
  directory: string;
  writer: LedgerWriter;
  reader: LedgerReader;
  originals?: Originals;
  session: string;
  /** Who wants it, as the record names them. */
  person: string;
  reason?: string;
  file?: FilePort;
}

/**
 * Makes a session's content unreadable for ever: its key is shredded, its originals and what the index drew from its content
 * are removed. The encrypted lines stay, so the chain still verifies; a signed record says that it was forgotten, and by whom.
 * A crash in the middle is finished at the next start. @throws SallyportError not_found, conflict (open exchanges, legal hold)
 */
export async function forgetSession(options: ForgetOptions): Promise<{ session: string; exchanges: number }> {
  const { directory, writer, reader, session, person } = options;
  const files = options.file ?? realFiles;
  const detail = await reader.session(session);
  if (!detail) throw new SallyportError('not_found', `There is no session ${session}.`);
  if (detail.legalHold) throw new SallyportError('conflict', `Session ${session} is under legal hold; lift it first.`);
  if (detail.open) throw new SallyportError('conflict', `Session ${session} has an open exchange; wait until it has ended.`);
  const { keys } = ledgerPaths(directory);
  const marker = join(keys, 'forgetting', sessionFileName(session));
  await files.writeAll([{ path: marker, bytes: JSON.stringify({ session, person }) }]);
  const meta = { person, exchanges: detail.exchanges, ...(options.reason ? { reason: options.reason } : {}) };
  await writer.record([{ kind: 'forget', session, meta }], 'synced');
  writer.forgetKeys(session);
  shredSessionKey(keys, session);
  await options.originals?.purge(session);
  rmSync(marker, { force: true });
  // The index reads the record and drops its rows.
  await reader.session(session);
  return { session, exchanges: detail.exchanges };
}

/** Overwrites and removes. On disks that write elsewhere (flash, snapshots) old blocks may last; then the key is still wrapped by the master key. */
export function shred(path: string): void {
  try {
    const { size } = statSync(path);
    const fd = openSync(path, 'r+');
    try {
      writeSync(fd, Buffer.alloc(size), 0, size, 0);
      fsyncSync(fd);
      ftruncateSync(fd, 0);
    } finally {
      closeSync(fd);
    }
    rmSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Sessions whose forgetting a crash interrupted. Their keys and vault files are removed; the caller records it. */
export function finishForgetting(directory: string): { session: string; person: string }[] {
  const paths = ledgerPaths(directory);
  const place = join(paths.keys, 'forgetting');
  let names: string[];
  try {
    names = readdirSync(place);
  } catch {
    return [];
  }
  return names
    .filter((name) => !name.endsWith('.tmp'))
    .map((name) => {
      const { session, person } = JSON.parse(readFileSync(join(place, name), 'utf8')) as { session: string; person: string };
      shredSessionKey(paths.keys, session);
      shred(join(paths.vault, `${sessionFileName(session)}.vault`));
      return { session, person };
    });
}

/** The forgetting is on record; its markers may go. */
export function clearForgetting(directory: string): void {
  rmSync(join(ledgerPaths(directory).keys, 'forgetting'), { recursive: true, force: true });
}
