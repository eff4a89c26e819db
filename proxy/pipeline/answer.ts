import { type RecordInput, SallyportError } from '../contract/index.js';
import { responseHeaders, type UpstreamCall } from '../upstream/index.js';
import { dialects } from '../wire/index.js';
import { answerHooks } from './answer-hooks.js';
import { openStream } from './answer-stream.js';
import type { Exchange } from './exchange.js';
import { end } from './record.js';
import type { Services } from './services.js';

/** What the provider's bytes are given to. */
export interface Answer {
  data(chunk: Buffer): void;
  end(): void;
  /** The upstream failed after its headers. */
  broke(error: SallyportError): void;
  /** The client is gone: nothing more is written. */
  abandon(): void;
  /** What was read but not yet recorded when the client left. */
  unrecorded(): RecordInput[];
}

/** An answer that is read whole may not be larger. */
const MAX_WHOLE = 64 << 20;

/**
 * Opens the way back for an answer by its status and content type. What cannot be read is not passed on.
 * @throws SallyportError upstream_redirect, upstream_unreadable
 */
export function openAnswer(
  x: Exchange,
  s: Services,
  call: UpstreamCall,
  status: number,
  headers: Record<string, string | string[] | undefined>,
  settle: (error?: unknown) => void,
): Answer {
  if (status >= 300 && status < 400)
    throw new SallyportError(
      'upstream_redirect',
      `The provider of "${x.connection.name}" answered with a redirect (${status}), which is never followed. Correct the connection's origin.`,
    );
  const type = String(headers['content-type'] ?? '').toLowerCase();
  const out: [string, string | string[]][] = [
    ...responseHeaders(headers),
    ['x-sallyport-exchange', x.id],
    ['x-sallyport-session', x.session.id],
  ];
  if (type.startsWith('text/event-stream') && status < 300) return openStream(x, s, call, status, out, settle);
  const json = /^application\/(?:[\w.+-]+\+)?json/.test(type);
  // A client may parse whatever comes: an answer of a model that calls itself plain text would carry tool calls past the judge.
  const readable = x.inspected && x.dialect.name !== 'http' ? json : json || type === '' || type.startsWith('text/');
  if (!readable && status < 300)
    throw new SallyportError(
      'upstream_unreadable',
      `The provider's answer has the content type "${type.slice(0, 60)}", which cannot be looked into. List the path as pass-through to let it through unread.`,
    );
  return openWhole(x, s, status, out, json, settle);
}

/** A JSON (or plain text) answer: read whole, judged, recorded, then released. */
function openWhole(
  x: Exchange,
  s: Services,
  status: number,
  headers: [string, string | string[]][],
  json: boolean,
  settle: (error?: unknown) => void,
): Answer {
  const chunks: Buffer[] = [];
  let size = 0;
  let abandoned = false;

  const finish = async (): Promise<void> => {
    const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size);
    const ok = status < 300;
    const hooks = answerHooks(x, s);
    // An error body, a list of models and plain text have no form of their own: every string in them is looked at.
    const dialect = ok && json && x.inspected ? x.dialect : dialects.http;
    const wrapped = json ? body : Buffer.from(JSON.stringify(body.toString('utf8')));
    const read = await dialect.readAnswer(dialect === x.dialect ? x.operation : 'http', wrapped, hooks.hooks);
    if (abandoned || x.responder.gone) return;
    const clear = json ? read.clear : Buffer.from(JSON.parse(read.clear.toString('utf8')) as string);
    const masked = json ? read.masked : Buffer.from(JSON.parse(read.masked.toString('utf8')) as string);
    const blocked = hooks.blocked();
    if (blocked) throw blocked;
    const outcome = !ok ? 'provider-error' : x.toolCalls.some((t) => t.outcome === 'blocked' || t.outcome === 'denied') ? 'blocked' : 'ok';
    if (!ok && x.responder.committed)
      throw new SallyportError(
        'upstream_unreachable',
        `The provider answered ${status} after the request had been held: ${clear.toString('utf8').slice(0, 300)}`,
      );
    x.bytesOut = clear.length;
    await hooks.flush();
    await end(x, s, outcome, status, { content: masked });
    x.responder.head(status, headers);
    x.responder.end(clear);
  };

  return {
    data(chunk) {
      size += chunk.length;
      if (size > MAX_WHOLE)
        settle(new SallyportError('upstream_unreadable', `The provider's answer is over ${MAX_WHOLE} bytes without being a stream.`));
      else chunks.push(chunk);
    },
    end() {
      finish().then(() => settle(), settle);
    },
    broke: settle,
    abandon() {
      abandoned = true;
    },
    unrecorded: () => [],
  };
}
