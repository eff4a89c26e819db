import { PROVIDER_KEYS } from '../bypass.js';

/** A provider key that lies in a file. `start` and `end` are byte offsets of the whole line, without its end. */
export interface KeyInFile {
  file: string;
  /** From 1. */
  line: number;
  name: string;
  provider: string;
  /** First and last characters, for people to recognise it; never more than a fifth of it. */
  hint: string;
  start: number;
  end: number;
  /** The key itself; never printed. */
  value: string;
}

/** Well-known beginnings of keys, for variables of any name. */
const SHAPES: [RegExp, string][] = [
  [/^sk-ant-[\w-]{20,}$/, 'anthropic'],
  [/^sk-or-[\w-]{20,}$/, 'openrouter'],
  [/^sk-(?:proj-|svcacct-|admin-)?[\w-]{20,}$/, 'openai'],
  [/^AIza[\w-]{30,}$/, 'google'],
  [/^gsk_\w{20,}$/, 'groq'],
  [/^xai-[\w-]{20,}$/, 'xai'],
  [/^pplx-\w{20,}$/, 'perplexity'],
  [/^hf_\w{20,}$/, 'huggingface'],
  [/^r8_\w{20,}$/, 'replicate'],
  [/^lsv2_[\w-]{20,}$/, 'langsmith'],
  [/^csk-\w{20,}$/, 'cerebras'],
];

/** NAME=value in .env, sh, fish (`set -gx NAME value`) and PowerShell (`$env:NAME = "value"`). */
const ASSIGNMENT =
  /^[ \t]*(?:export[ \t]+|(?:set|set-x)(?:[ \t]+-\w+)+[ \t]+|\$env:)?([A-Za-z_][A-Za-z0-9_]*)(?:[ \t]*=[ \t]*|[ \t]+)(["']?)([^"'\s#;]+)\2/;
const PLACEHOLDER =
  /^(?:<.*>|\$.*|%.*%|x+|\*+|\.+|your.*|my.*|changeme|change-me|todo|none|null|dummy|test|example|placeholder|sk-\.*|sk-x+|sk-your.*)$/i;

/** Which provider a value is a key of; undefined when it is no key. */
export function providerOf(name: string, value: string): string | undefined {
  if (value.startsWith('sp_') || PLACEHOLDER.test(value)) return undefined;
  for (const [shape, provider] of SHAPES) if (shape.test(value)) return provider;
  const named = PROVIDER_KEYS[name.toUpperCase()];
  return named !== undefined && value.length >= 16 && /^[\x21-\x7e]+$/.test(value) ? named : undefined;
}

export function hintOf(value: string): string {
  const show = Math.min(4, Math.floor(value.length / 10));
  return `${value.slice(0, show)}…${value.slice(-Math.min(2, show))}`;
}

/** Keys in the bytes of a file. Works on bytes (latin1), so that offsets and everything around stay exact. */
export function keysIn(file: string, bytes: Buffer): KeyInFile[] {
  const text = bytes.toString('latin1');
  const found: KeyInFile[] = [];
  let start = 0;
  let number = 0;
  while (start <= text.length) {
    const newline = text.indexOf('\n', start);
    const next = newline < 0 ? text.length + 1 : newline + 1;
    let end = newline < 0 ? text.length : newline;
    if (text[end - 1] === '\r') end -= 1;
    number += 1;
    const line = text.slice(start, Math.max(start, end));
    const match = line.length > 4096 || /^\s*#/.test(line) ? null : ASSIGNMENT.exec(line);
    if (match !== null) {
      const [, name, , value] = match as unknown as [string, string, string, string];
      const provider = providerOf(name, value);
      if (provider !== undefined) found.push({ file, line: number, name, provider, hint: hintOf(value), start, end, value });
    }
    start = next;
  }
  return found;
}

/** Variables that a .env or profile sets, for the search for ways around. */
export function assignmentsIn(bytes: Buffer): { name: string; value: string; line: number }[] {
  return bytes
    .toString('latin1')
    .split(/\r?\n/)
    .flatMap((line, i) => {
      const match = /^\s*#/.test(line) || line.length > 4096 ? null : ASSIGNMENT.exec(line);
      return match === null ? [] : [{ name: match[1]!, value: match[3]!, line: i + 1 }];
    });
}
