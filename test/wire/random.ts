/** A small seeded generator (mulberry32): a failing case is named by its seed. */
export class Random {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  chance(p: number): boolean {
    return this.next() < p;
  }
}

/** Cuts bytes anywhere: inside a line end, a character, an escape. One way in ten is byte by byte. */
export function chunks(bytes: Buffer, random: Random): Buffer[] {
  const most = random.pick([1, 2, 9, 30, 90, 90, 400, 400, 1000, 1000]);
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random.below(most);
    out.push(bytes.subarray(at, at + size));
    at += size;
  }
  return out;
}

/** Cuts text anywhere between UTF-16 units, but not inside a pair of surrogates (JSON texts of providers never do). */
export function pieces(text: string, random: Random, most = 12): string[] {
  const out: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = at + 1 + random.below(most);
    const c = text.charCodeAt(end - 1);
    if (c >= 0xd800 && c <= 0xdbff) end++;
    out.push(text.slice(at, end));
    at = end;
  }
  return out;
}
