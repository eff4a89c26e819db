/** Values that a literal announces: URLs, crypto wallets, postal codes, cookies, coordinates and others by their key word. */
import { ANY_DIGIT } from '../automaton.js';
import { bech32 } from '../checksum/things.js';
import type { Candidate, InlineRule, TextView } from '../rules.js';

function trimUrl(text: string, start: number, end: number): number {
  let e = end;
  for (;;) {
    const c = text[e - 1]!;
    if (/[.,;:!?'"*_]/.test(c)) e--;
    else if (c === ')' && !text.slice(start, e).includes('(')) e--;
    else if (c === ']' && !text.slice(start, e).includes('[')) e--;
    else return e;
  }
}

/** The last URL: literals inside it (`www.`, `://` in a query) begin no new one. */
const lastUrl = { serial: -1, end: 0 };

const NO_URL = new Set([...' \t\n\r\f\v<>"\'`\\{}|^'].map((c) => c.charCodeAt(0)));
const endsUrl = (c: number) =>
  c < 128 ? NO_URL.has(c) : c === 0xa0 || c === 0x2028 || c === 0x2029 || c === 0x3000 || (c >= 0x2000 && c <= 0x200a);

function url(view: TextView, start: number, _end: number, emit: (c: Candidate) => void): void {
  const { text } = view;
  if (lastUrl.serial === view.serial && start < lastUrl.end && start > lastUrl.end - 2100) return;
  let from = start;
  if (text[start] === ':') {
    while (from > 0 && start - from < 12 && /[A-Za-z+.-]/.test(text[from - 1]!)) from--;
    if (!/^(?:https?|ftps?|wss?)$/i.test(text.slice(from, start))) return;
  } else if (/[\w@/.-]/.test(text[start - 1] ?? ' ')) return;
  let to = start + 3;
  const limit = Math.min(text.length, from + 2048);
  while (to < limit && !endsUrl(text.charCodeAt(to))) to++;
  const end = trimUrl(text, from, to);
  lastUrl.serial = view.serial;
  lastUrl.end = to;
  if (end - from < 8) return;
  const host = /^(?:[a-z]+:\/\/)?(?:[^/@\s]*@)?([^/:?#]+)/i.exec(text.slice(from, end))?.[1] ?? '';
  const local =
    /^(?:localhost|127\.|0\.0\.0\.0|\[|example\.|.*\.(?:local|localhost|test|example|invalid|internal)$)|(?:^|\.)example\.(?:com|org|net)$/i.test(
      host,
    );
  emit({ start: from, end, confidence: 0.6, why: 'scheme and host', ...(local ? { testValue: true } : {}) });
}

const EMPLOYEE = ['employee'] as const;
const SOCIAL = ['social'] as const;

/** Is it no word of programs, no file and no host? */
function isAccount(value: string): boolean {
  return (
    !/^@?(?:all|here|everyone|channel|media|import|param|returns?|example|ubuntu|runner|root|admin|user|users|node|www|public|shared|default|guest|test|none|null|undefined|true|false|agent|name|id|ids|data|type|types|input|interface|password|groups?|settings|config|info|service|services|account|accounts|profile|profiles|session|sessions|token|tokens|me|self|this|that|with|from|and|the)$/i.test(
      value,
    ) &&
    !/\.(?:com|org|net|io|dev|json|js|mjs|ts|tsx|py|go|rs|rb|java|md|txt|ya?ml|toml|html?|css|png|jpe?g|svg|pdf|sh|sql|csv|xml|log|conf|exe|dll|so|lock)$|^v\d|\.{2}/i.test(
      value,
    )
  );
}
const CRYPTO_WORD = ['crypto'] as const;
const BTC = /(?<![A-Za-z0-9])(?:[13][a-km-zA-HJ-NP-Z1-9]{25,34}|bc1[a-z0-9]{11,71}|BC1[A-Z0-9]{11,71})(?![A-Za-z0-9])/g;
const ETH = /(?<![A-Za-z0-9])0x[0-9a-fA-F]{40}(?![A-Za-z0-9])/g;

/** `key: value` of a word: the value's form, and how the key is written. */
function keyed(
  entity: string,
  category: InlineRule['category'],
  keys: string[],
  value: string,
  confidence: number,
  why: string,
  caseless = true,
): InlineRule {
  const spellings = caseless ? keys : keys.flatMap((k) => [k, k[0]!.toUpperCase() + k.slice(1), k.toUpperCase()]);
  const key = spellings.map((k) => k.replace(/[.]/g, '\\$&').replace(/ /g, '[ _-]?')).join('|');
  return {
    entity,
    category,
    literals: keys.map((k) => k.replace(/ .*/, '')).filter((k, i, all) => all.indexOf(k) === i),
    pattern: new RegExp(
      `(?<![A-Za-z\\u00c0-\\uffff])(?:${key})(?:[ _-]?(?:numbers?|no\\.?|num|code|id|nr\\.?|#)){0,2}["']?\\s{0,3}(?:[:=#-]|\\(|is|are|was)?\\s{0,3}(?:is |are )?["']?(?<value>${value})(?![\\w-])`,
      caseless ? 'yi' : 'y',
    ),
    begins: 'word',
    confidence,
    why,
  };
}

export const words: readonly InlineRule[] = [
  { entity: 'URL', category: 'other-pii', literals: ['://', 'www.'], find: url },
  {
    entity: 'CRYPTO',
    category: 'financial',
    literals: ['bc1'],
    pattern: BTC,
    before: 2,
    after: 76,
    validate: (v) => (/^bc1/i.test(v) ? (bech32(v) ? 0.95 : 0) : 0),
    why: 'bech32 checksum',
  },
  {
    entity: 'CRYPTO',
    category: 'financial',
    literals: ['0x'],
    pattern: ETH,
    begins: 'here',
    validate: (_v, view, s, e) => (view.near(CRYPTO_WORD, s, e) ? 0.85 : 0),
    why: 'forty hex digits; word for a wallet near',
  },
  {
    entity: 'ZIP_CODE',
    category: 'location',
    literals: ['zip', 'postal', 'postcode', 'plz', 'cep', 'post code', 'c.p.', 'postnummer', 'pincode', 'pin code'],
    pattern:
      /(?<![\p{L}])(?:zip(?:[ _-]?code)?|postal(?:[ _-]?code)?|post[ _-]?code|plz|cep|c\.p\.|postnummer|pin ?code(?=.{1,4}\d{3} ?\d{3}(?!\d)))(?:\/\p{L}{2,10})?["']?(?:\s{0,3}[:=]|\s+is|)\s{0,3}["']?(?<value>\d{5}(?:-\d{4})?|\d{3}[ -]\d{2}(?!\d)|\d{3} \d{3}|\d{4,5}-\d{3}|\d{3,6}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2})(?![\w-])/giu,
    begins: 'word',
    confidence: 0.75,
    why: 'word for a postal code before',
  },
  {
    entity: 'HTTP_COOKIE',
    category: 'secret',
    literals: ['cookie:'],
    pattern: /(?<![\w])(?:set-)?cookie: ?(?<value>[A-Za-z0-9_.-]+=[^\r\n]{6,2048})/gi,
    before: 6,
    after: 2100,
    confidence: 0.9,
    why: 'cookie header',
  },
  {
    entity: 'CREDIT_CARD_TRACK',
    category: 'financial',
    literals: ['%b'],
    pattern: /%B\d{12,19}\^[^^\r\n]{2,26}\^\d{4}[^?\r\n]{3,80}\??/g,
    begins: 'here',
    confidence: 0.97,
    why: 'magnetic stripe track 1',
  },
  {
    entity: 'FDA_CODE',
    category: 'other-pii',
    literals: ['ndc', 'fda', '510(k)'],
    pattern: /(?<![\p{L}])(?:NDC|FDA)[^\d\r\n]{0,16}(?<value>\d{4,5}-\d{3,4}-\d{1,2}|[KP]\d{6})(?![\w-])/giu,
    begins: 'word',
    confidence: 0.75,
    why: 'drug or device code after its word',
  },
  keyed(
    'CARD_EXPIRY',
    'financial',
    ['expiry', 'expires', 'expiration', 'exp', 'valid thru', 'expiry date', 'expiration date', 'exp date', 'exp.'],
    '(?:0[1-9]|1[0-2]) ?[/-] ?(?:20)?\\d{2}',
    0.75,
    'month and year after its word',
  ),
  keyed('CARD_CVV', 'financial', ['cvv', 'cvc', 'cvv2', 'cvc2', 'security code', 'cid'], '\\d{3,4}', 0.85, 'digits after its word'),
  keyed('PIN', 'financial', ['pin'], '\\d{4,6}', 0.7, 'digits after its word'),
  keyed(
    'MEDICAL_RECORD_NUMBER',
    'health',
    [
      'mrn',
      'medical record',
      'med rec',
      'medical rec',
      'patient id',
      'patient number',
      'patient no',
      'chart',
      'chart number',
      'record number',
      'umrn',
      'hospital number',
      'hospital no',
      'prontuário',
      'prontuario',
      'patiëntnr',
      'patiëntnummer',
      'patientnr',
      'patientennummer',
      'patienten-nr',
      'fallnummer',
      'historia clínica',
      'nhc',
      'cartella clinica',
      'numéro de dossier',
      'dossier médical',
    ],
    '(?:MRN?[- ]?)?[A-Z]{0,3}[- ]?\\d(?:[\\d-]{3,12})\\d|\\d{2,4}(?:[ -]\\d{2,4}){1,3}',
    0.85,
    'digits after its word',
  ),
  keyed(
    'US_NPI',
    'health',
    ['npi', 'national provider identifier', 'provider identifier'],
    '[12]\\d{9}',
    0.98,
    'ten digits after its word',
  ),
  keyed(
    'MEDICAL_LICENSE',
    'health',
    ['dea', 'medical license', 'medical licence', 'physician license', 'state license'],
    '(?=[A-Z0-9-]{0,8}\\d{4})[A-Z]{1,3}-?\\d{4,9}',
    0.75,
    'code after its word',
  ),
  keyed(
    'US_MBI',
    'health',
    ['medicare', 'mbi', 'hic', 'hicn'],
    '[1-9][A-Z][A-Z0-9]\\d-?[A-Z][A-Z0-9]\\d-?[A-Z]{2}\\d\\d|\\d{3}-?\\d{2}-?\\d{4}[A-Z]\\d?',
    0.9,
    'form of a Medicare number after its word',
  ),
  keyed(
    'SWIFT_CODE',
    'financial',
    ['bic', 'swift', 'swift code', 'bic code', 'swift/bic', 'bic/swift', 'bank identifier code'],
    '[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?',
    0.85,
    'bank, country, place after its word',
  ),
  keyed('ABA_ROUTING_NUMBER', 'financial', ['routing', 'aba', 'rtn', 'transit'], '\\d{9}', 0.8, 'nine digits after its word'),
  keyed(
    'US_DRIVER_LICENSE',
    'national-id',
    [
      'driver license',
      "driver's license",
      "driver's licence",
      'driver’s license',
      'drivers license',
      'driving licence',
      'driving license',
      'driver licence',
      'dl',
      'dln',
      'führerschein',
      'permis de conduire',
      'licencia de conducir',
    ],
    '(?=[A-Z0-9 -]{0,10}\\d{3})[A-Z]{0,3}[0-9][A-Z0-9-]{4,18}|[A-Z]{1,5}[- ]?\\d[A-Z0-9-]{4,16}',
    0.75,
    'code after its word',
  ),
  keyed(
    'PASSPORT',
    'national-id',
    ['passport', 'pasaporte', 'passeport', 'reisepass', 'passaporto', 'paspoort'],
    '[A-Z]{0,2}\\d{6,9}|[A-Z]\\d{2}[A-Z]{2}\\d{4}|[A-Z0-9]{2,3}\\d{5,7}',
    0.7,
    'form of a travel document after its word',
  ),
  keyed(
    'LICENSE_PLATE',
    'network',
    [
      'license plate',
      'licence plate',
      'number plate',
      'plate',
      'plates',
      'vehicle reg',
      'vehicle registration',
      'car reg',
      'registration plate',
      'kennzeichen',
      'matrícula',
      'matricula',
      'immatriculation',
      'immatriculé',
      'immatriculée',
      'registration number',
      'reg. no',
      'targa',
      'kenteken',
      'amtliches kennzeichen',
      'registreringsnummer',
      'placa',
      'rejestracyjny',
    ],
    '(?=[A-Z0-9 -]{0,8}\\d)(?=[A-Z0-9 -]{0,8}[A-Z])[A-Z0-9ÄÖÜ]{1,4}(?:[ -][A-Z0-9]{1,4}){1,2}|(?=[A-Z0-9]{0,7}\\d)(?=[A-Z0-9]{0,7}[A-Z])[A-Z0-9]{4,8}',
    0.75,
    'form of a number plate after its word',
    false,
  ),
  keyed(
    'UK_NINO',
    'national-id',
    ['national insurance', 'ni number', 'nino', 'ni no'],
    '[A-Z]{2} ?\\d{2} ?\\d{2} ?\\d{2} ?[A-D]',
    0.9,
    'form after its word',
  ),
  keyed(
    'VEHICLE_IDENTIFICATION_NUMBER',
    'network',
    ['vin', 'chassis', 'vehicle identification'],
    '(?=[A-Z0-9]{0,16}\\d)[A-HJ-NPR-Z0-9]{17}',
    0.85,
    'seventeen characters after its word',
  ),
  keyed('IMEI', 'network', ['imei'], '\\d{15}|\\d{2}-\\d{6}-\\d{6}-\\d', 0.85, 'fifteen digits after its word'),
  keyed(
    'US_SSN',
    'national-id',
    ['ssn', 'social security', 'social security number', 'social is', 'ss#', 'socsec'],
    '\\d{3}[- .]\\d{2}[- .]\\d{4}|\\d{9}',
    0.96,
    'nine digits after its word',
  ),
  keyed(
    'IBAN_CODE',
    'financial',
    ['iban'],
    '[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?',
    0.7,
    'form after its word; check digits differ',
  ),
  keyed(
    'CRYPTO',
    'financial',
    ['btc', 'bitcoin', 'wallet', 'ltc', 'litecoin', 'doge', 'xrp', 'trx', 'tron', 'solana', 'crypto', 'monero'],
    '(?=[A-Za-z]{0,20}\\d)(?:[13LDTrX][1-9A-HJ-NP-Za-km-z]{25,34}|[48][1-9A-HJ-NP-Za-km-z]{94})',
    0.75,
    'form of a wallet after its word',
    false,
  ),
  keyed(
    'HEALTH_INSURANCE_ID',
    'health',
    [
      'member id',
      'insurance id',
      'policy number',
      'policy no',
      'policy #',
      'policy id',
      'health plan',
      'health plan id',
      'health plan beneficiary',
      'plan id',
      'ins id',
      'insurance member',
      'member',
      'subscriber',
      'member no',
      'medicaid',
      'medicare',
      'versichertennummer',
      'health card',
      'group no',
      'health insurance',
      'beneficiary',
      'subscriber id',
      'group number',
      'insurance policy',
      'medicaid id',
      'insurance number',
    ],
    '(?=[A-Z0-9-]{0,24}\\d{3})(?=[A-Z0-9-]{0,24}\\d[A-Z-]{0,24}\\d[A-Z-]{0,24}\\d[A-Z-]{0,24}\\d)[A-Z0-9]{1,6}-?[A-Z0-9-]{3,16}',
    0.7,
    'code after its word',
  ),
  keyed(
    'USERNAME',
    'other-pii',
    ['username', 'user name', 'login', 'userid', 'screen name', 'benutzername', 'usuario', 'utilisateur'],
    '(?!is\\b|and\\b|or\\b|the\\b|for\\b|to\\b|name\\b|with\\b|page\\b|in\\b|button\\b|form\\b|attempt\\b)(?=[\\w.-]{0,32}[\\d_.])[A-Za-z][\\w.-]{3,30}',
    0.6,
    'name after its word',
  ),
  {
    entity: 'USERNAME',
    category: 'other-pii',
    literals: ['user', 'login', 'handle', 'userid', 'uname'],
    pattern:
      /(?<![\p{L}])(?:user(?:[ _-]?name|[ _-]?id)?|login|handle|uname)["']?\s{0,2}[:=]\s{0,2}["']?(?<value>@?(?!(?:string|number|boolean|any|null|undefined|true|false|admin|root|user|username|name|object|void|unknown|required|optional|this|req|none|process|guest|test|default|id|int|text|varchar|char|func|self|await|new|the|an?|your)\b)[a-z][a-z0-9_-]{0,40}(?:\.[a-z0-9_-]{1,40}){0,15})(?![\w(.[{@$:/\\]|\s{0,20}=>)/giu,
    begins: 'word',
    validate: (value) => (value.length >= 4 && value.length <= 32 && (/[\d_.]/.test(value) || value === value.toLowerCase()) ? 0.6 : 0),
    why: 'name after its word and a mark',
  },
  {
    entity: 'US_DRIVER_LICENSE',
    category: 'national-id',
    literals: ['license"', 'licence"', 'license_n', 'licence_n', 'licensen', 'licencen', "license'", 'dl_n'],
    pattern:
      /(?:licen[sc]e|dl)(?:_?(?:no|num|number|id))?["']\s{0,2}:\s{0,2}["'](?<value>(?=[A-Z0-9-]{0,18}\d{3})[A-Z0-9][A-Z0-9-]{5,18})["']/gi,
    begins: 'here',
    validate: (value) => (/^(?:BSD|GPL|LGPL|AGPL|MPL|CC|ISC|EPL|EUPL|OFL|Apache|MIT)/i.test(value) ? 0 : 0.75),
    why: 'code under its key',
  },
  // sshd: Failed password for mkowalczyk from …; for invalid user x
  {
    entity: 'USERNAME',
    category: 'other-pii',
    literals: ['password for ', 'publickey for ', 'invalid user ', 'for user ', 'by user ', 'su for ', 'uid='],
    pattern:
      /(?:(?:password|publickey|su) for (?:invalid user |user )?|(?:invalid|for|by) user |uid=)["']?(?<value>[a-z][\w.-]{2,31})(?=["']?(?: from\b| by\b|[ ,;)\n]|$))/gi,
    begins: 'here',
    validate: (value, view, _s, end) =>
      isAccount(value) && (/[\d._]/.test(value) || /^["']? (?:from|by|port|on|at) /.test(view.text.slice(end, end + 8))) ? 0.65 : 0,
    why: 'account in a log line',
  },
  // User h.tanizaki can't …; seller retro_vinyl_hugo; utilizador rsequeira a partir de 198.…
  {
    entity: 'USERNAME',
    category: 'other-pii',
    literals: [
      'user ',
      'seller ',
      'buyer ',
      'player ',
      'streamer ',
      'utilizador ',
      'usuário ',
      'benutzer ',
      'gebruiker ',
      'utilisateur ',
      'usuario ',
      'utente ',
      'account ',
      'handle ',
      'username ',
      'login ',
    ],
    pattern:
      /(?:user|seller|buyer|player|streamer|utilizador|usuário|benutzer|gebruiker|utilisateur|usuario|utente|account|handle|username|login) ["'“]?(?<value>@?[a-z][\w.-]{3,31}\w)(?![\w@(=:/\\])/giu,
    begins: 'word',
    validate: (value, view, _s, end, m) =>
      isAccount(value) &&
      (/[\d_]|\w\.\w/.test(value) ||
        (/^(?:user ?name|login|handle)/i.test(m[0]) &&
          /^["']? (?:has|is|was|can(?:no|')t|does|did|keeps?|gets?)\b/.test(view.text.slice(end, end + 12))) ||
        /^["']? (?:from|a partir de|desde|depuis|von|vanaf|van|da) (?:ip )?\d{1,3}\.\d/i.test(view.text.slice(end, end + 24)))
        ? 0.6
        : 0,
    why: 'account name after its word',
  },
  // add me on insta marisela.in.lx; twitter: @somebody
  {
    entity: 'USERNAME',
    category: 'other-pii',
    literals: [
      'insta ',
      'insta:',
      'instagram',
      ' ig ',
      ' ig:',
      'tiktok',
      'twitter',
      'snapchat',
      ' snap ',
      ' snap:',
      'telegram',
      'discord',
      'twitch',
      'reddit',
      'skype',
      'github',
      'mastodon',
      'bluesky',
      'venmo',
      'steam',
    ],
    pattern:
      /(?: (?=ig|snap))?(?:insta(?:gram)?|ig|tiktok|twitter|snap(?:chat)?|telegram|discord|twitch|reddit|skype|github|mastodon|bluesky|venmo|steam)(?: (?:is|handle|id|name|user(?:name)?|as|under|account))?\s?[:=]?\s?\(?(?<value>@?[a-z][\w.-]{2,31}\w)(?![\w@(=:/\\])/giu,
    begins: 'word',
    validate: (value, _view, _s, _e, m) => (isAccount(value) && (/^@|[\d_]|\w\.\w/.test(value) || /^[ \w]+: /.test(m[0])) ? 0.6 : 0),
    why: 'account name after its network',
  },
  // @reto_baut; ask @soraya on insta
  {
    entity: 'USERNAME',
    category: 'other-pii',
    literals: [' @', '(@', '\n@'],
    pattern: /[\s(](?<value>@[a-z][\w.]{2,30}\w)(?![\w@/([={:\\<`-]|\.\w)/gi,
    begins: 'here',
    validate: (value, view, start, end) => {
      if (!isAccount(value.slice(1)) || /[*`#{]\s*$/.test(view.text.slice(Math.max(0, start - 4), start))) return 0;
      return view.near(SOCIAL, start, end, 48, 32) ? 0.65 : /[_\d]/.test(value) && !/^@[A-Z\d_]+$/.test(value) ? 0.55 : 0;
    },
    why: 'handle',
  },
  // 192.0.2.19 - amira_k "GET …
  {
    entity: 'USERNAME',
    category: 'other-pii',
    literals: [`${ANY_DIGIT} - `],
    pattern: /\d - (?<value>[a-z][\w.@-]{2,31}) (?=\[\d|"[A-Z]{3,7} \/)/gi,
    begins: 'here',
    confidence: 0.7,
    why: 'account in an access log',
  },
  // GET /users/amira_k/invoices, /home/amira
  {
    entity: 'USERNAME',
    category: 'other-pii',
    literals: ['/users/', '/user/', '/home/', '/profile/', '/members/', '\\users\\'],
    pattern: /[\\/](?:users?|home|profile|members)[\\/](?<value>[a-z][\w.-]{2,31})(?=[/\\?"'\s,;)]|$)/gi,
    begins: 'here',
    validate: (value, view, start) => {
      const home = /[\\/](?:home|Users)[\\/]$/.test(view.text.slice(Math.max(0, start - 7), start));
      return isAccount(value) && (home || /[_]|\w\.\w|[a-z]{3}\d/.test(value)) ? 0.55 : 0;
    },
    why: 'account in a path',
  },
  // github.com/somebody, Website: firm.example/team
  {
    entity: 'URL',
    category: 'other-pii',
    literals: [
      'github.com/',
      'gitlab.com/',
      'linkedin.com/',
      'instagram.com/',
      'facebook.com/',
      'twitter.com/',
      'tiktok.com/',
      'youtube.com/',
      'behance.net/',
    ],
    pattern:
      /(?:github|gitlab|linkedin|instagram|facebook|twitter|tiktok|youtube|behance)\.(?:com|net)\/[\w@~%-][\w./?=&%#@~+-]{1,200}(?<![.?])/gi,
    begins: 'here',
    validate: (_v, view, start) => (/[\w@/.-]$/.test(view.text.slice(Math.max(0, start - 1), start)) ? 0 : 0.6),
    why: 'page of a network',
  },
  {
    entity: 'URL',
    category: 'other-pii',
    literals: ['website', 'homepage', 'webseite', 'web:', 'site web', 'portfolio:', 'sitio web', 'sito web'],
    pattern:
      /(?:website|homepage|webseite|web|site web|portfolio|sitio web|sito web)["']?\s{0,2}[:=]?\s{0,2}["']?(?<value>(?:[a-z0-9-]{1,40}\.){1,4}[a-z]{2,12}(?:\/[\w./?=&%#@~+-]{0,200})?)(?<![.?])(?![\w(])/gi,
    begins: 'word',
    confidence: 0.6,
    why: 'host after its word',
  },
  {
    entity: 'EMPLOYEE_ID',
    category: 'other-pii',
    literals: ['id '],
    pattern: /(?<![\p{L}])ID:? (?<value>[A-Z]{1,3}-?\d{4,8})(?![\w-])/gu,
    before: 2,
    after: 24,
    digit: true,
    validate: (_v, view, s, e) => (view.near(EMPLOYEE, s, e, 60, 24) ? 0.7 : 0),
    why: 'code after ID; word for staff near',
  },
  keyed(
    'EMPLOYEE_ID',
    'other-pii',
    [
      'employee id',
      'employee number',
      'employee no',
      'staff id',
      'badge number',
      'badge',
      'personnel number',
      'student id',
      'student number',
    ],
    '(?=[A-Z0-9-]{0,18}\\d{2})[A-Z]{0,4}[- ]?\\d[A-Z0-9-]{2,12}',
    0.65,
    'code after its word',
  ),
  keyed(
    'US_BANK_NUMBER',
    'financial',
    [
      'account number',
      'acct number',
      'account no',
      'acct no',
      'account #',
      'acct #',
      'bank account',
      'checking account',
      'savings account',
      'kontonummer',
      'account',
      'acct',
    ],
    '\\d{4}[- ]?\\d{2,4}[- ]?\\d{2,9}|\\d{6,17}',
    0.7,
    'digits after its word',
  ),
  {
    entity: 'COORDINATES',
    category: 'location',
    literals: ['lat', 'gps', 'coord', 'location:', 'long'],
    pattern: /(?<![\w.])(?<value>[-+]?(?:[1-8]?\d\.\d{4,}|90\.0+)°?\s*[NS]?,\s*[-+]?(?:1[0-7]\d|\d{1,2})\.\d{4,}°?\s*[EW]?)(?![\w.])/g,
    before: 2,
    after: 80,
    digit: true,
    confidence: 0.7,
    why: 'latitude and longitude',
  },
];
