/**
 * Which context words stand near a value. The words are looked for when the first value asks, not before: most text has none that
 * would. Concepts are sets of bits, so that one question costs a few reads.
 */
import { type Automaton, buildAutomaton, confirm } from './automaton.js';
import { headerConcepts } from './columns.js';
import { CONTEXT_WORDS, type Concept, conceptIndex, conceptsOfName } from './context.js';

/** Words of 32 bits that hold one bit for each concept. */
const WORDS = 3;
interface Bits {
  a: number;
  b: number;
  c: number;
}

function bitsOf(concepts: readonly number[]): Bits {
  const words = [0, 0, 0];
  for (const c of concepts) words[c >> 5]! |= 1 << (c & 31);
  return { a: words[0]!, b: words[1]!, c: words[2]! };
}

/** Bits of a rule's concepts; rules are tables, so each list is turned once. */
const wantedCache = new Map<readonly Concept[], Bits>();
function wantedOf(concepts: readonly Concept[]): Bits {
  let wanted = wantedCache.get(concepts);
  if (!wanted) {
    wanted = bitsOf(concepts.map(conceptIndex));
    if (wantedCache.size < 1000) wantedCache.set(concepts, wanted);
  }
  return wanted;
}

/** The automaton of all context words, and for each the concepts that it belongs to; built at the first question (about 10 ms). */
class Lexicon {
  readonly automaton: Automaton;
  readonly lengths: Uint8Array;
  readonly bits: Int32Array;

  constructor() {
    const literals = [...CONTEXT_WORDS.keys()];
    this.automaton = buildAutomaton(literals);
    this.lengths = Uint8Array.from(literals, (l) => l.length);
    this.bits = new Int32Array(literals.length * WORDS);
    literals.forEach((literal, i) => {
      const { a, b, c } = bitsOf(CONTEXT_WORDS.get(literal)!);
      this.bits[i * WORDS] = a;
      this.bits[i * WORDS + 1] = b;
      this.bits[i * WORDS + 2] = c;
    });
  }
}
let lexicon: Lexicon | undefined;

/** Builds the tables now. */
export function warmNearby(): void {
  lexicon ??= new Lexicon();
}

const NONE: Bits = { a: 0, b: 0, c: 0 };

/** The context words of one text. */
export class Nearby {
  private text = '';
  private key: string | undefined;
  private known = false;
  private keyBits = NONE;
  private a = 0;
  private b = 0;
  private c = 0;
  /** End and literal of each word, by end. */
  private ends = new Int32Array(128);
  private literals = new Int32Array(128);
  private count = 0;

  reset(text: string, key: string | undefined): void {
    this.text = text;
    this.key = key;
    this.known = false;
  }

  has(concepts: readonly Concept[], start: number, end: number, before: number, after: number): boolean {
    if (!this.known) this.collect();
    const { a, b, c } = wantedOf(concepts);
    const key = this.keyBits;
    if ((key.a & a) !== 0 || (key.b & b) !== 0 || (key.c & c) !== 0) return true;
    if ((this.a & a) === 0 && (this.b & b) === 0 && (this.c & c) === 0) return false;
    const { ends, literals, count } = this;
    const { lengths, bits } = lexicon!;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! < start - before) low = middle + 1;
      else high = middle;
    }
    let header: readonly number[] | undefined;
    for (let i = low; i < count; i++) {
      const literal = literals[i]!;
      const wordEnd = ends[i]!;
      const wordStart = wordEnd - lengths[literal]!;
      if (wordStart > end + after) break;
      if (wordStart >= start && wordEnd <= end) continue; // inside the value itself
      const k = literal * WORDS;
      if ((bits[k]! & a) === 0 && (bits[k + 1]! & b) === 0 && (bits[k + 2]! & c) === 0) continue;
      // In a table the header of the column says more than the words of other columns.
      header = headerConcepts(this.text, start);
      if (header.length === 0) return true;
      break;
    }
    header ??= headerConcepts(this.text, start);
    if (header.length === 0) return false;
    const over = headerBits(header);
    return (over.a & a) !== 0 || (over.b & b) !== 0 || (over.c & c) !== 0;
  }

  private collect(): void {
    lexicon ??= new Lexicon();
    this.known = true;
    this.keyBits = this.key ? bitsOf(conceptsOfName(this.key)) : NONE;
    const { automaton, lengths, bits } = lexicon;
    const { classes, table, firstOutput, outputs } = automaton;
    const text = this.text;
    const n = text.length;
    let state = 0;
    let count = 0;
    let a = 0;
    let b = 0;
    let c = 0;
    for (let i = 0; i < n; i++) {
      const unit = text.charCodeAt(i);
      state = table[(state << 6) | (unit < 128 ? classes[unit]! : 48 + (Math.imul(unit | 32, 0x9e3779b1) >>> 28))]!;
      if (state < firstOutput) continue;
      const list = outputs[state - firstOutput]!;
      for (let k = 0; k < list.length; k++) {
        const literal = list[k]!;
        if (!wordStands(text, i + 1 - lengths[literal]!, i + 1) || !confirm(automaton, literal, text, i + 1)) continue;
        if (count === this.ends.length) this.grow();
        this.ends[count] = i + 1;
        this.literals[count++] = literal;
        a |= bits[literal * WORDS]!;
        b |= bits[literal * WORDS + 1]!;
        c |= bits[literal * WORDS + 2]!;
      }
    }
    this.count = count;
    this.a = a;
    this.b = b;
    this.c = c;
  }

  private grow(): void {
    const ends = new Int32Array(this.ends.length * 2);
    ends.set(this.ends);
    this.ends = ends;
    const literals = new Int32Array(ends.length);
    literals.set(this.literals);
    this.literals = literals;
  }
}

/** Lists of concepts come from a cache, so the same list comes again. */
const headers = new WeakMap<readonly number[], Bits>();
function headerBits(list: readonly number[]): Bits {
  let bits = headers.get(list);
  if (!bits) {
    bits = bitsOf(list);
    headers.set(list, bits);
  }
  return bits;
}

const isLetter = (c: number) => (c >= 97 && c <= 122) || (c >= 65 && c <= 90);

/** A context word counts where a word begins (or camel case begins one) and, for short words, ends. */
function wordStands(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  if (start > 0 && isLetter(text.charCodeAt(start - 1)) && isLetter(first)) {
    const before = text.charCodeAt(start - 1);
    if (!(before >= 97 && first >= 65 && first <= 90)) return false;
  }
  if (end - start > 4 || end >= text.length) return true;
  const after = text.charCodeAt(end);
  if (!isLetter(after) || !isLetter(text.charCodeAt(end - 1))) return true;
  // `cards`, `ids`, and camel case: `ipAddress`.
  if (after === 115 || after === 83) return end + 1 >= text.length || !isLetter(text.charCodeAt(end + 1));
  return after <= 90 && text.charCodeAt(end - 1) >= 97;
}
