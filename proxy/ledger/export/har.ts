import type { ExchangeDetail } from '../types.js';
import type { ExportSource } from './index.js';

/** HTTP Archive 1.2. URLs name the gateway's connection, not the provider's origin; headers were never recorded whole. */
export async function* harParts(source: ExportSource): AsyncGenerator<string> {
  yield '{"log":{"version":"1.2","creator":{"name":"Sallyport","version":"1"},"pages":[],"entries":[';
  let first = true;
  for (const id of source.sessions) {
    for await (const exchange of source.exchanges(await source.detail(id))) {
      yield `${first ? '' : ','}${JSON.stringify(await entry(source, exchange))}`;
      first = false;
    }
  }
  yield ']}}';
}

async function entry(source: ExportSource, exchange: ExchangeDetail): Promise<object> {
  const arrival = exchange.events.find(({ kind }) => kind === 'arrival')?.meta ?? {};
  const end = exchange.events.find(({ kind }) => kind === 'end')?.meta as { timing?: Record<string, number> } | undefined;
  const request = await source.show(exchange.session, exchange.request ?? '');
  const response = await source.show(exchange.session, exchange.response ?? '');
  const { time, timings } = timed(exchange.totalMs, end?.timing ?? {});
  const path = String(arrival['path'] ?? '');
  const agent = String(arrival['userAgent'] ?? '');
  const mime = exchange.stream ? 'text/event-stream' : 'application/json';
  return {
    startedDateTime: exchange.at,
    time,
    request: {
      method: String(arrival['method'] ?? 'POST'),
      url: `http://127.0.0.1/${exchange.connection}${path}`,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: agent === '' ? [] : [{ name: 'user-agent', value: agent }],
      queryString: [...new URLSearchParams(/\?.*/.exec(path)?.[0])].map(([name, value]) => ({ name, value })),
      postData: { mimeType: 'application/json', text: request },
      headersSize: -1,
      bodySize: Buffer.byteLength(request),
    },
    response: {
      status: exchange.status,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: [],
      content: { size: Buffer.byteLength(response), mimeType: mime, text: response },
      redirectURL: '',
      headersSize: -1,
      bodySize: Buffer.byteLength(response),
    },
    cache: {},
    timings,
    _sallyport: { session: exchange.session, exchange: exchange.id, outcome: exchange.outcome, strongest: exchange.strongest },
  };
}

/** Phases that sum up to the time, as HAR wants it. The first byte's time is since the arrival, so it holds what was blocked. */
function timed(totalMs: number, timing: Record<string, number>) {
  const within = (most: number, ms: number): number => Math.min(Math.max(0, ms), Math.max(0, most));
  const blocked = within(totalMs, (timing['gatewayMs'] ?? 0) + (timing['heldMs'] ?? 0));
  const wait = within(totalMs - blocked, (timing['firstByteMs'] ?? 0) - blocked);
  const receive = Math.max(0, totalMs - blocked - wait);
  return { time: blocked + wait + receive, timings: { blocked, send: 0, wait, receive } };
}
