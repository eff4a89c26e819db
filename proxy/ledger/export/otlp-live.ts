/**
 * Sending spans to an OpenTelemetry collector while they come. Off unless an endpoint is configured. What an attacker could do here:
 * read what agents said on its way out (it is masked text, and none at all unless the settings say so; TLS beyond this computer), or
 * slow traffic by a collector that hangs (nothing waits for it: what cannot be sent is dropped, counted and shown).
 */
import { type Clock, SallyportError } from '../../contract/index.js';
import type { LedgerReader } from '../types.js';
import { tracesBody } from './otlp.js';

/** Where spans go. `settings.ledger.otlp`, with its headers read. */
export interface OtlpTarget {
  /** The whole URL, mostly ending in `/v1/traces`: https, or http on this computer. */
  endpoint: string;
  headers: Record<string, string>;
  /** Also what was said: masked text of requests and answers. */
  content: boolean;
}

/** What became of exchanges since the start. */
export interface OtlpState {
  sent: number;
  dropped: number;
  waiting: number;
  /** Why the last attempt failed; absent when it did not. */
  problem?: string;
}

export interface OtlpOptions {
  reader: Pick<LedgerReader, 'spans'>;
  clock: Clock;
  /** Asked before each batch; undefined: off. */
  target(): Promise<OtlpTarget | undefined>;
  onState?(state: OtlpState): void;
  /** Exchanges that wait at most; the oldest are dropped then. */
  most?: number;
  everyMs?: number;
  timeoutMs?: number;
  firstPauseMs?: number;
}

const BATCH = 64;
const BATCH_BYTES = 1 << 20;
const MOST = 2048;
const LONGEST_PAUSE_MS = 60_000;
/** An exchange that the index does not know after so many looks will not come. */
const LOOKS = 20;
/** By OTLP/HTTP: the same batch may be sent again after these. */
const AGAIN = new Set([429, 502, 503, 504]);

/** Headers as `OTEL_EXPORTER_OTLP_HEADERS` writes them: `name=value,name2=value2`, values percent-encoded. @throws SallyportError invalid */
export function otlpHeaders(text: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const pair of text.split(',').filter((part) => part.trim() !== '')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at).trim().toLowerCase();
    let value: string | undefined;
    try {
      value = decodeURIComponent(pair.slice(at + 1).trim());
    } catch {}
    if (at < 1 || !/^[a-z0-9-]{1,100}$/.test(name) || value === undefined || !/^[\x20-\x7e]+$/.test(value))
      throw new SallyportError('invalid', 'Headers for the collector are written name=value,name2=value2.');
    headers[name] = value;
  }
  return headers;
}

interface Batch {
  body: string;
  count: number;
  tries: number;
}

/** Gathers exchanges that ended and sends their spans in batches, one request at a time. */
export class OtlpExporter {
  private queue: { id: string; looks: number }[] = [];
  private unsent: Batch[] = [];
  /** Exchanges whose spans are being made. */
  private making = 0;
  private counts = { sent: 0, dropped: 0 };
  private problem: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private busy: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly o: OtlpOptions) {}

  state(): OtlpState {
    const waiting = this.queue.length + this.making + this.unsent.reduce((sum, { count }) => sum + count, 0);
    return { ...this.counts, waiting, ...(this.problem === undefined ? {} : { problem: this.problem }) };
  }

  /** An exchange ended. Costs nothing but the keeping of its id. */
  ended(exchange: string): void {
    if (this.closed) return;
    this.queue.push({ id: exchange, looks: 0 });
    if (this.queue.length > (this.o.most ?? MOST)) {
      this.queue.shift();
      this.counts.dropped++;
    }
    this.later(this.o.everyMs ?? 2000);
  }

  private later(ms: number): void {
    if (this.timer || this.busy || this.closed) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.busy = this.work()
        .catch(this.failed)
        .then((pause) => {
          this.busy = undefined;
          this.o.onState?.(this.state());
          if (this.queue.length + this.unsent.length > 0) this.later(pause);
        });
    }, ms).unref();
  }

  private readonly failed = (error: Error): number => {
    this.problem = error.message;
    return LONGEST_PAUSE_MS;
  };

  /** Sends what there is. Answers how long to wait before the next go (ms). */
  private async work(): Promise<number> {
    const target = await this.o.target();
    if (!target) {
      this.queue = [];
      this.unsent = [];
      this.problem = undefined;
      return 0;
    }
    for (;;) {
      if (this.unsent.length === 0 && !(await this.gather(target.content))) return this.o.everyMs ?? 2000;
      const batch = this.unsent[0]!;
      const pause = await this.send(batch, target);
      if (pause !== undefined) return pause;
      this.unsent.shift();
    }
  }

  /** Makes batches of the next exchanges. False: nothing is ready. */
  private async gather(content: boolean): Promise<boolean> {
    const next = this.queue.splice(0, BATCH);
    if (next.length === 0) return false;
    const looks = new Map(next.map((entry) => [entry.id, entry.looks + 1]));
    this.making = next.length;
    const { spans, missing } = await this.o.reader.spans!([...looks.keys()], content).catch((error: Error) => {
      this.queue.unshift(...next);
      this.making = 0;
      throw error;
    });
    this.making = 0;
    for (const id of missing) {
      if (looks.get(id)! < LOOKS) this.queue.push({ id, looks: looks.get(id)! });
      else this.counts.dropped++;
    }
    let parts: string[] = [];
    let count = 0;
    let size = 0;
    const close = (): void => {
      if (count > 0) this.unsent.push({ body: tracesBody(parts), count, tries: 0 });
      parts = [];
      count = size = 0;
    };
    for (const { json } of spans) {
      parts.push(...json);
      count++;
      size += json.reduce((sum, text) => sum + text.length, 0);
      if (size > BATCH_BYTES) close();
    }
    close();
    return this.unsent.length > 0;
  }

  /** Sends one batch. Undefined: done with it, for good or ill; else how long to wait before it is tried again. */
  private async send(batch: Batch, { endpoint, headers }: OtlpTarget): Promise<number | undefined> {
    let answer: Response;
    try {
      answer = await fetch(endpoint, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: batch.body,
        redirect: 'error',
        signal: AbortSignal.timeout(this.o.timeoutMs ?? 10_000),
      });
    } catch (error) {
      const slow = (error as Error).name === 'TimeoutError';
      return this.again(batch, slow ? 'the collector does not answer in time' : 'the collector cannot be reached');
    }
    const text = await answer.text().catch(() => '');
    if (answer.ok) {
      const rejected = rejectedSpans(text);
      this.problem = rejected > 0 ? `the collector rejected ${rejected} spans` : undefined;
      this.counts.sent += batch.count;
      return undefined;
    }
    if (AGAIN.has(answer.status)) {
      const after = Number(answer.headers.get('retry-after') ?? Number.NaN);
      return this.again(batch, `the collector answers ${answer.status}`, after > 0 ? after * 1000 : undefined);
    }
    this.problem = `the collector answers ${answer.status}`;
    this.counts.dropped += batch.count;
    return undefined;
  }

  private again(batch: Batch, problem: string, wanted?: number): number {
    this.problem = problem;
    const pause = (this.o.firstPauseMs ?? 1000) * 2 ** Math.min(batch.tries++, 10);
    // Half to whole: many gateways must not come back at the same moment.
    return Math.min(LONGEST_PAUSE_MS, wanted ?? pause * (0.5 + Math.random() / 2));
  }

  /** A last attempt, no longer than `graceMs`; what is not sent then is dropped. */
  async close(graceMs = 2000): Promise<void> {
    if (this.closed) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.closed = true;
    const last = (async () => {
      await this.busy;
      await this.work().catch(() => {});
    })();
    let late: NodeJS.Timeout | undefined;
    await Promise.race([last, new Promise((resolve) => (late = setTimeout(resolve, graceMs)))]);
    clearTimeout(late);
    this.counts.dropped += this.state().waiting;
    this.queue = [];
    this.unsent = [];
  }
}

function rejectedSpans(text: string): number {
  try {
    return Number((JSON.parse(text) as { partialSuccess?: { rejectedSpans?: string | number } }).partialSuccess?.rejectedSpans ?? 0) || 0;
  } catch {
    return 0;
  }
}
