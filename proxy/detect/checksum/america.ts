import { digit, luhn, num, realShortDate, repeated, weighted } from './schemes.js';

/** Social security number: no check digit, but areas, groups and serials that are never issued (SSA, randomised since 2011). */
export function usSsn(s: string): boolean {
  if (s.length !== 9 || repeated(s) || s === '123456789' || s === '987654321') return false;
  const area = num(s, 0, 3);
  return area !== 0 && area !== 666 && area < 900 && num(s, 3, 5) !== 0 && num(s, 5, 9) !== 0;
}

/** Individual taxpayer number: 9xx and the groups of the IRS. */
export function usItin(s: string): boolean {
  const group = num(s, 3, 5);
  return (
    s.length === 9 &&
    s[0] === '9' &&
    ((group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group <= 99 && group !== 93))
  );
}

const EIN_PREFIX = new Set(
  '01 02 03 04 05 06 10 11 12 13 14 15 16 20 21 22 23 24 25 26 27 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 71 72 73 74 75 76 77 80 81 82 83 84 85 86 87 88 90 91 92 93 94 95 98 99'.split(
    ' ',
  ),
);
/** Employer number: prefixes of the IRS. */
export function usEin(s: string): boolean {
  return s.length === 9 && EIN_PREFIX.has(s.slice(0, 2)) && !repeated(s);
}

/** National provider identifier: Luhn with the prefix 80840. */
export function usNpi(s: string): boolean {
  return s.length === 10 && (s[0] === '1' || s[0] === '2') && !repeated(s.slice(1)) && luhn(`80840${s}`);
}

/** DEA registration (Presidio's MEDICAL_LICENSE): (d1+d3+d5) + 2(d2+d4+d6) ends in d7. */
export function usDea(s: string): boolean {
  if (!/^[A-HJ-MPRSTUX][A-Z9]\d{7}$/.test(s)) return false;
  const d = s.slice(2);
  return (digit(d, 0) + digit(d, 2) + digit(d, 4) + 2 * (digit(d, 1) + digit(d, 3) + digit(d, 5))) % 10 === digit(d, 6) && !repeated(d);
}

/** Canadian social insurance number: Luhn; 0 and 8 are not issued. */
export function caSin(s: string): boolean {
  return s.length === 9 && s[0] !== '0' && s[0] !== '8' && !repeated(s) && luhn(s);
}

const mod11 = (s: string, n: number, from: number) => {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += digit(s, i) * (from - i);
  return sum % 11;
};

/** Brazilian person number. */
export function brCpf(s: string): boolean {
  const check = (n: number) => {
    const r = mod11(s, n, n + 1);
    return (r < 2 ? 0 : 11 - r) === digit(s, n);
  };
  return s.length === 11 && !repeated(s) && check(9) && check(10);
}

/** Brazilian company number, digits. */
export function brCnpj(s: string): boolean {
  const w = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
  const check = (n: number) => {
    const r = weighted(s, w.slice(13 - n)) % 11;
    return (r < 2 ? 0 : 11 - r) === digit(s, n);
  };
  return s.length === 14 && !repeated(s) && check(12) && check(13);
}

/** Brazilian driving licence. */
export function brCnh(s: string): boolean {
  if (s.length !== 11 || repeated(s)) return false;
  let a = 0;
  let b = 0;
  for (let i = 0; i < 9; i++) {
    a += digit(s, i) * (9 - i);
    b += digit(s, i) * (i + 1);
  }
  let first = a % 11;
  let minus = 0;
  if (first >= 10) {
    first = 0;
    minus = 2;
  }
  let second = b % 11;
  second = second >= 10 ? 0 : second - minus;
  if (second < 0) second += 11;
  if (second >= 10) second = 0;
  return first === digit(s, 9) && second === digit(s, 10);
}

/** Brazilian worker number (PIS, PASEP, NIT). */
export function brPis(s: string): boolean {
  if (s.length !== 11 || repeated(s)) return false;
  const r = 11 - (weighted(s, [3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return (r >= 10 ? 0 : r) === digit(s, 10);
}

/** Brazilian health card: sum of digit × (15 … 1) divides by 11. */
export function brCns(s: string): boolean {
  if (s.length !== 15 || !'12789'.includes(s[0]!) || repeated(s)) return false;
  let sum = 0;
  for (let i = 0; i < 15; i++) sum += digit(s, i) * (15 - i);
  return sum % 11 === 0;
}

/** Brazilian voter number: state 01 … 28, two check digits. */
export function brTitulo(s: string): boolean {
  if (s.length !== 12 || repeated(s)) return false;
  const state = num(s, 8, 10);
  if (state < 1 || state > 28) return false;
  const old = state === 1 || state === 2; // São Paulo and Minas Gerais: remainder 0 becomes 1
  const fix = (r: number) => (r === 10 ? 0 : r === 0 && old ? 1 : r);
  const first = fix(weighted(s, [2, 3, 4, 5, 6, 7, 8, 9]) % 11);
  const second = fix((digit(s, 8) * 7 + digit(s, 9) * 8 + first * 9) % 11);
  return first === digit(s, 10) && second === digit(s, 11);
}

/** Brazilian vehicle registration. */
export function brRenavam(s: string): boolean {
  if (s.length !== 11 || repeated(s)) return false;
  const r = (weighted(s, [3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11;
  return (r === 10 ? 0 : r) === digit(s, 10);
}

/** Argentine tax number. */
export function arCuit(s: string): boolean {
  if (s.length !== 11 || !/^(?:20|23|24|27|30|33|34|50|51|55)/.test(s)) return false;
  return '012345678990'[11 - (weighted(s, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)] === s[10];
}

/** Chilean RUT or RUN, check character 0 … 9 or K. */
export function clRut(s: string): boolean {
  if (!/^\d{7,8}[\dK]$/.test(s) || repeated(s)) return false;
  let sum = 0;
  for (let i = s.length - 2, w = 2; i >= 0; i--, w = w === 7 ? 2 : w + 1) sum += digit(s, i) * w;
  return '0123456789K'[(11 - (sum % 11)) % 11] === s[s.length - 1];
}

/** Colombian NIT. */
export function coNit(s: string): boolean {
  if (s.length < 9 || s.length > 10 || repeated(s)) return false;
  const weights = [3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71];
  let sum = 0;
  for (let i = s.length - 2, k = 0; i >= 0; i--, k++) sum += digit(s, i) * weights[k]!;
  return '01987654321'[sum % 11] === s[s.length - 1];
}

/** Ecuadorian identity card: province and Luhn. */
export function ecCi(s: string): boolean {
  const province = num(s, 0, 2);
  return s.length === 10 && ((province >= 1 && province <= 24) || province === 30 || province === 50) && digit(s, 2) < 6 && luhn(s);
}

const CURP = '0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ';
/** Mexican population register key. */
export function mxCurp(s: string): boolean {
  if (!/^[A-Z][AEIOUX][A-Z]{2}\d{6}[HM][A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[0-9A-Z]\d$/.test(s)) return false;
  if (!realShortDate(num(s, 4, 6), num(s, 6, 8), num(s, 8, 10))) return false;
  const letters = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ';
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += letters.indexOf(s[i]!) * (18 - i);
  return (10 - (sum % 10)) % 10 === digit(s, 17);
}

/** Mexican tax number of a person (13) or company (12). */
export function mxRfc(s: string): boolean {
  if (!/^[A-Z&]{3,4}\d{6}[0-9A-Z]{2}[0-9A]$/.test(s)) return false;
  const off = s.length - 12;
  if (!realShortDate(num(s, 3 + off, 5 + off), num(s, 5 + off, 7 + off), num(s, 7 + off, 9 + off))) return false;
  const alphabet = `${CURP.slice(0, 24)}&${CURP.slice(25)} `;
  const padded = s.padStart(13, ' ');
  let sum = 0;
  for (let i = 0; i < 12; i++) sum += alphabet.indexOf(padded[i]!) * (13 - i);
  return '0123456789A'[(11 - (sum % 11)) % 11] === s[s.length - 1];
}

/** Uruguayan tax number. */
export function uyRut(s: string): boolean {
  if (s.length !== 12 || num(s, 0, 2) < 1 || num(s, 0, 2) > 22 || num(s, 2, 8) === 0 || num(s, 8, 11) !== 1) return false;
  const r = (11 - (weighted(s, [4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return r === digit(s, 11);
}
