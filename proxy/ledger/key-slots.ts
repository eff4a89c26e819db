import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { FilePort, LedgerFile } from './file-port.js';
import { nonceSource, type SessionKey, sealBytes } from './keys.js';
import {
  capacityOf,
  checkOf,
  EMPTY,
  idOf,
  isTorn,
  NAME,
  nameOf,
  readWindow,
  SLOT,
  slotFiles,
  slotIn,
  USED,
  unwrap,
  WINDOW,
  windowOf,
} from './slot-file.js';

interface OpenSlots {
  number: number;
  /** For reading; the writer goes through the port. */
  fd: number;
  file: LedgerFile;
  /**
   * For each slot a number drawn from its session's id, 0 where it is free: a session that is new, as most are, needs no look at the
   * disk. A slot that was overwritten since (a forgotten session) still counts as taken until the next start.
   */
  tags: Uint32Array | undefined;
  /** Written to, and not yet synced. */
  unsynced: boolean;
}

/** Files up to this number are filled with zeros when they are made, so that a sync has no blocks to allocate, and have tags. */
const LAST_SMALL = 2;
const ZEROS = 256 << 10;

const tagOf = (slot: Buffer, at = 0): number => slot.readUInt32BE(at + 8) || 1;

function readTags(fd: number, number: number): Uint32Array {
  const slots = Buffer.alloc(capacityOf(number) * SLOT);
  readSync(fd, slots, 0, slots.length, 0);
  const tags = new Uint32Array(capacityOf(number));
  for (let i = 0; i < tags.length; i++) if (EMPTY.compare(slots, i * SLOT, i * SLOT + NAME) !== 0) tags[i] = tagOf(slots, i * SLOT);
  return tags;
}

/** The writer's door to the slots. */
export class KeySlots {
  private readonly open: OpenSlots[] = [];
  /** A slot file was made: its name is not durable yet. */
  private fresh = false;
  private readonly nonce = nonceSource();

  constructor(
    private readonly directory: string,
    private readonly master: Buffer,
    private readonly files: FilePort,
  ) {
    for (const number of slotFiles(directory)) this.open.push(this.opened(number));
  }

  /** The session's key, if it has one. @throws when there is one that this master key does not open */
  find(session: string): SessionKey | undefined {
    const id = idOf(session);
    for (const { fd, number, tags } of this.open) {
      const position = windowOf(id, number);
      if (tags && !has(tags, position, tagOf(id))) continue;
      const window = readWindow(fd, position);
      const at = slotIn(window, id);
      if (at < 0 || isTorn(window, at)) continue;
      const key = unwrap(window, at, this.master, session);
      // Never write over a key that is only locked: with another master key in the SecretStore it may come back.
      if (!key) throw new Error(`the key of session ${session} cannot be opened with the key in the secret store`);
      return key;
    }
    return undefined;
  }

  /** Writes keys of sessions that have none. Durable after {@link KeySlots.sync}. @throws the system's error */
  put(session: string, key: SessionKey): void {
    const id = idOf(session);
    const slot = Buffer.alloc(SLOT);
    id.copy(slot);
    sealBytes(this.master, this.nonce(), Buffer.concat([key.content, key.mask]), `session ${session}`).copy(slot, NAME);
    checkOf(slot).copy(slot, USED);
    for (const slots of this.open) {
      const at = placeFor(slots, id);
      if (at >= 0) return write(slots, slot, at);
    }
    const slots = this.made((this.open[0]?.number ?? 0) + 1);
    this.fresh = true;
    this.open.unshift(slots);
    write(slots, slot, windowOf(id, slots.number));
  }

  /** Resolves when every key put so far is durable. */
  async sync(): Promise<void> {
    await Promise.all(this.open.filter(({ unsynced }) => unsynced).map(syncFile));
    if (this.fresh) await this.files.syncDirectory(this.directory);
    this.fresh = false;
  }

  close(): void {
    for (const { fd, file } of this.open.splice(0)) {
      closeSync(fd);
      file.close();
    }
  }

  private opened(number: number): OpenSlots {
    const path = join(this.directory, nameOf(number));
    const file = this.files.open(path);
    const fd = openSync(path, 'r');
    return { number, file, fd, tags: number > LAST_SMALL ? undefined : readTags(fd, number), unsynced: false };
  }

  /** @throws the system's error, and the file is closed again */
  private made(number: number): OpenSlots {
    const slots = this.opened(number);
    if (number > LAST_SMALL) return slots;
    try {
      const zeros = Buffer.alloc(ZEROS);
      for (let at = slots.file.size(); at < capacityOf(number) * SLOT; at += ZEROS) slots.file.writeSync(zeros, at);
      return slots;
    } catch (error) {
      closeSync(slots.fd);
      slots.file.close();
      throw error;
    }
  }
}

function has(tags: Uint32Array, position: number, tag: number): boolean {
  const first = position / SLOT;
  for (let i = first; i < first + WINDOW; i++) if (tags[i] === tag) return true;
  return false;
}

/** Position for a session's key: its own slot, where a failed sync or a crash made us write it again; else a free one; -1: no room. */
function placeFor({ fd, number, tags }: OpenSlots, id: Buffer): number {
  const position = windowOf(id, number);
  if (tags && !has(tags, position, tagOf(id))) {
    const first = position / SLOT;
    const free = tags.subarray(first, first + WINDOW).indexOf(0);
    return free < 0 ? -1 : position + free * SLOT;
  }
  const window = readWindow(fd, position);
  const own = slotIn(window, id);
  const at = own >= 0 ? own : slotIn(window, EMPTY);
  return at < 0 ? -1 : position + at;
}

function write(slots: OpenSlots, slot: Buffer, position: number): void {
  slots.unsynced = true;
  slots.file.writeSync(slot, position);
  if (slots.tags) slots.tags[position / SLOT] = tagOf(slot);
}

function syncFile(slots: OpenSlots): Promise<void> {
  // At once, not when it is done: what is written meanwhile needs a sync of its own.
  slots.unsynced = false;
  return new Promise((resolve, reject) =>
    slots.file.datasync((error) => {
      if (error) slots.unsynced = true;
      error ? reject(error) : resolve();
    }),
  );
}
