/**
 * The data-plane HTTP server. Loopback by default; beyond loopback only with TLS. No CORS, ever: a web page has no business here.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { SallyportError, type Settings } from '../contract/index.js';
import { checkHeaders, checkTarget, hostNames, isLoopback } from './checks.js';

export { checkHeaders, checkTarget, hostNames, isLoopback } from './checks.js';

/** A request that passed the checks. */
export interface Arrival {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
  query: string;
}

export interface Listener {
  /** Resolves with the bound address. @throws SallyportError invalid (bind policy), conflict (port taken) */
  listen(): Promise<{ host: string; port: number }>;
  /** Stops accepting, waits for open requests up to `graceMs`, then destroys the sockets. */
  close(graceMs: number): Promise<void>;
  readonly connections: number;
}

/** @param handle gets checked requests; @param refuse answers everything else in the provider's error shape. */
export function createListener(
  settings: () => Settings,
  handle: (arrival: Arrival) => void,
  refuse: (error: SallyportError, request: IncomingMessage, response: ServerResponse) => void,
): Listener {
  const { listen, limits } = settings();
  let hosts: ReadonlySet<string> = new Set();
  const sockets = new Set<Socket>();

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    let arrival: Arrival;
    try {
      checkHeaders(request, hosts);
      arrival = { request, response, ...checkTarget(request.url ?? '') };
    } catch (error) {
      refuse(error as SallyportError, request, response);
      return;
    }
    handle(arrival);
  };

  const options = {
    maxHeaderSize: limits.headerBytes,
    keepAliveTimeout: 75_000,
    headersTimeout: 60_000,
    requestTimeout: 0,
    noDelay: true,
    insecureHTTPParser: false,
  };
  const server: Server = listen.tls
    ? createTlsServer(
        { ...options, cert: readFileSync(listen.tls.certFile), key: readFileSync(listen.tls.keyFile), minVersion: 'TLSv1.2' },
        onRequest,
      )
    : createServer(options, onRequest);
  server.timeout = 0;
  server.maxRequestsPerSocket = 0;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  // With an own handler node leaves the connection to us: refuse and close, so that nothing is tunnelled.
  const close = (socket: Socket | import('node:stream').Duplex): void => {
    socket.end(
      'HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 98\r\n\r\n{"error":{"message":"Protocol upgrades are not accepted here","type":"invalid","code":"upgrade_refused"}}'.replace(
        '98',
        '105',
      ),
    );
  };
  server.on('upgrade', (_request, socket) => close(socket));
  server.on('connect', (_request, socket) => close(socket));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable) return;
    const [status, code] =
      error.code === 'HPE_HEADER_OVERFLOW'
        ? ['431 Request Header Fields Too Large', 'headers_too_large']
        : ['400 Bad Request', 'bad_request_line'];
    const body = `{"error":{"message":"The request cannot be read safely","type":"invalid_request_error","param":null,"code":"${code}"}}`;
    socket.end(
      `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  });

  return {
    get connections() {
      return sockets.size;
    },
    listen() {
      if (!isLoopback(listen.host) && !listen.tls)
        return Promise.reject(
          new SallyportError(
            'invalid',
            `Listening on ${listen.host} needs TLS (settings: listen.tls). Use 127.0.0.1 for this computer only.`,
          ),
        );
      return new Promise((resolve, reject) => {
        server.once('error', (error: NodeJS.ErrnoException) => {
          reject(
            error.code === 'EADDRINUSE'
              ? new SallyportError(
                  'conflict',
                  `Port ${listen.port} is taken. Stop the other program, or choose another port: listen.port in the settings, or \`sallyport serve --port N\`.`,
                )
              : error,
          );
        });
        server.listen(listen.port, listen.host, () => {
          const address = server.address() as AddressInfo;
          hosts = hostNames(listen.host, address.port, listen.allowedHosts);
          resolve({ host: listen.host, port: address.port });
        });
      });
    },
    close(graceMs) {
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          for (const socket of sockets) socket.destroy();
        }, graceMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      });
    },
  };
}
