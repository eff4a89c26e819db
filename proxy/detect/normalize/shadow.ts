/**
 * Shadow text: what a reader sees, or a program decodes, where the characters say something else. Zero-width and direction marks go,
 * full-width forms, mathematical letters and digits of other scripts become ASCII, look-alike letters inside words of mixed script
 * become Latin, percent, entity and backslash escapes become characters. An index map leads back to the original.
 *
 * What an attacker could do here: make the shadow long. It is never longer than the original, each character is read once per level,
 * and there are two levels.
 */
export interface Shadow {
  text: string;
  /** For each unit of `text`: where its original begins. One more entry for the end. */
  from: Int32Array;
  /** For each unit of `text`: where its original ends. */
  to: Int32Array;
}

/** Literals that announce escapes to the prefilter; `\ue000` is any digit. */
export const ESCAPE_LITERALS = ['%\ue000', '&#', '&commat;', '&period;', '\\x\ue000', '\\u00', '\\u{'];

const GONE = 1;
const FOLD = 2;
const LOOKALIKE = 3;
const kind = new Uint8Array(65536);
const folded = new Map<number, string>();
const fold = (c: number, to: string) => {
  kind[c] = FOLD;
  folded.set(c, to);
};
for (const [a, b] of [
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x2064],
  [0x2066, 0x2069],
  [0xfeff, 0xfeff],
  [0xad, 0xad],
  [0x180e, 0x180e],
  [0xfe00, 0xfe0f],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
] as const) {
  for (let c = a; c <= b; c++) kind[c] = GONE;
}
for (let c = 0xff01; c <= 0xff5e; c++) fold(c, String.fromCharCode(c - 0xfee0));
fold(0x3000, ' ');
// Decimal digits of other scripts (Unicode category Nd): the zero of each.
for (const zero of [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040, 0x17e0, 0x1810, 0xa620,
  0xa8d0,
]) {
  for (let d = 0; d < 10; d++) fold(zero + d, String(d));
}
for (let c = 0x2460; c <= 0x24ea; c++) {
  const s = String.fromCharCode(c).normalize('NFKC');
  if (/^[0-9A-Za-z]$/.test(s)) fold(c, s);
}
for (const c of [
  0xb2,
  0xb3,
  0xb9,
  0x2070,
  ...Array.from({ length: 6 }, (_, i) => 0x2074 + i),
  ...Array.from({ length: 10 }, (_, i) => 0x2080 + i),
])
  fold(c, String.fromCharCode(c).normalize('NFKC'));
/** Letters that look like Latin ones (from Unicode's confusables, the single-letter part for Cyrillic and Greek). */
const LOOKALIKES: Record<string, string> = {
  а: 'a', е: 'e', о: 'o', р: 'p', с: 'c', у: 'y', х: 'x', і: 'i', ј: 'j', ѕ: 's', ԁ: 'd', һ: 'h', ԛ: 'q', ԝ: 'w', ӏ: 'l', ѵ: 'v', к: 'k', м: 'm', т: 't', в: 'b', н: 'h', г: 'r', п: 'n',
  А: 'A', В: 'B', Е: 'E', К: 'K', М: 'M', Н: 'H', О: 'O', Р: 'P', С: 'C', Т: 'T', Х: 'X', У: 'Y', І: 'I', Ј: 'J', Ѕ: 'S', З: '3',
  ο: 'o', α: 'a', ν: 'v', ρ: 'p', ι: 'i', κ: 'k', υ: 'u', χ: 'x', ε: 'e', τ: 't', Α: 'A', Β: 'B', Ε: 'E', Ζ: 'Z', Η: 'H', Ι: 'I', Κ: 'K', Μ: 'M', Ν: 'N', Ο: 'O', Ρ: 'P', Τ: 'T', Υ: 'Y', Χ: 'X', ϲ: 'c', ɡ: 'g', ı: 'i', '＠': '@', '﹫': '@', '․': '.', '‐': '-', '‑': '-',
}; // biome-ignore format: a table
for (const [c, to] of Object.entries(LOOKALIKES)) {
  folded.set(c.charCodeAt(0), to);
  if (kind[c.charCodeAt(0)] === 0) kind[c.charCodeAt(0)] = LOOKALIKE;
}

const isAscii = (c: number) => (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57);
const isWordUnit = (c: number) => isAscii(c) || (c > 127 && kind[c] !== GONE && (kind[c] === LOOKALIKE || (c >= 0x370 && c <= 0x52f)));

/** Is there a character that the shadow would change beside something that a value is made of? A cheap look before the real work. */
export function worthShadow(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 128) continue;
    const k = kind[c]!;
    if (k === FOLD) return true;
    if (k !== 0) {
      const a = text.charCodeAt(i - 1);
      const b = text.charCodeAt(i + 1);
      if (isAscii(a) || isAscii(b) || a === 64 || b === 64) return true;
    } else if (c === 0xd835 || c === 0xdb40) return true;
  }
  return false;
}

/** Value of a hex digit, or -1. */
function hexValue(c: number): number {
  if (c >= 48 && c <= 57) return c - 48;
  const lower = c | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

const ENTITY = /^&(?:#(\d{2,4})|#[xX]([0-9a-fA-F]{2,4})|(commat|period|colon|lowbar|sol|num|plus|equals|hyphen));?/;
const NAMES = ['commat', 'period', 'colon', 'lowbar', 'sol', 'num', 'plus', 'equals', 'hyphen'];
const BACKSLASH = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{2,5})\})/;

/** What the escape at `i` stands for and its length (`unit * 16 + length`), where that is a printable ASCII character; else 0. */
function escapeAt(text: string, i: number, c: number): number {
  let code = -1;
  let length = 0;
  if (c === 37) {
    if (i + 2 >= text.length) return 0;
    const high = hexValue(text.charCodeAt(i + 1));
    const low = hexValue(text.charCodeAt(i + 2));
    if (high < 0 || low < 0) return 0;
    code = high * 16 + low;
    length = 3;
  } else if (c === 38) {
    const m = ENTITY.exec(text.slice(i, i + 12));
    if (!m) return 0;
    length = m[0].length;
    code = m[1] ? Number(m[1]) : m[2] ? Number.parseInt(m[2], 16) : '@.:_/#+=-'.charCodeAt(NAMES.indexOf(m[3]!));
  } else {
    const next = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
    if (next !== 120 && next !== 117) return 0;
    const m = BACKSLASH.exec(text.slice(i, i + 10));
    if (!m) return 0;
    length = m[0].length;
    code = Number.parseInt(m[1] ?? m[2] ?? m[3]!, 16);
  }
  return code >= 32 && code < 127 ? code * 16 + length : 0;
}

function oneLevel(text: string): Shadow | undefined {
  const n = text.length;
  const units = new Uint16Array(n);
  const from = new Int32Array(n + 1);
  const to = new Int32Array(n + 1);
  let out = 0;
  let changed = false;
  for (let i = 0; i < n; i++) {
    const c = text.charCodeAt(i);
    let unit = c;
    let length = 1;
    if (c === 37 || c === 38 || c === 92) {
      const e = escapeAt(text, i, c);
      if (e !== 0) {
        unit = e >> 4;
        length = e & 15;
        changed = true;
      }
    } else if (c > 127) {
      const k = kind[c]!;
      if (k === GONE) {
        changed = true;
        continue;
      }
      if (k === FOLD || (k === LOOKALIKE && mixed(text, i))) {
        unit = folded.get(c)!.charCodeAt(0);
        changed = true;
      } else if (c === 0xd835 || c === 0xdb40) {
        // Mathematical letters and digits; tag characters.
        const plain = c === 0xdb40 ? '' : text.slice(i, i + 2).normalize('NFKC');
        if (plain.length <= 1) {
          changed = true;
          length = 2;
          if (!plain) {
            i++;
            continue;
          }
          unit = plain.charCodeAt(0);
        }
      }
    }
    units[out] = unit;
    from[out] = i;
    to[out++] = i + length;
    i += length - 1;
  }
  if (!changed) return undefined;
  from[out] = n;
  to[out] = n;
  return { text: Buffer.from(units.buffer, 0, out * 2).toString('utf16le'), from, to };
}

/** Does the word around `i` hold ASCII letters, digits or `@` too? */
function mixed(text: string, i: number): boolean {
  for (let k = i - 1; k >= 0 && k > i - 24; k--) {
    const c = text.charCodeAt(k);
    if (isAscii(c) || c === 64) return true;
    if (!isWordUnit(c) && kind[c] !== GONE && c !== 46) break;
  }
  for (let k = i + 1; k < text.length && k < i + 24; k++) {
    const c = text.charCodeAt(k);
    if (isAscii(c) || c === 64) return true;
    if (!isWordUnit(c) && kind[c] !== GONE && c !== 46) break;
  }
  return false;
}

/** The shadow of `text` after at most two levels, or undefined where it is the text itself. */
export function shadowOf(text: string): Shadow | undefined {
  const first = oneLevel(text);
  if (!first) return undefined;
  if (!/%[0-9a-fA-F]{2}|&#|\\[xu]/.test(first.text)) return first;
  const second = oneLevel(first.text);
  if (!second) return first;
  const n = second.text.length;
  const from = new Int32Array(n + 1);
  const to = new Int32Array(n + 1);
  for (let i = 0; i < n; i++) {
    from[i] = first.from[second.from[i]!]!;
    to[i] = first.to[second.to[i]! - 1]!;
  }
  from[n] = to[n] = text.length;
  return { text: second.text, from, to };
}

/** Text up to here is scanned again as a whole. */
const WHOLE = 4096;
/** How much around a change is scanned again, and how much more where no white space ends a word. */
const AROUND = 1024;
const WORD = 4096;

/**
 * Parts of the shadow that differ from the original, with what stands around them, as pairs of start and end. A finding that covers no
 * change is known from the original, so the rest need not be scanned again.
 */
export function changedParts(shadow: Shadow, original: string): number[] {
  const { text, from, to } = shadow;
  const n = text.length;
  if (n <= WHOLE) return [0, n];
  const parts: number[] = [];
  let end = -1;
  for (let i = 0; i < n; i++) {
    if (
      to[i]! - from[i]! === 1 &&
      (i === 0 ? from[0] === 0 : from[i] === to[i - 1]) &&
      text.charCodeAt(i) === original.charCodeAt(from[i]!)
    )
      continue;
    if (i < end - AROUND) continue;
    let start = Math.max(0, i - AROUND);
    const floor = Math.max(0, start - WORD);
    while (start > floor && text.charCodeAt(start - 1) > 32) start--;
    let stop = Math.min(n, i + AROUND);
    const limit = Math.min(n, stop + WORD);
    while (stop < limit && text.charCodeAt(stop) > 32) stop++;
    if (start <= end) parts[parts.length - 1] = stop;
    else parts.push(start, stop);
    end = stop;
  }
  return parts;
}
