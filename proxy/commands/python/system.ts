/** The machine and its user: processes, rights, the environment, what is shown. */
import type { Node } from '../grammars.js';
import { keep } from './access.js';
import { type Call, carries, every, imports, risk } from './run.js';
import { first, type Taint, type Value } from './value.js';

export function killed(c: Call): void {
  const t = c.node.text;
  const own =
    (/getpid/.test(t) && !/getppid/.test(t)) ||
    (/\(\s*(?:self\.)?\w*(?:proc|process|child|server|worker|p)\w*\.pid\s*,/.test(t) && !/SIGKILL|,\s*9\s*\)/.test(t)) ||
    /,\s*0\s*\)$/.test(t);
  risk(c.run, 'service', 'code/kill', own ? 'notable' : 'risky', 'Kills processes');
}

/** `p.kill()`: of a process that psutil found, not of one that the program started. */
export function killedByMethod(c: Call): void {
  if (imports(c.run, /^psutil/) && !/^(?:subprocess|multiprocessing|self\.proc|child)/.test(c.name))
    risk(c.run, 'service', 'code/kill', 'risky', 'Kills processes');
}

export function tookRights(c: Call): void {
  risk(c.run, 'privilege', 'code/setuid', c.args[0]?.number === 0 ? 'risky' : 'notable', 'Takes the rights of another user');
}

/** What the environment holds, or all of it. */
export function environment(c: Call): Value | undefined {
  if (c.name === 'dict' && !c.args[0]?.taints.has('env')) return undefined;
  const pair: Value = { strings: [], taints: new Set<Taint>(['env', 'secret']) };
  return { strings: [], items: [{ ...pair, items: [pair, pair] }], taints: new Set<Taint>(['env', 'secret']) };
}

/** What is printed, logged or written somewhere. */
export function shown(c: Call): void {
  if (/\.write$/.test(c.name)) for (const s of c.args[0]?.strings ?? []) keep(s, c.run);
  if (
    every(c).some((v) => whole(v) || v.items?.some(whole)) &&
    (!/^(?:\w+)\.(?:info|debug|warning|write\w*)$/.test(c.name) || imports(c.run, /^os\b/))
  )
    risk(c.run, 'secret-read', 'code/environment', 'risky', 'Shows or stores all variables of the environment, credentials included');
}

/** The environment as a whole, not one variable by its name. */
const whole = (v: Value): boolean =>
  v.name === 'os.environ' ||
  (v.taints.has('env') && v.taints.has('secret') && !v.name?.includes('[') && !/^os\.environ\.get/.test(v.name ?? ''));

/** A text made of something: it came from where that came from. */
export function madeText(c: Call): Value | undefined {
  const a = c.args[0];
  if (!a || a.strings.length > 0) return undefined;
  const taints = new Set<Taint>();
  for (const t of ['env', 'secret', 'file', 'host', 'typed', 'input'] as const) if (carries(a, t)) taints.add(t);
  if (taints.has('env') && /^(?:str|repr|bytes|bytearray)$/.test(c.name) && a.name?.includes('[')) return undefined;
  return taints.size > 0 ? { strings: [], taints } : undefined;
}

export function aboutMachine(c: Call): Value {
  return { strings: [], name: `${c.name}()`, taints: new Set<Taint>(['host']) };
}

/** Processes of the whole machine: harmless by name and number, telling by their arguments, files and connections. */
export function processes(c: Call): Value {
  const { run } = c;
  const own = c.name === 'psutil.Process' && (c.args.length === 0 || /getpid\(\)/.test(c.node.text));
  if (!own && !/^psutil\.pids$/.test(c.name)) {
    const telling =
      /\b(?:cmdline|environ|open_files|memory_maps|net_connections|connections|username|exe|cwd|memory_info|memory_percent|memory_full_info)\b/.test(
        run.source,
      ) ||
      run.endless ||
      /net_connections/.test(c.name);
    risk(run, 'secret-read', 'code/watch-processes', telling ? 'risky' : 'notable', 'Looks at the processes of everybody on this machine');
  }
  const item: Value = { strings: [], name: 'psutil.Process()', taints: new Set<Taint>(own ? [] : ['host']) };
  return c.name === 'psutil.Process' ? item : { strings: [], name: `${c.name}()`, items: [item], taints: new Set<Taint>(['host']) };
}

export function environmentSet(c: Call): void {
  const k = first(c.args[0]);
  if (k !== undefined) c.run.x.protected.assignment(k, first(c.args[1]), c.run.x.findings);
  assignedVariable(k ?? '', first(c.args[1]), c.run, c.node);
}

const LOADERS =
  /^(?:LD_PRELOAD|LD_LIBRARY_PATH|LD_AUDIT|DYLD_\w+|PYTHONSTARTUP|BASH_ENV|ENV|PROMPT_COMMAND|PERL5OPT|NODE_OPTIONS|GIT_SSH_COMMAND|PYTHONHOME|IFS|HISTFILE|HISTSIZE)$/;

/** Variables that decide which code the next program loads. */
export function assignedVariable(name: string, value: string | undefined, run: Call['run'], node: Node): void {
  if (name === 'PATH') risk(run, 'persistence', 'code/path', 'risky', 'Changes where programs are looked for', name);
  else if (LOADERS.test(name) && !(name === 'LD_LIBRARY_PATH' && !/\/tmp|\.\//.test(value ?? node.text)))
    risk(run, 'persistence', 'code/path', 'risky', `Changes ${name}, which decides what other programs load`, name);
  else if (
    /^(?:PYTHONHTTPSVERIFY|SSL_CERT_FILE|REQUESTS_CA_BUNDLE|GIT_SSL_NO_VERIFY|NODE_TLS_REJECT_UNAUTHORIZED|CURL_CA_BUNDLE)$/.test(name)
  )
    risk(
      run,
      'persistence',
      'code/trust',
      /^(?:0|false|)$/.test(value ?? 'x') ? 'risky' : 'notable',
      `Changes whom connections trust: ${name}`,
      name,
    );
}
