import { RE2JS } from 're2js';
import type { Finding } from '../contract/index.js';
import { patternFinder, type TextFinder, wordFinder } from './answer-text.js';
import type { Match, MatchValue } from './document.js';
import { MATCH_FIELDS } from './fields.js';
import { globTest, wordTest } from './glob.js';
import type { Subject } from './types.js';

/** One field of a rule's match, compiled. `saw` says in words what the subject has there, never a value of the content. */
export interface Condition {
  field: string;
  wants: string;
  cost: number;
  test(subject: Subject): boolean;
  saw(subject: Subject): string;
  /** For words and patterns: looks for them in a window of a text that streams. */
  inText?: TextFinder;
  /** Phrases of several words, lower case: their beginning is held back while it streams. */
  phrases?: readonly (readonly string[])[];
}

export interface FindingCondition {
  field: string;
  wants: string;
  test(finding: Finding): boolean;
}

/** What the fields of `match` that name something look at. Undefined: the subject has nothing there, so the condition fails. */
const NAMES: Record<string, (s: Subject) => string | readonly string[] | undefined> = {
  what: (s) => s.what,
  direction: (s) => s.direction,
  role: (s) => s.part?.role,
  kind: (s) => s.part?.kind,
  provenance: (s) => s.part?.provenance ?? 'unknown',
  level: (s) => s.tool?.reading.risks.map((r) => r.level),
  reason: (s) => s.notScanned?.reason,
  toolClass: (s) => s.tool?.reading.toolClass,
  operation: (s) => s.operation,
  agent: (s) => [s.agent.name, s.agent.id],
  owner: (s) => s.agent.owner,
  groups: (s) => s.agent.groups,
  connection: (s) => s.connection,
  model: (s) => s.model,
  tool: (s) => s.tool?.name,
  risk: (s) => s.tool?.reading.risks.map((r) => r.id),
  riskClass: (s) => (s.tool ? [...s.tool.reading.risks.map((r) => r.class), ...s.tool.reading.facts.map((f) => f.kind)] : undefined),
  restores: (s) => s.tool?.restoredEntities,
  providerTool: (s) => s.providerTool?.name,
  providerToolKind: (s) => s.providerTool?.kind,
  host: (s) => s.providerTool?.host,
};

function nameTest(value: MatchValue): (name: string) => boolean {
  if (value.kind === 'globs') return globTest(value.globs);
  const set = new Set(value.kind === 'enum' ? value.values : []);
  return (name) => set.has(name);
}

const quote = (list: readonly string[]) => list.map((v) => `"${v}"`).join(' or ');

function wants(value: MatchValue): string {
  switch (value.kind) {
    case 'globs':
      return quote(value.globs);
    case 'enum':
      return quote(value.values);
    case 'words':
      return `one of ${value.words.length} words`;
    case 'patterns':
      return `one of ${value.patterns.length} patterns`;
    case 'boolean':
      return String(value.value);
    case 'range':
      return [
        value.range.min === undefined ? '' : `at least ${value.range.min}`,
        value.range.max === undefined ? '' : `at most ${value.range.max}`,
      ]
        .filter(Boolean)
        .join(' and ');
    case 'time':
      return 'another time';
    case 'budget':
      return `${Math.round(value.share * 100)} % of a budget used`;
  }
}

/** All text of the subject that words and patterns are looked for in. */
function texts(s: Subject): string[] {
  const out: string[] = [];
  if (s.part?.text !== undefined) out.push(s.part.text);
  if (s.tool) out.push(s.tool.arguments);
  return out;
}

const within = (v: number, r: { min?: number; max?: number }) => (r.min === undefined || v >= r.min) && (r.max === undefined || v <= r.max);

function timeTest(value: Extract<MatchValue, { kind: 'time' }>): (s: Subject) => boolean {
  const { from, to, weekdays } = value;
  return ({ time }) => {
    const over = from !== undefined && to !== undefined && from > to;
    // after midnight, the evening belongs to the day on which it began
    const day = over && time.minutes < to! ? ((time.weekday + 5) % 7) + 1 : time.weekday;
    if (weekdays && !weekdays.includes(day)) return false;
    if (from === undefined || to === undefined) return true;
    return over ? time.minutes >= from || time.minutes < to : time.minutes >= from && time.minutes < to;
  };
}

function condition(field: string, value: MatchValue): Condition {
  const base = { field, wants: wants(value), cost: MATCH_FIELDS[field]!.cost };
  const read = NAMES[field];
  if (read) {
    const test = nameTest(value);
    const saw = (s: Subject) => {
      const v = read(s);
      return v === undefined || v.length === 0 ? 'nothing' : typeof v === 'string' ? `"${v}"` : v.map((n) => `"${n}"`).join(', ');
    };
    return {
      ...base,
      saw,
      test: (s) => {
        const v = read(s);
        return v === undefined ? false : typeof v === 'string' ? test(v) : v.some(test);
      },
    };
  }
  switch (value.kind) {
    case 'words': {
      const found = wordTest(value.words);
      const saw = (s: Subject) => (texts(s).length === 0 ? 'no text' : 'none of them');
      const phrases = value.words.map((w) => w.toLowerCase().trim().split(/\s+/)).filter((w) => w.length > 1);
      return { ...base, test: (s) => texts(s).some(found), saw, inText: wordFinder(value.words), phrases };
    }
    case 'patterns': {
      const compiled = value.patterns.map((p) => RE2JS.compile(p));
      const found = (t: string) => compiled.some((p) => p.test(t));
      const saw = (s: Subject) => (texts(s).length === 0 ? 'no text' : 'none of them');
      const finders = value.patterns.map((p, i) => patternFinder(p, compiled[i]!));
      const inText: TextFinder = (text, from, final) => finders.some((find) => find(text, from, final));
      return { ...base, test: (s) => texts(s).some(found), saw, inText };
    }
    case 'range':
      return { ...base, test: (s) => within(s.bytes, value.range), saw: (s) => `${s.bytes}` };
    case 'time':
      return { ...base, test: timeTest(value), saw: (s) => `minute ${s.time.minutes} of weekday ${s.time.weekday}` };
    case 'budget':
      return {
        ...base,
        test: ({ budget: b }) =>
          b !== undefined &&
          b.limit > 0 &&
          b.used / b.limit >= value.share &&
          (value.id === undefined || value.id === b.id) &&
          (value.unit === undefined || value.unit === b.unit),
        saw: ({ budget: b }) => (b ? `${b.used} of ${b.limit} ${b.unit}` : 'no budget'),
      };
    default: {
      const wanted = value.kind === 'boolean' && value.value;
      return {
        ...base,
        test: (s) => s.tool?.reading.parsed === wanted,
        saw: (s) => (s.tool ? String(s.tool.reading.parsed) : 'no tool call'),
      };
    }
  }
}

function findingCondition(field: string, value: MatchValue): FindingCondition {
  const base = { field, wants: wants(value) };
  if (field === 'confidence') return { ...base, test: (f) => value.kind === 'range' && within(f.confidence, value.range) };
  if (field === 'testValue') return { ...base, test: (f) => value.kind === 'boolean' && (f.testValue === true) === value.value };
  const test = nameTest(value);
  const read =
    field === 'finding' ? (f: Finding) => f.entity : field === 'category' ? (f: Finding) => f.category : (f: Finding) => f.detector;
  return { ...base, test: (f) => test(read(f)) };
}

/** Compiles `match` or `not` into conditions on the subject (cheap first) and on single findings. */
export function compileMatch(match: Match): { subject: Condition[]; finding: FindingCondition[] } {
  const subject: Condition[] = [];
  const finding: FindingCondition[] = [];
  for (const [field, value] of Object.entries(match)) {
    if (MATCH_FIELDS[field]!.finding) finding.push(findingCondition(field, value));
    else subject.push(condition(field, value));
  }
  subject.sort((a, b) => a.cost - b.cost);
  return { subject, finding };
}
