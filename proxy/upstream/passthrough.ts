/**
 * Pass-through of paths that a connection lists by name: forwarded without being looked into, recorded as NOT_SCANNED. Uploads and
 * downloads stream; nothing is buffered. The middleware is used because it handles every framing that a REST API may have.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Connection, SallyportError } from '../contract/index.js';
import { requestHeaders, responseHeaders } from './headers.js';

export interface PassthroughEvents {
  headers(status: number): void;
  end(bytes: number): void;
  error(error: SallyportError): void;
}

/** Forwards one request; `path` is the checked path below the connection with its query. */
export async function createPassthrough(): Promise<
  (
    request: IncomingMessage,
    response: ServerResponse,
    target: { connection: Connection; path: string; credential: string | undefined },
    events: PassthroughEvents,
  ) => void
> {
  // Loaded at first use: most gateways never need it, and it costs start-up time.
  const { createProxyMiddleware } = await import('http-proxy-middleware');
  return (request, response, target, events) => {
    let bytes = 0;
    const forward = createProxyMiddleware<IncomingMessage, ServerResponse>({
      target: target.connection.origin,
      changeOrigin: true,
      followRedirects: false,
      ws: false,
      xfwd: false,
      selfHandleResponse: true,
      pathRewrite: () => target.connection.pathPrefix + target.path,
      on: {
        proxyReq(outgoing) {
          for (const name of outgoing.getHeaderNames())
            if (name !== 'host' && name !== 'content-length' && name !== 'transfer-encoding') outgoing.removeHeader(name);
          const list = requestHeaders(request.rawHeaders, target.connection, target.credential, undefined);
          for (let i = 0; i < list.length; i += 2) outgoing.setHeader(list[i] as string, list[i + 1] as string);
          outgoing.setHeader('connection', 'keep-alive');
          // http-proxy 1.18 listens to 'aborted', which node no longer emits once the request body is complete.
          response.on('close', () => {
            if (!response.writableFinished) outgoing.destroy();
          });
        },
        proxyRes(incoming) {
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
          incoming.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
          });
          incoming.on('error', () => response.destroy());
          incoming.on('end', () => events.end(bytes));
          incoming.pipe(response);
        },
        error(error) {
          events.error(new SallyportError('upstream_unreachable', undefined, { cause: error }));
        },
      },
    });
    void forward(request, response, () => {});
  };
}
