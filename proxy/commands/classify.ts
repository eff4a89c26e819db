import type { ToolClass } from '../contract/index.js';
import { isShellScript, sniff } from './sniff.js';
import type { ToolContext } from './types.js';

export interface CodeItem {
  language: string;
  text: string;
  dialect?: string;
}

/** A tool call taken apart: what kind it is, and which arguments are code, paths, addresses, content. */
export interface ReadCall {
  toolName: string;
  toolClass: ToolClass;
  malformed: boolean;
  code: CodeItem[];
  /** Path arguments and what the tool does with them. */
  paths: { path: string; verb: FileVerb }[];
  /** Content that a file tool writes. */
  content: string[];
  urls: string[];
  /** Bodies and fields that a network tool sends. */
  bodies: string[];
  allStrings: string[];
  cwd?: string;
}

export type FileVerb = 'read' | 'write' | 'append' | 'delete' | 'move' | 'edit' | 'permission' | 'list';

const NAMES: [RegExp, ToolClass][] = [
  [/power_?shell|pwsh/i, 'powershell'],
  [
    /(?:^|[_\W])(?:bash|shell|sh|zsh|terminal|console|cmd|local_?shell|run_?in_?terminal)(?:$|[_\W])|(?:^|_)(?:execute|run|exec)_?(?:shell|bash|command|cmd|process|terminal)|shell_?(?:command|exec|tool)|command_?(?:exec|run|line)|run_?terminal|^(?:exec|execute|run|command|exec_command|unified_exec|BashOutput)$|ssh_?exec/i,
    'shell',
  ],
  [
    /(?:^|[_\W])(?:sql|query|postgres\w*|mysql|sqlite|database|db|bigquery|snowflake|redshift|clickhouse|mssql|oracle|duckdb)(?:$|[_\W])|(?:execute|run)_?(?:sql|query)|sql_?(?:exec|query)/i,
    'sql',
  ],
  [
    /python|jupyter|notebook|code_?(?:exec|interpreter|run|execution)|(?:exec|execute|run|eval|evaluate)_?(?:code|script|python|javascript|js|node)|(?:^|_)repl(?:$|_)|interpreter|sandbox|ipython|javascript_?(?:tool|exec)|^(?:javascript|typescript|js|ts|node|node_?js|deno|bun|ruby|perl|php|lua)$/i,
    'code',
  ],
  [
    /(?:^|[_\W])(?:read|write|edit|append|delete|remove|move|rename|copy|create|str_replace\w*|multi_?edit|apply_?patch|view|open|save|list|search|update|insert|truncate|chmod|upload|download)_?(?:files?|dir\w*|folder|document|text_?file|path)(?:$|[_\W])|^(?:read|write|edit|multiedit|notebookedit|view|cat|str_replace\w*|text_editor\w*|apply_patch|create_file|glob|grep|ls|replace|patch)$|file_?(?:system|read|write|edit|tool|manager|ops)|filesystem|(?:^|[_\W])fs[_\W]/i,
    'file',
  ],
  [
    /(?:^|[_\W])(?:fetch|http|https|curl|request|url|browse\w*|web_?fetch|web_?search|download|upload|webhook|api_?call|rest|graphql|post|send|mail|e-?mail|slack|discord|telegram|sms|message|publish|navigate|share|puppeteer|playwright)(?:$|[_\W])|send_?\w+|webfetch|websearch/i,
    'network',
  ],
];

const COMMAND_KEYS =
  /^(?:command|cmd|commands|shell|bash|shell_command|command_line|commandline|script|exec|run|cmdline|code_string|terminal_command)$/i;
const CODE_KEYS =
  /^(?:code|source|source_code|program|python|script|snippet|expression|javascript|js|cell|cells|py|body_code|eval|function|statements?)$/i;
const SQL_KEYS = /^(?:sql|query|queries|statement|statements|sql_query|sqlquery|stmt|q)$/i;
const PATH_KEYS =
  /^(?:path|file|file_?path|filename|file_?name|target_?file|target|source|src|dst|dest|destination|old_?path|new_?path|from|to|paths|files|directory|dir|folder|abs_?path|absolute_?path|notebook_?path|output_?path|location|uri|relative_?path)$/i;
const URL_KEYS = /^(?:url|uri|urls|link|href|endpoint|address|webhook|target_?url|base_?url|host|domain|website)$/i;
const CONTENT_KEYS =
  /^(?:content|contents|text|data|new_?string|new_?str|file_?text|body|insert_?text|patch|diff|input|replacement|code|edits|new_source|lines)$/i;
const BODY_KEYS =
  /^(?:body|data|payload|json|form|content|message|text|params|headers|attachments?|files?|query|subject|html|fields|value)$/i;

interface Leaf {
  key: string;
  text: string;
}

function leaves(value: unknown, key: string, out: Leaf[], depth: number): void {
  if (out.length > 500 || depth > 8) return;
  if (typeof value === 'string') out.push({ key, text: value });
  else if (typeof value === 'number' || typeof value === 'boolean') out.push({ key, text: String(value) });
  else if (Array.isArray(value)) {
    if (value.length > 0 && value.every((v) => typeof v === 'string') && COMMAND_KEYS.test(key)) {
      out.push({ key, text: argvText(value as string[]) });
      return;
    }
    for (const v of value) leaves(v, key, out, depth + 1);
  } else if (value !== null && typeof value === 'object') for (const [k, v] of Object.entries(value)) leaves(v, k, out, depth + 1);
}

/** `["bash","-lc","rm x"]` as a line that a shell would read the same. */
function argvText(argv: string[]): string {
  if (argv.length === 1) return argv[0]!;
  return argv.map((a) => (/^[\w@%+=:,./-]+$/.test(a) ? a : `'${a.replaceAll("'", "'\\''")}'`)).join(' ');
}

function languageHint(objects: Leaf[]): string | undefined {
  const l = objects
    .find((o) => /^(?:language|lang|kernel|interpreter|runtime|shell|dialect|engine|mode|type)$/i.test(o.key))
    ?.text.toLowerCase();
  if (l === undefined) return undefined;
  if (/^py|python|ipython/.test(l)) return 'python';
  if (/^(?:js|javascript|node|typescript|ts|deno|bun)/.test(l)) return 'javascript';
  if (/^(?:ba|z|da|k|fi)?sh\b|^shell|terminal/.test(l)) return 'shell';
  if (/powershell|pwsh|^ps1?$/.test(l)) return 'powershell';
  if (/^(?:cmd|bat)/.test(l)) return 'cmd';
  if (/sql|postgres|maria|oracle/.test(l)) return 'sql';
  if (/^(?:perl|ruby|php|lua|awk)/.test(l)) return /^[a-z]+/.exec(l)![0];
  return undefined;
}

/** Takes a call apart by the tool's name, its definition, its argument names and what the arguments look like. */
export function classify(toolName: string, argumentsText: string, definition?: ToolContext['definition']): ReadCall {
  const call: ReadCall = {
    toolName,
    toolClass: 'unknown',
    malformed: false,
    code: [],
    paths: [],
    content: [],
    urls: [],
    bodies: [],
    allStrings: [],
  };
  const bare = toolName
    .replace(/^mcp__[^_]+(?:_[^_]+)*__/, '')
    .replace(/^.*[.:/](?=\w)/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2');
  let named: ToolClass | undefined =
    NAMES.find(([re]) => re.test(bare))?.[1] ?? NAMES.find(([re]) => re.test(toolName.replace(/([a-z0-9])([A-Z])/g, '$1_$2')))?.[1];
  if (!named && definition?.description) {
    const d = definition.description.slice(0, 600);
    named = /\b(?:run|execut)\w*\b[^.]{0,60}\b(?:shell|bash|terminal|command)/i.test(d)
      ? 'shell'
      : /\b(?:run|execut)\w*\b[^.]{0,60}\b(?:sql|query|queries)\b/i.test(d)
        ? 'sql'
        : /\b(?:run|execut|evaluat)\w*\b[^.]{0,60}\b(?:python|code|javascript|script)\b/i.test(d)
          ? 'code'
          : /\b(?:send|post|fetch|request|upload|e-?mail)\w*\b[^.]{0,60}\b(?:url|http|web|e-?mail|message|internet)/i.test(d)
            ? 'network'
            : /\b(?:read|write|edit|delete|create)\w*\b[^.]{0,40}\bfiles?\b/i.test(d)
              ? 'file'
              : undefined;
  }
  let value: unknown;
  try {
    value = argumentsText.trim() === '' ? {} : JSON.parse(argumentsText);
  } catch {
    call.malformed = true;
    value = argumentsText;
  }
  const all: Leaf[] = [];
  leaves(value, typeof value === 'string' ? 'input' : '', all, 0);
  call.allStrings = all.map((l) => l.text);
  const hint = languageHint(all);
  call.cwd = all.find((l) => /^(?:cwd|workdir|working_?dir(?:ectory)?)$/i.test(l.key))?.text;
  if (call.cwd === undefined) delete call.cwd;
  const dialect =
    /postgres|pg|redshift|cockroach/i.test(toolName) || hint === 'sql'
      ? /postgres|pg/i.test(`${toolName} ${all.find((l) => /dialect|engine/i.test(l.key))?.text ?? ''}`)
        ? 'postgres'
        : undefined
      : undefined;
  const add = (language: string, text: string): void => {
    if (call.code.length < 40 && text.trim() !== '')
      call.code.push(language === 'sql' && dialect ? { language, text, dialect } : { language, text });
  };
  const verb = fileVerb(bare, all);
  for (const { key, text } of all) {
    if (text === '') continue;
    if (/^https?:\/\/|^(?:ftp|ws)s?:\/\//.test(text.trim()) || URL_KEYS.test(key))
      if (named !== 'file' || /^\w+:\/\//.test(text)) call.urls.push(text.trim());
    const seen = named === 'shell' && /^input$/.test(key) ? 'shell' : undefined;
    if (named === 'shell' && (COMMAND_KEYS.test(key) || CODE_KEYS.test(key) || seen || all.length === 1))
      add(hint ?? (isShellScript(text) ? 'shell' : (sniff(text) ?? 'shell')), text);
    else if (named === 'powershell' && (COMMAND_KEYS.test(key) || CODE_KEYS.test(key) || all.length === 1)) add('powershell', text);
    else if (named === 'sql' && (SQL_KEYS.test(key) || CODE_KEYS.test(key) || COMMAND_KEYS.test(key) || all.length === 1)) add('sql', text);
    else if (
      named === 'code' &&
      (CODE_KEYS.test(key) || COMMAND_KEYS.test(key) || /^input$|^text$|^content$/.test(key) || all.length === 1)
    )
      add(
        hint ??
          sniff(text) ??
          (/js|javascript|typescript|^ts$|node|deno|bun/i.test(toolName)
            ? 'javascript'
            : (/^(?:ruby|perl|php|lua)$/i.exec(bare)?.[0].toLowerCase() ?? 'python')),
        text,
      );
    else if (named === 'file') {
      if (PATH_KEYS.test(key) && text.length < 1024 && !text.includes('\n')) call.paths.push({ path: text, verb });
      else if (CONTENT_KEYS.test(key)) call.content.push(text);
    } else if (named === 'network') {
      if (BODY_KEYS.test(key)) call.bodies.push(text);
    }
    if (!named || named === 'network' || named === 'file') {
      if (COMMAND_KEYS.test(key) && named !== 'file') add(hint ?? sniff(text) ?? (/\s|^[\w./-]+$/.test(text) ? 'shell' : 'shell'), text);
      else if (SQL_KEYS.test(key) && sniff(text) === 'sql') add('sql', text);
      else if (CODE_KEYS.test(key) && !named && sniff(text)) add(hint ?? sniff(text)!, text);
      else if (
        !named &&
        PATH_KEYS.test(key) &&
        /^[~./\w]/.test(text) &&
        text.length < 1024 &&
        !/\s{2}|\n/.test(text) &&
        /\/|\\|^\./.test(text)
      )
        call.paths.push({ path: text, verb });
      else if (!named && text.length >= 6 && text.length < 32_768) {
        const s = sniff(text, true);
        if (s) add(s, text);
      }
    }
  }
  if (named === 'sql' && call.code.length === 0) for (const { text } of all) if (sniff(text) === 'sql') add('sql', text);
  if (patches(call)) named ??= 'file';
  call.toolClass = named ?? byContent(call);
  return call;
}

function byContent(call: ReadCall): ToolClass {
  const l = call.code[0]?.language;
  if (l === 'shell' || l === 'cmd') return 'shell';
  if (l === 'powershell') return 'powershell';
  if (l === 'sql') return 'sql';
  if (l !== undefined) return 'code';
  if (call.paths.length > 0) return 'file';
  if (call.urls.length > 0) return 'network';
  return 'unknown';
}

/** `*** Update File: x` of patch tools. */
function patches(call: ReadCall): boolean {
  let found = false;
  for (const text of call.allStrings)
    if (/^\*\*\* Begin Patch/m.test(text))
      for (const m of text.matchAll(/^\*\*\* (Add|Update|Delete) File: (.+)$|^\*\*\* Move to: (.+)$/gm)) {
        found = true;
        call.paths.push({ path: (m[2] ?? m[3])!.trim(), verb: m[1] === 'Delete' ? 'delete' : m[1] === 'Add' ? 'write' : 'edit' });
      }
  return found;
}

function fileVerb(name: string, all: Leaf[]): FileVerb {
  const action = all.find((l) => /^(?:command|action|operation|mode|op)$/i.test(l.key))?.text ?? '';
  const t = `${action} ${name}`.toLowerCase();
  if (/delete|remove|unlink|rmdir|trash/.test(t)) return 'delete';
  if (/append/.test(t)) return 'append';
  if (/move|rename/.test(t)) return 'move';
  if (/chmod|chown|permission/.test(t)) return 'permission';
  if (/write|create|save|put|copy|upload|new/.test(t)) return 'write';
  if (/edit|replace|insert|patch|update|modify|undo/.test(t)) return 'edit';
  if (/list|glob|ls\b|search|tree|find/.test(t)) return 'list';
  return 'read';
}
