/**
 * Connections to providers. The origin comes from the stored connection and from nowhere else; redirects are never followed; the
 * credential is put on here, into this one outgoing request.
 */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import { type Dispatcher, Pool } from 'undici';
import { type Connection, SallyportError } from '../contract/index.js';
import { checkOrigin, pinnedLookup } from './address.js';
import { requestHeaders } from './headers.js';
import { createPassthrough, type Passthrough, type PassthroughEvents, type PassthroughTarget, SILENT } from './passthrough.js';

export { addressAllowed, pinnedLookup } from './address.js';
export { credentialHeader, requestHeaders, responseHeaders } from './headers.js';
export type { PassthroughEvents, PassthroughTarget } from './passthrough.js';

export interface UpstreamHandlers {
  headers(status: number, headers: Record<string, string | string[] | undefined>): void;
  data(chunk: Buffer): void;
  end(): void;
  error(error: SallyportError): void;
}

/** One outgoing request. */
export interface UpstreamCall {
  abort(): void;
  pause(): void;
  resume(): void;
}

export interface UpstreamRequest {
  connection: Connection;
  method: string;
  /** Path below the connection with query, as checked by the listener. */
  path: string;
  rawHeaders: readonly string[];
  body: Buffer | undefined;
  credential: string | undefined;
}

export interface Upstream {
  /** One inspected request. @throws SallyportError upstream_address_refused */
  send(request: UpstreamRequest, handlers: UpstreamHandlers): UpstreamCall;
  /** One request that is streamed through unread, under the same rules. @throws SallyportError upstream_address_refused */
  passThrough(request: IncomingMessage, response: ServerResponse, target: PassthroughTarget, events: PassthroughEvents): Promise<void>;
  close(): Promise<void>;
}

/** All ways to the provider of a connection: they share one pinned address. */
interface Pooled {
  origin: string;
  allowPrivate: boolean;
  pool: Pool;
  /** For pass-through; a connection per request, because a stream that a stale one has swallowed cannot be sent again. */
  agent: http.Agent;
  passThrough: Promise<Passthrough> | undefined;
  forgetAddresses(): void;
}

/**
 * A model may think for minutes, in the middle of a stream too; so nobody is given up who a client would still wait for: the SDKs of
 * OpenAI and Anthropic have a time-out of 600 s (`DEFAULT_TIMEOUT` in their `client`). Without an end, a client that has none would
 * hold its place for ever.
 */
const SILENCE_MS = 900_000;

/**
 * @param silenceMs how long a provider may say nothing, before its answer or in it; then `upstream_timeout`. While the client does not
 * read what is there, nothing is counted.
 */
export function createUpstream(silenceMs = SILENCE_MS): Upstream {
  const pools = new Map<string, Pooled>();

  const poolOf = (connection: Connection): Pooled => {
    const found = pools.get(connection.name);
    const allowPrivate = connection.allowPrivateAddress === true;
    if (found && found.origin === connection.origin && found.allowPrivate === allowPrivate) return found;
    if (found) {
      pools.delete(connection.name);
      void found.pool.close().catch(() => {});
    }
    checkOrigin(connection);
    const pin = pinnedLookup(allowPrivate);
    const pool = new Pool(connection.origin, {
      connections: 256,
      pipelining: 1,
      bodyTimeout: silenceMs,
      headersTimeout: silenceMs,
      keepAliveTimeout: 30_000,
      connect: { lookup: pin.lookup as never, timeout: 15_000 },
    });
    const { Agent } = connection.origin.startsWith('https:') ? https : http;
    const agent = new Agent({ lookup: pin.lookup as never });
    const made = { origin: connection.origin, allowPrivate, pool, agent, passThrough: undefined, forgetAddresses: () => pin.forget() };
    pools.set(connection.name, made);
    return made;
  };

  return {
    send(request, handlers) {
      const { connection } = request;
      const pooled = poolOf(connection);
      let controller: Dispatcher.DispatchController | undefined;
      let aborted = false;
      let wantsPause = false;
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart(c) {
          controller = c;
          if (aborted) c.abort(new Error('client gone'));
        },
        onResponseStart(_c, status, headers) {
          if (status < 200) return;
          handlers.headers(status, headers);
          if (wantsPause) controller?.pause();
        },
        onResponseData(_c, chunk) {
          if (!aborted) handlers.data(chunk);
        },
        onResponseEnd() {
          if (!aborted) handlers.end();
        },
        onResponseError(_c, error) {
          if (aborted) return;
          pooled.forgetAddresses();
          handlers.error(asUpstreamError(error, connection));
        },
      };
      pooled.pool.dispatch(
        {
          method: request.method as Dispatcher.HttpMethod,
          path: connection.pathPrefix + request.path,
          headers: requestHeaders(request.rawHeaders, connection, request.credential, request.body),
          body: request.body ?? null,
          // A retry by the pool could send an approved body twice.
          idempotent: false,
        },
        handler,
      );
      return {
        abort() {
          if (aborted) return;
          aborted = true;
          controller?.abort(new Error('client gone'));
        },
        pause() {
          wantsPause = true;
          controller?.pause();
        },
        resume() {
          wantsPause = false;
          controller?.resume();
        },
      };
    },
    async passThrough(request, response, target, events) {
      const { connection } = target;
      const pooled = poolOf(connection);
      pooled.passThrough ??= createPassthrough(connection.origin, pooled.agent, silenceMs, (error) => {
        pooled.forgetAddresses();
        return asUpstreamError(error, connection);
      });
      const pass = await pooled.passThrough;
      pass(request, response, target, events);
    },
    async close() {
      for (const { agent } of pools.values()) agent.destroy();
      await Promise.all([...pools.values()].map((p) => p.pool.destroy().catch(() => {})));
      pools.clear();
    },
  };
}

const TIMED_OUT = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', SILENT]);

function asUpstreamError(error: Error, connection: Connection): SallyportError {
  if (error instanceof SallyportError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const name = `"${connection.name}"`;
  if (TIMED_OUT.has(code))
    return new SallyportError('upstream_timeout', `The provider of the connection ${name} did not answer in time.`, { cause: error });
  return new SallyportError(
    'upstream_unreachable',
    `The provider of the connection ${name} cannot be reached or broke off (${code || 'connection lost'}). Check its origin and your network.`,
    { cause: error },
  );
}
