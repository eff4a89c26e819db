import { groundOf, isAuthorityFile, isCertainSecret, isPersistenceFile, resolvePath } from '../paths.js';
import type { Command, Run } from './command.js';
import type { Flow } from './flow.js';

/** A switch of a project's own settings: a name in capitals and a number, a word of yes or no, a stage, this machine. */
const PLAIN_SETTING =
  /^(?:\s*|#[^\n]*|[A-Z][A-Z0-9_]*=["']?(?:\d{1,6}|true|false|on|off|yes|no|development|dev|test|testing|local|debug|info|warn|error|(?:http:\/\/)?(?:localhost|127\.0\.0\.1)(?::\d+)?)?["']?)$/;

/** True when a few plain settings are appended to a `.env` file of the working folder. */
function settingAppended(at: string, ground: string, content: Flow, append: boolean): boolean {
  return (
    append &&
    ground === 'workspace' &&
    /(?:^|\/)\.env(?:\.[\w-]+)*$/.test(at) &&
    content.text !== undefined &&
    content.text.length < 2000 &&
    content.sources.size === 0 &&
    content.text.split('\n').every((l) => PLAIN_SETTING.test(l))
  );
}

const WEB_ROOT = /^\/(?:var\/www|srv\/(?:www|http|htdocs)|usr\/share\/nginx\/html|usr\/local\/www|opt\/lampp\/htdocs|Library\/WebServer)\//;
/** A page that runs what its visitor sends. */
const WEB_SHELL =
  /(?:system|exec|shell_exec|passthru|popen|eval|assert|proc_open)\s*\(\s*(?:base64_decode\s*\(\s*)?\$_(?:GET|POST|REQUEST|COOKIE|SERVER)|`\$_(?:GET|POST|REQUEST)|Runtime\.getRuntime\(\)\.exec\(\s*request\.getParameter|eval\s*\(?\s*Request(?:\.Item|\[|\()/i;

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
  else if (settingAppended(at, ground, content, append)) f.risk('overwrite', 'shell/setting', 'notable', `Appends a setting to ${at}`, at);
  else if (isCertainSecret(path, place)) f.risk('overwrite', 'shell/write-credentials', 'risky', `Writes the credential file ${at}`, at);
  else if (ground === 'root' || ground === 'system')
    f.risk(
      'overwrite',
      'shell/write-system',
      /^\/(?:boot|bin|sbin|lib|usr\/s?bin|usr\/lib)\//.test(at) ? 'risky' : 'risky',
      `Writes into the system folder: ${at}`,
      at,
    );
  else if (WEB_ROOT.test(at)) f.risk('overwrite', 'shell/write-site', 'risky', `Writes into a site that is served: ${at}`, at);
  else if (/^\/var\/log\/|\.(?:bash|zsh|python|mysql|psql|node_repl)_history$/.test(at) && !append)
    f.risk('history', 'shell/clear-log', 'risky', `Empties the log or history ${at}`, at);
  else f.fact('write', at, append ? 'append' : undefined);
  if (content.text !== undefined && WEB_SHELL.test(content.text))
    f.risk('reverse-shell', 'code/web-shell', 'catastrophic', `Writes a page that runs what its visitor sends: ${at}`, at);
  if (content.sources.has('secret') && ground !== 'temp') f.fact('secret-copied', at);
}
