/** What a value's characters say: entropy, and whether it is a placeholder, a word, a path or a hash rather than a secret. */

/** Shannon entropy in bits per character. */
export function entropyOf(value: string): number {
  const counts = new Map<number, number>();
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    counts.set(c, (counts.get(c) ?? 0) + 1);
  }
  let sum = 0;
  for (const n of counts.values()) sum -= (n / value.length) * Math.log2(n / value.length);
  return sum;
}

const HEX = /^(?:0x)?[0-9a-f]+$|^(?:0x)?[0-9A-F]+$/;
const UUID = /^\{?[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\}?$/;

export const isHex = (v: string): boolean => HEX.test(v);
export const isUuid = (v: string): boolean => UUID.test(v);

/** Enough entropy for its alphabet to be made by a machine: hex 2.8, letters and digits 3.2, and less for short ones. */
export function random(value: string, slack = 0): boolean {
  const e = entropyOf(value);
  if (HEX.test(value)) return e >= Math.min(2.8, Math.log2(value.length) - 0.9) - slack;
  if (/^\d+$/.test(value)) return false;
  return e >= Math.min(3.3, Math.log2(value.length) - 0.8) - slack;
}

const STARS =
  /^(.)\1+$|^[*.•x_X-]+$|\*{3}|\.{3}|…|•{2}|x{5,}|X{4,}|_{4,}|-{5,}|(?:^|[^0-9])0{8,}(?:$|[^0-9])|([^A])\2{6,}|^[A-Z]+(?:_[A-Z]+){2,}(?:_\d+)?$/;
const VARIABLE =
  /^[-=+?]?\$+[A-Za-z_{(]|\$\{|\{\{|\}\}|<%|%>|^%[A-Za-z_]\w*%$|%\([a-z_]+\)|^%[sdvq](?![A-Za-z0-9])|^@[A-Za-z]+@$|^#\{|\{\d?\}|^\{[A-Za-z_. ]+\}$|^<[^>]*>?$|^\[[^\]]*\]$|^\[REDACTED|process\.env|os\.environ|getenv|\bENV\[|System\.|config\.|settings\.|vault:|secretKeyRef|ref\+|^!!?[a-z]+ |^!Ref|^!Sub|^!vault|^op:\/\/|^arn:|^ssm:|^projects\/|^env:|^ENC\[|^\\[$\w]|lookup\(|\$\(|^\{cipher\}|^AQICAH|^keyring:|^file:/;
const ASKED =
  /(?:your|insert|enter|replace|change|fill|add|put|paste|set|type)[-_ .]?(?:me|it|this|in|your|here|the|own|with|by|api|secret|password|token|key|value)/i;
const STAND_IN =
  /example|sample|placeholder|dummy|redacted|masked|hidden|todo|fixme|tbd\b|changeme|change_me|change-me|changeit|fake|mock|foobar|lorem|undefined|not[-_ ]?set|notused|n\/a|removed|omitted|obfuscated|xxxx|^.{0,10}123456789.{0,10}$|abcdefgh|qwertyuiop|deadbeef|^.{0,12}0123456.{0,14}$|testtest|test[-_]?(?:key|token|secret|api)|(?:key|token|secret)[-_]?here|^my[-_]?(?:api|secret|access|auth|token|key|client)|^(?:some|any|the|a)[-_]|_here\b|goes[-_ ]?here/i;

/** A value that stands for a secret, or says that there is none. */
export function standsIn(value: string): boolean {
  return STARS.test(value) || VARIABLE.test(value) || ASKED.test(value) || STAND_IN.test(value);
}

/** Words that stand where passwords do and are none: types, fields, labels, defaults of documentation. */
const WORDS = new Set(
  'unused password passwd pass passphrase passcode pwd secret secrets token tokens key keys apikey api_key api-key credential credentials auth authorization bearer basic digest oauth oauth2 jwt none null nil undefined true false yes no on off string str text char varchar bytes byte binary number int integer bool boolean object array any unknown void never optional required default defaults hidden visible plain plaintext encrypted hashed hash value values input output field label title name names username user users email mail login logout signin signup type types id ids url uri path file files env environment config configuration prompt ask auto automatic manual random generate generated generator new old current previous next first last empty blank invalid valid missing wrong incorrect expired changed reset forgot forgotten confirm confirmation confirmed verify verified show hide toggle enable enabled disable disabled public private protected internal external local remote server client session cookie header headers body query param params get set put post delete update create read write access refresh grant code scope state nonce self this that options option data info error errors message messages description help hint placeholder form button form-control column row table model schema entity property attribute element item list map dict number keyword identifier punctuation operator comment literal regexp variable function class method constant symbol start end left right open close begin eof eol whitespace newline comma colon semicolon base64 md5 sha1 sha256 sha512 hmac bcrypt scrypt argon2 pbkdf2 aes rsa ec hs256 rs256 es256 utf8 utf-8 ascii hex x509 pkcs8 pem inherit ignore never always weak strong medium strength low high test-token mytoken mykey mysecret mypassword userpassword dbpassword accesstoken access_token access-token refreshtoken refresh_token id_token idtoken secretkey secret_key secret-key client_secret client-secret private_key public_key privatekey publickey api_token auth_token authtoken csrf csrftoken csrf_token xsrf-token x-api-key x-auth-token current-password new-password one-time-code webauthn mypass thepassword your_password yourpassword mysecretpassword mysecretkey supersecret super-secret super_secret verysecret secretpassword secret_password somepassword somesecret sometoken newpassword oldpassword new_password old_password userpass contraseña contrasena senha passwort kennwort wachtwoord haslo parola heslo salasana losenord'.split(
    ' ',
  ),
);
export const isPlainWord = (value: string): boolean => WORDS.has(value.toLowerCase());

/** Made of words: `reset-token`, `oauth2_client`, `accessTokenExpiry`, `v1.users.list`. */
export function wordy(value: string): boolean {
  return value
    .split(/[-_.:/ ]|(?<=[a-z])(?=[A-Z])/)
    .every((s) => /^(?:[A-Z]?[a-z]*|[A-Z]+)\d{0,2}$/.test(s) && (s.length < 4 || s.length > 24 || speaks(s)));
}

const VOWELS = /[aeiouyAEIOUY]/;
/** Could letters be a word: no long run of consonants, at least one vowel in every six letters. */
export function speaks(s: string): boolean {
  const letters = s.replace(/\d+$/, '');
  if (letters.length > 24) return false;
  if (letters.length >= 4 && !VOWELS.test(letters)) return false;
  return !/[bcdfghjklmnpqrstvwxzBCDFGHJKLMNPQRSTVWXZ]{6,}/.test(letters);
}

const PATH =
  /^(?:\.{0,2}|~|[A-Za-z]:)[\\/][\w.@-]+(?:[\\/]|$)|^[\w.-]+\/[\w.-]+\.(?:[a-z]{2,5})$|\.(?:pem|key|crt|cer|json|ya?ml|txt|env|html?|js|ts|tsx|jsx|py|go|rb|java|php|xml|properties|conf|cfg|ini|log|p12|jks|pub|svg|png|css|scss|md)$/;
export const isPath = (v: string): boolean => PATH.test(v) || /^[a-z][a-z0-9+.-]*:\/\//i.test(v);
const TYPE = /^(?:u?int|float|bytes?|bigu?int)\d*(?:array|clamped\w*)?$/i;
/** Patterns, code and prose. */
export const isCode = (v: string): boolean =>
  TYPE.test(v) || /^\/.*[[(\\]/.test(v) || /\\[dwsb]|\[\^|\(\?|\.\*|\+\$|=>|[;{}]|^\(|\)$|&&|\|\||::|->|^[\w.]+\($|^\w+\(.*\)?$/.test(v);
