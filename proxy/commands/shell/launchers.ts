import { isMadeAgain, isSecretFile, resolvePath, UNKNOWN } from '../paths.js';
import { type Command, Options, type Run } from './command.js';
import { fed, isShell } from './dispatch.js';
import { type Flow, flow, SILENT, type Word, word } from './flow.js';
import { looseCommands } from './loose.js';
import { baseName } from './peel.js';

type Launcher = (c: Command, run: Run) => Flow | undefined;

const bare = /^\s*(?:exec\s+)?(?:\S*\/)?(?:ba|z|da|k|c|a)?sh(?:\s+-[pi]+)?(?:\s+\d?[<>]&\d)*\s*$/;

function source(text: string, c: Command, run: Run): Flow {
  return run.source(text, c.scope, c.stdin);
}

/** ssh, docker, kubectl …: the words after `from` run elsewhere. */
function elsewhere(words: Word[], c: Command, run: Run): Flow {
  if (words.length === 0) return SILENT;
  return run.words(words, { ...c, remote: true });
}

const LAUNCHERS: Record<string, Launcher> = {
  eval: (c, run) => {
    if (c.args.some((a) => a.sources.has('net')))
      run.findings.risk('download-run', 'shell/download-run', 'risky', 'Runs what was just downloaded');
    if (c.args.some((a) => a.sources.has('decoded')))
      run.findings.risk('execute', 'shell/decoded-run', 'risky', 'Runs commands that were hidden by an encoding');
    return source(c.argv.join(' ').replaceAll(UNKNOWN, ''), c, run);
  },
  cd: (c, run) => {
    const to = c.argv.find((a) => !a.startsWith('-')) ?? '~';
    c.scope.cwd = to.includes(UNKNOWN) ? undefined : resolvePath(to, run.place(c.scope));
    c.scope.moved = true;
    return SILENT;
  },
  source: (c, run) => {
    const a = c.args[0];
    if (!a) return SILENT;
    if (a.stream) return fed(a.stream, c, run);
    if (/^\/dev\/(?:stdin|fd\/0)$/.test(a.text) && c.stdin) return fed(c.stdin, c, run);
    const f = run.readFile(a.text, c);
    if (f.sources.has('net')) run.findings.risk('download-run', 'shell/download-run', 'risky', `Runs ${a.text}, which was just downloaded`);
    return f.text !== undefined ? run.source(f.text, c.scope) : SILENT;
  },
  trap: (c, run) => (c.argv.length >= 2 && c.argv[0] !== '-' && !c.argv[0]!.startsWith('-') ? source(c.argv[0]!, c, run) : SILENT),
  alias: (c, run) => {
    for (const a of c.argv) {
      const m = /^([\w.-]+)=([\s\S]*)$/.exec(a);
      if (!m) continue;
      c.scope.aliases.set(m[1]!, m[2]!);
      run.findings.fact('alias', m[1]);
      if (
        /^(?:ls|cd|cat|sudo|su|grep|rm|cp|mv|vi|vim|ssh|git|ps|cls|clear|echo|ll|pwd|find|which|top|kill|man|exit|df|du|passwd|login|id|who|date|mkdir|touch|python\d?|bash|sh)$/.test(
          m[1]!,
        )
      ) {
        const words = looseCommands(m[2]!).commands.map((w) => baseName(w[0] ?? ''));
        const other = words.filter(
          (w) =>
            w &&
            w !== m[1] &&
            !/^(?:ls|exa|eza|lsd|bat|batcat|rg|egrep|zoxide|z|nvim|vim|trash(?:-put)?|gio|command|clear|sudo|hub|htop|btop|fd|rmtrash|git|python\d?|grep|kitty|kubectl)$/.test(
              w,
            ),
        );
        const n = run.findings.risks.length;
        source(m[2]!, { ...c, stdin: undefined }, run);
        if (/(?:^|[\s'"=])(?:\/tmp|\/var\/tmp|\/dev\/shm|~?\/\.\w)/.test(m[2]!) && !/^(?:cd|ls|code|vim?|nano|cat|source)\b/.test(m[2]!))
          run.findings.risk('persistence', 'shell/alias-trap', 'risky', `Makes ${m[1]} mean something else: ${m[2]}`, m[1]);
        if (
          other.length > 0 &&
          (run.findings.risks.length > n ||
            (/^(?:sudo|su|ssh|passwd|login)$/.test(m[1]!) && /^\/|^~/.test(m[2]!)) ||
            /^(?:rm|dd|shutdown|reboot|halt|kill|mv|curl|wget|nc|echo|cat|exit|false|true|sleep|rmdir|shred|poweroff|init|logout|bash|sh|python\d?|chmod|chown|eval)$/.test(
              other[0]!,
            ))
        )
          run.findings.risk('persistence', 'shell/alias-trap', 'risky', `Makes ${m[1]} mean something else: ${m[2]}`, m[1]);
      }
    }
    return SILENT;
  },
  su: (c, run) => {
    const o = new Options(c.argv, ['c', 'command', 's', 'shell', 'g', 'G', 'session-command']);
    if (o.has('V', 'version', 'h', 'help')) return SILENT;
    const code = o.value('c', 'command', 'session-command');
    if (code === undefined) {
      run.findings.risk(
        'privilege',
        'shell/root-shell',
        o.operands.filter((x) => x !== '-')[0] === undefined || o.operands.includes('root') ? 'risky' : 'notable',
        'Becomes another user',
      );
      return SILENT;
    }
    return run.source(code, c.scope);
  },
  runuser: (c, run) => LAUNCHERS['su']!(c, run),
  script: (c, run) => {
    const code = new Options(c.argv, ['c', 'command', 'T', 'I', 'O', 'B', 'o', 'E', 'm']).value('c', 'command');
    if (code === undefined) return undefined;
    if (bare.test(code)) run.findings.risk('privilege', 'shell/escape', 'risky', 'Opens a shell from inside script');
    return source(code, c, run);
  },
  xargs: (c, run) => {
    const valued = [
      'I',
      'i',
      'J',
      'n',
      'P',
      'L',
      'd',
      'a',
      'E',
      's',
      'R',
      'S',
      'max-args',
      'max-procs',
      'replace',
      'delimiter',
      'arg-file',
      'max-lines',
      'eof',
      'max-chars',
      'process-slot-var',
    ];
    let i = 0;
    let marker: string | undefined;
    for (; i < c.argv.length; i++) {
      const a = c.argv[i]!;
      if (!a.startsWith('-')) break;
      const m = /^-[IJi](.*)$/.exec(a);
      if (m) marker = m[1] || (a[1] === 'i' ? '{}' : c.argv[i + 1]);
      if (/^--replace(?:=(.*))?$/.test(a)) marker = a.split('=')[1] ?? '{}';
      if (a.length === 2 && valued.includes(a[1]!) && a[1] !== 'i') i++;
      else if (a.startsWith('--') && !a.includes('=') && valued.includes(a.slice(2)) && a !== '--replace') i++;
    }
    const words = c.args.slice(i);
    const list = c.argv.findIndex((a) => /^(?:-a|--arg-file)$/.test(a) || /^--arg-file=/.test(a));
    if (list >= 0 && list < i && /^(?:rm|unlink|shred|truncate|kill)$/.test(baseName(words[0]?.text ?? '')))
      run.findings.risk('delete', 'shell/delete-listed', 'risky', 'Deletes every file of a list that cannot be seen here');
    const items = c.stdin?.text?.trim().split(/\s+/).slice(0, 4) ?? [];
    const fill = items.length > 0 ? items : [UNKNOWN];
    const inner = words[0] ? words : [word('echo')];
    if (c.stdin?.sources.has('net') && /^(?:ba|z|da)?sh$|^eval$/.test(baseName(inner[0]!.text)))
      run.findings.risk('download-run', 'shell/download-run', 'risky', 'Runs what was just downloaded');
    const name = baseName(inner[0]!.text);
    if (isShell(name) && inner.length === 1) {
      run.findings.risk('privilege', 'shell/escape', 'risky', 'Opens a shell by way of xargs');
      return SILENT;
    }
    if (isShell(name) && marker === undefined && /^-\w*c$/.test(inner[inner.length - 1]!.text) && items.length > 0)
      return run.source(c.stdin!.text!, c.scope);
    const filled = marker
      ? inner.map((w) => (w.text.includes(marker!) ? { ...w, text: w.text.replaceAll(marker!, fill[0]!) } : w))
      : [
          ...inner,
          ...fill.map((t) => word(t, t === UNKNOWN ? new Set([...(c.stdin?.sources ?? []), 'input' as const]) : c.stdin?.sources)),
        ];
    return run.words(filled, { ...c, stdin: c.stdin ? flow(undefined, c.stdin.sources) : undefined });
  },
  parallel: (c, run) => {
    const o: Word[] = [];
    let i = 0;
    for (; i < c.args.length; i++) {
      const t = c.args[i]!.text;
      if (!t.startsWith('-')) break;
      if (
        /^-[jNSnIPaL]$/.test(t) ||
        /^--(?:jobs|delay|joblog|results|tmpdir|timeout|sshlogin|arg-file|pipepart|block|colsep|max-args)$/.test(t)
      )
        i++;
    }
    const values: string[] = [];
    let after = false;
    for (; i < c.args.length; i++) {
      const t = c.args[i]!.text;
      if (/^:::?[:+]?$/.test(t)) after = true;
      else if (after) values.push(t);
      else o.push(c.args[i]!);
    }
    const items = values.length > 0 ? values : (c.stdin?.text?.trim().split('\n').slice(0, 4) ?? [UNKNOWN]);
    if (o.length === 0) {
      if (c.stdin && c.stdin.text === undefined) return fed(c.stdin, c, run);
      return run.source(items.join('\n'), c.scope);
    }
    if (o.length === 1 && isShell(baseName(o[0]!.text)))
      run.findings.risk('privilege', 'shell/escape', 'risky', 'Opens a shell by way of parallel');
    const text = o.map((w) => w.text).join(' ');
    return run.source(text.includes('{}') ? text.replaceAll('{}', items[0]!) : `${text} ${items[0]}`, c.scope);
  },
  ssh: (c, run) => {
    const valued = 'BbcDEeFIiJLlmOopQRSWwP';
    let i = 0;
    let host: string | undefined;
    let options = '';
    for (; i < c.argv.length; i++) {
      const a = c.argv[i]!;
      if (a.startsWith('-') && a.length > 1) {
        options += ` ${a}`;
        if (a.length === 2 && valued.includes(a[1]!)) options += ` ${c.argv[++i] ?? ''}`;
        continue;
      }
      if (host === undefined) {
        host = a;
        continue;
      }
      break;
    }
    if (/(?:Proxy|Local|KnownHosts)Command\s*=?\s*([\s\S]+)/i.test(options)) {
      const code = /(?:Proxy|Local|KnownHosts)Command\s*=?\s*([\s\S]+)/i.exec(options)![1]!;
      if (/\bsh\b|;/.test(code)) run.findings.risk('privilege', 'shell/escape', 'risky', 'Runs a command by an option of ssh');
      source(code, { ...c, stdin: undefined }, run);
    }
    if (/ -[A-Za-z]*R(?: |$)/.test(`${options} `))
      run.findings.risk(
        'reverse-shell',
        'shell/remote-forward',
        'risky',
        'Opens a way into this machine from another one (remote port forwarding)',
        host,
      );
    const rest = c.args.slice(i);
    if (
      rest.length > 0 &&
      /\b(?:systemctl|service|rc-service)\b.*\b(?:stop|disable|mask)\b|\b(?:pkill|killall)\b|\bdocker\s+(?:stop|rm|kill)\b/.test(
        rest.map((w) => w.text).join(' '),
      )
    )
      run.findings.risk('service', 'shell/remote-stop', 'risky', `Stops services of ${host}`, host);
    if (c.stdin && (c.stdin.sources.has('secret') || c.stdin.sources.has('env')))
      run.findings.risk('network-send', 'shell/secret-send', 'catastrophic', `Sends credentials to ${host}`, host);
    else if (c.stdin?.sources.has('file') || (c.stdin && c.stdin.text === undefined))
      run.findings.risk('network-send', 'shell/upload', 'risky', `Sends a file to ${host}`, host);
    if (rest.length > 0) {
      const text = rest.map((w) => w.text).join(' ');
      if (/(?:^|@)(?:localhost|127\.0\.0\.1)$/.test(host ?? '') && /^(?:\S*\/)?(?:ba|z|da|k)?sh(?:\s+-\S+)*$/.test(text))
        run.findings.risk('privilege', 'shell/escape', 'risky', 'Opens a shell by way of ssh');
      return run.source(text, c.scope, c.stdin);
    }
    if (c.stdin?.text !== undefined && host) return run.source(c.stdin.text, c.scope);
    return flow(undefined, 'net');
  },
  docker: container,
  podman: container,
  nerdctl: container,
  kubectl: (c, run) => kube(c, run),
  oc: (c, run) => kube(c, run),
  k3s: (c, run) => (c.argv[0] === 'kubectl' ? kube({ ...c, args: c.args.slice(1), argv: c.argv.slice(1) }, run) : undefined),
  find: (c, run) => findExec(c, run),
  fd: (c, run) => {
    const k = c.argv.findIndex((a) => /^(?:-x|-X|--exec|--exec-batch)$/.test(a));
    if (k < 0) return undefined;
    return run.words([...c.args.slice(k + 1).map((w) => (w.text.includes('{}') ? { ...w, text: UNKNOWN } : w)), word(UNKNOWN)], c);
  },
  'run-parts': () => undefined,
  ip: (c, run) => {
    if (c.argv[0] === 'netns' && c.argv[1] === 'exec') {
      const words = c.args.slice(3);
      if (words[0] && isShell(baseName(words[0].text)) && words.length <= 2)
        run.findings.risk('privilege', 'shell/escape', 'risky', 'Opens a shell by way of ip netns');
      return words.length > 0 ? run.words(words, c) : SILENT;
    }
    return undefined;
  },
  at: (c, run) => {
    const o = new Options(c.argv, ['f', 'q', 't']);
    if (o.has('l', 'r', 'd', 'c', 'V')) return undefined;
    run.findings.risk('persistence', 'shell/schedule', 'risky', 'Schedules commands to run later');
    if (c.stdin?.text !== undefined) run.source(c.stdin.text, c.scope);
    return SILENT;
  },
  batch: (c, run) => LAUNCHERS['at']!(c, run),
};
LAUNCHERS['pushd'] = LAUNCHERS['cd']!;
LAUNCHERS['.'] = LAUNCHERS['source']!;

function container(c: Command, run: Run): Flow | undefined {
  const verb = c.argv.find((a) => !a.startsWith('-'));
  let at = c.argv.indexOf(verb ?? '');
  if (verb === 'container' || verb === 'compose') at = c.argv.findIndex((a, i) => i > at && !a.startsWith('-'));
  const sub = c.argv[at];
  if (sub !== 'exec' && sub !== 'run') return undefined;
  const flags = new Set([
    '--privileged',
    '-i',
    '-t',
    '-it',
    '-ti',
    '-d',
    '--rm',
    '--init',
    '--interactive',
    '--tty',
    '--detach',
    '-P',
    '-dit',
    '-itd',
    '-T',
  ]);
  let i = at + 1;
  let host = false;
  let mountedAt: string | undefined;
  let root = false;
  for (; i < c.argv.length; i++) {
    const a = c.argv[i]!;
    if (!a.startsWith('-')) break;
    const value = a.includes('=') ? a.slice(a.indexOf('=') + 1) : (c.argv[i + 1] ?? '');
    if (/^(?:-v|--volume|--mount)/.test(a)) {
      const v = a.startsWith('-v') && a.length > 2 && !a.includes('=') ? a.slice(2) : value;
      if (/^(?:\/|~|\/etc|\/root|\/home|\/var|\/usr|\/boot|\/proc|\/sys)\/?:|(?:source|src)=\/(?:,|$)|docker\.sock/.test(v)) {
        host = true;
        root ||= /^\/:|(?:source|src)=\/(?:,|$)/.test(v);
        mountedAt ??= /^\/:(\/[^:,]+)/.exec(v)?.[1] ?? (root ? /(?:target|dst|destination)=(\/[^,]+)/.exec(v)?.[1] : undefined);
      }
    }
    const from = /^(?:-v|--volume|--mount)/.test(a)
      ? (/(?:source|src)=([^,]+)/.exec(value)?.[1] ??
        (a.length > 2 && a.startsWith('-v') && !a.includes('=') ? a.slice(2) : value).split(':')[0])
      : undefined;
    if (from && /^[/~.$]/.test(from) && isSecretFile(from, run.place(c.scope)))
      run.findings.risk('secret-read', 'container/secret-mount', 'risky', `Gives a container the credentials of ${from}`, from);
    if (/^--env-file|^--secret/.test(a) && isSecretFile(value, run.place(c.scope)))
      run.findings.risk('secret-read', 'container/secret-env', 'notable', `Gives a container the credentials of ${value}`, value);
    if (
      a === '--privileged' ||
      /^--(?:pid|net|network|ipc|uts|userns)=host$/.test(a) ||
      /cap-add=?(?:ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE)/.test(a) ||
      (/^--cap-add$/.test(a) && /ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE/.test(value))
    )
      if (a === '--privileged' || !/network|--net/.test(a))
        run.findings.risk('privilege', 'container/privileged', 'risky', 'Starts a container with rights over the host');
    if (
      !a.includes('=') &&
      !flags.has(a) &&
      !/^-[itdP]+$/.test(a) &&
      !/^--(?:no-|read-only|sig-proxy|oom-kill|publish-all|quiet|remove-orphans|service-ports|build|privileged)/.test(a) &&
      !(/^-[vepuwhlc]./.test(a) && a.length > 2 && !a.startsWith('--'))
    )
      i++;
  }
  if (host)
    run.findings.risk(
      'privilege',
      'container/host-mount',
      'risky',
      `Gives a container the host's ${root ? 'whole disk' : 'system folders'}`,
    );
  const at0 = mountedAt?.replace(/\/+$/, '');
  const words = c.args
    .slice(i + 1)
    .map((w) =>
      at0 && w.text.includes(at0)
        ? { ...w, text: w.text.replaceAll(`${at0}/`, '/').replace(new RegExp(`${at0.replace(/[^\w/]/g, '\\$&')}(?![\\w/])`, 'g'), '/') }
        : w,
    );
  if (words.length === 0) return SILENT;
  if (words[0] && isShell(baseName(words[0].text)) && words.length === 1) return SILENT;
  if (sub === 'run' && !host && !c.argv.includes('--privileged')) {
    // Inside its own container a command harms little; what it fetches or sends still counts.
    return SILENT;
  }
  return elsewhere(words, c, run);
}

function kube(c: Command, run: Run): Flow | undefined {
  const sub = c.argv.find((a) => !a.startsWith('-'));
  if (sub === 'exec' || sub === 'run' || sub === 'debug') {
    const k = c.argv.indexOf('--');
    if (k >= 0 && k + 1 < c.args.length) {
      const words = c.args.slice(k + 1);
      if (words.length === 1 && isShell(baseName(words[0]!.text))) return SILENT;
      return elsewhere(words, c, run);
    }
  }
  return undefined;
}

function findExec(c: Command, run: Run): Flow | undefined {
  const paths: string[] = [];
  for (const a of c.argv) {
    if (/^[-(!]/.test(a)) {
      if (paths.length > 0 || !/^-[HLPDO]/.test(a)) break;
      continue;
    }
    paths.push(a);
  }
  const filtered = c.argv.some((a) =>
    /^-(?:i?name|i?path|i?regex|[acm]time|[acm]min|newer\w*|size|empty|perm|user|group|uid|gid|nouser|nogroup|links|inum|wholename)$/.test(
      a,
    ),
  );
  for (let i = 0; i < c.argv.length; i++) {
    if (!/^-(?:exec|execdir|ok|okdir)$/.test(c.argv[i]!)) continue;
    let end = i + 1;
    while (end < c.argv.length && c.argv[end] !== ';' && !(c.argv[end] === '+' && c.argv[end - 1] === '{}')) end++;
    const words = c.args.slice(i + 1, end);
    const name = baseName(words[0]?.text ?? '');
    if (isShell(name) && !words.slice(1).some((w) => /c|\{\}|^[^-]/.test(w.text)))
      run.findings.risk('privilege', 'shell/escape', 'risky', 'Opens a shell by way of find');
    const target = paths[0] ?? '.';
    const named = c.argv[c.argv.findIndex((a) => /^-i?name$/.test(a)) + 1];
    const built =
      named !== undefined &&
      c.argv.some((a) => /^-i?name$/.test(a)) &&
      isMadeAgain(named, {}, true) &&
      /^(?:\.|\.\/[\w./-]*|[\w-][\w./-]*)$/.test(target);
    const found = built ? named : filtered ? `${target.replace(/\/+$/, '')}/${UNKNOWN}` : target;
    run.words(
      words.map((w) => (w.text.includes('{}') ? { ...w, text: w.text.replaceAll('{}', found), glob: false } : w)),
      { ...c, stdin: undefined },
    );
    i = end;
  }
  return undefined;
}

/** Programs that start other programs in ways that {@link peel} does not know. Undefined: not one of them. */
export function launch(c: Command, run: Run): Flow | undefined {
  const l = Object.hasOwn(LAUNCHERS, c.name) ? LAUNCHERS[c.name] : undefined;
  return l?.(c, run);
}
