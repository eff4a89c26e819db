/** What only the whole program shows: shells joined to sockets, encryption of whole folders, searches for credentials, floods. */
import type { RiskLevel } from '../../contract/index.js';
import { readCode } from '../code.js';
import type { RiskClass } from '../findings.js';
import { sniff } from '../sniff.js';
import { installHook } from './commands.js';
import type { PythonRun } from './run.js';

type Say = (cls: RiskClass, id: string, level: RiskLevel, sentence: string) => void;

export function judgeWhole(run: PythonRun): void {
  const say: Say = (cls, id, level, sentence) => run.x.findings.risk(cls, id, level, sentence);
  shells(run, say);
  folders(run, say);
  copies(run, say);
  network(run, say);
  hidden(run, say);
  written(run);
}

/** What the program writes and then runs is read too. */
function written(run: PythonRun): void {
  if (run.depth > 3 || !(run.seen.has('run') || run.seen.has('import importlib') || run.seen.has('import runpy'))) return;
  for (const text of run.contents) {
    const language = sniff(text, true) ?? (/^#!/.test(text) ? sniff(text) : undefined);
    if (language === 'shell') run.x.shell(text);
    else if (language && language !== 'sql') readCode(language, text, { ...run.x, depth: run.depth + 1 });
  }
}

/** Libraries that bring messages of others. */
const CHAT =
  /import (?:discord|telegram|telebot|aiogram|pyrogram|telethon|slack_bolt|slackclient|irc|twitchio|paho|pika|websockets?|socketio|imaplib|nats|zmq|tweepy|matrix_client|nio)\b/;

/** Where a server of a web framework takes what its visitors send. */
const FROM_VISITORS =
  /\brequest\.(?:args|form|json|data|values|get_json|GET|POST|query|query_params|path_params|body|headers|cookies|match_info|text\(|post\(|files)|\bself\.(?:get_argument|get_query_argument|rfile|path\b)|\bparse_qs\s*\(|\bwebsocket\.(?:receive|recv)|\bws\.recv/;

/** Commands or code for whoever connects. */
function shells({ seen, source }: PythonRun, say: Say): void {
  const has = (n: string): boolean => seen.has(n);
  if (
    has('socket') &&
    (has('dup2') ||
      has('run shell') ||
      (has('run') && /\.(?:recv|accept)\w*\(|\.makefile\(|reader?\.read/.test(source)) ||
      (has('run') && /open_connection|start_server/.test(source)) ||
      (/\bpty\b/.test(source) && has('run')) ||
      (/recv\(/.test(source) && /(?<![.\w])(?:exec|eval)\(/.test(source)))
  )
    say(
      'reverse-shell',
      /\.(?:bind|listen)\(/.test(source) ? 'code/bind-shell' : 'code/reverse-shell',
      'catastrophic',
      'Joins a shell to the network',
    );
  else if (/socket/.test(source) && /dup2|['"]\/bin\/(?:ba)?sh|['"]cmd\.exe|pty\.spawn/.test(source) && /\.(?:connect|bind)\(/.test(source))
    say('reverse-shell', 'code/reverse-shell', 'catastrophic', 'Joins a shell to the network');
  if (
    /(?:socketserver|http\.server|asyncore|xmlrpc\.server)\b/.test(source) &&
    has('run') &&
    has('serve') &&
    /\brfile\b|\brecv\b|self\.(?:request|path|headers)\b|register_function/.test(source)
  )
    say('reverse-shell', 'code/bind-shell', 'catastrophic', 'Runs commands for whoever connects');
  if (
    /\b(?:SimpleHTTPRequestHandler|SimpleHTTPServer|FTPHandler|SimpleXMLRPCServer)\b/.test(source) &&
    /serve_forever|\.start\(/.test(source)
  )
    say(
      'reverse-shell',
      'network/serve',
      /['"](?:127\.0\.0\.1|localhost|::1)['"]/.test(source) ? 'notable' : 'risky',
      'Offers files or functions of this machine to the network',
    );
  if (
    (has('run') || /register_function\(\s*(?:os\.system|os\.popen|subprocess|eval|exec)/.test(source)) &&
    /\brequest\.(?:args|form|json|data|values|get_json|GET|POST|query_params)|register_function\(\s*(?:os\.|subprocess|eval|exec)|\brfile\b/.test(
      source,
    ) &&
    /(?:popen|system|run|call|check_output|Popen|getoutput)\s*\([^)]*(?:request\.|rfile|cmd|command)|register_function\(/.test(source)
  )
    say('reverse-shell', 'code/bind-shell', 'catastrophic', 'Runs commands for whoever connects');
  if (
    seen.has('run unknown') &&
    FROM_VISITORS.test(source) &&
    /(?:popen|system|run|call|check_output|check_call|Popen|getoutput|getstatusoutput|create_subprocess_shell)\s*\(\s*(?:f?["'][^"']*\{)?\s*[a-z_]\w*\s*[,)}]/i.test(
      source,
    )
  )
    say('reverse-shell', 'code/bind-shell', 'catastrophic', 'Runs commands for whoever connects');
  if (has('run') && /\bopen_connection\s*\(/.test(source) && /\.read(?:line|until|exactly)?\s*\(/.test(source) && has('run unknown'))
    say('reverse-shell', 'code/reverse-shell', 'catastrophic', 'Runs commands that come over a connection');
  if (seen.has('run unknown') && CHAT.test([...seen].filter((s) => s.startsWith('import ')).join(' ')))
    say('reverse-shell', 'code/bind-shell', 'catastrophic', 'Runs commands that come as messages');
  if (/(?<![.\w])(?:exec|eval)\s*\(\s*(?:self\.rfile|self\.request|request\.|conn\.recv|\w+\.recv)/.test(source))
    say('reverse-shell', 'code/bind-shell', 'catastrophic', 'Runs code for whoever connects');
}

/** Whole folders: encrypted, overwritten, searched. */
function folders({ seen, source }: PythonRun, say: Say): void {
  const walks = /os\.walk|rglob|glob\.|listdir|scandir|iterdir/.test(source);
  const writes = seen.has('write many') || seen.has('write unknown') || /write_bytes|\brename\(/.test(source);
  if (
    walks &&
    writes &&
    (/\b(?:Fernet|AES\.new|ChaCha20\w*|Blowfish|ARC4|pyAesCrypt|DES3?\.new|Salsa20|SecretBox|Cipher)\b|\.encrypt\(/.test(source) ||
      /\^=|\^\s*(?:0x|\w*key|k\b)|['"]\.(?:crypt\w*|locked|enc|encrypted|ransom\w*)['"]/i.test(source)) &&
    /['"](?:wb|w|rb\+|r\+b|ab)['"]|write_bytes|rename|encryptFile/.test(source)
  )
    say('overwrite', 'code/encrypt-files', 'catastrophic', 'Encrypts files of whole folders');
  else if (
    /your files (?:have been|are|were) encrypted|ransom[_ ]?note|send \S+ (?:btc|bitcoin)|decrypt(?:ion)? key[^\n]{0,40}(?:pay|bitcoin|btc)/i.test(
      source,
    )
  )
    say('overwrite', 'code/encrypt-files', 'risky', 'Demands a ransom');
  if (
    seen.has('write many') &&
    /['"]wb?['"]/.test(source) &&
    /urandom|token_bytes|getrandbits|\\x00|b'\\0|\.truncate\(|\.write\(\s*['"]{2}\s*\)/.test(source)
  )
    say('overwrite', 'code/overwrite-many', 'risky', 'Overwrites many files');
  if (
    (walks &&
      /['"][^'"\n]*(?:AKIA|ghp_|BEGIN[^'"\n]{0,20}PRIVATE|xox[bp]|sk_live|AIza)/.test(source) &&
      /re\.(?:find|search|compile|match)/.test(source) &&
      /expanduser|Path\.home|['"]\/(?:home|root|Users|etc|var|srv)?['"]/.test(source)) ||
    (/os\.walk\(\s*['"](?:\/|~|C:|\/home|\/etc|\/root|\/Users)|expanduser\(['"]~['"]\)|Path\.home\(\)|\.rglob\(/.test(source) &&
      walks &&
      /['"][^'"\n]{0,12}(?:\.ssh|\.aws|id_rsa|\.pem|\.key|\.kdbx|\.p12|passwords?|\.env|credentials?|wallet|cookies)['"*]/i.test(source) &&
      /open\(|read/.test(source))
  )
    say('secret-read', 'shell/search-secrets', 'risky', 'Looks for files that hold credentials');
}

/** A program that writes itself into others. */
function copies({ seen, source }: PythonRun, say: Say): void {
  if (
    /open\(\s*(?:__file__|sys\.argv\[0\])/.test(source) &&
    /inspect\.getsource|\.read\(/.test(source) &&
    (seen.has('write many') || (seen.has('write unknown') && /os\.walk|glob|listdir|scandir/.test(source)))
  )
    say('persistence', 'code/self-copy', 'risky', 'Writes itself into other files');
}

function network({ seen, source }: PythonRun, say: Say): void {
  if (
    seen.has('fetch') &&
    /os\.chmod|exec\(|os\.system|subprocess\.|importlib\.|ctypes\.|os\.startfile|runpy\./.test(source) &&
    /['"]wb['"]|urlretrieve|write_bytes/.test(source) &&
    (seen.has('run') || /chmod|exec\(|importlib|ctypes|runpy/.test(source))
  )
    say('download-run', 'code/download-run', 'risky', 'Runs what it downloads');
  if (/\bmemfd_create\s*\(/.test(source) && [...seen].some((n) => /^os\.(?:exec|spawn|posix_spawn)/.test(n)))
    say('download-run', 'code/download-run', 'risky', 'Runs a program out of memory, past every file');
  if (/for\s+\w+\s+in\s+open\([\s\S]{0,400}\b(?:connect|login|authenticate|auth)\s*\([^)]*pass/i.test(source))
    say('privilege', 'code/brute-force', 'risky', 'Tries out passwords');
  if (
    /\b(?:passlist|wordlist|rockyou|password_list|passwords|common_passwords|brute\w*)\b/i.test(source) &&
    /\bfor\s+\w*(?:pass|pwd|word|attempt|combo|guess|cand)\w*(?:\s*,\s*\w+)?\s+in\b/i.test(source) &&
    /\b(?:ssh|login|connect|requests\.post|paramiko|extractall|authenticate|\.auth|setpassword|hashlib|crypt)\b/i.test(source)
  )
    say('privilege', 'code/brute-force', 'risky', 'Tries out passwords');
  if (/\bfor\s+(?:pw|pwd|pass\w*|secret|cred\w*|pin)\s+in\b[\s\S]{0,400}(?:auth\s*=|login|connect|ssh|password\s*=)/i.test(source))
    say('privilege', 'code/brute-force', 'risky', 'Tries out passwords');
  if (/\bwhile\s+(?:True|1)\s*:[\s\S]{0,160}\.sendto\(/.test(source) && !/recv|sleep/.test(source))
    say('network-send', 'network/flood', 'risky', 'Floods another machine');
  if (
    /\bwhile\s+(?:True|1)\b[\s\S]{0,400}(?:requests|session)\.(?:get|post)|for\s+\w+\s+in\s+range\(\s*[\d_]{4,}[\s\S]{0,300}(?:requests|session)\.(?:get|post)|Thread\([\s\S]{0,200}requests\.(?:get|post)/.test(
      source,
    ) &&
    /flood|\bd?dos\b|attack|Thread/i.test(source)
  )
    say('network-send', 'network/flood', 'risky', 'Floods another machine');
  if (/sys\.executable\s*,\s*['"]-c['"]\s*,\s*sys\.argv\[1\]\s*,\s*sys\.argv\[1\]/.test(source))
    say('service', 'shell/fork-bomb', 'catastrophic', 'Starts copies of itself without end');
  if (
    /\bproduct\(\s*\w*(?:hosts?|ips?|targets?|users?)\w*\s*,/i.test(source) &&
    /\bpassword\s*=\s*\w+/.test(source) &&
    /\.(?:connect|login|auth\w*)\s*\(/.test(source)
  )
    say('privilege', 'code/brute-force', 'risky', 'Tries out passwords');
  if (/xmrig|cryptonight|stratum\+(?:tcp|ssl)|coinhive|minerd|nicehash|\bethminer\b/i.test(source))
    say('service', 'code/miner', 'risky', 'Mines money on this machine');
}

/** Names that are hidden, files of everybody, packages that act while they are installed. */
function hidden({ seen, source }: PythonRun, say: Say): void {
  if (/\.f_(?:globals|builtins|locals)\s*\[\s*['"]__(?:builtins|import)__/.test(source))
    say('execute', 'code/sandbox-escape', 'risky', 'Reaches for functions past the limits of its surroundings');
  if (
    /__subclasses__\s*\(\s*\)|__globals__\s*\[|__mro__\s*\[|__bases__\s*\[/.test(source) &&
    /__class__|__base__|__bases__|__mro__/.test(source) &&
    /__subclasses__|__globals__|__builtins__/.test(source)
  )
    say('execute', 'code/sandbox-escape', 'risky', 'Reaches for functions past the limits of its surroundings');
  if (/(?:__builtins__(?:['"]\])?|vars\(__builtins__\)|globals\(\)\s*\[\s*['"]__builtins__['"]\s*\])\s*(?:\.__dict__)?\s*\[/.test(source))
    say('execute', 'code/hidden-call', 'risky', 'Reaches functions by hidden names');
  if (/['"]__reduce(?:_ex)?__['"]\s*[:,]/.test(source) && /\blambda\b|\bdef\b/.test(source))
    say('execute', 'code/pickle', 'risky', 'Makes an object that runs a command when it is loaded');
  if (/jsonpickle\.decode\(\s*(?:sys\.stdin|input\(|request)|pickle\.loads?\(\s*(?:sys\.stdin|input\(|request|\w+\.recv)/.test(source))
    say('execute', 'code/pickle', 'risky', 'Loads objects from outside, which may run code');
  if (/sys\.path\.(?:insert|append)\([^)]*['"]\/(?:tmp|dev\/shm|var\/tmp)/.test(source))
    say('execute', 'code/path', 'risky', 'Loads code of a folder that everybody may write');
  if (/get_credentials\(\)|get_frozen_credentials|\.secret_key\b.*(?:print|post|send)|print\([^)]*\.secret_key/.test(source))
    say('secret-read', 'code/secret-read', 'risky', 'Reads credentials of the cloud');
  if (/\bCronTab\s*\(/.test(source) && /\.write\(/.test(source))
    say('persistence', 'code/schedule', 'risky', 'Schedules commands that run by themselves');
  if (installHook(source) && (seen.has('run') || seen.has('fetch') || seen.has('socket') || seen.has('write')))
    say('execute', 'code/install-hook', 'risky', 'Does more than install when it is installed');
  if (
    /\bsetup\s*\(/.test(source) &&
    /^import (?:setuptools|distutils)/.test([...seen].find((s) => /^import (?:setuptools|distutils)/.test(s)) ?? '') &&
    (seen.has('fetch') || (seen.has('socket') && /connect\(/.test(source)))
  )
    say('execute', 'code/install-hook', 'risky', 'Talks to the network when it is installed');
}
