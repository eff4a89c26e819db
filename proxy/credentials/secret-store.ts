import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SallyportError, type SecretStore } from '../contract/index.js';
import { ensurePrivateDirectory, readIfThere } from '../settings/index.js';
import { type Choice, claimChoice, forgetChoice, readChoice, replaceChoice } from './choice.js';
import { type EncryptedFileOptions, type EncryptedFileStore, openEncryptedFileStore } from './encrypted-file-store.js';
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

/**
 * The store for our own secrets and provider keys: a systemd credential (`sallyport-key` in `$CREDENTIALS_DIRECTORY`), an agreed
 * key file or passphrase, the OS keychain, or else an unprotected file that takes our own secrets alone.
 * @throws SallyportError keychain_unavailable: the remembered way cannot be gone (no passphrase given, key file gone or readable by others)
 */
export async function createSecretStore(options: SecretStoreOptions): Promise<SecretStore> {
  await ensurePrivateDirectory(options.directory);
  const remembered = await readChoice(options.directory);
  if (remembered !== undefined) return open(remembered, options);
  const choice = await choose(options);
  // Another process that begins at this moment may have chosen: then its choice holds.
  if (!(await claimChoice(options.directory, choice))) return createSecretStore(options);
  try {
    return await open(choice, options);
  } catch (error) {
    await forgetChoice(options.directory);
    throw error;
  }
}

/** How a data directory keeps its secrets; undefined when nothing was kept yet. @throws SallyportError keychain_unavailable */
export async function secretPlace(directory: string): Promise<string | undefined> {
  return (await readChoice(directory))?.kind;
}

/**
 * Moves the secrets of a data directory from a file to what is agreed to (or there) now: from the unprotected file to a keychain
 * that was installed since, to a passphrase, to a key file. Nothing is removed before everything was read back from the new place.
 * No gateway may run on the directory meanwhile. `previous` opens the old store where that needs another consent.
 * @throws SallyportError conflict: there is nothing better to move to, or the secrets are in the keychain; keychain_unavailable
 */
export async function moveSecrets(options: SecretStoreOptions, previous: SecretConsent = options.consent ?? {}): Promise<SecretStore> {
  const { directory } = options;
  const from = await readChoice(directory);
  if (from === undefined) return createSecretStore(options);
  const to = await choose(options);
  if (to.kind === 'unprotected-file')
    throw new SallyportError('conflict', 'There is no better place for the secrets: no keychain, key file or passphrase.');
  const old = await open(from, { ...options, consent: previous });
  if (!('names' in old)) throw new SallyportError('conflict', 'The secrets are in the keychain already.');
  const store = await open(to, options);
  for (const name of old.names()) {
    const value = await old.get(name);
    if (value !== undefined) await store.set(name, value);
    if ((await store.get(name)) !== value)
      throw new SallyportError('keychain_unavailable', 'The new place did not give back what was put there; nothing was moved.');
  }
  await replaceChoice(directory, to);
  await rm(fileOf(directory, from), { force: true });
  if (from.kind === 'unprotected-file') await rm(join(directory, UNPROTECTED_KEY), { force: true });
  return store;
}

const UNPROTECTED_KEY = 'unprotected.key';
const fileOf = (directory: string, choice: Choice) => join(directory, `secrets-${choice.instance}.json`);

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

async function open(choice: Choice, options: SecretStoreOptions): Promise<SecretStore | EncryptedFileStore> {
  const path = fileOf(options.directory, choice);
  const begun = (await readIfThere(path)) !== undefined;
  const file = (kind: EncryptedFileOptions['kind'], key: Uint8Array, guarded: boolean, acceptsProviderKeys: boolean) =>
    openEncryptedFileStore({ path, key, kind, protected: guarded, acceptsProviderKeys });
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
      return file('key-file', await keyOfFile(keyFile, !begun), true, options.consent?.throwAway === true);
    }
    case 'passphrase': {
      if (options.consent?.passphrase === undefined) throw missing('the passphrase');
      const salt = Buffer.from(choice.salt!, 'base64url');
      return file('passphrase', await stretch(await options.consent.passphrase(), salt, choice.logN!), true, true);
    }
    case 'unprotected-file': {
      return file('unprotected-file', await keyOfFile(join(options.directory, UNPROTECTED_KEY), !begun), false, false);
    }
  }
}

function systemdKey(env: Record<string, string | undefined>): string | undefined {
  const directory = env['CREDENTIALS_DIRECTORY'];
  if (!directory) return undefined;
  const path = join(directory, 'sallyport-key');
  return existsSync(path) ? path : undefined;
}

function missing(what: string): SallyportError {
  return new SallyportError('keychain_unavailable', `The secrets of this data directory are protected by ${what}, which was not given.`);
}
