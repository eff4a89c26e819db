/**
 * A client of the control socket, for the CLI and for main. The token is sent only on connections whose other end has proved that it
 * knows it.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { ERROR_CODES, type ErrorCode, SallyportError } from '../contract/index.js';
import { TOKEN_FILE } from './place.js';
import { sameText, serverProof } from './proof.js';
import type { ControlAddress } from './types.js';

const HELLO_MS = 5000;

/** Where the gateway of a data directory listens; undefined when none does. */
export function readAddress(directory: string): ControlAddress | undefined {
  try {
    const address = JSON.parse(readFileSync(join(directory, TOKEN_FILE), 'utf8')) as ControlAddress;
    return typeof address.socket === 'string' && typeof address.token === 'string' ? address : undefined;
  } catch {
    return undefined;
  }
}

/** An http.Agent whose connections have proved themselves. */
export function controlAgent(address: ControlAddress): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const create = (_options: unknown, done: (error: Error | null, socket?: Socket) => void): undefined => {
    proven(address).then(
      (socket) => done(null, socket),
      (error: Error) => done(error),
    );
    return undefined;
  };
  (agent as unknown as { createConnection: typeof create }).createConnection = create;
  return agent;
}

function proven(address: ControlAddress): Promise<Socket> {
  return new Promise((done, fail) => {
    const nonce = randomBytes(24).toString('base64url');
    const socket = connect(address.socket);
    let text = '';
    const give = (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      fail(error);
    };
    const timer = setTimeout(() => give(new Error('The control socket did not answer in time.')), HELLO_MS);
    const onError = (error: Error) => give(error);
    const onEnd = () => give(new Error('The control socket closed the connection.'));
    const onData = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const head = text.indexOf('\r\n\r\n');
      const length = /\r\ncontent-length: (\d{1,4})\r\n/i.exec(text);
      if (head < 0 || length === null || text.length < head + 4 + Number(length[1])) {
        if (text.length > 8192) give(new Error('The control socket does not speak our protocol.'));
        return;
      }
      const proof = /"proof":"([A-Za-z0-9_-]+)"/.exec(text.slice(head));
      if (!text.startsWith('HTTP/1.1 200 ') || proof === null || !sameText(proof[1]!, serverProof(address.token, nonce))) {
        give(new Error('What listens on the control socket is not the gateway; nothing was sent to it.'));
        return;
      }
      clearTimeout(timer);
      socket.off('data', onData).off('error', onError).off('end', onEnd);
      done(socket);
    };
    socket.on('data', onData).on('error', onError).on('end', onEnd);
    socket.write(`GET /api/hello?nonce=${nonce} HTTP/1.1\r\nhost: sallyport\r\n\r\n`);
  });
}

export interface CallOptions {
  body?: unknown;
  capability?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Calls the control API. One instance keeps connections; `close` when done, or the process stays. */
export class ControlClient {
  private readonly agent: Agent;
  constructor(readonly address: ControlAddress) {
    this.agent = controlAgent(address);
  }

  /** The raw answer, whatever its status. */
  raw(method: string, path: string, options: CallOptions = {}): Promise<IncomingMessage> {
    const body = options.body === undefined ? undefined : Buffer.from(JSON.stringify(options.body));
    return new Promise((done, fail) => {
      const req = request(
        {
          agent: this.agent,
          method,
          path,
          host: 'sallyport',
          headers: {
            'x-sallyport-token': this.address.token,
            ...(options.capability === undefined ? {} : { 'x-sallyport-person': options.capability }),
            ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length }),
            ...options.headers,
          },
          ...(options.signal === undefined ? {} : { signal: options.signal }),
        },
        done,
      );
      req.once('error', fail);
      req.end(body);
    });
  }

  /** The JSON answer. @throws SallyportError with the server's code and message */
  async call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
    const res = await this.raw(method, path, options);
    const chunks: Buffer[] = [];
    for await (const chunk of res) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const value: unknown = text === '' ? undefined : JSON.parse(text);
    if ((res.statusCode ?? 500) >= 400) throw asError(value);
    return value as T;
  }

  /** Server-sent events until `signal` ends it or the gateway goes. */
  async *events(options: { signal?: AbortSignal; lastId?: string } = {}): AsyncGenerator<{ id?: string; type: string; data: unknown }> {
    const res = await this.raw('GET', '/api/events', {
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.lastId === undefined ? {} : { headers: { 'last-event-id': options.lastId } }),
    });
    if (res.statusCode !== 200) throw new SallyportError('internal', `The event stream answered ${res.statusCode}.`);
    res.setEncoding('utf8');
    let rest = '';
    for await (const chunk of res) {
      rest += chunk as string;
      for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
        const frame = rest.slice(0, end);
        rest = rest.slice(end + 2);
        const field = (name: string) =>
          frame
            .split('\n')
            .find((line) => line.startsWith(`${name}: `))
            ?.slice(name.length + 2);
        const data = field('data');
        const id = field('id');
        if (data !== undefined) yield { ...(id === undefined ? {} : { id }), type: field('event') ?? 'message', data: JSON.parse(data) };
      }
    }
  }

  /** The error that a raw answer of status 400 and above stands for. */
  error(text: string): SallyportError {
    try {
      return asError(JSON.parse(text));
    } catch {
      return asError(undefined);
    }
  }

  close(): void {
    this.agent.destroy();
  }
}

function asError(value: unknown): SallyportError {
  const error = (value as { error?: { code?: string; message?: string; rule?: string; details?: unknown } } | undefined)?.error;
  const code = error?.code !== undefined && error.code in ERROR_CODES ? (error.code as ErrorCode) : 'internal';
  return new SallyportError(code, error?.message, {
    ...(error?.rule === undefined ? {} : { rule: error.rule }),
    ...(error?.details === undefined ? {} : { details: error.details }),
  });
}
