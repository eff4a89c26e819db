/**
 * Risks by table: which words of which program say that a command is dangerous. A table is text, so that a line of it can be
 * read, weighed and added without knowing the code:
 *
 *     @ class id level What it does, a sentence
 *     program other-program : pattern
 *
 * A pattern is a row of tokens, all of which must hold:
 * - `word`, `a|b`, `s3*`: an argument is this word; plain words stand in this order.
 * - `^word`: the first word that is no option (and no value of one) is this.
 * - `-f`: the letter stands in a bundle of short options; `--name*`: a long option, with its value behind `*`.
 * - `word|/re/`: either of both.   `!token`: no argument is this.   `/re/`: the whole line of arguments, a space at both ends (write `\s` for spaces).
 * What is known of the standard input stands behind the arguments in that line. A program with no pattern is dangerous whenever
 * it is started with more than a question (`--help`, `--version`).
 */
import type { RiskLevel } from '../../contract/index.js';
import type { RiskClass } from '../findings.js';
import { groundOf } from '../paths.js';
import type { Command, Run } from './command.js';
import { CLOUD } from './tables/cloud.js';
import { CONTAINERS } from './tables/containers.js';
import { DATABASES } from './tables/databases.js';
import { DEFENCES } from './tables/defences.js';
import { DISKS } from './tables/disks.js';
import { NETWORK } from './tables/network.js';
import { PACKAGES } from './tables/packages.js';
import { SECRETS } from './tables/secrets.js';
import { SYSTEM } from './tables/system.js';
import { VERSIONS } from './tables/versions.js';

type Test = (a: Arguments) => boolean;

interface Entry {
  cls: RiskClass;
  id: string;
  level: RiskLevel;
  sentence: string;
  pattern: string;
  /** Compiled at first use. */
  tests?: Test[];
}

/** The arguments of one command, as patterns ask for them. */
interface Arguments {
  argv: readonly string[];
  line: string;
  /** Where the search for the next plain word goes on. */
  from: number;
}

const TABLE = new Map<string, Entry[]>();
for (const text of [DISKS, SYSTEM, DEFENCES, VERSIONS, NETWORK, SECRETS, PACKAGES, CONTAINERS, CLOUD, DATABASES]) index(text);

function index(text: string): void {
  let head: Omit<Entry, 'pattern'> | undefined;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '') continue;
    const m = /^@ (\S+) (\S+) (\S+) (.+)$/.exec(line);
    if (m) {
      head = { cls: m[1] as RiskClass, id: m[2]!, level: m[3] as RiskLevel, sentence: m[4]! };
      continue;
    }
    if (!head) throw new Error(`a line of a table stands before its heading: ${line}`);
    const cut = line.indexOf(' : ');
    const entry: Entry = { ...head, pattern: cut < 0 ? '' : line.slice(cut + 3).trim() };
    for (const name of (cut < 0 ? line : line.slice(0, cut)).split(/\s+/)) {
      const of = TABLE.get(name);
      if (of) of.push(entry);
      else TABLE.set(name, [entry]);
    }
  }
}

/** True when a table knows the program. */
export function inTables(name: string): boolean {
  return TABLE.has(name);
}

const ASKS = /^(?:-h|--help|-help|help|--version|-V|version|--dry-run(?:=(?!none).*)?|--dryrun|--what-if|--check|--simulate|--just-print)$/;

/** Compiles every line, so that a line that cannot be read is found before it is met. Gives the number of lines. */
export function compileTables(): number {
  const all = new Set([...TABLE.values()].flat());
  for (const e of all) e.tests ??= compile(e.pattern);
  return all.size;
}

/** Compares one command with the tables. */
export function byTable(c: Command, run: Run): void {
  const entries = TABLE.get(c.name);
  if (!entries) return;
  if (c.argv.some((a, i) => (a.startsWith('--') || (i === 0 && (a !== '-h' || c.argv.length === 1))) && ASKS.test(a))) return;
  const fed = c.stdin?.text;
  const line = ` ${c.argv.join(' ')} ${fed === undefined || fed.length > 4096 ? '' : `${fed} `}`;
  // A repository that the same line made in a scratch folder holds nobody's work.
  const scratch = c.name === 'git' && c.scope.moved && groundOf(c.scope.cwd ?? '.', {}) === 'temp';
  for (const e of entries) {
    if (scratch && e.cls === 'history') continue;
    e.tests ??= compile(e.pattern);
    const a: Arguments = { argv: c.argv, line, from: 0 };
    if (e.tests.every((t) => t(a))) run.findings.risk(e.cls, e.id, e.level, `${e.sentence} (${called(c)})`, c.name);
  }
}

/** `git push`: the program and the word that says what it is to do; never values. */
function called(c: Command): string {
  const [verb] = c.argv;
  return verb !== undefined && /^[a-z][a-z-]{1,20}$/.test(verb) ? `${c.name} ${verb}` : c.name;
}

function compile(pattern: string): Test[] {
  return (pattern.match(/!?\/(?:\\.|[^/\\])+\/[imsu]*(?=\s|$)|\S+/g) ?? []).map(test);
}

function test(token: string): Test {
  if (token.startsWith('!') && token.length > 1) {
    const inner = test(token.slice(1));
    return (a) => !inner({ ...a, from: 0 });
  }
  if (/^\/.+\/[imsu]*$/.test(token)) {
    const re = new RegExp(token.slice(1, token.lastIndexOf('/')), token.slice(token.lastIndexOf('/') + 1));
    return (a) => re.test(a.line);
  }
  const mixed = /^(.+?)\|(\/.+\/[imsu]*)$/.exec(token);
  if (mixed) {
    const [one, other] = [test(mixed[1]!), test(mixed[2]!)];
    return (a) => one(a) || other(a);
  }
  if (token.startsWith('^')) {
    const is = words(token.slice(1));
    return (a) => {
      for (const [i, w] of a.argv.entries()) {
        if (w.startsWith('-') && w !== '-') continue;
        if (is(w)) {
          a.from = i + 1;
          return true;
        }
        // `-n prod delete`: a word right behind an option may be its value, and the next is looked at.
        const before = a.argv[i - 1];
        if (before === undefined || !before.startsWith('-') || before.includes('=')) return false;
      }
      return false;
    };
  }
  if (token.startsWith('-')) {
    const is = words(token);
    const letters = token.split('|').filter((t) => /^-\w$/.test(t));
    const bundle = letters.length > 0 ? new RegExp(`^-\\w*(?:${letters.map((l) => l[1]).join('|')})`) : undefined;
    return (a) => a.argv.some((w) => is(w) || (bundle?.test(w) ?? false));
  }
  const is = words(token);
  return (a) => {
    for (let i = a.from; i < a.argv.length; i++)
      if (is(a.argv[i]!)) {
        a.from = i + 1;
        return true;
      }
    return false;
  };
}

function words(token: string): (w: string) => boolean {
  if (!token.includes('*')) {
    const all = new Set(token.split('|'));
    return (w) => all.has(w);
  }
  const re = new RegExp(`^(?:${token.replace(/[.+?^${}()[\]\\]/g, '\\$&').replaceAll('*', '.*')})$`, 's');
  return (w) => re.test(w);
}
