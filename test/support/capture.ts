import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it came, nothing replaced. */
export interface Captured {
  method: string;
  /** Path with query. */
  path: string;
  /** Names in lower case; repeated ones joined. */
  headers: Record<string, string>;
  body: string;
  trailers: string[];
}

/** An HTTP server on this machine that keeps what it gets. */
export interface Capture {
  origin: string;
  seen: Captured[];
  close(): void;
}

/** @param answer is called when the request is complete; default: 200 with an empty object. */
export async function startCapture(
  answer: (response: ServerResponse, seen: Captured) => void = (response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{}');
  },
): Promise<Capture> {
  const seen: Captured[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    let body = '';
    request.setEncoding('latin1').on('data', (piece: string) => {
      body += piece;
    });
    request.on('end', () => {
      const { method = '', url: path = '', rawHeaders } = request;
      const headers: Record<string, string> = {};
      for (let i = 0; i < rawHeaders.length; i += 2) {
        const name = (rawHeaders[i] as string).toLowerCase();
        headers[name] = headers[name] === undefined ? (rawHeaders[i + 1] as string) : `${headers[name]}, ${rawHeaders[i + 1]}`;
      }
      const captured = { method, path, headers, body, trailers: request.rawTrailers };
      seen.push(captured);
      answer(response, captured);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
