/** Expands `[a|b|c]` slots (nested) and `{name}` lists at random. */
export function randomOf(seed: number): () => number {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function expand(template: string, lists: Record<string, readonly string[]>, random: () => number): string {
  const pick = <T>(a: readonly T[]): T => a[Math.floor(random() * a.length)]!;
  let text = template;
  for (let depth = 0; depth < 6; depth++) {
    const before = text;
    text = text.replace(/\[([^[\]]*\|[^[\]]*)\]/g, (_, body: string) => pick(body.split('|')));
    text = text.replace(/\{([a-z]+)\}/g, (whole, name: string) => (lists[name] ? pick(lists[name]) : whole));
    if (text === before) break;
  }
  return text.replace(/ {2,}/g, ' ').trim();
}
