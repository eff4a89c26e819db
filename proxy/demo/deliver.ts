import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, createBrotliCompress, createGzip, gzipSync, constants as zlib } from 'node:zlib';
import type { Delivery } from './behaviours.js';

/** Thrown to leave a delivery whose socket is gone. */
export class Gone extends Error {}

export interface Sink {
  response: ServerResponse;
  /** Aborted when the client went away. */
  signal: AbortSignal;
  /** Bytes given to the socket so far. */
  sent(bytes: number): void;
  /** Destroys the socket in the middle of the answer. */
  cut(): void;
}

const never = (signal: AbortSignal) => once(signal, 'abort').then(() => Promise.reject(new Gone()));

async function drained(out: NodeJS.EventEmitter, signal: AbortSignal): Promise<void> {
  await once(out, 'drain', { signal }).catch(() => {
    throw new Gone();
  });
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {
    throw new Gone();
  });
}

/** Waits as the delivery says before anything is answered. */
export async function beforeHeaders(delivery: Delivery, signal: AbortSignal): Promise<void> {
  if (delivery.delayMs) await pause(delivery.delayMs, signal);
  if (delivery.hang) await never(signal);
}

/** Writes a JSON body, damaged as the delivery says. */
export async function deliverJson(
  body: string,
  status: number,
  headers: Record<string, string>,
  delivery: Delivery,
  sink: Sink,
): Promise<void> {
  const { response } = sink;
  const page = delivery.contentType?.startsWith('text/html') ? `<!doctype html><title>An error page</title><pre>${body}</pre>` : body;
  const plain = Buffer.from(delivery.brokenJson ? page.slice(0, Math.floor(page.length / 2)) : page);
  const bytes = delivery.encoding === 'gzip' ? gzipSync(plain) : delivery.encoding === 'br' ? brotliCompressSync(plain) : plain;
  response.writeHead(status, {
    'content-type': delivery.contentType ?? 'application/json',
    'content-length': String(bytes.length),
    ...(delivery.encoding ? { 'content-encoding': delivery.encoding } : {}),
    ...headers,
  });
  const cut = delivery.cutAfter !== undefined;
  await write(sink, cut ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes);
  if (cut) {
    await pause(20, sink.signal);
    sink.cut();
  } else response.end();
}

/** Streams frames at the delivery's pace, with backpressure, cut or stalled as it says. */
export async function deliverFrames(
  frames: Iterable<string>,
  errorFrame: string,
  headers: Record<string, string>,
  delivery: Delivery,
  sink: Sink,
): Promise<void> {
  const { response, signal } = sink;
  response.writeHead(200, {
    'content-type': delivery.contentType ?? 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    ...(delivery.encoding ? { 'content-encoding': delivery.encoding } : {}),
    ...headers,
  });
  response.flushHeaders();
  const flush = { flush: zlib.Z_SYNC_FLUSH };
  const squeeze =
    delivery.encoding === 'gzip'
      ? createGzip(flush)
      : delivery.encoding === 'br'
        ? createBrotliCompress({ flush: zlib.BROTLI_OPERATION_FLUSH })
        : undefined;
  squeeze?.pipe(response);
  const out = squeeze ?? response;
  const put = async (text: string) => {
    const bytes = Buffer.from(text);
    const size = delivery.pieceBytes ?? bytes.length;
    for (let at = 0; at < bytes.length; at += size) {
      if (signal.aborted) throw new Gone();
      sink.sent(Math.min(size, bytes.length - at));
      if (!out.write(bytes.subarray(at, at + size))) await drained(out, signal);
      // Without a turn of the loop, the kernel would put the pieces together again.
      if (delivery.pieceBytes) await new Promise<void>((resolve) => setImmediate(resolve));
    }
  };
  let count = 0;
  for (const text of frames) {
    if (count === delivery.stallAfter) await never(signal);
    if (count === delivery.cutAfter) {
      await pause(20, signal);
      sink.cut();
      return;
    }
    if (count === delivery.endEarlyAfter) break;
    if (count === delivery.streamErrorAfter) {
      await put(errorFrame);
      break;
    }
    if (delivery.extras && count % 3 === 1) await put(extra(count));
    await put(text);
    count += 1;
    if (delivery.paceMs > 0) await pause(delivery.paceMs, signal);
    else if (count % 64 === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  }
  out.end();
}

/** What a client must pass over: a comment, or an event that nobody has heard of. */
function extra(count: number): string {
  return count % 2 ? `: simulated comment ${count}\n\n` : `id: ${count}\nretry: 1000\n: with fields and no data\n\n`;
}

async function write(sink: Sink, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; at += 65_536) {
    if (sink.signal.aborted) throw new Gone();
    const piece = bytes.subarray(at, at + 65_536);
    sink.sent(piece.length);
    if (!sink.response.write(piece)) await drained(sink.response, sink.signal);
  }
}
