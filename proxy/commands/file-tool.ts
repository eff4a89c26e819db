import type { ReadCall } from './classify.js';
import type { Findings } from './findings.js';
import {
  decidesAccess,
  groundOf,
  isAccountsFile,
  isAuthorityFile,
  isPersistenceFile,
  isSecretFile,
  type Place,
  resolvePath,
} from './paths.js';

/** Judges a file tool by where it reads, writes or deletes. */
export function readFileTool(call: ReadCall, f: Findings, place: Place): void {
  for (const { path, verb } of call.paths) {
    const at = resolvePath(path, place);
    const ground = groundOf(path, place);
    const secret = isSecretFile(path, place);
    f.fact(verb === 'list' ? 'read' : verb, at);
    if (verb === 'read') {
      if (secret) f.risk('secret-read', 'file/secret-read', 'risky', `Reads a file that holds credentials: ${at}`, at);
      else if (isAccountsFile(path, place))
        f.risk(
          'secret-read',
          'file/accounts-read',
          /passwd|group|sudoers|ssh|security|pam/.test(at) ? 'risky' : 'notable',
          `Reads ${at}`,
          at,
        );
      continue;
    }
    if (verb === 'list') continue;
    if (verb === 'delete') {
      if (ground === 'root' || ground === 'home') f.risk('delete', `file/delete-${ground}`, 'catastrophic', `Deletes ${at}`, at);
      else if (ground === 'system' || ground === 'device' || isAuthorityFile(path, place))
        f.risk('delete', 'file/delete-system', 'risky', `Deletes ${at} of the system`, at);
      else if (secret) f.risk('delete', 'file/delete-credentials', 'risky', `Deletes the credential file ${at}`, at);
      else if (ground === 'workspace-all' || ground === 'parent' || /(?:^|\/)\.git\/?$/.test(at))
        f.risk('delete', 'file/delete-workspace', 'risky', `Deletes ${at}`, at);
      else if (ground !== 'workspace' && ground !== 'temp')
        f.risk('delete', 'file/delete-outside', 'risky', `Deletes ${at}, outside the working folder`, at);
      else f.risk('delete', 'file/delete', 'notable', `Deletes ${at}`, at);
      continue;
    }
    if (ground === 'device') f.risk('overwrite', 'file/write-device', 'catastrophic', `Writes the device ${at}`, at);
    else if (decidesAccess(at))
      f.risk('privilege', 'file/write-accounts', 'catastrophic', `Writes ${at}, which decides who may do what on this machine`, at);
    else if (isPersistenceFile(path, place))
      f.risk('persistence', 'file/write-start-file', 'risky', `Writes ${at}, which runs by itself later`, at);
    else if (isAuthorityFile(path, place) || ground === 'system' || ground === 'root')
      f.risk('overwrite', 'file/write-system', 'risky', `Writes ${at} of the system`, at);
    else if (secret) f.risk('overwrite', 'file/write-credentials', 'risky', `Writes the credential file ${at}`, at);
    else if (/^[~/].*\/\.[\w-]+$|^~\/\.\w+/.test(at) && ground === 'home-inside')
      f.risk('overwrite', 'file/write-dotfile', 'risky', `Writes the settings file ${at}`, at);
    for (const c of call.content) f.written.push({ path: at, content: c, risks: [] });
  }
}
