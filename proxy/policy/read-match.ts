import { RE2JS } from 're2js';
import { isMap, isScalar, type Node } from 'yaml';
import type { Match, MatchValue } from './document.js';
import { MATCH_FIELDS } from './fields.js';
import type { Source } from './node.js';

const UNITS: Record<string, number> = { '': 1, B: 1, KB: 1000, KIB: 1024, MB: 1e6, MIB: 1024 ** 2 };

function bytes(src: Source, node: Node | null, path: string): number | undefined {
  const v = isScalar(node) ? node.value : undefined;
  if (typeof v === 'number' && v >= 0) return v;
  const m = typeof v === 'string' ? /^(\d+(?:\.\d+)?)\s*([A-Za-z]{0,3})$/.exec(v.trim()) : null;
  const unit = m ? UNITS[m[2]!.toUpperCase()] : undefined;
  if (m && unit !== undefined) return Math.round(Number(m[1]) * unit);
  src.error(node, path, `${path} must be a number of bytes, or a size such as 64KiB or 2MB`);
  return undefined;
}

function minutes(src: Source, node: Node | null, path: string): number | undefined {
  const v = isScalar(node) ? String(node.value) : '';
  const m = /^([01]?\d|2[0-4]):([0-5]\d)$/.exec(v);
  if (m && Number(m[1]) * 60 + Number(m[2]) <= 1440) return Number(m[1]) * 60 + Number(m[2]);
  src.error(node, path, `${path} must be a time of day in quotes, such as "22:30"`);
  return undefined;
}

function range(src: Source, node: Node | null, path: string, read: (n: Node | null, p: string) => number | undefined): MatchValue {
  if (!isMap(node)) {
    const min = read(node, path);
    return { kind: 'range', range: min === undefined ? {} : { min } };
  }
  const entries = src.map(node, path, ['min', 'max']);
  const min = entries.has('min') ? read(entries.get('min')!.value, `${path}.min`) : undefined;
  const max = entries.has('max') ? read(entries.get('max')!.value, `${path}.max`) : undefined;
  if (entries.size === 0) src.error(node, path, `${path} needs min, max or both`);
  if (min !== undefined && max !== undefined && min > max) src.error(node, path, `${path}: min is over max, so it can never match`);
  return { kind: 'range', range: { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) } };
}

function value(src: Source, node: Node | null, path: string, field: string): MatchValue | undefined {
  const spec = MATCH_FIELDS[field]!;
  switch (spec.kind) {
    case 'globs':
      return { kind: 'globs', globs: src.strings(node, path) };
    case 'enum': {
      const values = src.list(node, path).map((item) => src.oneOf(item.node, item.path, spec.values!));
      return { kind: 'enum', values: values.filter((v) => v !== undefined) };
    }
    case 'words':
      return { kind: 'words', words: src.strings(node, path) };
    case 'patterns': {
      const patterns = src.strings(node, path);
      for (const p of patterns) {
        try {
          RE2JS.compile(p);
        } catch (e) {
          const why = e instanceof Error ? e.message : String(e);
          src.error(node, path, `The pattern is not valid RE2: ${why}`, 'Look-around and back-references do not exist in RE2');
        }
      }
      return { kind: 'patterns', patterns };
    }
    case 'range':
      return range(src, node, path, (n, p) => src.number(n, p, 0, 1, false));
    case 'bytes':
      return range(src, node, path, (n, p) => bytes(src, n, p));
    case 'boolean': {
      const v = src.boolean(node, path);
      return v === undefined ? undefined : { kind: 'boolean', value: v };
    }
    case 'time': {
      const e = src.map(node, path, ['from', 'to', 'weekdays']);
      if (e.has('from') !== e.has('to')) src.error(node, path, `${path} needs both from and to`);
      if (e.size === 0) src.error(node, path, `${path} needs from and to, weekdays, or all of them`);
      const from = e.has('from') ? minutes(src, e.get('from')!.value, `${path}.from`) : undefined;
      const to = e.has('to') ? minutes(src, e.get('to')!.value, `${path}.to`) : undefined;
      const weekdays = e.has('weekdays')
        ? src.list(e.get('weekdays')!.value, `${path}.weekdays`).map((i) => src.number(i.node, i.path, 1, 7, true) ?? 1)
        : undefined;
      return {
        kind: 'time',
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...(weekdays ? { weekdays } : {}),
      };
    }
    case 'budget': {
      const e = src.map(node, path, ['id', 'unit', 'share']);
      const id = e.has('id') ? src.string(e.get('id')!.value, `${path}.id`) : undefined;
      const unit = e.has('unit') ? src.string(e.get('unit')!.value, `${path}.unit`) : undefined;
      const share = e.has('share') ? src.number(e.get('share')!.value, `${path}.share`, 0, 1000, false) : 1;
      return { kind: 'budget', ...(id ? { id } : {}), ...(unit ? { unit } : {}), share: share ?? 1 };
    }
  }
}

/** Reads `match` or `not`. */
export function readMatch(src: Source, node: Node | null, path: string): Match {
  const out: Match = {};
  for (const [name, entry] of src.map(node, path, Object.keys(MATCH_FIELDS))) {
    const v = value(src, entry.value, `${path}.${name}`, name);
    if (v) out[name] = v;
  }
  return out;
}
