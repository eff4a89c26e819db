/**
 * The one pass over a text: literals and digit runs are collected, then each rule looks only at the windows around them.
 *
 * What an attacker could do here: send text that makes many windows. Windows of one rule are merged where they overlap, their
 * sum is bounded by the text, and no pattern has nested quantifiers; so the work stays linear in the text.
 */
import type { Finding, ScanContext } from '../contract/index.js';
import { ANY_DIGIT, type Automaton, buildAutomaton, confirm } from './automaton.js';
import type { Concept } from './context.js';
import { Nearby } from './nearby.js';
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

/** Growing list of numbers that is filled anew for each text. */
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

interface Rule extends InlineRule {
  detector: InlineDetector['name'];
  before: number;
  after: number;
  /** `pattern` made sticky, where the rule says that it begins with its literal. */
  sticky: RegExp | undefined;
  /** Takes what `find` found. */
  emit: (c: Candidate) => void;
  /** Region that is being collected; for anchored rules `to` is the end of the last match. */
  from: number;
  to: number;
}

/** What one pass collected; also the view that rules get. */
class Pass implements TextView {
  readonly digits = new Ends();
  /** Rule index, literal start and literal end of each hit. */
  readonly hits = new Ends();
  readonly nearby = new Nearby();
  text = '';
  context: ScanContext = { direction: 'request', role: 'user', kind: 'text', provenance: 'person' };
  serial = 0;
  wide = 0;
  escaped = false;

  reset(text: string, context: ScanContext): void {
    this.text = text;
    this.context = context;
    this.serial++;
    this.nearby.reset(text, context.key);
    this.digits.count = this.hits.count = 0;
    this.wide = 0;
    this.escaped = false;
  }

  near(concepts: readonly Concept[], start: number, end: number, before = 60, after = 24): boolean {
    return this.nearby.has(concepts, start, end, before, after);
  }
}

/** Shortest run that is tried as base64 or hex (normalize/runs.ts), and the characters of one. */
const SHORTEST_RUN = 20;
const ENCODED = Uint8Array.from({ length: 128 }, (_, c) => (/[A-Za-z0-9+/_-]/.test(String.fromCharCode(c)) ? 1 : 0));

const LETTER = Uint8Array.from({ length: 128 }, (_, c) => (/[A-Za-z]/.test(String.fromCharCode(c)) ? 1 : 0));

function holdsDigit(text: string, from: number, to: number): boolean {
  const end = Math.min(to, text.length);
  for (let i = Math.max(0, from); i < end; i++) {
    const c = text.charCodeAt(i);
    if (c >= 48 && c <= 57) return true;
  }
  return false;
}

const stickyOf = (pattern: RegExp): RegExp => (pattern.sticky ? pattern : new RegExp(pattern.source, pattern.flags.replace('g', 'y')));

/** What one scan says beside its findings: is a look at the text behind escapes or beyond ASCII worth while? */
export interface Hints {
  wide: boolean;
  escaped: boolean;
}

export class InlineScanner {
  private readonly automaton: Automaton;
  private readonly rules: Rule[];
  private readonly ruleOf: (readonly number[] | undefined)[];
  private readonly lengths: number[];
  private readonly digitLiterals: number;
  private readonly escapes: number;
  private readonly pass = new Pass();
  private found: Finding[] = [];
  private readonly emitNumber = (rule: { entity: string; category: Finding['category'] }, c: Candidate): void =>
    push(this.found, rule, c, 'pii');
  readonly hints: Hints = { wide: false, escaped: false };

  constructor(
    detectors: readonly InlineDetector[],
    private readonly digitScanner: DigitScanner | undefined,
    /** Literals that tell that text may hold encoded text. */
    escapeLiterals: readonly string[],
  ) {
    this.rules = detectors.flatMap((d) => d.rules.map((r) => this.ruleFrom(r, d.name)));
    const literals: string[] = [...DIGIT_SHAPES, ...escapeLiterals];
    this.digitLiterals = DIGIT_SHAPES.length;
    this.escapes = literals.length;
    const index = new Map<string, number>();
    const byLiteral: number[][] = [];
    this.rules.forEach((rule, r) => {
      for (const literal of rule.literals) {
        let at = index.get(literal);
        if (at === undefined) {
          at = literals.length;
          literals.push(literal);
          index.set(literal, at);
        }
        (byLiteral[at] ??= []).push(r);
      }
    });
    this.ruleOf = byLiteral;
    this.lengths = literals.map((l) => l.length);
    this.automaton = buildAutomaton(literals);
  }

  private ruleFrom(r: InlineRule, detector: InlineDetector['name']): Rule {
    const rule: Rule = {
      ...r,
      detector,
      before: r.before ?? 64,
      after: Math.min(r.after ?? 256, MAX_AFTER),
      sticky: r.begins && r.pattern ? stickyOf(r.pattern) : undefined,
      emit: (c) => push(this.found, rule, c, detector),
      from: -1,
      to: -1,
    };
    return rule;
  }

  /** Adds the findings in `text` as it stands to `findings` and sets {@link hints}. Not reentrant: rules do not scan. */
  scan(text: string, context: ScanContext, findings: Finding[]): void {
    const pass = this.pass;
    pass.reset(text, context);
    this.found = findings;
    try {
      this.collect(pass);
      if (pass.hits.count > 0) this.judge(pass);
      if (pass.digits.count > 0 && this.digitScanner) this.digitScanner.scan(pass, pass.digits.values, pass.digits.count, this.emitNumber);
      this.hints.wide = pass.wide !== 0;
      this.hints.escaped = pass.escaped;
    } finally {
      pass.text = '';
      this.found = [];
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
      for (const literal of outputs[state - firstOutput]!)
        if (literal < this.digitLiterals || confirm(this.automaton, literal, text, i + 1)) return i;
    }
    return n;
  }

  private collect(pass: Pass): void {
    const { classes, table, firstOutput } = this.automaton;
    const text = pass.text;
    const n = text.length;
    let state = 0;
    let wide = 0;
    for (let i = 0; i < n; i++) {
      const c = text.charCodeAt(i);
      if (c < 128) state = table[(state << 6) | classes[c]!]!;
      else {
        wide |= c;
        state = table[(state << 6) | (48 + (Math.imul(c | 32, 0x9e3779b1) >>> 28))]!;
      }
      if (state >= firstOutput) this.hit(pass, state, i + 1);
    }
    pass.wide = wide;
  }

  /** Records the literals that end at `end`. */
  private hit(pass: Pass, state: number, end: number): void {
    const outputs = this.automaton.outputs[state - this.automaton.firstOutput]!;
    for (let k = 0; k < outputs.length; k++) {
      const literal = outputs[k]!;
      if (literal < this.digitLiterals) {
        pass.digits.push(end);
        continue;
      }
      if (!confirm(this.automaton, literal, pass.text, end)) continue;
      if (literal < this.escapes) {
        pass.escaped = true;
        continue;
      }
      const start = end - this.lengths[literal]!;
      const rules = this.ruleOf[literal]!;
      for (let r = 0; r < rules.length; r++) {
        pass.hits.push(rules[r]!);
        pass.hits.push(start);
        pass.hits.push(end);
      }
    }
  }

  private judge(pass: Pass): void {
    const text = pass.text;
    const hits = pass.hits.values;
    const count = pass.hits.count;
    let open = false;
    for (let i = 0; i < count; i += 3) {
      const rule = this.rules[hits[i]!]!;
      const start = hits[i + 1]!;
      const end = hits[i + 2]!;
      if (rule.find) {
        rule.find(pass, start, end, rule.emit);
        continue;
      }
      if (rule.sticky) {
        this.runAt(rule, pass, start);
        continue;
      }
      if (rule.digit && !holdsDigit(text, start - rule.before, end + rule.after)) continue;
      const from = Math.max(0, start - rule.before);
      if (rule.to < 0 || from > rule.to || end - rule.from > MAX_REGION) {
        if (rule.to >= 0) this.run(rule, pass);
        rule.from = from;
      }
      rule.to = Math.max(rule.to, end + rule.after);
      open = true;
    }
    if (!open) return;
    for (let i = 0; i < count; i += 3) {
      const rule = this.rules[hits[i]!]!;
      if (rule.to >= 0) this.run(rule, pass);
    }
  }

  /** A rule whose pattern begins with its literal: one try at its place. */
  private runAt(rule: Rule, pass: Pass, start: number): void {
    const { text } = pass;
    if (rule.begins === 'word' && start > 0) {
      const before = text.charCodeAt(start - 1);
      if (before < 128 && LETTER[before] === 1) return;
    }
    const pattern = rule.sticky!;
    pattern.lastIndex = start;
    const m = pattern.exec(text);
    if (m) this.take(rule, pass, m, m.index);
  }

  private run(rule: Rule, pass: Pass): void {
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
      const resume = pattern.lastIndex;
      this.take(rule, pass, m, from + m.index);
      pattern.lastIndex = resume;
    }
  }

  /** Judges match `m` of `rule` that begins at `at`. */
  private take(rule: Rule, pass: Pass, m: RegExpExecArray, at: number): void {
    const value = m.groups?.['value'] ?? m[0];
    const start = at + (value === m[0] ? 0 : valueOffset(m, value));
    const end = start + value.length;
    const judged = rule.validate ? rule.validate(value, pass, start, end, m) : (rule.confidence ?? 0.8);
    if (typeof judged !== 'number') push(this.found, rule, judged, rule.detector);
    else if (judged >= FLOOR) push(this.found, rule, { start, end, confidence: judged, why: rule.why ?? 'shape' }, rule.detector);
  }
}

/** Where the group `value` begins within the match: the `d` flag where the pattern has it, else the last place that fits. */
function valueOffset(m: RegExpExecArray, value: string): number {
  const exact = m.indices?.groups?.['value'];
  return exact ? exact[0] - m.index : m[0].lastIndexOf(value);
}

function push(
  findings: Finding[],
  rule: { entity: string; category: Finding['category'] },
  c: Candidate,
  detector: InlineDetector['name'],
): void {
  if (c.confidence < FLOOR || c.end <= c.start) return;
  const f: Finding = {
    entity: c.entity ?? rule.entity,
    category: c.category ?? rule.category,
    start: c.start,
    end: c.end,
    confidence: c.confidence,
    why: c.why,
    detector,
  };
  if (c.testValue) f.testValue = true;
  findings.push(f);
}
