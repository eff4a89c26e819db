import { braces } from './words.js';

/** Splits shell text into commands of plain words: no expansion, only quotes, escapes and separators. Linear. */
export function looseCommands(text: string): { commands: string[][]; balanced: boolean } {
  const commands: string[][] = [];
  let words: string[] = [];
  let current = '';
  let started = false;
  let quote = '';
  const endWord = (): void => {
    if (started) words.push(current);
    current = '';
    started = false;
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0 && commands.length < 200) commands.push(words.flatMap((w) => (/^\{[^{}]*,[^{}]*\}$/.test(w) ? braces(w) : [w])));
    words = [];
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote) {
      if (c === quote) quote = '';
      else if (c === '\\' && quote === '"' && i + 1 < text.length && /["\\$`]/.test(text[i + 1]!)) current += text[++i];
      else current += c;
      continue;
    }
    if (c === "'" || c === '"') {
      quote = c;
      started = true;
    } else if (c === '\\' && i + 1 < text.length) {
      current += text[++i];
      started = true;
    } else if (c === ' ' || c === '\t') endWord();
    else if (c === '\n' || c === ';' || c === '|' || c === '&' || c === '(' || c === ')' || c === '`') endCommand();
    else if (c === '#' && !started) {
      while (i < text.length && text[i] !== '\n') i++;
      endCommand();
    } else {
      current += c;
      started = true;
    }
  }
  endCommand();
  return { commands, balanced: quote === '' };
}
