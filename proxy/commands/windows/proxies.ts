/**
 * Programs of Windows that run, fetch, copy or compile what they are told to, and so carry foreign code past whoever only looks at
 * the names of programs. An own table, from the manuals of the programs: name → what in the arguments makes it so.
 */
import type { RiskLevel } from '../../contract/index.js';
import type { Findings, RiskClass } from '../findings.js';

type Proxy = [RegExp | null, RiskClass, string, string, RiskLevel?];

const RUN: [RiskClass, string, string] = ['execute', 'windows/lolbin', 'Lets a program of Windows run foreign code'];
const GET: [RiskClass, string, string] = ['download-run', 'windows/download', 'Downloads by a program of Windows that is not there for it'];
const SEND: [RiskClass, string, string] = [
  'network-send',
  'network/upload',
  'Sends a file by a program of Windows that is not there for it',
];
const MEMORY: [RiskClass, string, string] = [
  'secret-read',
  'windows/dump',
  'Writes the memory of a process, or a database of passwords, to a file',
];
const RAISE: [RiskClass, string, string] = [
  'privilege',
  'windows/raise',
  "Starts a program that takes the administrator's rights without a question",
];

const TABLE: Record<string, Proxy[]> = {
  'regasm regsvcs installutil xwizard presentationhost mavinject scriptrunner runscripthelper syncappvpublishingserver infdefaultinstall msxsl bginfo tracker te mftrace rcsi dnx wfc appvlp workfolders pcwrun dxcap squirrel vsjitdebugger vsiisexelaunch agentexecutor devtoolslauncher openconsole wlrmdr provlaunch stordiag customshellhost remote ttdinject tttracer visualuiaverifynative vshadow devinit microsoft.workflow.compiler wsmprovhost acccheckconsole gfxdownloadwrapper coregen cdb windbg ntsd fsianycpu fsi csi testwindowremoteagent adplus launch-vsdevshell pubprn cl_invocation cl_mutexverifiers cl_loadassembly utilityfunctions':
    [[/\S/, ...RUN]],
  pcalua: [[/-a\s/, ...RUN]],
  forfiles: [[/\/c\s/, ...RUN]],
  rundll32: [[/,\s*\S|javascript:|-sta|\\\\|\.dll|\.cpl|\.inf/, ...RUN]],
  regsvr32: [[/\S/, ...RUN]],
  'mshta hh': [[/https?:|\.hta|javascript:|vbscript:|\.chm|\.exe|\.ps1|\\\\|:\w+\.hta/, ...RUN]],
  'cscript wscript': [[/https?:|\\\\|:[\w.]+\.(?:vbs|js)|\.sct|manage-bde|winrm\.vbs|pubprn|\.txt\b|\/\/e:/, ...RUN]],
  msiexec: [[/https?:|\\\\|\/[yz]\s|\/q\w*.*\/i|\/i.*\/q/, ...RUN]],
  cmstp: [[/\.inf|\/s\b|\/au\b/, ...RUN]],
  odbcconf: [[/regsvr|-f\b|\/f\b|\.rsp/, ...RUN]],
  diskshadow: [[/\/s\b|-s\b|exec/, ...RUN]],
  'wuauclt usoclient': [[/updatedeploymentprovider|\/runhandlercomserver/, ...RUN]],
  atbroker: [[/\/start/, ...RUN]],
  control: [[/\.cpl|\.dll|:\w/, ...RUN]],
  explorer: [[/\/root,|\.exe/, ...RUN, 'notable']],
  runonce: [[/\/alternateshellstartup|\/r\b/, ...RUN]],
  'dllhost verclsid': [[/processid:|\/s\s.*\/c\s/, ...RUN]],
  mmc: [[/-embedding|\.msc\b.*\\(?:temp|users)|\\\\/, ...RUN]],
  msbuild: [[/\.xml\b|\.csproj.*\\(?:temp|users\\public)|\\\\|\/logger:|https?:/, ...RUN]],
  ieexec: [[/https?:/, ...RUN]],
  'msdt sdiagnhost': [[/it_|ms-msdt|\/af|\/cab|-path/, ...RUN]],
  'print replace expand extrac32 makecab esentutl xcopy copy robocopy findstr': [
    [
      /:[\w.]+\.(?:exe|dll|cab|vbs|js|hta|ps1|bat)\b(?!\\)/,
      'history',
      'windows/alternate-stream',
      'Hides a file in the stream of another one',
    ],
    [/\\\\[\w.@-]+\\\S+\.(?:exe|dll|cab|ps1|vbs|hta|js|txt|bin|bat|msi)/, ...GET],
  ],
  'esentutl ': [[/ntds|\\sam\b|\/vss|webcache|login data/, ...MEMORY]],
  'extrac32 expand makecab print replace': [
    [/\/c\s+\S*\\windows\\|\/a\b|\/d:/, 'execute', 'windows/copy', 'Copies a program by a tool that is not there for it', 'risky'],
  ],
  findstr: [[/cpassword|\/s.*(?:password|passwd|secret)/, 'secret-read', 'shell/search-secrets', 'Searches the machine for passwords']],
  certreq: [[/-post\b/, ...SEND]],
  configsecuritypolicy: [[/https?:/, ...SEND]],
  mpcmdrun: [
    [/-downloadfile/, ...GET],
    [/-removedefinitions|-restore|-addsignature.*-unc/, 'service', 'windows/defender', 'Blinds the virus scanner'],
  ],
  'update squirrel': [[/--(?:download|update\w*|processstart|createshortcut|removeshortcut)/, ...RUN]],
  'desktopimgdownldr ldifde appinstaller protocolhandler imewdbld installagent onedrivestandaloneupdater': [
    [/https?:|\/lockscreenurl/, ...GET],
  ],
  'powerpnt winword excel msaccess mspub visio devenv': [
    [/https?:\/\/\S+\.(?:dll|exe|docm|xlam|xll|ps1|dotm)|https?:\/\/\d|\/l\s*\S+\.dll/, ...GET],
  ],
  ftp: [[/-s:/, ...RUN]],
  finger: [[/@/, ...GET]],
  'bash wsl ': [[/-e\s+cmd/, ...RUN, 'notable']],
  'csc vbc jsc ilasm': [
    [/\\(?:temp|users\\public|appdata)\\|\.txt\b|%temp%/, 'execute', 'windows/compile', 'Compiles code of a folder for temporary files'],
  ],
  pnputil: [[/(?:-i|\/install)|(?:-a|\/add-driver)/, 'privilege', 'windows/driver', 'Installs a driver']],
  'sqldumper rdrleakdiag createdump dumpminitool procdump procdump64 comsvcs minidump dump64': [
    [/\d|-accepteula|-ma\b|\/p\b|-p\b|lsass/, ...MEMORY],
  ],
  ntdsutil: [[/ifm|create full|ac i ntds/, ...MEMORY]],
  vssadmin: [[/create\s+shadow/, ...MEMORY]],
  rpcping: [[/-u\s*ntlm|\/u\s*ntlm/, 'secret-read', 'windows/credentials', 'Sends the hash of a password to another machine']],
  'cmdkey vaultcmd': [[/\/list/, 'secret-read', 'windows/cmdkey', 'Lists stored passwords']],
  'pktmon windump rawcap': [[/start|filter\s+add/, 'secret-read', 'network/sniff', 'Listens to the traffic of the network']],
  'nltest adfind dsquery csvde setspn': [
    [
      /domain_trusts|dclist|objectcategory|-f\s|-q\s|\*/,
      'secret-read',
      'windows/directory',
      'Lists machines, accounts or rights of the directory',
    ],
  ],
  dnscmd: [[/serverlevelplugindll/, ...RUN]],
  'wsreset eventvwr fodhelper sdclt computerdefaults slui changepk systemreset cmstplua silentcleanup iscsicpl': [[null, ...RAISE]],
  'sqlps sqltoolsps': [[null, ...RUN]],
  winrs: [[/-r:|\/r:/, 'execute', 'windows/remote-run', 'Runs programs on other machines']],
  'dism sfc wusa': [[/disable-feature.*defender|\/uninstall/, 'service', 'windows/protection-off', 'Takes protection or updates away']],
  'nc ncat plink': [
    [/-e\s|-r\s+\d+:/, 'reverse-shell', 'network/reverse-shell', 'Hands a program, or a way into this machine, to the network'],
  ],
  wmic: [[/process.*call\s+create|\/format:|\/node:/, ...RUN]],
  'gpscript gpup iediagcmd ie4uinit eudcedit register-cimprovider unregmp2 psr aspnet_compiler': [
    [/\/logon|\/startup|-basesettings|-w\s|\/out|-path|\/hideWMP|start|-v\s|\/u\b/i, ...RUN],
  ],
  rasautou: [[/-d\s.*-p\s/, ...RUN]],
  conhost: [[/\.exe|cmd|powershell/, ...RUN, 'notable']],
  tar: [[/:\w+\.\w+|\\\\/, 'history', 'windows/alternate-stream', 'Hides a file in the stream of another one']],
};

const MAP = new Map<string, Proxy[]>();
for (const [names, proxies] of Object.entries(TABLE))
  for (const n of names.trim().split(' ')) MAP.set(n, [...(MAP.get(n) ?? []), ...proxies]);

/** Names that mean nothing else on other systems; the shell's reader judges them as well. */
export const PROXY_NAMES: readonly string[] = [...MAP.keys()].filter(
  (n) =>
    !/^(?:print|replace|expand|copy|control|explorer|update|ftp|finger|bash|wsl|te|nc|ncat|tar|remote|code|csi|fsi|excel|tracker|dism|mmc|cdb|psr)$/.test(
      n,
    ),
);

/** Judges a command of Windows by what it is known to carry. `line` is its arguments, lower-cased. */
export function judgeProxy(name: string, line: string, f: Findings): void {
  for (const [re, cls, id, sentence, level] of MAP.get(name) ?? [])
    if (re === null || re.test(line)) f.risk(cls, id, level ?? 'risky', `${sentence}: ${name}`);
}

/** What whole lines show, whatever the program: programs of another machine, files hidden in streams of others. */
export function judgeLine(source: string, f: Findings): void {
  if (
    /(?:^|[\s"'=,:(&|])\\\\(?!\.\\|\?\\|localhost\\)[\w.@-]+\\[^\s"']*\.(?:exe|dll|cpl|sct|hta|vbs|js|wsf|ps1|bat|cmd|msi|inf|xsl|scr|bgi|com)\b/i.test(
      source,
    )
  )
    f.risk('download-run', 'windows/remote-program', 'risky', 'Runs or loads a program of another machine');
  if (
    /(?:^|[\s"'>,])(?:[A-Za-z]:)?[^\s"':<>|*?]*\.\w{1,8}:[\w-]+\.(?:exe|dll|vbs|js|hta|ps1|bat|cab|wsf|jse|vbe|com|scr)\b/i.test(source) &&
    !/^\s*(?:https?|ftp):/i.test(source)
  )
    f.risk('history', 'windows/alternate-stream', 'risky', 'Hides a program in the stream of another file, or runs one from there');
  if (/\bset\s+comspec=|\$env:comspec\s*=/i.test(source))
    f.risk('execute', 'windows/lolbin', 'risky', 'Puts another program in the place of the command shell');
}
