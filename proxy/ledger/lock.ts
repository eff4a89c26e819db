import { linkSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { SallyportError } from '../contract/index.js';
import { ledgerPaths } from './paths.js';

const held = new Set<string>();

interface Holder {
  pid: number;
  /** Start of the process in the system's own count, where it can be read: a pid alone may have been given to another. */
  start: string;
}

function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; only nobody has asked for its exit code yet.
    return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

function alive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const start = startOf(holder.pid);
  return start === '' || holder.start === '' || start === holder.start;
}

function read(path: string): { text: string; holder: Holder } | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const holder = JSON.parse(text) as Holder;
    return { text, holder: Number.isInteger(holder.pid) ? holder : { pid: 0, start: '' } };
  } catch {
    return { text, holder: { pid: 0, start: '' } };
  }
}

/** Pid of the live process that writes to this ledger, if any. */
export function lockHolder(path: string): number | undefined {
  const found = read(path);
  if (!found || found.holder.pid === 0) return undefined;
  if (found.holder.pid === process.pid && !held.has(path)) return undefined;
  return alive(found.holder) ? found.holder.pid : undefined;
}

/**
 * Takes the one writer's lock of a ledger; the lock of a dead process is taken over.
 * @throws SallyportError conflict when a live process has it
 */
export function takeLock(path: string): () => void {
  const mine = JSON.stringify({ pid: process.pid, start: startOf(process.pid) });
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      // Written aside and linked, so that nobody can read a lock that is half written.
      const draft = `${path}.${process.pid}`;
      writeFileSync(draft, mine, { mode: 0o600 });
      try {
        linkSync(draft, path);
      } finally {
        unlinkSync(draft);
      }
      held.add(path);
      return () => {
        held.delete(path);
        if (read(path)?.text === mine) unlinkSync(path);
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = lockHolder(path);
    if (holder !== undefined) {
      throw new SallyportError('conflict', `Process ${holder} already records to this ledger; stop it first. One ledger has one writer.`, {
        details: { pid: holder },
      });
    }
    const stale = read(path);
    if (!stale) continue;
    const aside = `${path}.stale.${process.pid}`;
    try {
      renameSync(path, aside);
      // Somebody may have replaced the stale lock between our look and our rename: then give it back.
      if (readFileSync(aside, 'utf8') !== stale.text) linkSync(aside, path);
      unlinkSync(aside);
    } catch (error) {
      if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  throw new SallyportError('conflict', 'The lock of the ledger could not be taken; another process is starting.');
}

/** A gateway that was killed or told to stop is gone within this time (ms), as a rule. */
const GOING = 2_000;

/** {@link takeLock}, with patience for a gateway that is about to be gone: whoever starts it again need not know when. */
export async function takeLockSoon(path: string): Promise<() => void> {
  for (const until = performance.now() + GOING; ; await sleep(25)) {
    try {
      return takeLock(path);
    } catch (error) {
      if (!(error instanceof SallyportError) || performance.now() > until) throw error;
    }
  }
}

/**
 * Keeps every gateway off a data directory while something else works on it. Answers how to let go.
 * @throws SallyportError conflict when a gateway runs there
 */
export function lockLedger(directory: string): () => void {
  const { segments, lock } = ledgerPaths(directory);
  mkdirSync(segments, { recursive: true, mode: 0o700 });
  return takeLock(lock);
}
