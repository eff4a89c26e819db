import { createHash } from 'node:crypto';
import { digit, luhn, repeated } from './schemes.js';

const VIN_VALUE: Record<string, number> = Object.fromEntries(
  [...'ABCDEFGHJKLMNPRSTUVWXYZ'].map((c, i) => [c, [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9][i]!]),
);
/** Vehicle identification number, ISO 3779 with the North American check digit in the ninth place. */
export function vin(s: string): boolean {
  if (!/^[A-HJ-NPR-Z0-9]{17}$/.test(s) || !/[A-Z]/.test(s)) return false;
  const w = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (VIN_VALUE[s[i]!] ?? digit(s, i)) * w[i]!;
  return '0123456789X'[sum % 11] === s[8];
}

/** Device identity, 3GPP TS 23.003: Luhn over fifteen digits. */
export function imei(s: string): boolean {
  return s.length === 15 && !repeated(s) && s.slice(0, 2) !== '00' && luhn(s);
}

/** Card of a subscriber, ITU-T E.118: 89 and Luhn. */
export function iccid(s: string): boolean {
  return (s.length === 19 || s.length === 20) && s.startsWith('89') && luhn(s);
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** base58check: the last four bytes are the double SHA-256 of the rest. */
export function base58check(s: string): boolean {
  let n = 0n;
  for (const c of s) {
    const v = BASE58.indexOf(c);
    if (v < 0) return false;
    n = n * 58n + BigInt(v);
  }
  const hex = n.toString(16);
  let bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  let zeros = 0;
  while (s[zeros] === '1') zeros++;
  bytes = Buffer.concat([Buffer.alloc(zeros), bytes]);
  if (bytes.length < 5) return false;
  const body = bytes.subarray(0, -4);
  const hash = (b: Buffer) => createHash('sha256').update(b).digest();
  return hash(hash(body)).subarray(0, 4).equals(bytes.subarray(-4));
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
/** bech32 and bech32m, BIP 173 and BIP 350. */
export function bech32(s: string): boolean {
  const low = s.toLowerCase();
  if (low !== s && s.toUpperCase() !== s) return false;
  const at = low.lastIndexOf('1');
  if (at < 1 || low.length - at < 7) return false;
  const values: number[] = [];
  for (let i = 0; i < at; i++) values.push(low.charCodeAt(i) >> 5);
  values.push(0);
  for (let i = 0; i < at; i++) values.push(low.charCodeAt(i) & 31);
  for (let i = at + 1; i < low.length; i++) {
    const v = BECH32.indexOf(low[i]!);
    if (v < 0) return false;
    values.push(v);
  }
  let check = 1;
  for (const v of values) {
    const top = check >> 25;
    check = ((check & 0x1ffffff) << 5) ^ v;
    [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].forEach((g, i) => {
      if ((top >> i) & 1) check ^= g;
    });
  }
  return check === 1 || check === 0x2bc830a3;
}
