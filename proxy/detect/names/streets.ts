/** Street addresses whose writing gives them away, in the forms of some twenty countries; the tagger finds the others. */
import type { Finding } from '../../contract/index.js';
import { BY_FORM } from './towns.js';

const NAME = "\\p{Lu}[\\p{L}'’.-]{0,24}";
const UNIT =
  '(?:,? (?:#|No\\.?|(?:[Aa]pt|Apartment|Suite|Ste|Unit|Flat|Floor|Fl|Rm|Room|[Aa]pp|[Aa]ppt|Bldg)\\.?) ?[A-Za-z]?[\\dA-Z-]{1,5}(?![\\p{L}\\d])|,? (?:\\d{1,2}(?:st|nd|rd|th)|[Gg]round) (?:Floor|Fl)\\.?)?';
/** `may` is what every match of `form` holds: a cheap look first. */
const FORMS: readonly { may: RegExp; form: RegExp }[] = [
  // 900 S Figueroa St #1204, Los Angeles, CA 90015
  { may: / (?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Square|Sq|Terrace|Ter|Parkway|Pkwy|Highway|Hwy|Crescent|Close|Gardens|Grove|Mews|Circle|Cir|Trail|Loop|Hill|Row|Walk|Quay|Cres|Tce|Approach|Embankment|Parade|Pde|Rise|View|Heights|Turnpike|Pike|Green|Common)(?![A-Za-z])/, form: new RegExp(
    `(?<![\\p{L}\\d.$#-])\\d{1,6}[A-Za-z]?,? (?:[NSEW]\\.?[EW]?\\.? )?(?:${NAME}|\\d{1,3}(?:st|nd|rd|th))(?: ${NAME}){0,3} (?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Square|Sq|Terrace|Ter|Parkway|Pkwy|Highway|Hwy|Crescent|Close|Gardens|Grove|Mews|Circle|Cir|Trail|Loop|Hill|Row|Walk|Quay|Cres|Tce|Approach|Embankment|Parade|Pde|Rise|View|Heights|Turnpike|Pike|Green|Common)(?![\\p{L}])\\.?${UNIT}`,
    'gu',
  ) },
  // Via Garibaldi 27, 10122 Torino; Calle de Alcalá 112, 28009 Madrid
  { may: /(?:Via|Viale|Piazza|Corso|Vicolo|Largo|Calle|C\/|Avenida|Av\.|Avda\.|Strada|Str\.|Contrada|Paseo|Plaza|Carrera|Rua|Travessa|Praça|Rue|ul\.|Ulica|Ul\.|al\.|os\.) /, form: new RegExp(
    `(?<![\\p{L}])(?:Via|Viale|Piazza|Corso|Vicolo|Largo|Calle|C/|Avenida|Av\\.|Avda\\.|Strada|Str\\.|Contrada|Paseo|Plaza|Carrera|Rua|Travessa|Praça|Rue|ul\\.|Ulica|Ul\\.|al\\.|os\\.) (?:(?:de|del|della|dei|di|la|las|los|da|do|dos|des|du|le) )*${NAME}(?: (?:(?:de|del|della|di|la|da|do|dos|des|du) )*${NAME}){0,3},? (?:n\\.?[º°]? ?)?\\d{1,5}[A-Za-z]?(?:/\\d{1,4}[A-Za-z]?)?(?:,? \\d{1,2}\\.?[ºª°]\\.?(?: (?:[A-D](?![\\p{L}])|izq\\.?|dcha\\.?|izda\\.?))?)?`,
    'gu',
  ) },
  // 48 rue des Tanneurs, 67000 Strasbourg
  { may: /\d.{0,6}(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Bb]d|[Aa]llée|[Cc]hemin|[Ii]mpasse|[Pp]lace|[Qq]uai|[Cc]ours) /, form: new RegExp(
    `(?<![\\p{L}\\d.])\\d{1,4}(?: ?(?:bis|ter|[A-D]))?,? {1,2}(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Bb]d|[Aa]llée|[Cc]hemin|[Ii]mpasse|[Pp]lace|[Qq]uai|[Cc]ours) (?:(?:de|du|des|la|le|les|d['’]|l['’]) ?)*${NAME}(?:[ -](?:(?:de|du|des|la|le|les) )?${NAME}){0,3}`,
    'gu',
  ) },
  // Lindenstraße 8, 80331 München; Storgatan 14, 111 23 Stockholm
  { may: /(?:straße|strasse|str\.|weg|gasse|platz|allee|damm|ufer|gatan|vägen|gränd|gade|vej|veien|gata|straat|laan|plein|kade|gracht|singel|katu|kuja|tie|utca|Straße|Strasse|Weg|Platz|Allee) \d/, form: new RegExp(
    `(?<![\\p{L}])(?:${NAME}[ -])?\\p{Lu}?[\\p{L}-]{2,20}(?:straße|strasse|str\\.|weg|gasse|platz|allee|damm|ufer|gatan|vägen|gränd|gade|vej|veien|gata|straat|laan|plein|kade|gracht|singel|katu|kuja|tie|utca|Straße|Strasse|Weg|Platz|Allee) \\d{1,4} ?[a-zA-Z]?(?![\\p{L}\\d])`,
    'gu',
  ) },
  // Am Kronberger Hang 8; Auf der Höhe 12
  { may: /(?:Am|Im|An der|Auf der|Auf dem|Zum|Zur|Unter den) \p{Lu}.{2,40} \d/u, form: new RegExp(
    `(?<![\\p{L}])(?:Am|Im|An der|Auf der|Auf dem|Zum|Zur|Unter den) ${NAME}(?: ${NAME})? \\d{1,3} ?[a-z]?(?:/\\d{1,3})?(?![\\p{L}\\d.:/]|,\\d| (?:Uhr|Euro|EUR|Prozent|Tage))`,
    'gu',
  ) },
  // Prinsenkade 19, Turfmarkt 30
  { may: /(?:kade|markt|singel|dijk|hof|dreef|steeg) \d/, form: /(?<![\p{L}])\p{Lu}\p{Ll}{2,20}(?:kade|markt|singel|dijk|hof|dreef|steeg) \d{1,4} ?[a-zA-Z]?(?![\p{L}\d.,:/]\d|\p{L})/gu },
  // RR 2 Box 118
  { may: /(?:RR|HC|Rural Route) \d/, form: /(?<![\p{L}])(?:RR|HC|Rural Route) \d{1,3},? Box \d{1,5}[A-Z]?/gu },
  // PO Box 4471, Boise, ID 83711
  { may: /P\.? ?O\.? Box \d/, form: /(?<![\p{L}])P\.? ?O\.? Box \d{1,6}/gu },
]; // biome-ignore format: tables

/** Adds street addresses of `text[from, to)`. Every repetition is bounded, so the work is linear in the text. */
export function streets(text: string, from: number, to: number, found: Finding[]): void {
  if (!/\d/.test(text)) return;
  const part = from === 0 && to === text.length ? text : text.slice(from, to);
  for (const { may, form } of FORMS) {
    if (!may.test(part)) continue;
    for (const m of part.matchAll(form)) {
      found.push({
        entity: 'STREET_ADDRESS',
        category: 'contact',
        start: from + m.index,
        end: from + m.index + m[0].replace(/[\s.,]+$/, '').length,
        confidence: 0.93,
        why: BY_FORM,
        detector: 'names',
      });
    }
  }
}
