/**
 * Shells that are handed to programs which are not there to start shells, whatever the program is. What an attacker could do here:
 * use any of hundreds of programs that run another one by an option, a script or a file of theirs. What stops it: the shell has to
 * be named somewhere, as a word, inside code, on the input, or in a file that the same line wrote; the list is of programs that may
 * name a shell, not of those that may not.
 */
import { resolvePath } from '../paths.js';
import type { Command, Run } from './command.js';

/** Programs for which the path of a shell is data, or whose own reader judges it. */
const MAY_NAME_A_SHELL = new Set(
  (
    'chsh useradd usermod adduser which whereis type command hash ls ll la exa eza stat file cat bat batcat head tail tac nl wc less more ldd ln readlink realpath basename dirname ' +
    'cp mv rm rmdir unlink mkdir touch chmod chown chgrp chattr setfacl getfacl echo printf grep egrep fgrep zgrep rg ag ack sed awk gawk mawk nawk find fd locate test [ [[ expr cut sort uniq tr ' +
    'dpkg dpkg-query dpkg-divert rpm apt apt-get apt-cache apt-file yum dnf pacman apk brew zypper pkg pkgutil snap flatpak nix nix-shell guix man info apropos whatis tldr help strings md5sum sha1sum sha256sum sha512sum cksum b2sum cmp diff du df nm objdump readelf patchelf otool size ' +
    'docker podman nerdctl buildah kubectl oc k3s k9s lxc incus crictl ctr docker-compose podman-compose devcontainer distrobox toolbox ssh autossh mosh et scp rsync sftp git gh hub svn cmake configure ./configure tee xxd od hexdump vim vi nvim nano emacs code subl micro ed ' +
    'dscl sysadminctl getent export set declare typeset local readonly alias unalias eval exec source . cd pushd shellcheck shfmt bats update-alternatives envsubst jq yq tar zip unzip cpio install xargs parallel pgrep pkill killall kill ps pidof lsof fuser pstree top htop trap ' +
    'python python2 python3 py pypy perl ruby node nodejs deno bun php lua powershell pwsh cmd wsl ansible ansible-playbook vagrant packer terraform su runuser sudo doas script at batch crontab time shebang notify-send logger wall write mail say osascript tmux screen byobu zellij heroku fly flyctl aws gcloud az systemctl loginctl machinectl supervisorctl npm npx yarn pnpm srun salloc bwrap firejail flatpak-spawn in-toto-run unshare systemd-nspawn apptainer singularity proot toolbox'
  ).split(' '),
);

/** The path of a shell by itself: `/bin/sh`, `/usr/bin/bash`. */
const SHELL_PATH = /(?:^|[\s"'`=({[;|&!<,:%])(?:\/usr(?:\/local)?)?\/bin\/(?:ba|z|da|k|a|c|tc|fi|mk)?sh(?![\w/.-])/;
/** `exec sh`, `system("sh")`, `!sh`, `spawn bash` in the code of any language. */
const SHELL_CALL =
  /\b(?:system|exec\w*|popen\w*|spawn\w*|callCommand|shell_exec|passthru|os\.execute|Command(?:\.new)?|Runtime\S*|ProcessBuilder|esyscmd|syscmd|sh)\s*[( ]\s*\[?\s*["'`](?:ba|z|da)?sh(?:\s+-\w+)?["'`]|(?:^|[\n;'"{])\s*!\s*(?:ba|z|da)?sh\b/;

/** Text that opens a shell when some program takes it as its own. */
export function spawnsShell(text: string): boolean {
  const body = text.replace(/^#!.*$/gm, '');
  return SHELL_PATH.test(body) || SHELL_CALL.test(body) || /^\s*(?:ba|z|da)?sh\s+-i?p?i\b/m.test(body);
}

/** Programs that take their input as commands of their own language. */
const READS_CODE =
  /^(?:m4|jjs|jrunscript|gdb|lldb|scanmem|jtag|tclsh\S*|wish|irb|pry|ghci?|runghc|lua\S*|R|Rscript|octave|gnuplot|gp|sqlite3|psql|mysql|mariadb|redis-cli|ftp|sftp|lftp|telnet|bc|dc|ed|ex|vim?|expect|julia|erl|iex|clisp|sbcl|guile|racket|swipl|node|deno|jshell|groovy(?:sh)?|scala|ksh93|elvish|nu|xonsh|cpan|mail|mailx|tasksh|nft|ipython\S*|crash|pdb|tex|latex|pdflatex|xetex|luatex)$/;

/** Notes when a shell is named to a program that has no business with one. */
export function handedShell(c: Command, run: Run): void {
  const text = c.stdin?.text;
  if (text !== undefined && text.length < 8192 && READS_CODE.test(c.name) && spawnsShell(text)) return opensShell(c, run);
  if (c.name === '' || MAY_NAME_A_SHELL.has(c.name) || c.argv.length === 0) return;
  for (const a of c.argv)
    if (!/^\w*SHELL=/.test(a) && a.length < 8192 && (SHELL_PATH.test(a) || SHELL_CALL.test(a))) return opensShell(c, run);
}

function opensShell(c: Command, run: Run): void {
  run.findings.risk('privilege', 'shell/escape', 'risky', `Hands a shell to ${c.name}`);
}

/** Programs that move or show a file, or build an image of it, without doing what stands in it. */
const ONLY_HANDLES =
  /^(?:cat|bat|echo|printf|ls|ll|stat|file|chmod|chown|touch|mkdir|cd|pushd|rm|mv|cp|ln|tee|git|head|tail|less|more|wc|grep|rg|diff|shellcheck|shfmt|vim?|nano|code|docker|podman|nerdctl|buildah|sed|awk|test|\[|\[\[|sha\d+sum|md5sum|tar|zip|gzip|scp|rsync|export|set|realpath|basename|dirname|mktemp|source|\.|kubectl|helm)$/;

/** Notes when a file that this line wrote, and that opens a shell, is given to a program as script, settings or folder. */
export function givenWritten(c: Command, run: Run): void {
  const files = c.scope.files;
  if (files.size === 0 || ONLY_HANDLES.test(c.name)) return;
  const place = run.place(c.scope);
  for (const [path, content] of files) {
    if (content.text === undefined || content.text.length > 16_384 || !spawnsShell(content.text)) continue;
    const folder = path.replace(/\/[^/]*$/, '');
    const names = (w: string): boolean => {
      const at = resolvePath(w.replace(/^(?:-[A-Za-z]|--?[\w-]+=|@|file:)/, ''), place);
      return at === path || (folder.length > 4 && (at === folder || at.startsWith(`${folder}/`)));
    };
    const taken =
      c.argv.some((a) => a.length < 400 && (names(a) || (a.length > 2 && resolvePath(a, place) === path))) ||
      [...c.env.values()].some((v) => v.text !== undefined && names(v.text)) ||
      (place.cwd !== undefined && c.scope.moved && resolvePath(place.cwd, { home: place.home }) === folder);
    if (taken) {
      run.findings.risk('privilege', 'shell/escape', 'risky', `Gives ${c.name} a file, just written, that opens a shell: ${path}`, path);
      return;
    }
  }
}

/** Tools of every Unix that nobody keeps a copy of in the working folder, except to run it with its owner's rights. */
const UNIX =
  /^(?:\[|ar|as|ash|awk|base32|base64|basename|basenc|bash|bc|busybox|capsh|cat|chgrp|chmod|choom|chown|chroot|cmp|column|comm|cp|cpio|csh|csplit|curl|cut|dash|date|dd|dialog|diff|dmesg|dmsetup|doas|ed|egrep|elvish|emacs|env|eqn|expand|expect|fgrep|file|find|fish|flock|fmt|fold|gawk|gcore|gdb|genisoimage|gimp|grep|gtester|gzip|hd|head|hexdump|highlight|iconv|install|ionice|ip|jjs|join|jq|ksh|ksshell|ld\.so|less|links|logsave|look|lua|m4|make|mawk|more|mosquitto|msgattrib|msgcat|msgconv|msgfilter|msgmerge|msguniq|mv|nano|nasm|nawk|nc|ncat|nft|nice|nl|nm|nmap|nohup|nsenter|od|openssl|openvpn|pandoc|paste|perf|perl|pexec|pg|php|pidstat|pr|ptx|python|python2|python3|rc|readelf|restic|rev|rlwrap|rsync|rtorrent|run-parts|rview|rvim|scanmem|sed|setarch|setfacl|setlock|sh|shuf|soelim|softlimit|sort|sqlite3|ssh-agent|ssh-keygen|ssh-keyscan|sshpass|start-stop-daemon|stdbuf|strace|strings|su|sudo|sysctl|systemctl|tac|tail|tar|taskset|tbl|tclsh|tee|terraform|tftp|tic|time|timeout|troff|ul|unexpand|uniq|unshare|unsquashfs|unzip|update-alternatives|uudecode|uuencode|vagrant|vi|view|vigr|vim|vimdiff|vipw|w3m|watch|wc|wget|whiptail|xargs|xdotool|xmodmap|xmore|xxd|xz|yash|zip|zsh|zsoelim|alpine|aria2c|arj|aspell|atobm|cpulimit|debugfs|dosbox|facter|efax|fping|ginsh|gp|hping3|iftop|julia|kubectl|lftp|latex|luatex|ldconfig|mtr|mysql|octave|pic|pico|posh|pry|psftp|ruby|slsh|socat|split|tdbtool|tmate|tex|tsc|varnishncsa|nroff|ispell|ascii-xfr|ascii85|ab|agetty|aa-exec|bridge|check_by_ssh|cowsay|crash|cupsfilter|dvips|finger|git|irb|node|npm|nginx|redcarpet|scp|screen|tcpdump|tshark|xelatex|xetex|pdftex|lualatex)$/;
/** Copies of these are kept in working folders on purpose: downloaded tools, wrappers of a build. */
const KEPT =
  /^(?:make|kubectl|terraform|node|npm|git|jq|run-parts|nginx|mysql|vagrant|tsc|test|install|check|start|restic|openvpn|julia|pandoc|busybox|redis|curl)$/;

/** `./find`: a program of the working folder that bears the name of a tool of the system. */
export function localTwin(head: string, run: Run): void {
  const m = /^\.\/([\w.[-]+)$/.exec(head);
  if (m && UNIX.test(m[1]!) && !KEPT.test(m[1]!))
    run.findings.risk(
      'execute',
      'shell/local-twin',
      'risky',
      `Runs ${head}, a program of this folder that bears the name of a tool of the system`,
      head,
    );
}

/** Readers that nobody needs the administrator's rights for, unless to read what is not theirs. */
const ROUNDABOUT =
  /^(?:alpine|ar|arj|as|ascii-xfr|ascii85|aspell|atobm|base32|base58|base64|basenc|basez|bc|cancel|column|comm|cpio|csplit|csvtool|cut|dc|dialog|dosbox|efax|eqn|espeak|expand|fmt|fold|fping|genisoimage|gimp|ginsh|grc|hd|highlight|iconv|ispell|join|links|look|lwp-request|lynx|m4|mail|msgattrib|msgcat|msgconv|msgfilter|msgmerge|msguniq|mutt|nasm|nl|nm|nroff|od|pandoc|paste|pdflatex|pdftex|latex|xelatex|lualatex|tex|pg|pic|pr|ptx|readelf|redcarpet|rev|shuf|soelim|split|tac|tbl|tic|troff|ul|unexpand|uniq|uudecode|uuencode|w3m|whiptail|xmodmap|xmore|xpad|xxd|zsoelim|hexdump|ab|check_\w+)$/;
/** Options by which programs, run by the administrator, show any file or run what a file says. */
const RAISED_OPTIONS: [RegExp, RegExp][] = [
  [/^(?:date|gdate)$/, /(?:^|\s)(?:-\w*f\b|--file)/],
  [/^file$/, /(?:^|\s)-\w*[fm]\b/],
  [/^(?:ss|mtr)$/, /(?:^|\s)(?:-\w*F\b|--filename)/],
  [/^(?:ssh-keyscan|arp|dig|nft|ldconfig|fping|dmsetup)$/, /(?:^|\s)-\w*f\b/],
  [/^nmap$/, /(?:^|\s)-i[LX]\b|-oG\s*=|--script|--datadir/],
  [/^wc$/, /--files0-from/],
  [/^(?:ip|tc|bridge)$/, /(?:^|\s)-b(?:atch)?\s/],
  [/^sysctl$/, /\/\.\.\/|core_pattern/],
  [/^(?:jq|yq)$/, /(?:^|\s)-\w*R/],
  [/^xargs$/, /(?:^|\s)(?:-a\b|--arg-file)/],
  [/^(?:curl|wget|lwp-download)$/, /file:\/\/|(?:^|\s)(?:-i\b|--input-file|--post-file|-K\b|--config)/],
  [/^(?:apache2|apache2ctl|httpd|nginx)$/, /(?:^|\s)(?:-f|-c|-C)\s/],
  [/^(?:sort|diff|cmp|strings|sqlite3|hexdump|dmidecode)$/, /(?:^|\s)(?:-m\b|--files0-from|-o\b|--line-format|--recursive|--dump-bin)/],
  [/^(?:bzip2|xz|gzip|zstd|lz4|brotli)$/, /(?:^|\s)-\w*[ct]\w*\b|--stdout/],
  [/^(?:mosh|mosh-server|sshpass|ssh|scp|sftp)$/, /--server=|-S\s|ProxyCommand/],
  [
    /^(?:ansible-test|torify|asterisk|pry|bee|terraform|tofu|volshell|scrapy|rails|bundle|bundler)$/,
    /(?:^|\s)(?:shell|-F|console|eval|-rx)\b/,
  ],
  [
    /^(?:mosquitto|suricata|rsyslogd|syslog-ng|varnishd|haproxy|redis-server|mongod|mysqld|named|dnsmasq|unbound|stunnel4?|openvpn|wg-quick)$/,
    /(?:^|\s)(?:-c|--config|-f|--conf-file|-C)[= ]\s*(?!\/(?:etc|usr)\/)\S/,
  ],
];

/** Programs from which a shell is one key away: under the administrator's rights each is a way to become one. */
const INTERACTIVE =
  /^(?:vim?|view|nvim|rvim|rview|vimdiff|ed|ex|nano|pico|emacs|less|more|most|man|pg|ftp|sftp|lftp|telnet|gdb|irb|pry|python[\d.]*|perl|ruby|lua|node|ghci?|tclsh|wish|scanmem|jtag|asterisk|elvish|mc|ranger|vifm|nnn|lynx|w3m|aptitude|dselect|psftp|mysql|psql|sqlite3|crash|nmap|jjs)$/;

/** Notes what the administrator's rights make dangerous: readers by a detour, programs that open shells. */
export function raised(c: Command, run: Run): void {
  if (!c.privileged) return;
  const operands = c.argv.filter((a) => !a.startsWith('-'));
  if (ROUNDABOUT.test(c.name) && (operands.length > 0 || c.argv.some((a) => /=@?\S/.test(a))))
    run.findings.risk(
      'privilege',
      'shell/raised-read',
      'risky',
      `Reads or writes files with the administrator's rights by way of ${c.name}`,
      operands[0],
    );
  else if (RAISED_OPTIONS.some(([name, options]) => name.test(c.name) && options.test(c.argv.join(' '))))
    run.findings.risk(
      'privilege',
      'shell/raised-read',
      'risky',
      `Lets ${c.name} read a file, or do what it says, with the administrator's rights`,
    );
  else if (
    /^(?:dpkg|rpm|dnf|yum|zypper|apt|apt-get|apk|pkg|pacman|snap|installer|opkg|flatpak|gdebi|emerge|port)$/.test(c.name) &&
    operands.some((o) => /(?:^|\/)[\w.+~-]+\.(?:deb|rpm|apk|txz|pkg|snap|ipk|flatpak|flatpakref|pkg\.tar\.\w+)$/.test(o)) &&
    /(?:^|\s)(?:-\w*[iU]\w*|install|localinstall|add|in|--install)(?:\s|$)/.test(c.argv.join(' '))
  )
    run.findings.risk(
      'foreign-package',
      'package/local',
      'risky',
      "Installs a package file, whose scripts run with the administrator's rights",
      operands.at(-1),
    );
  else if (
    INTERACTIVE.test(c.name) &&
    !c.argv.some((a) => /^(?:--version|-V|--help|-h)$/.test(a)) &&
    (c.stdin === undefined || c.argv.length === 0) &&
    (/^(?:vim?|view|nvim|rvim|rview|vimdiff|ed|ex|nano|pico|emacs|less|more|most|man|pg)$/.test(c.name) || c.argv.length === 0)
  )
    run.findings.risk(
      'privilege',
      'shell/raised-interactive',
      'risky',
      `Opens ${c.name} with the administrator's rights, from which a shell is one key away`,
      operands[0],
    );
}
