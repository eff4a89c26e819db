/** Identifiers of letters and digits that are written with spaces, dashes or dots. Each looks at the text around one digit stretch. */
import type { FindingCategory } from '../../contract/index.js';
import { iban, ibanLength } from '../checksum/finance.js';
import type { Candidate, TextView } from '../rules.js';

type Emit = (rule: { entity: string; category: FindingCategory }, c: Candidate) => void;
export type Shaped = (view: TextView, from: number, to: number, emit: Emit) => void;

const isAlnum = (c: number) => (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57);

/** `GB29 NWBK 6016 1331 9268 19`: two letters directly before the digits begin it; the country says how long it is. */
const spacedIban: Shaped = (view, from, _to, emit) => {
  const { text } = view;
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

export const SHAPED: readonly Shaped[] = [spacedIban];
