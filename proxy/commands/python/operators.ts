/** Operators and slices on known values. */
import { nothing, type Value } from './value.js';

/** Constants of the module `string`. */
export const LETTERS: Record<string, string> = {
  ascii_lowercase: 'abcdefghijklmnopqrstuvwxyz',
  ascii_uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ascii_letters: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digits: '0123456789',
};

/** Stands for a function whose name is computed. */
export const HIDDEN = '?hidden';

/** Arithmetic; `NaN` where it is not computed. */
export function arithmetic(op: string, a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '**':
      return b > 1e6 || Math.abs(a) <= 1 || !Number.isFinite(a) ? a ** b : Math.min(a ** b, Number.MAX_VALUE);
    case '/':
      return b === 0 ? Number.NaN : a / b;
    case '//':
      return Math.floor(a / b);
    case '^':
      return a ^ b;
    case '|':
      return a | b;
    case '&':
      return a & b;
    case '%':
      return a % b;
    case '<<':
      return a * 2 ** b;
    case '>>':
      return a / 2 ** b;
    default:
      return Number.NaN;
  }
}

/** `object[a:b:c]`. */
export function sliced(object: Value, t: string): Value {
  if (object.strings[0] === undefined) {
    // A part of a credential (`key[:4]`) is shown to recognise it.
    if (object.taints.has('key')) return nothing();
    const m = /^(-?\d*):(-?\d*)$/.exec(t);
    if (object.items && m) return { ...object, items: object.items.slice(m[1] ? Number(m[1]) : 0, m[2] ? Number(m[2]) : undefined) };
    return object;
  }
  if (t === '::-1') return { strings: [[...object.strings[0]].reverse().join('')], taints: new Set([...object.taints, 'decoded']) };
  const m = /^(-?\d*):(-?\d*)(?::(\d+))?$/.exec(t);
  if (!m) return object;
  let s = object.strings[0].slice(m[1] ? Number(m[1]) : 0, m[2] ? Number(m[2]) : undefined);
  if (m[3]) s = [...s].filter((_c, i) => i % Number(m[3]) === 0).join('');
  return { strings: [s], taints: object.taints };
}
