import { groundOf, isAuthorityFile, isCertainSecret, isPersistenceFile, resolvePath } from '../paths.js';
import type { Command, Run } from './command.js';
import type { Flow } from './flow.js';

/** Judges a write by where it goes: devices, system files, start files, settings, credential files. */
export function judgeWrite(path: string, content: Flow, append: boolean, run: Run, c: Command): void {
  const place = run.place(c.scope);
  const at = resolvePath(path, place);
  const f = run.findings;
  const ground = groundOf(path, place);
  if (/^\/dev\/(?:null|stdout|stderr|tty\w*|fd\/\d+)$/.test(at)) return;
  if (/^\/dev\/(?:mem|kmem|port)$/.test(at))
    f.risk('overwrite', 'shell/write-memory', 'catastrophic', `Writes into the machine's memory: ${at}`, at);
  else if (ground === 'device') f.risk('overwrite', 'shell/write-device', 'catastrophic', `Overwrites the device ${at}`, at);
  else if (/^\/proc\/sysrq-trigger$/.test(at))
    f.risk('service', 'shell/sysrq', 'catastrophic', 'Makes the kernel reboot, crash or kill processes at once', at);
  else if (/^\/(?:proc\/sys|sys)\//.test(at))
    f.risk('admin', 'shell/write-kernel-setting', 'risky', `Changes a setting of the kernel: ${at}`, at);
  else if (/(?:^|\/)etc\/(?:passwd|shadow|gshadow|sudoers|sudoers\.d\/.*|ld\.so\.preload|pam\.d\/.*)$/.test(at))
    f.risk('privilege', 'shell/write-accounts', 'catastrophic', `Writes ${at}, which decides who may do what on this machine`, at);
  else if (/authorized_keys2?$/.test(at))
    f.risk('persistence', 'shell/authorized-keys', append ? 'risky' : 'catastrophic', `Lets a key sign in by writing ${at}`, at);
  else if (isPersistenceFile(path, place))
    f.risk('persistence', 'shell/write-start-file', 'risky', `Writes ${at}, which runs by itself later`, at);
  else if (isAuthorityFile(path, place)) f.risk('overwrite', 'shell/write-system-setting', 'risky', `Changes the system setting ${at}`, at);
  else if (isCertainSecret(path, place)) f.risk('overwrite', 'shell/write-credentials', 'risky', `Writes the credential file ${at}`, at);
  else if (ground === 'root' || ground === 'system')
    f.risk(
      'overwrite',
      'shell/write-system',
      /^\/(?:boot|bin|sbin|lib|usr\/s?bin|usr\/lib)\//.test(at) ? 'risky' : 'risky',
      `Writes into the system folder: ${at}`,
      at,
    );
  else if (/^\/var\/log\/|\.(?:bash|zsh|python|mysql|psql|node_repl)_history$/.test(at) && !append)
    f.risk('history', 'shell/clear-log', 'risky', `Empties the log or history ${at}`, at);
  else f.fact('write', at, append ? 'append' : undefined);
  if (content.sources.has('secret') && ground !== 'temp') f.fact('secret-copied', at);
}
