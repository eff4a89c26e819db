/**
 * Connections to providers. The origin comes from the stored connection and from nowhere else; redirects are never followed; the
 * credential is put on here, into this one outgoing request.
 */
import { isIP } from 'node:net';
import { type Dispatcher, Pool } from 'undici';
import { type Connection, SallyportError } from '../contract/index.js';
import { addressAllowed, pinnedLookup } from './address.js';
import { requestHeaders } from './headers.js';

export { addressAllowed } from './address.js';
export { credentialHeader, requestHeaders, responseHeaders } from './headers.js';
export { createPassthrough } from './passthrough.js';

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
  send(request: UpstreamRequest, handlers: UpstreamHandlers): UpstreamCall;
  /** Drops the pool of a connection that was changed or removed. */
  forget(connectionName: string): void;
  close(): Promise<void>;
}

interface Pooled {
  origin: string;
  allowPrivate: boolean;
  pool: Pool;
  forgetAddresses(): void;
}

/** @param headersTimeoutMs how long a provider may think before its first byte. */
export function createUpstream(headersTimeoutMs = 900_000): Upstream {
  const pools = new Map<string, Pooled>();

  const poolOf = (connection: Connection): Pooled => {
    const found = pools.get(connection.name);
    const allowPrivate = connection.allowPrivateAddress === true;
    if (found && found.origin === connection.origin && found.allowPrivate === allowPrivate) return found;
    if (found) void found.pool.close().catch(() => {});
    const { hostname } = new URL(connection.origin);
    const literal = hostname.replace(/^\[|\]$/g, '');
    if (isIP(literal) !== 0 && !addressAllowed(literal, literal, allowPrivate))
      throw new SallyportError(
        'upstream_address_refused',
        `${connection.origin} is a link-local or metadata address. Set allowPrivateAddress on the connection "${connection.name}" if that is intended.`,
      );
    const pin = pinnedLookup(allowPrivate);
    const pool = new Pool(connection.origin, {
      connections: 256,
      pipelining: 1,
      bodyTimeout: 0,
      headersTimeout: headersTimeoutMs,
      keepAliveTimeout: 30_000,
      connect: { lookup: pin.lookup as never, timeout: 15_000 },
    });
    const made = { origin: connection.origin, allowPrivate, pool, forgetAddresses: () => pin.forget() };
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
    forget(name) {
      const found = pools.get(name);
      if (!found) return;
      pools.delete(name);
      void found.pool.close().catch(() => {});
    },
    async close() {
      await Promise.all([...pools.values()].map((p) => p.pool.destroy().catch(() => {})));
      pools.clear();
    },
  };
}

function asUpstreamError(error: Error, connection: Connection): SallyportError {
  if (error instanceof SallyportError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const name = `"${connection.name}"`;
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT')
    return new SallyportError('upstream_timeout', `The provider of the connection ${name} did not answer in time.`, { cause: error });
  return new SallyportError(
    'upstream_unreachable',
    `The provider of the connection ${name} cannot be reached or broke off (${code || 'connection lost'}). Check its origin and your network.`,
    { cause: error },
  );
}
