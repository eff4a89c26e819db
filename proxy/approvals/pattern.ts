/**
 * Grant patterns: literal text, `*` for a run that a person can oversee. What an attacker could do here: hide a second command in
 * the run. So `*` never matches a quote, backslash, newline, or an operator of a shell; everything else is compared exactly.
 */
const STAR = '[^"\'`\\\\\\r\\n;&|$()<>{}]*';
const MAX = 20_000;
const MAX_STARS = 8;

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** What is wrong with a pattern that a person wrote, or undefined. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length === 0 || pattern.length > MAX) return 'A pattern has from 1 to 20,000 characters';
  const stars = pattern.split('*').length - 1;
  if (stars > MAX_STARS) return `A pattern may have at most ${MAX_STARS} stars`;
  if (pattern.includes('**')) return 'Two stars stand side by side: one is enough';
  if (pattern.replaceAll('*', '').replace(/[\s{}":,[\]]/g, '').length < 3)
    return 'The pattern covers nearly everything: keep more of the text';
  return undefined;
}

/** Test of a pattern. Text over the limit never matches. Stars cannot run into each other, so that it stays fast. */
export function patternTest(pattern: string): (text: string) => boolean {
  if (patternProblem(pattern) !== undefined) return () => false;
  const pieces = pattern.split('*');
  if (pieces.length === 1) return (text) => text === pattern;
  const [head, ...rest] = pieces as [string, ...string[]];
  const tail = rest.pop()!;
  const run = new RegExp(`^${STAR}$`);
  const middle = rest.map((piece) => new RegExp(literal(piece)));
  return (text) => {
    if (text.length > MAX || !text.startsWith(head)) return false;
    if (rest.length === 0)
      return (
        text.length >= head.length + tail.length && text.endsWith(tail) && run.test(text.slice(head.length, text.length - tail.length))
      );
    const end = text.length - tail.length;
    if (end < head.length || !text.endsWith(tail)) return false;
    // leftmost placing of each middle piece is enough: the runs between them are tested on their own
    let at = head.length;
    for (const piece of middle) {
      const found = piece.exec(text.slice(at, end));
      if (!found || !run.test(text.slice(at, at + found.index))) return false;
      at += found.index + found[0].length;
    }
    return run.test(text.slice(at, end));
  };
}

const tokens = (text: string): string[] => text.match(/[\p{L}\p{N}_]+|[\s\S]/gu) ?? [];

/** Longest common subsequence of tokens, as pairs of indexes; gaps are where the two differ. */
function common(a: readonly string[], b: readonly string[]): [number, number][] {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i * width + j] =
        a[i] === b[j] ? table[(i + 1) * width + j + 1]! + 1 : Math.max(table[(i + 1) * width + j]!, table[i * width + j + 1]!);
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (table[(i + 1) * width + j]! >= table[i * width + j + 1]!) i++;
    else j++;
  }
  return pairs;
}

const GAP = '*';

/** Longest differing run, in tokens, that is compared: keeps a suggestion far below a millisecond or two. */
const MAX_MIDDLE = 300;

function merge(a: readonly string[], b: readonly string[]): string[] | undefined {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const [x, y] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  if (x.length > MAX_MIDDLE || y.length > MAX_MIDDLE) return undefined;
  const out: string[] = a.slice(0, head);
  const add = (token: string) => {
    if (token !== GAP || out[out.length - 1] !== GAP) out.push(token);
  };
  let [i, j] = [0, 0];
  for (const [p, q] of [...common(x, y), [x.length, y.length] as [number, number]]) {
    if (p > i || q > j) add(GAP);
    if (p < x.length) add(x[p]!);
    [i, j] = [p + 1, q + 1];
  }
  for (const token of a.slice(a.length - tail)) add(token);
  return out;
}

/**
 * The narrowest pattern of this kind that covers all texts: what they share stays literal. Undefined when they share too little,
 * or differ in something that a star does not cover. Pure; texts over 4,000 characters are left alone.
 */
export function narrowest(texts: readonly string[]): string | undefined {
  if (texts.length === 0 || texts.some((t) => t.length > 4000 || t.includes('*'))) return undefined;
  let shape: string[] | undefined = tokens(texts[0]!);
  for (const text of texts.slice(1)) shape = shape && merge(shape, tokens(text));
  if (!shape) return undefined;
  const pattern = shape.join('');
  if (patternProblem(pattern) !== undefined) return undefined;
  const kept = pattern.replaceAll('*', '').length;
  if (texts.some((t) => kept < t.length / 3)) return undefined;
  const covers = patternTest(pattern);
  return texts.every(covers) ? pattern : undefined;
}
