import { digit, luhn, mod97, repeated, weighted } from './schemes.js';

/** Payment cards: Luhn, issuer ranges and lengths of the networks in use. */
export function creditCard(s: string): boolean {
  const n = s.length;
  if (n < 12 || n > 19 || repeated(s) || !luhn(s)) return false;
  const two = digit(s, 0) * 10 + digit(s, 1);
  const four = two * 100 + digit(s, 2) * 10 + digit(s, 3);
  if (s[0] === '4') return n === 13 || n === 16 || n === 19;
  if (two >= 51 && two <= 55) return n === 16;
  if (four >= 2221 && four <= 2720) return n === 16;
  if (two === 34 || two === 37) return n === 15;
  if (two === 36 || two === 38 || two === 39 || (four >= 3000 && four <= 3059) || four === 3095) return n === 14 || n === 16 || n === 19;
  if (four >= 3528 && four <= 3589) return n >= 16;
  if (four === 1800 || four === 2131) return n === 15;
  if (two === 62 || two === 81) return n >= 16;
  if (two === 65 || two === 60 || two === 64) return n >= 16;
  if (two === 50 || (two >= 56 && two <= 58) || two === 63 || two === 67 || two === 61 || two === 66 || two === 68 || two === 69)
    return n >= 12;
  return four >= 2200 && four <= 2204 && n >= 16;
}

/** Lengths of ISO 13616 account numbers by country (registry of 2024). */
const IBAN_LENGTH: Record<string, number> = Object.fromEntries(
  'AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30'
    .match(/[A-Z]{2}\d{2}/g)!
    .map((e) => [e.slice(0, 2), Number(e.slice(2))]),
);

/** Length of an IBAN of the country, 0 where it has none. */
export function ibanLength(country: string): number {
  return IBAN_LENGTH[country] ?? 0;
}

/** ISO 13616: length by country and MOD 97-10. Upper case, no spaces. */
export function iban(s: string): boolean {
  return s.length === IBAN_LENGTH[s.slice(0, 2)] && mod97(s.slice(4) + s.slice(0, 4)) === 1;
}

/** American routing number: weights 3 7 1, and a Federal Reserve district. */
export function abaRouting(s: string): boolean {
  const district = digit(s, 0) * 10 + digit(s, 1);
  const known = district <= 12 || (district >= 21 && district <= 32) || (district >= 61 && district <= 72) || district === 80;
  return s.length === 9 && known && !repeated(s) && weighted(s, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
}

const base36 = (c: number) => (c <= 57 ? c - 48 : c - 55);

/** CUSIP, ANSI X9.6. */
export function cusip(s: string): boolean {
  if (!/^[0-9]{3}[0-9A-Z]{5}[0-9]$/.test(s)) return false;
  let sum = 0;
  for (let i = 0; i < 8; i++) {
    let v = base36(s.charCodeAt(i));
    if (i % 2) v *= 2;
    sum += Math.floor(v / 10) + (v % 10);
  }
  return (10 - (sum % 10)) % 10 === digit(s, 8);
}

/** ISO 6166: Luhn over letters as two digits. */
export function isin(s: string): boolean {
  if (!/^[A-Z]{2}[0-9A-Z]{9}[0-9]$/.test(s)) return false;
  let digits = '';
  for (let i = 0; i < 12; i++) digits += base36(s.charCodeAt(i));
  return luhn(digits);
}

/** ISO 17442 legal entity identifier. */
export function lei(s: string): boolean {
  return /^[0-9A-Z]{18}[0-9]{2}$/.test(s) && mod97(s) === 1;
}

/** Mexican bank account, weights 3 7 1. */
export function clabe(s: string): boolean {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += (digit(s, i) * [3, 7, 1][i % 3]!) % 10;
  return s.length === 18 && !repeated(s) && (10 - (sum % 10)) % 10 === digit(s, 17);
}

/** Argentine bank account: two blocks with a check digit each. */
export function cbu(s: string): boolean {
  const block = (from: number, to: number) => {
    const weights = [3, 1, 7, 9];
    let sum = 0;
    for (let i = to - 1, k = 0; i >= from; i--, k++) sum += digit(s, i) * weights[k % 4]!;
    return (10 - (sum % 10)) % 10 === digit(s, to);
  };
  return s.length === 22 && !repeated(s) && block(0, 7) && block(8, 21);
}

/** Belgian structured or Norwegian account number: MOD 11 with weights 5 4 3 2 7 6 5 4 3 2. */
export function norwegianAccount(s: string): boolean {
  if (s.length !== 11 || repeated(s)) return false;
  const rest = 11 - (weighted(s, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
  return (rest === 11 ? 0 : rest) === digit(s, 10);
}
