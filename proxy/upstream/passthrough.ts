/**
 * Pass-through of paths that a connection lists by name: forwarded without being looked into, recorded as NOT_SCANNED. Uploads and
 * downloads stream; nothing is buffered. The middleware is used because it handles every framing that a REST API may have.
 */
import type { Agent, ClientRequest, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type Connection, SallyportError } from '../contract/index.js';
import { requestHeaders, responseHeaders } from './headers.js';

/** Each is called at most once; `error` may follow `headers`. */
export interface PassthroughEvents {
  headers(status: number): void;
  /** The provider's answer is complete; `bytes` of it were handed on. */
  end(bytes: number): void;
  /** upstream_redirect, upstream_unreachable, upstream_timeout, upstream_address_refused. The agent was told nothing of it yet. */
  error(error: SallyportError): void;
}

/** What is forwarded where. */
export interface PassthroughTarget {
  connection: Connection;
  /** Checked path below the connection with its query. */
  path: string;
  /** Of the agent's request, as far as they may leave. */
  rawHeaders: readonly string[];
  credential: string | undefined;
}

/** Code of the error with which a connection ends whose provider said nothing for too long. */
export const SILENT = 'PROVIDER_SILENT';

/** Forwards one request. */
export type Passthrough = (
  request: IncomingMessage,
  response: ServerResponse,
  target: PassthroughTarget,
  events: PassthroughEvents,
) => void;

/** What the agent's client says about the form of a body that is forwarded as it is. */
const BODY_FORM = ['content-length', 'transfer-encoding', 'content-encoding'] as const;

/**
 * @param origin of the provider, its literal address checked already.
 * @param agent makes the connections; its `lookup` checks the answers of DNS.
 * @param silenceMs how long the provider may say nothing; see `createUpstream`.
 * @param failed tells what a failed connection means.
 */
export async function createPassthrough(
  origin: string,
  agent: Agent,
  silenceMs: number,
  failed: (error: Error) => SallyportError,
): Promise<Passthrough> {
  // Loaded at first use: most gateways never need it, and it costs start-up time.
  const { createProxyMiddleware } = await import('http-proxy-middleware');
  const open = new WeakMap<IncomingMessage, { path: string; headers: OutgoingHttpHeaders; events: PassthroughEvents }>();
  const of = (request: IncomingMessage) => open.get(request) as { path: string; headers: OutgoingHttpHeaders; events: PassthroughEvents };
  // One for all requests: each middleware stays in memory as a listener of the server.
  const forward = createProxyMiddleware<IncomingMessage, ServerResponse>({
    target: origin,
    agent,
    changeOrigin: true,
    followRedirects: false,
    ws: false,
    xfwd: false,
    selfHandleResponse: true,
    on: {
      // Right before http-proxy copies the headers. It calls `proxyReq` for a request with Expect never, and takes the length of a
      // chunked DELETE for 0: what it copies must be what is sent.
      start(request) {
        request.headers = of(request).headers as IncomingMessage['headers'];
      },
      proxyReq(outgoing, request, response) {
        // http-proxy escapes `'` and doubles the slash of `http:/`; the judge saw the path as it came.
        outgoing.path = of(request).path;
        // http-proxy 1.18 listens to 'aborted', which node no longer emits once the request body is complete.
        if (response.destroyed) outgoing.destroy();
        endSilence(outgoing, request, response, silenceMs);
        response.on('close', () => {
          if (!response.writableFinished) outgoing.destroy();
        });
      },
      proxyRes(incoming, request, response) {
        const { events } = of(request);
        const status = incoming.statusCode ?? 502;
        if (status >= 300 && status < 400 && status !== 304) {
          incoming.destroy();
          return events.error(new SallyportError('upstream_redirect'));
        }
        events.headers(status);
        response.statusCode = status;
        for (const [name, value] of responseHeaders(incoming.headers)) response.setHeader(name, value);
        if (incoming.headers['content-encoding']) response.setHeader('content-encoding', incoming.headers['content-encoding']);
        if (incoming.headers['content-length']) response.setHeader('content-length', incoming.headers['content-length']);
        // What breaks from here on can only be told by breaking off.
        response.flushHeaders();
        let bytes = 0;
        incoming.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
        });
        incoming.on('error', (error) => events.error(failed(error)));
        incoming.on('end', () => events.end(bytes));
        incoming.pipe(response);
      },
      error(error, request) {
        of(request).events.error(failed(error));
      },
    },
  });
  return (request, response, target, events) => {
    const headers: OutgoingHttpHeaders = {};
    const list = requestHeaders(target.rawHeaders, target.connection, target.credential, undefined);
    for (let i = 0; i < list.length; i += 2) {
      const name = list[i] as string;
      const value = list[i + 1] as string;
      const before = headers[name] as string | string[] | undefined;
      headers[name] = before === undefined ? value : [before, value].flat();
    }
    for (const name of BODY_FORM) if (request.headers[name] !== undefined) headers[name] = request.headers[name];
    open.set(request, { path: target.connection.pathPrefix + target.path, headers, events });
    void forward(request, response, (error) => {
      events.error(failed(error instanceof Error ? error : new Error('not forwarded')));
    });
  };
}

/** Breaks off when nothing has moved for `ms`, unless it is the client that does not send or read. */
function endSilence(outgoing: ClientRequest, request: IncomingMessage, response: ServerResponse, ms: number): void {
  outgoing.setTimeout(ms, () => {
    if (request.complete && !response.writableNeedDrain) {
      outgoing.destroy(Object.assign(new Error('the provider says nothing'), { code: SILENT }));
    } else endSilence(outgoing, request, response, ms);
  });
}
