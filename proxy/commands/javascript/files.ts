/** Files that a program reads, writes, moves and deletes. */
import type { RiskLevel } from '../../contract/index.js';
import type { RiskClass } from '../findings.js';
import { isExecutableUrl } from '../hosts.js';
import {
  decidesAccess,
  groundOf,
  isAccountsFile,
  isAuthorityFile,
  isMadeAgain,
  isPersistenceFile,
  isSecretFile,
  resolvePath,
  UNKNOWN,
} from '../paths.js';
import type { ScriptRun } from './rules.js';
import { tainted, type Value } from './values.js';

/** Judges a call of the file system by its verb. */
export function files(verb: string, args: Value[], run: ScriptRun): Value | undefined {
  const f = run.x.findings;
  const { place } = run.x;
  const p = args[0]?.text;
  const at = p === undefined ? UNKNOWN : resolvePath(p, place);
  const g = p === undefined || p === UNKNOWN ? 'unknown' : groundOf(p, place);
  const risk = (cls: RiskClass, id: string, level: RiskLevel, what: string): void => f.risk(cls, id, level, what, at);
  const guard = (path: string | undefined): void => {
    if (path !== undefined) run.x.protected.path(path, place, f);
  };
  guard(p);
  if (/^(?:rm|rmdir|unlink|remove|emptyDir|rimraf.*|del.*|trash|Deno\.remove.*)$/.test(verb)) {
    const tree =
      /emptyDir|remove$|rimraf|^del/.test(verb) ||
      args[1]?.fields?.get('recursive')?.text === 'true' ||
      /recursive\s*:\s*(?:true|!0|1)/.test(run.source);
    f.fact('delete', at);
    if (tree && (g === 'root' || g === 'home' || g === 'system'))
      risk('delete', 'code/delete-system', 'catastrophic', `Deletes ${at} with everything in it`);
    else if (tree && p !== undefined && (g === 'temp' || isMadeAgain(p, place, true)))
      risk('delete', 'code/delete-build', 'notable', `Deletes the folder ${at}`);
    else if (tree)
      risk('delete', 'code/delete-tree', 'risky', `Deletes the folder ${p === undefined ? 'that is known only when it runs' : at}`);
    else if (
      g === 'system' ||
      g === 'root' ||
      (p !== undefined && (isAuthorityFile(p, place) || isSecretFile(p, place) || /^\/var\/log\/|_history$/.test(at)))
    )
      risk('delete', 'code/delete-system', 'risky', `Deletes ${at}`);
    else if (p !== undefined && !p.includes(UNKNOWN) && g !== 'workspace' && g !== 'temp' && g !== 'unknown')
      risk('delete', 'code/delete-outside', 'risky', `Deletes ${at}, outside the working folder`);
    else
      risk(
        'delete',
        'code/delete',
        /readdir|glob|walk/.test(run.source) && !/\.(?:tmp|log|bak|map|tsbuildinfo)['"`]/.test(run.source) ? 'risky' : 'notable',
        `Deletes ${p === undefined ? 'files' : at}`,
      );
    return undefined;
  }
  if (
    /^(?:read|createRead|Deno\.read|Bun\.file|openAsBlob|readdir)/.test(verb) ||
    (verb === 'open' && !/[wa+]/.test(args[1]?.text ?? 'r'))
  ) {
    f.fact('read', at);
    if (p === undefined) return { taints: tainted('file') };
    if (isSecretFile(p, place)) {
      risk('secret-read', 'code/secret-read', 'risky', `Reads a file that holds credentials: ${at}`);
      run.taints.add('secret');
      return { taints: tainted('file', 'secret') };
    }
    if (isAccountsFile(p, place)) risk('secret-read', 'code/accounts-read', /fstab|exports/.test(at) ? 'notable' : 'risky', `Reads ${at}`);
    else if (g === 'device' || /^\/proc\/(?:kcore|\w+\/(?:mem|maps|environ))|^\/var\/log\/(?:auth|secure|audit)/.test(at))
      risk('secret-read', 'code/system-read', 'risky', `Reads ${at}`);
    return { taints: tainted('file') };
  }
  if (args[0]?.name === 'require.resolve()' || (p !== undefined && /(?:^|\/)node_modules\/(?!\.)/.test(p)))
    if (/^(?:write|append|output|copy|cp|Deno\.write|createWrite)/.test(verb))
      risk('persistence', 'code/package-change', 'risky', 'Changes the code of an installed package');
  const second = args[1]?.text;
  if (/^(?:copy|cp|move|rename|link|symlink)/.test(verb)) {
    guard(second);
    if (p !== undefined && isSecretFile(p, place)) risk('secret-read', 'code/secret-copy', 'risky', `Copies or moves ${at}`);
    else if (/^(?:move|rename)/.test(verb) && ['root', 'home', 'system'].includes(g))
      risk('overwrite', 'code/move-system', g === 'system' ? 'risky' : 'catastrophic', `Moves ${at}`);
    if (second !== undefined) written(second, run, undefined);
    return undefined;
  }
  if (/^l?ch(?:mod|own)$/.test(verb)) {
    const mode = Number(args[1]?.text);
    const bits = Number.isNaN(mode)
      ? Number.parseInt(args[1]?.text ?? '0', 8)
      : /^[0-7]{3,4}$/.test(args[1]?.text ?? '') && mode >= 600
        ? Number.parseInt(args[1]!.text!, 8)
        : mode;
    if (/own/.test(verb))
      risk('permission', 'code/owner', g === 'system' || args[1]?.text === '0' ? 'risky' : 'notable', `Changes the owner of ${at}`);
    else if ((bits & 0o6000) !== 0) risk('privilege', 'code/setuid', 'risky', `Lets ${at} run with its owner's rights`);
    else if ((bits & 0o002) !== 0) risk('permission', 'code/permission', 'risky', `Lets everybody write ${at}`);
    else if (['system', 'root', 'home'].includes(g) || (p !== undefined && (isAuthorityFile(p, place) || isSecretFile(p, place))))
      risk('permission', 'code/permission', 'risky', `Changes permissions of ${at}`);
    else if ((bits & 0o111) !== 0 && run.seen.has('fetch'))
      risk('download-run', 'code/download-run', 'risky', `Makes ${at}, which may be downloaded, a program`);
    return undefined;
  }
  if (/^utimes/.test(verb)) {
    if (g === 'system') risk('history', 'shell/timestomp', 'risky', `Falsifies the time of ${at}`);
    return undefined;
  }
  if (verb === 'truncate' && ['system', 'var', 'root', 'device'].includes(g)) risk('overwrite', 'code/truncate', 'risky', `Empties ${at}`);
  if (p !== undefined) written(p, run, args[1]);
  else if (/write|output|append/i.test(verb)) run.seen.add('write unknown');
  return undefined;
}

function written(path: string, run: ScriptRun, content: Value | undefined): void {
  const f = run.x.findings;
  const { place } = run.x;
  const at = resolvePath(path, place);
  const g = groundOf(path, place);
  run.x.protected.path(path, place, f);
  f.fact('write', at);
  f.written.push({
    path: at,
    risks: content?.taints.has('net') ? ['shell/download'] : [],
    ...(content?.text !== undefined ? { content: content.text.slice(0, 16_384) } : {}),
  });
  if (content?.taints.has('net') && isExecutableUrl(at))
    f.risk('download-run', 'network/download-program', 'risky', `Stores a downloaded program as ${at}`, at);
  if (g === 'device') f.risk('overwrite', 'code/write-device', 'catastrophic', `Overwrites the device ${at}`, at);
  else if (decidesAccess(at))
    f.risk('privilege', 'code/write-accounts', 'catastrophic', `Writes ${at}, which decides who may do what on this machine`, at);
  else if (isPersistenceFile(path, place))
    f.risk('persistence', 'code/write-start-file', 'risky', `Writes ${at}, which runs by itself later`, at);
  else if (isAuthorityFile(path, place) || g === 'system' || g === 'root')
    f.risk('overwrite', 'code/write-system', 'risky', `Writes ${at} of the system`, at);
  else if (isSecretFile(path, place) && !/\.env(?:\.\w+)?$/.test(path))
    f.risk('overwrite', 'code/write-credentials', 'risky', `Writes the credential file ${at}`, at);
  else if (/^\/var\/log\/|_history$/.test(at)) f.risk('history', 'code/clear-log', 'risky', `Empties the log ${at}`, at);
  else if (g === 'var') f.risk('overwrite', 'code/write-outside', 'risky', `Writes ${at}, outside the working folder`, at);
}
