/**
 * Reads shell source the way a shell would run it, without running anything. What an attacker could do here: hide a command
 * behind quoting, variables, encodings or nesting. What stops it: words are expanded, pipes carry known text and where it came
 * from, and whatever would be handed to an interpreter is read again, at most {@link MAX_DEPTH} levels deep and
 * {@link MAX_COMMANDS} commands long; past these limits the reading says "not parsed".
 */

import { type CodeContext, readCode } from '../code.js';
import type { Protected } from '../disarm.js';
import type { Findings } from '../findings.js';
import { type Node, withTree } from '../grammars.js';
import { isAccountsFile, isSecretFile, type Place, resolvePath, UNKNOWN } from '../paths.js';
import type { Command, Run } from './command.js';
import { runCommand } from './dispatch.js';
import { cap, EMPTY, type Flow, flow, join, SILENT, type Word, word } from './flow.js';
import { looseCommands } from './loose.js';
import { foreignIndex } from './rules-frameworks.js';
import { Scope } from './scope.js';
import { decodeEscapes, type Expander, expand } from './words.js';
import { judgeWrite } from './writes.js';

const MAX_DEPTH = 6;
const MAX_COMMANDS = 400;
/** Source texts that one reading may run; functions that call each other end here. */
const MAX_SOURCES = 60;
const MAX_SOURCE = 32_768;

export interface ShellOptions extends Place {
  protected: Protected;
}

export class Evaluation implements Run {
  private depth = 0;
  private commands = 0;
  private sources = 0;

  constructor(
    readonly findings: Findings,
    readonly options: ShellOptions,
  ) {}

  place(scope: Scope): Place {
    return { cwd: scope.cwd ?? this.options.cwd, home: this.options.home };
  }

  /** Reads a whole command line as the agent's shell gets it. */
  start(text: string): void {
    const scope = new Scope();
    scope.cwd = this.options.cwd;
    this.source(text, scope, undefined);
    if (/(?:^|[\s;|&({])"?\$0"?\s*[|&]\s*"?(?:\$0|\$\{0\})"?\s*(?:&|$)/.test(text))
      this.findings.risk('service', 'shell/fork-bomb', 'catastrophic', 'Starts copies of itself without end until the machine stops');
    if (text.includes('\n')) this.transcript(text, scope);
    if (
      this.findings.risks.some((r) => r.id === 'shell/socket') &&
      /[<>]&\s*\$?\{?\w/.test(text) &&
      /(?:^|[\s;|&(/])(?:(?:ba|z|da|k|a|c)?sh|eval|source|\$\w+)(?=\s)/.test(text.replace(/\/dev\/(?:tcp|udp)\/\S+/g, ' '))
    )
      this.findings.risk('reverse-shell', 'shell/reverse-shell', 'catastrophic', 'Joins a shell to a network connection');
    if (
      this.findings.facts.some((f) => f.kind === 'encrypt') &&
      (this.findings.facts.some((f) => f.kind === 'delete' || f.kind === 'overwrite') || /-exec\s/.test(text)) &&
      /\bfor\b|\bwhile\b|\bfind\b|\bxargs\b|\bparallel\b|\*/.test(text)
    )
      this.findings.risk('overwrite', 'shell/encrypt-files', 'risky', 'Encrypts many files and deletes the originals');
  }

  /** Lines that are typed into a program which the line before started: `!sh` in a pager, code in an interpreter. */
  private transcript(text: string, scope: Scope): void {
    if (
      /^\s*(?:exec|shell|!)\s+\/(?:usr\/)?bin\/(?:ba|z|da)?sh\b/m.test(text.replace(/^.*\n/, '')) &&
      /^\s*(?:sudo\s+)?(?:\S*\/)?[\w.-]+\s*\n/.test(text)
    )
      this.findings.risk('privilege', 'shell/escape', 'risky', 'Opens a shell from inside another program');
    if (/^\s*(?::?!|:shell|:set shell=|:py\w*\s|:lua\s|:term)\s*\S*(?:sh|import|os\.)\S*\s*$/m.test(text))
      this.findings.risk('privilege', 'shell/escape', 'risky', 'Opens a shell from inside another program');
    const m =
      /^\s*(?:sudo\s+(?:-\w+\s+)*)?(?:\S*\/)?(python[\d.]*|tclsh|wish|irb|lua[\d.]*|node|R|julia|jjs|ghci|pry|gdb)\s*\n([\s\S]+)$/m.exec(
        text,
      );
    if (m)
      readCode(
        /^python/.test(m[1]!) ? 'python' : m[1] === 'node' ? 'javascript' : m[1] === 'irb' ? 'ruby' : 'other',
        m[2]!,
        this.codeContext(scope),
      );
  }

  source(text: string, scope: Scope, stdin?: Flow): Flow {
    if (text.trim() === '') return EMPTY;
    if (++this.sources > MAX_SOURCES) {
      this.findings.parsed = false;
      this.findings.fact('unparsed', undefined, 'runs too many texts');
      return SILENT;
    }
    if (this.depth >= MAX_DEPTH) {
      this.findings.risk('execute', 'shell/too-deep', 'risky', 'Commands are nested too deeply to be read');
      return SILENT;
    }
    let read = text.replaceAll('\r\n', '\n');
    if (read.length > MAX_SOURCE) {
      this.findings.parsed = false;
      this.findings.fact('unparsed', undefined, 'longer than is read');
      read = read.slice(0, MAX_SOURCE);
    }
    if (read.includes('\0')) read = read.replaceAll('\0', '');
    this.depth++;
    try {
      const out = withTree('bash', read, (root) => {
        const result = this.walk(root, scope, stdin);
        if (root.hasError) this.loose(read, scope);
        return result;
      });
      if (out === undefined) {
        this.findings.parsed = false;
        this.loose(read, scope);
      }
      return out ?? SILENT;
    } finally {
      this.depth--;
    }
  }

  /** A second reading by a plain tokenizer where the grammar saw errors. */
  private loose(text: string, scope: Scope): void {
    const { commands, balanced } = looseCommands(text);
    if (!balanced) {
      this.findings.parsed = false;
      this.findings.fact('unparsed', undefined, 'shell syntax');
    }
    for (const words of commands)
      this.run(
        words.map((w) => word(w)),
        scope,
        undefined,
        new Map(),
      );
  }

  words(words: Word[], from: Command): Flow {
    return this.run(words, from.scope, from.stdin, from.env, from.privileged, from.remote);
  }

  code(language: string, text: string, c: Command): void {
    readCode(language, text, this.codeContext(c.scope));
    // Code that writes such a line somewhere (a script of a package, a job) lays it out for somebody else to run.
    if (/\b(?:curl|wget)\b[^|;&"'\n]{1,300}\|\s*(?:sudo\s+)?(?:\S*\/)?(?:ba|z|da)?sh\b/.test(text))
      this.findings.risk('download-run', 'shell/fetch-in-code', 'risky', 'Holds a command that runs whatever it downloads');
  }

  private codeContext(scope: Scope): CodeContext {
    return {
      findings: this.findings,
      place: this.place(scope),
      protected: this.options.protected,
      shell: (source) => {
        this.source(source, new Scope(scope));
      },
    };
  }

  write(path: string, content: Flow, c: Command, append: boolean): void {
    if (content.sources.has('endless') && !path.startsWith('/dev/'))
      this.findings.risk('service', 'shell/fill-disk', 'risky', `Fills the disk by ${path}`, path);
    judgeWrite(path, content, append, this, c);
    const at = resolvePath(path, this.place(c.scope));
    const before = append ? c.scope.files.get(at) : undefined;
    c.scope.files.set(at, before ? join(before, content) : content);
    this.findings.written.push({
      path: at,
      risks: content.sources.has('net') ? ['shell/download'] : [],
      ...(content.text !== undefined ? { content: cap(content.text, 16_384) } : {}),
    });
  }

  readFile(path: string, c: Command): Flow {
    const place = this.place(c.scope);
    const at = resolvePath(path, place);
    const written = c.scope.files.get(at);
    if (at === '/dev/null') return EMPTY;
    if (/^\/dev\/(?:zero|u?random)$/.test(at)) return flow(undefined, 'endless');
    if (isSecretFile(path, place)) {
      this.findings.risk('secret-read', 'shell/secret-read', 'risky', `Reads a file that holds credentials: ${at}`, at);
      return flow(undefined, 'file', 'secret');
    }
    if (isAccountsFile(path, place)) {
      this.findings.risk('secret-read', 'shell/accounts-read', 'notable', `Reads ${at}`, at);
      return flow(undefined, 'file');
    }
    if (/^\/dev\/(?:tcp|udp)\//.test(at)) {
      this.findings.risk('network-send', 'shell/socket', 'risky', `Opens a network connection: ${at}`, at);
      return flow(undefined, 'net');
    }
    return written ?? flow(undefined, 'file');
  }

  // ── the tree ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

  private walk(node: Node, scope: Scope, stdin: Flow | undefined): Flow {
    if (this.commands > MAX_COMMANDS) {
      this.findings.parsed = false;
      return SILENT;
    }
    switch (node.type) {
      case 'command':
        return this.command(node, scope, stdin, []);
      case 'pipeline':
        return this.pipeline(node, scope, stdin);
      case 'redirected_statement':
        return this.redirected(node, scope, stdin);
      case 'subshell':
        return this.each(node, new Scope(scope), stdin);
      case 'variable_assignment':
        this.assign(node, scope, scope.vars);
        return EMPTY;
      case 'declaration_command':
      case 'unset_command':
        return this.declaration(node, scope);
      case 'function_definition':
        return this.define(node, scope);
      case 'for_statement':
        return this.forEach(node, scope, stdin);
      case 'while_statement':
        return this.loop(node, scope, stdin);
      case 'c_style_for_statement':
        if (/^for\s*\(\(\s*(?:[^;]*;){2}/.test(node.text) && /^for\s*\(\([^;]*;\s*(?:1|true)?\s*;/.test(node.text))
          this.endless(node.text.replace(/^for[^)]*\)\)/, ''), false);
        return this.each(node, scope, stdin);
      case 'command_substitution':
      case 'process_substitution':
        return this.substitute(node, scope);
      case 'comment':
      case 'heredoc_body':
      case 'heredoc_start':
      case 'heredoc_end':
        return EMPTY;
      case 'word':
      case 'raw_string':
      case 'string':
      case 'concatenation':
      case 'simple_expansion':
      case 'expansion':
      case 'arithmetic_expansion':
        if (node.namedChildCount > 0) expand(node, this.expander(scope));
        return EMPTY;
      default:
        return this.each(node, scope, stdin);
    }
  }

  private each(node: Node, scope: Scope, stdin: Flow | undefined): Flow {
    let out: Flow = SILENT;
    for (const child of node.namedChildren) if (child) out = join(out, this.walk(child, scope, stdin));
    return out;
  }

  private expander(scope: Scope): Expander {
    return { scope, substitute: (n) => this.substitute(n, scope) };
  }

  private substitute(node: Node, scope: Scope): Flow {
    const inner = new Scope(scope);
    if (node.namedChildCount === 1 && node.namedChildren[0]?.type === 'file_redirect') {
      const target = node.namedChildren[0].childForFieldName('destination');
      const path = target ? expand(target, this.expander(scope))[0]?.text : undefined;
      return path === undefined ? SILENT : this.readFile(path, this.plain('cat', inner));
    }
    return this.each(node, inner, undefined);
  }

  private plain(name: string, scope: Scope): Command {
    return { name, args: [], argv: [], stdin: undefined, privileged: false, remote: false, env: new Map(), scope };
  }

  private pipeline(node: Node, scope: Scope, stdin: Flow | undefined): Flow {
    let current = stdin;
    for (const child of node.namedChildren)
      if (child) current = this.walk(child, child.type === 'command' ? scope : new Scope(scope), current);
    return current ?? SILENT;
  }

  private redirected(node: Node, scope: Scope, stdin: Flow | undefined): Flow {
    const body = node.childForFieldName('body');
    const redirects = node.namedChildren.filter((c): c is Node => !!c && c.type.endsWith('_redirect'));
    if (body?.type === 'command') return this.command(body, scope, stdin, redirects);
    const r = this.redirects(redirects, scope, stdin);
    const out = body ? this.walk(body, scope, r.stdin) : SILENT;
    return this.deliver(r, out, this.plain(body?.type ?? '', scope));
  }

  private redirects(nodes: Node[], scope: Scope, stdin: Flow | undefined): Redirected {
    const r: Redirected = { stdin, outputs: [], rest: [], silent: false };
    for (const n of nodes) {
      if (n.type === 'herestring_redirect') {
        const w = n.namedChildren.flatMap((c) => (c ? expand(c, this.expander(scope)) : []));
        r.stdin = flow(w.map((x) => x.text).join(' '), ...w.map((x) => x.sources));
      } else if (n.type === 'heredoc_redirect') {
        const start = n.namedChildren.find((c) => c?.type === 'heredoc_start')?.text ?? '';
        const body = n.namedChildren.find((c) => c?.type === 'heredoc_body');
        const quoted = /['"\\]/.test(start);
        let text = body ? (quoted ? body.text : (expandBody(body, this.expander(scope)) ?? body.text)) : '';
        if (n.text.startsWith('<<-')) text = text.replace(/^\t+/gm, '');
        r.stdin = flow(text);
        for (const c of n.namedChildren) {
          if (!c || c.type.startsWith('heredoc_')) continue;
          if (c.type === 'file_redirect') this.fileRedirect(c, r, scope);
          else r.rest.push(c);
        }
      } else if (n.type === 'file_redirect') this.fileRedirect(n, r, scope);
    }
    return r;
  }

  private fileRedirect(n: Node, r: Redirected, scope: Scope): void {
    const destination = n.childForFieldName('destination') ?? n.namedChildren.find((c) => c && c.type !== 'file_descriptor');
    const operator = /^\s*(?:\d+|\{\w+\})?\s*(<>|<&|<|>>|>\||>&|&>>|&>|>)/.exec(n.text)?.[1] ?? '>';
    if (!destination) return;
    const w = expand(destination, this.expander(scope))[0];
    if (!w) return;
    if (/^\d+-?$|^-$/.test(w.text) && operator.includes('&')) {
      if (operator === '<&' || (w.text === '0' && /^\s*[12]?>/.test(n.text))) r.joined = true;
      return;
    }
    const socket = /^\/dev\/(?:tcp|udp)\//.test(w.text);
    if (operator === '<' || operator === '<>' || operator === '<&') {
      if (socket) r.socket = w.text;
      const c = this.plain('<', scope);
      r.stdin = w.stream ?? (socket ? flow(undefined, 'net') : this.readFile(w.text, c));
    }
    if (operator !== '<' && operator !== '<&') {
      if (socket) r.socket = w.text;
      else if (w.text !== '/dev/null') {
        const error = /^\s*2>/.test(n.text);
        r.outputs.push({ path: w.text, append: operator.includes('>>') || operator === '<>', error, stream: !!w.stream });
        if (!error) r.silent = true;
      } else if (!/^\s*2>/.test(n.text)) r.silent = true;
    }
  }

  private deliver(r: Redirected, out: Flow, c: Command): Flow {
    for (const o of r.outputs) {
      if (o.stream) continue;
      this.write(o.path, o.error ? EMPTY : out, c, o.append);
    }
    if (r.socket) {
      const shell = /^(?:(?:ba|z|da|k|a|fi|c|tc)?sh|subshell|while_statement|compound_statement|busybox|python[\d.]*|perl|ruby|php)$/.test(
        c.name,
      );
      if (shell) this.findings.risk('reverse-shell', 'shell/reverse-shell', 'catastrophic', `Hands a shell to ${r.socket}`, r.socket);
      else if (out.sources.has('secret'))
        this.findings.risk('network-send', 'shell/secret-send', 'catastrophic', `Sends credentials to ${r.socket}`, r.socket);
      else this.findings.risk('network-send', 'shell/socket', 'risky', `Sends data to ${r.socket}`, r.socket);
    }
    let result = r.silent ? SILENT : out;
    for (const n of r.rest) result = this.walk(n, c.scope, result);
    return result;
  }

  private command(node: Node, scope: Scope, stdin: Flow | undefined, more: Node[]): Flow {
    this.commands++;
    const words: Word[] = [];
    const env = new Map<string, Flow>();
    const redirects: Node[] = [...more];
    const x = this.expander(scope);
    for (const c of node.namedChildren) {
      if (!c) continue;
      if (c.type === 'variable_assignment') this.assign(c, scope, env);
      else if (c.type.endsWith('_redirect')) redirects.push(c);
      else if (c.type !== 'comment') words.push(...expand(c, x));
    }
    const r = this.redirects(redirects, scope, stdin);
    const out = this.run(words, scope, r.stdin, env);
    if (r.joined && words.length > 0) {
      const at = words[0]!.text === 'exec' || words[0]!.text === 'sudo' ? 1 : 0;
      if (/^(?:\S*\/)?(?:ba|z|da|k|c|a)?sh$/.test(words[at]?.text ?? '') && words.slice(at + 1).every((w) => /^-[a-z]+$/.test(w.text)))
        this.findings.risk('privilege', 'shell/escape', 'risky', 'Opens a shell that is joined to other descriptors');
    }
    if (r.silent && r.outputs.length === 0 && out.sources.has('endless'))
      this.findings.risk('service', 'shell/exhaust', 'risky', 'Burns processor time without end');
    const name =
      words.find((w) => !/^(?:sudo|doas|env|nohup|setsid|command|exec)$/.test(w.text))?.text.replace(/^.*\//, '') ?? words[0]?.text ?? '';
    const c = this.plain(words[0]?.text === 'exec' && words.length === 1 ? 'exec' : name, scope);
    return r.outputs.length || r.socket || r.rest.length || r.silent ? this.deliver(r, out, c) : out;
  }

  private run(words: Word[], scope: Scope, stdin: Flow | undefined, env: Map<string, Flow>, privileged = false, remote = false): Flow {
    if (++this.commands > MAX_COMMANDS) {
      this.findings.parsed = false;
      return SILENT;
    }
    for (const [name, value] of env) {
      this.options.protected.assignment(name, value.text, this.findings);
      foreignIndex(name, value.text, this);
    }
    const first = words[0];
    if (!first) {
      for (const [name, value] of env) scope.vars.set(name, value);
      return EMPTY;
    }
    for (const w of words) this.options.protected.word(w.text, this.place(scope), this.findings);
    return runCommand({ name: '', args: words, argv: [], stdin, privileged, remote, env, scope }, this, this.options.protected);
  }

  private assign(node: Node, scope: Scope, into: Map<string, Flow>): void {
    const nameNode = node.childForFieldName('name');
    const value = node.childForFieldName('value');
    const name = nameNode?.text ?? '';
    if (value?.type === 'array') {
      scope.arrays.set(
        name,
        value.namedChildren.flatMap((c) => (c ? expand(c, this.expander(scope)) : [])),
      );
      return;
    }
    const words = value ? expand(value, this.expander(scope)) : [];
    const append = /^\w+\+=/.test(node.text) ? (scope.vars.get(name)?.text ?? '') : '';
    const text = append + words.map((w) => w.text).join(' ');
    into.set(name, flow(text, ...words.map((w) => w.sources)));
    if (into === scope.vars) {
      this.options.protected.assignment(name, text, this.findings);
      foreignIndex(name, text, this);
    }
  }

  private declaration(node: Node, scope: Scope): Flow {
    const verb = node.children[0]?.text ?? '';
    for (const c of node.namedChildren) {
      if (!c) continue;
      if (c.type === 'variable_assignment') this.assign(c, scope, scope.vars);
      else if (verb === 'unset') {
        const name = c.text.replace(/^["']|["']$/g, '');
        if (!name.startsWith('-')) {
          this.options.protected.unset(name, this.findings);
          scope.vars.delete(name);
        }
      } else if (c.namedChildCount > 0) expand(c, this.expander(scope));
    }
    if (node.type === 'declaration_command' && node.namedChildCount === 0 && /^(?:export|declare)/.test(verb))
      return flow(undefined, 'env');
    return SILENT;
  }

  private define(node: Node, scope: Scope): Flow {
    const name = node.childForFieldName('name')?.text ?? '';
    const body = node.childForFieldName('body');
    if (!name || !body) return SILENT;
    const self = name.replace(/[^\w]/g, '\\$&');
    if (new RegExp(`(?:^|[\\s;{(|&])${self}\\s*(?:\\||&)\\s*(?:${self})?|${self}\\s*\\|\\s*${self}`).test(body.text.slice(0, 2048)))
      this.findings.risk('service', 'shell/fork-bomb', 'catastrophic', 'Starts copies of itself without end until the machine stops');
    if (/^(?:sudo|su|doas|ssh|passwd|login|gpg|pass|kinit)$/.test(name))
      this.findings.risk('persistence', 'shell/alias-trap', 'risky', `Makes ${name} mean something else`, name);
    scope.functions.set(name, { source: body.text });
    return SILENT;
  }

  private forEach(node: Node, scope: Scope, stdin: Flow | undefined): Flow {
    const name = node.childForFieldName('variable')?.text ?? '_';
    const values: Word[] = [];
    for (const v of node.childrenForFieldName('value')) if (v) values.push(...expand(v, this.expander(scope)));
    const body = node.childForFieldName('body');
    if (!body) return SILENT;
    const count = /(?:\bseq\s+(?:\d+\s+)*|\{\d+\.\.)(\d{4,})\b/.exec(node.text)?.[1];
    if (count !== undefined && Number(count) >= 5000) this.endless(body.text.replace(/\bsleep\b/g, ''), false);
    let out: Flow = SILENT;
    for (const v of values.length > 0 ? values.slice(0, 6) : [word(UNKNOWN)]) {
      scope.vars.set(name, flow(v.text, v.sources));
      out = join(out, this.walk(body, scope, stdin));
    }
    return out;
  }

  private loop(node: Node, scope: Scope, stdin: Flow | undefined): Flow {
    const condition = node.childForFieldName('condition');
    const body = node.childForFieldName('body');
    const until = node.text.startsWith('until');
    const said = (condition?.text ?? '').replace(/;$/, '').trim();
    const endless = until
      ? /^(?:false|! *true|\[ *0 *-eq *1 *\]|\(\( *0 *\)\))$/.test(said)
      : /^(?:true|:|\[ *1 *\]|\[ *1 *-eq *1 *\]|\(\( *1 *\)\)|\[\[ *1 *\]\]|\[\[ true \]\]|\/bin\/true|! *false|1)$/.test(said);
    if (endless) this.endless(body?.text ?? '', node.nextSibling?.text === '&');
    return this.each(node, scope, stdin);
  }

  /** What a loop that never ends does to the machine: processes, folders and files without end. */
  private endless(body: string, many: boolean): void {
    const text = body.slice(0, 2048);
    if (/\b(?:sleep|wait|read|inotifywait|accept)\b/.test(text)) return;
    if (/[^&>|]&(?![&>\d])/.test(text) || many)
      this.findings.risk('service', 'shell/endless-processes', 'risky', 'Starts background processes without end');
    else if (/\b(?:mkdir|fallocate|dd|mktemp|split|cp|touch|mkfifo|tee)\b|>>/.test(text))
      this.findings.risk('service', 'shell/exhaust', 'risky', 'Takes disk without end');
  }
}

interface Redirected {
  stdin: Flow | undefined;
  outputs: { path: string; append: boolean; error: boolean; stream: boolean }[];
  /** Statements that follow a here-document's operator on the same line. */
  rest: Node[];
  socket?: string;
  silent: boolean;
  /** The input or output was joined to another open descriptor. */
  joined?: boolean;
}

function expandBody(body: Node, x: Expander): string | undefined {
  return expandQuoted(body, x);
}

function expandQuoted(body: Node, x: Expander): string {
  let out = '';
  let at = body.startIndex;
  const whole = body.text;
  for (const c of body.namedChildren) {
    if (!c || c.startIndex < at) continue;
    out += whole.slice(at - body.startIndex, c.startIndex - body.startIndex);
    out +=
      c.type === 'heredoc_content'
        ? c.text
        : expand(c, x)
            .map((w) => w.text)
            .join(' ');
    at = c.endIndex;
  }
  return out + whole.slice(at - body.startIndex);
}

export { decodeEscapes };
