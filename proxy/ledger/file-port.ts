import {
  closeSync,
  existsSync,
  fdatasync,
  fstatSync,
  fsync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  unlinkSync,
  write,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** One open segment. Positions are bytes from its start. */
export interface LedgerFile {
  /** Writes all of `bytes`, on the caller's thread. @throws the system's error (ENOSPC, EIO, EROFS …); part may have been written. */
  writeSync(bytes: Buffer, position: number): void;
  /** Writes all of `bytes` in the thread pool. */
  write(bytes: Buffer, position: number, done: (error: Error | null) => void): void;
  /** Makes what was written durable. */
  datasync(done: (error: Error | null) => void): void;
  truncate(size: number): void;
  size(): number;
  close(): void;
}

export interface WholeFile {
  path: string;
  bytes: string | Uint8Array;
  /** Whoever reads it knows a torn one: then a new file is written in its place, which costs one commit of the file system less. */
  mayTear?: boolean;
}

/** The disk as the ledger's writer sees it: a parameter, so that tests can let it be full, broken, read-only or slow. */
export interface FilePort {
  /** Opens for reading and writing, creates when absent. */
  open(path: string): LedgerFile;
  /** Replaces small files, each as a whole, durable when it resolves; each directory is synced once. Mode 0600. */
  writeAll(files: readonly WholeFile[]): Promise<void>;
  /** Appends to a small file; not synced. Mode 0600. */
  append(path: string, text: string): Promise<void>;
  /** Makes names in a directory durable. */
  syncDirectory(path: string): Promise<void>;
}

class RealFile implements LedgerFile {
  constructor(private readonly fd: number) {}

  writeSync(bytes: Buffer, position: number): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.fd, bytes, at, bytes.length - at, position + at);
  }

  write(bytes: Buffer, position: number, done: (error: Error | null) => void): void {
    const step = (at: number): void => {
      write(this.fd, bytes, at, bytes.length - at, position + at, (error, written) => {
        if (error) done(error);
        else if (at + written < bytes.length) step(at + written);
        else done(null);
      });
    };
    step(0);
  }

  datasync(done: (error: Error | null) => void): void {
    fdatasync(this.fd, done);
  }

  truncate(size: number): void {
    ftruncateSync(this.fd, size);
  }

  size(): number {
    return fstatSync(this.fd).size;
  }

  close(): void {
    closeSync(this.fd);
  }
}

let unique = 0;

async function replace({ path, bytes }: WholeFile): Promise<void> {
  const temporary = `${path}.${process.pid}.${++unique}.tmp`;
  await make(temporary, bytes);
  try {
    renameSync(temporary, path);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  }
}

/** A new file, durable but for its name; it is removed again when that fails. */
async function make(path: string, bytes: string | Uint8Array): Promise<void> {
  const fd = openMaking(path);
  try {
    try {
      new RealFile(fd).writeSync(Buffer.from(bytes), 0);
      await synced(fd, fdatasync);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    unlinkSync(path);
    throw error;
  }
}

const synced = (fd: number, sync: typeof fdatasync): Promise<void> =>
  new Promise((resolve, reject) => sync(fd, (error) => (error ? reject(error) : resolve())));

/** Opens a file that must not be there; makes its directory where that is not there either. */
function openMaking(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, 'wx', 0o600);
  }
}

/** The real disk. */
export const realFiles: FilePort = {
  open: (path) => {
    try {
      return new RealFile(openSync(path, 'r+'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return new RealFile(openSync(path, 'wx+', 0o600));
    }
  },
  async writeAll(files) {
    // Small files go into the page cache on this thread; only the syncs are trips through the thread pool.
    const directories = (of: readonly WholeFile[]): Promise<unknown> =>
      Promise.all([...new Set(of.map(({ path }) => dirname(path)))].map((directory) => this.syncDirectory(directory)));
    const inPlace = files.filter(({ path, mayTear }) => mayTear && !existsSync(path));
    const others = files.filter((file) => !inPlace.includes(file));
    // All have ended when this does: one that fails later must not take away what the next try wrote.
    const ended = await Promise.allSettled([
      // Made before the directory is synced: `make` runs up to its own sync at once.
      ...inPlace.map(({ path, bytes }) => make(path, bytes)),
      directories(inPlace),
      Promise.all(others.map(replace)).then(() => directories(others)),
    ]);
    const failed = ended.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  },
  async append(path, text) {
    const file = await open(path, 'a', 0o600);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
  },
  async syncDirectory(path) {
    // Windows cannot sync a directory and needs not: NTFS journals names.
    if (process.platform === 'win32') return;
    const fd = openSync(path, 'r');
    try {
      await synced(fd, fsync);
    } finally {
      closeSync(fd);
    }
  },
};
