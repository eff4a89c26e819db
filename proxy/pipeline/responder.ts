import type { ServerResponse } from 'node:http';
import type { Operation } from '../contract/index.js';
import type { Dialect } from '../wire/types.js';

/**
 * The agent's side of an exchange. Knows whether the answer was committed (200 sent to keep a waiting client alive) and writes
 * heartbeats; after a commit a refusal can only be a well-formed completion.
 */
export class Responder {
  readonly raw: ServerResponse;
  /** 200 and heartbeats were sent before the answer was known. */
  committed = false;
  /** Real bytes of an answer were sent. */
  started = false;
  /** After the commit the beginning of an answer was sent as well, for a client that wants more than heartbeats. */
  ownStart = false;
  /** When it was committed (monotonic milliseconds). */
  committedMs: number | undefined;
  gone = false;
  private goneListeners: (() => void)[] = [];

  constructor(raw: ServerResponse) {
    this.raw = raw;
    const leave = (): void => {
      if (raw.writableFinished || this.gone) return;
      this.gone = true;
      for (const listener of this.goneListeners) listener();
      this.goneListeners = [];
    };
    raw.on('close', leave);
    // Pipelined behind another request it has no socket yet, and node does not tell it when the connection breaks.
    if (!raw.socket) {
      const { socket } = raw.req;
      socket.setMaxListeners(0).once('close', leave);
      raw.once('finish', () => socket.off('close', leave));
    }
    raw.on('error', () => {});
  }

  get headSent(): boolean {
    return this.raw.headersSent;
  }

  /** Calls back once when the client leaves before its answer is complete; at once when it has left. Returns how to stop listening. */
  onGone(listener: () => void): () => void {
    if (this.gone) listener();
    else this.goneListeners.push(listener);
    return () => {
      this.goneListeners = this.goneListeners.filter((l) => l !== listener);
    };
  }

  /** `102 Processing` (RFC 2518 §10.1): resets header time-outs of the clients that bear it. */
  processing(): void {
    if (!this.raw.headersSent && !this.gone) this.raw.writeProcessing();
  }

  /** Sends 200 and the first heartbeat: from here on the answer must be a completion. */
  commit(contentType: string, heartbeat: Buffer): void {
    if (this.raw.headersSent || this.gone) return;
    this.committed = true;
    this.committedMs = performance.now();
    this.raw.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-cache' });
    this.raw.write(heartbeat);
  }

  heartbeat(bytes: Buffer): void {
    if (!this.gone && this.raw.headersSent && !this.raw.writableEnded) this.raw.write(bytes);
  }

  /** Begins the answer itself: its real beginning is dropped later. */
  begin(dialect: Dialect, operation: Operation, model: string): void {
    if (!this.committed || this.ownStart || this.started || this.gone || this.raw.writableEnded) return;
    const start = dialect.start?.(operation, model);
    if (!start) return;
    this.ownStart = true;
    this.raw.write(start);
  }

  /** Headers of the real answer; ignored after a commit. */
  head(status: number, headers: readonly [string, string | string[]][]): void {
    this.started = true;
    if (this.raw.headersSent || this.gone) return;
    this.raw.statusCode = status;
    for (const [name, value] of headers) this.raw.setHeader(name, value);
  }

  /** False: wait for `drain`. */
  write(bytes: Buffer): boolean {
    if (this.gone || bytes.length === 0) return true;
    this.started = true;
    return this.raw.write(bytes);
  }

  onDrain(listener: () => void): void {
    this.raw.once('drain', listener);
  }

  end(bytes?: Buffer): void {
    if (this.gone || this.raw.writableEnded) return;
    if (bytes && bytes.length > 0) {
      if (!this.raw.headersSent) this.raw.setHeader('content-length', bytes.length);
      this.raw.end(bytes);
    } else this.raw.end();
  }

  /** The last way to say that an answer is not whole: clients notice a destroyed socket, but not a clean end. */
  destroy(): void {
    this.raw.destroy();
  }
}
