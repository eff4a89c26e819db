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
  return WIDE + (((unit * 0x9e3779b1) >>> 28) & 15);
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

/** Builds the automaton. Literals are lower case; at least one character each. */
export function buildAutomaton(literals: readonly string[]): Automaton {
  const classes = classTable(literals);
  const classOf = (c: number) => (c < 128 ? classes[c]! : foldWide(c));
  const go: Int32Array[] = [new Int32Array(64).fill(-1)];
  const ends: number[][] = [[]];
  const inexact = literals.map((l) => /[^a-z]/.test(l));
  literals.forEach((literal, index) => {
    let state = 0;
    for (let i = 0; i < literal.length; i++) {
      const c = classOf(literal.charCodeAt(i));
      if (go[state]![c]! < 0) {
        go[state]![c] = go.length;
        go.push(new Int32Array(64).fill(-1));
        ends.push([]);
      }
      state = go[state]![c]!;
    }
    ends[state]!.push(index);
  });
  const fail = new Int32Array(go.length);
  const queue: number[] = [];
  for (let c = 0; c < 64; c++) {
    if (go[0]![c]! < 0) go[0]![c] = 0;
    else queue.push(go[0]![c]!);
  }
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head]!;
    for (let c = 0; c < 64; c++) {
      const to = go[state]![c]!;
      const viaFail = go[fail[state]!]![c]!;
      if (to < 0) go[state]![c] = viaFail;
      else {
        fail[to] = viaFail;
        queue.push(to);
      }
    }
    const inherited = ends[fail[state]!]!;
    if (inherited.length > 0) ends[state]!.push(...inherited);
  }
  // States without output first, so that one comparison in the hot loop tells a hit.
  const order = [...go.keys()].sort((a, b) => Number(ends[a]!.length > 0) - Number(ends[b]!.length > 0) || a - b);
  const renamed = new Int32Array(go.length);
  order.forEach((old, now) => {
    renamed[old] = now;
  });
  const table = new Uint16Array(go.length * 64);
  order.forEach((old, now) => {
    for (let c = 0; c < 64; c++) table[now * 64 + c] = renamed[go[old]![c]!]!;
  });
  const firstOutput = order.findIndex((old) => ends[old]!.length > 0);
  return {
    classes,
    table,
    firstOutput: firstOutput < 0 ? go.length : firstOutput,
    outputs: firstOutput < 0 ? [] : order.slice(firstOutput).map((old) => ends[old]!),
    literals,
    inexact,
  };
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
