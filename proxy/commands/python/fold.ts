import type { Node } from '../grammars.js';
import { UNKNOWN } from '../paths.js';
import { decodeEscapes } from '../shell/words.js';
import { builtin, joined, variable } from './builtins.js';
import { methodOf } from './methods.js';
import { arithmetic, HIDDEN, LETTERS, sliced } from './operators.js';
import { canonical, either, MAX_TEXT, moduleName, nothing, type Taint, taintOf, text, type Value } from './value.js';

/** Judges a call when its name and arguments are folded; what it gives back is the value of the call. */
export type Called = (name: string, node: Node, args: Value[], keywords: Map<string, Value>) => Value | undefined;

/** Folds expressions: joins, slices, chr, base64, hex, rot13, format, getattr, `__import__`, own functions, fields of classes. */
export class Folder {
  readonly names = new Map<string, Value>();
  /** What the program's own functions give back, as far as it was read. */
  returns = new Map<string, Value>();
  /** Called with values whose size may be absurd. */
  sized: ((v: Value) => void) | undefined;
  /** Own functions whose body is one `return`. */
  expressions: ReadonlyMap<string, Node> = new Map();
  private nested = 0;
  private budget = 30_000;

  constructor(private readonly called: Called) {}

  /** Adds a possible value of a name. */
  set(name: string, v: Value): void {
    const before = this.names.get(name);
    this.names.set(name, before ? either(v, before) : v);
  }

  value(node: Node | null): Value {
    if (!node || this.budget-- < 0) return nothing();
    switch (node.type) {
      case 'string':
        return this.string(node);
      case 'concatenated_string':
        return this.concat(node.namedChildren.map((c) => this.value(c)));
      case 'integer': {
        const t = node.text.replace(/_/g, '');
        const n = Number(t);
        return { strings: [], taints: new Set(), number: Number.isNaN(n) ? Number.parseInt(t, 10) : n };
      }
      case 'float':
        return { strings: [], taints: new Set(), number: Number(node.text) };
      case 'identifier': {
        const known = this.names.get(node.text);
        if (known) return known.name?.startsWith('string.') && LETTERS[known.name.slice(7)] ? text(LETTERS[known.name.slice(7)]!) : known;
        return { strings: [], name: moduleName(node.text), taints: new Set() };
      }
      case 'attribute':
        return this.attribute(node);
      case 'parenthesized_expression':
      case 'expression_statement':
      case 'keyword_argument':
      case 'await':
      case 'list_splat':
      case 'yield':
        return this.value(node.childForFieldName('value') ?? node.namedChildren[0] ?? null);
      case 'list':
      case 'tuple':
      case 'set': {
        const items = node.namedChildren.slice(0, 2000).flatMap((c) => {
          const v = this.value(c?.type === 'list_splat' ? (c.namedChildren[0] ?? null) : c);
          return c?.type === 'list_splat' ? (v.items ?? [v]) : [v];
        });
        return { strings: [], items, taints: taintOf(...items) };
      }
      case 'expression_list':
        return { strings: [], items: node.namedChildren.map((c) => this.value(c)), taints: new Set() };
      case 'dictionary':
        return this.dictionary(node);
      case 'binary_operator': {
        const v = this.binary(node);
        this.sized?.(v);
        return v;
      }
      case 'unary_operator': {
        const v = this.value(node.childForFieldName('argument'));
        return v.number !== undefined ? { ...v, number: -v.number } : v;
      }
      case 'conditional_expression':
      case 'boolean_operator': {
        const parts = node.namedChildren.map((c) => this.value(c));
        const kept = node.type === 'conditional_expression' ? [parts[0], parts[2]] : parts;
        return {
          strings: kept.flatMap((p) => p?.strings ?? []).slice(0, 4),
          taints: taintOf(...kept),
          ...(parts[0]?.name ? { name: parts[0].name } : {}),
          ...(parts[0]?.items ? { items: parts[0].items } : {}),
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
        return { ...this.value(node.childForFieldName('body')), lambda: node };
      default:
        for (const c of node.namedChildren) if (c && (c.type === 'call' || c.namedChildCount > 0)) this.value(c);
        return nothing();
    }
  }

  /** `of` is the object where it was read before: reading a chain of calls twice at each link would double the work each time. */
  private attribute(node: Node, of?: Value): Value {
    const object = of ?? this.value(node.childForFieldName('object'));
    const attribute = node.childForFieldName('attribute')?.text ?? '';
    const v: Value = { strings: [], taints: new Set(object.taints) };
    if (object.name !== undefined) v.name = canonical(`${object.name.length > 160 ? object.name.slice(-80) : object.name}.${attribute}`);
    else if (object.strings.length > 0 || object.items) v.name = `str.${attribute}`;
    else v.name = `?.${attribute}`;
    const known = this.names.get(v.name);
    if (known) return known;
    if (object.strings.length > 0 && /^(?:pathlib\.Path|os\.DirEntry|open\(\))$/.test(object.name ?? '')) {
      if (attribute === 'parent') return { ...object, strings: object.strings.map((p) => p.replace(/\/?[^/]+\/*$/, '') || '/') };
      if (/^(?:path|name)$/.test(attribute) && object.name !== 'pathlib.Path') return { strings: object.strings, taints: object.taints };
      if (/^(?:name|stem)$/.test(attribute)) return { strings: object.strings.map((p) => p.replace(/^.*\//, '')), taints: object.taints };
    }
    if (attribute === '__file__' && object.name && /^[a-z]\w*(?:\.\w+)*$/.test(object.name))
      return text(`${UNKNOWN}/site-packages/${object.name.replaceAll('.', '/')}.py`);
    if (v.name === 'site.USER_SITE') return text(`${UNKNOWN}/site-packages`);
    if (v.name === 'sys.executable') return text('python3');
    if (v.name === 'os.sep') return text('/');
    const letters = LETTERS[v.name.replace(/^string\./, '')];
    if (letters && v.name.startsWith('string.')) return text(letters);
    if (v.name === 'os.environ' || v.name === 'os.environb') v.taints.add('env');
    return v;
  }

  private dictionary(node: Node): Value {
    const items: Value[] = [];
    const fields = new Map<string, Value>();
    for (const c of node.namedChildren) {
      if (c?.type === 'pair') {
        const v = this.value(c.childForFieldName('value'));
        const key = this.value(c.childForFieldName('key')).strings[0];
        if (key !== undefined) fields.set(key, v);
        items.push(v);
      } else if (c && c.type !== 'comment') items.push(this.value(c.namedChildren[0] ?? null));
    }
    return { strings: [], items, fields, taints: taintOf(...items) };
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
    if (a.number !== undefined && b.number !== undefined && a.strings.length === 0 && !a.items)
      return { strings: [], taints: new Set(), number: arithmetic(op, a.number, b.number) };
    if (op === '+') {
      if (a.items && b.items) return { strings: [], items: [...a.items, ...b.items], taints: taintOf(a, b) };
      return this.concat([a, b]);
    }
    if (op === '*' && a.strings[0] !== undefined && b.number !== undefined)
      return {
        strings: [a.strings[0].repeat(Math.min(Math.max(0, b.number), 64)).slice(0, MAX_TEXT)],
        taints: taintOf(a),
        number: b.number * Math.max(1, a.strings[0].length) * (a.number ?? 1),
      };
    if (op === '*' && a.items && b.number !== undefined)
      return { strings: [], items: a.items, taints: taintOf(a), number: b.number * Math.max(1, a.items.length) * (a.number ?? 1) };
    if (op === '%' && a.strings[0] !== undefined) {
      const values = b.items ?? [b];
      let k = 0;
      const next = (): string => {
        const v = values[k++];
        return v?.strings[0] ?? (v?.number !== undefined ? String(v.number) : UNKNOWN);
      };
      return { strings: [a.strings[0].replace(/%[-#0 +]?\d*(?:\.\d+)?[sdrxic]/g, next)], taints: taintOf(a, b) };
    }
    if (op === '/' && (a.name?.startsWith('pathlib.') || a.strings.length > 0))
      return {
        strings: (a.strings.length > 0 ? a.strings : [UNKNOWN]).map((p) => joined([p, b.strings[0]])),
        name: 'pathlib.Path',
        taints: taintOf(a, b),
      };
    if (op === '^') return { strings: [], taints: new Set<Taint>([...taintOf(a, b), 'decoded']) };
    if (op === '|' && (a.fields || b.fields)) return either(a, b);
    return { strings: [], taints: taintOf(a, b) };
  }

  private subscript(node: Node): Value {
    const object = this.value(node.childForFieldName('value'));
    const key = node.childForFieldName('subscript') ?? node.namedChildren[1] ?? null;
    if (key?.type === 'slice') return sliced(object, key.text.replace(/\s/g, ''));
    const index = this.value(key);
    if (object.name === 'os.environ') return index.strings[0] !== undefined ? variable(index.strings[0]) : object;
    if (object.fields && index.strings[0] !== undefined) {
      const field = object.fields.get(index.strings[0]);
      if (field) return field;
    }
    if (object.items && index.number !== undefined && (!object.fields || object.fields.size === 0 || object.items.length === 1))
      return object.items.at(index.number) ?? nothing();
    if (object.fields && object.items)
      return {
        strings: object.items.flatMap((i) => i.strings).slice(0, 4),
        taints: object.taints,
        ...(object.items[0]?.name ? { name: object.items[0].name } : {}),
      };
    if (object.strings[0] !== undefined && index.number !== undefined) return text(object.strings[0].at(index.number) ?? '');
    if (index.strings[0] !== undefined && object.name !== undefined) {
      if (/(?:__dict__|globals(?:\(\))?|locals(?:\(\))?|vars(?:\(\))?|modules|__builtins__|builtins)$/.test(object.name)) {
        const base = object.name
          .replace(/\(\)$/, '')
          .replace(/\.?(?:__dict__|modules)$/, '')
          .replace(/^(?:globals|locals|vars|sys)$/, '');
        return {
          strings: [],
          name: canonical([base === 'builtins' ? '' : base, index.strings[0]].filter(Boolean).join('.')),
          taints: new Set(['decoded']),
        };
      }
      return {
        strings: [],
        name: /^ctypes\.\w+\(\)$/.test(object.name)
          ? `${object.name}.${index.strings[0].slice(0, 60)}`
          : `${object.name}[${index.strings[0].slice(0, 60)}]`,
        taints: object.taints,
      };
    }
    // A function of a module that is looked up by a computed name.
    if (
      index.strings[0] === undefined &&
      /__dict__$|^(?:vars|globals|__builtins__)(?:\(\))?$/.test(object.name ?? '') &&
      index.taints.size + (key?.type === 'call' || key?.type === 'binary_operator' ? 1 : 0) > 0
    )
      return { strings: [], name: `${object.name}.${HIDDEN}`, taints: new Set(['decoded']) };
    if (object.items && object.items.length > 0 && object.items.length < 40 && object.strings.length === 0)
      return object.items.reduce((p, q) => either(p, q));
    return { strings: [], taints: object.taints, ...(object.name ? { name: object.name } : {}) };
  }

  /** Gives the names of a target what one round of a loop hands over. */
  bind(target: Node | null, v: Value): void {
    if (!target) return;
    if (/^(?:pattern_list|tuple_pattern|list_pattern|tuple|expression_list)$/.test(target.type)) {
      for (const [i, c] of target.namedChildren.entries()) if (c) this.bind(c, v.items?.[i] ?? { strings: [], taints: new Set(v.taints) });
    } else if (target.type === 'as_pattern_target') this.bind(target.namedChildren[0] ?? null, v);
    else this.set(target.text, v);
  }

  /** What one round of a loop gets. */
  each(over: Value): Value {
    const from = over.fields ? [...over.fields.keys()].map((k) => text(k)) : over.items;
    if (from && from.length > 0) {
      const v = from.slice(0, 4).reduce((p, q) => either(p, q));
      return { ...v, taints: taintOf(v, over) };
    }
    if (over.strings[0] !== undefined && !over.name) return { strings: [], taints: over.taints };
    return { strings: [], taints: new Set(over.taints), ...(over.name !== undefined ? { name: `each ${over.name}` } : {}) };
  }

  /** `''.join(chr(x) for x in [1, 2])` and kin. */
  private comprehension(node: Node): Value {
    const body = node.childForFieldName('body');
    const clauses = node.namedChildren.filter((c): c is Node => c?.type === 'for_in_clause');
    const clause = clauses[0];
    const target = clause?.childForFieldName('left') ?? null;
    const over = this.value(clause?.childForFieldName('right') ?? null);
    for (const c of node.namedChildren) if (c?.type === 'if_clause') this.value(c);
    const source =
      clauses.length === 1 && target?.type === 'identifier'
        ? over.fields
          ? undefined
          : (over.items ?? (over.strings[0] !== undefined ? [...over.strings[0]].slice(0, 400).map((c) => text(c)) : undefined))
        : undefined;
    const kept = new Map(this.names);
    const items: Value[] = [];
    const one = (): Value => (body?.type === 'pair' ? this.value(body.childForFieldName('value')) : this.value(body));
    if (source && target)
      for (const item of source.slice(0, 400)) {
        this.names.set(target.text, item);
        items.push(one());
      }
    else {
      for (const c of clauses) {
        const left = c.childForFieldName('left');
        for (const n of left?.type === 'identifier' ? [left] : (left?.namedChildren ?? [])) if (n) this.names.delete(n.text);
        this.bind(left, this.each(c === clause ? over : this.value(c.childForFieldName('right'))));
      }
      items.push(one());
    }
    for (const c of clauses) {
      const left = c.childForFieldName('left');
      for (const n of left?.type === 'identifier' ? [left] : (left?.namedChildren ?? [])) {
        if (!n) continue;
        const before = kept.get(n.text);
        if (before) this.names.set(n.text, before);
        else this.names.delete(n.text);
      }
    }
    return { strings: [], items, taints: taintOf(over, ...items) };
  }

  private call(node: Node): Value {
    const fnNode = node.childForFieldName('function');
    const { args, keywords } = this.given(node.childForFieldName('arguments'));
    const object = fnNode?.type === 'attribute' ? this.value(fnNode.childForFieldName('object')) : undefined;
    const method = fnNode?.type === 'attribute' ? (fnNode.childForFieldName('attribute')?.text ?? '') : '';
    const inner = fnNode?.type === 'parenthesized_expression' ? fnNode.namedChildren[0] : fnNode;
    const f = object && fnNode ? this.attribute(fnNode, object) : this.value(fnNode);
    const expression = inner?.type === 'lambda' ? inner : (f.lambda ?? this.expressions.get(inner?.text ?? ''));
    if (expression && (args.length > 0 || inner?.type === 'lambda')) return this.expression(expression, args);
    const name = f.name ?? (method ? `?.${method}` : '');
    const own = object && (object.strings.length > 0 || object.items || object.fields) ? this.method(object, method, args) : undefined;
    const path = object && method && name.startsWith('pathlib.') && (object.strings.length > 0 || object.name === 'pathlib.Path');
    const noted = this.called(name || `?.${method}`, node, path ? [object, ...args] : args, keywords);
    if (noted && object) for (const t of object.taints) noted.taints.add(t);
    const mine = this.returns.get(/^(?:self|cls)\./.test(name) || !name.includes('.') ? name.replace(/^(?:self|cls)\./, '') : method);
    return (
      own ??
      noted ??
      (mine ? { ...mine, taints: taintOf(mine) } : undefined) ??
      builtin(name, args) ??
      this.pathMethod(object, method, args) ?? { strings: [], name: `${name}()`, taints: taintOf(object, ...args, ...keywords.values()) }
    );
  }

  /** Reads a function of one expression with these arguments. */
  private expression(fn: Node, args: Value[]): Value {
    if (this.nested > 4) return { strings: [], taints: taintOf(...args) };
    this.nested++;
    const kept = new Map(this.names);
    for (const [i, p] of (fn.childForFieldName('parameters')?.namedChildren ?? []).entries()) {
      if (p?.type === 'identifier' && args[i]) this.names.set(p.text, args[i]);
      else if (p?.type === 'list_splat_pattern')
        this.names.set(p.namedChildren[0]?.text ?? '', { strings: [], items: args.slice(i), taints: taintOf(...args) });
    }
    const body = fn.childForFieldName('body');
    const out = this.value(body?.type === 'block' ? (body.namedChildren.at(-1)?.namedChildren[0] ?? null) : body);
    for (const p of fn.childForFieldName('parameters')?.namedChildren ?? []) {
      const name = p?.type === 'list_splat_pattern' ? (p.namedChildren[0]?.text ?? '') : (p?.text ?? '');
      const before = kept.get(name);
      if (before) this.names.set(name, before);
      else this.names.delete(name);
    }
    this.nested--;
    return out;
  }

  private method(object: Value, method: string, args: Value[]): Value | undefined {
    if (object.name && !(object.items && object.strings.length === 0 && !object.name.includes('.'))) return undefined;
    if (object.items && /^(?:append|extend|add|insert|appendleft|update)$/.test(method)) {
      const more = method === 'extend' || method === 'update' ? (args[0]?.items ?? args.slice(0, 1)) : args.slice(-1);
      if (object.items.length < 200) object.items.push(...more);
      for (const v of more) for (const t of v.taints) object.taints.add(t);
      return nothing();
    }
    return methodOf(object, method, args);
  }

  private given(list: Node | null): { args: Value[]; keywords: Map<string, Value> } {
    const args: Value[] = [];
    const keywords = new Map<string, Value>();
    if (list?.type === 'generator_expression') args.push(this.value(list));
    else
      for (const a of list?.namedChildren ?? []) {
        if (!a || a.type === 'comment') continue;
        if (a.type === 'keyword_argument') keywords.set(a.childForFieldName('name')?.text ?? '', this.value(a.childForFieldName('value')));
        else if (a.type === 'list_splat') args.push(...(this.value(a).items ?? [nothing()]));
        else if (a.type === 'dictionary_splat') {
          const v = this.value(a.namedChildren[0] ?? null);
          for (const [k, field] of v.fields ?? []) keywords.set(k, field);
        } else args.push(this.value(a));
      }
    return { args, keywords };
  }

  private pathMethod(object: Value | undefined, method: string, args: Value[]): Value | undefined {
    if (object?.name !== 'pathlib.Path' || object.strings[0] === undefined) return undefined;
    if (!/^(?:expanduser|resolve|absolute|joinpath|with_name|with_suffix|as_posix|relative_to|__str__)$/.test(method)) return undefined;
    return {
      strings: object.strings.map((p) =>
        method === 'with_name'
          ? joined([p.replace(/\/?[^/]*$/, ''), args[0]?.strings[0]])
          : method === 'with_suffix'
            ? p.replace(/(?:\.[^./]*)?$/, args[0]?.strings[0] ?? UNKNOWN)
            : joined([p, ...(method === 'joinpath' ? args.map((x) => x.strings[0]) : [])]),
      ),
      name: 'pathlib.Path',
      taints: object.taints,
    };
  }
}
