/**
 * Names that a word announces: forms of address, labels of forms, kinship, greetings at the end, words that organisations end or begin
 * with, and the account name in brackets behind a person. The words before a name say more than the name itself.
 *
 * What an attacker could do here: write `Dr` before any capital and have it masked. All repetitions are bounded.
 */
import { CITY, COMMON, COUNTRY, DEMONYM, GIVEN, SURNAME } from './features.js';
import type { Spans } from './spans.js';

type Bits = (word: string) => number;

const CAP = "\\p{Lu}[\\p{L}\\p{M}'’]*(?:-\\p{Lu}?[\\p{L}\\p{M}'’]+){0,2}";
const LINK = '(?:de la|de los|de|del|della|di|da|dos|das|do|van der|van den|van de|van|von|der|den|ter|bin|ibn|al|el|le|la|y|e) ';
/** One to four words of a name, with initials. */
const NAME = `(?:(?:${LINK})?(?:\\p{Lu}\\.(?:-?\\p{Lu}\\.)* ?){0,2}${CAP})(?: (?:${LINK})?(?:\\p{Lu}\\.(?= )|${CAP})){0,3}`;
const NOT_AFTER = '(?![\\p{L}\\d_@]|[.:/]\\p{Ll}|[-_]\\d)';
const SPACE = '[ \\u00a0]';

/** The name group, what it must have, and how sure. */
interface Form {
  /** What every match holds: a cheap look first. */
  may: RegExp;
  pattern: RegExp;
  /** `any`: whatever has the form; `rare`: no plain word of a language and no place; `listed`: a word of the lists of names. */
  needs: 'any' | 'rare' | 'listed';
  why: string;
}
const form = (may: RegExp, before: string, needs: Form['needs'], why: string, name = NAME, after = ''): Form => ({
  may,
  pattern: new RegExp(`${before}(?<name>${name})${NOT_AFTER}${after}`, 'dgu'),
  needs,
  why,
});

const TITLES =
  '(?:Mr|Mrs|Ms|Miss|Mx|Messrs|Dr|Drs|Prof|Professor|Doctor|Sir|Dame|Rev|Reverend|Sgt|Capt|Lt|Cpl|Officer|Detective|Nurse|Coach|Uncle|Aunt|Auntie|Judge|Justice|Senator|Herr|Frau|Herrn|Dhr|Mevr|Mevrouw|Meneer|Mme|Mlle|Madame|Monsieur|Maître|Sr|Sra|Srta|Señora?|Do[nñ]a|doña|Sig|sig|Signora?|Sig\\.ra|sig\\.ra|Dott|Dott\\.ssa|Dra|Senhora?|Lady|Lord|mr|mrs|ms|dr|frau|herr|dhr|mevr|Pan|Pani|Bay|Bayan)';
const KIN =
  '(?:brothers?|sisters?|sons?|daughters?|mother|father|mum|mom|dad|wife|husband|fianc[eé]e?|nephew|niece|cousin|grandmother|grandfather|granddaughter|grandson|grandma|grandpa|stepson|stepdaughter|flatmate|roommate|colleague|landlord|landlady|tenant|neighbou?r|boyfriend|girlfriend|dochter|zoon|vrouw|zus|broer|hijo|hija|hermano|hermana|esposa|marido|fille|fils|soeur|sœur|frère|épouse|mari|Tochter|Sohn|Schwester|Bruder|Ehefrau|Ehemann|Mutter|Vater|figlio|figlia|moglie|marito|sorella|fratello|filho|filha|esposo|irmã|irmão)';
const LABELS =
  '(?:[Ff]ull [Nn]ame|FULL NAME|[Ff]irst [Nn]ames?|[Gg]iven [Nn]ames?|[Ff]orenames?|[Ll]ast [Nn]ame|[Ss]urname|SURNAME|[Ff]amily [Nn]ame|[Mm]iddle [Nn]ame|[Mm]aiden [Nn]ame|[Pp]referred [Nn]ame|[Aa]pplicant(?: [Nn]ame)?|[Pp]atient(?: [Nn]ame)?|PATIENT(?: NAME)?|[Cc]lient [Nn]ame|[Cc]ustomer [Nn]ame|[Aa]ccount (?:[Nn]ame|[Hh]older)|[Cc]ardholder(?: [Nn]ame)?|[Bb]eneficiary(?: [Nn]ame)?|[Pp]ayee|[Ee]mployee(?: [Nn]ame)?|[Nn]ext of [Kk]in|[Ee]mergency [Cc]ontact|[Cc]ontact [Pp]erson|[Cc]omplainant|[Cc]laimant|[Dd]efendant|[Pp]laintiff|[Ww]itness|[Gg]uardian|[Pp]olicyholder|[Ii]nsured|[Tt]enant|[Ll]andlord|[Ss]ubscriber|[Pp]assenger|[Dd]river|[Aa]ttending(?: [Pp]hysician)?|[Oo]rdering(?: [Pp]hysician)?|[Rr]eferring(?: [Pp]hysician)?|[Tt]ax [Nn]ame|[Nn]ame und [Vv]orname|[Vv]orname|[Nn]achname|[Nn]ame, [Vv]orname|[Kk]ontoinhaber(?:in)?|[Pp]atient(?:in)?|[Nn]om(?: de famille)?(?: et prénom)?|[Pp]rénoms?|[Nn]ombre y [Aa]pellidos|[Nn]ombre(?: completo)?|[Aa]pellidos?|[Tt]itular|[Pp]aciente|[Cc]ognome(?: e [Nn]ome)?|COGNOME E NOME|[Ii]ntestatario|[Nn]ome(?: completo)?|[Vv]oornaam|[Aa]chternaam|[Nn]aam|[Nn]amn|[Ii]mię i nazwisko|[Ss]toornaam|[Aa]d[ıi] soyad[ıi])';
const WHOLE_LINE = `(?:${LINK})?${CAP}(?:,? (?:${LINK}|"${CAP}" ?)?(?:\\p{Lu}\\.|${CAP})){0,4}`;

const FORMS: readonly Form[] = [
  form(new RegExp(`(?:^|[^A-Za-z])${TITLES}\\.?[ \\u00a0]{1,2}[A-Z\\u00c0-\\u00de\\u0100-\\uffff]`), `(?<![\\p{L}\\d.@/_-])${TITLES}\\.?${SPACE}{1,2}`, 'any', 'form of address before it'),
  form(new RegExp(`(?:^|[^A-Za-z])${LABELS}(?: ?:| {2}|\\t)`), `(?<=^|\\n|[;|] ?| {2,}|, )(?:> ?)?${LABELS}(?: ?:[ \\t]{0,4}| {2,6}|\\t)`, 'any', 'label of a form before it', WHOLE_LINE, '(?= *(?:$|\\n|[;,|(.<]|\\s{2}))'),
  form(/(?:^|\n|\. )(?:- )?name(?:[ \t\n:])/i, `(?<=^|\\n|\\. )(?:- )?[Nn][Aa][Mm][Ee](?: ?:[ \\t]{0,4}| {1,6}|\\t|\\n)`, 'rare', 'label of a form before it', WHOLE_LINE.replaceAll(',? ', ',?[ \\n]'), '(?= *(?:$|\\n|[;,|(.<]|\\s{2}))'),
  form(/(?:name(?: is)?|eneficiary|aller|nsured(?: is)?|omplainant|atient|aciente|pplicant|laimant|mployee|hysician|ustomer|on of|gent is|rovider|pt|[SDW]\/o) [A-Z\u00c0-\uffff]/, `(?<![\\p{L}])(?:[Nn]ame(?: is)?|[Bb]eneficiary|[Cc]aller|[Ii]nsured(?: is)?|[Cc]omplainant|[Pp]atient|[Pp]aciente|[Aa]pplicant|[Cc]laimant|[Ee]mployee|[Pp]hysician|[Cc]ustomer|[Ss]on of|[Aa]gent is|[Pp]rovider|pt|S\\/o|D\\/o|W\\/o)${SPACE}`, 'rare', 'word for a person before it', `(?:(?:\\p{Lu}\\. ?){1,2}${CAP}|${CAP} (?:${LINK})?(?:\\p{Lu}\\. )?(?:${CAP}|\\p{Lu}\\.))(?: ${CAP}){0,2}`),
  form(/(?:['’]m|am| im|name is|name['’]s|[Ss]igne?d?|as|by|his is|appelle|uis|llamo|ombre es|oy|chiamo|ono|hei(?:ß|ss)e|Name ist|bin|naam is|ben|heet|chamo|nome é|heter|się) [A-Z\u00c0-\uffff]/, `(?<![\\p{L}])(?:[Ii]['’]m|(?:hi|hey|hello|and|,) im|[Ii] am|[Mm]y name is|[Mm]y name['’]s|[Ss]igned?(?: as| by)?|[Tt]his is|[Jj]e m['’]appelle|[Jj]e suis|[Mm]e llamo|[Mm]i nombre es|[Ss]oy|[Mm]i chiamo|[Ss]ono|[Ii]ch hei(?:ß|ss)e|[Mm]ein Name ist|[Ii]ch bin|[Mm]ijn naam is|[Ii]k ben|[Ii]k heet|[Mm]e chamo|[Mm]eu nome é|[Jj]ag heter|[Nn]azywam się)${SPACE}`, 'rare', 'one who says a name'),
  form(new RegExp(`(?:^|[^A-Za-z])${KIN},?[ \\u00a0][A-Z\\u00c0-\\uffff]`), `(?<![\\p{L}])${KIN},?${SPACE}`, 'rare', 'kinship before it'),
  form(new RegExp(`(?:^|[^A-Za-z])${KIN} [A-Z\\u00c0-\\uffff]\\S+ (?:and|und|y|et|e|en) `), `(?<![\\p{L}])${KIN} \\p{Lu}\\p{L}+ (?:and|und|y|et|e|en) `, 'rare', 'kinship before it'),
  form(/(?:egards|incerely|ours|heers|hanks|hx|est|Ta|LG|VG|MfG|ove|aludos?|abrazo|Baci|bacio|saluti|ordialement|Amitiés|Grüßen?|Groetj?en|groet|Groetjes|Abraços?|Atenciosamente|Hälsningar|Hilsen|Pozdrawiam),?[ \n]/, "(?<=^|\\n|[.!,;] ?|\\n\\n)(?:(?:[Kk]ind|[Bb]est|[Ww]arm) [Rr]egards|[Rr]egards|[Ss]incerely|[Yy]ours(?: \\p{L}+)?|[Cc]heers|[Tt]hanks|[Tt]hx|[Bb]est|Ta|LG|VG|MfG|[Ll]ove|Un saludo|Saludos|Un abrazo|Baci|Un bacio|[Cc]ordiali saluti|Bien cordialement|[Cc]ordialement|Amitiés|(?:Viele|Liebe|Beste|Schöne) Grüße|Mit freundlichen Grüßen|Groetjes|Groeten|Met vriendelijke groet|Abraços?|Atenciosamente|Hälsningar|Hilsen|Pozdrawiam),?(?: |\\n{1,2})(?:- ?)?", 'rare', 'greeting at the end before it', `${NAME}|\\p{Lu}\\.`, '(?= *(?:$|\\n|,))'),
  form(/(?:^|\n)name ?:/, '(?<=^|\\n)name ?: ?', 'listed', 'label of a form before it', '\\p{Ll}{2,16} \\p{Ll}[\\p{L}-]{1,24}(?: \\p{Ll}[\\p{L}-]{1,24})?', '(?= *(?:$|\\n))'),
  form(/ ?[-–—]\n/, '(?<=^|\\n)', 'rare', 'salutation', CAP, '(?= ?[-–—]\\n)'),
  form(/(?:known|nicknamed|called|alias|a\.?k\.?a)/, `(?<![\\p{L}])(?:known (?:to \\p{L}+ )?as|nicknamed|called|alias|a\\.?k\\.?a\\.?) ["“']?`, 'rare', 'nickname', CAP),
  form(/(?:ittle|aby|oung) [A-Z\u00c0-\uffff]/, '(?<![\\p{L}])(?:[Ll]ittle|[Bb]aby|[Yy]oung) ', 'listed', 'child', CAP, '(?=[,.;:]| (?:is|was|has))'),
]; // biome-ignore format: a table

const NOBODY =
  /^(?:President|Chairman|Chairwoman|Speaker|Minister|Ambassador|Secretary|Mayor|Watson|Who|Press|Mrs?|Ms|Dr|Prof|Mme|I|I['’].*|The|This|That|A|An|You|Your|My|Our|We|It|He|She|They|Not|No|Yes|If|Sorry|Glad|Sure|Happy|In|On|At|To|Of|And|Or|N\/A|None|Unknown|PhD|MD|Inc|Ltd|LLC|GmbH|Id|ID|No\.|Nr|Number|Name|Date)$/;

const TITLED = new RegExp(`^${TITLES}\\.? `, 'u');

/** Cuts plain words off the end of a name: `Obafemi Plan`. */
function nameWithin(value: string, bits: Bits): string {
  const words = value.replace(/['’]s?$/, '').split(' ');
  while (words.length > 1) {
    const b = bits(words.at(-1)!);
    if ((b & COMMON) === 0 || (b & (SURNAME | GIVEN)) !== 0 || /^\p{Lu}\.$/u.test(words.at(-1)!)) break;
    words.pop();
  }
  return words.join(' ');
}

function person(text: string, found: Spans, start: number, end: number, why: string): void {
  let from = start;
  let to = end;
  for (const f of found.over(start, end)) {
    // A street or an organisation with a name in it is not the person.
    if (f.category === 'contact' || (f.entity === 'ORGANIZATION' && f.why === BY_WORD)) return;
    if (f.entity === 'PERSON') {
      from = Math.min(from, f.start);
      if (!/[\n,]/.test(text.slice(end, f.end))) to = Math.max(to, f.end);
    }
  }
  found.clear(from, to);
  found.add({ entity: 'PERSON', category: 'person', start: from, end: to, confidence: 0.86, why, detector: 'names' });
}

function persons(text: string, found: Spans, bits: Bits): void {
  for (const { may, pattern, needs, why } of FORMS) {
    if (!may.test(text)) continue;
    for (const m of text.matchAll(pattern)) {
      let [start] = m.indices!.groups!['name']!;
      const titled = TITLED.exec(m.groups!['name']!)?.[0].length ?? 0;
      const value = nameWithin(m.groups!['name']!.slice(titled), bits);
      start += titled;
      const words = value.split(/[ ,\n]+/).filter((w) => w !== '' && !/^(?:\p{Ll}+|\p{Lu}\.)$/u.test(w));
      if (words.length === 0 && needs !== 'listed' && !/^\p{Lu}\.$/u.test(value)) continue;
      if ((words.length > 0 && NOBODY.test(words[0]!)) || /^\p{Lu}{2,5}$/u.test(value)) continue;
      const known = words.map((w) => bits(w.replace(/["“”]/g, '')));
      if (needs === 'listed' && !value.split(' ').some((w) => (bits(w) & (GIVEN | SURNAME)) !== 0 && (bits(w) & COMMON) === 0)) continue;
      if (needs === 'rare') {
        // A plain word may stand in a name only beside one that is a name.
        const plain = known.filter((b) => (b & (COMMON | COUNTRY | DEMONYM)) !== 0 && (b & GIVEN) === 0).length;
        if (plain > 0 && (plain === known.length || !known.some((b) => (b & GIVEN) !== 0))) continue;
        if (words.length === 1 && (known[0]! & (COMMON | CITY | DEMONYM | COUNTRY)) !== 0 && (known[0]! & GIVEN) === 0) continue;
      }
      person(text, found, start, start + value.length, why);
    }
  }
}

/** Last words of organisations. */
const ENDS =
  'Inc\\.?|LLC|Ltd\\.?|Limited|GmbH|AG|plc|PLC|LLP|Pty|Corp\\.?|Corporation|Company|Co\\.|University|College|Academy|School|High|Polytechnic|Technikon|Institute|Hospital|Clinic|Infirmary|Surgery|Practice|Pharmacy|Dental|Dentistry|Bank|Savings|Trust|Credit Union|Insurance|Assurance|Mutual|Provident|Federal|Financial|Capital|Partners|Associates|Holdings|Ventures|Group|Services|Systems|Solutions|Technologies|Technology|Software|Analytics|Robotics|Logistics|Freight|Haulage|Shipping|Telecom|Communications|Textiles|Industries|Manufacturing|Motors|Automotive|Airlines|Airways|Foods|Bakery|Brewery|Brewing|Hotel|Inn|Hostel|Gym|Fitness|Studios?|Foundation|Charity|Church|Society|Association|Council|Agency|Authority|Ministry|Federation|Juniors|Rovers|FC|Media|Gazette|Herald|Courier|Labs|Laboratories|Laboratory|Imaging|Urology|Cardiology|Oncology|Pediatrics|Orthop(?:a)?edics|Radiology|Diagnostics|Health|Healthcare|Medical|Medicine|Cent(?:er|re)|Properties|Realty|Lettings|Mgmt|Management|Construction|Builders|Plumbing|Roofing|Electric|Energy|Alarms|Security|Bikes|Cycles|Marine|Farms?|Winery|Vineyards|Rescue|Shelter|Caf[eé]|Restaurant|Bistro|Diner|Grill|Consulting|Advisors|Recruitment|Staffing|Publishing|Press|Pharmaceuticals|Biotech|Bio|Foods|Supply|Supplies|Outfitters|Nursery|Kindergarten|Museum|Gallery|Library|Theatre|Kennels|Travel|Tours|Rentals|Legal|Law|Chambers|Solicitors';
/** Words that may stand before the last one: names, `&`, `of`, a possessive. */
const MEMBER = "(?:\\p{Lu}[\\p{L}\\p{M}]*(?:['’]s)?(?:-\\p{Lu}\\p{L}+)?|&)";
const ORG_END = new RegExp(`(?<![\\p{L}\\d_./@-])(?<org>(?:\\d{1,3} )?(?:St\\. )?\\p{Lu}[\\p{L}\\p{M}]+(?:['’]s)?(?:-\\p{Lu}\\p{L}+)?(?: ${MEMBER}){0,4} (?:${ENDS})(?:,? (?:${ENDS})(?![\\p{L}\\d])){0,2}(?: of (?:the )?\\p{Lu}\\p{L}+)?)(?![\\p{L}\\d_]|[./]\\p{L}| (?:Officer|Policy|Code|Manager|Director|Lead|Team|Engineer|Act|Board|Number|No|Record|Report|Card|Plan|Assistant|Advice|Check|Settings)(?![\\p{L}]))`, 'dgu'); // biome-ignore format: one line
/** First words of organisations, in the languages that put them first. */
const ORG_HEAD =
  /(?<![\p{L}\d_])(?<org>(?:(?:University|Institute|Bank|Ministry|Department|School|College|Church|Academy) (?:of|for) (?:the )?|Hospital|Hôpital|Ospedale|Ziekenhuis|Krankenhaus|Klinikum|Clínica|Clinique|Banque|Banco|Banca|Caja|Volksbank|Sparkasse|Raiffeisenbank|Universidad|Universidade|Université|Università|Universität|Hochschule|Institut|Instituto|Istituto|Collège|Lycée|Colegio|Escuela|Escola|Scuola|Ateliers?|Boulangerie|Panadería|Farmacia|Farmácia|Pharmacie|Apotheke|Trattoria|Ristorante|Autohaus|Bäckerei|Kanzlei|Cabinet|Bufete|Stichting|Gemeente|Comune di|Ayuntamiento de|Mairie de)(?: (?:de la|de los|de|del|della|di|du|des|da|do|der|für|St\.))?(?: \p{Lu}[\p{L}\p{M}'’-]+){1,3}(?: \p{Lu}[\p{L}\p{M}'’-]+)?)(?![\p{L}\d_])/dgu;
const BY_WORD = 'word that organisations carry';
const LEAD =
  /^(?:The|Our|Your|This|That|My|A|An|In|At|On|For|From|With|To|By|And|Of|Dear|Hello|Hi|All|Each|Any|Some|New|Please|Mr|Mrs|Ms|Dr|Regarding|Contact|Use|See|Ask|Call|His|Her|Their|When|If|Is|Are|Was) /;

const MAY_END = new RegExp(` (?:${ENDS})(?![a-z])`);
const MAY_HEAD =
  /(?:University|Institute|Bank|Ministry|Department|School|College|Church|Academy|Hospital|Hôpital|Ospedale|Ziekenhuis|Krankenhaus|Klinikum|Cl[ií]ni|Ban[qc]|Caja|bank|Sparkasse|Universi|Hochschule|Institut|Istituto|Coll|Lycée|Colegio|Escuela|Escola|Scuola|Atelier|Boulangerie|Panadería|Farm[aá]cia|Pharmacie|Apotheke|Trattoria|Ristorante|Autohaus|Bäckerei|Kanzlei|Cabinet|Bufete|Stichting|Gemeente|Comune|Ayuntamiento|Mairie)/;

function organisations(text: string, found: Spans, bits: Bits): void {
  for (const pattern of [ORG_END, ORG_HEAD]) {
    if (!(pattern === ORG_END ? MAY_END : MAY_HEAD).test(text)) continue;
    for (const m of text.matchAll(pattern)) {
      let [start, end] = m.indices!.groups!['org']!;
      for (let lead = LEAD.exec(text.slice(start, end)); lead; lead = LEAD.exec(text.slice(start, end))) start += lead[0].length;
      while (/[.]$/.test(text.slice(start, end)) && !/(?:Inc|Ltd|Corp|Co)\.$/.test(text.slice(start, end))) end--;
      const words = text
        .slice(start, end)
        .split(' ')
        .filter((w) => /^\p{Lu}/u.test(w));
      // Plain words alone are a heading; so are rows of capitals.
      const before = words.length < 2 ? [] : pattern === ORG_END ? words.slice(0, -1) : words.slice(1);
      if (before.length === 0 || /^[^\p{Ll}]*$/u.test(text.slice(start, end))) continue;
      if (!before.some((w) => (bits(w.replace(/['’]s$/, '')) & COMMON) === 0)) continue;
      const over = found.over(start, end);
      if (over.some((f) => f.category === 'contact' || f.category === 'health' || f.category === 'national-id')) continue;
      const whole = over.find((f) => f.entity === 'ORGANIZATION' && f.start <= start && f.end >= end);
      if (whole) {
        whole.why = BY_WORD;
        continue;
      }
      found.clear(start, end);
      found.add({ entity: 'ORGANIZATION', category: 'other-pii', start, end, confidence: 0.8, why: BY_WORD, detector: 'names' });
    }
  }
}

/** `Phuong "Phil" Tran`: a nickname between two words of a name. */
const NICKNAMED = new RegExp(`(?<![\\p{L}])(?<name>${CAP} ["“(']${CAP}["”)'] ${CAP})(?![\\p{L}])`, 'dgu');
/** An account name in brackets behind a person. */
const ACCOUNT = /^ ?\((?<name>[a-z][a-z0-9._-]{3,20})\)/d;

function accounts(text: string, found: Spans, bits: Bits): void {
  for (const f of found.list()) {
    if (f.entity !== 'PERSON') continue;
    const m = ACCOUNT.exec(text.slice(f.end, f.end + 26));
    if (!m || ((bits(m.groups!['name']!) & COMMON) !== 0 && !/[\d._]/.test(m.groups!['name']!))) continue;
    const [a, b] = m.indices!.groups!['name']!;
    found.clear(f.end + a, f.end + b);
    found.add({
      entity: 'USERNAME',
      category: 'other-pii',
      start: f.end + a,
      end: f.end + b,
      confidence: 0.65,
      why: 'in brackets behind a name',
      detector: 'names',
    });
  }
}

/** Adds what words announce to what the tagger found; where they disagree the words win. */
export function announced(text: string, found: Spans, bits: Bits): void {
  organisations(text, found, bits);
  if (/[A-Za-z\u00c0-\uffff] ["“('][A-Z]/.test(text))
    for (const m of text.matchAll(NICKNAMED)) {
      const [a, b] = m.indices!.groups!['name']!;
      if (m.groups!['name']!.split(/[^\p{L}-]+/u).some((w) => (bits(w) & (GIVEN | SURNAME)) !== 0))
        person(text, found, a, b, 'nickname within');
    }
  persons(text, found, bits);
  accounts(text, found, bits);
}
