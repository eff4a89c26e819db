import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ControlEvent } from '../contract/index.js';

const KEEP = 1000;
const HEARTBEAT_MS = 15_000;
/** A reader that lags behind by more than this is disconnected; it comes back with Last-Event-ID. */
const MAX_LAG_BYTES = 1 << 20;

/**
 * Numbers events, keeps the last {@link KEEP} of them, and writes them to any number of SSE readers. Ids are `BOOT-N`, so that an
 * id of an earlier run of the gateway is recognised as foreign and answered with `reset` (read everything again).
 */
export class EventHub {
  private readonly boot = randomBytes(4).toString('hex');
  private readonly kept: { n: number; event: ControlEvent }[] = [];
  private readonly readers = new Set<ServerResponse>();
  private n = 0;
  private readonly beat: NodeJS.Timeout;
  private readonly stop: () => void;

  constructor(subscribe: (listener: (event: ControlEvent) => void) => () => void) {
    this.stop = subscribe((event) => this.publish(event));
    // An event and no comment, so that a page can tell a quiet stream from a dead one.
    this.beat = setInterval(() => {
      for (const reader of this.readers) this.write(reader, 'event: alive\ndata: {}\n\n');
    }, HEARTBEAT_MS);
    this.beat.unref();
  }

  /** How many readers are connected now. */
  get size(): number {
    return this.readers.size;
  }

  publish(event: ControlEvent): void {
    this.n += 1;
    this.kept.push({ n: this.n, event });
    if (this.kept.length > KEEP) this.kept.shift();
    // Mostly nobody reads, and then nothing is put into text.
    if (this.readers.size === 0) return;
    const frame = this.frame(this.n, event);
    for (const reader of this.readers) this.write(reader, frame);
  }

  private frame(n: number, event: ControlEvent): string {
    return `id: ${this.boot}-${n}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
  }

  /** Turns `res` into an event stream, beginning with `hello` events and, where `lastId` is known, everything missed since. */
  attach(res: ServerResponse, hello: ControlEvent[], lastId?: string): void {
    res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    res.write('retry: 1000\n\n');
    for (const event of hello) res.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    if (lastId !== undefined && lastId !== '') {
      const [boot, n] = lastId.split('-');
      const from = Number(n);
      const oldest = this.kept[0]?.n ?? this.n + 1;
      if (boot === this.boot && Number.isSafeInteger(from) && from >= oldest - 1 && from <= this.n) {
        for (const kept of this.kept) if (kept.n > from) res.write(this.frame(kept.n, kept.event));
      } else {
        res.write(`id: ${this.boot}-${this.n}\nevent: reset\ndata: {"type":"reset"}\n\n`);
      }
    } else {
      res.write(`id: ${this.boot}-${this.n}\n\n`);
    }
    this.readers.add(res);
    res.once('close', () => this.readers.delete(res));
  }

  close(): void {
    this.stop();
    clearInterval(this.beat);
    for (const reader of this.readers) reader.end();
    this.readers.clear();
  }

  private write(reader: ServerResponse, frame: string): void {
    if (reader.writableLength > MAX_LAG_BYTES) {
      this.readers.delete(reader);
      reader.destroy();
      return;
    }
    reader.write(frame);
  }
}
