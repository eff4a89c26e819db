import type { Finding } from '../../contract/index.js';

/** Findings by place, so that what stands at one place is found without a look at all others. */
export class Spans {
  private readonly buckets = new Map<number, Set<Finding>>();
  private readonly all: Set<Finding>;

  constructor(found: readonly Finding[]) {
    this.all = new Set(found);
    for (const f of found) this.mark(f);
  }

  private mark(f: Finding): void {
    for (let b = f.start >> 8; b <= f.end >> 8; b++) {
      const bucket = this.buckets.get(b);
      if (bucket) bucket.add(f);
      else this.buckets.set(b, new Set([f]));
    }
  }

  has(f: Finding): boolean {
    return this.all.has(f);
  }

  add(f: Finding): void {
    this.all.add(f);
    this.mark(f);
  }

  remove(f: Finding): void {
    this.all.delete(f);
    for (let b = f.start >> 8; b <= f.end >> 8; b++) this.buckets.get(b)?.delete(f);
  }

  /** Gives `f` other edges. */
  move(f: Finding, start: number, end: number): void {
    this.remove(f);
    f.start = start;
    f.end = end;
    this.add(f);
  }

  /** What shares characters with `start … end`. */
  over(start: number, end: number): Finding[] {
    const out: Finding[] = [];
    for (let b = start >> 8; b <= end >> 8; b++)
      for (const f of this.buckets.get(b) ?? []) if (f.start < end && f.end > start && !out.includes(f)) out.push(f);
    return out;
  }

  /** Takes out what shares characters with `start … end`, but ages and `keep`. */
  clear(start: number, end: number, keep?: Finding): void {
    for (const f of this.over(start, end)) if (f !== keep && f.entity !== 'AGE') this.remove(f);
  }

  list(): Finding[] {
    return [...this.all];
  }
}
