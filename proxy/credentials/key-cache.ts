import type { Clock } from '../contract/index.js';
import type { Found } from './read-reference.js';

/** What reading a reference gave: a key, or why there is none. */
export interface Read {
  found?: Found;
  error?: unknown;
}

/** Keys in memory by reference, each for a time; one that is over is let go of at once, whether or not anybody asks for it again. */
export class KeyCache {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #kept = new Map<string, Read & { untilMs: number; timer: NodeJS.Timeout }>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** How many are held. */
  get size(): number {
    return this.#kept.size;
  }

  get(reference: string): Read | undefined {
    const kept = this.#kept.get(reference);
    return kept !== undefined && this.#clock.monotonic() < kept.untilMs ? kept : undefined;
  }

  put(reference: string, read: Read, forMs: number): void {
    this.delete(reference);
    const timer = setTimeout(() => this.delete(reference), forMs).unref();
    this.#kept.set(reference, { ...read, untilMs: this.#clock.monotonic() + forMs, timer });
  }

  delete(reference: string): void {
    clearTimeout(this.#kept.get(reference)?.timer);
    this.#kept.delete(reference);
  }

  /** Lets go of every reference but these. */
  keepOnly(references: ReadonlySet<string>): void {
    for (const reference of this.#kept.keys()) if (!references.has(reference)) this.delete(reference);
  }
}
