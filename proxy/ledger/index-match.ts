import {
  addStored,
  allBits,
  andBits,
  andNotBits,
  type Bits,
  BLOCK,
  blockOf,
  isEmpty,
  newestFirst,
  noBits,
  setBit,
  setRange,
} from './index-bits.js';
import { type Db, prepared, SPAN } from './index-db.js';
import { tagKey, tagOf } from './index-tags.js';
import { shelf } from './index-words.js';

/** What exchanges have to have, each of it. */
export interface Wanted {
  /** Of each, one of the tags (or, with `not`, none). */
  tags: { ids: number[]; not: boolean }[];
  /** Milliseconds since the epoch; [after, before). */
  after?: number;
  before?: number;
  /** Hashes of a value; the exchange's session holds it. */
  values: string[][];
  /** FTS5 query. */
  words?: string;
}

/** Sessions of a value whose exchanges are listed at once; of more, those of a block are looked for. */
const MOST_SESSIONS = 5_000;
/** Tags that are fetched by name; of more, all of the block are. */
const MOST_TAGS = 200;

/** Answers which exchanges of a block are meant by a search. For one search on an index that does not change meanwhile. */
export class Matcher {
  private readonly found = new Map<number, Bits | undefined>();
  private readonly shelves: Set<number>;
  /** Spans that lie wholly or partly within the times. */
  private readonly spans: Set<number> | undefined;
  private readonly holders: (Map<number, Bits> | ((block: number) => Bits))[];
  private readonly tags: number[];
  /** Blocks that can hold a match, newest first. */
  readonly blocks: number[];

  constructor(
    private readonly db: Db,
    private readonly wanted: Wanted,
  ) {
    this.shelves = new Set((prepared(db, 'SELECT block FROM shelves').all() as { block: number }[]).map(({ block }) => block));
    this.tags = [...new Set(wanted.tags.flatMap(({ ids }) => ids))];
    this.holders = wanted.values.map((hashes) => this.holdersOf(hashes));
    const { after, before } = wanted;
    const within = after !== undefined || before !== undefined;
    const spans = prepared(db, 'SELECT span FROM spans WHERE last_ms >= ? AND first_ms < ?').all(
      after ?? Number.MIN_SAFE_INTEGER,
      before ?? Number.MAX_SAFE_INTEGER,
    ) as { span: number }[];
    this.spans = within ? new Set(spans.map(({ span }) => span)) : undefined;
    this.blocks = [...new Set(spans.map(({ span }) => blockOf(span * SPAN)))].sort((a, b) => b - a);
  }

  /** Is the time of an exchange within the search's? Bitmaps are only right to a span. */
  inTime(atMs: number): boolean {
    const { after, before } = this.wanted;
    return (after === undefined || atMs >= after) && (before === undefined || atMs < before);
  }

  /** Exchanges of a block for which everything holds, times aside; undefined when there are none. Not to be changed. */
  in(block: number): Bits | undefined {
    if (!this.found.has(block)) this.found.set(block, this.look(block));
    return this.found.get(block);
  }

  private look(block: number): Bits | undefined {
    if (this.wanted.words !== undefined && !this.shelves.has(block)) return undefined;
    const bits = allBits();
    if (this.spans) this.withinTimes(bits, block);
    if (this.tags.length > 0) this.withTags(bits, block);
    for (const holders of this.holders) {
      if (isEmpty(bits)) return undefined;
      andBits(bits, typeof holders === 'function' ? holders(block) : (holders.get(block) ?? noBits()));
    }
    if (isEmpty(bits)) return undefined;
    if (this.wanted.words !== undefined) {
      this.withWords(bits, block, this.wanted.words);
      if (isEmpty(bits)) return undefined;
    }
    return bits;
  }

  private withinTimes(bits: Bits, block: number): void {
    for (let span = (block * BLOCK) / SPAN; span < ((block + 1) * BLOCK) / SPAN; span++)
      if (!this.spans!.has(span)) setRange(bits, block, span * SPAN, (span + 1) * SPAN, false);
  }

  private withTags(bits: Bits, block: number): void {
    const few = this.tags.length <= MOST_TAGS;
    const rows = (
      few
        ? prepared(this.db, `SELECT key, bits FROM tags WHERE key IN (${this.tags.map(() => '?').join(',')})`).all(
            ...this.tags.map((tag) => tagKey(block, tag)),
          )
        : prepared(this.db, 'SELECT key, bits FROM tags WHERE key >= ? AND key < ?').all(tagKey(block, 0), tagKey(block + 1, 0))
    ) as { key: number; bits: ArrayBuffer }[];
    const stored = new Map(rows.map((row) => [tagOf(row.key), row.bits]));
    for (const { ids, not } of this.wanted.tags) {
      const any = noBits();
      for (const id of ids) {
        const own = stored.get(id);
        if (own) addStored(any, own);
      }
      (not ? andNotBits : andBits)(bits, any);
    }
  }

  private withWords(bits: Bits, block: number, words: string): void {
    const [newest] = newestFirst(bits, block);
    // As one text: a row for each costs several times as much.
    const { list } = prepared(
      this.db,
      `SELECT group_concat(rowid) AS list FROM ${shelf(block)} WHERE ${shelf(block)} MATCH ? AND rowid >= ? AND rowid <= ?`,
    ).get(words, oldestOf(bits, block), newest) as { list: string | null };
    const matches = noBits();
    if (list) for (const n of list.split(',')) setBit(matches, Number(n));
    andBits(bits, matches);
  }

  private holdersOf(hashes: string[]): Map<number, Bits> | ((block: number) => Bits) {
    const marks = hashes.map(() => '?').join(',');
    const sessions = prepared(this.db, `SELECT DISTINCT session FROM blind WHERE hash IN (${marks}) LIMIT ${MOST_SESSIONS + 1}`).all(
      ...hashes,
    ) as { session: number }[];
    if (sessions.length > MOST_SESSIONS)
      return (block) => {
        const sql = `SELECT group_concat(n) AS list FROM places WHERE n >= ? AND n < ? AND EXISTS (SELECT 1 FROM blind WHERE hash IN (${marks}) AND blind.session = places.session)`;
        const { list } = prepared(this.db, sql).get(block * BLOCK, (block + 1) * BLOCK, ...hashes) as { list: string | null };
        const bits = noBits();
        if (list) for (const n of list.split(',')) setBit(bits, Number(n));
        return bits;
      };
    const blocks = new Map<number, Bits>();
    const own = prepared(this.db, 'SELECT n FROM exchanges WHERE session = ?');
    for (const { session } of sessions) {
      for (const { n } of own.all(session) as { n: number }[]) {
        const block = blockOf(n);
        if (!blocks.has(block)) blocks.set(block, noBits());
        setBit(blocks.get(block)!, n);
      }
    }
    return blocks;
  }
}

function oldestOf(bits: Bits, block: number): number {
  const i = bits.findIndex((word) => word !== 0);
  const word = bits[i]!;
  return block * BLOCK + i * 32 + (31 - Math.clz32(word & -word));
}
