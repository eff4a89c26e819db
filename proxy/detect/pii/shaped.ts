/** Identifiers of letters and digits that are written with spaces, dashes or dots. Each looks at the text around one digit stretch. */
import type { FindingCategory } from '../../contract/index.js';
import { clRut } from '../checksum/america.js';
import { hkId } from '../checksum/asia.js';
import { esNie, esNif, fiHetu, ukNino } from '../checksum/europe.js';
import { iban, ibanLength } from '../checksum/finance.js';
import type { Concept } from '../context.js';
import type { Candidate, TextView } from '../rules.js';

type Emit = (rule: { entity: string; category: FindingCategory }, c: Candidate) => void;
type Shaped = (view: TextView, from: number, to: number, emit: Emit) => void;

const isAlnum = (c: number) => (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57);

const isLetter = (c: number) => (c >= 97 && c <= 122) || (c >= 65 && c <= 90);
const isDigit = (c: number) => c >= 48 && c <= 57;

/** Stand two letters and two digits at the beginning of a word, not far before `from`, with nothing but words and single marks between? */
function countryBefore(text: string, from: number): boolean {
  const floor = Math.max(0, from - 26);
  for (let i = from - 1; i >= floor; i--) {
    const c = text.charCodeAt(i);
    if (!isAlnum(c)) {
      if (c !== 32 && c !== 46 && c !== 45) return false;
      if (i === 0 || !isAlnum(text.charCodeAt(i - 1))) return false;
    } else if (
      isLetter(c) &&
      isLetter(text.charCodeAt(i + 1)) &&
      isDigit(text.charCodeAt(i + 2)) &&
      isDigit(text.charCodeAt(i + 3)) &&
      (i === 0 || !isAlnum(text.charCodeAt(i - 1)))
    )
      return true;
  }
  return false;
}

/** `GB29 NWBK 6016 1331 9268 19`: country and check digits begin it; the country says how long it is. */
const spacedIban: Shaped = (view, from, _to, emit) => {
  const { text } = view;
  // Two letters stand before the first digits, or further left in the group.
  if (!countryBefore(text, from)) return;
  const left = text.slice(Math.max(0, from - 26), from + 2);
  const head = /(?<![A-Za-z0-9])[A-Za-z]{2}\d\d(?:[ .-]?[A-Za-z0-9]{1,4}){0,5}[ .-]?$/.exec(left);
  if (!head) return;
  const start = Math.max(0, from - 26) + head.index;
  const want = ibanLength(text.slice(start, start + 2).toUpperCase());
  if (want === 0) return;
  let compact = '';
  let at = start;
  let marks = 0;
  while (at < text.length && compact.length < want && marks < 16) {
    const c = text.charCodeAt(at);
    if (isAlnum(c)) compact += text[at];
    else if ((c === 32 || c === 45 || c === 0xa0 || c === 46) && isAlnum(text.charCodeAt(at + 1))) marks++;
    else return;
    at++;
  }
  if (marks === 0 || isAlnum(text.charCodeAt(at)) || !iban(compact.toUpperCase())) return;
  emit({ entity: 'IBAN_CODE', category: 'financial' }, { start, end: at, confidence: 0.97, why: 'country length and MOD 97-10' });
};

/** A form with marks, searched in the 24 characters before and 16 after the first digit. */
function form(
  entity: string,
  category: FindingCategory,
  pattern: RegExp,
  valid: ((compact: string) => boolean) | undefined,
  alone: number,
  withContext: number,
  context: Concept[],
  why: string,
): Shaped {
  return (view, from, to, emit) => {
    // Forms that mean nothing alone are not even looked for without their word.
    if (alone < 0.5 && !view.near(context, from, to)) return;
    const base = Math.max(0, from - 12);
    const area = view.text.slice(base, Math.min(view.text.length, Math.max(to, from) + 10, from + 60));
    pattern.lastIndex = 0;
    for (let m = pattern.exec(area); m; m = pattern.exec(area)) {
      const compact = m[0].replace(/[ .\-/()]/g, '').toUpperCase();
      if (valid && !valid(entity === 'FI_PERSONAL_IDENTITY_CODE' ? m[0].toUpperCase() : compact)) continue;
      const start = base + m.index;
      const end = start + m[0].length;
      const near = alone < withContext && view.near(context, start, end);
      const confidence = near ? withContext : alone;
      if (confidence >= 0.5) emit({ entity, category }, { start, end, confidence, why: near ? `${why}; context word near` : why });
    }
  };
}

/** The beginning or the middle of each form that means something alone: most numbers beside letters have none of them. */
const ANY_FORM =
  /(?<![A-Za-z0-9])(?:[A-Z]{2}[ -]\d{2}|\d{6}[-+A-FU-Y]\d{3}|\d{2}\.?\d{3}\.?\d{3}[ -][A-Z]|[XYZ][ -]\d{7}|\d{1,2}\.\d{3}\.\d{3}-[Kk]|[A-Z]{1,2}\d{6}\()/;

const FORMS: readonly Shaped[] = [
  form(
    'UK_NINO',
    'national-id',
    /(?<![A-Za-z0-9])[A-Z]{2}[ -]\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D](?![A-Za-z0-9])/g,
    ukNino,
    0.8,
    0.95,
    ['nino', 'ssn'],
    'issued prefix',
  ),
  form(
    'FI_PERSONAL_IDENTITY_CODE',
    'national-id',
    /(?<![A-Za-z0-9])\d{6}[-+A-FU-Y]\d{3}[0-9A-Y](?![A-Za-z0-9])/g,
    fiHetu,
    0.85,
    0.97,
    ['finland', 'nationalId'],
    'birthday and check character',
  ),
  form(
    'ES_NIF',
    'national-id',
    /(?<![A-Za-z0-9])\d{2}\.?\d{3}\.?\d{3}[ -][A-Z](?![A-Za-z0-9])/g,
    esNif,
    0.75,
    0.95,
    ['nif'],
    'check letter',
  ),
  form('ES_NIE', 'national-id', /(?<![A-Za-z0-9])[XYZ][ -]\d{7}[ -]?[A-Z](?![A-Za-z0-9])/g, esNie, 0.8, 0.95, ['nif'], 'check letter'),
  form(
    'CL_RUT',
    'national-id',
    /(?<![A-Za-z0-9])\d{1,2}\.\d{3}\.\d{3}-[Kk](?![A-Za-z0-9])/g,
    clRut,
    0.85,
    0.95,
    ['tax', 'nationalId'],
    'MOD 11',
  ),
  form('HK_ID', 'national-id', /(?<![A-Za-z0-9])[A-Z]{1,2}\d{6}\([0-9A]\)/g, hkId, 0.85, 0.97, ['nationalId'], 'check digit'),
];
const plate = form(
  'LICENSE_PLATE',
  'network',
  /(?<![A-Za-z0-9])(?!RFC|ISO|CVE|PEP|UTF|SHA)(?:[A-Z]{1,3}[ -][A-Z]{1,2}[ -]?\d{1,4}|[A-Z]{2}[ -]?\d{3}[ -]?[A-Z]{2}|[A-Z]{2}\d{2}[ ]?[A-Z]{3}|\d{1,3}[ -][A-Z]{3}|[A-Z]{3}[ -]\d{3,4}|\d{2} [A-Z]{1,3} \d{2,4})(?![A-Za-z0-9])/g,
  undefined,
  0,
  0.75,
  ['plate'],
  'form of a number plate',
);

/** Looks for every form around the stretch `from … to` of digits and marks. */
export function shaped(view: TextView, from: number, to: number, emit: Emit): void {
  spacedIban(view, from, to, emit);
  if (ANY_FORM.test(view.text.slice(Math.max(0, from - 12), Math.min(Math.max(to, from) + 10, from + 60))))
    for (const one of FORMS) one(view, from, to, emit);
  plate(view, from, to, emit);
}
