/** What the tagger's spans say once more, by lists and by the marks around them: edges, kinds, ages, names of one field. Pure. */
import type { Finding } from '../../contract/index.js';
import { CITY, COMMON, COMPANY, COUNTRY, GIVEN, SURNAME } from './features.js';

const PARTICLES = new Set('de del della di da do dos das du des la le los las el van von der den ten ter zu zum vom y e et und and of the bin ibn bint al af av st & d l'.split(' ')); // biome-ignore format: a list
const WORD = /[\p{L}\p{M}\d'’.&-]+/gu;
const LOWER = /^\p{Ll}/u;
const MONTH = /^(?:jan|feb|mar|apr|may|mai|mei|mayo|maio|jun|jul|aug|sep|oct|okt|nov|dec|dez)/i;
/** Words that organisations carry, in the languages of the training text. */
export const INSTITUTION =
  /(?<![\p{L}])(?:inc|llc|ltd|lda|ltda|gmbh|ag|kg|se|corp|corporation|co|plc|llp|pty|s\.?a|s\.?a\.?r\.?l|s\.?r\.?l|s\.?p\.?a|s\.?l|c\.?v|b\.?v|n\.?v|oy|ab|a\/s|e\.v|group|gruppe|groupe|grupo|gruppo|groep|bank|banco|banque|banca|rabobank|sparkasse|volksbank|company|sons|brothers|university|universit\p{L}+|universidad\p{L}*|universidade|hochschule|college|school|schule|academy|institut\p{L}*|hospital|h[oô]pital|ospedale|ziekenhuis|krankenhaus|klinik\p{L}*|uniklinik|clini\p{L}+|cl[ií]nica|medical|health|pharmac\p{L}+|farmacia|farm[aá]cia|apotheke|cent(?:er|re|ro)|foundation|fondation|fundaci[oó]n|fonda\p{L}+|stichting|stiftung|trust|union|council|partners?|associates|holdings?|insurance|versicherung\p{L}*|seguros|assurances|services|systems|solutions|technologies|technology|consult\p{L}+|industries|industrias|motors|energy|software|robotics|analytics|logisti\p{L}+|transports?|transportes|ministry|department|authority|agency|association|society|soci[eé]t[eé]|church|museum|airlines?|airways|capital|investments?|media|press|times|courier|herald|zeitung|gazette|labs?|laborator\p{L}+|studios?|hotel|restaurant\p{L}*|studio|kanzlei|bufete|cabinet|construc\p{L}+|construtora|cementos|financ\p{L}+|credit|mutual|club|fc|united|federation|committee|commission|court|gericht|tribunal|amt|gemeente|comune|mairie|prefeitura|ayuntamiento|realty|properties|management|estates?|farms?|winery|brewing|bakery|b[aä]ckerei|boulangerie|panader[ií]a|garage|autohaus|makelaardij|werke|stadtwerke)(?![\p{L}])|&/iu;

/** Cuts words in lower case from the edges of a span that has capitals: `y reside en León` is León. */
export function trimEdges(text: string, f: Finding): void {
  const value = text.slice(f.start, f.end);
  if (!/\p{Lu}/u.test(value)) return;
  const words = [...value.matchAll(WORD)];
  let a = 0;
  let b = words.length - 1;
  const bare = (w: string) => w.toLowerCase().replace(/[’']$/, '');
  // A particle may begin a surname (`van der Meulen`), no other word in lower case may.
  while (a < b && LOWER.test(words[a]![0]) && !/^(?:van|von|de|del|di|da|al|bin|el|la|le|du)$/.test(bare(words[a]![0]))) a++;
  while (b > a && LOWER.test(words[b]![0])) b--;
  // `… Verona, y` and a lone particle at the head of a place.
  if (a > 0 && f.entity === 'LOCATION') while (a < b && PARTICLES.has(bare(words[a]![0]))) a++;
  if (a === 0 && b === words.length - 1) return;
  // Words of a name in lower case between capitals stay; a sentence does not.
  const inner = words.slice(a, b + 1);
  const gap = inner.findIndex((w, i) => i > 0 && LOWER.test(w[0]) && !PARTICLES.has(bare(w[0])) && w[0].length > 2);
  if (gap > 0 && f.entity !== 'ORGANIZATION') b = a + gap - 1;
  f.end = f.start + words[b]!.index + words[b]![0].length;
  f.start += words[a]!.index;
}

/** A given name and a surname, and nothing of a company or a place in them, are a person whatever the tagger called them. */
export function kindByLists(text: string, f: Finding, bits: (word: string) => number): void {
  if (f.entity !== 'ORGANIZATION' && f.entity !== 'LOCATION') return;
  const value = text.slice(f.start, f.end);
  const words = value.split(' ');
  if (words.length < 2 || words.length > 3 || INSTITUTION.test(value) || !words.every((w) => /^\p{Lu}[\p{L}'’-]+$/u.test(w))) return;
  const known = words.map(bits);
  const first = known[0]!;
  const last = known.at(-1)!;
  if (known.some((b) => (b & (COMMON | COUNTRY | COMPANY)) !== 0)) return;
  // Both lists agree; or one does and the other word is no word of anything else.
  const given = (first & GIVEN) !== 0 && (first & CITY) === 0;
  const surname = (last & SURNAME) !== 0 && (last & CITY) === 0;
  if (!(given && surname) && !(f.entity === 'ORGANIZATION' && ((given && last === 0) || (surname && first === 0)))) return;
  f.entity = 'PERSON';
  f.category = 'person';
}

const AT_WORK =
  /(?:\b(?:at|for|with|from|by|joined|left|of|bei|von|f\u00fcr|chez|par|en|con|presso|da|na|no|bij|van|company|firm|employer:?|vendor|bank|startup)(?: the| der| die| la| el)? )$/iu;
const WHERE =
  /(?:(?<![\p{L}])(?:in|from|to|near|at|of|via|around|outside|aus|nach|\u00e0|de|en|a|da|di|em|uit|te|w|i|f\u00f6r|fr\u00e5n|city|town|visit(?:ed|ing)?|left|lives?|ort|plaats)[:.]? (?:the )?)$|[,(|;\n\t"] ?$/iu;

/** May a span that only the tagger knows be an organisation or a place, by what stands before it? */
export function named(text: string, label: string, start: number, common: boolean, listed: boolean, margin: number): boolean {
  if (listed) return true;
  const head = text.slice(Math.max(0, start - 24), start);
  if (label === 'ORGANIZATION') return !common || AT_WORK.test(head);
  return margin >= 300 || (WHERE.test(head) && (!common || margin >= 600));
}

/** Days and months are no persons, and no place: `June 4`, `17. Mai 2023`. */
export function isDay(text: string, start: number, end: number): boolean {
  const value = text.slice(start, end);
  if (!MONTH.test(value)) return false;
  return (
    /\d/.test(value) ||
    /\d\.? (?:de )?$/.test(text.slice(Math.max(0, start - 6), start)) ||
    /^[.,]? (?:de )?\d/.test(text.slice(end, end + 6))
  );
}

/** `Amara Nwosu, 29, a marine biologist`: the figure is an age. */
export function ages(text: string, found: Finding[]): void {
  for (const f of [...found]) {
    if (f.entity !== 'PERSON') continue;
    const m = /^(?:, | \()(\d{1,2})(?=,|\)|[.;](?:\s|$)|$)/.exec(text.slice(f.end, f.end + 7));
    if (!m || Number(m[1]) < (m[0][1] === '(' ? 3 : 16) || (m[0][1] === '(' && !m[0].startsWith(' ('))) continue;
    const end = f.end + m[0].length;
    found.push({
      entity: 'AGE',
      category: 'other-pii',
      start: end - m[1]!.length,
      end,
      confidence: 0.7,
      why: 'figure behind a name',
      detector: 'names',
    });
  }
}
