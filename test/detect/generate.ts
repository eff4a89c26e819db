/** Makes strings that a pattern matches, for the patterns of the key tables: classes, groups, counts, `?`, escapes; nothing else. */
import { randomOf } from '../../scripts/prompts/grammar.js';

export type Random = () => number;
export { randomOf };

const range = (a: string, b: string) =>
  Array.from({ length: b.charCodeAt(0) - a.charCodeAt(0) + 1 }, (_, i) => String.fromCharCode(a.charCodeAt(0) + i)).join('');
const LOWER = range('a', 'z');
const UPPER = range('A', 'Z');
const DIGITS = range('0', '9');
const WORD = `${LOWER}${UPPER}${DIGITS}_`;
const NAMED: Record<string, string> = { H: `${DIGITS}abcdef`, A: `${LOWER}${UPPER}${DIGITS}`, W: `${WORD}-` };

export function generate(source: string, random: Random, greedy = random()): string {
  let i = 0;
  const pick = (s: string) => s[Math.floor(random() * s.length)]!;
  const quantified = (make: () => string): string => {
    let least = 1;
    let most = 1;
    const m = /^\{(\d+)(?:,(\d+))?\}/.exec(source.slice(i));
    if (m) {
      least = Number(m[1]);
      most = m[2] ? Number(m[2]) : least;
      i += m[0].length;
    } else if (source[i] === '?') {
      least = 0;
      i++;
    }
    const n = least + Math.floor(greedy * (most - least + 0.999));
    let out = '';
    for (let k = 0; k < n; k++) out += make();
    return out;
  };
  const set = (): string => {
    let chars = '';
    i++;
    while (source[i] !== ']') {
      if (source[i] === '\\') {
        const e = source[i + 1]!;
        chars += e === 'w' ? WORD : e === 'd' ? DIGITS : e;
        i += 2;
      } else if (source[i + 1] === '-' && source[i + 2] !== ']') {
        chars += range(source[i]!, source[i + 2]!);
        i += 3;
      } else chars += source[i++]!;
    }
    i++;
    return chars;
  };
  const sequence = (): string => {
    const options = [''];
    while (i < source.length && source[i] !== ')') {
      const c = source[i]!;
      if (c === '|') {
        i++;
        options.push('');
        continue;
      }
      let piece: string;
      if (c === '(') {
        i += 3; // (?:
        const inner = sequence();
        i++;
        piece = quantified(() => inner);
      } else if (c === '[') {
        const chars = set();
        piece = quantified(() => pick(chars));
      } else if (c === '\\') {
        const e = source[i + 1]!;
        i += 2;
        piece = quantified(() => (e === 'd' ? pick(DIGITS) : e === 'w' ? pick(WORD) : e));
      } else if (NAMED[c] && source[i + 1] === '{') {
        i++;
        piece = quantified(() => pick(NAMED[c]!));
      } else {
        i++;
        piece = quantified(() => c);
      }
      options[options.length - 1] += piece;
    }
    return options[Math.floor(random() * options.length)]!;
  };
  return sequence();
}
