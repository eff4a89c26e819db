import { type Clock, type DurabilityClass, type RecordInput, SallyportError } from '../contract/index.js';
import { buildLines, type Entry, entryOf, isoNow, Unbuildable } from './batch.js';
import type { Chain } from './chain.js';
import type { HeadKeeper } from './heads.js';
import { nonceSource } from './keys.js';
import { LineBuffer } from './line-buffer.js';
import { notRecording, reasonOf } from './not-recording.js';
import { KnownPieces } from './pieces.js';
import type { Sealer } from './seal.js';
import type { SessionKeys } from './session-keys.js';
import { SyncPace } from './sync-pace.js';
import type { Tail } from './tail.js';
import type { LedgerWriter, Position } from './types.js';

/** What waits, or is written and not yet synced, is bounded; above it, appends are refused. */
const MOST_WAITING = 64 << 20;
/** A batch is built at most this large, so that no task of the event loop gets long. */
const BATCH = 512 << 10;
/** The window of the `written` class. When the disk cannot keep it, new records wait for their sync instead. */
const WINDOW_MS = 50;
const PROBE_MS = 500;

export interface WriterParts {
  tail: Tail;
  chain: Chain;
  keys: SessionKeys;
  sealer: Sealer;
  heads: HeadKeeper;
  clock: Clock;
  segmentBytes: number;
  newSealer: () => Promise<{ sealer: Sealer; keep(): Promise<void> }>;
  release(): void;
}

/**
 * The one writer. Appends of one turn of the event loop become one write; one sync is in flight at a time, and what arrives
 * meanwhile is the next group. A failing disk fails everything that waits, and is then tried until it works again.
 * `done` callbacks come in order within an exchange; across exchanges, a `written` record does not wait for another's sync.
 */
export class Writer implements LedgerWriter {
  private queue: Entry[] = [];
  private waiting = 0;
  private scheduled = false;
  private writing = false;
  private syncing = false;
  private rolling = false;
  /** Takes over when its `key` record is in the file. */
  private nextSealer: Sealer | undefined;
  private afterSync: (() => void) | undefined;
  private readonly pace = new SyncPace(() => {
    if (this.maySync) this.sync();
  });
  private probeTimer: NodeJS.Timeout | undefined;
  private syncWaiters: Entry[] = [];
  /** Exchanges with records that wait for a sync: later ones of the same exchange wait behind them. */
  private readonly held = new Map<string, number>();
  /** Exchanges whose end could not be recorded. */
  private readonly lostEnds = new Set<string>();
  private closing: Promise<void> | undefined;
  private idle: (() => void)[] = [];
  private readonly known = new KnownPieces();
  private readonly nonce = nonceSource();
  private readonly out = new LineBuffer();
  private readonly listeners = new Set<(health: { ok: boolean; reason?: string }) => void>();
  private state: { ok: boolean; reason?: string } = { ok: true };

  constructor(private readonly p: WriterParts) {}

  get health(): { ok: boolean; reason?: string } {
    return this.state;
  }

  /** Public key (hex) that seals and heads are signed with. */
  get publicKey(): string {
    return this.p.sealer.publicKey;
  }

  onHealth(listener: (health: { ok: boolean; reason?: string }) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  sessionKeys(session: string): { maskKey: Uint8Array } {
    return { maskKey: this.p.keys.of(session).mask };
  }

  append(records: RecordInput[], durability: DurabilityClass, done: (error: Error | undefined) => void): void {
    this.enqueue(entryOf(records, durability, this.p.clock, done));
  }

  record(records: RecordInput[], durability: DurabilityClass): Promise<Position> {
    return new Promise((resolve, reject) => {
      const done: Entry['done'] = (error, position) => (error ? reject(error) : resolve({ ...position!, segment: this.p.tail.segment }));
      this.enqueue(entryOf(records, durability, this.p.clock, done));
    });
  }

  async seal(): Promise<Position> {
    const position = await this.record([{ kind: 'seal' as never, meta: {} }], 'synced');
    await this.p.heads.flush();
    return position;
  }

  async rotateKey(): Promise<void> {
    await this.seal();
    const { sealer: next, keep } = await this.p.newSealer();
    // Signed by the old key, names the new one: whoever trusted the old may trust the new.
    const { sealer: old } = this.p;
    this.nextSealer = next;
    await this.record([{ kind: 'key', meta: { publicKey: next.publicKey, key: next.keyId, by: old.keyId } }], 'synced');
    await keep();
    await this.seal();
  }

  forgetKeys(session: string): void {
    this.p.keys.forget(session);
    this.known.forget(session);
  }

  private enqueue(entry: Entry): void {
    if (this.closing) {
      this.refuse(entry, new SallyportError('shutting_down'));
      return;
    }
    if (!this.state.ok) {
      this.refuse(entry, notRecording(this.state.reason));
      return;
    }
    const held = this.waiting + this.p.tail.unsyncedBytes;
    if (held > 0 && held + entry.weight > MOST_WAITING) {
      this.refuse(entry, notRecording(`the disk is too slow, ${held >> 20} MB wait for it`));
      return;
    }
    this.waiting += entry.weight;
    this.queue.push(entry);
    this.schedule();
  }

  /** For entries that never got into the queue. */
  private refuse(entry: Entry, error: Error): void {
    this.noteLost(entry);
    process.nextTick(entry.done, error);
  }

  private noteLost(entry: Entry): void {
    for (const { kind, exchange } of entry.records) {
      if (exchange === undefined || (kind !== 'end' && kind !== 'arrival')) continue;
      if (this.lostEnds.size === 0 && this.state.ok) setTimeout(() => this.repayLost(), PROBE_MS).unref();
      this.lostEnds.add(exchange);
    }
  }

  private finish(entry: Entry, error?: Error): void {
    this.waiting -= entry.weight;
    if (error) this.noteLost(entry);
    try {
      entry.done(error, entry.position);
    } catch (thrown) {
      // A caller's mistake must not stop the writer; it surfaces as an uncaught error.
      setImmediate(() => {
        throw thrown;
      });
    }
  }

  private schedule(): void {
    if (this.scheduled || this.writing) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.pump();
    });
  }

  private pump(): void {
    if (this.writing || !this.state.ok) return;
    if (this.queue.length === 0) {
      this.settle();
      return;
    }
    let count = 0;
    for (let weight = 0; count < this.queue.length && weight < BATCH; count++) {
      weight += this.queue[count]!.weight;
      // What comes after a change of key is signed by the new one.
      if (changesKey(this.queue[count]!)) weight = BATCH;
    }
    this.writeBatch(this.queue.splice(0, count));
  }

  private writeBatch(entries: Entry[]): void {
    const { chain } = this.p;
    chain.mark();
    let built: ReturnType<typeof buildLines>;
    try {
      const { keys, sealer, tail } = this.p;
      built = buildLines(entries, chain, { keys, nonce: this.nonce, known: this.known, sealer, segment: tail.segment, out: this.out });
    } catch (error) {
      if (!(error instanceof Unbuildable)) throw error;
      // One entry that cannot be built must not take the others with it.
      chain.takeBack();
      this.finish(error.entry, notRecording(error.message));
      this.queue.unshift(...entries.filter((entry) => entry !== error.entry));
      this.schedule();
      return;
    }
    const failed = (error: Error): void => {
      chain.takeBack();
      this.p.tail.cutBack();
      this.fail(error, entries);
    };
    try {
      this.p.keys.write();
    } catch (error) {
      return failed(error as Error);
    }
    this.writing = true;
    this.p.tail.write(built.bytes, (error) => {
      this.writing = false;
      if (error) return failed(error);
      for (const commit of built.commits) commit();
      if (this.nextSealer && entries.some(changesKey)) {
        this.p.sealer = this.nextSealer;
        this.p.heads.useKey(this.nextSealer);
        this.nextSealer = undefined;
      }
      this.written(entries);
    });
  }

  /** The batch is in the file. */
  private written(entries: Entry[]): void {
    const { tail, keys, clock } = this.p;
    const late = tail.unsyncedSince !== undefined && clock.monotonic() - tail.unsyncedSince > WINDOW_MS;
    for (const entry of entries) {
      const exchange = entry.records[0]?.exchange;
      if (entry.durability === 'written' && !late && !keys.pending && !(exchange !== undefined && this.held.has(exchange))) {
        this.finish(entry);
      } else {
        this.syncWaiters.push(entry);
        if (exchange !== undefined) this.held.set(exchange, (this.held.get(exchange) ?? 0) + 1);
      }
    }
    this.syncSoon();
    if (tail.offset >= this.p.segmentBytes) void this.roll();
    else if (this.queue.length > 0) this.schedule();
  }

  /** One sync is in flight at a time. */
  private get maySync(): boolean {
    return !this.syncing && !this.rolling && this.state.ok;
  }

  private syncSoon(): void {
    if (!this.maySync) return;
    if (this.syncWaiters.length > 0 || this.p.tail.unsyncedBytes > 0) this.pace.expect(this.syncWaiters.length);
    else this.settle();
  }

  private sync(): void {
    this.syncing = true;
    const waiters = this.syncWaiters;
    this.pace.begun(waiters.length);
    this.syncWaiters = [];
    const { keys, tail, heads } = this.p;
    const { sequence, hash } = this.p.chain;
    const finished = (error: Error | null): void => {
      this.syncing = false;
      if (!error) heads.synced(sequence, hash);
      for (const entry of waiters) this.release(entry, error ? notRecording(reasonOf(error)) : undefined);
      const next = this.afterSync;
      this.afterSync = undefined;
      if (error) this.fail(error, []);
      else this.syncSoon();
      next?.();
    };
    if (!keys.pending) {
      tail.sync(finished);
      return;
    }
    // Two files, two syncs beside each other: nobody is told before both are done.
    const saved = keys.save().then(
      () => null,
      (error: Error) => error,
    );
    tail.sync((error) => void saved.then((unsaved) => finished(error ?? unsaved)));
  }

  private release(entry: Entry, error?: Error): void {
    const exchange = entry.records[0]?.exchange;
    if (exchange !== undefined) {
      const count = this.held.get(exchange)! - 1;
      if (count > 0) this.held.set(exchange, count);
      else this.held.delete(exchange);
    }
    this.finish(entry, error);
  }

  /** Seals the segment and begins the next. */
  private async roll(): Promise<void> {
    this.writing = true;
    this.rolling = true;
    const { tail, keys, heads, sealer } = this.p;
    let before = this.p.chain.copy();
    try {
      if (this.syncing) await new Promise<void>((resolve) => (this.afterSync = resolve));
      before = this.p.chain.copy();
      await this.put(this.p.chain.addSeal(...this.time(), tail.segment, sealer));
      before = this.p.chain.copy();
      tail.trim();
      await keys.save();
      await tail.syncNow();
      for (const entry of this.syncWaiters.splice(0)) this.release(entry);
      await tail.next(Buffer.from(this.p.chain.addHeader(...this.time(), tail.segment + 1, sealer)));
      heads.synced(this.p.chain.sequence, this.p.chain.hash);
      this.rolling = this.writing = false;
      this.schedule();
    } catch (error) {
      this.rolling = this.writing = false;
      this.p.chain = before;
      tail.cutBack();
      this.fail(error as Error, []);
    }
  }

  private put(text: string): Promise<void> {
    return new Promise((resolve, reject) => this.p.tail.write(Buffer.from(text), (error) => (error ? reject(error) : resolve())));
  }

  private time(): [string, number] {
    return [isoNow(this.p.clock), Math.round(this.p.clock.monotonic() * 1000) / 1000];
  }

  private fail(error: Error, entries: Entry[]): void {
    this.known.clear();
    const reason = reasonOf(error);
    this.setHealth({ ok: false, reason });
    const refused = [...entries, ...this.queue.splice(0)];
    for (const entry of refused) this.finish(entry, notRecording(reason));
    if (!this.syncing) for (const entry of this.syncWaiters.splice(0)) this.release(entry, notRecording(reason));
    this.probeLater();
  }

  private probeLater(): void {
    if (this.probeTimer || this.closing) {
      this.settle();
      return;
    }
    this.probeTimer = setTimeout(() => {
      this.probeTimer = undefined;
      if (this.syncing || this.writing) this.probeLater();
      else void this.probe();
    }, PROBE_MS);
  }

  /** Tries the disk: writes again what may be lost, and a record of the gap. */
  private async probe(): Promise<void> {
    const { tail, keys, heads } = this.p;
    const before = this.p.chain.copy();
    this.writing = true;
    let put = false;
    try {
      tail.restore();
      const [at, mono] = this.time();
      const interrupted = [...this.lostEnds].filter((exchange) => before.open.has(exchange));
      const meta = { why: 'disk', after: this.state.reason, interrupted: interrupted.length };
      let text = this.p.chain.add({ at, mono, kind: 'recovery', meta });
      for (const exchange of interrupted) text += this.p.chain.addInterrupted(exchange, at, mono, 'not_recording');
      await this.put(text);
      put = true;
      await keys.save();
      await tail.syncNow();
    } catch (error) {
      this.writing = false;
      this.p.chain = before;
      if (put) tail.takeBack();
      else tail.cutBack();
      this.setHealth({ ok: false, reason: reasonOf(error as Error) });
      this.probeLater();
      return;
    }
    this.writing = false;
    this.lostEnds.clear();
    heads.synced(this.p.chain.sequence, this.p.chain.hash);
    this.setHealth({ ok: true });
    this.syncSoon();
    this.schedule();
  }

  /** Ends that were refused while the disk was only slow. */
  private repayLost(): void {
    if (!this.state.ok || this.closing) return;
    const open = [...this.lostEnds].filter((exchange) => this.p.chain.open.has(exchange));
    this.lostEnds.clear();
    const records = open.map((exchange): RecordInput => {
      const session = this.p.chain.open.get(exchange);
      return { kind: 'interrupted', ...(session ? { session } : {}), exchange, meta: { outcome: 'interrupted', why: 'not_recording' } };
    });
    if (records.length > 0) this.append(records, 'synced', () => {});
  }

  private setHealth(health: { ok: boolean; reason?: string }): void {
    const changed = health.ok !== this.state.ok || health.reason !== this.state.reason;
    this.state = health;
    if (changed) for (const listener of this.listeners) listener(health);
  }

  private settle(): void {
    const done = !this.state.ok || (this.queue.length === 0 && !this.writing && !this.syncing && this.p.tail.unsyncedBytes === 0);
    if (done) for (const resolve of this.idle.splice(0)) resolve();
  }

  close(): Promise<void> {
    this.closing ??= this.shut();
    return this.closing;
  }

  private async shut(): Promise<void> {
    const { tail, keys, heads, release } = this.p;
    clearTimeout(this.probeTimer);
    this.probeTimer = undefined;
    await new Promise<void>((resolve) => {
      this.idle.push(resolve);
      if (this.state.ok) this.schedule();
      else this.settle();
    });
    this.pace.stop();
    try {
      if (this.state.ok) {
        const [at, mono] = this.time();
        let text = '';
        for (const exchange of [...this.p.chain.open.keys()]) text += this.p.chain.addInterrupted(exchange, at, mono, 'shutting_down');
        await this.put(text + this.p.chain.addSeal(at, mono, tail.segment, this.p.sealer, true));
        tail.trim();
        await keys.save();
        await tail.syncNow();
        heads.synced(this.p.chain.sequence, this.p.chain.hash);
      }
      await heads.close();
    } finally {
      keys.close();
      tail.close();
      release();
    }
  }
}

const changesKey = (entry: Entry): boolean => entry.records.some(({ kind }) => kind === 'key');
