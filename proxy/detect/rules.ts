import type { FindingCategory, ScanContext } from '../contract/index.js';
import type { Concept } from './context.js';

/** The text under scan, as rules see it. Offsets are UTF-16 units of `text`. */
export interface TextView {
  readonly text: string;
  readonly context: ScanContext;
  /** Another for every scan: what a rule remembers of a text holds for one scan only. */
  readonly serial: number;
  /**
   * Does a word of one of the concepts stand close by: at most `before` units before `start` (default 60), `after` units
   * after `end` (default 24), as the JSON key or as the CSV header of the value's column?
   */
  near(concepts: readonly Concept[], start: number, end: number, before?: number, after?: number): boolean;
}

/** What a rule found. */
export interface Candidate {
  start: number;
  end: number;
  /** 0 … 1; findings below the engine's floor (0.5) are dropped. */
  confidence: number;
  /** One short phrase; never the value. */
  why: string;
  /** Where it differs from the rule's. */
  entity?: string;
  category?: FindingCategory;
  testValue?: boolean;
}

/**
 * One kind of value, triggered by literals in the shared prefilter. Either `pattern` (run in a window around the literal) or
 * `find` (own code, called with the position of the literal) says where it is.
 */
export interface InlineRule {
  entity: string;
  category: FindingCategory;
  /**
   * Lower case; compared without case; at least one must be present. A digit stands for itself; `ANY_DIGIT` (automaton.ts) stands for any digit; digits are folded
   * only inside the automaton. Literals shorter than three characters cost speed.
   */
  literals: readonly string[];
  /**
   * Must be global (or sticky, where it `begins` with its literal), without nested quantifiers; bounded repetition only. Runs on the window(s) around the literals. A group named
   * `value` marks the part that is masked; without it the whole match is.
   */
  pattern?: RegExp;
  /**
   * Every match of `pattern` begins exactly at a literal: it is tried there only, on the whole text, so its repetitions must be bounded
   * by what it may cost. `word`: no match where an ASCII letter stands right before.
   */
  begins?: 'word' | 'here';
  /** No match without an ASCII digit in the window: windows without are not read. */
  digit?: boolean;
  /** Units of window before the literal's start and after its end. Defaults 64 and 256; at most 4,096. */
  before?: number;
  after?: number;
  /** Confidence of a match of `pattern`. */
  confidence?: number;
  why?: string;
  /** Adjusts or rejects a match of `pattern`: returns the confidence (0 rejects), or a whole candidate. */
  validate?(value: string, view: TextView, start: number, end: number, match: RegExpExecArray): number | Candidate;
  /** Own code instead of `pattern`; must be linear in the text it looks at. */
  find?(view: TextView, start: number, end: number, emit: (candidate: Candidate) => void): void;
}

/** A long value whose beginning is certain: streamed text after it can be dropped at once until the value ends. */
export interface SwallowRule {
  entity: string;
  /** Sticky (`y`) and anchored: matches where a value has certainly begun. Must match within 40 units of the beginning. */
  start: RegExp;
  /** First match at or after the beginning ends the value (its own end included). */
  end: RegExp;
  /** Units after which the value ends in any case. */
  maxLength: number;
}

/** A family of rules that share the prefilter. `secrets/index.ts` exports one, `pii/index.ts` another. */
export interface InlineDetector {
  /** Stands in findings as `detector`. */
  name: 'pii' | 'secrets';
  rules: readonly InlineRule[];
  swallow?: readonly SwallowRule[];
}

/**
 * Judges whole text for prompt findings (category `prompt`). Pure, never throws; called on the loop for text up to 32 KB and in a
 * worker above.
 */
export type PromptDetector = (text: string, context: ScanContext) => PromptFinding[];

export interface PromptFinding {
  entity: 'PROMPT_INJECTION' | 'JAILBREAK' | 'INVISIBLE_TEXT' | 'DESTRUCTIVE_REQUEST' | 'EXFILTRATION_REQUEST' | (string & {});
  start: number;
  end: number;
  confidence: number;
  why: string;
}
