import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, SecretStore } from '../contract/index.js';
import { type BlindLine, blindHashes } from './blind.js';
import { type FilePort, realFiles } from './file-port.js';
import { derivedKey, masterKey, openBytes, sealBytes } from './keys.js';
import { ledgerPaths, sessionFileName } from './paths.js';
import type { OriginalEntry, Originals } from './types.js';

/*
 * Power here: these files hold the very values that masking keeps from everybody. Each session's file is AES-256-GCM under a
 * key of its own, which lies in the file wrapped by a key of the SecretStore; file and session are bound together, so that one
 * session's file cannot pass as another's. Irreversible secrets never come here. Without a protected SecretStore the vault
 * stays off, unless a person consented. A program of the same user that can read the keychain can read the vault.
 */

export const VAULT_SECRET = 'vault-key';

interface VaultFile {
  session: string;
  savedAt: string;
  /** Data key, wrapped. */
  key: string;
  data: string;
}

/** The vault of originals. `consented`: a person accepted that keys are unprotected here. */
export async function createOriginals(options: {
  directory: string;
  secrets: SecretStore;
  clock: Clock;
  consented?: boolean;
  file?: FilePort;
}): Promise<Originals> {
  const { secrets, clock } = options;
  const files = options.file ?? realFiles;
  const directory = ledgerPaths(options.directory).vault;
  const enabled = secrets.protected || options.consented === true;
  const wrapping = enabled ? (await masterKey(secrets, true, VAULT_SECRET))! : undefined;
  const blindKey = wrapping && derivedKey(wrapping, 'values');
  const values = ledgerPaths(options.directory).values;
  /** Hashes already written for a session by this process. */
  const hashed = new Map<string, Set<string>>();
  if (enabled) mkdirSync(directory, { recursive: true, mode: 0o700 });
  const open = new Map<string, { entries: Map<string, OriginalEntry>; saving: Promise<void>; dirty: boolean }>();
  const pathOf = (session: string): string => join(directory, `${sessionFileName(session)}.vault`);

  async function read(session: string): Promise<OriginalEntry[]> {
    if (!wrapping || !existsSync(pathOf(session))) return [];
    let text: string;
    try {
      text = await readFile(pathOf(session), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
    const file = JSON.parse(text) as VaultFile;
    const key = openBytes(wrapping, Buffer.from(file.key, 'base64'), `vault-key ${session}`);
    const data = key && openBytes(key, Buffer.from(file.data, 'base64'), `vault ${session}`);
    if (!data) throw new Error(`the vault file of session ${session} cannot be opened: it was changed, or its key is another`);
    return JSON.parse(data.toString('utf8')) as OriginalEntry[];
  }

  async function write(session: string, entries: OriginalEntry[]): Promise<void> {
    const key = randomBytes(32);
    const file: VaultFile = {
      session,
      savedAt: new Date(clock.now()).toISOString(),
      key: sealBytes(wrapping!, randomBytes(12), key, `vault-key ${session}`).toString('base64'),
      data: sealBytes(key, randomBytes(12), Buffer.from(JSON.stringify(entries)), `vault ${session}`).toString('base64'),
    };
    await files.writeWhole(pathOf(session), `${JSON.stringify(file)}\n`);
  }

  /** Puts the values' keyed hashes where the index finds them. Also of secrets that are never kept: they can be asked for. */
  async function hashValues(session: string, entries: readonly OriginalEntry[]): Promise<void> {
    const known = hashed.get(session) ?? new Set();
    hashed.set(session, known);
    if (hashed.size > 1024) hashed.delete(hashed.keys().next().value!);
    const fresh = [...new Set(entries.flatMap(({ value }) => blindHashes(blindKey!, value)))].filter((hash) => !known.has(hash));
    if (fresh.length === 0) return;
    for (const hash of fresh) known.add(hash);
    await files.append(values, `${JSON.stringify({ session, hashes: fresh } satisfies BlindLine)}\n`);
  }

  async function unhashValues(gone: ReadonlySet<string>): Promise<void> {
    const text = await readFile(values, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    const kept = text.split('\n').filter((line) => line !== '' && !gone.has((JSON.parse(line) as BlindLine).session));
    if (text !== '') await files.writeWhole(values, kept.map((line) => `${line}\n`).join(''));
    for (const session of gone) hashed.delete(session);
  }

  async function state(session: string) {
    let found = open.get(session);
    if (!found) {
      const entries = new Map((await read(session)).map((entry) => [entry.placeholder, entry]));
      found = open.get(session) ?? { entries, saving: Promise.resolve(), dirty: false };
      open.set(session, found);
      if (open.size > 512) {
        for (const [old, other] of open) {
          if (old === session || other.dirty) continue;
          open.delete(old);
          break;
        }
      }
    }
    return found;
  }

  const vault: Originals = {
    enabled,
    async add(session, entries) {
      if (!enabled) return;
      const list = [...entries];
      await hashValues(session, list);
      const found = await state(session);
      let news = false;
      for (const { placeholder, entity, value, reversible } of list) {
        if (!reversible || found.entries.has(placeholder)) continue;
        found.entries.set(placeholder, { placeholder, entity, value, reversible });
        news = true;
      }
      if (!news && !found.dirty) return found.saving;
      found.dirty = true;
      // Adds that come while a save runs share the next one.
      found.saving = found.saving
        .catch(() => {})
        .then(async () => {
          if (!found.dirty) return;
          found.dirty = false;
          try {
            await write(session, [...found.entries.values()]);
          } catch (error) {
            found.dirty = true;
            throw error;
          }
        });
      return found.saving;
    },
    async load(session) {
      return enabled ? [...(await state(session)).entries.values()] : [];
    },
    async purge(session) {
      const found = open.get(session);
      open.delete(session);
      await found?.saving.catch(() => {});
      rmSync(pathOf(session), { force: true });
      if (enabled) await unhashValues(new Set([session]));
    },
    async purgeOlderThan(time) {
      if (!enabled) return 0;
      let purged = 0;
      for (const name of readdirSync(directory).filter((n) => n.endsWith('.vault'))) {
        const file = JSON.parse(await readFile(join(directory, name), 'utf8')) as VaultFile;
        if (Date.parse(file.savedAt) >= time) continue;
        await vault.purge(file.session);
        purged++;
      }
      return purged;
    },
  };
  return vault;
}
