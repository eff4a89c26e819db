/**
 * Words and patterns in a text that arrives in pieces. The text is looked at at stops that depend on the text alone (behind white space,
 * between ideographs, at the latest every 64 characters), so any chunking finds the same; a recorded text, read again, too.
 */
import type { RE2JS } from 're2js';
import { wordMatcher } from './glob.js';

/** Looks for a match that begins at `from` or later. `final`: nothing follows, so that what touches the end counts. */
export type TextFinder = (text: string, from: number, final: boolean) => boolean;

/** A whole word that touches the end may go on: it counts only when the text is over. */
export function wordFinder(words: readonly string[]): TextFinder {
  const pattern = wordMatcher(words, 'giu');
  return (text, from, final) => {
    pattern.lastIndex = from;
    for (let m = pattern.exec(text); m; m = pattern.exec(text)) {
      if (final || m.index + m[0].length < text.length) return true;
      pattern.lastIndex = m.index + 1;
    }
    return false;
  };
}

/** A pattern that asks for the end of the text must not take a stop for it. Others count as soon as they match. */
export function patternFinder(source: string, pattern: RE2JS): TextFinder {
  const asksForEnd = /\$|\\[zb]/i.test(source);
  return (text, from, final) => {
    const matcher = pattern.matcher(text);
    for (let found = matcher.find(from); found; found = matcher.find())
      if (final || !asksForEnd || matcher.end() < text.length) return true;
    return false;
  };
}

/** Matches up to this length are found before their last word is released; longer ones, up to the second, a little later. */
export const NEAR = 256;
export const FAR = 2048;
const EVERY = FAR / 2;
const LONGEST_WORD = 64;

const isSpace = (c: number): boolean => c === 32 || (c >= 9 && c <= 13) || c === 0xa0;
const isWide = (c: number): boolean => c >= 0x3040 && !(c >= 0xd800 && c <= 0xdfff);

/** Cuts a text into its stops. `look` gets the text up to a stop, with what follows it by one character where `from` says that is known. */
export class Stops {
  /** The last characters before the stop. */
  #tail = '';
  #rest = '';
  #offset = 0;

  /** Behind the last stop. */
  get rest(): string {
    return this.#rest;
  }
  get tail(): string {
    return this.#tail;
  }
  /** Characters before the last stop. */
  get offset(): number {
    return this.#offset;
  }

  push(text: string, look: (window: string, from: number, final: boolean) => void): void {
    const all = this.#rest + text;
    let start = 0;
    for (let at = Math.max(1, this.#rest.length); at < all.length; at++) {
      const before = all.charCodeAt(at - 1);
      const stop = isSpace(before) ? !isSpace(all.charCodeAt(at)) : isWide(before);
      if (!stop && at - start < LONGEST_WORD) continue;
      this.#step(all.slice(start, at), all[at]!, look);
      start = at;
    }
    this.#rest = all.slice(start);
  }

  /** What the stops up to the end of this piece could see. */
  near(text: string): string {
    return this.#tail + this.#rest + text;
  }

  /** Takes a piece in which nothing can be found, without looking: ends where {@link Stops.push} would. */
  pass(text: string): void {
    const all = this.#rest + text;
    const first = Math.max(1, this.#rest.length);
    let at = all.length - 1;
    while (at >= first) {
      const before = all.charCodeAt(at - 1);
      if (isSpace(before) ? !isSpace(all.charCodeAt(at)) : isWide(before)) break;
      at--;
    }
    const natural = at >= first ? at : 0;
    const start = natural + LONGEST_WORD * Math.max(0, Math.floor((all.length - 1 - natural) / LONGEST_WORD));
    this.#tail = (this.#tail + all.slice(Math.max(0, start - FAR - 1), start)).slice(-FAR - 1);
    this.#offset += start;
    this.#rest = all.slice(start);
  }

  flush(look: (window: string, from: number, final: boolean) => void): void {
    this.#tail = (this.#tail + this.#rest).slice(-FAR - 1);
    this.#offset += this.#rest.length;
    this.#rest = '';
    look(this.#tail, this.#tail.length > FAR ? 1 : 0, true);
  }

  #step(word: string, next: string, look: (window: string, from: number, final: boolean) => void): void {
    const block = Math.floor(this.#offset / EVERY);
    this.#offset += word.length;
    this.#tail = (this.#tail + word).slice(-FAR - 1);
    const length = Math.floor(this.#offset / EVERY) > block ? FAR : NEAR;
    // One character before the window stands for what lies before it: it is seen, but nothing begins there.
    const cut = Math.max(0, this.#tail.length - length - 1);
    const whole = cut === 0 && this.#tail.length === this.#offset;
    look(this.#tail.slice(cut) + next, whole ? 0 : 1, false);
  }
}

/** How many of the last characters may be the beginning of a phrase of several words. */
export function phraseHold(phrases: readonly (readonly string[])[]): (tail: string) => number {
  const longest = Math.max(0, ...phrases.map((p) => p.length - 1));
  if (longest === 0) return () => 0;
  const bare = (token: string): string => token.replace(/^[^\p{L}\p{N}_]+/u, '');
  return (tail) => {
    const near = tail.slice(-NEAR);
    const tokens = [...near.matchAll(/\S+/g)].slice(-longest);
    for (let n = tokens.length; n > 0; n--) {
      const last = tokens.slice(-n);
      const begins = phrases.some(
        (phrase) =>
          phrase.length > n &&
          last.every(({ 0: token }, i) => {
            const lower = token.toLowerCase();
            return lower === phrase[i] || (i === 0 && bare(lower) === phrase[0]);
          }),
      );
      if (begins) return near.length - last[0]!.index;
    }
    return 0;
  };
}
