import type { Protected } from '../disarm.js';
import { resolvePath, UNKNOWN } from '../paths.js';
import type { Command, Run } from './command.js';
import { shellEscape } from './escapes.js';
import { type Flow, flow, SILENT, type Word, word } from './flow.js';
import { anyProgram } from './general.js';
import { givenWritten, handedShell, localTwin, raised } from './handed.js';
import { interpreter } from './interpreters.js';
import { launch } from './launchers.js';
import { looseCommands } from './loose.js';
import { output } from './output.js';
import { baseName, peel } from './peel.js';
import { reads } from './reads.js';
import { RULES } from './rules.js';
import { judgeWrappers } from './rules-processes.js';
import { byTable } from './table.js';
import { globRegExp } from './words.js';

const SHELLS = /^r?(?:sh|bash|zsh|dash|ksh\d*|mksh|ash|csh|tcsh|fish|rbash|rzsh|yash|osh)$/;

/** True for the name of a command shell. */
export function isShell(name: string): boolean {
  return SHELLS.test(name);
}

/** Commands that a glob in command position may stand for. */
const GLOBBED =
  'rm dd mkfs shred cat nc ncat bash sh dash zsh curl wget chmod chown python3 python perl ruby mv cp kill base64 sudo tee find less head tail'.split(
    ' ',
  );

/** Runs one command given as words: wrappers off, interpreters read, rules asked. Gives what it prints. */
export function runCommand(start: Command, run: Run, guard: Protected): Flow {
  const p = peel(start.args);
  let c: Command = { ...start, privileged: start.privileged || p.privileged, remote: start.remote || p.remote };
  for (const [name, value] of p.env) {
    guard.assignment(name, value, run.findings);
    c.env.set(name, flow(value));
  }
  judgeWrappers(
    c,
    p.via,
    run,
    start.args.map((w) => w.text),
  );
  if (p.via.includes('env'))
    for (const w of start.args) if (/^-u(\w+)|^--unset=/.test(w.text)) guard.unset(w.text.replace(/^-u|^--unset=/, ''), run.findings);
  if (p.via.includes('env'))
    for (const [i, w] of start.args.entries()) {
      const next = start.args[i + 1];
      if ((w.text === '-u' || w.text === '--unset') && next) guard.unset(next.text, run.findings);
    }
  if (p.joined !== undefined) {
    bareShell(p.joined, p.odd, c, run);
    return run.source(p.joined, c.scope, c.stdin);
  }
  const head = p.words[0];
  if (!head) return SILENT;
  const name = baseName(head.text);
  c = { ...c, name, args: p.words.slice(1), argv: p.words.slice(1).map((w) => w.text) };

  if (head.sources.has('net')) run.findings.risk('download-run', 'shell/download-run', 'risky', 'Runs what was just downloaded');
  if (head.sources.has('decoded') && !head.text.includes(UNKNOWN))
    run.findings.risk('execute', 'shell/decoded-run', 'risky', `Runs a command that was hidden by an encoding: ${head.text}`);
  if (head.text.includes(UNKNOWN)) return unknownCommand(head, c, run);
  if (head.glob && /[*?[]/.test(head.text)) return globbed(head, c, run, guard);

  const alias = c.scope.aliases.get(name);
  if (alias !== undefined && head.text === name) {
    const words = looseCommands(alias).commands[0] ?? [];
    if (words[0] && words[0] !== name) return run.words([...words.map((t) => word(t)), ...c.args], c);
  }
  const fn = c.scope.functions.get(head.text);
  if (fn) {
    const before = c.scope.positional;
    c.scope.positional = c.args;
    const body = fn.source;
    c.scope.functions.delete(head.text);
    try {
      return run.source(body, c.scope, c.stdin);
    } finally {
      c.scope.functions.set(head.text, fn);
      c.scope.positional = before;
    }
  }
  return named(c, head, p.odd, p.via, run);
}

function named(c: Command, head: Word, odd: boolean, via: string[], run: Run): Flow {
  const file = c.scope.files.size > 0 ? fileRun(head.text, c, run) : undefined;
  if (file) return file;
  if (/\//.test(head.text)) run.findings.executed.push(head.text);
  // Only where it stands first: BSD tools stop at the first operand and would go on.
  const first = c.argv[0];
  if ((first === '--help' || first === '--version' || (first === '-h' && c.argv.length === 1)) && !isShell(c.name)) return flow('');
  localTwin(head.text, run);
  fetchedTree(c, head.text, run);
  if (isShell(c.name)) return shell(c, odd, via, run);
  raised(c, run);
  shellEscape(c, run);
  handedShell(c, run);
  givenWritten(c, run);
  byTable(c, run);
  if (
    /^(?:osascript|deno|bun|gdb|lldb|trap|script)$/.test(c.name) ||
    (c.name === 'kubectl' && /^(?:run|exec|debug)$/.test(c.argv[0] ?? ''))
  )
    RULES.get(c.name)?.(c, run);
  const early = launch(c, run) ?? interpreter(c, run);
  if (early) return early;
  RULES.get(c.name)?.(c, run);
  if (c.name.startsWith('mkfs') || c.name.startsWith('newfs')) RULES.get('mkfs')?.(c, run);
  anyProgram(c, run);
  reads(c, run);
  return output(c, run);
}

/** `./x` or `/tmp/x` where x was written earlier on the same line. */
function fileRun(path: string, c: Command, run: Run): Flow | undefined {
  if (!path.includes('/')) return undefined;
  const content = run.readFile(path, c);
  if (content.sources.has('net'))
    run.findings.risk('download-run', 'shell/download-run', 'risky', `Runs ${path}, which was just downloaded`, path);
  if (content.text === undefined) return content.sources.has('net') ? SILENT : undefined;
  const language = /^#!\s*\S*?(?:env\s+(?:-S\s+)?)?(python|perl|ruby|node|php)/.exec(content.text)?.[1];
  if (language) run.code(language === 'node' ? 'javascript' : language, content.text, c);
  else return run.source(content.text, c.scope, c.stdin);
  return SILENT;
}

/** Programs that build or install what lies in the folder they stand in, and so run what its author wrote. */
const INSTALLS = /^(?:\.\/\S+|(?:\S*\/)?(?:install|setup|configure|bootstrap|build|run|deploy)(?:\.sh|\.py|\.pl)?)$/;

/** Code that the same line fetched as a whole folder (a clone, an unpacked download) and then runs. */
function fetchedTree(c: Command, path: string, run: Run): void {
  const f = run.findings;
  const t = c.argv.join(' ');
  if (c.name === 'git' && /^(?:-\S+\s+)*clone\b/.test(t) && /:\/\/|@/.test(t)) {
    f.fact(
      'fetched-tree',
      c.argv.find((a) => /:\/\/|@/.test(a)),
    );
    return;
  }
  const from = c.stdin?.sources.has('net') || c.argv.some((a) => c.scope.files.get(resolvePath(a, run.place(c.scope)))?.sources.has('net'));
  if (/^(?:tar|bsdtar|gtar|unzip|7z|cpio|unar|dtrx)$/.test(c.name) && from) {
    f.fact('fetched-tree', 'an archive');
    return;
  }
  if (!f.facts.some((x) => x.kind === 'fetched-tree')) return;
  const runs =
    (/^\.{1,2}\/|^[\w.-]+\//.test(path) && !/^(?:node_modules|\.venv|venv)\//.test(path)) ||
    ((isShell(c.name) || /^(?:python\d?(?:\.\d+)?|perl|ruby|node|php|source|\.)$/.test(c.name)) &&
      c.argv.some((a) => INSTALLS.test(a) || /\.(?:sh|bash|py|pl|rb|js)$/.test(a)) &&
      !c.argv.includes('-c')) ||
    (/^g?make$/.test(c.name) && /install/.test(t)) ||
    (/^pip\d?$/.test(c.name) && /^install\b.*\s(?:-e\s+)?\.{1,2}(?:\/\S*)?(?:\s|$)/.test(t));
  if (runs && !/^\.\/(?:gradlew|mvnw)$/.test(path))
    f.risk('download-run', 'shell/fetched-run', 'risky', `Runs code that was just fetched: ${path} ${t.slice(0, 60)}`);
}

function unknownCommand(head: Word, c: Command, run: Run): Flow {
  const args = c.argv.join(' ');
  if (/^(?:-\w*[rf]\w*|--recursive|--force)\b/.test(args) && /(?:^|\s)(?:\/|~|\*|\.)/.test(args))
    run.findings.risk('execute', 'shell/hidden-command', 'risky', 'Runs a command whose name cannot be read, with options of a deletion');
  else if (head.text === UNKNOWN && head.sources.has('input'))
    run.findings.risk('execute', 'shell/input-run', 'risky', 'Runs whatever it is sent');
  else run.findings.fact('execute', undefined, 'the name of the command is not known before it runs');
  return SILENT;
}

function globbed(head: Word, c: Command, run: Run, guard: Protected): Flow {
  const re = globRegExp(baseName(head.text), true);
  const match = re === undefined ? undefined : GLOBBED.find((g) => new RegExp(`^(?:${re})$`).test(g));
  if (!match || !head.text.includes('/') || !/\/(?:s?bin|bi\?|b\?n|\?in|\?\?\?)?/.test(head.text)) {
    if (!match) return SILENT;
  }
  run.findings.risk('execute', 'shell/hidden-command', 'risky', `The name of the command is hidden by a pattern: ${head.text}`);
  return runCommand({ ...c, args: [word(match!), ...c.args] }, run, guard);
}

/** A shell by itself, started by a program that is not there to start shells. */
function bareShell(text: string, odd: boolean, _c: Command, run: Run): void {
  if (
    odd &&
    (/^\s*(?:exec\s+)?(?:\S*\/)?(?:ba|z|da|k|c|a)?sh(?:\s+-[pi]+)?(?:\s+\d?[<>]&\d)*\s*$/.test(text) ||
      /(?:^|[;&]\s*|-c\s+)(?:reset;\s*)?exec\s+(?:\S*\/)?(?:ba)?sh\b(?=\s*(?:$|\d?[<>]&|;|-[pi]))/.test(text))
  )
    run.findings.risk('privilege', 'shell/escape', 'risky', 'Opens a shell from inside another program');
}

function shell(c: Command, odd: boolean, via: string[], run: Run): Flow {
  let script: Word | undefined;
  let code: Word | undefined;
  let fromInput = false;
  let preserve = false;
  for (let i = 0; i < c.args.length; i++) {
    const a = c.args[i]!;
    if (/^[-+][oO]$/.test(a.text) || a.text === '--rcfile' || a.text === '--init-file') {
      i++;
      if (a.text.startsWith('--') && c.args[i]?.stream) script = c.args[i];
      continue;
    }
    if (/^-[A-Za-z]*c[A-Za-z]*$/.test(a.text)) {
      if (/p/.test(a.text)) preserve = true;
      code = c.args[i + 1];
      let k = i + 1;
      while (code && /^-[A-Za-z]+$/.test(code.text)) code = c.args[++k];
      const inner = c.args.slice(k + 2);
      if (code) {
        const scope = c.scope;
        const before = scope.positional;
        scope.positional = inner;
        try {
          return shellCode(code, c, odd || preserve, run);
        } finally {
          scope.positional = before;
        }
      }
      break;
    }
    if (/^-[A-Za-z]*s[A-Za-z]*$/.test(a.text)) fromInput = true;
    if (/^-[A-Za-z]*p/.test(a.text)) preserve = true;
    if (/^[-+]/.test(a.text) && a.text !== '-') continue;
    if (a.text !== '-') script = a;
    break;
  }
  if (script && !fromInput) {
    if (script.stream) return fed(script.stream, c, run);
    if (script.sources.has('net')) run.findings.risk('download-run', 'shell/download-run', 'risky', 'Runs what was just downloaded');
    if (script.text === '/dev/stdin' && c.stdin) return fed(c.stdin, c, run);
    run.findings.executed.push(script.text);
    if (/^(?:https?|ftp):\/\//.test(script.text)) run.findings.risk('download-run', 'shell/download-run', 'risky', `Runs ${script.text}`);
    const content = run.readFile(script.text, c);
    if (content.sources.has('net'))
      run.findings.risk('download-run', 'shell/download-run', 'risky', `Runs ${script.text}, which was just downloaded`, script.text);
    if (content.text !== undefined) return run.source(content.text, c.scope, c.stdin);
    return SILENT;
  }
  if (c.stdin) return fed(c.stdin, c, run);
  if (preserve) run.findings.risk('privilege', 'shell/escape', 'risky', 'Opens a shell that keeps raised rights');
  else if (odd) run.findings.risk('privilege', 'shell/escape', 'risky', `Opens a shell by way of ${via.join(', ')}`);
  else if (via.includes('sudo') || via.includes('doas'))
    run.findings.risk('privilege', 'shell/root-shell', 'risky', 'Opens a shell of the administrator');
  return SILENT;
}

function shellCode(code: Word, c: Command, odd: boolean, run: Run): Flow {
  if (code.sources.has('net')) run.findings.risk('download-run', 'shell/download-run', 'risky', 'Runs what was just downloaded');
  if (code.sources.has('decoded'))
    run.findings.risk('execute', 'shell/decoded-run', 'risky', 'Runs commands that were hidden by an encoding');
  bareShell(code.text, true, c, run);
  if (odd && /^\s*(?:exec\s+|reset;\s*exec\s+)(?:\S*\/)?(?:ba)?sh\b/.test(code.text))
    run.findings.risk('privilege', 'shell/escape', 'risky', 'Opens a shell from inside another program');
  if (code.text === UNKNOWN) {
    run.findings.fact('execute', undefined, 'the commands are not known before they run');
    if (!code.sources.has('net') && !code.sources.has('decoded'))
      run.findings.risk('execute', 'shell/unknown-run', 'risky', 'Runs commands that nobody can see before they run');
    return SILENT;
  }
  return run.source(code.text, c.scope, c.stdin);
}

/** A shell that reads its commands from a pipe, a here-document or a substitution. */
export function fed(stdin: Flow, c: Command, run: Run): Flow {
  const f = run.findings;
  if (stdin.sources.has('net')) f.risk('download-run', 'shell/download-run', 'risky', `Feeds what it downloads straight into ${c.name}`);
  if (stdin.sources.has('decoded')) f.risk('execute', 'shell/decoded-run', 'risky', `Feeds hidden text into ${c.name}`);
  if (stdin.text !== undefined) return run.source(stdin.text, c.scope);
  if (!stdin.sources.has('net') && !stdin.sources.has('decoded')) {
    if (stdin.sources.has('file')) f.fact('execute', undefined, 'commands from a file');
    else f.risk('execute', 'shell/unknown-input-run', isShell(c.name) ? 'risky' : 'notable', `Feeds unknown text into ${c.name}`);
  }
  return SILENT;
}
