import type { Command, Run } from './command.js';

/** A shell as a word of its own. */
const ANY_SHELL = /(?:^|[\s/'"=])(?:ba|z|da|k|c|a)?sh(?=$|[\s'";])/;

/**
 * Which programs can be made to open a shell, run a command or read and write any file by an option or a script of their own.
 * An own table, from the manuals of the programs: name → what in the arguments (or the input) does it.
 */
const ESCAPES: [string, RegExp][] = [
  [
    'vim vi nvim view ex rvim vimdiff gvim ed nano pico emacs',
    /(?:^|[\s:'"-])(?::?!|:?set shell|:?shell\b|:?(?:py3?|python3?|lua|perl|ruby) |:?term\b)|--cmd\s+.*!|system\(|(?:^|\s)-s\s+\/bin\/\w*sh|(?:^|\n)!|execute-kbd|\bshell-command\b|\(term\b|--eval\b.*(?:term|shell)/,
  ],
  ['less more most man pg view info', /(?:^|\s)!\S*sh|\|!\s|-P\s*\S*sh/],
  [
    'tar bsdtar star',
    /--checkpoint-action=?\s*(?:exec)|--to-command|--use-compress-program|(?:^|\s)-\w*I\s*['"]?\S*(?:sh\b|\/)|--rsh-command|--new-volume-script|--info-script|(?:^|\s)-F\s/,
  ],
  ['zip', /(?:^|\s)-\w*TT|--unzip-command/],
  ['rsync', /(?:-e|--rsh)[= ]?['"]?\S*sh\b(?!\s+-[ip]\b)/],
  ['make gmake bmake ninja rake', /--eval|(?:^|\s)-s.*\$\(shell/],
  ['gdb lldb', /(?:^|[\s'"])!|\bshell\b|\bpython\b|platform shell/],
  ['nmap', /--interactive|--script/],
  ['tcpdump', /(?:^|\s)-z\s/],
  ['crash psftp ftp sftp', /(?:^|\n|\s)!\s*\S*sh/],
  ['mysql mariadb psql sqlite3', /\\!|\.shell|\.system|(?:^|\s)-e\s*'?system/],
  ['php', /(?:system|exec|passthru|popen|proc_open|pcntl_exec|shell_exec)\s*\(/],
  ['git', /(?:^|\s)-p\b.*help|PAGER=.*sh|\bhelp\b.*!/],
  ['screen tmux byobu', /(?:^|\s)(?:-c|new-session|new|-x)\s+\S*sh\b/],
  ['expect', /\bspawn\b/],
  ['julia', /run\(|`/],
  ['jrunscript jjs', /exec\(/],
  ['irb pry', /^exec/],
  ['cpan', /!|exec/],
  ['run-mailcap', /--action=?['"]?(?:!|.*;)/],
  ['start-stop-daemon', /(?:-x|--exec)\s*\S*sh\b/],
  ['ld.so ld-linux.so.2 ld-linux-x86-64.so.2', ANY_SHELL],
  ['c89 c99 gcc g++ cc clang', /-wrapper\s/],
  ['cmake ctest cpack', /-E\s+\S*env\s+.*sh\b/],
  ['dotnet', /\bfsi\b/],
  ['composer', /run-script|--working-dir.*/],
  ['bundle bundler', /exec\s+\S*sh\b|help|console/],
  ['npm pnpm yarn', /exec\s+\S*\/?sh\b/],
  ['mawk gawk awk nawk', /system\s*\(|\|\s*"?\S*sh|\|&|\/inet\/|getline/],
  ['sed gsed', /(?:^|[\s'";}\d/])e\s+\S*(?:sh|exec)|\/e\b\s*$|s(.).*\1.*\1[gip]*e|(?:^|\s)\d*e\s/],
  ['apt apt-get', /(?:Pre|Post)-Invoke|changelog/],
  ['dpkg rpm', /--eval.*(?:os\.|execute)|--pipe/],
  ['yum dnf', /--enableplugin|--plugin|-c\s*\S*\/tmp|loadplugin/],
  ['docker podman', /-v\s*\/:|--privileged.*nsenter/],
  ['ssh', /ProxyCommand|LocalCommand|PermitLocalCommand/],
  ['openvpn', /--up\s|--route-up|--script-security/],
  ['wall write', /--nobanner\s+\S/],
  ['mail mailx', /--exec|!\S*sh/],
  ['pdb pdb3', /\S/],
  ['genie', /-c\s/],
  ['ghc ghci', /-e\s/],
  ['gimp', /batch-interpreter=python|-b\s/],
  ['ginsh gp', /!|system\(/],
  ['msgfilter', /(?:^|\s)\S*sh\b/],
  ['nawk', /system/],
  ['octave', /system\(/],
  ['pry', /system/],
  ['rview', /:/],
  ['socat', /exec:/i],
  ['split', /--filter/],
  ['sqlmap', /--eval/],
  ['tasksh taskwarrior task', /(?:^|\s)(?:!|execute)\s/],
  ['tdbtool', /!\s/],
  ['tclsh wish', /exec/],
  ['wget', /--use-askpass/],
  ['wine', /cmd/],
  ['xelatex pdflatex latex lualatex', /shell-escape|write18|directlua|immediate/],
  ['xargs', /(?:^|\s)-a\s*\/dev\/null\s+\S*sh\b|(?:-Ix|-I\s*\S+)\s+\S*sh\b/],
  ['zathura', /:!\s/],
  ['pexec', ANY_SHELL],
  ['puppet', /apply\s+-e|exec/],
  ['ansible-test ansible-playbook', /shell\b.*\bsh\b/],
  ['check_by_ssh check_cups', /ProxyCommand|--extra-opts/],
  ['cobc', /-x/],
  ['cowsay cowthink', /(?:^|\s)-f\s*\S*[/.$]/],
  ['dc bc', /!/],
  ['eb', /logs/],
  ['facter', /--custom-dir|FACTERLIB/],
  ['hping3', /exec/],
  ['knife chef', /exec\s+-E/],
  ['ksshell', /-i\s/],
  ['logsave', ANY_SHELL],
  ['ltrace strace', ANY_SHELL],
  ['neofetch', /--config/],
  ['nohup', ANY_SHELL],
  ['pkexec', ANY_SHELL],
  ['rc', /-c/],
  ['restic', /--password-command|rest:http/],
  ['rpmquery', /--eval/],
  ['rpmdb', /--eval/],
  ['rpmverify', /--eval/],
  ['scanmem', /shell/],
  ['service', /\.\.\//],
  ['slsh', /-e/],
  ['sshpass', ANY_SHELL],
  ['sysctl', /kernel\.core_pattern|-n.*\|/],
  ['systemd-resolve systemd-run', /-S\b|-t\s.*sh|--pty/],
  ['varnishncsa', /-g/],
  ['volatility', /\bvolshell\b/],
  ['xdotool', /exec/],
  ['yelp', /man:/],
  ['aria2c', /--on-\w+-(?:complete|error|start)/],
  ['at', ANY_SHELL],
  ['bpftrace', /system|-c\s/],
  ['busctl', /--address=unixexec/],
  ['capsh', /--|(?:^|\s)-c/],
  ['cdist', /shell/],
  ['choom', ANY_SHELL],
  ['distcc', ANY_SHELL],
  ['enscript', /-I\s/],
  ['flock', ANY_SHELL],
  ['gem', /open\s+-e|--?exec|help/],
  ['gcore', /./],
  ['hg', /alias\.|--config/],
  ['latexmk', /-e\s|-latex=/],
  ['lftp', /!\S*sh|-c\s*.!/],
  ['ionice', ANY_SHELL],
  ['jtag', /shell/],
  ['lualatex', /os\.execute/],
  ['mount', /-o\s*bind\s+\S*sh\b/],
  ['mtr', /--raw\s+-F/],
  ['multitime', ANY_SHELL],
  ['nsenter', ANY_SHELL],
  ['perlbug', /-e\s/],
  ['pidstat', /-e\s/],
  ['pip', /install\s+\$TF/],
  ['rake', /-p\s/],
  ['run-parts', /--new-session|--regex/],
  ['sg', /-c/],
  ['tex pdftex', /write18|shell-escape/],
  ['unshare', ANY_SHELL],
  ['watch', ANY_SHELL],
];

const MAP = new Map<string, RegExp[]>();
for (const [names, re] of ESCAPES)
  for (const n of names.split(' ')) {
    const known = MAP.get(n);
    if (known) known.push(re);
    else MAP.set(n, [re]);
  }

/** Notes when a program is made to open a shell or run a command from inside. */
export function shellEscape(c: Command, run: Run): void {
  const patterns = MAP.get(c.name);
  if (!patterns) return;
  const args = c.argv.join(' ');
  if (c.privileged && args === '' && /^(?:tmux|screen|byobu|mc|ranger|vifm)$/.test(c.name)) {
    run.findings.risk('privilege', 'shell/root-shell', 'risky', 'Opens a shell of the administrator');
    return;
  }
  const input = c.stdin?.text;
  if (args === '' && input === undefined) return;
  for (const re of patterns) {
    if (
      (args !== '' && re.test(args)) ||
      (input !== undefined &&
        input.length < 4096 &&
        re.test(input) &&
        /^(?:vim?|ed|gdb|ftp|sftp|mysql|psql|sqlite3|dc|bc|mail|lftp|tdbtool|expect)$/.test(c.name))
    ) {
      run.findings.risk('privilege', 'shell/escape', 'risky', `Lets ${c.name} run another program`);
      return;
    }
  }
}
