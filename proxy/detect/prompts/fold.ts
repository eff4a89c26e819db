/**
 * Folded text for prompt rules: lower case, Latin letters without marks, look-alikes and full-width forms as ASCII, every white space
 * a plain space, invisible characters gone. Almost always one unit for one unit; where something was taken out, a map leads back.
 */
export interface Folded {
  text: string;
  /** For each unit of `text` its place in the original; absent where they are the same. */
  from?: Int32Array;
}

const SAME = 0xffff;
const GONE = 0xfffe;
let table: Uint16Array | undefined;

const LOOKALIKES = 'аaеeоoрpсcуyхxіiјjѕsԁdһhԛqԝwӏlѵv' + 'οoαaνvρpιiκkυuχxεeτt' + 'ϲcɡgıiƚlɩiɑaᴀaᴄcᴅdᴇeɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuᴠvᴡwʏyᴢz';
const lookalike = new Map<number, number>();

function build(): Uint16Array {
  const t = new Uint16Array(65536).fill(SAME);
  for (let c = 65; c <= 90; c++) t[c] = c + 32;
  for (const c of [9, 10, 11, 12, 13, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000]) t[c] = 32;
  for (let c = 0x2000; c <= 0x200a; c++) t[c] = 32;
  for (let c = 0xc0; c < 0x250; c++) {
    const base = String.fromCharCode(c).toLowerCase().normalize('NFD').charCodeAt(0);
    if (base !== c) t[c] = base;
  }
  for (let c = 0x1e00; c < 0x1f00; c++) t[c] = String.fromCharCode(c).toLowerCase().normalize('NFD').charCodeAt(0);
  for (const [from, to] of ['ßs', 'øo', 'Øo', 'łl', 'Łl', 'đd', 'Đd', 'æa', 'Æa', 'œo', 'Œo', 'ðd', 'þt', 'ıi'])
    t[from!.charCodeAt(0)] = to!.charCodeAt(0);
  for (let c = 0x370; c < 0x590; c++) {
    const lower = String.fromCharCode(c).toLowerCase();
    const base = c < 0x400 ? lower.normalize('NFD').charCodeAt(0) : lower.charCodeAt(0);
    if (lower.length === 1 && base !== c) t[c] = base;
  }
  for (let c = 0xff01; c <= 0xff5e; c++)
    t[c] = String.fromCharCode(c - 0xfee0)
      .toLowerCase()
      .charCodeAt(0);
  // Letters in circles, raised and lowered letters.
  for (const [from, to] of [
    [0x2b0, 0x2b9],
    [0x1d2c, 0x1dc0],
    [0x2071, 0x209d],
    [0x24b6, 0x24ea],
    [0x2c7c, 0x2c7e],
  ] as const)
    for (let c = from; c < to; c++) {
      const plain = String.fromCharCode(c).normalize('NFKC').toLowerCase();
      if (/^[a-z]$/.test(plain)) t[c] = plain.charCodeAt(0);
    }
  for (const c of [0xad, 0x180e, 0xfeff, 0x34f, 0x61c]) t[c] = GONE;
  for (const [a, b] of [[0x200b, 0x200f], [0x202a, 0x202e], [0x2060, 0x206f], [0xfe00, 0xfe0f], [0x300, 0x36f]] as const) for (let c = a; c <= b; c++) t[c] = GONE; // biome-ignore format: a table
  for (const c of [0x2018, 0x2019, 0x201b, 0x2bc, 0xb4]) t[c] = 39;
  for (const c of [0x201c, 0x201d, 0x201e, 0xab, 0xbb]) t[c] = 34;
  for (const c of [0x2010, 0x2011, 0x2012, 0x2013, 0x2014]) t[c] = 45;
  for (let i = 0; i < LOOKALIKES.length; i += 2) lookalike.set(LOOKALIKES.charCodeAt(i), LOOKALIKES.charCodeAt(i + 1));
  return t;
}

const isLatin = (c: number) => (c >= 97 && c <= 122) || (c >= 48 && c <= 57);
const PLAIN = /^[\x20-\x7e\n\r\t]*$/;

/** Folds `text`. Plain ASCII takes the fast path. */
export function fold(text: string): Folded {
  if (PLAIN.test(text)) return { text: text.toLowerCase().replace(/[\n\r\t]/g, ' ') };
  table ??= build();
  const out = new Uint16Array(text.length);
  let n = 0;
  const from = new Int32Array(text.length + 1);
  let shifted = false;
  let mixed = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const to = table[c]!;
    if (to === GONE) {
      shifted = true;
      continue;
    }
    if (c === 0xd83c) {
      // Letters in squares and in filled circles, three alphabets one after another.
      const low = text.charCodeAt(i + 1) - 0xdd30;
      if (low >= 0 && low < 96 && low % 32 < 26) {
        from[n] = i++;
        out[n++] = 97 + (low % 32);
        shifted = true;
        continue;
      }
    }
    if (c === 0xd835 || c === 0xdb40) {
      // Mathematical letters; tag characters spell ASCII at U+E0000.
      const low = text.charCodeAt(i + 1);
      let plain = '';
      if (c === 0xdb40) plain = low >= 0xdc20 && low < 0xdc7f ? String.fromCharCode(low - 0xdc00) : '';
      else plain = text.slice(i, i + 2).normalize('NFKC');
      shifted = true;
      if (plain.length === 1) {
        from[n] = i;
        out[n++] = plain.toLowerCase().charCodeAt(0);
      }
      i++;
      continue;
    }
    from[n] = i;
    const unit = to === SAME ? c : to;
    if (unit > 127 && lookalike.has(unit)) mixed = true;
    out[n++] = unit;
  }
  from[n] = text.length;
  if (mixed) {
    // Look-alikes turn Latin only beside Latin letters: Cyrillic and Greek words stay what they are.
    for (let i = 0; i < n; i++) {
      const to = lookalike.get(out[i]!);
      if (to !== undefined && (isLatin(out[i - 1] ?? 0) || isLatin(i + 1 < n ? out[i + 1]! : 0))) out[i] = to;
    }
  }
  let folded = '';
  for (let i = 0; i < n; i += 8192)
    folded += String.fromCharCode.apply(undefined, out.subarray(i, Math.min(n, i + 8192)) as unknown as number[]);
  return shifted ? { text: folded, from } : { text: folded };
}
