import type { Finding } from '../contract/index.js';
import { decodeString, escapeJson } from './json-strings.js';
import { maskText } from './mask-text.js';
import type { MaskResult, MaskText } from './types.js';

/** A string or long number in JSON text. */
export interface JsonLeaf {
  kind: 'string' | 'number' | 'key';
  /** Decoded. */
  value: string;
  /** Nearest key above. */
  key?: string;
  /** Raw span in the JSON text, quotes included. */
  start: number;
  end: number;
  map?: Int32Array;
}

/** The strings and numbers of JSON text, keys among them. Reads broken JSON as far as it goes. */
export function jsonLeaves(text: string): JsonLeaf[] {
  const leaves: JsonLeaf[] = [];
  let key: string | undefined;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [token] = match;
    const start = match.index;
    const end = start + token.length;
    if (token[0] !== '"') {
      leaves.push({ kind: 'number', value: token, ...(key === undefined ? {} : { key }), start, end });
      continue;
    }
    const { value, map } = decodeString(token);
    AFTER.lastIndex = end;
    const isKey = AFTER.test(text);
    if (isKey) key = value;
    leaves.push({ kind: isKey ? 'key' : 'string', value, ...(key === undefined ? {} : { key }), start, end, ...(map ? { map } : {}) });
  }
  return leaves;
}

const TOKEN = /"(?:[^"\\]|\\[\s\S])*"|-?\d[\d.eE+-]*/g;
const AFTER = /\s*:/y;

/** Offset in the JSON text of offset `i` of the leaf's value. */
const place = (leaf: JsonLeaf, i: number): number =>
  leaf.kind === 'number' ? leaf.start + i : leaf.start + (leaf.map ? leaf.map[i]! : i + 1);

/**
 * Findings of JSON text, from a scan of each decoded string and number. Offsets are those of the JSON text, so that what an
 * escape hides (`jane\u0040example.com`) is found where it stands.
 */
export function scanJsonText(text: string, scan: (value: string, key: string | undefined) => readonly Finding[]): Finding[] {
  const found: Finding[] = [];
  for (const leaf of jsonLeaves(text)) {
    if (leaf.kind === 'number' && leaf.value.length < 9) continue;
    for (const finding of scan(leaf.value, leaf.key))
      found.push({ ...finding, start: place(leaf, finding.start), end: place(leaf, finding.end) });
  }
  return found;
}

/**
 * {@link maskText} for JSON text: it stays valid JSON. A finding in a string is replaced inside it, a number becomes a string, a
 * finding over several values hides the touched part of each; keys are left and reported as `unmaskable`.
 * Findings have offsets of the JSON text.
 */
export const maskJsonText: MaskText = (text, findings, vault, scope): MaskResult => {
  if (findings.length === 0) return { text, replaced: [] };
  const replaced: MaskResult['replaced'] = [];
  const unmaskable: Finding[] = [];
  let out = '';
  let at = 0;
  for (const leaf of jsonLeaves(text)) {
    const inside = findings.filter((finding) => finding.end > finding.start && finding.start < leaf.end && finding.end > leaf.start);
    if (inside.length === 0) continue;
    if (leaf.kind === 'key') {
      unmaskable.push(...inside);
      continue;
    }
    if (leaf.kind === 'number') {
      const secret = inside.some((finding) => finding.category === 'secret');
      const placeholder = vault.placeholderFor(inside[0]!.entity, leaf.value, scope, !secret);
      out += `${text.slice(at, leaf.start)}"${placeholder}"`;
      at = leaf.end;
      replaced.push({ start: leaf.start, end: leaf.end, placeholder, entity: inside[0]!.entity });
      continue;
    }
    const local = inside.map((finding) => ({
      ...finding,
      start: valueOffset(leaf, finding.start, false),
      end: valueOffset(leaf, finding.end, true),
    }));
    const result = maskText(leaf.value, local, vault, scope);
    for (const one of result.replaced) {
      const start = place(leaf, one.start);
      out += text.slice(at, start) + escapeJson(one.placeholder);
      at = place(leaf, one.end);
      replaced.push({ ...one, start, end: at });
    }
  }
  const masked = replaced.length === 0 ? text : out + text.slice(at);
  return unmaskable.length > 0 ? { text: masked, replaced, unmaskable } : { text: masked, replaced };
};

/** Offset in the value of an offset in the JSON text; one inside an escape goes to the escape's outer side. */
function valueOffset(leaf: JsonLeaf, offset: number, up: boolean): number {
  const { length } = leaf.value;
  if (offset <= leaf.start) return 0;
  if (offset >= leaf.end) return length;
  if (!leaf.map) return Math.min(length, Math.max(0, offset - leaf.start - 1));
  const inRaw = offset - leaf.start;
  let i = 0;
  while (i < length && leaf.map[i]! < inRaw) i++;
  return up || leaf.map[i] === inRaw ? i : Math.max(0, i - 1);
}
