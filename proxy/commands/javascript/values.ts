import type { Node } from '../grammars.js';
import { UNKNOWN } from '../paths.js';
import { decodeEscapes } from '../shell/words.js';

/** Where a value came from, as far as it matters. */
export type Taint = 'net' | 'decoded' | 'secret' | 'env' | 'input' | 'file';

/** What is known of a JavaScript value: its text, a name like `fs.rmSync`, items of a list, fields of an object, where it came from. */
export interface Value {
  text?: string;
  name?: string;
  items?: Value[];
  fields?: Map<string, Value>;
  taints: ReadonlySet<Taint>;
}

const NONE: ReadonlySet<Taint> = new Set();
const MAX_TEXT = 32_768;
export const NOTHING: Value = { taints: NONE };

export function tainted(...from: (Value | Taint | undefined)[]): ReadonlySet<Taint> {
  const out = new Set<Taint>();
  for (const v of from) {
    if (typeof v === 'string') out.add(v);
    else for (const t of v?.taints ?? []) out.add(t);
  }
  return out.size > 0 ? out : NONE;
}

/** Everything that a value carries, fields and items included. */
export function carried(v: Value, depth = 0): ReadonlySet<Taint> {
  if (depth > 4 || (!v.items && !v.fields)) return v.taints;
  const out = new Set<Taint>(v.taints);
  for (const x of [...(v.items ?? []).slice(0, 20), ...(v.fields?.values() ?? [])]) for (const t of carried(x, depth + 1)) out.add(t);
  return out;
}

export const text = (t: string, ...from: (Value | Taint | undefined)[]): Value => ({
  text: t.slice(0, MAX_TEXT),
  taints: tainted(...from),
});

/** `'…'`, `"…"` or a template without gaps, escapes decoded. */
export function literal(raw: string): string {
  const inner = raw.slice(1, -1);
  return inner.includes('\\')
    ? decodeEscapes(
        inner
          .replace(/\\u\{([0-9a-f]+)\}/gi, (_m, h: string) => String.fromCodePoint(Number.parseInt(h, 16) % 0x110000))
          .replace(/\\\r?\n/g, '')
          .replace(/\\([^xu0-7abefnrtvc\\'"?])/g, '$1'),
      )
    : inner;
}

const bytes = (t: string, encoding: string): string => Buffer.from(t, encoding === 'hex' ? 'hex' : 'base64').toString('utf8');

/** What a method of a known text or list gives; undefined where it is not computed. */
export function method(of: Value, name: string, args: readonly Value[]): Value | undefined {
  const t = of.text;
  const a = args[0]?.text;
  if (of.items && /^(?:join|reverse|concat|slice|map|filter|flat)$/.test(name)) {
    if (name === 'reverse') return { ...of, items: [...of.items].reverse() };
    if (name === 'concat') return { items: [...of.items, ...args.flatMap((x) => x.items ?? [x])], taints: tainted(of, ...args) };
    if (name === 'join' && of.items.every((i) => i.text !== undefined))
      return text(of.items.map((i) => i.text).join(a ?? (args.length > 0 ? UNKNOWN : ',')), of, ...of.items);
    return { ...of, items: of.items };
  }
  if (t === undefined) return undefined;
  switch (name) {
    case 'toString':
    case 'toLowerCase':
    case 'toUpperCase':
    case 'trim':
    case 'normalize':
      return text(name === 'toLowerCase' ? t.toLowerCase() : name === 'toUpperCase' ? t.toUpperCase() : name === 'trim' ? t.trim() : t, of);
    case 'split':
      return {
        items: t
          .split(a ?? '\u0000')
          .slice(0, 2000)
          .map((x) => text(x, of)),
        taints: of.taints,
      };
    case 'concat':
      return args.every((x) => x.text !== undefined) ? text(t + args.map((x) => x.text).join(''), of, ...args) : undefined;
    case 'replace':
    case 'replaceAll':
      return a !== undefined && args[1]?.text !== undefined ? text(t.replaceAll(a, args[1].text), of) : undefined;
    case 'slice':
    case 'substring':
    case 'substr': {
      const n = args.map((x) => Number(x.text));
      if (n.some((x) => Number.isNaN(x))) return undefined;
      return text(
        name === 'slice'
          ? t.slice(n[0], n[1])
          : name === 'substring'
            ? t.substring(n[0] ?? 0, n[1])
            : t.slice(n[0] ?? 0, (n[0] ?? 0) + (n[1] ?? t.length)),
        of,
      );
    }
    case 'repeat':
      return text(t.repeat(Math.min(50, Number(a) || 0)), of);
    case 'at':
    case 'charAt':
      return text(t.at(Number(a) || 0) ?? '', of);
    default:
      return undefined;
  }
}

/** Functions of the language and of Node that only compute. */
export function pure(name: string, args: readonly Value[]): Value | undefined {
  const a = args[0];
  const t = a?.text;
  if (/^(?:atob|window\.atob|globalThis\.atob)$/.test(name))
    return t === undefined ? { taints: tainted(a, 'decoded') } : text(bytes(t, 'base64'), a, 'decoded');
  if (name === 'Buffer.from' || name === 'buffer.Buffer.from') {
    const encoding = args[1]?.text ?? '';
    if (/^(?:base64|base64url|hex)$/.test(encoding))
      return t === undefined ? { taints: tainted(a, 'decoded') } : text(bytes(t, encoding), a, 'decoded');
    if (a?.items?.every((i) => /^(?:0x)?[0-9a-f]+$/i.test(i.text ?? '')))
      return text(String.fromCharCode(...a.items.slice(0, 4000).map((i) => Number(i.text))), a, 'decoded');
    return t === undefined ? { taints: tainted(a) } : text(t, a);
  }
  if (/^String\.from(?:CharCode|CodePoint)$/.test(name)) {
    const all = args.flatMap((x) => x.items ?? [x]);
    return all.every((x) => x.text !== undefined && !Number.isNaN(Number(x.text)))
      ? text(String.fromCharCode(...all.slice(0, 4000).map((x) => Number(x.text))), 'decoded')
      : { taints: tainted(...args, 'decoded') };
  }
  if (/^(?:decodeURIComponent|decodeURI|unescape)$/.test(name) && t !== undefined) {
    try {
      return text(decodeURIComponent(t), a, ...(t.includes('%') ? (['decoded'] as const) : []));
    } catch {
      return a;
    }
  }
  if (/^(?:Number\.)?parseInt$|^Number$/.test(name) && t !== undefined) {
    const n = name === 'Number' ? Number(t) : Number.parseInt(t, Number(args[1]?.text ?? 10) || 10);
    return Number.isNaN(n) ? { taints: tainted(a) } : text(String(n), a);
  }
  if (/^(?:path|node:path)(?:\.posix)?\.(?:join|resolve)$/.test(name))
    return text(
      args
        .map((x) => x.text ?? UNKNOWN)
        .join('/')
        .replace(/\/{2,}/g, '/'),
      ...args,
    );
  if (/^os\.homedir$/.test(name)) return text('~');
  if (/^os\.tmpdir$/.test(name)) return text('/tmp');
  if (/^process\.cwd$/.test(name)) return text('.');
  if (
    /^(?:String|encodeURIComponent|JSON\.stringify|JSON\.parse|Array\.from|Object\.(?:entries|keys|values|assign|fromEntries)|btoa|structuredClone|Promise\.(?:all|resolve)|Uint8Array\.from)$/.test(
      name,
    )
  )
    return t !== undefined && /^(?:String|JSON\.stringify)$/.test(name)
      ? text(t, a)
      : { taints: new Set(args.flatMap((x) => [...carried(x)])) };
  return undefined;
}

/** Text of a node that is a property name: `a.b`, `a['b']` keys, `{ b: 1 }`. */
export function propertyName(n: Node | null): string | undefined {
  if (!n) return undefined;
  return /^(?:property_identifier|identifier|private_property_identifier|shorthand_property_identifier\w*)$/.test(n.type)
    ? n.text
    : n.type === 'string'
      ? literal(n.text)
      : undefined;
}
