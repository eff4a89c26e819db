/**
 * Passwords, tokens and keys by the name that they are given: code, configuration, command lines and prose. The name says what kind it
 * is, the value has to look like one: see `worth.ts`.
 *
 * What an attacker could do here: nothing but hide a value in a form that no file uses. Each look is bounded by the line.
 */
import type { Candidate, InlineRule, TextView } from '../rules.js';
import { entropyOf, isCode, isHex, isPath, isPlainWord, isUuid, random, speaks, standsIn, wordy } from './worth.js';

const PASS = [
  'psk=',
  'psk"',
  'psk:',
  'pw"',
  "pw'",
  'pw=',
  'pw =',
  'pw:',
  'requirepass',
  'masterauth',
  'bindpw',
  'rootpw',
  'passw',
  'passphrase',
  'passcode',
  'pwd',
  '_pass',
  'pass=',
  'pass:',
  'pass"',
  "pass'",
  'pass =',
  'pass :',
  'pass>',
  '-pass',
  'pass "',
  'userpass',
  'dbpass',
  'passwort',
  'kennwort',
  'contrasen',
  'contraseñ',
  'senha',
  'clave',
  'motdepasse',
  'mot_de_passe',
  'mot de passe',
  'mdp',
  'wachtwoord',
  'haslo',
  'hasło',
  'parola',
  'heslo',
  'salasana',
  'losenord',
  'lösenord',
  'lozinka',
  'jelszo',
  'jelszó',
  'sifre',
  'şifre',
  'пароль',
  '密码',
  '密碼',
  'パスワード',
  '비밀번호',
  'كلمة المرور',
  'पासवर्ड',
  'kata sandi',
  'mật khẩu',
];
const SECRET = ['secret', 'credential', 'token', 'apikey', 'api_key', 'api-key', 'api key', 'accesskey', 'access_key', 'access-key', 'authkey', 'auth_key', 'auth-key', 'privatekey', 'private_key', 'private-key', 'encryptionkey', 'encryption_key', 'encryption-key', 'signingkey', 'signing_key', 'masterkey', 'master_key', 'master-key', 'app_key', 'appkey', 'accountkey', 'account_key', 'license_key', 'licensekey', 'client_key', 'jwt_key', 'jwtkey', 'cipherkey', 'hmac', '_auth', 'auth"', 'auth=', 'auth:', 'sharedkey', 'shared_key', 'subscription_key', 'subscriptionkey', 'subscription-key', 'consumer_key', 'consumerkey', 'deploy_key', 'storage_key', 'service_key', 'servicekey', 'webhook_key', 'salt']; // biome-ignore format: a table
const KEY = ['_key', 'key"', "key'", 'key:', 'key =', 'key=', '-key', 'key :', 'key>']; // biome-ignore format: a table

type Kind = 'pass' | 'secret' | 'token' | 'key';
const NAME_PASS =
  /pass(?:w(?:or)?d|wrd|phrase|code|wort)?s?$|pwds?$|pass(?:w|wo|wor)$|pw$|psk$|masterauth$|kennwort|passwort|contrase[nñ]a|senha|clave|motdepasse|mdp$|wachtwoord|has[lł]o|parola|heslo|salasana|l[oö]senord|lozinka|jelsz[oó]|[sş]ifre|пароль|密码|密碼|パスワード|비밀번호|كلمة المرور|पासवर्ड|mot[_ ]de[_ ]passe|kata sandi|mật khẩu/i;

/** What follows the key word in a name and makes it something else. */
const TAIL = new Set(
  'url uri urls endpoint name names id ids type types path paths file files filename dir directory folder expir expires expiry expiration expire ttl age lifetime time timeout timestamp at date length len size count number num index limit max min field fields label labels hint placeholder prompt message messages msg error errors err exception regex regexp pattern policy policies format valid validator validation validate validity reset forgot change changed confirm col column columns input form button btn text title class classes style styles page view screen dialog modal template encoder encoding encrypter encryptor decoder hash hasher hashed digest algorithm algo alg method mode manager service provider factory helper handler listener callback store storage cache bucket header headers prefix suffix separator delimiter param params parameter parameters request response result results status state strength score level rules rule required requires enabled disabled enable disable visible visibility show hide hidden toggle rotation version revision ref refs reference exists present arg args argument set get list array map table schema entity model dto object obj info data meta metadata usage scope scopes role roles permission permissions issuer audience claim claims endpoints source src target host port region env var variable property prop props attr attribute event events action actions stream lexer parser parse list kind position pos start end offset line span node tree span ids budget cost price per limit count used word words vault arn placeholder generator generate generated example test tests spec docs doc doc help description desc comment note link href icon image img color selector query mutation resolver controller route router module component plugin config configuration settings setting options option opts fallback default defaults'.split(
    ' ',
  ),
);
/** What stands before the key word and makes it something else. */
const HEAD = new Set(
  'no not is has had show hide hidden forgot forget reset invalid wrong missing incorrect bad require requires required use uses enable disable with without need needs next page continuation sync pagination paging cursor csrf xsrf public pub primary foreign unique sort partition cache object storage dict map registry hot short shortcut composite group row col column react element item sub search i18n translation locale lang state query route event data config idempotency dedupe trace translation message msg color font num count total max min lex lexer parse comment keyword string ident operator eof bos eos pad unk mask sep cls special stop first last prev previous current expected unexpected lookahead peek cancellation cancel verify validate check has get fetch find parse decode'.split(
    ' ',
  ),
);

const WORD = /[\p{L}\p{N}_$.-]/u;
const isNameUnit = (c: number) =>
  (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 95 || c === 45 || c === 46 || c === 36;

const wordsOf = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter(Boolean);

const KEYWORDS =
  /^(?:pass(?:w(?:or)?d|wrd|phrase|code|wort)?s?|pwds?|pw|kennwort|secrets?|tokens?|api|apikeys?|keys?|credentials?|creds|auth|hmac|salt|jwt|bearer|authtoken|accesskey|secretkey|appkey|privatekey|clientsecret|[a-z]*(?:password|passwd|passwort|secret|token|apikey))$/;

/** Which kind a name asks for, or undefined where the key word is about something else. */
function kindOf(name: string): Kind | undefined {
  const words = wordsOf(name);
  let last = -1;
  for (let i = 0; i < words.length; i++) if (KEYWORDS.test(words[i]!) || NAME_PASS.test(words[i]!)) last = i;
  if (last < 0) return NAME_PASS.test(name) ? 'pass' : undefined;
  for (let i = last + 1; i < words.length; i++) if (TAIL.has(words[i]!)) return undefined;
  const first = words[0]!;
  if (last > 0 && HEAD.has(words[last - 1]!)) return undefined;
  if (
    last > 0 &&
    HEAD.has(first) &&
    first !== 'data' &&
    first !== 'config' &&
    first !== 'storage' &&
    first !== 'cache' &&
    first !== 'object'
  )
    return undefined;
  const word = words[last]!;
  if (/^(?:mini|by|com|encom|sur|tres|over|under|band|low|high|multi|single|render|shader)pass$/.test(word)) return undefined;
  if (NAME_PASS.test(word) || /^pw$/.test(word)) return 'pass';
  if (word === 'api' || word === 'jwt') return undefined;
  if (/secret|cred|salt|hmac/.test(word) || words.includes('secret')) return 'secret';
  if (/token|bearer|auth/.test(word)) return 'token';
  return words.some((w) =>
    /^(?:api|access|private|secret|encryption|encrypt|signing|sign|master|app|account|license|client|cipher|shared|subscription|consumer|deploy|service|admin|jwt|session|auth|storage|crypto|aes|webhook|integration|rest|server|write|ingest|hmac)/.test(
      w,
    ),
  ) || /apikey|accesskey|secretkey/.test(word)
    ? 'token'
    : 'key';
}

const OPERATOR =
  /(?:\\?["'`]|&quot;)?\]?\)?\s{0,20}(?:(?::\s?(?:&?'?(?:static )?(?:str(?:ing)?|String|CharSequence|char(?:\[\]|\s?\*)?|bytes|any|Optional\[str\]|string \| \w+|[Ff]inal)[?!]?)\s{0,4})?(=>|:=|\?\?=|\|\|=|\+=|!={1,2}|={1,3}|->)|(:)|(,)|(\()|(\s?>(?:\s{0,40}<value>)?|<\/key>\s{0,20}<string>)|(["']?\s{1,4}value\s?=)|( (?:is|was|ist|lautet|es|est|é|is set to|equals) (?:now )?:?))\s{0,24}/y;
const CALL_BEFORE =
  /(?:strcmp|compare\w*|equals|put|set\w*|define|add\w*|param\w*|append|property|setItem|header|environ|config|store|insert|create\w*|login|with\w*|field|Environment|Setting)\s*(?:\(|\[)\s*(?:["'][\w.-]+["']\s*,\s*)?["']?[\w.-]*$/i;

interface Found {
  start: number;
  end: number;
  value: string;
  quoted: boolean;
}

/** Prefixes of strings, calls that only wrap: `b"…"`, `String("…")`, `[]byte("…")`, `new SecretString("…")`. */
const WRAP =
  /(?:\[\s{0,4})?(?:(?:new )?(?:md5|sha1|sha256|sha512|hash|crypt|encrypt|bcrypt\.hash\w*|generate_password_hash|make_password|String|SecretString|SecureString|SecretStr|Secret|Buffer\.from|\[\]byte|bytes|str|env\.str|u?string|Some|Just|process\.env\.\w+ (?:\|\||\?\?) |(?:os\.)?(?:getenv|environ\.get)\(\s?["'][\w.-]+["']\s?, ?|getenv\(["']\w+["']\) ?(?:\|\||\?:|or) ?|env\(["'][\w.-]+["'] ?, ?|ENV\.fetch\(["']\w+["'] ?, ?|config\(["'][\w.-]+["'] ?, ?(?:default ?= ?)?)\(?)?(?:[rbfuRBFUL@]{0,2})(?=\\?["'`]|&quot;)/y;
/** What ends a bare value: white space, quotes, angles and list marks; `&` and `|`; brackets where no mark of a password stands before. */
const ENDS = 1;
const BAR = 2;
const BRACKET = 3;
const STOPS = new Uint8Array(128).fill(ENDS, 0, 33);
for (const c of '"\'`<>,;') STOPS[c.charCodeAt(0)] = ENDS;
for (const c of '&|') STOPS[c.charCodeAt(0)] = BAR;
for (const c of '()[]{}') STOPS[c.charCodeAt(0)] = BRACKET;
const MARKS = '!#%^&*';

const DEFAULT = /\$\{\w{1,60}:?[-=](?![$}])/y;
/** The value after an operator, within its line and `most` units. */
function valueAt(text: string, from: number, most: number): Found | undefined {
  let i = from;
  WRAP.lastIndex = i;
  if (WRAP.test(text)) i = WRAP.lastIndex;
  // The default of a shell variable: `${NAME:-value}`.
  if (text.charCodeAt(i) === 36 && text[i + 1] === '{') {
    DEFAULT.lastIndex = i;
    if (DEFAULT.test(text)) i = DEFAULT.lastIndex;
  }
  let quote = text[i];
  let close: string | undefined;
  if (quote === '\\' && (text[i + 1] === '"' || text[i + 1] === "'")) {
    close = `\\${text[i + 1]}`;
    i += 2;
  } else if (quote === '"' || quote === "'" || quote === '`') {
    close = quote;
    i += 1;
    if (text.startsWith(quote + quote, i)) return undefined;
  } else if (text.startsWith('&quot;', i)) {
    close = '&quot;';
    i += 6;
  }
  const limit = Math.min(text.length, i + most);
  if (close) {
    let end = i;
    while (end < limit) {
      const c = text[end]!;
      if (c === '\n') return undefined;
      if (text.startsWith(close, end)) return { start: i, end, value: text.slice(i, end), quoted: true };
      if (c === '\\' && close.length === 1) end++;
      end++;
    }
    return undefined;
  }
  quote = undefined;
  let end = i;
  while (end < limit) {
    const c = text.charCodeAt(end);
    const stop = c < 128 ? STOPS[c]! : c === 0xa0 || c === 0x3002 ? ENDS : 0;
    if (stop === ENDS || (stop === BAR && end > i) || (stop === BRACKET && !(end > 0 && MARKS.includes(text[end - 1]!)))) break;
    end++;
  }
  while (end > i && /[.:?!]/.test(text[end - 1]!) && (end >= text.length || /\s/.test(text[end]!)) && text[end - 1] !== '!') end--;
  if (end === i) return undefined;
  return { start: i, end, value: text.slice(i, end), quoted: false };
}

/** Confidence that `f` is a password; 0 = none. */
function judgePassword(f: Found, text: string, loose: boolean, short: boolean, setting: boolean): number {
  const v = f.value;
  if (v.length < 4 || v.length > 128) return 0;
  // Four groups of four: passwords that a mail provider makes for programs.
  if (f.quoted && /^[a-z]{4}(?: [a-z]{4}){3}$/.test(v)) return 0.8;
  if (/\s/.test(v) && (v.trim() !== v || / .* /.test(v) || !/\d/.test(v))) return 0;
  if (isPlainWord(v) || isPath(v) || standsIn(v)) return 0;
  // Words with marks: a setting's value, where one of them is no word for passwords themselves.
  if (
    setting &&
    /^[a-z]+(?:[_-][a-z]+){1,4}$/i.test(v) &&
    /^[ \t]*(?:#.*|--?[a-z].*)?(?:\r?\n|$)/.test(text.slice(f.end, f.end + 200)) &&
    ownWords(v)
  )
    return 0.6;
  if (/^(?:[\w-]*[._-])?(?:pass(?:w(?:or)?d)?|passphrase|secret|token|pwd|credentials?)(?:[._-][a-z_.-]*)?$/i.test(v)) return 0;
  if (/^(?:pass)?(?:phrase|pass)\d?$/i.test(v)) return 0;
  if (/^[a-z]+(?:[A-Z][a-z]+)*(?:Password|Passwd|Pass|Pwd|Secret|Token|Key)$/.test(v)) return 0;
  if (isCode(v) && (!f.quoted || /[ ;{}]|=>|::|\\[dwsb]|\[\^/.test(v))) return 0;
  if (/^[\p{L}\s]+$/u.test(v) && /[^\x00-\x7f]/.test(v)) return 0;
  if (/^[\^~<>=]*\s?v?\d+(?:\.(?:\d+|x|\*))+/.test(v) || /^[a-z_]\w*(?:\.\w+){2,}$/i.test(v)) return 0;
  // Prose of scripts without spaces.
  if (v.length > 8 && (v.match(/[^\x00-\x7f]/g) ?? []).length * 4 > v.length) return 0;
  const digits = /\d/.test(v);
  const letters = /[A-Za-z]/.test(v);
  const symbols = /[^A-Za-z0-9_.-]/.test(v);
  if (!f.quoted) {
    const next = text[f.end] ?? '\n';
    if (next === '(' || next === '[' || (next === '{' && !symbols)) return 0;
    if (/^[\w$]+(?:\.[A-Za-z_$][\w$]*)+$/.test(v) && !/\d{2}/.test(v)) return 0;
    if ((!loose && /^[a-z]{1,6}\d$/i.test(v)) || /^0x/.test(v) || (/^\d+(?:\.\d+)*[a-z]{0,2}$/.test(v) && (v.length < 5 || !loose)))
      return 0;
    if (!digits && !symbols) {
      // A bare word: a variable in code, a password in a file of settings.
      return loose && /^[a-z]{4,20}$/.test(v) && !/^(?:admin|string|token|value)$/.test(v)
        ? 0.55
        : loose && /^[a-zA-Z]{8,24}$/.test(v) && !speaks(v)
          ? 0.65
          : 0;
    }
    if (/^[A-Z][A-Z0-9_]+$/.test(v) && v.includes('_')) return 0;
    if (/^[a-z_][a-z0-9]*(?:_[a-z0-9]+)+$/i.test(v) && wordy(v) && !loose) return 0;
    if (symbols && !digits && !/^[\x21-\x7e]*[!@#$%^&*?][\x21-\x7e]*$/.test(v)) return 0;
    if (!loose && !(digits && letters && v.length >= 6) && !symbols) return 0;
    return digits && letters ? 0.72 : 0.6;
  }
  if (digits && (letters || symbols)) return /^v?\d+(?:\.\d+)+$/.test(v) || /^\d{1,2}(?:px|em|rem|ms|s)$/.test(v) ? 0 : 0.75;
  if (digits) return v.length <= 20 && !short ? 0.6 : 0;
  if (symbols) return /^[^A-Za-z0-9]+$/.test(v) || /[<>{}()=]|^[@#:/.]|^[A-Za-z ]+[.:?!]$|\/|^--/.test(v) ? 0 : 0.68;
  if (/[._-]/.test(v)) return wordy(v) ? (/^[a-z]+[-_.][a-z]+$/.test(v) ? 0 : 0) : 0.6;
  if (/^[a-z]+$/.test(v)) return v.length >= 4 && v.length <= 24 ? (speaks(v) ? 0.55 : 0.65) : 0;
  if (/^[A-Z][a-z]+$/.test(v)) return 0;
  if (/^[A-Z]{6,24}$/.test(v)) return 0.55;
  return wordy(v) ? 0 : 0.65;
}

/** Words that say nothing about whose password it is: a value made only of them is a placeholder. */
const GENERIC =
  /^(?:|my|your|the|a|an|some|any|new|old|user|users|admin|root|test|tests|testing|dev|prod|local|default|demo|temp|tmp|db|database|sql|mysql|postgres|postgresql|pg|mongo|mongodb|redis|mail|email|smtp|ftp|ssh|app|api|web|server|client|service|system|secure|secured|strong|safe|good|super|very|random|long|real|actual|plain|encrypted|hashed|hash|base|raw|pass|passwd|password|passwords|pwd|pw|passphrase|secret|secrets|token|key|auth|login|account|credential|credentials|value|string|text|here|name|host|env|var|config|settings|sua|senha|tu|su|mi|contrasena|clave|mot|passe|votre|mon|dein|passwort|registry|docker|github|gitlab|aws|azure|google)\d{0,2}$/i;
const ownWords = (v: string) => v.split(/[-_.]|(?<=[a-z])(?=[A-Z])/).some((w) => w.length >= 5 && !GENERIC.test(w));

/** Made by a machine that used every mark of the keyboard: keys of web frameworks, salts. */
function soup(v: string): boolean {
  if (v.length < 32 || v.length > 120 || /\\[dwsbn]|\(\?|<\/|:\/\/|\$\{|\{\{|%\(|=>|[A-Za-z]{12}/.test(v)) return false;
  return (
    (v.match(/[^\w\s]/g) ?? []).length >= 6 &&
    (v.match(/ /g) ?? []).length <= 4 &&
    /\d/.test(v) &&
    /[A-Za-z]/.test(v) &&
    entropyOf(v) >= 4.3
  );
}

/** `name:password` in base64, as package managers and headers keep it. */
const basicPair = (v: string) =>
  v.length % 4 === 0 &&
  /^[A-Za-z0-9+/]{8,120}={0,2}$/.test(v) &&
  /^[\w.@-]{1,40}:[\x21-\x7e]{3,80}$/.test(Buffer.from(v, 'base64').toString('latin1'));

/** Confidence that `f` is a token, key or secret. */
function judgeSecret(f: Found, text: string, kind: Kind, loose: boolean, framework: boolean): number {
  const v = f.value;
  if (v.length < 8 || v.length > 600) return 0;
  if (f.quoted && soup(v)) return 0.78;
  if (/\s/.test(v))
    return kind === 'secret' &&
      f.quoted &&
      v.length >= 16 &&
      v.length <= 80 &&
      (v.match(/[^\w\s.,'-]/g) ?? []).length >= 3 &&
      /\d/.test(v) &&
      entropyOf(v) >= 4 &&
      !standsIn(v)
      ? 0.6
      : 0;
  if (isPlainWord(v) || isPath(v) || standsIn(v) || isCode(v) || /[<>"'`]|[^\x21-\x7e]/.test(v)) return 0;
  if (!f.quoted) {
    const next = text[f.end] ?? '\n';
    if (next === '(' || next === '[' || /^[\w$]+(?:\.[A-Za-z_$][\w$]*)+$/.test(v)) return 0;
    if (/^[A-Za-z_]\w*(?:token|secret|key|credentials?|password|auth|jwt)s?$/i.test(v)) return 0;
    if (!loose && v.length < 16) return 0;
  }
  const digits = (v.match(/\d/g) ?? []).length;
  if (/^[\d.,:-]+$/.test(v)) return 0;
  if (/^(?:sha\d+|md5|sha1)[-:]/i.test(v) || /^[\w.-]+@[\w-]+(?:\.[a-z]{2,})+$/i.test(v) || /^#[0-9a-f]{3,8}$/i.test(v)) return 0;
  if (/aws4_request|=\w+%|&\w+=/.test(v)) return 0;
  const hex = isHex(v);
  // Without quotation marks a UUID is no code: settings, a header, a command line.
  if (isUuid(v)) return kind === 'key' ? 0 : 0.62;
  if (kind === 'token' && basicPair(v)) return 0.8;
  if (kind === 'key') {
    if (v.length < 20 || digits < 2 || !random(v, 0) || wordy(v)) return 0;
    if (hex) return v.length >= 32 ? 0.6 : 0;
    return /[a-z]/.test(v) && (/[A-Z]/.test(v) || digits >= 4) && entropyOf(v) >= 3.6 ? 0.7 : 0;
  }
  // A web framework's key may be any word that somebody thought of.
  if (framework && digits === 0 && f.quoted && /^[A-Za-z]+(?:-?[A-Za-z]+){1,5}$/.test(v) && ownWords(v)) return 0.56;
  if (digits === 0 && !f.quoted && !/[+/=!@#$%^&*]/.test(v)) return 0;
  if (digits === 0) {
    if (kind === 'secret' && f.quoted && /[^A-Za-z0-9_.:/-]/.test(v) && v.length >= 8 && !/[=()/{}:,]/.test(v)) return 0.6;
    return v.length >= 20 && /[a-z][A-Z]|[A-Z]{2}[a-z]/.test(v) && !wordy(v) && entropyOf(v) >= 3.8 ? 0.65 : 0;
  }
  if (wordy(v) && digits <= 4) return kind === 'secret' && /^[a-zA-Z]{3,}\d{2,}$/.test(v) ? 0.58 : 0;
  if (v.length < (kind === 'secret' ? 8 : 10)) return 0;
  if (!random(v, v.length < 16 ? 0.3 : 0)) return 0;
  if (hex) return v.length >= 16 ? 0.72 : 0.55;
  return v.length >= 16 ? 0.75 : 0.62;
}

const ENTITY: Record<Kind, string> = { pass: 'PASSWORD', secret: 'SECRET', token: 'API_KEY', key: 'API_KEY' };

function look(view: TextView, start: number, end: number, emit: (c: Candidate) => void, only?: Kind): void {
  const { text } = view;
  let left = start;
  const floor = Math.max(0, start - 48);
  while (left > floor && (isNameUnit(text.charCodeAt(left - 1)) || (text.charCodeAt(left - 1) > 127 && WORD.test(text[left - 1]!)))) left--;
  let right = end;
  if (text.charCodeAt(right - 1) > 32 && WORD.test(text[right - 1]!)) {
    const limit = Math.min(text.length, end + 32);
    while (right < limit && (isNameUnit(text.charCodeAt(right)) || (text.charCodeAt(right) > 127 && WORD.test(text[right]!)))) right++;
  } else while (right > start && !WORD.test(text[right - 1]!)) right--;
  // Everything that a value could follow stands right behind the name.
  const after = text.charCodeAt(right);
  if (
    !(
      after === 34 ||
      after === 39 ||
      after === 61 ||
      after === 58 ||
      after === 32 ||
      after === 44 ||
      after === 62 ||
      after === 40 ||
      after === 93 ||
      after === 41 ||
      after === 9 ||
      after === 92 ||
      after === 96 ||
      after === 38 ||
      after === 63 ||
      after === 124 ||
      after === 43 ||
      after === 0xff1a ||
      after === 0x306f
    )
  )
    return;
  let name = text.slice(left, right).replace(/\.$/, '');
  OPERATOR.lastIndex = right;
  const m = OPERATOR.exec(text);
  const head = text.slice(Math.max(0, left - 80), left);
  let at: number;
  let loose = false;
  let comparing = false;
  if (m) {
    at = OPERATOR.lastIndex;
    comparing = m[1] === '==' || m[1] === '===' || m[1]?.[0] === '!';
    const line = head.slice(head.lastIndexOf('\n') + 1);
    const lineStart = /^\s*(?:export |set |setx |- |ENV |ARG |env:|SET |declare |readonly |-e |#\s?|\/\/\s?|\* )?["']?$/.test(line);
    const tight = m[0] === '=' || m[0] === ':';
    loose =
      (lineStart && (tight || (m[2] !== undefined && m[0] !== '(') || m[1] === '=')) ||
      (tight && /(?:^|[\s?&;])(?:-e |--env |--build-arg |--set )?$/.test(line.slice(-16)));
    if (m[3] !== undefined && !CALL_BEFORE.test(head.slice(-60))) return;
    if (
      m[4] !== undefined &&
      !/^(?:set|with|add|use|put)|password$|passwd$|secret$|token$|(?:equals|equalsIgnoreCase|compareTo|compare)$/i.test(name)
    )
      return;
    // `<name>value`, and `<entry key="name">value`.
    if (
      m[5] !== undefined &&
      text[left - 1] !== '<' &&
      !m[0].startsWith('</key>') &&
      !(/^["']/.test(m[0]) && /<\w+ [^<>]{0,60}$/.test(head))
    )
      return;
    if (m[5] !== undefined && (name.startsWith('/') || text[at] === '@' || text[at] === ':')) return;
    if (m[7] !== undefined) loose = true;
    if (at > right && text.slice(right, at).split('\n').length > 2) return;
    if (m[2] !== undefined || m[1] !== undefined) {
      const gap = text.slice(right, at);
      if (gap.includes('\n') && !/["'`]/.test(text[at] ?? '')) return;
    }
  } else {
    // `--password value`, `--token value`; full-width colon and topic marks of other scripts.
    const cli = /^ +/.exec(text.slice(right, right + 4));
    const wide = /^\s?(?:：|は|是|为|為|는|은)\s?/.exec(text.slice(right, right + 4));
    if (cli && /--?$|--[\w-]*$/.test(text.slice(Math.max(0, left - 2), right)) && name.startsWith('-')) at = right + cli[0].length;
    else if (wide) at = right + wide[0].length;
    // A table of names and values: two spaces or a tab, and nothing behind.
    else if (
      /^(?: {2,20}|\t{1,4})[^\s"'<>(){};,=]*\d[^\s"'<>(){};,=]*[ \t]*(?:\n|$)/.test(text.slice(right, right + 90)) &&
      /(?:^|\n)[ \t]*$/.test(head)
    )
      at = right + /^\s+/.exec(text.slice(right, right + 24))![0].length;
    else if (
      cli &&
      /^(?:.*\n)?\s*(?:ENV |set |setenv |#\s?define |const )?$/s.test(head) &&
      (/["']/.test(text[right + cli[0].length] ?? '') ||
        /(?:ENV|setenv) $/.test(head) ||
        /^(?:requirepass|masterauth|\w*bindpw|\w*rootpw)$/i.test(text.slice(left, right)))
    )
      at = right + cli[0].length;
    else return;
    loose = true;
  }
  const option = name.startsWith('--') && (m === null || m[1] === '=');
  name = name.replace(/^[-$.]+/, '');
  if (m?.[4] !== undefined) name = name.replace(/^(?:\w+\.)*(?:with|use|add|set)_?(?=[A-Z]|pass|secret|token)/, '');
  const kind = kindOf(name);
  if (!kind || (only && kind !== only && !(only === 'key' && kind === 'token'))) return;
  // Longer ones are no passwords, and the search for their end costs.
  // `${NAME:-value}`: the mark after the colon belongs to the shell.
  if (text.charCodeAt(left - 1) === 123 && text.charCodeAt(left - 2) === 36 && (text[at] === '-' || text[at] === '=')) at++;
  const found = valueAt(text, at, kind === 'pass' ? 140 : 600);
  if (!found) return;
  const prose = m?.[7] !== undefined;
  // An option of a command line takes any word that is none of the language.
  if (
    option &&
    kind === 'pass' &&
    /^[\w.!@#%^*+=-]{8,64}$/.test(found.value) &&
    !standsIn(found.value) &&
    !isPlainWord(found.value) &&
    !isPath(found.value) &&
    (/\d/.test(found.value) || /[a-z][A-Z]|[A-Z]{2}[a-z]|[!@#%^*]/.test(found.value))
  )
    return emit({ start: found.start, end: found.end, confidence: 0.66, why: 'option for a password before it', entity: ENTITY.pass });
  if (prose && !found.quoted && !(/\d/.test(found.value) && /[A-Za-z]/.test(found.value)) && !/[!@#$%^&*]/.test(found.value)) return;
  if (!found.quoted && (m?.[3] !== undefined || m?.[4] !== undefined)) return;
  const confidence =
    kind === 'pass'
      ? judgePassword(
          found,
          text,
          loose && !found.quoted,
          /(?:^|[^a-z])pw$/i.test(name),
          loose && /^(?:[A-Z][A-Z0-9_]{3,}|[a-z]+(?:[.-][a-z]+)+)$/.test(name),
        )
      : judgeSecret(found, text, kind, loose, m?.[1] === '=' && /secret_?key(?:_base)?$/i.test(name));
  const listed = text[at] === '[';
  if (confidence < 0.5 || (listed && confidence < 0.6) || ((comparing || m?.[4] !== undefined) && confidence < 0.6)) return;
  // Tables of words, messages and labels: `"password": "mot de passe"` has been judged; a colon and a bare word in an object is a variable.
  if (!found.quoted && kind === 'pass' && confidence < 0.6 && m?.[2] !== undefined && !yaml(text, left, found.end)) return;
  emit({
    start: found.start,
    end: found.end,
    confidence,
    why: kind === 'pass' ? 'name of a password before it' : 'name of a secret before it; random characters',
    entity: ENTITY[kind],
  });
}

/** Is the line `name: word` of a settings file, and so is one beside it? */
function yaml(text: string, left: number, end: number): boolean {
  const from = text.lastIndexOf('\n', left - 1) + 1;
  const stop = text.indexOf('\n', end);
  if (
    !/^\s*(?:- )?["']?[\w.-]*$/.test(text.slice(from, left)) ||
    !/^\s*(?:#.*)?$/.test(text.slice(end, stop < 0 ? Math.min(text.length, end + 200) : stop))
  )
    return false;
  const previous = text.slice(text.lastIndexOf('\n', from - 2) + 1, Math.max(0, from - 1));
  return /^\s*(?:- )?[\w.-]+:(?: [^{}()[\],;]*)?$/.test(previous) || from === 0;
}

const base = { category: 'secret' as const };
/** One rule a family of key words. */
export const assigned: readonly InlineRule[] = [
  { ...base, entity: 'PASSWORD', literals: PASS, find: (view, start, end, emit) => look(view, start, end, emit, 'pass') },
  { ...base, entity: 'SECRET', literals: SECRET, find: (view, start, end, emit) => look(view, start, end, emit) },
  { ...base, entity: 'API_KEY', literals: KEY, find: (view, start, end, emit) => look(view, start, end, emit, 'key') },
];
