/** What an import made of somebody else's configuration, and what it could not. Nothing is dropped without a word. */
export interface ImportReport {
  /** A policy source (YAML) to look at, try and save; nothing is active by the import itself. */
  source: string;
  mapped: { from: string; to: string }[];
  notMapped: { what: string; why: string }[];
}

/** A rule id of a name that people gave. */
export function idOf(name: string, taken: Set<string>): string {
  const base =
    name
      .toLowerCase()
      .normalize('NFKD')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'rule';
  let id = base;
  for (let n = 2; taken.has(id); n++) id = `${base}-${n}`;
  taken.add(id);
  return id;
}

/** A JSON document as an object, or undefined. */
export const asObject = (v: unknown): Record<string, unknown> | undefined =>
  v !== null && typeof v === 'object' && !Array.isArray(v) ? (v as Record<string, unknown>) : undefined;

export const asStrings = (v: unknown): string[] =>
  Array.isArray(v) ? v.filter((x): x is string => typeof x === 'string' && x !== '') : [];
