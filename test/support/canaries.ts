import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** All files below a directory. */
export function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((e) => {
    const path = join(directory, e.name);
    return e.isDirectory() ? filesBelow(path) : e.isFile() && statSync(path).size > 0 ? [path] : [];
  });
}

/** The forms in which a value could hide: as it is, JSON-escaped, percent-encoded, hex, UTF-16, and base64 at each of the three offsets. */
export function disguises(value: string): Buffer[] {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // Leave out what depends on the neighbours.
    return text.slice(offset === 0 ? 0 : offset + 1, Math.floor(((bytes.length + offset) * 4) / 3) - 2);
  });
  const texts = [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), bytes.toString('hex'), ...base64];
  return [...new Set(texts)]
    .filter((t) => t.length >= 8)
    .map((t) => Buffer.from(t))
    .concat(Buffer.from(value, 'utf16le'));
}

/** Where any of the values stands, in any disguise: `file: name`. */
export function findIn(sources: Map<string, Buffer>, values: Record<string, string>): string[] {
  const found: string[] = [];
  for (const [name, value] of Object.entries(values))
    for (const form of disguises(value)) for (const [source, bytes] of sources) if (bytes.includes(form)) found.push(`${source}: ${name}`);
  return [...new Set(found)];
}

/** Contents of all files below a directory, by relative path. */
export const readAll = (directory: string): Map<string, Buffer> =>
  new Map(filesBelow(directory).map((f) => [relative(directory, f), readFileSync(f)]));
