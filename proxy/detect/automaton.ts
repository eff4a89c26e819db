/**
 * A dense Aho-Corasick automaton over UTF-16 text: one table read per character, many literals in one pass.
 * Source: Aho and Corasick, "Efficient string matching", CACM 18(6), 1975; the dense form resolves failure links when built.
 *
 * Characters are folded into at most 64 classes: letters without case, all digits into one, the punctuation that literals
 * use, and everything beyond ASCII into sixteen hash classes. Folding makes some hits false, so {@link Automaton.confirm}
 * compares the literals for which it matters.
 */
export interface Automaton {
  /** Class of a UTF-16 unit below 128; others are {@link foldWide}. */
  readonly classes: Uint8Array;
  /** `next = table[(state << 6) | class]`. */
  readonly table: Uint16Array;
  /** States from here on end at least one literal. */
  readonly firstOutput: number;
  /** Literal indexes that end in a state (`state - firstOutput`). */
  readonly outputs: readonly (readonly number[])[];
  readonly literals: readonly string[];
  /** True where folding can make the hit false. */
  readonly inexact: readonly boolean[];
}

const WIDE = 48; // classes 48 … 63

/** In a literal: any ASCII digit. */
export const ANY_DIGIT = '\ue000';

/** Class of a UTF-16 unit of 128 and above. */
export function foldWide(unit: number): number {
  if (unit === 0xe000) return 27;
  // Bit 5 tells capitals from small letters in Latin-1, Greek and half of Cyrillic.
  return WIDE + (Math.imul(unit | 32, 0x9e3779b1) >>> 28);
}

function classTable(literals: readonly string[]): Uint8Array {
  const classes = new Uint8Array(128);
  for (let c = 97; c <= 122; c++) classes[c] = classes[c - 32] = c - 96;
  for (let c = 48; c <= 57; c++) classes[c] = 27;
  let next = 28;
  for (const literal of literals) {
    for (let i = 0; i < literal.length; i++) {
      const c = literal.charCodeAt(i);
      if (c >= 128 || classes[c] !== 0) continue;
      // Rare punctuation beyond the table's room shares the last class; `confirm` sorts it out.
      classes[c] = next < WIDE ? next++ : WIDE - 1;
    }
  }
  return classes;
}

/** Builds the automaton. Literals are lower case; at least one character each. Rows are copied whole, because this runs before the first answer. */
export function buildAutomaton(literals: readonly string[]): Automaton {
  const classes = classTable(literals);
  let most = 1;
  for (const l of literals) most += l.length;
  // The tree of literals: children by one row of 64 for each state (0 = none, because no edge leads to the root), and as lists.
  const tree = new Uint16Array(most << 6);
  const classOf = new Uint8Array(most);
  const firstChild = new Uint16Array(most);
  const sibling = new Uint16Array(most);
  const ends: (number[] | undefined)[] = new Array(most);
  const inexact: boolean[] = new Array(literals.length);
  let states = 1;
  for (let index = 0; index < literals.length; index++) {
    const literal = literals[index]!;
    let state = 0;
    let plain = true;
    for (let i = 0; i < literal.length; i++) {
      const unit = literal.charCodeAt(i);
      if (unit < 97 || unit > 122) plain = false;
      const c = unit < 128 ? classes[unit]! : foldWide(unit);
      const at = (state << 6) | c;
      if (tree[at] === 0) {
        if (states > 65534) throw new RangeError('too many states of literals for the table');
        classOf[states] = c;
        sibling[states] = firstChild[state]!;
        firstChild[state] = states;
        tree[at] = states++;
      }
      state = tree[at]!;
    }
    inexact[index] = !plain;
    const known = ends[state];
    if (known) known.push(index);
    else ends[state] = [index];
  }
  // By distance from the root: where to go on when a literal breaks off, and what ends there too.
  const fail = new Uint16Array(states);
  const order = new Uint16Array(states);
  let tail = 1;
  for (let head = 0; head < tail; head++) {
    const state = order[head]!;
    for (let child = firstChild[state]!; child !== 0; child = sibling[child]!) {
      order[tail++] = child;
      if (state !== 0) {
        const c = classOf[child]!;
        let back = fail[state]!;
        while (back !== 0 && tree[(back << 6) | c] === 0) back = fail[back]!;
        fail[child] = tree[(back << 6) | c]!;
      }
      const inherited = ends[fail[child]!];
      if (inherited) {
        const own = ends[child];
        if (own) own.push(...inherited);
        else ends[child] = inherited.slice();
      }
    }
  }
  // States without output first, so that one comparison in the hot loop tells a hit; near the root first, because text mostly stays
  // there and those rows then share the processor's cache.
  const renamed = new Uint16Array(states);
  let now = 0;
  for (let i = 0; i < states; i++) if (!ends[order[i]!]) renamed[order[i]!] = now++;
  const firstOutput = now;
  const outputs: number[][] = [];
  for (let i = 0; i < states; i++) {
    const list = ends[order[i]!];
    if (!list) continue;
    renamed[order[i]!] = now++;
    outputs.push(list);
  }
  const table = new Uint16Array(states << 6);
  for (let i = 0; i < states; i++) {
    const state = order[i]!;
    const row = renamed[state]! << 6;
    const back = renamed[fail[state]!]! << 6;
    if (i > 0) table.copyWithin(row, back, back + 64);
    for (let child = firstChild[state]!; child !== 0; child = sibling[child]!) table[row | classOf[child]!] = renamed[child]!;
  }
  return { classes, table, firstOutput, outputs, literals, inexact };
}

/** Does literal `index` really end before `end` in `text`? */
export function confirm(automaton: Automaton, index: number, text: string, end: number): boolean {
  if (!automaton.inexact[index]) return true;
  const literal = automaton.literals[index]!;
  const start = end - literal.length;
  for (let i = 0; i < literal.length; i++) {
    const want = literal.charCodeAt(i);
    let got = text.charCodeAt(start + i);
    if (got === want) continue;
    if (want === 0xe000) {
      if (got >= 48 && got <= 57) continue;
      return false;
    }
    if (got >= 65 && got <= 90) got += 32;
    else if (got > 127) got = String.fromCharCode(got).toLowerCase().charCodeAt(0);
    if (got !== want) return false;
  }
  return true;
}
