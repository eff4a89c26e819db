/** What is read and written: one path at a time. */
import { decidesAccess, groundOf, isAccountsFile, isAuthorityFile, isPersistenceFile, isSecretFile, resolvePath } from '../paths.js';
import { type PythonRun, risk } from './run.js';

/** Example paths of documentation: nobody's ground. */
export const EXAMPLE =
  /^\/(?:mnt|data|workspace|content|kaggle|app|code|out|output|path|your|some|dataset|datasets|input|project|repo|src|work)\//;
/** A path that climbs three folders up or more. */
export const CLIMBS = /(?:^|\/)\.\.\/(?:[^/]+\/)*?\.\.\/(?:[^/]+\/)*?\.\.(?:\/|$)/;

/** Remembers what is written, for programs that run what they wrote. */
export function keep(content: string, run: PythonRun): void {
  if (content.length > 20 && run.contents.length < 8) run.contents.push(content);
}

/** Judges what is done to one path; `mode` is that of `open`. */
export function access(path: string, mode: string, run: PythonRun): void {
  const { x } = run;
  const at = resolvePath(path, x.place);
  const g = groundOf(path, x.place);
  const writes = /[wax+]/.test(mode);
  x.findings.fact(writes ? 'write' : 'read', at);
  if (/^\/dev\/(?:tty|pty|ptmx|std\w+|pts\/|fd\/)/.test(at)) return;
  if (writes) {
    x.findings.written.push({ path: at, risks: [] });
    if (g === 'device' || /^\/dev\/(?:mem|kmem)/.test(at))
      risk(run, 'overwrite', 'code/write-device', 'catastrophic', `Overwrites the device ${at}`, at);
    else if (decidesAccess(at))
      risk(run, 'privilege', 'code/write-accounts', 'catastrophic', `Writes ${at}, which decides who may do what on this machine`, at);
    else if (
      isPersistenceFile(path, x.place) ||
      (/\.pth$|(?:site|user)customize\.py$/.test(at) &&
        /getsitepackages|getusersitepackages|sysconfig|purelib|site-packages|dist-packages/.test(run.source))
    )
      risk(run, 'persistence', 'code/write-start-file', 'risky', `Writes ${at}, which runs by itself later`, at);
    else if (/(?:site|dist)-packages\/./.test(at))
      risk(run, 'persistence', 'code/package-change', 'risky', `Changes the code of an installed package: ${at}`, at);
    else if (/(?:^|\/)(?:pip\.(?:conf|ini)|\.condarc|\.pydistutils\.cfg|\.yarnrc(?:\.yml)?|\.npmrc)$/.test(at))
      risk(run, 'foreign-package', 'package/source', 'risky', `Changes where packages come from: ${at}`, at);
    else if (isAuthorityFile(path, x.place) || g === 'system' || g === 'root')
      risk(run, 'overwrite', 'code/write-system', 'risky', `Writes ${at} of the system`, at);
    else if (isSecretFile(path, x.place)) risk(run, 'overwrite', 'code/write-credentials', 'risky', `Writes the credential file ${at}`, at);
    else if (/^\/var\/log\/|_history$/.test(at) && /w/.test(mode))
      risk(run, 'history', 'code/clear-log', 'risky', `Empties the log ${at}`, at);
    else if (g === 'var' || g === 'elsewhere' || /^\/root\/|^\/(?:home|Users)\/[^/]+\//.test(path))
      risk(
        run,
        'overwrite',
        'code/write-outside',
        EXAMPLE.test(at) || /^\/(?:home|Users)\//.test(path) ? 'notable' : 'risky',
        `Writes ${at}, outside the working folder`,
        at,
      );
    else if (CLIMBS.test(path)) risk(run, 'overwrite', 'code/write-outside', 'risky', `Writes ${path}, far above the working folder`, path);
    return;
  }
  if (isSecretFile(path, x.place)) risk(run, 'secret-read', 'code/secret-read', 'risky', `Reads a file that holds credentials: ${at}`, at);
  else if (isAccountsFile(path, x.place))
    risk(run, 'secret-read', 'code/accounts-read', /fstab|exports/.test(at) ? 'notable' : 'risky', `Reads ${at}`, at);
  else if (
    g === 'device' ||
    /^\/proc\/(?:kcore|kallsyms|(?:\d+|self|\uFFFC)\/(?:mem|maps|environ|cmdline|status|fd|stat|smaps))|^\/var\/log\/|^\/boot\//.test(at) ||
    /^\/root\/./.test(path)
  )
    risk(
      run,
      'secret-read',
      'code/system-read',
      /^\/proc\/self\/(?:status|stat)|ttyUSB|ttyACM/.test(at) ? 'notable' : 'risky',
      `Reads ${at}`,
      at,
    );
  else if (
    g === 'system' &&
    !/^\/(?:usr\/(?:share|lib|local)|etc\/(?:os-release|timezone|localtime|hostname|hosts|resolv|mime|ssl\/certs|lsb)|proc\/(?:cpuinfo|meminfo|version|uptime|loadavg|stat|self\/status))/.test(
      at,
    )
  )
    risk(run, 'secret-read', 'code/system-read', /^\/etc\//.test(at) ? 'risky' : 'notable', `Reads ${at} of the system`, at);
  else if (CLIMBS.test(path)) risk(run, 'secret-read', 'code/climb', 'risky', `Reads ${path}, far above the working folder`, path);
}
