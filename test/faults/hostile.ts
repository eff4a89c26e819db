import { createServer, type Server, type Socket } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';

/** Stands in what a hostile provider sends where a reader could lose its way; a rule blocks it, so no client may ever read it. */
export const FORBIDDEN = 'midnight protocol';

type Say = (socket: Socket) => void;

const head = (lines: string[], status = '200 OK'): string => `HTTP/1.1 ${status}\r\n${lines.join('\r\n')}\r\n\r\n`;
const JSON_TYPE = 'content-type: application/json';
const SSE = 'content-type: text/event-stream';
const CHUNKED = 'transfer-encoding: chunked';
const completion = (text: string): string =>
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'sim',
    choices: [{ index: 0, message: { role: 'assistant', content: text, refusal: null }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  });
const delta = (content: string): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'sim', choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`;
const LAST = `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'sim', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`;
const chunk = (text: string | Buffer): Buffer => {
  const bytes = Buffer.from(text as string);
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
};
const END = '0\r\n\r\n';
const whole = (body: string | Buffer, more: string[] = [], status?: string): Buffer => {
  const bytes = Buffer.from(body as string);
  return Buffer.concat([Buffer.from(head([JSON_TYPE, `content-length: ${bytes.length}`, ...more], status)), bytes]);
};
const error = JSON.stringify({ error: { message: 'Simulated.', type: 'server_error', param: null, code: null } });

/** What the provider may do to a request, by name. */
export const FAULTS: Record<string, Say> = {
  fine: (s) => s.write(whole(completion('fine'))),
  'fine-stream': (s) =>
    s.write(Buffer.concat([Buffer.from(head([SSE, CHUNKED])), chunk(delta('fi') + delta('ne') + LAST), Buffer.from(END)])),
  'reset-before-headers': (s) => s.resetAndDestroy(),
  'closed-before-headers': (s) => s.end(),
  'half-a-status-line': (s) => s.end('HTTP/1.'),
  garbage: (s) => s.end(`\x00\x01\x02 ${FORBIDDEN}\r\n\r\n`),
  'another-protocol': (s) => s.end('SSH-2.0-OpenSSH_9.2\r\n'),
  'headers-without-end': (s) => {
    s.write('HTTP/1.1 200 OK\r\n');
    let left = 4000;
    const more = (): void => {
      while (left-- > 0 && !s.destroyed) if (!s.write(`x-${left}: ${'y'.repeat(500)}\r\n`)) return void s.once('drain', more);
    };
    more();
  },
  'two-lengths': (s) => s.end(`${head([JSON_TYPE, 'content-length: 5', 'content-length: 500'])}${completion(FORBIDDEN)}`),
  'length-and-chunked': (s) => s.end(`${head([JSON_TYPE, 'content-length: 5', CHUNKED])}${completion(FORBIDDEN)}`),
  'bad-chunk-size': (s) => s.end(`${head([SSE, CHUNKED])}zz\r\n${delta(FORBIDDEN)}\r\n`),
  'reset-after-headers': (s) => {
    s.write(`${head([JSON_TYPE, 'content-length: 4000'])}{"choices":[`);
    setTimeout(() => s.resetAndDestroy(), 30);
  },
  'reset-in-stream': (s) => {
    s.write(Buffer.concat([Buffer.from(head([SSE, CHUNKED])), chunk(delta('some words'))]));
    setTimeout(() => s.resetAndDestroy(), 30);
  },
  truncated: (s) => s.end(`${head([JSON_TYPE, 'content-length: 4000'])}${completion(FORBIDDEN).slice(0, 90)}`),
  'longer-than-it-says': (s) => s.end(`${head([JSON_TYPE, 'content-length: 40'])}${completion(FORBIDDEN)}`),
  'more-after-the-end': (s) => s.end(Buffer.concat([whole(completion('fine')), Buffer.from(`HTTP/1.1 200 OK\r\n\r\n${FORBIDDEN}`)])),
  'utf-16': (s) =>
    s.write(
      Buffer.concat([
        Buffer.from(head(['content-type: application/json; charset=utf-16le', `content-length: ${completion(FORBIDDEN).length * 2}`])),
        Buffer.from(completion(FORBIDDEN), 'utf16le'),
      ]),
    ),
  'not-utf-8': (s) => s.write(whole(Buffer.from(completion(`\xff\xfe ${FORBIDDEN} \xe9`), 'latin1'))),
  'half-an-event': (s) => {
    const event = delta(`words and ${FORBIDDEN}`);
    s.end(
      Buffer.concat([Buffer.from(head([SSE, CHUNKED])), chunk(delta('some ')), chunk(event.slice(0, event.length - 30)), Buffer.from(END)]),
    );
  },
  'no-terminator': (s) => s.end(Buffer.concat([Buffer.from(head([SSE, CHUNKED])), chunk(delta('some ')), Buffer.from(END)])),
  'event-of-1-mb': (s) =>
    s.write(Buffer.concat([Buffer.from(head([SSE, CHUNKED])), chunk(delta('word '.repeat(210_000)) + LAST), Buffer.from(END)])),
  'event-without-end': (s) => {
    s.write(`${head([SSE, CHUNKED])}`);
    s.write(chunk('data: {"choices":[{"index":0,"delta":{"content":"'));
    let left = 40;
    const more = (): void => {
      while (left-- > 0 && !s.destroyed) if (!s.write(chunk('word '.repeat(210_000)))) return void s.once('drain', more);
    };
    more();
  },
  'gzip-bomb-json': (s) => s.write(whole(gzipSync(bomb(), { level: 9 }), ['content-encoding: gzip'])),
  'deflate-bomb-json': (s) => s.write(whole(deflateSync(bomb(), { level: 9 }), ['content-encoding: deflate'])),
  'br-bomb-json': (s) => s.write(whole(BROTLI_BOMB, ['content-encoding: br'])),
  'br-bomb-stream': (s) =>
    s.end(Buffer.concat([Buffer.from(head([SSE, 'content-encoding: br', CHUNKED])), chunk(BROTLI_BOMB), Buffer.from(END)])),
  'gzip-bomb-stream': (s) =>
    s.end(Buffer.concat([Buffer.from(head([SSE, 'content-encoding: gzip', CHUNKED])), chunk(bombOfOneEvent()), Buffer.from(END)])),
  'gzip-stream': (s) =>
    s.end(Buffer.concat([Buffer.from(head([SSE, 'content-encoding: gzip', CHUNKED])), chunk(longStream()), Buffer.from(END)])),
  'gzip-broken': (s) => s.write(whole(gzipSync(completion(FORBIDDEN)).subarray(0, 60), ['content-encoding: gzip'])),
  'gzip-that-is-none': (s) => s.write(whole(completion(FORBIDDEN), ['content-encoding: gzip'])),
  'unknown-encoding': (s) => s.write(whole(completion(FORBIDDEN), ['content-encoding: zstd-of-tomorrow'])),
  'gzip-in-gzip': (s) => s.write(whole(gzipSync(gzipSync(completion(FORBIDDEN))), ['content-encoding: gzip, gzip'])),
  'storm-of-1xx': (s) =>
    s.write(Buffer.concat([Buffer.from('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'.repeat(2000)), whole(completion('fine'))])),
  'switching-protocols': (s) => s.write(`HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n${FORBIDDEN}`),
  'wrong-type': (s) => s.end(`${head(['content-type: application/octet-stream', 'content-length: 17'])}${FORBIDDEN}`),
  'empty-body': (s) => s.write(head([JSON_TYPE, 'content-length: 0'])),
  'json-array': (s) => s.write(whole(`["${FORBIDDEN}"]`)),
  'json-of-another-shape': (s) => s.write(whole(`{"output":{"nested":["${FORBIDDEN}"]}}`)),
  'two-json-keys': (s) => s.write(whole(completion('fine').replace('"content":"fine"', `"content":"${FORBIDDEN}","content":"fine"`))),
  redirect: (s) => s.end(head(['location: http://169.254.169.254/latest', 'content-length: 0'], '307 Temporary Redirect')),
  '429-bare': (s) => s.write(whole(error, [], '429 Too Many Requests')),
  '429-with-headers': (s) => s.write(whole(error, ['retry-after: 7', 'x-ratelimit-remaining-requests: 0'], '429 Too Many Requests')),
  '500': (s) => s.write(whole(error, [], '500 Internal Server Error')),
  '503-html': (s) =>
    s.end(`${head(['content-type: text/html', 'content-length: 40', 'retry-after: 3'], '503 Service Unavailable')}<html>${'x'.repeat(34)}`),
  '529-with-headers': (s) => s.write(whole(error, ['retry-after: 11'], '529 Overloaded')),
  '529-that-speaks': (s) => s.write(whole(error.replace('Simulated.', FORBIDDEN), [], '529 Overloaded')),
  'never-answers': () => {},
  'never-begins-its-body': (s) => s.write(head([JSON_TYPE, 'content-length: 400'])),
  'never-ends-its-json': (s) => s.write(`${head([JSON_TYPE, 'content-length: 4000'])}${completion('so far').slice(0, 90)}`),
  'never-ends-its-event': (s) =>
    s.write(Buffer.concat([Buffer.from(head([SSE, CHUNKED])), chunk(delta('some ')), chunk(delta('words').slice(0, 60))])),
  'never-ends': (s) => {
    s.write(head([SSE, CHUNKED]));
    const timer = setInterval(() => s.write(chunk(delta('and on '))), 10);
    s.on('close', () => clearInterval(timer));
  },
  forbidden: (s) => s.write(whole(completion(`so: ${FORBIDDEN}`))),
  'forbidden-stream': (s) =>
    s.write(
      Buffer.concat([
        Buffer.from(head([SSE, CHUNKED])),
        chunk(delta('so: midni') + delta('ght proto') + delta('col') + LAST),
        Buffer.from(END),
      ]),
    ),
};

/** 200 MB, which become 200 KB. */
const bomb = (): Buffer => Buffer.concat([Buffer.from('{"a":"'), Buffer.alloc(200 << 20, 'a')]);
/** 5 KB that become 3.4 GB, which takes a processor some seventeen seconds: blocks of 16 MiB of one letter, 26 bytes each (RFC 7932). */
const BROTLI_BOMB = Buffer.concat([
  Buffer.from('cbffff3f0024c2e2b14072effff8ffff078004401c1680eefd9f01', 'hex'),
  ...Array<Buffer>(200).fill(Buffer.from('fcffff034002200e0b40f7fe8fffff7f004800c46101e8deff19', 'hex')),
]);
let cachedEvent: Buffer | undefined;
function bombOfOneEvent(): Buffer {
  cachedEvent ??= gzipSync(Buffer.concat([Buffer.from('data: {"a":"'), Buffer.alloc(100 << 20, 'a')]), { level: 9 });
  return cachedEvent;
}

/** What `gzip-stream` says, before it is compressed to some 100 KB. */
export const LONG_STREAM_BYTES = 16 << 20;
let cachedStream: Buffer | undefined;
function longStream(): Buffer {
  const event = delta('plain words that nobody minds '.repeat(128));
  cachedStream ??= gzipSync(event.repeat(Math.ceil(LONG_STREAM_BYTES / event.length)) + LAST);
  return cachedStream;
}

export interface Hostile {
  origin: string;
  /** Requests that came in whole. */
  readonly requests: number;
  /** Sockets on which a request never gets its end. */
  readonly held: number;
  /** From now on nothing is read, until `continue`; connections are taken as before. */
  stop(): void;
  continue(): void;
  close(): Promise<void>;
}

/** A provider on a raw socket: `[[fault NAME]]` in the body says what it does. */
export async function startHostile(): Promise<Hostile> {
  const sockets = new Set<Socket>();
  const held = new Set<Socket>();
  let requests = 0;
  let stopped = false;
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    if (stopped) socket.pause();
    socket.on('close', () => {
      sockets.delete(socket);
      held.delete(socket);
    });
    socket.on('error', () => {});
    let bytes = Buffer.alloc(0);
    socket.on('data', (piece: Buffer) => {
      bytes = Buffer.concat([bytes, piece]);
      for (;;) {
        const end = bytes.indexOf('\r\n\r\n');
        if (end < 0) return;
        const length = Number(/content-length: (\d+)/i.exec(bytes.toString('latin1', 0, end))?.[1] ?? 0);
        if (bytes.length < end + 4 + length) return;
        const body = bytes.toString('utf8', end + 4, end + 4 + length);
        bytes = bytes.subarray(end + 4 + length);
        requests += 1;
        const stream = /"stream":\s*true/.test(body);
        const name = /\[\[fault ([\w-]+)\]\]/.exec(body)?.[1] ?? (stream ? 'fine-stream' : 'fine');
        if (name.startsWith('never')) held.add(socket);
        FAULTS[name]?.(socket);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    get requests() {
      return requests;
    },
    get held() {
      return held.size;
    },
    stop() {
      stopped = true;
      for (const socket of sockets) socket.pause();
    },
    continue() {
      stopped = false;
      for (const socket of sockets) socket.resume();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
