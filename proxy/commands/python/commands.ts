/** What a program runs: commands, code in strings, code of files, functions that are handed to others, machine code. */
import { readCode } from '../code.js';
import { groundOf, UNKNOWN } from '../paths.js';

import { type Call, carries, every, imports, listText, risk } from './run.js';
import { canonical, first, nothing, type Taint, type Value } from './value.js';

const OWN = ['workspace', 'workspace-all', 'unknown'];

export function runs(c: Call): Value {
  const { name, args, keywords, run } = c;
  const f = run.x.findings;
  let a = args[0] ?? keywords.get('args') ?? keywords.get('cmd') ?? keywords.get('command') ?? keywords.get('CommandLine');
  if (/(?:create_)?subprocess_exec$/.test(name)) a = { strings: [], items: args, taints: new Set() };
  if (/^os\.spawn|exec_command/.test(name) && a?.strings.length === 0) a = args[1] ?? a;
  let commands: string[] = [];
  if (/^os\.(?:exec|spawn|posix_spawn)/.test(name)) {
    const list = args.flatMap((v) => v.items ?? [v]).flatMap((v) => v.strings.slice(0, 1));
    commands = [list[0] !== undefined && list.length > 2 ? [list[0], ...list.slice(2)].map((s) => `'${s}'`).join(' ') : (list[0] ?? '')];
    // The program that takes this one's place with other rights.
    if (/^(?:\S*\/)?(?:sudo|su|doas|pkexec|runuser)$/.test(list[0] ?? ''))
      risk(run, 'privilege', 'code/elevate', 'risky', `Goes on as another user by ${list[0]}`);
  } else if (a?.items) {
    const t = listText(a);
    if (t !== undefined) commands = [t];
  } else if (/^sh\./.test(name)) commands = [[name.slice(3), ...args.map((v) => first(v) ?? UNKNOWN)].join(' ')];
  else commands = a?.strings ?? [];
  if (args.some((v) => carries(v, 'net'))) risk(run, 'download-run', 'code/download-run', 'risky', 'Runs what it gets from the network');
  if (args.some((v) => carries(v, 'input'))) risk(run, 'execute', 'code/input-run', 'risky', 'Runs what somebody types');
  if (args.some((v) => carries(v, 'decoded')))
    risk(run, 'execute', 'code/decoded-run', 'risky', 'Runs commands that were hidden by an encoding');
  run.seen.add('run');
  const typed = keywords.get('input')?.strings[0];
  if (typed !== undefined && commands.some((t) => /(?:^|\/)(?:ba|da|z)?sh$|python\d?$|^sudo/.test(t.split(' ')[0] ?? '')))
    run.x.shell(typed);
  if (commands.length === 0) {
    run.seen.add('run unknown');
    f.fact('execute', undefined, 'a command that is known only when it runs');
  }
  for (const t of commands) {
    if (
      /^\s*'?(?:\S*\/)?(?:ba|z|da|k|c)?sh'?(?:\s+'?-[ipl]+'?)*\s*$|^\s*cmd(?:\.exe)?\s*$|^powershell(?:\.exe)?\s*$/.test(t) ||
      (/^os\.exec|pty\.spawn/.test(name) && /(?:^|[/'])(?:ba|z|da|k)?sh'?(?:\s|$)/.test(t) && !/-c/.test(t))
    ) {
      run.seen.add('run shell');
      risk(run, 'privilege', 'shell/escape', 'risky', 'Opens a shell from inside Python');
    } else {
      f.fact('execute', t.slice(0, 120));
      run.x.shell(t.replaceAll(UNKNOWN, '$UNKNOWN_VALUE'));
    }
  }
  return {
    strings: [],
    name: `${name}()`,
    taints: new Set<Taint>(
      commands.some((t) => /^(?:sudo )?(?:ps|whoami|id|hostname|uname|ifconfig|ip|netstat|ss|lsof|env|printenv)\b/.test(t)) ? ['host'] : [],
    ),
  };
}

export function coded(c: Call): Value {
  const { name, run } = c;
  const a = c.args[0];
  if (!a) return nothing();
  if (
    /__dict__|globals\(|getattr|vars\(|__builtins__/.test(c.node.childForFieldName('function')?.text ?? '') &&
    /^(?:exec|eval)$/.test(name)
  )
    risk(run, 'execute', 'code/hidden-call', 'risky', `Calls ${name} by a hidden name`);
  if (carries(a, 'net')) risk(run, 'download-run', 'code/download-run', 'risky', 'Runs code that it gets from the network');
  if (carries(a, 'decoded') && name !== 'compile')
    risk(run, 'execute', 'code/decoded-run', 'risky', 'Runs code that was hidden by an encoding');
  if (carries(a, 'input')) risk(run, 'execute', 'code/input-run', 'risky', 'Runs code that somebody types');
  else if (carries(a, 'file') && name !== 'compile')
    risk(run, 'execute', 'code/file-run', /open\(\s*[rbf]?['"](?:\/|~)/.test(run.source) ? 'risky' : 'notable', 'Runs code of a file');
  if (!run.quiet)
    for (const s of a.strings) if (s.trim() !== '' && s !== UNKNOWN) readCode('python', s, { ...run.x, depth: run.depth + 1 });
  if (a.strings.length === 0 && a.taints.size === 0 && name !== 'compile')
    risk(run, 'execute', 'code/dynamic', 'notable', 'Runs code that is known only when it runs');
  // `eval('ex' + 'ec')` is the function of that name.
  if (name === 'eval' && /^[A-Za-z_]\w*(?:\.\w+)*$/.test(first(a) ?? ''))
    return { strings: [], name: canonical(first(a)!), taints: new Set() };
  return name === 'compile' ? a : nothing();
}

/** Code in a text that is run by a tool of the standard library: `timeit.timeit("…")`. */
export function nested(c: Call): void {
  if (c.run.quiet) return;
  for (const v of every(c))
    for (const s of v.strings) if (/[(;]/.test(s) && s.length > 6) readCode('python', s, { ...c.run.x, depth: c.run.depth + 1 });
}

export function nativeCalled(c: Call): void {
  const method = c.name.slice(c.name.lastIndexOf('.') + 1);
  if (/^(?:_?w?system|popen|exec\w+|WinExec|ShellExecute\w*)$/.test(method)) {
    risk(c.run, 'execute', 'code/native', 'risky', 'Runs a command past Python');
    for (const v of c.args) if (first(v) !== undefined) c.run.x.shell(first(v)!);
  } else if (
    /^(?:unlink|remove|rmdir|kill|ptrace|mprotect|mmap|setuid|setresuid|fork|reboot|mount|umount|prctl|settimeofday|clock_settime|sethostname|chmod|chown|process_vm_\w+|memfd_create|syscall|VirtualAlloc\w*|CreateThread|RtlMoveMemory)$/.test(
      method,
    )
  )
    risk(c.run, 'execute', 'code/native', 'risky', `Calls ${method} past Python`);
}

export function loadedCode(c: Call): void {
  for (const v of c.args)
    for (const s of v.strings)
      if (/^\//.test(s) && groundOf(s, c.run.x.place) === 'temp')
        risk(c.run, 'execute', 'code/native', 'risky', `Loads ${s}, of a folder that everybody may write`, s);
}

export function ctypesUsed(c: Call): void {
  const { run } = c;
  run.seen.add('ctypes');
  const t = c.node.text;
  const hard =
    /memmove|string_at|memset|windll|CFUNCTYPE|pythonapi|VirtualAlloc|RtlMoveMemory|CreateThread|mprotect|CreateRemoteThread|WriteProcessMemory/.test(
      t,
    ) || /VirtualAlloc|mprotect|CreateRemoteThread|WriteProcessMemory|PROT_EXEC|shellcode/i.test(run.source);
  risk(run, 'execute', 'code/native', hard ? 'risky' : 'notable', 'Calls machine code past Python');
}

export function pipRun(c: Call): void {
  const t = c.args[0] ? listText(c.args[0]) : undefined;
  if (t !== undefined) c.run.x.shell(`pip ${t}`);
}

/** `repo.git.push('--force')` of GitPython: the words of a git command. */
export function gitRun(c: Call): void {
  if (!imports(c.run, /^git$/)) return;
  const verb = c.name.slice(c.name.lastIndexOf('.') + 1).replaceAll('_', '-');
  const options = [...c.keywords.keys()].map((k) => (k.length === 1 ? `-${k}` : `--${k.replaceAll('_', '-')}`));
  c.run.x.shell(['git', verb, ...options, ...c.args.map((v) => first(v) ?? '')].join(' '));
}

export function fileRun(c: Call): void {
  const p = first(c.args[0]);
  if (p === undefined) return;
  c.run.x.findings.executed.push(p);
  if (/^[/~]/.test(p) && !OWN.includes(groundOf(p, c.run.x.place)))
    risk(c.run, 'execute', 'code/file-run', 'risky', `Runs ${p}, outside the working folder`, p);
}

export function unpickled(c: Call): Value {
  const { name, run } = c;
  const all = every(c);
  const outside =
    /open\(\s*[rbf]?['"](?:\/(?!dev\/std)|~)/.test(c.node.text) ||
    all.some((v) => v.strings.some((s) => /^(?:\/|~)/.test(s) && !OWN.includes(groundOf(s, run.x.place))));
  const bad =
    all.some((v) => carries(v, 'net', 'decoded', 'input')) ||
    (/^(?:pickle|jsonpickle)\.(?:loads|decode)$/.test(name) &&
      all.some((v) => v.strings.length > 0 && /\\x|c?os\n|posix|system|nt\n/.test(v.strings[0]!)));
  if (/^(?:pickle|marshal|jsonpickle|shelve)/.test(name))
    risk(run, 'execute', 'code/pickle', bad || outside ? 'risky' : 'notable', 'Loads objects, which may run code');
  else if (/^(?:torch|numpy)\.load$/.test(name) && /weights_only\s*=\s*False|allow_pickle\s*=\s*True/.test(c.node.text))
    risk(run, 'execute', 'code/pickle', /weights_only/.test(c.node.text) || bad ? 'risky' : 'notable', 'Loads objects, which may run code');
  else if (bad) risk(run, 'execute', 'code/pickle', 'risky', 'Loads objects from outside, which may run code');
  return { strings: [], taints: new Set<Taint>(['decoded']) };
}

export function yamlLoaded(c: Call): void {
  const t = c.node.text;
  const own = every(c).some((v) => v.strings.some((s) => /!!python\/(?:object|name|module)/.test(s)));
  if (own || /unsafe_load/.test(c.name) || /UnsafeLoader|Loader\s*=\s*yaml\.Loader\b/.test(t))
    risk(c.run, 'execute', 'code/yaml', 'risky', 'Loads YAML that may run code');
  else if (!/Safe|CSafe|BaseLoader/.test(t)) risk(c.run, 'execute', 'code/yaml', 'notable', 'Loads YAML that may run code');
}

const HANDED =
  /^(?:os\.(?:system|popen|remove|unlink|rmdir|removedirs|kill|exec\w+|spawn\w+|fork|setuid|chmod)|\?\.(?:unlink|rmdir|terminate|kill)|subprocess\.\w+|shutil\.(?:rmtree|move)|pty\.spawn|exec|eval|each .*\.unlink|pathlib\.Path\.unlink)$/;
const TAKES_NO_CALLS =
  /^(?:isinstance|type|print|str|repr|getattr|hasattr|callable|id|patch|mock\.\w+|unittest\.\w+|mocker\.\w+)$|patch|register_function|signal|\.assert\w*|\.setattr$/;

/** A function that is handed to another one (`map`, `partial`, `Thread(target=…)`, `atexit.register`) is judged as if it were called. */
export function handed(c: Call, judge: (c: Call) => void): void {
  const { name, args, keywords, run } = c;
  if (run.depth > 8) return;
  const target = keywords.get('target') ?? keywords.get('func') ?? keywords.get('initializer') ?? keywords.get('callback');
  const at = args.findIndex((a) => a.name !== undefined && HANDED.test(a.name));
  const fn = target?.name !== undefined && HANDED.test(target.name) ? target.name : at >= 0 ? args[at]!.name : undefined;
  if (fn === undefined || HANDED.test(name) || TAKES_NO_CALLS.test(name)) return;
  const rest = [...(at >= 0 ? args.slice(at + 1) : args), ...[...keywords].filter(([k]) => k === 'args').map(([, v]) => v)];
  const flat = /(?:Thread|Process|Timer|submit|map|starmap|apply\w*)$/.test(name) ? rest.flatMap((v) => v.items ?? [v]) : rest;
  judge({ name: fn, node: c.node, args: flat, keywords: new Map(), run: { ...run, depth: run.depth + 1 } });
}

/** Packages that install themselves: a class of `setup.py` whose `run` does more than install. */
export function installHook(source: string): boolean {
  return (
    /\bcmdclass\s*=/.test(source) &&
    /\bclass\s+\w+\s*\(\s*(?:\w+\.)*(?:install|develop|egg_info|build_py|sdist|bdist_egg|\w*[Ii]nstall\w*|\w*[Dd]evelop\w*)\s*\)/.test(
      source,
    )
  );
}
