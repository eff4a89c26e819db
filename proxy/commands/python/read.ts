/**
 * Reads Python into facts. What an attacker could do here: hide a call behind aliases, getattr, encodings, own functions, or a string
 * that is run. What stops it: imports, assignments, parameters and returned values are followed, constant expressions are folded, code
 * in strings and shell commands are read again. Works on partial trees; what cannot be folded counts by where it came from.
 */
import type { CodeContext } from '../code.js';
import { Findings } from '../findings.js';
import { withTree } from '../grammars.js';
import { ownOf } from './bind.js';
import type { PythonRun } from './run.js';
import type { Value } from './value.js';
import { Walk } from './walk.js';
import { judgeWhole } from './whole.js';

export function readPython(source: string, x: CodeContext): void {
  const cleaned = plainLetters(withoutMagic(source, x));
  const done = withTree('python', cleaned, (root) => {
    const own = ownOf(root);
    const run: PythonRun = {
      x,
      source: cleaned,
      seen: new Set(),
      taints: new Set(),
      depth: x.depth ?? 0,
      endless: false,
      quiet: false,
      loops: 0,
      contents: [],
      patched: new Set(),
      own: new Set(own.functions.keys()),
    };
    let params = new Map<string, Value>();
    let returns = new Map<string, Value>();
    // Parameters and returned values are known only after the calls were read: once for these, once more for calls inside functions.
    const passes = own.functions.size === 0 ? 0 : own.functions.size === 1 ? 1 : 2;
    for (let i = 0; i < passes; i++) {
      const quiet: PythonRun = {
        ...run,
        seen: new Set(),
        taints: new Set(),
        contents: [],
        patched: new Set(),
        quiet: true,
        x: { ...x, findings: new Findings(), shell: () => {} },
      };
      const walk = new Walk(quiet, own, params, returns);
      walk.root(root);
      params = walk.params;
      returns = walk.returns;
    }
    new Walk(run, own, params, returns).root(root);
    judgeWhole(run);
    if (root.hasError) {
      let bad = 0;
      for (const e of root.descendantsOfType('ERROR')) if (e) bad += e.endIndex - e.startIndex;
      if (bad / Math.max(1, root.endIndex - root.startIndex) > 0.25) {
        x.findings.parsed = false;
        x.findings.fact('unparsed', undefined, 'Python syntax');
      }
    }
    return true;
  });
  if (!done) x.findings.parsed = false;
}

/** Python reads styled and full-width letters of names as plain ones. */
function plainLetters(source: string): string {
  return /[\u{1D400}-\u{1D7FF}\uFF21-\uFF5A\u2100-\u214F]/u.test(source)
    ? source.replace(/[\u{1D400}-\u{1D7FF}\uFF21-\uFF5A\u2100-\u214F]+/gu, (t) => t.normalize('NFKC'))
    : source;
}

/** Lines of notebooks that are no Python: `!command`, `%magic`, `%%bash`. */
function withoutMagic(source: string, x: CodeContext): string {
  return source
    .replace(/^[ \t]*%%(?:bash|sh|script \w+)\s*\n([\s\S]*)$/m, (_m, body: string) => {
      x.shell(body);
      return '';
    })
    .replace(/^[ \t]*[!%](?:sx |system )?(?!=)(.+)$/gm, (whole: string, line: string, at: number) => {
      // A line that goes on with `%` belongs to the expression before it.
      if (whole.trimStart().startsWith('%') && (/^\s/.test(line) || /^[('"]|,\s*$/.test(line) || (at > 0 && /^[ \t]/.test(whole))))
        return whole;
      if (!/^(?:matplotlib|load_ext|timeit|time|env|cd|pwd|ls|run|config|autoreload)\b/.test(line))
        x.shell(line.replace(/^%?(?:pip|conda)\b/, 'pip'));
      return 'pass';
    });
}
