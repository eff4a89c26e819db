/** The load: raw sockets with keep-alive, as light as node can be, so that the server under test is what limits. */
import { connect, type Socket } from 'node:net';
import { NONCE } from './bodies.js';
import { quantile } from './machine.js';

export interface Target {
  url: string;
  headers: Record<string, string>;
}

export interface JsonSample {
  requests: number;
  errors: number;
  seconds: number;
  p50: number;
  p95: number;
  p99: number;
}

let counter = 0;
const nonce = (): string => (++counter).toString(36).padStart(12, 'k');

interface Prepared {
  bytes: Buffer;
  at: number;
}

/** One request in bytes, and where its nonce stands. */
export function prepare(target: Target, body: string, more: Record<string, string> = {}): Prepared {
  const url = new URL(target.url);
  const headers = { host: url.host, 'content-type': 'application/json', accept: '*/*', ...target.headers, ...more };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const bytes = Buffer.from(`POST ${url.pathname} HTTP/1.1\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  return { bytes, at: bytes.indexOf(NONCE) };
}

function fresh({ bytes, at }: Prepared): Buffer {
  const copy = Buffer.from(bytes);
  if (at >= 0) copy.write(nonce(), at, 'latin1');
  return copy;
}

/** Reads answers off a socket: calls back with the status when one is whole. */
function answers(socket: Socket, done: (status: number, bytes: number) => void, onBody?: (chunk: Buffer) => void): void {
  let held: Buffer | undefined;
  let left = -1;
  let chunked = false;
  let status = 0;
  let size = 0;
  let tail = '';
  socket.on('data', (chunk: Buffer) => {
    let data = held ? Buffer.concat([held, chunk]) : chunk;
    held = undefined;
    while (data.length > 0) {
      if (left < 0 && !chunked) {
        const end = data.indexOf('\r\n\r\n');
        if (end < 0) {
          held = data;
          return;
        }
        const head = data.toString('latin1', 0, end);
        status = Number(head.slice(9, 12));
        size = 0;
        tail = '';
        if (status < 200) {
          data = data.subarray(end + 4);
          continue;
        }
        const length = /\r\ncontent-length: *(\d+)/i.exec(head);
        if (length) left = Number(length[1]);
        else chunked = true;
        data = data.subarray(end + 4);
        if (left === 0) {
          left = -1;
          done(status, 0);
        }
        if (data.length === 0) return;
      }
      onBody?.(data);
      if (chunked) {
        size += data.length;
        tail = (tail + data.toString('latin1', Math.max(0, data.length - 7))).slice(-7);
        if (!tail.endsWith('\r\n0\r\n\r\n') && !(tail === '0\r\n\r\n' && size === 5)) return;
        chunked = false;
        done(status, size);
        return;
      }
      const take = Math.min(left, data.length);
      left -= take;
      size += take;
      data = data.subarray(take);
      if (left > 0) return;
      left = -1;
      done(status, size);
    }
  });
}

const open = (target: Target): Socket => {
  const url = new URL(target.url);
  return connect({ host: url.hostname, port: Number(url.port), noDelay: true });
};

/**
 * `bodies` are given out to the connections in turn; each connection sends its own again and again, with a new nonce, in a session
 * of its own where `session` names one. Stops after `seconds`, or after `most` requests.
 */
export function runJson(
  target: Target,
  bodies: string[],
  concurrent: number,
  seconds: number,
  options: { most?: number; session?: string } = {},
): Promise<JsonSample> {
  const lanes = Array.from({ length: concurrent }, (_, lane) => {
    const own = concurrent < bodies.length ? bodies.filter((_, i) => i % concurrent === lane) : [bodies[lane % bodies.length] as string];
    return own.map((body) => prepare(target, body, options.session ? { 'x-sallyport-session': `${options.session}-${lane}` } : {}));
  });
  const times: number[] = [];
  let errors = 0;
  let sent = 0;
  const most = options.most ?? Number.POSITIVE_INFINITY;
  const began = performance.now();
  const until = began + seconds * 1000;
  const worker = (lane: number): Promise<void> =>
    new Promise((resolve) => {
      const socket = open(target);
      let at = 0;
      let turn = 0;
      const mine = lanes[lane] as Prepared[];
      const next = (): void => {
        if (performance.now() >= until || sent >= most) {
          socket.destroy();
          return;
        }
        sent++;
        const bytes = fresh(mine[turn++ % mine.length] as Prepared);
        at = performance.now();
        socket.write(bytes);
      };
      socket.on('connect', next);
      socket.on('error', () => errors++);
      socket.on('close', () => resolve());
      socket.setTimeout(20_000, () => {
        errors++;
        socket.destroy();
      });
      answers(socket, (status) => {
        if (status === 200) times.push((performance.now() - at) * 1000);
        else errors++;
        next();
      });
    });
  return Promise.all(Array.from({ length: concurrent }, (_, lane) => worker(lane))).then(() => {
    const sorted = Float64Array.from(times).sort();
    const q = (p: number): number => quantile(sorted, p);
    return { requests: times.length, errors, seconds: (performance.now() - began) / 1000, p50: q(0.5), p95: q(0.95), p99: q(0.99) };
  });
}

export interface StreamSample {
  streams: number;
  chunks: number;
  errors: number;
  /** Microseconds: to the first event; from the provider's stamp in an event to its arrival. */
  first50: number;
  first99: number;
  transit50: number;
  transit99: number;
}

/** Streams, one after another on each connection. The provider stamps each event with the machine's monotonic clock. */
export function runStreams(
  target: Target,
  body: (lane: number) => string,
  concurrent: number,
  seconds: number,
  session?: string,
): Promise<StreamSample> {
  const firsts: number[] = [];
  const transits: number[] = [];
  let streams = 0;
  let chunks = 0;
  let errors = 0;
  const until = performance.now() + seconds * 1000;
  const now = (): number => Number(process.hrtime.bigint());
  const worker = (lane: number): Promise<void> =>
    new Promise((resolve) => {
      const socket = open(target);
      const named: Record<string, string> = session === undefined ? {} : { 'x-sallyport-session': `${session}-${lane}` };
      const prepared = prepare(target, body(lane), { accept: 'text/event-stream', ...named });
      let at = 0;
      let first = true;
      let held = '';
      const next = (): void => {
        if (performance.now() >= until && streams >= concurrent) return void socket.destroy();
        first = true;
        held = '';
        at = now();
        socket.write(fresh(prepared));
      };
      socket.on('connect', next);
      socket.on('error', () => errors++);
      socket.on('close', () => resolve());
      socket.setTimeout(20_000, () => {
        errors++;
        socket.destroy();
      });
      answers(
        socket,
        (status) => {
          if (status !== 200) errors++;
          streams++;
          if (performance.now() >= until) socket.destroy();
          else next();
        },
        (chunk) => {
          const t = now();
          const text = held + chunk.toString('latin1');
          let i = 0;
          for (let p = text.indexOf('"t":'); p >= 0; p = text.indexOf('"t":', i)) {
            const end = text.indexOf('}', p);
            if (end < 0) break;
            if (first) {
              first = false;
              firsts.push((t - at) / 1000);
            }
            transits.push((t - Number.parseInt(text.slice(p + 4, end), 10)) / 1000);
            chunks++;
            i = end;
          }
          held = text.slice(Math.max(i, text.length - 40));
        },
      );
    });
  return Promise.all(Array.from({ length: concurrent }, (_, lane) => worker(lane))).then(() => {
    const first = Float64Array.from(firsts).sort();
    const transit = Float64Array.from(transits).sort();
    return {
      streams,
      chunks,
      errors,
      first50: quantile(first, 0.5),
      first99: quantile(first, 0.99),
      transit50: quantile(transit, 0.5),
      transit99: quantile(transit, 0.99),
    };
  });
}

/** The client leaves `afterMs` into a request. Milliseconds until the provider sees it; undefined: not within two seconds. */
export async function runAbort(
  target: Target,
  body: string,
  afterMs: number,
  stats: () => Promise<{ open: number; lastClosedNs: number }>,
): Promise<number | undefined> {
  // A provider that still serves somebody who was never aborted would count as ours.
  for (const until = performance.now() + 20_000; (await stats()).open > 0 && performance.now() < until; )
    await new Promise((resolve) => setTimeout(resolve, 50));
  const socket = open(target);
  socket.on('error', () => {});
  socket.write(fresh(prepare(target, body)));
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  const left = Number(process.hrtime.bigint());
  socket.destroy();
  for (const until = performance.now() + 2000; performance.now() < until; ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { open: still, lastClosedNs } = await stats();
    if (still === 0) return lastClosedNs < left ? undefined : (lastClosedNs - left) / 1e6;
  }
  return undefined;
}

/** Reads 2 MB of a stream, stops for two seconds, then goes on at about 40 MB/s. Resolves with what was read, and whether it ended well. */
export function runSlow(target: Target, body: string): Promise<{ megabytes: number; whole: boolean; seconds: number }> {
  return new Promise((resolve) => {
    const socket = open(target);
    const began = performance.now();
    let got = 0;
    let since = 0;
    const finish = (whole: boolean): void => {
      socket.destroy();
      resolve({ megabytes: got / 1e6, whole, seconds: (performance.now() - began) / 1000 });
    };
    socket.on('error', () => finish(false));
    socket.setTimeout(60_000, () => finish(false));
    answers(
      socket,
      (status) => finish(status === 200),
      (chunk) => {
        got += chunk.length;
        if (since === 0 && got > 2e6) {
          socket.pause();
          setTimeout(() => {
            since = performance.now() - got / 4e4;
            socket.resume();
          }, 2000);
        } else if (since > 0) {
          const lag = got / 4e4 - (performance.now() - since);
          if (lag > 5) {
            socket.pause();
            setTimeout(() => socket.resume(), lag);
          }
        }
      },
    );
    socket.write(fresh(prepare(target, body)));
  });
}
