import type { Node } from '../grammars.js';

/**
 * Where a value came from, as far as it matters. `many` is one of the files of a folder, `host` what is known of this machine and
 * its user, `typed` what somebody typed or copied elsewhere, `key` one credential out of the environment, `env` the environment as a whole.
 */
export type Taint = 'net' | 'decoded' | 'secret' | 'env' | 'input' | 'file' | 'many' | 'host' | 'typed' | 'key';

/** What is known of a Python value: possible strings, a name like `os.system`, list items, and where it came from. */
export interface Value {
  strings: string[];
  name?: string;
  items?: Value[];
  /** Fields of a dictionary with constant keys. */
  fields?: Map<string, Value>;
  taints: Set<Taint>;
  number?: number;
  /** A function of one expression, read anew for every call. */
  lambda?: Node;
}

/** What a temporary folder of the program's own is called here. */
export const SCRATCH = '/tmp/scratch';
export const MAX_TEXT = 32_768;

export const nothing = (): Value => ({ strings: [], taints: new Set() });
export const text = (...strings: string[]): Value => ({ strings: [...new Set(strings)].slice(0, 4), taints: new Set() });
export const first = (v: Value | undefined): string | undefined => v?.strings[0];

export function taintOf(...values: (Value | undefined)[]): Set<Taint> {
  const out = new Set<Taint>();
  for (const v of values) for (const t of v?.taints ?? []) out.add(t);
  return out;
}

/** A value that may be either: at most four strings are kept. */
export function either(a: Value, b: Value): Value {
  const merged: Value = { strings: [...new Set([...a.strings, ...b.strings])].slice(0, 4), taints: taintOf(b, a) };
  if (a.name !== undefined) merged.name = a.name;
  else if (b.name !== undefined && a.strings.length === 0) merged.name = b.name;
  const items = a.items ?? b.items;
  if (items) merged.items = items;
  const fields = a.fields ?? b.fields;
  if (fields) merged.fields = fields;
  const number = a.number ?? b.number;
  if (number !== undefined) merged.number = number;
  const lambda = a.lambda ?? b.lambda;
  if (lambda) merged.lambda = lambda;
  return merged;
}

/** True when nothing at all is known of a value. */
export function isBlank(v: Value): boolean {
  return v.strings.length === 0 && !v.items && v.number === undefined && v.taints.size === 0;
}

const MODULES: Record<string, string> = {
  posix: 'os',
  nt: 'os',
  posixpath: 'os.path',
  ntpath: 'os.path',
  _io: 'io',
  urllib2: 'urllib.request',
  httplib: 'http.client',
  _pickle: 'pickle',
  cPickle: 'pickle',
  dill: 'pickle',
  cloudpickle: 'pickle',
  commands: 'subprocess',
  pathlib2: 'pathlib',
  pathlib3x: 'pathlib',
  ConfigParser: 'configparser',
  SocketServer: 'socketserver',
  BaseHTTPServer: 'http.server',
  _winreg: 'winreg',
  _socket: 'socket',
  _thread: 'threading',
  thread: 'threading',
  builtins: 'builtins',
  __builtin__: 'builtins',
  __builtins__: 'builtins',
  numpy: 'numpy',
  np: 'numpy',
};

export const moduleName = (name: string): string => (Object.hasOwn(MODULES, name) ? MODULES[name]! : name);

/** One spelling for a name: old and inner modules under the name that is documented. */
export function canonical(name: string): string {
  const n = name.replace(/^builtins\.(?=.)/, '').replace(/^(?:six\.moves|future\.moves)\./, '');
  const head = n.split('.')[0]!;
  const mapped = moduleName(head);
  return mapped !== head && mapped !== 'builtins' ? mapped + n.slice(head.length) : n;
}

const LETTERS = /[a-z]/gi;
export const rot13 = (s: string): string =>
  s.replace(LETTERS, (c) => String.fromCharCode(c.charCodeAt(0) + (c.toLowerCase() < 'n' ? 13 : -13)));
