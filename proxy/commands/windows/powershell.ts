/**
 * Reads PowerShell into facts: aliases written out, quotes and back-ticks taken off, strings put together, encoded commands and
 * strings that are invoked read again. Judges pipelines by their commands and their options in any order and shortened.
 */
import { type CodeContext, readCode } from '../code.js';
import { type Node, withTree } from '../grammars.js';
import { hostOf, isPaste, isRawAddress } from '../hosts.js';
import { groundOf, isMadeAgain, isPersistenceFile, isSecretFile } from '../paths.js';
import { readSql } from '../sql/read.js';
import { windowsCommand } from './cmd.js';
import { judgeCmdlet, judgeScript } from './cmdlets.js';
import { judgeLine } from './proxies.js';

const ALIASES: Record<string, string> = {
  rm: 'remove-item', ri: 'remove-item', del: 'remove-item', erase: 'remove-item', rd: 'remove-item', rmdir: 'remove-item', gc: 'get-content', cat: 'get-content', type: 'get-content',
  iex: 'invoke-expression', iwr: 'invoke-webrequest', curl: 'invoke-webrequest', wget: 'invoke-webrequest', irm: 'invoke-restmethod', saps: 'start-process', start: 'start-process', sajb: 'start-job',
  spps: 'stop-process', kill: 'stop-process', gps: 'get-process', ps: 'get-process', ac: 'add-content', clc: 'clear-content', si: 'set-item', sp: 'set-itemproperty', ni: 'new-item', md: 'new-item', mi: 'move-item', mv: 'move-item', move: 'move-item', cp: 'copy-item', copy: 'copy-item', cpi: 'copy-item', ren: 'rename-item', rni: 'rename-item', rp: 'remove-itemproperty', rv: 'remove-variable', icm: 'invoke-command', ii: 'invoke-item', gwmi: 'get-wmiobject', iwmi: 'invoke-wmimethod', sasv: 'start-service', spsv: 'stop-service', nal: 'new-alias', sal: 'set-alias', ipmo: 'import-module', gci: 'get-childitem', ls: 'get-childitem', dir: 'get-childitem', foreach: 'foreach-object', '%': 'foreach-object', '?': 'where-object', where: 'where-object', tee: 'tee-object', ogv: 'out-gridview', epcsv: 'export-csv', ipcsv: 'import-csv', chdir: 'set-location', cd: 'set-location', etsn: 'enter-pssession', nsn: 'new-pssession', clhy: 'clear-history', pwsh: 'powershell',
}; // biome-ignore format: a table

interface Line {
  name: string;
  words: string[];
  text: string;
}

export function readPowerShell(source: string, x: CodeContext): void {
  const f = x.findings;
  const plain = source.replace(/`(?=[A-Za-z-])/g, '');
  const folded = fold(plain);
  const depth = x.depth ?? 0;
  // The other shell of Windows, handed to a tool of this name.
  if (/^\s*@?(?:for\s+\/[dfrl]\b|if\s+(?:not\s+)?exist\b|echo\s+off\b)/im.test(source)) readCode('cmd', source, { ...x, depth: depth + 1 });
  const lines = commands(folded, x);
  for (const l of lines) judge(l, folded, x);
  whole(folded, x);
  judgeScript(folded, f);
  judgeLine(folded, f);
  for (const m of folded.matchAll(/-(?:e|en|enc|enco\w*|ec)\s+['"]?([A-Za-z0-9+/=]{16,})['"]?/gi)) {
    const text = Buffer.from(m[1]!, 'base64').toString('utf16le');
    f.risk('execute', 'powershell/encoded', 'risky', 'Runs a command that was hidden by an encoding');
    if (/[\w-]{3,}/.test(text)) readCode('powershell', text, { ...x, depth: depth + 1 });
  }
  for (const m of folded.matchAll(/FromBase64String\(\s*\(?['"]([A-Za-z0-9+/=]{8,})['"]/gi)) {
    const bytes = Buffer.from(m[1]!, 'base64');
    const text = bytes.includes(0) ? bytes.toString('utf16le') : bytes.toString('utf8');
    if (/\biex\b|invoke-expression|&\s*\(|\.Invoke\(|scriptblock/i.test(folded)) {
      f.risk('execute', 'powershell/encoded', 'risky', 'Runs a command that was hidden by an encoding');
      readCode('powershell', text, { ...x, depth: depth + 1 });
    }
  }
  for (const m of folded.matchAll(/(?:\biex|invoke-expression|scriptblock\]::create\()\s*\(?\s*(?:"([^"]{3,})"|'([^']{3,})')/gi))
    readCode('powershell', m[1] ?? m[2]!, { ...x, depth: depth + 1 });
}

/** `'a'+'b'`, `"{1}{0}" -f 'b','a'`, `-join`, `-replace`, `[char]65`, `$x` of constant assignments. */
function fold(source: string): string {
  let s = source.length > 20_000 ? source.slice(0, 20_000) : source;
  for (let round = 0; round < 4; round++) {
    const before = s;
    s = s.replace(
      /\[char\]\s*\(?\s*(0x[0-9a-f]+|\d{1,5})\s*\)?/gi,
      (_m, n: string) => `'${String.fromCharCode(Number(n)).replace("'", "''")}'`,
    );
    s = s
      .replace(/'([^']{0,2000})'\s*\+\s*'([^']{0,2000})'/g, "'$1$2'")
      .replace(/"([^"$]{0,2000})"\s*\+\s*"([^"$]{0,2000})"/g, '"$1$2"')
      .replace(/'([^']{0,2000})'\s*\+\s*"([^"$']{0,2000})"/g, "'$1$2'")
      .replace(/"([^"$']{0,2000})"\s*\+\s*'([^']{0,2000})'/g, "'$1$2'");
    s = s.replace(/\(?\s*["']((?:\{\d+\})+)["']\s*-f\s*((?:["'][^"']*["']\s*,?\s*)+)\)?/g, (_m, format: string, list: string) => {
      const values = [...list.matchAll(/["']([^"']*)["']/g)].map((k) => k[1]!);
      return `'${format.replace(/\{(\d+)\}/g, (_k, i: string) => values[Number(i)] ?? '')}'`;
    });
    s = s.replace(
      /\(\s*((?:'[^']*'\s*,\s*)+'[^']*')\s*\)\s*-join\s*(?:''|"")/gi,
      (_m, list: string) => `'${[...list.matchAll(/'([^']*)'/g)].map((k) => k[1]).join('')}'`,
    );
    s = s.replace(
      /'([^']{1,500})'\.replace\(\s*'([^']{1,40})'\s*,\s*'([^']{0,40})'\s*\)/gi,
      (_m, a: string, b: string, c: string) => `'${a.split(b).join(c)}'`,
    );
    s = s.replace(
      /'([^']{1,500})'\s*-c?i?replace\s*'([\w@#~]{1,20})'\s*,\s*'([^']{0,40})'/gi,
      (_m, a: string, b: string, c: string) => `'${a.split(b).join(c)}'`,
    );
    s = s.replace(/-join\s*'([^']{2,500})'\[-1\.\.-\d+\]/gi, (_m, a: string) => `'${[...a].reverse().join('')}'`);
    const vars = new Map<string, string>();
    for (const m of s.matchAll(/\$(\w+)\s*=\s*(?:'([^']{1,2000})'|"([^"$]{1,2000})")\s*(?:[;\n\r]|$)/g))
      vars.set(m[1]!.toLowerCase(), m[2] ?? m[3]!);
    if (vars.size > 0)
      s = s
        .replace(
          /(&|\.|\biex|invoke-expression|-Path|-Uri|\brm|\bri|remove-item|-LiteralPath|-FilePath|-Command|-c|powershell|\|)(\s+)\(?\$(\w+)\)?/gi,
          (m, a: string, sp: string, n: string) => (vars.has(n.toLowerCase()) ? `${a}${sp}'${vars.get(n.toLowerCase())}'` : m),
        )
        .replace(/\+\s*\$(\w+)/g, (m, n: string) => (vars.has(n.toLowerCase()) ? `+ '${vars.get(n.toLowerCase())}'` : m))
        .replace(/\$(\w+)\s*\+/g, (m, n: string) => (vars.has(n.toLowerCase()) ? `'${vars.get(n.toLowerCase())}' +` : m));
    if (s === before || s.length > 40_000) break;
  }
  return s.replace(/[&.]\s*\(\s*(?:gcm|get-command)?\s*['"]([\w*-]+)['"]\s*\)/gi, '$1');
}

function commands(source: string, x: CodeContext): Line[] {
  const out: Line[] = [];
  const ok = withTree('powershell', source, (root) => {
    for (const n of root.descendantsOfType('command').slice(0, 400)) if (n) out.push(line(n));
    if (root.hasError) {
      let bad = 0;
      for (const e of root.descendantsOfType('ERROR')) if (e) bad += e.endIndex - e.startIndex;
      if (bad > source.length * 0.5 && out.length === 0) x.findings.fact('unparsed', undefined, 'PowerShell syntax');
    }
    return true;
  });
  if (!ok) x.findings.parsed = false;
  if (ok && out.length === 0) for (const s of source.split(/[;|\n{}]/).slice(0, 200)) out.push(fromText(s));
  return out.filter((l) => l.name !== '');
}

function line(n: Node): Line {
  const l = fromText(n.text);
  return l;
}

function fromText(raw: string): Line {
  const text = raw.trim().replace(/^[&.]\s+/, '');
  const words: string[] = [];
  for (const m of text.matchAll(/"([^"]*)"|'([^']*)'|([^\s"']+)/g)) {
    words.push(m[1] ?? m[2] ?? m[3]!);
    if (words.length > 80) break;
  }
  const name = (words[0] ?? '')
    .replace(/^.*[\\/](?=[^\\/]+$)/, '')
    .replace(/\.exe$/i, '')
    .toLowerCase();
  // `sc.exe` is the service program, `sc` the alias of Set-Content
  const own = /\.exe$/i.test(words[0] ?? '');
  return { name: own ? name : (ALIASES[name] ?? name), words: words.slice(1), text };
}

/** A parameter, shortened as PowerShell allows (`-Rec`, `-fo`). */
function has(l: Line, parameter: string, least = 1): boolean {
  return l.words.some((w) => {
    const p = w.toLowerCase().replace(/:.*$/, '');
    return p.startsWith('-') && p.length > least && `-${parameter}`.startsWith(p);
  });
}

function targets(l: Line): string[] {
  const out: string[] = [];
  for (let i = 0; i < l.words.length; i++) {
    const w = l.words[i]!;
    if (/^-(?:include|exclude|filter|erroraction|ea|stream|credential|itemtype|value|name|propertytype|type)$/i.test(w)) i++;
    else if (!w.startsWith('-')) out.push(...w.split(',').filter(Boolean));
  }
  return out;
}

function judge(l: Line, source: string, x: CodeContext): void {
  const f = x.findings;
  const t = l.text.toLowerCase();
  const what = l.words.join(' ');
  if (has(l, 'whatif', 2)) return;
  judgeCmdlet(l.name, l.text, source, f);
  switch (l.name) {
    case 'remove-item': {
      const recursive = has(l, 'recurse', 1) || /(?:^|\s)\/s\b|-[rf]{2}\b/.test(t);
      const force = has(l, 'force', 1) || /-[rf]{2}\b|\/q\b/.test(t);
      for (const p of targets(l).filter((w) => !/^\/[a-z]$/i.test(w))) {
        const g = groundOf(
          p
            .replace(/\$(?:env:)?(?:HOME|USERPROFILE)\b/i, '~')
            .replace(/\$env:(?:SystemRoot|windir)/i, 'C:\\Windows')
            .replace(/\$env:SystemDrive/i, 'C:')
            .replace(/\$env:TE?MP/i, '/tmp'),
          x.place,
        );
        f.fact('delete', p);
        if (/^hk(?:lm|cu|cr|u):/i.test(p)) f.risk('delete', 'windows/registry-delete', 'risky', `Deletes from the registry: ${p}`, p);
        else if (/^(?:env|function|alias|variable|cert|wsman):/i.test(p)) {
          const name = /^env:\\?(\w+)/i.exec(p)?.[1];
          if (name) x.protected.unset(name, f);
          else f.risk('delete', 'powershell/delete', /^cert/i.test(p) ? 'risky' : 'notable', `Deletes ${p}`, p);
        } else if (recursive && ['root', 'home', 'system'].includes(g))
          f.risk('delete', `powershell/delete-${g}`, 'catastrophic', `Deletes ${p} with everything in it`, p);
        else if (['root', 'home', 'system'].includes(g)) f.risk('delete', 'powershell/delete-system', 'risky', `Deletes ${p}`, p);
        else if (recursive && force && isMadeAgain(p, x.place, true))
          f.risk('delete', 'powershell/delete-build', 'notable', `Deletes ${p}`, p);
        else if (recursive && force && g !== 'temp')
          f.risk('delete', 'powershell/delete-recursive', 'risky', `Deletes ${p} without asking`, p);
        else if (recursive && (g === 'workspace-all' || g === 'parent' || /^[A-Z]:/i.test(p)))
          f.risk('delete', 'powershell/delete-recursive', 'risky', `Deletes ${p}`, p);
        else if (secret(p, x) || /ConsoleHost_history|HistorySavePath|\.evtx|\\Logs\\/i.test(p))
          f.risk('history', 'powershell/delete-valuable', 'risky', `Deletes ${p}`, p);
        else f.risk('delete', 'powershell/delete', 'notable', `Deletes ${p}`, p);
      }
      if (targets(l).length === 0 && (recursive || force))
        f.risk(
          'delete',
          'powershell/delete-recursive',
          recursive || /get-childitem|gci\b|\bls\b|\bdir\b/i.test(source) ? 'risky' : 'notable',
          'Deletes what it gets from the pipe',
        );
      return;
    }
    case 'invoke-sqlcmd':
    case 'invoke-sqlquery':
    case 'invoke-dbaquery':
    case 'invoke-sqlitequery':
    case 'invoke-mysqlquery': {
      const query = /-q(?:uery)?\s+(?:"([^"]+)"|'([^']+)'|@?["']([\s\S]+?)["']@)/i.exec(l.text);
      if (query) readSql((query[1] ?? query[2] ?? query[3])!, f);
      return;
    }
    case 'invoke-expression':
      if (/download|webrequest|restmethod|\birm\b|\biwr\b|webclient|http/i.test(source))
        f.risk('download-run', 'powershell/download-run', 'risky', 'Runs what it downloads');
      else if (/base64|\[char|-join|-bxor|deflate|gzip|-replace|reverse|\$env:comspec/i.test(source))
        f.risk('execute', 'powershell/hidden', 'risky', 'Runs a command that was hidden by an encoding');
      else f.risk('execute', 'powershell/dynamic', /\$/.test(what) || what === '' ? 'risky' : 'notable', 'Runs a text as a command');
      return;
    case 'invoke-webrequest':
    case 'invoke-restmethod':
    case 'start-bitstransfer': {
      const url = /https?:\/\/[^\s'")]+/i.exec(l.text)?.[0];
      const host = url ? hostOf(url) : undefined;
      if (host) f.fact('network', host);
      const sends = /-(?:infile|body|form)\b/.test(t) || /-method\s+['"]?(?:post|put|patch)/.test(t);
      if (/-infile\b|-body\s*\(?\s*(?:get-content|gc\b|\[io\.file)|-form\b.*get-item/.test(t) || /uploadfile/.test(t))
        f.risk('network-send', 'network/upload', 'risky', `Sends a file to ${host ?? 'another machine'}`, host);
      else if (sends && /\$env:|get-credential|password|secret|token|\$\w*(?:cred|pass|key)/i.test(l.text) && !/-headers?\b/.test(t))
        f.risk('network-send', 'network/secret-send', 'risky', `May send credentials to ${host ?? 'another machine'}`, host);
      else if (sends)
        f.risk(
          'network-send',
          'network/post',
          host && (isRawAddress(host) || isPaste(host)) ? 'risky' : 'notable',
          `Sends data to ${host ?? 'another machine'}`,
          host,
        );
      if (
        url &&
        /-outfile\b|start-bitstransfer|-o\s/.test(t) &&
        (/\.(?:exe|ps1|bat|dll|msi|vbs|hta|scr|cmd)\b/i.test(l.text) || (host && isRawAddress(host)))
      )
        f.risk('download-run', 'network/download-program', 'risky', `Downloads a program from ${host}`, url);
      if (/\|\s*(?:iex|invoke-expression)/i.test(source))
        f.risk('download-run', 'powershell/download-run', 'risky', 'Runs what it downloads');
      return;
    }
    case 'set-mppreference':
    case 'add-mppreference':
    case 'remove-mpthreat':
    case 'uninstall-windowsfeature':
      if (/disable|exclusion|never|submit|feature/.test(t))
        f.risk('service', 'windows/defender', 'risky', 'Turns the virus scanner off or blinds it');
      return;
    case 'set-executionpolicy':
      f.risk('permission', 'powershell/execution-policy', /bypass|unrestricted/.test(t) ? 'risky' : 'notable', 'Lets unsigned scripts run');
      return;
    case 'stop-service':
    case 'set-service':
    case 'remove-service':
      f.risk(
        'service',
        'windows/service-stop',
        l.name !== 'set-service' || /disabled|stopped/.test(t) ? 'risky' : 'notable',
        `Stops or changes a service: ${what}`,
      );
      return;
    case 'new-service':
    case 'register-scheduledtask':
    case 'new-scheduledtask':
    case 'register-scheduledjob':
    case 'set-scheduledtask':
    case 'register-wmievent':
    case 'set-wmiinstance':
      f.risk('persistence', 'windows/schedule', 'risky', 'Lets something run by itself later');
      return;
    case 'unregister-scheduledtask':
    case 'disable-scheduledtask':
      f.risk('delete', 'windows/schedule-delete', 'notable', 'Deletes scheduled commands');
      return;
    case 'new-localuser':
    case 'add-localgroupmember':
    case 'remove-localuser':
    case 'set-localuser':
    case 'disable-localuser':
    case 'enable-localuser':
    case 'new-aduser':
    case 'add-adgroupmember':
    case 'remove-aduser':
    case 'set-adaccountpassword':
    case 'remove-adobject':
    case 'remove-adgroup':
    case 'remove-adcomputer':
      f.risk('privilege', 'windows/account', 'risky', 'Makes, changes or deletes accounts');
      return;
    case 'stop-process':
      f.risk(
        'service',
        'windows/kill',
        (has(l, 'force', 1) && /\*|lsass|msmpeng|explorer|winlogon|csrss/.test(t)) || targets(l).length === 0 ? 'risky' : 'notable',
        'Ends processes',
      );
      return;
    case 'stop-computer':
    case 'restart-computer':
      f.risk('service', 'shell/stop-machine', 'risky', 'Stops or restarts the machine');
      return;
    case 'format-volume':
    case 'clear-disk':
    case 'initialize-disk':
    case 'remove-partition':
    case 'reset-physicaldisk':
    case 'set-disk':
      f.risk('overwrite', 'windows/format', /format|clear|remove|reset/.test(l.name) ? 'catastrophic' : 'risky', 'Formats or wipes a disk');
      return;
    case 'clear-eventlog':
    case 'remove-eventlog':
    case 'limit-eventlog':
    case 'clear-history':
      f.risk('history', 'windows/clear-log', 'risky', 'Empties logs or the history');
      return;
    case 'set-psreadlineoption':
      if (/savenothing|historysavepath/.test(t)) f.risk('history', 'shell/history-off', 'risky', 'Turns the shell history off');
      return;
    case 'set-netfirewallprofile':
    case 'disable-netfirewallrule':
    case 'remove-netfirewallrule':
    case 'new-netfirewallrule':
      f.risk(
        'service',
        'windows/firewall',
        /false|disable|remove|allow/.test(t) ? 'risky' : 'notable',
        'Changes or turns off the firewall',
      );
      return;
    case 'disable-computerrestore':
    case 'disable-bitlocker':
    case 'disable-windowsoptionalfeature':
    case 'disable-netadapter':
    case 'checkpoint-computer':
      if (l.name !== 'checkpoint-computer') f.risk('service', 'windows/protection-off', 'risky', `Turns protection off: ${l.name}`);
      return;
    case 'set-itemproperty':
    case 'new-itemproperty':
    case 'remove-itemproperty':
      if (/hk(?:lm|cu|cr|u):|registry::/i.test(l.text))
        f.risk(
          'persistence',
          'windows/registry',
          /\\run(?:once)?\b|winlogon|policies|defender|services|hklm|image file|lsa|uac|enablelua|firewall/i.test(l.text)
            ? 'risky'
            : 'notable',
          'Changes the registry',
        );
      return;
    case 'set-content':
    case 'add-content':
    case 'out-file':
    case 'clear-content':
    case 'copy-item':
    case 'move-item':
    case 'new-item':
    case 'rename-item':
    case 'tee-object': {
      for (const p of targets(l)) {
        if (/^\$PROFILE/i.test(p) || isPersistenceFile(p, x.place) || /\\Startup\\|Start Menu/i.test(p))
          f.risk('persistence', 'windows/startup', 'risky', `Writes ${p}, which runs by itself later`, p);
        else if (/drivers\\etc\\hosts|system32|\\Windows\\/i.test(p) || (groundOf(p, x.place) === 'system' && !/copy/.test(l.name)))
          f.risk('overwrite', 'windows/write-system', 'risky', `Writes ${p} of the system`, p);
        else if (secret(p, x)) f.risk('secret-read', 'shell/secret-copy', 'risky', `Copies or writes the credential file ${p}`, p);
        else f.fact('write', p);
      }
      if (/^(?:env):/i.test(targets(l)[0] ?? '')) x.protected.assignment(targets(l)[0]!.replace(/^env:\\?/i, ''), targets(l)[1] ?? '', f);
      return;
    }
    case 'get-content':
    case 'select-string':
    case 'import-csv':
      for (const p of targets(l))
        if (secret(p, x) || /ConsoleHost_history|\\config\\SAM|\/etc\/(?:passwd|shadow)/i.test(p))
          f.risk('secret-read', 'shell/secret-read', 'risky', `Reads a file that holds credentials: ${p}`, p);
      if (l.name === 'select-string' && /password|secret|token/i.test(l.text) && /C:\\|-recurse|\*/i.test(source))
        f.risk('secret-read', 'shell/search-secrets', 'notable', 'Searches for passwords');
      return;
    case 'get-credential':
    case 'convertfrom-securestring':
      f.risk(
        'secret-read',
        'powershell/credential',
        l.name === 'convertfrom-securestring' && /asplain/.test(t) ? 'risky' : 'notable',
        'Handles passwords',
      );
      return;
    case 'start-process':
      if (/-verb\s+['"]?runas/.test(t)) f.risk('privilege', 'windows/runas', 'risky', 'Runs a program as administrator');
      if (/-windowstyle\s+['"]?hidden/.test(t)) f.risk('execute', 'powershell/hidden-window', 'risky', 'Runs a program without a window');
      nested(targets(l).join(' '), x);
      return;
    case 'invoke-command':
    case 'enter-pssession':
    case 'new-pssession':
      if (/-computername|-session|-cn\b/.test(t)) f.risk('execute', 'powershell/remote-run', 'notable', 'Runs commands on another machine');
      return;
    case 'invoke-wmimethod':
    case 'invoke-cimmethod':
      f.risk('execute', 'windows/wmic', /create|delete|shadow/.test(t) ? 'risky' : 'notable', 'Runs programs by WMI');
      return;
    case 'get-wmiobject':
    case 'get-ciminstance':
      if (/shadowcopy/.test(t) && /delete/i.test(source))
        f.risk('delete', 'windows/delete-shadows', 'catastrophic', 'Deletes the copies that a restore would need');
      return;
    case 'send-mailmessage':
      f.risk('network-send', 'network/mail-file', /-attachments?/.test(t) ? 'risky' : 'notable', 'Sends a mail');
      return;
    case 'add-type':
      f.risk(
        'execute',
        'powershell/native',
        /dllimport|virtualalloc|createthread|kernel32/i.test(source) ? 'risky' : 'notable',
        'Compiles and loads code',
      );
      return;
    case 'install-module':
    case 'install-package':
    case 'install-script':
    case 'register-psrepository':
      f.risk(
        'foreign-package',
        'package/foreign',
        /-source\s|-repository\s|https?:|-skippublisher/.test(t) && !/psgallery/.test(t) ? 'risky' : 'notable',
        'Installs code',
      );
      return;
    case 'set-acl':
    case 'grant-smbshareaccess':
    case 'new-smbshare':
      f.risk('permission', 'windows/permission', 'risky', 'Changes who may read or write files');
      return;
    case 'remove-vm':
    case 'remove-azresourcegroup':
    case 'remove-azvm':
    case 'remove-s3bucket':
    case 'remove-ec2instance':
    case 'remove-azstorageaccount':
    case 'remove-mailbox':
    case 'remove-sqldatabase':
      f.risk('admin', 'cloud/delete', 'risky', `Deletes by ${l.name}`);
      return;
    case 'powershell': {
      if (/-w(?:indowstyle)?\s+(?:hidden|1\b|h\b)|-noni\b/.test(t) && /-e[nc]*\s|downloadstring|iex|http/i.test(l.text))
        f.risk('execute', 'powershell/hidden-window', 'risky', 'Runs PowerShell without a window');
      const m = /\s-c(?:ommand)?\s+([\s\S]+)$/i.exec(l.text) ?? /^\S+\s+(?!-)([\s\S]+)$/.exec(l.text);
      if (m) nested(m[1]!.replace(/^["'{&\s]+|["'}\s]+$/g, ''), x);
      return;
    }
    case 'cmd': {
      const m = /\/[ckr]\s*([\s\S]+)$/i.exec(l.text);
      if (m) readCode('cmd', m[1]!.replace(/^["']|["']$/g, ''), { ...x, depth: (x.depth ?? 0) + 1 });
      return;
    }
    case 'bash':
    case 'wsl':
    case 'python':
    case 'python3':
    case 'node':
    case 'git':
    case 'docker':
    case 'kubectl':
    case 'ssh':
    case 'scp':
    case 'nc':
    case 'ncat':
    case 'pip':
    case 'npm':
    case 'terraform':
    case 'aws':
    case 'az':
    case 'gcloud':
      x.shell(l.text.replace(/\\/g, '/'));
      return;
    case 'enable-psremoting':
      f.risk('permission', 'windows/remote-access', 'risky', 'Lets others run commands on this machine');
      return;
    case 'set-item':
      if (/trustedhosts|wsman:/.test(t)) f.risk('permission', 'windows/remote-access', 'risky', 'Trusts other machines to run commands');
      if (/hk(?:lm|cu):/.test(t)) f.risk('persistence', 'windows/registry', 'risky', 'Changes the registry');
      return;
    case 'out-null':
      return;
    default:
      windowsCommand(l.name, l.words, f, x.place);
  }
}

/** Paths of Windows are compared with both kinds of strokes. */
const secret = (p: string, x: CodeContext): boolean => isSecretFile(p, x.place) || isSecretFile(p.replaceAll('\\', '/'), x.place);

function nested(text: string, x: CodeContext): void {
  if (text.length > 3) readCode('powershell', text, { ...x, depth: (x.depth ?? 0) + 1 });
}

function whole(source: string, x: CodeContext): void {
  const f = x.findings;
  if (
    /Net\.Sockets\.TCPClient|Sockets\.TcpListener|System\.Net\.Sockets/i.test(source) &&
    /GetStream|iex|Invoke-Expression|cmd|StreamReader|Start-Process|AcceptTcpClient/i.test(source)
  )
    f.risk(
      'reverse-shell',
      /Listener/i.test(source) ? 'powershell/bind-shell' : 'powershell/reverse-shell',
      'catastrophic',
      'Joins a shell to the network',
    );
  if (
    /(?:DownloadString|DownloadData|OpenRead|Invoke-WebRequest|Invoke-RestMethod|\biwr\b|\birm\b|\.Content)\b/i.test(source) &&
    /\biex\b|Invoke-Expression|\.Invoke\(|&\s*\(\s*\[scriptblock\]|scriptblock\]::Create|Assembly\]::Load/i.test(source)
  )
    f.risk('download-run', 'powershell/download-run', 'risky', 'Runs what it downloads');
  else if (/DownloadFile\(|DownloadString\(|DownloadData\(/i.test(source))
    f.risk('download-run', 'windows/download', 'risky', 'Downloads by a web client, as attacks do');
  if (/UploadFile\(|UploadString\(|UploadData\(/i.test(source))
    f.risk('network-send', 'network/upload', 'risky', 'Sends data to another machine');
  if (/^\s*%0\s*\|\s*%0\s*$/m.test(source)) f.risk('service', 'shell/fork-bomb', 'catastrophic', 'Starts copies of itself without end');
  if (/EventLogSession\]?[\s\S]{0,60}\.ClearLog\(|EventLog\]::Delete\(|EventLog\b[\s\S]{0,80}\.Clear\(\)/i.test(source))
    f.risk('history', 'windows/clear-log', 'risky', 'Clears logs of Windows');
  if (/AmsiUtils|amsiInitFailed|AmsiScanBuffer/i.test(source))
    f.risk('disarm', 'windows/amsi', 'catastrophic', 'Turns the script scanner of Windows off');
  if (/Reflection\.Assembly\]::Load|VirtualAlloc|CreateThread|GetDelegateForFunctionPointer|WriteProcessMemory/i.test(source))
    f.risk('execute', 'powershell/native', 'risky', 'Loads machine code past the disk');
  if (/\[System\.IO\.(?:File|Directory)\]::Delete\(|\[IO\.(?:File|Directory)\]::Delete\(/i.test(source))
    f.risk('delete', 'powershell/delete-recursive', 'risky', 'Deletes files from code');
  if (/Invoke-Mimikatz|Invoke-Kerberoast|sekurlsa|Get-GPPPassword|PowerSploit|Invoke-Shellcode|PowerUp|SharpHound|BloodHound/i.test(source))
    f.risk('secret-read', 'secret/attack-tool', 'catastrophic', 'Runs a tool of attackers');
  if (/\$env:(\w+)\s*=/i.test(source))
    for (const m of source.matchAll(/\$env:(\w+)\s*=\s*(?:'([^']*)'|"([^"]*)"|(\$null))?/gi))
      m[4] ? x.protected.unset(m[1]!, f) : x.protected.assignment(m[1]!, m[2] ?? m[3] ?? '', f);
  if (/SetEnvironmentVariable\(\s*['"](\w+)['"]/i.test(source))
    for (const m of source.matchAll(/SetEnvironmentVariable\(\s*['"](\w+)['"]\s*,\s*(?:['"]([^'"]*)['"])?/gi))
      x.protected.assignment(m[1]!, m[2] ?? '', f);
  if (/\$PROFILE\b/.test(source) && /(?:>>?|add-content|set-content|out-file)/i.test(source))
    f.risk('persistence', 'windows/startup', 'risky', 'Writes the start file of PowerShell');
  if (/while\s*\(\s*(?:\$true|1)\s*\)[\s\S]{0,200}start-(?:process|job)/i.test(source))
    f.risk('service', 'shell/endless-processes', 'risky', 'Starts processes without end');
}
