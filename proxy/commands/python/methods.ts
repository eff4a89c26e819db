import { UNKNOWN } from '../paths.js';
import { nothing, rot13, taintOf, text, type Value } from './value.js';

/** Methods of texts, lists and dictionaries whose content is known. */
export function methodOf(o: Value, m: string, args: Value[]): Value | undefined {
  const s = o.strings[0];
  const a = args[0]?.strings[0];
  if (o.fields || o.items) {
    const known = m === 'get' && a !== undefined ? o.fields?.get(a) : undefined;
    if (known) return known;
    if (m === 'items' && o.fields)
      return {
        strings: [],
        items: [...o.fields].slice(0, 40).map(([k, v]) => ({ ...nothing(), items: [text(k), v], taints: v.taints })),
        taints: o.taints,
      };
    if (m === 'values' && o.items) return { strings: [], items: o.items, taints: o.taints };
    if (m === 'keys' && o.fields) return { strings: [], items: [...o.fields.keys()].slice(0, 40).map((k) => text(k)), taints: new Set() };
    if (m === 'pop' && o.items?.length) return o.items[0];
    if (m === 'copy') return o;
  }
  if (m === 'join') {
    const items = args[0]?.items;
    return items
      ? { strings: [items.map((i) => i.strings[0] ?? UNKNOWN).join(s ?? '')], taints: taintOf(o, args[0], ...items) }
      : undefined;
  }
  if (s === undefined) return undefined;
  const keep = (t: string): Value => ({ strings: [t], taints: taintOf(o, ...args) });
  const decoded = (t: string): Value => ({ strings: [t], taints: new Set(['decoded']) });
  switch (m) {
    case 'decode':
    case 'encode':
      if (a !== undefined && /rot.?13/i.test(a)) return decoded(rot13(s));
      if (a !== undefined && /hex/i.test(a)) return decoded(Buffer.from(s, 'hex').toString('utf8'));
      if (a !== undefined && /base64/i.test(a)) return decoded(Buffer.from(s, 'base64').toString('utf8'));
      return { ...keep(s), strings: o.strings };
    case 'strip':
    case 'lstrip':
    case 'rstrip':
      return keep(s.trim());
    case 'lower':
      return keep(s.toLowerCase());
    case 'upper':
      return keep(s.toUpperCase());
    case 'replace':
      return a !== undefined && args[1]?.strings[0] !== undefined ? keep(s.split(a).join(args[1].strings[0])) : keep(s);
    case 'split':
    case 'splitlines':
      return {
        strings: [],
        items: (m === 'splitlines' ? s.split('\n') : a !== undefined && a !== '' ? s.split(a) : s.trim().split(/\s+/))
          .slice(0, 200)
          .map((t) => text(t)),
        taints: o.taints,
      };
    case 'format': {
      let at = 0;
      return keep(
        s.replace(
          /\{(\d*|\w+)(?:![rsa])?(?::[^}]*)?\}/g,
          (_m, k: string) => args[/^\d+$/.test(k) ? Number(k) : at++]?.strings[0] ?? UNKNOWN,
        ),
      );
    }
    case 'translate':
    case 'swapcase':
      return decoded(s);
    default:
      return undefined;
  }
}
