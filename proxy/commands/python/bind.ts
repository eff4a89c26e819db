/** The program's own functions and classes: what calls give their parameters, and what they give back. */
import type { Node } from '../grammars.js';
import type { Folder } from './fold.js';
import { either, isBlank, type Value } from './value.js';

export interface Own {
  functions: Map<string, Node>;
  classes: Map<string, Node>;
  /** A function of the program → the function that decorates it. */
  decorated: Map<string, string>;
}

export function ownOf(root: Node): Own {
  const functions = new Map<string, Node>();
  const classes = new Map<string, Node>();
  for (const f of root.descendantsOfType(['function_definition', 'class_definition']).slice(0, 400)) {
    const name = f?.childForFieldName('name')?.text;
    if (!f || !name) continue;
    if (f.type === 'class_definition') classes.set(name, f);
    else functions.set(name, f);
  }
  return { functions, classes, decorated: new Map() };
}

const parametersOf = (fn: Node): Node[] =>
  (fn.childForFieldName('parameters')?.namedChildren ?? []).filter(
    (p): p is Node => p !== null && p.type !== 'comment' && !/^(?:self|cls|\*|\/)$/.test(p.text),
  );

const nameOf = (p: Node): string =>
  p.type === 'identifier' ? p.text : (p.childForFieldName('name')?.text ?? p.namedChildren[0]?.text ?? '');

/** Hands the arguments of a call to the parameters of the function of that name. */
export function bindCall(
  name: string,
  args: Value[],
  keywords: Map<string, Value>,
  own: Own,
  params: Map<string, Value>,
  returns: Map<string, Value>,
): void {
  const last = name.slice(name.lastIndexOf('.') + 1);
  let fn = own.functions.get(last);
  const wrapper = returns.get(own.decorated.get(last) ?? '')?.name;
  if (wrapper && wrapper !== last && own.functions.has(wrapper) && !own.decorated.has(wrapper))
    bindCall(wrapper, args, keywords, own, params, returns);
  const cls = own.classes.get(last);
  if (cls) {
    const body = cls.childForFieldName('body');
    const init = body?.namedChildren.find((c) => c?.type === 'function_definition' && c.childForFieldName('name')?.text === '__init__');
    if (init) fn = init;
    else if (args.length > 0) {
      // A data class: its fields in order.
      const fields = (body?.namedChildren ?? []).map((c) => /^(\w+)\s*:/.exec(c?.text ?? '')?.[1]).filter((f) => f !== undefined);
      for (const [i, a] of args.entries()) if (fields[i]) give(`self.${fields[i]}`, a, own, params);
      return;
    }
  }
  if (!fn) return;
  const parameters = parametersOf(fn);
  // A bound path comes first in `args` where the call is a method of the library; own methods never have one.
  for (const [i, a] of args.entries()) {
    const p = parameters[i] ?? parameters.at(-1);
    if (!p) break;
    if (/list_splat|dictionary_splat/.test(p.type)) {
      give(p.namedChildren[0]?.text ?? '', { strings: [], items: args.slice(i), taints: new Set(a.taints) }, own, params);
      break;
    }
    if (parameters[i]) give(nameOf(p), a, own, params);
  }
  for (const [k, v] of keywords) give(k, v, own, params);
}

function give(name: string, v: Value, own: Own, params: Map<string, Value>): void {
  if (!name || (isBlank(v) && !(v.name && (/^[a-z_]+\.\w+$/i.test(v.name) || own.functions.has(v.name))))) return;
  const before = params.get(name);
  params.set(name, before ? either(v, before) : v);
}

/** Own functions whose body is one `return` of an expression. */
export function expressionsOf(own: Own): Map<string, Node> {
  const out = new Map<string, Node>();
  for (const [name, fn] of own.functions) {
    const body = (fn.childForFieldName('body')?.namedChildren ?? []).filter(
      (c) => c && c.type !== 'comment' && !/^[rbf]?['"]/.test(c.text),
    );
    if (
      body.length === 1 &&
      body[0]?.type === 'return_statement' &&
      fn.parent?.type !== 'decorated_definition' &&
      fn.parent?.parent?.type !== 'class_definition'
    )
      out.set(name, fn);
  }
  return out;
}

/** Defaults of parameters that no call gave a value. */
export function bindDefaults(own: Own, folder: Folder, params: Map<string, Value>): void {
  for (const fn of own.functions.values())
    for (const p of parametersOf(fn))
      if (/default_parameter/.test(p.type)) {
        const v = folder.value(p.childForFieldName('value'));
        const id = p.childForFieldName('name')?.text ?? '';
        if (!params.has(id)) give(id, v, own, params);
      }
}
