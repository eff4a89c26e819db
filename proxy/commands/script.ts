import type { CodeContext } from './code.js';
import { groundOf, isAuthorityFile, isPersistenceFile, isSecretFile } from './paths.js';

/** Calls that hand a string to a command shell, over languages. Group 1 is the string. */
const RUNS = [
  /\b(?:system|exec|execSync|execFileSync|spawnSync|spawn|popen|passthru|shell_exec|proc_open|pcntl_exec|execl[ep]?|execv[ep]?|os\.execute|io\.popen|execute|Open3\.\w+|Kernel\.\w+|IO\.popen|qx|run|ProcessBuilder|Runtime\.getRuntime\(\)\.exec|do shell script|sh|call|process\.spawn|Command\.new|exec\.Command|System\.cmd|shell)\s*\(?\s*(?:\[\s*)?(["'`])((?:\\.|(?!\1)[^\\])*)\1((?:\s*,\s*(?:\[\s*)?(?:"[^"]*"|'[^']*'))*)/g,
  /(`)((?:\\.|[^`\\])+)`/g,
  /\b(?:qx|%x)([({[|!/])((?:\\.|[^)}\]|!/\\])*)[)}\]|!/]/g,
];
const BARE = /^\s*(?:exec\s+)?(?:\S*\/)?(?:ba|z|da|k|c)?sh(?:\s+-[pi]+)?(?:\s+\d?[<>]&\d)*\s*$|^\s*cmd(?:\.exe)?\s*$/;

/** Reads the calls of JavaScript, Perl, Ruby, PHP, Lua, awk and others without a grammar of their own. */
export function readScript(language: string, source: string, x: CodeContext): void {
  const f = x.findings;
  const hasSocket =
    /\b(?:socket|net\.Dial|net\.Listen|TCPSocket|TCPServer|fsockopen|pfsockopen|stream_socket_client|net\.(?:connect|createConnection|Socket|createServer)|Socket::INET|IO::Socket|\/inet\/(?:tcp|udp)|require\s*\(?["']socket|socket\.(?:tcp|connect)|gen_tcp|TCPClient|UNIXSocket|java\.net\.Socket|new Socket|connect\s*\()/.test(
      source,
    );
  const commands: string[] = [];
  for (const re of RUNS)
    for (const m of source.matchAll(re)) {
      if (m[1] === '`' && (language === 'javascript' || language === 'awk') && re === RUNS[1]) continue;
      const more = [...(m[3] ?? '').matchAll(/"([^"]*)"|'([^']*)'/g)].map((k) => k[1] ?? k[2] ?? '');
      commands.push([m[2]!.replace(/\\(["'`\\])/g, '$1'), ...more].join(' '));
    }
  for (const m of source.matchAll(/"((?:\\.|[^"\\])+)"\s*\|&?\s*getline|\|&?\s*"((?:\\.|[^"\\])+)"/g))
    commands.push((m[1] ?? m[2])!.replace(/\\"/g, '"'));
  let shellRun = false;
  for (const c of commands.slice(0, 40)) {
    if (BARE.test(c)) shellRun = true;
    else {
      f.fact('execute', c.slice(0, 120));
      x.shell(c);
    }
  }
  if (
    /-i\b|["']\/bin\/(?:ba|da|z)?sh["']|["']cmd(?:\.exe)?["']|["'](?:ba)?sh["']/.test(source) &&
    commands.some((c) => /^\S*(?:ba|da|z)?sh\b|^cmd/.test(c))
  )
    shellRun = true;
  if (!shellRun && /(?:exec|spawn|system|popen|execve?|fork)\w*\b[^;]*["'](?:\/\w+)*\/?(?:ba|da|z)?sh["']/.test(source)) shellRun = true;
  if (hasSocket && (shellRun || /\bexec\b|system\(|spawn|popen|getline|IO\.popen|\|&/.test(source)))
    f.risk(
      'reverse-shell',
      'code/reverse-shell',
      shellRun || /spawn|exec|popen|\|&|while/.test(source) ? 'catastrophic' : 'risky',
      'Joins a shell to the network',
    );
  else if (shellRun) f.risk('privilege', 'shell/escape', 'risky', `Opens a shell from inside ${language}`);
  else if (hasSocket)
    f.risk('network-send', 'code/socket', language === 'javascript' ? 'notable' : 'risky', 'Talks to the network by a socket of its own');
  if (/setuid\s*\(?\s*0|POSIX::setuid|posix_setuid|Process(?:::Sys)?\.setuid|\$[<>]\s*=\s*0|process\.setuid\(0/.test(source))
    f.risk('privilege', 'code/setuid', 'risky', 'Takes the rights of the administrator');
  files(language, source, x);
  const decodes =
    /atob\(|Buffer\.from\([^)]*["'](?:base64|hex)|decode64|\b(?:un)?pack\s*\(?\s*["'](?:m|H|u)|base64_decode|MIME::Base64|gzinflate|str_rot13|fromCharCode/.test(
      source,
    );
  const evaluates =
    /\beval\b\s*\(?|new Function\(|vm\.run|instance_eval|class_eval|assert\s*\(|create_function|preg_replace\([^)]*\/e|loadstring|\bload\s*\(/.test(
      source,
    );
  if (decodes && (evaluates || commands.length > 0))
    f.risk('execute', 'code/decoded-run', 'risky', 'Runs code that was hidden by an encoding');
  const downloads =
    /require\(\s*["']https?["']\s*\)|https?\.get|fetch\(|axios|request\(|urlopen|open-uri|Net::HTTP|LWP|file_get_contents\(\s*["']http|curl_exec|http\.request|require\(["']https?["']\)|node-fetch|open\(["']https?:|popen\s*\(?\s*["'`][^"'`]*\b(?:curl|wget|fetch)\b|socket\.http|http\.request\(/.test(
      source,
    );
  if (downloads && (evaluates || /child_process|chmod|writeFile|system|exec/.test(source)))
    f.risk('download-run', 'code/download-run', 'risky', 'Runs or stores what it downloads');
  if (
    (downloads || hasSocket) &&
    /createReadStream|readFile|file_get_contents|File\.(?:read|open)|IO\.read|io\.open|<STDIN>|\bopen\s*\(/.test(source) &&
    /\.pipe\(|POST|PUT|\.write\(|\bsend\b|\bprint\b|\bputs\b/.test(source)
  )
    f.risk('network-send', 'code/upload', 'risky', 'Sends a file to another machine');
  const secretRead =
    f.risks.some((r) => r.class === 'secret-read' && r.level !== 'notable') ||
    /process\.env\b(?!\.(?:NODE_ENV|PORT|HOME|PATH|PWD|USER|DEBUG)\b)(?:\s*\)|\s*,|\s*$)|JSON\.stringify\(process\.env|getenv\(\)|\$_ENV\b|ENV\.to_h/.test(
      source,
    );
  if (secretRead && (downloads || hasSocket))
    f.risk('network-send', 'code/secret-send', 'catastrophic', 'Reads credentials and talks to the network');
  if (/(?:while\s*\(?\s*(?:1|true)\s*\)?|for\s*\(;;\)|fork\s+while\s+fork|loop\s*\{?\s*(?:do)?)[^;]*\bfork\b|\bfork\s+while\b/.test(source))
    f.risk('service', 'shell/fork-bomb', 'catastrophic', 'Starts copies of itself without end');
}

function files(language: string, source: string, x: CodeContext): void {
  const f = x.findings;
  const strings = [...source.matchAll(/"((?:\\.|[^"\\\n])*)"|'((?:\\.|[^'\\\n])*)'/g)].map((m) => m[1] ?? m[2] ?? '').slice(0, 200);
  const deletesTree =
    /rmSync\([^)]*recursive|\brm\([^)]*recursive|rmdirSync\([^)]*recursive|rm_rf|rm_r\b|remove_entry|remove_dir|rmtree|remove_tree|rimraf|emptyDirSync|removeSync|deltree|file\s+delete\s+-force|delete-directory|shutil:rmtree|Files\.walk.*delete|remove-dir|rm\([^)]*recursive\s*=\s*true|RemoveAll|delete_recursive|deleteRecursive/.test(
      source,
    );
  const deletes =
    /\bunlink(?:Sync)?\b|rmdirSync|fs\.rm\b|rmSync|File\.delete|FileUtils\.rm|os\.remove|File::Path|Dir\.(?:delete|rmdir)|\bfile\s+delete\b|delete-file|\brmdir\s*\(/.test(
      source,
    );
  if (deletesTree || deletes) {
    const serious = strings.find((s) => /^[~/]|^[A-Z]:\\/.test(s) && ['root', 'home', 'system', 'device'].includes(groundOf(s, x.place)));
    if (serious !== undefined && (deletesTree || groundOf(serious, x.place) === 'system'))
      f.risk('delete', 'code/delete-system', deletesTree ? 'catastrophic' : 'risky', `Deletes ${serious}`, serious);
    else if (deletesTree) f.risk('delete', 'code/delete-tree', 'risky', 'Deletes whole folders from code');
    else
      f.risk(
        'delete',
        'code/delete',
        /unlink\s*\(?\s*<|glob|Dir\[|readdir|find|forEach|each|homedir|\$HOME|ENV\[/.test(source) ? 'risky' : 'notable',
        'Deletes files from code',
      );
  }
  const writes =
    /writeFile|appendFile|createWriteStream|file_put_contents|fopen\([^)]*["'][wa]|File\.(?:write|open\([^)]*["'][wa])|IO\.write|open\s*\(?[^;]*["']\+?>{1,2}|print\s*>|io\.open\([^)]*["'][wa]|copyFile|rename/.test(
      source,
    );
  const reads =
    /readFile|createReadStream|file_get_contents|readfile\s*\(|fopen|File\.(?:read|open)|IO\.read|open\s*\(|io\.(?:open|lines|input)|getline|<\s*\(|slurp|show_source|highlight_file/.test(
      source,
    );
  for (const s of strings) {
    if (s.length > 300) continue;
    if (isSecretFile(s, x.place) && (reads || writes || language !== 'awk')) {
      if (reads || !writes) f.risk('secret-read', 'code/secret-read', 'risky', `Reads a file that holds credentials: ${s}`, s);
      else f.risk('overwrite', 'code/write-credentials', 'risky', `Writes the credential file ${s}`, s);
    } else if (writes && isPersistenceFile(s, x.place))
      f.risk('persistence', 'code/write-start-file', 'risky', `Writes ${s}, which runs by itself later`, s);
    else if (writes && (isAuthorityFile(s, x.place) || ['system', 'device'].includes(groundOf(s, x.place))) && s.startsWith('/'))
      f.risk('overwrite', 'code/write-system', groundOf(s, x.place) === 'device' ? 'catastrophic' : 'risky', `Writes ${s}`, s);
    else if (reads && /\/etc\/passwd/.test(s)) f.risk('secret-read', 'code/accounts-read', 'risky', `Reads ${s}`, s);
  }
  if (/chmod\s*\(?[^;]*(?:0o?[2467]\d{3}|0o?777|0o?666)/.test(source))
    f.risk('permission', 'code/permission', 'risky', 'Lets everybody write files, or a program run with raised rights');
  if (/process\.kill\(|Process\.kill|posix_kill/.test(source)) f.risk('service', 'code/kill', 'notable', 'Signals processes');
}
