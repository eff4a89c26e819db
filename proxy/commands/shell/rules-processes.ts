import { groundOf, isSecretFile, resolvePath } from '../paths.js';
import { type Command, Options, type Run } from './command.js';
import type { RuleTable } from './rules.js';

const memory = (run: Run, text: string): void => run.findings.risk('secret-read', 'shell/read-memory', 'risky', text);

/** Variables that make a program load code of another's choice. */
const LOADS =
  /^(?:LD_(?:PRELOAD|LIBRARY_PATH|AUDIT|DEBUG_OUTPUT)|DYLD_\w+|PYTHON(?:PATH|HOME|STARTUP|INSPECT)|PERL5(?:LIB|OPT|DB)|PERLLIB|RUBY(?:LIB|OPT)|NODE_(?:PATH|OPTIONS)|GCONV_PATH|LUA_(?:PATH|CPATH|INIT)|CLASSPATH|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|BASH_ENV|ENV|SHELLOPTS|PS4|GTK_MODULES|QT_PLUGIN_PATH|TCLLIBPATH|FACTERLIB|GIT_EXEC_PATH|OPENSSL_(?:CONF|ENGINES)|TERMINFO|IFS|PATH|PYTHONWARNINGS|BROWSER)$/;
/** Variables that name a program which is started. */
const STARTS =
  /^(?:[A-Z_]*PAGER|[A-Z_]*EDITOR|VISUAL|BROWSER|LESSOPEN|LESSCLOSE|SUDO_ASKPASS|SSH_ASKPASS|GIT_(?:SSH|ASKPASS|PROXY_COMMAND)|SHELL_?CMD|PROMPT_COMMAND|BASH_ENV|TAR_OPTIONS|RSYNC_RSH|CVS_RSH|MAKEFLAGS|GROFF_BIN_PATH|[A-Z_]*SHELL_COMMAND)$/;
const A_SHELL = /(?:^|[\s;|&`(!])(?:\/\S*bin\/)?(?:ba|z|da|k)?sh(?:\s+(?:-[pic]|0?<)|\s*$|[;"'])/;

/** What stands around a command: another name, foreign libraries, a time to run at. */
export function judgeWrappers(c: Command, via: readonly string[], run: Run, words: readonly string[]): void {
  const f = run.findings;
  if (via.includes('exec') || via.includes('env')) {
    const i = words.findIndex((w) => /^-[lc]*a$|^--argv0(?:=|$)/.test(w));
    if (i > 0 && words.slice(0, i).includes(words[i]!.startsWith('--') ? 'env' : 'exec'))
      f.risk('history', 'shell/masquerade', 'risky', `Runs a program under another name: ${words[i + 1] ?? ''}`);
  }
  if (words.includes('systemd-run') && words.some((w) => /^--(?:on-|timer-property)/.test(w)))
    f.risk('persistence', 'shell/schedule', 'risky', 'Schedules commands that run by themselves');
  if (
    words.some((w) =>
      /stratum\+(?:tcp|ssl|tls):|^(?:\S*\/)?(?:xmrig|cpuminer|minerd|ethminer|nbminer|t-rex|lolminer|cgminer|bfgminer|xmr-stak)\b/.test(w),
    ) ||
    (/miner/i.test(words.join(' ')) && words.includes('-o'))
  )
    if (!/^(?:echo|grep|rg|cat|git|ls|rm|pkill|killall|pgrep|printf)$/.test(words[0] ?? ''))
      f.risk('service', 'shell/miner', 'risky', 'Mines money on this machine');
  for (const [name, value] of c.env) {
    const text = value.text ?? '';
    if (LOADS.test(name) && text !== '' && c.privileged && !(name === 'PATH' && /^(?:\$PATH|\/usr|\/opt|\/s?bin|\uFFFC)/.test(text)))
      f.risk('privilege', 'shell/preload', 'risky', `Lets a program of the administrator load foreign code by ${name}`, name);
    else if (
      /^(?:LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|PYTHONPATH|PERL5LIB|NODE_PATH|GCONV_PATH|BASH_ENV)$/.test(name) &&
      /(?:^|:)\/(?:tmp|dev\/shm|var\/tmp)(?:\/|:|$)/.test(text)
    )
      f.risk('execute', 'shell/preload', 'risky', `Lets a program load code of a folder that everybody may write, by ${name}`, name);
    else if (STARTS.test(name) && (A_SHELL.test(text) || /^\/(?:tmp|dev\/shm)\/|\b(?:curl|wget|nc)\b/.test(text)))
      f.risk('privilege', 'shell/escape', 'risky', `Lets a program start another one by ${name}`, name);
  }
}

const debuggers: RuleTable[string] = (c, run) => {
  const t = c.argv.join(' ');
  if (
    /generate-core-file|\bgcore\b|dump (?:binary )?(?:memory|value)|process save-core|x\/\d+s/.test(t) &&
    /(?:^|\s)(?:-p|--pid|attach)\b/.test(t)
  )
    memory(run, 'Writes the memory of another process to a file');
  else if (/(?:^|\s)(?:-p|--pid)\b/.test(t) && /call|print|set |inject|dlopen|system|execl/.test(t))
    run.findings.risk('privilege', 'shell/inject', 'risky', 'Runs code inside another process');
};

const ALL_CONTAINERS = /^(?:kill|stop|rm|rmi|pause|restart|remove|rmp|stopp|rmpod)$/;
const found = (c: Command): boolean => c.args.some((a) => a.text.includes('\uFFFC') || a.sources.has('find'));

export const processRules: RuleTable = {
  'gdb lldb': debuggers,
  'strace ltrace dtruss ptrace': (c, run) => {
    if (c.argv.some((a) => /^-p|^--attach/.test(a)) && !c.argv.includes('-c')) memory(run, 'Watches what another process reads and writes');
  },
  'procdump procdump64 createdump pmap-dump avml lime memdump fridump frida frida-trace mimipenguin dumpit gcore': (c, run) => {
    if (c.argv.length > 0 && !c.argv.some((a) => /^(?:--help|-h|--version)$/.test(a)))
      memory(run, 'Writes the memory of a process to a file');
  },
  'docker podman nerdctl crictl ctr': (c, run) => {
    const words = c.argv.filter((a) => !a.startsWith('-'));
    const at = /^(?:container|image|pod|volume|compose)$/.test(words[0] ?? '') ? 1 : 0;
    const verb = words[at] ?? '';
    const o = new Options(c.argv);
    if (ALL_CONTAINERS.test(verb) && (found(c) || o.has('a', 'all')) && words[0] !== 'compose')
      run.findings.risk('delete', 'container/all', 'risky', `Stops or removes whichever containers or images there are: ${verb}`);
    else if (/^system reset|^machine (?:rm|reset)|^swarm leave/.test(words.slice(0, 2).join(' ')) && o.has('f', 'force'))
      run.findings.risk('delete', 'container/all', 'risky', `Removes everything of ${c.name}`);
  },
  'kubectl oc k': (c, run) => {
    const words = c.argv.filter((a) => !a.startsWith('-'));
    const t = c.argv.join(' ');
    const f = run.findings;
    if (words[0] === 'delete' && found(c) && !/--dry-run/.test(t))
      f.risk('admin', 'cluster/delete', 'risky', 'Deletes whatever it is given from the cluster');
    if (words[0] === 'port-forward' && /--address[= ](?:0\.0\.0\.0|::)/.test(t))
      f.risk('reverse-shell', 'network/listen', 'risky', 'Opens a service of the cluster to the network');
    if (words[0] === 'create' && words[1] === 'token')
      f.risk('secret-read', 'cluster/secrets', 'risky', 'Makes a token of a service account');
    if (words[0] === 'config' && words[1] === 'view' && /--raw/.test(t))
      f.risk('secret-read', 'cluster/secrets', 'risky', 'Prints the credentials of the cluster');
    if (
      /^(?:apply|create|replace)$/.test(words[0] ?? '') &&
      /(?:-f|--filename)[= ]?https?:\/\/\d+\.\d+\.\d+\.\d+|(?:-f|--filename)[= ]?http:/.test(t)
    )
      f.risk('foreign-package', 'cluster/apply-url', 'risky', 'Applies what an unnamed server sends');
    if (words[0] === 'cp' && words.slice(1).some((w) => isSecretFile(w.replace(/^[\w./-]+:/, ''))))
      f.risk('secret-read', 'shell/secret-copy', 'risky', 'Copies credentials between this machine and a container');
  },
  'nginx httpd apache2 lighttpd caddy': (c, run) => {
    const t = c.argv.join(' ');
    if (
      /(?:^|\s)(?:-c|-f|--config)\s*\S/.test(t) &&
      !/(?:^|\s)(?:-t|-T|validate|fmt)(?:\s|$)/.test(t) &&
      (/\s\/(?:tmp|dev\/shm)\//.test(` ${t}`) || c.privileged)
    )
      run.findings.risk('reverse-shell', 'network/serve', 'risky', `Starts ${c.name} with settings of a folder that everybody may write`);
  },
  'tar bsdtar cpio pax dump restore': (c, run) => {
    if (
      c.argv.some((a) => /^(?:-{1,2}\w*[fF]=?)?(?:[\w.-]+@)[\w.-]+:\S/.test(a)) &&
      c.argv.some((a) => /^-?\w*[cop]\w*f?$|^--create/.test(a))
    )
      run.findings.risk('network-send', 'network/upload', 'risky', 'Writes an archive on another machine');
  },
  'tar bsdtar unzip 7z cpio': (c, run) => {
    const at = c.argv.findIndex((a) => /^(?:-C|--directory|-d|-D)$/.test(a));
    const to = at >= 0 ? (c.argv[at + 1] ?? '') : (c.argv.find((a) => /^--directory=/.test(a))?.slice(12) ?? '');
    if (
      to !== '' &&
      ['root', 'system'].includes(groundOf(to, run.place(c.scope))) &&
      !/^\/(?:usr\/local|usr\/src|usr\/share)\b/.test(to) &&
      /(?:^|\s)(?:-?\w*x|--extract|-d)/.test(c.argv.join(' '))
    )
      run.findings.risk('overwrite', 'shell/write-system', 'risky', `Unpacks over the system: ${to}`, to);
  },
  'tmutil nvram': (c, run) => {
    if (/^(?:delete\w*|disable\w*|thinlocalsnapshots|removedestination|-c\b|-d\b)/.test(c.argv.join(' ')))
      run.findings.risk('delete', 'shell/backup-off', 'risky', 'Deletes backups or settings of this Mac');
  },
  'iptables ip6tables': (c, run) => {
    if (/-P\s+(?:INPUT|OUTPUT|FORWARD)\s+DROP/.test(c.argv.join(' ')))
      run.findings.risk('service', 'shell/firewall', 'risky', 'Cuts this machine off');
  },
  'wg-quick openvpn openconnect': (c, run) => {
    const place = run.place(c.scope);
    const given = c.argv.find(
      (a) => !a.startsWith('-') && (c.scope.files.has(resolvePath(a, place)) || /^(?:\.\/|\/tmp\/|\/dev\/shm\/)/.test(a)),
    );
    if (given !== undefined && c.argv[0] !== 'down')
      run.findings.risk('reverse-shell', 'network/tunnel', 'risky', `Joins this machine to another network by ${given}`, given);
  },
  'make gmake': (c, run) => {
    const o = new Options(c.argv, ['C', 'f', 'file', 'makefile', 'directory']);
    const place = run.place(c.scope);
    for (const name of [o.value('f', 'file', 'makefile'), 'Makefile', 'makefile', 'GNUmakefile']) {
      const text = name === undefined ? undefined : c.scope.files.get(resolvePath(name, place))?.text;
      if (
        text !== undefined &&
        (/(?:\$[({]MAKE[)}]|\bg?make\b)[^\n&|]*[&|]\s*(?:\$[({]MAKE[)}]|g?make\b)/.test(text) || /:\(\)\s*\{/.test(text))
      )
        run.findings.risk('service', 'shell/fork-bomb', 'catastrophic', 'Starts copies of itself without end until the machine stops');
    }
  },
  'kubectl oc k microk8s.kubectl k3s': (c, run) => {
    if (!/(?:^|\s)(?:apply|create|replace|run|patch)\s/.test(`${c.argv.join(' ')} `) || /--dry-run/.test(c.argv.join(' '))) return;
    const at = c.argv.flatMap((a, i) =>
      /^(?:-f|--filename)$/.test(a) ? [c.argv[i + 1] ?? ''] : (/^(?:-f|--filename=)(.+)/.exec(a)?.[1] ?? []),
    );
    const texts = [c.stdin?.text, ...at.map((a) => c.scope.files.get(resolvePath(a, run.place(c.scope)))?.text)];
    for (const t of texts)
      if (
        t !== undefined &&
        /["']?(?:privileged|hostNetwork|hostPID|hostIPC)["']?\s*:\s*["']?true|["']?hostPath["']?\s*:\s*\{?\s*["']?path["']?\s*:\s*["']?\/(?:["'\s}]|etc|root|var\/run|var\/lib|proc|sys|home|boot|$)|\bcluster-admin\b/m.test(
          t,
        )
      )
        run.findings.risk(
          'privilege',
          'cluster/host',
          'risky',
          'Starts something in the cluster that holds the machine, or gives all rights',
        );
  },
  nmcli: (c, run) => {
    if (/^(?:networking|radio\s+\w+)\s+off|^(?:connection|con|c|device|dev|d)\s+(?:delete|del)/.test(c.argv.join(' ')))
      run.findings.risk('service', 'network/interface', 'risky', 'Cuts or changes the network of this machine');
  },
  enable: (c, run) => {
    if (c.argv.some((a) => /^-\w*f/.test(a))) run.findings.risk('execute', 'shell/load-library', 'risky', 'Loads a library into the shell');
  },
  trap: (c, run) => {
    if (c.argv.slice(1).includes('DEBUG') || /^\/(?:tmp|dev\/shm)\//.test(c.argv[0] ?? ''))
      run.findings.risk('persistence', 'shell/trap', 'risky', 'Lets the shell run something at every command or at its end');
  },
  mount: (c, run) => {
    const target = c.argv.filter((a) => !a.startsWith('-')).at(-1) ?? '';
    if (
      c.argv.length > 1 &&
      ['system', 'root', 'home'].includes(groundOf(target, run.place(c.scope))) &&
      /\btmpfs\b|\boverlay\b/.test(c.argv.join(' ')) &&
      !/^\/(?:run|sys|proc)\b/.test(target)
    )
      run.findings.risk('overwrite', 'shell/bind-mount', 'risky', `Hides the files of ${target}`, target);
  },
  getcap: (c, run) => {
    if (c.argv.some((a) => /^-\w*r/.test(a)) && c.argv.some((a) => groundOf(a, run.place(c.scope)) === 'root'))
      run.findings.risk('privilege', 'shell/search-suid', 'risky', 'Looks for programs that run with raised rights');
  },
  tccutil: (c, run) => {
    if (/^(?:reset|insert|-)/.test(c.argv[0] ?? ''))
      run.findings.risk('service', 'shell/security-off', 'risky', 'Changes what programs of this Mac may reach');
  },
  sqlite3: (c, run) => {
    if (/TCC\.db/.test(c.argv.join(' ')))
      run.findings.risk('service', 'shell/security-off', 'risky', 'Reads or changes what programs of this Mac may reach');
  },
  script: (c, run) => {
    if (c.argv.includes('/dev/null') && !c.argv.some((a) => /^-\w*c|^--command/.test(a)))
      run.findings.risk('privilege', 'shell/escape', 'risky', 'Opens a terminal of its own');
  },
  git: (c, run) => {
    if (c.argv.some((a) => /^--exec-path=./.test(a)) && c.argv.some((a) => !a.startsWith('-')))
      run.findings.risk('execute', 'git/config-run', 'risky', 'Lets git take its programs from another folder');
  },
  'm4 gm4': (c, run) => {
    if (/syscmd\s*\(/.test(`${c.argv.join(' ')} ${c.stdin?.text ?? ''}`))
      run.findings.risk('privilege', 'shell/escape', 'risky', 'Lets m4 run a command');
  },
  'curl openssl mysql mariadb psql ssh-add ssh-keygen pkcs11-tool p11tool': (c, run) => {
    if (/(?:^|\s)--?(?:engine|default-auth|plugin-dir|provider-path|provider)[= ]\S*(?:\/|\.so|\.dylib|\.dll)/.test(c.argv.join(' ')))
      run.findings.risk('execute', 'shell/load-library', 'risky', `Loads a library into ${c.name}`);
  },
  'code code-insiders cursor': (c, run) => {
    if (c.argv[0] === 'tunnel' && !/^(?:status|kill|prune|restart|help|user|unregister)$/.test(c.argv[1] ?? ''))
      run.findings.risk('reverse-shell', 'network/tunnel', 'risky', 'Opens a way into this machine from the internet');
  },
  'cpio nroff groff dhclient dhclient-script pppd openvt plymouth start-stop-daemon socket gtester check_ssl_cert logrotate-script zic ssh-agent':
    (c, run) => {
      const t = c.argv.join(' ');
      if (
        /--rsh-command|(?:^|\s)-sf\s|--command[= ]|--curl-bin|(?:^|\s)-\w*p\w*\s+\S*sh\b|(?:^|\s)-y\s|^\/(?:usr\/)?bin\/?(?:\s|$)|connect\s/.test(
          t,
        ) ||
        (c.name === 'openvt' && c.argv.length > 0)
      )
        run.findings.risk('privilege', 'shell/escape', 'risky', `Lets ${c.name} run another program`);
    },
  'pgrep pidof': (c, run) => {
    if (
      /falcon|crowdstrike|osquery|wazuh|ossec|auditd|clam|sysmon|defender|snort|suricata|fail2ban|sallyport|mdatp|sentinel|carbonblack|cbagent|xagt|elastic-agent|filebeat|auditbeat/i.test(
        c.argv.join(' '),
      )
    )
      run.findings.fact('guard-process', c.argv.at(-1));
  },
  kill: (c, run) => {
    if (c.args.some((a) => a.text.includes('\uFFFC')) && run.findings.facts.some((x) => x.kind === 'guard-process'))
      run.findings.risk('service', 'shell/kill-service', 'risky', 'Kills a guard of this machine');
  },
};
