import type { ExchangeFold } from './fold.js';
import { addStored, type Bits, blockOf, clearBit, isEmpty, noBits, setBit, storedBits } from './index-bits.js';
import { type Db, prepared } from './index-db.js';
import { TAG_KINDS, type TagKind } from './search.js';

/** The bitmap of a tag in a block has this key: those of a block lie together. */
const MOST_TAGS = 2 ** 24;
export const tagKey = (block: number, tag: number): number => block * MOST_TAGS + tag;
/** Which tag a key is of. */
export const tagOf = (key: number): number => key % MOST_TAGS;

/** Tags as bitmaps, one a block; gathered and written together. All within the caller's transaction. */
export class TagRows {
  private ids = new Map<string, number>();
  private gathered = new Map<number, number[]>();

  constructor(private readonly db: Db) {}

  clear(): void {
    this.ids = new Map();
    this.gathered = new Map();
  }

  add(n: number, names: readonly string[]): void {
    for (const name of names) {
      const id = this.idOf(name) ?? Number(prepared(this.db, 'INSERT INTO tag_names (name) VALUES (?)').run(name).lastInsertRowid);
      this.ids.set(name, id);
      const key = tagKey(blockOf(n), id);
      const list = this.gathered.get(key);
      if (list) list.push(n);
      else this.gathered.set(key, [n]);
    }
  }

  private idOf(name: string): number | undefined {
    return this.ids.get(name) ?? (prepared(this.db, 'SELECT id FROM tag_names WHERE name = ?').get(name) as { id: number } | undefined)?.id;
  }

  flush(): void {
    for (const key of [...this.gathered.keys()].sort((a, b) => a - b)) this.change(key, this.gathered.get(key)!, setBit);
    this.gathered = new Map();
  }

  /** Takes the exchanges' tags away. */
  remove(exchanges: readonly { n: number; row: ExchangeFold }[]): void {
    const gone = new Map<number, number[]>();
    for (const { n, row } of exchanges) {
      for (const name of [...arrivalTags(row), ...endTags(row)]) {
        const id = this.idOf(name);
        if (id === undefined) continue;
        const key = tagKey(blockOf(n), id);
        const list = gone.get(key);
        if (list) list.push(n);
        else gone.set(key, [n]);
      }
    }
    for (const [key, list] of gone) this.change(key, list, clearBit);
  }

  private change(key: number, exchanges: readonly number[], how: (bits: Bits, n: number) => void): void {
    const bits = noBits();
    const stored = prepared(this.db, 'SELECT bits FROM tags WHERE key = ?').get(key) as { bits: Uint8Array } | undefined;
    if (stored) addStored(bits, stored.bits);
    for (const n of exchanges) how(bits, n);
    if (isEmpty(bits)) prepared(this.db, 'DELETE FROM tags WHERE key = ?').run(key);
    else
      prepared(this.db, 'INSERT INTO tags VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET bits = excluded.bits').run(key, storedBits(bits));
  }
}

/** Removes every tag of a block. */
export function dropTags(db: Db, block: number): void {
  prepared(db, 'DELETE FROM tags WHERE key >= ? AND key < ?').run(tagKey(block, 0), tagKey(block + 1, 0));
}

const tagName = (kind: TagKind, value: string | undefined): string[] => (value ? [`${TAG_KINDS[kind]}:${value}`] : []);

/** What an exchange is found by from its arrival on, and from its end on. */
export function arrivalTags(row: ExchangeFold): string[] {
  return [
    ...tagName('agent', row.agent),
    ...tagName('model', row.model),
    ...tagName('connection', row.connection),
    ...tagName('operation', row.operation),
    ...Object.keys(row.findings).flatMap((entity) => tagName('finding', entity)),
  ];
}

export function endTags(row: ExchangeFold): string[] {
  return [
    ...row.tools.flatMap((tool) => tagName('tool', tool)),
    ...tagName('outcome', row.outcome),
    ...tagName('verdict', row.strongest),
    ...row.rules.flatMap((rule) => tagName('rule', rule)),
  ];
}
