/**
 * Rules on the text of answers, while it streams. What an attacker could do here: make a model say a forbidden word in pieces, or with
 * its sign of the end far away. Pieces do not matter (answer-text.ts), a beginning of a phrase is held back, and what a rule blocks is
 * found before the word that completes it is released.
 */
import { phraseHold, Stops } from './answer-text.js';
import type { CompiledRule, RuleTable } from './compile.js';
import type { Condition } from './conditions.js';
import type { AnswerWatch, Judgement, Subject } from './types.js';

/** Text beyond this is judged by its last part. */
const MAX_TEXT = 1 << 20;

/** A person cannot be asked about a text that is already flowing: `approve` speaks about requests and tool calls. */
const couldSpeak = (rule: CompiledRule): boolean => rule.does.action !== 'approve';
const readsText = (rule: CompiledRule): boolean =>
  rule.subject.some((c) => c.inText) || rule.not?.subject.some((c) => c.inText) === true || /\btext\b/.test(rule.when?.source ?? '');

/** Rules that may say something about a text in an answer although nothing was found in it. */
export function answerRules(table: RuleTable): CompiledRule[] {
  return table.plain.part.filter(
    (r) =>
      couldSpeak(r) && (r.does.action === 'block' || readsText(r)) && r.subject.every((c) => c.field !== 'direction' || c.test(ANSWER)),
  );
}

/** Does a rule about findings look at the text before them? */
export const findingsReadText = (table: RuleTable): boolean => table.finding.part.some(readsText);

const ANSWER = { direction: 'response' } as Subject;

/** The judgement less what cannot be done to a text that flows; undefined where nothing is left to say. */
function speakable(j: Judgement): Judgement | undefined {
  const first = j.matched.find((m) => m.action !== 'approve' && m.action !== 'mask');
  if (!first) return undefined;
  const { partId } = j.verdict;
  return { ...j, verdict: { action: first.action, rule: first.rule, sentence: first.sentence, ...(partId ? { partId } : {}) } };
}

/** @param subject the part without text and findings */
export function watchAnswer(rules: readonly CompiledRule[], judge: (s: Subject) => Judgement, subject: Subject): AnswerWatch | undefined {
  const mine = rules.filter((r) => r.subject.every((c) => c.inText !== undefined || c.test(subject)));
  if (mine.length === 0) return undefined;
  return new Watch(mine, judge, subject);
}

class Watch implements AnswerWatch {
  readonly #stops = new Stops();
  readonly #wanted: Set<Condition>;
  readonly #hold: (tail: string) => number;
  /** Some rule may begin or cease to hold without one of its words: it is judged at each stop of a block and at the end. */
  readonly #late: boolean;
  readonly #speaking: Set<string>;
  /** What a window shows of words, the whole shows too; of patterns (anchors) that is not so. */
  readonly #onlyWords: boolean;
  readonly #said = new Set<string>();
  #text: string[] = [];
  #length = 0;
  #dropped = 0;
  #judged = false;

  constructor(
    rules: readonly CompiledRule[],
    private readonly judge: (s: Subject) => Judgement,
    private readonly subject: Subject,
  ) {
    const conditions = rules.flatMap((r) => [...r.subject, ...(r.not?.subject ?? [])]).filter((c) => c.inText);
    this.#wanted = new Set(conditions);
    this.#onlyWords = conditions.every((c) => c.phrases !== undefined);
    this.#hold = phraseHold(conditions.flatMap((c) => c.phrases ?? []));
    this.#late = rules.some((r) => /\btext\b/.test(r.when?.source ?? ''));
    this.#speaking = new Set(rules.map((r) => r.id));
  }

  /** No rule waits for a word any more: neither is the text kept, nor is anything held back. */
  get #done(): boolean {
    return this.#wanted.size === 0 && !this.#late;
  }

  get held(): number {
    if (this.#done) return 0;
    const phrase = this.#hold(this.#stops.tail);
    const { length } = this.#stops.rest;
    // One character of the next word goes on: who masks must see that the word before it is over.
    return phrase === 0 ? Math.max(0, length - 1) : phrase + length;
  }

  push(text: string): Judgement[] {
    const out: Judgement[] = [];
    if (!this.#judged) {
      this.#judged = true;
      this.#ask(out, '');
    }
    if (this.#done) return out;
    this.#keep(text);
    // Most pieces hold none of the words: one look at the whole tells, and the stops need not be gone through.
    if (this.#onlyWords && !this.#late) {
      const near = this.#stops.near(text);
      if (![...this.#wanted].some((c) => c.inText!(near, 0, true))) {
        this.#stops.pass(text);
        return out;
      }
    }
    this.#stops.push(text, (window, from, final) => this.#look(window, from, final, out));
    return out;
  }

  flush(): Judgement[] {
    const out: Judgement[] = [];
    if (this.#done) return out;
    this.#stops.flush((window, from, final) => this.#look(window, from, final, out));
    if (this.#length > 0) this.#ask(out);
    return out;
  }

  #keep(text: string): void {
    this.#text.push(text);
    this.#length += text.length;
    if (this.#length > 2 * MAX_TEXT) {
      this.#text = [this.#text.join('').slice(-MAX_TEXT)];
      this.#dropped += this.#length - MAX_TEXT;
      this.#length = MAX_TEXT;
    }
  }

  #look(window: string, from: number, final: boolean, out: Judgement[]): void {
    let news = this.#late && window.length > 1024;
    for (const c of this.#wanted)
      if (c.inText!(window, from, final)) {
        this.#wanted.delete(c);
        news = true;
      }
    if (news) this.#ask(out);
  }

  /** What counts is the text up to the stop, however much more has come. */
  #ask(out: Judgement[], text = this.#text.join('').slice(0, this.#stops.offset - this.#dropped)): void {
    const j = speakable(this.judge({ ...this.subject, part: { ...this.subject.part!, text } }));
    if (!j || !this.#speaking.has(j.verdict.rule) || this.#said.has(j.verdict.rule)) return;
    this.#said.add(j.verdict.rule);
    out.push(j);
  }
}
