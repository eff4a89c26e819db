import type { RiskLevel } from '../../contract/index.js';
import type { CodeContext } from '../code.js';
import type { RiskClass } from '../findings.js';
import type { Node } from '../grammars.js';
import { UNKNOWN } from '../paths.js';
import type { Taint, Value } from './value.js';

/** One reading of a program. */
export interface PythonRun {
  x: CodeContext;
  source: string;
  /** Names that were called, modules that were imported (`import os`), and what was noticed (`run`, `fetch`, `socket`). */
  seen: Set<string>;
  taints: Set<Taint>;
  depth: number;
  /** The folder that the program went into, where that is no ordinary ground. */
  folder?: string;
  /** Names that a test has replaced where the reading is: `os.system`, or `boto3` for the whole cloud. */
  patched: Set<string>;
  /** Loops around what is read. */
  loops: number;
  /** Texts that were written into files. */
  contents: string[];
  /** Own functions: their arguments are judged where they are used. */
  own: ReadonlySet<string>;
  /** True while a body is read that repeats without end. */
  endless: boolean;
  /** True while values are gathered and nothing is judged: code in strings and commands are left alone. */
  quiet: boolean;
}

/** A call whose name and arguments are resolved. */
export interface Call {
  name: string;
  node: Node;
  args: Value[];
  keywords: Map<string, Value>;
  run: PythonRun;
}

export function risk(run: PythonRun, cls: RiskClass, id: string, level: RiskLevel, sentence: string, target?: string): void {
  run.x.findings.risk(cls, id, level, sentence, target);
}

/** The argument at a place, or by one of its names. */
export function argument(c: Call, at: number, ...names: string[]): Value | undefined {
  if (c.args[at]) return c.args[at];
  for (const n of names) {
    const v = c.keywords.get(n);
    if (v) return v;
  }
  return undefined;
}

export const every = (c: Call): Value[] => [...c.args, ...c.keywords.values()];

/** True when a value, or something inside it, came from there. */
export function carries(v: Value, ...taints: Taint[]): boolean {
  return taints.some((t) => v.taints.has(t)) || (v.items?.some((i) => taints.some((t) => i.taints.has(t))) ?? false);
}

export const imports = (run: PythonRun, module: RegExp): boolean => {
  for (const s of run.seen) if (s.startsWith('import ') && module.test(s.slice(7))) return true;
  return false;
};

/** A list of words, or one text, as a line that a shell would read the same. */
export function listText(v: Value): string | undefined {
  if (v.strings[0] !== undefined) return v.strings[0];
  if (!v.items || v.items.length === 0) return undefined;
  return v.items
    .map((i) => i.strings[0] ?? (i.number !== undefined ? String(i.number) : UNKNOWN))
    .map((s) => (/^[\w@%+=:,./-]+$/.test(s) ? s : s === UNKNOWN ? UNKNOWN : `'${s.replaceAll("'", "'\\''")}'`))
    .join(' ');
}
