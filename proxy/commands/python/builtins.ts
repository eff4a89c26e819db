import { UNKNOWN } from '../paths.js';
import { canonical, moduleName, nothing, rot13, SCRATCH, type Taint, taintOf, text, type Value } from './value.js';

const decodedText = (s: string | undefined, how: BufferEncoding, a?: Value): Value => ({
  strings: s !== undefined ? [Buffer.from(how === 'hex' ? s.replace(/\s/g, '') : s, how).toString('utf8')] : [],
  taints: new Set<Taint>([...(a?.taints ?? []), 'decoded']),
});

const SECRET_NAME = /KEY|TOKEN|SECRET|PASS|PWD|CRED|DATABASE_URL|DSN/i;

/** One variable of the environment. */
export function variable(name: string | undefined, fallback?: Value): Value {
  if (name === 'HOME' || name === 'USERPROFILE') return text('~');
  return {
    strings: fallback?.strings ?? [],
    name: `os.environ[${name?.slice(0, 60) ?? UNKNOWN}]`,
    taints: new Set<Taint>(name !== undefined && SECRET_NAME.test(name) ? ['key'] : []),
  };
}

/** Parts of paths put together as `os.path.join` does. */
export const joined = (parts: (string | undefined)[]): string =>
  parts
    .map((p) => p ?? UNKNOWN)
    .reduce((p, q) => (q.startsWith('/') || q.startsWith('~') ? q : p === '' ? q : `${p.replace(/\/$/, '')}/${q}`), '');

const PATHS =
  /^os\.path\.(?:expanduser|expandvars|abspath|realpath|normpath)$|^os\.fspath$|^shlex\.(?:quote|split)$|^(?:urllib\.parse|urllib)\.(?:quote|unquote)$|^textwrap\.dedent$|^sqlalchemy\.(?:sql\.)?text$|^(?:typing\.)?cast$|^copy\.(?:deep)?copy$/;
const TEMPORARY = /^tempfile\.(?:mkdtemp|gettempdir|mkstemp|mktemp|TemporaryDirectory|NamedTemporaryFile)$/;
const TYPED =
  /^(?:pyperclip\.paste|clipboard\.paste|win32clipboard\.\w+|pyautogui\.screenshot|PIL\.ImageGrab\.grab|ImageGrab\.grab|keyboard\.(?:record|read_\w+)|mss\.mss)$/;

/** What functions of the language and its library give back, computed where the arguments are known. */
export function builtin(name: string, args: Value[]): Value | undefined {
  const a = args[0];
  const s = a?.strings[0];
  if (/\.__import__$/.test(name) && s !== undefined) return { strings: [], name: moduleName(s), taints: new Set() };
  switch (name) {
    case 'importlib.import_module':
      if (s === undefined) return { strings: [], name: 'imported-module', taints: new Set() };
      return { strings: [], name: moduleName(s), taints: new Set() };
    case '__import__':
    case 'importlib.__import__':
    case 'pydoc.locate':
      return s !== undefined
        ? { strings: [], name: moduleName(s), taints: new Set() }
        : { strings: [], name: a?.taints.has('decoded') ? 'unknown-module' : 'imported-module', taints: new Set(a?.taints) };
    case 'getattr':
    case 'operator.attrgetter()':
      if (a?.name !== undefined && args[1]?.strings[0] !== undefined)
        return {
          strings: [],
          name: canonical(a.name === 'builtins' ? args[1].strings[0] : `${a.name}.${args[1].strings[0]}`),
          taints: a.taints,
        };
      // A function of a module that matters, by a name that is computed.
      return a?.name !== undefined &&
        args[1] &&
        args[1].strings.length === 0 &&
        /^(?:os|subprocess|builtins|shutil|sys|unknown-module)$/.test(a.name)
        ? { strings: [], name: `${a.name}.?hidden`, taints: new Set(['decoded']) }
        : undefined;
    case 'vars':
      return a?.name !== undefined ? { strings: [], name: `${a.name}.__dict__`, taints: a.taints } : undefined;
    case 'ast.parse':
    case 'ast.unparse':
    case 'ast.fix_missing_locations':
      return a;
    case 'operator.methodcaller':
      return s !== undefined ? { strings: [], name: `?.${s}`, taints: new Set() } : undefined;
    case 'functools.reduce':
      return args[1]?.items?.every((i) => i.strings.length > 0)
        ? { strings: [args[1].items.map((i) => i.strings[0]).join('')], taints: taintOf(args[1]) }
        : undefined;
    case 'functools.partial':
      return a?.name !== undefined ? { strings: [], name: a.name, taints: a.taints } : undefined;
    case 'chr':
      return a?.number !== undefined && a.number >= 0 && a.number <= 0x10ffff
        ? { strings: [String.fromCodePoint(a.number)], taints: new Set(['decoded']) }
        : { strings: [], taints: new Set<Taint>([...(a?.taints ?? []), 'decoded']) };
    case 'ord':
      return s !== undefined ? { strings: [], taints: new Set(), number: s.codePointAt(0) ?? 0 } : undefined;
    case 'int':
      if (s !== undefined && /^\s*(?:0x)?[\da-f]+\s*$/i.test(s)) {
        const n = Number.parseInt(s, args[1]?.number ?? 10);
        return { strings: [], taints: a!.taints, ...(Number.isNaN(n) ? {} : { number: n }) };
      }
      return a ? { strings: [], taints: a.taints, ...(a.number !== undefined ? { number: Math.trunc(a.number) } : {}) } : undefined;
    case 'str':
    case 'bytes':
    case 'bytearray':
      if (a?.items && a.items.length > 0 && a.items.every((i) => i.number !== undefined))
        return { strings: [Buffer.from(a.items.map((i) => i.number! & 255)).toString('utf8')], taints: new Set(['decoded']) };
      if (a?.number !== undefined && name === 'str' && a.strings.length === 0) return { ...text(String(a.number)), taints: a.taints };
      return a;
    case 'range': {
      const [from, to, step] = args.length > 1 ? [a?.number, args[1]?.number, args[2]?.number ?? 1] : [0, a?.number, 1];
      const out: Value = { strings: [], name: 'range()', taints: new Set() };
      if (from === undefined || to === undefined || step === 0) return out;
      out.number = Math.max(0, Math.ceil((to - from) / step));
      if (out.number <= 64)
        out.items = Array.from({ length: out.number }, (_v, i) => ({ strings: [], taints: new Set<Taint>(), number: from + i * step }));
      return out;
    }
    case 'map': {
      if (a?.name === 'chr' && args[1]?.items)
        return {
          strings: [],
          items: args[1].items.map((i) =>
            i.number !== undefined ? text(String.fromCodePoint(Math.max(0, Math.min(0x10ffff, i.number)))) : nothing(),
          ),
          taints: new Set(['decoded']),
        };
      return undefined;
    }
    case 'reversed':
      if (a?.items) return { ...a, items: [...a.items].reverse() };
      return s !== undefined ? { strings: [], items: [...s].reverse().map((c) => text(c)), taints: new Set(['decoded']) } : undefined;
    case 'list':
    case 'tuple':
    case 'set':
    case 'sorted':
    case 'iter':
    case 'tqdm.tqdm':
    case 'tqdm':
      return a;
    case 'enumerate':
      return a?.items
        ? { strings: [], items: a.items.map((i) => ({ ...nothing(), items: [nothing(), i], taints: i.taints })), taints: a.taints }
        : a;
    case 'dict': {
      const pairs = a?.items;
      if (!pairs || a.fields || !pairs.every((q) => q.items?.length === 2 && q.items[0]!.strings[0] !== undefined)) return undefined;
      const values = pairs.map((q) => q.items![1]!);
      return {
        strings: [],
        items: values,
        fields: new Map(pairs.map((q) => [q.items![0]!.strings[0]!, q.items![1]!])),
        taints: taintOf(...values),
      };
    }
    case 'zip': {
      const row = (v: Value): Value[] | undefined =>
        v.items ?? (v.strings[0] !== undefined ? [...v.strings[0].slice(0, 40)].map((ch) => text(ch)) : undefined);
      return a && row(a)
        ? {
            strings: [],
            items: row(a)!
              .slice(0, 40)
              .map((_v, i) => {
                const items = args.map((v) => row(v)?.[i] ?? nothing());
                return { strings: [], items, taints: taintOf(...items) };
              }),
            taints: taintOf(...args),
          }
        : undefined;
    }
    case 'base64.b64decode':
    case 'base64.urlsafe_b64decode':
    case 'base64.standard_b64decode':
    case 'base64.decodebytes':
    case 'base64.decodestring':
    case 'binascii.a2b_base64':
      return decodedText(s, 'base64', a);
    case 'base64.b32decode':
    case 'base64.b85decode':
    case 'base64.a85decode':
    case 'base64.b16decode':
      return { strings: [], taints: taintOf(a, { ...nothing(), taints: new Set<Taint>(['decoded']) }) };
    case 'bytes.fromhex':
    case 'bytearray.fromhex':
    case 'binascii.unhexlify':
    case 'binascii.a2b_hex':
      return decodedText(s, 'hex', a);
    case 'codecs.decode':
    case 'codecs.encode': {
      const how = args[1]?.strings[0] ?? '';
      if (/rot/.test(how)) return { strings: s !== undefined ? [rot13(s)] : [], taints: new Set<Taint>(['decoded']) };
      return /hex|base64/.test(how)
        ? decodedText(s, /hex/.test(how) ? 'hex' : 'base64', a)
        : { strings: s !== undefined ? [s] : [], taints: new Set<Taint>([...(a?.taints ?? []), 'decoded']) };
    }
    case 'zlib.decompress':
    case 'gzip.decompress':
    case 'bz2.decompress':
    case 'lzma.decompress':
    case 'marshal.loads':
      return { strings: [], taints: new Set<Taint>([...(a?.taints ?? []), 'decoded']) };
    case 'os.path.join':
    case 'os.sep.join':
    case 'posixpath.join':
      return pathsJoined(args);
    case 'os.path.dirname':
      return s !== undefined ? { strings: a!.strings.map((p) => p.replace(/\/[^/]*$/, '') || '/'), taints: a!.taints } : undefined;
    case 'os.path.basename':
      return s !== undefined ? { strings: a!.strings.map((p) => p.replace(/^.*\//, '')), taints: a!.taints } : undefined;
    case 'pathlib.Path':
    case 'pathlib.PosixPath':
    case 'pathlib.WindowsPath':
    case 'pathlib.PurePath':
    case 'path.Path':
      return { ...pathsJoined(args.length > 0 ? args : [text('.')]), name: 'pathlib.Path' };
    case 'pathlib.Path.home':
    case 'pathlib.Path().home':
      return { strings: ['~'], name: 'pathlib.Path', taints: new Set() };
    case 'pathlib.Path.cwd':
      return { strings: ['.'], name: 'pathlib.Path', taints: new Set() };
    case 'os.getcwd':
      return text('.');
    case 'os.getpid':
      return nothing();
    case 'multiprocessing.cpu_count':
    case 'os.cpu_count':
      return { strings: [], taints: new Set(), number: 8 };
    case 'os.environ.get':
    case 'os.getenv':
    case 'os.environ.pop':
      return variable(s, args[1]);
    case 'input':
    case 'raw_input':
    case 'sys.stdin.read':
    case 'sys.stdin.readline':
      return { strings: [], taints: new Set(['input']) };
    case 'print':
    case 'len':
    case 'isinstance':
    case 'bool':
    case 'type':
    case 'id':
    case 'hash':
    case 'os.path.exists':
    case 'os.path.isfile':
    case 'os.path.isdir':
    case 'os.path.getsize':
      return nothing();
    default:
      break;
  }
  if (TEMPORARY.test(name))
    return name === 'tempfile.mkstemp'
      ? { ...nothing(), items: [nothing(), text(SCRATCH)] }
      : { ...text(SCRATCH), ...(/Named/.test(name) ? { name: 'open()' } : {}) };
  if (PATHS.test(name)) return s !== undefined ? { ...a!, strings: a!.strings.map((t) => t.replace(/^\$\{?HOME\}?/, '~')) } : a;
  if (/^site\.get(?:user)?sitepackages$|^sysconfig\.get_(?:path|paths)$|^distutils\.sysconfig\.get_python_lib$/.test(name)) {
    const folder = text(`${UNKNOWN}/site-packages`);
    return /getsitepackages|get_paths$/.test(name)
      ? {
          strings: [],
          items: [folder],
          fields: new Map([
            ['purelib', folder],
            ['platlib', folder],
          ]),
          taints: new Set(),
        }
      : folder;
  }
  if (/\.to_bytes$/.test(name)) return { strings: [], taints: new Set<Taint>(['decoded']) };
  if (/\.get_cookies?$/.test(name)) return { strings: [], taints: new Set<Taint>(['secret']) };
  if (/\.decrypt$|\.decompress$/.test(name)) return { strings: [], taints: new Set<Taint>(['decoded']) };
  if (TYPED.test(name)) return { strings: [], name: `${name}()`, taints: new Set<Taint>(['typed']) };
  return undefined;
}

/** All ways to put the possible parts together, at most four. */
function pathsJoined(parts: Value[]): Value {
  const most = parts.reduce((at, p, i) => (p.strings.length > (parts[at]?.strings.length ?? 0) ? i : at), 0);
  const strings = (parts[most]?.strings.length ? parts[most].strings : [UNKNOWN]).map((one) =>
    joined(parts.map((p, i) => (i === most ? one : p.strings[0]))),
  );
  return { strings: strings.slice(0, 4), taints: taintOf(...parts) };
}
