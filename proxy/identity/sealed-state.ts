import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ensurePrivateDirectory, writePrivateFile } from '../settings/index.js';
import { sameSecret } from './keys.js';

/** A small value that outlives the process. Reading what is missing, damaged or forged gives undefined. */
export interface State<T> {
  read(): Promise<T | undefined>;
  write(value: T): Promise<void>;
}

/**
 * A JSON file with an HMAC-SHA256 over its text. What stands in such files is no secret, but it decides who is let in (key sets
 * of issuers, groups of owners): without the MAC whoever can write the file could add a signing key of their own.
 * `purpose` binds a file to its use, so that one cannot be put in the place of another.
 */
export function sealedFile<T>(path: string, purpose: string, key: () => Promise<string>): State<T> {
  const mac = async (text: string) =>
    createHmac('sha256', await key())
      .update(`${purpose}\n${text}`)
      .digest('base64url');
  let queue: Promise<unknown> = Promise.resolve();
  return {
    async read() {
      try {
        const { text, seal } = JSON.parse(await readFile(path, 'utf8')) as { text: string; seal: string };
        return sameSecret(seal, await mac(text)) ? (JSON.parse(text) as T) : undefined;
      } catch {
        return undefined;
      }
    },
    write(value) {
      const run = queue.then(async () => {
        const text = JSON.stringify(value);
        await ensurePrivateDirectory(dirname(path));
        await writePrivateFile(path, JSON.stringify({ text, seal: await mac(text) }));
      });
      queue = run.catch(() => undefined);
      return run;
    },
  };
}
