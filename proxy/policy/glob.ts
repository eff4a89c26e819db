/**
 * Wildcard match with one level of backtracking (the greedy algorithm of R. Heinz, "Matching wildcards"): O(name × glob) at
 * worst, so that an agent that chooses a name cannot make it run away. Both are lower case.
 */
function wildcard(glob: string, name: string): boolean {
  let g = 0;
  let n = 0;
  let star = -1;
  let mark = 0;
  while (n < name.length) {
    const c = glob[g];
    if (c === '*') {
      star = g++;
      mark = n;
    } else if (c === '?' || c === name[n]) {
      g++;
      n++;
    } else if (star >= 0) {
      g = star + 1;
      n = ++mark;
    } else return false;
  }
  while (glob[g] === '*') g++;
  return g === glob.length;
}

/** One test for a list of globs: `*` any run, `?` one character, case ignored. */
export function globTest(globs: readonly string[]): (name: string) => boolean {
  if (globs.includes('*')) return () => true;
  const exact = new Set<string>();
  const patterns: string[] = [];
  for (const glob of globs) /[*?]/.test(glob) ? patterns.push(glob.toLowerCase()) : exact.add(glob.toLowerCase());
  if (patterns.length === 0) return (name) => exact.has(name.toLowerCase());
  return (name) => {
    const lower = name.toLowerCase();
    return exact.has(lower) || patterns.some((p) => wildcard(p, lower));
  };
}

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** Whole words and phrases, case ignored. Made of literals only, so that it cannot run away. */
export function wordMatcher(words: readonly string[], flags: string): RegExp {
  const body = words.map((w) => w.trim().split(/\s+/).map(literal).join('\\s+')).join('|');
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${body})(?![\\p{L}\\p{N}_])`, flags);
}

/** A test for whole words and phrases, case ignored. */
export function wordTest(words: readonly string[]): (text: string) => boolean {
  const pattern = wordMatcher(words, 'iu');
  return (text) => pattern.test(text);
}
