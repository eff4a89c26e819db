import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SallyportError } from '../contract/index.js';
import { createPrivateFile, readIfThere, writePrivateFile } from '../settings/index.js';

const CHOICE = 'secret-store.json';

export type StoreKind = 'keychain' | 'systemd' | 'key-file' | 'passphrase' | 'unprotected-file';

/** Where a data directory keeps its secrets, as `secret-store.json` remembers it. */
export interface Choice {
  version: 1;
  kind: StoreKind;
  /** Keeps the keychain entries of two data directories apart. */
  instance: string;
  keyFile?: string;
  salt?: string;
  logN?: number;
}

/** @throws SallyportError keychain_unavailable when the file is there and cannot be read: guessing would begin with new keys */
export async function readChoice(directory: string): Promise<Choice | undefined> {
  const path = join(directory, CHOICE);
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    const choice = JSON.parse(text) as Choice;
    if (choice.version !== 1 || !/^[0-9a-f]{12}$/.test(choice.instance)) throw new Error('not a choice');
    return choice;
  } catch (cause) {
    const message = `${path} cannot be read, so it is not known where the secrets are. Restore it from a backup.`;
    throw new SallyportError('keychain_unavailable', message, { cause });
  }
}

/** False when another process has chosen meanwhile. */
export function claimChoice(directory: string, choice: Choice): Promise<boolean> {
  return createPrivateFile(join(directory, CHOICE), render(choice));
}

export function replaceChoice(directory: string, choice: Choice): Promise<void> {
  return writePrivateFile(join(directory, CHOICE), render(choice));
}

export function forgetChoice(directory: string): Promise<void> {
  return rm(join(directory, CHOICE), { force: true });
}

function render(choice: Choice): string {
  return `${JSON.stringify(choice, null, 2)}\n`;
}
