import { readSql } from '../sql/read.js';
import { Options } from './command.js';
import type { RuleTable } from './rules.js';

const sqlClient: RuleTable[string] = (c, run) => {
  const t = c.argv.join(' ');
  const o = new Options(
    c.argv,
    c.name === 'psql'
      ? ['c', 'f', 'd', 'h', 'p', 'U', 'v', 'o', 'command', 'file', 'dbname', 'host', 'port', 'username']
      : ['e', 'h', 'P', 'D', 'S', 'execute', 'host', 'port', 'database', 'Q', 'q', 'U', 'i', 'd', 'c', 'cmd', 'command'],
  );
  const code = o.all('c', 'command', 'e', 'execute', 'Q', 'q', 'cmd');
  if (/^sqlite/.test(c.name)) code.push(...o.operands.slice(1));
  if (c.stdin?.text !== undefined) code.push(c.stdin.text);
  const f = run.findings;
  for (const s of code) {
    if (/(?:^|\s)(?:\\!|!|\.shell|\.system|system)\s*\S*(?:sh|cmd)\b/.test(s) || /(?:^|\n)\s*(?:\\!|\.shell|\.system)/.test(s))
      f.risk('privilege', 'shell/escape', 'risky', `Opens a shell from inside ${c.name}`);
    readSql(s.replace(/^\s*\\\w.*$/gm, '').replace(/^\s*\.\w+.*$/gm, ''), f, c.name === 'psql' ? 'postgres' : undefined);
  }
  if (/(?:^|\s)-\w*[!]/.test(t)) f.risk('privilege', 'shell/escape', 'risky', `Opens a shell from inside ${c.name}`);
};

export const adminRules: RuleTable = {
  'psql mysql mariadb sqlite3 sqlite sqlcmd cockroach clickhouse-client usql isql bsql tsql snowsql mycli pgcli litecli duckdb sqlplus':
    sqlClient,
  'dropdb mysqladmin': (c, run) => {
    if (c.name === 'dropdb' && new Options(c.argv, ['h', 'p', 'U', 'host', 'port', 'username', 'maintenance-db']).operands.length > 0)
      run.findings.risk('admin', 'database/drop', 'risky', 'Deletes a whole database');
    else if (/\bdrop\b/.test(c.argv.join(' '))) run.findings.risk('admin', 'database/drop', 'risky', 'Deletes a whole database');
    else if (/\b(?:shutdown|kill|password)\b/.test(c.argv.join(' ')))
      run.findings.risk('admin', 'database/admin', 'notable', 'Administers a database');
  },
  'dropuser createuser': (c, run) => {
    if (c.name === 'dropuser' || c.argv.some((a) => /^-\w*s|--superuser/.test(a)))
      run.findings.risk('admin', 'database/user', c.argv.length > 0 ? 'risky' : 'notable', 'Changes who may use the database');
  },
  'redis-cli': (c, run) => {
    const t = `${c.argv.join(' ')}\n${c.stdin?.text ?? ''}`;
    if (/^(?:DEL|UNLINK)\b/i.test(c.argv.join(' ')) && c.args.some((a) => a.text.includes('\uFFFC')))
      run.findings.risk('admin', 'database/flush', 'risky', 'Deletes keys that are known only when it runs');
    if (/\b(?:FLUSHALL|FLUSHDB)\b/i.test(t)) run.findings.risk('admin', 'database/flush', 'risky', 'Empties the whole database');
    if (/\bCONFIG\s+SET\s+(?:dir|dbfilename)|\bMODULE\s+LOAD|\bSLAVEOF\b|\bREPLICAOF\b|\bSHUTDOWN\b|\bDEBUG\b/i.test(t))
      run.findings.risk('admin', 'database/admin', 'risky', 'Lets the database write files, load code or stop');
  },
  'mongo mongosh': (c, run) => {
    const t = `${c.argv.join(' ')}\n${c.stdin?.text ?? ''}`;
    if (/dropDatabase|\.drop\(|(?:deleteMany|remove)\(\s*(?:\{\s*\})?\s*\)|dropUser|shutdownServer|shutdown\s*:\s*1/.test(t))
      run.findings.risk('admin', 'database/drop', 'risky', 'Deletes data of the database');
  },
  'pg_ctl pg_dropcluster pg_resetwal initdb': (c, run) => {
    if (/^(?:-n|--dry-run|-V|--version|-\?|--help)$/.test(c.argv[0] ?? '') || c.argv.includes('-n')) return;
    if (c.argv.includes('stop') || /drop|reset/.test(c.name))
      run.findings.risk('admin', 'database/stop', c.name === 'pg_ctl' ? 'notable' : 'risky', 'Stops or deletes the database server');
  },
  'docker podman nerdctl': (c, run) => {
    const words = c.argv.filter((a) => !/^-/.test(a));
    const verb = words.slice(0, 2).join(' ');
    const o = new Options(c.argv);
    const f = run.findings;
    const force = o.has('f', 'force');
    if (/^(?:system|volume|image|container|network|builder|buildx)\s+prune/.test(verb))
      f.risk(
        'admin',
        'container/prune',
        /^volume|^system/.test(verb) && (o.has('volumes') || (verb === 'volume prune' && force)) ? 'risky' : 'notable',
        `Deletes unused things: ${verb}`,
      );
    else if (/^volume\s+rm/.test(verb))
      f.risk(
        'delete',
        'container/volume',
        force || c.args.some((a) => a.sources.size > 0 || a.text.includes('\uFFFC')) ? 'risky' : 'notable',
        'Deletes volumes with their data',
      );
    else if (/^(?:rm|rmi|kill|stop)\b/.test(verb))
      f.risk(
        'delete',
        'container/remove',
        c.args.some((a) => a.sources.size > 0 || a.text.includes('\uFFFC')) && force ? 'risky' : 'notable',
        `Stops or removes containers: ${verb}`,
      );
    else if (/^(?:swarm leave|stack rm|service rm|node rm|secret rm|config rm)/.test(verb))
      f.risk('admin', 'container/cluster', force || verb === 'stack rm' ? 'risky' : 'notable', `Removes from the cluster: ${verb}`);
    else if (/^compose\b/.test(words[0] ?? '') && words.includes('down'))
      f.risk('delete', 'container/down', o.has('v', 'volumes') ? 'risky' : 'notable', 'Removes the containers of the project');
    else if (/^(?:plugin install|load|import)\b/.test(verb))
      f.risk('foreign-package', 'container/load', 'notable', `Loads an image: ${verb}`);
    if (/^cp\b/.test(verb) && words.at(-1)?.startsWith('/etc'))
      f.risk('overwrite', 'shell/write-system', 'risky', 'Copies from a container into the system');
  },
  'docker-compose podman-compose': (c, run) => {
    if (c.argv.includes('down'))
      run.findings.risk(
        'delete',
        'container/down',
        c.argv.some((a) => /^(?:-v|--volumes)$/.test(a)) ? 'risky' : 'notable',
        'Removes the containers of the project',
      );
  },
  'kubectl oc k': (c, run) => {
    const o = new Options(c.argv, [
      'n',
      'f',
      'l',
      'o',
      'namespace',
      'context',
      'kubeconfig',
      'selector',
      'filename',
      'output',
      'cluster',
      'user',
      'token',
      's',
      'server',
    ]);
    const [verb = '', kind = ''] = o.operands;
    const f = run.findings;
    const dry = c.argv.some((a) => /^--dry-run/.test(a));
    if (dry) return;
    if (verb === 'delete') {
      const wide =
        o.has('all', 'A', 'all-namespaces') ||
        /^(?:ns|namespaces?|nodes?|pv|pvc|persistentvolume\w*|crd|customresourcedefinition\w*|all|clusterrole\w*|secrets?|projects?)\b/.test(
          kind,
        );
      f.risk(
        'admin',
        'cluster/delete',
        wide || o.has('force') ? 'risky' : 'notable',
        `Deletes from the cluster: ${o.operands.slice(1, 3).join(' ')}`,
      );
    } else if (/^(?:drain|cordon|taint|replace|evict)$/.test(verb))
      f.risk(
        'admin',
        'cluster/drain',
        verb === 'drain' && o.has('force', 'delete-emptydir-data') ? 'risky' : 'notable',
        `Takes nodes out of the cluster: ${verb}`,
      );
    else if (verb === 'scale' && /--replicas[= ]0\b/.test(c.argv.join(' ')))
      f.risk('service', 'cluster/scale-zero', 'risky', 'Stops a workload of the cluster');
    else if (verb === 'get' && /^secrets?\b/.test(kind) && /^(?:yaml|json|jsonpath|go-template)/.test(o.value('o', 'output') ?? ''))
      f.risk('secret-read', 'cluster/secrets', 'risky', 'Reads secrets of the cluster');
    else if (/^create$/.test(verb) && /^clusterrolebinding/.test(kind) && /cluster-admin/.test(c.argv.join(' ')))
      f.risk('privilege', 'cluster/admin', 'risky', 'Makes somebody administrator of the cluster');
    else if (/^(?:apply|create)$/.test(verb) && /^https?:\/\//.test(o.value('f', 'filename') ?? ''))
      f.risk('foreign-package', 'cluster/apply-url', 'notable', `Applies ${o.value('f', 'filename')}`);
    if (verb === 'config' && /^(?:delete|unset)/.test(kind))
      f.risk('admin', 'cluster/config', 'notable', 'Changes how the cluster is reached');
  },
  helm: (c, run) => {
    if (/^(?:repo\s+add|install|upgrade|pull)\b.*\s(?:http:\/\/|https?:\/\/\d+\.\d+\.\d+\.\d+)/.test(c.argv.join(' ')))
      run.findings.risk('foreign-package', 'package/repository', 'risky', 'Takes charts from a server that is not sure to be the one');
    const verb = c.argv.find((a) => !a.startsWith('-')) ?? '';
    if (/^(?:uninstall|delete|del|un)$/.test(verb))
      run.findings.risk(
        'admin',
        'cluster/uninstall',
        c.argv.some((a) => /^--(?:dry-run|help)/.test(a)) ? 'notable' : 'risky',
        'Removes a release from the cluster',
      );
  },
  'terraform tofu terragrunt pulumi cdk cdktf': (c, run) => {
    const words = c.argv.filter((a) => !a.startsWith('-'));
    const f = run.findings;
    const auto = c.argv.some((a) => /^-{1,2}(?:auto-approve|yes|force|y|f|terragrunt-non-interactive|non-interactive)$/.test(a));
    if (
      words[0] === 'destroy' ||
      words[0] === 'down' ||
      (words[0] === 'apply' && c.argv.some((a) => /^-{1,2}destroy$/.test(a))) ||
      (words[0] === 'run-all' && words[1] === 'destroy')
    )
      f.risk('admin', 'cloud/destroy', 'risky', 'Destroys the infrastructure');
    else if (words[0] === 'apply' || words[0] === 'up')
      f.risk('admin', 'cloud/apply', auto ? 'risky' : 'notable', 'Changes the infrastructure');
    else if (/^state (?:rm|push)|^force-unlock|^workspace delete|^taint|^stack rm/.test(words.join(' ')))
      f.risk(
        'admin',
        'cloud/state',
        /force-unlock|workspace delete|taint/.test(words.join(' ')) ? 'notable' : 'risky',
        'Changes the record of the infrastructure',
      );
    if (words[0] === 'console') f.fact('execute', 'console');
  },
  'ansible ansible-playbook salt': (c, run) => {
    const m = c.argv.findIndex((a) => a === '-a' || a === '--args');
    if (c.name === 'ansible' && m >= 0 && /(?:-m\s*(?:shell|command|raw))|^/.test(c.argv.join(' ')))
      run.source(c.argv[m + 1] ?? '', c.scope);
  },
  'vagrant multipass virsh VBoxManage lxc incus qm': (c, run) => {
    const t = c.argv.join(' ');
    if (/^(?:destroy|delete|undefine|unregistervm.*--delete|vol-delete|purge)\b/.test(t))
      run.findings.risk(
        'delete',
        'container/machine',
        /-f\b|--force|--purge|--delete|--remove-all-storage/.test(t) ? 'risky' : 'notable',
        'Deletes a virtual machine',
      );
    if (/security\.privileged=true|disk\s+source=\/(?:\s|$)/.test(t))
      run.findings.risk('privilege', 'container/host-mount', 'risky', "Gives a container the host's disk");
    if (/^exec\b/.test(t) && c.argv.includes('--')) run.words(c.args.slice(c.argv.indexOf('--') + 1), { ...c, remote: true });
  },
};
