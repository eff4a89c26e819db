/**
 * Programs that do not end, or take all there is: loops without a way out that start processes, grow, write or just count; functions
 * that call themselves in every case; texts, lists and files of absurd size.
 */
import type { Node } from '../grammars.js';
import { type Call, type PythonRun, risk } from './run.js';
import type { Value } from './value.js';

const STARTS = /(?:^|\.)(?:Process|Thread|Popen|start_new_thread|submit|spawn\w*|Timer|apply_async|create_task|system|fork|start)$/;
const GROWS =
  /\.(?:append|extend|insert|add|update|appendleft|write|writelines|mkdir|write_text|write_bytes|touch)$|(?:^|\.)(?:mkdir|makedirs|bytearray|mkstemp|mkdtemp|copy\w*|alloc\w*)$/;
/** Calls after which a loop is not called busy: they wait, ask or serve. */
const WAITS =
  /(?:^|\.)(?:sleep|input|recv\w*|accept|get|get_nowait|read\w*|wait\w*|join|poll|select|next|serve\w*|run\w*|listen|communicate|acquire|put|tick|flip|result|receive|request|post|send\w*|connect\w*|execute|fetch\w*|step|process\w*|handle\w*|dispatch|getch|main\w*|update|parse\w*|advance|peek|consume|match|pop\w*|__next__|nextFrame|waitKey|draw|render|play|tell|find|search|group|expect)$/;
const LEAVES =
  /^(?:sys\.exit|exit|quit|os\._exit|os\.abort|self\.fail|os\.exec\w*|\w*\.?error|parser\.\w+|self\.\w*(?:error|fail|exit)\w*)$/;
/** Calls that only compute. */
const COMPUTES =
  /^(?:math|hashlib|random|cmath|numpy|np|itertools|operator|decimal|fractions|statistics)\.|^(?:print|range|len|sum|pow|abs|hash|str|int|float|bytes|list|sorted|max|min|round|isinstance|chr|ord|sqrt|factorial|sha\d+|md5|randint|encode)$|\.(?:hexdigest|digest|encode)$/;

interface Body {
  calls: string[];
  leaves: boolean;
  grows: boolean;
}

/** What the body of a loop does, nested functions left out. */
function bodyOf(loop: Node): Body {
  const out: Body = { calls: [], leaves: false, grows: false };
  let budget = 2000;
  const walk = (n: Node, inner: boolean): void => {
    if (--budget < 0) return;
    switch (n.type) {
      case 'function_definition':
      case 'lambda':
      case 'class_definition':
        return;
      case 'break_statement':
        if (!inner) out.leaves = true;
        return;
      case 'return_statement':
      case 'raise_statement':
      case 'yield':
        out.leaves = true;
        return;
      case 'await':
        out.calls.push('await.wait');
        break;
      case 'augmented_assignment':
        if (/\+=\s*(?:['"[(f]|\w+\s*\*|\w+$)|\*=/.test(n.text) && !/\+=\s*[\d.]+$|\+=\s*\w$/.test(n.text)) out.grows = true;
        break;
      case 'assignment':
        if (n.childForFieldName('left')?.type === 'subscript' || /^(\w+)\s*=\s*\1\s*(?:\+\s*(?!\d)|\*)/.test(n.text)) out.grows = true;
        break;
      case 'call': {
        const name = n.childForFieldName('function')?.text ?? '';
        out.calls.push(name.slice(-80));
        if (LEAVES.test(name)) out.leaves = true;
        if (GROWS.test(name)) out.grows = true;
        break;
      }
      default:
        break;
    }
    const deeper = inner || n.type === 'for_statement' || n.type === 'while_statement';
    for (const c of n.namedChildren) if (c) walk(c, deeper);
  };
  for (const c of loop.childForFieldName('body')?.namedChildren ?? []) if (c) walk(c, false);
  return out;
}

const ALWAYS = /^\(?\s*(?:True|[1-9]\d*|not\s+(?:False|0|None)|1\s*==\s*1|['"].+['"]|\[[^\]]+\])\s*\)?$/;
const BIG = /10\s*\*\*\s*(?:[6-9]|\d\d)|1024\s*\*\s*1024|1024\s*\*\*\s*[2-9]|\b\d{7,}\b|\b\d+(?:_\d{3}){2,}|1e[6-9]|<<\s*[23]\d/;

/** True for `while True` and kin, and for loops over counters without end. */
export function isEndless(node: Node, over?: Value): boolean {
  if (node.type === 'while_statement') {
    const condition = node.childForFieldName('condition');
    return ALWAYS.test(condition?.text ?? '');
  }
  return (
    /^itertools\.(?:count|cycle)\(\)$/.test(over?.name ?? '') ||
    (over?.name === 'itertools.repeat()' && (over.items?.length ?? 0) < 2) ||
    /^iter\(\s*int\s*,/.test(node.childForFieldName('right')?.text ?? '')
  );
}

/** Judges a loop by its body; `over` is what a `for` goes through. */
export function judgeLoop(node: Node, run: PythonRun, over?: Value): void {
  const endless = isEndless(node, over);
  const many = over?.name === 'range()' ? (over.number ?? 0) : 0;
  if (!endless && many < 200 && !unmoved(node)) return;
  const b = bodyOf(node);
  const names = b.calls.map((c) => c.slice(c.lastIndexOf('.') + 1));
  const waits = b.calls.some((c) => WAITS.test(c));
  const forks = b.calls.some((c) => /(?:^|\.)(?:fork|forkpty)$/.test(c));
  const starts = b.calls.some((c) => STARTS.test(c) && !/^(?:timer|clock|self)\.start$/.test(c));
  const source = node.text;
  if (endless || unmoved(node)) {
    if (b.leaves) return;
    if (forks && !names.includes('accept')) risk(run, 'service', 'shell/fork-bomb', 'catastrophic', 'Starts copies of itself without end');
    else if (
      starts &&
      (!waits || (!/sleep|accept|recv|\.get\(|\.join\(|input\(|poll|wait/.test(source) && /Popen|Process|Thread|system/.test(source)))
    )
      risk(run, 'service', 'shell/endless-processes', 'risky', 'Starts processes or threads without end');
    else if (b.grows && (!waits || (BIG.test(source) && !/recv|\.get\(|read/.test(source))))
      risk(run, 'service', 'shell/exhaust', 'risky', 'Takes memory or disk without end');
    else if (!waits && b.calls.every((c) => COMPUTES.test(c)))
      risk(run, 'service', 'shell/exhaust', 'risky', 'Keeps the machine busy without end');
    return;
  }
  if (forks && !/\bwait(?:pid)?\(/.test(run.source))
    risk(run, 'service', 'shell/fork-bomb', 'catastrophic', 'Starts a great many copies of itself');
  else if (names.some((n) => /^(?:Process|Popen|system|fork)$/.test(n)) && !waits && many >= 500)
    risk(run, 'service', 'shell/endless-processes', 'risky', 'Starts a great many processes');
  else if (names.includes('Thread') && many >= 1000)
    risk(run, 'service', 'shell/endless-processes', 'risky', 'Starts a great many threads');
  else if (b.grows && many >= 1000 && BIG.test(source) && /\*\s*(?:\(|\d)|urandom|bytearray|bytes\(/.test(source))
    risk(run, 'service', 'shell/exhaust', 'risky', 'Takes a great deal of memory or disk');
  else if (many >= 1e9 && !b.leaves) risk(run, 'service', 'shell/exhaust', 'risky', 'Keeps the machine busy for very long');
  else if (many >= 10_000 && names.some((n) => /^(?:open|mkdir|makedirs|mkstemp|touch|write_text|write_bytes)$/.test(n)))
    risk(run, 'service', 'shell/exhaust', 'risky', 'Makes a great many files');
}

/** `while x < 10:` whose body never touches x, calls nothing that could, and does not leave. */
function unmoved(node: Node): boolean {
  if (node.type !== 'while_statement') return false;
  const condition = node.childForFieldName('condition');
  if (condition?.type !== 'comparison_operator' || !/^\w+\s*(?:[<>]=?|==|!=)\s*-?\d+$/.test(condition.text)) return false;
  const name = /^\w+/.exec(condition.text)![0];
  const body = node.childForFieldName('body')?.text ?? '';
  const grows =
    /^\w+\s*>=?/.test(condition.text) &&
    new RegExp(`^\\s*${name}\\s*\\+=\\s*\\d+\\s*$`, 'm').test(body) &&
    !new RegExp(`${name}\\s*(?:-=|//=|=)`).test(body);
  return (
    grows ||
    !new RegExp(
      `\\b${name}\\b\\s*(?:[-+*/%&|^]|//|\\*\\*|>>|<<)?=(?!=)|\\bas\\s+${name}\\b|\\b(?:global|nonlocal)\\b|for\\s+[^\\n]*\\b${name}\\b`,
    ).test(body)
  );
}

/** A function that calls itself, or starts itself, whatever happens. */
export function judgeRecursion(fn: Node, run: PythonRun): void {
  const name = fn.childForFieldName('name')?.text ?? '';
  const body = fn.childForFieldName('body');
  if (!/^\w+$/.test(name) || !body) return;
  const text = body.text.replace(/"""[\s\S]*?"""|'''[\s\S]*?'''|#[^\n]*|"[^"\n]*"|'[^'\n]*'/g, '');
  if (!text.includes(name)) return;
  if (
    new RegExp(`(?:Process|Thread|Timer)\\s*\\([^)]*target\\s*=\\s*(?:self\\.)?${name}\\b`).test(text) &&
    !/\bif\b[^\n]*(?:depth|count|level|\bn\b|<|>)/.test(text)
  ) {
    risk(run, 'service', 'shell/fork-bomb', 'risky', 'Starts copies of itself without end');
    return;
  }
  if (fn.parent?.type !== 'module') return;
  if (/\b(?:if|while|for|try|and|or|raise|yield|await|match|with|super|import|lambda|def|class|assert)\b/.test(text)) return;
  if (new RegExp(`(?<![.\\w])${name}\\s*\\(`).test(text) && !new RegExp(`\\b${name}\\s*=[^=]`).test(text))
    risk(run, 'service', 'shell/exhaust', 'risky', 'Calls itself without end');
}

/** `'A' * 10 ** 10`, `9 ** 9 ** 9`. */
export function judgeSize(v: Value, run: PythonRun): void {
  if (v.number === undefined) return;
  if ((v.strings.length > 0 || v.items) && v.number >= 3e8) risk(run, 'service', 'shell/exhaust', 'risky', 'Takes a great deal of memory');
  else if (v.number === Number.POSITIVE_INFINITY) risk(run, 'service', 'shell/exhaust', 'risky', 'Computes a number of absurd length');
}

/** Arrays and files of a given size. */
export function allocated(c: Call): void {
  const numbers = c.args.flatMap((a) => a.items ?? [a]).map((v) => v.number ?? 0);
  const product = /random\.|zeros|ones|empty|full|rand/.test(c.name)
    ? numbers.filter((n) => n > 0).reduce((p, n) => p * n, 1)
    : (numbers[0] ?? 0);
  if (c.name === 'itertools.repeat' && (c.args[1]?.number ?? 0) >= 1e8)
    risk(c.run, 'service', 'shell/exhaust', 'risky', 'Takes a great deal of memory');
  const limit = /seek|truncate/.test(c.name) ? 5e9 : 1e9;
  if (product >= limit) risk(c.run, 'service', 'shell/exhaust', 'risky', 'Takes a great deal of memory or disk');
}
