import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** An agent key: `sp_` and at least 40 characters of base62. */
export function isAgentKey(text: string): boolean {
  return /^sp_[0-9A-Za-z]{40,100}$/.test(text);
}

/** A new agent key of 256 bits. */
export function newAgentKey(random: (size: number) => Uint8Array = randomBytes): string {
  return `sp_${base62(43, random)}`;
}

/** A new id with a prefix: `ag_…`, 71 bits. */
export function newId(prefix: string, random: (size: number) => Uint8Array = randomBytes): string {
  return `${prefix}_${base62(12, random)}`;
}

/** SHA-256 of a credential, base64url. Keys have 256 bits of randomness, so no slow hash is needed. */
export function credentialHash(credential: string): string {
  return hash('sha256', credential, 'base64url');
}

/** Compares two strings in time that depends on their lengths alone. */
export function sameSecret(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Uniform: bytes of 248 and above would favour the first letters and are thrown away. */
function base62(length: number, random: (size: number) => Uint8Array): string {
  let text = '';
  while (text.length < length) {
    for (const byte of random(length)) if (byte < 248 && text.length < length) text += BASE62[byte % 62];
  }
  return text;
}
