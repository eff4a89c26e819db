import { digit, luhn, mod112, num, realDate, realShortDate, repeated, verhoeff, weighted } from './schemes.js';

/** Indian resident number: Verhoeff. */
export function inAadhaar(s: string): boolean {
  return s.length === 12 && s[0]! >= '2' && !repeated(s) && s !== [...s].reverse().join('') && verhoeff(s);
}

const BASE36 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Luhn over base 36, as GSTIN and some others use it. */
function luhn36(s: string): boolean {
  let sum = 0;
  for (let i = 0; i < s.length; i++) {
    let v = BASE36.indexOf(s[s.length - 1 - i]!);
    if (i % 2 === 1) {
      v *= 2;
      v = Math.floor(v / 36) + (v % 36);
    }
    sum += v;
  }
  return sum % 36 === 0;
}
/** Indian goods and services tax number. */
export function inGstin(s: string): boolean {
  const state = num(s, 0, 2);
  return /^\d{2}[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]$/.test(s) && state >= 1 && state <= 38 && luhn36(s);
}
/** Indian permanent account number (its check letter is not published). */
export function inPan(s: string): boolean {
  return /^[A-Z]{3}[ABCFGHJLPT][A-Z](?!0000)\d{4}[A-Z]$/.test(s);
}
/** Indian voter number: Luhn over its digits. */
export function inEpic(s: string): boolean {
  return /^[A-Z]{3}\d{7}$/.test(s) && luhn(s.slice(3));
}

/** Singapore identity or foreign number. */
export function sgNric(s: string): boolean {
  if (!/^[STFGM]\d{7}[A-Z]$/.test(s)) return false;
  let sum = weighted(s.slice(1), [2, 7, 6, 5, 4, 3, 2]);
  if (s[0] === 'T' || s[0] === 'G') sum += 4;
  if (s[0] === 'M') sum += 3;
  const table = 'ST'.includes(s[0]!) ? 'JZIHGFEDCBA' : s[0] === 'M' ? 'KLJNPQRTUWX' : 'XWUTRQPNMLK';
  return table[s[0] === 'M' ? 10 - (sum % 11) : sum % 11] === s[8];
}
const UEN_TYPES = new Set(
  'CC CD CH CL CM CP CS CX DP FB FC FM FN GA GB GS HC HS LL LP MB MC MD MH MM MQ NB NR PA PB PF RF RP SM SS TC TU VH XL'.split(' '),
);
/** Singapore unique entity number, all three forms. */
export function sgUen(s: string): boolean {
  if (/^\d{8}[A-Z]$/.test(s)) return 'XMKECAWLJDB'[weighted(s, [10, 4, 9, 3, 8, 2, 7, 1]) % 11] === s[8];
  if (/^\d{9}[A-Z]$/.test(s)) return 'ZKCMDNERGWH'[weighted(s, [10, 8, 6, 4, 9, 7, 5, 3, 1]) % 11] === s[9];
  if (!/^[RST]\d{2}[A-Z]{2}\d{4}[A-Z0-9]$/.test(s) || !UEN_TYPES.has(s.slice(3, 5))) return false;
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWX0123456789';
  const w = [4, 3, 5, 3, 10, 2, 2, 5, 7];
  let sum = 0;
  for (let i = 0; i < 9; i++) sum += alphabet.indexOf(s[i]!) * w[i]!;
  return alphabet[(((sum - 5) % 11) + 11) % 11] === s[9];
}

/** Korean resident number. Numbers given since October 2020 have no check digit; those are found near a word only. */
export function krRrn(s: string): boolean {
  if (s.length !== 13) return false;
  const century = [18, 19, 19, 20, 20, 19, 19, 20, 20, 18][digit(s, 6)]!;
  if (!realDate(century * 100 + num(s, 0, 2), num(s, 2, 4), num(s, 4, 6)) || num(s, 7, 9) > 96) return false;
  return (11 - (weighted(s, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 === digit(s, 12);
}
/** Korean business number. */
export function krBrn(s: string): boolean {
  if (s.length !== 10 || num(s, 0, 3) < 101 || s.slice(3, 5) === '00') return false;
  const sum = weighted(s, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((digit(s, 8) * 5) / 10);
  return (10 - (sum % 10)) % 10 === digit(s, 9);
}

/** Thai identity number. */
export function thId(s: string): boolean {
  if (s.length !== 13 || s[0] === '0' || repeated(s)) return false;
  return (11 - (weighted(s, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === digit(s, 12);
}

/** Chinese resident number: birthday and MOD 11-2. */
export function cnResidentId(s: string): boolean {
  return /^[1-9]\d{16}[\dX]$/.test(s) && realDate(num(s, 6, 10), num(s, 10, 12), num(s, 12, 14)) && num(s, 6, 10) >= 1880 && mod112(s);
}
/** Chinese unified social credit code: MOD 31-3. */
export function cnUscc(s: string): boolean {
  if (!/^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(s)) return false;
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  let sum = 0;
  let w = 1;
  for (let i = 0; i < 17; i++) {
    sum += alphabet.indexOf(s[i]!) * w;
    w = (w * 3) % 31;
  }
  return alphabet[(31 - (sum % 31)) % 31] === s[17];
}

/** Japanese individual number: MOD 11, weights 2 … 7. */
export function jpMyNumber(s: string): boolean {
  if (s.length !== 12 || repeated(s)) return false;
  const r = weighted(s, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (r <= 1 ? 0 : 11 - r) === digit(s, 11);
}
/** Japanese corporate number: MOD 9, check digit first. */
export function jpCorporate(s: string): boolean {
  if (s.length !== 13) return false;
  return 9 - (weighted(s.slice(1), [2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]) % 9) === digit(s, 0);
}

/** Taiwanese identity number. */
export function twNationalId(s: string): boolean {
  if (!/^[A-Z][1289]\d{8}$/.test(s)) return false;
  const v = 'ABCDEFGHJKLMNPQRSTUVXYWZIO'.indexOf(s[0]!) + 10;
  return (Math.floor(v / 10) + (v % 10) * 9 + weighted(s.slice(1), [8, 7, 6, 5, 4, 3, 2, 1, 1])) % 10 === 0;
}

/** Hong Kong identity number; the check character stands last (its brackets removed). */
export function hkId(s: string): boolean {
  if (!/^[A-NP-Z]{1,2}\d{6}[0-9A]$/.test(s)) return false;
  const padded = s.padStart(9, ' ');
  let sum = 0;
  for (let i = 0; i < 8; i++) {
    const c = padded[i]!;
    sum += (c === ' ' ? 36 : c >= 'A' ? c.charCodeAt(0) - 55 : Number(c)) * (9 - i);
  }
  return '0123456789A'[(11 - (sum % 11)) % 11] === s[s.length - 1];
}

/** Malaysian identity number: birthday and a place that exists (no check digit). */
export function myNric(s: string): boolean {
  const place = num(s, 6, 8);
  return (
    s.length === 12 &&
    realShortDate(num(s, 0, 2), num(s, 2, 4), num(s, 4, 6)) &&
    place >= 1 &&
    place <= 99 &&
    ![0, 17, 18, 19, 20, 69, 70, 73, 80, 81, 94, 95, 96, 97].includes(place)
  );
}

/** Israeli identity number: Luhn over nine digits. */
export function ilId(s: string): boolean {
  return s.length === 9 && !repeated(s) && luhn(s);
}

/** Australian business number: MOD 89. */
export function auAbn(s: string): boolean {
  return s.length === 11 && s[0] !== '0' && (weighted(s, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0;
}
/** Australian company number. */
export function auAcn(s: string): boolean {
  return s.length === 9 && !repeated(s) && (10 - (weighted(s, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === digit(s, 8);
}
/** Australian tax file number. */
export function auTfn(s: string): boolean {
  if (repeated(s)) return false;
  return s.length === 9 && weighted(s, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0;
}
/** Australian Medicare number. */
export function auMedicare(s: string): boolean {
  return (s.length === 10 || s.length === 11) && s[0]! >= '2' && s[0]! <= '6' && weighted(s, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digit(s, 8);
}
/** New Zealand tax number. */
export function nzIrd(s: string): boolean {
  const n = s.padStart(9, '0');
  if (n.length !== 9 || num(n, 0, 9) < 10_000_000 || num(n, 0, 9) > 150_000_000) return false;
  const check = (w: readonly number[]) => (11 - (weighted(n, w) % 11)) % 11;
  const first = check([3, 2, 7, 6, 5, 4, 3, 2]);
  return (first === 10 ? check([7, 4, 3, 2, 5, 2, 7, 6]) : first) === digit(n, 8);
}

/** South African identity number: birthday and Luhn. */
export function zaId(s: string): boolean {
  return s.length === 13 && digit(s, 10) <= 2 && realShortDate(num(s, 0, 2), num(s, 2, 4), num(s, 4, 6)) && luhn(s);
}
