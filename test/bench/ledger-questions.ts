/** What a person asks a large ledger: lists, filters and words, common and rare, and what is hardest for an index. */
import type { LedgerReader } from '../../proxy/ledger/types.js';
import { BEGIN, ENTITIES, RARE, STEP_MS, VOCABULARY } from './ledger-fill.js';

/** Milliseconds. */
export interface Quantiles {
  p50: number;
  p95: number;
  max: number;
}
export type Kind = 'page' | 'filter' | 'text';
/** Milliseconds (p95) that the product promises at a million exchanges. */
export const LIMITS: Record<Kind, number> = { page: 50, filter: 100, text: 200 };

export interface Question {
  kind: Kind;
  name: string;
  rounds: number;
  ask: (i: number) => { search?: string };
  /** Pages that are turned before the one that is measured. */
  after?: number;
}

export function questionsOf(count: number): Question[] {
  const day = (n: number): string => new Date(BEGIN + n * STEP_MS).toISOString().slice(0, 10);
  const word = (i: number): string => VOCABULARY[i]!;
  const four = (i: number): string => `verdict:mask tool:shell finding:${ENTITIES[i % 5]} agent:agent-${i % 40}`;
  return [
    { kind: 'page', name: 'first page', rounds: 100, ask: () => ({}) },
    { kind: 'page', name: 'tenth page', rounds: 20, after: 9, ask: () => ({}) },
    { kind: 'filter', name: 'one common tag', rounds: 80, ask: (i) => ({ search: `agent:agent-${i % 40}` }) },
    { kind: 'filter', name: 'its tenth page', rounds: 20, after: 9, ask: (i) => ({ search: `agent:agent-${i % 40}` }) },
    { kind: 'filter', name: 'two tags', rounds: 80, ask: (i) => ({ search: `model:gpt-5 finding:${ENTITIES[i % 5]}` }) },
    { kind: 'filter', name: 'wildcard, exclusion, verdict', rounds: 40, ask: () => ({ search: 'model:claude* -tool:shell verdict:mask' }) },
    { kind: 'filter', name: 'four tags that hardly meet', rounds: 40, ask: (i) => ({ search: four(i) }) },
    {
      kind: 'filter',
      name: 'a month',
      rounds: 40,
      ask: (i) => ({ search: `after:${day((count / 80) * i)} before:${day((count / 80) * (i + 20))}` }),
    },
    {
      kind: 'filter',
      name: 'an old day and a tag',
      rounds: 40,
      ask: (i) => ({ search: `agent:agent-${i % 40} before:${day(count / 10)}` }),
    },
    { kind: 'filter', name: 'nothing has it', rounds: 20, ask: () => ({ search: 'agent:nobody' }) },
    { kind: 'text', name: 'a rare word', rounds: 40, ask: () => ({ search: RARE }) },
    { kind: 'text', name: 'a common word', rounds: 80, ask: (i) => ({ search: word(i * 3) }) },
    { kind: 'text', name: 'a word that all have', rounds: 40, ask: () => ({ search: 'openai' }) },
    { kind: 'text', name: 'four letters of a word (`abcd*`)', rounds: 40, ask: (i) => ({ search: `${word(100 + i).slice(0, 4)}*` }) },
    { kind: 'text', name: 'two letters of a word (`ab*`)', rounds: 40, ask: (i) => ({ search: `${word(100 + i).slice(0, 2)}*` }) },
    {
      kind: 'text',
      name: 'a phrase that is not there',
      rounds: 40,
      ask: (i) => ({ search: `"${word(i)} ${word(i + 1)} ${word(i + 2)}"` }),
    },
    { kind: 'text', name: 'a phrase that is not there, of words that all have', rounds: 20, ask: () => ({ search: '"chat openai"' }) },
    {
      kind: 'text',
      name: 'two words and a filter',
      rounds: 80,
      ask: (i) => ({ search: `${word(i)} ${word(i * 5 + 2)} agent:agent-${i % 40}` }),
    },
    { kind: 'text', name: 'a word that all have, and four tags', rounds: 40, ask: (i) => ({ search: `openai ${four(i)}` }) },
  ];
}

const round = (n: number): number => Math.round(n * 10) / 10;

export function quantiles(times: number[]): Quantiles {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (q: number): number => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!);
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

/** Asks each question so many times, one after the other. */
export async function askAll(questions: readonly Question[], from: Pick<LedgerReader, 'sessions'>): Promise<Map<string, Quantiles>> {
  const out = new Map<string, Quantiles>();
  for (const { name, rounds, ask, after = 0 } of questions) {
    const times: number[] = [];
    for (let i = 0; i < rounds; i++) {
      const question = { limit: 50, ...ask(i) };
      let cursor: string | undefined;
      for (let page = 0; page < after; page++) cursor = (await from.sessions({ ...question, ...(cursor ? { cursor } : {}) })).nextCursor;
      const start = performance.now();
      await from.sessions({ ...question, ...(cursor ? { cursor } : {}) });
      times.push(performance.now() - start);
    }
    out.set(name, quantiles(times));
  }
  return out;
}
