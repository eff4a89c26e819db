/**
 * Where an address goes on after its street: town, region and postal code. A street address ends before them; each is a finding of its
 * own, of the category of the street where it stands behind one, so that what is masked stays the same.
 *
 * What an attacker could do here: write rows of capitals and figures. Every repetition is bounded and the looks at one address are too.
 */
import type { Finding } from '../../contract/index.js';
import { CITY, COMMON, COUNTRY, GIVEN } from './features.js';
import type { Spans } from './spans.js';

const STATES =
  'Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming|Ontario|Quebec|Québec|British Columbia|Alberta|Manitoba|Saskatchewan|Nova Scotia|New Brunswick|Newfoundland|Queensland|Victoria|Tasmania|New South Wales|South Australia|Western Australia';
const CODES =
  'A[LKZR]|C[AOT]|D[EC]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CDK]|T[NX]|UT|V[TA]|W[AVIY]|ON|QC|BC|AB|MB|N[BSL]|NSW|VIC|QLD|TAS|ACT|NT';
const STATE = `(?:${STATES}|${CODES})(?![\\p{L}\\d])`;
const LOWER_STATE = `(?:${STATES.toLowerCase()}|${CODES.toLowerCase()})(?![\\p{L}\\d])`;
const WORD = "\\p{Lu}[\\p{L}\\p{M}'’]+";
/** Words of a town: `St. Louis`, `Stoke-on-Trent`, `Rio de Janeiro`. */
const TOWN = `(?:(?:St|Ste|Mt|Ft|Bad)\\.? )?${WORD}(?:[ -](?:(?:on|upon|am|an der|sur|sous|de|de la|del|do|da|di|la|le|les|the|in|im|ob der)[ -])?${WORD}){0,3}`;
const BRITISH = '[A-Z]{1,2}\\d[A-Z\\d]? \\d[ABD-HJLNP-UW-Z]{2}';
const CANADIAN = '[ABCEGHJ-NPRSTVXY]\\d[A-Z] \\d[A-Z]\\d';
const LETTERED = `(?:${BRITISH}|${CANADIAN})(?![\\p{L}\\d])`;
const FIGURES = '\\d{5}(?:-\\d{4})?(?![\\d\\p{L}]|[.,/-]\\d)';
const CONTINENTAL =
  '(?:\\d{4} ?[A-Z]{2}(?![\\p{L}\\d])|\\d{3} \\d{2}(?!\\d)|\\d{2}-\\d{3}(?![\\d-])|\\d{5}-\\d{3}(?![\\d-])|\\d{4,6}(?![\\d-]))';
const GAP = '(?:,? ?\\n {0,4}|[,;] ?| {1,2})';

/** What may follow a street, the surest first. */
const TAILS: readonly RegExp[] = [
  // Saskatoon, SK S7H 3B9; Durham NC 27701; Geraldton WA 6530
  `${GAP}(?<town>${TOWN})(?:, ?|\\n| )(?<state>${STATE})(?:, ?|\\n| {1,2})(?<code>${LETTERED}|${FIGURES}|\\d{4}(?![\\d-]))`,
  `${GAP}(?<town>\\p{Ll}{3,}(?: \\p{Ll}{3,})?)(?:, ?| )(?<state>${LOWER_STATE})(?:, ?| )(?<code>${FIGURES}|\\d{4}(?![\\d-]))`,
  // 44300 Nantes; D-80331 München; 9712 AB Groningen
  `${GAP}(?:[A-Z]{1,3}-)?(?<code>${CONTINENTAL})[ ,]{1,2}(?<town>${TOWN})`,
  // Leeds LS6 2QT; Madurai 625020; Dunedin 9016
  `${GAP}(?<town>${TOWN}|\\p{Ll}{3,})(?:, ?|\\n| |, ?\\n)(?<code>${LETTERED})`,
  `${GAP}(?<town>${TOWN})(?: |, |\\n| ?- ?)(?<code>\\d{5,6}(?![\\d\\p{L}]|[.,/-]\\d)|\\d{4}(?![\\d\\p{L}]|[.,/:-]\\d| (?:and|or|at)\\b))`,
  `${GAP}(?<state>${STATE})(?:, ?| )(?<code>${LETTERED}|${FIGURES})`,
  `${GAP}(?<code>${LETTERED})`,
  `(?:, ?|\\n)(?<code>${FIGURES})`,
  // Barre, Vermont
  `(?:, ?|\\n| in )(?<town>${TOWN})(?:, )(?<state>${STATE})`,
  ` (?:in|te|à|en|em|w) (?<town>${TOWN})(?=[,.;)\\n]|$)`,
  `(?:, ?|\\n {0,4})(?<town>${TOWN})(?=[,.;)\\n"]|$| -| (?:and|to|by|on|for|e|y|et|und|en|with)\\b)`,
].map((s) => new RegExp(s, 'duy'));
const BARE_TOWN = TAILS.length - 1;
const CODE_AND_TOWN = new RegExp(`^(?<code>${CONTINENTAL}) (?<town>${TOWN})$`, 'du');

const STREET_TYPE =
  /(?:street|st|road|rd|avenue|ave|av|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place|pl|square|sq|terrace|ter|tce|parkway|pkwy|highway|hwy|crescent|cres|close|gardens|grove|mews|circle|cir|trail|loop|hill|row|walk|quay|park|nagar|colony|layout|estate|heights)\.?$/iu;
const UNIT =
  /^(?:flat|apt|apartment|unit|suite|ste|floor|fl|house|building|block|tower|hinterhaus|vorderhaus|piso|app|apts|etage|lot|room)(?![\p{L}])/iu;

type Bits = (word: string) => number;

/** Is it a town by the lists, and no street? */
function isTown(name: string, bits: Bits): boolean {
  const words = name.split(/[ -]/).filter((w) => /^\p{Lu}/u.test(w));
  if (words.length === 0 || UNIT.test(name) || STREET_TYPE.test(name)) return false;
  return (bits(words[0]!) & (CITY | COUNTRY)) !== 0 || (bits(words.at(-1)!) & (CITY | COUNTRY)) !== 0;
}

/** Words that run on behind a town: `München Tel`. */
function trimmed(name: string, bits: Bits): string {
  let out = name;
  for (;;) {
    const at = Math.max(out.lastIndexOf(' '), out.lastIndexOf('\n'));
    if (at < 0) return out;
    const last = bits(out.slice(at + 1));
    if (
      ((last & COMMON) === 0 || (last & CITY) !== 0) &&
      !/^(?:Tel|Fon|Telefon|Fax|Mobil|Phone|Mobile|Cell|E?-?Mail|Email)$/.test(out.slice(at + 1))
    )
      return out;
    out = out.slice(0, at);
  }
}

interface Tail {
  /** Where the street ends. */
  at: number;
  end: number;
  parts: [string, number, number][];
}

function partsOf(m: RegExpExecArray, bits: Bits): [string, number, number][] {
  const parts: [string, number, number][] = [];
  for (const name of ['code', 'town', 'state']) {
    const at = m.indices?.groups?.[name];
    if (!at) continue;
    const kept = name === 'town' ? at[0] + trimmed(m.groups![name]!, bits).length : at[1];
    parts.push([name === 'code' ? 'ZIP_CODE' : 'LOCATION', at[0], kept]);
  }
  return parts;
}

const NO_TOWN = (town: string | undefined, bits: Bits): boolean =>
  town !== undefined &&
  (UNIT.test(town) ||
    (STREET_TYPE.test(town) &&
      (/(?:street|road|avenue|lane|drive|boulevard|court|st|rd|ave)\.?$/i.test(town) || (bits(town.split(' ')[0]!) & CITY) === 0)));

/** The first place in `start … end` (or right behind it), but not before `sure`, at which the rest of an address begins. */
function tailOf(text: string, start: number, sure: number, end: number, bits: Bits): Tail | undefined {
  let tries = 0;
  for (let i = Math.max(start + 3, sure); i <= end && tries < 16; i++) {
    const c = text.charCodeAt(i);
    if (i < end && c !== 32 && c !== 44 && c !== 10 && c !== 59) continue;
    const before = text.charCodeAt(i - 1);
    if (before === 32 || before === 44 || before === 10) continue;
    // What follows a street begins with a capital, a figure or a small letter of a town; nothing else is worth the patterns.
    if (!/^[ ,;\n]{1,7}[\p{L}\d]/u.test(text.slice(i, i + 8))) continue;
    tries++;
    const core = text.slice(start, i);
    if (!/\p{L}{2}/u.test(core) || /^(?:c\/|\d+[A-Za-z]?$)/.test(core) || (UNIT.test(core) && !/\d.*[\s,].*\p{L}{3}/u.test(core))) continue;
    // Without a comma only a word for a street or a house number says that the street has ended.
    if (i > sure && c === 32 && !(STREET_TYPE.test(core) && /\d.* .*\p{L}{2}.* /u.test(core)) && !/\p{L}{3}.* \d+ ?\p{L}?$/u.test(core))
      continue;
    for (let k = 0; k < TAILS.length; k++) {
      const tail = TAILS[k]!;
      tail.lastIndex = i;
      const m = tail.exec(text);
      if (!m) continue;
      const town = m.groups?.['town'];
      if (NO_TOWN(town, bits)) continue;
      // A town alone is one that is known, or the last word behind a street whose form is.
      if (
        k === BARE_TOWN &&
        !isTown(town!, bits) &&
        !(
          i === sure &&
          c === 44 &&
          (bits(town!) & (COMMON | GIVEN)) === 0 &&
          /^[.\n]|^$/.test(text.slice(i + m[0].length, i + m[0].length + 1))
        )
      )
        continue;
      const parts = partsOf(m, bits);
      return { at: i, end: Math.max(...parts.map((p) => p[2])), parts };
    }
  }
  return undefined;
}

function part(found: Spans, f: Finding, entity: string, start: number, end: number): void {
  found.add({ ...f, entity, category: 'contact', start, end, confidence: 0.86, why: 'behind a street address' });
}

/** A country or region that the tagger found right behind an address, and a postal code behind that. */
function behind(text: string, f: Finding, end: number, found: Spans): void {
  let at = end;
  for (let k = 0; k < 3; k++) {
    const next = found
      .over(at, at + 9)
      .find((o) => o.entity === 'LOCATION' && o.start >= at && o.start <= at + 8 && /^[,\s>?]*$/.test(text.slice(at, o.start)));
    if (!next) break;
    next.category = 'contact';
    at = next.end;
  }
  const code = /^[,\s>?]{1,6}(?:[A-Z]{2,3} )?(\d{4,6}(?:[- ]\d{3,4})?)(?![\d./-])/.exec(text.slice(at, at + 20));
  if (!code) return;
  const start = at + code[0].length - code[1]!.length;
  if (found.over(start, start + code[1]!.length).length === 0) part(found, f, 'ZIP_CODE', start, start + code[1]!.length);
}

/** Reason of the streets that their writing gives away. */
export const BY_FORM = 'writing of a street and a number';

/** Cuts town, region and postal code off street addresses. */
export function partAddresses(text: string, found: Spans, bits: Bits): void {
  for (const f of found.list().sort((a, b) => Number(b.why === BY_FORM) - Number(a.why === BY_FORM) || a.end - b.end)) {
    if (f.entity !== 'STREET_ADDRESS' || !found.has(f)) continue;
    // Where the form of the street is known, what the tagger adds behind it is searched for the rest, and its own idea goes.
    const sure = f.why === BY_FORM ? f.end : 0;
    if (sure > 0) {
      let { start, end } = f;
      for (const o of found.over(start, end)) {
        if (o === f || o.entity !== 'STREET_ADDRESS' || o.why === BY_FORM || o.end > f.end + 160) continue;
        if (o.start < start && !/\p{Ll}{4}|[.;:!?]/u.test(text.slice(o.start, start))) start = o.start;
        end = Math.max(end, o.end);
        found.remove(o);
      }
      found.move(f, start, end);
    }
    const value = text.slice(f.start, f.end);
    let only = sure > 0 ? null : CODE_AND_TOWN.exec(value);
    if (only && (NO_TOWN(only.groups!['town'], bits) || STREET_TYPE.test(/^ \p{L}+/u.exec(text.slice(f.end, f.end + 16))?.[0] ?? '')))
      only = null;
    const base = f.start;
    const tail = only
      ? { at: base, end: f.end, parts: partsOf(only, bits).map(([e, a, b]) => [e, a + base, b + base] as [string, number, number]) }
      : /\^/.test(value)
        ? undefined
        : tailOf(text, f.start, sure, f.end, bits);
    if (!tail) {
      behind(text, f, f.end, found);
      continue;
    }
    for (let k = 0; k < 2 && !only; k++) {
      const more = tailOf(text, f.start, tail.end, tail.end, bits);
      if (!more) break;
      tail.parts.push(...more.parts);
      tail.end = more.end;
    }
    const last = Math.max(f.end, tail.end);
    found.clear(tail.at, tail.end, only ? undefined : f);
    if (!only) {
      let end = tail.at;
      while (/[.,\s]/.test(text[end - 1]!)) end--;
      found.move(f, f.start, end);
    }
    for (const [entity, start, end] of tail.parts) part(found, f, entity, start, end);
    // What else the tagger took for the address: country, region, a code behind them.
    for (const m of text.slice(tail.end, last).matchAll(/(?<code>\d[\d -]{2,9}\d)|\p{L}[\p{L}\p{M}'’.-]*(?: \p{L}[\p{L}\p{M}'’.-]*)*/gu)) {
      if (m[0].length > 1)
        part(found, f, m.groups?.['code'] ? 'ZIP_CODE' : 'LOCATION', tail.end + m.index, tail.end + m.index + m[0].length);
    }
    behind(text, f, last, found);
  }
}

/** Town, state and postal code without a street; postal codes whose letters give them away. */
const PLACES = new RegExp(
  `(?<![\\p{L}\\d])(?<town>${TOWN})(?:,? |,\\n)(?<state>${STATE})(?:[, ]{1,2}(?<code>${LETTERED}|${FIGURES}))?|(?<![\\p{L}\\d.#=/-])(?<alone>${LETTERED})(?![=/])`,
  'dgu',
);
/** Labels of forms that a town or a country stands behind. */
const LABELLED = new RegExp(
  `(?<=^|\\n|  |[;|,] |[Zz]/)(?:City|Town|Location|Site|Country|Nationality|Place of [Bb]irth|Birthplace|Hometown|Localidad|Ciudad|Población|Provincia|País|Ort|Wohnort|Stadt|Geburtsort|Land|Ville|Pays|Lieu de naissance|Città|Comune|Cidade|Plaats|Woonplaats|NATO A|NATA A|Nato a|Nata a|Luogo di nascita)(?: ?:[ \\t]{0,4}| {2,6}|\\t)(?:\\d{4,5} )?(?<town>${TOWN})(?=[,;(|]|\\n|$|  | (?:IL|il) \\d)`,
  'dgu',
);
const MAY_LABEL =
  /(?:City|Town|Location|Site|ountry|Nationality|irth|Birthplace|Hometown|Localidad|Ciudad|Población|Provincia|País|[Oo]rt|Stadt|Land|Ville|Pays|naissance|Città|Comune|Cidade|laats|NAT[OA] A|Nat[oa] a|nascita)(?: ?:| {2}|\t)/;
const MAY_PLACE = new RegExp(`[ ,](?:${STATES}|(?:${CODES})[ ,]+[A-Z\\d])|(?<![A-Z\\d])[A-Z]{1,2}\\d[A-Z\\d]? \\d[A-Z]`);

/** Adds places that their writing gives away, in running text. */
export function places(text: string, found: Spans, bits: Bits): void {
  if (MAY_LABEL.test(text))
    for (const m of text.matchAll(LABELLED)) {
      const [start, end] = m.indices!.groups!['town']!;
      if (found.over(start, end).some((f) => f.category === 'contact')) continue;
      found.clear(start, end);
      found.add({
        entity: 'LOCATION',
        category: 'location',
        start,
        end,
        confidence: 0.8,
        why: 'label of a form before it',
        detector: 'names',
      });
    }
  if (!MAY_PLACE.test(text)) return;
  for (const m of text.matchAll(PLACES)) {
    const groups = m.indices!.groups!;
    const add = (entity: string, at: [number, number]) => {
      const over = found.over(at[0], at[1]);
      if (over.some((f) => f.entity === 'STREET_ADDRESS' || f.category === 'contact')) return;
      if (entity === 'LOCATION' && over.some((f) => f.entity === 'ORGANIZATION' && f.end > at[1])) return;
      found.clear(at[0], at[1]);
      found.add({
        entity,
        category: 'location',
        start: at[0],
        end: at[1],
        confidence: 0.8,
        why: 'town, state and code',
        detector: 'names',
      });
    };
    if (groups['alone']) {
      add('ZIP_CODE', groups['alone']);
      continue;
    }
    const state = m.groups!['state']!;
    const town = m.groups!['town']!;
    const comma = text[groups['town']![1]] === ',';
    const coded = groups['code'] !== undefined;
    // `Paris Texas`, `in Mobile, Alabama`; two letters need the code or a town that is known.
    if (!coded && !comma) continue;
    if (!coded && (state.length < 4 ? !isTown(town, bits) : (bits(town) & GIVEN) !== 0 && !(bits(town) & CITY))) continue;
    add('LOCATION', [groups['town']![0], groups['town']![1]]);
    add('LOCATION', groups['state']!);
    if (groups['code']) add('ZIP_CODE', groups['code']);
  }
}
