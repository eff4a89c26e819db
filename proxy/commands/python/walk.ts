import type { Node } from '../grammars.js';
import { UNKNOWN } from '../paths.js';
import { bindCall, bindDefaults, expressionsOf, type Own } from './bind.js';
import { does } from './calls.js';
import { Folder } from './fold.js';
import { judgeCall } from './judge.js';
import { isEndless, judgeLoop, judgeRecursion, judgeSize } from './loops.js';
import { deferred, pretended, replacedBy } from './pretend.js';
import { type PythonRun, risk } from './run.js';
import { assignedVariable } from './system.js';
import { canonical, either, MAX_TEXT, nothing, type Value } from './value.js';

const MAX_NODES = 30_000;
/** What `from x import *` brings, of the modules that matter. */
const STARRED =
  'system popen remove unlink rmdir kill chmod environ run call Popen check_output rmtree move copy socket fork walk listdir execl execv dup2 Path'.split(
    ' ',
  );

/** One reading of the tree from top to bottom. */
export class Walk {
  readonly returns: Map<string, Value>;
  private readonly folder: Folder;
  private readonly inside: string[] = [];
  /** Decorators of the function that is read next. */
  private readonly wrapped = new Map<string, (Node | null)[]>();
  private nodes = 0;

  constructor(
    private readonly run: PythonRun,
    private readonly own: Own,
    readonly params: Map<string, Value>,
    returns: Map<string, Value>,
  ) {
    this.returns = returns;
    this.folder = new Folder((name, node, args, keywords) => this.called(name, node, args, keywords));
    this.folder.returns = returns;
    this.folder.expressions = expressionsOf(own);
    if (!run.quiet) this.folder.sized = (v) => judgeSize(v, run);
    for (const [k, v] of params) this.folder.names.set(k, v);
  }

  root(root: Node): void {
    bindDefaults(this.own, this.folder, this.params);
    for (const [k, v] of this.params) if (!this.folder.names.has(k)) this.folder.names.set(k, v);
    this.walk(root);
  }

  private called(name: string, node: Node, args: Value[], keywords: Map<string, Value>): Value | undefined {
    const { own } = this;
    const bind = (fn: string, values: Value[], named: Map<string, Value>): void =>
      bindCall(fn, values, named, own, this.params, this.returns);
    bind(name, args, keywords);
    for (const v of [...args, ...keywords.values()])
      if (v.name !== undefined && own.functions.has(v.name.replace(/^self\./, ''))) {
        const rest = [...args.filter((a) => a !== v), ...(keywords.get('args')?.items ?? [])].flatMap((a) =>
          a.items && a.items.length < 20 ? a.items : [a],
        );
        bind(v.name.replace(/^self\./, ''), rest, new Map());
      }
    if (pretended(node, this.run)) return undefined;
    return judgeCall({ name, node, args, keywords, run: this.run });
  }

  /** Statements that run while functions are replaced by a test. */
  private patched(by: readonly (Node | null)[], body: Node | null): void {
    if (!body) return;
    const names = deferred(body)
      ? []
      : by
          .flatMap((n) => replacedBy(n, (e) => this.folder.value(e), this.run, body.startIndex) ?? [])
          .filter((n) => !this.run.patched.has(n));
    for (const n of names) this.run.patched.add(n);
    this.walk(body);
    for (const n of names) this.run.patched.delete(n);
  }

  private walk(node: Node): void {
    const { folder, run } = this;
    if (++this.nodes > MAX_NODES) {
      // What was not read is not known to be harmless.
      run.x.findings.parsed = false;
      return;
    }
    switch (node.type) {
      case 'import_statement':
      case 'import_from_statement':
        this.imports(node);
        return;
      case 'assignment':
      case 'augmented_assignment':
        this.assign(node);
        return;
      case 'decorated_definition': {
        const fn = node.childForFieldName('definition')?.childForFieldName('name')?.text;
        for (const d of node.namedChildren)
          if (d?.type === 'decorator' && fn) {
            const by = d.namedChildren[0]?.text ?? '';
            if (this.own.functions.has(by)) {
              this.own.decorated.set(fn, by);
              bindCall(by, [{ ...nothing(), name: fn }], new Map(), this.own, this.params, this.returns);
            } else this.walk(d);
          }
        const by = node.namedChildren.filter((d) => d?.type === 'decorator').map((d) => d!.namedChildren[0] ?? null);
        if (fn && node.childForFieldName('definition')?.type === 'function_definition') this.wrapped.set(fn, by);
        this.children(node);
        if (fn) this.wrapped.delete(fn);
        return;
      }
      case 'function_definition':
        this.inside.push(node.childForFieldName('name')?.text ?? '');
        if (!run.quiet) judgeRecursion(node, run);
        for (const c of node.namedChildren) if (c && c.type !== 'block') this.walk(c);
        this.patched(this.wrapped.get(this.inside.at(-1)!) ?? [], node.childForFieldName('body'));
        this.inside.pop();
        return;
      case 'with_statement': {
        const body = node.childForFieldName('body');
        for (const c of node.namedChildren) if (c && c.type !== 'block') this.walk(c);
        const items = node.descendantsOfType('with_item').filter((i) => i !== null && body !== null && i.endIndex <= body.startIndex);
        this.patched(
          items.map((i) =>
            i!.namedChildren[0]?.type === 'as_pattern' ? (i!.namedChildren[0].namedChildren[0] ?? null) : (i!.namedChildren[0] ?? null),
          ),
          body,
        );
        return;
      }
      case 'class_definition':
        this.fields(node);
        break;
      case 'return_statement': {
        const v = folder.value(node.namedChildren[0] ?? null);
        const fn = this.inside.at(-1);
        if (fn && node.namedChildren[0]) {
          const before = this.returns.get(fn);
          this.returns.set(fn, before ? either(v, before) : v);
        }
        if (node.namedChildren[0]) this.reduced(node.namedChildren[0]);
        return;
      }
      case 'while_statement':
      case 'for_statement': {
        const over = node.type === 'for_statement' ? folder.value(node.childForFieldName('right')) : undefined;
        if (over) folder.bind(node.childForFieldName('left'), folder.each(over));
        if (!run.quiet) judgeLoop(node, run, over);
        const before = run.endless;
        run.endless ||= isEndless(node, over);
        run.loops++;
        // A short list of commands or functions: each of them is read.
        const each =
          over?.items && !over.fields && over.items.length <= 8 && run.loops <= 1 && over.items.some((i) => i.items || i.name)
            ? over.items
            : [];
        for (const item of each.slice(1)) {
          folder.bind(node.childForFieldName('left'), item);
          for (const c of node.namedChildren) if (c && c.type === 'block') this.walk(c);
        }
        if (over && each.length > 1) folder.bind(node.childForFieldName('left'), folder.each(over));
        if (over) for (const c of node.namedChildren) if (c && c.type === 'block') this.walk(c);
        if (!over) this.children(node);
        run.loops--;
        run.endless = before;
        return;
      }
      case 'with_item':
      case 'as_pattern': {
        const v = folder.value(node.namedChildren[0] ?? null);
        const target = node.namedChildren.find((c) => c?.type === 'as_pattern_target');
        if (target) folder.bind(target, v);
        if (node.namedChildren[0]?.type === 'as_pattern') this.walk(node.namedChildren[0]);
        return;
      }
      case 'call':
      case 'await':
      case 'lambda':
      case 'subscript':
      case 'binary_operator':
      case 'list_comprehension':
      case 'set_comprehension':
      case 'generator_expression':
      case 'dictionary_comprehension':
      case 'dictionary':
      case 'string':
      case 'named_expression':
        folder.value(node);
        return;
      case 'tuple':
      case 'expression_list':
        this.reduced(node);
        folder.value(node);
        return;
      case 'delete_statement':
        if (/os\.environ/.test(node.text)) {
          const name = /\[\s*['"](\w+)/.exec(node.text)?.[1];
          if (name) run.x.protected.unset(name, run.x.findings);
        }
        return;
      default:
        break;
    }
    this.children(node);
  }

  private children(node: Node): void {
    for (const c of node.namedChildren) if (c) this.walk(c);
  }

  /** Fields of a class are found by `self.x`, `cls.x` and the name of the class. */
  private fields(node: Node): void {
    const name = node.childForFieldName('name')?.text ?? '';
    for (const s of node.childForFieldName('body')?.namedChildren ?? []) {
      const a = s?.type === 'expression_statement' ? s.namedChildren[0] : s;
      const left = a?.type === 'assignment' ? a.childForFieldName('left') : null;
      const right = a?.childForFieldName('right');
      if (left?.type !== 'identifier' || !right) continue;
      const v = this.folder.value(right);
      for (const of of ['self', 'cls', name]) this.folder.set(`${of}.${left.text}`, v);
    }
  }

  private imports(node: Node): void {
    const { folder, run } = this;
    const module = node.type === 'import_from_statement' ? (node.childForFieldName('module_name')?.text ?? '') : '';
    if (module) run.seen.add(`import ${module}`);
    for (const c of node.childrenForFieldName('name')) {
      if (!c) continue;
      const full = c.type === 'aliased_import' ? (c.childForFieldName('name')?.text ?? '') : c.text;
      const alias = c.type === 'aliased_import' ? (c.childForFieldName('alias')?.text ?? '') : '';
      const name = module ? `${module}.${full}` : full;
      run.seen.add(`import ${name}`);
      folder.names.set(alias || (module ? full : full.split('.')[0]!), {
        ...nothing(),
        name: canonical(alias || module ? name : full.split('.')[0]!),
      });
    }
    if (/import\s*\*/.test(node.text) && /^(?:os|subprocess|shutil|socket|sys|pathlib)$/.test(module))
      for (const n of STARRED) folder.names.set(n, { ...nothing(), name: `${module}.${n}` });
  }

  private assign(node: Node): void {
    const { folder, run } = this;
    const left = node.childForFieldName('left');
    const right = node.childForFieldName('right');
    const v = folder.value(right);
    if (right) this.reduced(right);
    if (!left) return;
    if (left.type === 'identifier') {
      const before = folder.names.get(left.text);
      if (node.type === 'augmented_assignment' && (v.strings[0] !== undefined || before?.strings.length))
        folder.names.set(left.text, {
          ...either(v, before ?? nothing()),
          strings: [((before?.strings[0] ?? '') + (v.strings[0] ?? UNKNOWN)).slice(0, MAX_TEXT)],
        });
      else folder.set(left.text, v);
      if (this.inside.length === 0) return;
      return;
    }
    if (/^(?:pattern_list|tuple_pattern|list_pattern)$/.test(left.type)) {
      folder.bind(left, v);
      return;
    }
    if (left.type === 'subscript') {
      const object = folder.value(left.childForFieldName('value'));
      const key = folder.value(left.childForFieldName('subscript')).strings[0];
      if (object.name === 'os.environ' && key !== undefined) {
        run.x.protected.assignment(key, v.strings[0], run.x.findings);
        assignedVariable(key, v.strings[0], run, node);
      } else if (object.fields && object.fields.size < 200) {
        object.fields.set(key ?? UNKNOWN, v);
        object.items?.push(v);
        for (const t of v.taints) object.taints.add(t);
      } else if (left.childForFieldName('value')?.type === 'identifier')
        for (const t of v.taints) folder.set(left.childForFieldName('value')!.text, { ...nothing(), taints: new Set([t]) });
      return;
    }
    if (left.type === 'attribute') {
      const name = folder.value(left.childForFieldName('object')).name;
      const full = name !== undefined ? canonical(`${name}.${left.childForFieldName('attribute')?.text ?? ''}`) : left.text;
      this.replaced(/^builtins\./.test(left.text) ? left.text : full, right);
      folder.set(full, v);
    }
  }

  /** Functions of the library that are replaced for the whole program. */
  private replaced(name: string, right: Node | null): void {
    if (!/^(?:builtins\.|sys\.(?:stdin|modules|meta_path)|os\.|subprocess\.|socket\.|ssl\.|requests\.)/.test(name)) return;
    if (/^(?:sys\.std|os\.environ|socket\.socket\(|subprocess\.\w+\()/.test(name)) return;
    const harmless = /^ssl\._create_default_https_context/.test(name) || (right?.type !== 'identifier' && right?.type !== 'lambda');
    risk(this.run, 'persistence', 'code/monkey-patch', harmless ? 'notable' : 'risky', `Replaces ${name} for the whole program`, name);
  }

  /** `return os.system, ("cmd",)` of `__reduce__`. */
  private reduced(node: Node): void {
    if (node.type !== 'tuple' && node.type !== 'expression_list' && node.type !== 'parenthesized_expression') return;
    const inner = node.type === 'parenthesized_expression' ? node.namedChildren[0] : node;
    if (inner?.type !== 'tuple' && inner?.type !== 'expression_list') return;
    const [f, given] = [this.folder.value(inner.namedChildren[0] ?? null), this.folder.value(inner.namedChildren[1] ?? null)];
    if (f.name && given.items && (does(f.name, 'run') || does(f.name, 'code'))) {
      judgeCall({ name: f.name, node: inner, args: given.items, keywords: new Map(), run: this.run });
      risk(this.run, 'execute', 'code/pickle', 'risky', 'Makes an object that runs a command when it is loaded');
    }
  }
}
