import { UNKNOWN } from '../paths.js';
import type { Command, Run } from './command.js';
import { type Flow, flow, SILENT } from './flow.js';
import { baseName } from './peel.js';

interface Interpreter {
  language: string;
  /** Short options after which code follows. */
  code: string[];
  /** Reads the first operand as code (awk, sed). */
  first?: boolean;
}

const TABLE: [RegExp, Interpreter][] = [
  [/^(?:python|pypy|jython|ipython|micropython|circuitpython)[\d.]*w?$|^py$/, { language: 'python', code: ['-c'] }],
  [/^(?:node|nodejs|iojs)$/, { language: 'javascript', code: ['-e', '--eval', '-p', '--print', '-pe'] }],
  [/^(?:bun|qjs|d8|jjs|rhino|jrunscript)$/, { language: 'javascript', code: ['-e', '--eval', '-p', '--print'] }],
  [/^deno$/, { language: 'javascript', code: ['eval'] }],
  [/^perl[\d.]*$/, { language: 'perl', code: ['-e', '-E'] }],
  [/^j?ruby[\d.]*$|^irb$/, { language: 'ruby', code: ['-e'] }],
  [/^php[\d.]*$/, { language: 'php', code: ['-r', '-B', '-R', '-E', '--run'] }],
  [/^(?:lua(?:jit)?[\d.]*|luatex|texlua)$/, { language: 'lua', code: ['-e'] }],
  [/^(?:[gmn]?awk|busybox-awk)$/, { language: 'awk', code: ['-e', '--source'], first: true }],
  [
    /^(?:Rscript|R|julia|octave|octave-cli|elixir|erl|scala|groovy|ghc|runghc|tclsh|wish|expect|guile|racket|clojure|sbcl|ecl|swipl|jshell|pwsh-preview|osascript|gdb|dotnet-script)$/,
    { language: 'other', code: ['-e', '-E', '--eval', '-eval', '-c', '-ex', '--execute', '-x', '-g', '-L'] },
  ],
  [
    /^(?:powershell|pwsh)(?:-preview)?$/i,
    { language: 'powershell', code: ['-c', '-command', '-Command', '-C', '-enc', '-e', '-ec', '-EncodedCommand'] },
  ],
  [/^cmd$/i, { language: 'cmd', code: ['/c', '/C', '/k', '/K'] }],
  [/^wsl$/i, { language: 'shell', code: ['-e', '--', '-c'] }],
];

/** Reads code that an interpreter gets by option, input or file. Undefined: not an interpreter, or nothing to read. */
export function interpreter(c: Command, run: Run): Flow | undefined {
  const it = TABLE.find(([re]) => re.test(c.name))?.[1];
  if (!it) return undefined;
  const read = (text: string): void => {
    if (it.language === 'shell') run.source(text, c.scope);
    else run.code(it.language, text, c);
  };
  if (it.language === 'powershell' || it.language === 'cmd') {
    const start = c.argv.findIndex(
      (a) => !/^[-/]/.test(a) || it.code.includes(a) || /^-(?:e|en|enc|enco\w*|c|com\w*)$/i.test(a) || /^\/[ckr]$/i.test(a),
    );
    run.code(
      it.language,
      it.language === 'powershell'
        ? `powershell ${c.argv.join(' ')}`
        : c.argv.slice(Math.max(0, /^[/-]/.test(c.argv[start] ?? '') ? start + 1 : start)).join(' '),
      c,
    );
    if (c.stdin && (c.stdin.sources.has('net') || c.stdin.sources.has('decoded')))
      run.findings.risk('download-run', 'shell/download-run', 'risky', `Feeds what it downloads into ${c.name}`);
    return SILENT;
  }
  for (const a of c.args)
    if (a.sources.has('net') && a.text.includes(UNKNOWN))
      run.findings.risk('download-run', 'shell/download-run', 'risky', `Gives what it downloads to ${c.name} as code`);
  const code: string[] = [];
  let script: string | undefined;
  let module: string | undefined;
  for (let i = 0; i < c.argv.length; i++) {
    const a = c.argv[i]!;
    if (
      it.code.includes(a) ||
      (it.language === 'perl' && /^-[a-zA-Z0]*[eE]$/.test(a)) ||
      (it.language === 'python' && /^-[a-zA-Z]*c$/.test(a)) ||
      (it.language === 'ruby' && /^-[a-z]*e$/.test(a))
    ) {
      if (c.argv[i + 1] !== undefined) {
        code.push(c.argv[++i]!);
        if (c.args[i]!.sources.has('decoded'))
          run.findings.risk('execute', 'shell/decoded-run', 'risky', `Gives hidden text to ${c.name} as code`);
        if (it.language === 'python') break;
      }
      continue;
    }
    const attached = /^-[ecErR](?=[\w'"(])(.+)/.exec(a);
    if (attached && a.length > 4 && /[(;]/.test(attached[1]!)) {
      code.push(attached[1]!);
      continue;
    }
    const long = /^--(?:eval|execute|source|run)=([\s\S]+)/.exec(a);
    if (long) code.push(long[1]!);
    if (it.language === 'python' && a === '-m') {
      module = c.argv[i + 1];
      break;
    }
    if (it.language === 'awk' && (a === '-f' || a === '--file')) {
      run.readFile(c.argv[++i] ?? '', c);
      continue;
    }
    if (it.language === 'awk' && (a === '-v' || a === '-F')) {
      i++;
      continue;
    }
    if (a.startsWith('-') && a !== '-') continue;
    if (it.first && code.length === 0) {
      code.push(a);
      break;
    }
    script = a;
    break;
  }
  if (it.language === 'awk' && code.length === 0) return undefined;
  for (const text of code) if (text !== UNKNOWN) read(text);
  if (module !== undefined && /^(?:http\.server|SimpleHTTPServer|pyftpdlib|uploadserver|smtpd)$/.test(module))
    run.findings.risk(
      'reverse-shell',
      'network/serve',
      /upload|ftp/.test(module) || !/127\.0\.0\.1|localhost|::1/.test(c.argv.join(' ')) ? 'risky' : 'notable',
      'Offers files of this machine to the network',
    );
  const stdin = script === '-' || (script === undefined && code.length === 0 && module === undefined) ? c.stdin : undefined;
  if (stdin) {
    if (stdin.sources.has('net'))
      run.findings.risk('download-run', 'shell/download-run', 'risky', `Feeds what it downloads straight into ${c.name}`);
    if (stdin.sources.has('decoded')) run.findings.risk('execute', 'shell/decoded-run', 'risky', `Feeds hidden text into ${c.name}`);
    if (stdin.text !== undefined) read(stdin.text);
  } else if (script !== undefined && script !== '-') {
    const w = c.args.find((a) => a.text === script);
    run.findings.executed.push(script);
    if (w?.sources.has('net')) run.findings.risk('download-run', 'shell/download-run', 'risky', `Runs what it downloads with ${c.name}`);
    if (/^(?:https?|ftp):\/\//.test(script)) run.findings.risk('download-run', 'shell/download-run', 'risky', `Runs ${script}`);
    const content = w?.stream ?? run.readFile(script, c);
    if (content.sources.has('net'))
      run.findings.risk('download-run', 'shell/download-run', 'risky', `Runs ${script}, which was just downloaded`);
    if (content.text !== undefined) read(content.text);
  } else if (code.length === 0 && module === undefined) return undefined;
  if (
    /awk$/.test(baseName(c.name)) ||
    it.language === 'perl' ||
    /^python|^py$/.test(c.name) ||
    it.language === 'php' ||
    it.language === 'ruby'
  )
    return undefined;
  return flow(undefined, (c.stdin ?? SILENT).sources);
}
