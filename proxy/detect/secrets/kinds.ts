import type { Candidate, InlineRule, TextView } from '../rules.js';
import { KEYED_KINDS } from './kinds-keyed.js';
import { PREFIX_KINDS } from './kinds-prefix.js';
import { entropyOf, isHex, standsIn } from './worth.js';

/** `H`, `A` and `W` before a count are classes; inside brackets and words they are letters. */
const CLASSES: Record<string, string> = { H: '[0-9a-fA-F]', A: '[A-Za-z0-9]', W: '[\\w-]' };
const body = (source: string) => source.replace(/([HAW])(?=\{)/g, (k) => CLASSES[k]!);
const literal = (s: string) => s.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** Values that providers print in their own documentation. */
const DOCUMENTED = /EXAMPLE|4eC39HqLyjWDarjtT1zdp7dc|TYooMQauvdEDq54NiTphI7jx|51AbCdEf|0123456789abcdef|abcdefghijklmnop|1234567890abcdef/i;
const prefixRules: InlineRule[] = PREFIX_KINDS.map(([entity, prefix, source, entropy]) => {
  const floor = entropy ?? 2.6;
  return {
    entity,
    category: 'secret',
    literals: [prefix.toLowerCase()],
    pattern: new RegExp(`(?<![A-Za-z0-9_-])${literal(prefix)}${body(source)}(?![A-Za-z0-9_])`, 'y'),
    begins: 'here',
    validate(value: string, _view: TextView, start: number, end: number): number | Candidate {
      const rest = value.slice(prefix.length);
      if (DOCUMENTED.test(value)) return { start, end, confidence: 0.9, why: 'a provider documents this value', testValue: true };
      if (/^(.)\1+$|x{6,}|X{6,}|\.{3}|your|placeholder/i.test(rest)) return 0;
      if (entropyOf(rest) < floor) return 0;
      // Made of words with one case and no digit: a slug, a class name.
      if (!/\d/.test(rest) && (entropy !== undefined || rest.length < 24)) return 0;
      return 0.97;
    },
    why: 'prefix and shape of the provider',
  };
});

/** Units between a name and its value, and those of which values are made. */
const BETWEEN = Uint8Array.from({ length: 128 }, (_, c) => (/[\w.\- "'\]\s]/.test(String.fromCharCode(c)) ? 1 : 0));
const VALUE = Uint8Array.from({ length: 128 }, (_, c) => (/[\w+/.:=-]/.test(String.fromCharCode(c)) ? 1 : 0));
/** Could an operator and a value of eight units follow? Names of firms stand in prose, too. */
function valueAhead(text: string, from: number): boolean {
  const limit = Math.min(text.length, from + 80);
  let i = from;
  while (i < limit && text.charCodeAt(i) < 128 && BETWEEN[text.charCodeAt(i)] === 1) i++;
  const operator = i < limit ? text.charCodeAt(i) : 0;
  if (operator !== 61 && operator !== 58 && operator !== 44) return false;
  i++;
  const head = Math.min(text.length, i + 8);
  while (i < head && /[>=\s"'`\\]/.test(text[i]!)) i++;
  if (i + 8 > text.length) return false;
  for (const end = i + 8; i < end; i++) {
    const c = text.charCodeAt(i);
    if (c > 127 || VALUE[c] === 0) return false;
  }
  return true;
}

const KEYWORD = '(?:key|token|secret|api|auth|pass|pwd|access|sid|dsn|cred|certificate|bearer)';
const keyedRules: InlineRule[] = KEYED_KINDS.map(([entity, names, source]) => {
  // Made when the name first stands in a text: most never do.
  let patterns: { named: RegExp; direct: RegExp; exact: RegExp } | undefined;
  const make = () => {
    const pattern = body(source);
    const value = `["'\\]]{0,2}\\s{0,3}(?:=>|:=|==|[=:,])\\s{0,3}(?:["'\`]|\\\\")?(?<value>${pattern})(?![\\w+/-])`;
    return {
      named: new RegExp(`[\\w.\\- ]{0,30}?${KEYWORD}[\\w.\\- ]{0,24}?${value}`, 'yid'),
      direct: new RegExp(`[\\w.\\-]{0,12}${value}`, 'yid'),
      exact: new RegExp(`^(?:${pattern})$`),
    };
  };
  return {
    entity,
    category: 'secret',
    literals: names,
    find(view: TextView, start: number, end: number, emit: (c: Candidate) => void) {
      const before = view.text.charCodeAt(start - 1);
      if ((before >= 97 && before <= 122 && view.text.charCodeAt(start) >= 97) || (before >= 48 && before <= 57)) return;
      if (!valueAhead(view.text, end)) return;
      const own = /key|api|private|mnemonic/i.test(view.text.slice(start, end));
      patterns ??= make();
      const p = own ? patterns.direct : patterns.named;
      p.lastIndex = end;
      const m = p.exec(view.text);
      const value = m?.groups?.value;
      if (!m || !value || !patterns.exact.test(value)) return;
      if (standsIn(value) || !/\d/.test(value) || entropyOf(value) < (isHex(value) ? 2.7 : 3)) return;
      if (/(?:sha|hash|commit|rev|digest|checksum|etag|version|integrity|public)/i.test(m[0].slice(0, m[0].length - value.length))) return;
      const at = m.indices!.groups!.value![0];
      emit({ start: at, end: at + value.length, confidence: 0.9, why: 'name of the provider before it, and its shape' });
    },
  };
});

/** Kinds by prefix and by the provider's name. */
export const kinds: readonly InlineRule[] = [...prefixRules, ...keyedRules];
