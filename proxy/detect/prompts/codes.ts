/** Text written in numbers, Morse, shifted alphabets and scripts turned upside down, read again. Folded text, unless said otherwise. */
import type { Reading } from './disguise.js';

const MORSE: Record<string, string> = Object.fromEntries(
  '.- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..'
    .split(' ')
    .map((m, i) => [m, String.fromCharCode(97 + i)]),
);
const flip: Record<string, string> = {
  ɐ: 'a',
  q: 'b',
  ɔ: 'c',
  p: 'd',
  ǝ: 'e',
  ɟ: 'f',
  ƃ: 'g',
  ɥ: 'h',
  ᴉ: 'i',
  ɾ: 'j',
  ʞ: 'k',
  ɯ: 'm',
  u: 'n',
  d: 'p',
  b: 'q',
  ɹ: 'r',
  ʇ: 't',
  n: 'u',
  ʌ: 'v',
  ʍ: 'w',
  ʎ: 'y',
};
/** Signs of numbers in a row, of Morse, and of other scripts: what most texts have not, seen at once. */
const ROW = /\d[0-9a-fx]{1,8}[ ,:-]{1,2}\d[0-9a-fx]{1,8}[ ,:-]{1,2}\d[0-9a-fx]{1,8}[ ,:-]{1,2}\d[0-9a-fx]{1,8}[ ,:-]/;
const DOTTED = /[.-][ /|][.-]{1,5}[ /|]/;
const BEYOND = /[\u0250-\u02af\u1d00-\u1dff\ud83c]/;
const TURNED = /[ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ]/g;
const REGIONAL = /(?:\ud83c[\udde6-\uddff][^a-z\ud83c]{0,2}){8,}/g;

/** Runs of numbers that each stand for a character, and the base they are written in. */
const NUMBERS: readonly [RegExp, RegExp, number, string][] = [
  [/(?:\\x[0-9a-f]{2}){8,}/gi, /[0-9a-f]{2}/gi, 16, 'escapes'],
  [/(?:\\u(?:\{0{0,4}|00)[0-9a-f]{2}\}?){8,}/gi, /[0-9a-f]{2}(?=\}|\\|$)/gi, 16, 'escapes'],
  [/(?:&#x[0-9a-f]{2};){8,}/gi, /[0-9a-f]{2}(?=;)/gi, 16, 'entities'],
  [/(?:&#\d{2,3};){8,}/g, /\d{2,3}/g, 10, 'entities'],
  [/(?:\b(?:0x)?[2-7][0-9a-f][ ,:-]{1,2}){12,}[2-7][0-9a-f]\b/gi, /[2-7][0-9a-f](?![0-9a-f])/gi, 16, 'hex'],
  [/(?:\b[01]{8}[ ,]{0,2}){8,}/g, /[01]{8}/g, 2, 'binary'],
  [/(?:\b(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6])[ ,]{1,2}){12,}\d{2,3}\b/g, /\d{2,3}/g, 10, 'decimal codes'],
];
const PROSE = /^[\x20-\x7e\s]*$/;

/** Words by which a shifted alphabet is recognised. */
const TELLING = [
  'ignore',
  'forget',
  'disregard',
  'instructions',
  'instruction',
  'previous',
  'prompt',
  'system',
  'rules',
  'guidelines',
  'password',
  'reveal',
  'your',
  'restrictions',
  'override',
  'secret',
];
const A = 97;
const shifted = (t: string, n: number) => t.replace(/[a-z]/g, (c) => String.fromCharCode(((c.charCodeAt(0) - A + n) % 26) + A));
const mirrored = (t: string) => t.replace(/[a-z]/g, (c) => String.fromCharCode(2 * A + 25 - c.charCodeAt(0)));
let ciphers: Map<string, number> | undefined;

/** How far back the alphabet is shifted, 26 for one that runs backwards; undefined where no two telling words agree. */
function shiftOf(text: string): number | undefined {
  if (!ciphers) {
    ciphers = new Map();
    for (const w of TELLING) {
      for (let n = 1; n < 26; n++) ciphers.set(shifted(w, n), n);
      ciphers.set(mirrored(w), 26);
    }
  }
  const votes = new Map<number, number>();
  for (const [w] of text.matchAll(/[a-z]{4,12}/g)) {
    const n = ciphers.get(w);
    if (n === undefined) continue;
    const v = (votes.get(n) ?? 0) + 1;
    if (v === 2) return n;
    votes.set(n, v);
  }
  return undefined;
}

const NONE: Reading[] = [];

/** Readings of numbers, Morse, ciphers and turned letters; `original` keeps case and escapes; `ciphered`: its words speak of ciphers. */
export function codes(original: string, folded: string, most: number, ciphered: boolean): Reading[] {
  const head = original.length > most ? original.slice(0, most) : original;
  const numbers = head.includes('\\x') || head.includes('\\u') || head.includes('&#') || ROW.test(head);
  const dotted = DOTTED.test(head);
  const beyond = BEYOND.test(head);
  if (!numbers && !dotted && !beyond && !ciphered) return NONE;
  const out: Reading[] = [];
  const add = (text: string, how: string, start = 0, end = original.length) =>
    out.push({ text: text.toLowerCase(), how, scored: true, start, end });
  if (numbers)
    for (const [run, one, base, how] of NUMBERS)
      for (const m of head.matchAll(run)) {
        const plain = String.fromCharCode(...(m[0].match(one) ?? []).slice(0, 2000).map((x) => Number.parseInt(x, base)));
        if (PROSE.test(plain) && /[a-z]{3}/i.test(plain)) add(plain, `in ${how}`, m.index, m.index + m[0].length);
      }
  const dots = dotted ? /(?:[.-]{1,5}[ /|]{1,3}){10,}[.-]{1,5}/.exec(head) : null;
  if (dots) {
    const plain = dots[0]
      .split(/ *[/|] *| {2,}/)
      .map((w) =>
        w
          .split(' ')
          .map((c) => MORSE[c] ?? '')
          .join(''),
      )
      .join(' ');
    if (/[a-z]{4}/.test(plain)) add(plain, 'in Morse', dots.index, dots.index + dots[0].length);
  }
  if (ciphered) {
    const text = folded.slice(0, most);
    const n = shiftOf(text);
    if (n !== undefined) add(n === 26 ? mirrored(text) : shifted(text, 26 - n), 'in a shifted alphabet');
  }
  if (beyond) {
    if ((head.match(TURNED)?.length ?? 0) >= 6)
      add(
        [...head.toLowerCase()]
          .map((c) => flip[c] ?? c)
          .reverse()
          .join(''),
        'upside down',
      );
    for (const m of head.matchAll(REGIONAL)) {
      const plain = m[0].replace(/\ud83c([\udde6-\uddff])/g, (_, low: string) => String.fromCharCode(low.charCodeAt(0) - 0xdde6 + A));
      add(plain.replace(/ (?! )/g, '').replace(/ +/g, ' '), 'in regional letters', m.index, m.index + m[0].length);
    }
  }
  return out;
}
