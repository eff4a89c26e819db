/** Folded text read in other ways, where something in it suggests that: leetspeak, spaced letters, ROT13, reversed text, base64 and hex. */
import { decodedRuns } from '../normalize/index.js';
import { fold } from './fold.js';

export interface Reading {
  text: string;
  how: string;
  /** Where in the original it stands; absent: the same places as the folded text. */
  start?: number;
  end?: number;
}

const MOST = 8192;
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
const SPACED = /(?:^|[^a-z])(?:[a-z][ ._*-]{1,3}){7,400}[a-z](?![a-z])/g;
/** Words that are found again where all gaps are alike. */
const GLUED =
  /(ignore|disregard|forget|override|all|any|every|previous|prior|above|your|you|instructions?|rules|guidelines|system|prompt|reveal|show|and|the)/g;
/** ROT13 of ignore, instruction, prompt, system, previous, forget, reveal, rules. */
const ROTATED =
  /\b(?:vtaber|qvfertneq|sbetrg|vafgehpgvbaf?|cebzcgf?|flfgrz|cerivbhf|erirny|ehyrf)\b[\s\S]{0,80}\b(?:vafgehpgvbaf?|cebzcgf?|flfgrz|cerivbhf|ehyrf|nyy|lbhe)\b/;
const REVERSED = /(?:snoitcurtsni|tpmorp|suoiverp|erongi|dragersid|laever)/;

const rot13 = (text: string) => text.replace(/[a-z]/g, (c) => String.fromCharCode(((c.charCodeAt(0) - 97 + 13) % 26) + 97));

/** Other readings of `folded`, of which `rotated` and `reversed` say what its words suggest; `original` is the text itself (encodings need its case). */
export function readings(original: string, folded: string, { rotated, reversed }: { rotated: boolean; reversed: boolean }): Reading[] {
  const out: Reading[] = [];
  const head = folded.length > MOST ? folded.slice(0, MOST) : folded;
  if (LEETISH.test(head)) out.push({ text: head.replace(/[013457@$!|89]/g, (c) => LEET[c]!), how: 'in digits for letters' });
  SPACED.lastIndex = 0;
  const spaced = SPACED.exec(head);
  if (spaced) {
    // Words are parted by more than one space, or not at all: both readings.
    const run = head.slice(spaced.index, spaced.index + spaced[0].length);
    const near = run.replace(/([a-z])[ ._*-](?=[a-z](?:[ ._*-]|$))/g, '$1').replace(/[ ._*-]{2,}/g, ' ');
    out.push({
      text: near.includes(' ') ? near : near.replace(GLUED, ' $1 ').replace(/ {2,}/g, ' '),
      how: 'in spaced letters',
      start: 0,
      end: original.length,
    });
  }
  if (rotated && ROTATED.test(head)) out.push({ text: rot13(head), how: 'in ROT13' });
  if (reversed && REVERSED.test(head))
    out.push({ text: [...head].reverse().join(''), how: 'written backwards', start: 0, end: original.length });
  if (original.length >= 24 && original.length <= 65536) {
    let left = 8;
    for (const run of decodedRuns(original)) {
      if (left-- === 0) break;
      out.push({ text: fold(run.text.slice(0, MOST)).text, how: `in ${run.how}`, start: run.start, end: run.end });
    }
  }
  return out;
}
