import type { RiskLevel } from '../../contract/index.js';
import type { Findings, RiskClass } from '../findings.js';

/** Names of a cmdlet, what its line or the whole script must hold, and the risk. */
type Row = [RegExp, RegExp | undefined, RiskClass, string, RiskLevel, string];

const CMDLETS: Row[] = [
  [/^remove-(?:az|ad|mg|ec2|s3|rds|iam|lm|ddb|cfn|sns|sqs|eks|ecs|vm|mailbox|dnsserver|dhcpserver|gp|cluster|sql|dba|storagepool|virtualdisk|physicaldisk|wb|sp[sow]|pnp|team|distributiongroup|unifiedgroup|windowsfeature|windowspackage|vhd|netipaddress|netroute|smbshare|gc|oci|datastore|inventory|resourcepool|computer$|message|compliance|transportrule|intune|cms|domain|hybrid|certificate|rdsession)/, undefined, 'admin', 'cloud/delete', 'risky', 'Deletes on servers or in a cloud'],
  [/^(?:uninstall|disable|unregister)-(?:az|ad|mg|aduser|windowsfeature|adaccount|adfs|rdsession|mailbox)/, undefined, 'admin', 'cloud/delete', 'risky', 'Takes accounts or services away'],
  [/^(?:stop|restart|suspend)-(?:az|ec2|rds|vm|cluster|adf)/, undefined, 'service', 'cloud/stop', 'risky', 'Stops machines or services of others'],
  [/^(?:reset|clear)-(?:physicaldisk|storage|tpm|cluster|adserviceaccount|computermachinepassword|mailbox)/, undefined, 'admin', 'cloud/delete', 'risky', 'Wipes or resets a part of the machine'],
  [/^(?:new|set|add)-(?:az|mg)?(?:roleassignment|azroleassignment|mgrolemanagement\w*|azkeyvaultaccesspolicy|iamuserpolicy|iamrolepolicy|iamuser|iamaccesskey|s3bucketpolicy|s3acl|ec2securitygroupingress\w*|mailboxpermission|mailboxfolderpermission|adpermission|inboxrule|transportrule|mailbox$|rdsdbinstance$|networksecurityruleconfig)/, undefined, 'permission', 'cloud/grant', 'risky', 'Gives rights to others'],
  [/^grant-(?:ec2|az|ad)/, undefined, 'permission', 'cloud/grant', 'risky', 'Opens a network or grants rights'],
  [/^(?:new-inboxrule|set-mailbox|new-transportrule)$/, /forward|redirect|bcc/i, 'network-send', 'network/mail-forward', 'risky', 'Sends the mail of somebody to others'],
  [/^(?:get|read)-(?:azkeyvaultsecret|secsecretvalue|ssmparameter\w*|secret|laps\w*|admpwd\w*|gpppassword|storedcredential|azaccesstoken|kerberosticket)/, undefined, 'secret-read', 'cloud/secret', 'risky', 'Reads stored credentials'],
  [/^get-(?:clipboard)$/, /webrequest|restmethod|uploads?tring|out-file|add-content|while/i, 'secret-read', 'code/capture', 'risky', 'Records the clipboard'],
  [/^(?:export-pfxcertificate|export-azkeyvault\w*|backup-azkeyvault\w*|export-certificate$)/, undefined, 'secret-read', 'windows/export-key', 'risky', 'Takes keys out of the store'],
  [/^import-certificate$|^import-pfxcertificate$/, /root/i, 'permission', 'windows/trust', 'risky', 'Trusts another authority'],
  [/^(?:new-psdrive|mount-diskimage|mount-vhd)$/, /-persist|\\\\[\w.]+\\/i, 'network-send', 'windows/share', 'notable', 'Connects a share'],
  [/^new-smbmapping$/, undefined, 'network-send', 'windows/share', 'notable', 'Connects a share'],
  [/^(?:set|new)-(?:dnsclientserveraddress|netipaddress|netroute|netipinterface|dnsclientnrptrule|netconnectionprofile)$/, undefined, 'admin', 'windows/network', 'risky', 'Changes where the network of this machine goes'],
  [/^set-date$|^set-timezone$/, undefined, 'admin', 'code/clock', 'risky', 'Sets the clock of this machine'],
  [/^rename-computer$|^add-computer$|^remove-computer$|^reset-computermachinepassword$/, undefined, 'admin', 'windows/computer', 'risky', 'Changes the name or domain of this machine'],
  [/^(?:disable-\w*(?:uac|defender|firewall|smartscreen|audit\w*|bitlocker\w*|tpm\w*|scheduledtask|pnpdevice|netadapter\w*|mmagent|psbreakpoint)|suspend-bitlocker|disable-mailbox)$/, undefined, 'service', 'windows/protection-off', 'risky', 'Turns protection or a device off'],
  [/^(?:set-bcd\w*|set-processmitigation|set-smbserverconfiguration|enable-windowsoptionalfeature)$/, /disable|smb1|telnet|encryptdata\s+\$?false/i, 'service', 'windows/protection-off', 'risky', 'Weakens the machine'],
  [/^(?:set-mpprference|set-mppreference|add-mppreference)$/, undefined, 'service', 'windows/defender', 'risky', 'Turns the virus scanner off or blinds it'],
  [/^(?:stop|debug|suspend)-process$/, /lsass|winlogon|csrss|msmpeng|sense|falcon|defend|carbon|sentinel|get-process\s*\||\*/i, 'service', 'windows/kill', 'risky', 'Ends processes of others'],
  [/^(?:start|invoke)-(?:bitstransfer|webrequest|restmethod)$/, /(?:iex|invoke-expression|scriptblock\]::create|start-process|\.invoke\()/i, 'download-run', 'powershell/download-run', 'risky', 'Runs what it downloads'],
  [/^test-netconnection$|^test-connection$/, /(?:\d+\.\.\d+|foreach|%)\s*[\s\S]{0,200}(?:test-netconnection|-port|-tcpport)/i, 'network-send', 'network/scan', 'risky', 'Looks for open ports or machines'],
  [/^(?:enter|new|invoke)-(?:pssession|command)$/, /-computername\s+\(|get-adcomputer|get-content\s+\S*(?:servers|hosts|computers)/i, 'execute', 'powershell/remote-run', 'risky', 'Runs commands on many machines'],
  [/^(?:register-wmievent|set-wmiinstance|new-ciminstance|register-cimindicationevent|register-engineevent|register-objectevent)$/, /__eventfilter|commandlineeventconsumer|filtertoconsumer|powershell\.exiting/i, 'persistence', 'windows/schedule', 'risky', 'Lets something run by itself later'],
  [/^(?:remove-ciminstance|remove-wmiobject)$/, /shadow/i, 'delete', 'windows/delete-shadows', 'catastrophic', 'Deletes the copies that a restore would need'],
  [/^(?:remove-ciminstance|remove-wmiobject)$/, undefined, 'delete', 'windows/wmic', 'risky', 'Deletes by WMI'],
  [/^(?:compress-archive)$/, /\\users\\|~|\$env:userprofile|\$home|documents|\.ssh|appdata/i, 'secret-read', 'windows/pack', 'notable', 'Packs files of a person'],
  [/^(?:new-object)$/, /wscript\.shell[\s\S]{0,200}(?:sendkeys|regwrite)|outlook\.application[\s\S]{0,200}\.send\(/i, 'execute', 'powershell/com', 'risky', 'Works other programs by their objects'],
  [/^powershell$/, /\s-v(?:ersion)?\s+2\b/i, 'execute', 'powershell/downgrade', 'risky', 'Runs a PowerShell of before the script scanner'],
  [/^netsh$/, /key\s*=\s*clear/i, 'secret-read', 'windows/wifi-keys', 'risky', 'Shows the keys of wireless networks'],
  [/^(?:publish-module|publish-script)$/, undefined, 'network-send', 'package/publish', 'risky', 'Publishes code'],
]; // biome-ignore format: a table

/** What the whole script shows. */
const SCRIPTS: [RegExp, RegExp | undefined, RiskClass, string, RiskLevel, string][] = [
  [/\d+\s*\.\.\s*\d+[\s\S]{0,200}(?:tcpclient|test-netconnection|test-connection|udpclient|\bping\b)|(?:tcpclient|test-netconnection)[\s\S]{0,200}\d+\s*\.\.\s*\d+/i, undefined, 'network-send', 'network/scan', 'risky', 'Looks for open ports or machines'],
  [/setenvironmentvariable\(\s*['"]path['"]/i, undefined, 'persistence', 'code/path', 'risky', 'Changes where programs are looked for'],
  [/setenvironmentvariable\(\s*['"](?:cor_\w+|coreclr_\w+|psmodulepath|comspec|__compat_layer|ld_\w+)['"]/i, undefined, 'persistence', 'code/path', 'risky', 'Changes what other programs load'],
  [/win32_(?:product|service|useraccount|process|volume|quickfixengineering)[\s\S]{0,200}\.(?:uninstall|delete|terminate|stopservice|changestartmode|format|rename|create)\(/i, undefined, 'admin', 'windows/wmic', 'risky', 'Removes or stops programs by WMI'],
  [/getnetworkcredential\(\)\s*\.password|securestringtobstr|ptrtostringauto/i, undefined, 'secret-read', 'powershell/credential', 'risky', 'Writes out stored or typed passwords'],
  [/\b(?:powerview|powerup|powercat|nishang|empire|rubeus|seatbelt|lazagne|inveigh|adrecon|sharpup|winpeas|privesccheck|invoke-(?:bloodhound|dcsync|tokenmanipulation|wmicommand|psinject|reflectivepeinjection|phant0m|obfuscation)|get-domain(?:user|computer|group)|find-localadminaccess)\b/i, undefined, 'privilege', 'secret/attack-tool', 'risky', 'Uses a tool of attackers'],
  [/scriptblock\]::create\([\s\S]{0,200}\)\s*\.invoke|\.invokescript\(|invokecommand\.\w+\(|&\s*\(?\s*\[scriptblock\]/i, /webrequest|webclient|httpclient|downloadstring|getresponse|restmethod|http:\/\/|https:\/\//i, 'download-run', 'powershell/download-run', 'risky', 'Runs what it downloads'],
  [/\[?net\.(?:webrequest|webclient|http\.httpclient)\]?|net\.webclient|system\.net\.http/i, /\biex\b|invoke-expression|scriptblock|\.invoke\(|assembly\]::load|start-process|&\s*\$/i, 'download-run', 'powershell/download-run', 'risky', 'Runs what it downloads'],
  [/httplistener|sockets\.tcplistener|namedpipeserverstream|udpclient/i, /\bcmd\b|\biex\b|invoke-expression|start-process|scriptblock|powershell/i, 'reverse-shell', 'powershell/bind-shell', 'catastrophic', 'Runs commands for whoever connects'],
  [/httplistener|tcplistener/i, undefined, 'reverse-shell', 'network/listen', 'risky', 'Waits for connections from the network'],
  [/(?:set|new)-itemproperty|\breg\s+add|registry\]::setvalue|regwrite/i, /userinitmprlogonscript|appinit_dlls|appcertdlls|image file execution|\\shell\\open\\command|ms-settings|active setup|command processor|scrnsave|inprocserver32|cor_profiler|shell folders|winlogon|\\currentversion\\run|silentprocessexit|securityproviders|\\lsa\b|print\\monitors|netsh\b.*\.dll|bootexecute|load\b.*\\windows nt\\currentversion\\windows/i, 'persistence', 'windows/registry', 'risky', 'Lets something run by itself later'],
  [/(?:set|new)-itemproperty|\breg\s+add|registry\]::setvalue/i, /wdigest|uselogoncredential|enablelua|disableantispyware|disablerealtime|localaccounttokenfilterpolicy|restrictadmin|runasppl|fdenytsconnections|disabletaskmgr|enablescriptblocklogging|scriptblocklogging|consentpromptbehavior|amsienable|disablefirewall|enablefirewall|nla|userauthentication/i, 'service', 'windows/protection-off', 'risky', 'Weakens the protection of the machine'],
  [/getasynckeystate|setwindowshookex|getkeyboardstate|\[windows\.forms\.cursor/i, /user32|dllimport|keys\]|while|getasynckeystate/i, 'secret-read', 'code/keylogger', 'risky', 'Records what is typed'],
  [/copyfromscreen|drawing\.graphics\]::fromimage/i, undefined, 'secret-read', 'code/capture', 'risky', 'Records the screen'],
  [/minidumpwritedump|comsvcs\.dll[\s,#]*(?:minidump|24)|out-minidump|procdump\b.*lsass/i, undefined, 'secret-read', 'windows/dump-credentials', 'catastrophic', 'Takes the memory that holds all passwords'],
  [/passwordvault|credentialmanager|dpapi|protecteddata\]::unprotect|get-storedcredential|vaultcmd|cmdkey\s+\/list/i, undefined, 'secret-read', 'windows/stored-passwords', 'risky', 'Reads stored passwords'],
  [/get-childitem\s+env:|\bgci\s+env:|\bdir\s+env:|\bls\s+env:|getenvironmentvariables\(\)/i, /webrequest|restmethod|upload|\biwr\b|\birm\b|tcpclient|out-file|set-content|export-c/i, 'network-send', 'network/secret-send', 'risky', 'Sends or stores all variables of the environment'],
  [/(?:aes|rijndael\w*|cryptostream|protect-cmsmessage|\.encrypt\()/i, /get-childitem[\s\S]{0,200}(?:-recurse|foreach)[\s\S]{0,200}(?:writeallbytes|set-content|rename-item|remove-item|move-item|cryptostream)/i, 'overwrite', 'code/encrypt-files', 'catastrophic', 'Encrypts files of whole folders'],
  [/get-childitem|\bgci\b/i, /-recurse[\s\S]{0,200}(?:\*\.(?:kdbx|pem|pfx|p12|key|ppk|rdp)|password|id_rsa|unattend|web\.config|\.ssh)[\s\S]{0,200}(?:copy|content|compress|select-string|invoke)/i, 'secret-read', 'shell/search-secrets', 'risky', 'Looks for files that hold credentials'],
  [/while\s*\(\s*(?:\$true|1)\s*\)\s*\{\s*(?:start-(?:process|job)|\[array\]|\$\w+\s*\+=|new-item|add-content)|for\s*\(\s*;\s*;\s*\)\s*\{\s*(?:start|\$\w+\s*\+=)/i, undefined, 'service', 'shell/exhaust', 'risky', 'Takes processes, memory or disk without end'],
  [/\$executioncontext\.sessionstate\.languagemode|__pslockdownpolicy|\[psobject\]\.assembly\.gettype|cachedgrouppolicysettings/i, undefined, 'disarm', 'windows/amsi', 'catastrophic', 'Turns the rules for scripts off'],
  [/\[system\.diagnostics\.process\]::start\(|\.createprocess\(|shellexecute\(|wscript\.shell/i, /-w\s+hidden|hidden|http|cmd|powershell|-enc/i, 'execute', 'powershell/com', 'risky', 'Runs programs past the shell'],
  [/\[(?:system\.)?io\.(?:file|directory)\]::(?:delete|move|writeall\w+|copy)\([^)]*(?:windows|system32|program files|\\users\\|\$env:)/i, undefined, 'overwrite', 'powershell/delete-recursive', 'risky', 'Changes files of the system from code'],
  [/set-clipboard[\s\S]{0,200}(?:while|bc1|0x[0-9a-f]{40})|\bbc1q\w+/i, /clipboard/i, 'overwrite', 'code/clipboard', 'risky', 'Replaces what was copied'],
  [/rename-item[\s\S]{0,200}\.(?:locked|encrypted|crypt)|your files (?:have been|are) encrypted/i, undefined, 'overwrite', 'code/encrypt-files', 'risky', 'Renames or encrypts files of somebody'],
]; // biome-ignore format: a table

/** Judges a cmdlet by the table; `script` is everything around it. */
export function judgeCmdlet(name: string, line: string, script: string, f: Findings): void {
  for (const [names, needs, cls, id, level, sentence] of CMDLETS)
    if (names.test(name) && (!needs || needs.test(line) || needs.test(script))) f.risk(cls, id, level, `${sentence}: ${name}`);
}

/** Judges a script as a whole by the table. */
export function judgeScript(script: string, f: Findings): void {
  for (const [what, needs, cls, id, level, sentence] of SCRIPTS)
    if (what.test(script) && (!needs || needs.test(script))) f.risk(cls, id, level, sentence);
}
