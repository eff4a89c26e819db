import { RE2JS } from 're2js';
import { stringify } from 'yaml';
import type { CustomEntity } from '../contract/index.js';
import { KNOWN_ENTITIES } from './entities.js';
import { asObject, asStrings, type ImportReport, idOf } from './import-report.js';

/** Names of others for what is found here under another name. Callers may hand in a longer table. */
const ALIASES: Readonly<Record<string, string>> = {
  CREDIT_CARD_NUMBER: 'CREDIT_CARD',
  CREDIT_CARD_TRACK_NUMBER: 'CREDIT_CARD_TRACK',
  IMEI_HARDWARE_ID: 'IMEI',
  STORAGE_SIGNED_URL: 'SIGNED_URL',
  BRAZIL_CPF_NUMBER: 'BR_CPF',
  AMERICAN_BANKERS_CUSIP_ID: 'CUSIP',
  US_SOCIAL_SECURITY_NUMBER: 'US_SSN',
  PERSON_NAME: 'PERSON',
  US_DRIVERS_LICENSE_NUMBER: 'US_DRIVER_LICENSE',
  US_HEALTHCARE_NPI: 'US_NPI',
};

const DIRECT = [
  'HTTP_COOKIE',
  'SIGNED_URL',
  'PASSWORD',
  'AUTH_TOKEN',
  'AUTH_HEADER',
  'JSON_WEB_TOKEN',
  'PRIVATE_KEY',
  'AWS_SECRET_KEY',
  'AWS_ACCESS_KEY',
];

/** Google DLP likelihoods as confidences. */
const LIKELIHOOD: Record<string, number> = { VERY_UNLIKELY: 0.1, UNLIKELY: 0.3, POSSIBLE: 0.5, LIKELY: 0.7, VERY_LIKELY: 0.9 };

export interface EntityImport extends ImportReport {
  /** For the settings, `detection.custom`: entities with patterns or words of their own. */
  custom: CustomEntity[];
}

export interface EntityImportOptions {
  /** Other name → ours. */
  aliases?: Readonly<Record<string, string>>;
  /** Entities that are found here, beside those that this room knows by name. */
  known?: readonly string[];
}

interface Found {
  entities: { name: string; where: string }[];
  custom: { name: string; where: string; patterns: string[]; words: string[]; context: string[]; confidence: number }[];
  confidence?: number;
}

const score = (v: unknown, or: number): number => (typeof v === 'number' && v >= 0 && v <= 1 ? v : or);

/** Plain list of names; Presidio analyzer requests; Google DLP inspect configurations; hoop data masking rules. */
function read(v: unknown, where: string, found: Found): void {
  if (Array.isArray(v)) {
    for (const [i, item] of v.entries()) {
      if (typeof item === 'string') found.entities.push({ name: item, where: `${where}[${i}]` });
      else read(item, `${where}[${i}]`, found);
    }
    return;
  }
  const o = asObject(v);
  if (!o) return;
  if (o['inspectConfig'] !== undefined) read(o['inspectConfig'], `${where}.inspectConfig`, found);
  for (const name of asStrings(o['entities'])) found.entities.push({ name, where: `${where}.entities` });
  for (const group of Array.isArray(o['supported_entity_types']) ? o['supported_entity_types'] : [])
    for (const name of asStrings(asObject(group)?.['entity_types']))
      found.entities.push({ name, where: `${where}.supported_entity_types` });
  for (const t of Array.isArray(o['infoTypes']) ? o['infoTypes'] : []) {
    const name = asObject(t)?.['name'];
    if (typeof name === 'string') found.entities.push({ name, where: `${where}.infoTypes` });
  }
  const likelihood = typeof o['minLikelihood'] === 'string' ? LIKELIHOOD[o['minLikelihood']] : undefined;
  const threshold = typeof o['score_threshold'] === 'number' ? o['score_threshold'] : likelihood;
  if (threshold !== undefined && threshold >= 0 && threshold <= 1) found.confidence = threshold;
  const add = (name: unknown, at: string, patterns: string[], words: string[], context: string[], confidence: number) =>
    found.custom.push({ name: String(name ?? ''), where: at, patterns, words, context, confidence });
  for (const c of Array.isArray(o['custom_entity_types']) ? o['custom_entity_types'] : []) {
    const x = asObject(c) ?? {};
    add(
      x['name'],
      `${where}.custom_entity_types`,
      typeof x['regex'] === 'string' && x['regex'] !== '' ? [x['regex']] : [],
      asStrings(x['deny_list']),
      [],
      score(x['score'], 0.8),
    );
  }
  for (const c of Array.isArray(o['customInfoTypes']) ? o['customInfoTypes'] : []) {
    const x = asObject(c) ?? {};
    const pattern = asObject(x['regex'])?.['pattern'];
    const words = asStrings(asObject(asObject(x['dictionary'])?.['wordList'])?.['words']);
    const likely = typeof x['likelihood'] === 'string' ? LIKELIHOOD[x['likelihood']] : undefined;
    add(
      asObject(x['infoType'])?.['name'],
      `${where}.customInfoTypes`,
      typeof pattern === 'string' ? [pattern] : [],
      words,
      [],
      likely ?? 0.8,
    );
  }
  for (const c of Array.isArray(o['ad_hoc_recognizers']) ? o['ad_hoc_recognizers'] : []) {
    const x = asObject(c) ?? {};
    const patterns = (Array.isArray(x['patterns']) ? x['patterns'] : []).map(asObject);
    const regexes = patterns.map((p) => p?.['regex']).filter((r): r is string => typeof r === 'string');
    const best = Math.max(0, ...patterns.map((p) => score(p?.['score'], 0)));
    add(x['supported_entity'], `${where}.ad_hoc_recognizers`, regexes, asStrings(x['deny_list']), asStrings(x['context']), best || 0.8);
  }
}

const CUSTOM_NAME = /^[A-Z][A-Z0-9_]{2,40}$/;

function customOf(c: Found['custom'][number], report: EntityImport): void {
  const name = c.name.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
  const skip = (why: string): void => void report.notMapped.push({ what: `${c.where} ${c.name}`, why });
  if (!CUSTOM_NAME.test(name)) return skip('its name cannot be made one of 3 to 41 capital letters, digits and underscores');
  for (const p of c.patterns)
    try {
      RE2JS.compile(p);
    } catch (e) {
      return skip(`the pattern is not valid RE2: ${e instanceof Error ? e.message : String(e)}`);
    }
  if (c.patterns.length === 0 && c.words.length === 0)
    return skip('it has neither pattern nor words (dictionaries in files and stored types cannot be read)');
  const entity: CustomEntity = { name, confidence: c.confidence };
  if (c.patterns.length > 0) entity.pattern = c.patterns.length === 1 ? c.patterns[0]! : c.patterns.map((p) => `(?:${p})`).join('|');
  if (c.words.length > 0) entity.words = c.words;
  if (c.context.length > 0) entity.contextWords = c.context;
  report.custom.push(entity);
  report.mapped.push({ from: `${c.where} ${c.name}`, to: name });
}

/**
 * Maps entity lists to one rule that masks them, and custom entities to entries of the settings. Accepts a list of names, a Presidio
 * analyzer request, a Google DLP inspect configuration, or hoop data masking rules, as JSON.
 * @throws SyntaxError when the text is no JSON
 */
export function importEntities(json: string, options: EntityImportOptions = {}): EntityImport {
  const found: Found = { entities: [], custom: [] };
  read(JSON.parse(json), 'input', found);
  const report: EntityImport = { source: '', mapped: [], notMapped: [], custom: [] };
  const known = new Set([...KNOWN_ENTITIES, ...DIRECT, ...(options.known ?? [])]);
  const aliases = { ...ALIASES, ...options.aliases };
  const entities = new Set<string>();
  for (const { name, where } of found.entities) {
    const ours = known.has(name) ? name : aliases[name];
    if (ours === undefined) report.notMapped.push({ what: `${where} ${name}`, why: 'nothing of that name is looked for here' });
    else {
      entities.add(ours);
      report.mapped.push({ from: `${where} ${name}`, to: ours });
    }
  }
  for (const c of found.custom) customOf(c, report);
  for (const c of report.custom) entities.add(c.name);
  if (found.entities.length + found.custom.length === 0)
    report.notMapped.push({ what: 'input', why: 'no list of entities was recognised in it' });
  const match = { what: 'part', finding: [...entities], ...(found.confidence === undefined ? {} : { confidence: found.confidence }) };
  const rule = Object.fromEntries<unknown>([
    ['id', idOf('mask imported entities', new Set())],
    ['match', match],
    ['then', 'mask'],
    ['sentence', 'Masked by the imported list: {entities}.'],
  ]);
  report.source = stringify(
    { version: 1, description: 'Imported entity list.', rules: entities.size > 0 ? [rule] : [] },
    { lineWidth: 120, aliasDuplicateObjects: false },
  );
  return report;
}
