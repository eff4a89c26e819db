const SQL =
  /^\s*(?:--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*(?:select\b[\s\S]*\bfrom\b|select\s+[\w@*'(]|insert\s+into|update\s+\S+\s+set|delete\s+from|drop\s+(?:table|database|schema|view|index|user|role|function|trigger|sequence|procedure|login|column)|truncate\s+(?:table\s+)?\w|alter\s+(?:table|database|user|role|login|system|server|schema|index|view)|create\s+(?:or\s+replace\s+)?(?:temp\w*\s+|unique\s+|definer\S*\s+)?(?:table|database|schema|view|index|user|role|function|trigger|procedure|extension|login|materialized|language)|grant\s+\w+|revoke\s+\w+|with\s+\w+\s*(?:\([^)]*\)\s*)?as\s*\(|copy\s+\S+\s+(?:from|to)|exec(?:ute)?\s+(?:xp_|sp_|master|immediate)|merge\s+into|replace\s+into|load\s+data|declare\s+@|do\s+\$|begin\s+(?:tran|;)|call\s+\w+\s*\(|explain\s|shutdown\s*;?\s*$|shutdown\s+(?:with|immediate|abort)\b|dbcc\s|kill\s+(?:connection|query)\b|attach\s+database|pragma\s+\w|vacuum\b|set\s+global|purge\s+binary|reset\s+master|backup\s+database|restore\s+database|handler\s+\w|rename\s+table|lock\s+tables?|use\s+\w+\s*;)/i;
const PYTHON =
  /^(?:\s*#[^\n]*\n|\s*\n)*\s*(?:import\s+\w+(?:[.\w, ]*)(?:\s+as\s+\w+)?\s*(?:$|\n|;)|from\s+[\w.]+\s+import\s|def\s+\w+\s*\(|async\s+def\s|class\s+\w+.*:\s*$|with\s+open\s*\(|for\s+\w+(?:\s*,\s*\w+)*\s+in\s+[^;]+:\s*(?:\n|$|\w)|if\s+__name__|try:\s*\n|print\s*\(|@\w+|exec\s*\(|eval\s*\(|__import__\s*\(|\w+\s*=\s*(?:\w+\.)*\w+\([^\n]*\)\s*(?:\n|$)|while\s+(?:True|1)\s*:|os\.\w+\(|subprocess\.|open\s*\(|shutil\.)/m;
const JAVASCRIPT =
  /(?:^|\n)\s*(?:const|let|var)\s+[\w{[][^=\n]*=\s*|(?:^|[;\n=(])\s*(?:await\s+)?require\s*\(\s*["']|(?:^|\n)\s*import\s+(?:[\w*{}, ]+\s+from\s+)?["']|=>\s*[{(\w]|(?:^|\n)\s*(?:async\s+)?function\s+\w*\s*\(|process\.(?:env|exit|kill)|child_process/;
const POWERSHELL =
  /(?:^|[\s;|({])(?:Remove|Get|Set|New|Start|Stop|Invoke|Add|Clear|Copy|Move|Rename|Import|Export|Out|Write|Read|Test|Disable|Enable|Register|Unregister|ConvertTo|ConvertFrom|Install|Uninstall|Restart|Resume|Suspend|Select|Where|ForEach|Send|Format|Expand|Compress|Update|Save|Find|Push|Pop|Wait|Measure|Group|Sort|Enter|Exit|Connect|Disconnect|Receive|Grant|Revoke|Protect|Unprotect|Mount|Dismount|Initialize|Reset|Restore|Backup|Checkpoint|Debug|Limit|Repair|Resolve|Show|Split|Join|Step|Switch|Tee|Trace|Undo|Use|Complete|Block|Unblock|Approve|Deny|Merge|Optimize|Publish|Unpublish|Watch|Lock|Unlock|Search|Sync|Hide|Close|Open|Confirm|Convert|Assert|Build|Deploy|Edit|Edit)-[A-Z][A-Za-z]{2,}\b|\$env:\w+|\[(?:System|Convert|Net|IO|Reflection|Text|Diagnostics|Microsoft|Ref)\.?[\w.]*\]::|(?:^|[\s;|(])(?:iex|iwr|irm)(?:\s|$)|(?:^|[;\n])\s*\$[a-z]\w*\s*=\s*['"([@]|New-Object\s+|-(?:ExecutionPolicy|EncodedCommand|ErrorAction|Recurse)\b/;
const CMD =
  /^\s*@?echo\s+off\b|(?:^|[&|\n])\s*(?:del|erase|rd|rmdir|copy|xcopy|robocopy|attrib|dir|type|md|move|ren|cls|call|start|icacls|takeown|reg|schtasks|net|sc|wmic|vssadmin|bcdedit|certutil|bitsadmin|taskkill|format|cipher|powercfg|wevtutil|for)(?:\.exe)?\s+(?:(?:[^\s&|]+\s+)*)?(?:\/[a-z?]+\b|[A-Za-z]:\\|%\w+%)|%(?:SystemRoot|USERPROFILE|TEMP|APPDATA|ProgramFiles|windir|COMSPEC)%/im;
const SHELL =
  /^\s*(?:#!\s*\/\S*sh\b|(?:sudo|rm|mv|cp|ls|cd|cat|echo|curl|wget|git|npm|pip|python3?|node|chmod|chown|mkdir|find|grep|sed|awk|bash|sh|zsh|docker|kubectl|ssh|scp|tar|kill|pkill|systemctl|export|env|dd|mkfs\S*|nc|ncat|eval|source|touch|tee|xargs|base64|crontab|nohup|sudo|apt(?:-get)?|yum|brew|make|exec|printf|for|while|if|\.\/\S+|\/\w+\/\S+)(?:\s|$|;))/;

/** First lines that only Python has; what follows may hold shell in its texts. */
const PYTHON_START =
  /^(?:\s*#(?!!)[^\n]*\n)*\s*(?:import\s+[a-z_]\w*(?:\.\w+)*(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+(?:\s+as\s+\w+)?)*|from\s+[\w.]+\s+import\s[^\n;'"]+|(?:async\s+)?def\s+\w+\([^\n]*\)[^\n]*:|class\s+\w+[^\n]*:|with\s+open\([^\n]*:)\s*(?:;|\n)/;

/**
 * True when a text for a shell tool is a shell's for certain: it feeds a here-document, or has a shell's loops and tests. Such a
 * script often holds lines of another language, which its own commands get to read.
 */
export function isShellScript(text: string): boolean {
  const t = text.length > 8192 ? text.slice(0, 8192) : text;
  if (PYTHON_START.test(t)) return false;
  return (
    /(?:^|\s|\d)<<-?\s*(?:\\?[A-Za-z_]\w*|'[^'\n]+'|"[^"\n]+")[^\n]*\n/.test(t) ||
    /^#!\s*\/\S*sh\b/.test(t) ||
    /(?:^|[;\n])\s*(?:do|then|done|fi|esac)\b(?!\s*[:=(])/.test(t)
  );
}

/** Guesses the language of a piece of text. `strict` is for arguments that are not known to be code: few false alarms. */
export function sniff(text: string, strict = false): string | undefined {
  const t = text.length > 8192 ? text.slice(0, 8192) : text;
  const shebang = /^#!\s*\S*?(?:\/env\s+(?:-S\s+)?)?\/?(python|perl|ruby|node|php|lua|awk|bash|sh|zsh|pwsh)[\d.]*\b/.exec(t)?.[1];
  if (shebang) return /sh$/.test(shebang) ? (shebang === 'pwsh' ? 'powershell' : 'shell') : shebang === 'node' ? 'javascript' : shebang;
  if (
    SQL.test(t) &&
    !/^\s*(?:update-|with\s+open|select\s+\w+\s+in\b|do\s|call\s+\S+\.bat)/i.test(t) &&
    (!strict || /\b(?:from|into|table|database|set|grant|exec|user|role|where|values|schema)\b/i.test(t))
  )
    return 'sql';
  if (strict) {
    if (/(?:^|\n)(?:import\s+\w+|from\s+[\w.]+\s+import\s)/.test(t) && /[(=:]/.test(t)) return 'python';
    if (/\brequire\s*\(\s*["']|(?:^|\n)(?:const|let)\s+\w+\s*=/.test(t)) return 'javascript';
    if (SHELL.test(t) && /(?:\s-{1,2}\w|\||&&|;|\/|\$\(|~)/.test(t) && !/[.!?]\s+[A-Z]/.test(t) && t.length < 4096) return 'shell';
    return undefined;
  }
  if (/^<\?php/.test(t)) return 'php';
  if (PYTHON_START.test(t)) return 'python';
  if (/^\s*(?:eval\s*\(\s*)?(?:Buffer\.from\(|console\.\w+\(|document\.\w|window\.\w|await\s+\$`)/.test(t)) return 'javascript';
  const command = SHELL.test(t) || /^\s*[\w./-]+(?:\s+-{1,2}\w|\s*$)/.test(t);
  if (POWERSHELL.test(t) && !/^\s*(?:echo|printf|cat|grep|git|curl|pwsh|powershell)\b/.test(t)) return 'powershell';
  if (
    !/^\s*(?:for\s+\w+\s+in\s[^:\n]*;|if\s+\[|while\s+\[|export\s|printf\s|with\s+\w+\s+\w)/.test(t) &&
    PYTHON.test(t) &&
    !/^\s*(?:function\b|#!\/bin)/.test(t) &&
    !(command && !/\n/.test(t) && !/^\s*(?:import|from)\s/.test(t))
  ) {
    if (!(JAVASCRIPT.test(t) && /(?:const|let|var)\s+\w|=>|;\s*$/m.test(t))) return 'python';
  }
  if (JAVASCRIPT.test(t) && !command) return 'javascript';
  if (
    /^\s*"?(?:[A-Za-z]:\\[^\s"]*|\\\\[\w.-]+\\\S+|[\w.-]+)\.(?:exe|vbs|wsf)"?(?:\s|$)/i.test(t) &&
    !/^\s*(?:\.\/|wine\b|mono\b)|\$\(/.test(t)
  )
    return 'cmd';
  if (/(?:^|\s)\\\\[\w.@-]+\\\w/.test(t) && !/[$`]/.test(t)) return 'cmd';
  if (CMD.test(t) && !/^\s*(?:sudo|for\s+\w+\s+in)\b/.test(t)) return 'cmd';
  return undefined;
}
