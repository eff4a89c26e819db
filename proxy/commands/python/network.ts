/** The network: whom a program talks to, what it sends, whom it lets in. */
import { talksTo } from '../destination.js';
import { hostOf, isExecutableUrl, isMetadata, isPaste } from '../hosts.js';
import { groundOf, isSecretFile, UNKNOWN } from '../paths.js';
import { access } from './access.js';
import { type Call, carries, every, imports, type PythonRun, risk } from './run.js';
import { first, type Taint, type Value } from './value.js';

const LOCAL = /^(?:localhost|127\.|\[?::1|\/)/;
/** Names of fields that nobody sends without thought. */
const PERSONAL =
  /^(?:ssn|social_security\w*|credit_?card\w*|card_?number|cvv|private_?key|passphrase|secret_?key|bank_?account\w*|iban|passport\w*|seed_?phrase|mnemonic|stolen\w*|exfil\w*|loot|victim\w*|keystrokes|cookies?_dump|credentials?)$/i;

/** An address that any call gets: only what is bad by itself counts. */
export function mentioned(url: string, run: PythonRun): void {
  const host = hostOf(url);
  if (host && (isMetadata(host) || isPaste(host) || suspicious(host))) visited(url, run);
}

export function visited(url: string, run: PythonRun): void {
  const host = hostOf(url) ?? url;
  const drops =
    isPaste(host) || /(?:discord(?:app)?\.com\/api\/webhooks|api\.telegram\.org\/bot|hooks\.slack\.com\/services\/\S*exfil)/i.test(url);
  if (talksTo(host, run.x.findings, drops)) return;
  if (suspicious(host) || /\/(?:malware|payload|exploit|backdoor|ransom|phish|steal|exfil|stolen|beacon|c2)\w*/i.test(url))
    risk(run, 'network-send', 'network/suspicious', 'risky', `Talks to ${host}`, host);
}

/** Hosts whose own name says what they are for. */
function suspicious(host: string): boolean {
  return /\.onion$|malicious|malware|phish|attacker|evil|hacker|exploit|trojan|virus|ransom|botnet|\bc2\b|suspicious|untrusted|darkweb|payload|exfil|steal|\bbad(?:site|actor|guy)|rogue|adversary|backdoor/i.test(
    host,
  );
}

export function sends(c: Call): void {
  const { name, args, keywords, run } = c;
  const url =
    [...args, ...[...keywords].filter(([k]) => k === 'url').map(([, v]) => v)]
      .map(first)
      .find((s) => s !== undefined && /^https?:|^\d/.test(s)) ?? '';
  const body = [
    ...args.slice(1),
    ...[...keywords].filter(([k]) => /^(?:data|json|files|body|params|content|msg|fields|headers|Body|cookies)$/.test(k)).map(([, v]) => v),
  ];
  if (/urlopen|Request|request$/.test(name) && body.length === 0) return;
  if (/(?:^|\.)(?:send|sendall|sendto)$/.test(name)) {
    if (args.some((v) => carries(v, 'secret', 'env'))) risk(run, 'network-send', 'code/secret-send', 'catastrophic', 'Sends credentials');
    else if (run.seen.has('socket'))
      risk(
        run,
        'network-send',
        'code/socket',
        args.some((v) => carries(v, 'file', 'host', 'typed')) || (/sendto$/.test(name) && !LOCAL.test(first(args[1]?.items?.[0]) ?? '127.'))
          ? 'risky'
          : 'notable',
        'Sends data by a socket of its own',
      );
    return;
  }
  if (url) visited(url, run);
  const to = hostOf(url) ?? 'another machine';
  const local = LOCAL.test(to);
  const any = (...t: Taint[]): boolean => every(c).some((v) => carries(v, ...t));
  const token = keywords.get('headers');
  if (body.some((v) => v !== token && carries(v, 'secret', 'env')))
    risk(run, 'network-send', 'code/secret-send', 'catastrophic', `Sends credentials to ${to}`, to);
  else if (
    run.seen.has('packed') ||
    keywords.has('files') ||
    any('file') ||
    (/stor(?:binary|lines)|upload|put_object|putfo|sendfile|send_document|\.put$/.test(name) && !/requests|httpx|session/i.test(name))
  )
    risk(run, 'network-send', 'code/upload', local || ownUpload(c) ? 'notable' : 'risky', `Sends a file to ${to}`, to);
  else if (run.taints.has('secret') && body.length > 0)
    risk(run, 'network-send', 'code/secret-send', 'catastrophic', `Sends data to ${to} after it read credentials`, to);
  else
    risk(
      run,
      'network-send',
      'code/post',
      (/sendmail|send_message/.test(name) && !/SMTP\w*\(\s*(?:host\s*=\s*)?['"](?:localhost|127\.|\[?::1)/.test(run.source)) ||
        (!local && (body.some((v) => v !== token && carries(v, 'host', 'typed')) || run.taints.has('host') || personal(body)))
        ? 'risky'
        : 'notable',
      `Sends data to ${to}`,
      to,
    );
}

/** A file of the working folder that goes into the storage of one's own cloud. */
function ownUpload(c: Call): boolean {
  if (!/upload_(?:file|blob|from_filename)$/.test(c.name) || !imports(c.run, /^(?:boto3|google\.cloud|azure|huggingface_hub)/))
    return false;
  const p = first(c.args[0]) ?? first(c.keywords.get('Filename'));
  return (
    p !== undefined &&
    !p.includes(UNKNOWN) &&
    groundOf(p, c.run.x.place) === 'workspace' &&
    !c.run.seen.has('packed') &&
    !isSecretFile(p, c.run.x.place)
  );
}

/** A body whose fields are named like credentials, papers or loot. */
function personal(body: Value[]): boolean {
  const names = body.flatMap((v) => [...(v.fields?.keys() ?? [])]);
  return names.some((n) => PERSONAL.test(n));
}

/** Variables of the environment whose name says that they are a credential. */
const KEYS_NAMED = /environ(?:\.get)?\s*[[(]\s*['"]\w*(?:TOKEN|SECRET|PASSW|API_?KEY|ACCESS_KEY|PRIVATE)/;

export function fetched(c: Call): Value {
  const { name, args, run } = c;
  for (const v of every(c)) {
    for (const s of v.strings)
      if (/^(?:https?|ftp|wss?):\/\//.test(s)) {
        visited(s, run);
        if (isExecutableUrl(s) || (/\.(?:zip|tar\.gz|dmg|deb|rpm)(?:$|\?)/.test(s) && run.seen.has('run')))
          risk(run, 'download-run', 'network/download-program', 'risky', `Downloads a program from ${hostOf(s)}`, s);
        if (name.startsWith('webbrowser') ? carries(v, 'secret', 'env', 'key') && KEYS_NAMED.test(run.source) : carries(v, 'secret', 'env'))
          risk(run, 'network-send', 'code/secret-send', 'catastrophic', `Sends credentials to ${hostOf(s)}`, s);
        else if (run.taints.has('secret') && s.includes(UNKNOWN))
          risk(run, 'network-send', 'code/secret-send', 'risky', `May send credentials to ${hostOf(s)}`, s);
        else if (carries(v, 'typed', 'host') && s.includes('?'))
          risk(run, 'network-send', 'code/post', 'risky', `Sends data to ${hostOf(s)}`, s);
      }
    const inner = [...(v.items ?? [])];
    if (v !== c.keywords.get('headers') && v !== c.keywords.get('auth') && inner.some((i) => carries(i, 'secret', 'env')))
      risk(run, 'network-send', 'code/secret-send', 'catastrophic', 'Sends credentials');
    if (v === c.keywords.get('params') && inner.some((i) => carries(i, 'host', 'typed', 'file')))
      risk(run, 'network-send', 'code/post', 'risky', 'Sends data about this machine');
  }
  if (name.startsWith('dns.') && args[0] && carries(args[0], 'secret', 'env', 'file', 'host', 'typed'))
    risk(run, 'network-send', 'network/name-exfil', 'risky', 'Sends data hidden in names');
  if (/urlretrieve|wget\.download/.test(name) && args[1]) for (const p of args[1].strings) access(p, 'w', run);
  run.seen.add('fetch');
  return { strings: [], name: `${name}()`, taints: new Set<Taint>(['net']) };
}

export function socketMade(c: Call): Value {
  const { run } = c;
  run.seen.add('socket');
  if (/SOCK_RAW|AF_PACKET|PF_PACKET|IPPROTO_ICMP/.test(c.node.text))
    risk(run, 'secret-read', 'network/sniff', 'risky', 'Listens to or forges raw network packets');
  const host = c.args[0]?.items?.[0] ? first(c.args[0].items[0]) : undefined;
  if (host !== undefined) visited(host, run);
  if (/getaddrinfo|gethostbyname/.test(c.name) && c.args[0] && carries(c.args[0], 'secret', 'env', 'file', 'host', 'typed'))
    risk(run, 'network-send', 'network/name-exfil', 'risky', 'Sends data hidden in names');
  if (/create_connection$/.test(c.name)) connected(c, 'connect', host);
  return { strings: [], name: 'socket.socket()', taints: new Set() };
}

export function socketUsed(c: Call): Value | undefined {
  const { name, run } = c;
  const method = name.split('.').pop()!;
  if (name.startsWith('socket')) run.seen.add(`socket ${method}`);
  const sure = name.startsWith('socket.') || (run.seen.has('import socket') && !name.startsWith('?'));
  const host = c.args[0]?.items?.[0] ? first(c.args[0].items[0]) : undefined;
  if (method.startsWith('connect') && sure) connected(c, method, host);
  if (method === 'bind' && sure) listens(c, host, c.args[0]?.items !== undefined);
  return method === 'accept'
    ? {
        strings: [],
        name: 'socket.socket()',
        items: [{ strings: [], name: 'socket.socket()', taints: new Set() }],
        taints: new Set(['net']),
      }
    : undefined;
}

function connected(c: Call, method: string, host: string | undefined): void {
  const { run } = c;
  const port = c.args[0]?.items?.[1];
  run.x.findings.fact('network', host ?? 'unknown host');
  const own = /getsockname/.test(run.source) && !/\b(?:send|recv)\w*\(/.test(run.source);
  if (!own)
    risk(
      run,
      'network-send',
      'code/socket',
      host !== undefined && LOCAL.test(host) ? 'notable' : 'risky',
      `Talks to ${host ?? 'another machine'} by a socket of its own`,
      host,
    );
  const tries = /\bfor\b[\s\S]{0,200}\bconnect/.test(run.source) && /range\(|ports?/i.test(run.source);
  if (
    (method === 'connect_ex' && (tries || port?.number === undefined || !LOCAL.test(host ?? ''))) ||
    (port?.number === undefined && tries)
  )
    risk(run, 'network-send', 'network/scan', 'risky', 'Looks for open ports');
}

function listens(c: Call, host: string | undefined, sure: boolean): void {
  const port = (c.args[0]?.items ?? c.keywords.get('server_address')?.items)?.[1]?.number;
  const open = port !== 0 && (host === '' || host === '0.0.0.0' || host === '::' || (host === undefined && sure));
  risk(c.run, 'reverse-shell', 'network/listen', open ? 'risky' : 'notable', 'Waits for connections from the network');
}

/** Servers of the standard library and of packages. */
export function serves(c: Call): Value {
  const { run } = c;
  run.seen.add('serve');
  if (/asyncio|create_server/.test(c.name)) run.seen.add('socket');
  const at = c.args[0]?.items ?? c.keywords.get('server_address')?.items ?? c.keywords.get('address')?.items;
  const host = at
    ? first(at[0])
    : (first(c.keywords.get('host')) ??
      c.args.map(first).find((s) => s !== undefined && (s === '' || /^(?:[\d.]+|::|localhost)$/.test(s))));
  if (at || host !== undefined) listens(c, host, host !== undefined);
  return { strings: [], name: `${c.name}()`, taints: new Set() };
}

/** `requests.delete`, and bodies of GraphQL or JSON that ask for a deletion. */
export function askedToDelete(c: Call): void {
  const url = first(c.args[0]) ?? first(c.keywords.get('url')) ?? '';
  risk(
    c.run,
    'delete',
    'network/delete',
    c.run.loops > 0 || /:9200|_all\b|\*|elastic|\/admin\b|api\.github\.com\/(?:repos|orgs)/.test(url) ? 'risky' : 'notable',
    `Asks ${hostOf(url) ?? 'a server'} to delete`,
    url,
  );
}
