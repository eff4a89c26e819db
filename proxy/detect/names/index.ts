import type { Finding, ScanContext } from '../../contract/index.js';
import { announced } from './announced.js';
import { easternNames } from './eastern.js';
import { CITY, COMMON, COMPANY, COUNTRY, GIVEN, SURNAME } from './features.js';
import { fields } from './fields.js';
import { loadModel, type NameSpan, NamesTagger } from './model.js';
import { proseRanges } from './prose.js';
import { ages, INSTITUTION, isDay, kindByLists, named, trimEdges } from './repair.js';
import { Spans } from './spans.js';
import { streets } from './streets.js';
import { partAddresses, places } from './towns.js';

let tagger: NamesTagger | undefined;
function theTagger(): NamesTagger {
  tagger ??= new NamesTagger(loadModel());
  return tagger;
}

const CATEGORY: Record<string, Finding['category']> = {
  PERSON: 'person',
  LOCATION: 'location',
  ORGANIZATION: 'other-pii',
  STREET_ADDRESS: 'contact',
  TITLE: 'other-pii',
  NRP: 'other-pii',
};
/** Margin (in sixteenths) at which a span counts as half certain above the floor. */
const HALF = 400;
/** Least margin in running text, and in text with much code in it, where capitals mean other things. */
const LEAST = 60;
const LEAST_IN_CODE = 900;
const UNKNOWN_NAME = 300;

const STREET_WORD =
  /(?<![\p{L}\d])\d+(?![\p{L}\d]*[a-z]\d)|\b(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place|square|terrace|box|apt|suite)\b|stra(?:ß|ss)e|weg|gasse|platz|straat|laan|gatan|vägen|vej|gade|katu|utca|\b(?:rue|via|calle|rua|ulica|ul|avenida|piazza|plaza)\b/iu;

const bitsOf = (word: string): number => theTagger().bits(word);

/** Amounts, ages, days and numbers of records that have a figure and a word like an address. */
const NO_STREET =
  /^\d[\d.,]* ?(?:mg|ml|kg|km|cm|mm|g|l|m|eur|usd|gbp|euros?|dollars?|zimmer|anos|años|ans|anni|jaar|jahre|yo|y\/o|years?|days?|weeks?|months?|hours?|minutes?|percent|people|pages?|items?)(?![\p{L}])|^(?:via|on|at) \p{Ll}|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]* \d|^[A-Z]{0,2}\d{1,4} ?\p{L}{1,4}$|\d [a-z]*mg\b|(?<![\p{L}])(?:ssn|record|npi|mrn|group|policy|card|account|invoice|ticket|order|version|phone|tel|dob)(?![\p{L}])/iu;

/** Share of lines that look like code above which capitals mean other things too. */
const SOME_CODE = 0.02;
const DATE = /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* (?:19|20)\d\d\b/i;
const NAME_BEFORE = /(?:\b(?:mr|mrs|ms|dr|hi|hello|dear|thanks|regards|name|author|by|user|customer|patient)\b["']?[.:,=]?\s{0,3}["']?)$/i;

/** In text with code in it a person has a given name that is no plain word and a second name, or a word before that announces one. */
function nameInCode(text: string, s: NameSpan, value: string): boolean {
  if (NAME_BEFORE.test(text.slice(Math.max(0, s.start - 20), s.start)))
    return /^\p{Lu}/u.test(value) && (/ /.test(value) || ((s.known & (GIVEN | SURNAME)) !== 0 && !s.common));
  const words = value.split(/[\s,.]+/).filter((w) => w.length > 1);
  if (words.length < 2 || /\d/.test(value)) return false;
  if (!words.every((w) => /^(?:\p{Lu}[\p{L}'’-]*|[^\x00-\u024f].*|(?:de|van|von|der|la|da|di|du|bin|al|el|dos|le|den|ter)$)/u.test(w)))
    return false;
  const bits = words.map((w) => theTagger().bits(w));
  // `Grant Type`, `Rosetta Flash`: a word that is no surname is no part of a name here.
  if (bits.some((b, i) => (b & COMMON) !== 0 && (b & (i === 0 ? GIVEN : SURNAME)) === 0)) return false;
  return bits.some((b) => (b & GIVEN) !== 0 && (b & COMMON) === 0);
}

const PARTICLE = /^ (?:(?:bin|ibn|bint|al|el|de|del|de la|de los|dos|da|das|di|du|le|la|van|van der|van den|von|von der|der|den|ter|y) )?$/;
/** `Mohammed bin Khalid` and the like come as two spans: they are one name. */
function joinPersons(text: string, found: Finding[]): void {
  for (let i = 1; i < found.length; i++) {
    const a = found[i - 1]!;
    const b = found[i]!;
    if (a.entity !== 'PERSON' || b.entity !== 'PERSON' || b.start - a.end > 10 || !PARTICLE.test(text.slice(a.end, b.start))) continue;
    a.end = b.end;
    a.confidence = Math.max(a.confidence, b.confidence);
    found.splice(i--, 1);
  }
}

/** Is the span one that the kind can have? The tagger sees words, this sees the marks around them. */
function plausible(text: string, s: NameSpan, codeShare: number): boolean {
  const value = text.slice(s.start, s.end);
  const before = text[s.start - 1] ?? ' ';
  const after = text[s.end] ?? ' ';
  if (/[_$#\\/@=<{&%]/.test(before) || /[_$\\=(<{@]/.test(after)) return false;
  if ((after === '.' || before === '.') && /[\p{L}\d]/u.test((after === '.' ? text[s.end + 1] : text[s.start - 2]) ?? ' ')) return false;
  if (/[_={}$\\[\]|`;]|\.\p{Ll}/u.test(value)) return false;
  if (
    s.label === 'STREET_ADDRESS' &&
    (/^(?:19|20)\d\d (?:\p{Ll}|\p{Lu}{2,}\b)|^\d[\d -]*\d?:?\d* [A-Z]{4,}\b/u.test(value) ||
      /^(?:19|20)\d\d \p{Lu}[\p{L}.]+(?: \p{Lu}[\p{L}.]+)?$|^\d+(?: \p{Ll}+)+$/u.test(value) ||
      DATE.test(value))
  )
    return false;
  if (s.label === 'STREET_ADDRESS' && (!/\d|\p{Lu}/u.test(value) || /^\w+$| (?:and|or|of|the)$/.test(value))) return false;
  if (s.label === 'STREET_ADDRESS' && NO_STREET.test(value)) return false;
  if (s.label === 'STREET_ADDRESS' && codeShare > SOME_CODE && !/\p{Lu}\p{Ll}/u.test(value)) return false;
  if (s.label === 'STREET_ADDRESS')
    return STREET_WORD.test(value) && /\p{L}{3}/u.test(value) && s.margin >= (codeShare > 0.15 ? LEAST_IN_CODE : LEAST);
  if (!/\p{L}{2}/u.test(value)) return false;
  // Words run on without spaces there: long ones are no names (`eastern.ts` knows the short ones).
  if (value.length > 6 && /[\u3041-\u30fa\u3400-\u9fff\uac00-\ud7a3]{5}/.test(value)) return false;
  if (/[<>]/.test(value) || (s.words === 1 && /^(?:VIN|SSN|TFN|NPI|DOB|LED|MRN|I['’](?:ve|m|d|ll))$/.test(value))) return false;
  if (/-$|^\p{Ll}+-\p{Ll}/u.test(value) || (after === '-' && /^\p{Ll}/u.test(value))) return false;
  // Lower case among capitals: only a word that is a name and nothing else.
  if (!/\p{Lu}|[^\x00-\u024f\u0370-\u04ff]/u.test(value)) {
    const around = text.slice(Math.max(0, s.start - 80), s.start) + text.slice(s.end, s.end + 80);
    if (/\p{Lu}/u.test(around)) {
      if (s.label === 'PERSON' && ((s.known & GIVEN) === 0 || s.common || s.margin < UNKNOWN_NAME)) return false;
      if (s.label === 'ORGANIZATION') return false;
      if (s.label === 'LOCATION' && (s.known & (CITY | COUNTRY)) === 0) return false;
    }
  }
  // Common words with capitals are headings and products more often than companies; a place that no list knows stands behind its preposition.
  if (
    s.label === 'ORGANIZATION' &&
    !named(text, s.label, s.start, s.common, (s.known & COMPANY) !== 0 || INSTITUTION.test(value), s.margin)
  )
    return false;
  if (s.label === 'LOCATION' && !named(text, s.label, s.start, s.common, (s.known & (CITY | COUNTRY)) !== 0, s.margin)) return false;
  if (s.label !== 'STREET_ADDRESS' && (isDay(text, s.start, s.end) || (s.label === 'PERSON' && /\d/.test(value)))) return false;
  if (s.label === 'PERSON' && s.common && (s.known & GIVEN) === 0 && s.words > 1 && s.margin < 4 * UNKNOWN_NAME) return false;
  if (s.label === 'LOCATION' && (s.known & (CITY | COUNTRY)) === 0 && s.common && s.margin < 2 * UNKNOWN_NAME) return false;
  if (s.label === 'PERSON' && codeShare > SOME_CODE && !nameInCode(text, s, value)) return false;
  // A word that no list of names knows needs clear company.
  if (s.label === 'PERSON' && (s.known & (GIVEN | SURNAME)) === 0 && s.margin < (codeShare > 0.15 ? 4 * LEAST_IN_CODE : UNKNOWN_NAME))
    return false;
  // In text about programs, common words and lower case are no persons.
  if (s.label === 'PERSON' && codeShare > 0.02 && (s.common || !/\p{Lu}|[^\x00-\u024f]/u.test(value))) return false;
  if (s.label === 'PERSON' && value.length < 3 && /^[\x00-\x7f]*$/.test(value)) return false;
  return s.margin >= (codeShare > 0.15 ? (s.words > 1 && s.label === 'PERSON' ? LEAST_IN_CODE / 2 : LEAST_IN_CODE) : LEAST);
}

/** House numbers before a street belong to it, whatever the tagger said. */
function extendAddresses(text: string, found: Finding[]): void {
  for (const f of found) {
    if (f.entity !== 'STREET_ADDRESS') continue;
    for (let k = 0; k < 2; k++) {
      const number = /(?:^|[\s>:,])(\d{1,6}[a-z]?)[ ,]{1,2}$/i.exec(text.slice(Math.max(0, f.start - 10), f.start));
      if (!number) break;
      f.start -= number[0].length - (number[0].length - number[0].trimStart().length);
      while (/[\s>:,]/.test(text[f.start]!)) f.start++;
    }
    const unit = /(?<![\p{L}])(?:Unit|Flat|Apt\.?|Apartment|Suite|Shop|Plot|House No\.?|Door No\.?|No\.?|#) ?$/u.exec(
      text.slice(Math.max(0, f.start - 12), f.start),
    );
    if (unit) f.start -= unit[0].length;
  }
}

/** Persons, places, organisations, street addresses, titles and nationalities in running text. */
export function scanNames(text: string, _context: ScanContext): Finding[] {
  const tagged: NameSpan[] = [];
  const { ranges, codeShare } = proseRanges(text);
  for (const range of ranges) theTagger().tag(text, range.start, range.end, tagged);
  let found: Finding[] = [];
  for (const s of tagged) {
    if (!plausible(text, s, codeShare)) continue;
    const confidence = Math.round((0.5 + 0.48 * (s.margin / (s.margin + HALF))) * 100) / 100;
    found.push({
      entity: s.label,
      category: CATEGORY[s.label]!,
      start: s.start,
      end: s.end,
      confidence,
      why: 'words and what stands around them',
      detector: 'names',
    });
  }
  for (const f of found) {
    if (f.entity === 'STREET_ADDRESS' || f.entity === 'TITLE') continue;
    trimEdges(text, f);
    kindByLists(text, f, bitsOf);
  }
  joinPersons(text, found);
  for (const range of ranges) streets(text, range.start, range.end, found);
  extendAddresses(text, found);
  if (codeShare <= SOME_CODE) {
    const spans = new Spans(found);
    announced(text, spans, bitsOf);
    found = spans.list();
  }
  easternNames(text, found);
  fields(text, found);
  ages(text, found);
  const spans = new Spans(found);
  partAddresses(text, spans, bitsOf);
  if (codeShare <= SOME_CODE) places(text, spans, bitsOf);
  return spans.list();
}

/** Loads the weights now instead of at the first text. */
export function warmNames(): void {
  theTagger();
}
