import type { CodeContext } from '../code.js';
import { groundOf, isSecretFile, UNKNOWN } from '../paths.js';
import { readSql } from '../sql/read.js';
import { files } from './files.js';
import { network } from './network.js';
import { destroysByLibrary, inMemory } from './services.js';
import { carried, type Taint, tainted, type Value } from './values.js';

export interface ScriptRun {
  x: CodeContext;
  source: string;
  /** Names that were called and modules that were imported. */
  seen: Set<string>;
  taints: Set<Taint>;
  /** Loops around what is read. */
  loops: number;
  code(text: string): void;
}

const RUNS =
  /^(?:child_process\.(?:exec|execSync|spawn|spawnSync|execFile|execFileSync|fork)|shelljs\.exec|execa(?:\.(?:execa|execaSync|command|commandSync|sync|execaCommand|execaCommandSync|default))?|cross-spawn(?:\.sync)?|node-pty\.spawn|Bun\.(?:spawn|spawnSync|\$)|bun\.\$|Deno\.(?:run|Command)|\$|zx\.\$|promisify\(exec\)|spawn_sync\.spawn|process\.execve)$/;
const FETCHES =
  /^(?:fetch|axios(?:\.(?:get|post|put|patch|request|head|delete|default))?|https?\.(?:get|request)|http2\.connect|got(?:\.\w+)?|node-fetch(?:\.default)?|undici\.(?:fetch|request|stream)|superagent\.\w+|needle(?:\.\w+)?|request(?:\.\w+)?|ky(?:\.\w+)?|navigator\.sendBeacon|XMLHttpRequest(?:\(\))?\.(?:open|send)|WebSocket|ws|\$\.(?:get|post|ajax)|Bun\.fetch)$/;
const HARMFUL_FS =
  /^fs\.(rm|rmSync|rmdir|rmdirSync|unlink|unlinkSync|remove|removeSync|emptyDir|emptyDirSync|truncate|truncateSync|writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|outputFile|outputFileSync|copyFile|copyFileSync|cp|cpSync|copy|copySync|move|moveSync|rename|renameSync|symlink|symlinkSync|link|linkSync|chmod|chmodSync|lchmod|chown|chownSync|lchown|readFile|readFileSync|createReadStream|open|openSync|readdir|readdirSync|utimes|utimesSync|openAsBlob)$/;

const SHELL = /^\s*(?:\S*\/)?(?:ba|z|da|k|c)?sh(?:\s+-[ipl]+)*\s*$|^\s*(?:cmd|powershell|pwsh)(?:\.exe)?\s*$/;

/** Judges one call by its resolved name; gives what it returns where that matters. */
export function judgeCall(name: string, args: Value[], run: ScriptRun): Value | undefined {
  const { x } = run;
  const f = x.findings;
  run.seen.add(name);
  if (/\.(?:cookies|getCookies|getAllCookies)$/.test(name)) return { taints: tainted('secret') };
  if (name === 'fs.mkdtemp' || name === 'fs.mkdtempSync') return { text: '/tmp/scratch', taints: new Set() };
  if (name === 'require.resolve') return { name: 'require.resolve()', taints: new Set() };
  const all = new Set<Taint>(args.flatMap((a) => [...carried(a)]));
  if (RUNS.test(name)) return runs(name, args, all, run);
  if (
    /^(?:eval|Function|vm\.(?:run\w*|Script|compileFunction)|setTimeout|setInterval|execScript|isolated-vm\.\w+|vm2\.VM\(\)\.run|module\._compile|\w+\._compile)$/.test(
      name,
    )
  ) {
    const body = name === 'Function' ? args.at(-1) : args[0];
    if (/^set/.test(name) && (body?.text === undefined || /^\d+$/.test(body.text))) return undefined;
    const t = body ? carried(body) : new Set<Taint>();
    if (t.has('net')) f.risk('download-run', 'code/download-run', 'risky', 'Runs code that it gets from the network');
    if (t.has('decoded')) f.risk('execute', 'code/decoded-run', 'risky', 'Runs code that was hidden by an encoding');
    if (t.has('input')) f.risk('execute', 'code/input-run', 'risky', 'Runs code that somebody hands it');
    else if (t.has('file')) f.risk('execute', 'code/file-run', 'notable', 'Runs code of a file');
    if (name === 'Function' && /^\s*return\s+process\b/.test(body?.text ?? ''))
      f.risk('execute', 'code/hidden-call', 'risky', 'Reaches the process past its name');
    if (body?.text !== undefined && body.text.trim() !== '' && body.text !== UNKNOWN) run.code(body.text);
    else if (t.size === 0) f.risk('execute', 'code/dynamic', 'notable', 'Runs code that is known only when it runs');
    return { name: 'function', taints: new Set(t) };
  }
  if (/^Worker$|^worker_threads\.Worker$/.test(name) && args[1]?.fields?.get('eval')?.text === 'true' && args[0]?.text !== undefined)
    run.code(args[0].text);
  const fs =
    HARMFUL_FS.exec(name)?.[1] ??
    /^(?:rimraf(?:\.\w+)?|del(?:\.\w+)?|trash|Deno\.(?:remove\w*|writeTextFile\w*|writeFile\w*|readTextFile\w*|readFile\w*)|Bun\.(?:write|file))$/.exec(
      name,
    )?.[0];
  if (fs !== undefined) return files(fs.replace(/Sync$/, ''), args, run);
  if (FETCHES.test(name)) return network(name, args, run);
  if (
    /^net\.(?:connect|createConnection)$|^(?:net|tls)\.Socket$|^tls\.connect$|^net\.Socket\(\)\.connect$|^dgram\.createSocket$/.test(name)
  ) {
    run.seen.add('socket');
    const host = args
      .map((a) => a.fields?.get('host')?.text ?? (/[.a-z]/i.test(a.text ?? '') ? a.text : undefined))
      .find((h) => h !== undefined);
    if (!/Socket$/.test(name))
      f.risk(
        'network-send',
        'code/socket',
        host === undefined || /^(?:localhost|127\.|::1)/.test(host) ? 'notable' : 'risky',
        `Talks to ${host ?? 'another program'} by a socket of its own`,
        host,
      );
    return { name: 'net.Socket()', taints: tainted('net') };
  }
  if (/^(?:net|tls)\.createServer$/.test(name)) {
    run.seen.add('server');
    return { name: 'net.Server()', taints: tainted('net') };
  }
  if (/^net\.Socket\(\)\.(?:write|end|send)$/.test(name)) {
    if (all.has('secret') || all.has('env')) f.risk('network-send', 'code/secret-send', 'catastrophic', 'Sends credentials');
    else if (all.has('file')) f.risk('network-send', 'code/upload', 'risky', 'Sends a file by a socket of its own');
    return undefined;
  }
  if (
    /\.(?:write|end|send|pipe|append|post|put|patch|request)$/.test(name) &&
    /Socket|http|ws|WebSocket|FormData|session/.test(name) &&
    (all.has('secret') || all.has('env') || all.has('file'))
  ) {
    if (all.has('secret') || all.has('env')) f.risk('network-send', 'code/secret-send', 'catastrophic', 'Sends credentials');
    else f.risk('network-send', 'code/upload', 'risky', 'Sends a file to another machine');
  }
  if (/\.(?:src|href|location)$|^location$/.test(name) && (all.has('secret') || all.has('env') || all.has('file')))
    f.risk('network-send', 'code/secret-send', 'catastrophic', 'Sends credentials by an address');
  if (/^(?:express|serve-static|koa-static|http-server\.createServer|@fastify\/static|serve-handler)(?:\.static)?$/.test(name)) {
    const folder = args.find((a) => a.text !== undefined)?.text;
    if (folder !== undefined && ['root', 'home', 'system'].includes(groundOf(folder, x.place)))
      f.risk('reverse-shell', 'network/serve', 'risky', `Offers ${folder} to the network`, folder);
  }
  if (/^dns\.(?:promises\.)?(?:resolve\w*|lookup)$/.test(name) && (all.has('secret') || all.has('env') || all.has('file')))
    f.risk('network-send', 'network/name-exfil', 'catastrophic', 'Sends data hidden in names');
  if (/^(?:process\.(?:kill)|process\.abort)$/.test(name))
    f.risk('service', 'code/kill', args[0]?.name === 'process.pid' || args[1]?.text === '0' ? 'notable' : 'risky', 'Signals processes');
  if (/^process\.(?:setuid|setgid|seteuid|setegid|setgroups|initgroups)$/.test(name))
    f.risk('privilege', 'code/setuid', /^(?:0|root)$/.test(args[0]?.text ?? '') ? 'risky' : 'notable', 'Takes the rights of another user');
  if (/^(?:process\.dlopen|ffi-napi\.Library|ffi\.Library|koffi\.load|Deno\.dlopen|bun:ffi\.dlopen)$/.test(name))
    f.risk('execute', 'code/native', 'risky', 'Loads a library past JavaScript');
  if (/^(?:inspector\.open|process\._debugProcess)$/.test(name))
    f.risk('reverse-shell', 'network/listen', 'risky', 'Opens the debugger to others');
  if (/^(?:keytar\.(?:getPassword|findCredentials|findPassword)|keyring\.\w+|@napi-rs\/keyring\.\w+)$/.test(name)) {
    f.risk('secret-read', 'code/secret-read', 'risky', 'Reads stored passwords');
    run.taints.add('secret');
    return { taints: tainted('secret') };
  }
  if (/\.(?:sendMail|send)$/.test(name) && args[0]?.fields?.has('attachments')) {
    const paths = (args[0].fields.get('attachments')?.items ?? []).map(
      (i) => i.fields?.get('path')?.text ?? i.fields?.get('content')?.text,
    );
    if (paths.some((p) => p !== undefined && /^[~/]/.test(p) && !['workspace', 'temp'].includes(groundOf(p, x.place))) || all.has('secret'))
      f.risk('network-send', 'code/upload', 'risky', 'Sends a file of this machine by mail');
  }
  if (/^os\.(?:setPriority)$/.test(name)) f.risk('service', 'code/priority', 'notable', 'Changes priorities');
  if (/^(?:console\.(?:log|info|error|dir|table|warn)|process\.stdout\.write|util\.inspect)$/.test(name)) {
    if (args.some((a) => a.name === 'process.env' || (a.taints.has('env') && a.text === undefined && !a.name?.startsWith('process.env.'))))
      f.risk('secret-read', 'code/environment', 'risky', 'Prints all variables of the environment, credentials included');
    return undefined;
  }
  if (
    /\.(?:query|execute|exec|raw|\$executeRawUnsafe|\$queryRawUnsafe|\$executeRaw|run|all|prepare)$/.test(name) &&
    /^\s*(?:drop|truncate|delete|update|alter|grant|revoke|create|copy|insert|select|with|attach|shutdown)\b/i.test(args[0]?.text ?? '')
  )
    readSql(args[0]!.text!, f);
  const destroys = inMemory(run.source) ? undefined : destroysByLibrary(name, args, run.seen, run.loops > 0);
  if (destroys !== undefined) f.risk('admin', 'cloud/delete', 'risky', `Deletes by a library: ${destroys}`);
  if (
    /\.(?:dropDatabase|dropCollection|flushall|flushAll|flushdb|flushDb|dropSchema|deleteBucket|deleteDatabase|terminateInstances|deleteStack|deleteTable|deleteDBInstance|drop)$/.test(
      name,
    ) &&
    /mongo|redis|aws|prisma|sequelize|knex|client|db|conn|s3|ec2|rds|dynamo/i.test(run.source) &&
    !inMemory(run.source)
  )
    f.risk('admin', 'cloud/delete', 'risky', `Deletes by a library: ${name.slice(-60)}`);
  for (const a of args) if (a.text !== undefined) named(a.text, name, run);
  if (/^(?:readline\.createInterface|process\.stdin\.\w+|prompt)$/.test(name)) return { taints: tainted('input') };
  if (name === 'crypto.createCipheriv' || name === 'crypto.createCipher' || name === 'crypto.publicEncrypt') run.seen.add('encrypt');
  if (name === 'cluster.fork') run.seen.add('spawn');
  if (/^(?:net|tls)\.Socket$/.test(name)) return { name: 'net.Socket()', taints: tainted('net') };
  return /^(?:XMLHttpRequest|FormData|FileReader|Blob|URL|URLSearchParams|util\.promisify|fs\.promises|stream\.\w+|zlib\.\w+|Map|Set)$/.test(
    name,
  )
    ? { name: name === 'util.promisify' ? (args[0]?.name ?? name) : `${name}()`, taints: new Set(all) }
    : all.size > 0
      ? { taints: new Set(all) }
      : undefined;
}

/** A string that any call gets: files of credentials count whoever reads them. */
function named(s: string, name: string, run: ScriptRun): void {
  if (s.length < 4 || s.length > 260 || /[\n\s]/.test(s) || !/[/~.\\]/.test(s)) return;
  if (
    /^(?:console\.|String|.*\.(?:includes|startsWith|endsWith|test|match|indexOf|replace|split|use|get|post|test|it|describe)$|describe$|it$|test$|expect$|assert)/.test(
      name,
    )
  )
    return;
  if (isSecretFile(s, run.x.place) && /^[~/.\w]/.test(s)) {
    run.x.findings.risk(
      'secret-read',
      'code/secret-read',
      /(?:^|\/)\.env(?:\.|$)/.test(s) && /dotenv|config/.test(name) ? 'notable' : 'risky',
      `Reads a file that holds credentials: ${s}`,
      s,
    );
    run.taints.add('secret');
  }
}

function runs(name: string, args: Value[], all: ReadonlySet<Taint>, run: ScriptRun): Value {
  const f = run.x.findings;
  run.seen.add('run');
  if (all.has('net')) f.risk('download-run', 'code/download-run', 'risky', 'Runs what it gets from the network');
  if (all.has('decoded')) f.risk('execute', 'code/decoded-run', 'risky', 'Runs commands that were hidden by an encoding');
  if (all.has('input')) f.risk('execute', 'code/input-run', 'risky', 'Runs what somebody hands it');
  const list = args[0]?.items;
  const words = (list ?? [args[0], ...(args[1]?.items ?? [])]).map((v) => v?.text ?? UNKNOWN);
  const quote = (w: string): string =>
    /^[\w@%+=:,./-]+$/.test(w) ? w : w === UNKNOWN ? '$UNKNOWN_VALUE' : `'${w.replaceAll("'", "'\\''")}'`;
  const command = words.length === 1 || (!list && args[1]?.items === undefined) ? words[0]! : words.map(quote).join(' ');
  if (command.includes(UNKNOWN)) run.seen.add('run unknown');
  if (command === UNKNOWN) {
    f.fact('execute', undefined, 'a command that is known only when it runs');
    return { name: 'child_process()', taints: tainted('file') };
  }
  if (/\.fork$/.test(name)) {
    run.seen.add('spawn');
    f.executed.push(command);
  } else if (SHELL.test(command)) {
    run.seen.add('shell');
    f.risk('privilege', 'shell/escape', 'risky', 'Opens a shell from inside JavaScript');
  } else {
    f.fact('execute', command.slice(0, 120));
    run.x.shell(command.replaceAll(UNKNOWN, '$UNKNOWN_VALUE'));
    if (/__filename|process\.argv\[1\]|\$0/.test(run.source)) run.seen.add('spawn');
  }
  return {
    name: 'child_process()',
    taints: tainted(
      f.risks.some((r) => r.class === 'secret-read' && r.level !== 'notable') ? 'secret' : 'file',
      ...(/\benv\b|printenv/.test(command) ? (['env'] as const) : []),
    ),
  };
}
