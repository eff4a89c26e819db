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

/** Is `text[start, end)` an IPv4 address in its place? Called for digit runs with dots. */
export function ipv4(view: TextView, start: number, end: number): Candidate | undefined {
  const { text } = view;
  const value = text.slice(start, end);
  const m = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(value);
  if (!m) return undefined;
  const [a, b, c, d] = [Number(m[1]), Number(m[2]), Number(m[3]), Number(m[4])] as const;
  if (a > 255 || b > 255 || c > 255 || d > 255 || /(?:^|\.)0\d/.test(value)) return undefined;
  const before = text[start - 1] ?? ' ';
  const after = text[end] ?? ' ';
  if (/[\w.]/.test(before) || /\w/.test(after) || (after === '.' && /\d/.test(text[end + 1] ?? ''))) return undefined;
  const reserved = reservedIpv4(a, b, c);
  // `version 1.2.3.4`, `v1.2.3.4`, `==1.2.3.4`, section numbers.
  const lead = text.slice(Math.max(0, start - 24), start);
  if (
    /(?:version|ver\.?|release|build|assembly\w*|[=~^]=?|§|section|chapter|file\w*)["']?\s*[:=(]?\s*["']?$/i.test(lead) &&
    !view.near(['ip'], start, end)
  )
    return undefined;
  const small = a < 20 && b < 20 && c < 20 && d < 20;
  if (small && !view.near(['ip'], start, end, 40, 20) && !/[/:]\d/.test(text.slice(end, end + 2))) return undefined;
  return { start, end, confidence: reserved ? 0.6 : 0.85, why: reserved ?? 'four octets', ...(reserved ? { testValue: true } : {}) };
}

const IPV6 =
  /(?<![:\w.%])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,7}:|(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,1}|(?:[0-9a-f]{1,4}:){1,5}(?::[0-9a-f]{1,4}){1,2}|(?:[0-9a-f]{1,4}:){1,4}(?::[0-9a-f]{1,4}){1,3}|(?:[0-9a-f]{1,4}:){1,3}(?::[0-9a-f]{1,4}){1,4}|(?:[0-9a-f]{1,4}:){1,2}(?::[0-9a-f]{1,4}){1,5}|[0-9a-f]{1,4}:(?::[0-9a-f]{1,4}){1,6}|::ffff:\d{1,3}(?:\.\d{1,3}){3})(?![:\w])/gi;

function validIpv6(value: string, view: TextView, start: number, end: number): number | Candidate {
  const groups = value.split(':').filter(Boolean);
  // `a::b` and `std::cin` are code; real addresses have digits and several groups.
  if (!/\d/.test(value) || groups.length < 2 || (groups.length < 3 && value.length < 7)) return 0;
  if (groups.length < 4 && !groups.some((g) => g.length >= 3)) return 0;
  if (/^\d{1,2}:\d{2}(?::\d{2})?$/.test(value)) return 0;
  const v = value.toLowerCase();
  if (v.startsWith('2001:db8')) return { start, end, confidence: 0.6, why: 'documentation address (RFC 3849)', testValue: true };
  if (/^fe[89ab]/.test(v) || /^f[cd]/.test(v))
    return { start, end, confidence: 0.6, why: 'link-local or private address', testValue: true };
  return 0.8;
}

const COLON_HEX = ['0::', 'a::', 'b::', 'c::', 'd::', 'e::', 'f::', '::f', '::0', '0:a', '0:b', '0:c', '0:d', '0:e', '0:f'];
/** Two halves of adjacent groups; the engine's window does the rest. */
export const ipv6: InlineRule = {
  entity: 'IP_ADDRESS',
  category: 'network',
  literals: COLON_HEX,
  pattern: IPV6,
  before: 40,
  after: 40,
  why: 'IPv6 groups',
  validate: validIpv6,
};
