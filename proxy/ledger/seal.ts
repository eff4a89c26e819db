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

/** The sealer of the stored key; makes one at first use. `made` says so. */
export async function loadSealer(secrets: SecretStore): Promise<{ sealer: Sealer; made: boolean }> {
  const stored = await secrets.get(SECRET);
  if (stored !== undefined) {
    return { sealer: sealerOf(createPrivateKey({ key: Buffer.from(stored, 'base64'), type: 'pkcs8', format: 'der' })), made: false };
  }
  return { sealer: await newSealer(secrets), made: true };
}

/** Makes a new key and stores it in place of the old one. */
export async function newSealer(secrets: SecretStore): Promise<Sealer> {
  const { privateKey } = generateKeyPairSync('ed25519');
  await secrets.set(SECRET, privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'));
  return sealerOf(privateKey);
}

/** Public key (hex) of the stored key, without making one. */
export async function storedPublicKey(secrets: SecretStore): Promise<string | undefined> {
  const stored = await secrets.get(SECRET);
  return stored === undefined
    ? undefined
    : publicHex(createPublicKey({ key: Buffer.from(stored, 'base64'), type: 'pkcs8', format: 'der' } as never));
}

const SIGNED = /^([\s\S]*),"sig":"([0-9a-f]{128})"\}\n$/;

/** Does a signed line bear the signature of this public key (hex) over every byte before it? */
export function signatureHolds(line: string, publicKey: string): boolean {
  const match = SIGNED.exec(line);
  if (!match || !/^[0-9a-f]{64}$/.test(publicKey)) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI, Buffer.from(publicKey, 'hex')]), format: 'der', type: 'spki' });
  return verify(null, Buffer.from(match[1]!), key, Buffer.from(match[2]!, 'hex'));
}
