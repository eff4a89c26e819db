/** Forms of identifiers as data: how many digits or characters, which scheme, what confidence alone and near a context word. */
import type { FindingCategory } from '../../contract/index.js';
import type { Concept } from '../context.js';
import { FINANCE_NUMBERS, FINANCE_TOKENS } from './identifiers-finance.js';
import { NATIONAL_NUMBERS, NATIONAL_TOKENS } from './identifiers-national.js';
import { THING_NUMBERS, THING_TOKENS } from './identifiers-things.js';

/** A number written in digits with separators. */
export interface NumberRule {
  entity: string;
  category: FindingCategory;
  /** Possible counts of digits. */
  digits: readonly number[];
  /** Exact group shapes (`3-2-4`); absent: one group, or groups joined by one kind of mark (space or hyphen). */
  shapes?: ReadonlySet<string>;
  valid?(digits: string): boolean;
  /** Confidence with no context word near (below 0.5 = not reported). */
  alone: number;
  withContext: number;
  context: readonly Concept[];
  /** Units before the value in which a context word counts (default 60). */
  before?: number;
  why: string;
  /** Documented test values. */
  test?(digits: string): boolean;
}

/** A word of letters and digits without separators. */
export interface TokenRule {
  entity: string;
  category: FindingCategory;
  lengths: readonly number[];
  /** Sees upper case where `anyCase`, else the text as it is. */
  pattern: RegExp;
  anyCase?: boolean;
  /** Gets upper case. */
  valid?(upper: string): boolean;
  alone: number;
  withContext: number;
  context: readonly Concept[];
  before?: number;
  why: string;
}

export const shapes = (...list: string[]): ReadonlySet<string> => new Set(list);

export const NUMBER_RULES: readonly NumberRule[] = [...FINANCE_NUMBERS, ...NATIONAL_NUMBERS, ...THING_NUMBERS];
export const TOKEN_RULES: readonly TokenRule[] = [...FINANCE_TOKENS, ...NATIONAL_TOKENS, ...THING_TOKENS];
