import type { Node } from '../grammars.js';
import { UNKNOWN } from '../paths.js';
import { type Flow, flow, type Source, type Word, word } from './flow.js';
import type { Scope } from './scope.js';

/** Unquoted white space that came out of an expansion: the word is split there. */
const SPLIT = '\uE0FF';
/** Quoted glob and brace characters are moved out of the way: U+E000 + code. */
const SPECIAL = /[*?[\]{},~.]/g;
const HIDDEN = /[\uE000-\uE07F]/g;
const MAX_WORDS = 64;

const hide = (text: string): string => text.replace(SPECIAL, (c) => String.fromCharCode(0xe000 + c.charCodeAt(0)));
const show = (text: string): string => text.replace(HIDDEN, (c) => String.fromCharCode(c.charCodeAt(0) - 0xe000));

/** How words ask their surroundings to run what is inside of them. */
export interface Expander {
  scope: Scope;
  /** Runs the children of a substitution and gives what it prints. */
  substitute(node: Node): Flow;
}

/** Decodes the escapes of `$'…'` and `printf`/`echo -e`. */
export function decodeEscapes(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|0?([0-7]{1,3})|c(.)|([abeEfnrtv\\'"?]))/g,
    (_all, hex, u4, u8, oct, ctrl, single) => {
      const code = hex ?? u4 ?? u8;
      if (code !== undefined) {
        const n = Number.parseInt(code, 16);
        return n <= 0x10ffff ? String.fromCodePoint(n) : '';
      }
      if (oct !== undefined) return String.fromCharCode(Number.parseInt(oct, 8) & 0xff);
      if (ctrl !== undefined) return String.fromCharCode(ctrl.charCodeAt(0) & 0x1f);
      return (
        ({ a: '\x07', b: '\b', e: '\x1b', E: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' } as Record<string, string>)[single] ??
        single
      );
    },
  );
}

/** Expands one word node into zero or more words, as the shell would. */
export function expand(node: Node, x: Expander): Word[] {
  const sources = new Set<Source>();
  const streams: Flow[] = [];
  const raw = piece(node, x, sources, streams, false);
  const out: Word[] = [];
  for (const field of raw.split(SPLIT)) {
    if (field === '' && raw !== '') continue;
    for (const text of braces(field)) {
      if (out.length >= MAX_WORDS) break;
      const glob = /[*?[]/.test(text);
      const w: Word = { text: show(text), glob, sources };
      if (streams[0]) w.stream = streams[0];
      out.push(w);
    }
  }
  if (raw === '' && isQuotedKind(node.type)) out.push(word('', sources));
  return out;
}

function isQuotedKind(type: string): boolean {
  return type === 'string' || type === 'raw_string' || type === 'ansi_c_string' || type === 'concatenation';
}

/** `a{b,c}d`, `{1..3}`; at most {@link MAX_WORDS}, worked off breadth-first so that many braces cannot multiply. */
export function braces(text: string): string[] {
  let words = [text];
  for (let round = 0; round < 16; round++) {
    const next: string[] = [];
    let changed = false;
    for (const w of words) {
      const open = w.length < 4096 ? /\{([^{}]*(?:,[^{}]*)+|(-?\d+|[a-z])\.\.(-?\d+|[a-z]))\}/i.exec(w) : null;
      if (!open) {
        next.push(w);
        continue;
      }
      changed = true;
      const before = w.slice(0, open.index);
      const after = w.slice(open.index + open[0].length);
      for (const part of open[2] !== undefined && open[3] !== undefined ? range(open[2], open[3]) : open[1]!.split(',')) {
        if (next.length >= MAX_WORDS) break;
        next.push(before + part + after);
      }
    }
    words = next;
    if (!changed) break;
  }
  return words.slice(0, MAX_WORDS);
}

function range(first: string, last: string): string[] {
  const letters = /[a-z]/i.test(first);
  const from = letters ? first.charCodeAt(0) : Number(first);
  const to = letters ? last.charCodeAt(0) : Number(last);
  const out: string[] = [];
  for (let n = from; out.length < 16 && (from <= to ? n <= to : n >= to); n += from <= to ? 1 : -1)
    out.push(letters ? String.fromCharCode(n) : String(n));
  return out;
}

function piece(node: Node, x: Expander, sources: Set<Source>, streams: Flow[], quoted: boolean): string {
  switch (node.type) {
    case 'word':
    case 'variable_name':
    case 'number':
    case 'special_variable_name':
    case 'extglob_pattern':
    case 'regex':
    case 'test_operator':
      return unquote(node.text);
    case 'raw_string':
      return hide(node.text.slice(1, -1));
    case 'ansi_c_string':
      return hide(decodeEscapes(node.text.slice(2, -1)));
    case 'string_content':
    case 'heredoc_content':
      return hide(unescapeDouble(node.text));
    case 'string':
    case 'translated_string': {
      const text = node.text;
      if (text === '"$@"' && x.scope.positional.length > 0) return x.scope.positional.map((w) => hide(w.text)).join(SPLIT);
      const array = /^"\$\{(\w+)\[@\]\}"$/.exec(text);
      const items = array ? x.scope.arrays.get(array[1]!) : undefined;
      if (items) return items.map((w) => hide(w.text)).join(SPLIT);
      const skip = text.startsWith('$"') ? 2 : 1;
      return gaps(
        node,
        x,
        sources,
        streams,
        true,
        node.startIndex + skip,
        node.endIndex - (text.length > skip && text.endsWith('"') ? 1 : 0),
      );
    }
    case 'simple_expansion':
      return expansionText(variable(node.text.slice(1), x.scope, sources), quoted);
    case 'expansion':
      return expansionText(parameter(node.text, x, sources, streams), quoted);
    case 'command_substitution': {
      const out = x.substitute(node);
      for (const s of out.sources) sources.add(s);
      return expansionText(out.text === undefined ? UNKNOWN : out.text.replace(/\n+$/, ''), quoted);
    }
    case 'process_substitution': {
      const out = x.substitute(node);
      for (const s of out.sources) sources.add(s);
      streams.push(out);
      return '/dev/fd/63';
    }
    case 'arithmetic_expansion':
      return arithmetic(node.text);
    case 'concatenation':
    case 'command_name':
    case 'array':
    case 'brace_expression':
    case 'heredoc_body':
      return gaps(node, x, sources, streams, quoted, node.startIndex, node.endIndex);
    default:
      return node.namedChildCount > 0 ? gaps(node, x, sources, streams, quoted, node.startIndex, node.endIndex) : unquote(node.text);
  }
}

/** Children with the text between them kept. */
function gaps(node: Node, x: Expander, sources: Set<Source>, streams: Flow[], quoted: boolean, from: number, to: number): string {
  let out = '';
  let at = from;
  const whole = node.text;
  const base = node.startIndex;
  for (const child of node.namedChildren) {
    if (!child || child.startIndex < at) continue;
    if (child.startIndex > at) out += gap(whole.slice(at - base, child.startIndex - base), quoted);
    out += piece(child, x, sources, streams, quoted);
    at = child.endIndex;
  }
  if (at < to) out += gap(whole.slice(at - base, to - base), quoted);
  return out.length > 70_000 ? out.slice(0, 70_000) : out;
}

function gap(text: string, quoted: boolean): string {
  return quoted ? hide(unescapeDouble(text)) : unquote(text);
}

function unquote(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(\r?\n|[\s\S])/g, (_m, c: string) => (c.endsWith('\n') ? '' : hide(c)));
}

function unescapeDouble(text: string): string {
  return text.includes('\\') ? text.replace(/\\(\r?\n|["$`\\])/g, (_m, c: string) => (c.endsWith('\n') ? '' : c)) : text;
}

function expansionText(text: string, quoted: boolean): string {
  return quoted ? hide(text) : text.replace(/[{}~,]/g, (c) => hide(c)).replace(/[ \t\n]+/g, SPLIT);
}

const DEFAULTS: Record<string, string> = {
  HOME: '~',
  TMPDIR: '/tmp',
  TMP: '/tmp',
  TEMP: '/tmp',
  IFS: ' \t\n',
  '0': 'bash',
  '#': '0',
  '?': '0',
  '!': '4711',
  $: '1',
  SHELL: '/bin/bash',
  BASH: '/bin/bash',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  OLDPWD: UNKNOWN,
};
const SECRET_NAME =
  /(?:^|_)(?:(?:API_?)?KEY|TOKEN|SECRET|PASSWORD|PASSWD|PWD|CREDENTIALS?|PRIVATE)(?:$|_)|PASSWORD|SECRET|APIKEY|ACCESS_KEY/;

/** True for names of variables that hold credentials by custom (`AWS_SECRET_ACCESS_KEY`). */
export function isSecretName(name: string): boolean {
  return name !== 'PWD' && name !== 'OLDPWD' && SECRET_NAME.test(name.toUpperCase());
}

function variable(name: string, scope: Scope, sources: Set<Source>): string {
  const set = scope.vars.get(name);
  if (set) {
    for (const s of set.sources) sources.add(s);
    return set.text ?? UNKNOWN;
  }
  if (/^[1-9]$/.test(name)) return scope.positional[Number(name) - 1]?.text ?? (scope.positional.length > 0 ? '' : UNKNOWN_POSITIONAL);
  if (name === '@' || name === '*') return scope.positional.length > 0 ? scope.positional.map((w) => w.text).join(' ') : '';
  if (name === 'PWD') return scope.cwd ?? '.';
  if (isSecretName(name)) sources.add('secret');
  return DEFAULTS[name] ?? UNKNOWN;
}

const UNKNOWN_POSITIONAL = UNKNOWN;

function parameter(text: string, x: Expander, sources: Set<Source>, streams: Flow[]): string {
  const inner = text.slice(2, -1);
  const m = /^(!)?(#)?([A-Za-z_]\w*|[0-9@*#?$!-])(?:\[([^\]]*)\])?([\s\S]*)$/.exec(inner);
  if (!m) return UNKNOWN;
  const [, indirect, length, name, index, rest] = m as unknown as [string, string?, string?, string?, string?, string?];
  let value: string;
  if (index !== undefined && name) {
    const array = x.scope.arrays.get(name);
    if (!array) value = index === '0' ? variable(name, x.scope, sources) : UNKNOWN;
    else if (index === '@' || index === '*') value = array.map((w) => w.text).join(' ');
    else value = array[Number(index)]?.text ?? '';
  } else value = variable(name!, x.scope, sources);
  if (indirect) value = value.includes(UNKNOWN) ? UNKNOWN : variable(value, x.scope, sources);
  if (length) return value.includes(UNKNOWN) ? '1' : String(value.length);
  return rest ? operate(value, rest, x, sources, streams) : value;
}

function operate(value: string, op: string, x: Expander, sources: Set<Source>, streams: Flow[]): string {
  const unset = value === UNKNOWN || value === '';
  let m = /^:?([-=+?])([\s\S]*)$/.exec(op);
  if (m) {
    const other = substituteSimple(m[2]!, x, sources, streams);
    if (m[1] === '+') return unset ? '' : other;
    return unset ? other : value;
  }
  if (value.includes(UNKNOWN)) return value;
  m = /^:\s*(-?\d+)(?::\s*(-?\d+))?$/.exec(op);
  if (m) {
    const start = Number(m[1]);
    const from = start < 0 ? Math.max(0, value.length + start) : start;
    if (m[2] === undefined) return value.slice(from);
    const n = Number(m[2]);
    return n < 0 ? value.slice(from, n) : value.slice(from, from + n);
  }
  m = /^(##?|%%?)([\s\S]*)$/.exec(op);
  if (m) {
    const re = globRegExp(substituteSimple(m[2]!, x, sources, streams), m[1]!.length === 2);
    if (!re) return value;
    if (m[1]!.startsWith('#')) return value.replace(new RegExp(`^(?:${re})`, 's'), '');
    if (m[1]!.length === 2) return value.replace(new RegExp(`(?:${re})$`, 's'), '');
    for (let i = value.length; i >= 0; i--) if (new RegExp(`^(?:${re})$`, 's').test(value.slice(i))) return value.slice(0, i);
    return value;
  }
  m = /^(\/\/?)([^/]*)(?:\/([\s\S]*))?$/.exec(op);
  if (m) {
    const re = globRegExp(substituteSimple(m[2]!, x, sources, streams), true);
    if (!re) return value;
    const to = substituteSimple(m[3] ?? '', x, sources, streams);
    return value.replace(new RegExp(re, m[1] === '//' ? 'gs' : 's'), () => to);
  }
  if (op === '^^') return value.toUpperCase();
  if (op === ',,') return value.toLowerCase();
  if (op === '^') return value.charAt(0).toUpperCase() + value.slice(1);
  if (op === ',') return value.charAt(0).toLowerCase() + value.slice(1);
  if (/^@[A-Za-z]$/.test(op)) return op === '@U' ? value.toUpperCase() : op === '@L' ? value.toLowerCase() : value;
  return value;
}

/** A shell pattern as a regular expression's source; short patterns only. */
export function globRegExp(pattern: string, greedy: boolean): string | undefined {
  if (pattern.length > 64 || (pattern.match(/\*/g)?.length ?? 0) > 3) return undefined;
  return pattern
    .replace(/\\(.)/g, '$1')
    .replace(/[.+^${}()|\\/]/g, '\\$&')
    .replace(/\*/g, greedy ? '.*' : '.*?')
    .replace(/\?/g, '.')
    .replace(/\[(?![^\]]+\])/g, '\\[');
}

/** `$x` and `${x}` inside the word of an expansion. */
function substituteSimple(text: string, x: Expander, sources: Set<Source>, _streams: Flow[]): string {
  const bare = text.replace(/^"([\s\S]*)"$/, '$1').replace(/^'([\s\S]*)'$/, '$1');
  return bare.replace(/\$\{?([A-Za-z_]\w*)\}?/g, (_m, n: string) => variable(n, x.scope, sources));
}

function arithmetic(text: string): string {
  const inner = text.replace(/^\$\(\(|\)\)$/g, '').replace(/\s/g, '');
  const m = /^(\d{1,6})(?:([-+*])(\d{1,6}))?$/.exec(inner);
  if (!m) return '1';
  const a = Number(m[1]);
  const b = Number(m[3] ?? 0);
  return String(m[2] === '-' ? a - b : m[2] === '*' ? a * b : a + b);
}

/** The text of a flow as a word. */
export function flowWord(f: Flow): Word {
  return word(f.text ?? UNKNOWN, flow(undefined, f.sources).sources);
}
