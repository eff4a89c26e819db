/** Secrets with a shape of their own: key blocks, signed tokens, addresses with a password, headers, signed links, hooks. */
import type { Candidate, InlineRule, TextView } from '../rules.js';
import { entropyOf, isPath, isPlainWord, random, standsIn } from './worth.js';

const rule = (entity: string, literals: string[], pattern: RegExp, more: Partial<InlineRule> = {}): InlineRule => ({
  entity,
  category: 'secret',
  literals,
  pattern,
  confidence: 0.95,
  why: 'shape of the value',
  ...more,
});

const BASE64_LINES = /[A-Za-z0-9+/=\s\\nr"',+>|*#]{0,16000}/y;

const FOOT = /^-{4,5} ?END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)? ?-{4,5}/;
/** A PEM block: the marker alone, as code mentions it, is none. */
const pem: InlineRule = {
  entity: 'PRIVATE_KEY',
  category: 'secret',
  literals: ['-----begin', '---- begin ssh2'],
  find(view, start, _end, emit) {
    const { text } = view;
    const head = /^-{4,5} ?BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)? ?-{4,5}/.exec(text.slice(start, start + 120));
    if (!head) return;
    const inner = start + head[0].length;
    // No key holds four dashes in a row: the next ones are its foot, or there is none.
    const dashes = text.indexOf('----', inner);
    const foot = dashes >= 0 && dashes < start + 16384 ? FOOT.exec(text.slice(dashes, dashes + 120)) : null;
    BASE64_LINES.lastIndex = inner;
    const run = foot ? '' : (BASE64_LINES.exec(text)?.[0] ?? '');
    const content = foot ? text.slice(inner, dashes) : run;
    const letters = content.replace(/\\[nrt]|[^A-Za-z0-9+/]/g, '');
    // No key fits into less, and nobody draws lots of X.
    if (letters.length < 40 || /\$\{|\{\{|<[a-z]/i.test(content) || /^(.)\1{20}/.test(letters) || /x{20}|\.{3}/i.test(content)) return;
    const end = foot ? dashes + foot[0].length : inner + run.trimEnd().length;
    emit({ start, end, confidence: 0.99, why: 'private key block' });
  },
};

const putty: InlineRule = {
  entity: 'PRIVATE_KEY',
  category: 'secret',
  literals: ['putty-user-key-file-', 'private-lines:'],
  find(view, start, _end, emit) {
    const m = /^Private-Lines: \d+\r?\n(?:[A-Za-z0-9+/=]{1,80}\r?\n){1,80}(?:Private-(?:MAC|Hash): [0-9a-f]+)?/i.exec(
      view.text.slice(start, start + 8192),
    );
    if (m) emit({ start, end: start + m[0].trimEnd().length, confidence: 0.99, why: 'PuTTY private key' });
  },
};

const jwt = rule(
  'JSON_WEB_TOKEN',
  ['eyj'],
  /(?<![A-Za-z0-9_-])eyJ[\w-]{10,1500}\.(?:eyJ)?[\w-]{10,2600}\.[\w-]{16,700}|(?<![A-Za-z0-9_-])eyJ[\w-]{10,1500}\.eyJ[\w-]{10,2600}\./g,
  {
    before: 4,
    after: 4000,
    confidence: 0.97,
    why: 'signed token in three parts',
    validate(value, _view, start, end) {
      if (/^eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9\.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwi/.test(value))
        return { start, end, confidence: 0.9, why: 'the example of jwt.io', testValue: true };
      return /x{8}|(.)\1{12}/i.test(value) ? 0 : 0.97;
    },
  },
);

/** One to five digits, nothing else. */
function isPort(text: string, from: number, to: number): boolean {
  if (to === from || to - from > 5) return false;
  for (let i = from; i < to; i++) if (text.charCodeAt(i) < 48 || text.charCodeAt(i) > 57) return false;
  return true;
}

const HOST = /^[\w.\-[\]:{}$%]/;
/** `scheme://user:password@host`. */
const urlPassword: InlineRule = {
  entity: 'URL_PASSWORD',
  category: 'secret',
  literals: ['://'],
  find(view: TextView, _start: number, end: number, emit: (c: Candidate) => void) {
    const { text } = view;
    // An `@` must come before the path: a cheap look first.
    let colon = -1;
    let at = -1;
    const limit = Math.min(text.length, end + 320);
    for (let i = end; i < limit; i++) {
      const c = text.charCodeAt(i);
      if (c === 58 && colon < 0) colon = i;
      else if (c === 64) at = i;
      else if (
        c <= 32 ||
        c === 34 ||
        c === 39 ||
        c === 60 ||
        c === 62 ||
        c === 96 ||
        c === 92 ||
        (c === 47 && (at > 0 || colon < 0)) ||
        (c === 47 && colon > 0 && isPort(text, colon + 1, i))
      )
        break;
      if ((c === 44 || c === 41 || c === 59 || c === 63) && at > 0) break;
    }
    if (colon < 0 || at < colon + 2) return;
    const user = text.slice(end, colon);
    const value = text.slice(colon + 1, at);
    if (user.length > 80 || value.length > 128 || !HOST.test(text.slice(at + 1, at + 2))) return;
    if (/[{}<>$]|^%|^\*+$|^x+$|^:|[[\]()]/i.test(value) || /^\/\//.test(value) || standsIn(value) || /[[({]/.test(user)) return;
    if (
      /^(?:pass(?:word|wd)?|pwd|pw|secret|token|port|key|\.+|user(?:name)?|string|host)$/i.test(value) ||
      (isPlainWord(value) && !/\d/.test(value)) ||
      /^[a-z]+[-_](?:password|passwd|pass|secret|token)$/i.test(value)
    )
      return;
    const head = text.slice(Math.max(0, end - 30), end);
    const database =
      /(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|redis|rediss|amqps?|mssql|sqlserver|oracle|jdbc:[a-z:]+|clickhouse|cockroachdb|couchbase|neo4j|bolt|kafka|nats|ldaps?|smtps?|imaps?|ftps?|sftp|cassandra|influxdb)(?:\+\w+)?:\/\/$/i.test(
        head,
      );
    emit({
      start: colon + 1,
      end: at,
      confidence: database ? 0.92 : 0.88,
      why: 'password in an address',
      ...(/^(?:[\w-]+\.)*example(?:\.(?:com|org|net|edu))?(?![\w.-])/i.test(text.slice(at + 1, at + 80)) ? { testValue: true } : {}),
      ...(database ? { entity: 'CONNECTION_STRING_PASSWORD' } : {}),
    });
  },
};

const strong = (value: string) => (standsIn(value) || !random(value, 0.4) ? 0 : 0.95);
const notStandIn = (value: string) => (standsIn(value) || isPlainWord(value) ? 0 : 0.9);

export const shapes: readonly InlineRule[] = [
  pem,
  putty,
  jwt,
  urlPassword,
  rule('AWS_ACCESS_KEY', ['akia', 'asia', 'abia', 'acca', 'aroa', 'aida'], /(?<![A-Za-z0-9+/_-])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9+/])/g, {
    before: 1,
    after: 24,
    validate(value, _view, start, end) {
      if (/EXAMPLE$/.test(value)) return { start, end, confidence: 0.9, why: 'a provider documents this value', testValue: true };
      return entropyOf(value.slice(4)) < 2.5 || /XXXX/.test(value) ? 0 : 0.97;
    },
  }),
  // The secret beside an access key id, whatever stands between.
  rule('AWS_SECRET_KEY', ['akia', 'asia'], /(?:AKIA|ASIA)[A-Z2-7]{16}[^A-Za-z0-9/+\n]{1,12}(?<value>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/g, { before: 1, after: 96, validate: strong }),
  rule('AWS_SECRET_KEY', ['secret_access', 'secretaccess', 'secret_key', 'secretkey', 'secret access'], /(?:secret[_ -]?(?:access)?[_ -]?key)["'\]]{0,2}\s{0,3}(?:=>|:=|[=:,])\s{0,3}["'`]?(?<value>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gid, {
    before: 2,
    after: 80,
    validate: (v, _view, start, end) => (/EXAMPLEKEY/.test(v) ? { start, end, confidence: 0.9, why: 'a provider documents this value', testValue: true } : entropyOf(v) > 3.8 && /\d/.test(v) && /[a-z]/.test(v) && /[A-Z]/.test(v) ? 0.95 : 0),
  }),
  rule('AWS_SESSION_TOKEN', ['session_token', 'sessiontoken', 'security-token'], /(?:session_?token|security-token)["'\]]{0,2}\s{0,3}(?:=>|:=|[=:])\s{0,3}["'`]?(?<value>[A-Za-z0-9/+]{100,1200}={0,2})/gid, { before: 2, after: 1300, validate: strong }),
  rule('OPENAI_API_KEY', ['t3blbkfj'], /(?<![A-Za-z0-9_-])sk-[A-Za-z0-9_-]{16,120}T3BlbkFJ[A-Za-z0-9_-]{16,120}/g, { before: 130, after: 130, confidence: 0.98 }),
  rule('API_KEY', ['sk-'], /(?<![A-Za-z0-9_-])sk-(?!ant-|proj-|svcacct-|admin-|or-v1-|lf-)[A-Za-z0-9]{32,64}(?![A-Za-z0-9_-])/g, { before: 1, after: 72, validate: (v) => (standsIn(v) || !/\d/.test(v) || entropyOf(v) < 3 ? 0 : 0.93) }),
  rule('TWILIO_KEY', ['sk\ue000', 'ska', 'skb', 'skc', 'skd', 'ske', 'skf'], /(?<![A-Za-z0-9_])SK[0-9a-f]{32}(?![A-Za-z0-9])/g, { before: 1, after: 40, validate: (v) => (entropyOf(v) > 3 ? 0.9 : 0) }),
  rule('MAILCHIMP_KEY', ['-us\ue000'], /(?<![A-Za-z0-9])[0-9a-f]{32}-us\d{1,2}(?![A-Za-z0-9])/g, { before: 33, after: 4, validate: (v) => (entropyOf(v) > 3 ? 0.95 : 0) }),
  rule('TELEGRAM_BOT_TOKEN', [':aa'], /(?:(?<![A-Za-z0-9])|(?<=\/bot))\d{8,10}:AA[\w-]{33}(?![\w-])/g, { before: 18, after: 40, validate: strong }),
  // Go and PHP name a database as user:password@tcp(host:port)/name.
  rule('CONNECTION_STRING_PASSWORD', ['@tcp(', '@unix('], /(?<=["'`\s=][\w.-]{1,40}:)(?<value>[^@\s"'`]{4,60})(?=@(?:tcp|unix)\()/g, { before: 104, after: 2, validate: (v) => (standsIn(v) || isPlainWord(v) ? 0 : 0.8) }),
  // Variables of containers: a name on one line, its value on the next.
  rule('PASSWORD', ['value:'], /name: ?["']?\w{0,40}(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|_PASS|_PWD)["']?\s{1,40}value: ?["']?(?<value>[^\s"'#${}]{6,100})/g, { before: 120, after: 110, validate: (v) => (standsIn(v) || isPlainWord(v) || isPath(v) || !/\d/.test(v) ? 0 : 0.7) }),
  rule('DISCORD_TOKEN', ['discord', 'bot ', 'token'], /(?<![\w.-])[MNO][A-Za-z\d_-]{23,27}\.[\w-]{6}\.[\w-]{27,45}(?![\w-])/g, { before: 2, after: 120, validate: strong }),
  rule('AZURE_CLIENT_SECRET', ['\ue000q~'], /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/g, { before: 5, after: 38, validate: strong }),
  rule('AIRTABLE_TOKEN', ['pat'], /(?<![A-Za-z0-9])pat[A-Za-z0-9]{14}\.[0-9a-f]{64}(?![A-Za-z0-9])/g, { before: 1, after: 90 }),
  rule('TERRAFORM_TOKEN', ['.atlasv1.'], /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,70}/g, { before: 15, after: 72 }),
  rule('SLACK_WEBHOOK', ['hooks.slack.com/'], /hooks\.slack\.com\/(?:services|workflows|triggers)\/(?<value>[A-Za-z0-9+/]{30,90})/g, { before: 2, after: 110, validate: (v) => (/x{5}|0{8}|your/i.test(v) ? 0 : 0.95) }),
  rule('DISCORD_WEBHOOK', ['/api/webhooks/'], /discord(?:app)?\.com\/api\/webhooks\/(?<value>\d{17,20}\/[\w-]{40,90})/g, { before: 16, after: 120 }),
  rule('TEAMS_WEBHOOK', ['webhook.office.com/'], /webhook\.office\.com\/webhookb?2?\/(?<value>[\w@-]{36,90}\/IncomingWebhook\/[0-9a-f]{32}\/[\w-]{36})/gi, { before: 2, after: 200 }),
  rule('TEAMS_WEBHOOK', ['office.com/webhook/'], /outlook\.office\.com\/webhook\/(?<value>[\w@-]{8,90}\/[\w/-]{30,200})/gi, { before: 12, after: 300 }),
  rule('GOOGLE_CHAT_WEBHOOK', ['chat.googleapis.com/'], /chat\.googleapis\.com\/v1\/spaces\/[\w-]{6,20}\/messages\?key=(?<value>[\w-]{30,50}&token=[\w%-]{30,70})/g, { before: 2, after: 220 }),
  rule('ZAPIER_WEBHOOK', ['hooks.zapier.com/'], /hooks\.zapier\.com\/hooks\/catch\/(?<value>\d{4,12}\/[a-z0-9]{5,12})/g, { before: 2, after: 60 }),
  rule('SENTRY_DSN', ['ingest.', '@sentry'], /https:\/\/(?<value>[0-9a-f]{32}(?::[0-9a-f]{32})?)@[\w.-]{4,80}\/\d+/g, { before: 60, after: 60, confidence: 0.8 }),
  rule('SIGNED_URL', ['x-amz-signature=', 'x-goog-signature='], /[?&]X-(?:Amz|Goog)-Signature=(?<value>[0-9a-fA-F]{64,512})/gi, { before: 2, after: 540 }),
  rule('SIGNED_URL', ['&signature=', '?signature='], /[?&]Signature=(?<value>[A-Za-z0-9%+/_~-]{27,500}={0,2})/g, { before: 2, after: 520, validate: strong }),
  rule('SIGNED_URL', ['sig='], /[?&;]sig=(?<value>[A-Za-z0-9%+/]{30,120}(?:%3D|=){0,2})/gi, { before: 2, after: 140, validate: strong }),
  rule('AZURE_STORAGE_KEY', ['accountkey=', 'accountkey'], /AccountKey["']?\s{0,2}[=:]\s{0,2}["']?(?<value>[A-Za-z0-9+/]{80,90}={0,2})/gi, { before: 2, after: 110, validate: (v) => (/Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/.test(v) ? 0 : 0.97) }),
  rule('AZURE_SHARED_ACCESS_KEY', ['sharedaccesskey=', 'sharedaccesskey'], /SharedAccessKey["']?\s{0,2}[=:]\s{0,2}["']?(?<value>[A-Za-z0-9+/]{40,90}={0,2})/gi, { before: 2, after: 110, validate: strong }),
  rule('CONNECTION_STRING_PASSWORD', ['password=', 'pwd='], /;\s{0,2}(?:password|pwd)\s{0,2}=\s{0,2}(?<value>[^;"'\s<>{}$]{3,100})(?=[;"'\s]|$)/gid, { before: 6, after: 120, validate: notStandIn, confidence: 0.85 }),
  rule('CONNECTION_STRING_PASSWORD', ['password=', 'pwd='], /(?:^|["'\s;=])(?:password|pwd)=(?<value>[^;"'\s<>{}$]{3,100});\s{0,2}[A-Za-z]/gid, { before: 4, after: 130, validate: notStandIn, confidence: 0.85 }),
  rule('AUTH_HEADER', ['basic '], /(?:authorization|auth|header)[^\n]{0,24}?\bbasic (?<value>[A-Za-z0-9+/]{8,200}={0,2})(?![A-Za-z0-9+/])/gid, {
    before: 60,
    after: 210,
    validate: (v) => {
      const plain = Buffer.from(v, 'base64').toString('latin1');
      return /^[\x20-\x7e]{1,60}:[\x20-\x7e]{1,120}$/.test(plain) && !standsIn(plain) ? 0.92 : 0;
    },
    why: 'header with name and password',
  }),
  rule('AUTH_TOKEN', ['bearer '], /\bbearer (?<value>[A-Za-z0-9_.~+/-]{20,1200}={0,2})(?![A-Za-z0-9])/gid, {
    before: 2,
    after: 1220,
    validate: (v) => (standsIn(v) || /^[a-z_.-]+$/i.test(v) || !random(v) ? 0 : 0.9),
    why: 'header with a token',
  }),
  rule('AUTH_TOKEN', ['x-api-key', 'x-auth-token', 'x-access-token', 'api-key:', 'x-vault-token', 'private-token', 'x-figma-token', 'x-shopify-access-token', 'ocp-apim-subscription-key'], /(?:x-api-key|x-auth-token|x-access-token|api-key|x-vault-token|private-token|x-figma-token|x-shopify-access-token|ocp-apim-subscription-key)["']?\s{0,2}[:=,]\s{0,2}["'`]?(?<value>[\w.~+/=-]{16,400})/gid, {
    before: 2,
    after: 420,
    validate: (v) => (standsIn(v) || !/\d/.test(v) || !random(v) ? 0 : 0.88),
    why: 'header with a key',
  }),
  rule('PASSWORD', [' -u ', '--user '], /\bcurl\b[^\n]{0,200}? (?:-u|--user)[ =]["']?[\w.@-]{1,60}:(?<value>[^\s"'$@<{]{3,100})/gd, { before: 220, after: 170, validate: notStandIn, why: 'password on a command line' }),
  rule('PASSWORD', ['sshpass', 'docker login', 'mysql', 'mongo', 'ldapsearch', 'smbclient', 'redis-cli'], /\b(?:sshpass -p|docker login\b[^\n]{0,80}? -p |mysql(?:dump|admin)?\b[^\n]{0,80}? -p|mongo(?:dump|sh)?\b[^\n]{0,80}? -p |ldap\w{3,8}\b[^\n]{0,120}? -w |redis-cli\b[^\n]{0,80}? -a ) ?["']?(?<value>[^\s"'$<{-][^\s"'$<{]{3,80})/gd, { before: 2, after: 220, validate: (v) => (standsIn(v) || isPlainWord(v) || !/\d|[^\w]/.test(v) || /^\d+(?::\d+)+$/.test(v) ? 0 : 0.8), why: 'password on a command line' }),
  rule('PASSWORD', ['identified by', 'identified with'], /identified (?:by|with [\w"'` ]{1,40} (?:by|as)) (?:password )?["'](?<value>[^"'\n]{3,100})["']/gid, { before: 2, after: 180, validate: notStandIn, why: 'password in a statement' }),
  rule('PASSWORD', ['password \'', 'password "'], /\b(?:user|role|login)\b[^\n;]{0,120}?\b(?:encrypted )?password ["'](?<value>[^"'\n]{3,100})["']/gid, { before: 160, after: 120, validate: notStandIn, why: 'password in a statement' }),
  rule('PASSWORD', ['login ', 'password '], /\bmachine [\w.-]{3,120}\s{1,20}login [^\s]{1,80}\s{1,20}password (?<value>[^\s]{3,120})/gd, { before: 240, after: 240, validate: notStandIn, why: 'password in a netrc file' }),
  rule('PASSWORD', ['<password>', 'password>', '<password ', '<pass>', '<pass ', '<pw>'], /<(?:\w{1,20}:)?(?:\w{0,20}[pP]ass(?:word|wd|phrase)?|PWD|pwd|PW|pw)(?: [\w:]{1,20}="[^"<>\n]{0,40}"){0,2}>(?:<!\[CDATA\[)?(?<value>[^<>\s$]{3,120})(?:\]\]>)?<\//gd, { before: 40, after: 160, validate: notStandIn, why: 'password in an element' }),
  rule('PASSWORD_HASH', ['$2a$', '$2b$', '$2y$', '$6$', '$5$', '$1$', '$argon2', '$apr1$', '$y$'], /(?<![\w$])(?:\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}|\$[156]\$(?:rounds=\d+\$)?[./A-Za-z0-9]{4,16}\$[./A-Za-z0-9]{22,86}|\$argon2(?:id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]{8,64}\$[A-Za-z0-9+/]{16,128}|\$apr1\$[./A-Za-z0-9]{8}\$[./A-Za-z0-9]{22}|\$y\$[./A-Za-z0-9]{2,8}\$[./A-Za-z0-9]{8,40}\$[./A-Za-z0-9]{43})(?![A-Za-z0-9./])/g, { before: 1, after: 260, confidence: 0.9, why: 'hash of a password' }),
  // The beginnings of `-----BEGIN … PRIVATE KEY` in base64, as settings of clusters and pipelines carry it.
  rule('PRIVATE_KEY', ['ls0tls1crud'], /(?<![A-Za-z0-9+/])LS0tLS1CRUdJTi(?:BSU0EgUFJJ|BFQyBQUkl|BQUklWQVRF|BPUEVOU1NI|BFTkNSWVBU|BEU0EgUFJJ)[A-Za-z0-9+/]{60,12000}={0,2}/g, { before: 1, after: 4096, confidence: 0.98 }),
  rule('PASSWORD', [':543', ':5432:', ':6432:'], /(?<=^|\n)[\w.*-]{1,120}:(?:\d{4,5}|\*):[\w*-]{1,60}:[\w.*@-]{1,60}:(?<value>[^\s:]{4,100})(?=\s|$)/gd, { before: 130, after: 260, confidence: 0.85, why: 'password in a file of database passwords' }),
  rule('JWK_PRIVATE_KEY', ['"kty"'], /"d"\s{0,2}:\s{0,2}"(?<value>[\w-]{40,700})"/gd, { before: 1200, after: 1600 }),
  rule('PASSWORD', ['net user '], /\bnet user [\w.-]{1,40} (?<value>[^\s/*"<$%][^\s"<$%]{4,60})/gid, { before: 2, after: 120, validate: notStandIn, why: 'password on a command line' }),
  rule('PASSWORD', ['chpasswd'], /echo [^\n|]{0,10}?["']?[\w.-]{1,40}:(?<value>[^\s"'$<|:]{3,80})["']? ?\| ?(?:sudo )?chpasswd/gd, { before: 160, after: 2, validate: notStandIn, why: 'password on a command line' }),
  rule('PASSWORD', ['sqlplus '], /\bsqlplus (?:-\w+ )?["']?[\w$#]{1,30}\/(?<value>[^\s"'@$<]{3,60})@/gid, { before: 2, after: 120, validate: notStandIn, why: 'password on a command line' }),
  rule('SNMP_COMMUNITY', ['snmp-server community '], /snmp-server community (?<value>[^\s]{4,60})/gid, { before: 2, after: 80, validate: (v) => (/^(?:public|private)$/i.test(v) || standsIn(v) ? 0 : 0.8) }),
  rule('GPG_PASSPHRASE', ['--passphrase '], /--passphrase[ =]["']?(?<value>[^\s"'$<{-][^\s"'$<{]{3,100})/gd, { before: 2, after: 120, validate: notStandIn }),
  rule('AUTH_TOKEN', ['authorization'], /authorization["']?\s{0,2}[:=,]\s{0,2}["'`]?(?:token|apikey|api-key|key|splunk|zoho-oauthtoken|ghost|snc|genie ?key) (?:token=["']?)?(?<value>[\w.~+/=-]{16,400})/gid, {
    before: 2,
    after: 460,
    validate: (v) => (standsIn(v) || !/\d/.test(v) || !random(v) ? 0 : 0.9),
    why: 'header with a token',
  }),
  rule('HTTP_COOKIE', ['cookie'], /cookie["']?\s{0,2}[:=,]\s{0,2}["'](?<value>[\w.-]{1,60}=[^"'\n]{12,1000})["']/gid, {
    before: 2,
    after: 1100,
    validate: (v) => (v.split(/;\s?/).some((c) => { const x = c.slice(c.indexOf('=') + 1); return x.length >= 12 && /\d/.test(x) && !standsIn(x) && random(x); }) ? 0.85 : 0), // biome-ignore format: one line
    why: 'cookie with a session',
  }),
  rule('MNEMONIC_PHRASE', ['mnemonic', 'seed phrase', 'seed_phrase', 'seedphrase', 'recovery phrase', 'recovery_phrase'], /(?:mnemonic|seed[_ ]?phrase|recovery[_ ]?phrase)["']?\s{0,3}(?:[:=]|is)\s{0,3}["'`]?(?<value>(?:[a-z]{3,8} ){11,23}[a-z]{3,8})(?![a-z])/gid, {
    before: 2,
    after: 260,
    confidence: 0.85,
    why: 'words that restore a wallet',
  }),
  rule('PASSWORD', ['convertto-securestring'], /ConvertTo-SecureString\s{1,3}(?:-String\s{1,3})?["'](?<value>[^"'\n$]{4,100})["']/gid, { before: 2, after: 140, validate: notStandIn, why: 'password on a command line' }),
]; // biome-ignore format: a table
