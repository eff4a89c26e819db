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
  const blocked = end?.timing?.['gatewayMs'] ?? 0;
  const held = end?.timing?.['heldMs'] ?? 0;
  const wait = end?.timing?.['firstByteMs'] ?? 0;
  const mime = exchange.stream ? 'text/event-stream' : 'application/json';
  return {
    startedDateTime: exchange.at,
    time: exchange.totalMs,
    request: {
      method: String(arrival['method'] ?? 'POST'),
      url: `http://127.0.0.1/${exchange.connection}${String(arrival['path'] ?? '')}`,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: [{ name: 'user-agent', value: String(arrival['userAgent'] ?? '') }],
      queryString: [],
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
    timings: { blocked: blocked + held, send: 0, wait, receive: Math.max(0, exchange.totalMs - blocked - held - wait) },
    _sallyport: { session: exchange.session, exchange: exchange.id, outcome: exchange.outcome, strongest: exchange.strongest },
  };
}
