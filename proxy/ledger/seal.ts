import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import type { SecretStore } from '../contract/index.js';

/*
 * Power here: whoever holds the private key can write a history that looks genuine. It lives in the SecretStore (the OS
 * keychain on a desktop) and in this process's memory, never in a file of the ledger. A program of the same user that can
 * read the keychain can forge; heads that were copied elsewhere (file, webhook) still convict it.
 */

/** Signs seals and heads: Ed25519. */
export interface Sealer {
  /** Public key, hex, 32 bytes. */
  readonly publicKey: string;
  /** First 16 hex digits of SHA-256 of the public key. */
  readonly keyId: string;
  /** Appends `,"sig":"<hex>"}` and newline; the signature covers every byte before it. */
  close(body: string): string;
}

const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const SECRET = 'ledger-seal-key';
/** A key that is about to take over: it is here until the record that hands over to it is durable. */
const NEXT = 'ledger-seal-key-next';

export const keyIdOf = (publicKey: string): string => createHash('sha256').update(Buffer.from(publicKey, 'hex')).digest('hex').slice(0, 16);

function publicHex(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'der' }).subarray(SPKI.length).toString('hex');
}

function sealerOf(privateKey: KeyObject): Sealer {
  const publicKey = publicHex(createPublicKey(privateKey));
  return {
    publicKey,
    keyId: keyIdOf(publicKey),
    close: (body) => `${body},"sig":"${sign(null, Buffer.from(body), privateKey).toString('hex')}"}\n`,
  };
}

const stored = async (secrets: SecretStore, name: string): Promise<Sealer | undefined> => {
  const value = await secrets.get(name);
  return value === undefined ? undefined : sealerOf(createPrivateKey({ key: Buffer.from(value, 'base64'), type: 'pkcs8', format: 'der' }));
};

async function make(secrets: SecretStore, name: string): Promise<Sealer> {
  const { privateKey } = generateKeyPairSync('ed25519');
  await secrets.set(name, privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'));
  return sealerOf(privateKey);
}

/**
 * The sealer of the stored key; makes one at first use. `current`: the public key that the ledger ends with. When a rotation was cut
 * off by a crash, that decides: the new key if its record is there, else the old one, and the other is dropped.
 */
export async function loadSealer(secrets: SecretStore, current: string | undefined): Promise<Sealer> {
  const next = await stored(secrets, NEXT);
  if (next && next.publicKey === current) await promote(secrets);
  else if (next) await secrets.delete(NEXT);
  return (await stored(secrets, SECRET)) ?? (await make(secrets, SECRET));
}

/** The sealer of the stored key, without making one. */
export const presentSealer = (secrets: SecretStore): Promise<Sealer | undefined> => stored(secrets, SECRET);

/** Makes a key beside the present one. `keep` puts it in its place, once the record that names it is durable. */
export async function nextSealer(secrets: SecretStore): Promise<{ sealer: Sealer; keep(): Promise<void> }> {
  return { sealer: await make(secrets, NEXT), keep: () => promote(secrets) };
}

async function promote(secrets: SecretStore): Promise<void> {
  const value = await secrets.get(NEXT);
  if (value === undefined) return;
  await secrets.set(SECRET, value);
  await secrets.delete(NEXT);
}

/** Public keys (hex) that are stored here, without making one: the present, and one that a rotation was about to hand over to. */
export async function storedPublicKeys(secrets: SecretStore): Promise<string[]> {
  const found = [await stored(secrets, SECRET), await stored(secrets, NEXT)];
  return found.flatMap((sealer) => (sealer ? [sealer.publicKey] : []));
}

const SIGNED = /^([\s\S]*),"sig":"([0-9a-f]{128})"\}\n$/;

/** Does a signed line bear the signature of this public key (hex) over every byte before it? */
export function signatureHolds(line: string, publicKey: string): boolean {
  const match = SIGNED.exec(line);
  if (!match || !/^[0-9a-f]{64}$/.test(publicKey)) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI, Buffer.from(publicKey, 'hex')]), format: 'der', type: 'spki' });
  return verify(null, Buffer.from(match[1]!), key, Buffer.from(match[2]!, 'hex'));
}
