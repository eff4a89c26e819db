/** Identifiers as data: how many digits, which scheme, what confidence alone and near a context word. */
import type { FindingCategory } from '../../contract/index.js';
import { usSsn } from '../checksum/america.js';
import { creditCard, iban } from '../checksum/finance.js';
import type { Concept } from '../context.js';

/** A number written in digits with separators. */
export interface NumberRule {
  entity: string;
  category: FindingCategory;
  /** Possible counts of digits. */
  digits: readonly number[];
  /** Exact group shapes (`3-2-4`); absent: one group, or groups joined by one kind of mark. */
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
  pattern: RegExp;
  /** The pattern sees upper case whatever the text has. */
  anyCase?: boolean;
  valid?(upper: string): boolean;
  alone: number;
  withContext: number;
  context: readonly Concept[];
  before?: number;
  why: string;
}

const TEST_CARDS = new Set(
  '4111111111111111 4242424242424242 4000056655665556 5555555555554444 5105105105105100 2223003122003222 378282246310005 371449635398431 6011111111111117 6011000990139424 30569309025904 38520000023237 3530111333300000 3566002020360505 4012888888881881 4222222222222 4000000000000002 5200828282828210 5424000000000015 4007000000027 6011000000000012 370000000000002 5454545454545454 4917610000000000 6304000000000000 5019717010103742 2222405343248877'.split(
    ' ',
  ),
);

export const NUMBER_RULES: NumberRule[] = [
  {
    entity: 'CREDIT_CARD',
    category: 'financial',
    digits: [12, 13, 14, 15, 16, 17, 18, 19],
    valid: creditCard,
    alone: 0.8,
    withContext: 0.98,
    context: ['card'],
    why: 'Luhn and issuer range',
    test: (d) => TEST_CARDS.has(d),
  },
  {
    entity: 'US_SSN',
    category: 'national-id',
    digits: [9],
    shapes: new Set(['3-2-4', '3 2 4', '3.2.4']),
    valid: usSsn,
    alone: 0.75,
    withContext: 0.95,
    context: ['ssn', 'nationalId', 'tax'],
    why: 'group shape and issued area',
    test: (d) => d === '078051120' || d === '219099999',
  },
  {
    entity: 'US_SSN',
    category: 'national-id',
    digits: [9],
    shapes: new Set(['9']),
    valid: usSsn,
    alone: 0.1,
    withContext: 0.85,
    context: ['ssn'],
    why: 'nine digits of an issued area',
  },
];

export const TOKEN_RULES: TokenRule[] = [
  {
    entity: 'IBAN_CODE',
    category: 'financial',
    lengths: Array.from({ length: 20 }, (_, i) => i + 15),
    pattern: /^[A-Z]{2}\d{2}[A-Z0-9]+$/,
    anyCase: true,
    valid: iban,
    alone: 0.95,
    withContext: 0.99,
    context: ['iban', 'account'],
    why: 'country length and MOD 97-10',
  },
];
