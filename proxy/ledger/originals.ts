import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, SecretStore } from '../contract/index.js';
import { type BlindLine, blindHashes } from './blind.js';
import { type FilePort, realFiles } from './file-port.js';
import { derivedKey, masterKey, openBytes, sealBytes } from './keys.js';
import { notRecording, reasonOf } from './not-recording.js';
import { ledgerPaths, sessionFileName } from './paths.js';
import type { OriginalEntry, Originals } from './types.js';
import { VaultSaves } from './vault-saves.js';

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

/** Undefined: torn. A power cut came before anybody was told that these values are kept, so nothing that needs them was sent. */
const parse = (text: string): VaultFile | undefined => (text.endsWith('}\n') ? (JSON.parse(text) as VaultFile) : undefined);

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
  const open = new Map<string, Map<string, OriginalEntry>>();
  const saves = new VaultSaves(files, values);
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
    const file = parse(text);
    if (!file) return [];
    const key = openBytes(wrapping, Buffer.from(file.key, 'base64'), `vault-key ${session}`);
    const data = key && openBytes(key, Buffer.from(file.data, 'base64'), `vault ${session}`);
    if (!data) throw new Error(`the vault file of session ${session} cannot be opened: it was changed, or its key is another`);
    return JSON.parse(data.toString('utf8')) as OriginalEntry[];
  }

  function sealed(session: string, entries: OriginalEntry[]): string {
    const random = randomBytes(56);
    const key = random.subarray(0, 32);
    const file: VaultFile = {
      session,
      savedAt: new Date(clock.now()).toISOString(),
      key: sealBytes(wrapping!, random.subarray(32, 44), key, `vault-key ${session}`).toString('base64'),
      data: sealBytes(key, random.subarray(44), Buffer.from(JSON.stringify(entries)), `vault ${session}`).toString('base64'),
    };
    return `${JSON.stringify(file)}\n`;
  }

  /** The line by which the index finds the values, by their keyed hashes. Also of secrets that are never kept: they can be asked for. */
  function hashLine(session: string, entries: readonly OriginalEntry[]): string {
    const known = hashed.get(session) ?? new Set();
    hashed.set(session, known);
    if (hashed.size > 1024) hashed.delete(hashed.keys().next().value!);
    const fresh = [...new Set(entries.flatMap(({ value }) => blindHashes(blindKey!, value)))].filter((hash) => !known.has(hash));
    if (fresh.length === 0) return '';
    for (const hash of fresh) known.add(hash);
    return `${JSON.stringify({ session, hashes: fresh } satisfies BlindLine)}\n`;
  }

  async function unhashValues(gone: ReadonlySet<string>): Promise<void> {
    const text = await readFile(values, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    const kept = text.split('\n').filter((line) => line !== '' && !gone.has((JSON.parse(line) as BlindLine).session));
    if (text !== '') await files.writeAll([{ path: values, bytes: kept.map((line) => `${line}\n`).join('') }]);
    for (const session of gone) hashed.delete(session);
  }

  /** The session's entries by placeholder, read once. */
  async function entriesOf(session: string): Promise<Map<string, OriginalEntry>> {
    const known = open.get(session);
    if (known) return known;
    const stored = await read(session);
    const entries = open.get(session) ?? new Map(stored.map((entry) => [entry.placeholder, entry]));
    open.set(session, entries);
    if (open.size > 512) {
      for (const old of open.keys()) {
        if (old === session || saves.owes(pathOf(old)) || saves.pending(pathOf(old))) continue;
        open.delete(old);
        break;
      }
    }
    return entries;
  }

  const vault: Originals = {
    enabled,
    async add(session, entries) {
      if (!enabled) return;
      const list = [...entries];
      const kept = await entriesOf(session);
      const path = pathOf(session);
      let news = saves.owes(path);
      for (const { placeholder, entity, value, reversible } of list) {
        if (!reversible || kept.has(placeholder)) continue;
        kept.set(placeholder, { placeholder, entity, value, reversible });
        news = true;
      }
      const line = hashLine(session, list);
      const text = news ? () => sealed(session, [...kept.values()]) : undefined;
      const saved = text || line !== '' ? saves.save(path, line, text) : undefined;
      await Promise.all([saved, saves.pending(path)]).catch((error: Error) => {
        throw notRecording(reasonOf(error));
      });
    },
    async load(session) {
      return enabled ? [...(await entriesOf(session)).values()] : [];
    },
    async purge(session) {
      open.delete(session);
      await saves.purge(pathOf(session), async () => {
        rmSync(pathOf(session), { force: true });
        if (enabled) await unhashValues(new Set([session]));
      });
    },
    async purgeOlderThan(time) {
      if (!enabled) return 0;
      let purged = 0;
      for (const name of readdirSync(directory).filter((n) => n.endsWith('.vault'))) {
        const file = parse(await readFile(join(directory, name), 'utf8'));
        if (!file) rmSync(join(directory, name));
        if (!file || Date.parse(file.savedAt) >= time) continue;
        await vault.purge(file.session);
        purged++;
      }
      return purged;
    },
  };
  return vault;
}
