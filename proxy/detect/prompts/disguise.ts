/** Folded text read in other ways, where something in it suggests that: leetspeak, spaced letters, ROT13, reversed text, base64 and hex. */
import { decodedRuns } from '../normalize/index.js';
import { codes } from './codes.js';
import { fold } from './fold.js';
import { revowelled, undoubled, unglued, unmarked, unmixed } from './scrambled.js';

export interface Reading {
  text: string;
  how: string;
  /** The model judges it, too. */
  scored?: boolean;
  /** Where in the original it stands; absent: the same places as the folded text. */
  start?: number;
  end?: number;
}

const MOST = 8192;
/** Longest text whose letters are put in order: who scrambles an order writes little else. */
const SCRAMBLED = 300;
const QUOTES = /["'][^"']{1,80}["'][^"']{0,60}["']/;
const LEET: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
  '8': 'b',
  '9': 'g',
};
/** Two words at least in which digits stand between letters. */
const LEETISH = /[a-z][013457@$!|]+[a-z][\s\S]{0,60}?\b[a-z]*[013457@$!|]+[a-z]/;
/** Four words at least: what the model judges. */
const LEETED = /(?:[a-z][013457@$!|]+[a-z][\s\S]{0,40}?){4}/;
const PERCENT = /(?:%[0-7][0-9a-f]){4}/i;
/** Pieces of a sentence that are to be put together. */
const PIECES =
  /\b(?:parts?|pieces?|fragments?|chunks?|join\w*|concat\w*|combine|glue|assemble|put together)\b|\b[a-z]\d? ?= ?["']|\b[a-z] ?\+ ?[a-z]\b/;
const SPACED = /(?:^|[^a-z])(?:[a-z][ ._*|/+-]{1,3}){7,400}[a-z](?![a-z])/g;
/** Words that are found again where all gaps are alike. */
const GLUED =
  /(ignore|disregard|forget|override|all|any|every|previous|prior|above|your|you|instructions?|rules|guidelines|system|prompt|reveal|show|and|the)/g;
/** ROT13 of ignore, instruction, prompt, system, previous, forget, reveal, rules. */
const ROTATED =
  /\b(?:vtaber|qvfertneq|sbetrg|vafgehpgvbaf?|cebzcgf?|flfgrz|cerivbhf|erirny|ehyrf)\b[\s\S]{0,80}\b(?:vafgehpgvbaf?|cebzcgf?|flfgrz|cerivbhf|ehyrf|nyy|lbhe)\b/;
const REVERSED = /(?:snoitcurtsni|tpmorp|suoiverp|erongi|dragersid|laever|tegrof|senilediug|drowssap|edirrevo)/;

/** Words that overrides are made of, misspelt on purpose or in haste. */
const MEANT = ['ignore', 'disregard', 'instructions', 'instruction', 'previous', 'prompt', 'forget'];
const MAYBE_TYPO = /\b(?:i[gn][a-z]{3,10}|dis[a-z]{4,8}|pre[a-z]{3,7}|pr[a-z]{4,6}|fo[a-z]{4,5})\b/g;

/** Edits (insert, delete, replace, swap of neighbours) from `a` to `b`, or 3 where there are more than two. */
function edits(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let k = 1; k <= b.length; k++) {
      row[k] = Math.min(last[k]! + 1, row[k - 1]! + 1, last[k - 1]! + (a[i - 1] === b[k - 1] ? 0 : 1));
      if (i > 1 && k > 1 && a[i - 1] === b[k - 2] && a[i - 2] === b[k - 1]) row[k] = Math.min(row[k]!, before[k - 2]! + 1);
    }
    before = last;
    last = row;
  }
  return Math.min(3, last[b.length]!);
}

/** The text with misspelt words put right, where one of them could be a word of an override; undefined where none is. */
function corrected(text: string): string | undefined {
  let changed = 0;
  const out = text.replace(MAYBE_TYPO, (w) => {
    for (const m of MEANT) {
      if (w === m || w.startsWith(m) || m.startsWith(w)) return w;
      if (
        w[0] === m[0] &&
        (w[1] === m[1] || w.length > 7) &&
        w.at(-1) === m.at(-1) &&
        edits(w, m) <= (m.length > 9 ? 2 : m.length > 5 ? 2 : 1)
      ) {
        changed++;
        return m;
      }
    }
    return w;
  });
  return changed > 0 ? out : undefined;
}

const rot13 = (text: string) => text.replace(/[a-z]/g, (c) => String.fromCharCode(((c.charCodeAt(0) - 97 + 13) % 26) + 97));

/** A reading of the whole text, where there is one. */
function whole(out: Reading[], original: string, text: string | undefined, how: string): void {
  if (text) out.push({ text, how, scored: true, start: 0, end: original.length });
}

/** Other readings of `folded`, of which `rotated` and `reversed` say what its words suggest; `original` is the text itself (encodings need its case). */
export function readings(
  original: string,
  folded: string,
  { rotated, reversed, ciphered }: { rotated: boolean; reversed: boolean; ciphered: boolean },
): Reading[] {
  const out: Reading[] = [];
  const head = folded.length > MOST ? folded.slice(0, MOST) : folded;
  if (LEETISH.test(head))
    out.push({ text: head.replace(/[013457@$!|89]/g, (c) => LEET[c]!), how: 'in digits for letters', scored: LEETED.test(head) });
  const meant = head.length <= 2000 ? corrected(head) : undefined;
  // Offsets shift with the letters: the whole text is what reads so.
  if (meant) out.push({ text: meant, how: 'in misspelt words', start: 0, end: original.length });
  SPACED.lastIndex = 0;
  const spaced = SPACED.exec(head);
  if (spaced) {
    // Words are parted by more than one space, or not at all: both readings.
    const run = head.slice(spaced.index, spaced.index + spaced[0].length).trim();
    // Marks within words and spaces between them: "i-g-n-o-r-e a-l-l".
    const marked = / /.test(run) && !/(?:^| )[a-z](?: |$)/.test(run);
    const near = marked
      ? run.replace(/[._*|/+-]/g, '')
      : run.replace(/([a-z])[ ._*|/+-](?=[a-z](?:[ ._*|/+-]|$))/g, '$1').replace(/[ ._*|/+-]{2,}/g, ' ');
    out.push({
      text: near.includes(' ') ? near : near.replace(GLUED, ' $1 ').replace(/ {2,}/g, ' '),
      how: 'in spaced letters',
      scored: true,
      start: 0,
      end: original.length,
    });
  }
  if (head.includes('%') && PERCENT.test(head)) {
    const plain = head.replace(/(?:%[0-7][0-9a-f])+/g, (x) =>
      x.replace(/%(..)/g, (_, c: string) => String.fromCharCode(Number.parseInt(c, 16))),
    );
    out.push({ text: fold(plain).text, how: 'in percent signs', scored: true, start: 0, end: original.length });
  }
  if (head.length <= 2000 && QUOTES.test(head) && PIECES.test(head)) {
    const quotes = [...head.matchAll(/"([^"]{1,80})"|'([^']{1,80})'(?![a-z])/g)].map((m) => m[1] ?? m[2]!);
    if (quotes.length >= 2 && quotes.length <= 20)
      for (const gap of ['', ' '])
        out.push({ text: quotes.join(gap).replace(/ {2,}/g, ' '), how: 'in pieces', scored: true, start: 0, end: original.length });
  }
  for (const r of codes(original, head, MOST, ciphered)) out.push(r);
  if (head.length <= SCRAMBLED) {
    whole(out, original, unmixed(head), 'with mixed letters');
    whole(out, original, unmarked(head), 'with marks in words');
    // Where short words stand as usual, nobody doubled letters or left out vowels and spaces.
    if (!head.includes(' the ') && !head.includes(' a ') && !head.includes(' to ') && !head.includes(' of ')) {
      whole(out, original, revowelled(head), 'without vowels');
      whole(out, original, undoubled(head), 'with doubled letters');
      whole(out, original, unglued(original, GLUED), 'in one word');
    }
  }
  if (rotated && ROTATED.test(head)) out.push({ text: rot13(head), how: 'in ROT13', scored: true });
  if (reversed && REVERSED.test(head))
    out.push({ text: [...head].reverse().join(''), how: 'written backwards', scored: true, start: 0, end: original.length });
  if (original.length >= 24 && original.length <= 65536) {
    let left = 8;
    for (const run of decodedRuns(original)) {
      if (left-- === 0) break;
      out.push({ text: fold(run.text.slice(0, MOST)).text, how: `in ${run.how}`, scored: true, start: run.start, end: run.end });
      // Encoded twice.
      for (const inner of decodedRuns(run.text.slice(0, MOST)))
        out.push({ text: fold(inner.text).text, how: `in ${inner.how}, twice`, scored: true, start: run.start, end: run.end });
    }
  }
  return out;
}
