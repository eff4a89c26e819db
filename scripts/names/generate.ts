/** Fills the sentences of `templates.ts` with names of many countries, and labels what was filled in. */
import { allFakers, type Faker } from '@faker-js/faker';
import * as L from './languages.js';
import { HEADINGS, NAMELESS, REGISTERS } from './registers.js';
import * as T from './templates.js';

export interface Example {
  text: string;
  spans: { label: string; start: number; end: number }[];
}

export function randomOf(seed: number): () => number {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const LOCALES = [
  'en',
  'en_US',
  'en_GB',
  'en_AU',
  'en_CA',
  'en_IN',
  'en_ZA',
  'en_NG',
  'en_IE',
  'de',
  'de_AT',
  'de_CH',
  'fr',
  'fr_BE',
  'fr_CH',
  'es',
  'es_MX',
  'it',
  'pt_BR',
  'pt_PT',
  'nl',
  'nl_BE',
  'sv',
  'nb_NO',
  'da',
  'fi',
  'pl',
  'cs_CZ',
  'sk',
  'hu',
  'ro',
  'hr',
  'sr_RS_latin',
  'sl_SI',
  'tr',
  'lv',
  'lt',
  'et',
  'id_ID',
  'vi',
  'af_ZA',
  'zu_ZA',
  'eo',
  'ru',
  'uk',
  'el',
  'ja',
  'zh_CN',
  'ko',
  'ar',
  'he',
  'yo_NG',
  'az',
  'bs_BA',
  'mk',
];
/** Locales in Latin script are drawn far more often. */
const LATIN = LOCALES.filter((l) => !['ru', 'uk', 'el', 'ja', 'zh_CN', 'ko', 'ar', 'he', 'mk'].includes(l));

const COUNTRIES = (() => {
  const codes: string[] = [];
  for (let a = 65; a <= 90; a++) for (let b = 65; b <= 90; b++) codes.push(String.fromCharCode(a, b));
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  return codes
    .map((c) => names.of(c))
    .filter((n): n is string => !!n && !/\d|Unknown|Pseudo|European Union|Eurozone|United Nations/.test(n))
    .map((n) => n.replace(/ \(.*\)/, '').replace(/&/g, 'and'));
})();
export const COUNTRY_NAMES = [
  ...new Set([
    ...COUNTRIES,
    'USA',
    'UK',
    'United States',
    'U.S.',
    'America',
    'England',
    'Scotland',
    'Wales',
    'Holland',
    'Czech Republic',
    'Russia',
    'South Korea',
    'North Korea',
    'Burma',
    'UAE',
    'Europe',
    'Africa',
    'Asia',
    'California',
    'Texas',
    'Florida',
    'New York',
    'Bavaria',
    'Ontario',
    'Quebec',
    'Catalonia',
    'Tuscany',
    'Scandinavia',
    'Ohio',
    'Michigan',
    'Illinois',
    'Virginia',
    'Washington',
    'Oregon',
    'Colorado',
    'Arizona',
    'Nevada',
    'Massachusetts',
    'Pennsylvania',
  ]),
];

const WORLD_CITIES = [
  ...Intl.supportedValuesOf('timeZone')
    .map((z) => z.split('/').at(-1)!.replaceAll('_', ' '))
    .filter((z) => !/GMT|UTC|EST|\d|^[A-Z]+$/.test(z)),
  ...'London|Paris|New York|Los Angeles|Chicago|Houston|Boston|San Francisco|Seattle|Miami|Dallas|Washington, DC|Berlin|Munich|Hamburg|Cologne|Frankfurt|Vienna|Zurich|Geneva|Rome|Milan|Naples|Madrid|Barcelona|Lisbon|Porto|Amsterdam|Rotterdam|Brussels|Copenhagen|Oslo|Stockholm|Helsinki|Warsaw|Krakow|Prague|Budapest|Bucharest|Sofia|Athens|Istanbul|Ankara|Moscow|St. Petersburg|Kyiv|Tokyo|Osaka|Kyoto|Seoul|Beijing|Shanghai|Hong Kong|Taipei|Singapore|Bangkok|Jakarta|Manila|Delhi|Mumbai|Bangalore|Karachi|Lahore|Dubai|Abu Dhabi|Riyadh|Tehran|Baghdad|Cairo|Lagos|Nairobi|Johannesburg|Cape Town|Sydney|Melbourne|Toronto|Vancouver|Montreal|Mexico City|Bogota|Lima|Santiago|Buenos Aires|Sao Paulo|Rio de Janeiro|Manchester|Liverpool|Birmingham|Glasgow|Edinburgh|Dublin|Belfast|Cardiff|Lyon|Marseille|Nice|Denver|Atlanta|Philadelphia|Phoenix|Detroit|Portland|Austin|Las Vegas'.split(
    '|',
  ),
];

export class Generator {
  private readonly fakers: Faker[];
  private readonly latin: Faker[];
  /** Plain words, for headings without names. */
  words: readonly string[] = ['value', 'table', 'request', 'option', 'error', 'result'];
  constructor(private readonly random: () => number) {
    const all = allFakers as unknown as Record<string, Faker>;
    this.fakers = LOCALES.map((l) => all[l]).filter((f): f is Faker => !!f);
    this.latin = LATIN.map((l) => all[l]).filter((f): f is Faker => !!f);
    for (const f of Object.values(all)) f.seed(Math.floor(random() * 1e9));
  }
  chance(p: number): boolean {
    return this.random() < p;
  }
  pick<X>(list: readonly X[]): X {
    return list[Math.floor(this.random() * list.length)]!;
  }
  private faker(): Faker {
    return this.chance(0.96)
      ? this.chance(0.35)
        ? this.latin[Math.floor(this.random() * 9)]!
        : this.pick(this.latin)
      : this.pick(this.fakers);
  }
  private from<X>(make: (f: Faker) => X): X {
    for (let i = 0; i < 8; i++) {
      try {
        const v = make(this.faker());
        if (v) return v;
      } catch {
        // The locale lacks it.
      }
    }
    return make((allFakers as unknown as Record<string, Faker>).en!);
  }
  first(): string {
    return this.chance(0.06) ? this.pick(T.AMBIGUOUS_NAMES) : this.from((f) => f.person.firstName());
  }
  last(): string {
    const v = this.chance(0.05) ? this.pick(T.AMBIGUOUS_NAMES) : this.from((f) => f.person.lastName());
    if (this.chance(0.03))
      return `${this.pick(['van der', 'van', 'de', 'von', 'de la', 'al-', "O'", 'Mc', 'Mac', 'El', 'Di', 'Le', 'bin', 'ibn', 'al', 'dos', 'da', 'de los', 'ter'])} ${v}`.replace(
        /(['-]|Mc|Mac) /,
        '$1',
      );
    return this.chance(0.03) ? `${v}-${this.from((f) => f.person.lastName())}` : v;
  }
  person(): string {
    const same = this.faker();
    const given = () => {
      try {
        return this.chance(0.07) ? this.pick(T.AMBIGUOUS_NAMES) : same.person.firstName();
      } catch {
        return this.first();
      }
    };
    const family = () => {
      try {
        return same.person.lastName();
      } catch {
        return this.last();
      }
    };
    const r = this.random();
    if (r < 0.62) return `${given()} ${family()}`;
    if (r < 0.7) return `${given()} ${this.pick([...'ABCDEFGHJKLMNPRSTW'])}. ${family()}`;
    if (r < 0.73) return `${given()} ${this.pick([...'ABCDEFGHJKLMNPRSTW'])} ${family()}`;
    if (r < 0.77) return `${this.pick([...'ABCDEFGHJKLMNPRSTW'])}. ${family()}`;
    if (r < 0.82) return `${given()} ${given()} ${family()}`;
    if (r < 0.86) return given();
    if (r < 0.88) return family();
    if (r < 0.9) return `${given()} ${family()}-${family()}`;
    if (r < 0.92) return `${family()}, ${given()}`;
    return `${this.first()} ${this.last()}`;
  }
  city(): string {
    const r = this.random();
    if (r < 0.35) return this.pick(WORLD_CITIES);
    if (r < 0.39) return this.pick(T.AMBIGUOUS_PLACES);
    const v = this.from((f) => f.location.city());
    return r > 0.96 ? v.toUpperCase() : v;
  }
  org(): string {
    const r = this.random();
    if (r < 0.28) return this.pick(T.KNOWN_ORGS);
    if (r < 0.45) return this.from((f) => f.company.name());
    if (r < 0.62) return `${this.pick(T.ORG_HEADS)} ${this.pick(T.ORG_TAILS)}${this.chance(0.35) ? ` ${this.pick(T.LEGAL)}` : ''}`;
    if (r < 0.7) return `${this.last()} ${this.pick(T.ORG_TAILS)}${this.chance(0.4) ? ` ${this.pick(T.LEGAL)}` : ''}`;
    if (r < 0.76) return `${this.last()} ${this.pick(T.LEGAL)}`;
    if (r < 0.82)
      return `${this.pick(['University of', 'Bank of', 'City of', 'Port of', 'Museum of', 'Church of', 'Government of', 'Institute of'])} ${this.city()}`;
    if (r < 0.88)
      return `${this.city()} ${this.pick(['University', 'Hospital', 'Police Department', 'City Council', 'United', 'FC', 'Museum', 'Airport', 'High School', 'Chamber of Commerce', 'Symphony Orchestra'])}`;
    if (r < 0.93) return Array.from({ length: 2 + Math.floor(this.random() * 3) }, () => this.pick([...'ABCDEFGHIKLMNOPRSTUVW'])).join('');
    const head = this.pick(T.ORG_HEADS);
    return (
      head +
      this.pick([
        'ify',
        'ly',
        'io',
        'tech',
        'soft',
        'corp',
        'ware',
        'base',
        'hub',
        'net',
        'link',
        'wave',
        'mind',
        'flow',
        'works',
        'Pay',
        'Bank',
        'Med',
        'Logic',
        'Point',
      ])
    );
  }
  /** An organisation as a language writes it. */
  private localOrg(patterns: string[], words: string[]): string {
    return this.pick(patterns)
      .replaceAll('{C}', () => this.city())
      .replaceAll('{PERX}', () => this.person())
      .replaceAll('{L}', () => this.last())
      .replaceAll('{W}', () => this.pick(words));
  }
  street(): string {
    const n = String(1 + Math.floor(this.random() * (this.chance(0.3) ? 9999 : 250)));
    const name = this.from((f) => f.location.street());
    const r = this.random();
    if (r < 0.45) return `${n} ${name}`;
    if (r < 0.65) return `${name} ${n}`;
    if (r < 0.75)
      return `${n} ${this.last()} ${this.pick(['Street', 'St', 'St.', 'Road', 'Rd', 'Avenue', 'Ave', 'Ave.', 'Lane', 'Drive', 'Dr.', 'Boulevard', 'Blvd', 'Court', 'Ct', 'Way', 'Place', 'Square', 'Terrace', 'Parkway', 'Highway', 'Crescent'])}`;
    if (r < 0.83)
      return `${this.pick(['Rue', 'Via', 'Calle', 'Rua', 'Avenida', 'ul.', 'Ulica', 'Piazza', 'Plaza', 'Avenue', 'Boulevard'])} ${this.last()} ${n}`;
    if (r < 0.93)
      return `${this.last()}${this.pick(['straße', 'strasse', 'weg', 'gasse', 'platz', 'straat', 'laan', 'gatan', 'vägen', 'gade', 'vej', 'gata', 'veien', 'katu', 'tie', 'utca'])} ${n}`;
    if (r < 0.96) return `P.O. Box ${n}`;
    return `${n} ${this.pick(['N', 'S', 'E', 'W', 'North', 'West'])} ${this.last()} ${this.pick(['Street', 'Ave', 'Road'])}`;
  }
  address(): string {
    const unit = this.chance(0.3)
      ? this.pick([' Apt. ', ', Apt ', ' Suite ', ', Suite ', ', Unit ', ' #', ', Flat ', '\n Apt. ', ', Floor ']) +
        String(1 + Math.floor(this.random() * 999))
      : '';
    const zip = this.chance(0.5) ? String(10000 + Math.floor(this.random() * 89999)) : this.from((f) => f.location.zipCode());
    const line = this.chance(0.25) ? '\n' : ', ';
    const state = this.chance(0.5)
      ? ` ${this.pick('AL AK AZ CA CO CT FL GA IL IN MA MD MI MN MO NC NJ NV NY OH OR PA TN TX VA WA WI NSW VIC ON BC'.split(' '))}`
      : '';
    const r = this.random();
    const city = this.city();
    if (r < 0.35) return `${this.street()}${unit}${line}${city},${state || ` ${this.pick(['CA', 'NY', 'TX'])}`} ${zip}`;
    if (r < 0.55) return `${this.street()}${unit}${line}${zip} ${city}`;
    if (r < 0.7) return `${this.street()}${unit}${line}${city}${line}${this.pick(COUNTRY_NAMES)}${this.chance(0.6) ? ` ${zip}` : ''}`;
    if (r < 0.85) return `${this.street()}${unit}${line}${city}`;
    return `${this.street()}${unit}`;
  }
  title(): string {
    if (this.chance(0.4))
      return this.pick(
        'software engineer|project manager|sales manager|product manager|data scientist|accountant|nurse|teacher|CEO|CTO|CFO|Chief Executive Officer|Vice President|Head of Sales|HR Manager|Senior Developer|Junior Analyst|Director of Marketing|account executive|electrician|truck driver|paralegal|office administrator|research scientist|Chief Financial Officer|Managing Director|Civil engineer|Police officer|Social worker|Graphic designer|Copywriter|Professor of Physics'.split(
          '|',
        ),
      );
    return this.from((f) => f.person.jobTitle());
  }
  private plain(slot: string): string {
    const n = (max: number) => String(1 + Math.floor(this.random() * max));
    switch (slot) {
      case 'num':
        return n(this.chance(0.5) ? 99 : 99999);
      case 'year':
        return String(1950 + Math.floor(this.random() * 76));
      case 'date':
        return this.pick([
          `${n(12)}/${n(28)}/${1950 + Math.floor(this.random() * 74)}`,
          `2024-0${n(9)}-1${n(9)}`,
          `${n(28)} ${this.pick(['January', 'March', 'May', 'July'])} ${2000 + Math.floor(this.random() * 25)}`,
        ]);
      case 'ddate':
        return this.pick([
          `${n(28)}.${n(12)}.${1940 + Math.floor(this.random() * 84)}`,
          `${n(28)}/${n(12)}/${1940 + Math.floor(this.random() * 84)}`,
          `${n(28)}-${n(12)}-${1940 + Math.floor(this.random() * 84)}`,
          `${n(28)}. Mai ${1990 + Math.floor(this.random() * 35)}`,
          `${n(28)} de julio`,
          `${n(28)} avril ${1990 + Math.floor(this.random() * 35)}`,
          `${n(28)} maggio ${1990 + Math.floor(this.random() * 35)}`,
        ]);
      case 'time':
        return `${n(12)}:${10 + Math.floor(this.random() * 49)}`;
      case 'email':
        return this.from((f) => f.internet.email());
      case 'phone':
        return `${200 + Math.floor(this.random() * 700)}-${200 + Math.floor(this.random() * 700)}-${1000 + Math.floor(this.random() * 8999)}`;
      case 'job':
        return this.pick(T.JOBS);
      default:
        return slot;
    }
  }
  fill(template: string): Example {
    const spans: Example['spans'] = [];
    let text = '';
    let at = 0;
    for (const m of template.matchAll(/\{([A-Za-z]+)\}/g)) {
      text += template.slice(at, m.index);
      at = m.index + m[0].length;
      const add = (label: string, value: string) => {
        spans.push({ label, start: text.length, end: text.length + value.length });
        text += value;
      };
      switch (m[1]) {
        case 'PER':
          add('PERSON', this.person());
          break;
        case 'PERUP':
          add('PERSON', this.chance(0.5) ? this.person().toUpperCase() : `${this.last()}, ${this.first()}`.toUpperCase());
          break;
        case 'LASTFIRST':
          add('PERSON', `${this.last()}, ${this.first()}${this.chance(0.3) ? ` ${this.pick([...'ABCDEFJKLMRST'])}.` : ''}`);
          break;
        case 'T':
          text += this.heading();
          break;
        case 'w':
          text += this.pick(this.words);
          break;
        case 'FIRST':
          add('PERSON', this.first());
          break;
        case 'LAST':
          add('PERSON', this.last());
          break;
        case 'CITY':
          add('LOCATION', this.city());
          break;
        case 'COUNTRY':
          add('LOCATION', this.pick(COUNTRY_NAMES));
          break;
        case 'ORG':
          add('ORGANIZATION', this.org());
          break;
        case 'ADDR':
          add('STREET_ADDRESS', this.address());
          break;
        case 'STREET':
          add('STREET_ADDRESS', this.street());
          break;
        case 'TITLE':
          add('TITLE', this.title());
          break;
        case 'PREFIX':
          add('TITLE', this.pick(T.PREFIXES));
          break;
        case 'NRP':
          add('NRP', this.pick(T.NRP));
          break;
        case 'ORGEN':
          add('ORGANIZATION', this.chance(0.25) ? this.org() : this.localOrg(L.ENGLISH_ORGS, L.ENGLISH_BUSINESS));
          break;
        case 'JOBEN':
          add('TITLE', this.chance(0.3) ? this.title() : this.pick(L.ENGLISH_JOBS));
          break;
        default: {
          const language = m[1]!.slice(3) as L.Language;
          if (m[1]!.startsWith('ORG')) add('ORGANIZATION', this.chance(0.15) ? this.org() : this.localOrg(L.ORGS[language], L.BUSINESS));
          else if (m[1]!.startsWith('JOB')) add('TITLE', this.pick(L.JOBS[language]));
          else text += this.plain(m[1]!);
        }
      }
    }
    text += template.slice(at);
    const r = this.random();
    if (r < 0.13 && text.toLowerCase().length === text.length) text = text.toLowerCase();
    else if (r < 0.16 && text.toUpperCase().length === text.length) text = text.toUpperCase();
    return { text, spans };
  }
  private heading(): string {
    const n = this.random();
    return Array.from({ length: n < 0.3 ? 1 : n < 0.85 ? 2 : 3 }, () => {
      const w = this.pick(this.words);
      return w[0]!.toUpperCase() + w.slice(1);
    }).join(' ');
  }
  /** A message of headings and machine text: no names in it. */
  nameless(): Example {
    const parts = 1 + Math.floor(this.random() * 3);
    let text = '';
    for (let i = 0; i < parts; i++) {
      const piece = this.fill(this.pick(this.chance(0.8) ? HEADINGS : NAMELESS)).text;
      text += (i === 0 ? '' : this.pick([' ', '\n'])) + piece;
    }
    return { text: this.chance(0.06) ? text.toUpperCase() : text, spans: [] };
  }
  /** Several sentences in a row, as a message has them. */
  message(): Example {
    const parts = 1 + Math.floor(this.random() * 3);
    const language = this.chance(0.28) ? this.pick([...L.LANGUAGES]) : undefined;
    let text = '';
    const spans: Example['spans'] = [];
    for (let i = 0; i < parts; i++) {
      const local = language && this.chance(0.9);
      const e = local
        ? this.fill(this.pick(this.chance(0.62) ? L.SENTENCES[language] : L.PLAIN[language]))
        : this.chance(0.8)
          ? this.fill(this.pick(this.chance(0.3) ? L.ENGLISH : this.chance(0.5) ? T.SENTENCES : REGISTERS))
          : this.fill(this.pick(this.chance(0.5) ? T.PLAIN_USES : this.chance(0.3) ? NAMELESS : T.PLAIN));
      const joint = i === 0 ? '' : this.pick([' ', '\n', ' ', '\n\n']);
      for (const s of e.spans)
        spans.push({ label: s.label, start: s.start + text.length + joint.length, end: s.end + text.length + joint.length });
      text += joint + e.text;
    }
    return { text, spans };
  }
}

/** Every name that the generator can draw, for the gazetteer. */
export function vocabulary(): { given: string[]; surname: string[]; city: string[] } {
  const words = (d: unknown): string[] =>
    typeof d === 'string' ? [d] : Array.isArray(d) ? d.flatMap(words) : d && typeof d === 'object' ? Object.values(d).flatMap(words) : [];
  const given = new Set<string>();
  const surname = new Set<string>();
  const city = new Set<string>(WORLD_CITIES);
  for (const f of Object.values(allFakers)) {
    const raw = f.rawDefinitions as { person?: Record<string, unknown>; location?: Record<string, unknown> };
    for (const n of words(raw.person?.first_name)) given.add(n);
    for (const n of words(raw.person?.last_name)) surname.add(n);
    for (const n of words(raw.location?.city_name)) city.add(n);
  }
  return { given: [...given], surname: [...surname], city: [...city] };
}
