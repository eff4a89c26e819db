import type { RiskLevel } from '../../contract/index.js';
import type { CodeContext } from '../code.js';
import type { RiskClass } from '../findings.js';
import { hostOf, isExecutableUrl, isMetadata, isPaste, isRawAddress } from '../hosts.js';
import { groundOf, isAccountsFile, isAuthorityFile, isMadeAgain, isPersistenceFile, isSecretFile, resolvePath, UNKNOWN } from '../paths.js';
import { readSql } from '../sql/read.js';
import { destroysByLibrary } from './services.js';
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
  const destroys = destroysByLibrary(name, args, run.seen, run.loops > 0);
  if (destroys !== undefined) f.risk('admin', 'cloud/delete', 'risky', `Deletes by a library: ${destroys}`);
  if (
    /\.(?:dropDatabase|dropCollection|flushall|flushAll|flushdb|flushDb|dropSchema|deleteBucket|deleteDatabase|terminateInstances|deleteStack|deleteTable|deleteDBInstance|drop)$/.test(
      name,
    ) &&
    /mongo|redis|aws|prisma|sequelize|knex|client|db|conn|s3|ec2|rds|dynamo/i.test(run.source)
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

function files(verb: string, args: Value[], run: ScriptRun): Value | undefined {
  const f = run.x.findings;
  const { place } = run.x;
  const p = args[0]?.text;
  const at = p === undefined ? UNKNOWN : resolvePath(p, place);
  const g = p === undefined || p === UNKNOWN ? 'unknown' : groundOf(p, place);
  const risk = (cls: RiskClass, id: string, level: RiskLevel, what: string): void => f.risk(cls, id, level, what, at);
  const guard = (path: string | undefined): void => {
    if (path !== undefined) run.x.protected.path(path, place, f);
  };
  guard(p);
  if (/^(?:rm|rmdir|unlink|remove|emptyDir|rimraf.*|del.*|trash|Deno\.remove.*)$/.test(verb)) {
    const tree =
      /emptyDir|remove$|rimraf|^del/.test(verb) ||
      args[1]?.fields?.get('recursive')?.text === 'true' ||
      /recursive\s*:\s*(?:true|!0|1)/.test(run.source);
    f.fact('delete', at);
    if (tree && (g === 'root' || g === 'home' || g === 'system'))
      risk('delete', 'code/delete-system', 'catastrophic', `Deletes ${at} with everything in it`);
    else if (tree && p !== undefined && (g === 'temp' || isMadeAgain(p, place, true)))
      risk('delete', 'code/delete-build', 'notable', `Deletes the folder ${at}`);
    else if (tree)
      risk('delete', 'code/delete-tree', 'risky', `Deletes the folder ${p === undefined ? 'that is known only when it runs' : at}`);
    else if (
      g === 'system' ||
      g === 'root' ||
      (p !== undefined && (isAuthorityFile(p, place) || isSecretFile(p, place) || /^\/var\/log\/|_history$/.test(at)))
    )
      risk('delete', 'code/delete-system', 'risky', `Deletes ${at}`);
    else if (p !== undefined && !p.includes(UNKNOWN) && g !== 'workspace' && g !== 'temp' && g !== 'unknown')
      risk('delete', 'code/delete-outside', 'risky', `Deletes ${at}, outside the working folder`);
    else
      risk(
        'delete',
        'code/delete',
        /readdir|glob|walk/.test(run.source) && !/\.(?:tmp|log|bak|map|tsbuildinfo)['"`]/.test(run.source) ? 'risky' : 'notable',
        `Deletes ${p === undefined ? 'files' : at}`,
      );
    return undefined;
  }
  if (
    /^(?:read|createRead|Deno\.read|Bun\.file|openAsBlob|readdir)/.test(verb) ||
    (verb === 'open' && !/[wa+]/.test(args[1]?.text ?? 'r'))
  ) {
    f.fact('read', at);
    if (p === undefined) return { taints: tainted('file') };
    if (isSecretFile(p, place)) {
      risk('secret-read', 'code/secret-read', 'risky', `Reads a file that holds credentials: ${at}`);
      run.taints.add('secret');
      return { taints: tainted('file', 'secret') };
    }
    if (isAccountsFile(p, place)) risk('secret-read', 'code/accounts-read', /fstab|exports/.test(at) ? 'notable' : 'risky', `Reads ${at}`);
    else if (g === 'device' || /^\/proc\/(?:kcore|\w+\/(?:mem|maps|environ))|^\/var\/log\/(?:auth|secure|audit)/.test(at))
      risk('secret-read', 'code/system-read', 'risky', `Reads ${at}`);
    return { taints: tainted('file') };
  }
  if (args[0]?.name === 'require.resolve()' || (p !== undefined && /(?:^|\/)node_modules\/(?!\.)/.test(p)))
    if (/^(?:write|append|output|copy|cp|Deno\.write|createWrite)/.test(verb))
      risk('persistence', 'code/package-change', 'risky', 'Changes the code of an installed package');
  const second = args[1]?.text;
  if (/^(?:copy|cp|move|rename|link|symlink)/.test(verb)) {
    guard(second);
    if (p !== undefined && isSecretFile(p, place)) risk('secret-read', 'code/secret-copy', 'risky', `Copies or moves ${at}`);
    else if (/^(?:move|rename)/.test(verb) && ['root', 'home', 'system'].includes(g))
      risk('overwrite', 'code/move-system', g === 'system' ? 'risky' : 'catastrophic', `Moves ${at}`);
    if (second !== undefined) written(second, run, undefined);
    return undefined;
  }
  if (/^l?ch(?:mod|own)$/.test(verb)) {
    const mode = Number(args[1]?.text);
    const bits = Number.isNaN(mode)
      ? Number.parseInt(args[1]?.text ?? '0', 8)
      : /^[0-7]{3,4}$/.test(args[1]?.text ?? '') && mode >= 600
        ? Number.parseInt(args[1]!.text!, 8)
        : mode;
    if (/own/.test(verb))
      risk('permission', 'code/owner', g === 'system' || args[1]?.text === '0' ? 'risky' : 'notable', `Changes the owner of ${at}`);
    else if ((bits & 0o6000) !== 0) risk('privilege', 'code/setuid', 'risky', `Lets ${at} run with its owner's rights`);
    else if ((bits & 0o002) !== 0) risk('permission', 'code/permission', 'risky', `Lets everybody write ${at}`);
    else if (['system', 'root', 'home'].includes(g) || (p !== undefined && (isAuthorityFile(p, place) || isSecretFile(p, place))))
      risk('permission', 'code/permission', 'risky', `Changes permissions of ${at}`);
    else if ((bits & 0o111) !== 0 && run.seen.has('fetch'))
      risk('download-run', 'code/download-run', 'risky', `Makes ${at}, which may be downloaded, a program`);
    return undefined;
  }
  if (/^utimes/.test(verb)) {
    if (g === 'system') risk('history', 'shell/timestomp', 'risky', `Falsifies the time of ${at}`);
    return undefined;
  }
  if (verb === 'truncate' && ['system', 'var', 'root', 'device'].includes(g)) risk('overwrite', 'code/truncate', 'risky', `Empties ${at}`);
  if (p !== undefined) written(p, run, args[1]);
  else if (/write|output|append/i.test(verb)) run.seen.add('write unknown');
  return undefined;
}

function written(path: string, run: ScriptRun, content: Value | undefined): void {
  const f = run.x.findings;
  const { place } = run.x;
  const at = resolvePath(path, place);
  const g = groundOf(path, place);
  run.x.protected.path(path, place, f);
  f.fact('write', at);
  f.written.push({
    path: at,
    risks: content?.taints.has('net') ? ['shell/download'] : [],
    ...(content?.text !== undefined ? { content: content.text.slice(0, 16_384) } : {}),
  });
  if (content?.taints.has('net') && isExecutableUrl(at))
    f.risk('download-run', 'network/download-program', 'risky', `Stores a downloaded program as ${at}`, at);
  if (g === 'device') f.risk('overwrite', 'code/write-device', 'catastrophic', `Overwrites the device ${at}`, at);
  else if (/etc\/(?:passwd|shadow|gshadow|sudoers|sudoers\.d\/.*|ld\.so\.preload|pam\.d\/.*)$/.test(at))
    f.risk('privilege', 'code/write-accounts', 'catastrophic', `Writes ${at}, which decides who may do what on this machine`, at);
  else if (isPersistenceFile(path, place))
    f.risk('persistence', 'code/write-start-file', 'risky', `Writes ${at}, which runs by itself later`, at);
  else if (isAuthorityFile(path, place) || g === 'system' || g === 'root')
    f.risk('overwrite', 'code/write-system', 'risky', `Writes ${at} of the system`, at);
  else if (isSecretFile(path, place) && !/\.env(?:\.\w+)?$/.test(path))
    f.risk('overwrite', 'code/write-credentials', 'risky', `Writes the credential file ${at}`, at);
  else if (/^\/var\/log\/|_history$/.test(at)) f.risk('history', 'code/clear-log', 'risky', `Empties the log ${at}`, at);
  else if (g === 'var') f.risk('overwrite', 'code/write-outside', 'risky', `Writes ${at}, outside the working folder`, at);
}

function network(name: string, args: Value[], run: ScriptRun): Value {
  const f = run.x.findings;
  run.seen.add('fetch');
  const options = args.find((a) => a.fields);
  const host = options?.fields?.get('hostname')?.text ?? options?.fields?.get('host')?.text;
  const url =
    args.map((a) => a.text).find((t) => t !== undefined && /^(?:https?|wss?):\/\//.test(t)) ??
    options?.fields?.get('url')?.text ??
    (host ? `https://${host}${options?.fields?.get('path')?.text ?? '/'}` : '');
  const to = hostOf(url) ?? 'another machine';
  f.fact('network', to);
  if (isMetadata(to))
    f.risk('secret-read', 'network/metadata', 'risky', `Asks the cloud's metadata service, which hands out credentials: ${to}`, to);
  else if (isPaste(to)) f.risk('network-send', 'network/drop', 'risky', `Talks to ${to}, a place to drop data`, to);
  else if (isRawAddress(to) && !/^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(to))
    f.risk('network-send', 'network/raw-address', 'risky', `Talks to the bare address ${to}`, to);
  if (isExecutableUrl(url)) f.risk('download-run', 'network/download-program', 'risky', `Downloads a program from ${to}`, url);
  // Headers carry the key of the service itself; what counts is the address and the body.
  const body = args.map((a) =>
    a.fields ? { ...a, fields: new Map([...a.fields].filter(([k]) => !/^(?:headers|auth|httpsAgent|agent|signal)$/.test(k))) } : a,
  );
  const t = new Set<Taint>(body.flatMap((a) => [...carried(a)]));
  if (t.has('secret') || (t.has('env') && body.some((a) => whole(a))))
    f.risk('network-send', 'code/secret-send', 'catastrophic', `Sends credentials to ${to}`, to);
  else if (t.has('file')) f.risk('network-send', 'code/upload', 'risky', `Sends a file to ${to}`, to);
  else if (run.taints.has('secret')) f.risk('network-send', 'code/secret-send', 'risky', `Talks to ${to} after it read credentials`, to);
  else if (/post|put|patch|sendBeacon/i.test(name) || /^(?:POST|PUT|PATCH)$/i.test(options?.fields?.get('method')?.text ?? ''))
    f.risk('network-send', 'code/post', 'notable', `Sends data to ${to}`, to);
  else if (/^DELETE$/i.test(options?.fields?.get('method')?.text ?? '') || /\.delete$/.test(name))
    f.risk('delete', 'network/delete', /:9200|_all\b|\*|\/admin\b/.test(url) ? 'risky' : 'notable', `Asks ${to} to delete`, to);
  return { name: `${name}()`, taints: tainted('net') };
}

/** The whole environment, not one setting of it. */
function whole(v: Value): boolean {
  return (
    v.name === 'process.env' ||
    (v.taints.has('env') && v.taints.has('secret')) ||
    [...(v.fields?.values() ?? []), ...(v.items ?? [])].some(whole)
  );
}

/** What only the whole program shows. */
export function judgeWhole(run: ScriptRun): void {
  const { seen, source } = run;
  const f = run.x.findings;
  const shell =
    seen.has('shell') || (seen.has('run') && /["'`](?:\/bin\/)?(?:ba|z|da)?sh["'`]|["'`](?:cmd|powershell)(?:\.exe)?["'`]/.test(source));
  if ((seen.has('socket') || /\b(?:net|tls)\.Socket\b/.test(source)) && (shell || (seen.has('run') && /\.on\(\s*['"`]data/.test(source))))
    f.risk('reverse-shell', 'code/reverse-shell', 'catastrophic', 'Joins a shell to the network');
  else if (seen.has('server') && (shell || seen.has('run')))
    f.risk('reverse-shell', 'code/bind-shell', 'catastrophic', 'Runs commands for whoever connects');
  else if (
    /http\.createServer|\.(?:get|post|all|use)\(\s*['"`]\//.test(source) &&
    /(?:exec|execSync|spawn|eval)\s*\([^)]*(?:req\.|request\.|query|url\.parse|searchParams|new URL)/.test(source)
  )
    f.risk('reverse-shell', 'code/bind-shell', 'catastrophic', 'Runs commands for whoever connects');
  if (
    seen.has('run unknown') &&
    /\b(?:WebSocket|socket\.io|mqtt|amqplib|discord\.js|telegraf|node-telegram-bot-api|irc)\b|['"`]ws['"`]/.test(source) &&
    /\.on(?:message)?\s*(?:\(\s*['"`](?:message|data|command|cmd|exec|text)|=)/.test(source)
  )
    f.risk('reverse-shell', 'code/reverse-shell', 'catastrophic', 'Runs commands that come over the network');
  if (
    /Object\.prototype\.\w+\s*=|__proto__\s*\[?\.?(?:shell|env|NODE_OPTIONS|execArgv)/.test(source) &&
    (seen.has('run') || seen.has('spawn'))
  )
    f.risk('execute', 'code/prototype', 'risky', 'Changes what every object holds before it runs a program');
  if (
    /['"`][^'"`]*package\.json['"`]/.test(source) &&
    /writeFile/.test(source) &&
    /\b(?:pre|post)?install\b['"`\]]*\s*[:=](?!=)/.test(source)
  )
    f.risk('persistence', 'code/install-hook', 'risky', 'Makes the installation of a package run a command');
  if (
    /\bfor\s*\(\s*;\s*;\s*\)\s*\{?\s*(?:new\s+(?:\w+\.)?Worker|fork|spawn|exec)|while\s*\(\s*(?:true|1|!0)\s*\)\s*\{?\s*(?:new\s+(?:\w+\.)?Worker|\w*\.?fork|\w*\.?spawn)\s*\(/.test(
      source,
    )
  )
    f.risk('service', 'shell/endless-processes', 'risky', 'Starts processes or threads without end');
  if (
    /createServer|express\(/.test(source) &&
    /(?:createReadStream|readFile(?:Sync)?|sendFile)\(\s*(?:['"`]\/?['"`]\s*\+\s*|`\/?\$\{|__dirname\s*\+\s*|decodeURI\w*\(\s*)?(?:q|req|request|ctx)\.(?:url|path|query|params)/.test(
      source,
    )
  )
    f.risk('reverse-shell', 'network/serve', 'risky', 'Offers files of this machine to the network');
  const endless = /\bwhile\s*\(\s*(?:true|1|!0|!false)\s*\)|\bfor\s*\(\s*;\s*;\s*\)/.test(source);
  if (
    seen.has('spawn') &&
    (endless || /cluster\.fork|fork\(\s*(?:__filename|process\.argv\[1\])/.test(source)) &&
    !/os\.cpus|availableParallelism|numCPUs|isPrimary|isMaster|isWorker/.test(source)
  )
    f.risk('service', 'shell/fork-bomb', 'catastrophic', 'Starts copies of itself without end');
  else if (endless && seen.has('run') && !/await|Sync\(/.test(source))
    f.risk('service', 'shell/endless-processes', 'risky', 'Starts processes without end');
  else if (
    endless &&
    /\.push\(|\.concat\(|Buffer\.alloc|appendFileSync|writeFileSync/.test(source) &&
    !/\bbreak\b|\breturn\b|\bawait\b/.test(source)
  )
    f.risk('service', 'shell/exhaust', 'risky', 'Takes memory or disk without end');
  if (seen.has('encrypt') && /readdir|glob|walk/.test(source) && /writeFile|unlink|rename|rm\(/.test(source))
    f.risk('overwrite', 'code/encrypt-files', 'catastrophic', 'Encrypts files of whole folders');
  if (
    /readdir|glob|walk/.test(source) &&
    /['"`](?:\/|~|\/home|\/Users|\/root)['"`]|homedir\(\)/.test(source) &&
    /id_rsa|\.pem\b|\.ssh|\.aws|wallet|password|credential|\.env\b/i.test(source)
  )
    f.risk('secret-read', 'shell/search-secrets', 'risky', 'Looks for files that hold credentials');
  if (/stratum\+tcp|coinhive|cryptonight|xmrig|--rig-id|minexmr|supportxmr|nanopool|hashvault|--donate-level/i.test(source))
    f.risk('service', 'code/miner', 'risky', 'Mines money on this machine');
}
