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
const SHAPES: { shape: RegExp; alone: number; why: string; intl?: boolean; context: number }[] = [
  // +44 20 7946 0958, 0041 (0)69 979 80 58, +447700 921 916
  {
    shape: /^(?:\+|00)[1-9]\d{0,2}(?:[ ./-]?\(\d{1,5}\))?(?:[ ./-]{0,2}\d{1,12}){1,7}$/,
    alone: 0.8,
    context: 0.95,
    why: 'country calling code',
    intl: true,
  },
  // (212) 555-0147, 212-555-0147, 212.555.0147, 1-212-555-0147
  { shape: /^(?:1[ .-]?)?(?:\(\d{3}\)[ .-]?|\d{3}([-.]))\d{3}[ .-]\d{4}$/, alone: 0.75, context: 0.95, why: 'North American shape' },
  { shape: /^(?:1 )?\d{3} \d{3} \d{4}$/, alone: 0.6, context: 0.95, why: 'North American shape' },
  // 0494 92 82 32, 020 7946 0958, 0341/8387176, 01.84.17.61.18
  { shape: /^\(?0[1-9]\d{0,4}\)?[ ./-]{1,2}\d{2,4}(?:[ .-]\d{2,4}){1,3}$/, alone: 0.6, context: 0.92, why: 'trunk zero and groups' },
  { shape: /^\(?0[1-9]\d{1,4}\)?[ /-]{1,2}\d{5,8}$/, alone: 0.5, context: 0.9, why: 'trunk zero' },
  // (99) 645-791, (71) 4233-6306
  { shape: /^\(\d{2,4}\)[ ]?\d{3,4}[ -]\d{3,4}$/, alone: 0.6, context: 0.92, why: 'area code in brackets' },
  // Anything else of 6 to 13 digits, near a word only.
  { shape: /^\(?\d{1,5}\)?(?:[ .-]\(?\d{1,8}\)?){1,5}$/, alone: 0, context: 0.8, why: 'digit groups' },
  { shape: /^\d{7,13}$/, alone: 0, context: 0.75, why: 'digits' },
];

const PHONE = ['phone'] as const;

/** The fictional numbers 555-0100 … 555-0199. */
const FICTION = /555[ .-]?01\d\d$/;

/** Tries the stretch `from … to` of digits and marks. `taken`: another rule explained digits of it already. */
export function phone(view: TextView, from: number, to: number, taken: boolean, emit: Emit): void {
  const { text } = view;
  if (to - from > 48) return; // a row of numbers
  let start = from;
  let end = to;
  while (start < end && /[ ./\-)]/.test(text[start]!)) start++;
  while (end > start && /[ ./\-(+]/.test(text[end - 1]!)) end--;
  if (text[start] === '(' && !text.slice(start, end).includes(')')) start++;
  if (!text.slice(start, end).includes('(') && text[end - 1] === ')') end--;
  let value = text.slice(start, end);
  if (/[^\x00-\x7f]/.test(value)) value = value.replace(/[\u00a0\u2009\u202f]/g, ' ').replace(/[\u2011\u2013]/g, '-');
  const digits = value.replace(/\D+/g, '');
  if (digits.length < 6 || digits.length > 16) return;
  const before = text.charCodeAt(start - 1);
  const after = text.charCodeAt(end);
  if (before === 64 || after === 64) return;
  if (before === 45 && isWordish(text.charCodeAt(start - 2))) return; // CVE-2026-9358
  if (isWordish(before) || before === 36 || before === 35 || (isWordish(after) && !EXT.test(text.slice(end, end + 12)))) return;
  if (
    (before === 46 || before === 47 || before === 61 || before === 58) &&
    /\w/.test(text[start - 2] ?? ' ') &&
    before !== 58 &&
    before !== 61
  )
    return;
  if (/^\d{4}[-./]\d{1,2}[-./]\d{1,2}/.test(value) || /^\d{1,2}[-./]\d{1,2}[-./]\d{4}(?: |$)/.test(value)) return; // dates
  if (/^\d{3}([- .])\d\d\1\d{4}$/.test(value)) return; // a social security number's groups
  if (/^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(value)) return; // dates without marks
  for (const s of SHAPES) {
    if (!s.shape.test(value)) continue;
    if (s.intl) {
      const national = value.startsWith('+') ? digits : digits.slice(2);
      if (national.length < 7 || national.length > 15 || !knownCode(national)) continue;
    }
    const near = view.near(PHONE, start, end, 40, 16);
    if (taken && (!near || !s.alone)) return;
    if (!near && s.alone < 0.5) return;
    const extension = EXT.exec(text.slice(end, end + 16));
    const fiction = FICTION.test(value);
    emit(RULE, {
      start,
      end: extension ? end + extension[0].length : end,
      confidence: near ? s.context : s.alone,
      why: `${s.why}${near ? '; context word near' : ''}${fiction ? '; fictional 555-01xx number' : ''}`,
      ...(fiction ? { testValue: true } : {}),
    });
    return;
  }
}

function isWordish(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95;
}
