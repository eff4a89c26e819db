import { ANY_DIGIT } from '../automaton.js';
import type { Candidate, InlineRule, TextView } from '../rules.js';

/** Addresses that name no one: unspecified, loopback, documentation (RFC 5737), link-local, private (RFC 1918), shared, multicast, broadcast. */
export function reservedIpv4(a: number, b: number, c: number): string | undefined {
  if (a === 0 || a === 127) return 'loopback or unspecified address';
  if (a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168)) return 'private address (RFC 1918)';
  if (a === 169 && b === 254) return 'link-local address';
  if (a === 100 && b >= 64 && b <= 127) return 'shared address (RFC 6598)';
  if ((a === 192 && b === 0 && c === 2) || (a === 198 && b === 51 && c === 100) || (a === 203 && b === 0 && c === 113))
    return 'documentation address (RFC 5737)';
  if ((a === 8 && b === 8) || (a === 1 && b === 1 && (c === 1 || c === 0))) return 'public resolver';
  if (a >= 224) return 'multicast or reserved address';
  return undefined;
}

/** Value of the one to three digits `text[start, end)` without a leading zero, or -1. */
function octet(text: string, start: number, end: number): number {
  if (end - start > 3) return -1;
  let n = 0;
  for (let i = start; i < end; i++) n = n * 10 + text.charCodeAt(i) - 48;
  return n > 255 || (end - start > 1 && text.charCodeAt(start) === 48) ? -1 : n;
}

/** Are the four digit groups from the `g`th on an IPv4 address in its place? `starts` and `ends` are those of one stretch. */
export function ipv4(view: TextView, starts: Int32Array, ends: Int32Array, g: number): Candidate | undefined {
  const { text } = view;
  for (let k = g; k < g + 3; k++) if (starts[k + 1]! - ends[k]! !== 1 || text.charCodeAt(ends[k]!) !== 46) return undefined;
  const start = starts[g]!;
  const end = ends[g + 3]!;
  const a = octet(text, start, ends[g]!);
  const b = octet(text, starts[g + 1]!, ends[g + 1]!);
  const c = octet(text, starts[g + 2]!, ends[g + 2]!);
  const d = octet(text, starts[g + 3]!, end);
  if (a < 0 || b < 0 || c < 0 || d < 0) return undefined;
  const before = text[start - 1] ?? ' ';
  const after = text[end] ?? ' ';
  if (/[\w.]/.test(before) || /\w/.test(after) || (after === '.' && /\d/.test(text[end + 1] ?? ''))) return undefined;
  const reserved = reservedIpv4(a, b, c);
  // `version 1.2.3.4`, `v1.2.3.4`, `==1.2.3.4`, section numbers.
  const lead = text.slice(Math.max(0, start - 24), start);
  if (
    /(?:version|ver\.?|release|build|assembly\w*|[=~^]=?|§|section|chapter|file\w*)["']?\s*[:=(]?\s*["']?$/i.test(lead) &&
    !view.near(IP, start, end)
  )
    return undefined;
  const small = a < 20 && b < 20 && c < 20 && d < 20;
  if (small && !view.near(IP, start, end, 40, 20) && !/[/:]\d/.test(text.slice(end, end + 2))) return undefined;
  return reserved ? { start, end, confidence: 0.6, why: reserved, testValue: true } : { start, end, confidence: 0.85, why: 'four octets' };
}

const IP = ['ip'] as const;
const MAC_WORD = ['mac'] as const;
const IPV6 =
  /(?<![:\w.%])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,7}:|(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,1}|(?:[0-9a-f]{1,4}:){1,5}(?::[0-9a-f]{1,4}){1,2}|(?:[0-9a-f]{1,4}:){1,4}(?::[0-9a-f]{1,4}){1,3}|(?:[0-9a-f]{1,4}:){1,3}(?::[0-9a-f]{1,4}){1,4}|(?:[0-9a-f]{1,4}:){1,2}(?::[0-9a-f]{1,4}){1,5}|[0-9a-f]{1,4}:(?::[0-9a-f]{1,4}){1,6}|::ffff:\d{1,3}(?:\.\d{1,3}){3})(?![:\w])/gi;

function validIpv6(value: string, start: number, end: number): Candidate | undefined {
  const groups = value.split(':').filter(Boolean);
  // `a::b` and `std::cin` are code; real addresses have digits and several groups.
  if (!/\d/.test(value) || groups.length < 2 || (groups.length < 3 && value.length < 7)) return undefined;
  if (groups.length < 4 && !groups.some((g) => g.length >= 3)) return undefined;
  if (/^\d{1,2}:\d{2}(?::\d{2})?$/.test(value)) return undefined;
  const v = value.toLowerCase();
  if (v.startsWith('2001:db8')) return { start, end, confidence: 0.6, why: 'documentation address (RFC 3849)', testValue: true };
  if (/^fe[89ab]/.test(v) || /^f[cd]/.test(v))
    return { start, end, confidence: 0.6, why: 'link-local or private address', testValue: true };
  return { start, end, confidence: 0.8, why: 'IPv6 groups' };
}

/** The last stretch that was looked at: each of its colons would ask again. */
const lastLook = { serial: -1, from: 0, to: 0 };

const isHex = (c: number) => (c >= 48 && c <= 57) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70);

/** `::` or a colon before a digit begins the look; the window does the rest. */
export const ipv6: InlineRule = {
  entity: 'IP_ADDRESS',
  category: 'network',
  literals: ['::', `:${ANY_DIGIT}`],
  find(view, start, _end, emit) {
    const { text } = view;
    // `"a":1`, `12:30` and URLs with ports are most of what comes here: a hex group must end directly before the colon.
    const before = start > 0 ? text.charCodeAt(start - 1) : 0;
    if (!isHex(before) && before !== 58 && text.charCodeAt(start + 1) !== 58) return;
    const known = lastLook.serial === view.serial;
    if (known && start > lastLook.from && start < lastLook.to) return;
    let from = start;
    while (from > 0 && start - from < 40 && (isHex(text.charCodeAt(from - 1)) || text.charCodeAt(from - 1) === 58)) from--;
    let to = start;
    while (to < text.length && to - start < 48 && (isHex(text.charCodeAt(to)) || text.charCodeAt(to) === 58 || text.charCodeAt(to) === 46))
      to++;
    if (to - from < 6) return;
    if (known && from < lastLook.to && start > lastLook.from) {
      // The same run goes on: an address could have begun only where it does.
      lastLook.to = Math.max(lastLook.to, to);
      return;
    }
    lastLook.serial = view.serial;
    lastLook.from = from;
    lastLook.to = to;
    IPV6.lastIndex = 0;
    const base = Math.max(0, from - 1);
    const m = IPV6.exec(text.slice(base, to + 1));
    if (!m) return;
    const begin = base + m.index;
    const judged = validIpv6(m[0], begin, begin + m[0].length);
    if (judged) emit(judged);
  },
};

const MAC =
  /(?<![0-9A-Za-z:-])(?:[0-9A-Fa-f]{2}([:-])[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2}){4}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})(?![0-9A-Za-z:-])/g;

/** MAC-48 in pairs, or in the groups of four that switches print. */
export function macAt(view: TextView, at: number, emit: (c: Candidate) => void): void {
  const base = Math.max(0, at - 18);
  MAC.lastIndex = 0;
  for (let m = MAC.exec(view.text.slice(base, at + 18)); m; m = null) {
    const start = base + m.index;
    const hex = m[0].replace(/[^0-9A-Fa-f]/g, '').toLowerCase();
    if (/^(?:0{12}|f{12})$/.test(hex) || (/^\d+$/.test(hex) && !view.near(MAC_WORD, start, start + m[0].length))) return;
    emit({ start, end: start + m[0].length, confidence: 0.85, why: 'six pairs of hex digits' });
  }
}

/** Pairs of hex digits and colons or hyphens: `0a:`, `:0a:` and the like are too many, so a digit beside a mark begins the look. */
export const mac: InlineRule = {
  entity: 'MAC_ADDRESS',
  category: 'network',
  literals: [
    `${ANY_DIGIT}:`,
    `${ANY_DIGIT}a:`,
    `${ANY_DIGIT}b:`,
    `${ANY_DIGIT}c:`,
    `${ANY_DIGIT}d:`,
    `${ANY_DIGIT}e:`,
    `${ANY_DIGIT}f:`,
    `${ANY_DIGIT}${ANY_DIGIT}-`,
    `${ANY_DIGIT}a-`,
    `${ANY_DIGIT}b-`,
    `${ANY_DIGIT}c-`,
    `${ANY_DIGIT}d-`,
    `${ANY_DIGIT}e-`,
    `${ANY_DIGIT}f-`,
  ],
  find(view, _start, end, emit) {
    // The same mark three units before or after is what a MAC has and hardly anything else.
    const { text } = view;
    const mark = text.charCodeAt(end - 1);
    if (text.charCodeAt(end + 2) !== mark && text.charCodeAt(end - 4) !== mark) return;
    if (text.charCodeAt(end + 2) === mark && text.charCodeAt(end + 5) !== mark && text.charCodeAt(end - 4) !== mark) return;
    macAt(view, end - 1, emit);
  },
};
