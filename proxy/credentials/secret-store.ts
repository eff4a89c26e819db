import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SallyportError, type SecretStore } from '../contract/index.js';
import { ensurePrivateDirectory, readIfThere, writePrivateFile } from '../settings/index.js';
import { type EncryptedFileOptions, openEncryptedFileStore } from './encrypted-file-store.js';
import { keyOfFile } from './key-file.js';
import { keychainState as askKeychain, type KeychainState } from './keychain-state.js';
import { createKeychainStore } from './keychain-store.js';
import { PASSPHRASE_LOG_N, stretch } from './passphrase.js';

/*
 * Which store a data directory uses is decided once and remembered beside it: with a keychain that is merely locked today, a
 * fall-back to a file would silently begin with new seal and vault keys. A remembered keychain that cannot be reached gives a
 * store whose calls fail (keychain_unavailable), and recording waits for it.
 */

/** What a person has agreed to; nothing here is assumed. */
export interface SecretConsent {
  /** A key file of the person's choosing (0600; made when it is not there). `SALLYPORT_KEY_FILE` says the same. */
  keyFile?: string;
  /** A passphrase, asked at start. */
  passphrase?: () => Promise<string>;
  /** A throw-away directory (demo, tests): a key file inside it counts as agreed, and the OS keychain is left alone. */
  throwAway?: boolean;
}

export interface SecretStoreOptions {
  directory: string;
  env: Record<string, string | undefined>;
  consent?: SecretConsent;
  platform?: NodeJS.Platform;
  /** Cost of the passphrase; lower only in tests. */
  passphraseLogN?: number;
  keychainState?: () => Promise<KeychainState>;
  keychainDeadlineMs?: number;
}

type Kind = 'keychain' | 'systemd' | 'key-file' | 'passphrase' | 'unprotected-file';

interface Choice {
  version: 1;
  kind: Kind;
  /** Keeps the keychain entries of two data directories apart. */
  instance: string;
  keyFile?: string;
  salt?: string;
  logN?: number;
}

/**
 * The store for our own secrets and provider keys: a systemd credential (`sallyport-key` in `$CREDENTIALS_DIRECTORY`), an agreed
 * key file or passphrase, the OS keychain, or else an unprotected file that takes our own secrets alone.
 * @throws SallyportError keychain_unavailable: the remembered way cannot be gone (no passphrase given, key file gone or readable by others)
 */
export async function createSecretStore(options: SecretStoreOptions): Promise<SecretStore> {
  const { directory } = options;
  await ensurePrivateDirectory(directory);
  const path = join(directory, 'secret-store.json');
  const remembered = await readChoice(path);
  const choice = remembered ?? (await choose(options));
  const store = await open(choice, options);
  if (remembered === undefined) await writePrivateFile(path, `${JSON.stringify(choice, null, 2)}\n`);
  return store;
}

async function choose(options: SecretStoreOptions): Promise<Choice> {
  const { env, consent = {}, directory } = options;
  const base = { version: 1 as const, instance: randomBytes(6).toString('hex') };
  if (consent.throwAway) return { ...base, kind: 'key-file', keyFile: join(directory, 'throw-away.key') };
  if (systemdKey(env) !== undefined) return { ...base, kind: 'systemd' };
  const keyFile = consent.keyFile ?? env['SALLYPORT_KEY_FILE'];
  if (keyFile) return { ...base, kind: 'key-file', keyFile };
  if (consent.passphrase) {
    return { ...base, kind: 'passphrase', salt: randomBytes(16).toString('base64url'), logN: options.passphraseLogN ?? PASSPHRASE_LOG_N };
  }
  const state = await (options.keychainState ?? (() => askKeychain({ env, platform: options.platform ?? process.platform })))();
  // Locked with a display: the person is asked by the desktop. Locked without one: nobody can answer.
  const reachable = state === 'unlocked' || (state === 'locked' && Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']));
  return { ...base, kind: reachable ? 'keychain' : 'unprotected-file' };
}

async function open(choice: Choice, options: SecretStoreOptions): Promise<SecretStore> {
  const file = (kind: EncryptedFileOptions['kind'], key: Uint8Array, guarded: boolean, acceptsProviderKeys: boolean) =>
    openEncryptedFileStore({ path: join(options.directory, 'secrets.json'), key, kind, protected: guarded, acceptsProviderKeys });
  switch (choice.kind) {
    case 'keychain':
      return createKeychainStore({
        service: `sallyport-${choice.instance}`,
        ...(options.platform === undefined ? {} : { platform: options.platform }),
        ...(options.keychainDeadlineMs === undefined ? {} : { deadlineMs: options.keychainDeadlineMs }),
      });
    case 'systemd': {
      const key = systemdKey(options.env);
      if (key === undefined)
        throw missing('the systemd credential "sallyport-key" (LoadCredential= or LoadCredentialEncrypted= of the unit)');
      return file('systemd', await keyOfFile(key, false), true, true);
    }
    case 'key-file': {
      const keyFile = options.consent?.keyFile ?? options.env['SALLYPORT_KEY_FILE'] ?? choice.keyFile!;
      const begun = (await readIfThere(join(options.directory, 'secrets.json'))) !== undefined;
      return file('key-file', await keyOfFile(keyFile, !begun), true, options.consent?.throwAway === true);
    }
    case 'passphrase': {
      if (options.consent?.passphrase === undefined) throw missing('the passphrase');
      const salt = Buffer.from(choice.salt!, 'base64url');
      return file('passphrase', await stretch(await options.consent.passphrase(), salt, choice.logN!), true, true);
    }
    case 'unprotected-file': {
      const begun = (await readIfThere(join(options.directory, 'secrets.json'))) !== undefined;
      return file('unprotected-file', await keyOfFile(join(options.directory, 'unprotected.key'), !begun), false, false);
    }
  }
}

function systemdKey(env: Record<string, string | undefined>): string | undefined {
  const directory = env['CREDENTIALS_DIRECTORY'];
  if (!directory) return undefined;
  const path = join(directory, 'sallyport-key');
  return existsSync(path) ? path : undefined;
}

async function readChoice(path: string): Promise<Choice | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    const choice = JSON.parse(text) as Choice;
    if (choice.version !== 1 || !/^[0-9a-f]{12}$/.test(choice.instance)) throw new Error('not a choice');
    return choice;
  } catch (cause) {
    throw new SallyportError(
      'keychain_unavailable',
      `${path} cannot be read, so it is not known where the secrets are. Restore it from a backup.`,
      { cause },
    );
  }
}

function missing(what: string): SallyportError {
  return new SallyportError('keychain_unavailable', `The secrets of this data directory are protected by ${what}, which was not given.`);
}
