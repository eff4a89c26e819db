import { groundOf, isAuthorityFile, isPersistenceFile, isSecretFile, resolvePath, UNKNOWN } from '../paths.js';
import { Options, type Run } from './command.js';
import type { RuleTable } from './rules.js';
import { deletion } from './rules-delete.js';

const SECURITY_SERVICE =
  /(?:^|[-_.])(?:firewalld|ufw|iptables|nftables|auditd|rsyslog|syslog(?:-ng)?|apparmor|selinux|fail2ban|clamav|clamd|crowdstrike|falcon|osquery|wazuh|ossec|snort|suricata|sysmon|defender|windefend|sense|mpssvc|eventlog|auditbeat|sshd?|cron|crond|networkmanager|systemd-(?:journald|logind|networkd|resolved|timesyncd)|dbus|docker|mysqld?|mariadb|postgresql|nginx|apache2|httpd|redis|mongod|kubelet|polkit|chronyd|ntpd?|sallyport)/i;

function modeBits(mode: string): { world: boolean; setid: boolean; none: boolean } {
  if (/^[0-7]{3,5}$/.test(mode)) {
    const n = Number.parseInt(mode, 8);
    return { world: (n & 0o002) !== 0 && (n & 0o1000) === 0, setid: (n & 0o6000) !== 0, none: (n & 0o777) === 0 };
  }
  const parts = mode.split(',');
  return {
    world:
      parts.some(
        (p) => /^(?:[ugoa]*[oa][ugoa]*)?[+=][rxXst]*w/.test(p) && (/^[ugoa]*[oa]/.test(p) || /^[+=]/.test(p)) && !/^[+=]w$/.test(p),
      ) || parts.some((p) => /^[ugoa]*[oa][ugoa]*[+=]\w*w/.test(p)),
    setid: parts.some((p) => /^[ugoa]*[+=]\w*s/.test(p) && !/^o/.test(p)),
    none: parts.some((p) => /^(?:a|ugo|)(?:-rwx|=)$/.test(p) && p !== ''),
  };
}

const permission: RuleTable[string] = (c, run) => {
  const o = new Options(
    c.argv.filter((a) => !/^-[rwxXstugoa]+(?:,|$)/.test(a) || /^-[Rvcf]+$/.test(a)),
    ['reference'],
  );
  const mode = c.argv.find((a) => !/^-[RvcfhHLP]+$|^--/.test(a)) ?? '';
  const paths = o.operands.filter((p) => p !== mode);
  const recursive = o.has('R', 'recursive');
  const f = run.findings;
  const bits = modeBits(mode);
  for (const p of paths) {
    const place = run.place(c.scope);
    const g = groundOf(p, place);
    const at = resolvePath(p, place);
    f.fact('permission', at, mode);
    if (/x|[1357]\d\d$|^0?7/.test(mode) && c.scope.files.get(at)?.sources.has('net'))
      f.risk('download-run', 'shell/download-run', 'risky', `Makes ${at}, which was just downloaded, a program`, at);
    const serious = g === 'root' || g === 'system' || g === 'home' || g === 'device';
    if (recursive && g === 'var' && /^\/var\/(?:lib|log|spool|www|mail|db)\//.test(at))
      run.findings.risk('permission', 'shell/owner-system', 'risky', `Changes the owner of everything under ${at}`, at);
    else if (recursive && (g === 'root' || g === 'system' || g === 'home'))
      f.risk(
        'permission',
        'shell/permission-system',
        g === 'home' ? 'risky' : 'catastrophic',
        `Changes permissions of everything under ${at}`,
        at,
      );
    else if (bits.setid) f.risk('privilege', 'shell/setuid', 'risky', `Lets ${at} run with its owner's rights`, at);
    else if (bits.world && (mode.length >= 3 || mode.includes('w')))
      f.risk('permission', 'shell/permission-world', 'risky', `Lets everybody write ${at}`, at);
    else if (isAuthorityFile(p, place) || (isSecretFile(p, place) && /[4-7]$|[oag]\S*\+/.test(mode) && !/^[0-7]?[0-7]00$/.test(mode)))
      f.risk('permission', 'shell/permission-secret', 'risky', `Changes who may read or write ${at}`, at);
    else if (bits.none) f.risk('permission', 'shell/permission-none', 'risky', `Takes all permissions of ${at} away`, at);
    else if (serious) f.risk('permission', 'shell/permission-system', 'risky', `Changes permissions of ${at}`, at);
    else if (/\uFFFC/.test(p) && bits.world) f.risk('permission', 'shell/permission-world', 'risky', 'Lets everybody write files');
  }
  if (paths.length === 0 && c.stdin) return;
};

const owner: RuleTable[string] = (c, run) => {
  const o = new Options(c.argv, ['reference', 'from']);
  const recursive = o.has('R', 'recursive');
  const paths = o.value('reference') ? o.operands : o.operands.slice(1);
  for (const p of paths) {
    const place = run.place(c.scope);
    const g = groundOf(p, place);
    const at = resolvePath(p, place);
    if (recursive && (g === 'root' || g === 'system' || /^\/(?:var|opt|srv|home|Users)$/.test(at)))
      run.findings.risk('permission', 'shell/owner-system', 'catastrophic', `Changes the owner of everything under ${at}`, at);
    else if (g === 'root' || g === 'system' || g === 'device' || isAuthorityFile(p, place))
      run.findings.risk('permission', 'shell/owner-system', 'risky', `Changes the owner of ${at}`, at);
    else run.findings.risk('permission', 'shell/owner', 'notable', `Changes the owner of ${at}`, at);
  }
};

/** Programs that others live by; to kill one by name is not like killing one's own. */
const DEPENDED_ON =
  /^(?:sshd?|systemd\S*|dbus\S*|init|launchd|WindowServer|Xorg|gdm\S*|dockerd?|containerd|kubelet|nginx|apache2|httpd|haproxy|mysqld?|mariadbd?|postgres\S*|mongod|redis-server|memcached|cron|crond|rsyslogd?|syslogd?|journald|auditd|NetworkManager|named|firewalld|falco\S*|osqueryd|clamd|fail2ban\S*|wazuh\S*|vault|consul|etcd|kafka|supervisord|php-fpm\S*)$/;

const off = (run: Run, what: string): void => run.findings.risk('service', 'shell/stop-machine', 'risky', what);

function stopService(name: string, run: Run, verb: string): void {
  const level =
    (/disable|mask|stop|kill/.test(verb) && SECURITY_SERVICE.test(name)) || name.includes(UNKNOWN) || verb === 'mask' ? 'risky' : 'notable';
  run.findings.risk('service', level === 'risky' ? 'shell/stop-service' : 'shell/service', level, `Service ${name}: ${verb}`, name);
}

export const systemRules: RuleTable = {
  'chmod gchmod': permission,
  'chown chgrp gchown lchown': owner,
  chattr: (c, run) => {
    const flags = c.argv.find((a) => /^[-+=][a-zA-Z]+$/.test(a) && !/^-[RVf]+$/.test(a)) ?? '';
    const paths = c.argv.filter((a) => !/^[-+=]/.test(a));
    if (/i|a/.test(flags))
      run.findings.risk(
        'permission',
        'shell/immutable',
        paths.some((p) => groundOf(p, run.place(c.scope)) === 'system' || isPersistenceFile(p, run.place(c.scope))) || flags.startsWith('-')
          ? 'risky'
          : 'notable',
        `Changes the write protection of ${paths.join(' ')}`,
        paths[0],
      );
  },
  setfacl: (c, run) => {
    const t = c.argv.join(' ');
    const paths = new Options(c.argv, ['m', 'x', 'M', 'X', 'set', 'modify']).operands;
    if (/(?:o|other|everyone)::?r?w|u:\w+:rwx/.test(t) || paths.some((p) => ['system', 'root'].includes(groundOf(p, run.place(c.scope)))))
      run.findings.risk('permission', 'shell/acl', 'risky', 'Changes who may read or write files');
  },
  setcap: (c, run) => {
    if (!c.argv.includes('-v') && !c.argv.includes('-r'))
      run.findings.risk('privilege', 'shell/capability', 'risky', 'Gives a program rights of the administrator');
  },
  'mount umount': (c, run) => {
    const t = c.argv.join(' ');
    if (c.name === 'umount') {
      if (c.argv.some((a) => ['root', 'system', 'home'].includes(groundOf(a, run.place(c.scope)))) || /(?:^|\s)-\w*a/.test(t))
        run.findings.risk('service', 'shell/unmount', 'risky', 'Unmounts a file system of the machine');
      return;
    }
    if (/(?:^|\s)-t\s*overlay/.test(t) && /lowerdir=/.test(t))
      run.findings.risk('overwrite', 'shell/bind-mount', 'risky', 'Puts other files over those of the system');
    else if (/remount/.test(t) && /rw|exec|suid/.test(t))
      run.findings.risk('permission', 'shell/remount', 'risky', 'Makes a file system writable');
    else if (
      /(?:--bind|-B\b|\bbind\b)/.test(t) &&
      c.argv.some((a) => ['system', 'root', 'home'].includes(groundOf(a, run.place(c.scope))) && a.startsWith('/'))
    )
      run.findings.risk('overwrite', 'shell/bind-mount', 'risky', 'Puts other files over those of the system');
  },
  swapoff: (c, run) => {
    if (c.argv.length > 0) run.findings.risk('service', 'shell/swapoff', 'notable', 'Turns swapping off');
  },
  'shutdown reboot halt poweroff': (c, run) => {
    if (c.argv.some((a) => /^(?:-c|--help|-w|--wtmp-only|--show|-k|\/a|\/l|\/h|-\?|\/\?)$/.test(a))) return;
    off(run, 'Stops or restarts the machine');
  },
  'init telinit': (c, run) => {
    if (/^[0-6sS]$/.test(c.argv[0] ?? '')) off(run, 'Changes the run level of the machine');
  },
  'systemctl rc-service': (c, run) => {
    const o = new Options(c.argv, [
      't',
      'p',
      'H',
      'M',
      'n',
      'o',
      's',
      'type',
      'state',
      'property',
      'host',
      'machine',
      'output',
      'lines',
      'signal',
      'root',
    ]);
    const [verb = '', ...names] = c.name === 'rc-service' ? [o.operands[1] ?? '', o.operands[0] ?? ''] : o.operands;
    const f = run.findings;
    if (/^(?:poweroff|reboot|halt|kexec|suspend|hibernate|hybrid-sleep|emergency|rescue|soft-reboot|exit)$/.test(verb)) {
      if (!/suspend|hibernate|sleep/.test(verb) && !/--when[= ]cancel|--user/.test(c.argv.join(' ')))
        off(run, 'Stops or restarts the machine');
    } else if (/^(?:stop|disable|mask|kill|isolate)$/.test(verb)) {
      if (verb === 'isolate') off(run, 'Stops most services');
      for (const n of names) stopService(n, run, verb);
    } else if (/^(?:enable|link|edit|set-default|preset|set-environment|import-environment|add-wants|add-requires|reenable)$/.test(verb)) {
      const path = names.some((n) => /\//.test(n));
      f.risk(
        'persistence',
        path || verb === 'link' ? 'shell/enable-service' : 'shell/service',
        path || verb === 'link' ? 'risky' : 'notable',
        `Lets ${names.join(' ') || 'a service'} start by itself`,
        names[0],
      );
      for (const n of names)
        if (n.includes('/') || c.scope.files.size > 0)
          f.risk('persistence', 'shell/enable-service', 'risky', `Lets ${n} start by itself`, n);
    } else if (/^(?:start|restart|reload|try-restart)$/.test(verb))
      for (const n of names) f.risk('service', 'shell/service', 'notable', `Service ${n}: ${verb}`, n);
  },
  service: (c, run) => {
    const [name = '', verb = ''] = c.argv;
    if (name.startsWith('../') || name.includes('/..'))
      run.findings.risk('privilege', 'shell/escape', 'risky', 'Runs a program by way of service');
    if (/^(?:stop|disable)$/.test(verb)) stopService(name, run, verb);
  },
  'chkconfig update-rc.d': (c, run) => {
    const t = c.argv.join(' ');
    if (/\boff\b|remove|disable|--del/.test(t)) stopService(t, run, 'disable');
    else if (/\bon\b|defaults|enable|--add/.test(t))
      run.findings.risk(
        'persistence',
        'shell/service',
        /defaults|--add/.test(t) ? 'risky' : 'notable',
        `Lets a service start by itself: ${t}`,
      );
  },
  launchctl: (c, run) => {
    const verb = c.argv[0] ?? '';
    if (/^(?:load|bootstrap|submit|enable|setenv|asuser)$/.test(verb))
      run.findings.risk(
        'persistence',
        'shell/launchd',
        verb === 'enable' ? 'notable' : 'risky',
        'Registers something that starts by itself',
        c.argv[1],
      );
    else if (/^(?:unload|bootout|remove|disable|kill|stop|reboot)$/.test(verb)) stopService(c.argv.slice(1).join(' '), run, 'stop');
  },
  crontab: (c, run) => {
    const o = new Options(c.argv, ['u']);
    if (o.has('l')) return;
    if (o.has('e')) {
      run.findings.risk('persistence', 'shell/schedule', c.privileged ? 'risky' : 'notable', 'Edits the commands that run by themselves');
      return;
    }
    if (o.has('r')) run.findings.risk('delete', 'shell/crontab-delete', 'risky', 'Deletes all scheduled commands');
    else if (o.operands.length > 0 || c.stdin) {
      run.findings.risk('persistence', 'shell/schedule', 'risky', 'Schedules commands that run by themselves');
      for (const line of c.stdin?.text?.split('\n').slice(0, 20) ?? []) {
        const m = /^\s*(?:@\w+|(?:\S+\s+){5})(.+)$/.exec(line);
        if (m) run.source(m[1]!, c.scope);
      }
    }
  },
  'kill pkill killall xkill skill snice killall5': (c, run) => {
    const o = new Options(c.argv, ['s', 'n', 'u', 'U', 't', 'g', 'P', 'signal', 'user', 'G']);
    const f = run.findings;
    const t = c.argv.join(' ');
    if (/(?:^|\s)(?:-l|--list|-L|--table|-0|-s 0|-V|--version)(?:\s|$)/.test(t) && c.name !== 'pkill') return;
    if (c.name === 'killall5') off(run, 'Kills all processes');
    if (c.name === 'kill') {
      const words = c.argv.filter((a) => a !== '--');
      const ids = words.slice(words[0]?.startsWith('-') ? 1 : 0);
      if (ids.some((p) => p === '-1') || (words.length === 1 && words[0] === '-1' && false))
        f.risk('service', 'shell/kill-all', 'catastrophic', 'Kills every process of the user');
      else if (ids.some((p) => p === '1' && !/(?:HUP|-1)\b/.test(words[0] ?? '')))
        f.risk('service', 'shell/kill-init', 'risky', 'Signals the first process of the machine');
      else if (ids.some((p) => /[*[\]?]/.test(p)) || (c.args.some((a) => a.sources.has('find')) && ids.length > 0))
        f.risk('service', 'shell/kill-many', 'risky', 'Kills every process that a pattern or a list meets');
      else if (ids.some((p) => /^\uFFFC[\w-]/.test(p) && DEPENDED_ON.test(p.slice(1))))
        f.risk('service', 'shell/kill-service', 'risky', `Kills ${ids[0]!.slice(1)}, on which others depend`);
      else if (
        /(?:^|\s)-(?:9|KILL|SIGKILL|s ?(?:KILL|SIGKILL|9))(?=\s|$)/.test(t) ||
        c.args.some((a) => a.text.includes('\uFFFC') && a.sources.size === 0)
      )
        f.risk('service', 'shell/kill', 'notable', 'Kills a process', ids[0]);
      else f.risk('service', 'shell/kill', 'notable', 'Signals a process', ids[0]);
      return;
    }
    const user = o.value('u', 'U', 'user');
    const target = o.operands.join(' ');
    if (SECURITY_SERVICE.test(target)) f.risk('service', 'shell/kill-service', 'risky', `Kills ${target}`, target);
    else if (user !== undefined && o.operands.length === 0)
      f.risk('service', 'shell/kill-user', 'risky', `Kills everything of ${user}`, user);
    else if (
      /(?:^|\s)-(?:9|KILL|SIGKILL|s\s?KILL)(?:\s|$)|--signal[= ]?(?:9|KILL)/.test(t) &&
      /^(?:java|python\d?|node|ruby|perl|php|bash|sh|zsh|dotnet|erl|beam\.smp|mono|chrome|firefox|code|electron|docker\S*|containerd\S*|\.\*)$/.test(
        target,
      )
    )
      f.risk('service', 'shell/kill-many', 'risky', `Kills every program that runs by ${target}`, target);
    else if (/^(?:\.|\.\*|-\d+)$/.test(target)) f.risk('service', 'shell/kill', 'risky', `Kills ${target}`, target);
    else f.risk('service', 'shell/kill', 'notable', `Kills ${target}`, target);
    if (/sallyport/i.test(target)) f.risk('disarm', 'gateway/kill', 'catastrophic', 'Stops this gateway');
  },
  'iptables ip6tables nft ufw firewall-cmd pfctl ipset ebtables iptables-restore': (c, run) => {
    const t = c.argv.join(' ');
    const opens =
      /(?:^|\s)(?:-F|--flush|-X|--delete-chain|-Z)(?:\s|$)|-P\s+\w+\s+ACCEPT|--policy\s+\w+\s+ACCEPT|flush\s+(?:ruleset|table|chain)|delete\s+(?:table|chain)|^(?:--force\s+)?(?:disable|reset)\b|(?:^|\s)-d(?:\s|$)|--panic-on|-F\s+(?:all|rules|nat)|default\s+allow/.test(
        t,
      ) && !/(?:^|\s)-A\b/.test(t);
    const adds =
      /(?:^|\s)(?:-A|-I|-D|--append|--insert|--delete|-N|-R)\b|add\s+(?:rule|table|chain)|^(?:allow|deny|reject|limit|delete|insert)\b|--(?:add|remove)-|-j\s+\w+/.test(
        t,
      );
    const wide =
      /-j\s+ACCEPT(?!.*(?:--dport|-s\s|--sport))|-A\s+(?:INPUT|OUTPUT|FORWARD)\s+-j\s+(?:DROP|REJECT|ACCEPT)\s*$|REDIRECT|DNAT|--add-(?:port|service|rich-rule)\b.*--permanent|--permanent.*--add-(?:port|service|rich-rule)|-p\s+tcp.*--dport\s+22.*DROP/.test(
        t,
      );
    if (opens) run.findings.risk('service', 'shell/firewall-off', 'risky', 'Turns the firewall off or empties it');
    else if (adds) run.findings.risk('admin', 'shell/firewall', wide ? 'risky' : 'notable', 'Changes the firewall');
  },
  setenforce: (c, run) => {
    if (/^(?:0|permissive)$/i.test(c.argv[0] ?? '')) run.findings.risk('service', 'shell/security-off', 'risky', 'Turns SELinux off');
  },
  'aa-disable aa-teardown aa-complain': (c, run) => {
    if (c.name === 'aa-teardown' || c.argv.length > 0) run.findings.risk('service', 'shell/security-off', 'risky', 'Turns AppArmor off');
  },
  auditctl: (c, run) => {
    if (/(?:^|\s)(?:-D|-e\s*0|-W|-d)(?:\s|$)/.test(c.argv.join(' ')))
      run.findings.risk('history', 'shell/audit-off', 'risky', 'Turns auditing off');
  },
  'csrutil spctl': (c, run) => {
    if (/disable|--master-disable|--global-disable|clear/.test(c.argv.join(' ')))
      run.findings.risk('service', 'shell/security-off', 'risky', "Turns the system's protection off");
  },
  sysctl: (c, run) => {
    const set = c.argv.find((a) => /^[\w./-]+\s*=/.test(a)) ?? (c.argv.includes('-w') ? c.argv.at(-1) : undefined);
    if (set !== undefined)
      run.findings.risk(
        'admin',
        'shell/kernel-setting',
        /^kern\.maxfiles|vm\.max_map_count|fs\.inotify/.test(set) ? 'notable' : 'risky',
        `Changes a setting of the kernel: ${set}`,
        set,
      );
    else if (c.argv.some((a) => /^-p$|^--load/.test(a)) && new Options(c.argv).operands.length > 0)
      run.findings.risk('admin', 'shell/kernel-setting', 'notable', 'Loads settings of the kernel');
  },
  'insmod modprobe rmmod kmod kexec kldload': (c, run) => {
    const t = c.argv.join(' ');
    if (
      c.argv.length === 0 ||
      /(?:^|\s)(?:-n|--dry-run|static-nodes|--show|-c|--showconfig|-D|--show-depends|list|-l|--list|--resolve-alias|-R)\b/.test(t)
    )
      return;
    run.findings.risk(
      'privilege',
      'shell/kernel-module',
      c.name === 'modprobe' && !/\/|-r\b/.test(t) ? 'notable' : 'risky',
      `Changes the running kernel: ${c.name} ${t}`,
    );
  },
  history: (c, run) => {
    if (/(?:^|\s)-\w*[cw]|clear|delete/.test(c.argv.join(' ')))
      run.findings.risk(
        'history',
        'shell/clear-history',
        /(?:^|\s)-\w*c/.test(c.argv.join(' ')) ? 'risky' : 'notable',
        'Clears the shell history',
      );
  },
  journalctl: (c, run) => {
    if (/--vacuum-(?:time|size|files)=?\s*(?:0|1)(?:\D|$)|--rotate.*--vacuum/.test(c.argv.join(' ')))
      run.findings.risk('history', 'shell/clear-log', 'risky', 'Deletes logs of the system');
  },
  dmesg: (c, run) => {
    if (/(?:^|\s)(?:-C|--clear|-c|--read-clear)(?:\s|$)/.test(c.argv.join(' ')))
      run.findings.risk('history', 'shell/clear-log', 'risky', "Clears the kernel's messages");
  },
  logrotate: (c, run) => {
    if (c.argv.includes('-f') || c.argv.includes('--force'))
      run.findings.risk(
        'history',
        'shell/clear-log',
        c.argv.some((a) => /^\/(?:tmp|dev\/shm)\//.test(a)) ? 'risky' : 'notable',
        'Rotates logs',
      );
  },
  'set shopt': (c, run) => {
    if (c.name === 'set' && /\+o\s*history/.test(c.argv.join(' ')))
      run.findings.risk('history', 'shell/history-off', 'risky', 'Turns the shell history off');
  },
  touch: (c, run) => {
    const o = new Options(c.argv, ['d', 't', 'r', 'date', 'reference']);
    if (
      (o.value('d', 't', 'date', 'r', 'reference') ?? '') !== '' &&
      o.operands.some((p) => ['system', 'temp', 'var'].includes(groundOf(p, run.place(c.scope))))
    )
      run.findings.risk('history', 'shell/timestomp', 'risky', 'Falsifies the time of a system file');
    for (const p of o.operands) if (isPersistenceFile(p, run.place(c.scope))) run.findings.fact('write', p);
  },
  'stress stress-ng': (_c, run) => run.findings.risk('service', 'shell/exhaust', 'notable', 'Loads the machine'),
  'fallocate mkfile xfs_mkfile truncate': (c, run) => {
    const o = new Options(c.argv, ['l', 'o', 's', 'length', 'offset', 'size']);
    const size = c.name.endsWith('mkfile') ? (o.operands[0] ?? '') : (o.value('l', 'length', 's', 'size') ?? '').replace(/^\+/, '');
    if (/^\d+(?:T|TB|TiB|P)$|^[1-9]\d{2,}G/i.test(size))
      run.findings.risk('service', 'shell/fill-disk', 'risky', `Fills the disk with ${size}`);
  },
  ulimit: (c, run) => {
    if (/unlimited/.test(c.argv.join(' ')) && /-\w*u/.test(c.argv.join(' '))) run.findings.fact('service', 'ulimit');
  },
  'ed ex': (c, run) => {
    for (const p of new Options(c.argv, ['p', 'c']).operands)
      if (c.stdin?.text && /^[\s\S]*\bw\b/.test(c.stdin.text)) run.write(p, { text: c.stdin.text, sources: new Set() }, c, false);
  },
  'sed gsed perl': (c, run) => {
    if (c.name === 'perl' ? !c.argv.some((a) => /^-\w*i/.test(a)) : !c.argv.some((a) => /^(?:-[nErsz]*i|--in-place)/.test(a))) return;
    const o = new Options(c.argv, ['e', 'f', 'expression', 'file']);
    const files = o.all('e', 'f', 'expression').length > 0 ? o.operands : o.operands.slice(1);
    const code = [...o.all('e', 'expression'), o.operands[0] ?? ''].join(';');
    for (const p of files) {
      const place = run.place(c.scope);
      if (isAuthorityFile(p, place) || isPersistenceFile(p, place) || ['system', 'root'].includes(groundOf(p, place)))
        run.write(p, { text: code, sources: new Set() }, c, true);
      else if (/\/var\/log\//.test(resolvePath(p, place)) || /_history$/.test(p))
        run.findings.risk('history', 'shell/clear-log', 'risky', `Changes the log ${p}`, p);
      else run.write(p, { text: undefined, sources: new Set() }, c, true);
    }
  },
  'reg-delete': (c, run) => deletion(c.argv[0] ?? '', false, false, c, run),
  'update-grub grub-install grub-mkconfig efibootmgr bootctl': (c, run) => {
    if (c.argv.length > 0 && !/--(?:version|help|verbose)$|^-v$|status|list/.test(c.argv.join(' ')))
      run.findings.risk(
        'admin',
        'shell/boot',
        /-B\b|--delete-bootnum|remove/.test(c.argv.join(' ')) ? 'risky' : 'notable',
        'Changes how the machine starts',
      );
  },
  'timedatectl hwclock ntpdate': (c, run) => {
    if (/set-time|set-ntp (?:false|0|no)|--set\b/.test(c.argv.join(' ')))
      run.findings.risk('admin', 'shell/clock', 'notable', "Changes the machine's clock");
  },
  'update-alternatives': (c, run) => {
    if (/--(?:install|set)\b/.test(c.argv.join(' ')) && /\/tmp\//.test(c.argv.join(' ')))
      run.findings.risk('persistence', 'shell/alternatives', 'risky', 'Makes a common name run another program');
  },
  export: () => {},
};
