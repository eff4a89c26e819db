import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { SallyportError, type SecretStore } from '../contract/index.js';
import { readIfThere, writePrivateFile } from '../settings/index.js';

interface Kept {
  version: 1;
  kind: string;
  /** name → base64 of nonce (12), tag (16), ciphertext. */
  entries: Record<string, string>;
}

/** Says whether the key is the right one before anything is written with another. */
const CHECK = '.check';

export interface EncryptedFileOptions {
  path: string;
  /** Any length; the file's own key is derived from it by HKDF-SHA256. */
  key: Uint8Array;
  kind: 'systemd' | 'key-file' | 'passphrase' | 'unprotected-file';
  protected: boolean;
  acceptsProviderKeys: boolean;
}

export interface EncryptedFileStore extends SecretStore {
  /** What is in it, for moving to another store. */
  names(): string[];
}

/**
 * Secrets in one file, each encrypted with AES-256-GCM and bound to its name. How well they are protected is how well the key is.
 * @throws SallyportError keychain_unavailable when the file was made with another key (wrong passphrase)
 */
export async function openEncryptedFileStore(options: EncryptedFileOptions): Promise<EncryptedFileStore> {
  const key = new Uint8Array(hkdfSync('sha256', options.key, new Uint8Array(), 'sallyport secrets 1', 32));
  const entries = await readEntries(options);
  const check = entries.get(CHECK);
  if (check !== undefined) {
    try {
      open(key, CHECK, check);
    } catch (cause) {
      throw new SallyportError('keychain_unavailable', `${options.path} was written with another ${words(options.kind)}.`, { cause });
    }
  }
  let queue: Promise<void> = Promise.resolve();
  const write = (change: () => void) => {
    const turn = queue.then(async () => {
      change();
      if (!entries.has(CHECK)) entries.set(CHECK, seal(key, CHECK, 'ok'));
      const kept: Kept = { version: 1, kind: options.kind, entries: Object.fromEntries(entries) };
      await writePrivateFile(options.path, `${JSON.stringify(kept, null, 1)}\n`);
    });
    queue = turn.catch(() => undefined);
    return turn;
  };
  return {
    kind: options.kind,
    protected: options.protected,
    acceptsProviderKeys: options.acceptsProviderKeys,
    names: () => [...entries.keys()].filter((name) => name !== CHECK),
    async get(name) {
      const entry = entries.get(name);
      return entry === undefined ? undefined : open(key, name, entry);
    },
    set: (name, value) => write(() => void entries.set(name, seal(key, name, value))),
    delete: async (name) => {
      if (entries.has(name)) await write(() => void entries.delete(name));
    },
  };
}

async function readEntries({ path }: EncryptedFileOptions): Promise<Map<string, string>> {
  const text = await readIfThere(path);
  if (text === undefined) return new Map();
  try {
    const kept = JSON.parse(text) as Kept;
    if (kept.version !== 1) throw new Error(`version ${kept.version}`);
    return new Map(Object.entries(kept.entries));
  } catch (cause) {
    // Beginning anew would lose the seal and vault keys without a word.
    throw new SallyportError(
      'keychain_unavailable',
      `${path} cannot be read. Restore it from a backup, or remove it to begin with new keys.`,
      { cause },
    );
  }
}

function seal(key: Uint8Array, name: string, value: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name));
  const text = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64');
}

function open(key: Uint8Array, name: string, entry: string): string {
  const bytes = Buffer.from(entry, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 }).setAAD(Buffer.from(name));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
}

function words(kind: EncryptedFileOptions['kind']): string {
  return kind === 'passphrase' ? 'passphrase' : 'key';
}
