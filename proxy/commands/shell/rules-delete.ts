import { type Ground, groundOf, isAuthorityFile, isMadeAgain, isSecretFile, resolvePath, UNKNOWN } from '../paths.js';
import { type Command, Options, type Run } from './command.js';
import type { RuleTable } from './rules.js';

/** Says whether a deletion of `path` is catastrophic, risky or neither. */
export function deletion(path: string, recursive: boolean, force: boolean, c: Command, run: Run): void {
  const place = run.place(c.scope);
  const ground = groundOf(path, place);
  const at = resolvePath(path, place);
  const f = run.findings;
  f.fact('delete', at, recursive ? 'recursive' : undefined);
  if (/\uFFFC/.test(path)) {
    if (!recursive && /^\/\uFFFC/.test(path)) f.risk('delete', 'shell/delete-found', 'risky', 'Deletes files of the whole machine', path);
    if (recursive && /^\uFFFC?\/\*?$|^\/\uFFFC$/.test(path))
      f.risk(
        'delete',
        'shell/delete-unknown',
        'risky',
        'Deletes a folder whose name is not known; if it is empty, everything from the root',
        path,
      );
    else if (recursive && (force || ground === 'unknown'))
      f.risk(
        'delete',
        'shell/delete-unknown',
        force ? 'risky' : 'notable',
        'Deletes a folder whose name is not known before it runs',
        path,
      );
    else if (ground === 'system' || ground === 'home') f.risk('delete', 'shell/delete-system', 'risky', `Deletes from ${at}`, at);
    return;
  }
  const deep: Partial<Record<Ground, string>> = {
    root: 'everything on this machine',
    home: `the home folder ${at}`,
    system: `the system folder ${at}`,
  };
  if (recursive && deep[ground] && ground !== 'system')
    f.risk('delete', `shell/delete-${ground}`, 'catastrophic', `Deletes ${deep[ground]}`, at);
  else if (ground === 'system' && (recursive || /^\/(?:boot|lib|bin|sbin|etc)\//.test(at) || /[*?]/.test(at)))
    f.risk('delete', 'shell/delete-system', recursive || /\*$/.test(at) ? 'catastrophic' : 'risky', `Deletes ${deep.system}`, at);
  else if (ground === 'system' || isAuthorityFile(path, place))
    f.risk('delete', 'shell/delete-system', 'risky', `Deletes the system file ${at}`, at);
  else if (ground === 'root' || (ground === 'home' && /\*/.test(at)))
    f.risk('delete', `shell/delete-${ground}`, 'risky', `Deletes files of ${at}`, at);
  else if (ground === 'device') f.risk('delete', 'shell/delete-device', 'risky', `Deletes the device file ${at}`, at);
  else if (
    /^\/var\/(?:log|lib|spool|mail|backups?|cache|www|db)\/?\*?$|^\/(?:var|opt|srv|mnt|media|data|Volumes)\/?\*?$/.test(at) &&
    recursive
  )
    f.risk('delete', 'shell/delete-system', 'catastrophic', `Deletes ${at}`, at);
  else if (/^\/var\/log\//.test(at)) f.risk('history', 'shell/clear-log', 'risky', `Deletes the log ${at}`, at);
  else if (/_history$/.test(at)) f.risk('history', 'shell/clear-history', 'risky', `Deletes the history ${at}`, at);
  else if (ground === 'var' && (recursive || force)) f.risk('delete', 'shell/delete-var', 'risky', `Deletes ${at}`, at);
  else if (
    recursive &&
    ground === 'home-inside' &&
    /^~\/(?:\.ssh|\.gnupg|\.config|\.local|\.aws|\.kube|Library|Documents|Desktop|Pictures|Downloads|Music|Movies|Videos)(?:\/\*?)?$/.test(
      at,
    )
  )
    f.risk('delete', 'shell/delete-home', 'catastrophic', `Deletes ${at} of the user`, at);
  else if (isSecretFile(path, place)) f.risk('delete', 'shell/delete-credentials', 'risky', `Deletes the credential file ${at}`, at);
  else if (/(?:^|\/)\.git\/?$/.test(at) && recursive)
    f.risk('history', 'shell/delete-repository', 'risky', `Deletes the history of the repository ${at}`, at);
  else if (recursive && (ground === 'workspace-all' || ground === 'parent'))
    f.risk(
      'delete',
      'shell/delete-workspace',
      'risky',
      `Deletes ${ground === 'parent' ? 'a folder above the working folder' : 'the whole working folder'}`,
      at,
    );
  else if (recursive && force && isMadeAgain(path, place, false))
    f.risk('delete', 'shell/delete-build', 'notable', `Deletes ${at}, which a build makes again`, at);
  else if (recursive && force && ground !== 'temp')
    f.risk('delete', 'shell/delete-recursive', 'risky', `Deletes the folder ${at} without asking`, at);
  else if (recursive && ground === 'home-inside') f.risk('delete', 'shell/delete-home-folder', 'risky', `Deletes the folder ${at}`, at);
  else if (recursive && ground === 'elsewhere' && /^\/[^/]+\/?\*?$/.test(at))
    f.risk('delete', 'shell/delete-recursive', 'risky', `Deletes ${at}`, at);
  else if (!recursive && ground === 'workspace-all' && force)
    f.risk('delete', 'shell/delete-all-files', 'risky', 'Deletes all files of the working folder without asking', at);
  else if (
    (ground === 'elsewhere' || ground === 'home-inside') &&
    /(?:^|[/._-])(?:important|critical|secret|confidential|backup|backups|production|prod|database|passwords?)(?:[/._-]|$)/i.test(at)
  )
    f.risk('delete', 'shell/delete-valuable', 'risky', `Deletes ${at}`, at);
  else f.risk('delete', 'shell/delete', 'notable', `Deletes ${at}`, at);
}

const remove: RuleTable[string] = (c, run) => {
  const o = new Options(c.argv);
  const recursive = o.has('r', 'R', 'recursive');
  const force = o.has('f', 'force');
  if (o.has('no-preserve-root'))
    run.findings.risk('delete', 'shell/delete-root', 'catastrophic', 'Deletes without the guard of the root folder');
  if (o.operands.length === 0 && recursive && force)
    run.findings.risk('delete', 'shell/delete-unknown', 'risky', 'Deletes folders without asking; which ones cannot be seen');
  // What a build puts out, named beside caches, is a clean-up of the project; alone it may be the only copy.
  const place = run.place(c.scope);
  const cleanUp = recursive && force && o.operands.length > 1 && o.operands.every((p) => isMadeAgain(p, place, true));
  if (cleanUp) run.findings.risk('delete', 'shell/delete-build', 'notable', `Deletes ${o.operands.join(' ')}, which a build makes again`);
  else for (const p of o.operands) deletion(p, recursive, force, c, run);
  if (c.args.some((a) => a.sources.has('find') && a.text.includes(UNKNOWN)))
    run.findings.risk('delete', 'shell/delete-listed', 'risky', 'Deletes every file of a list that was not narrowed down');
};

/** A size as dd writes it: `4M`, `512`, `1G`. */
function bytes(size: string): number {
  const m = /^(\d+)\s*([kKmMgGtT])?i?B?$/.exec(size);
  return m ? Number(m[1]) * 1024 ** ' kmgt'.indexOf((m[2] ?? ' ').toLowerCase()) : 0;
}

const device = (text: string): boolean => /^(?:\/dev\/(?!null|zero|stdout|fd|shm)|\\\\\.\\|[A-Za-z]:$)/.test(text);

export const deleteRules: RuleTable = {
  'rm grm unlink trash-empty del srm': (c, run) => {
    if (c.name === 'del') return;
    remove(c, run);
  },
  // `rm -rf build && mkdir build`: what is made anew at once was no only copy.
  mkdir: (c, run) => {
    const place = run.place(c.scope);
    const gone = run.findings.facts.filter((x) => x.kind === 'delete');
    const of = new Options(c.argv, ['m', 'mode', 'Z']).operands;
    if (
      gone.length === 1 &&
      run.findings.facts.length < 60 &&
      of.some((p) => resolvePath(p, place) === gone[0]!.target && isMadeAgain(p, place, true))
    )
      run.findings.lower('shell/delete-recursive');
  },
  rmdir: (c, run) => {
    for (const p of new Options(c.argv).operands)
      if (['system', 'root', 'home'].includes(groundOf(p, run.place(c.scope)))) deletion(p, false, false, c, run);
  },
  find: (c, run) => {
    const paths: string[] = [];
    for (const a of c.argv) {
      if (/^-[HLPDO]/.test(a) && paths.length === 0) continue;
      if (/^[-(!]/.test(a)) break;
      paths.push(a);
    }
    const text = c.argv.join(' ');
    const place = run.place(c.scope);
    const target = paths[0] ?? '.';
    const ground = groundOf(target, place);
    if (c.argv.includes('-delete')) {
      const filtered = /-(?:i?name|i?path|[acm]time|[acm]min|newer|empty|size|regex|perm|user)\b/.test(text);
      if (['root', 'home', 'system'].includes(ground))
        run.findings.risk(
          'delete',
          `shell/delete-${ground}`,
          filtered ? 'risky' : 'catastrophic',
          `Deletes what it finds under ${target}`,
          target,
        );
      else if (/^\/var\/log/.test(resolvePath(target, place)))
        run.findings.risk('history', 'shell/clear-log', 'risky', `Deletes logs under ${target}`, target);
      else if (!filtered && ground !== 'temp')
        run.findings.risk('delete', 'shell/delete-recursive', 'risky', `Deletes everything under ${target}`, target);
      else if (ground === 'var' || (ground === 'home-inside' && !(target === '.' || target.startsWith('./'))) || ground === 'parent')
        run.findings.risk('delete', 'shell/delete-found', 'risky', `Deletes what it finds under ${target}`, target);
      else run.findings.risk('delete', 'shell/delete-found', 'notable', `Deletes what it finds under ${target}`, target);
    }
    const handed = /\s-(?:exec|execdir|ok|okdir)\s+(?:sudo\s+)?(?:\S*\/)?(rm|unlink|shred|truncate|sed|gsed|perl|ruby|tee|mv)\s(.*)/.exec(
      ` ${text}`,
    );
    const at = resolvePath(target, place);
    if (handed && /^(?:rm|unlink|shred|truncate|mv)$/.test(handed[1]!) && ['root', 'home', 'system'].includes(ground))
      run.findings.risk('delete', 'shell/delete-found', 'risky', `Deletes or moves what it finds under ${target}`, target);
    else if (
      handed &&
      /(?:^|\s)(?:-\w*i|--in-place)/.test(handed[2]!) &&
      !/^(?:rm|mv|tee)$/.test(handed[1]!) &&
      (['root', 'home', 'system'].includes(ground) || /^\/(?:srv|var\/www|usr\/share\/nginx|opt)\b/.test(at))
    )
      run.findings.risk('overwrite', 'shell/overwrite-found', 'risky', `Rewrites what it finds under ${target}`, target);
    if (/-perm\s+[-/]?(?:u=s|g=s|\+?[-/]?0?[246]000|-?u\+s)/.test(text))
      run.findings.risk('privilege', 'shell/search-suid', 'risky', 'Looks for programs that run with raised rights');
    if (
      /(?:id_rsa|id_ed25519|\.pem|\*\.key|\.env|password|credential|secret|shadow|\.kdbx|wallet|\.aws|\.ssh)/i.test(text) &&
      ['root', 'home', 'system', 'home-inside'].includes(ground)
    )
      run.findings.risk('secret-read', 'shell/search-secrets', 'risky', 'Looks for files that hold credentials', target);
  },
  'shred wipe scrub': (c, run) => {
    const o = new Options(c.argv, ['n', 's', 'iterations', 'size', 'p']);
    for (const p of o.operands) {
      if (device(p)) run.findings.risk('overwrite', 'shell/write-device', 'catastrophic', `Overwrites the device ${p}`, p);
      else {
        deletion(p, false, true, c, run);
        run.findings.risk('overwrite', 'shell/shred', 'risky', `Overwrites ${p} so that it cannot be restored`, p);
      }
    }
  },
  truncate: (c, run) => {
    const o = new Options(c.argv, ['s', 'r', 'size', 'reference']);
    const size = o.value('s', 'size') ?? '';
    for (const p of o.operands) {
      run.write(p, { text: '', sources: new Set() }, c, false);
      if (/^[-<]?0*\D?$/.test(size) && !/^\+/.test(size) && !(/\.log$/.test(p) && groundOf(p, run.place(c.scope)) === 'workspace'))
        run.findings.risk('overwrite', 'shell/truncate', 'risky', `Empties ${p}`, p);
    }
  },
  'dd dcfldd dc3dd': (c, run) => {
    const value = (k: string): string | undefined => c.argv.find((a) => a.startsWith(`${k}=`))?.slice(k.length + 1);
    const to = value('of');
    const from = value('if');
    if (to !== undefined) {
      if (device(to))
        run.findings.risk(
          'overwrite',
          'shell/write-device',
          // An image that is written to a stick is what dd is for; whether the device is one only a person can tell.
          from !== undefined && /\.(?:iso|img|raw|dmg|wic)$/i.test(from) ? 'risky' : 'catastrophic',
          `Overwrites the device ${to}`,
          to,
        );
      else if (
        to !== '/dev/null' &&
        from !== undefined &&
        /^\/dev\/(?:u?random|zero)$/.test(from) &&
        /\.(?:db|sqlite\w*|sql|csv|json|docx?|xlsx?|pdf|jpe?g|png|zip|tar|gz|bak|vmdk|qcow2|vdi|key|pem|py|js|ts|go|rs|c|java)$/i.test(to)
      )
        run.findings.risk('overwrite', 'shell/shred', 'risky', `Overwrites ${to} so that it cannot be restored`, to);
      else if (to !== '/dev/null') run.write(to, c.stdin ?? { sources: new Set() }, c, false);
      if (
        from &&
        /^\/dev\/(?:zero|u?random)$/.test(from) &&
        (value('count') === undefined || bytes(value('bs') ?? '512') * bytes(value('count')!) >= 5e10) &&
        to !== '/dev/null' &&
        !device(to)
      )
        run.findings.risk('service', 'shell/fill-disk', 'risky', `Fills the disk by ${to}`, to);
    }
    if (from && /^\/(?:proc\/kcore|dev\/k?mem)$/.test(from))
      run.findings.risk('secret-read', 'shell/read-memory', 'risky', `Reads the machine's memory: ${from}`, from);
    else if (from && device(from) && !/^\/dev\/(?:zero|u?random|null)$/.test(from))
      run.findings.risk('secret-read', 'shell/read-device', 'notable', `Reads the device ${from}`, from);
    else if (from && !from.startsWith('/dev/')) run.readFile(from, c);
  },
  'mkfs mke2fs mkswap newfs mkdosfs mkntfs mkreiserfs': (c, run) => {
    const o = new Options(c.argv, ['t', 'L', 'F', 'n', 'b', 'N', 'O', 'U', 'm', 'i', 'I', 'E', 'T', 'label']);
    const target = c.argv.find((x) => x.startsWith('/dev/')) ?? o.operands.find((x) => x.includes(UNKNOWN)) ?? o.operands[0];
    if (!target) return;
    run.findings.risk(
      'overwrite',
      'shell/format',
      !target.startsWith('/dev/') ? 'notable' : c.name === 'mkswap' ? 'risky' : 'catastrophic',
      `Formats ${target}: everything on it is lost`,
      target,
    );
  },
  'wipefs blkdiscard hdparm nvme sg_format badblocks': (c, run) => {
    const t = c.argv.join(' ');
    const target = c.argv.find((a) => a.startsWith('/dev/'));
    const destroys =
      (c.name === 'wipefs' && !/(?:^|\s)(?:-\w*n|--no-act)/.test(t) && /(?:^|\s)(?:-\w*[ao]\w*|--all|--offset)/.test(t)) ||
      (c.name === 'blkdiscard' && target !== undefined) ||
      (c.name === 'hdparm' && /--security-erase|--trim-sector|--write-sector|--make-bad/.test(t)) ||
      (c.name === 'nvme' && /^(?:format|sanitize|write|write-zeroes|delete-ns)\b/.test(t)) ||
      (c.name === 'sg_format' && target !== undefined) ||
      (c.name === 'badblocks' && /(?:^|\s)-\w*w/.test(t));
    if (destroys) run.findings.risk('overwrite', 'shell/wipe-device', 'catastrophic', `Wipes ${target ?? 'a device'}`, target);
  },
  'fdisk sfdisk cfdisk gdisk sgdisk cgdisk parted': (c, run) => {
    const t = c.argv.join(' ');
    if (
      /(?:^|\s)(?:-l|--list|-v|--version|-s|-d|--dump|-p|--print|-x|print|-i|--info|-b|--backup)(?:\s|=|$)/.test(t) &&
      !/mklabel|rm |--delete|-Z|-o\b/.test(t)
    )
      return;
    const target = c.argv.find((a) => a.startsWith('/dev/'));
    const destroys =
      /mklabel|mktable|\brm\s+\d|--delete|--zap|(?:^|\s)-[zZo](?:\s|$)|mkpart|resizepart|--wipe/.test(t) ||
      (c.stdin !== undefined && target !== undefined);
    if (target)
      run.findings.risk('overwrite', 'shell/partition', destroys ? 'risky' : 'notable', `Changes the partitions of ${target}`, target);
  },
  cryptsetup: (c, run) => {
    if (/luksFormat|luksErase|\berase\b|reencrypt|luksKillSlot|luksRemoveKey/.test(c.argv.join(' ')))
      run.findings.risk('overwrite', 'shell/format', 'catastrophic', 'Formats or erases an encrypted volume');
  },
  'lvremove vgremove pvremove zpool zfs btrfs mdadm': (c, run) => {
    const t = c.argv.join(' ');
    if (/remove$/.test(c.name) || /^(?:destroy|labelclear)\b/.test(t) || /^subvolume\s+delete/.test(t) || /--zero-superblock/.test(t))
      run.findings.risk('delete', 'shell/delete-volume', 'risky', `Removes the volume ${new Options(c.argv).operands.at(-1) ?? ''}`);
  },
  'mv cp install rsync ln gmv gcp': (c, run) => {
    const o = new Options(c.argv, [
      't',
      'target-directory',
      'S',
      'suffix',
      'm',
      'mode',
      'o',
      'owner',
      'g',
      'group',
      'e',
      'rsh',
      'exclude',
      'include',
      'exclude-from',
      'files-from',
      'backup-dir',
      'rsync-path',
      'bwlimit',
    ]);
    const target = o.value('t', 'target-directory') ?? o.operands.at(-1);
    const from = o.value('t') ? o.operands : o.operands.slice(0, -1);
    const place = run.place(c.scope);
    const f = run.findings;
    if (target === undefined) return;
    if (c.name === 'mv' || c.name === 'gmv') {
      for (const p of from) {
        const g = groundOf(p, place);
        if (resolvePath(target, place) === '/dev/null' && from.length > 0)
          f.risk(
            'delete',
            'shell/move-to-null',
            g === 'home' || g === 'root' || g === 'system' ? 'catastrophic' : 'risky',
            `Destroys ${p} by moving it to /dev/null`,
            p,
          );
        else if (g === 'root' || g === 'home') f.risk('delete', 'shell/move-home', 'catastrophic', `Moves ${p} away`, p);
        else if (g === 'system') f.risk('overwrite', 'shell/move-system', 'risky', `Moves the system file ${p}`, p);
        else if (isSecretFile(p, place)) f.risk('secret-read', 'shell/secret-copy', 'risky', `Moves the credential file ${p}`, p);
      }
    }
    if (c.name === 'rsync') {
      const deletes = o.has('delete', 'delete-after', 'delete-before', 'delete-excluded', 'remove-source-files');
      if (deletes && ['root', 'home', 'system'].includes(groundOf(target, place)))
        f.risk('delete', 'shell/delete-home', 'catastrophic', `Deletes in ${target} what the source does not have`, target);
      else if (
        deletes &&
        !o.has('n', 'dry-run') &&
        (/^(?:\/tmp|\/var\/tmp|\/dev\/shm)\/|empty|blank|\uFFFC/.test(from[0] ?? '') ||
          (['var', 'elsewhere', 'home-inside', 'parent'].includes(groundOf(target, place)) &&
            /^[/~]/.test(target) &&
            !/back-?up|mirror|\/mnt\/|\/media\//i.test(target)))
      )
        f.risk('delete', 'shell/sync-delete', 'risky', `Deletes in ${target} what the source does not have`, target);
      else if (deletes) f.risk('delete', 'shell/sync-delete', 'notable', `Deletes in ${target} what the source does not have`, target);
      if (/(?:^|\s)(?:-e|--rsh)[= ]?['"]?(?:\S*\/)?(?:sh|bash)\b/.test(c.argv.join(' ')))
        f.risk('privilege', 'shell/escape', 'risky', 'Opens a shell by way of rsync');
    }
    if (device(target) && c.name !== 'ln' && c.name !== 'rsync')
      f.risk('overwrite', 'shell/write-device', 'catastrophic', `Overwrites the device ${target}`, target);
    else if (!target.includes(UNKNOWN) && !/^[\w.@-]+:/.test(target)) {
      const into = (p: string): string => (/\/$/.test(target) ? target + p.replace(/^.*\//, '') : target);
      for (const p of from.length > 0 ? from : ['']) {
        const content =
          c.name === 'ln' || p === ''
            ? { sources: new Set<never>() }
            : (c.scope.files.get(resolvePath(p, place)) ?? { sources: new Set<never>() });
        if (c.name === 'ln' && !o.has('s', 'symbolic') && !o.has('f')) continue;
        run.write(into(p), content, c, false);
      }
    }
    if (c.name === 'ln')
      for (const p of from)
        if (isSecretFile(p, place) || /\/etc\/(?:passwd|shadow|sudoers)/.test(resolvePath(p, place)))
          f.risk('secret-read', 'shell/secret-link', 'risky', `Makes another way to ${p}`, p);
    if ((c.name === 'cp' || c.name === 'install') && from.some((p) => /^\/dev\/(?:zero|u?random)$/.test(p)))
      f.risk('service', 'shell/fill-disk', 'risky', `Fills the disk by ${target}`, target);
    if (c.name === 'cp' && from[0] === '/dev/null' && groundOf(target, place) !== 'temp')
      f.risk('overwrite', 'shell/truncate', 'risky', `Empties ${target}`, target);
    if (c.name === 'cp' || c.name === 'install' || c.name === 'rsync') {
      for (const p of from)
        if (isSecretFile(p, place)) f.risk('secret-read', 'shell/secret-copy', 'risky', `Copies the credential file ${p}`, p);
      if (c.name === 'install' && /s/.test(o.value('m', 'mode') ?? ''))
        f.risk('privilege', 'shell/setuid', 'risky', 'Installs a program that runs with raised rights');
      if (c.name === 'install' && /^[2467]\d{3}$/.test(o.value('m', 'mode') ?? ''))
        f.risk('privilege', 'shell/setuid', 'risky', 'Installs a program that runs with raised rights');
    }
  },
};
