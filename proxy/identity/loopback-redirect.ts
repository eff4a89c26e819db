import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sameSecret } from './keys.js';

/** A one-shot receiver of the redirect that ends a sign-in in the browser (RFC 8252 §7.3). */
export interface Redirect {
  uri: string;
  /** The address that the browser was sent to. */
  arrived: Promise<URL>;
  /** What the browser shows at the end: signed in, or why not. Resolves when it has it, or is gone. */
  answer(problem?: string): Promise<void>;
  close(): void;
}

const page = (text: string): string => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sallyport</title>
<p>${text} You can close this window.</p></html>`;
const escaped = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/**
 * Listens on 127.0.0.1 at any free port, for one GET of /callback that carries `state`; everything else gets 404, so that a web
 * page or another program that finds the port can neither end nor steer the sign-in.
 */
export async function receiveRedirect(state: string): Promise<Redirect> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  let browser: ServerResponse | undefined;
  const arrived = new Promise<URL>((resolve) => {
    server.on('request', (request, response) => {
      const url = URL.canParse(request.url ?? '', uri) ? new URL(request.url ?? '', uri) : undefined;
      const given = url?.searchParams.get('state') ?? '';
      if (request.method !== 'GET' || url === undefined || `${url.origin}${url.pathname}` !== uri || !sameSecret(given, state)) {
        response.writeHead(404, { connection: 'close' }).end();
        return;
      }
      // The page waits until it is known how it ended. One shot: whoever comes after finds nobody.
      browser = response;
      server.close();
      resolve(url);
    });
  });
  const answer = async (problem?: string): Promise<void> => {
    if (!browser || browser.writableEnded || browser.destroyed) return;
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'",
      'referrer-policy': 'no-referrer',
      connection: 'close',
    };
    const text = problem === undefined ? 'You are signed in to Sallyport.' : `You are not signed in to Sallyport. ${escaped(problem)}`;
    const gone = once(browser, 'close');
    browser.writeHead(problem === undefined ? 200 : 403, headers).end(page(text));
    await gone;
  };
  return { uri, arrived, answer, close };
}
