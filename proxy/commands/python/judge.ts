import { groundOf, isCertainSecret, isSecretFile } from '../paths.js';
import { readSql } from '../sql/read.js';
import { access } from './access.js';
import { type Act, actsOf, does } from './calls.js';
import {
  coded,
  ctypesUsed,
  fileRun,
  gitRun,
  handed,
  loadedCode,
  nativeCalled,
  nested,
  pipRun,
  runs,
  unpickled,
  yamlLoaded,
} from './commands.js';
import { deleted, extracted, folders, listed, moved, opened, packed, wholeFile } from './files.js';
import { allocated } from './loops.js';
import { askedToDelete, fetched, mentioned, sends, serves, socketMade, socketUsed } from './network.js';
import { inMemory } from './pretend.js';
import { owned, permitted, truncated } from './rights.js';
import { risksOf } from './risks.js';
import { type Call, every, imports, risk } from './run.js';
import { containerRun, judgeService, managed, tableEmptied } from './services.js';
import { aboutMachine, environment, environmentSet, killed, killedByMethod, madeText, processes, shown, tookRights } from './system.js';
import { first, type Taint, type Value } from './value.js';

/** Who judges an act. What is given back is the value of the call; nothing given back: the next act is judged. */
// biome-ignore lint/suspicious/noConfusingVoidType: most judges only judge
const JUDGES: Record<Act, (c: Call) => Value | undefined | void> = {
  native: nativeCalled,
  pip: pipRun,
  nested,
  loadcode: loadedCode,
  runfile: fileRun,
  run: runs,
  code: coded,
  open: opened,
  readfile: wholeFile,
  writefile: wholeFile,
  makedir: folders,
  deletetree: deleted,
  delete: (c) => (does(c.name, 'deletetree') ? undefined : deleted(c)),
  move: moved,
  copy: moved,
  link: moved,
  extract: extracted,
  pack: packed,
  list: listed,
  chmod: permitted,
  chown: owned,
  truncate: truncated,
  setid: tookRights,
  kill: killed,
  killmethod: killedByMethod,
  fork: (c) => void c.run.seen.add('fork'),
  putenv: environmentSet,
  unsetenv: (c) => {
    const k = first(c.args[0]);
    if (k !== undefined) c.run.x.protected.unset(k, c.run.x.findings);
  },
  unpickle: unpickled,
  yaml: yamlLoaded,
  ctypes: ctypesUsed,
  socket: socketMade,
  serve: serves,
  socketmethod: socketUsed,
  dup: (c) => void c.run.seen.add('dup2'),
  sql: statement,
  send: sends,
  fetch: fetched,
  environ: environment,
  show: shown,
  text: madeText,
  machine: aboutMachine,
  processes,
  alloc: allocated,
  httpdelete: askedToDelete,
  feed: (c) => {
    if (c.run.seen.has('run shell')) for (const s of [...c.args, ...c.keywords.values()].flatMap((v) => v.strings)) c.run.x.shell(s);
  },
  chdir: (c) => {
    const p = first(c.args[0]);
    if (p !== undefined && /^[/~]/.test(p) && !['temp', 'workspace', 'workspace-all'].includes(groundOf(p, c.run.x.place)))
      c.run.folder = p;
    else if (p !== undefined) delete c.run.folder;
  },
  ormdelete: tableEmptied,
  management: managed,
  container: containerRun,
  gitrun: gitRun,
  tosql: tableReplaced,
  mailbox: (c) =>
    imports(c.run, /^(?:imaplib|imap_tools|poplib|exchangelib)/)
      ? risk(c.run, 'delete', 'code/mail-delete', 'risky', 'Deletes mail')
      : undefined,
  reveal: revealed,
  inplace: (c) => {
    if (/inplace\s*=\s*(?:True|1)/.test(c.node.text)) for (const s of c.args[0]?.strings ?? []) access(s, 'w', c.run);
  },
  read: (c) => {
    const t = new Set<Taint>();
    for (const a of every(c)) for (const k of a.taints) t.add(k);
    if (c.run.taints.has('secret') && !/^json\.loads$/.test(c.name)) t.add('secret');
    return { strings: [], taints: t };
  },
};

/** Judges one call by its resolved name; gives what it returns where that matters. */
export function judgeCall(c: Call): Value | undefined {
  const { run } = c;
  if (c.name.length > 160) c.name = c.name.slice(-80);
  run.seen.add(c.name);
  const all = every(c);
  for (const v of all) for (const s of v.strings) named(s, c);
  for (const v of all) for (const i of v.items?.slice(0, 40) ?? []) for (const s of i.strings) named(s, c);
  judgeService(c);
  handed(c, judgeCall);
  for (const [cls, id, level, sentence] of risksOf(c.name, run.seen)) risk(run, cls, id, level, sentence);
  if (/^(?:smtplib\.|ftplib\.FTP|ftplib\.FTP_TLS|telnetlib\.Telnet|paramiko\.|pysftp\.|boto3\.)/.test(c.name))
    run.x.findings.fact('network', c.name);
  if (/^unknown-module\.|\?hidden/.test(c.name)) risk(run, 'execute', 'code/hidden-call', 'risky', 'Calls a function by a computed name');
  const acts = actsOf(c.name);
  if (run.folder && acts.some((a) => ON_FILES.has(a))) c.args = c.args.map((v) => below(run.folder!, v));
  for (const act of acts) {
    const v = JUDGES[act](c);
    if (v) return v;
  }
  return undefined;
}

const ON_FILES = new Set<Act>([
  'open',
  'readfile',
  'writefile',
  'makedir',
  'deletetree',
  'delete',
  'move',
  'copy',
  'link',
  'list',
  'chmod',
  'chown',
  'extract',
]);

/** Paths that are relative to a folder that the program went into. */
function below(folder: string, v: Value): Value {
  return v.strings.some((s) => !/^(?:[/~\uFFFC]|[A-Za-z]:|[rwaxb+t]{1,3}$)/.test(s))
    ? {
        ...v,
        strings: v.strings.map((s) =>
          /^(?:[/~\uFFFC]|[A-Za-z]:|[rwaxb+t]{1,3}$)/.test(s) ? s : `${folder.replace(/\/$/, '')}/${s.replace(/^\.\//, '')}`,
        ),
      }
    : v;
}

const QUIET =
  /^(?:print|logging\.\w+|len|isinstance|str|re\.\w+|urllib\.parse\.\w+|dotenv\.\w+|argparse\S*|\S*\.(?:add_argument|info|debug|warning|error|append|startswith|endswith|assert\w*|setattr|patch|find|count|index|replace|split|format|join|strip))$/;
const OWN_RULES: Act[] = ['run', 'open', 'delete', 'deletetree', 'chmod', 'code', 'list', 'move', 'copy', 'link'];

/** A string that any call gets: files of accounts and credentials count whoever reads them. */
function named(s: string, c: Call): void {
  const { x } = c.run;
  if (c.run.own.has(c.name) || c.run.own.has(c.name.replace(/^(?:self|cls)\./, ''))) return;
  if (/^https?:\/\//.test(s) && !QUIET.test(c.name)) return mentioned(s, c.run);
  if (s.length > 260 || s.length < 4 || !/[/~.\\]/.test(s) || /\n/.test(s)) return;
  if (QUIET.test(c.name) || OWN_RULES.some((a) => does(c.name, a)) || /^(?:os\.path\.\w+|pathlib\..*)$/.test(c.name)) return;
  if (
    isSecretFile(s, x.place) &&
    /^[~/.\w]/.test(s) &&
    (!/\s/.test(s) || (isCertainSecret(s, x.place) && s.includes('/') && !/^[\w.-]+\s+\S*[-/~.]/.test(s)))
  )
    risk(c.run, 'secret-read', 'code/secret-read', 'risky', `Reads a file that holds credentials: ${s}`, s);
  else if (/^\/etc\/(?:passwd|group|sudoers)/.test(s)) risk(c.run, 'secret-read', 'code/accounts-read', 'risky', `Reads ${s}`, s);
}

const STATEMENT =
  /^\s*(?:--|\/\*|drop|truncate|delete|update|alter|grant|revoke|create|copy|exec|load|insert|select|with|do|call|shutdown|set|attach)\b/i;

function statement(c: Call): void {
  for (const s of c.args[0]?.strings ?? c.keywords.get('sql')?.strings ?? []) {
    if (!STATEMENT.test(s)) continue;
    if (inMemory(c.run.source) && !/attach|load_extension/i.test(s)) c.run.x.findings.fact('sql', undefined, 'a database in memory');
    else readSql(s, c.run.x.findings);
  }
}

/** Secrets of a cloud that are fetched and then shown or kept. */
function revealed(c: Call): void {
  if (/get_parameter/.test(c.name) && !/WithDecryption\s*=\s*True/.test(c.node.text)) return;
  if (/\bprint\(|\bopen\(|requests\.|urlopen/.test(c.run.source))
    risk(c.run, 'secret-read', 'cloud/secret', 'risky', 'Reads credentials of the cloud and shows them');
}

/** `df.to_sql(…, if_exists='replace')`: the table of a server is dropped and made anew. */
function tableReplaced(c: Call): void {
  if (first(c.keywords.get('if_exists')) !== 'replace') return;
  const server =
    /(?:postgres\w*|mysql\w*|mssql\w*|oracle\w*|redshift\w*|snowflake|bigquery|clickhouse\w*):\/\/(?![^'"\n]*@?(?:localhost|127\.))/.test(
      c.run.source,
    );
  risk(c.run, 'overwrite', 'sql/replace-table', server ? 'risky' : 'notable', 'Replaces a whole table');
}
