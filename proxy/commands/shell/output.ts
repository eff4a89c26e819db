import { UNKNOWN } from '../paths.js';
import { type Command, Options, type Run } from './command.js';
import { cap, EMPTY, type Flow, flow, SILENT } from './flow.js';
import { decodeEscapes, isSecretName } from './words.js';

type Model = (c: Command, run: Run) => Flow;

const stdin = (c: Command): Flow => c.stdin ?? SILENT;

/** Files named by operands, or the standard input. */
function inputs(c: Command, run: Run, operands: readonly string[]): Flow {
  if (operands.length === 0) return stdin(c);
  let text: string | undefined = '';
  const sources = [];
  for (const o of operands.slice(0, 8)) {
    const w = c.args.find((a) => a.text === o);
    const part = o === '-' ? stdin(c) : (w?.stream ?? run.readFile(o, c));
    text = text === undefined || part.text === undefined ? undefined : text + part.text;
    sources.push(part.sources);
  }
  return flow(text, ...sources);
}

const decodeBase64 = (text: string): string => Buffer.from(text.replace(/[^A-Za-z0-9+/=_-]/g, ''), 'base64').toString('utf8');

function map(f: Flow, change: (text: string) => string): Flow {
  return f.text === undefined || f.text.includes(UNKNOWN) ? flow(undefined, f.sources) : flow(cap(change(f.text)), f.sources);
}

function decoded(f: Flow, change: (text: string) => string): Flow {
  const m = map(f, change);
  return flow(m.text, f.sources, 'decoded');
}

function trSet(spec: string): string[] {
  const s = decodeEscapes(spec)
    .replace(/\[:lower:\]/g, 'a-z')
    .replace(/\[:upper:\]/g, 'A-Z')
    .replace(/\[:digit:\]/g, '0-9')
    .replace(/\[:alpha:\]/g, 'A-Za-z')
    .replace(/\[:alnum:\]/g, 'A-Za-z0-9')
    .replace(/\[:space:\]/g, ' \t\n\r');
  const out: string[] = [];
  for (let i = 0; i < s.length && out.length < 512; i++) {
    if (s[i + 1] === '-' && i + 2 < s.length) {
      for (let n = s.charCodeAt(i); n <= s.charCodeAt(i + 2) && out.length < 512; n++) out.push(String.fromCharCode(n));
      i += 2;
    } else out.push(s[i]!);
  }
  return out;
}

function sed(c: Command, f: Flow): Flow {
  const script = c.argv.filter((a) => !/^-[nErsu]+$/.test(a))[0];
  const m = script ? /^s(.)((?:(?!\1).|\\.)*)\1((?:(?!\1).|\\.)*)\1(g?)$/.exec(script) : null;
  if (!m) return flow(undefined, f.sources);
  try {
    if (m[2]!.length > 40 || /[+*}]\)?[+*{]/.test(m[2]!)) return flow(undefined, f.sources);
    const re = new RegExp(m[2]!, m[4]!);
    return map(f, (t) =>
      t
        .split('\n')
        .slice(0, 500)
        .map((l) => l.slice(0, 2000).replace(re, m[3]!.replace(/\$/g, '$$$$')))
        .join('\n'),
    );
  } catch {
    return flow(undefined, f.sources);
  }
}

const MODELS: Record<string, Model> = {
  echo: (c) => {
    let i = 0;
    let escapes = false;
    while (i < c.argv.length && /^-[neE]+$/.test(c.argv[i]!)) escapes ||= c.argv[i++]!.includes('e');
    const text = c.argv.slice(i).join(' ');
    return flow(
      `${escapes || /\\x[0-9a-f]{2}|\\0?[0-7]{3}/i.test(text) ? decodeEscapes(text) : text}\n`,
      ...c.args.map((a) => a.sources),
      ...(escapes && /\\x|\\0/.test(text) ? (['decoded'] as const) : []),
    );
  },
  printf: (c) => {
    const argv = c.argv[0] === '-v' ? c.argv.slice(2) : c.argv[0] === '--' ? c.argv.slice(1) : c.argv;
    const rest = argv.slice(1);
    const hidden = /\\x|\\[0-7]{3}|\\u/.test(argv[0] ?? '') || (/%b/.test(argv[0] ?? '') && /\\x|\\0?[0-7]{2}/.test(rest.join('')));
    const format = decodeEscapes(argv[0] ?? '');
    let text = '';
    do {
      text += format.replace(/%(%|[-+ 0#]*\d*(?:\.\d+)?[a-zA-Z])/g, (_m, k: string) => {
        if (k === '%') return '%';
        const v = rest.shift() ?? '';
        return k.endsWith('b') ? decodeEscapes(v) : v;
      });
    } while (rest.length > 0 && /%[^%]/.test(argv[0] ?? '') && text.length < 65_536);
    const out = flow(text, ...c.args.map((a) => a.sources), ...(hidden ? (['decoded'] as const) : []));
    if (c.argv[0] === '-v' && c.argv[1]) {
      c.scope.vars.set(c.argv[1], out);
      return EMPTY;
    }
    return out;
  },
  cat: (c, run) => inputs(c, run, new Options(c.argv).operands),
  tac: (c, run) => map(inputs(c, run, new Options(c.argv).operands), (t) => t.split('\n').reverse().join('\n')),
  head: (c, run) => {
    const o = new Options(c.argv, ['n', 'c', 'lines', 'bytes']);
    const f = inputs(c, run, o.operands);
    const great = /^(?:\d+\s*(?:T|P)i?B?|[1-9]\d{2,}\s*Gi?B?|\d{12,})$/i.test(o.value('c', 'bytes') ?? '');
    return f.sources.has('endless') && !great ? flow(f.text, new Set([...f.sources].filter((s) => s !== 'endless'))) : f;
  },
  tail: (c, run) => inputs(c, run, new Options(c.argv, ['n', 'c', 'lines', 'bytes']).operands),
  rev: (c, run) =>
    decoded(inputs(c, run, new Options(c.argv).operands), (t) =>
      t
        .split('\n')
        .map((l) => [...l].reverse().join(''))
        .join('\n'),
    ),
  base64: (c, run) => {
    const o = new Options(c.argv, ['w', 'wrap', 'i', 'o', 'b']);
    const f = inputs(c, run, [...o.operands, ...o.all('i')]);
    return o.has('d', 'D', 'decode') ? decoded(f, decodeBase64) : map(f, (t) => Buffer.from(t).toString('base64'));
  },
  base32: (c, run) => {
    const o = new Options(c.argv, ['w']);
    const f = inputs(c, run, o.operands);
    return o.has('d', 'decode') ? flow(undefined, f.sources, 'decoded') : flow(undefined, f.sources);
  },
  xxd: (c, run) => {
    const o = new Options(c.argv, ['c', 'l', 's', 'g', 'o']);
    const f = inputs(c, run, o.operands.slice(0, 1));
    if (!o.has('r')) return flow(undefined, f.sources);
    return decoded(f, (t) => Buffer.from(t.replace(/^[0-9a-f]+:\s/gim, '').replace(/\s|\\x|0x/g, ''), 'hex').toString('utf8'));
  },
  tr: (c) => {
    const o = new Options(c.argv);
    const [a, b] = o.operands;
    const f = stdin(c);
    if (o.has('d', 'delete')) {
      const drop = new Set(trSet(a ?? ''));
      return map(f, (t) => [...t].filter((ch) => !drop.has(ch)).join(''));
    }
    if (b === undefined) return f;
    const from = trSet(a ?? '');
    const to = trSet(b);
    return decoded(f, (t) =>
      [...t]
        .map((ch) => {
          const i = from.lastIndexOf(ch);
          return i < 0 ? ch : (to[Math.min(i, to.length - 1)] ?? ch);
        })
        .join(''),
    );
  },
  sed: (c) => sed(c, stdin(c)),
  cut: (c) => flow(undefined, stdin(c).sources),
  tee: (c, run) => {
    const o = new Options(c.argv);
    for (const p of o.operands) {
      const w = c.args.find((a) => a.text === p);
      if (!w?.stream) run.write(p, stdin(c), c, o.has('a', 'append'));
    }
    return stdin(c);
  },
  openssl: (c) => {
    const a = c.argv;
    const f = stdin(c);
    if (a[0] === 's_client') return flow(undefined, f.sources, 'net');
    if (a[0] === 'rand') return flow(undefined);
    if (a.includes('-d'))
      return a.includes('-base64') || a[0] === 'base64' ? decoded(f, decodeBase64) : flow(undefined, f.sources, 'decoded');
    return flow(undefined, f.sources);
  },
  env: () => flow(undefined, 'env', 'secret'),
  xclip: (c) => (c.argv.some((a) => /^-(?:o|out)/.test(a)) ? flow(undefined, 'file') : SILENT),
  xsel: (c) => (c.stdin ? SILENT : flow(undefined, 'file')),
  pbpaste: () => flow(undefined, 'file'),
  'wl-paste': () => flow(undefined, 'file'),
  printenv: (c) =>
    flow(undefined, ...(c.argv.length === 0 || c.argv.some(isSecretName) ? (['env', 'secret'] as const) : (['env'] as const))),
  set: (c) => (c.argv.length === 0 ? flow(undefined, 'env', 'secret') : EMPTY),
  pwd: (c) => flow(c.scope.cwd),
  whoami: () => flow('user\n', 'self'),
  hostname: (c) => (c.argv.length === 0 || c.argv.every((a) => /^-\w$/.test(a)) ? flow('host\n', 'self') : EMPTY),
  id: () => flow('user\n', 'self'),
  pgrep: (c) =>
    c.argv.some((a) => /^-\w*[uU]/.test(a))
      ? flow(undefined, 'find')
      : flow(`${UNKNOWN}${c.argv.filter((a) => !a.startsWith('-')).at(-1) ?? ''}\n`),
  pidof: (c) => flow(`${UNKNOWN}${c.argv.filter((a) => !a.startsWith('-')).at(-1) ?? ''}\n`),
  which: (c) => flow(`/usr/bin/${c.argv.filter((a) => !a.startsWith('-'))[0] ?? ''}\n`),
  command: (c) => flow(c.argv[0] === '-v' ? `${c.argv[1] ?? ''}\n` : undefined),
  mktemp: () => flow('/tmp/tmp.scratch\n'),
  basename: (c) => flow(`${(c.argv.filter((a) => !a.startsWith('-'))[0] ?? '').replace(/\/+$/, '').replace(/^.*\//, '')}\n`),
  dirname: (c) => flow(`${(c.argv[0] ?? '').replace(/\/[^/]*$/, '') || '/'}\n`),
  yes: (c) => flow(`${c.argv.join(' ') || 'y'}\n`, 'endless'),
  find: (c) =>
    c.argv.some((a) => /^-(?:i?name|i?path|[acm]time|[acm]min|empty|regex|perm|user)$/.test(a)) && !c.argv.some((a) => /^[/~]/.test(a))
      ? SILENT
      : flow(undefined, 'find'),
  fd: (c) => (c.argv.some((a) => /^-(?:e|-extension|g)/.test(a)) ? SILENT : flow(undefined, 'find')),
  git: (c) =>
    c.argv[0] === 'ls-files' &&
    !c.argv.some((a) => /^-\w*[dom]|--(?:deleted|others|ignored|modified)/.test(a)) &&
    c.argv.filter((a) => !a.startsWith('-')).length === 1
      ? flow(undefined, 'find')
      : flow(undefined, stdin(c).sources),
  ls: () => flow(undefined, 'find'),
  ps: (c) =>
    c.argv.some((a) => /^-?\w*[pCtgG]$|^--(?:pid|ppid|tty)/.test(a) && !/^(?:-?ef|-?aux)/.test(a)) ? SILENT : flow(undefined, 'find'),
  realpath: (c) => flow(`${c.argv.filter((a) => !a.startsWith('-'))[0] ?? ''}\n`),
  readlink: (c) => flow(`${c.argv.filter((a) => !a.startsWith('-'))[0] ?? ''}\n`),
  read: (c) => {
    const o = new Options(c.argv, ['p', 'n', 'N', 't', 'd', 'u', 'a', 'i']);
    const line = c.stdin?.text?.split('\n')[0];
    for (const [i, n] of o.operands.entries()) c.scope.vars.set(n, flow(i === 0 ? line : undefined, (c.stdin ?? SILENT).sources, 'input'));
    return EMPTY;
  },
};

for (const n of [
  'zcat',
  'gzcat',
  'bzcat',
  'xzcat',
  'zstdcat',
  'gunzip',
  'bunzip2',
  'unxz',
  'uudecode',
  'basenc',
  'ascii85',
  'gpg',
  'base58',
  'lz4cat',
])
  MODELS[n] = (c) => flow(undefined, stdin(c).sources, 'decoded');
for (const n of ['gzip', 'bzip2', 'xz', 'zstd'])
  MODELS[n] = (c) =>
    flow(undefined, stdin(c).sources, ...(/(?:^|\s)-\w*d|--decompress/.test(c.argv.join(' ')) ? (['decoded'] as const) : []));
for (const n of [
  'curl',
  'wget',
  'fetch',
  'http',
  'https',
  'xh',
  'xhs',
  'curlie',
  'lynx',
  'w3m',
  'links',
  'elinks',
  'aria2c',
  'GET',
  'lwp-request',
  'lwp-download',
  'dig',
  'nslookup',
  'host',
  'ftp',
  'nc',
  'ncat',
  'netcat',
  'socat',
  'telnet',
  'axel',
  'tftp',
])
  MODELS[n] = (c) => flow(undefined, stdin(c).sources, 'net');

/** What a command prints, as far as it can be known; else where it came from. */
export function output(c: Command, run: Run): Flow {
  const model = Object.hasOwn(MODELS, c.name) ? MODELS[c.name] : undefined;
  if (model) return model(c, run);
  const f = c.stdin;
  const secret =
    run.findings.facts.some((x) => x.kind === 'secret-read') &&
    c.argv.some((a) =>
      run.findings.facts.some(
        (x) => x.kind === 'secret-read' && x.target !== undefined && a.length > 3 && x.target.endsWith(a.replace(/^~/, '')),
      ),
    );
  // What is picked out of a list is no longer the whole list.
  const picks =
    (/^(?:[ef]?grep|rg|ag)$/.test(c.name) && !c.argv.some((a) => /^-\w*v\w*$|^--invert-match$/.test(a))) ||
    (/^[gmn]?awk$/.test(c.name) && /^\s*(?:\/[^/]+\/|\$\w+\s*[~=]|\w+\s*[<>=])/.test(c.argv.filter((a) => !a.startsWith('-'))[0] ?? ''));
  const sources = picks ? new Set([...(f ?? SILENT).sources].filter((x) => x !== 'find')) : (f ?? SILENT).sources;
  return flow(undefined, sources, ...(secret ? (['secret'] as const) : []));
}
