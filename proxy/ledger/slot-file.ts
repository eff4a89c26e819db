import { hash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openBytes, type SessionKey } from './keys.js';

/*
 * Where sessions' keys lie. What an attacker could do here: keep a key that was to be forgotten, or put one key in another's place.
 * A key stands wrapped (AES-256-GCM under the master key, bound to its session's id) in a slot of fixed size at a place that the id
 * decides, so that forgetting a session is overwriting one slot, and a new session costs one small write in a file that is synced
 * with the group, instead of a file of its own.
 */

/** Hash of the session's id (16 bytes), wrapped key (12 + 64 + 16), hash of both (16), zeros. Slots do not cross a disk's sector. */
export const SLOT = 128;
export const NAME = 16;
const WRAPPED = 92;
export const USED = NAME + WRAPPED;
/** A session's key lies in one of so many neighbouring slots. */
export const WINDOW = 16;
/** Slots of the first file; each further one has eight times as many. */
const FIRST = 4096;

export const capacityOf = (file: number): number => FIRST * 8 ** (file - 1);
export const nameOf = (file: number): string => `slots-${file}`;

/** Numbers of the slot files, newest first: most keys are in the largest. */
export function slotFiles(directory: string): number[] {
  try {
    return readdirSync(directory)
      .map((name) => Number(/^slots-(\d+)$/.exec(name)?.[1]))
      .filter((n) => n > 0)
      .sort((a, b) => b - a);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

export const idOf = (session: string): Buffer => Buffer.from(hash('sha256', `session ${session}`, 'hex'), 'hex').subarray(0, NAME);
export const checkOf = (slot: Buffer): Buffer => Buffer.from(hash('sha256', slot.subarray(0, USED), 'hex'), 'hex').subarray(0, NAME);
export const windowOf = (id: Buffer, file: number): number => (id.readUIntBE(0, 6) % (capacityOf(file) / WINDOW)) * WINDOW * SLOT;
export const EMPTY = Buffer.alloc(NAME);

export function readWindow(fd: number, position: number): Buffer {
  const window = Buffer.alloc(WINDOW * SLOT);
  readSync(fd, window, 0, window.length, position);
  return window;
}

/** Did a crash leave half a slot? Then its key was never used. */
export const isTorn = (window: Buffer, at: number): boolean =>
  checkOf(window.subarray(at)).compare(window, at + USED, at + USED + NAME) !== 0;

/** Position of a session's slot in a window; -1 when it is not there. */
export function slotIn(window: Buffer, id: Buffer): number {
  for (let at = 0; at < window.length; at += SLOT) if (id.compare(window, at, at + NAME) === 0) return at;
  return -1;
}

export function unwrap(window: Buffer, at: number, master: Buffer, session: string): SessionKey | undefined {
  const opened = openBytes(master, window.subarray(at + NAME, at + NAME + WRAPPED), `session ${session}`);
  return opened && { content: opened.subarray(0, 32), mask: opened.subarray(32) };
}

/** Reads a session's key; undefined when it is absent (forgotten), or cannot be opened with this master key. */
export function readSessionKey(directory: string, master: Buffer, session: string): SessionKey | undefined {
  const slots = new SlotReader(directory, master);
  try {
    return slots.find(session);
  } finally {
    slots.close();
  }
}

/** {@link readSessionKey} for many sessions at a time: the files are opened once. To be closed soon, so that new files are seen. */
export class SlotReader {
  private readonly files: { fd: number; number: number }[];

  constructor(
    directory: string,
    private readonly master: Buffer,
  ) {
    this.files = slotFiles(directory).map((number) => ({ fd: openSync(join(directory, nameOf(number)), 'r'), number }));
  }

  find(session: string): SessionKey | undefined {
    const id = idOf(session);
    for (const { fd, number } of this.files) {
      const window = readWindow(fd, windowOf(id, number));
      const at = slotIn(window, id);
      if (at >= 0) return unwrap(window, at, this.master, session);
    }
    return undefined;
  }

  close(): void {
    for (const { fd } of this.files) closeSync(fd);
  }
}

/** Overwrites a session's key with zeros, durably. On disks that write elsewhere (flash, snapshots) old blocks may last; there the key is still wrapped by the master key. */
export function shredSessionKey(directory: string, session: string): void {
  const id = idOf(session);
  for (const file of slotFiles(directory)) {
    const fd = openSync(join(directory, nameOf(file)), 'r+');
    try {
      const position = windowOf(id, file);
      const at = slotIn(readWindow(fd, position), id);
      if (at < 0) continue;
      writeSync(fd, Buffer.alloc(SLOT), 0, SLOT, position + at);
      fsyncSync(fd);
      return;
    } finally {
      closeSync(fd);
    }
  }
}
