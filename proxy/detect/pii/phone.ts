/** Telephone numbers: by their writing (E.164 with country code, North American, national with trunk zero) and by context words. */
import type { FindingCategory } from '../../contract/index.js';
import type { Candidate, TextView } from '../rules.js';

type Emit = (rule: { entity: string; category: FindingCategory }, c: Candidate) => void;
const RULE = { entity: 'PHONE_NUMBER', category: 'contact' as const };

/** Calling codes of ITU-T E.164 with the digits that may follow (rough lengths; a wrong length is not a number that rings). */
const CODES = new Set(
  '1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 239 240 241 242 243 244 245 246 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265 266 267 268 269 290 291 297 298 299 350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 378 380 381 382 383 385 386 387 389 420 421 423 500 501 502 503 504 505 506 507 508 509 590 591 592 593 594 595 596 597 598 599 670 672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 800 808 850 852 853 855 856 870 880 886 960 961 962 963 964 965 966 967 968 970 971 972 973 974 975 976 977 992 993 994 995 996 998'.split(
    ' ',
  ),
);

function knownCode(digits: string): boolean {
  return CODES.has(digits[0]!) || CODES.has(digits.slice(0, 2)) || CODES.has(digits.slice(0, 3));
}

const EXT = /^[ ,;]{0,2}(?:x|ext\.?|extn\.?|extension|#|доб\.?|durchwahl|poste|int\.?)[ .:]?\d{1,6}(?!\d)/i;
/** What the first unit, the count of digits and `bare` (nothing but digits) say before the pattern is tried. */
type May = (first: number, count: number, bare: boolean) => boolean;
const american: May = (_first, count, bare) => (count === 10 || count === 11) && !bare;
const trunk: May = (first, _count, bare) => (first === 48 || first === 40) && !bare;
const NO_PHONE =
  /^(?:(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$|\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}(?: |$)|\d{3}([- .])\d\d\1\d{4}$|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$)/;
const SHAPES: { may: May; shape: RegExp; alone: number; why: string; intl?: boolean; context: number }[] = [
  // +44 20 7946 0958, 0041 (0)69 979 80 58, +447700 921 916
  {
    may: (first) => first === 43 || first === 48,
    shape: /^(?:\+|00)[1-9]\d{0,2}(?:[ ./-]?\(\d{1,5}\))?(?:[ ./-]{0,2}\d{1,12}){1,7}$/,
    alone: 0.8,
    context: 0.95,
    why: 'country calling code',
    intl: true,
  },
  // (212) 555-0147, 212-555-0147, 212.555.0147, 1-212-555-0147
  {
    may: american,
    shape: /^(?:1[ .-]?)?(?:\(\d{3}\)[ .-]?|\d{3}([-.]))\d{3}[ .-]\d{4}$/,
    alone: 0.75,
    context: 0.95,
    why: 'North American shape',
  },
  { may: american, shape: /^(?:1 )?\d{3} \d{3} \d{4}$/, alone: 0.6, context: 0.95, why: 'North American shape' },
  // 0494 92 82 32, 020 7946 0958, 0341/8387176, 01.84.17.61.18
  {
    may: trunk,
    shape: /^\(?0[1-9]\d{0,4}\)?[ ./-]{1,2}\d{2,4}(?:[ .-]\d{2,4}){1,3}$/,
    alone: 0.6,
    context: 0.92,
    why: 'trunk zero and groups',
  },
  { may: trunk, shape: /^\(?0[1-9]\d{1,4}\)?[ /-]{1,2}\d{5,8}$/, alone: 0.5, context: 0.9, why: 'trunk zero' },
  // (99) 645-791, (71) 4233-6306
  { may: (first) => first === 40, shape: /^\(\d{2,4}\)[ ]?\d{3,4}[ -]\d{3,4}$/, alone: 0.6, context: 0.92, why: 'area code in brackets' },
  // Anything else of 6 to 13 digits, near a word only.
  {
    may: (_first, _count, bare) => !bare,
    shape: /^\(?\d{1,5}\)?(?:[ .-]\(?\d{1,8}\)?){1,5}$/,
    alone: 0,
    context: 0.8,
    why: 'digit groups',
  },
  { may: (_first, _count, bare) => bare, shape: /^\d{7,13}$/, alone: 0, context: 0.75, why: 'digits' },
];

const PHONE = ['phone'] as const;

/** The fictional numbers 555-0100 … 555-0199. */
const FICTION = /555[ .-]?01\d\d$/;

/** ` ./-` and `)` do not begin a number, ` ./-`, `(` and `+` do not end one. */
const isLead = (c: number) => c === 32 || c === 46 || c === 47 || c === 45 || c === 41;
const isTail = (c: number) => c === 32 || c === 46 || c === 47 || c === 45 || c === 40 || c === 43;

/** Tries the stretch `from … to` of digits and marks that holds `count` digits. `taken`: another rule explained digits of it already. */
export function phone(view: TextView, from: number, to: number, count: number, taken: boolean, emit: Emit): void {
  const { text } = view;
  if (to - from > 48 || count > 16) return; // a row of numbers
  let start = from;
  let end = to;
  while (start < end && isLead(text.charCodeAt(start))) start++;
  while (end > start && isTail(text.charCodeAt(end - 1))) end--;
  let value = text.slice(start, end);
  let cut = false;
  // `((410) 555-0163)`: brackets around the number itself.
  if (value.startsWith('((')) {
    start++;
    cut = true;
    value = text.slice(start, end);
  }
  if (value.charCodeAt(0) === 40 && !value.includes(')')) {
    start++;
    cut = true;
  }
  if (text.charCodeAt(end - 1) === 41 && (!(cut ? text.slice(start, end) : value).includes('(') || /\).*\)$/.test(value))) {
    end--;
    cut = true;
  }
  if (cut) value = text.slice(start, end);
  const before = start > 0 ? text.charCodeAt(start - 1) : 0;
  const after = end < text.length ? text.charCodeAt(end) : 0;
  if (before === 64 || after === 64) return;
  if (before === 45 && start > 1 && isWordish(text.charCodeAt(start - 2))) return; // CVE-2026-9358
  if (isWordish(before) || before === 36 || before === 35 || (isWordish(after) && !EXT.test(text.slice(end, end + 12)))) return;
  if ((before === 46 || before === 47) && /\w/.test(text[start - 2] ?? ' ')) return;
  if (/[^\x00-\x7f]/.test(value)) value = value.replace(/[\u00a0\u2009\u202f]/g, ' ').replace(/[\u2011\u2013]/g, '-');
  // Dates, with and without marks; a social security number's groups.
  if (NO_PHONE.test(value)) return;
  const first = value.charCodeAt(0);
  const bare = value.length === count;
  for (let k = 0; k < SHAPES.length; k++) {
    const s = SHAPES[k]!;
    if (!s.may(first, count, bare) || !s.shape.test(value)) continue;
    if (s.intl) {
      const digits = value.replace(/\D+/g, '');
      const national = first === 43 ? digits : digits.slice(2);
      if (national.length < 7 || national.length > 15 || !knownCode(national)) continue;
    }
    const near = view.near(PHONE, start, end, 40, 16);
    if (taken && (!near || !s.alone)) return;
    if (!near && s.alone < 0.5) return;
    const extension = EXT.exec(text.slice(end, end + 16));
    const fiction = FICTION.test(value);
    const c: Candidate = {
      start,
      end: extension ? end + extension[0].length : end,
      confidence: near ? s.context : s.alone,
      why: `${s.why}${near ? '; context word near' : ''}${fiction ? '; fictional 555-01xx number' : ''}`,
    };
    if (fiction) c.testValue = true;
    emit(RULE, c);
    return;
  }
}

function isWordish(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95;
}
