import { exchangeDetail } from './detail.js';
import { exchangeSpans } from './export/otlp.js';
import type { ExchangeFold } from './fold.js';
import { Indexer } from './index-build.js';
import { type Db, getMeta, openIndex, prepared, removeIndex } from './index-db.js';
import { segmentsOf, sessionDetail, sessionPage } from './index-query.js';
import { indexValues } from './index-values.js';
import { tidy } from './index-words.js';
import { derivedKey } from './keys.js';
import { Locator } from './locate.js';
import { ledgerPaths, listSegments } from './paths.js';
import { segmentEnd } from './scan.js';
import { readSessionKey } from './slot-file.js';
import type { ExchangeDetail, IndexProgress, SessionDetail, SessionPage, SessionQuery } from './types.js';

/** How long a question waits for the index to catch up (ms) before it is answered with what is there. */
const PATIENCE = 300;
const SLICE = 150;
/** Of a body, so much goes to a live exporter. */
const MOST_SHOWN = 131_072;
/** So many bytes are no catching up but a building. */
const FAR = 64 << 20;

/** The index with everything that is asked of it. Synchronous work; it runs in a worker. */
export class IndexService {
  private db: Db;
  private indexer: Indexer;
  private locator: Locator;
  private readonly paths;
  private behind = true;
  private worked = { ms: 0, bytes: 0 };
  /** Where the ledger ended when all of it was indexed: while it ends there, there is nothing to do. */
  private indexedTo = '';
  /** Bytes of segments that no longer grow. */
  private readonly sizes = new Map<number, number>();

  constructor(
    directory: string,
    private readonly master: Buffer | undefined,
    private readonly blindKey: Buffer | undefined,
  ) {
    this.paths = ledgerPaths(directory);
    ({ db: this.db, indexer: this.indexer, locator: this.locator } = this.open());
  }

  private open() {
    const key = derivedKey(this.master ?? Buffer.alloc(32), 'index').toString('hex');
    const db = openIndex(this.paths.index, key);
    return {
      db,
      indexer: new Indexer(db, this.paths.segments, this.paths.keys, this.master),
      locator: new Locator(db, this.paths.segments),
    };
  }

  /** Works for one slice; one that is `polite` ends soon after something new was recorded. True: the index is up to date. */
  step(budget = SLICE, polite = false): boolean {
    const end = this.end();
    if (this.behind || end !== this.indexedTo) {
      const start = Date.now();
      const before = this.indexedBytes();
      const done = this.indexer.step(budget, polite ? () => this.end() !== end : undefined);
      const gained = this.indexedBytes() - before;
      if (gained > 0) {
        this.worked.ms += Date.now() - start;
        this.worked.bytes += gained;
      }
      this.behind = !done;
      if (done) this.indexedTo = end;
    }
    return !this.behind && indexValues(this.db, this.paths.values);
  }

  /** Works for one slice on tidying up, which also removes what was forgotten from the index's file. True: nothing is left to do. */
  tidy(budget: number): boolean {
    return tidy(this.db, Date.now() + budget);
  }

  private catchUp(): void {
    const until = Date.now() + PATIENCE;
    try {
      while (!this.step() && Date.now() < until);
    } catch (error) {
      // Another process is indexing at this moment: answer with what is there.
      if (!/locked|busy/i.test((error as Error).message)) throw error;
      this.behind = true;
    }
  }

  private indexedBytes(): number {
    const segment = Number(getMeta(this.db, 'segment') ?? 0);
    let sum = Number(getMeta(this.db, 'offset') ?? 0);
    for (const n of listSegments(this.paths.segments)) if (n < segment) sum += this.closedSize(n);
    return sum;
  }

  /** Is there so much to do that it will take a while? */
  get far(): boolean {
    return this.behind && this.progress().total - this.indexedBytes() > FAR;
  }

  /** Where the ledger ends now; changes when something was recorded. */
  end(): string {
    const last = listSegments(this.paths.segments).at(-1) ?? 0;
    return `${last}:${this.size(last)}`;
  }

  private size(segment: number): number {
    try {
      return segmentEnd(this.paths.segments, segment);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return 0;
    }
  }

  private closedSize(segment: number): number {
    let size = this.sizes.get(segment);
    if (size === undefined) this.sizes.set(segment, (size = this.size(segment)));
    return size;
  }

  progress(): IndexProgress {
    const segments = listSegments(this.paths.segments);
    const last = segments.at(-1);
    const total = segments.reduce((sum, n) => sum + (n === last ? this.size(n) : this.closedSize(n)), 0);
    const bytesPerSecond = this.worked.ms === 0 ? 0 : Math.round((this.worked.bytes / this.worked.ms) * 1000);
    return { indexed: Math.min(this.indexedBytes(), total), total, done: !this.behind, bytesPerSecond };
  }

  sessions(query: SessionQuery): SessionPage {
    this.catchUp();
    const page = sessionPage(this.db, query, this.blindKey);
    return this.behind ? { ...page, indexing: this.progress() } : page;
  }

  session(id: string): SessionDetail | undefined {
    this.catchUp();
    return sessionDetail(this.db, id);
  }

  segments(id: string): [number, number] | undefined {
    this.catchUp();
    return segmentsOf(this.db, id);
  }

  /** Spans of exchanges that have ended, and those that the index does not know as ended yet. */
  async spans(exchanges: readonly string[], content: boolean) {
    this.catchUp();
    const spans: { exchange: string; json: string[] }[] = [];
    const missing: string[] = [];
    for (const id of exchanges) {
      const detail = await this.read(id);
      if (!detail || detail.outcome === 'open') missing.push(id);
      else {
        const arrival = detail.events.find(({ kind }) => kind === 'arrival')?.meta as { agent?: { name?: string } } | undefined;
        const show = content ? async (text: string) => text.slice(0, MOST_SHOWN) : undefined;
        const made = await exchangeSpans(detail, arrival?.agent?.name ?? '', show, true);
        spans.push({ exchange: id, json: made.map((span) => JSON.stringify(span)) });
      }
    }
    return { spans, missing };
  }

  async exchange(id: string): Promise<ExchangeDetail | undefined> {
    this.catchUp();
    return this.read(id);
  }

  private async read(id: string): Promise<ExchangeDetail | undefined> {
    const found = prepared(this.db, 'SELECT row FROM exchanges WHERE id = ?').get(id) as { row: string } | undefined;
    if (!found) return undefined;
    const row = JSON.parse(found.row) as ExchangeFold;
    const lines = await this.locator.exchange(row, listSegments(this.paths.segments).at(-1) ?? 0);
    const key = this.master && readSessionKey(this.paths.keys, this.master, row.session);
    return exchangeDetail(row, lines, key, async (sequence) => (await this.locator.line(sequence))?.line);
  }

  rebuild(): void {
    this.db.close();
    removeIndex(this.paths.index);
    this.worked = { ms: 0, bytes: 0 };
    this.indexedTo = '';
    this.behind = true;
    ({ db: this.db, indexer: this.indexer, locator: this.locator } = this.open());
  }

  close(): void {
    this.db.close();
  }
}
