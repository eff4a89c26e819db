/**
 * What can be said of any program, known or not: where an option or an operand makes it write, which of its words destroy, what it is
 * handed that names no target. What an attacker could do here: use a tool that no table lists. What stops it: these rules look at
 * words and places, not at the program's name.
 */

import { isRawAddress } from '../hosts.js';
import { groundOf, isAuthorityFile, isCertainSecret, isPersistenceFile, resolvePath, UNKNOWN } from '../paths.js';
import { readSql } from '../sql/read.js';
import type { Command, Run } from './command.js';
import { SILENT } from './flow.js';
import { RULES } from './rules.js';
import { inTables } from './table.js';

const OUTPUT =
  /^(?:-o|-O|-d|-C|--out|--output|--output-?(?:file|dir|path|document)|--out-?(?:file|dir)|--dest|--destination|--target-?(?:dir|directory|path)?|--save|--save-to|--write|--write-to|--export|--dump|--log-?file|--logfile|--extract-to|--directory|--install-?dir|--prefix|--to|--root)$/;

/** Programs whose operands after the first, or whose last one, are written. */
const LAST_IS_WRITTEN = new Set('sponge ditto pax gcp xcopy dcfldd rsyncy gunzip vipe ex-write mktemp-at symlink link'.split(' '));

/** Programs for which the option letters above mean something else, or which are judged by their own rule. */
const OWN_MEANING = new Set(
  'ps ls find fd grep rg sort cut date stat df du test ssh scp sftp mount umount docker podman kubectl helm git curl wget useradd usermod groupadd ip chown chmod id top lsof ping nmap dig base64 xxd tr paste id last w who free join comm diff make cmake ninja pip npm cargo go gcc g++ cc clang ld as nasm tsc javac rustc python python3 node perl ruby php'.split(
    ' ',
  ),
);

const STRONG =
  /^-{0,2}(?:[\w-]+[:.])?(?:destroy|destroy[-_]?all|nuke|wipe|wipe[-_]?(?:all|disk|data|out)|purge|purge[-_]?all|obliterate|erase|erase[-_]?(?:all|disk)|terminate|decommission|factory[-_]?reset|delete[-_]?(?:all|everything|forever)|drop[-_]?(?:all|database|db|table)|remove[-_]?all|reset[-_]?all|clear[-_]?all|kill[-_]?all|deprovision|tear[-_]?down|self[-_]?destruct|shred|zeroi[sz]e|force[-_](?:delete|remove|destroy|reset)|no[-_]preserve[-_]root|hard[-_]delete|rm[-_]rf)$/i;
const WEAK =
  /^(?:[\w-]+[:.])?(?:delete|remove|rm|del|drop|reset|revoke|disable|uninstall|flush|clear|truncate|stop|shutdown|deregister|unregister|detach|evict|expire|rollback|deactivate|suspend|clean|prune|overwrite|delete-\w+|remove-\w+|rm-\w+|drop-\w+)$/i;
const PUSHED =
  /^(?:-f|-y|-rf|-fr|-fy|--force|--yes|--assume-yes|--all|--recursive|--cascade|--no-(?:prompt|confirm\w*|input|interaction|backup|preserve|dry-run)|--noconfirm|--confirm|--hard|--i-know\S*|--really\S*|--permanent(?:ly)?|--skip-confirm\w*|--auto-approve|--non-interactive|--quiet-force|--purge|--everything|--include-data|--delete-data|(?:--?\w+[= ])?(?:prod|production|live)|\*)$/i;
/** Commands named like functions: `DeleteKeyspace`, `dropDatabase`. */
const CAMEL = /^(?:[Dd]elete|[Dd]rop|[Dd]estroy|[Tt]erminate|[Pp]urge|[Ww]ipe|[Tt]runcate|[Ff]lush|[Ee]rase)[A-Z][a-z]\w*$/;
/** Programs that ask nobody, or whose words are data, not orders. */
const WORDS_ARE_DATA = new Set(
  'echo printf cat grep egrep fgrep rg ag ack sed awk gawk man info tldr help which type apropos whatis less more head tail ls stat file test [ [[ expr true false : sleep cd pushd popd export set local read shift return exit break continue let wait seq basename dirname realpath readlink wc sort uniq cut tr jq yq diff comm cmp touch mkdir vim vi nano emacs code say notify-send figlet cowsay banner espeak spell aspell look dict trans gpt llm ollama aichat claude codex gemini git hub gh make just task npm yarn pnpm bun npx node python python3 ruby perl php java go cargo rustup dotnet mvn gradle docker-compose tmux screen zellij zoxide autojump bind stty tput clear reset alias unalias source . eval exec command builtin logger rlwrap time pytest jest mocha vitest cypress playwright eslint prettier tsc webpack vite rollup babel nx turbo lerna nodemon bats expect open xdg-open start systemd-analyze busctl dbus-send qdbus gsettings dconf defaults dpkg apt apt-get apt-cache dnf yum pacman brew zypper apk snap flatpak pip pip3 conda mamba gem bundle composer poetry uv cpan luarocks opam nix nix-env guix port pkg emerge winget choco scoop asdf mise nvm pyenv rbenv sdk volta fnm'.split(
    ' ',
  ),
);

/** Deletions in the code of editors and languages that have no reader of their own, beside a place that matters. */
const CODE_DELETES =
  /\(delete-(?:directory|file)\s|\bfile\s+delete\b|\bdelete-tree\b|\bremove-directory\b|\brm\([^)]*recursive|\bunlink\b|\brm_rf\b|\brmtree\b|\bremoveRecursive|\bdeleteRecurs/i;
const PLACE_THAT_MATTERS =
  /(?:^|[\s"'(<`])(?:~|\/(?:etc|home|root|usr|var|bin|lib|boot|srv|opt|Users|data)?)(?:\/[^\s"')>`]*)?(?=$|[\s"')>`])/;
/** `%d` and the like: an editor empties the whole file and writes it. */
const EDITOR_EMPTIES = /(?:^|[\s:|"'])(?:%|1,\$)d(?:elete)?(?:[\s|"']|$)/;

function carriesCode(c: Command, run: Run): void {
  const code = `${c.argv.join(' ')} ${c.stdin?.text ?? ''}`;
  if (code.length < 6 || code.length > 8192) return;
  if (/^(?:n?vim?|ex|ed|vi|gvim)$/.test(c.name) && EDITOR_EMPTIES.test(code) && /w|x|\+/.test(code))
    run.findings.risk('overwrite', 'shell/truncate', 'risky', 'Empties a file by an editor');
  if (!WORDS_ARE_DATA.has(c.name) || /^(?:emacs|vim?|nvim|perl|ruby)$/.test(c.name))
    if (CODE_DELETES.test(code) && PLACE_THAT_MATTERS.test(code) && /[({;]|\bdelete\b/.test(code))
      run.findings.risk('delete', 'code/delete-tree', 'risky', `Deletes files by code of ${c.name}`);
}

const SQL_WORDS =
  /^\s*(?:(?:begin|set\s+\w+[^;]*);\s*)?(?:drop\s+(?:table|database|schema|user|role|view|index|keyspace|owned|collection)|truncate\s+(?:table\s+)?\w|delete\s+from\s+\w|update\s+\S+\s+set\s|alter\s+(?:table|user|role|system|database)\s|grant\s+\w+.*\bto\b|revoke\s+\w+.*\bfrom\b|create\s+(?:user|role|login)\s)/i;

/** SQL that a program is handed as a word, whatever the program (`heroku pg:psql -c 'truncate users'`). */
function carriesSql(c: Command, run: Run): void {
  if (WORDS_ARE_DATA.has(c.name) && !/^(?:npx|npm|pnpm|yarn|bun|bundle|uv|poetry|docker-compose)$/.test(c.name)) return;
  for (const a of c.argv) if (a.length > 8 && a.length < 4096 && SQL_WORDS.test(a)) readSql(a, run.findings);
}

/** Programs for which what they are fed are orders, though they are no shells. */
const FED_ORDERS =
  /^(?:g?make|psql|mysql|mariadb|sqlite3|mongosh|mongo|redis-cli|cqlsh|sqlcmd|clickhouse-client|duckdb|at|batch|crontab|gdb|lldb|R|Rscript|octave|julia|lua\d?|tclsh|expect|gnuplot|vim|nvim|ed|ex|emacs|jq|ansible-playbook|iptables-restore|nft|pfctl|debconf-set-selections|chpasswd|newusers|visudo|apt-key|gpg|update-ca-certificates|docker|podman|helm|terraform|sftp|ftp|lftp)$/;

/** Orders that come from the network, or that nobody sees and that go to a database in use. */
function fedOrders(c: Command, run: Run): void {
  if (!c.stdin || !FED_ORDERS.test(c.name)) return;
  const t = c.argv.join(' ');
  const host = /(?:^|\s)(?:-h\s*|--host[= ])(\S+)/.exec(t)?.[1] ?? /\w+:\/\/(?:[^@\s]*@)?([\w.-]+)/.exec(t)?.[1];
  if (host !== undefined && isRawAddress(host) && c.stdin.text === undefined && /sql|mongo|redis|duckdb/.test(c.name))
    run.findings.risk('network-send', 'network/upload', 'risky', `Sends data to ${host}`, host);
  if (c.stdin.sources.has('net') && !/^(?:jq|gpg|docker|podman|helm)$/.test(c.name))
    run.findings.risk('download-run', 'shell/download-run', 'risky', `Gives what it downloads to ${c.name} as orders`);
  if (
    c.stdin.text === undefined &&
    c.stdin.sources.has('file') &&
    /\b(?:prod|production|live|master)\b/i.test(t) &&
    /sql|mongo|redis|duckdb/.test(c.name)
  )
    run.findings.risk('admin', 'database/unseen', 'risky', `Gives a file that cannot be seen here to a database in use: ${t.slice(0, 80)}`);
}

/** Judges a command by what is true of every program. */
export function anyProgram(c: Command, run: Run): void {
  fedOrders(c, run);
  carriesSql(c, run);
  carriesCode(c, run);
  if (c.argv.length === 0) return;
  writesByOption(c, run);
  const known = RULES.has(c.name) || inTables(c.name);
  if (!known && !WORDS_ARE_DATA.has(c.name)) destroysByWord(c, run);
}

function writesByOption(c: Command, run: Run): void {
  const place = run.place(c.scope);
  const own = OWN_MEANING.has(c.name);
  const judge = (path: string): void => {
    if (path.length > 300 || !/^[~/]|^\.\.?\/|\//.test(path) || /^\w+:\/\/|^\/dev\//.test(path)) return;
    if (
      isPersistenceFile(path, place) ||
      isAuthorityFile(path, place) ||
      isCertainSecret(path, place) ||
      ['system', 'root', 'home'].includes(groundOf(path, place))
    )
      run.write(path, SILENT, c, false);
  };
  if (!own)
    for (let i = 0; i < c.argv.length; i++) {
      const a = c.argv[i]!;
      const eq = a.startsWith('--') ? a.indexOf('=') : -1;
      if (eq > 0) {
        if (OUTPUT.test(a.slice(0, eq))) judge(a.slice(eq + 1));
      } else if (OUTPUT.test(a) && (a.length > 2 || !/^-[dC]$/.test(a) || EXTRACTS.has(c.name))) {
        const next = c.argv[i + 1];
        if (next !== undefined && !next.startsWith('-')) judge(next);
      }
    }
  if (LAST_IS_WRITTEN.has(c.name)) {
    const last = c.argv.filter((a) => !a.startsWith('-')).at(-1);
    if (last !== undefined) judge(last);
  }
  if (EXTRACTS.has(c.name)) extracts(c, run, place);
}

const EXTRACTS = new Set('unzip tar bsdtar gtar cpio 7z 7za 7zz unrar unar ar bsdcpio star pax jar dtrx atool patool'.split(' '));

/** Archives that unpack over the system or the home folder, or may climb out of where they are unpacked. */
function extracts(c: Command, run: Run, place: ReturnType<Run['place']>): void {
  const t = ` ${c.argv.join(' ')} `;
  const unpacks = c.name === 'unzip' || /\s-?\w*x\w*\s|--extract|--get|\s-\w*i\w*\s/.test(t);
  if (!unpacks || /\s-(?:l|t|Z|v)\s/.test(t)) return;
  if (/--absolute-names|\s-\w*P\w*\s|--absolute-filenames|\s-:\s|--unsafe-links|--keep-directory-symlink/.test(t) && c.name !== 'unzip')
    run.findings.risk('overwrite', 'shell/extract-anywhere', 'risky', 'Unpacks files to wherever the archive says');
  const cwd = c.scope.cwd;
  if (c.scope.moved && cwd !== undefined && !/\s(?:-C|-d|--directory)/.test(t) && ['root', 'system'].includes(groundOf(cwd, place)))
    run.findings.risk('overwrite', 'shell/write-system', 'risky', `Unpacks files over ${resolvePath(cwd, place)}`);
}

function destroysByWord(c: Command, run: Run): void {
  if (c.argv.some((a, i) => a === '--help' || a === '--dry-run' || (i === 0 && /^(?:-h|help|--version|-V)$/.test(a)))) return;
  const early = c.argv.slice(0, 8);
  const strong = early.find((a, i) => (i < 3 ? STRONG.test(a) || CAMEL.test(a) : a.startsWith('-') && STRONG.test(a)));
  const verb = early.findIndex((a, i) => WEAK.test(a) && i < 4 && !a.startsWith('-'));
  const pushed = verb >= 0 && c.argv.some((a) => PUSHED.test(a));
  const nameless = verb >= 0 && c.args.some((a, i) => i > verb && a.text.includes(UNKNOWN) && a.sources.size > 0);
  if (strong !== undefined || pushed || nameless)
    run.findings.risk(
      'delete',
      'shell/destroys',
      'risky',
      `Destroys or takes away: ${c.name} ${c.argv.slice(0, 5).join(' ').slice(0, 100)}`,
      c.name,
    );
}
