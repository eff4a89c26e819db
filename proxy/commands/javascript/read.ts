/**
 * Reads JavaScript and TypeScript into facts by the syntax tree. What an attacker could do here: hide a call behind another name, a
 * computed property, an encoding or a text that is run. What stops it: imports, assignments and callbacks are followed, constant
 * expressions are computed, code in strings and commands are read again. A tree that is mostly errors is read by its calls as well.
 */
import { type CodeContext, readCode } from '../code.js';
import { type Node, withTree } from '../grammars.js';
import { UNKNOWN } from '../paths.js';
import { readScript } from '../script.js';
import { judgeCall, type ScriptRun } from './rules.js';
import { carried, literal, method, NOTHING, propertyName, pure, type Taint, tainted, text, type Value } from './values.js';
import { judgeWhole } from './whole.js';

const MAX_NODES = 20_000;
/** Functions that run what they are given. */
const HANDED = /^(?:eval|Function|vm\.run\w+|child_process\.\w+|execSync|exec)$/;

export function readJavaScript(source: string, x: CodeContext): void {
  const read = withTree('javascript', source, (root) => {
    const reader = new Reader(x, source);
    reader.walk(root);
    judgeWhole(reader.run);
    let bad = 0;
    if (root.hasError) for (const e of root.descendantsOfType('ERROR')) if (e) bad += e.endIndex - e.startIndex;
    return bad > source.length * 0.2;
  });
  if (read === undefined) x.findings.parsed = false;
  if (read !== false) readScript('javascript', source, x);
}

class Reader {
  readonly run: ScriptRun;
  private readonly names = new Map<string, Value>();
  private nodes = 0;

  constructor(x: CodeContext, source: string) {
    this.run = {
      x,
      source,
      seen: new Set(),
      taints: new Set(),
      loops: 0,
      code: (t) => readCode('javascript', t, { ...x, depth: (x.depth ?? 0) + 1 }),
    };
  }

  walk(node: Node): void {
    if (++this.nodes > MAX_NODES) return;
    switch (node.type) {
      case 'import_statement':
        this.imports(node);
        return;
      case 'variable_declarator':
        this.bind(node.childForFieldName('name'), this.value(node.childForFieldName('value')));
        return;
      case 'assignment_expression':
      case 'augmented_assignment_expression':
      case 'call_expression':
      case 'new_expression':
      case 'await_expression':
        this.value(node);
        return;
      case 'while_statement':
      case 'for_statement':
        this.run.loops++;
        for (const c of node.namedChildren) if (c) this.walk(c);
        this.run.loops--;
        return;
      case 'for_in_statement': {
        this.run.loops++;
        const over = this.value(node.childForFieldName('right'));
        this.bind(node.childForFieldName('left'), over.items?.[0] ?? { taints: carried(over) });
        for (const c of node.namedChildren) if (c) this.walk(c);
        this.run.loops--;
        return;
      }
      case 'expression_statement':
      case 'return_statement':
      case 'sequence_expression':
        for (const c of node.namedChildren) if (c) this.value(c);
        return;
      default:
        break;
    }
    for (const c of node.namedChildren) if (c) this.walk(c);
  }

  private imports(node: Node): void {
    const from = node.childForFieldName('source');
    const module = from ? moduleName(literal(from.text)) : '';
    this.run.seen.add(`import ${module}`);
    if (/^https?:/.test(module)) this.run.x.findings.risk('download-run', 'code/download-run', 'risky', `Runs code of ${module}`, module);
    for (const c of node.descendantsOfType('import_specifier')) {
      if (!c) continue;
      const name = c.childForFieldName('name')?.text ?? '';
      this.names.set(c.childForFieldName('alias')?.text ?? name, { name: `${module}.${name}`, taints: NOTHING.taints });
    }
    for (const c of node.descendantsOfType('import_clause'))
      for (const k of c?.namedChildren ?? []) {
        if (k?.type === 'identifier') this.names.set(k.text, { name: module, taints: NOTHING.taints });
        if (k?.type === 'namespace_import') this.names.set(k.namedChildren[0]?.text ?? '', { name: module, taints: NOTHING.taints });
      }
  }

  /** Gives a name, or the names of a pattern, a value. */
  private bind(target: Node | null, v: Value): void {
    if (!target) return;
    switch (target.type) {
      case 'identifier':
      case 'shorthand_property_identifier_pattern':
        this.names.set(target.text, v);
        return;
      case 'object_pattern':
        for (const c of target.namedChildren) {
          if (!c) continue;
          if (c.type === 'shorthand_property_identifier_pattern') this.names.set(c.text, this.member(v, c.text));
          else if (c.type === 'pair_pattern')
            this.bind(c.childForFieldName('value'), this.member(v, propertyName(c.childForFieldName('key')) ?? UNKNOWN));
          else if (c.type === 'object_assignment_pattern')
            this.names.set(c.namedChildren[0]?.text ?? '', this.member(v, c.namedChildren[0]?.text ?? ''));
          else this.bind(c.namedChildren[0] ?? null, v);
        }
        return;
      case 'array_pattern':
        for (const [i, c] of target.namedChildren.entries()) this.bind(c ?? null, v.items?.[i] ?? { taints: carried(v) });
        return;
      default:
        for (const c of target.namedChildren) if (c) this.bind(c, v);
    }
  }

  private member(of: Value, name: string): Value {
    const field = of.fields?.get(name);
    if (field) return field;
    if (of.items && /^\d+$/.test(name)) return of.items[Number(name)] ?? NOTHING;
    if (of.name === 'document' && name === 'cookie') return { name: 'document.cookie', taints: tainted('secret') };
    if (of.name === 'process.env') {
      if (/^(?:HOME|USERPROFILE)$/.test(name)) return text('~');
      return {
        name: `process.env.${name}`,
        taints: /KEY|TOKEN|SECRET|PASS|CRED|DATABASE_URL|DSN/i.test(name) || name === UNKNOWN ? tainted('env', 'secret') : NOTHING.taints,
      };
    }
    if (of.name !== undefined) {
      const full = `${of.name}.${name}`
        .replace(/^(?:globalThis|window|global|self)\./, '')
        .replace(/^fs\.promises\b|^fs\/promises\b/, 'fs')
        .replace(/\.default\b/, '');
      if (full === 'process.env') return { name: full, taints: tainted('env', 'secret') };
      if (full === 'process.argv') return { name: full, taints: tainted('input') };
      return { name: full, taints: of.taints };
    }
    return { taints: of.taints };
  }

  value(node: Node | null): Value {
    if (!node || ++this.nodes > MAX_NODES) return NOTHING;
    switch (node.type) {
      case 'string':
        return text(literal(node.text));
      case 'number':
        return text(String(Number(node.text.replace(/[_n]/g, ''))));
      case 'regex':
        return text(node.childForFieldName('pattern')?.text ?? '');
      case 'true':
      case 'false':
        return text(node.text);
      case 'template_string': {
        let out = '';
        const parts: Value[] = [];
        let at = node.startIndex + 1;
        for (const c of node.namedChildren) {
          if (c?.type !== 'template_substitution') continue;
          out += literal(`\`${node.text.slice(at - node.startIndex, c.startIndex - node.startIndex)}\``);
          const v = this.value(c.namedChildren[0] ?? null);
          parts.push(v);
          out += v.text ?? UNKNOWN;
          at = c.endIndex;
        }
        return text(out + literal(`\`${node.text.slice(at - node.startIndex, -1)}\``), ...parts);
      }
      case 'identifier':
      case 'shorthand_property_identifier':
        return this.names.get(node.text) ?? { name: node.text, taints: NOTHING.taints };
      case 'this':
      case 'super':
      case 'import':
        return { name: node.text, taints: NOTHING.taints };
      case 'member_expression':
        return this.member(this.value(node.childForFieldName('object')), node.childForFieldName('property')?.text ?? '');
      case 'subscript_expression':
        return this.member(this.value(node.childForFieldName('object')), this.value(node.childForFieldName('index')).text ?? UNKNOWN);
      case 'binary_expression': {
        const l = this.value(node.childForFieldName('left'));
        const r = this.value(node.childForFieldName('right'));
        if (node.childForFieldName('operator')?.text === '+') {
          if (l.text === undefined && r.text === undefined) return { taints: tainted(l, r) };
          return text((l.text ?? UNKNOWN) + (r.text ?? UNKNOWN), l, r);
        }
        return l.name !== undefined || l.taints.size > 0 ? l : r;
      }
      case 'array': {
        const items = node.namedChildren.slice(0, 400).map((c) => this.value(c ?? null));
        return { items, taints: NOTHING.taints };
      }
      case 'object': {
        const fields = new Map<string, Value>();
        let more: ReadonlySet<Taint> = NOTHING.taints;
        for (const c of node.namedChildren) {
          if (c?.type === 'pair') fields.set(propertyName(c.childForFieldName('key')) ?? UNKNOWN, this.value(c.childForFieldName('value')));
          else if (c?.type === 'shorthand_property_identifier') fields.set(c.text, this.value(c));
          else if (c?.type === 'spread_element')
            more = tainted({ taints: more }, { taints: carried(this.value(c.namedChildren[0] ?? null)) });
          else if (c) this.walk(c);
        }
        return { fields, taints: more };
      }
      case 'assignment_expression': {
        const v = this.value(node.childForFieldName('right'));
        this.assign(node.childForFieldName('left'), v);
        return v;
      }
      case 'augmented_assignment_expression': {
        const left = node.childForFieldName('left');
        const before = this.value(left);
        const v = this.value(node.childForFieldName('right'));
        const sum =
          before.text !== undefined || v.text !== undefined
            ? text((before.text ?? UNKNOWN) + (v.text ?? UNKNOWN), before, v)
            : { taints: tainted(before, v) };
        this.assign(left, sum);
        return sum;
      }
      case 'parenthesized_expression':
      case 'await_expression':
      case 'spread_element':
      case 'non_null_expression':
      case 'as_expression':
        return this.value(node.namedChildren[0] ?? null);
      case 'sequence_expression': {
        let last = NOTHING;
        for (const c of node.namedChildren) last = this.value(c ?? null);
        return last;
      }
      case 'ternary_expression': {
        const a = this.value(node.childForFieldName('consequence'));
        const b = this.value(node.childForFieldName('alternative'));
        return a.text !== undefined || a.name !== undefined ? { ...a, taints: tainted(a, b) } : { ...b, taints: tainted(a, b) };
      }
      case 'call_expression':
      case 'new_expression':
        return this.call(node);
      case 'unary_expression':
        if (/^delete\b/.test(node.text)) {
          const v = this.value(node.namedChildren[0] ?? null);
          const name = /^process\.env\.(\w+)$/.exec(v.name ?? '')?.[1];
          if (name) this.run.x.protected.unset(name, this.run.x.findings);
        }
        return this.value(node.namedChildren[0] ?? null);
      case 'arrow_function':
      case 'function_expression':
      case 'function':
      case 'generator_function':
        this.body(node, NOTHING);
        return { name: 'function', taints: NOTHING.taints };
      default:
        for (const c of node.namedChildren) if (c) this.walk(c);
        return NOTHING;
    }
  }

  private assign(left: Node | null, v: Value): void {
    if (!left) return;
    if (left.type === 'member_expression' || left.type === 'subscript_expression') {
      const at = this.value(left);
      const env = /^process\.env\.(\w+)$/.exec(at.name ?? '')?.[1];
      if (env) this.run.x.protected.assignment(env, v.text, this.run.x.findings);
      if (/\.(?:onmessage|ondata|href|src)$/.test(at.name ?? '') && v.taints.size > 0) judgeCall(at.name!, [v], this.run);
    } else this.bind(left, v);
  }

  /** Reads the body of a function with its parameters bound to what the caller hands over. */
  private body(fn: Node, given: Value, others: readonly Value[] = []): Value {
    const p = fn.childForFieldName('parameters') ?? fn.childForFieldName('parameter');
    if (p) {
      if (p.type === 'identifier') this.names.set(p.text, given);
      else for (const [i, c] of p.namedChildren.entries()) if (c) this.bind(c, i === 0 ? given : (others[i] ?? given));
    }
    const b = fn.childForFieldName('body');
    if (!b) return NOTHING;
    if (b.type !== 'statement_block') return this.value(b);
    this.walk(b);
    return NOTHING;
  }

  private call(node: Node): Value {
    const fn = node.childForFieldName('function') ?? node.childForFieldName('constructor');
    const list = node.childForFieldName('arguments');
    const callee = fn && /function|arrow/.test(fn.type) ? NOTHING : this.value(fn);
    const callbacks: Node[] = [];
    const args: Value[] = [];
    if (list?.type === 'template_string') args.push(this.value(list));
    else
      for (const c of list?.namedChildren ?? []) {
        if (!c || c.type === 'comment') continue;
        if (/^(?:arrow_function|function_expression|function|generator_function)$/.test(c.type)) {
          callbacks.push(c);
          args.push({ name: 'function', taints: NOTHING.taints });
        } else if (c.type === 'spread_element') args.push(...(this.value(c).items ?? [this.value(c)]));
        else args.push(this.value(c));
      }
    let out = NOTHING;
    let object = NOTHING;
    if (fn && (fn.type === 'member_expression' || fn.type === 'subscript_expression')) {
      object = this.value(fn.childForFieldName('object'));
      const name =
        fn.type === 'member_expression'
          ? (fn.childForFieldName('property')?.text ?? '')
          : (this.value(fn.childForFieldName('index')).text ?? '');
      // `file.pipe(request)`: what flows is the object, where it goes is the argument.
      if (name === 'pipe' && args[0]?.name !== undefined && /request\(\)|Socket|fetch|axios|got|http/.test(args[0].name))
        judgeCall(`${args[0].name}.write`, [object], this.run);
      const computed = method(object, name, args);
      if (computed) out = computed;
      else out = { taints: tainted(object) };
      if (/^(?:call|apply|bind)$/.test(name) && object.name !== undefined) {
        const rest = name === 'apply' ? (args[1]?.items ?? []) : args.slice(1);
        if (name !== 'bind') out = this.named(object.name, rest) ?? out;
        else out = { ...object };
      }
      if (name === 'constructor' || /\.constructor$/.test(object.name ?? '')) this.named('Function', args);
    }
    if (fn && /function|arrow/.test(fn.type)) this.body(fn, args[0] ?? NOTHING, args);
    else if (fn?.type === 'parenthesized_expression' && /function|arrow/.test(fn.namedChildren[0]?.type ?? ''))
      this.body(fn.namedChildren[0]!, args[0] ?? NOTHING, args);
    if (callee.name !== undefined) out = this.named(callee.name, args) ?? out;
    const method_ = fn?.childForFieldName('property')?.text ?? '';
    const passed: Value = {
      ...(method_ === 'then' && object.name !== undefined && /^[\w/:-]+$/.test(object.name) ? { name: object.name } : {}),
      taints: tainted({ taints: carried(out) }, object),
      ...(out.name !== undefined ? { name: out.name } : {}),
      ...(object.items?.[0] && callbacks.length > 0 ? object.items[0] : {}),
    };
    const each = fn?.childForFieldName('property')?.text === 'map' && callbacks.length === 1 && object.items && object.items.length <= 50;
    if (each) {
      const items = object.items!.map((i) => this.body(callbacks[0]!, i));
      return { items, taints: tainted(...items) };
    }
    for (const c of callbacks) this.body(c, passed);
    // `.then(eval)`, `.forEach(execSync)`: a function that is handed over is called with what flows there.
    if (/^(?:then|forEach|map|finally|catch|on|once|every|some|filter|flatMap|reduce|pipe)$/.test(method_))
      for (const a of args)
        if (a.name !== undefined && HANDED.test(a.name))
          this.named(a.name, [method_ === 'on' || method_ === 'once' ? { taints: tainted(object, 'net') } : passed]);
    if (/^Reflect\.(?:apply|construct)$/.test(callee.name ?? '') && args[0]?.name !== undefined)
      return this.named(args[0].name, args[callee.name === 'Reflect.apply' ? 2 : 1]?.items ?? []) ?? out;
    if (callee.name === 'Reflect.get' && args[0]) return this.member(args[0], args[1]?.text ?? UNKNOWN);
    if (
      fn?.type === 'subscript_expression' &&
      /^(?:fs|child_process)$/.test(object.name ?? '') &&
      this.value(fn.childForFieldName('index')).text === undefined
    )
      this.run.x.findings.risk('execute', 'code/hidden-call', 'risky', `Calls a function of ${object.name} by a computed name`);
    if (
      out.name === undefined &&
      out.text === undefined &&
      !out.items &&
      !out.fields &&
      callee.name !== undefined &&
      callee.name !== 'function'
    )
      return { ...out, name: `${callee.name.slice(-120)}()` };
    return out;
  }

  private named(full: string, args: Value[]): Value | undefined {
    if (/constructor\.constructor$/.test(full)) full = 'Function';
    const name = full
      .replace(/^(?:process\.mainModule|module|globalThis|global|this)\.(?=require\b)/, '')
      .replace(/^module\.constructor\._load$|^Module\._load$|^createRequire\(\)$/, 'require');
    if (name === 'require' || name === 'import' || name === 'process.binding' || name === 'process.getBuiltinModule') {
      const module = moduleName(args[0]?.text ?? UNKNOWN);
      this.run.seen.add(`import ${module}`);
      if (name === 'process.binding' && /^(?:spawn_sync|process_wrap|fs|tcp_wrap|pipe_wrap|contextify)$/.test(module))
        this.run.x.findings.risk('execute', 'code/hidden-call', 'risky', 'Reaches inner parts of Node past its modules');
      if (/^https?:/.test(module)) this.run.x.findings.risk('download-run', 'code/download-run', 'risky', `Runs code of ${module}`, module);
      if (args[0]?.taints.has('decoded'))
        this.run.x.findings.risk('execute', 'code/hidden-call', 'risky', `Loads ${module} by a hidden name`);
      return { name: module, taints: NOTHING.taints };
    }
    const computed = pure(name, args);
    if (computed) {
      judgeCall(name, args, this.run);
      return computed;
    }
    return judgeCall(name, args, this.run);
  }
}

function moduleName(raw: string): string {
  const m = raw.replace(/^node:/, '');
  return m === 'fs/promises' || m === 'fs-extra' || m === 'graceful-fs' ? 'fs' : m === 'process' ? 'process' : m;
}
