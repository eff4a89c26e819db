import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** Cost of scrypt: N = 2^logN, r = 8. 2^16 with p = 2 takes 64 MiB and about half a second; OWASP's Password Storage cheat sheet holds it equal to 2^17 with p = 1. */
export const PASSPHRASE_LOG_N = 16;
const parallel = (logN: number): number => (logN === 16 ? 2 : 1);

/** Runs scrypt (RFC 7914) off the event loop. */
export function stretch(passphrase: string, salt: Uint8Array, logN: number = PASSPHRASE_LOG_N): Promise<Buffer> {
  const options = { N: 2 ** logN, r: 8, p: parallel(logN), maxmem: 256 * 2 ** logN * 8 };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** A hash that can be kept: `scrypt$16$salt$hash`. */
export async function hashPassphrase(passphrase: string, logN: number = PASSPHRASE_LOG_N): Promise<string> {
  const salt = randomBytes(16);
  return `scrypt$${logN}$${salt.toString('base64url')}$${(await stretch(passphrase, salt, logN)).toString('base64url')}`;
}

/** Compares in constant time; false for anything that is not such a hash. */
export async function verifyPassphrase(passphrase: string, kept: string): Promise<boolean> {
  const [scheme, logN, salt, hash] = kept.split('$');
  const cost = Number(logN);
  if (scheme !== 'scrypt' || !Number.isInteger(cost) || cost < 10 || cost > 20 || !salt || !hash) return false;
  const expected = Buffer.from(hash, 'base64url');
  const given = await stretch(passphrase, Buffer.from(salt, 'base64url'), cost);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
