import type { PolicyPart } from './compile.js';
import type { DemandDefaults } from './demands.js';
import { createPolicy } from './policy.js';
import { readCached } from './read.js';
import type { Policy } from './types.js';

/** A policy as text, so that another thread can compile it. */
export interface PolicySources {
  preset: string;
  managed: boolean;
  /** In order: preset, user files, managed. Checked: they can be read. */
  parts: (Omit<PolicyPart, 'document'> & { source: string })[];
  defaults: DemandDefaults;
}

/** Compiles checked sources. A managed policy that takes only stricter rules takes no restore rules of the user. */
export function compileSources({ preset, managed, parts, defaults }: PolicySources): Policy {
  const read = parts.map((part) => {
    const { document } = readCached(part.source);
    return { ...part, document: part.mayExcept === false ? { ...document, restore: [] } : document };
  });
  return createPolicy({ preset, managed, parts: read, defaults });
}
