import type { SecretStore } from '../contract/index.js';
import type { CredentialReference } from '../settings/index.js';
import { firstLineOf } from './command.js';
import { readPrivateFile } from './key-file.js';

/** A key and the origin that it is bound to where it is kept (keychain entries are). */
export interface Found {
  key: string;
  origin?: string;
}

export interface Sources {
  secrets: SecretStore;
  env: NodeJS.ProcessEnv;
  /** What a program gets of it; see childEnvironment. */
  childEnv(): NodeJS.ProcessEnv;
  commandTimeoutMs?: number;
}

/** Secrets of our own live under other names, so that no reference can send one of them to a provider. */
export const providerEntry = (name: string) => `provider/${name}`;

/**
 * Reads a key from where its reference says.
 * @throws Error with a reason for people that never contains the key; SallyportError of the keychain
 */
export async function readReference(reference: Exclude<CredentialReference, { kind: 'none' }>, sources: Sources): Promise<Found> {
  switch (reference.kind) {
    case 'keychain': {
      const entry = await sources.secrets.get(providerEntry(reference.name));
      if (entry === undefined) throw new Error('the keychain has no such entry; give the key again: sallyport connections key');
      return unpack(entry);
    }
    case 'env':
      return { key: checked(sources.env[reference.name] ?? '', 'the variable is not set in the environment of the gateway') };
    case 'file':
      return { key: checked((await readPrivateFile(reference.path)).toString('utf8').trim(), 'the file is empty') };
    case 'command':
      return {
        key: checked(
          (await firstLineOf(reference.argv, sources.childEnv(), sources.commandTimeoutMs)).trim(),
          'the command printed nothing',
        ),
      };
  }
}

/** A key as it is kept in the keychain, together with the one origin that it may be sent to. */
export function pack(key: string, origin: string | undefined): string {
  return JSON.stringify({ key, ...(origin === undefined ? {} : { origin }) });
}

/** Entries that a person put there with another program are the bare key. */
function unpack(entry: string): Found {
  if (!entry.startsWith('{')) return { key: checked(entry, 'the entry is empty') };
  const { key, origin } = JSON.parse(entry) as Found;
  return { key: checked(key, 'the entry is empty'), ...(origin === undefined ? {} : { origin }) };
}

/** A key goes into a header: one line of printable ASCII. */
export function checked(key: string, whenEmpty: string): string {
  if (key === '') throw new Error(whenEmpty);
  if (!/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(key)) throw new Error('what was found is not one line of printable characters');
  return key;
}
