/**
 * A JSON reader that remembers where every value stands in the bytes, so that one value can be replaced without touching the
 * spelling of any other (numbers such as 1e400, key order, unknown fields, white space). Grammar: RFC 8259, strictly.
 *
 * An attacker controls these bytes. Nesting is bounded (stack), every key may be demanded to be unique (two readers must not
 * see two different bodies), and the time is linear in the length.
 */

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'true' | 'false' | 'null';

/** Deepest nesting that is read. */
export const MAX_DEPTH = 256;

export class JsonSyntaxError extends Error {
  constructor(
    readonly offset: number,
    what: string,
  ) {
    super(`${what} at byte ${offset}`);
    this.name = 'JsonSyntaxError';
  }
}

const NO_KEYS: string[] = [];
const NO_ITEMS: JsonNode[] = [];
const NO_STARTS: number[] = [];
const SKIPPED: JsonNode[] = [];

/** Objects that were read before at the same place of the same bytes: the scanner passes over them. Ascending. */
export type KnownSpans = readonly { start: number; end: number }[];

/** The value of a member of the outermost object, read before: where its very bytes stand again, the scanner passes over them. */
export interface KnownMember {
  key: string;
  bytes: Buffer;
}

/** What the scanner need not read again. */
export interface Known {
  spans: KnownSpans;
  member?: KnownMember | undefined;
}
const NOTHING_KNOWN: Known = { spans: [] };

/** Was this value passed over? Then nothing is known of its members. */
export const isSkipped = (node: JsonNode): boolean => node.items === SKIPPED;

/** One value; `start` … `end` are byte offsets in `bytes`, quotes and brackets included. */
export class JsonNode {
  end = 0;
  /** Of an object: decoded keys, same order as `items`. */
  keys: string[] = NO_KEYS;
  /** Of an object: byte offset of each key's opening quote. */
  keyStarts: number[] = NO_STARTS;
  items: JsonNode[] = NO_ITEMS;
  /** Of a string: does it hold a backslash? */
  escaped = false;

  constructor(
    readonly kind: JsonKind,
    /** Where it stands; another buffer may take the place of one that has the same bytes there. */
    public bytes: Buffer,
    readonly start: number,
  ) {}

  /** Member of an object; the last one where a key is repeated, as every JSON parser in use does. */
  get(key: string): JsonNode | undefined {
    const keys = this.keys;
    for (let i = keys.length - 1; i >= 0; i--) if (keys[i] === key) return this.items[i];
    return undefined;
  }

  /** The decoded string, or undefined when it is no string. */
  get string(): string | undefined {
    if (this.kind !== 'string') return undefined;
    const { bytes, start, end } = this;
    if (this.escaped) return JSON.parse(bytes.toString('utf8', start, end)) as string;
    if (end - start <= LONGEST_VALUE + 2) return intern(bytes, start + 1, end - 1).text;
    return bytes.toString('utf8', start + 1, end - 1);
  }

  get number(): number | undefined {
    if (this.kind !== 'number') return undefined;
    const { bytes, start, end } = this;
    if (end - start > 9) return Number(this.raw);
    let value = 0;
    for (let i = start; i < end; i++) {
      const digit = bytes[i]! - 48;
      if (digit < 0 || digit > 9) return Number(this.raw);
      value = value * 10 + digit;
    }
    return value;
  }

  /** The value exactly as it stands in the bytes. */
  get raw(): string {
    return this.bytes.toString('utf8', this.start, this.end);
  }

  get size(): number {
    return this.end - this.start;
  }

  /** The value as JavaScript sees it. */
  get value(): unknown {
    return JSON.parse(this.raw);
  }
}

/**
 * Keys and short values (roles, types, names) come again and again; looking one up costs less than making it anew. Keys repeat in every
 * event of a stream, in the same order, too: each remembers which one followed it last, so that mostly one comparison is all that
 * reading a key takes.
 */
interface Word {
  text: string;
  slot: number;
  /** Slot of the key that came after this key: a place, not the key, or whoever sends long rows of keys would have them all kept. */
  next: number;
}
const SLOTS = 4096;
const LONGEST_WORD = 40;
/** A longer value is hardly ever met again. */
const LONGEST_VALUE = 24;
const wordsByHash: (Word | undefined)[] = new Array(SLOTS);
const FIRST: Word = { text: '', slot: 0, next: 0 };

function isAt(text: string, bytes: Buffer, start: number): boolean {
  const { length } = text;
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}

/** The word in bytes `start` … `end`; only short ones of ASCII alone are kept: of those, length and bytes decide. */
function intern(bytes: Buffer, start: number, end: number): Word {
  let hash = end - start;
  for (let i = start; i < end && i < start + 32; i++) hash = (hash * 31 + bytes[i]!) | 0;
  const slot = hash & (SLOTS - 1);
  const known = wordsByHash[slot];
  if (known !== undefined && known.text.length === end - start && isAt(known.text, bytes, start)) return known;
  const word: Word = { text: bytes.toString('utf8', start, end), slot, next: 0 };
  if (end - start <= LONGEST_WORD && word.text.length === end - start) wordsByHash[slot] = word;
  return word;
}

/** More members than this are looked up in a set. */
const FEW_KEYS = 12;

class Scanner {
  pos: number;
  private last = FIRST;
  /** Members of what is being read; each object and array takes its own off in one exact list. */
  private readonly keys: string[] = [];
  private readonly keyStarts: number[] = [];
  private readonly items: JsonNode[] = [];
  private keyTop = 0;
  private itemTop = 0;
  private nextKnown = 0;
  private skipAt: number;
  constructor(
    readonly bytes: Buffer,
    start: number,
    readonly end: number,
    readonly uniqueKeys: boolean,
    readonly known: Known,
  ) {
    this.pos = start;
    this.skipAt = known.spans[0]?.start ?? -1;
  }

  space(): void {
    const { bytes, end } = this;
    let p = this.pos;
    while (p < end) {
      const c = bytes[p];
      if (c !== 32 && c !== 10 && c !== 13 && c !== 9) break;
      p++;
    }
    this.pos = p;
  }

  private hasKey(key: string, from: number): boolean {
    for (let i = from; i < this.keyTop; i++) if (this.keys[i] === key) return true;
    return false;
  }

  fail(what: string): never {
    throw new JsonSyntaxError(this.pos, this.pos >= this.end ? 'unexpected end of JSON' : what);
  }

  value(depth: number): JsonNode {
    if (depth > MAX_DEPTH) this.fail('nested too deeply');
    const c = this.pos < this.end ? this.bytes[this.pos]! : -1;
    switch (c) {
      case 34:
        return this.string();
      case 123:
        return this.pos === this.skipAt ? this.skip() : this.object(depth);
      case 91:
        return this.array(depth);
      case 116:
        return this.literal('true');
      case 102:
        return this.literal('false');
      case 110:
        return this.literal('null');
      default:
        if (c === 45 || (c >= 48 && c <= 57)) return this.number();
        return this.fail('unexpected character');
    }
  }

  private skip(): JsonNode {
    const { spans } = this.known;
    const node = this.skipTo('object', spans[this.nextKnown++]!.end);
    this.skipAt = spans[this.nextKnown]?.start ?? -1;
    return node;
  }

  private skipTo(kind: JsonKind, end: number): JsonNode {
    const node = new JsonNode(kind, this.bytes, this.pos);
    node.items = SKIPPED;
    node.end = this.pos = end;
    return node;
  }

  /** A member of the outermost object. A list that begins with the bytes of a whole list is that list. */
  private member(key: string): JsonNode {
    const { member } = this.known;
    if (member?.key === key && this.bytes[this.pos] === 91) {
      const end = this.pos + member.bytes.length;
      if (end <= this.end && this.bytes.compare(member.bytes, 0, member.bytes.length, this.pos, end) === 0)
        return this.skipTo('array', end);
    }
    return this.value(1);
  }

  object(depth: number): JsonNode {
    const node = new JsonNode('object', this.bytes, this.pos++);
    this.space();
    if (this.bytes[this.pos] === 125 && this.pos < this.end) {
      node.end = ++this.pos;
      return node;
    }
    let seen: Set<string> | undefined;
    const { keys, keyStarts, items } = this;
    const firstKey = this.keyTop;
    const firstItem = this.itemTop;
    for (;;) {
      const keyStart = this.pos;
      const key = this.key();
      if (this.uniqueKeys) {
        if (seen === undefined && this.keyTop - firstKey >= FEW_KEYS) seen = new Set(keys.slice(firstKey, this.keyTop));
        if (seen ? seen.has(key) : this.hasKey(key, firstKey)) throw new JsonSyntaxError(keyStart, 'the same key twice in one object');
        seen?.add(key);
      }
      this.space();
      if (this.pos >= this.end || this.bytes[this.pos] !== 58) this.fail('expected a colon');
      this.pos++;
      this.space();
      keys[this.keyTop] = key;
      keyStarts[this.keyTop++] = keyStart;
      const item = depth === 0 ? this.member(key) : this.value(depth + 1);
      items[this.itemTop++] = item;
      this.space();
      const c = this.pos < this.end ? this.bytes[this.pos] : -1;
      if (c === 44) {
        this.pos++;
        this.space();
        continue;
      }
      if (c !== 125) this.fail('expected a comma or the end of an object');
      node.end = ++this.pos;
      node.keys = keys.slice(firstKey, this.keyTop);
      node.keyStarts = keyStarts.slice(firstKey, this.keyTop);
      node.items = items.slice(firstItem, this.itemTop);
      this.keyTop = firstKey;
      this.itemTop = firstItem;
      return node;
    }
  }

  array(depth: number): JsonNode {
    const node = new JsonNode('array', this.bytes, this.pos++);
    this.space();
    if (this.bytes[this.pos] === 93 && this.pos < this.end) {
      node.end = ++this.pos;
      return node;
    }
    const { items } = this;
    const firstItem = this.itemTop;
    for (;;) {
      const item = this.value(depth + 1);
      items[this.itemTop++] = item;
      this.space();
      const c = this.pos < this.end ? this.bytes[this.pos] : -1;
      if (c === 44) {
        this.pos++;
        this.space();
        continue;
      }
      if (c !== 93) this.fail('expected a comma or the end of an array');
      node.end = ++this.pos;
      node.items = items.slice(firstItem, this.itemTop);
      this.itemTop = firstItem;
      return node;
    }
  }

  /** Moves behind the closing quote; tells whether a backslash was met. `pos` stands on the opening quote. */
  private skipString(): boolean {
    const { bytes, end } = this;
    let p = this.pos + 1;
    let escaped = false;
    for (;;) {
      if (p >= end) {
        this.pos = p;
        this.fail('unterminated string');
      }
      const c = bytes[p]!;
      if (c === 34) break;
      if (c === 92) {
        escaped = true;
        p++;
        const e = p < end ? bytes[p]! : 0;
        if (e === 117) {
          for (let k = 1; k <= 4; k++) {
            const h = p + k < end ? bytes[p + k]! : 0;
            if (!((h >= 48 && h <= 57) || (h >= 65 && h <= 70) || (h >= 97 && h <= 102))) {
              this.pos = p;
              this.fail('bad escape');
            }
          }
          p += 5;
          continue;
        }
        if (e !== 34 && e !== 92 && e !== 47 && e !== 98 && e !== 102 && e !== 110 && e !== 114 && e !== 116) {
          this.pos = p;
          this.fail('bad escape');
        }
        p++;
        continue;
      }
      if (c < 32) {
        this.pos = p;
        this.fail('control character in a string');
      }
      p++;
    }
    this.pos = p + 1;
    return escaped;
  }

  key(): string {
    if (this.pos >= this.end || this.bytes[this.pos] !== 34) this.fail('expected a key');
    const { bytes, last } = this;
    const start = this.pos;
    const guess = wordsByHash[last.next];
    if (guess !== undefined) {
      const stop = start + 1 + guess.text.length;
      if (stop < this.end && bytes[stop] === 34 && isAt(guess.text, bytes, start + 1)) {
        this.pos = stop + 1;
        this.last = guess;
        return guess.text;
      }
    }
    if (this.skipString()) return JSON.parse(bytes.toString('utf8', start, this.pos)) as string;
    const key = intern(bytes, start + 1, this.pos - 1);
    last.next = key.slot;
    this.last = key;
    return key.text;
  }

  string(): JsonNode {
    const node = new JsonNode('string', this.bytes, this.pos);
    node.escaped = this.skipString();
    node.end = this.pos;
    return node;
  }

  number(): JsonNode {
    const node = new JsonNode('number', this.bytes, this.pos);
    const { bytes, end } = this;
    let p = this.pos;
    if (bytes[p] === 45) p++;
    const first = p;
    while (p < end && bytes[p]! >= 48 && bytes[p]! <= 57) p++;
    if (p === first || (bytes[first] === 48 && p > first + 1)) this.fail('bad number');
    if (p < end && bytes[p] === 46) {
      const from = ++p;
      while (p < end && bytes[p]! >= 48 && bytes[p]! <= 57) p++;
      if (p === from) this.fail('bad number');
    }
    if (p < end && (bytes[p] === 101 || bytes[p] === 69)) {
      p++;
      if (p < end && (bytes[p] === 43 || bytes[p] === 45)) p++;
      const from = p;
      while (p < end && bytes[p]! >= 48 && bytes[p]! <= 57) p++;
      if (p === from) this.fail('bad number');
    }
    node.end = this.pos = p;
    return node;
  }

  literal(word: 'true' | 'false' | 'null'): JsonNode {
    const node = new JsonNode(word, this.bytes, this.pos);
    for (let i = 0; i < word.length; i++)
      if (this.pos + i >= this.end || this.bytes[this.pos + i] !== word.charCodeAt(i)) this.fail('unexpected word');
    node.end = this.pos += word.length;
    return node;
  }
}

/**
 * Reads one JSON value that fills `bytes` from `start` to `end`.
 * @param uniqueKeys refuse an object that has a key twice
 * @param known objects that the same bytes, read by this function, had at the same places, and a list that it has read elsewhere
 * @throws JsonSyntaxError
 */
export function scanJson(bytes: Buffer, start = 0, end = bytes.length, uniqueKeys = false, known = NOTHING_KNOWN): JsonNode {
  const scanner = new Scanner(bytes, start, end, uniqueKeys, known);
  scanner.space();
  const node = scanner.value(0);
  scanner.space();
  if (scanner.pos < end) scanner.fail('something follows the value');
  return node;
}
