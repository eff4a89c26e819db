/**
 * The control API on a Unix socket (named pipe on Windows).
 *
 * What an attacker could do here: another user could connect (stopped by the mode of socket and folder), another process could take
 * the pipe's name and be talked to (stopped by the random name and by the proof that the server knows the token, asked on every
 * connection before anything else is sent), a web page could reach it (browsers cannot open sockets; an Origin header is refused
 * nevertheless). A process of the same user can read the token file: that is why decisions and changes need a person on top.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { SallyportError } from '../contract/index.js';
import { admit } from './admission.js';
import { errorBody } from './answers.js';
import type { ControlApp } from './app.js';
import { socketPlace, TOKEN_FILE } from './place.js';
import { sameText, serverProof } from './proof.js';
import type { ControlAddress, ControlServer } from './types.js';

/**
 * Listens for the CLI and the desktop app. Writes the token file (0600) into `directory`.
 * @throws SallyportError conflict when another gateway listens for this directory
 */
export async function listenControl(app: ControlApp, directory: string, options: { socket?: string } = {}): Promise<ControlServer> {
  const address: ControlAddress = {
    socket: options.socket ?? socketPlace(directory),
    token: randomBytes(32).toString('base64url'),
    pid: process.pid,
  };
  const server = createServer((req, res) => receive(req, res, address.token, app));
  server.headersTimeout = 10_000;
  server.keepAliveTimeout = 60_000;
  if (process.platform !== 'win32') await clearStale(address.socket);
  await listen(server, address.socket);
  if (process.platform !== 'win32') chmodSync(address.socket, 0o600);
  const tokenFile = join(directory, TOKEN_FILE);
  try {
    writePrivate(tokenFile, `${JSON.stringify(address)}\n`);
  } catch (error) {
    server.close();
    throw error;
  }
  return {
    address,
    tokenFile,
    async close() {
      rmSync(tokenFile, { force: true });
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
    },
  };
}

function receive(req: IncomingMessage, res: ServerResponse, token: string, app: ControlApp): void {
  const refuse = (error: SallyportError) => {
    const { status, body } = errorBody(error);
    res.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    res.end(JSON.stringify(body));
  };
  if (req.headers.origin !== undefined && req.headers.origin !== 'app://sallyport') {
    refuse(new SallyportError('browser_origin', 'Web pages do not talk to the control socket.'));
    return;
  }
  const hello = /^\/api\/hello\?nonce=([A-Za-z0-9_-]{16,128})$/.exec(req.url ?? '');
  if (hello !== null && req.method === 'GET') {
    const body = JSON.stringify({ proof: serverProof(token, hello[1]!) });
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) });
    res.end(body);
    return;
  }
  const given = req.headers['x-sallyport-token'];
  if (typeof given !== 'string' || !sameText(given, token)) {
    refuse(
      new SallyportError(
        'bad_credential',
        'The control socket needs the token of control.json; is another gateway running than the one you asked?',
      ),
    );
    return;
  }
  delete req.headers['x-sallyport-token'];
  const capability = req.headers['x-sallyport-person'];
  admit(req, {
    // Main forwards the desktop console through this socket and says so: a page gets no more than a page over the network.
    face: req.headers['x-sallyport-face'] === 'console' ? 'console' : 'socket',
    ...(typeof capability === 'string' && capability !== '' ? { capability } : {}),
  });
  app(req, res);
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((done, fail) => {
    const before = process.umask(0o177);
    server.once('error', (error: NodeJS.ErrnoException) => {
      fail(
        error.code === 'EADDRINUSE'
          ? new SallyportError('conflict', `Another gateway listens on ${path}. Stop it first, or use another data directory.`)
          : error,
      );
    });
    server.listen(path, () => done());
    // listen() binds at once for paths, so the mode is set when it returns.
    process.umask(before);
  });
}

/** Removes a socket that nobody answers on (its gateway was killed). */
function clearStale(path: string): Promise<void> {
  return new Promise((done, fail) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      fail(new SallyportError('conflict', `Another gateway listens on ${path}. Stop it first, or use another data directory.`));
    });
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') unlinkSync(path);
      done();
    });
  });
}

function writePrivate(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  rmSync(draft, { force: true });
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
  renameSync(draft, path);
}
