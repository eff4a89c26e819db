import { UNKNOWN } from '../paths.js';

/** Where the bytes of a stream or word came from, as far as it matters. */
export type Source = 'net' | 'decoded' | 'secret' | 'env' | 'file' | 'input' | 'find' | 'endless' | 'self';

/** What runs through a pipe or stands in a word: the text where it is known, and where it came from. */
export interface Flow {
  text?: string | undefined;
  sources: ReadonlySet<Source>;
}

const NONE: ReadonlySet<Source> = new Set();

export const EMPTY: Flow = { text: '', sources: NONE };
export const SILENT: Flow = { sources: NONE };

export function flow(text: string | undefined, ...sources: (Source | ReadonlySet<Source>)[]): Flow {
  const all = new Set<Source>();
  for (const s of sources) {
    if (typeof s === 'string') all.add(s);
    else for (const x of s) all.add(x);
  }
  return { text, sources: all };
}

/** One after the other on the same pipe. */
export function join(a: Flow, b: Flow): Flow {
  if (a === SILENT) return b;
  if (b === SILENT) return a;
  return flow(a.text === undefined || b.text === undefined ? undefined : cap(a.text + b.text), a.sources, b.sources);
}

export function cap(text: string, max = 65_536): string {
  return text.length > max ? text.slice(0, max) : text;
}

/** A word after expansion. `text` has {@link UNKNOWN} where a part is not known. */
export interface Word {
  text: string;
  /** Has an unquoted `*`, `?` or `[`. */
  glob: boolean;
  sources: ReadonlySet<Source>;
  /** What a `<(…)` would deliver. */
  stream?: Flow;
}

export function word(text: string, sources: ReadonlySet<Source> = NONE): Word {
  return { text, glob: false, sources };
}

export function known(text: string): boolean {
  return !text.includes(UNKNOWN);
}
