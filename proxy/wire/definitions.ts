import type { JsonPath } from '../contract/index.js';
import type { JsonNode } from './json/scan.js';
import type { About, Reading } from './reading.js';

/** Keywords of JSON Schema whose values are identifiers or types, not text. */
const SCHEMA_WORDS = new Set(['type', '$schema', '$id', '$ref', 'required', 'format', 'name', 'strict', 'cache_control']);

/** Text in a tool definition or a schema (descriptions, titles, defaults, examples): each string a part. */
export function definition(reading: Reading, node: JsonNode, path: JsonPath, name?: string): void {
  const about: About = { role: 'definition', kind: 'tool-definition', provenance: 'operator' };
  if (name) about.tool = { name };
  walk(reading, node, path, about);
}

function walk(reading: Reading, node: JsonNode, path: JsonPath, about: About): void {
  if (node.kind === 'string') {
    if (node.size > 2) reading.text(node, path, about);
  } else if (node.kind === 'object') {
    const ofProperties = path[path.length - 1] === 'properties';
    node.keys.forEach((key, i) => {
      if (ofProperties || !SCHEMA_WORDS.has(key)) walk(reading, node.items[i]!, [...path, key], about);
    });
  } else for (const [i, item] of node.items.entries()) walk(reading, item, [...path, i], about);
}

/** Members of the body that no dialect rule names: their strings are read like any text, so that nothing goes out unseen. */
export function others(reading: Reading, root: JsonNode, handled: ReadonlySet<string>, path: JsonPath = []): void {
  const { keys, items } = root;
  for (let i = 0; i < keys.length; i++)
    if (!handled.has(keys[i]!)) reading.leaves(items[i]!, [...path, keys[i]!], { role: 'other', kind: 'text', provenance: 'unknown' });
}
