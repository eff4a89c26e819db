import type { Channels } from './channels.js';
import { quote, type Splice } from './json/patch.js';
import type { JsonNode } from './json/scan.js';
import type { AnswerHooks, ChannelInfo } from './types.js';

/** Replaces a JSON string by its two new texts, when one of them differs from it. Tells whether it did. */
export function putText(splices: Splice[], node: JsonNode, text: string, released: { clear: string; masked: string }): boolean {
  if (released.clear === text && released.masked === text) return false;
  const clear = quote(released.clear);
  splices.push({ start: node.start, end: node.end, clear, masked: released.masked === released.clear ? clear : quote(released.masked) });
  return true;
}

/** Replaces any value by raw JSON. */
export function putRaw(splices: Splice[], node: JsonNode, clear: string, masked = clear): void {
  splices.push({ start: node.start, end: node.end, clear, masked });
}

/** Takes members out of an object, with the commas that go with them. */
export function dropMembers(splices: Splice[], object: JsonNode, keys: readonly string[]): void {
  dropItems(
    splices,
    object,
    object.keys.map((key) => keys.includes(key)),
    object.keyStarts,
  );
}

/** Takes elements out of an array, or members out of an object when `starts` has the offsets of their keys. */
export function dropItems(
  splices: Splice[],
  list: JsonNode,
  drop: readonly boolean[],
  starts: readonly number[] = list.items.map((item) => item.start),
): void {
  const last = list.items.length - 1;
  let keptBefore = false;
  for (let i = 0; i <= last; i++) {
    if (!drop[i]) {
      keptBefore = true;
      continue;
    }
    let until = i;
    while (until < last && drop[until + 1]) until++;
    // From the end of the kept one before (its comma goes too), or up to the start of the next kept one.
    const start = keptBefore ? list.items[i - 1]!.end : starts[i]!;
    const end = keptBefore || until === last ? list.items[until]!.end : starts[until + 1]!;
    splices.push({ start, end, clear: '', masked: '' });
    i = until;
  }
}

/**
 * Runs every string value below `node` through a channel of its own: for pieces of an answer that hold text in unknown places
 * (citations, search results). Opaque, signed fields stay.
 */
export function sweep(splices: Splice[], node: JsonNode, channels: Channels, id: string): void {
  if (node.kind === 'string') {
    const text = node.string!;
    if (text.length > 0) putText(splices, node, text, channels.whole({ id, kind: 'text' } satisfies ChannelInfo, text));
  } else if (node.kind === 'object') {
    for (let i = 0; i < node.keys.length; i++)
      if (!OPAQUE.has(node.keys[i]!)) sweep(splices, node.items[i]!, channels, `${id}/${node.keys[i]}`);
  } else if (node.kind === 'array') {
    for (let i = 0; i < node.items.length; i++) sweep(splices, node.items[i]!, channels, `${id}/${i}`);
  }
}

/**
 * Members that the protocol does not know at this place: nobody would look at them, so every text below them is looked at here.
 * `list` is the member that must be an array; in another form it is unknown as well.
 */
export function sweepUnknown(
  splices: Splice[],
  root: JsonNode,
  known: ReadonlySet<string>,
  list: string,
  channels: Channels,
  hooks: AnswerHooks,
): void {
  for (let i = 0; i < root.keys.length; i++) {
    const key = root.keys[i]!;
    const node = root.items[i]!;
    if (key === list ? node.kind === 'array' : known.has(key)) continue;
    if (node.kind !== 'string' && node.kind !== 'object' && node.kind !== 'array') continue;
    sweep(splices, node, channels, key);
    hooks.notScanned({ partId: key, reason: 'unknown-part', bytes: node.size });
  }
}

/** Members that the provider signed or encrypted and wants back byte for byte. */
export const SEALED: ReadonlySet<string> = new Set(['signature', 'thought_signature', 'encrypted_content']);

/** Fields that carry ids, types, signatures or ciphertext: changing them breaks the protocol. */
export const OPAQUE: ReadonlySet<string> = new Set([
  ...SEALED,
  'type',
  'id',
  'encrypted_index',
  'encrypted_stdout',
  'file_id',
  'container_id',
  'tool_use_id',
  'call_id',
  'item_id',
  'status',
  'role',
  'media_type',
  'data',
]);

/** Reports a piece that was not scanned. */
export function unscanned(
  hooks: AnswerHooks,
  partId: string,
  node: JsonNode,
  reason: 'image' | 'audio' | 'file' | 'unknown-part' | 'signed',
): void {
  hooks.notScanned({ partId, reason, bytes: node.size });
}
