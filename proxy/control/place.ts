import { createHash, randomBytes } from 'node:crypto';
import { accessSync, chmodSync, constants, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SallyportError } from '../contract/index.js';

export const TOKEN_FILE = 'control.json';

/** A path of a Unix socket may have 104 bytes (macOS) or 108 (Linux), the terminator included. */
const MAX_SOCKET_PATH = 100;

/** Where the control socket of one data directory belongs: the runtime directory of the user, the data directory, or a private temporary one. */
export function socketPlace(directory: string, env: NodeJS.ProcessEnv = process.env): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\sallyport-${randomBytes(16).toString('hex')}`;
  const mark = createHash('sha256').update(directory).digest('hex').slice(0, 12);
  const runtime = env['XDG_RUNTIME_DIR'];
  if (runtime !== undefined && writable(runtime)) {
    const path = join(runtime, 'sallyport', `${mark}.sock`);
    if (Buffer.byteLength(path) <= MAX_SOCKET_PATH) return privateFolder(path, join(runtime, 'sallyport'));
  }
  const inside = join(directory, 'control.sock');
  if (Buffer.byteLength(inside) <= MAX_SOCKET_PATH) return inside;
  const folder = join(tmpdir(), `sallyport-${process.getuid?.() ?? 0}`);
  return privateFolder(join(folder, `${mark}.sock`), folder);
}

function writable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Makes the folder ours alone, or refuses: in a shared temporary directory somebody else may have made it first. */
function privateFolder(path: string, folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || (process.getuid !== undefined && stat.uid !== process.getuid())) {
    throw new SallyportError('forbidden', `${folder} belongs to somebody else; remove it or set XDG_RUNTIME_DIR.`);
  }
  if ((stat.mode & 0o077) !== 0) chmodSync(folder, 0o700);
  return path;
}
