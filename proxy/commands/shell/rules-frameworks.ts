import { hostOf } from '../hosts.js';
import type { Command, Run } from './command.js';
import type { RuleTable } from './rules.js';

/** `db:drop`, `migrate reset`, `schema:drop`, `database drop` … as frameworks and their tools spell it. */
const EMPTIES =
  /(?:^|[\s:./-])(?:db|database|schema|ecto|doctrine:(?:database|schema)|migrations?|migrate|datastore|sql|firestore|keyspace)(?:[:\s._-]+(?:\w+:)?)(?:drop|drop-all|drop_all|reset|wipe|fresh|flush|purge|nuke|truncate|destroy|clean|zero|delete|unmigrate)(?=$|[\s:_])|(?:^|\s)(?:flush|reset_db|sqlflush|reset-all|drop-all|sql-drop|truncate_all|clean_all|clear_all)(?=$|\s)|--force-reset|--accept-data-loss/i;

/** Tools of which any verb of {@link EMPTIES} empties or drops a database. */
const framework = (c: Command, run: Run): void => {
  const t = ` ${c.argv.filter((a) => !/^-{1,2}(?:help|dry-run)/.test(a)).join(' ')}`;
  if (/--help|--dry-run/.test(c.argv.join(' '))) return;
  if (/^(?:python|php|node|ruby|npx|pnpm|yarn|bunx?|npm|pipenv|poetry|uv|bundle)/.test(c.name)) {
    if (!/manage\.py|artisan|bin\/console|django-admin|flask|alembic|prisma|sequelize|typeorm|knex|drizzle|rails|rake|mix/.test(t)) return;
  }
  if (EMPTIES.test(t) || (c.name === 'flyway' && /\sclean\b/.test(t)) || /\salembic?\s+downgrade\s+base|^\s+downgrade\s+base/.test(t))
    run.findings.risk('admin', 'database/reset', 'risky', `Empties or drops a database: ${c.name}${t.slice(0, 80)}`);
};

const DESTROYS =
  /^(?:-{0,2}(?:delete|destroy|purge|drop|remove|force[_-]reset|reset|del|nuke|wipe|unregister|deregister|flush)(?:$|[_-].*)|rm|uninstall|purge_queue|delete_\w+)$/i;

export const frameworkRules: RuleTable = {
  'rake rails artisan php python python2 python3 py django-admin npx pnpm yarn bunx npm bundle pipenv poetry uv prisma sequelize sequelize-cli typeorm knex drizzle-kit mix symfony dotnet dotnet-ef flyway liquibase supabase wp drush alembic airflow flask hasura hanami sails adonis ace strapi directus':
    framework,
  'kafka-topics kafka-topics.sh kafka-delete-records kafka-delete-records.sh kafka-consumer-groups kafka-consumer-groups.sh rabbitmqctl rabbitmqadmin nomad consul vault argocd flux cf nats influx etcdctl pulsar-admin mc svn gh glab curator esrally cqlsh nodetool juju rancher eksctl fluxctl velero linkerd istioctl ceph rbd gluster rados weed temporal tctl':
    (c, run) => {
      if (/(?:^|\s)(?:--help|-h|help|--dry-run|list|ls|get|describe|status|show)(?:\s|$)/.test(c.argv.slice(0, 2).join(' '))) {
        if (!/^kafka/.test(c.name)) {
          secrets(c, run);
          return;
        }
      }
      if (c.name === 'gh' || c.name === 'glab') return;
      const words = c.name === 'svn' ? c.argv.slice(0, 1) : c.argv.filter((a) => !/^-{1,2}\w+=/.test(a)).slice(0, 8);
      const verb = words.find((w) => DESTROYS.test(w));
      const wide = c.name !== 'svn' || c.argv.some((a) => /^\w[\w+]*:\/\//.test(a));
      const one = /^(?:etcdctl|consul)$/.test(c.name) && !/--prefix|--from-key|-recurse|(?:^|\s)(?:""|'')?$/.test(c.argv.join(' '));
      if (verb !== undefined && wide && !one)
        run.findings.risk('admin', 'cloud/delete', 'risky', `Deletes by ${c.name}: ${c.argv.slice(0, 4).join(' ')}`);
      secrets(c, run);
    },
  'npm pnpm yarn bun': (c, run) => {
    const t = c.argv.join(' ');
    if (/^(?:pkg set|set-script)\s+\S*?(?:scripts\.)?(?:pre|post)?(?:install|prepare|publish|test|build|start)\b/.test(t))
      run.findings.risk('persistence', 'package/script', 'risky', `Makes a script of the package run by itself: ${t.slice(0, 80)}`);
  },
  'npx bunx pnpx deno bun': (c, run) => {
    const words = c.argv.filter((a) => !a.startsWith('-'));
    const what = words.find((w) => /^(?:https?:\/\/|git\+|git:|github:|gitlab:|gist:|bitbucket:)/.test(w));
    if (what !== undefined && (c.name !== 'deno' || /^(?:run|install|eval|x|serve|task)$/.test(words[0] ?? '')))
      run.findings.risk('foreign-package', 'package/foreign', 'risky', `Runs code of ${hostOf(what) ?? what}`, what);
  },
  'pip pip2 pip3 pipx uv conda mamba poetry': (c, run) => {
    const t = c.argv.join(' ');
    if (
      /^(?:config\s+(?:set|--\w+\s+set|edit)\b.*(?:index-url|trusted-host|find-links|proxy)|source add\b.*:\/\/|config --(?:add|set) channels)/.test(
        t,
      )
    )
      run.findings.risk('foreign-package', 'package/registry', 'risky', `Changes where packages come from: ${t.slice(0, 80)}`);
  },
  'make gmake ninja ant just task gdb expect ansible-playbook awk gawk psql mysql sqlite3 kubectl source .': (c, run) => {
    if (c.args.some((a) => a.stream?.sources.has('net')))
      run.findings.risk('download-run', 'shell/download-run', 'risky', `Gives what it downloads to ${c.name} to run`);
  },
  'gotty ttyd tmate upterm sshx wetty shellinaboxd tailscale zrok localhost.run telebit': (c, run) => {
    const t = c.argv.join(' ');
    if (/(?:^|\s)(?:--help|-h|--version|-v|version|status|up|down|ip|ping|netcheck|login|logout)(?:\s|$)/.test(t)) return;
    if (c.name === 'tailscale' && !/^funnel\b/.test(t)) return;
    if (c.name === 'zrok' && !/^(?:share|reserve)\b/.test(t)) return;
    run.findings.risk('reverse-shell', 'network/tunnel', 'risky', 'Opens a way into this machine from the internet');
  },
  'sshd dropbear in.telnetd telnetd rshd': (c, run) => {
    if (/(?:^|\s)-[pofFRE]/.test(c.argv.join(' ')) || (c.name !== 'sshd' && c.argv.length > 0))
      run.findings.risk('reverse-shell', 'network/listen', 'risky', 'Lets others sign in on this machine by a server of its own');
  },
  'autossh reverse-ssh': (c, run) => {
    if (c.argv.some((a) => /^-\w*R/.test(a)))
      run.findings.risk('reverse-shell', 'network/tunnel', 'risky', 'Opens a way into this machine from another');
  },
  xattr: (c, run) => {
    const t = c.argv.join(' ');
    if (/(?:^|\s)-\w*c/.test(t) || (/(?:^|\s)-\w*d/.test(t) && /quarantine|provenance/.test(t)))
      run.findings.risk('service', 'shell/quarantine', 'risky', 'Takes the mark away that makes the system check a downloaded program');
  },
  osascript: (c, run) => {
    const t = `${c.argv.join(' ')}\n${c.stdin?.text ?? ''}`;
    for (const m of t.matchAll(/do shell script\s+"((?:\\.|[^"\\])+)"/g)) run.source(m[1]!.replace(/\\(.)/g, '$1'), c.scope);
    if (/login item|StartupItems|LaunchAgents/i.test(t))
      run.findings.risk('persistence', 'shell/login-item', 'risky', 'Lets a program start at every sign-in');
    if (/administrator privileges|hidden answer|keystroke|key code/i.test(t))
      run.findings.risk(
        'privilege',
        'shell/script-ui',
        'risky',
        'Asks for a password, types keys, or takes administrator rights by a script',
      );
    if (/the clipboard|keychain|Safari.*(?:cookie|URL of)|do shell script/i.test(t))
      run.findings.risk('execute', 'shell/apple-script', /keychain|cookie/i.test(t) ? 'risky' : 'notable', 'Runs AppleScript');
    if (/delete\s+(?:every|folder|file|disk)|empty (?:the )?trash|erase/i.test(t))
      run.findings.risk('delete', 'shell/delete', 'risky', 'Deletes by AppleScript');
  },
  'tune2fs e2fsck debugfs xfs_db resize2fs': (c, run) => {
    const t = c.argv.join(' ');
    if (/-O\s*['"]?\^|(?:^|\s)-w\b.*\/dev\/|(?:^|\s)-U\s*clear/.test(t) && (c.name !== 'debugfs' || /(?:^|\s)-w/.test(t)))
      run.findings.risk('overwrite', 'shell/file-system', 'risky', `Changes the file system itself: ${c.name} ${t.slice(0, 80)}`);
  },
  getent: (c, run) => {
    if (/^g?shadow$/.test(c.argv[0] ?? ''))
      run.findings.risk('secret-read', 'shell/secret-read', 'risky', 'Reads the password hashes of this machine');
  },
  '7z 7za 7zz zip rar ccrypt ccencrypt aescrypt gpg gpg2 openssl age zipcloak mcrypt': (c, run) => {
    const t = c.argv.join(' ');
    const encrypts =
      (/^7z|^rar/.test(c.name) && /(?:^|\s)-h?p\S/.test(t)) ||
      (c.name === 'zip' && /(?:^|\s)(?:-\w*[eP]\b|--password|--encrypt)/.test(t)) ||
      (/^gpg/.test(c.name) && /(?:^|\s)(?:-\w*c\b|-\w*e\b|--symmetric|--encrypt)/.test(t)) ||
      (c.name === 'openssl' &&
        /^(?:enc|aes|des3?|camellia|chacha|bf|rc4|smime|cms|rsautl)\b/.test(t) &&
        !/(?:^|\s)-d(?:ecrypt)?\b|-a\s*$/.test(t)) ||
      (/^(?:cc|aes|age|mc)/.test(c.name) && !/(?:^|\s)(?:-d|--decrypt)\b/.test(t));
    if (!encrypts) return;
    run.findings.fact('encrypt', c.name);
    if (
      /(?:^|\s)-sdel\b/.test(t) ||
      (c.name === 'zip' && /(?:^|\s)(?:-\w*m\b|--move)/.test(t)) ||
      /^(?:ccrypt|ccencrypt|mcrypt)/.test(c.name)
    )
      run.findings.risk('overwrite', 'shell/encrypt-files', 'risky', 'Encrypts files and deletes the originals');
  },
  'mimipenguin mimipenguin.sh linpeas linpeas.sh winpeas pspy pspy64 evil-winrm kerbrute rubeus seatbelt sharphound bloodhound-python certipy pypykatz chntpw patator pupy sliver-client empire weevely commix beef beef-xss setoolkit routersploit pwncat-cs lsassy donpapi enum4linux kerberoast GetUserSPNs.py psexec.py wmiexec.py smbexec.py ntlmrelayx.py impacket-psexec impacket-wmiexec impacket-smbexec':
    (c, run) => {
      if (!c.argv.some((a) => /^(?:-h|--help|--version|-V)$/.test(a)))
        run.findings.risk('secret-read', 'secret/attack-tool', 'risky', `Runs ${c.name}, a tool of attackers`);
    },
  defaults: (c, run) => {
    const t = c.argv.join(' ');
    if (
      /^write\b/.test(t) &&
      /LoginHook|LogoutHook|LSEnvironment|LSQuarantine|AutoLaunched|loginwindow|com\.apple\.(?:security|alf|screensaver)/i.test(t)
    )
      run.findings.risk('persistence', 'shell/login-item', 'risky', `Changes what runs or is checked at sign-in: ${t.slice(0, 80)}`);
    else if (/^delete\s+(?:-g|NSGlobalDomain)?\s*$/.test(t))
      run.findings.risk('delete', 'shell/delete', 'risky', 'Deletes settings of this Mac');
  },
  'sudo doas': (c, run) => {
    if (c.argv.length > 0 && c.argv.every((a) => /^(?:-i|-s|--login|--shell)$/.test(a)))
      run.findings.risk('privilege', 'shell/root-shell', 'risky', 'Opens a shell of the administrator');
  },
  diskutil: (c, run) => {
    if (/^(?:erase|zero|random|secureErase|reformat|apfs\s+delete|coreStorage\s+delete)/i.test(c.argv.join(' ')))
      run.findings.risk('overwrite', 'shell/format', 'catastrophic', `Erases ${c.argv.at(-1)}`, c.argv.at(-1));
    else if (/^(?:partitionDisk|splitPartition|mergePartitions|resizeVolume|apfs\s+resize)/i.test(c.argv.join(' ')))
      run.findings.risk('overwrite', 'shell/partition', 'risky', 'Changes the partitions of a disk');
  },
  'gdb lldb gcore': (c, run) => {
    const t = c.argv.join(' ');
    if (/generate-core-file|gcore|dump (?:binary )?memory|process save-core/.test(t) || (c.name === 'gcore' && c.argv.length > 0))
      run.findings.risk('secret-read', 'shell/read-memory', 'risky', 'Writes the memory of a process to a file');
    else if (
      /(?:^|\s)(?:-p|--pid|attach)[= ]?\d/.test(t) &&
      /(?:^|\s)(?:-ex|--batch|-batch|-x|-o)\b/.test(t) &&
      /call|print|set |inject|dlopen|system/.test(t)
    )
      run.findings.risk('privilege', 'shell/inject', 'risky', 'Runs code inside another process');
  },
  'gpg gpg2': (c, run) => {
    if (/--export-secret|--export-ssh-key/.test(c.argv.join(' ')))
      run.findings.risk('secret-read', 'shell/secret-read', /secret/.test(c.argv.join(' ')) ? 'risky' : 'notable', 'Exports private keys');
    if (/--delete-secret/.test(c.argv.join(' '))) run.findings.risk('delete', 'shell/delete-credentials', 'risky', 'Deletes private keys');
  },
  'ldapsearch ldapdelete ldapmodify': (c, run) => {
    if (c.name !== 'ldapsearch' ? c.argv.length > 0 : /userPassword|unicodePwd|ntPwd|sambaNT|krbPrincipalKey/i.test(c.argv.join(' ')))
      run.findings.risk('secret-read', 'shell/directory', 'risky', 'Reads passwords of, or changes, the directory');
  },
  'grep egrep rg ag awk sort': (c, run) => {
    if (c.stdin?.sources.has('env') && /token|secret|key|pass|cred|api|aws/i.test(c.argv.join(' ')))
      run.findings.risk('secret-read', 'shell/environment-secrets', 'risky', 'Looks for credentials in the environment');
  },
  'docker podman nerdctl': (c, run) => {
    if (
      c.argv[0] === 'push' &&
      c.argv.some(
        (a) =>
          /^[\w-]+(?:\.[\w-]+)+(?::\d+)?\//.test(a) &&
          !/^(?:localhost|docker\.io|ghcr\.io|quay\.io|gcr\.io|[\w.-]+\.gcr\.io|[\w.-]+\.pkg\.dev|[\w.-]+\.amazonaws\.com|[\w.-]+\.azurecr\.io|registry\.gitlab\.com)[:/]/.test(
            a,
          ),
      )
    )
      run.findings.risk('network-send', 'network/upload', 'risky', `Sends an image to ${c.argv.at(-1)}`);
  },
  'influx influxd cqlsh clickhouse mongo mongosh psql': (c, run) => {
    if (/\b(?:drop|delete|truncate)\s+(?:database|measurement|series|keyspace|table|bucket)\b/i.test(c.argv.join(' ')))
      run.findings.risk('admin', 'database/drop', 'risky', 'Deletes data of the database');
  },
  'sfdx sf amplify cdk8s copilot snowsql dbt': (c, run) => {
    if (/(?:^|[\s:])(?:delete|destroy|purge|drop|remove)(?:$|[\s:])/.test(c.argv.join(' ')))
      run.findings.risk('admin', 'cloud/delete', 'risky', `Deletes by ${c.name}: ${c.argv.slice(0, 3).join(' ')}`);
  },
  go: (c, run) => {
    if (/^env\s+-w\b/.test(c.argv.join(' '))) {
      for (const a of c.argv.slice(2)) foreignIndex(a.split('=')[0]!, a.split('=').slice(1).join('='), run);
      if (/GONOSUMDB|GONOSUMCHECK|GOFLAGS=.*insecure|GOINSECURE|GOSUMDB=off/.test(c.argv.join(' ')))
        run.findings.risk('foreign-package', 'package/insecure', 'risky', 'Installs packages without checking them');
    }
  },
  'brew cargo dpkg rpm installer': (c, run) => {
    const t = c.argv.join(' ');
    if (
      /^(?:install|reinstall)\b.*\bhttps?:\/\//.test(t) ||
      (c.name === 'cargo' && /^install\b.*--git[= ]https?:\/\/(?!(?:github|gitlab)\.com|codeberg\.org)/.test(t))
    )
      run.findings.risk('foreign-package', 'package/foreign', 'risky', 'Installs from an address, not from the configured registry');
    if (/^(?:dpkg|rpm|installer)$/.test(c.name) && /(?:^|\s)(?:-\w*[iU]\w*|--install|-pkg)\s.*(?:\/tmp\/|\/dev\/shm\/|https?:)/.test(t))
      run.findings.risk('foreign-package', 'package/foreign', 'risky', 'Installs a package file of a folder that everybody may write');
  },
  'kubectl oc k': (c, run) => {
    const t = c.argv.join(' ');
    if (/"(?:privileged|hostPID|hostNetwork|hostIPC)"\s*:\s*true|"hostPath"|--privileged/.test(t))
      run.findings.risk('privilege', 'container/privileged', 'risky', 'Starts a container with rights over the host');
    if (/^delete\b/.test(t) && /(?:^|\s)(?:--recursive|-R|-k|--kustomize)\b/.test(t) && !/--dry-run/.test(t))
      run.findings.risk('admin', 'cluster/delete', 'risky', 'Deletes whole folders of things from the cluster');
  },
  websocat: (c, run) => {
    if (/(?:sh-c|exec|cmd):/.test(c.argv.join(' ')))
      run.findings.risk('reverse-shell', 'network/bind-shell', 'catastrophic', 'Hands a program to the network');
  },
  git: (c, run) => {
    const t = c.argv.join(' ');
    if (/(?:^|\s)push\s+(?:-\S+\s+)*(?:https?|ssh|git|ftp):\/\//.test(t))
      run.findings.risk('network-send', 'git/push-elsewhere', 'risky', 'Sends the repository to an address that is no remote of it');
    if (/^remote\s+(?:add|set-url)\b/.test(t)) run.findings.fact('git-remote', c.argv.at(-1));
    if (/^push\b/.test(t) && run.findings.facts.some((f) => f.kind === 'git-remote'))
      run.findings.risk('network-send', 'git/push-elsewhere', 'risky', 'Sends the repository to a remote that was just added');
  },
};

function secrets(c: Command, run: Run): void {
  const t = c.argv.filter((a) => !a.startsWith('-')).join(' ');
  if (
    (c.name === 'vault' && /^(?:kv get|read\s+(?!sys\/(?:health|seal-status))|token create|print token)/.test(t)) ||
    (c.name === 'gh' && /^auth token/.test(t))
  )
    run.findings.risk('secret-read', 'cloud/secret', c.name === 'vault' ? 'risky' : 'notable', `Reads a secret by ${c.name}`);
  if (c.name === 'consul' && /^kv export/.test(t))
    run.findings.risk('secret-read', 'cloud/secret', 'notable', 'Exports the key-value store');
}

const INDEXES =
  /^(?:PIP_(?:INDEX_URL|EXTRA_INDEX_URL|FIND_LINKS|TRUSTED_HOST)|UV_(?:INDEX|INDEX_URL|EXTRA_INDEX_URL|DEFAULT_INDEX)|npm_config_registry|NPM_CONFIG_REGISTRY|YARN_(?:NPM_)?REGISTRY(?:_SERVER)?|GOPROXY|CARGO_REGISTRIES_\w+|BUNDLE_MIRROR\w*|GEM_HOST|RUSTUP_DIST_SERVER|HOMEBREW_(?:BREW_GIT_REMOTE|BOTTLE_DOMAIN|CORE_GIT_REMOTE|API_DOMAIN))$/;

/** A variable that makes a package tool take its packages from elsewhere. */
export function foreignIndex(name: string, value: string | undefined, run: Pick<Run, 'findings'>): void {
  if (
    !INDEXES.test(name) ||
    value === undefined ||
    value === '' ||
    /^(?:direct|off|https:\/\/(?:proxy\.golang\.org|registry\.npmjs\.org|pypi\.org|index\.crates\.io)\b)/.test(value)
  )
    return;
  if (/:\/\/|TRUSTED_HOST/.test(`${value}${name}`))
    run.findings.risk(
      'foreign-package',
      'package/registry',
      'risky',
      `Takes packages from ${hostOf(value.split(/[,|]/)[0]!) ?? value}`,
      value,
    );
}
