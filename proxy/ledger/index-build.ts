import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { boundTo } from './content.js';
import { beginExchange, continueExchange } from './fold.js';
import { type Db, getMeta, setMeta } from './index-db.js';
import { type IndexedExchange, IndexRows } from './index-rows.js';
import { wordsOfAnswer, wordsOfJson } from './index-text.js';
import { openBytes, type SessionKey } from './keys.js';
import { type LedgerLine, parseLine } from './line.js';
import { listSegments, segmentName } from './paths.js';
import { recordsEnd } from './scan.js';
import { SlotReader } from './slot-file.js';
import { titleOf } from './title.js';

const CHUNK = 1 << 20;
/** A mark every so many records: from it, a record is found by reading on. */
const MARK_EVERY = 64;
const MOST_TEXT = 262_144;
/** Bytes of the ledger that one transaction takes in at most. */
const MOST_AT_ONCE = 32 << 20;
/** Looks at the clock, and whether something new was recorded, after so many bytes of the ledger. */
const LOOK_EVERY = 64 << 10;

/** An exchange whose end was not read yet. */
interface OpenExchange extends IndexedExchange {
  request: string;
  answer: string[];
  size: number;
}

export interface Position {
  segment: number;
  offset: number;
  seq: number;
}

/** Reads the ledger on from where it stopped and keeps the index up to date. Runs in a worker; several processes may share an index. */
export class Indexer {
  private readonly rows: IndexRows;
  private readonly open = new Map<string, OpenExchange>();
  private keys = new Map<string, SessionKey | undefined>();
  private slots: SlotReader | undefined;
  private at: Position = { segment: 0, offset: 0, seq: 0 };
  /** Whose memory of open exchanges this is: another process may have gone on meanwhile. */
  private loaded = false;
  /** Bytes read in this step. */
  private taken = 0;
  /** When so many are read, it looks up again. */
  private lookAt = 0;
  private disturbed = (): boolean => false;

  constructor(
    private readonly db: Db,
    private readonly segments: string,
    private readonly keyDirectory: string,
    private readonly master: Buffer | undefined,
  ) {
    this.rows = new IndexRows(db);
  }

  /**
   * Indexes for about `budget` milliseconds, less where `disturbed` says that there is other work. True: everything that is in the ledger
   * is in the index.
   */
  step(budget: number, disturbed: () => boolean = () => false): boolean {
    const until = Date.now() + budget;
    let done: boolean;
    this.taken = 0;
    this.lookAt = LOOK_EVERY;
    this.disturbed = disturbed;
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const stored = this.stored();
      if (!this.loaded || stored.seq !== this.at.seq) this.reload(stored);
      done = this.readOn(until);
      for (const open of this.open.values()) this.rows.save(open);
      if (this.at.segment !== stored.segment || this.at.offset !== stored.offset) {
        setMeta(this.db, 'segment', this.at.segment);
        setMeta(this.db, 'offset', this.at.offset);
        setMeta(this.db, 'seq', this.at.seq);
      }
      this.rows.flush();
      this.db.exec('COMMIT');
      this.rows.clear();
    } catch (error) {
      this.db.exec('ROLLBACK');
      this.loaded = false;
      throw error;
    } finally {
      // Keys may be forgotten, and files added, between steps.
      this.keys = new Map();
      this.slots?.close();
      this.slots = undefined;
    }
    return done;
  }

  private chunk = Buffer.alloc(0);

  private stored(): Position {
    const number = (name: string): number => Number(getMeta(this.db, name) ?? 0);
    return { segment: number('segment'), offset: number('offset'), seq: number('seq') };
  }

  /** After a start, or when another process went on: reads the open exchanges again. */
  private reload(stored: Position): void {
    this.open.clear();
    this.rows.clear();
    this.at = { ...stored };
    const oldest = this.rows.oldestOpen();
    if (oldest && oldest.first_seq <= stored.seq) {
      this.at = { segment: oldest.segment, offset: oldest.offset, seq: oldest.first_seq - 1 };
      this.readOn(Number.MAX_SAFE_INTEGER, stored);
    }
    this.at = { ...stored };
    this.loaded = true;
  }

  /** Reads lines until the time, the end, or (reading again) a position. */
  private readOn(until: number, again?: Position): boolean {
    const segments = listSegments(this.segments);
    for (let i = segments.findIndex((segment) => segment >= this.at.segment); i >= 0 && i < segments.length; i++) {
      const segment = segments[i]!;
      if (segment !== this.at.segment) this.at = { ...this.at, segment, offset: 0 };
      const fd = openSync(join(this.segments, segmentName(segment)), 'r');
      try {
        const size = again?.segment === segment ? again.offset : recordsEnd(fd);
        if (!this.readFile(fd, size, until, again !== undefined)) return false;
      } finally {
        closeSync(fd);
      }
      if (again?.segment === segment) return true;
    }
    return true;
  }

  /** False: time is up. */
  private readFile(fd: number, size: number, until: number, again: boolean): boolean {
    let length = CHUNK;
    while (this.at.offset < size) {
      // One buffer for all chunks: a new one each would be a megabyte of garbage each.
      if (this.chunk.length < length) this.chunk = Buffer.allocUnsafeSlow(length);
      const buffer = this.chunk.subarray(0, Math.min(length, size - this.at.offset));
      const got = readSync(fd, buffer, 0, buffer.length, this.at.offset);
      let start = 0;
      for (let end = buffer.indexOf(10); end !== -1 && end < got; end = buffer.indexOf(10, start)) {
        const known = this.take(buffer.toString('utf8', start, end + 1), this.at.offset, again);
        // The very last line may be half written, with room behind it: it is read again when there is more.
        if (!known && this.at.offset + end + 1 - start >= size) return true;
        this.at.offset += end + 1 - start;
        this.taken += end + 1 - start;
        start = end + 1;
        if (!again && this.taken >= this.lookAt && this.enough(until)) return this.at.offset >= size;
      }
      if (start === 0) {
        // No line ends in this chunk: a line longer than it, or a line that is being written.
        if (buffer.length >= size - this.at.offset) return true;
        length *= 2;
      } else length = CHUNK;
    }
    return true;
  }

  /** Looks up from the work: is the time over, or does somebody want the machine? */
  private enough(until: number): boolean {
    this.lookAt = this.taken + LOOK_EVERY;
    return Date.now() > until || this.taken > MOST_AT_ONCE || this.disturbed();
  }

  /** False: that was no record. */
  private take(text: string, offset: number, again: boolean): boolean {
    const line = parseLine(text);
    if (!line) return false;
    this.takeLine(line, offset, again);
    return true;
  }

  private takeLine(line: LedgerLine, offset: number, again: boolean): void {
    this.at.seq = line.seq;
    if (!again && line.seq % MARK_EVERY === 1) this.rows.mark(line.seq, this.at.segment, offset);
    const { kind, exchange, session } = line;
    if (exchange !== undefined && session !== undefined) this.takeExchange(line, exchange, session, offset, again);
    if (again || session === undefined) {
      if (!again && kind === 'retention')
        this.rows.removeSegments(((line.meta['removed'] ?? []) as { segment: number }[]).map((r) => r.segment));
      return;
    }
    this.rows.touch(session, line.at, this.at.segment);
    if (kind === 'label') this.rows.label(session, line, this.textOf(line));
    else if (kind === 'note') this.rows.note(session, line, this.textOf(line));
    else if (kind === 'forget') {
      this.rows.forget(session);
      for (const [id, open] of this.open) if (open.row.session === session) this.open.set(id, { ...open, request: '', answer: [] });
    }
  }

  private takeExchange(line: LedgerLine, exchange: string, session: string, offset: number, again: boolean): void {
    let open = this.open.get(exchange);
    if (line.kind === 'arrival') {
      const n = again ? this.rows.openNumber(exchange) : this.rows.nextNumber();
      if (n === undefined) return;
      const row = beginExchange(line);
      const text = this.textOf(line) ?? '';
      open = { n, row, segment: this.at.segment, offset, stored: again, changed: !again, request: wordsOfJson(text), answer: [], size: 0 };
      if (!again) this.rows.begin(open, () => titleOf(text));
      this.open.set(exchange, open);
      return;
    }
    if (!open) return;
    continueExchange(open.row, line);
    open.changed = true;
    if (line.content?.name === 'response' && open.size < MOST_TEXT) {
      const text = this.textOf(line) ?? '';
      open.answer.push(text);
      open.size += text.length;
    } else if (line.content && line.content.name !== 'response') open.request += ` ${wordsOfJson(this.textOf(line) ?? '')}`;
    if (line.kind !== 'end' && line.kind !== 'interrupted') return;
    this.open.delete(exchange);
    if (again) return;
    const { row } = open;
    const key = this.keyOf(session);
    const about = [row.agent, row.model, row.connection, row.operation, row.outcome, ...row.tools, ...Object.keys(row.findings)].join(' ');
    this.rows.end(open, key ? `${about}\n${open.request}\n${wordsOfAnswer(open.answer.join(''))}` : undefined);
  }

  private keyOf(session: string): SessionKey | undefined {
    if (!this.keys.has(session)) {
      if (this.keys.size > 2000) this.keys = new Map();
      this.keys.set(session, this.master && (this.slots ??= new SlotReader(this.keyDirectory, this.master)).find(session));
    }
    return this.keys.get(session);
  }

  /** What this record stored anew; pieces known from before were indexed with the record that brought them. */
  private textOf(line: LedgerLine): string | undefined {
    if (!line.content || line.session === undefined) return undefined;
    const key = this.keyOf(line.session);
    if (!key) return undefined;
    let index = 0;
    let text = '';
    for (const piece of line.content.pieces) {
      if (typeof piece !== 'string') index += piece[2];
      else text += openBytes(key.content, Buffer.from(piece, 'base64'), boundTo(line.seq, index++))?.toString('utf8') ?? '';
      if (text.length > 4 * MOST_TEXT) break;
    }
    return text;
  }
}
