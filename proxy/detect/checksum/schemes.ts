/** Check-digit schemes that several identifiers share. All take digits (or upper-case alphanumerics) without separators. */

/** Value of the digit at `i`. */
export const digit = (s: string, i: number): number => s.charCodeAt(i) - 48;

/** Sum of digit × weight, from the left. */
export function weighted(s: string, weights: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += digit(s, i) * weights[i]!;
  return sum;
}

/** Luhn, ISO/IEC 7812-1 annex B. */
export function luhn(s: string): boolean {
  let sum = 0;
  let double = false;
  for (let i = s.length - 1; i >= 0; i--) {
    let d = digit(s, i);
    if (double) {
      d *= 2;
      if (d > 9) d -= 9;
    }
    sum += d;
    double = !double;
  }
  return sum % 10 === 0;
}

/** Remainder by 97 of an alphanumeric string with A = 10 … Z = 35 (ISO 7064 MOD 97-10). */
export function mod97(s: string): number {
  let rest = 0;
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i);
    if (c >= 48 && c <= 57) rest = (rest * 10 + c - 48) % 97;
    else rest = (rest * 100 + c - 55) % 97;
  }
  return rest;
}

/** ISO 7064 MOD 11,10 over digits, check digit last. */
export function mod1110(s: string): boolean {
  let check = 5;
  for (let i = 0; i < s.length; i++) check = ((((check || 10) * 2) % 11) + digit(s, i)) % 10;
  return check === 1;
}

/** ISO 7064 MOD 11-2, `X` is ten, check character last. */
export function mod112(s: string): boolean {
  let rest = 0;
  for (let i = 0; i < s.length; i++) rest = (rest * 2 + (s[i] === 'X' ? 10 : digit(s, i))) % 11;
  return rest === 1;
}

const D = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
].map((row) => [...row].map(Number));
const P = ['0123456789', '1576283094', '5803796142', '8916043527', '9453126870', '4286573901', '2793806415', '7046913258'].map((row) =>
  [...row].map(Number),
);

/** Verhoeff (1969), check digit last. */
export function verhoeff(s: string): boolean {
  let c = 0;
  for (let i = 0; i < s.length; i++) c = D[c]![P[i % 8]![digit(s, s.length - 1 - i)]!]!;
  return c === 0;
}

/** Is it a calendar day? `year` in full. */
export function realDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const days = [31, (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= days[month - 1]!;
}

/** A day whose century is unknown: any century will do. */
export function realShortDate(year: number, month: number, day: number): boolean {
  return realDate(1900 + year, month, day) || realDate(2000 + year, month, day);
}

/** All characters the same: such numbers satisfy many schemes and are never issued. */
export function repeated(s: string): boolean {
  for (let i = 1; i < s.length; i++) if (s.charCodeAt(i) !== s.charCodeAt(0)) return false;
  return true;
}

/** Number from the digits `from … to`. */
export const num = (s: string, from: number, to: number): number => {
  let n = 0;
  for (let i = from; i < to; i++) n = n * 10 + digit(s, i);
  return n;
};
