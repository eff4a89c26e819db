import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { SecretStore } from '../contract/index.js';

/*
 * Power here: the master key opens every session's key. It lives in the SecretStore and in memory. A session's key lies
 * wrapped in a slot of its own (slot-file.ts), so that forgetting a session is overwriting one slot; the ledger itself holds ciphertext only.
 */

const SECRET = 'ledger-master-key';

/** Keys of one session. `content` encrypts its content, `mask` makes its placeholders. */
export interface SessionKey {
  content: Buffer;
  mask: Buffer;
}

/** 32 bytes from the SecretStore; made at first use when `make` is set. */
export async function masterKey(secrets: SecretStore, make: boolean, name = SECRET): Promise<Buffer | undefined> {
  const stored = await secrets.get(name);
  if (stored !== undefined) return Buffer.from(stored, 'base64');
  if (!make) return undefined;
  const key = randomBytes(32);
  await secrets.set(name, key.toString('base64'));
  return key;
}

/** A key for one purpose, derived from the master key (HKDF-SHA-256). */
export function derivedKey(master: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `sallyport ${purpose}`, 32));
}

/** AES-256-GCM: nonce, ciphertext, tag in one. */
export function sealBytes(key: Buffer, nonce: Buffer, bytes: Uint8Array, bound: string): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(bound));
  const body = cipher.update(bytes);
  cipher.final();
  return Buffer.concat([nonce, body, cipher.getAuthTag()]);
}

/** Opens what {@link sealBytes} made; undefined when key, bytes or `bound` are not the same. */
export function openBytes(key: Buffer, sealed: Buffer, bound: string): Buffer | undefined {
  if (sealed.length < 28) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(bound));
  decipher.setAuthTag(sealed.subarray(sealed.length - 16));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(12, sealed.length - 16)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** Nonces that never repeat under a key: 8 random bytes a process start, then a counter. */
export function nonceSource(): () => Buffer {
  let prefix = randomBytes(8);
  let counter = 0;
  return () => {
    if (counter === 0xffffffff) {
      prefix = randomBytes(8);
      counter = 0;
    }
    const nonce = Buffer.allocUnsafe(12);
    prefix.copy(nonce);
    nonce.writeUInt32BE(++counter, 8);
    return nonce;
  };
}
