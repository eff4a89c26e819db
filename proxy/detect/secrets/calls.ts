/** Passwords as bare arguments: `connect("host", "user", "password")`. Which argument it is depends on the call. */
import type { Candidate, InlineRule, TextView } from '../rules.js';
import { entropyOf, isPath, isPlainWord, standsIn } from './worth.js';

/** Call, and which of its quoted arguments (from 0) may be the password. */
const CALLS: readonly [literal: string, arguments: readonly number[]][] = [
  ['mysql.connect(', [2]], ['mysqldb.connect(', [2]], ['mysqli_connect(', [2]], ['mysql_connect(', [2]], ['new mysqli(', [2]], ['new pdo(', [2]], ['getconnection(', [1, 2]], ['psycopg2.connect(', [2]], ['auth=(', [1]], ['auth = (', [1]], ['.login(', [1, 0]], ['networkcredential(', [1, 0]], ['networkcredential ', [1]], ['dbi->connect(', [2]], ['passwordauthentication(', [1]], ['usernamepassword', [1]],
  ['basicauth(', [1, 0]], ['basic_auth(', [1, 0]], ['basic_auth = (', [1]], ['.auth(', [1]], ['authenticate(', [1]], ['setcredentials(', [1]], ['set_credentials(', [1]], ['basiccredentials(', [1]], ['awscredentials(', [1]], ['credentials(', [1]], ['plainauth(', [2]], ['setbasicauth(', [1]], ['passwordcredential', [1]], ['ftp(', [2]], ['smtp.login(', [1]], ['createuser(', [1]], ['create_user(', [1, 2]], ['create_superuser(', [1, 2]],
  ['jwt.sign(', [0]], ['jwt.verify(', [0]], ['jwt.encode(', [0]], ['jwt.decode(', [0]], ['createhmac(', [1]], ['createcipher(', [1]], ['createdecipher(', [1]], ['cookieparser(', [0]], ['cookiesession(', [0]], ['secretkeyspec(', [0]], ['fernet(', [0]], ['aes.new(', [0]], ['hmac.new(', [0]], ['signingkey(', [0]],
]; // biome-ignore format: a table
const WHICH = new Map(CALLS);

/** Quoted arguments of the call that is open at `from`; other arguments only move on. */
function quotedArguments(text: string, from: number, objects: boolean): { start: number; end: number; index: number }[] {
  const out: { start: number; end: number; index: number }[] = [];
  const limit = Math.min(text.length, from + 320);
  let quotedCount = 0;
  for (let i = from; i < limit; i++) {
    const c = text[i]!;
    // What is signed stands before the key.
    if (c === '{' && objects) {
      const close = text.indexOf('}', i);
      if (close < 0 || close > limit) break;
      i = close;
      continue;
    }
    if (c === ')' || c === ';' || c === '{') break;
    if (c !== '"' && c !== "'" && c !== '`') continue;
    let end = i + 1;
    while (end < limit && text[end] !== c && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
    if (text[end] !== c) break;
    // The name of a keyword argument or a call of its own (`env("X")`) is no value.
    const before = text[i - 1];
    if (before !== '=' || text[i - 2] === '=') out.push({ start: i + 1, end, index: quotedCount });
    quotedCount++;
    i = end;
  }
  return out;
}

function find(view: TextView, start: number, end: number, emit: (c: Candidate) => void): void {
  const literal = view.text.slice(start, end).toLowerCase();
  const which = WHICH.get(literal);
  if (!which) return;
  const open = literal.endsWith('(') ? end : view.text.indexOf('(', end) + 1;
  if (open <= 0 || open - end > 24) return;
  for (const a of quotedArguments(view.text, open, literal.startsWith('jwt.'))) {
    if (!which.includes(a.index)) continue;
    const v = view.text.slice(a.start, a.end);
    // Without a name beside it, only what cannot be a word or an option counts.
    if (
      v.length < 5 ||
      v.length > 100 ||
      /\s/.test(v) ||
      standsIn(v) ||
      isPlainWord(v) ||
      isPath(v) ||
      /^[\w.-]+@[\w.-]+\.\w+$|^\d+(?:\.\d+)*$|^(?:aes|sha|hs|rs|des|md)[-_]?\d|^[a-z]+[-_/.][a-z]+\d?$|[<>{}]/i.test(v)
    )
      continue;
    if (!(/\d/.test(v) && /[A-Za-z]/.test(v)) && !/[!@#$%^&*]/.test(v)) {
      // Beside a name to log in with, a long word is a password too.
      if (
        !(
          a.index === 1 &&
          literal === '.login(' &&
          /^[a-z]{10,30}$/i.test(v) &&
          /@[\w-]+\.\w+["'`]\s?,/.test(view.text.slice(end, a.start))
        )
      )
        continue;
    }
    if (/^\w{1,8}\d$/.test(v) && entropyOf(v) < 2.6) continue;
    emit({ start: a.start, end: a.end, confidence: 0.66, why: 'argument of a call that takes a password' });
    return;
  }
}

export const calls: readonly InlineRule[] = [{ entity: 'PASSWORD', category: 'secret', literals: CALLS.map((c) => c[0]), find }];
