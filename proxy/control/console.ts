/**
 * The console for a headless gateway: its own port, its own origin.
 *
 * What an attacker could do here: a web page could call it (stopped by exact Host and Origin, Sec-Fetch-Site, SameSite=Strict and the
 * second secret), a program behind another port of this address could be sent the cookie, which browsers do not bind to a port
 * (stopped by the second secret: it lies in the page's localStorage, which is bound to the port, and goes with every call), somebody
 * could learn the opening URL (its code stands in the fragment, is never sent to a server by a link, and works once, for ten minutes),
 * recorded content could run as script (strict CSP with Trusted Types). A person's capability is kept here, never in the page.
 * Beyond loopback it needs TLS, and persons sign in by OIDC; there is no opening code then.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { SallyportError } from '../contract/index.js';
import { admit } from './admission.js';
import { fromExpress, sendError } from './answers.js';
import type { ControlApp } from './app.js';
import { consoleFiles } from './console-files.js';
import { CONSOLE_HEADERS, OPEN_PAGE, OPEN_SCRIPT } from './console-pages.js';
import { ConsoleSessions } from './console-sessions.js';
import { sameText } from './proof.js';
import type { ConsoleServer, SignInService } from './types.js';

export interface ConsoleOptions {
  /** Loopback literal by default. */
  host?: string;
  /** 0 = any free port. */
  port?: number;
  /** PEM texts; needed beyond loopback. */
  tls?: { cert: string; key: string };
  /** Names under which it is reached beyond loopback. */
  allowedHosts?: string[];
  /** Needed beyond loopback. */
  signIn?: SignInService;
  /** The built console; see `ControlOptions.consoleDirectory`. */
  consoleDirectory?: string;
  now?(): number;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** @throws SallyportError invalid (beyond loopback without TLS and OIDC), conflict (port taken) */
export async function serveConsole(app: ControlApp, options: ConsoleOptions = {}): Promise<ConsoleServer> {
  const host = options.host ?? '127.0.0.1';
  const remote = !LOOPBACK.has(host);
  if (remote && (options.tls === undefined || options.signIn === undefined)) {
    throw new SallyportError(
      'invalid',
      `The console on ${host} can be reached by others: that needs TLS (listen.tls) and an OIDC issuer that signs persons in (issuers[].signIn).`,
    );
  }
  const sessions = new ConsoleSessions({ secure: options.tls !== undefined, now: options.now ?? Date.now });
  const outer = express();
  outer.disable('x-powered-by');
  outer.disable('etag');
  const server: Server =
    options.tls === undefined ? createServer(outer) : createTlsServer({ ...options.tls, minVersion: 'TLSv1.2' }, outer);
  server.headersTimeout = 10_000;
  await listen(server, host, options.port ?? 0);
  const port = (server.address() as AddressInfo).port;
  const scheme = options.tls === undefined ? 'http' : 'https';
  const names = remote ? [host, ...(options.allowedHosts ?? [])] : [...LOOPBACK, ...(options.allowedHosts ?? [])];
  const hosts = new Set(names.flatMap((name) => hostSpellings(name, port, scheme)));
  const origins = new Set([...hosts].map((h) => `${scheme}://${h}`));

  outer.use((req, res, next) => {
    for (const [name, value] of Object.entries(CONSOLE_HEADERS)) res.setHeader(name, value);
    if (options.tls !== undefined) res.setHeader('strict-transport-security', 'max-age=31536000');
    if (!hosts.has((req.headers.host ?? '').toLowerCase())) throw new SallyportError('bad_host', 'This Host does not name the console.');
    const origin = req.headers.origin;
    if (origin !== undefined && !origins.has(origin)) throw new SallyportError('browser_origin', 'Another page may not call the console.');
    const site = req.headers['sec-fetch-site'];
    const navigation = req.method === 'GET' && req.headers['sec-fetch-mode'] === 'navigate' && !req.path.startsWith('/api');
    if (site !== undefined && site !== 'same-origin' && site !== 'none' && !navigation) {
      throw new SallyportError('browser_origin', 'Another page may not call the console.');
    }
    if (req.method !== 'GET' && req.method !== 'HEAD' && origin === undefined) {
      throw new SallyportError('browser_origin', 'A call that changes something needs the Origin header of the console.');
    }
    next();
  });

  outer.get('/open', (_req, res) => void res.type('html').send(OPEN_PAGE));
  outer.get('/open.js', (_req, res) => void res.type('js').send(OPEN_SCRIPT));
  outer.post('/open', express.json({ limit: '1kb' }), (req, res) => {
    const code = (req.body as { code?: unknown } | undefined)?.code;
    if (remote || typeof code !== 'string' || !sessions.takeCode(code)) {
      throw new SallyportError('bad_credential', 'This address was used already or is too old. `sallyport console` prints a new one.');
    }
    const { cookie, csrf } = sessions.open();
    res.setHeader('set-cookie', cookie);
    res.json({ csrf });
  });
  if (remote) {
    outer.post('/open/sign-in', (_req, res, next) => {
      options.signIn!.begin({ flow: 'device' }).then((attempt) => res.json(attempt), next);
    });
    outer.post('/open/wait', express.json({ limit: '4kb' }), (req, res, next) => {
      const gone = new AbortController();
      res.once('close', () => gone.abort());
      options.signIn!.wait(String((req.body as { id?: unknown } | undefined)?.id), gone.signal).then(({ capability }) => {
        const { cookie, csrf } = sessions.open(capability);
        res.setHeader('set-cookie', cookie);
        res.json({ csrf });
      }, next);
    });
  }

  outer.use('/api', (req, res, next) => {
    const session = sessions.find(req.headers.cookie);
    if (session === undefined) {
      throw new SallyportError(
        'no_credential',
        remote ? 'Sign in at /open first.' : 'Open the console by the address that the terminal printed, or `sallyport console`.',
      );
    }
    if (!sameText(secondSecret(req), session.csrf)) {
      throw new SallyportError('forbidden', 'The x-sallyport-csrf header is missing or wrong; open the console again.');
    }
    delete req.headers['x-sallyport-person'];
    admit(req, {
      face: 'console',
      ...(session.capability === undefined ? {} : { capability: session.capability }),
      keepCapability(capability) {
        if (capability === undefined) delete session.capability;
        else session.capability = capability;
      },
    });
    req.url = req.originalUrl;
    app(req, res, next);
  });
  outer.use(consoleFiles(options.consoleDirectory ?? app.options.consoleDirectory));
  outer.use((error: unknown, _req: express.Request, res: express.Response, _next: express.NextFunction) =>
    sendError(res, fromExpress(error)),
  );

  const shown = remote ? (options.allowedHosts?.[0] ?? host) : host;
  const origin = `${scheme}://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
  const openUrl = () => (remote ? `${origin}/open` : `${origin}/open#${sessions.newCode()}`);
  app.consoleUrl = openUrl;
  return {
    origin,
    openUrl,
    async close() {
      delete app.consoleUrl;
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
    },
  };
}

/** EventSource cannot set headers, so the event stream, and nothing else, takes it from the query. */
function secondSecret(req: IncomingMessage & { originalUrl: string }): string {
  const header = req.headers['x-sallyport-csrf'];
  if (typeof header === 'string') return header;
  const url = new URL(req.originalUrl, 'http://console');
  if (req.method !== 'GET' || url.pathname !== '/api/events') return '';
  const given = url.searchParams.get('csrf') ?? '';
  url.searchParams.delete('csrf');
  req.originalUrl = url.pathname + url.search;
  return given;
}

function hostSpellings(name: string, port: number, scheme: string): string[] {
  const host = name.includes(':') && !name.startsWith('[') ? `[${name}]` : name.toLowerCase();
  const usual = (scheme === 'https' && port === 443) || (scheme === 'http' && port === 80);
  return usual ? [host, `${host}:${port}`] : [`${host}:${port}`];
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(
        error.code === 'EADDRINUSE'
          ? new SallyportError('conflict', `Port ${port} of ${host} is taken; choose another one for the console.`)
          : error,
      ),
    );
    server.listen(port, host, done);
  });
}
