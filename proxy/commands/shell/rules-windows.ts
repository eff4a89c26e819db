import { windowsCommand } from '../windows/cmd.js';
import { PROXY_NAMES } from '../windows/proxies.js';
import type { RuleTable } from './rules.js';

/** Commands of cmd.exe reach a shell tool too; the same rules judge them. */
const rule: RuleTable[string] = (c, run) => {
  windowsCommand(c.name, c.argv, run.findings, run.place(c.scope));
};

export const windowsRules: RuleTable = {
  [[
    ...new Set([
      ...'del erase rd deltree format diskpart vssadmin wbadmin bcdedit wmic reg schtasks sc net net1 netsh taskkill takeown icacls cacls attrib cipher certutil bitsadmin mshta rundll32 regsvr32 cscript wscript wevtutil fsutil sdelete psexec procdump rubeus auditpol fltmc fodhelper msiexec installutil msbuild cmstp forfiles reagentc manage-bde runas esentutl ntdsutil mklink hh pcalua mavinject'.split(
        ' ',
      ),
      ...PROXY_NAMES,
    ]),
  ].join(' ')]: rule,
};
