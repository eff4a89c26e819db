/**
 * `app://sallyport/`: the console's files, and `/api/…` forwarded to the gateway's control socket with main's token and the person's
 * capability. What an attacker could do here: a page that runs hostile script could do what the person at this computer can (strict CSP
 * and Trusted Types stop script; no other process can reach this door), or carry a capability away (it is taken out of every answer).
 */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { protocol } from 'electron';
import type { ControlClient, Person } from '../../proxy/index.js';
import { CONTENT_SECURITY_POLICY } from '../security/index.js';
import { pageFile } from './pages.js';

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-cache',
};

/** Acts whose answer gives or ends a person's word: main keeps it, as a headless console's server does. */
const GIVES = new Set(['/api/persons/unlock', '/api/persons/passphrase', '/api/sign-in/wait']);
const ENDS = new Set(['/api/persons/lock', '/api/sign-out']);

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
  /** Why the gateway is down, for people. */
  down: string;
  keep(given: { capability: string; person: Person }): void;
  ended(): void;
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
  const wanted = pageFile(directory, path);
  try {
    if (wanted) return new Response(await readFile(wanted.file), { headers: { ...HEADERS, 'content-type': wanted.type } });
  } catch {
    // Not there, which is all that a page needs to know.
  }
  return new Response('Not found', { status: 404, headers: HEADERS });
}

async function forward(request: Request, url: URL, door: Door): Promise<Response> {
  const { client, capability } = door;
  if (!client) return error(503, 'gateway_down', door.down);
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
    if (status < 300 && ENDS.has(url.pathname)) door.ended();
    if (status === 204) {
      answer.resume();
      return new Response(null, { status, headers });
    }
    if (status < 300 && GIVES.has(url.pathname)) return new Response(await withoutWord(answer, door), { status, headers });
    answer.on('error', () => {});
    return new Response(Readable.toWeb(answer) as ReadableStream, { status, headers });
  } catch (cause) {
    return error(502, 'gateway_down', cause instanceof SyntaxError ? 'The request is not JSON.' : 'The gateway does not answer.');
  }
}

/** The answer without the capability in it, which main keeps. */
async function withoutWord(answer: IncomingMessage, door: Door): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const { capability, ...rest } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { capability?: string; person?: Person };
  if (capability !== undefined && rest.person) door.keep({ capability, person: rest.person });
  return JSON.stringify(rest);
}

function error(status: number, code: string, message: string): Response {
  return new Response(JSON.stringify({ error: { code, message } }), {
    status,
    headers: { ...HEADERS, 'content-type': 'application/json' },
  });
}
