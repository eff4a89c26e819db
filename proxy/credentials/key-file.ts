import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SallyportError } from '../contract/index.js';
import { createPrivateFile } from '../settings/index.js';

/**
 * Reads a small file that only its owner (this user, or root) may read. Checked on the open file, so that it cannot be swapped
 * between check and read.
 * @throws Error with a reason that quotes nothing of the content; ENOENT is passed on
 */
export async function readPrivateFile(path: string, maxBytes = 64 * 1024): Promise<Buffer> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw new Error('it is not a regular file');
    if (info.size > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`);
    if (process.platform !== 'win32') {
      if ((info.mode & 0o077) !== 0) throw new Error(`others may read it; run: chmod 600 '${path}'`);
      if (info.uid !== process.getuid!() && info.uid !== 0) throw new Error('it belongs to another user');
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/**
 * The key in a key file; a new one of 256 bits is made where there is none.
 * @throws SallyportError keychain_unavailable when it is there and cannot be trusted
 */
export async function keyOfFile(path: string, make = true): Promise<Uint8Array> {
  try {
    const key = await readPrivateFile(path);
    if (key.length < 16) throw new Error('it is too short to be a key');
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || !make) {
      const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      throw new SallyportError('keychain_unavailable', `The key file ${path} cannot be used: ${why}.`, { cause: error });
    }
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await createPrivateFile(path, randomBytes(32).toString('base64url'));
    return keyOfFile(path, false);
  }
}
