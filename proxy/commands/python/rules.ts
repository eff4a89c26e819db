import type { RiskLevel } from '../../contract/index.js';
import { type CodeContext, readCode } from '../code.js';
import type { RiskClass } from '../findings.js';
import type { Node } from '../grammars.js';
import { hostOf, isExecutableUrl, isMetadata, isPaste, isRawAddress } from '../hosts.js';
import {
  groundOf,
  isAccountsFile,
  isAuthorityFile,
  isCertainSecret,
  isMadeAgain,
  isPersistenceFile,
  isSecretFile,
  resolvePath,
  UNKNOWN,
} from '../paths.js';
import { readSql } from '../sql/read.js';
import { judgeService } from './rules-services.js';
import { SCRATCH, type Taint, type Value } from './values.js';

export interface PythonRun {
  x: CodeContext;
  source: string;
  /** Names that were called and modules that were imported. */
  seen: Set<string>;
  taints: Set<Taint>;
  depth: number;
}

const RUNS =
  /^(?:os\.(?:system|popen\d?|spawn\w+|exec\w+|posix_spawnp?|startfile)|subprocess\.(?:run|call|Popen|check_call|check_output|getoutput|getstatusoutput)|pty\.spawn|popen2\.\w+|asyncio\.create_subprocess_(?:shell|exec)|asyncio\.subprocess\.\w+|pexpect\.(?:spawn|run|spawnu)|get_ipython\(\)\.(?:system|getoutput|run_line_magic)|sh\.\w+|plumbum\.\w+|invoke\.run|fabric\.\w+|paramiko\.\w*\(\)\.exec_command|\S*\.exec_command|win32api\.(?:WinExec|ShellExecute)|_winapi\.CreateProcess|multiprocessing\.popen_\w+|distutils\.spawn\.spawn|torch\.utils\.cpp_extension\.\w+)$/;
const SENDS =
  /^(?:http\.client\.HTTPS?Connection\(\)\.request|(?:requests|httpx|aiohttp\.ClientSession\(\)|requests\.(?:Session|session)\(\)|\w*session|urllib3\.PoolManager\(\))\.(?:post|put|patch|request)|urllib\.request\.(?:urlopen|Request)|\S*\.(?:sendall|sendto|storbinary|storlines|sendmail|send_message|upload_file|upload_fileobj|put_object|putfo|sendfile))$/;
const FETCHES =
  /^(?:(?:requests|httpx|requests\.(?:Session|session)\(\)|aiohttp\.ClientSession\(\)|\w*session|urllib3\.PoolManager\(\))\.(?:get|request|head|options)|urllib\.request\.(?:urlopen|urlretrieve|URLopener\(\)\.\w+)|urllib\.(?:urlopen|urlretrieve)|wget\.download|http\.client\.HTTPS?Connection|webbrowser\.open\w*|gdown\.download|\S*\.(?:recv|recvfrom)|pandas\.read_csv|\S*\.get\(\))$/;

const first = (v: Value | undefined): string | undefined => v?.strings[0];

/** Judges one call by its resolved name; gives what it returns where that matters. */
export function judgeCall(name: string, node: Node, args: Value[], keywords: Map<string, Value>, run: PythonRun): Value | undefined {
  const { x } = run;
  const f = x.findings;
  run.seen.add(name);
  const all = [...args, ...keywords.values()];
  const risk = (cls: RiskClass, id: string, level: RiskLevel, text: string, target?: string): void => f.risk(cls, id, level, text, target);
  for (const v of all) for (const s of v.strings) named(s, name, run);
  for (const v of all) for (const i of v.items?.slice(0, 40) ?? []) for (const s of i.strings) named(s, name, run);

  if (/^(?:exec|eval)$/.test(name) && /__dict__|globals\(|getattr|vars\(|__builtins__/.test(node.childForFieldName('function')?.text ?? ''))
    risk('execute', 'code/hidden-call', 'risky', `Calls ${name} by a hidden name`);
  judgeService(name, args, keywords, node.text, run.seen, risk);
  handed(name, node, args, keywords, run);
  if (
    /^json\.dump$|\.write(?:_text)?$|^print$/.test(name) &&
    args[0]?.taints.has('env') &&
    args[0].taints.has('secret') &&
    args[0].strings.length === 0
  )
    risk('secret-read', 'code/environment', 'risky', 'Shows or stores all variables of the environment, credentials included');
  if (
    /(?:create_access_key|create_login_profile|attach_\w+_policy|put_(?:user|role|group|bucket)_policy|put_bucket_acl|authorize_security_group_ingress|stop_logging|modify_snapshot_attribute|create_service_account_key|set_iam_policy)$/.test(
      name,
    ) &&
    [...run.seen].some((s) => /^import (?:boto3|google|azure)/.test(s))
  )
    risk('permission', 'cloud/grant', 'risky', `Gives rights in the cloud: ${name.slice(-60)}`);
  const outside =
    /open\(\s*[rbf]?['"](?:\/(?!dev\/std)|~)/.test(node.text) ||
    all.some((v) => v.strings.some((s) => /^(?:\/|~)/.test(s) && !['workspace', 'workspace-all'].includes(groundOf(s, x.place))));
  if (
    /^(?:timeit\.(?:timeit|repeat|Timer)|cProfile\.run\w*|profile\.run\w*|pdb\.run\w*|trace\.Trace\(\)\.run|bdb\.\w+|doctest\.\w+|code\.interact)$/.test(
      name,
    )
  )
    for (const v of all)
      for (const s of v.strings) if (/[(;]/.test(s) && s.length > 6) readCode('python', s, { ...x, depth: run.depth + 1 });
  if (
    /^(?:ctypes\.(?:CDLL|PyDLL|cdll\.LoadLibrary|WinDLL)\(\)|ctypes\.(?:cdll|windll)\.\w+|\S*\.dlopen\(\))\.(?:system|popen|exec\w+|WinExec|_wsystem)$/.test(
      name,
    )
  ) {
    risk('execute', 'code/native', 'risky', 'Runs a command past Python');
    if (first(args[0]) !== undefined) x.shell(first(args[0])!);
  } else if (
    /^(?:ctypes\.(?:CDLL|PyDLL)\(\)|\S*\.dlopen\(\))\.(?:unlink|remove|rmdir|kill|ptrace|mprotect|mmap|setuid|setresuid|fork|reboot|mount|prctl)$/.test(
      name,
    )
  )
    risk('execute', 'code/native', 'risky', `Calls ${name.split('.').pop()} past Python`);
  if (/^(?:pip|pip\._internal|pip\._internal\.cli\.main)\.main$/.test(name)) {
    const t = args[0] ? listText(args[0]) : undefined;
    if (t !== undefined) x.shell(`pip ${t}`);
  }
  if (
    /^(?:ctypes\.(?:CDLL|PyDLL|WinDLL|cdll\.LoadLibrary)|importlib\.util\.spec_from_file_location|importlib\.machinery\.\w+Loader|imp\.load_source)$/.test(
      name,
    )
  )
    for (const v of args)
      for (const s of v.strings)
        if (/^\//.test(s) && groundOf(s, x.place) === 'temp')
          risk('execute', 'code/native', 'risky', `Loads ${s}, of a folder that everybody may write`, s);
  if (/\.(?:add|write)$|^shutil\.make_archive$/.test(name) && /\b(?:tarfile|zipfile|make_archive)\b/.test(run.source))
    for (const v of args)
      for (const s of v.strings)
        if (/^[~/]/.test(s) && ['home', 'home-inside', 'root', 'system', 'var'].includes(groundOf(s, x.place))) run.seen.add('packed');
  if (name === 'fileinput.input' && /inplace\s*=\s*(?:True|1)/.test(node.text)) for (const s of args[0]?.strings ?? []) access(s, 'w', run);
  if (
    /(?:get_secret_value|access_secret_version|read_secret(?:_version)?|get_parameters?(?:_by_path)?|\.get_secret|CredEnumerate|CredRead|get_frozen_credentials)$/.test(
      name,
    ) &&
    (!/get_parameter/.test(name) || /WithDecryption\s*=\s*True/.test(node.text)) &&
    /\bprint\(|\bopen\(|requests\.|urlopen/.test(run.source)
  )
    risk('secret-read', 'cloud/secret', 'risky', 'Reads credentials of the cloud and shows them');
  if (/^runpy\.run_(?:path|module)$/.test(name)) {
    const p = first(args[0]);
    if (p !== undefined) f.executed.push(p);
    if (outside) risk('execute', 'code/file-run', 'risky', `Runs ${p}, outside the working folder`, p);
  }
  if (/^(?:pwd\.getpwall|grp\.getgrall|spwd\.\w+)$/.test(name))
    risk('secret-read', 'code/accounts-read', 'risky', 'Lists the accounts of this machine');
  if (/^(?:asyncio\.(?:open_connection|start_server)|\S*\.create_connection|\S*\.create_server)$/.test(name)) run.seen.add('socket');
  if (/(?:^|\.)requests\.delete$|^httpx\.delete$|session\.delete$/.test(name)) {
    const url = first(args[0]) ?? '';
    risk(
      'delete',
      'network/delete',
      /:9200|_all\b|\*|elastic|\/admin\b/.test(url) ? 'risky' : 'notable',
      `Asks ${hostOf(url) ?? 'a server'} to delete`,
      url,
    );
  }
  if (RUNS.test(name)) {
    runs(name, args, keywords, run);
    return { strings: [], name: `${name}()`, taints: new Set() };
  }
  if (
    /^(?:exec|eval|compile|execfile|code\.InteractiveInterpreter\(\)\.runsource|runpy\.run_\w+|types\.FunctionType|types\.CodeType|exec\.__call__|eval\.__call__)$/.test(
      name,
    )
  )
    return code(name, args, run);
  if (
    /^(?:open|io\.open|codecs\.open|os\.open|os\.fdopen|gzip\.open|bz2\.open|aiofiles\.open|builtins\.open|file)$/.test(name) ||
    name === 'pathlib.Path.open'
  )
    return opened(name, args, keywords, run);
  if (/^(?:pathlib\.Path|\?)\.(?:read_text|read_bytes|write_text|write_bytes|touch)$/.test(name)) {
    const p = first(args[0]);
    if (p !== undefined && name.startsWith('pathlib')) access(p, /write|touch/.test(name) ? 'w' : 'r', run);
    return /read/.test(name) && p !== undefined && isSecretFile(p, x.place)
      ? { strings: [], taints: new Set<Taint>(['secret', 'file']) }
      : undefined;
  }
  if (
    /^(?:os\.(?:remove|unlink|rmdir|removedirs)|shutil\.rmtree|pathlib\.Path\.(?:unlink|rmdir)|send2trash\.send2trash|\?\.(?:unlink|rmtree)|each .*\.unlink|\S*rmtree)$/.test(
      name,
    )
  ) {
    deleted(name, args[0], run);
    return undefined;
  }
  if (
    /^(?:shutil\.(?:copy\w*|move)|os\.(?:rename|renames|replace|link|symlink)|pathlib\.Path\.(?:rename|replace|symlink_to|hardlink_to))$/.test(
      name,
    )
  ) {
    const [a, b] = [first(args[0]), first(args[1])];
    const moves = /move|rename|replace/.test(name);
    if (a !== undefined) {
      if (isSecretFile(a, x.place) || (isAccountsFile(a, x.place) && /passwd|shadow|sudoers|ssh/.test(a)))
        risk('secret-read', 'code/secret-copy', 'risky', `Copies or moves ${a}`, a);
      else if (moves && ['root', 'home', 'system'].includes(groundOf(a, x.place)))
        risk('overwrite', 'code/move-system', groundOf(a, x.place) === 'system' ? 'risky' : 'catastrophic', `Moves ${a}`, a);
      if (b === '/dev/null') risk('delete', 'code/delete', 'risky', `Destroys ${a}`, a);
    }
    if (b !== undefined) access(b, 'w', run);
    return undefined;
  }
  if (/^(?:os\.(?:chmod|lchmod|fchmod)|pathlib\.Path\.chmod)$/.test(name)) {
    const p = first(args[0]) ?? UNKNOWN;
    const mode = args[1]?.number;
    const g = groundOf(p, x.place);
    const text = node.text;
    if (mode !== undefined && (mode & 0o6000) !== 0) risk('privilege', 'code/setuid', 'risky', `Lets ${p} run with its owner's rights`, p);
    else if (/S_ISUID|S_ISGID/.test(text)) risk('privilege', 'code/setuid', 'risky', `Lets ${p} run with its owner's rights`, p);
    else if ((mode !== undefined && (mode & 0o002) !== 0) || /S_IRWXO|S_IWOTH/.test(text))
      risk('permission', 'code/permission', 'risky', `Lets everybody write ${p}`, p);
    else if (g === 'system' || g === 'root' || g === 'home' || isAuthorityFile(p, x.place) || isSecretFile(p, x.place) || mode === 0)
      risk('permission', 'code/permission', 'risky', `Changes permissions of ${p}`, p);
    else
      risk(
        'permission',
        'code/permission',
        mode !== undefined && (mode & 0o111) !== 0 && run.seen.has('import requests') ? 'risky' : 'notable',
        `Changes permissions of ${p}`,
        p,
      );
    return undefined;
  }
  if (/^os\.(?:l|f)?chown$|^shutil\.chown$/.test(name)) {
    const p = first(args[0]) ?? UNKNOWN;
    risk(
      'permission',
      'code/owner',
      ['system', 'root'].includes(groundOf(p, x.place)) || args[1]?.number === 0 ? 'risky' : 'notable',
      `Changes the owner of ${p}`,
      p,
    );
    return undefined;
  }
  if (/^os\.set(?:e|re|res)?[ug]id$/.test(name))
    risk('privilege', 'code/setuid', args[0]?.number === 0 ? 'risky' : 'notable', 'Takes the rights of another user');
  else if (/^os\.(?:kill|killpg)$|^signal\.pthread_kill$/.test(name))
    risk(
      'service',
      'code/kill',
      (/getpid/.test(node.text) && !/getppid/.test(node.text)) ||
        (/\(\s*(?:self\.)?\w*(?:proc|process|child|server|worker|p)\w*\.pid\s*,/.test(node.text) && !/SIGKILL|,\s*9\s*\)/.test(node.text))
        ? 'notable'
        : 'risky',
      'Kills processes',
    );
  else if (/(?:^|\.)(?:kill|terminate|suspend)$/.test(name) && run.seen.has('import psutil'))
    risk('service', 'code/kill', 'risky', 'Kills processes');
  else if (/^os\.(?:fork|forkpty)$/.test(name)) run.seen.add('fork');
  else if (/^os\.(?:reboot)$/.test(name)) risk('service', 'shell/stop-machine', 'risky', 'Stops the machine');
  else if (/^os\.(?:chroot|mknod|setxattr|mount|umount|ptrace|setgroups|nice|sched_setscheduler)$/.test(name))
    risk('admin', 'code/system-call', /nice|sched/.test(name) ? 'notable' : 'risky', `Calls ${name}`);
  else if (name === 'os.truncate' || /\.truncate$/.test(name))
    risk(
      'overwrite',
      'code/truncate',
      ['system', 'var', 'root', 'device', 'home-inside'].includes(groundOf(first(args[0]) ?? '', x.place)) && name === 'os.truncate'
        ? 'risky'
        : 'notable',
      'Empties a file',
    );
  else if (name === 'os.putenv' || name === 'os.environ.update' || name === 'os.environ.setdefault') {
    const k = first(args[0]);
    if (k !== undefined) x.protected.assignment(k, first(args[1]), f);
  } else if (name === 'os.unsetenv' || name === 'os.environ.pop') {
    const k = first(args[0]);
    if (k !== undefined) x.protected.unset(k, f);
  } else if (/^(?:pickle|marshal|jsonpickle|shelve|joblib|torch|numpy|pandas)\.(?:loads?|decode|Unpickler|read_pickle|open)$/.test(name)) {
    const bad =
      all.some((v) => v.taints.has('net') || v.taints.has('decoded') || v.taints.has('input')) ||
      (/^(?:pickle|jsonpickle)\.(?:loads|decode)$/.test(name) &&
        all.some((v) => v.strings.length > 0 && /\\x|c?os\n|posix|system|nt\n/.test(v.strings[0]!)));
    if (/^(?:pickle|marshal|jsonpickle|shelve)/.test(name))
      risk('execute', 'code/pickle', bad || outside ? 'risky' : 'notable', 'Loads objects, which may run code');
    else if (name === 'torch.load' && /weights_only\s*=\s*False/.test(node.text))
      risk('execute', 'code/pickle', 'risky', 'Loads objects, which may run code');
    return { strings: [], taints: new Set<Taint>(['decoded']) };
  } else if (/^yaml\.(?:load|unsafe_load|full_load|load_all)$/.test(name)) {
    const safe = /Safe|CSafe|BaseLoader/.test(node.text);
    const own = all.some((v) => v.strings.some((s) => /!!python\/(?:object|name|module)/.test(s)));
    if (own || name === 'yaml.unsafe_load' || /UnsafeLoader|Loader\s*=\s*yaml\.Loader\b/.test(node.text))
      risk('execute', 'code/yaml', 'risky', 'Loads YAML that may run code');
    else if (!safe) risk('execute', 'code/yaml', 'notable', 'Loads YAML that may run code');
  } else if (
    /^ctypes\.(?:CDLL|cdll|windll|WinDLL|PyDLL|oledll|CFUNCTYPE|memmove|memset|string_at|cast|POINTER|create_string_buffer|util\.find_library|pythonapi)/.test(
      name,
    )
  ) {
    run.seen.add('ctypes');
    const hard =
      /memmove|string_at|memset|windll|CFUNCTYPE|pythonapi|VirtualAlloc|RtlMoveMemory|CreateThread|mprotect|CreateRemoteThread|WriteProcessMemory/.test(
        node.text,
      ) || /VirtualAlloc|mprotect|CreateRemoteThread|WriteProcessMemory|PROT_EXEC|shellcode/i.test(run.source);
    risk('execute', 'code/native', hard ? 'risky' : 'notable', 'Calls machine code past Python');
  } else if (/^socket\.(?:socket|create_connection|create_server|getaddrinfo|gethostbyname\w*)$/.test(name)) {
    run.seen.add('socket');
    if (/SOCK_RAW|AF_PACKET|PF_PACKET/.test(node.text))
      risk('secret-read', 'network/sniff', 'risky', 'Listens to or forges raw network packets');
    const host = args[0]?.items?.[0] ? first(args[0].items[0]) : undefined;
    if (host !== undefined) visited(host, run);
    return { strings: [], name: 'socket.socket()', taints: new Set() };
  } else if (
    /socket\.socket\(\)\.(?:connect|connect_ex|bind|listen|accept)$/.test(name) ||
    /^\?\.(?:connect|connect_ex|bind)$/.test(name)
  ) {
    const method = name.split('.').pop()!;
    if (name.startsWith('socket')) run.seen.add(`socket ${method}`);
    const host = args[0]?.items?.[0] ? first(args[0].items[0]) : undefined;
    const port = args[0]?.items?.[1];
    if (method.startsWith('connect') && name.startsWith('socket')) {
      f.fact('network', host ?? 'unknown host');
      risk(
        'network-send',
        'code/socket',
        host !== undefined && /^(?:localhost|127\.|::1)/.test(host) && !run.seen.has('loop') ? 'notable' : 'risky',
        `Talks to ${host ?? 'another machine'} by a socket of its own`,
        host,
      );
      if (
        method === 'connect_ex' ||
        (port?.number === undefined && /\bfor\b[\s\S]{0,200}\bconnect/.test(run.source) && /range\(|ports?/i.test(run.source))
      )
        risk('network-send', 'network/scan', 'risky', 'Looks for open ports');
    }
    if (method === 'bind' && name.startsWith('socket')) {
      const open = host === undefined || host === '' || host === '0.0.0.0' || host === '::';
      risk('reverse-shell', 'network/listen', open ? 'risky' : 'notable', 'Waits for connections from the network');
    }
    return method === 'accept'
      ? {
          strings: [],
          name: 'socket.socket()',
          items: [{ strings: [], name: 'socket.socket()', taints: new Set() }],
          taints: new Set(['net']),
        }
      : undefined;
  } else if (/^os\.dup2?$/.test(name)) run.seen.add('dup2');
  else if (
    /^scapy\b|^(?:sniff|sr1?|srp1?|sendp?|ARP|arping|AsyncSniffer)$/.test(name) &&
    [...run.seen].some((s) => s.startsWith('import scapy'))
  )
    risk('network-send', 'network/sniff', 'risky', 'Listens to or forges network packets');
  else if (/^(?:nmap\.PortScanner|nmap\.PortScanner\(\)\.scan|pcapy\.\w+|pyshark\.\w+|dpkt\.\w+)$/.test(name))
    risk('network-send', 'network/scan', 'risky', 'Probes or listens to the network');
  else if (
    /^(?:pynput\.|keyboard\.(?:on_press|on_release|hook|record|read_key|read_event)|pyHook|mouse\.hook|win32gui)/.test(name) ||
    (/(?:^|\.)(?:Listener)$/.test(name) && [...run.seen].some((s) => s.startsWith('import pynput')))
  )
    risk('secret-read', 'code/keylogger', 'risky', 'Records what is typed');
  else if (
    /^(?:pyautogui\.screenshot|PIL\.ImageGrab\.grab|mss\.mss|ImageGrab\.grab|cv2\.VideoCapture|sounddevice\.rec|pyaudio\.PyAudio|pyperclip\.paste)/.test(
      name,
    )
  )
    risk(
      'secret-read',
      'code/capture',
      /VideoCapture/.test(name) && args[0]?.strings.length ? 'notable' : 'risky',
      'Records the screen, camera, microphone or clipboard',
    );
  else if (/^(?:keyring\.get_password|browser_cookie3\.|win32crypt\.CryptUnprotectData|browsercookie\.|getpass\.getpass$)/.test(name)) {
    if (!/getpass\.getpass/.test(name)) risk('secret-read', 'code/secret-read', 'risky', 'Reads stored passwords or cookies');
    return { strings: [], taints: new Set<Taint>(['secret']) };
  } else if (/^(?:winreg|_winreg)\.(?:SetValue\w*|CreateKey\w*|DeleteKey\w*|DeleteValue)$/.test(name))
    risk('persistence', 'windows/registry', 'risky', 'Changes the registry');
  else if (/^sys\.(?:settrace|setprofile|addaudithook)$/.test(name)) risk('persistence', 'code/monkey-patch', 'notable', `Calls ${name}`);
  else if (/(?:^|\.)execute(?:script|many)?$/.test(name)) {
    const s = first(args[0]);
    if (
      s !== undefined &&
      /^\s*(?:--|\/\*|drop|truncate|delete|update|alter|grant|revoke|create|copy|exec|load|insert|select|with|do|call|shutdown|set|attach)\b/i.test(
        s,
      )
    )
      readSql(s, f);
  } else if (/^(?:smtplib\.|ftplib\.FTP|ftplib\.FTP_TLS|telnetlib\.Telnet|paramiko\.|pysftp\.|boto3\.)/.test(name)) f.fact('network', name);
  if (SENDS.test(name) || /\.(?:send)$/.test(name)) sends(name, node, args, keywords, run);
  if (FETCHES.test(name)) return fetched(name, args, keywords, run);
  if (/^(?:os\.environ\.(?:items|copy|values|keys)|os\.environ)$/.test(name) || (name === 'dict' && args[0]?.taints.has('env')))
    return { strings: [], taints: new Set<Taint>(['env', 'secret']) };
  if (/^(?:print|pprint\.pprint|json\.dumps?|str|repr)$/.test(name) && args.some((a) => a.taints.has('env') && !a.name?.includes('['))) {
    if (name === 'print' || name.startsWith('pprint'))
      risk('secret-read', 'code/environment', 'risky', 'Prints all variables of the environment, credentials included');
    return { strings: [], taints: new Set<Taint>(['env', 'secret']) };
  }
  if (
    /\.read(?:line|lines|all)?$/.test(name) ||
    /^(?:linecache\.getlines?|fileinput\.input|json\.loads?|csv\.reader|configparser)/.test(name)
  ) {
    const t = new Set<Taint>();
    for (const a of all) for (const k of a.taints) t.add(k);
    if (run.taints.has('secret')) t.add('secret');
    return { strings: [], taints: t };
  }
  return undefined;
}

const HANDED =
  /^(?:os\.(?:system|popen|remove|unlink|rmdir|removedirs|kill|exec\w+|spawn\w+|fork|setuid|chmod)|subprocess\.\w+|shutil\.(?:rmtree|move)|pty\.spawn|exec|eval|each .*\.unlink)$/;

/** A function that is handed to another one (`map`, `partial`, `Thread(target=…)`, `atexit.register`) is judged as if it were called. */
function handed(name: string, node: Node, args: Value[], keywords: Map<string, Value>, run: PythonRun): void {
  if (run.depth > 8) return;
  const target = keywords.get('target') ?? keywords.get('func') ?? keywords.get('initializer');
  const at = args.findIndex((a) => a.name !== undefined && HANDED.test(a.name));
  const fn = target?.name !== undefined && HANDED.test(target.name) ? target.name : at >= 0 ? args[at]!.name : undefined;
  if (
    fn === undefined ||
    HANDED.test(name) ||
    /^(?:isinstance|type|print|str|repr|getattr|hasattr|callable|id|patch|mock\.\w+|unittest\.\w+)$/.test(name) ||
    /patch|register_function|signal/.test(name)
  )
    return;
  const rest = [...(at >= 0 ? args.slice(at + 1) : args), ...[...keywords].filter(([k]) => k === 'args').map(([, v]) => v)];
  const flat = /(?:Thread|Process|Timer|submit|map|starmap|apply\w*)$/.test(name) ? rest.flatMap((v) => v.items ?? [v]) : rest;
  judgeCall(fn, node, flat, new Map(), { ...run, depth: run.depth + 1 });
}

/** A string that any call gets: files of accounts and credentials count whoever reads them. */
function named(s: string, name: string, run: PythonRun): void {
  const { x } = run;
  if (
    s.length > 260 ||
    s.length < 4 ||
    /\n/.test(s) ||
    /^(?:print|logging\.\w+|len|isinstance|str|re\.\w+|argparse\S*|\S*\.(?:add_argument|info|debug|warning|error|append|startswith|endswith|find|count|index|replace|split|format))$/.test(
      name,
    )
  )
    return;
  if (RUNS.test(name) || /^(?:open|io\.open|os\.(?:remove|unlink|chmod|path\.\w+)|exec|eval|compile)$|^pathlib\./.test(name)) return;
  if (!/[/~.\\]/.test(s)) return;
  if (isSecretFile(s, x.place) && /^[~/.\w]/.test(s) && (!/\s/.test(s) || (isCertainSecret(s, x.place) && s.includes('/'))))
    x.findings.risk('secret-read', 'code/secret-read', 'risky', `Reads a file that holds credentials: ${s}`, s);
  else if (/^\/etc\/(?:passwd|group|sudoers)/.test(s)) x.findings.risk('secret-read', 'code/accounts-read', 'risky', `Reads ${s}`, s);
}

function listText(v: Value): string | undefined {
  if (v.strings[0] !== undefined) return v.strings[0];
  if (!v.items || v.items.length === 0) return undefined;
  return v.items
    .map((i) => i.strings[0] ?? (i.number !== undefined ? String(i.number) : UNKNOWN))
    .map((s) => (/^[\w@%+=:,./-]+$/.test(s) ? s : s === UNKNOWN ? UNKNOWN : `'${s.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

function runs(name: string, args: Value[], keywords: Map<string, Value>, run: PythonRun): void {
  const f = run.x.findings;
  let a = args[0] ?? keywords.get('args') ?? keywords.get('cmd');
  if (/create_subprocess_exec$/.test(name)) a = { strings: [], items: args, taints: new Set() };
  if (/^os\.spawn|exec_command/.test(name) && a?.strings.length === 0) a = args[1] ?? a;
  let commands: string[] = [];
  if (/^os\.(?:exec|spawn|posix_spawn)/.test(name)) {
    const list = args.flatMap((v) => v.items ?? [v]).flatMap((v) => v.strings.slice(0, 1));
    commands = [list[0] !== undefined && list.length > 2 ? [list[0], ...list.slice(2)].map((s) => `'${s}'`).join(' ') : (list[0] ?? '')];
  } else if (a?.items) {
    const t = listText(a);
    if (t !== undefined) commands = [t];
  } else if (/^sh\./.test(name)) commands = [[name.slice(3), ...args.map((v) => first(v) ?? UNKNOWN)].join(' ')];
  else commands = a?.strings ?? [];
  if (args.some((v) => v.taints.has('net'))) f.risk('download-run', 'code/download-run', 'risky', 'Runs what it gets from the network');
  if (args.some((v) => v.taints.has('input'))) f.risk('execute', 'code/input-run', 'risky', 'Runs what somebody types');
  if (args.some((v) => v.taints.has('decoded')))
    f.risk('execute', 'code/decoded-run', 'risky', 'Runs commands that were hidden by an encoding');
  run.seen.add('run');
  if (commands.length === 0) f.fact('execute', undefined, 'a command that is known only when it runs');
  for (const c of commands) {
    if (
      /^\s*'?(?:\S*\/)?(?:ba|z|da|k|c)?sh'?(?:\s+'?-[ipl]+'?)*\s*$|^\s*cmd(?:\.exe)?\s*$|^powershell(?:\.exe)?\s*$/.test(c) ||
      (/^os\.exec|pty\.spawn/.test(name) && /(?:^|[/'])(?:ba|z|da|k)?sh'?(?:\s|$)/.test(c) && !/-c/.test(c))
    ) {
      run.seen.add('run shell');
      f.risk('privilege', 'shell/escape', 'risky', 'Opens a shell from inside Python');
    } else {
      f.fact('execute', c.slice(0, 120));
      run.x.shell(c.replaceAll(UNKNOWN, '$UNKNOWN_VALUE'));
    }
  }
}

function code(name: string, args: Value[], run: PythonRun): Value | undefined {
  const f = run.x.findings;
  const a = args[0];
  if (!a) return undefined;
  if (a.taints.has('net')) f.risk('download-run', 'code/download-run', 'risky', 'Runs code that it gets from the network');
  if (a.taints.has('decoded') && !/^(?:compile)$/.test(name))
    f.risk('execute', 'code/decoded-run', 'risky', 'Runs code that was hidden by an encoding');
  if (a.taints.has('input')) f.risk('execute', 'code/input-run', 'risky', 'Runs code that somebody types');
  else if (a.taints.has('file') && name !== 'compile')
    f.risk('execute', 'code/file-run', /open\(\s*[rbf]?['"](?:\/|~)/.test(run.source) ? 'risky' : 'notable', 'Runs code of a file');
  for (const s of a.strings) if (s.trim() !== '' && s !== UNKNOWN) readCode('python', s, { ...run.x, depth: run.depth + 1 });
  if (a.strings.length === 0 && a.taints.size === 0 && name !== 'compile')
    f.risk('execute', 'code/dynamic', 'notable', 'Runs code that is known only when it runs');
  return name === 'compile' ? a : { strings: [], taints: new Set() };
}

function opened(name: string, args: Value[], keywords: Map<string, Value>, run: PythonRun): Value {
  const path = args[0] ?? keywords.get('file');
  const mode = first(args[1]) ?? first(keywords.get('mode')) ?? (name === 'os.open' ? 'r' : 'r');
  const taints = new Set<Taint>(['file']);
  for (const p of path?.strings ?? []) {
    access(p, mode, run);
    if (isSecretFile(p, run.x.place) && !/[wax]/.test(mode)) {
      taints.add('secret');
      run.taints.add('secret');
    }
  }
  if (path?.name === '__file__' && /[wa+]/.test(mode))
    run.x.findings.risk('persistence', 'code/self-change', 'risky', 'Rewrites its own program');
  if (/[wax+]/.test(mode)) run.seen.add('write');
  if (/[wax+]/.test(mode) && (path?.strings.length ?? 0) === 0) run.seen.add('write unknown');
  return { strings: [], name: 'open()', taints };
}

function access(path: string, mode: string, run: PythonRun): void {
  const { x } = run;
  const f = x.findings;
  const at = resolvePath(path, x.place);
  const g = groundOf(path, x.place);
  const writes = /[wax+]/.test(mode);
  f.fact(writes ? 'write' : 'read', at);
  if (writes) {
    f.written.push({ path: at, risks: [] });
    if (g === 'device' || /^\/dev\/(?:mem|kmem)/.test(at))
      f.risk('overwrite', 'code/write-device', 'catastrophic', `Overwrites the device ${at}`, at);
    else if (/etc\/(?:passwd|shadow|gshadow|sudoers|sudoers\.d\/.*|ld\.so\.preload|pam\.d\/.*)$/.test(at))
      f.risk('privilege', 'code/write-accounts', 'catastrophic', `Writes ${at}, which decides who may do what on this machine`, at);
    else if (
      isPersistenceFile(path, x.place) ||
      (/\.pth$/.test(at) && /getsitepackages|getusersitepackages|sysconfig|purelib|site-packages|dist-packages/.test(run.source))
    )
      f.risk('persistence', 'code/write-start-file', 'risky', `Writes ${at}, which runs by itself later`, at);
    else if (isAuthorityFile(path, x.place) || g === 'system' || g === 'root')
      f.risk('overwrite', 'code/write-system', 'risky', `Writes ${at} of the system`, at);
    else if (isSecretFile(path, x.place)) f.risk('overwrite', 'code/write-credentials', 'risky', `Writes the credential file ${at}`, at);
    else if (/^\/var\/log\/|_history$/.test(at) && /w/.test(mode))
      f.risk('history', 'code/clear-log', 'risky', `Empties the log ${at}`, at);
    else if (g === 'var' || g === 'elsewhere')
      f.risk(
        'overwrite',
        'code/write-outside',
        /^\/(?:mnt|data|workspace|content|kaggle|app|code|out|output)\//.test(at) ? 'notable' : 'risky',
        `Writes ${at}, outside the working folder`,
        at,
      );
    return;
  }
  if (isSecretFile(path, x.place)) f.risk('secret-read', 'code/secret-read', 'risky', `Reads a file that holds credentials: ${at}`, at);
  else if (isAccountsFile(path, x.place))
    f.risk('secret-read', 'code/accounts-read', /fstab|exports/.test(at) ? 'notable' : 'risky', `Reads ${at}`, at);
  else if (
    g === 'device' ||
    /^\/proc\/(?:kcore|\d+\/(?:mem|maps|environ)|self\/mem|kallsyms)|^\/var\/log\/(?:auth|secure|syslog|audit)|^\/boot\//.test(at)
  )
    f.risk('secret-read', 'code/system-read', 'risky', `Reads ${at}`, at);
  else if (
    g === 'system' &&
    !/^\/(?:usr\/(?:share|lib|local)|etc\/(?:os-release|timezone|localtime|hostname|hosts|resolv|mime|ssl\/certs|lsb)|proc\/(?:cpuinfo|meminfo|version|uptime|loadavg|stat|self\/status))/.test(
      at,
    )
  )
    f.risk('secret-read', 'code/system-read', /^\/etc\//.test(at) ? 'risky' : 'notable', `Reads ${at} of the system`, at);
}

function deleted(name: string, v: Value | undefined, run: PythonRun): void {
  const { x } = run;
  const f = x.findings;
  const tree = /rmtree|removedirs/.test(name);
  const paths = v?.strings ?? [];
  for (const p of paths) {
    const g = groundOf(p, x.place);
    const at = resolvePath(p, x.place);
    f.fact('delete', at);
    if (tree && (g === 'root' || g === 'home' || g === 'system'))
      f.risk('delete', `code/delete-${g}`, 'catastrophic', `Deletes ${at} with everything in it`, at);
    else if (tree && (p === SCRATCH || isMadeAgain(p, x.place, true)))
      f.risk('delete', 'code/delete-build', 'notable', `Deletes the folder ${at}`, at);
    else if (tree) f.risk('delete', 'code/delete-tree', 'risky', `Deletes the folder ${at}`, at);
    else if (
      g === 'system' ||
      g === 'root' ||
      isAuthorityFile(p, x.place) ||
      isSecretFile(p, x.place) ||
      /^\/var\/log\/|_history$/.test(at)
    )
      f.risk('delete', 'code/delete-system', 'risky', `Deletes ${at}`, at);
    else if (g !== 'workspace' && g !== 'temp')
      f.risk('delete', 'code/delete-outside', 'risky', `Deletes ${at}, outside the working folder`, at);
    else
      f.risk(
        'delete',
        'code/delete',
        /\uFFFC/.test(p) && /os\.walk|listdir|glob|scandir|rglob|iterdir/.test(run.source) ? 'risky' : 'notable',
        `Deletes ${at}`,
        at,
      );
  }
  const generated =
    /(?:glob|endswith)\(\s*[rf]?['"](?:\.\/)?[\w*/.-]*\.(?:pyc|pyo|tmp|log|bak|o|class|swp|orig|cache)['"]/.test(run.source) &&
    !/['"](?:\/|~)/.test(run.source);
  if (paths.length === 0)
    f.risk(
      'delete',
      tree ? 'code/delete-tree' : 'code/delete',
      generated && !tree ? 'notable' : tree || /os\.walk|listdir|glob|scandir|rglob|iterdir/.test(run.source) ? 'risky' : 'notable',
      'Deletes what is known only when it runs',
    );
}

function visited(url: string, run: PythonRun): void {
  const f = run.x.findings;
  const host = hostOf(url) ?? url;
  f.fact('network', host);
  if (isMetadata(host))
    f.risk('secret-read', 'network/metadata', 'risky', `Asks the cloud's metadata service, which hands out credentials: ${host}`, host);
  else if (isPaste(host)) f.risk('network-send', 'network/drop', 'risky', `Talks to ${host}, a place to drop data`, host);
  else if (isRawAddress(host) && !/^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(host))
    f.risk('network-send', 'network/raw-address', 'risky', `Talks to the bare address ${host}`, host);
  else if (suspicious(host)) f.risk('network-send', 'network/suspicious', 'risky', `Talks to ${host}`, host);
}

/** Hosts whose own name says what they are for. */
function suspicious(host: string): boolean {
  return /\.onion$|malicious|malware|phish|attacker|evil|hacker|exploit|trojan|virus|ransom|botnet|\bc2\b|suspicious|untrusted|darkweb|payload/i.test(
    host,
  );
}

function sends(name: string, node: Node, args: Value[], keywords: Map<string, Value>, run: PythonRun): void {
  const f = run.x.findings;
  const url = args.map(first).find((s) => s !== undefined && /^https?:|^\d/.test(s)) ?? '';
  const body = [
    ...args.slice(1),
    ...[...keywords].filter(([k]) => /^(?:data|json|files|body|params|content|msg|fields|headers)$/.test(k)).map(([, v]) => v),
  ];
  if (/urlopen|Request|request$/.test(name) && body.length === 0) return;
  if (/(?:send|sendall|sendto)$/.test(name)) {
    if (args.some((v) => v.taints.has('secret') || v.taints.has('env')))
      f.risk('network-send', 'code/secret-send', 'catastrophic', 'Sends credentials');
    else if (run.seen.has('socket'))
      f.risk(
        'network-send',
        'code/socket',
        args.some((v) => v.taints.has('file')) ? 'risky' : 'notable',
        'Sends data by a socket of its own',
      );
    return;
  }
  if (url) visited(url, run);
  const to = hostOf(url) ?? 'another machine';
  const tainted = (t: Taint): boolean =>
    [...args, ...keywords.values()].some((v) => v.taints.has(t) || v.items?.some((i) => i.taints.has(t)));
  const token = keywords.get('headers');
  if (
    body.some(
      (v) =>
        v !== token &&
        (v.taints.has('secret') || v.taints.has('env') || v.items?.some((i) => i.taints.has('secret') || i.taints.has('env'))),
    )
  )
    f.risk('network-send', 'code/secret-send', 'catastrophic', `Sends credentials to ${to}`, to);
  else if (
    run.seen.has('packed') ||
    keywords.has('files') ||
    tainted('file') ||
    /stor(?:binary|lines)|upload_file|put_object|putfo|sendfile/.test(name)
  )
    f.risk('network-send', 'code/upload', 'risky', `Sends a file to ${to}`, to);
  else if (run.taints.has('secret') && body.length > 0)
    f.risk('network-send', 'code/secret-send', 'catastrophic', `Sends data to ${to} after it read credentials`, to);
  else
    f.risk(
      'network-send',
      'code/post',
      (/sendmail|send_message/.test(name) && !/SMTP\w*\(\s*(?:host\s*=\s*)?['"](?:localhost|127\.|\[?::1)/.test(run.source)) ||
        /gethostname|getlogin|getuser|platform\.|uname|getpass|listdir|walk/.test(run.source)
        ? 'risky'
        : 'notable',
      `Sends data to ${to}`,
      to,
    );
  void node;
}

function fetched(name: string, args: Value[], keywords: Map<string, Value>, run: PythonRun): Value {
  const f = run.x.findings;
  for (const v of [...args, ...keywords.values()]) {
    for (const s of v.strings)
      if (/^(?:https?|ftp):\/\//.test(s)) {
        visited(s, run);
        if (isExecutableUrl(s) || (/\.(?:zip|tar\.gz|dmg|deb|rpm)(?:$|\?)/.test(s) && run.seen.has('run')))
          f.risk('download-run', 'network/download-program', 'risky', `Downloads a program from ${hostOf(s)}`, s);
        if (v.taints.has('secret') || v.taints.has('env'))
          f.risk('network-send', 'code/secret-send', 'catastrophic', `Sends credentials to ${hostOf(s)}`, s);
        else if (run.taints.has('secret') && s.includes(UNKNOWN))
          f.risk('network-send', 'code/secret-send', 'risky', `May send credentials to ${hostOf(s)}`, s);
      }
    if (v.items?.some((i) => i.taints.has('secret') || i.taints.has('env')))
      f.risk('network-send', 'code/secret-send', 'catastrophic', 'Sends credentials');
  }
  if (/urlretrieve|wget\.download/.test(name) && args[1]) for (const p of args[1].strings) access(p, 'w', run);
  run.seen.add('fetch');
  return { strings: [], name: `${name}()`, taints: new Set<Taint>(['net']) };
}

/** What only the whole program shows: shells joined to sockets, loops without end, encryption of whole folders. */
export function judgeWhole(run: PythonRun): void {
  const { seen, source } = run;
  const f = run.x.findings;
  const has = (n: string): boolean => seen.has(n);
  const risk = (cls: RiskClass, id: string, level: RiskLevel, text: string): void => f.risk(cls, id, level, text);
  if (
    has('socket') &&
    (has('dup2') ||
      has('run shell') ||
      (has('run') && /recv|\.makefile|accept|reader?\.read/.test(source)) ||
      (has('run') && /open_connection|start_server/.test(source)) ||
      (/\bpty\b/.test(source) && has('run')) ||
      (/recv\(/.test(source) && /\b(?:exec|eval)\(/.test(source)))
  )
    risk(
      'reverse-shell',
      /\.(?:bind|listen)\(/.test(source) ? 'code/bind-shell' : 'code/reverse-shell',
      'catastrophic',
      'Joins a shell to the network',
    );
  else if (/socket/.test(source) && /dup2|\/bin\/(?:ba)?sh|cmd\.exe|pty\.spawn/.test(source) && /connect|bind/.test(source))
    risk('reverse-shell', 'code/reverse-shell', 'catastrophic', 'Joins a shell to the network');
  if (
    /(?:socketserver|http\.server|asyncore|xmlrpc\.server)\b/.test(source) &&
    has('run') &&
    /\brfile\b|\brecv\b|self\.(?:request|path|headers)\b/.test(source)
  )
    risk('reverse-shell', 'code/bind-shell', 'catastrophic', 'Runs commands for whoever connects');
  if (
    /\b(?:SimpleHTTPRequestHandler|SimpleHTTPServer|FTPHandler|SimpleXMLRPCServer)\b/.test(source) &&
    /serve_forever|\.start\(/.test(source)
  )
    risk(
      'reverse-shell',
      'network/serve',
      /['"](?:127\.0\.0\.1|localhost|::1)['"]/.test(source) ? 'notable' : 'risky',
      'Offers files or functions of this machine to the network',
    );
  const endless = /\bwhile\s+(?:True|1|not\s+False|1\s*==\s*1)\s*:|itertools\.(?:count|repeat|cycle)\(/.exec(source);
  const body = endless ? source.slice(endless.index, endless.index + 600) : '';
  const many = /\biter\(int,\s*\d|range\(\s*(?:\d{2,}|10\s*\*\*|int\(1e)/.test(source);
  if (has('fork') && (endless || (many && !/\bwait(?:pid)?\(/.test(source))))
    risk('service', 'shell/fork-bomb', 'catastrophic', 'Starts copies of itself without end');
  else if (
    endless &&
    /(?:Process|Thread|Popen|spawn\w*|start_new_thread|ThreadPoolExecutor|submit)\s*\(/.test(body) &&
    !/\baccept\(|\.get\(|\bsleep\(|\bbreak\b/.test(body)
  )
    risk('service', 'shell/endless-processes', 'risky', 'Starts processes or threads without end');
  else if (
    endless &&
    /\.append\(|\.extend\(|\+=\s*(?:['"[(]|\w+\s*\*)|\*=\s*\d|\*\s*10\s*\*\*|\.write\(|os\.mkdir|makedirs|bytearray\(/.test(body) &&
    !/\bbreak\b|\breturn\b|\bsleep\(|\brecv\(|\binput\(|\bread\w*\(/.test(body)
  )
    risk('service', 'shell/exhaust', 'risky', 'Takes memory or disk without end');
  else if (endless && /:\s*\n?\s*pass\s*(?:\n|$)/.test(body))
    risk('service', 'shell/exhaust', 'risky', 'Keeps the machine busy without end');
  if (/def\s+(\w+)\s*\([^)]*\)\s*:[\s\S]{0,400}?(?:Process|Thread)\s*\(\s*target\s*=\s*\1\b/.test(source))
    risk('service', 'shell/fork-bomb', 'risky', 'Starts copies of itself without end');
  if (
    /(?:\[[^\]]{0,20}\]|['"][^'"]{0,20}['"]|bytearray\()\s*\*?\s*\(?\s*(?:10\s*\*\*\s*(?:9|1\d)|1024\s*\*\*\s*[3-9]|1024\s*\*\s*1024\s*\*\s*1024|\d{10,}|1e(?:9|1\d)|2\s*\*\*\s*[3-9]\d)/.test(
      source,
    )
  )
    risk('service', 'shell/exhaust', 'risky', 'Takes a great deal of memory');
  if (
    /\b(?:Fernet|AES\.new|ChaCha20|Blowfish|ARC4|pyAesCrypt)\b/.test(source) &&
    /os\.walk|rglob|glob|listdir|scandir|iterdir/.test(source) &&
    /['"](?:wb|w|rb\+|r\+b|ab)['"]|write_bytes|rename|encryptFile/.test(source)
  )
    risk('overwrite', 'code/encrypt-files', 'catastrophic', 'Encrypts files of whole folders');
  if (
    /os\.walk\(\s*['"](?:\/|~|C:|\/home|\/etc|\/root|\/Users)|expanduser\(['"]~['"]\)/.test(source) &&
    /\.ssh|\.aws|id_rsa|\.pem\b|\.key\b|\.kdbx|\.p12|password|\.env\b|credential|wallet|cookies/i.test(source) &&
    /open\(|read/.test(source)
  )
    risk('secret-read', 'shell/search-secrets', 'risky', 'Looks for files that hold credentials');
  if (
    has('write unknown') &&
    /os\.walk|rglob|glob|listdir|scandir/.test(source) &&
    /['"]wb?['"]/.test(source) &&
    /(?:urandom|random|\\x00|b'\\0|['"]{2})/.test(source)
  )
    risk('overwrite', 'code/overwrite-many', 'risky', 'Overwrites many files');
  if (
    has('fetch') &&
    /os\.chmod|0o?7\d\d|exec\(|os\.system|subprocess|importlib|ctypes/.test(source) &&
    /['"]wb['"]|urlretrieve|write_bytes/.test(source)
  )
    risk('download-run', 'code/download-run', 'risky', 'Runs what it downloads');
  if (
    /['"]__class__['"]|__subclasses__\s*\(|__globals__|__mro__|__bases__/.test(source) &&
    /__subclasses__|__globals__|__builtins__/.test(source)
  )
    risk('execute', 'code/sandbox-escape', 'risky', 'Reaches for functions past the limits of its surroundings');
  if (/(?:__builtins__(?:['"]\])?|vars\(__builtins__\)|globals\(\)\s*\[\s*['"]__builtins__['"]\s*\])\s*(?:\.__dict__)?\s*\[/.test(source))
    risk('execute', 'code/hidden-call', 'risky', 'Reaches functions by hidden names');
  if (/for\s+\w+\s+in\s+open\([\s\S]{0,400}\b(?:connect|login|authenticate|auth)\s*\([^)]*pass/i.test(source))
    risk('privilege', 'code/brute-force', 'risky', 'Tries out passwords');
  if (
    /\brglob\(|os\.walk|glob\.glob|iterdir\(/.test(source) &&
    /write_bytes|['"](?:wb|r\+b|rb\+)['"]/.test(source) &&
    /\^=|\^\s*(?:0x|\w*key|k\b)|\.(?:crypt|locked|enc|encrypted)['"]/.test(source)
  )
    risk('overwrite', 'code/encrypt-files', 'catastrophic', 'Encrypts files of whole folders');
  if (
    has('run') || /register_function\(\s*(?:os\.system|os\.popen|subprocess|eval|exec)/.test(source)
      ? /\brequest\.(?:args|form|json|data|values|get_json|GET|POST|query_params)|register_function\(\s*(?:os\.|subprocess|eval|exec)|\brfile\b/.test(
          source,
        ) &&
        /(?:popen|system|run|call|check_output|Popen|getoutput)\s*\([^)]*(?:request\.|rfile|cmd|command)|register_function\(/.test(source)
      : false
  )
    risk('reverse-shell', 'code/bind-shell', 'catastrophic', 'Runs commands for whoever connects');
  if (/\b(?:exec|eval)\s*\(\s*(?:self\.rfile|self\.request|request\.|conn\.recv|\w+\.recv)/.test(source))
    risk('reverse-shell', 'code/bind-shell', 'catastrophic', 'Runs code for whoever connects');
  if (/jsonpickle\.decode\(\s*(?:sys\.stdin|input\(|request)|pickle\.loads?\(\s*(?:sys\.stdin|input\(|request|\w+\.recv)/.test(source))
    risk('execute', 'code/pickle', 'risky', 'Loads objects from outside, which may run code');
  if (/sys\.path\.(?:insert|append)\([^)]*['"]\/(?:tmp|dev\/shm|var\/tmp)/.test(source))
    risk('execute', 'code/path', 'risky', 'Loads code of a folder that everybody may write');
  if (/get_credentials\(\)|get_frozen_credentials|\.secret_key\b.*(?:print|post|send)|print\([^)]*\.secret_key/.test(source))
    risk('secret-read', 'code/secret-read', 'risky', 'Reads credentials of the cloud');
  if (/\bCronTab\s*\(/.test(source) && /\.write\(/.test(source))
    risk('persistence', 'code/schedule', 'risky', 'Schedules commands that run by themselves');
  if (/\bwhile\s+(?:True|1)\s*:[\s\S]{0,120}\.sendto\(/.test(source) && !/recv|sleep/.test(source))
    risk('network-send', 'network/flood', 'risky', 'Floods another machine');
  if (/(?:xmrig|cryptonight|stratum\+tcp|coinhive|minerd|monero)/i.test(source))
    risk('service', 'code/miner', 'risky', 'Mines money on this machine');
  if (/psutil\.process_iter|psutil\.pids/.test(source) && /\.(?:kill|terminate|suspend)\s*\(/.test(source))
    risk('service', 'code/kill', 'risky', 'Kills processes');
  if (
    /\bwhile\s+(?:True|1)\b[\s\S]{0,400}requests\.(?:get|post)|for\s+\w+\s+in\s+range\(\s*\d{4,}[\s\S]{0,300}requests\.(?:get|post)|Thread\([\s\S]{0,200}requests\.(?:get|post)/.test(
      source,
    ) &&
    /flood|dos|attack|Thread/i.test(source)
  )
    risk('network-send', 'network/flood', 'risky', 'Floods another machine');
  if (
    /(?:brute|passlist|wordlist|rockyou|password_list|passwords)\b[\s\S]{0,600}(?:ssh|login|connect|requests\.post|paramiko)/i.test(
      source,
    ) &&
    /\bfor\b/.test(source)
  )
    risk('privilege', 'code/brute-force', 'risky', 'Tries out passwords');
}
