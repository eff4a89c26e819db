import { hostOf, isExecutableUrl, isMetadata, isPaste, isRawAddress } from '../hosts.js';
import { isAccountsFile, isSecretFile, UNKNOWN } from '../paths.js';
import { type Command, Options, type Run } from './command.js';
import { flow } from './flow.js';
import type { RuleTable } from './rules.js';

const CURL_VALUED = 'A b c C d D e E F h H K m o P Q r t T u U w x X y Y z'
  .split(' ')
  .concat(
    'data data-raw data-binary data-urlencode data-ascii json form form-string upload-file output header user-agent referer user proxy request max-time connect-timeout cookie cookie-jar config url range retry limit-rate cert key cacert capath resolve connect-to interface proxy-user write-out output-dir unix-socket abstract-unix-socket dump-header mail-from mail-rcpt url-query variable doh-url oauth2-bearer aws-sigv4'.split(
      ' ',
    ),
  );

/** A body or form field: does it carry a file, a credential, or unknown bytes? */
function sent(values: readonly string[], c: Command, run: Run, to: string): void {
  const f = run.findings;
  let secret = (c.stdin?.sources.has('secret') || c.stdin?.sources.has('env')) ?? false;
  let file = false;
  for (const v of values) {
    const w = c.args.find((a) => a.text === v || a.text.endsWith(v));
    if (w?.sources.has('secret')) secret = true;
    if (w?.sources.has('file')) file = true;
    const path = /(?:^|=)[@<]([^;]+)/.exec(v)?.[1] ?? /^[\w.-]+@([/~].+)/.exec(v)?.[1];
    if (path !== undefined) {
      if (path === '-' || path === '/dev/stdin') file ||= c.stdin?.text === undefined && !(c.stdin?.sources.size === 0);
      else {
        file = true;
        if (isSecretFile(path, run.place(c.scope)) || isAccountsFile(path, run.place(c.scope))) secret = true;
        if (run.readFile(path, c).sources.has('secret')) secret = true;
      }
    }
  }
  if (
    c.args.some(
      (a) => a.sources.has('secret') && !/^(?:authorization|x-api-key|cookie|private-token)/i.test(a.text) && /^https?:\/\/|=/.test(a.text),
    )
  )
    secret = true;
  if (secret) f.risk('network-send', 'network/secret-send', 'catastrophic', `Sends credentials to ${to}`, to);
  else if (file)
    f.risk('network-send', 'network/upload', /^(?:localhost|127\.|\[?::1)/.test(to) ? 'notable' : 'risky', `Sends a file to ${to}`, to);
  else if (c.stdin?.sources.has('file') && values.some((v) => /@-|@\/dev\/stdin/.test(v)))
    f.risk('network-send', 'network/upload', 'risky', `Sends a file to ${to}`, to);
  else if (
    c.stdin &&
    c.stdin.text === undefined &&
    values.some((v) => /@-|@\/dev\/stdin|<-/.test(v)) &&
    !/^(?:localhost|127\.|\[?::1)/.test(to)
  )
    f.risk('network-send', 'network/upload', 'risky', `Sends what a program prints to ${to}`, to);
  else if (values.length > 0)
    f.risk('network-send', 'network/post', isPaste(to) || isRawAddress(to) ? 'risky' : 'notable', `Sends data to ${to}`, to);
}

function visited(url: string, c: Command, run: Run): void {
  const f = run.findings;
  const host = hostOf(url);
  if (host === undefined) return;
  f.fact('network', host);
  if (isMetadata(host))
    f.risk('secret-read', 'network/metadata', 'risky', `Asks the cloud's metadata service, which hands out credentials: ${host}`, host);
  else if (/^file:\/\//.test(url)) run.readFile(url.slice(7), c);
  else if (isPaste(host)) f.risk('network-send', 'network/drop', 'notable', `Talks to ${host}, a place to drop data`, host);
  const w = c.args.find((a) => a.text === url);
  if (w?.sources.has('secret')) f.risk('network-send', 'network/secret-send', 'catastrophic', `Sends credentials to ${host}`, host);
  else if (w?.sources.has('self') && !/localhost|127\.0\.0\.1|\.(?:tar|tgz|gz|zip|deb|rpm)\b/.test(url))
    f.risk('network-send', 'network/tells-who', 'risky', `Tells ${host} who and where this machine is`, host);
  else if (w?.sources.has('file') && /[?=/]/.test(url.replace(/^\w+:\/\//, '')))
    f.risk('network-send', 'network/upload', 'risky', `Sends a file's content to ${host}`, host);
}

/** Notes that a file came from the network, so that running it later is seen. */
function saved(path: string, url: string, c: Command, run: Run): void {
  run.write(path, flow(undefined, 'net'), c, false);
  if (isExecutableUrl(url) || /\.(?:sh|py|pl|rb|exe|msi|bat|ps1|elf|bin|run|jar|apk|deb|rpm|dmg|pkg|scr|vbs|hta|so|dll)$/i.test(path))
    run.findings.risk(
      'download-run',
      'network/download-program',
      downloadLevel(url),
      `Downloads a program from ${hostOf(url) ?? url}`,
      url,
    );
}

function downloadLevel(url: string): 'risky' | 'notable' {
  const host = hostOf(url) ?? '';
  if (isRawAddress(host) || isPaste(host)) return 'risky';
  return /\.(?:sh|py|exe|ps1|bat|elf|vbs|scr|hta|pl|rb|jar|msi)(?:[?#]|$)/i.test(url) &&
    !/^https:\/\/(?:[\w-]+\.)*(?:github\.com|githubusercontent\.com|gitlab\.com|python\.org|debian\.org|ubuntu\.com|docker\.com|microsoft\.com|apple\.com|mozilla\.org|rustup\.rs|nodejs\.org|kernel\.org)(?:[/:]|$)/i.test(
      url,
    ) &&
    !/^https?:\/\/(?:\w+\.)?example\.(?:com|org)\/?[^.]*$/.test(url)
    ? 'risky'
    : 'notable';
}

export const networkRules: RuleTable = {
  'curl curlie': (c, run) => {
    const o = new Options(c.argv, CURL_VALUED);
    const urls = [...o.operands, ...o.all('url')].filter((u) => !u.startsWith('-'));
    const to = urls.map((u) => hostOf(u)).find((h) => h !== undefined) ?? urls[0] ?? '';
    for (const u of urls) visited(u, c, run);
    const bodies = [
      ...o.all(
        'd',
        'data',
        'data-raw',
        'data-binary',
        'data-urlencode',
        'data-ascii',
        'json',
        'F',
        'form',
        'form-string',
        'url-query',
        'variable',
      ),
    ];
    const upload = o.value('T', 'upload-file');
    if (upload !== undefined) sent([`@${upload}`], c, run, to);
    if (bodies.length > 0) sent(bodies, c, run, to);
    for (const h of o.all('H', 'header', 'b', 'cookie', 'u', 'user', 'A', 'user-agent', 'e', 'referer')) {
      const w = c.args.find((a) => a.text === h);
      if (w?.sources.has('secret') && c.args.some((a) => a.sources.has('file') && a === w))
        run.findings.risk('network-send', 'network/secret-send', 'catastrophic', `Sends credentials to ${to}`, to);
      else if (/^@/.test(h)) sent([h], c, run, to);
    }
    const out = o.value('o', 'output');
    const url = urls[0] ?? '';
    if (out !== undefined && out !== '-') saved(out, url, c, run);
    else if (o.has('O', 'remote-name', 'remote-name-all'))
      saved(url.replace(/[?#].*$/, '').replace(/^.*\//, '') || 'index.html', url, c, run);
    if (/^(?:DELETE)$/i.test(o.value('X', 'request') ?? ''))
      run.findings.risk(
        'delete',
        'network/delete',
        /\b(?:9200|elastic|api|admin|_all|\*)/.test(url) &&
          !/(?:localhost|127\.0\.0\.1)(?::(?!9200|2375|2379|8500|8200|5984)\d+)?\//.test(url)
          ? 'risky'
          : 'notable',
        `Asks ${to} to delete ${url}`,
        to,
      );
    const socket = o.value('unix-socket', 'abstract-unix-socket');
    if (socket !== undefined && /docker|containerd|podman/.test(socket))
      run.findings.risk('privilege', 'container/socket', 'risky', "Talks to the container engine's socket");
    if (o.has('k', 'insecure')) run.findings.fact('network', to, 'certificates are not checked');
  },
  'wget wget2': (c, run) => {
    const o = new Options(
      c.argv,
      'O o a e B t T w U P Q D A R I X output-document output-file append-output execute directory-prefix post-data post-file body-data body-file header method user password input-file user-agent referer timeout tries limit-rate accept reject domains use-askpass'
        .split(' ')
        .concat('i'),
    );
    const urls = o.operands;
    const url = urls[0] ?? '';
    const to = hostOf(url) ?? url;
    for (const u of urls) visited(u, c, run);
    const posted = o.all('post-file', 'body-file').map((p) => `@${p}`);
    const data = o.all('post-data', 'body-data');
    if (posted.length + data.length > 0) sent([...posted, ...data], c, run, to);
    if (o.value('use-askpass') !== undefined)
      run.findings.risk('privilege', 'shell/escape', 'risky', 'Runs a program by an option of wget');
    const list = o.value('i', 'input-file');
    if (list !== undefined) run.readFile(list, c);
    const out = o.value('O', 'output-document');
    if (out === '-' || out === '/dev/stdout') return;
    for (const u of urls)
      saved(
        out ??
          ((o.value('P', 'directory-prefix') !== undefined ? `${o.value('P', 'directory-prefix')}/` : '') +
            u.replace(/[?#].*$/, '').replace(/^.*\//, '') ||
            'index.html'),
        u,
        c,
        run,
      );
  },
  'aria2c axel lwp-download fetch': (c, run) => {
    const o = new Options(c.argv, ['o', 'd', 'out', 'dir', 'x', 's', 'j', 'n', 'i']);
    const url = o.operands.find((u) => /^\w+:\/\//.test(u));
    if (url === undefined) return;
    visited(url, c, run);
    saved(o.value('o', 'out') ?? o.operands[1] ?? url.replace(/^.*\//, ''), url, c, run);
    if (/--on-(?:download-complete|bt-download-complete|download-start|download-error)/.test(c.argv.join(' ')))
      run.findings.risk('privilege', 'shell/escape', 'risky', 'Runs a program when a download ends');
  },
  'http https xh xhs': (c, run) => {
    const url = c.argv.find((a) => /^(?:https?:\/\/|[\w-]+\.\w|:\d)/.test(a)) ?? '';
    visited(url, c, run);
    const bodies = c.argv.filter((a) => /^[\w.-]+@\S/.test(a) || /=@\S/.test(a)).map((a) => a.replace(/^[\w.-]+(?==?@)=?/, ''));
    if (bodies.length > 0 || c.stdin?.sources.has('file')) sent(bodies.length > 0 ? bodies : ['@-'], c, run, hostOf(url) ?? url);
  },
  'nc ncat netcat nc.traditional nc.openbsd cryptcat pwncat': (c, run) => {
    const o = new Options(c.argv, [
      'e',
      'c',
      'p',
      's',
      'w',
      'q',
      'x',
      'X',
      'i',
      'o',
      'g',
      'G',
      'I',
      'O',
      'T',
      'V',
      'm',
      'exec',
      'sh-exec',
      'lua-exec',
      'proxy',
      'max-conns',
      'source-port',
      'ssl-cert',
      'ssl-key',
    ]);
    const f = run.findings;
    const program = o.value('e', 'exec', 'c', 'sh-exec', 'lua-exec');
    const listens = o.has('l', 'listen');
    const to = o.operands[0] ?? '';
    if (o.has('z') && !program) {
      f.risk(
        'network-send',
        'network/scan',
        /\d-\d/.test(o.operands.slice(1).join(' ')) ? 'risky' : 'notable',
        `Looks for open ports of ${to}`,
        to,
      );
      return;
    }
    if (o.has('h', 'help', 'version')) return;
    if (program !== undefined)
      f.risk(
        'reverse-shell',
        listens ? 'network/bind-shell' : 'network/reverse-shell',
        'catastrophic',
        `Hands ${program} to ${listens ? 'whoever connects' : to}`,
        to,
      );
    else if (c.stdin?.sources.has('secret'))
      f.risk('network-send', 'network/secret-send', 'catastrophic', `Sends credentials to ${to}`, to);
    else if (listens) f.risk('reverse-shell', 'network/listen', 'risky', 'Waits for connections from the network');
    else if (c.stdin && (c.stdin.sources.has('file') || (c.stdin.text === undefined && c.stdin.sources.size === 0)))
      f.risk('network-send', 'network/upload', 'risky', `Sends data to ${to}`, to);
    else if (to)
      f.risk(
        'network-send',
        'network/connect',
        isRawAddress(to) && !/^(?:127|localhost)/.test(to) ? 'notable' : 'notable',
        `Connects to ${to}`,
        to,
      );
  },
  socat: (c, run) => {
    const t = c.argv.join(' ');
    const f = run.findings;
    const net = /(?:tcp|udp|openssl|ssl|sctp|vsock|socks\w*|proxy)[46]?(?:-(?:connect|listen|l|datagram|sendto|recvfrom))?:/i.test(t);
    const exec = /(?:exec|system|shell)(?::|=)/i.test(t);
    if (net && exec)
      f.risk(
        'reverse-shell',
        /listen|-l:/i.test(t) ? 'network/bind-shell' : 'network/reverse-shell',
        'catastrophic',
        'Hands a program to the network',
      );
    else if (exec && /\bsh\b|bash/.test(t)) f.risk('privilege', 'shell/escape', 'risky', 'Opens a shell from inside socat');
    else if (net && /tty|pty|(?:^|\s)-(?:\s|$)|stdin/i.test(t) && !/file:(?!\/dev\/|`tty)/i.test(t) && /file:`?tty|raw,echo=0/i.test(t))
      f.risk('reverse-shell', 'network/reverse-shell', 'risky', 'Joins a terminal to the network');
    else if (net && /(?:file|open|gopen):/i.test(t)) f.risk('network-send', 'network/upload', 'risky', 'Sends a file over the network');
    else if (net && /listen/i.test(t)) f.risk('reverse-shell', 'network/forward', 'notable', 'Forwards connections');
    const m = /(?:file|open|gopen|create):([^,\s]+)/i.exec(t);
    if (m && isSecretFile(m[1]!)) f.risk('network-send', 'network/secret-send', 'catastrophic', 'Sends credentials');
  },
  'telnet rlogin rsh rexec': (c, run) => {
    const f = run.findings;
    const to = new Options(c.argv, ['l', 'p', 'e', 'n', 'X', 'S', 'b']).operands[0] ?? '';
    if (c.stdin && (c.stdin.sources.size > 0 || c.stdin.text === undefined))
      f.risk('reverse-shell', 'network/reverse-shell', 'risky', `Feeds a program's output to ${to}`, to);
    if (c.args.some((a) => a.sources.has('file') || a.text.includes(UNKNOWN)) && /^r/.test(c.name))
      f.risk('network-send', 'network/upload', 'risky', `Sends data to ${to}`, to);
  },
  openssl: (c, run) => {
    const t = c.argv.join(' ');
    if (/^s_client\b/.test(t) && c.stdin && (c.stdin.sources.size > 0 || c.stdin.text === undefined))
      run.findings.risk('network-send', 'network/upload', 'risky', `Sends data over the network: ${/-connect\s+(\S+)/.exec(t)?.[1] ?? ''}`);
    if (/^s_server\b/.test(t)) run.findings.risk('reverse-shell', 'network/listen', 'notable', 'Waits for connections from the network');
    if (/-engine\s+\S*[/.]/.test(t)) run.findings.risk('execute', 'shell/load-library', 'risky', 'Loads a library into openssl');
    const out = /-out\s+(\S+)/.exec(t)?.[1];
    if (out !== undefined) run.write(out, flow(undefined), c, false);
    const input = /-in\s+(\S+)/.exec(t)?.[1];
    if (input !== undefined && /^(?:enc|base64)\b/.test(t)) run.readFile(input, c);
  },
  'scp rcp sftp psftp pscp ftp ncftp ncftpput lftp tftp smbclient rclone': (c, run) => {
    const o = new Options(
      c.argv,
      ['P', 'p', 'i', 'o', 'F', 'c', 'S', 'J', 'l', 'b', 'U', 'u', 'e', 'W', 'I', 'm', 'config'].filter(
        (v) => !(c.name === 'scp' && v === 'p'),
      ),
    );
    const f = run.findings;
    const t = c.argv.join(' ');
    if (/ProxyCommand|(?:^|\s)-S\s/.test(t) && c.name !== 'smbclient')
      f.risk('privilege', 'shell/escape', 'risky', `Runs a program by an option of ${c.name}`);
    if (c.name === 'scp' || c.name === 'rcp') {
      const target = o.operands.at(-1) ?? '';
      const remote = /^(?:[^/]*@)?[^/:]+:/.test(target) || target.startsWith('scp://');
      for (const p of o.operands.slice(0, -1))
        if (remote && !/^[^/]+:/.test(p)) {
          const secret = isSecretFile(p, run.place(c.scope));
          f.risk(
            'network-send',
            secret ? 'network/secret-send' : 'network/upload',
            secret ? 'catastrophic' : 'risky',
            `Sends ${p} to ${target}`,
            target,
          );
        }
      return;
    }
    if (c.name === 'rclone') {
      const verb = c.argv[0] ?? '';
      if (/^(?:purge|delete|cleanup|rmdirs)$/.test(verb))
        f.risk('delete', 'network/remote-delete', 'risky', `Deletes in ${o.operands[1] ?? 'the cloud'}`);
      else if (/^(?:copy|sync|move|copyto|moveto|rcat)$/.test(verb) && /\w:/.test(o.operands.at(-1) ?? ''))
        f.risk(
          'network-send',
          'network/upload',
          isSecretFile(o.operands[1] ?? '', run.place(c.scope)) ? 'catastrophic' : /^[/~]/.test(o.operands[1] ?? '') ? 'risky' : 'notable',
          `Sends files to ${o.operands.at(-1)}`,
        );
      return;
    }
    const script = `${t}\n${c.stdin?.text ?? ''}`;
    if (/\b(?:put|mput|mirror\s+-R|reput)\b/.test(script))
      f.risk('network-send', 'network/upload', 'risky', `Sends files to ${o.operands[0] ?? ''}`, o.operands[0]);
    else if (/(?:^|[\s'";])!\s*\S*sh\b/.test(script) || /-e\s*'?!/.test(t))
      f.risk('privilege', 'shell/escape', 'risky', `Opens a shell from inside ${c.name}`);
    else if (o.operands[0] !== undefined)
      f.risk('network-send', 'network/transfer', 'notable', `Moves files between this machine and ${o.operands[0]}`, o.operands[0]);
  },
  rsync: (c, run) => {
    const o = new Options(c.argv, [
      'e',
      'rsh',
      'exclude',
      'include',
      'f',
      'filter',
      'exclude-from',
      'files-from',
      'port',
      'bwlimit',
      'rsync-path',
      'password-file',
      'log-file',
      'backup-dir',
      'compare-dest',
      'link-dest',
      'T',
      'B',
      'M',
    ]);
    const target = o.operands.at(-1) ?? '';
    if (!/^(?:[^/]*@)?[^/:]+::?|^rsync:\/\//.test(target)) return;
    for (const p of o.operands.slice(0, -1)) {
      const secret = isSecretFile(p, run.place(c.scope)) || /^~\/?$|\.ssh\/?$|\.aws\/?$/.test(p);
      run.findings.risk(
        'network-send',
        secret ? 'network/secret-send' : 'network/upload',
        secret
          ? 'catastrophic'
          : /^(?:\/(?!tmp\/)|~)/.test(p) || isRawAddress(hostOf(target.replace(/^.*@/, '').replace(/::?.*$/, '')) ?? '')
            ? 'risky'
            : 'notable',
        `Sends ${p} to ${target}`,
        target,
      );
    }
  },
  'nmap masscan zmap rustscan unicornscan arp-scan netdiscover nikto sqlmap gobuster ffuf dirb wfuzz msfconsole msfvenom hping3 ettercap bettercap arpspoof dnsspoof aircrack-ng airodump-ng aireplay-ng slowloris':
    (c, run) => {
      const o = new Options(c.argv, ['p', 'oN', 'iL']);
      if (c.argv.length === 0 || o.has('h', 'help', 'V', 'version')) return;
      if (c.name === 'msfvenom' && /^(?:-l|--list)|--list-options/.test(c.argv.join(' '))) return;
      const hard = /^(?:masscan|zmap|unicornscan|msf|hping3|ettercap|bettercap|arpspoof|dnsspoof|aireplay|slowloris|sqlmap)/.test(c.name);
      run.findings.risk(
        'network-send',
        'network/scan',
        hard || c.name === 'nmap' ? 'risky' : 'notable',
        `Probes other machines with ${c.name}`,
        o.operands[0],
      );
      const t = c.argv.join(' ');
      if (/--script[= ]\S*\/|--interactive/.test(t)) run.findings.risk('privilege', 'shell/escape', 'risky', 'Runs a script by nmap');
    },
  'tcpdump tshark dumpcap ngrep dsniff wireshark': (c, run) => {
    const t = c.argv.join(' ');
    if (c.argv.length > 0 && !/(?:^|\s)(?:-r|-D|-h|--help|--version|--list-interfaces|-L|-G\s*$)/.test(t))
      run.findings.risk(
        'secret-read',
        'network/sniff',
        /(?:^|\s)-\w*[wzA X]/.test(t) || /port (?:80|21|23|443|25)|password|any/.test(t) ? 'risky' : 'notable',
        'Listens to the traffic of the network',
      );
    if (/(?:^|\s)-z\s/.test(t)) run.findings.risk('privilege', 'shell/escape', 'risky', 'Runs a program by tcpdump');
  },
  'ngrok cloudflared frpc chisel localtunnel lt bore pagekite serveo inlets': (c, run) => {
    if (
      c.argv.length > 0 &&
      !/(?:^|\s)-h$|--help/.test(c.argv.join(' ')) &&
      !/^(?:verify|completion|version|help|--?h|update|config|authtoken|service|login|-v|--version|tunnel (?:list|login|info|delete|create|route))/.test(
        c.argv.join(' '),
      )
    )
      run.findings.risk('reverse-shell', 'network/tunnel', 'risky', 'Opens a way into this machine from the internet');
  },
  'mail mailx sendmail mutt msmtp swaks s-nail': (c, run) => {
    const t = c.argv.join(' ');
    const attach = (c.name === 'swaks' ? /(?:^|\s)--attach\s+@?(\S+)/ : /(?:^|\s)(?:-a|-A|--attach)\s+(\S+)/).exec(t)?.[1];
    if (c.stdin?.sources.has('secret') || (attach && isSecretFile(attach)))
      run.findings.risk('network-send', 'network/secret-send', 'catastrophic', 'Mails credentials');
    else if (attach !== undefined || c.stdin?.sources.has('file'))
      run.findings.risk('network-send', 'network/mail-file', 'risky', 'Mails a file');
    if (/(?:^|\s)(?:-E|--exec)|!\S*sh\b/.test(t)) run.findings.risk('privilege', 'shell/escape', 'risky', 'Opens a shell from inside mail');
  },
  'dig nslookup host ping whois finger': (c, run) => {
    const w = c.args.find((a) => a.sources.has('secret') || a.sources.has('file') || (a.sources.has('env') && a.text.includes(UNKNOWN)));
    if (w)
      run.findings.risk(
        'network-send',
        'network/name-exfil',
        w.sources.has('secret') ? 'catastrophic' : 'risky',
        'Sends data hidden in names or queries',
      );
    else if (
      /^(?:whois|finger)$/.test(c.name) &&
      c.args.some((a) => a.text.includes(UNKNOWN) && /[^\uFFFC]/.test(a.text) && /\s|@/.test(a.text))
    )
      run.findings.risk('network-send', 'network/name-exfil', 'risky', 'Sends data hidden in queries');
    if (c.name === 'ping' && /(?:^|\s)-\w*f\b|-s\s*6\d{4}|-i\s*0(?:\.0\d*)?\b/.test(c.argv.join(' ')))
      run.findings.risk('network-send', 'network/flood', 'risky', 'Floods another machine');
  },
  'ab lp lpr cancel ztcp zmodload put mput': (c, run) => {
    const t = c.argv.join(' ');
    const f = run.findings;
    if (c.name === 'ab') {
      if (/(?:^|\s)-[pu]\s/.test(t)) f.risk('network-send', 'network/upload', 'risky', 'Sends a file to another machine');
    } else if (c.name === 'ztcp' || (c.name === 'zmodload' && /net\/tcp/.test(t)))
      f.risk('reverse-shell', 'code/socket', 'risky', 'Opens a network connection from the shell');
    else if (/^m?put$/.test(c.name)) {
      if (f.risks.some((r) => r.id === 'network/transfer'))
        f.risk('network-send', 'network/upload', 'risky', `Sends ${t} to another machine`);
    } else if (/(?:^|\s)-[hH]\s*\S+\.\w|(?:^|\s)-h\s*\uFFFC/.test(t))
      f.risk('network-send', 'network/upload', 'risky', 'Sends data to a printer of another machine');
  },
  'xdg-open open start sensible-browser firefox google-chrome chromium chrome': (c, run) => {
    for (const u of c.argv) if (/^https?:\/\//.test(u)) visited(u, c, run);
  },
  'ip ifconfig route nmcli resolvectl iwconfig networksetup': (c, run) => {
    const t = c.argv.join(' ');
    if (
      /\b(?:link\s+set\s+\S+\s+down|addr\s+flush|route\s+(?:del|flush)|link\s+delete)|^\S+\s+down$|networking\s+off|^radio\s+\w+\s+off|setdnsservers|\bdns\s+\S+\s+\d/.test(
        t,
      )
    )
      run.findings.risk(
        'service',
        'network/interface',
        /flush|link set|\bdel\b/.test(t) && c.name === 'ip' ? 'risky' : 'notable',
        'Cuts or changes the network of this machine',
      );
    if (/promisc/.test(t) && !/-promisc|promisc off/.test(t))
      run.findings.risk('secret-read', 'network/sniff', 'notable', 'Listens to foreign traffic');
  },
  'httpd ruby php python3 busybox': (c, run) => {
    const t = c.argv.join(' ');
    if (
      (c.name === 'httpd' && /(?:^|\s)-[pfh]/.test(t)) ||
      (c.name === 'ruby' && /-run\b.*httpd|-e\s*httpd/.test(t)) ||
      (c.name === 'php' && /(?:^|\s)-S\s/.test(t)) ||
      (c.name === 'busybox' && /^httpd\b/.test(t))
    )
      run.findings.risk(
        'reverse-shell',
        'network/serve',
        /127\.0\.0\.1|localhost/.test(t) ? 'notable' : 'risky',
        'Offers files of this machine to the network',
      );
  },
};
