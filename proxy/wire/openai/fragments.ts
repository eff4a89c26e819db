import { add, type Channels } from '../channels.js';
import { quote, type Splice } from '../json/patch.js';
import type { JsonNode } from '../json/scan.js';
import { OPAQUE, putText, sweep } from '../slots.js';
import type { ChannelInfo } from '../types.js';

/** Members of structured deltas whose text comes in fragments; every other string comes whole. */
const FRAGMENTS = new Set(['text', 'summary', 'thinking', 'content', 'reasoning']);

/** Writes the structured member again, with nothing in it but this text at one channel's place. */
export type Tail = (text: string) => string;

/**
 * Takes the texts of a structured delta through channels of their own, so that a value cut in two by the stream is still found:
 * Mistral's `content: [{"type":"thinking","thinking":[{"type":"text","text":…}]}]`, OpenRouter's `reasoning_details`. What a channel
 * holds back is to be put out later in the form that its tail gives.
 */
export function pushFragments(
  splices: Splice[],
  value: JsonNode,
  channels: Channels,
  info: ChannelInfo,
  tails: Map<string, Tail>,
  last: boolean,
): void {
  const places = new Map<JsonNode, string>();
  collect(value, info.id, info.id.slice(info.id.lastIndexOf('/') + 1), places, (node, id) => sweep(splices, node, channels, id));
  for (const [node, id] of places) {
    const text = node.string!;
    tails.set(id, (tail) => rewrite(value, places, node, tail));
    const pushed = channels.push({ ...info, id }, text);
    putText(splices, node, text, last ? add(pushed, channels.flush(id)) : pushed);
  }
}

function collect(
  node: JsonNode,
  id: string,
  name: string,
  places: Map<JsonNode, string>,
  whole: (node: JsonNode, id: string) => void,
): void {
  if (node.kind === 'string') {
    if (FRAGMENTS.has(name)) places.set(node, id);
    else whole(node, id);
  } else if (node.kind === 'object') {
    for (let i = 0; i < node.keys.length; i++)
      if (!OPAQUE.has(node.keys[i]!)) collect(node.items[i]!, `${id}/${node.keys[i]}`, node.keys[i]!, places, whole);
  } else if (node.kind === 'array') {
    // The number that the protocol gives, where it gives one: fragments of the second piece come alone, too.
    for (let i = 0; i < node.items.length; i++)
      collect(node.items[i]!, `${id}/${node.items[i]!.get('index')?.number ?? i}`, name, places, whole);
  }
}

/** What a tail repeats beside its text; every other string has gone out already, looked at. */
const REPEATED = new Set(['type', 'id']);

function rewrite(node: JsonNode, places: ReadonlyMap<JsonNode, string>, at: JsonNode, text: string): string {
  if (node === at) return quote(text);
  if (node.kind === 'array') return `[${node.items.map((item) => rewrite(item, places, at, text)).join(',')}]`;
  if (node.kind !== 'object') return node.kind === 'string' ? '""' : node.raw;
  const members = node.keys.map((key, i) => {
    const item = node.items[i]!;
    if (item.kind !== 'string' || places.has(item)) return `${quote(key)}:${rewrite(item, places, at, text)}`;
    return REPEATED.has(key) ? `${quote(key)}:${item.raw}` : '';
  });
  return `{${members.filter(Boolean).join(',')}}`;
}
