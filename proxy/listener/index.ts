/**
 * The data-plane HTTP server. Loopback by default; beyond loopback only with TLS. No CORS, ever: a web page has no business here.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext } from 'node:tls';
import { type ErrorCode, SallyportError, type Settings } from '../contract/index.js';
import { checkHeaders, checkTarget, hostNames, isLoopback } from './checks.js';
import { CLIENT_LIMITS, type ClientLimits } from './client-limits.js';
import { answerRaw, hangUp } from './raw-answer.js';

export { checkHeaders, checkTarget, hostNames, isLoopback, reachedAs } from './checks.js';
export { bodyTime, CLIENT_LIMITS, type ClientLimits } from './client-limits.js';

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

/** Where node's parser says more than that it cannot read on. */
const RAW_CODES: Record<string, ErrorCode> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** @throws SallyportError invalid */
function certificate(tls: NonNullable<Settings['listen']['tls']>): { cert: Buffer; key: Buffer } {
  try {
    const pair = { cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) };
    createSecureContext(pair);
    return pair;
  } catch (cause) {
    const why = `listen.tls cannot be used (${tls.certFile}, ${tls.keyFile}): ${(cause as Error).message}.`;
    throw new SallyportError('invalid', `${why} Both must be PEM files of one pair that the gateway may read.`, { cause });
  }
}

/** @param handle gets checked requests; @param refuse answers everything else in the provider's error shape. */
export function createListener(
  settings: () => Settings,
  handle: (arrival: Arrival) => void,
  refuse: (error: SallyportError, request: IncomingMessage, response: ServerResponse) => void,
  clients: ClientLimits = CLIENT_LIMITS,
): Listener {
  const { listen, limits } = settings();
  let hosts: ReadonlySet<string> = new Set();
  const sockets = new Set<Socket>();
  /** The last request's answer, by connection. */
  const answers = new WeakMap<Duplex, ServerResponse>();

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    answers.set(request.socket, response);
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
    headersTimeout: clients.headMs,
    // How long a body may take is the reader's business: a pass-through may be held before its body is read.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(5_000, clients.headMs),
    noDelay: true,
    insecureHTTPParser: false,
  };
  const server: Server = listen.tls
    ? createTlsServer(
        {
          ...options,
          ...certificate(listen.tls),
          minVersion: 'TLSv1.2',
          handshakeTimeout: clients.headMs,
        },
        onRequest,
      )
    : createServer(options, onRequest);
  server.timeout = 0;
  server.maxRequestsPerSocket = 0;
  server.maxConnections = clients.connections;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  // With an own handler node leaves the connection to us: refuse and close, so that nothing is tunnelled.
  server.on('upgrade', (_request, socket) => answerRaw(socket, 'upgrade_refused'));
  server.on('connect', (_request, socket) => answerRaw(socket, 'upgrade_refused'));
  // Nobody can read an answer before the handshake; without a listener of its own it would reach the one below.
  server.prependListener('tlsClientError', (_error: Error, socket: Socket) => socket.destroy());
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable) return;
    // In the middle of an answer these bytes would be taken for a part of it. Without a socket, it waits for another one to end.
    const answer = answers.get(socket);
    const inAnswer = answer && !answer.writableFinished && (answer.headersSent || !answer.socket);
    // A refusal that waits for the rest of its body stands there whole.
    if (inAnswer && answer.headersSent && answer.getHeader('connection') === 'close') hangUp(socket);
    else if (inAnswer) socket.destroy();
    else answerRaw(socket, RAW_CODES[error.code ?? ''] ?? 'bad_request_line');
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
