/**
 * Entities, deny-words and patterns of the user. Words run through the same kind of automaton as the built-in literals; patterns are
 * RE2 (re2js), which is linear in the text whatever the pattern says.
 *
 * What an attacker could do here: whoever may write patterns could slow scanning down. A pattern is compiled and timed when it is
 * saved ({@link checkCustomEntity}), has a length limit, and is run off the loop where the text is long.
 */
import { RE2JS } from 're2js';
import type { CustomEntity, Finding } from '../contract/index.js';
import { type Automaton, buildAutomaton, confirm, foldWide } from './automaton.js';

export const CUSTOM_LIMITS = {
  entities: 200,
  patternLength: 1000,
  words: 5000,
  wordLength: 200,
  sampleMilliseconds: 120,
  scanMilliseconds: 200,
};
const STATES = 40_000;

interface WordList {
  entity: string;
  words: string[];
  confidence: number;
  contextWords: string[];
  detector: string;
}

interface Compiled {
  entity: CustomEntity;
  pattern: RE2JS;
  contextWords: string[];
}

export interface CustomScanner {
  /** How many patterns must be run over each text. */
  readonly patterns: number;
  /** `late`: the patterns took longer than their budget, so the text is only partly scanned. */
  scan(text: string): { found: Finding[]; late: boolean };
}

const isWord = (c: number) =>
  (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 95 || (c >= 0xc0 && c < 0x2000);

/** Compiles; entities that cannot be compiled are left out (they were refused when saved). */
export function compileCustom(entities: readonly CustomEntity[], denyWords: readonly string[]): CustomScanner | undefined {
  const lists: WordList[] = [];
  const patterns: Compiled[] = [];
  for (const entity of entities.slice(0, CUSTOM_LIMITS.entities)) {
    const contextWords = (entity.contextWords ?? []).map((w) => w.toLowerCase());
    if (entity.words?.length)
      lists.push({
        entity: entity.name,
        words: entity.words,
        confidence: entity.confidence,
        contextWords,
        detector: `custom:${entity.name}`,
      });
    if (entity.pattern) {
      try {
        patterns.push({ entity, pattern: RE2JS.compile(entity.pattern), contextWords });
      } catch {
        // Refused when saved.
      }
    }
  }
  if (denyWords.length > 0)
    lists.push({ entity: 'DENY_WORD', words: [...denyWords], confidence: 1, contextWords: [], detector: 'custom:deny-words' });
  if (lists.length === 0 && patterns.length === 0) return undefined;
  // Long lists go into several automata: a table has room for 65,535 states.
  const tables: { literals: string[]; owners: WordList[] }[] = [];
  let room = 0;
  for (const list of lists) {
    for (const word of list.words) {
      const w = word.trim().toLowerCase();
      if (!w || w.length > CUSTOM_LIMITS.wordLength) continue;
      if (w.length > room) {
        tables.push({ literals: [], owners: [] });
        room = STATES;
      }
      room -= w.length;
      tables.at(-1)!.literals.push(w);
      tables.at(-1)!.owners.push(list);
    }
  }
  const automata = tables.map((t) => ({ automaton: buildAutomaton(t.literals), owners: t.owners }));
  return {
    patterns: patterns.length,
    scan(text) {
      const found: Finding[] = [];
      for (const { automaton, owners } of automata) scanWords(text, automaton, owners, found);
      let late = false;
      const until = patterns.length > 0 ? performance.now() + CUSTOM_LIMITS.scanMilliseconds + text.length / 200 : 0;
      for (const p of patterns) late ||= !scanPattern(text, p, found, until);
      return { found, late };
    },
  };
}

function scanWords(text: string, automaton: Automaton, owners: readonly WordList[], found: Finding[]): void {
  let state = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    state = automaton.table[(state << 6) | (c < 128 ? automaton.classes[c]! : foldWide(c))]!;
    if (state < automaton.firstOutput) continue;
    for (const literal of automaton.outputs[state - automaton.firstOutput]!) {
      const end = i + 1;
      const start = end - automaton.literals[literal]!.length;
      if (!confirm(automaton, literal, text, end)) continue;
      if (isWord(text.charCodeAt(start)) && isWord(text.charCodeAt(start - 1))) continue;
      if (isWord(text.charCodeAt(end - 1)) && isWord(text.charCodeAt(end))) continue;
      const list = owners[literal]!;
      push(found, text, list.entity, list.detector, start, end, list.confidence, list.contextWords, 'word of your list');
    }
  }
}

/** False where the time was up before the end of the text. */
function scanPattern(text: string, p: Compiled, found: Finding[], until: number): boolean {
  if (performance.now() > until) return false;
  const matcher = p.pattern.matcher(text);
  let count = 0;
  while (matcher.find() && count++ < 10000) {
    const start = matcher.start();
    const end = matcher.end();
    if (end > start)
      push(found, text, p.entity.name, `custom:${p.entity.name}`, start, end, p.entity.confidence, p.contextWords, 'your pattern');
    if ((count & 15) === 0 && performance.now() > until) return false;
  }
  return true;
}

function push(
  found: Finding[],
  text: string,
  entity: string,
  detector: string,
  start: number,
  end: number,
  confidence: number,
  contextWords: readonly string[],
  why: string,
): void {
  let score = confidence;
  if (contextWords.length > 0) {
    const around = text.slice(Math.max(0, start - 60), end + 24).toLowerCase();
    if (contextWords.some((w) => around.includes(w))) {
      score = Math.min(1, score + 0.35);
      why += '; context word near';
    }
  }
  if (score >= 0.5) found.push({ entity, category: 'custom', start, end, confidence: score, why, detector });
}

/** What is wrong with an entity that is about to be saved; empty = it may be saved. `milliseconds`: time on 64 KB of hostile text. */
export function checkCustomEntity(entity: CustomEntity): { problems: string[]; milliseconds: number } {
  const problems: string[] = [];
  if (!/^[A-Z][A-Z0-9_]{2,40}$/.test(entity.name))
    problems.push('the name must be 3 to 41 capitals, digits and underscores, a capital first');
  if (!entity.pattern && !entity.words?.length) problems.push('it needs a pattern or words');
  if (!(entity.confidence > 0 && entity.confidence <= 1)) problems.push('the confidence must be above 0 and at most 1');
  if ((entity.words?.length ?? 0) > CUSTOM_LIMITS.words) problems.push(`at most ${CUSTOM_LIMITS.words} words`);
  if (entity.words?.some((w) => w.trim() === '' || w.length > CUSTOM_LIMITS.wordLength))
    problems.push(`words must not be empty or longer than ${CUSTOM_LIMITS.wordLength} characters`);
  let milliseconds = 0;
  if (entity.pattern) {
    if (entity.pattern.length > CUSTOM_LIMITS.patternLength)
      problems.push(`the pattern is longer than ${CUSTOM_LIMITS.patternLength} characters`);
    else {
      try {
        const pattern = RE2JS.compile(entity.pattern);
        if (pattern.matcher('').find()) problems.push('the pattern matches empty text, so it would match everywhere');
        else {
          for (const sample of ['a'.repeat(16384), '1 2-'.repeat(4096), 'aA1@._-:/ '.repeat(1638), '\u00e9x '.repeat(5461)]) {
            const begun = performance.now();
            const matcher = pattern.matcher(sample);
            for (let n = 0; n < 1000 && performance.now() - begun < CUSTOM_LIMITS.sampleMilliseconds && matcher.find(); n++);
            milliseconds = Math.max(milliseconds, performance.now() - begun);
          }
          if (milliseconds > CUSTOM_LIMITS.sampleMilliseconds)
            problems.push(`the pattern is too slow: ${Math.round(milliseconds)} ms on 16 KB`);
        }
      } catch (error) {
        problems.push(`the pattern does not compile as RE2: ${error instanceof Error ? error.message.slice(0, 200) : 'unknown'}`);
      }
    }
  }
  return { problems, milliseconds: Math.round(milliseconds * 10) / 10 };
}
