/**
 * Numbers: from the digit runs of the prefilter to cards, accounts, national identifiers and telephone numbers. A stretch of digit
 * groups is read once; rules are looked up by the count of their digits, so a number costs a few table reads and not a hundred
 * patterns.
 */
import type { FindingCategory } from '../../contract/index.js';
import type { Concept } from '../context.js';
import type { Candidate, TextView } from '../rules.js';
import type { DigitScanner } from '../scan.js';
import { NUMBER_RULES, type NumberRule, TOKEN_RULES, type TokenRule } from './identifiers.js';
import { ipv4 } from './network.js';
import { phone } from './phone.js';
import { shaped } from './shaped.js';
import { machineId } from './suppress.js';

type Emit = (rule: { entity: string; category: FindingCategory }, c: Candidate) => void;

/** Classes of ASCII units. */
const DIGIT = 1;
const LETTER = 2;
const JOINER = 4;
const CLASS = new Uint8Array(128);
for (let c = 48; c <= 57; c++) CLASS[c] = DIGIT;
for (let c = 97; c <= 122; c++) CLASS[c] = CLASS[c - 32] = LETTER;
/** Marks that people put between digit groups; beyond ASCII: no-break and thin spaces, no-break hyphen, dash. */
for (const c of ' -./()') CLASS[c.charCodeAt(0)] = JOINER;
const isWideJoiner = (c: number) => c === 0xa0 || c === 0x2009 || c === 0x202f || c === 0x2011 || c === 0x2013;

const isDigit = (c: number) => c >= 48 && c <= 57;
const isAlnum = (c: number) => c < 128 && (CLASS[c]! & (DIGIT | LETTER)) !== 0;
const isJoiner = (c: number) => (c < 128 ? CLASS[c] === JOINER : isWideJoiner(c));

/** Rules by the exact shape of the groups, and those that take any uniform grouping by the count of digits. */
const BY_SHAPE = new Map<string, NumberRule[]>();
const BY_DIGITS: NumberRule[][] = [];
for (const rule of NUMBER_RULES) {
  if (rule.shapes) for (const shape of rule.shapes) BY_SHAPE.set(shape, [...(BY_SHAPE.get(shape) ?? []), rule]);
  else for (const n of rule.digits) (BY_DIGITS[n] ??= []).push(rule);
}
/** Shapes as a tree: from group to group by the marks between and the count of digits, so that rows of numbers end early. */
interface Shape {
  rules: readonly NumberRule[];
  next: Map<number, Shape>;
}
const ROOT: Shape = { rules: [], next: new Map() };
const MARKS = new Map<string, number>();
const edge = (mark: number, digits: number) => mark * 64 + digits;
for (const [shape, rules] of BY_SHAPE) {
  let node = ROOT;
  for (const m of shape.matchAll(/(\D*)(\d+)/g)) {
    const mark = MARKS.get(m[1]!) ?? MARKS.set(m[1]!, MARKS.size).get(m[1]!)!;
    const key = edge(mark, Number(m[2]));
    const known = node.next.get(key);
    if (known) node = known;
    else {
      const made: Shape = { rules: [], next: new Map() };
      node.next.set(key, made);
      node = made;
    }
  }
  node.rules = rules;
}
const NO_RULES: readonly NumberRule[] = [];
const BY_LENGTH: TokenRule[][] = [];
for (const rule of TOKEN_RULES) for (const n of rule.lengths) (BY_LENGTH[n] ??= []).push(rule);

/** Digit groups of the stretch that is looked at: `starts[i] … ends[i]` in the text. One object for all, because there are many. */
interface Stretch {
  from: number;
  to: number;
  count: number;
  /** Digits of all groups. */
  digits: number;
  starts: Int32Array;
  ends: Int32Array;
}
const stretch: Stretch = { from: 0, to: 0, count: 0, digits: 0, starts: new Int32Array(160), ends: new Int32Array(160) };

/** The words of digits around `at`, joined by single marks. */
function stretchAt(text: string, at: number, floor: number): Stretch {
  const n = text.length;
  let from = at;
  const left = Math.max(floor, at - 120);
  while (from > left) {
    const c = text.charCodeAt(from - 1);
    if (isDigit(c) || c === 43) from--;
    else if (isJoiner(c) && joins(text, from - 1, floor)) from--;
    else break;
  }
  let to = at;
  const limit = Math.min(n, at + 160);
  while (to < limit) {
    const c = text.charCodeAt(to);
    if (isDigit(c)) to++;
    else if (isJoiner(c) && to + 1 < n && joinsRight(text, to)) to++;
    else break;
  }
  const { starts, ends } = stretch;
  let count = 0;
  let digits = 0;
  for (let i = from; i < to; i++) {
    if (!isDigit(text.charCodeAt(i))) continue;
    starts[count] = i++;
    while (i < to && isDigit(text.charCodeAt(i))) i++;
    digits += i - starts[count]!;
    ends[count++] = i;
  }
  stretch.from = from;
  stretch.to = to;
  stretch.count = count;
  stretch.digits = digits;
  return stretch;
}

/** A joiner at `i` belongs to the stretch on its right if a digit, or one more mark and a digit, stands on its left. */
function joins(text: string, i: number, floor: number): boolean {
  const c = text.charCodeAt(i);
  if (c === 40) return true;
  for (let k = i - 1; k >= floor && k >= i - 2; k--) {
    const p = text.charCodeAt(k);
    if (isDigit(p)) return true;
    if (!isJoiner(p)) return false;
  }
  return false;
}

function joinsRight(text: string, i: number): boolean {
  for (let k = i + 1; k < text.length && k <= i + 2; k++) {
    const p = text.charCodeAt(k);
    if (isDigit(p)) return true;
    if (!isJoiner(p)) return false;
  }
  return false;
}

/** Is the comma beside `start … end` one of thousands or decimals, and not of a row of values? `side` begins the three digits behind it. */
function thousands(text: string, start: number, end: number, side: number): boolean {
  for (let i = start; i < end; i++) if (!isDigit(text.charCodeAt(i))) return false;
  if (side === start) return end - start === 3;
  let n = 0;
  while (n < 4 && isDigit(text.charCodeAt(side + n))) n++;
  return end - start <= 3 ? n === 3 : n < 3;
}

function bounded(text: string, start: number, end: number): boolean {
  const b = start > 0 ? text.charCodeAt(start - 1) : 0;
  const a = end < text.length ? text.charCodeAt(end) : 0;
  if (isAlnum(b) || b === 95 || b === 36 || isAlnum(a) || a === 95) return false;
  // Decimals, and pieces of longer dashed or dotted chains.
  if (b === 46 && isDigit(text.charCodeAt(start - 2))) return false;
  if (a === 46 && isDigit(text.charCodeAt(end + 1))) return false;
  if (b === 44 && isDigit(text.charCodeAt(start - 2)) && thousands(text, start, end, start)) return false;
  if (a === 44 && isDigit(text.charCodeAt(end + 1)) && thousands(text, start, end, end + 1)) return false;
  if (b === 45 && isAlnum(text.charCodeAt(start - 2))) return false;
  if (a === 45 && isDigit(text.charCodeAt(end + 1))) return false;
  return true;
}

function tryNumbers(view: TextView, s: Stretch, emit: Emit): boolean {
  const { text } = view;
  let any = false;
  /** Digits of all groups without the marks, taken when the first rule asks; `before` of them stand before group `a`. */
  let all = '';
  let before = 0;
  for (let a = 0; a < s.count; before += s.ends[a]! - s.starts[a]!, a++) {
    const start = s.starts[a]!;
    let total = 0;
    let node: Shape | undefined = ROOT;
    /** The one mark between all groups so far; undefined once they differ. */
    let same: string | undefined = '';
    for (let b = a; b < s.count && b < a + 9; b++) {
      const size = s.ends[b]! - s.starts[b]!;
      total += size;
      if (total > 24) break;
      let mark = '';
      if (b > a) {
        mark = s.starts[b]! - s.ends[b - 1]! === 1 ? markOf(text.charCodeAt(s.ends[b - 1]!)) : text.slice(s.ends[b - 1]!, s.starts[b]!);
        if (b === a + 1) same = mark.length === 1 ? mark : undefined;
        else if (mark !== same) same = undefined;
      }
      if (node) {
        const known = MARKS.get(mark);
        node = known === undefined ? undefined : node.next.get(edge(known, size));
      }
      const free = same === '' || same === ' ' || same === '-' ? (BY_DIGITS[total] ?? NO_RULES) : NO_RULES;
      if (!node && same === undefined) break;
      const shaped = node ? node.rules : NO_RULES;
      if (shaped.length === 0 && free.length === 0) continue;
      const end = s.ends[b]!;
      if (!bounded(text, start, end)) continue;
      if (all === '' && a !== b) all = text.slice(s.starts[0]!, s.ends[s.count - 1]!).replace(/\D+/g, '');
      const digits = a === b ? text.slice(start, end) : all.slice(before, before + total);
      for (const rule of shaped) if (rule.digits.includes(total) && judge(view, rule, digits, start, end, emit)) any = true;
      for (const rule of free) if (judge(view, rule, digits, start, end, emit)) any = true;
    }
  }
  return any;
}

function judge(view: TextView, rule: NumberRule, digits: string, start: number, end: number, emit: Emit): boolean {
  if (rule.valid && !rule.valid(digits)) return false;
  let confidence = rule.alone;
  let why = rule.why;
  if (confidence < rule.withContext && view.near(rule.context, start, end, rule.before)) {
    confidence = rule.withContext;
    why += '; context word near';
  }
  if (confidence < 0.5) return false;
  // `total=4539…`, `"id":4539…`: the key says that it is something else.
  if (rule.entity === 'CREDIT_CARD' && confidence === rule.alone && /\w(?:=|":) ?"?$/.test(view.text.slice(Math.max(0, start - 4), start)))
    return false;
  const testValue = rule.test?.(digits);
  if (testValue) emit(rule, { start, end, confidence, why: `${why}; documented test value`, testValue });
  else emit(rule, { start, end, confidence, why });
  return true;
}

/** The mark between two groups with its typographic variants folded. */
function markOf(c: number): string {
  return c === 0x2011 || c === 0x2013 ? '-' : c === 0xa0 || c === 0x202f || c === 0x2009 ? ' ' : String.fromCharCode(c);
}

function tryToken(view: TextView, at: number, floor: number, emit: Emit): number {
  const { text } = view;
  let start = at;
  while (start > floor && at - start < 40 && isAlnum(text.charCodeAt(start - 1))) start--;
  let end = at;
  while (end < text.length && end - at < 80 && isAlnum(text.charCodeAt(end))) end++;
  const rules = BY_LENGTH[end - start];
  if (rules) {
    const b = start > 0 ? text.charCodeAt(start - 1) : 0;
    const a = end < text.length ? text.charCodeAt(end) : 0;
    if (
      !(
        b === 95 ||
        a === 95 ||
        b === 36 ||
        b === 64 ||
        (b === 46 && isAlnum(text.charCodeAt(start - 2))) ||
        (b === 45 && isAlnum(text.charCodeAt(start - 2)) && isAlnum(a))
      )
    ) {
      const raw = text.slice(start, end);
      const upper = raw.toUpperCase();
      for (const rule of rules) {
        if (!rule.pattern.test(rule.anyCase ? upper : raw)) continue;
        if (rule.valid && !rule.valid(upper)) continue;
        let confidence = rule.alone;
        let why = rule.why;
        if (confidence < rule.withContext && view.near(rule.context, start, end, rule.before)) {
          confidence = rule.withContext;
          why += '; context word near';
        }
        if (confidence >= 0.5) emit(rule, { start, end, confidence, why });
      }
    }
  }
  return end;
}

/** Stands a letter within two units of the stretch? */
function hasLetterNear(text: string, s: Stretch): boolean {
  for (let i = s.from - 2; i < s.from; i++) if (i >= 0 && isLetter(text.charCodeAt(i))) return true;
  for (let i = s.to; i < s.to + 2; i++) if (i < text.length && isLetter(text.charCodeAt(i))) return true;
  return false;
}
const isLetter = (c: number) => c < 128 && CLASS[c] === LETTER;

const IP_RULE = { entity: 'IP_ADDRESS', category: 'network' } as const;

export const numbers: DigitScanner = {
  scan(view, ends, count, emit) {
    const { text } = view;
    let done = 0;
    let tokenDone = 0;
    for (let i = 0; i < count; i++) {
      const at = ends[i]! - 1;
      if (at < done) continue;
      const skip = machineId(text, at);
      if (skip > 0) {
        done = skip;
        continue;
      }
      const s = stretchAt(text, at, done);
      done = Math.max(s.to, at + 1);
      if (s.count === 0) continue;
      if (hasLetterNear(text, s)) {
        for (let g = 0; g < s.count; g++) {
          const start = s.starts[g]!;
          if (start >= tokenDone) tokenDone = tryToken(view, start, Math.max(0, start - 40), emit);
        }
        shaped(view, s.from, s.to, emit);
      }
      for (let a = 0; a + 3 < s.count; a++) {
        const ip = ipv4(view, s.starts, s.ends, a);
        if (ip) {
          emit(IP_RULE, ip);
          a += 3;
        }
      }
      const found = s.digits >= 5 && tryNumbers(view, s, emit);
      if (s.digits >= 7) phone(view, s.from, s.to, s.digits, found, emit);
    }
  },
};

export type { Concept };
