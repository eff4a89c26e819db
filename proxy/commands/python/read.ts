/**
 * Reads Python into facts. What an attacker could do here: hide a call behind aliases, getattr, encodings, or a string that is run.
 * What stops it: imports and assignments are followed, constant expressions are folded, code in strings and shell commands are
 * read again. Works on partial trees; what cannot be folded counts by where it came from.
 */
import type { CodeContext } from '../code.js';
import { type Node, withTree } from '../grammars.js';
import { judgeCall, judgeWhole, type PythonRun } from './rules.js';
import { Folder, type Value } from './values.js';

const MAX_NODES = 30_000;

export function readPython(source: string, x: CodeContext): void {
  const cleaned = source
    .replace(/^[ \t]*%%(?:bash|sh|script \w+)\s*\n([\s\S]*)$/m, (_m, body: string) => {
      x.shell(body);
      return '';
    })
    .replace(/^[ \t]*[!%](?:sx |system )?(?!=)(.+)$/gm, (_m, line: string) => {
      if (!/^(?:matplotlib|load_ext|timeit|time|env|cd|pwd|ls|run|config|autoreload)\b/.test(line))
        x.shell(line.replace(/^%?(?:pip|conda)\b/, 'pip'));
      return 'pass';
    });
  const done = withTree('python', cleaned, (root) => {
    const run: PythonRun = { x, source: cleaned, seen: new Set(), taints: new Set(), depth: x.depth ?? 0 };
    const folder: Folder = new Folder((name, node, args, keywords) => judgeCall(name, node, args, keywords, run));
    let nodes = 0;
    const calls = collect(root);
    bindParameters(root, calls, folder);
    const walk = (node: Node): void => {
      if (++nodes > MAX_NODES) return;
      switch (node.type) {
        case 'import_statement':
        case 'import_from_statement':
          imports(node, folder, run);
          return;
        case 'assignment':
        case 'augmented_assignment':
          assign(node, folder, run);
          return;
        case 'for_statement': {
          const over = folder.value(node.childForFieldName('right'));
          const left = node.childForFieldName('left');
          if (left?.type === 'identifier') folder.set(left.text, loopValue(over));
          else for (const c of left?.namedChildren ?? []) if (c) folder.set(c.text, { strings: [], taints: new Set(over.taints) });
          break;
        }
        case 'with_item':
        case 'as_pattern': {
          const v = folder.value(node.namedChildren[0] ?? null);
          const target = node.namedChildren.find((c) => c?.type === 'as_pattern_target');
          if (target) folder.set(target.text, v);
          return;
        }
        case 'call':
        case 'await':
        case 'lambda':
        case 'subscript':
        case 'binary_operator':
        case 'list_comprehension':
        case 'generator_expression':
        case 'dictionary_comprehension':
          folder.value(node);
          return;
        case 'tuple':
        case 'expression_list':
          reduced(node, folder, run);
          folder.value(node);
          return;
        case 'delete_statement':
          if (/os\.environ/.test(node.text)) {
            const name = /\[\s*['"](\w+)/.exec(node.text)?.[1];
            if (name) x.protected.unset(name, x.findings);
          }
          return;
        default:
          break;
      }
      for (const c of node.namedChildren) if (c) walk(c);
    };
    walk(root);
    judgeWhole(run);
    if (root.hasError && badShare(root) > 0.25) {
      x.findings.parsed = false;
      x.findings.fact('unparsed', undefined, 'Python syntax');
    }
    return true;
  });
  if (!done) x.findings.parsed = false;
}

function loopValue(over: Value): Value {
  const items = over.items?.slice(0, 4) ?? [];
  const v: Value = {
    strings: items.flatMap((i) => i.strings).slice(0, 4),
    taints: new Set([...over.taints, ...items.flatMap((i) => [...i.taints])]),
  };
  if (over.name !== undefined) v.name = `each ${over.name}`;
  else if (items[0]?.items) v.items = items[0].items;
  return v;
}

function collect(root: Node): Node[] {
  return root
    .descendantsOfType('call')
    .filter((n): n is Node => n !== null)
    .slice(0, 500);
}

/** Gives parameters of the code's own functions the constants that calls pass, and their defaults. */
function bindParameters(root: Node, calls: Node[], folder: Folder): void {
  const functions = new Map<string, Node>();
  for (const f of root.descendantsOfType('function_definition')) if (f) functions.set(f.childForFieldName('name')?.text ?? '', f);
  if (functions.size === 0) return;
  const quiet = new Folder(() => undefined);
  for (const a of root.descendantsOfType('assignment').slice(0, 300)) {
    const left = a?.childForFieldName('left');
    const right = a?.childForFieldName('right') ?? null;
    if (left?.type === 'identifier' && right && /string|list|tuple|binary_operator|integer/.test(right.type))
      quiet.set(left.text, quiet.value(right));
  }
  for (const call of calls) {
    const fn = call.childForFieldName('function');
    const name = fn?.type === 'attribute' ? fn.childForFieldName('attribute')?.text : fn?.text;
    const target = functions.get(name ?? '');
    if (!target) continue;
    const parameters = (target.childForFieldName('parameters')?.namedChildren ?? []).filter((p) => p && !/^(?:self|cls)$/.test(p.text));
    let i = 0;
    for (const a of call.childForFieldName('arguments')?.namedChildren ?? []) {
      if (!a) continue;
      if (a.type === 'keyword_argument') folder.set(a.childForFieldName('name')?.text ?? '', quiet.value(a.childForFieldName('value')));
      else {
        const p = parameters[i++];
        const id = p?.type === 'identifier' ? p.text : (p?.childForFieldName('name')?.text ?? p?.namedChildren[0]?.text);
        const v = quiet.value(a);
        if (id && (v.strings.length > 0 || v.items || v.number !== undefined)) folder.set(id, v);
      }
    }
  }
  for (const f of functions.values())
    for (const p of f.childForFieldName('parameters')?.namedChildren ?? [])
      if (p && /default_parameter/.test(p.type)) {
        const v = quiet.value(p.childForFieldName('value'));
        const id = p.childForFieldName('name')?.text;
        if (id && (v.strings.length > 0 || v.items) && !folder.names.has(id)) folder.set(id, v);
      }
}

function imports(node: Node, folder: Folder, run: PythonRun): void {
  const module = node.type === 'import_from_statement' ? (node.childForFieldName('module_name')?.text ?? '') : '';
  for (const c of node.childrenForFieldName('name')) {
    if (!c) continue;
    const full = c.type === 'aliased_import' ? (c.childForFieldName('name')?.text ?? '') : c.text;
    const alias = c.type === 'aliased_import' ? (c.childForFieldName('alias')?.text ?? '') : '';
    const name = module ? `${module}.${full}` : full;
    run.seen.add(`import ${name}`);
    const value = folder.value(null);
    folder.names.set(alias || (module ? full : full.split('.')[0]!), {
      ...value,
      name: alias || module ? canonicalName(name) : canonicalName(full.split('.')[0]!),
    });
  }
  if (/import\s*\*/.test(node.text) && /^(?:os|subprocess|shutil|socket|sys)$/.test(module))
    for (const n of [
      'system',
      'popen',
      'remove',
      'unlink',
      'rmdir',
      'kill',
      'chmod',
      'environ',
      'run',
      'call',
      'Popen',
      'check_output',
      'rmtree',
      'move',
      'copy',
      'socket',
      'fork',
      'walk',
      'listdir',
      'execl',
      'execv',
      'dup2',
    ])
      folder.names.set(n, { strings: [], name: `${module}.${n}`, taints: new Set() });
  if (/import\s*\*/.test(node.text)) run.seen.add(`import ${module}`);
}

function canonicalName(name: string): string {
  return name
    .replace(/^(?:posix|nt)(?=\.|$)/, 'os')
    .replace(/^urllib2/, 'urllib.request')
    .replace(/^commands/, 'subprocess')
    .replace(/^(?:cPickle|_pickle|dill|cloudpickle)/, 'pickle')
    .replace(/^pathlib2/, 'pathlib');
}

function assign(node: Node, folder: Folder, run: PythonRun): void {
  const left = node.childForFieldName('left');
  const right = node.childForFieldName('right');
  const v = folder.value(right);
  if (right) reduced(right, folder, run);
  if (!left) return;
  if (left.type === 'identifier') {
    if (node.type === 'augmented_assignment' && v.strings[0] !== undefined) {
      const before = folder.names.get(left.text)?.strings[0] ?? '';
      folder.names.set(left.text, { ...v, strings: [(before + v.strings[0]).slice(0, 32_768)] });
    } else folder.set(left.text, v);
    return;
  }
  if (left.type === 'pattern_list' || left.type === 'tuple_pattern') {
    for (const [i, c] of left.namedChildren.entries())
      if (c) folder.set(c.text, v.items?.[i] ?? { strings: [], taints: new Set(v.taints) });
    return;
  }
  if (left.type === 'subscript') {
    const object = folder.value(left.childForFieldName('value'));
    const key = folder.value(left.childForFieldName('subscript')).strings[0];
    if (object.name === 'os.environ' && key !== undefined) {
      run.x.protected.assignment(key, v.strings[0], run.x.findings);
      if (key === 'PATH') run.x.findings.risk('persistence', 'code/path', 'risky', 'Changes where programs are looked for', key);
    }
    return;
  }
  if (left.type === 'attribute') {
    const name = folder.value(left).name ?? left.text;
    if (
      /^(?:builtins\.|sys\.(?:stdin|modules|meta_path)|os\.|subprocess\.|socket\.|ssl\.|requests\.)/.test(name) &&
      !/^(?:sys\.std|os\.environ|socket\.socket\()/.test(name)
    )
      run.x.findings.risk(
        'persistence',
        'code/monkey-patch',
        /^(?:ssl\._create_default_https_context)/.test(name) || (right?.type !== 'identifier' && right?.type !== 'lambda')
          ? 'notable'
          : 'risky',
        `Replaces ${name} for the whole program`,
        name,
      );
    folder.set(name, v);
  }
}

/** `return os.system, ("cmd",)` of `__reduce__`. */
function reduced(node: Node, folder: Folder, run: PythonRun): void {
  if (node.type !== 'tuple' && node.type !== 'expression_list') return;
  const [first, second] = [folder.value(node.namedChildren[0] ?? null), folder.value(node.namedChildren[1] ?? null)];
  if (first.name && second.items && /^(?:os\.(?:system|popen|exec\w+)|subprocess\.\w+|eval|exec|pty\.spawn)$/.test(first.name)) {
    judgeCall(first.name, node, second.items, new Map(), run);
    run.x.findings.risk('execute', 'code/pickle', 'risky', 'Makes an object that runs a command when it is loaded');
  }
}

function badShare(root: Node): number {
  let bad = 0;
  for (const e of root.descendantsOfType('ERROR')) if (e) bad += e.endIndex - e.startIndex;
  return bad / Math.max(1, root.endIndex - root.startIndex);
}
