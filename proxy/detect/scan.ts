/**
 * The one pass over a text: literals and digit runs are collected, then each rule looks only at the windows around them.
 *
 * What an attacker could do here: send text that makes many windows. Windows of one rule are merged where they overlap, their
 * sum is bounded by the text, and no pattern has nested quantifiers; so the work stays linear in the text.
 */
import type { Finding, ScanContext } from '../contract/index.js';
import { ANY_DIGIT, type Automaton, buildAutomaton, confirm } from './automaton.js';
import { headerConcepts } from './columns.js';
import { CONCEPTS, CONTEXT_WORDS, type Concept, conceptIndex, conceptsOfName } from './context.js';
import type { Candidate, InlineDetector, InlineRule, TextView } from './rules.js';

/** Own code that is called with the ends of all digit runs (three or more digits, or short groups like `12 34`). */
export interface DigitScanner {
  scan(
    view: TextView,
    ends: Int32Array,
    count: number,
    emit: (rule: { entity: string; category: Finding['category'] }, c: Candidate) => void,
  ): void;
}

const DIGIT_SHAPES = ['000', '00 00', '00-00', '00.00', '00/00', '0.0.0'].map((s) => s.replaceAll('0', ANY_DIGIT));
const FLOOR = 0.5;
/** Windows of one rule are read together up to this length; the overlap at a cut is one window. */
const MAX_REGION = 16384;
const MAX_AFTER = 4096;

interface Rule extends InlineRule {
  detector: InlineDetector['name'];
  before: number;
  after: number;
  /** Region that is being collected. */
  from: number;
  to: number;
}

class Ends {
  values = new Int32Array(256);
  count = 0;
  push(v: number): void {
    if (this.count === this.values.length) {
      const bigger = new Int32Array(this.count * 2);
      bigger.set(this.values);
      this.values = bigger;
    }
    this.values[this.count++] = v;
  }
}

/** What one pass collected; also the view that rules get. */
class Pass implements TextView {
  readonly digits = new Ends();
  readonly wordEnds = new Ends();
  readonly wordLiterals = new Ends();
  /** Rule index and literal start, end of each hit. */
  readonly hits = new Ends();
  text = '';
  context: ScanContext = { direction: 'request', role: 'user', kind: 'text', provenance: 'person' };
  keyConcepts: readonly number[] = [];
  wide = 0;
  busy = false;
  /** Concepts that occur anywhere in the text; filled at the first question. */
  private readonly present = new Uint8Array(CONCEPTS.length);
  private presentKnown = false;

  constructor(
    private readonly wordConcepts: readonly (readonly number[] | undefined)[],
    private readonly wordLengths: readonly number[],
  ) {}

  reset(text: string, context: ScanContext): void {
    this.text = text;
    this.context = context;
    this.keyConcepts = context.key ? conceptsOfName(context.key) : [];
    this.digits.count = this.wordEnds.count = this.wordLiterals.count = this.hits.count = 0;
    this.wide = 0;
    this.presentKnown = false;
  }

  near(concepts: readonly Concept[], start: number, end: number, before = 60, after = 24): boolean {
    if (this.wordEnds.count === 0 && this.keyConcepts.length === 0) return false;
    if (!this.presentKnown) this.fillPresent();
    const wanted = wantedOf(concepts);
    let possible = false;
    for (let k = 0; k < wanted.length; k++) {
      if (this.keyConcepts.includes(wanted[k]!)) return true;
      if (this.present[wanted[k]!] === 1) possible = true;
    }
    if (!possible) return false;
    const ends = this.wordEnds.values;
    let low = 0;
    let high = this.wordEnds.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! < start - before) low = middle + 1;
      else high = middle;
    }
    for (let i = low; i < this.wordEnds.count; i++) {
      const literal = this.wordLiterals.values[i]!;
      const wordStart = ends[i]! - this.wordLengths[literal]!;
      if (wordStart > end + after) break;
      if (wordStart >= start && ends[i]! <= end) continue; // inside the value itself
      const has = this.wordConcepts[literal]!;
      for (const c of wanted) if (has.includes(c)) return true;
    }
    const header = headerConcepts(this.text, start);
    return header.length > 0 && wanted.some((c) => header.includes(c));
  }

  private fillPresent(): void {
    this.present.fill(0);
    this.presentKnown = true;
    let previous = -1;
    for (let i = 0; i < this.wordEnds.count; i++) {
      const literal = this.wordLiterals.values[i]!;
      if (literal === previous) continue;
      previous = literal;
      for (const c of this.wordConcepts[literal]!) this.present[c] = 1;
    }
  }
}

/** Numbers of a rule's concepts; rules are tables, so each list is turned once. */
const wantedCache = new Map<readonly Concept[], readonly number[]>();
function wantedOf(concepts: readonly Concept[]): readonly number[] {
  let wanted = wantedCache.get(concepts);
  if (!wanted) {
    wanted = concepts.map(conceptIndex);
    if (wantedCache.size < 1000) wantedCache.set(concepts, wanted);
  }
  return wanted;
}

/** Shortest run that is tried as base64 or hex (normalize/runs.ts), and the characters of one. */
const SHORTEST_RUN = 20;
const ENCODED = Uint8Array.from({ length: 128 }, (_, c) => (/[A-Za-z0-9+/_-]/.test(String.fromCharCode(c)) ? 1 : 0));

const isLetter = (c: number) => (c >= 97 && c <= 122) || (c >= 65 && c <= 90);

export class InlineScanner {
  private readonly automaton: Automaton;
  private readonly rules: Rule[];
  private readonly ruleOf: (readonly number[] | undefined)[];
  private readonly concepts: (readonly number[] | undefined)[];
  private readonly lengths: number[];
  private readonly digitLiterals: number;
  private readonly escapes: number;
  private readonly passes: Pass[] = [];

  constructor(
    detectors: readonly InlineDetector[],
    private readonly digitScanner: DigitScanner | undefined,
    /** Literals that tell that text may hold encoded text. */
    escapeLiterals: readonly string[],
  ) {
    this.rules = detectors.flatMap((d) =>
      d.rules.map((r) => ({
        ...r,
        detector: d.name,
        before: r.before ?? 64,
        after: Math.min(r.after ?? 256, MAX_AFTER),
        from: -1,
        to: -1,
      })),
    );
    const literals: string[] = [...DIGIT_SHAPES, ...escapeLiterals];
    this.digitLiterals = DIGIT_SHAPES.length;
    this.escapes = literals.length;
    const index = new Map<string, number>();
    const byLiteral: number[][] = [];
    const indexOf = (literal: string) => {
      let at = index.get(literal);
      if (at === undefined) {
        at = literals.length;
        literals.push(literal);
        index.set(literal, at);
      }
      return at;
    };
    this.rules.forEach((rule, r) => {
      for (const literal of rule.literals) (byLiteral[indexOf(literal)] ??= []).push(r);
    });
    this.concepts = [];
    for (const [word, concepts] of CONTEXT_WORDS) this.concepts[indexOf(word)] = concepts;
    this.ruleOf = byLiteral;
    this.lengths = literals.map((l) => l.length);
    this.automaton = buildAutomaton(literals);
  }

  /** Findings in `text` as it stands; `hints.wide` and `hints.escaped` tell whether a look at decoded text is worth while. */
  scan(text: string, context: ScanContext): { findings: Finding[]; wide: boolean; escaped: boolean } {
    let pass = this.passes.find((p) => !p.busy);
    if (!pass) {
      pass = new Pass(this.concepts, this.lengths);
      this.passes.push(pass);
    }
    pass.busy = true;
    try {
      pass.reset(text, context);
      const escaped = this.collect(pass);
      const findings: Finding[] = [];
      this.judge(pass, findings);
      return { findings, wide: pass.wide !== 0, escaped };
    } finally {
      pass.text = '';
      pass.busy = false;
    }
  }

  /**
   * How much of the beginning is certainly clean: no finding can lie in any part of `text` that ends there. Nothing that a rule, a
   * number or an escape begins with stands in it, no run of characters that could be encoded, and no character beyond ASCII.
   */
  quietUntil(text: string): number {
    const { classes, table, firstOutput, outputs } = this.automaton;
    const n = text.length;
    let state = 0;
    let run = 0;
    for (let i = 0; i < n; i++) {
      const c = text.charCodeAt(i);
      if (c >= 128) return i;
      state = table[(state << 6) | classes[c]!]!;
      run = ENCODED[c] === 1 ? run + 1 : 0;
      if (run === SHORTEST_RUN) return i;
      if (state < firstOutput) continue;
      for (const literal of outputs[state - firstOutput]!) {
        if (literal >= this.escapes && !this.ruleOf[literal]) continue;
        if (literal < this.digitLiterals || confirm(this.automaton, literal, text, i + 1)) return i;
      }
    }
    return n;
  }

  private collect(pass: Pass): boolean {
    const { classes, table, firstOutput } = this.automaton;
    const text = pass.text;
    const n = text.length;
    let state = 0;
    let wide = 0;
    let escaped = false;
    for (let i = 0; i < n; i++) {
      const c = text.charCodeAt(i);
      if (c < 128) state = table[(state << 6) | classes[c]!]!;
      else {
        wide |= c;
        state = table[(state << 6) | (48 + (((c * 0x9e3779b1) >>> 28) & 15))]!;
      }
      if (state >= firstOutput && this.hit(pass, state, i + 1)) escaped = true;
    }
    pass.wide = wide;
    return escaped;
  }

  /** Records the literals that end at `end`; true where one of them announces encoded text. */
  private hit(pass: Pass, state: number, end: number): boolean {
    const outputs = this.automaton.outputs[state - this.automaton.firstOutput]!;
    let escaped = false;
    for (let k = 0; k < outputs.length; k++) {
      const literal = outputs[k]!;
      if (literal < this.digitLiterals) {
        pass.digits.push(end);
        continue;
      }
      if (!confirm(this.automaton, literal, pass.text, end)) continue;
      if (literal < this.escapes) {
        escaped = true;
        continue;
      }
      const rules = this.ruleOf[literal];
      if (rules) {
        for (let r = 0; r < rules.length; r++) {
          pass.hits.push(rules[r]!);
          pass.hits.push(end - this.lengths[literal]!);
          pass.hits.push(end);
        }
      }
      if (this.concepts[literal] && wordStands(pass.text, end - this.lengths[literal]!, end)) {
        pass.wordEnds.push(end);
        pass.wordLiterals.push(literal);
      }
    }
    return escaped;
  }

  private judge(pass: Pass, findings: Finding[]): void {
    for (let i = 0; i < pass.hits.count; i += 3) {
      const rule = this.rules[pass.hits.values[i]!]!;
      const start = pass.hits.values[i + 1]!;
      const end = pass.hits.values[i + 2]!;
      if (rule.find) rule.find(pass, start, end, (c) => push(findings, rule, c, rule.detector));
      else {
        const from = Math.max(0, start - rule.before);
        if (rule.to < 0 || from > rule.to || end - rule.from > MAX_REGION) {
          if (rule.to >= 0) this.run(rule, pass, findings);
          rule.from = from;
        }
        rule.to = Math.max(rule.to, end + rule.after);
      }
    }
    for (let i = 0; i < pass.hits.count; i += 3) {
      const rule = this.rules[pass.hits.values[i]!]!;
      if (rule.to >= 0) this.run(rule, pass, findings);
    }
    if (this.digitScanner && pass.digits.count > 0) {
      this.digitScanner.scan(pass, pass.digits.values, pass.digits.count, (rule, c) => push(findings, rule, c, 'pii'));
    }
  }

  private run(rule: Rule, pass: Pass, findings: Finding[]): void {
    const { from, to } = rule;
    rule.from = rule.to = -1;
    const pattern = rule.pattern!;
    const region = from === 0 && to >= pass.text.length ? pass.text : pass.text.slice(from, to);
    pattern.lastIndex = 0;
    for (let m = pattern.exec(region); m; m = pattern.exec(region)) {
      if (m[0].length === 0) {
        pattern.lastIndex++;
        continue;
      }
      const value = m.groups?.value ?? m[0];
      const start = from + m.index + (value === m[0] ? 0 : valueOffset(m, value));
      const end = start + value.length;
      const resume = pattern.lastIndex;
      const judged = rule.validate ? rule.validate(value, pass, start, end, m) : (rule.confidence ?? 0.8);
      pattern.lastIndex = resume;
      if (typeof judged === 'number') {
        if (judged >= FLOOR) push(findings, rule, { start, end, confidence: judged, why: rule.why ?? 'shape' }, rule.detector);
      } else push(findings, rule, judged, rule.detector);
    }
  }
}

/** Where the group `value` begins within the match: the `d` flag where the pattern has it, else the last place that fits. */
function valueOffset(m: RegExpExecArray, value: string): number {
  const exact = m.indices?.groups?.value;
  return exact ? exact[0] - m.index : m[0].lastIndexOf(value);
}

function push(
  findings: Finding[],
  rule: { entity: string; category: Finding['category'] },
  c: Candidate,
  detector: InlineDetector['name'],
): void {
  if (c.confidence < FLOOR || c.end <= c.start) return;
  findings.push({
    entity: c.entity ?? rule.entity,
    category: c.category ?? rule.category,
    start: c.start,
    end: c.end,
    confidence: c.confidence,
    why: c.why,
    detector,
    ...(c.testValue ? { testValue: true } : {}),
  });
}

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
  if (after === 115 || after === 83) return !isLetter(text.charCodeAt(end + 1) || 32);
  return after <= 90 && text.charCodeAt(end - 1) >= 97;
}
