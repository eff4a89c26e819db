import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { Clock, SecretStore } from '../contract/index.js';
import { isoNow } from './batch.js';
import { Chain } from './chain.js';
import { type FilePort, realFiles } from './file-port.js';
import { clearForgetting, finishForgetting } from './forget.js';
import { type Head, type HeadCopies, HeadKeeper, readHeads } from './heads.js';
import { masterKey } from './keys.js';
import { takeLockSoon } from './lock.js';
import { ledgerPaths } from './paths.js';
import { recover } from './recover.js';
import { keyIdOf, loadSealer, nextSealer } from './seal.js';
import { SessionKeys } from './session-keys.js';
import { Tail } from './tail.js';
import { Writer } from './writer.js';

export interface LedgerOptions {
  /** The data directory: it holds `ledger/`, `keys/`, `heads.jsonl`, `index.db` and `vault/`. */
  directory: string;
  secrets: SecretStore;
  clock: Clock;
  /** A segment is sealed and the next begun when it reaches this size in bytes. */
  segmentBytes: number;
  /** Further copies of the signed head. */
  heads?: HeadCopies;
  /** Told when a head or a copy of it could not be kept, and with undefined when it can be again. */
  onHeadProblem?: (problem: string | undefined) => void;
  /** The disk; a test hands in a failing one. */
  file?: FilePort;
}

/**
 * Opens the ledger for writing: takes the lock, repairs a torn end, ends what a crash left open, and goes on with the chain.
 * @throws SallyportError conflict when another process writes to it, and still does after two seconds
 */
export async function openLedger(options: LedgerOptions): Promise<Writer> {
  const { directory, secrets, clock, segmentBytes } = options;
  const files = options.file ?? realFiles;
  const paths = ledgerPaths(directory);
  mkdirSync(paths.segments, { recursive: true, mode: 0o700 });
  mkdirSync(paths.keys, { recursive: true, mode: 0o700 });
  const release = await takeLockSoon(paths.lock);
  let tail: Tail | undefined;
  try {
    const master = (await masterKey(secrets, true))!;
    const newest = readHeads(paths.heads).reduce<Head | undefined>(
      (most, { head }) => (most && most.seq > head.seq ? most : head),
      undefined,
    );
    const found = await recover(paths.segments, newest, files);
    const sealer = await loadSealer(secrets, found?.publicKey);
    const chain = found?.chain ?? new Chain(randomBytes(16).toString('hex'));
    const segment = found?.segment ?? 1;
    tail = new Tail(paths.segments, files, segment, found?.size ?? 0, () => clock.monotonic());
    const at = isoNow(clock);
    const mono = Math.round(clock.monotonic() * 1000) / 1000;
    let text = '';
    if (!found) text += chain.addHeader(at, mono, segment, sealer);
    else if (found.publicKey !== sealer.publicKey) {
      // The old key is gone from the SecretStore: said openly, and named by `verify`.
      const meta = { publicKey: sealer.publicKey, key: sealer.keyId, by: null, lost: keyIdOf(found.publicKey) };
      text += chain.addSigned({ at, mono, kind: 'key', meta }, sealer);
    }
    if (found && !found.closed) {
      const open = [...chain.open.keys()];
      const meta = { why: 'crash', interrupted: open.length, ...(found.torn ? { torn: found.torn } : {}) };
      text += chain.add({ at, mono, kind: 'recovery', meta });
      for (const exchange of open) text += chain.addInterrupted(exchange, at, mono, 'crash');
    }
    const unfinished = finishForgetting(directory);
    for (const { session, person } of unfinished) {
      text += chain.addSigned({ at, mono, kind: 'forget', session, meta: { person, finished: true } }, sealer);
    }
    const end = tail;
    if (text) await new Promise<void>((resolve, reject) => end.write(Buffer.from(text), (error) => (error ? reject(error) : resolve())));
    await tail.syncNow();
    if (unfinished.length > 0) clearForgetting(directory);
    await files.syncDirectory(paths.segments);
    const heads = new HeadKeeper(
      paths.heads,
      chain.ledger,
      sealer,
      files,
      () => isoNow(clock),
      options.heads,
      undefined,
      options.onHeadProblem,
    );
    heads.synced(chain.sequence, chain.hash);
    return new Writer({
      tail,
      chain,
      keys: new SessionKeys(paths.keys, master, files),
      sealer,
      heads,
      clock,
      segmentBytes,
      newSealer: () => nextSealer(secrets),
      release,
    });
  } catch (error) {
    tail?.close();
    release();
    throw error;
  }
}
