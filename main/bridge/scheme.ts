/**
 * `app://sallyport/`: the console's files, and `/api/…` forwarded to the gateway's control socket with main's token and the person's
 * capability. A page of ours can so do what the person at this computer can; no other process can reach this door.
 */
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { Readable } from 'node:stream';
import { protocol } from 'electron';
import type { ControlClient } from '../../proxy/index.js';
import { CONTENT_SECURITY_POLICY } from '../security/index.js';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-cache',
};

/** Before `ready`. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

export interface Door {
  /** Undefined while the gateway is down. */
  client: ControlClient | undefined;
  capability: string | undefined;
}

/** When ready. `door` is asked at each request, because the gateway may have been restarted. */
export function serveScheme(pagesDirectory: string, door: () => Door): void {
  protocol.handle('app', async (request) => {
    const url = new URL(request.url);
    if (url.host !== 'sallyport') return new Response('Not found', { status: 404 });
    if (url.pathname.startsWith('/api/')) return forward(request, url, door());
    return page(pagesDirectory, url.pathname);
  });
}

async function page(directory: string, path: string): Promise<Response> {
  const wanted = extname(path) === '' ? '/index.html' : path;
  const file = normalize(join(directory, decodeURIComponent(wanted)));
  const type = TYPES[extname(file)];
  if (!file.startsWith(directory + sep) || type === undefined) return new Response('Not found', { status: 404, headers: HEADERS });
  try {
    return new Response(await readFile(file), { headers: { ...HEADERS, 'content-type': type } });
  } catch {
    return new Response('Not found', { status: 404, headers: HEADERS });
  }
}

async function forward(request: Request, url: URL, { client, capability }: Door): Promise<Response> {
  if (!client) return error(503, 'gateway_down', 'The gateway is not running. It is started again by itself; see the tray for the reason.');
  try {
    const text = request.body ? await request.text() : '';
    const stop = new AbortController();
    request.signal.addEventListener('abort', () => stop.abort());
    const lastId = request.headers.get('last-event-id');
    const answer = await client.raw(request.method, url.pathname + url.search, {
      signal: stop.signal,
      ...(text === '' ? {} : { body: JSON.parse(text) as unknown }),
      ...(capability === undefined ? {} : { capability }),
      ...(lastId === null ? {} : { headers: { 'last-event-id': lastId } }),
    });
    const headers = new Headers(HEADERS);
    for (const name of ['content-type', 'content-disposition'])
      if (typeof answer.headers[name] === 'string') headers.set(name, answer.headers[name] as string);
    const status = answer.statusCode ?? 502;
    if (status === 204) {
      answer.resume();
      return new Response(null, { status, headers });
    }
    answer.on('error', () => {});
    return new Response(Readable.toWeb(answer) as ReadableStream, { status, headers });
  } catch (cause) {
    return error(502, 'gateway_down', cause instanceof SyntaxError ? 'The request is not JSON.' : 'The gateway does not answer.');
  }
}

function error(status: number, code: string, message: string): Response {
  return new Response(JSON.stringify({ error: { code, message } }), {
    status,
    headers: { ...HEADERS, 'content-type': 'application/json' },
  });
}
