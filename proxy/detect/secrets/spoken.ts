/**
 * Passwords as people write them to each other: `id/pw admin/Xy12ab`, `password for the router: …`, `(PW)…`, `pwd of root is …`. No operator of
 * code or settings stands between the name and the value (`assigned.ts` reads those), so the value itself has to look like nothing but a password.
 *
 * What an attacker could do here: nothing but hide a value in a form that no person uses. Each look is bounded by the line and 120 characters.
 */
import type { Candidate, InlineRule, TextView } from '../rules.js';
import { entropyOf, isHex, isPath, isUuid, standsIn, wordy } from './worth.js';

/** Words and the marks that may stand right before them; all end where the name of the value ends. */
const LITERALS = ['password', 'passwd', 'passwort', 'passcode', 'passphrase', '/pass', 'pass)', 'pass -', ' pass ', 'pwd', '/pw', '(pw', ' pw ', ':pw ', ' pw:', ' pw-', '/密码', '密码', '비밀번호', '비번', '패스워드', 'パスワード', 'contraseña', 'mot de passe', 'senha', 'wachtwoord', 'kennwort', 'пароль', 'hasło']; // biome-ignore format: a table

/** From the end of the word to the value: whose it is, a verb, marks, and the user's name before a slash, a colon or a bracket. */
const GAP =
  /(?:s\b)?\)?(?:\s?\([\p{L}\d _-]{1,20}\))?(?:\s?(?:for|of|in|to|on|at|für|von|de|del|di|pour|para|для)\s[\p{L}\d@._'-]{1,40}(?:\s[\p{L}\d@._'-]{2,20}){0,2}?)?(?:\s?[,/][\p{L}\d]{1,12}){0,2}\s{0,2}(?:is now|is|was|are|ist|lautet|es|est|é|jest|set to|changed to|reset to|=|:|->|-|–|：|은|는|は|是)?\s{0,2}[("'«„“]?(?:(?:[\p{L}\d@._-]{1,40}|default)\s?[/:(]\s?(?:\/\s?)?|[\p{L}\d._-]{1,40}@[\p{L}\d.-]{3,60}\s{1,2})?(?<value>(?=\S{0,39}\d)[!-'*-~]{6,40})/uy;

/** Could be nothing but a password: letters and digits, and mixed case or a mark. */
function unmistakable(v: string): boolean {
  if (!/\d/.test(v) || !/[A-Za-z]/.test(v) || !(/[a-z]/.test(v) && /[A-Z]/.test(v) ? true : /[!@#$%^&*?~+]/.test(v))) return false;
  if (isUuid(v) || isHex(v) || isPath(v) || standsIn(v) || wordy(v)) return false;
  if (
    /^[\w.+-]+@[\w-]+\.[\w.-]+$|:\/\/|^v?\d+(?:\.\d+)+|^\d+[a-zA-Z]{1,3}$|^[A-Z]{1,6}[-_]?\d+[a-z]?$|[<>{}=\\|`"]|^[\w.]+[[(]|^[#$&*+-]+\w|%[A-Za-z]$/.test(
      v,
    )
  )
    return false;
  return entropyOf(v) >= 2.2;
}

/** Lines of programs speak by operators. */
const CODE =
  /[{}`]|;\s*$|=>|\b(?:const|let|var|function|def|class|import|public|private|static|return)\b.{0,40}[(=]|\b(?:if|for|while) ?\(|^\s*(?:\/\/|\*|#include|@)/;

function find(view: TextView, start: number, end: number, emit: (c: Candidate) => void): void {
  const { text } = view;
  const first = text.charCodeAt(start);
  const before = text.charCodeAt(start - 1);
  // A word of its own, or the last part of one with marks (`root_pwd`), or after letters of another script.
  if ((first | 32) >= 97 && (first | 32) <= 122 && ((before >= 97 && before <= 122) || (before >= 65 && before <= 90) || before === 46))
    return;
  const last = text.charCodeAt(end - 1);
  GAP.lastIndex = last === 32 || last === 58 || last === 45 || last === 41 ? end - 1 : end;
  const m = GAP.exec(text);
  const value = m?.groups?.['value'];
  if (!m || !value || m[0].includes('\n')) return;
  const trimmed = value.replace(/(?:[.,;:!?'»”“]|\/\/)+$/, '');
  if (trimmed.length < 6 || !unmistakable(trimmed)) return;
  const lineFrom = Math.max(text.lastIndexOf('\n', start) + 1, start - 160);
  const lineTo = text.indexOf('\n', end);
  if (CODE.test(text.slice(lineFrom, Math.min(lineTo < 0 ? text.length : lineTo, end + 120)))) return;
  const at = GAP.lastIndex - value.length;
  emit({ start: at, end: at + trimmed.length, confidence: 0.64, why: 'a password by the words before it' });
}

export const spoken: readonly InlineRule[] = [{ entity: 'PASSWORD', category: 'secret', literals: LITERALS, find }];
