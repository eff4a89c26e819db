import type { Node } from '../grammars.js';
import { UNKNOWN } from '../paths.js';
import { decodeEscapes } from '../shell/words.js';

/** Where a value came from, as far as it matters. */
/** What a temporary folder of the program's own is called here. */
export const SCRATCH = '/tmp/scratch';

export type Taint = 'net' | 'decoded' | 'secret' | 'env' | 'input' | 'file';

/** What is known of a Python value: possible strings, a name like `os.system`, list items, and where it came from. */
export interface Value {
  strings: string[];
  name?: string;
  items?: Value[];
  taints: Set<Taint>;
  number?: number;
}

const MAX_TEXT = 32_768;

export const nothing = (): Value => ({ strings: [], taints: new Set() });
export const text = (...strings: string[]): Value => ({ strings: [...new Set(strings)].slice(0, 4), taints: new Set() });

function taintOf(...values: (Value | undefined)[]): Set<Taint> {
  const out = new Set<Taint>();
  for (const v of values) for (const t of v?.taints ?? []) out.add(t);
  return out;
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
  commands: 'subprocess',
  builtins: 'builtins',
  __builtin__: 'builtins',
  __builtins__: 'builtins',
};

/** Folds constant expressions: joins, slices, chr, base64, hex, rot13, format, getattr, `__import__`. */
export class Folder {
  readonly names = new Map<string, Value>();
  private budget = 20_000;

  constructor(private readonly called: (name: string, node: Node, args: Value[], keywords: Map<string, Value>) => Value | undefined) {}

  set(name: string, v: Value): void {
    const before = this.names.get(name);
    if (!before) {
      this.names.set(name, v);
      return;
    }
    const merged: Value = { strings: [...new Set([...v.strings, ...before.strings])].slice(0, 4), taints: taintOf(before, v) };
    if (v.name !== undefined) merged.name = v.name;
    else if (before.name !== undefined && v.strings.length === 0) merged.name = before.name;
    const items = v.items ?? before.items;
    if (items) merged.items = items;
    if (v.number !== undefined) merged.number = v.number;
    this.names.set(name, merged);
  }

  value(node: Node | null): Value {
    if (!node || this.budget-- < 0) return nothing();
    switch (node.type) {
      case 'string':
        return this.string(node);
      case 'concatenated_string': {
        const parts = node.namedChildren.map((c) => this.value(c));
        return this.concat(parts);
      }
      case 'integer': {
        const t = node.text.replace(/_/g, '').replace(/^0o/i, '0o');
        const n = Number(t);
        return { strings: [], taints: new Set(), number: Number.isNaN(n) ? Number.parseInt(t, 10) : n };
      }
      case 'float':
        return { strings: [], taints: new Set(), number: Number(node.text) };
      case 'identifier': {
        const known = this.names.get(node.text);
        if (known) return known;
        return { strings: [], name: MODULES[node.text] ?? node.text, taints: new Set() };
      }
      case 'attribute': {
        const object = this.value(node.childForFieldName('object'));
        const attribute = node.childForFieldName('attribute')?.text ?? '';
        const v: Value = { strings: [], taints: new Set(object.taints) };
        if (object.name !== undefined) v.name = canonical(`${object.name}.${attribute}`);
        else if (object.strings.length > 0 || object.items) v.name = `str.${attribute}`;
        else v.name = `?.${attribute}`;
        const known = this.names.get(v.name);
        if (known && known !== v) return known;
        if (v.name === 'sys.executable') return text('python3');
        if (v.name === 'os.environ') v.taints.add('env');
        return v;
      }
      case 'parenthesized_expression':
      case 'expression_statement':
      case 'keyword_argument':
      case 'await':
      case 'list_splat':
        return this.value(node.childForFieldName('value') ?? node.namedChildren[0] ?? null);
      case 'list':
      case 'tuple':
      case 'set': {
        const items = node.namedChildren.slice(0, 2000).map((c) => this.value(c));
        return { strings: [], items, taints: taintOf(...items) };
      }
      case 'expression_list':
        return { strings: [], items: node.namedChildren.map((c) => this.value(c)), taints: new Set() };
      case 'dictionary': {
        const items = node.namedChildren.map((c) => this.value(c?.childForFieldName('value') ?? null));
        return { strings: [], items, taints: taintOf(...items) };
      }
      case 'binary_operator':
        return this.binary(node);
      case 'unary_operator': {
        const v = this.value(node.childForFieldName('argument'));
        return v.number !== undefined ? { ...v, number: -v.number } : v;
      }
      case 'conditional_expression':
      case 'boolean_operator': {
        const parts = node.namedChildren.map((c) => this.value(c));
        return {
          strings: parts.flatMap((p) => p.strings).slice(0, 4),
          taints: taintOf(...parts),
          ...(parts[0]?.name ? { name: parts[0].name } : {}),
        };
      }
      case 'named_expression': {
        const v = this.value(node.childForFieldName('value'));
        this.set(node.childForFieldName('name')?.text ?? '', v);
        return v;
      }
      case 'subscript':
        return this.subscript(node);
      case 'call':
        return this.call(node);
      case 'list_comprehension':
      case 'generator_expression':
      case 'dictionary_comprehension':
      case 'set_comprehension':
        return this.comprehension(node);
      case 'lambda':
        return this.value(node.childForFieldName('body'));
      default:
        for (const c of node.namedChildren) if (c && (c.type === 'call' || c.namedChildCount > 0)) this.value(c);
        return nothing();
    }
  }

  private string(node: Node): Value {
    const start = node.namedChildren.find((c) => c?.type === 'string_start')?.text ?? "'";
    const raw = /r/i.test(start);
    let out = '';
    const taints = new Set<Taint>();
    for (const c of node.namedChildren) {
      if (!c) continue;
      if (c.type === 'string_content') out += raw ? c.text : decodeEscapes(c.text.replace(/\\\r?\n/g, ''));
      else if (c.type === 'interpolation') {
        const v = this.value(c.childForFieldName('expression') ?? c.namedChildren[0] ?? null);
        for (const t of v.taints) taints.add(t);
        out += v.strings[0] ?? (v.number !== undefined ? String(v.number) : UNKNOWN);
      }
      if (out.length > MAX_TEXT) break;
    }
    return { strings: [out.slice(0, MAX_TEXT)], taints };
  }

  private concat(parts: Value[]): Value {
    const out = parts.map((p) => p.strings[0] ?? (p.number !== undefined ? String(p.number) : UNKNOWN)).join('');
    const some = parts.some((p) => p.strings.length > 0);
    return { strings: some ? [out.slice(0, MAX_TEXT)] : [], taints: taintOf(...parts) };
  }

  private binary(node: Node): Value {
    const a = this.value(node.childForFieldName('left'));
    const b = this.value(node.childForFieldName('right'));
    const op = node.childForFieldName('operator')?.text ?? node.children[1]?.text ?? '';
    if (a.number !== undefined && b.number !== undefined) {
      const n =
        op === '+'
          ? a.number + b.number
          : op === '-'
            ? a.number - b.number
            : op === '*'
              ? a.number * b.number
              : op === '**'
                ? a.number ** b.number
                : op === '//'
                  ? Math.floor(a.number / b.number)
                  : op === '^'
                    ? a.number ^ b.number
                    : op === '%'
                      ? a.number % b.number
                      : op === '<<'
                        ? a.number * 2 ** b.number
                        : Number.NaN;
      return { strings: [], taints: new Set(), number: n };
    }
    if (op === '+') {
      if (a.items && b.items) return { strings: [], items: [...a.items, ...b.items], taints: taintOf(a, b) };
      return this.concat([a, b]);
    }
    if (op === '*' && a.strings[0] !== undefined && b.number !== undefined)
      return { strings: [a.strings[0].repeat(Math.min(Math.max(0, b.number), 64))], taints: taintOf(a), number: b.number };
    if (op === '*' && a.items && b.number !== undefined) return { strings: [], items: a.items, taints: taintOf(a), number: b.number };
    if (op === '%' && a.strings[0] !== undefined) {
      const values = b.items ?? [b];
      let k = 0;
      return {
        strings: [
          a.strings[0].replace(
            /%[-#0 +]?\d*(?:\.\d+)?[sdrxic]/g,
            () => values[k++]?.strings[0] ?? (values[k - 1]?.number !== undefined ? String(values[k - 1]!.number) : UNKNOWN),
          ),
        ],
        taints: taintOf(a, b),
      };
    }
    if (op === '/' && (a.name?.startsWith('pathlib.') || a.strings.length > 0))
      return { strings: [`${a.strings[0] ?? UNKNOWN}/${b.strings[0] ?? UNKNOWN}`], name: 'pathlib.Path', taints: taintOf(a, b) };
    return { strings: [], taints: taintOf(a, b) };
  }

  private subscript(node: Node): Value {
    const object = this.value(node.childForFieldName('value'));
    const key = node.childForFieldName('subscript') ?? node.namedChildren[1] ?? null;
    if (key?.type === 'slice') {
      const t = key.text.replace(/\s/g, '');
      if (object.strings[0] !== undefined) {
        if (t === '::-1') return { strings: [[...object.strings[0]].reverse().join('')], taints: new Set([...object.taints, 'decoded']) };
        const m = /^(-?\d*):(-?\d*)(?::(\d+))?$/.exec(t);
        if (m) {
          let s = object.strings[0].slice(m[1] ? Number(m[1]) : 0, m[2] ? Number(m[2]) : undefined);
          if (m[3]) s = [...s].filter((_c, i) => i % Number(m[3]) === 0).join('');
          return { strings: [s], taints: object.taints };
        }
      }
      return object;
    }
    const index = this.value(key);
    if (object.items && index.number !== undefined) return object.items.at(index.number) ?? nothing();
    if (object.items && node.childForFieldName('value')?.type === 'dictionary')
      return { strings: object.items.flatMap((i) => i.strings).slice(0, 4), taints: object.taints };
    if (object.strings[0] !== undefined && index.number !== undefined) return text(object.strings[0].at(index.number) ?? '');
    if (index.strings[0] !== undefined && object.name !== undefined) {
      if (/(?:__dict__|globals|locals|vars|modules|__builtins__|builtins)$/.test(object.name)) {
        const base = object.name.replace(/\.?(?:__dict__|modules)$/, '').replace(/^(?:globals|locals|sys)$/, '');
        return {
          strings: [],
          name: canonical([base === 'builtins' ? '' : base, index.strings[0]].filter(Boolean).join('.')),
          taints: new Set(['decoded']),
        };
      }
      return { strings: [], name: `${object.name}[${index.strings[0].slice(0, 60)}]`, taints: object.taints };
    }
    return { strings: [], taints: object.taints, ...(object.name ? { name: object.name } : {}) };
  }

  /** `''.join(chr(x) for x in [1, 2])` and kin. */
  private comprehension(node: Node): Value {
    const clause = node.namedChildren.find((c) => c?.type === 'for_in_clause');
    const variable = clause?.childForFieldName('left')?.text ?? '';
    const over = this.value(clause?.childForFieldName('right') ?? null);
    const body = node.childForFieldName('body');
    const source = over.items ?? (over.strings[0] !== undefined ? [...over.strings[0]].slice(0, 400).map((c) => text(c)) : undefined);
    if (!source) {
      // Only the name of a finder says what each item is: `each pathlib.Path.rglob`.
      if (over.name !== undefined && /glob|iterdir|listdir|scandir|walk|process_iter|fork/.test(over.name))
        this.names.set(variable, { strings: [], name: `each ${over.name}`, taints: new Set(over.taints) });
      else this.names.delete(variable);
      const v = this.value(body);
      return { strings: [], items: [v], taints: taintOf(v, over) };
    }
    const before = this.names.get(variable);
    const items: Value[] = [];
    for (const item of source.slice(0, 400)) {
      this.names.set(variable, item);
      items.push(this.value(body));
    }
    if (before) this.names.set(variable, before);
    else this.names.delete(variable);
    return { strings: [], items, taints: taintOf(over, ...items) };
  }

  private call(node: Node): Value {
    const fnNode = node.childForFieldName('function');
    const argNode = node.childForFieldName('arguments');
    const args: Value[] = [];
    const keywords = new Map<string, Value>();
    if (argNode?.type === 'generator_expression') args.push(this.value(argNode));
    else
      for (const a of argNode?.namedChildren ?? []) {
        if (!a || a.type === 'comment') continue;
        if (a.type === 'keyword_argument') keywords.set(a.childForFieldName('name')?.text ?? '', this.value(a.childForFieldName('value')));
        else if (a.type === 'list_splat') args.push(...(this.value(a).items ?? [nothing()]));
        else args.push(this.value(a));
      }
    const object = fnNode?.type === 'attribute' ? this.value(fnNode.childForFieldName('object')) : undefined;
    const method = fnNode?.type === 'attribute' ? (fnNode.childForFieldName('attribute')?.text ?? '') : '';
    const inner = fnNode?.type === 'parenthesized_expression' ? fnNode.namedChildren[0] : fnNode;
    if (inner?.type === 'lambda') {
      for (const [i, p] of (inner.childForFieldName('parameters')?.namedChildren ?? []).entries())
        if (p?.type === 'identifier' && args[i]) this.names.set(p.text, args[i]);
      return this.value(inner.childForFieldName('body'));
    }
    const f = this.value(fnNode);
    const name = f.name ?? (method ? `?.${method}` : '');
    const own = object && (object.strings.length > 0 || object.items) && !object.name ? this.method(object, method, args) : undefined;
    const noted = this.called(
      name || `?.${method}`,
      node,
      object && (object.strings.length > 0 || object.name === 'pathlib.Path')
        ? method && name.startsWith('pathlib.')
          ? [object, ...args]
          : args
        : args,
      keywords,
    );
    if (noted && object) for (const t of object.taints) noted.taints.add(t);
    return (
      own ??
      noted ??
      this.builtin(name, args, object, method) ?? { strings: [], name: `${name}()`, taints: taintOf(object, ...args, ...keywords.values()) }
    );
  }

  private method(o: Value, m: string, args: Value[]): Value | undefined {
    const s = o.strings[0];
    const a = args[0]?.strings[0];
    if (m === 'join') {
      const items = args[0]?.items;
      return items ? { strings: [items.map((i) => i.strings[0] ?? UNKNOWN).join(s ?? '')], taints: taintOf(o, args[0]) } : undefined;
    }
    if (s === undefined) return undefined;
    const keep = (t: string): Value => ({ strings: [t], taints: taintOf(o, ...args) });
    switch (m) {
      case 'decode':
      case 'encode':
        if (a !== undefined && /rot.?13/i.test(a)) return { strings: [rot13(s)], taints: new Set(['decoded']) };
        if (a !== undefined && /hex/i.test(a)) return { strings: [Buffer.from(s, 'hex').toString('utf8')], taints: new Set(['decoded']) };
        if (a !== undefined && /base64/i.test(a))
          return { strings: [Buffer.from(s, 'base64').toString('utf8')], taints: new Set(['decoded']) };
        return keep(s);
      case 'strip':
      case 'lstrip':
      case 'rstrip':
        return keep(s.trim());
      case 'lower':
        return keep(s.toLowerCase());
      case 'upper':
        return keep(s.toUpperCase());
      case 'replace':
        return a !== undefined && args[1]?.strings[0] !== undefined ? keep(s.split(a).join(args[1].strings[0])) : keep(s);
      case 'split':
        return {
          strings: [],
          items: (a !== undefined && a !== '' ? s.split(a) : s.trim().split(/\s+/)).slice(0, 200).map((t) => text(t)),
          taints: o.taints,
        };
      case 'format':
        return keep(s.replace(/\{(\d*|\w+)(?::[^}]*)?\}/g, () => args.shift()?.strings[0] ?? UNKNOWN));
      case 'translate':
        return { strings: [s], taints: new Set(['decoded']) };
      default:
        return undefined;
    }
  }

  private builtin(name: string, args: Value[], object: Value | undefined, method: string): Value | undefined {
    const a = args[0];
    const s = a?.strings[0];
    switch (name) {
      case '__import__':
      case 'importlib.import_module':
      case 'importlib.__import__':
      case 'builtins.__import__':
        return s !== undefined
          ? { strings: [], name: MODULES[s] ?? s, taints: new Set() }
          : { strings: [], name: 'unknown-module', taints: new Set(['decoded']) };
      case 'getattr':
        if (a?.name !== undefined && args[1]?.strings[0] !== undefined)
          return {
            strings: [],
            name: canonical(a.name === 'builtins' ? args[1].strings[0] : `${a.name}.${args[1].strings[0]}`),
            taints: a.taints,
          };
        return undefined;
      case 'chr':
        return a?.number !== undefined && a.number >= 0 && a.number <= 0x10ffff
          ? { strings: [String.fromCodePoint(a.number)], taints: new Set(['decoded']) }
          : undefined;
      case 'ord':
        return s !== undefined ? { strings: [], taints: new Set(), number: s.codePointAt(0) ?? 0 } : undefined;
      case 'str':
      case 'bytes':
      case 'bytearray':
      case 'int':
        if (a?.items?.every((i) => i.number !== undefined))
          return { strings: [Buffer.from(a.items.map((i) => i.number! & 255)).toString('utf8')], taints: new Set(['decoded']) };
        return a;
      case 'map': {
        if (a?.name === 'chr' && args[1]?.items)
          return {
            strings: [],
            items: args[1].items.map((i) =>
              i.number !== undefined ? text(String.fromCodePoint(Math.max(0, Math.min(0x10ffff, i.number)))) : nothing(),
            ),
            taints: new Set(['decoded']),
          };
        return undefined;
      }
      case 'reversed':
        return s !== undefined ? { strings: [], items: [...s].reverse().map((c) => text(c)), taints: new Set(['decoded']) } : undefined;
      case 'list':
      case 'tuple':
        return a;
      case 'base64.b64decode':
      case 'base64.urlsafe_b64decode':
      case 'base64.standard_b64decode':
      case 'base64.decodebytes':
      case 'base64.decodestring':
      case 'binascii.a2b_base64':
        return {
          strings: s !== undefined ? [Buffer.from(s, 'base64').toString('utf8')] : [],
          taints: new Set([...(a?.taints ?? []), 'decoded']),
        };
      case 'bytes.fromhex':
      case 'bytearray.fromhex':
      case 'binascii.unhexlify':
      case 'binascii.a2b_hex':
        return {
          strings: s !== undefined ? [Buffer.from(s.replace(/\s/g, ''), 'hex').toString('utf8')] : [],
          taints: new Set(['decoded']),
        };
      case 'codecs.decode':
      case 'codecs.encode': {
        const how = args[1]?.strings[0] ?? '';
        return {
          strings:
            s !== undefined
              ? [
                  /rot/.test(how)
                    ? rot13(s)
                    : /hex/.test(how)
                      ? Buffer.from(s, 'hex').toString('utf8')
                      : /base64/.test(how)
                        ? Buffer.from(s, 'base64').toString('utf8')
                        : s,
                ]
              : [],
          taints: new Set([...(a?.taints ?? []), 'decoded']),
        };
      }
      case 'zlib.decompress':
      case 'gzip.decompress':
      case 'bz2.decompress':
      case 'lzma.decompress':
      case 'marshal.loads':
        return { strings: [], taints: new Set([...(a?.taints ?? []), 'decoded']) };
      case 'os.path.expanduser':
      case 'os.path.expandvars':
      case 'os.path.abspath':
      case 'os.path.realpath':
      case 'os.path.normpath':
      case 'os.fspath':
      case 'shlex.quote':
      case 'shlex.split':
      case 'urllib.parse.quote':
        return s !== undefined ? { strings: [s.replace(/^\$\{?HOME\}?/, '~')], taints: a!.taints } : undefined;
      case 'os.path.join':
      case 'os.sep.join':
        return {
          strings: [
            args
              .map((x) => x.strings[0] ?? UNKNOWN)
              .reduce((p, q) => (q.startsWith('/') || q.startsWith('~') ? q : p === '' ? q : `${p.replace(/\/$/, '')}/${q}`), ''),
          ],
          taints: taintOf(...args),
        };
      case 'pathlib.Path':
      case 'pathlib.PosixPath':
      case 'pathlib.PurePath':
        return { strings: [args.map((x) => x.strings[0] ?? UNKNOWN).join('/') || '.'], name: 'pathlib.Path', taints: taintOf(...args) };
      case 'pathlib.Path.home':
        return { strings: ['~'], name: 'pathlib.Path', taints: new Set() };
      case 'pathlib.Path.cwd':
        return { strings: ['.'], name: 'pathlib.Path', taints: new Set() };
      case 'os.getcwd':
        return text('.');
      case 'sqlalchemy.text':
      case 'sqlalchemy.sql.text':
        return s !== undefined ? text(s) : undefined;
      case 'os.environ.get':
      case 'os.getenv':
        return s === 'HOME' || s === 'USERPROFILE'
          ? text('~')
          : {
              strings: args[1]?.strings ?? [],
              taints: new Set(s !== undefined && /KEY|TOKEN|SECRET|PASS/i.test(s) ? ['env', 'secret'] : []),
            };
      case 'input':
      case 'raw_input':
        return { strings: [], taints: new Set(['input']) };
      case 'tempfile.mkdtemp':
      case 'tempfile.gettempdir':
      case 'tempfile.mkstemp':
      case 'tempfile.mktemp':
        return text(SCRATCH);
      case 'print':
      case 'len':
      case 'isinstance':
        return nothing();
      default:
        break;
    }
    if (
      object?.name === 'pathlib.Path' &&
      object.strings[0] !== undefined &&
      /^(?:expanduser|resolve|absolute|joinpath|parent|with_name|with_suffix)$/.test(method)
    )
      return {
        strings: [[object.strings[0], ...args.map((x) => x.strings[0] ?? '')].filter(Boolean).join('/')],
        name: 'pathlib.Path',
        taints: object.taints,
      };
    return undefined;
  }
}

function rot13(s: string): string {
  return s.replace(/[a-z]/gi, (c) => String.fromCharCode(c.charCodeAt(0) + (c.toLowerCase() < 'n' ? 13 : -13)));
}

function canonical(name: string): string {
  const n = name.replace(/^builtins\./, '').replace(/^(?:six\.moves|future\.moves)\./, '');
  const first = n.split('.')[0]!;
  const mapped = MODULES[first];
  return mapped && mapped !== first ? mapped + n.slice(first.length) : n;
}
