/**
 * Fields that say what they hold: keys of JSON and the like, headers of tables, segments of HL7 messages. Where a key names a person, a
 * place, a street, an employer or a profession, its value is that, whatever the tagger thought of the words.
 *
 * What an attacker could do here: name a key `first_name` and have its value masked. Each pattern is bounded and runs once over the text.
 */
import type { Finding, FindingCategory } from '../../contract/index.js';

type Kind =
  | 'PERSON'
  | 'LOCATION'
  | 'STREET_ADDRESS'
  | 'ORGANIZATION'
  | 'TITLE'
  | 'ZIP_CODE'
  | 'LICENSE_PLATE'
  | 'AGE'
  | 'USERNAME'
  | 'PLAIN';
const CATEGORY: Record<string, FindingCategory> = { PERSON: 'person', LOCATION: 'location', STREET_ADDRESS: 'contact', ORGANIZATION: 'other-pii', TITLE: 'other-pii', ZIP_CODE: 'location', LICENSE_PLATE: 'network', AGE: 'other-pii', USERNAME: 'other-pii', DATE_OF_BIRTH: 'other-pii', MEDICAL_RECORD_NUMBER: 'health', PHONE_NUMBER: 'contact' }; // biome-ignore format: a table

const NAMES: [Kind, string][] = [
  ['PERSON', 'fullname firstname lastname givenname givennames familyname surname middlename maidenname patientname customername clientname employeename contactname recipientname cardholder cardholdername accountholder passengername guestname ownername holdername beneficiaryname membername doctorname physicianname providername drivername given family studentname teachername spousename mothersmaidenname emergencycontact emergencycontactname vorname nachname familienname prenom nomdefamille nombrecompleto apellido apellidos cognome nomecompleto sobrenome voornaam achternaam kontaktperson ansprechpartner first last'],
  ['LOCATION', 'city town hometown birthplace placeofbirth homecity billingcity shippingcity state province county country countryname ort wohnort stadt ville pays ciudad pais citta paese cidade woonplaats plaats'],
  ['STREET_ADDRESS', 'street streetaddress addressline addressline1 address1 line1 homeaddress billingaddress shippingaddress mailingaddress deliveryaddress strasse straße strassehausnummer rue calle domicilio indirizzo via rua straat'],
  ['ORGANIZATION', 'company companyname employer employername organization organisation organizationname orgname firma unternehmen empresa societe azienda bedrijf werkgever'],
  ['TITLE', 'jobtitle occupation profession beruf metier profesion professione profissao beroep'],
  ['ZIP_CODE', 'zip zipcode postalcode postcode plz codepostal codigopostal cap cep'],
  ['LICENSE_PLATE', 'plate platenumber licenseplate licenceplate numberplate registrationplate regnumber vehiclereg vehicleregistration vrm kennzeichen immatriculation matricula targa kenteken placa'],
  ['AGE', 'age alter edad eta idade leeftijd'],
  ['USERNAME', 'username userid loginname screenname benutzername usuario utilisateur'],
  ['PLAIN', 'product sku item category department status price qty quantity type kind unit color colour size total region brand model version event level module title description subject currency tag label feature stage priority channel source'],
]; // biome-ignore format: a table
const KINDS = new Map(NAMES.flatMap(([k, names]) => names.split(' ').map((n) => [n, k] as const)));
/** `name` alone may be anything: it only turns what the tagger found into a person. */
const MAYBE = new Set('driver passenger pax guest tenant landlord applicant teacher nurse agent attendee member owner insured name displayname nom nombre nome naam manager author owner user contact customer patient employee client recipient sender assignee reporter doctor physician provider'.split(' ')); // biome-ignore format: a list

const fold = (key: string) =>
  key
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[\s_-]+/g, '');

const SHAPE: Record<Kind, RegExp> = {
  PERSON: /^\p{Lu}[\p{L}\p{M}'’.-]*(?:,? (?:\p{Lu}[\p{L}\p{M}'’.-]*|de|del|la|di|da|dos|van|von|der|den|bin|al|el|y|of)){0,5}$/u,
  LOCATION: /^\p{Lu}[\p{L}\p{M}'’. ()-]{1,39}$/u,
  STREET_ADDRESS: /^(?=.*\d)(?=.*\p{L}{3})[\p{L}\p{M}\d'’.,#/ºª -]{5,80}$/u,
  ORGANIZATION: /^[\p{Lu}\d][\p{L}\p{M}\d'’.,& -]{1,59}$/u,
  TITLE: /^\p{L}[\p{L}\p{M}'’./& -]{2,49}$/u,
  ZIP_CODE: /^(?:\d{4,5}(?:-\d{3,4})?|\d{3} \d{2}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2})$/,
  LICENSE_PLATE: /^(?=.*\d)(?=.*[A-ZÄÖÜ])[A-Z0-9ÄÖÜ]{1,4}(?:[ -]?[A-Z0-9]{1,4}){1,3}$/,
  AGE: /^\d{1,3}$/,
  USERNAME: /^[A-Za-z][\w.-]{2,31}$/,
  PLAIN: /^/,
};

const put = (found: Finding[], entity: string, start: number, end: number, why: string): void => {
  for (let i = found.length - 1; i >= 0; i--) if (found[i]!.start < end && found[i]!.end > start) found.splice(i, 1);
  found.push({ entity, category: CATEGORY[entity]!, start, end, confidence: 0.86, why, detector: 'names' });
};

/** The value of one field: `fields` decides, the tagger's opinion of it goes. */
function field(text: string, key: string, start: number, end: number, found: Finding[], why: string): void {
  const name = fold(key);
  const kind = KINDS.get(name);
  const value = text.slice(start, end);
  if (kind === 'PLAIN') {
    for (let i = found.length - 1; i >= 0; i--) if (found[i]!.start < end && found[i]!.end > start) found.splice(i, 1);
    return;
  }
  if (kind) {
    if (SHAPE[kind].test(value) && !/^(?:true|false|null|none|unknown|string|number|n\/a)$/i.test(value)) put(found, kind, start, end, why);
    return;
  }
  if (!MAYBE.has(name) || !SHAPE.PERSON.test(value)) return;
  const inside = found.filter((f) => f.start < end && f.end > start);
  // Two words that the tagger took for some name, under a key for persons.
  if (
    inside.some((f) => f.entity === 'PERSON' || f.entity === 'ORGANIZATION' || f.entity === 'LOCATION') &&
    (/ /.test(value) || inside[0]!.entity === 'PERSON')
  )
    if (inside[0]!.entity !== 'ORGANIZATION' || name !== 'name') put(found, 'PERSON', start, end, why);
}

const PAIR = /"([\p{L}][\p{L}\d _-]{1,28})"\s{0,3}:\s{0,3}"([^"\\\n]{1,80})"/gu;
/** A list under a key: `"given": ["Ada", "Mary"]`. */
const LIST =
  /"(?<key>given|givenNames?|firstNames?|names|members|attendees|participants)"\s{0,3}:\s{0,3}\[(?<list>(?:\s{0,20}"[^"\\\n]{1,60}",?){1,40})\s{0,20}\]/g;
const ROWS = 400;

/** Cells of a table whose first line names them. */
function table(text: string, from: number, to: number, found: Finding[]): void {
  const head = text.indexOf('\n', from);
  if (head < 0 || head > to || head - from > 400 || head - from < 5) return;
  const line = text.slice(from, head).replace(/\r$/, '');
  const separator = [',', ';', '\t', '|'].find((s) => line.split(s).length > 2) ?? [',', ';', '\t', '|'].find((s) => line.includes(s));
  if (!separator || /["(){}.!?]|\d{3}/.test(line)) return;
  const cells = line.split(separator).map((c) => c.trim());
  if (cells.some((c) => c.length > 24 || c.split(/\s/).length > 3)) return;
  const told = cells.filter(
    (c) =>
      KINDS.has(fold(c)) ||
      MAYBE.has(fold(c)) ||
      /^(?:e?mail|phone|tel|dob|ssn|account|plate|licence|license|balance|iban|zip|id|date|geburtsdatum|telefon|amount|age)$/i.test(c),
  );
  if (told.length * 2 < cells.length || told.length < 2) return;
  // Headers are no names.
  for (let i = found.length - 1; i >= 0; i--) if (found[i]!.start < head && found[i]!.end > from) found.splice(i, 1);
  let at = head + 1;
  for (let r = 0; r < ROWS && at < to; r++) {
    let end = text.indexOf('\n', at);
    if (end < 0 || end > to) end = to;
    const row = text.slice(at, end);
    const values = row.split(separator);
    if (values.length !== cells.length) return;
    // A span over a separator was read as a sentence.
    for (let i = found.length - 1; i >= 0; i--)
      if (found[i]!.start >= at && found[i]!.end <= end && text.slice(found[i]!.start, found[i]!.end).includes(separator))
        found.splice(i, 1);
    let p = at;
    for (const [k, v] of values.entries()) {
      const lead = v.length - v.trimStart().length;
      const value = v.trim();
      if (value.length > 1) field(text, cells[k]!, p + lead, p + lead + value.length, found, 'header of its column');
      p += v.length + 1;
    }
    at = end + 1;
  }
}

/** Patient and next-of-kin segments of HL7 version 2. */
function segments(text: string, found: Finding[]): void {
  for (const m of text.matchAll(/(?:^|[\n\r])(PID|NK1|GT1|IN1)\|([^\n\r]{10,1200})/g)) {
    const kinds: Record<number, string> = m[1] === 'PID' ? { 3: 'MEDICAL_RECORD_NUMBER', 5: 'PERSON', 7: 'DATE_OF_BIRTH', 11: 'STREET_ADDRESS', 13: 'PHONE_NUMBER', 14: 'PHONE_NUMBER' } : m[1] === 'NK1' ? { 2: 'PERSON', 4: 'STREET_ADDRESS', 5: 'PHONE_NUMBER' } : m[1] === 'GT1' ? { 3: 'PERSON', 5: 'STREET_ADDRESS', 6: 'PHONE_NUMBER' } : { 16: 'PERSON', 18: 'DATE_OF_BIRTH', 19: 'STREET_ADDRESS' }; // biome-ignore format: a table
    let at = m.index + m[0].length - m[2]!.length;
    for (const [i, v] of m[2]!.split('|').entries()) {
      const kind = kinds[i + 1];
      const value = kind === 'MEDICAL_RECORD_NUMBER' ? v.split('^')[0]! : v.replace(/\^+(?:[A-Z]{1,3})?$/, '');
      if (kind && value.length > 2 && (kind !== 'PERSON' || /\p{L}{2}/u.test(value)))
        put(found, kind, at, at + value.length, 'field of a message segment');
      at += v.length + 1;
    }
  }
}

/** Corrects `found` (by the tagger) where the text itself says what a value is. */
export function fields(text: string, found: Finding[]): void {
  if (text.includes('":') || text.includes('" :')) {
    PAIR.lastIndex = 0;
    for (const m of text.matchAll(PAIR)) {
      const start = m.index + m[0].length - 1 - m[2]!.length;
      field(text, m[1]!, start, start + m[2]!.length, found, 'key before it');
    }
  }
  if (text.includes('": [') || text.includes('":[')) {
    for (const m of text.matchAll(LIST)) {
      const kind = /^(?:given|first)/.test(m.groups!['key']!) ? 'firstname' : 'name';
      const base = m.index + m[0].lastIndexOf(m.groups!['list']!);
      for (const item of m.groups!['list']!.matchAll(/"([^"]+)"/g))
        field(text, kind, base + item.index + 1, base + item.index + 1 + item[1]!.length, found, 'list under its key');
    }
  }
  if (/\|(?:\d|\|)/.test(text) && /(?:^|[\n\r])(?:PID|NK1|GT1|IN1)\|/.test(text)) segments(text, found);
  // Tables: each paragraph's first line may be a header.
  let from = 0;
  while (from < text.length) {
    let to = text.indexOf('\n\n', from);
    if (to < 0) to = text.length;
    table(text, from, to, found);
    from = to + 2;
  }
}
