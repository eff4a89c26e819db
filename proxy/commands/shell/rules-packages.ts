import { hostOf, isRawAddress } from '../hosts.js';
import { resolvePath } from '../paths.js';
import type { Command, Run } from './command.js';
import { Options } from './command.js';
import type { RuleTable } from './rules.js';

const url = /^(?:https?|ftp|git\+\w+|git|ssh|hg\+\w+|svn\+\w+|file):/i;

function foreign(what: string, where: string, run: Run, level: 'risky' | 'notable' = 'risky'): void {
  run.findings.risk('foreign-package', 'package/foreign', level, `Installs ${what} from ${where}, not from the configured registry`, where);
}

function pip(c: Command, run: Run): void {
  let argv = c.argv;
  if (/^python|^py$/.test(c.name)) {
    const m = argv.indexOf('-m');
    if (m < 0 || !/^pip\d?$/.test(argv[m + 1] ?? '')) return;
    argv = argv.slice(m + 2);
  }
  if (c.name === 'uv') {
    if (argv[0] !== 'pip') return;
    argv = argv.slice(1);
  }
  const o = new Options(argv, [
    'i',
    'r',
    'f',
    'c',
    't',
    'e',
    'index-url',
    'extra-index-url',
    'requirement',
    'find-links',
    'constraint',
    'target',
    'editable',
    'trusted-host',
    'proxy',
    'platform',
    'only-binary',
    'prefix',
    'root',
  ]);
  const verb = o.operands[0];
  if (verb !== 'install' && verb !== 'download' && verb !== 'wheel') return;
  const index = o.value('i', 'index-url') ?? o.value('extra-index-url') ?? o.value('f', 'find-links');
  if (index !== undefined && /:\/\//.test(index)) foreign('packages', hostOf(index) ?? index, run);
  if (o.value('trusted-host') !== undefined)
    run.findings.risk('foreign-package', 'package/insecure', 'risky', 'Installs without checking the server');
  for (const p of [...o.operands.slice(1), ...o.all('e', 'editable')]) {
    if (url.test(p) || /@\s*(?:git\+|https?:)/.test(p)) foreign(p, hostOf(p.replace(/^.*@\s*/, '').replace(/^git\+/, '')) ?? p, run);
    else run.findings.fact('package', p);
  }
  const list = o.value('r', 'requirement');
  const listed = list === undefined ? undefined : c.scope.files.get(resolvePath(list, run.place(c.scope)))?.text;
  const elsewhere = /^\s*(?:--(?:extra-)?index-url|--find-links|-[if])[= ]\s*(\S+)/m.exec(listed ?? '')?.[1];
  if (elsewhere !== undefined && url.test(elsewhere) && !/(?:^|[/.])pypi\.org\b/.test(hostOf(elsewhere) ?? ''))
    foreign('packages of a list just written', hostOf(elsewhere) ?? elsewhere, run);
  if (list !== undefined && url.test(list)) foreign('a list of packages', hostOf(list) ?? list, run);
  if (o.has('break-system-packages')) run.findings.fact('package', undefined, 'into the system');
}

const npm: RuleTable[string] = (c, run) => {
  const o = new Options(c.argv, [
    'registry',
    'prefix',
    'w',
    'workspace',
    'C',
    'tag',
    'userconfig',
    'c',
    'call',
    'p',
    'package',
    'cwd',
    'filter',
  ]);
  const verb = o.operands[0] ?? '';
  const registry = o.value('registry');
  if (registry !== undefined && /^(?:i|install|add|in|exec|x|dlx|create|init|ci|update|up|)$/.test(verb))
    foreign('packages', hostOf(registry) ?? registry, run);
  if (/^(?:i|install|add|in|exec|x|dlx|create|init)$/.test(verb))
    for (const p of o.operands.slice(1)) {
      if (url.test(p) || /^(?:github|gitlab|bitbucket|gist):/.test(p) || /^[\w.-]+@(?:https?|git)/.test(p))
        foreign(p, hostOf(p.replace(/^git\+/, '')) ?? p, run, /^git(?:hub|lab)|gist|bitbucket/.test(p) ? 'notable' : 'risky');
      else run.findings.fact('package', p);
    }
  if (/^(?:publish|unpublish|deprecate|owner|access|token)$/.test(verb) && !c.argv.includes('--dry-run'))
    run.findings.risk(
      'admin',
      'package/publish',
      verb === 'unpublish' || (verb === 'token' && /^(?:create|revoke)$/.test(o.operands[1] ?? '')) ? 'risky' : 'notable',
      `Changes what is published: ${verb}`,
    );
  if (verb === 'config' && o.operands[1] === 'set' && /registry|strict-ssl|script-shell/.test(o.operands[2] ?? ''))
    run.findings.risk('foreign-package', 'package/registry', 'risky', `Changes where packages come from: ${o.operands[2]}`);
  const call = /^(?:exec|x)$/.test(verb) ? o.value('c', 'call') : undefined;
  if (call !== undefined) run.source(call, c.scope);
};

export const packageRules: RuleTable = {
  'pip pip2 pip3 python python2 python3 py uv pipx': pip,
  'npm npx pnpm yarn bun bunx pnpx': npm,
  'gem bundle': (c, run) => {
    const o = new Options(c.argv, ['source', 's', 'v', 'i']);
    const src = o.value('source', 's');
    if (src !== undefined && url.test(src) && !/rubygems\.org/.test(src) && /^(?:install|fetch|update|sources)$/.test(o.operands[0] ?? ''))
      foreign('packages', hostOf(src) ?? src, run);
    if (c.argv[0] === 'yank') run.findings.risk('admin', 'package/publish', 'risky', 'Takes a package back');
  },
  cargo: (c, run) => {
    if (c.argv[0] === 'yank') run.findings.risk('admin', 'package/publish', 'notable', 'Takes a package back');
    const git = new Options(c.argv, ['git', 'registry', 'index', 'path']).value('git', 'index');
    if (c.argv[0] === 'install' && git !== undefined) foreign('a program', hostOf(git) ?? git, run, 'notable');
  },
  'apt apt-get aptitude yum dnf zypper pacman apk brew port emerge xbps-install snap flatpak eopkg nix-env pkg rpm dpkg installer choco winget scoop':
    (c, run) => {
      const o = new Options(c.argv, c.name === 'pacman' ? [] : ['o', 't', 'c', 'option', 'root', 'X', 'repository', 'p']);
      const t = c.argv.join(' ');
      const f = run.findings;
      const words = o.operands;
      if (
        /(?:--allow-unauthenticated|--force-yes|--nogpgcheck|--no-gpg-checks|--allow-untrusted|--nosignature|--nodigest|AllowInsecureRepositories|--no-check-certificate|--force-all|--dangerous)/.test(
          t,
        )
      )
        f.risk('foreign-package', 'package/insecure', 'risky', 'Installs packages without checking who signed them');
      for (const w of words)
        if (
          /^(?:https?|ftp):\/\//.test(w) &&
          /^(?:install|add|localinstall|-U|-i|in|reinstall|update)|rpm|dpkg|pacman/.test(`${words[0]} ${c.name}`)
        )
          foreign(w, hostOf(w) ?? w, run, isRawAddress(w) || /^http:/.test(w) ? 'risky' : 'notable');
      const verb =
        c.name === 'pacman'
          ? /-R/.test(t)
            ? 'remove'
            : ''
          : c.name === 'dpkg'
            ? o.has('r', 'P', 'remove', 'purge')
              ? 'remove'
              : o.has('i', 'install')
                ? 'install'
                : ''
            : c.name === 'rpm'
              ? o.has('e', 'erase') && !o.has('q')
                ? 'remove'
                : ''
              : (words[0] ?? '');
      const names = c.name === 'dpkg' || c.name === 'rpm' || c.name === 'pacman' ? words : words.slice(1);
      if (/^(?:remove|purge|autoremove|erase|uninstall|del|rm|autopurge)$/.test(verb)) {
        const core = names.some((n) =>
          /^(?:sudo|systemd|libc6|glibc|bash|coreutils|linux-image.*|kernel.*|apt|dpkg|rpm|openssh-server|sshd|ufw|iptables|firewalld|auditd|apparmor|selinux.*|fail2ban|clamav|rsyslog|python3?|init|essential|\*|ubuntu-desktop|network-manager|grub.*|login|passwd|util-linux)$/.test(
            n,
          ),
        );
        f.risk(
          'delete',
          'package/remove',
          core || /--force-remove-essential|--nodeps|-Rdd|--allow-remove-essential/.test(t) ? 'risky' : 'notable',
          `Removes ${names.join(' ')}`,
        );
      }
      if (/(?:Pre-Invoke|Post-Invoke)/.test(t)) f.risk('privilege', 'shell/escape', 'risky', `Runs a program by an option of ${c.name}`);
      if (c.name === 'apt-get' && words[0] === 'source') return;
    },
  'add-apt-repository apt-add-repository yum-config-manager': (c, run) => {
    const what = c.argv.filter((a) => !a.startsWith('-'))[0];
    if (what !== undefined && !/^(?:-r|--remove)/.test(c.argv[0] ?? ''))
      run.findings.risk(
        'foreign-package',
        'package/repository',
        /^(?:ppa:|https:)|--(?:enable|disable)/.test(c.argv.join(' ')) ? 'notable' : 'risky',
        `Adds a source of packages: ${what}`,
        what,
      );
  },
  'apt-key rpmkeys': (c, run) => {
    if (/^(?:add|adv|--import)/.test(c.argv[0] ?? ''))
      run.findings.risk(
        'foreign-package',
        'package/key',
        c.stdin?.sources.has('net') ? 'risky' : 'notable',
        'Trusts another signer of packages',
      );
  },
  go: (c, run) => {
    if (/^(?:install|get|run)$/.test(c.argv[0] ?? ''))
      for (const p of c.argv.slice(1)) if (/\.\w+\//.test(p)) run.findings.fact('package', p);
  },
};
