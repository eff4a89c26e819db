import { digit, luhn, mod97, mod1110, num, realDate, realShortDate, repeated, weighted } from './schemes.js';

/** NHS number: MOD 11, weights 10 … 2. */
export function ukNhs(s: string): boolean {
  if (s.length !== 10 || repeated(s)) return false;
  const r = 11 - (weighted(s, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return r !== 10 && (r === 11 ? 0 : r) === digit(s, 9);
}

/** National insurance number: prefixes that are issued (no check digit). */
export function ukNino(s: string): boolean {
  return /^(?!BG|GB|KN|NK|NT|TN|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]\d{6}[A-D]$/.test(s);
}

/** Unique taxpayer reference: first digit checks the other nine. */
export function ukUtr(s: string): boolean {
  return s.length === 10 && !repeated(s) && '21987654321'[weighted(s.slice(1), [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11] === s[0];
}

/** German tax identification number: MOD 11,10; one digit twice or three times among the first ten. */
export function deTaxId(s: string): boolean {
  if (s.length !== 11 || s[0] === '0') return false;
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 10; i++) counts[digit(s, i)]!++;
  const many = counts.filter((c) => c > 1);
  return many.length === 1 && many[0]! <= 3 && mod1110(s);
}

/** German VAT number without the prefix: MOD 11,10. */
export function deVat(s: string): boolean {
  return s.length === 9 && s[0] !== '0' && !repeated(s) && mod1110(s);
}

/** German pension insurance number: area, birthday, letter, serial, check digit. */
export function deSvnr(s: string): boolean {
  if (!/^\d{8}[A-Z]\d{3}$/.test(s)) return false;
  const area = num(s, 0, 2);
  const month = num(s, 4, 6);
  if (area < 2 || area > 89 || month < 1 || month > 12 || num(s, 2, 4) > 31 + 50) return false;
  const digits = s.slice(0, 8) + String(s.charCodeAt(8) - 64).padStart(2, '0') + s.slice(9, 11);
  const weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
  let sum = 0;
  for (let i = 0; i < 12; i++) {
    const p = digit(digits, i) * weights[i]!;
    sum += Math.floor(p / 10) + (p % 10);
  }
  return sum % 10 === digit(s, 11);
}

/** German health insurance number: letter and nine digits, Luhn-like from the left. */
export function deKvnr(s: string): boolean {
  if (!/^[A-Z]\d{9}$/.test(s)) return false;
  const digits = String(s.charCodeAt(0) - 64).padStart(2, '0') + s.slice(1, 9);
  let sum = 0;
  for (let i = 0; i < 10; i++) {
    const p = digit(digits, i) * (i % 2 === 0 ? 1 : 2);
    sum += p > 9 ? p - 9 : p;
  }
  return sum % 10 === digit(s, 9);
}

/** Machine-readable document numbers, ICAO 9303: weights 7 3 1. */
export function icao(s: string): boolean {
  let sum = 0;
  for (let i = 0; i < s.length - 1; i++) {
    const c = s.charCodeAt(i);
    sum += (c <= 57 ? c - 48 : c - 55) * [7, 3, 1][i % 3]!;
  }
  return sum % 10 === digit(s, s.length - 1);
}

/** German identity card or passport number with its check digit. */
export function deDocument(s: string): boolean {
  return /^[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}\d$/.test(s) && icao(s);
}

/** German doctor number: weights 4 9 4 9 4 9. */
export function deLanr(s: string): boolean {
  if (s.length !== 9 || repeated(s)) return false;
  return (10 - (weighted(s, [4, 9, 4, 9, 4, 9]) % 10)) % 10 === digit(s, 6);
}

const CF_ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
/** Italian fiscal code of a person: month letter, day, and the check letter. */
export function itFiscalCode(s: string): boolean {
  if (!/^[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$/.test(s)) return false;
  let sum = 0;
  for (let i = 0; i < 15; i++) {
    const c = s.charCodeAt(i);
    const v = c <= 57 ? c - 48 : c - 65;
    sum += i % 2 === 0 ? CF_ODD[v]! : v;
  }
  return sum % 26 === s.charCodeAt(15) - 65;
}

/** Italian VAT number: Luhn and a provincial office. */
export function itVat(s: string): boolean {
  const office = num(s, 7, 10);
  return (
    s.length === 11 &&
    num(s, 0, 7) !== 0 &&
    ((office >= 1 && office <= 100) || office === 120 || office === 121 || office === 888 || office === 999) &&
    luhn(s)
  );
}

const ES_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
/** Spanish identity number of a person. */
export function esNif(s: string): boolean {
  return /^\d{8}[A-Z]$/.test(s) && ES_LETTERS[num(s, 0, 8) % 23] === s[8];
}
/** Spanish number of a foreigner. */
export function esNie(s: string): boolean {
  return /^[XYZ]\d{7}[A-Z]$/.test(s) && ES_LETTERS[Number('XYZ'.indexOf(s[0]!) + s.slice(1, 8)) % 23] === s[8];
}
/** Spanish number of an organisation. */
export function esCif(s: string): boolean {
  if (!/^[ABCDEFGHJNPQRSUVW]\d{7}[0-9A-J]$/.test(s)) return false;
  let sum = 0;
  for (let i = 1; i < 8; i++) {
    let d = digit(s, i);
    if (i % 2 === 1) {
      d *= 2;
      if (d > 9) d -= 9;
    }
    sum += d;
  }
  const check = (10 - (sum % 10)) % 10;
  const letter = 'JABCDEFGHI'[check];
  if ('ABEH'.includes(s[0]!)) return s[8] === String(check);
  if ('PQSNWR'.includes(s[0]!)) return s[8] === letter;
  return s[8] === String(check) || s[8] === letter;
}
/** Spanish social security number: MOD 97. */
export function esNss(s: string): boolean {
  if (s.length !== 12 || repeated(s)) return false;
  const province = num(s, 0, 2);
  const rest = num(s, 2, 10);
  const base = rest < 10_000_000 ? rest + province * 10_000_000 : Number(s.slice(0, 10));
  return province >= 1 && province <= 66 && base % 97 === num(s, 10, 12);
}

/** Finnish identity code with its century mark. */
export function fiHetu(s: string): boolean {
  const m = /^(\d{2})(\d{2})(\d{2})([-+A-FU-Y])(\d{3})([0-9A-Y])$/.exec(s);
  if (!m) return false;
  const century = m[4] === '+' ? 1800 : '-UVWXY'.includes(m[4]!) ? 1900 : 2000;
  return (
    realDate(century + Number(m[3]), Number(m[2]), Number(m[1])) &&
    '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(m[1]! + m[2]! + m[3]! + m[5]!) % 31] === m[6]
  );
}

/** Swedish personal or coordination number, ten digits. */
export function sePersonnummer(s: string): boolean {
  const ten = s.length === 12 ? s.slice(2) : s;
  const day = num(ten, 4, 6);
  return ten.length === 10 && realShortDate(num(ten, 0, 2), num(ten, 2, 4), day > 60 ? day - 60 : day) && luhn(ten);
}
/** Swedish organisation number. */
export function seOrgnr(s: string): boolean {
  return s.length === 10 && digit(s, 2) >= 2 && !repeated(s) && luhn(s);
}

/** Polish personal number. */
export function plPesel(s: string): boolean {
  if (s.length !== 11 || repeated(s)) return false;
  const month = num(s, 2, 4);
  const century = [1900, 2000, 2100, 2200, 1800][Math.floor(month / 20)];
  if (century === undefined || !realDate(century + num(s, 0, 2), month % 20, num(s, 4, 6))) return false;
  return (10 - (weighted(s, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === digit(s, 10);
}
/** Polish tax number. */
export function plNip(s: string): boolean {
  return s.length === 10 && !repeated(s) && weighted(s, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === digit(s, 9);
}
/** Polish business number, nine digits. */
export function plRegon(s: string): boolean {
  return s.length === 9 && !repeated(s) && (weighted(s, [8, 9, 2, 3, 4, 5, 6, 7]) % 11) % 10 === digit(s, 8);
}

/** French social security number: MOD 97, Corsica as 19 and 18. */
export function frNir(s: string): boolean {
  if (!/^[12378]\d{4}(?:\d\d|2A|2B)\d{8}$/.test(s)) return false;
  const month = num(s, 3, 5);
  if (!((month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50)) return false;
  const digits = s.replace('2A', '19').replace('2B', '18');
  return 97 - (Number(digits.slice(0, 13)) % 97) === Number(digits.slice(13));
}
/** French company number. */
export function frSiren(s: string): boolean {
  return s.length === 9 && !repeated(s) && luhn(s);
}
/** French establishment number. */
export function frSiret(s: string): boolean {
  return s.length === 14 && !repeated(s) && luhn(s) && luhn(s.slice(0, 9));
}

/** Dutch citizen number: the eleven test. */
export function nlBsn(s: string): boolean {
  return s.length === 9 && !repeated(s) && num(s, 0, 9) >= 10_000_000 && (weighted(s, [9, 8, 7, 6, 5, 4, 3, 2]) - digit(s, 8)) % 11 === 0;
}

/** Belgian national number: MOD 97, of 2 000 000 000 more for those born since 2000. */
export function beNationalNumber(s: string): boolean {
  if (s.length !== 11 || repeated(s)) return false;
  const month = num(s, 2, 4) % 20;
  if (month > 12 || num(s, 4, 6) > 31) return false;
  const check = num(s, 9, 11);
  const base = num(s, 0, 9);
  return 97 - (base % 97) === check || 97 - ((2_000_000_000 + base) % 97) === check;
}

/** Swiss social security number: EAN-13 with the prefix 756. */
export function chAhv(s: string): boolean {
  if (s.length !== 13 || !s.startsWith('756')) return false;
  let sum = 0;
  for (let i = 0; i < 12; i++) sum += digit(s, i) * (i % 2 === 0 ? 1 : 3);
  return (10 - (sum % 10)) % 10 === digit(s, 12);
}

/** Austrian social security number: weights 3 7 9 _ 5 8 4 2 1 6. */
export function atSvnr(s: string): boolean {
  if (s.length !== 10 || s[0] === '0') return false;
  return weighted(s, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === digit(s, 3) && num(s, 6, 8) <= 15 && num(s, 4, 6) >= 1 && num(s, 4, 6) <= 31;
}

/** Norwegian birth number: two check digits. */
export function noFnr(s: string): boolean {
  if (s.length !== 11 || repeated(s)) return false;
  const check = (w: readonly number[], at: number) => {
    const r = 11 - (weighted(s, w) % 11);
    return (r === 11 ? 0 : r) === digit(s, at);
  };
  const day = num(s, 0, 2) % 40;
  const month = num(s, 2, 4) % 40;
  return (
    month >= 1 && month <= 12 && day >= 1 && day <= 31 && check([3, 7, 6, 1, 8, 9, 4, 5, 2], 9) && check([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], 10)
  );
}
/** Norwegian organisation number. */
export function noOrgnr(s: string): boolean {
  if (s.length !== 9 || repeated(s)) return false;
  const r = 11 - (weighted(s, [3, 2, 7, 6, 5, 4, 3, 2]) % 11);
  return (r === 11 ? 0 : r) === digit(s, 8);
}

/** Danish personal number: a real day (the check digit was given up in 2007). */
export function dkCpr(s: string): boolean {
  return s.length === 10 && realShortDate(num(s, 4, 6), num(s, 2, 4), num(s, 0, 2)) && num(s, 6, 10) !== 0;
}

/** Czech and Slovak birth number, ten digits: divisible by 11 (with the exception of the years before 1985). */
export function czBirthNumber(s: string): boolean {
  if (s.length !== 10) return false;
  const month = (num(s, 2, 4) % 50) % 20;
  if (!realShortDate(num(s, 0, 2), month, num(s, 4, 6))) return false;
  const year = num(s, 0, 2) < 54 ? 2000 + num(s, 0, 2) : 1900 + num(s, 0, 2);
  return (num(s, 0, 9) % 11) % (year < 1985 ? 10 : 11) === digit(s, 9);
}

/** Romanian personal number. */
export function roCnp(s: string): boolean {
  if (s.length !== 13 || s[0] === '0' || repeated(s)) return false;
  if (!realShortDate(num(s, 1, 3), num(s, 3, 5), num(s, 5, 7))) return false;
  const r = weighted(s, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  return (r === 10 ? 1 : r) === digit(s, 12);
}

/** Bulgarian personal number. */
export function bgEgn(s: string): boolean {
  if (s.length !== 10 || repeated(s)) return false;
  const month = num(s, 2, 4);
  const year = num(s, 0, 2) + (month > 40 ? 2000 : month > 20 ? 1800 : 1900);
  if (!realDate(year, month % 20, num(s, 4, 6))) return false;
  return (weighted(s, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === digit(s, 9);
}

/** Croatian personal number: MOD 11,10. */
export function hrOib(s: string): boolean {
  return s.length === 11 && !repeated(s) && mod1110(s);
}

/** Personal number of the successor states of Yugoslavia. */
export function jmbg(s: string): boolean {
  if (s.length !== 13 || repeated(s)) return false;
  const year = num(s, 4, 7) + (s[4] === '0' ? 2000 : 1000);
  if (!realDate(year, num(s, 2, 4), num(s, 0, 2))) return false;
  const r = (11 - (weighted(s, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return r % 10 === digit(s, 12);
}

/** Estonian and Lithuanian personal code: two stages of weights. */
export function balticCode(s: string): boolean {
  if (s.length !== 11 || s[0] === '0' || s[0] === '9' || repeated(s)) return false;
  if (!realShortDate(num(s, 1, 3), num(s, 3, 5), num(s, 5, 7))) return false;
  let r = weighted(s, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
  if (r === 10) r = (weighted(s, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11) % 10;
  return r === digit(s, 10);
}

/** Latvian personal code of the old form (a birthday and a century). */
export function lvPersonalCode(s: string): boolean {
  if (s.length !== 11 || digit(s, 6) > 2) return false;
  if (!realDate(1800 + 100 * digit(s, 6) + num(s, 4, 6), num(s, 2, 4), num(s, 0, 2))) return false;
  return ((1 + weighted(s, [10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11) % 10 === digit(s, 10);
}

/** Greek social security number: birthday and Luhn. */
export function grAmka(s: string): boolean {
  return s.length === 11 && realShortDate(num(s, 4, 6), num(s, 2, 4), num(s, 0, 2)) && luhn(s);
}

/** Irish personal public service number. */
export function iePps(s: string): boolean {
  if (!/^\d{7}[A-W][ABHTWX]?$/.test(s)) return false;
  const extra = s.length === 9 && /[ABH]/.test(s[8]!) ? (s.charCodeAt(8) - 64) * 9 : 0;
  return 'WABCDEFGHIJKLMNOPQRSTUV'[(weighted(s, [8, 7, 6, 5, 4, 3, 2]) + extra) % 23] === s[7];
}

/** Portuguese tax number. */
export function ptNif(s: string): boolean {
  if (s.length !== 9 || s[0] === '0' || repeated(s)) return false;
  const r = 11 - (weighted(s, [9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return (r >= 10 ? 0 : r) === digit(s, 8);
}

/** Icelandic personal number. */
export function isKennitala(s: string): boolean {
  if (s.length !== 10 || !/[09]$/.test(s)) return false;
  const day = num(s, 0, 2) % 40;
  return num(s, 2, 4) >= 1 && num(s, 2, 4) <= 12 && day >= 1 && day <= 31 && weighted(s, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

/** Hungarian company number. */
export function huAnum(s: string): boolean {
  return s.length === 8 && !repeated(s) && weighted(s, [9, 7, 3, 1, 9, 7, 3, 1]) % 10 === 0;
}

/** Finnish business id. */
export function fiBusinessId(s: string): boolean {
  return s.length === 8 && !repeated(s) && weighted(s, [7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 0;
}

/** Turkish identity number. */
export function trTckn(s: string): boolean {
  if (s.length !== 11 || s[0] === '0' || repeated(s)) return false;
  let odd = 0;
  let even = 0;
  for (let i = 0; i < 9; i++) {
    if (i % 2 === 0) odd += digit(s, i);
    else even += digit(s, i);
  }
  const tenth = (((odd * 7 - even) % 10) + 10) % 10;
  return tenth === digit(s, 9) && (odd + even + tenth) % 10 === digit(s, 10);
}
/** Turkish tax number. */
export function trVkn(s: string): boolean {
  if (s.length !== 10 || repeated(s)) return false;
  let sum = 0;
  for (let i = 0; i < 9; i++) {
    const v = (digit(s, i) + 9 - i) % 10;
    sum += v === 0 ? 0 : (v * 2 ** (9 - i)) % 9 || 9;
  }
  return (10 - (sum % 10)) % 10 === digit(s, 9);
}

/** Russian tax number of a person (12) or company (10). */
export function ruInn(s: string): boolean {
  if (repeated(s)) return false;
  const w = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
  const check = (from: number, at: number) => (weighted(s, w.slice(from)) % 11) % 10 === digit(s, at);
  return s.length === 10 ? check(2, 9) : s.length === 12 && check(1, 10) && check(0, 11);
}
/** Russian pension insurance number. */
export function ruSnils(s: string): boolean {
  if (s.length !== 11 || repeated(s) || num(s, 0, 9) <= 1_001_998) return false;
  const r = weighted(s, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101;
  return (r === 100 ? 0 : r) === num(s, 9, 11);
}

/** Ukrainian individual tax number. */
export function uaRntrc(s: string): boolean {
  if (s.length !== 10 || repeated(s)) return false;
  const sum = weighted(s, [-1, 5, 7, 9, 4, 6, 10, 5, 7]);
  return (((sum % 11) + 11) % 11) % 10 === digit(s, 9);
}

/** Belgian company number, the check of VAT numbers there. */
export function beVat(s: string): boolean {
  return s.length === 10 && (s[0] === '0' || s[0] === '1') && 97 - (num(s, 0, 8) % 97) === num(s, 8, 10);
}

export { mod97 };
