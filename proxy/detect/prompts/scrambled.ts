/** Words of overrides whose letters were mixed, doubled, taken out or parted by marks; folded text. */

/** What overrides are made of; words of five letters and more. */
const MEANT = [
  'ignore',
  'disregard',
  'forget',
  'override',
  'bypass',
  'instructions',
  'instruction',
  'previous',
  'prior',
  'above',
  'earlier',
  'prompt',
  'system',
  'rules',
  'guidelines',
  'directives',
  'restrictions',
  'reveal',
  'print',
  'output',
  'hidden',
  'secret',
  'password',
  'passwords',
  'developer',
  'confidential',
  'unrestricted',
  'safety',
  'everything',
  'pretend',
  'policy',
  'policies',
  'malware',
  'refuse',
  'assistant',
  'without',
  'limits',
  'credentials',
];
const LONG = 8;
/** Letters as numbers whose sum tells a word whatever their order. */
const weight = Int32Array.from({ length: 128 }, (_, c) => Math.imul(c + 7, 0x9e3779b1) ^ Math.imul(c, c * 0x85eb));
const sum = (w: string) => {
  let s = w.length;
  for (let i = 0; i < w.length; i++) s = (s + weight[w.charCodeAt(i) & 127]!) | 0;
  return s;
};
const bySum = new Map(MEANT.map((w) => [sum(w), w]));
const skeleton = (w: string) => w.replace(/[aeiou*#_-]/g, '');
const SHORT = [
  'all',
  'your',
  'the',
  'and',
  'tell',
  'show',
  'with',
  'you',
  'are',
  'now',
  'not',
  'any',
  'every',
  'admin',
  'say',
  'that',
  'me',
  'give',
];
const bySkeleton = new Map([...SHORT, ...MEANT].map((w) => [skeleton(w), w]));

/** Sums that may be those of a meant word; what is not marked here is none. */
const maybe = new Uint8Array(8192);
for (const k of bySum.keys()) maybe[k & 8191] = 1;

/** Are there two words that could be meant ones with their letters mixed, or a text in Pig Latin? One pass, nothing is built. */
function mayBeMixed(text: string): boolean {
  let mixed = 0;
  let pig = 0;
  let words = 0;
  let s = 0;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const c = i < text.length ? text.charCodeAt(i) : 32;
    if (c >= 97 && c <= 122) {
      s = (s + weight[c]!) | 0;
      continue;
    }
    const length = i - start;
    if (length >= 4) {
      words++;
      if (length >= 5 && maybe[(s + length) & 8191] === 1) {
        const w = text.slice(start, i);
        const m = bySum.get((s + length) | 0);
        if (m !== undefined && m !== w) mixed++;
      }
      if (text.charCodeAt(i - 1) === 121 && text.charCodeAt(i - 2) === 97) pig++;
    }
    s = 0;
    start = i + 1;
  }
  return mixed >= 2 || (pig >= 4 && pig * 2 >= words);
}

/** Words with their letters in another order, Pig Latin among them; undefined where fewer than two are found, one of them long. */
export function unmixed(text: string): string | undefined {
  if (!mayBeMixed(text)) return undefined;
  let changed = 0;
  let long = 0;
  const out = text.replace(/[a-z]{5,16}/g, (w) => {
    let m = bySum.get(sum(w));
    if (m === undefined && w.endsWith('ay')) m = bySum.get(sum(w.slice(0, -2))) ?? bySum.get(sum(w.slice(0, -3)));
    if (m === undefined || m === w) return w;
    changed++;
    if (m.length >= LONG) long++;
    return m;
  });
  if (long === 0 || changed < 2) return undefined;
  // The short words of Pig Latin: "llaay" is "all".
  return out.replace(/\b([a-z]{1,3})([a-z])ay\b/g, '$2$1');
}

/** Less than a fifth of the first letters are vowels. */
function fewVowels(text: string): boolean {
  let vowels = 0;
  let letters = 0;
  for (let i = 0; i < text.length && letters < 120; i++) {
    const c = text.charCodeAt(i);
    if (c < 97 || c > 122) continue;
    letters++;
    if (c === 97 || c === 101 || c === 105 || c === 111 || c === 117) vowels++;
  }
  return letters >= 12 && vowels * 5 < letters;
}

/** Words without their vowels, or with marks in place of them; undefined where the text has vowels as usual. */
export function revowelled(text: string): string | undefined {
  if (!fewVowels(text)) return undefined;
  const words = text.match(/[a-z*#]{2,}/g);
  if (!words || words.length < 4) return undefined;
  let bare = 0;
  for (const w of words) if (!/[aeiou]/.test(w)) bare++;
  if (bare < words.length * 0.6) return undefined;
  let changed = 0;
  const out = text.replace(/[a-z*#]{2,}/g, (w) => {
    const m = bySkeleton.get(skeleton(w));
    if (m === undefined) return w;
    changed++;
    return m;
  });
  return changed >= 3 ? out : undefined;
}

/** Every letter written twice. */
export function undoubled(text: string): string | undefined {
  const m = /(?:([a-z])\1[^a-z]{0,2}){14,}/.exec(text);
  return m ? m[0].replace(/([a-z])\1/g, '$1').replace(/(\W)\1/g, '$1') : undefined;
}

/** Marks or tags within words: "ig**no**re". */
export function unmarked(text: string): string | undefined {
  if (!text.includes('**') && !text.includes('~~') && !text.includes('<')) return undefined;
  const parted = text.match(/[a-z](?:\*{1,3}|~~|<\/?[a-z]{1,8}>)[a-z]/g);
  return parted && parted.length >= 5 ? text.replace(/\*{1,3}|~~|<\/?[a-z]{1,8}>/g, '') : undefined;
}

/** Words of one long run of letters: "IgnoreAllRules", where little else stands in the text. */
export function unglued(original: string, glue: RegExp): string | undefined {
  if (original.length > 660 || original.length < 24) return undefined;
  const m = /[A-Za-z]{24,400}/.exec(original);
  if (!m || m[0].length < original.length * 0.6) return undefined;
  const humps = m[0].replace(/([a-z])(?=[A-Z])/g, '$1 ');
  return (humps.split(' ').length >= 4 ? humps : m[0].toLowerCase().replace(glue, ' $1 ')).toLowerCase().replace(/ {2,}/g, ' ');
}
