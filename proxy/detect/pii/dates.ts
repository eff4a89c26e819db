/** Dates, times and ages. They are logged, not masked, by default; a date of birth is its own entity. */
import { ANY_DIGIT } from '../automaton.js';
import type { Candidate, InlineRule, TextView } from '../rules.js';

const MONTHS =
  'january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec januar februar märz mai juni juli oktober dezember janvier février mars avril juin juillet août septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre'.split(
    ' ',
  );
const MONTH = `(?:${[...MONTHS].sort((a, b) => b.length - a.length).join('|')})\\.?`;
/** Day of the week before a date, time behind it: looked for only where a date stands. */
const DAY =
  /(?<![\p{L}\d])(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|wed|thur?|fri|sat|sun|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica)[.,]? (?:(?:the|den|le|el) )?$/iu;
const TIME =
  /^(?:,| at| um| à| a las| às| alle|,? @)? (?:[01]?\d|2[0-3])(?::[0-5]\d|h(?:[0-5]\d)?(?!\p{L})|(?= ?[ap]\.?m\b))(?: ?[ap]\.?m\b| Uhr)?(?![\d:])/iu;

function withTime(text: string, c: Candidate): Candidate {
  const day = DAY.exec(text.slice(Math.max(0, c.start - 18), c.start));
  if (day) c.start -= day[0].length;
  const time = TIME.exec(text.slice(c.end, c.end + 20));
  if (time) c.end += time[0].length;
  return c;
}

const WORDED = new RegExp(
  `(?<![\\p{L}\\d])(?:(?:0?[1-9]|[12]\\d|3[01])(?:st|nd|rd|th|\\.)?(?: of| de)? ${MONTH}(?:,? (?:de )?(?:1[89]|20)\\d\\d)?|${MONTH} (?:0?[1-9]|[12]\\d|3[01])(?:st|nd|rd|th)?(?!\\d)(?:,? (?:1[89]|20)\\d\\d)?|${MONTH},? (?:1[89]|20)\\d\\d|(?:0?[1-9]|[12]\\d|3[01])-${MONTH}-(?:\\d{4}|\\d\\d))(?![\\p{L}\\d])`,
  'giu',
);
const WEEKDAY = /(?<![\p{L}\d])(?:mon|tues|wednes|thurs|fri|satur|sun)day(?![\p{L}\d])/giu;
const NUMERIC =
  /(?<![\w./-])(?:(?:1[89]|20)\d\d([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])([-/.])(?:0?[1-9]|[12]\d|3[01])\2(?:(?:1[89]|20)\d\d|\d\d))(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\w/-]|\.\d)/g;
const YEAR =
  /(?<=(?<![\p{L}])(?:in|since|during|of|from|until|till|by|before|after|year|circa|seit|im Jahr|depuis|desde|nel) |, |\bis an? )(?:19|20)\d\d(?![\d\p{L}-]|[.,]\d)/giu;
/** Words for years, months, weeks and days that have been lived, in the languages where they alone say so, or with a word for old. */
const LIVED =
  '(?:[ -]?y[./]?o\\.?(?![\\p{L}])|[ -]?yr[ -]old|(?:[ -]|\\s)(?:years?|yrs?|months?|weeks?|days?)[ -](?:old(?!er)|of age)|[ -]jährige?[rnms]?(?![\\p{L}])|[ -]?Jahre alt| jaar oud| (?:år gammal|år gammel|lat(?= ?[,.;)])|vuotta vanha))';
/** In these languages `62 ans`, `42 jaar` is an age where it stands behind a name or between marks, or behind a word for age. */
const YEARS = '(?: ans| años| anni| anos| jaar| Jahre| år| lat)';
const AGE = new RegExp(
  `(?=[1-9])(?:(?<![\\w.,-])(?<value>(?:[1-9]|[1-9]\\d|1[01]\\d)${LIVED})|(?<=\\p{L}[\\p{L}.’'-]{1,30}(?:,| \\() ?)(?<value3>[1-9]\\d?${YEARS})(?=[,.;)]|\\n|$)|(?<=(?<![\\p{L}])(?:ho|ha|tem|tiene|tengo|tenho|a|ai|aged?|de) )(?<value4>[1-9]\\d${YEARS})(?! (?:d['e]|of|de ))|(?<=(?<![\\p{L}])(?:aged|age of|at age|age(?: is)?[:=]? ?|["']age["']: ?|aged:?|turned|turn(?:s|ing)?|i am|i'm|i’m|he is|she is|he's|she's|(?:since|when|before|after|until) (?:i|he|she) (?:was|turned)|alter:?|edad:?|âge:?|leeftijd:?|età:?|idade:?|ålder:?|wiek:?) ?)(?<value2>(?:[1-9]\\d|1[01]\\d)${LIVED}?)(?![\\d%$€,:/-]\\d|[\\d%$€:/-]|\\.\\d|[ -]?(?:am|pm|minutes?|mins?|hours?|days?|weeks?|months?|miles?|km|percent|%|dollars?|of|in|years|points?|pages?|kg|lbs?|cm|seconds?|degrees?)\\b)|(?<=\\p{L}[\\p{L}.’'-]{1,30} \\()(?<value6>[1-9]\\d? (?:yrs?\\.?|years))(?=\\))|(?<=(?<![\\p{L}])aged )(?<value7>[1-9]\\d? years)|(?<=(?<![\\p{L}])age ?/ ?(?:sex|gender)[:=]? ?)(?<value8>[1-9]\\d?)(?= ?/? ?[MF](?![\\p{L}]))|(?<=(?:passed(?: away)?|died|deceased)(?: on| in)?[^.;\\n]{0,30} (?:at|aged) )(?<value5>[1-9]\\d)(?![\\p{L}\\d:]|[.,]\\d| ?(?:am|pm)))`,
  'giu',
);

const DOB = ['dob'] as const;
function birth(view: TextView, start: number, end: number, confidence: number, why: string): Candidate {
  // A date between the word and this one takes the word for itself.
  const left = view.text.slice(Math.max(0, start - 40), start);
  const other = left.search(/\d[-/.]\d{1,2}[-/.]\d{2,4}(?!.*\d[-/.]\d{1,2}[-/.]\d{2})|(?:1[89]|20)\d\d(?!.*\d{4})/);
  return view.near(DOB, start, end, other < 0 ? 40 : Math.max(0, left.length - other - 5), 12)
    ? {
        start,
        end,
        confidence: Math.min(0.95, confidence + 0.2),
        why: `${why}; word for birth near`,
        entity: 'DATE_OF_BIRTH',
        category: 'other-pii',
      }
    : { start, end, confidence, why };
}

const date = (
  literals: readonly string[],
  pattern: RegExp,
  before: number,
  after: number,
  confidence: number,
  why: string,
  digit = true,
): InlineRule => ({
  entity: 'DATE_TIME',
  category: 'other-pii',
  literals,
  pattern,
  before,
  after,
  digit,
  validate: (_value, view, start, end) => withTime(view.text, birth(view, start, end, confidence, why)),
});

export const dates: readonly InlineRule[] = [
  date(
    [
      ...MONTHS.filter((m) => m.length > 3),
      // The verb is everywhere: a figure or a word before it tells the month.
      `may ${ANY_DIGIT}`,
      `may, ${ANY_DIGIT}`,
      `${ANY_DIGIT} may`,
      `${ANY_DIGIT}. may`,
      '-may-',
      'st may',
      'nd may',
      'rd may',
      'th may',
      ' of may',
    ],
    WORDED,
    12,
    16,
    0.7,
    'day and month by name',
  ),
  date(
    [
      'jan ',
      'feb ',
      'mar ',
      'apr ',
      'jun ',
      'jul ',
      'aug ',
      'sep ',
      'oct ',
      'nov ',
      'dec ',
      '-jan-',
      '-feb-',
      '-mar-',
      '-apr-',
      '-jun-',
      '-jul-',
      '-aug-',
      '-sep-',
      '-oct-',
      '-nov-',
      '-dec-',
    ],
    WORDED,
    12,
    16,
    0.7,
    'day and month by name',
  ),
  date(['onday', 'esday', 'rsday', 'riday', 'urday', 'sunday'], WEEKDAY, 8, 2, 0.6, 'day of the week', false),
  date(
    [
      `/${ANY_DIGIT}`,
      `-${ANY_DIGIT}${ANY_DIGIT}`,
      `.${ANY_DIGIT}${ANY_DIGIT}.`,
      `${ANY_DIGIT}.${ANY_DIGIT}.${ANY_DIGIT}${ANY_DIGIT}${ANY_DIGIT}${ANY_DIGIT}`,
    ],
    NUMERIC,
    12,
    24,
    0.65,
    'date in figures',
  ),
  date([` 19${ANY_DIGIT}${ANY_DIGIT}`, ` 20${ANY_DIGIT}${ANY_DIGIT}`], YEAR, 12, 4, 0.6, 'year after a preposition'),
  {
    entity: 'AGE',
    category: 'other-pii',
    literals: [
      'year',
      'y/o',
      `${ANY_DIGIT} yo`,
      `${ANY_DIGIT} y.o`,
      'yrs',
      `${ANY_DIGIT}yo`,
      ' old',
      '-old',
      'age/s',
      'age/g',
      ' yrs)',
      ' years)',
      'aged ',
      'age ',
      'age:',
      'age=',
      'age"',
      'turn',
      "i'm ",
      'i am ',
      'he is',
      "he's",
      'he was',
      'i was',
      'passed',
      'died',
      'deceased',
      'jahre',
      'jährig',
      ' años',
      ' anos',
      ' ans',
      ' anni',
      ' jaar',
      ' år',
      ' lat',
      'alter',
      'leeftijd',
      'edad',
    ],
    pattern: AGE,
    before: 30,
    after: 48,
    digit: true,
    confidence: 0.75,
    why: 'number with a word for age',
  },
];
