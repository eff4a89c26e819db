import type { RiskLevel } from '../../contract/index.js';
import type { CodeContext } from '../code.js';
import { readCode } from '../code.js';
import type { Findings, RiskClass } from '../findings.js';
import { hostOf } from '../hosts.js';
import { groundOf, isMadeAgain, type Place } from '../paths.js';
import { judgeLine, judgeProxy } from './proxies.js';

interface Judge {
  f: Findings;
  place: Place;
  /** Arguments as one lower-cased line. */
  line: string;
  argv: readonly string[];
  risk(cls: RiskClass, id: string, level: RiskLevel, text: string, target?: string): void;
}

const flag = (j: Judge, letter: string): boolean =>
  new RegExp(`(?:^|\\s)[/-]${letter}(?:\\s|$|:)`, 'i').test(j.line) || new RegExp(`/[a-z]*/?${letter}(?:\\s|/|$)`, 'i').test(j.line);
const operands = (j: Judge): string[] => j.argv.filter((a) => !/^[/-][a-z?]/i.test(a) || /^\/[a-z]+\//i.test(a));

function removal(j: Judge, recursive: boolean, quiet: boolean): void {
  for (const p of operands(j)) {
    const g = groundOf(p.replace(/^"|"$/g, ''), j.place);
    j.f.fact('delete', p);
    if (recursive && (g === 'root' || g === 'home' || g === 'system'))
      j.risk('delete', `windows/delete-${g}`, 'catastrophic', `Deletes ${p} with everything in it`, p);
    else if (g === 'system' || g === 'root' || g === 'home') j.risk('delete', 'windows/delete-system', 'risky', `Deletes ${p}`, p);
    else if (/%(?:userprofile|systemroot|windir|appdata|programfiles|systemdrive|homepath)%/i.test(p))
      j.risk('delete', 'windows/delete-home', recursive ? 'catastrophic' : 'risky', `Deletes ${p}`, p);
    else if (recursive && quiet && isMadeAgain(p, j.place, false)) j.risk('delete', 'windows/delete-build', 'notable', `Deletes ${p}`, p);
    else if (recursive && quiet) j.risk('delete', 'windows/delete-recursive', 'risky', `Deletes ${p} without asking`, p);
    else if (recursive && g === 'workspace-all')
      j.risk('delete', 'windows/delete-workspace', 'risky', 'Deletes the whole working folder', p);
    else if (recursive && /^[a-z]:/i.test(p) && g !== 'temp') j.risk('delete', 'windows/delete-recursive', 'risky', `Deletes ${p}`, p);
    else j.risk('delete', 'windows/delete', 'notable', `Deletes ${p}`, p);
  }
}

const RULES: Record<string, (j: Judge) => void> = {
  'del erase': (j) => {
    if (/[/-]/.test(j.line) || operands(j).some((p) => /^[A-Za-z]:|%|\*/.test(p))) removal(j, flag(j, 's'), flag(j, 'q') || flag(j, 'f'));
  },
  'rd rmdir deltree': (j) => {
    if (flag(j, 's')) removal(j, true, flag(j, 'q'));
  },
  format: (j) => {
    if (/(?:^|\s)[a-z]:/.test(j.line)) j.risk('overwrite', 'windows/format', 'catastrophic', `Formats ${/[a-z]:/.exec(j.line)?.[0]}`);
  },
  diskpart: (j) => j.risk('overwrite', 'windows/partition', j.argv.length > 0 ? 'risky' : 'notable', 'Changes partitions'),
  vssadmin: (j) => {
    if (/delete|resize/.test(j.line))
      j.risk('delete', 'windows/delete-shadows', 'catastrophic', 'Deletes the copies that a restore would need');
  },
  wbadmin: (j) => {
    if (/delete/.test(j.line)) j.risk('delete', 'windows/delete-backup', 'catastrophic', 'Deletes backups');
  },
  bcdedit: (j) => {
    if (/\/set|\/delete|recoveryenabled|bootstatuspolicy|testsigning|safeboot/.test(j.line))
      j.risk('admin', 'windows/boot', 'risky', 'Changes how the machine starts');
  },
  reagentc: (j) => {
    if (/disable/.test(j.line)) j.risk('admin', 'windows/boot', 'risky', 'Turns recovery off');
  },
  wmic: (j) => {
    if (/shadowcopy\s+delete/.test(j.line))
      j.risk('delete', 'windows/delete-shadows', 'catastrophic', 'Deletes the copies that a restore would need');
    else if (
      /process\s+call\s+create|\/node:|product.*call\s+uninstall|\/format:\s*\S*(?:http|\.xsl)|useraccount.*(?:set|delete|rename)|service.*call\s+(?:stop|delete)|datafile.*delete|call\s+terminate|\bdelete\b/.test(
        j.line,
      )
    )
      j.risk('execute', 'windows/wmic', 'risky', 'Runs or ends programs by WMI');
  },
  reg: (j) => {
    const verb = (j.argv[0] ?? '').toLowerCase();
    const key = (j.argv[1] ?? '').replace(/^"|"$/g, '');
    if (verb === 'save' || verb === 'export') {
      if (/hklm\\(?:sam|system|security)/i.test(key))
        j.risk('secret-read', 'windows/sam', 'catastrophic', 'Copies the password database of Windows', key);
    } else if (verb === 'delete')
      j.risk(
        'delete',
        'windows/registry-delete',
        /^hklm|^hkey_local|\\run|policies|system|\/va/i.test(`${key} ${j.line}`) ? 'risky' : 'risky',
        `Deletes from the registry: ${key}`,
        key,
      );
    else if (verb === 'add' || verb === 'import' || verb === 'restore' || verb === 'load') {
      const serious =
        /\\run(?:once)?\b|winlogon|image file execution|policies|defender|services\\|userinit|appinit|lsa|terminal server|firewall|sethc|utilman|uac|enablelua|disableantispyware|shell\\open|inprocserver|environment|\bsystem\\/i.test(
          `${key} ${j.line}`,
        );
      if (serious || verb !== 'add') j.risk('persistence', 'windows/registry', 'risky', `Changes the registry: ${key}`, key);
      else j.risk('admin', 'windows/registry', /^hklm|^hkey_local/i.test(key) ? 'risky' : 'notable', `Changes the registry: ${key}`, key);
    } else if (verb === 'query' && /password|\bsam\b|winlogon/i.test(j.line))
      j.risk('secret-read', 'windows/registry-passwords', 'risky', 'Looks for passwords in the registry', key);
  },
  schtasks: (j) => {
    if (/\/create|\/change/.test(j.line)) j.risk('persistence', 'windows/schedule', 'risky', 'Schedules commands that run by themselves');
    else if (/\/delete/.test(j.line))
      j.risk('delete', 'windows/schedule-delete', /\/f\b/.test(j.line) ? 'risky' : 'notable', 'Deletes scheduled commands');
    else if (/\/run\b/.test(j.line)) j.risk('execute', 'windows/schedule-run', 'notable', 'Runs a scheduled command');
  },
  at: (j) => {
    if (/\d:\d\d/.test(j.line) && /\.exe|cmd|\.bat/.test(j.line))
      j.risk('persistence', 'windows/schedule', 'risky', 'Schedules commands that run by themselves');
  },
  sc: (j) => {
    const words = j.argv.map((a) => a.toLowerCase()).filter((a) => !a.startsWith('\\\\'));
    if (/^(?:create|config|failure)$/.test(words[0] ?? ''))
      j.risk('persistence', 'windows/service', 'risky', `Changes the service ${words[1] ?? ''}`);
    else if (/^(?:delete|stop|sdset)$/.test(words[0] ?? ''))
      j.risk('service', 'windows/service-stop', 'risky', `Stops or deletes the service ${words[1] ?? ''}`);
  },
  'net net1': (j) => {
    if (
      /^(?:user|localgroup|group|accounts)\b/.test(j.line) &&
      /\/add|\/delete|\/active|\/domain.*\/add|\/del\b|\/maxpwage|\/lockout/.test(j.line)
    )
      j.risk('privilege', 'windows/account', 'risky', 'Makes, changes or deletes accounts');
    else if (/^user\s+\S+\s+[^/\s]\S*/.test(j.line)) j.risk('privilege', 'windows/password', 'risky', 'Changes a password');
    else if (/^stop\b/.test(j.line)) j.risk('service', 'windows/service-stop', 'risky', `Stops the service ${j.argv[1] ?? ''}`);
    else if (/^share\s+\S+=/.test(j.line)) j.risk('permission', 'windows/share', 'risky', 'Shares a folder with the network');
    else if (/^use\b.*\/user/.test(j.line)) j.risk('network-send', 'windows/net-use', 'notable', 'Signs in at another machine');
  },
  netsh: (j) => {
    if (
      /firewall\s+set.*(?:disable|off)|allprofiles\s+state\s+off|advfirewall\s+(?:reset|firewall\s+(?:add|delete|set)|set)|portproxy\s+add/.test(
        j.line,
      )
    )
      j.risk('service', 'windows/firewall', 'risky', 'Changes or turns off the firewall');
    else if (/wlan.*key\s*=\s*clear/.test(j.line))
      j.risk('secret-read', 'windows/wifi-password', 'risky', 'Shows passwords of wireless networks');
    else if (/trace\s+start|add\s+helper|interface.*(?:disable|delete)|winsock\s+reset/.test(j.line))
      j.risk('admin', 'windows/network', /add helper|trace/.test(j.line) ? 'risky' : 'notable', 'Changes the network');
  },
  taskkill: (j) =>
    j.risk(
      'service',
      'windows/kill',
      /\/f\b/.test(j.line) && /msmpeng|lsass|csrss|winlogon|explorer|svchost|sense|defend|antivir|sqlservr|\*/.test(j.line)
        ? 'risky'
        : 'notable',
      'Ends processes',
    ),
  'takeown icacls cacls': (j) => {
    if (/everyone|\*s-1-1-0|:f\b|:\(oi\)|\/grant|\/reset|\/setowner|\/inheritance|\/deny|^\/f/.test(j.line))
      j.risk(
        'permission',
        'windows/permission',
        /everyone|windows|system32|c:\\\s|program|\/r\b|\/t\b|users?:\(?f|s-1-1-0/.test(j.line) ? 'risky' : 'notable',
        'Changes who may read or write files',
      );
  },
  attrib: (j) => {
    if (/\+[hs]/.test(j.line) && /\.exe|\.ps1|\.bat|\.dll|\.vbs/.test(j.line)) j.risk('history', 'windows/hide', 'risky', 'Hides files');
  },
  cipher: (j) => {
    if (/\/w/.test(j.line)) j.risk('overwrite', 'windows/wipe', 'risky', 'Overwrites free space so that nothing can be restored');
  },
  certutil: (j) => {
    if (/-urlcache|-verifyctl|\bhttps?:/.test(j.line))
      j.risk('download-run', 'windows/download', 'risky', 'Downloads a file by certutil, as attacks do');
    else if (/-(?:decode|decodehex|encode)\b/.test(j.line))
      j.risk('execute', 'windows/decode', /-decode/.test(j.line) ? 'risky' : 'notable', 'Decodes a hidden file');
    else if (/-addstore|-importpfx|-delstore/.test(j.line))
      j.risk(
        'privilege',
        'windows/trust',
        /root|-importpfx|-delstore/.test(j.line) ? 'risky' : 'notable',
        'Changes what certificates are trusted',
      );
  },
  bitsadmin: (j) => {
    if (/\/transfer|\/addfile|\/setnotifycmdline/.test(j.line))
      j.risk('download-run', 'windows/download', 'risky', 'Downloads a file by bitsadmin, as attacks do');
  },
  'mshta rundll32 regsvr32 cscript wscript installutil msbuild cmstp hh pcalua mavinject fodhelper forfiles msiexec': (j) => {
    const foreign =
      /https?:|\\\\|javascript:|vbscript:|scrobj|\/i:|\/c\s|comsvcs|minidump|shell32|url\.dll|advpack|\.sct|setupapi|ieadvpack|zipfldr|powershell|cmd(?:\.exe)?\s*\/c/i.test(
        j.line,
      );
    if (/comsvcs.*minidump|lsass/.test(j.line))
      j.risk('secret-read', 'windows/lsass', 'catastrophic', 'Copies the memory that holds passwords');
    else if (foreign) j.risk('execute', 'windows/lolbin', 'risky', 'Lets a program of Windows run foreign code');
    else if (/\.hta|\.vbs|\.js\b|\.dll/.test(j.line)) j.risk('execute', 'windows/lolbin', 'notable', 'Runs a script or library');
  },
  wevtutil: (j) => {
    if (/^(?:cl|clear-log|sl|set-log)\b/.test(j.line))
      j.risk('history', 'windows/clear-log', 'risky', 'Empties or turns off logs of Windows');
  },
  fsutil: (j) => {
    if (/deletejournal|usn\s+delete|setzerodata|file\s+createnew\s+\S+\s+\d{10,}/.test(j.line))
      j.risk('history', 'windows/clear-log', 'risky', 'Deletes the journal of a disk');
  },
  auditpol: (j) => {
    if (/\/clear|\/remove|disable/.test(j.line)) j.risk('history', 'windows/audit-off', 'risky', 'Turns auditing off');
  },
  fltmc: (j) => {
    if (/unload/.test(j.line)) j.risk('service', 'windows/defender', 'risky', 'Unloads a guard of the system');
  },
  'psexec psexec64 paexec winrs': (j) => {
    if (j.argv.length > 0) j.risk('execute', 'windows/remote-run', 'risky', 'Runs programs on other machines or as the system');
  },
  'procdump procdump64': (j) => {
    if (/lsass/.test(j.line)) j.risk('secret-read', 'windows/lsass', 'catastrophic', 'Copies the memory that holds passwords');
  },
  'rubeus esentutl ntdsutil': (j) => {
    if (/ntds|\/vss|ifm|\/y|kerberoast|dump|asktgt/.test(j.line))
      j.risk('secret-read', 'windows/credentials', 'risky', 'Copies password databases');
  },
  cmdkey: (j) => {
    if (/\/list|\/add/.test(j.line))
      j.risk('secret-read', 'windows/cmdkey', /\/list/.test(j.line) ? 'risky' : 'notable', 'Lists or uses stored passwords');
  },
  runas: (j) => j.risk('privilege', 'windows/runas', /savecred|administrator/.test(j.line) ? 'risky' : 'notable', 'Acts as another user'),
  shutdown: (j) => {
    if (/[/-](?:s|r|h|p|f|l|g|o|sg)\b/.test(j.line) && !/[/-]a\b/.test(j.line))
      j.risk('service', 'shell/stop-machine', 'risky', 'Stops or restarts the machine');
  },
  'copy xcopy robocopy move': (j) => {
    if (/\/mir\b|\/purge\b/.test(j.line))
      j.risk('delete', 'windows/mirror', 'notable', 'Deletes in the target what the source does not have');
    if (/start menu\\programs\\startup|system32|\\startup\\/i.test(j.line))
      j.risk('persistence', 'windows/startup', 'risky', 'Puts a file where it starts by itself or among those of the system');
    if (/config\\(?:sam|system|security)|ntds\.dit/i.test(j.line))
      j.risk('secret-read', 'windows/sam', 'catastrophic', 'Copies the password database of Windows');
  },
  setx: (j) => {
    if (/^path\b/i.test(j.line)) j.risk('persistence', 'windows/path', 'notable', 'Changes where programs are looked for');
  },
  'manage-bde': (j) => {
    if (/-off|-protectors\s+-delete|-forcerecovery/.test(j.line))
      j.risk('service', 'windows/bitlocker', 'risky', 'Turns the encryption of a disk off');
  },
  nslookup: (j) => {
    if (/%\w+%/.test(j.line)) j.risk('network-send', 'network/name-exfil', 'risky', 'Sends data hidden in names');
  },
};

const MAP = new Map<string, (j: Judge) => void>();
for (const [names, rule] of Object.entries(RULES)) for (const n of names.split(' ')) MAP.set(n, rule);

/** Judges one command of Windows given as name and arguments. */
export function windowsCommand(name: string, argv: readonly string[], f: Findings, place: Place): void {
  const rule = MAP.get(name.toLowerCase());
  if (/^\/\?$/.test(argv[0] ?? '')) return;
  judgeProxy(name.toLowerCase(), argv.join(' ').toLowerCase(), f);
  if (!rule) return;
  rule({
    f,
    place,
    argv,
    line: argv.join(' ').toLowerCase(),
    risk: (cls, id, level, text, target) => f.risk(cls, id, level, text, target),
  });
}

/** Divides a line of cmd.exe into commands of words; `^` escapes, quotes group, `%x%` of its own assignments is put in. */
export function cmdLines(source: string): string[][] {
  const vars = new Map<string, string>();
  const out: string[][] = [];
  for (const raw of source.split(/\r?\n/).slice(0, 400)) {
    const line = raw
      .replace(/\^(.)/g, '$1')
      .replace(/^\s*@/, '')
      .replace(/%(\w+)(?::~(\d+),(\d+))?%/g, (m, n: string, from?: string, len?: string) => {
        const v = vars.get(n.toLowerCase());
        if (v === undefined) return m;
        return from === undefined ? v : v.slice(Number(from), Number(from) + Number(len));
      });
    if (/^\s*(?:rem\b|::)/i.test(line)) continue;
    let words: string[] = [];
    let word = '';
    let quote = false;
    const end = (): void => {
      if (word) words.push(word);
      word = '';
    };
    const finish = (): void => {
      end();
      // `!x!` of `cmd /V:ON` is put in when the command runs, after assignments of the same line.
      if (words.some((w) => w.includes('!')))
        words = words.flatMap((w) =>
          /!\w+!/.test(w)
            ? w
                .replace(/!(\w+)!/g, (m, n: string) => vars.get(n.toLowerCase()) ?? m)
                .split(' ')
                .filter(Boolean)
            : [w],
        );
      if (words.length > 0 && out.length < 300) {
        const set = /^set$/i.test(words[0]!) ? /^"?(\w+)=(.*?)"?$/.exec(words.slice(1).join(' ')) : null;
        if (set) vars.set(set[1]!.toLowerCase(), set[2]!);
        out.push(words);
      }
      words = [];
    };
    for (let i = 0; i < line.length; i++) {
      const c = line[i]!;
      if (c === '"') quote = !quote;
      else if (quote) word += c;
      else if (c === ' ' || c === '\t' || c === ',' || c === ';') end();
      else if (c === '&' || c === '|' || c === '(' || c === ')') finish();
      else if (c === '/' && word !== '' && /^(?:del|erase|rd|rmdir|format|shutdown|copy|dir|reg|net)$/i.test(word) && words.length === 0) {
        end();
        word = '/';
      } else word += c;
    }
    finish();
  }
  return out;
}

/** Reads cmd.exe source. */
export function readCmd(source: string, x: CodeContext): void {
  judgeLine(source, x.findings);
  for (const words of cmdLines(source)) {
    let w = words;
    for (let k = 0; k < 6 && w.length > 1; k++) {
      const n = base(w[0]!);
      if (n === 'cmd') {
        const c = w.findIndex((a) => /^\/[ckr]/i.test(a));
        const rest = c < 0 ? [] : [w[c]!.replace(/^\/[ckr]/i, ''), ...w.slice(c + 1)].filter(Boolean);
        if (rest.length === 0) break;
        if (rest.length === 1 && (x.depth ?? 0) < 6) {
          readCode('cmd', rest[0]!, { ...x, depth: (x.depth ?? 0) + 1 });
          w = [];
          break;
        }
        w = rest;
      } else if (n === 'start' || n === 'call')
        w = w.slice(1).filter((a, i, all) => !(/^\//.test(a) && i < all.length - 1 && /^\/(?:b|min|max|wait|i|d\S*|low|high)$/i.test(a)));
      else if (n === 'if' || n === 'for') {
        const at = w.findIndex((a, i) => i > 0 && MAP.has(base(a)));
        if (at < 0) break;
        w = w.slice(at);
      } else if (n === 'do' || n === 'else' || n === 'not') w = w.slice(1);
      else break;
    }
    const name = base(w[0] ?? '');
    if (name === 'echo' || name === '') continue;
    if (/^(?:powershell|pwsh)$/.test(name)) readCode('powershell', w.join(' '), { ...x, depth: (x.depth ?? 0) + 1 });
    else if (
      /^(?:curl|wget|python\d?|py|node|git|ssh|nc|ncat|docker|kubectl|npm|pip\d?|aws|az|gcloud|terraform|bash|wsl|ping|psql|mysql|sqlcmd|choco|winget)$/.test(
        name,
      )
    )
      x.shell(w.map((a) => `'${a.replaceAll("'", "'\\''")}'`).join(' '));
    else windowsCommand(name, w.slice(1), x.findings, x.place);
    if (name === 'set') {
      const m = /^"?(\w+)=(.*?)"?$/.exec(w.slice(1).join(' '));
      if (m) x.protected.assignment(m[1]!, m[2], x.findings);
    }
    for (const a of w) if (/^https?:/i.test(a)) x.findings.fact('network', hostOf(a));
  }
  if (/%0\s*\|\s*%0/.test(source)) x.findings.risk('service', 'shell/fork-bomb', 'catastrophic', 'Starts copies of itself without end');
  if (/>\s*\\\\\.\\PhysicalDrive/i.test(source)) x.findings.risk('overwrite', 'windows/format', 'catastrophic', 'Overwrites a disk');
}

function base(text: string): string {
  return text
    .replace(/^.*[\\/](?=[^\\/]+$)/, '')
    .replace(/\.(?:exe|com|bat|cmd)$/i, '')
    .toLowerCase();
}
