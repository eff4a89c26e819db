/** Files: what is opened, written, deleted, moved, linked, packed and listed, and on what ground it lies. */
import { groundOf, isAccountsFile, isAuthorityFile, isMadeAgain, isPersistenceFile, isSecretFile, resolvePath, UNKNOWN } from '../paths.js';
import { access, CLIMBS, EXAMPLE, keep } from './access.js';
import { does } from './calls.js';
import { argument, type Call, type PythonRun, risk } from './run.js';
import { first, nothing, SCRATCH, type Taint, type Value } from './value.js';

const WALKS = /os\.walk|listdir|glob|scandir|rglob|iterdir/;

export function opened(c: Call): Value {
  const { run } = c;
  const path = argument(c, 0, 'file', 'filename', 'name', 'path');
  let mode = first(argument(c, 1, 'mode')) ?? 'r';
  if (c.name === 'os.open')
    mode = /O_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND)/.test(c.node.text) ? (/O_APPEND/.test(c.node.text) ? 'a' : 'w') : 'r';
  const taints = new Set<Taint>(['file']);
  for (const p of path?.strings ?? []) {
    access(p, mode, run);
    if (isSecretFile(p, run.x.place) && !/[wax]/.test(mode)) {
      taints.add('secret');
      run.taints.add('secret');
    }
  }
  if (path?.name === '__file__' && /[wa+]/.test(mode)) risk(run, 'persistence', 'code/self-change', 'risky', 'Rewrites its own program');
  if (/[wax+]/.test(mode)) {
    run.seen.add('write');
    if ((path?.strings.length ?? 0) === 0) run.seen.add('write unknown');
    if (path?.taints.has('many')) emptied(path, mode, run);
  }
  return { strings: [], name: 'open()', taints };
}

export function wholeFile(c: Call): Value | undefined {
  const writes = does(c.name, 'writefile');
  const path =
    c.name.startsWith('pathlib.') || !writes || !/\.to_|\.tofile|savefig/.test(c.name) ? c.args[0] : argument(c, 0, 'path', 'path_or_buf');
  if (!path) return undefined;
  const taints = new Set<Taint>(['file']);
  for (const p of path.strings) {
    if (/^\w+:\/\//.test(p)) continue;
    access(p, writes ? 'w' : 'r', c.run);
    if (!writes && isSecretFile(p, c.run.x.place)) {
      taints.add('secret');
      c.run.taints.add('secret');
    }
  }
  if (writes && path.taints.has('many')) c.run.seen.add('write many');
  for (const s of c.args.slice(1).flatMap((v) => v.strings)) keep(s, c.run);
  return writes || /load_dotenv|sqlite3|fileinput|pandas/.test(c.name) ? undefined : { strings: [], name: 'open()', taints };
}

/** Every file of a folder is opened to be written: outside the working folder that is an overwriting of somebody's files. */
function emptied(path: Value, mode: string, run: PythonRun): void {
  run.seen.add('write many');
  if (!/w/.test(mode)) return;
  for (const p of path.strings)
    if (
      /\uFFFC(?:\.\w+)?$/.test(p) &&
      !['workspace', 'workspace-all', 'temp', 'unknown', 'parent'].includes(groundOf(p, run.x.place)) &&
      !EXAMPLE.test(p)
    )
      risk(run, 'overwrite', 'code/overwrite-many', 'risky', `Overwrites every file of ${p}`, p);
}

/** Old files of one own folder, a counted number of the newest kept: `for f in logs[10:]: os.remove(os.path.join('logs', f))`. */
function rotated(run: PythonRun, path: string): boolean {
  return (
    /^(?:\.\/)?(?:[\w-]+\/)*(?:logs?|tmp|temp|cache|dist|build|out(?:put)?|checkpoints|snapshots)\/[^/]+$/i.test(path) &&
    /\bfor\s+\w+\s+in\s+\w+\[\s*[1-9]\d*\s*:\s*\]|\bfor\s+\w+\s+in\s+\w+\[\s*:\s*-[1-9]\d*\s*\]/.test(run.source)
  );
}

export function deleted(c: Call): void {
  const { run } = c;
  const { x } = run;
  const tree = does(c.name, 'deletetree');
  const target = argument(c, 0, 'path', 'top');
  const paths = target?.strings ?? [];
  const walks = WALKS.test(run.source);
  for (const p of paths) {
    const g = groundOf(p, x.place);
    const at = resolvePath(p, x.place);
    x.findings.fact('delete', at);
    if (tree && (g === 'root' || g === 'home' || g === 'system'))
      risk(run, 'delete', `code/delete-${g}`, 'catastrophic', `Deletes ${at} with everything in it`, at);
    else if (tree && (p === SCRATCH || p.startsWith(`${SCRATCH}/`) || isMadeAgain(p, x.place, true)))
      risk(run, 'delete', 'code/delete-build', 'notable', `Deletes the folder ${at}`, at);
    else if (tree) risk(run, 'delete', 'code/delete-tree', 'risky', `Deletes the folder ${at}`, at);
    else if (
      g === 'system' ||
      g === 'root' ||
      isAuthorityFile(p, x.place) ||
      isSecretFile(p, x.place) ||
      isPersistenceFile(p, x.place) ||
      /^\/var\/log\/|_history$/.test(at)
    )
      risk(run, 'delete', 'code/delete-system', 'risky', `Deletes ${at}`, at);
    else if ((g !== 'workspace' && g !== 'temp' && !EXAMPLE.test(at) && g !== 'unknown') || CLIMBS.test(p))
      risk(run, 'delete', 'code/delete-outside', 'risky', `Deletes ${at}, outside the working folder`, at);
    else
      risk(
        run,
        'delete',
        'code/delete',
        (/\uFFFC/.test(p) || target?.taints.has('many')) && walks && !p.startsWith(SCRATCH) && !generated(run, p) && !rotated(run, p)
          ? 'risky'
          : 'notable',
        `Deletes ${at}`,
        at,
      );
  }
  if (paths.length === 0)
    risk(
      run,
      'delete',
      tree ? 'code/delete-tree' : 'code/delete',
      !tree && generated(run)
        ? 'notable'
        : tree || (walks && target?.taints.has('many')) || /^each /.test(target?.name ?? '')
          ? 'risky'
          : 'notable',
      'Deletes what is known only when it runs',
    );
}

const GENERATED = 'pyc|pyo|tmp|log|bak|o|class|swp|orig|cache|part|lock|pid';
const NAMED_GENERATED = new RegExp(`(?:glob|endswith|suffix\\s*==)\\(?\\s*\\(?[rf]?['"](?:\\./)?[\\w*/.-]*\\.(?:${GENERATED})['"]`);
const IS_GENERATED = new RegExp(`\\.(?:${GENERATED})$`);

/** Files that programs leave behind: the program says by their ending that it means only these. */
function generated(run: PythonRun, path = ''): boolean {
  return IS_GENERATED.test(path) || (NAMED_GENERATED.test(run.source) && !/['"](?:\/|~)/.test(run.source));
}

export function moved(c: Call): void {
  const { run } = c;
  const { x } = run;
  const moves = does(c.name, 'move');
  const links = does(c.name, 'link');
  // `link.symlink_to(target)` names the target last, `os.symlink(target, link)` first.
  const back = c.name.startsWith('pathlib.') && links;
  const from = argument(c, back ? 1 : 0, 'src', 'source');
  const to = argument(c, back ? 0 : 1, 'dst', 'dest', 'target', 'destination');
  for (const a of from?.strings ?? []) {
    const g = groundOf(a, x.place);
    if (isSecretFile(a, x.place) || (isAccountsFile(a, x.place) && /passwd|shadow|sudoers|ssh/.test(a)))
      risk(run, 'secret-read', 'code/secret-copy', 'risky', `Copies or moves ${a}`, a);
    else if (moves && ['root', 'home', 'system'].includes(g))
      risk(run, 'overwrite', 'code/move-system', g === 'system' ? 'risky' : 'catastrophic', `Moves ${a}`, a);
    else if (moves && (isPersistenceFile(a, x.place) || g === 'var' || /^\/root\//.test(a) || /^\/var\/log\//.test(a)))
      risk(run, 'overwrite', 'code/move-system', EXAMPLE.test(a) ? 'notable' : 'risky', `Moves ${a}`, a);
    else if (links && ['root', 'system', 'home'].includes(g) && !/^\/usr\/(?:share|local|lib)/.test(a))
      risk(run, 'secret-read', 'code/link', 'risky', `Makes a way to ${a}`, a);
    else if (/tree/.test(c.name) && ['root', 'home', 'system'].includes(g))
      risk(run, 'secret-read', 'code/copy-system', 'risky', `Copies ${a} with everything in it`, a);
    else if (!moves && !links && g === 'system' && /^\/etc\//.test(a))
      risk(run, 'secret-read', 'code/system-read', 'notable', `Copies ${a}`, a);
    if (to?.strings.includes('/dev/null')) risk(run, 'delete', 'code/delete', 'risky', `Destroys ${a}`, a);
  }
  for (const b of to?.strings ?? []) {
    if (links && groundOf(b, x.place) === 'temp') continue;
    access(b, 'w', run);
  }
}

export function folders(c: Call): void {
  const p = first(argument(c, 0, 'name', 'path'));
  if (p === undefined) return;
  const g = groundOf(p, c.run.x.place);
  if (g === 'system' || g === 'root' || isPersistenceFile(p, c.run.x.place))
    risk(c.run, 'overwrite', 'code/write-system', 'risky', `Makes the folder ${p}`, p);
}

/** `extractall('/')`, and archives unpacked over a folder of the system. */
export function extracted(c: Call): void {
  const to = /unpack_archive$/.test(c.name)
    ? argument(c, 1, 'extract_dir')
    : /\.extract$/.test(c.name)
      ? (c.args[1] ?? c.keywords.get('path'))
      : argument(c, 0, 'path', 'members');
  for (const p of to?.strings ?? []) if (!isMadeAgain(p, c.run.x.place, true)) access(p.endsWith('/') ? `${p}x` : `${p}/x`, 'w', c.run);
}

export function packed(c: Call): void {
  if (!/\b(?:tarfile|zipfile|make_archive|py7zr|pyzipper|pyminizip)\b/.test(c.run.source)) return;
  for (const v of [...c.args, ...c.keywords.values()])
    for (const s of v.strings)
      if (/^[~/]/.test(s) && ['home', 'home-inside', 'root', 'system', 'var'].includes(groundOf(s, c.run.x.place))) {
        c.run.seen.add('packed');
        if (/make_archive/.test(c.name) && ['home', 'root', 'system'].includes(groundOf(s, c.run.x.place)))
          risk(c.run, 'secret-read', 'code/copy-system', 'risky', `Packs ${s} with everything in it`, s);
      }
}

const TELLING =
  /^\/(?:etc|root|home|boot|proc|Users|var\/log|var\/spool|var\/lib\/mysql|sys\/kernel|run\/secrets)(?:\/|$|\*)|^\/\**$|^[A-Za-z]:[\\/]*(?:Users|Windows)?[\\/]*\**$/;

/** What lies in a folder: `each` of it is a path below. */
export function listed(c: Call): Value {
  const { run } = c;
  const path = argument(c, 0, 'path', 'top', 'pathname');
  const pattern = c.name.startsWith('pathlib.') ? first(c.args[1]) : undefined;
  const item: Value = { strings: [], taints: new Set<Taint>(['many']) };
  for (const p of path?.strings ?? []) {
    const at = resolvePath(p, run.x.place);
    run.x.findings.fact('read', at);
    if (TELLING.test(p) || TELLING.test(at)) {
      const deep = /walk|rglob|scandir/.test(c.name) || /\*\*/.test(p + (pattern ?? ''));
      risk(
        run,
        'secret-read',
        'code/list-system',
        /^\/(?:etc|root|proc|var\/log)/.test(p) || deep ? 'risky' : 'notable',
        `Lists ${at}`,
        at,
      );
    }
    if (isSecretFile(p, run.x.place) || isSecretFile(`${p}/x`, run.x.place))
      risk(run, 'secret-read', 'code/secret-read', 'risky', `Lists a folder of credentials: ${at}`, at);
    const below =
      /glob/.test(c.name) && !c.name.startsWith('pathlib.')
        ? p.replace(/\*+/g, UNKNOWN)
        : `${p.replace(/\/$/, '')}/${(pattern ?? UNKNOWN).replace(/\*+/g, UNKNOWN)}`;
    item.strings.push(below);
  }
  if (item.strings.length === 0 && pattern !== undefined) item.strings.push(`${UNKNOWN}/${pattern.replace(/\*+/g, UNKNOWN)}`);
  if (c.name.startsWith('pathlib.')) item.name = 'pathlib.Path';
  const out: Value = { strings: [], name: `${c.name}()`, taints: new Set<Taint>(['many', 'host']) };
  if (/walk/.test(c.name)) {
    const leaf: Value = { strings: [], taints: new Set<Taint>(['many']) };
    const top: Value = {
      ...item,
      strings: path?.strings.length ? [...path.strings.slice(0, 2), ...item.strings.slice(0, 2)] : item.strings,
    };
    out.items = [{ ...nothing(), items: [top, { ...leaf, items: [leaf] }, { ...leaf, items: [leaf] }] }];
  } else if (/listdir/.test(c.name)) out.items = [{ strings: [], taints: new Set<Taint>(['many']) }];
  else if (/scandir/.test(c.name)) out.items = [{ ...item, name: 'os.DirEntry' }];
  else out.items = [item];
  return out;
}
