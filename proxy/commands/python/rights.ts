/** Who may do what with files, and files that are emptied in place. */
import { groundOf, isAuthorityFile, isPersistenceFile, isSecretFile, UNKNOWN } from '../paths.js';
import { argument, type Call, risk } from './run.js';
import { first } from './value.js';

export function permitted(c: Call): void {
  const { run } = c;
  const { x } = run;
  const target = argument(c, 0, 'path');
  const mode = argument(c, 1, 'mode')?.number;
  const t = c.node.text;
  for (const p of target?.strings.length ? target.strings : [UNKNOWN]) {
    const g = groundOf(p, x.place);
    if ((mode !== undefined && (mode & 0o6000) !== 0) || /S_ISUID|S_ISGID/.test(t))
      risk(run, 'privilege', 'code/setuid', 'risky', `Lets ${p} run with its owner's rights`, p);
    else if ((mode !== undefined && (mode & 0o002) !== 0) || /S_IRWXO|S_IWOTH/.test(t))
      risk(run, 'permission', 'code/permission', 'risky', `Lets everybody write ${p}`, p);
    else if (
      ['system', 'root', 'home', 'var', 'device'].includes(g) ||
      /^\/root\//.test(p) ||
      isAuthorityFile(p, x.place) ||
      isSecretFile(p, x.place) ||
      isPersistenceFile(p, x.place) ||
      (mode === 0 && p !== UNKNOWN)
    )
      risk(
        run,
        'permission',
        'code/permission',
        mode !== undefined && mode !== 0 && (mode & 0o077) === 0 && g === 'home-inside' ? 'notable' : 'risky',
        `Changes permissions of ${p}`,
        p,
      );
    else
      risk(
        run,
        'permission',
        'code/permission',
        mode !== undefined && (mode & 0o111) !== 0 && run.seen.has('import requests') ? 'risky' : 'notable',
        `Changes permissions of ${p}`,
        p,
      );
  }
}

export function owned(c: Call): void {
  const target = argument(c, 0, 'path');
  for (const p of target?.strings.length ? target.strings : [UNKNOWN])
    risk(
      c.run,
      'permission',
      'code/owner',
      ['system', 'root', 'home', 'var'].includes(groundOf(p, c.run.x.place)) ||
        c.args.slice(1).some((a) => a.number === 0 || a.strings[0] === 'root') ||
        first(c.keywords.get('user')) === 'root'
        ? 'risky'
        : 'notable',
      `Changes the owner of ${p}`,
      p,
    );
}

export function truncated(c: Call): void {
  const p = first(c.args[0]) ?? '';
  const serious = ['system', 'var', 'root', 'device', 'home-inside'].includes(groundOf(p, c.run.x.place)) && c.name === 'os.truncate';
  risk(c.run, 'overwrite', 'code/truncate', serious ? 'risky' : 'notable', 'Empties a file');
}
