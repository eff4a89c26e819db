import { SallyportError } from '../contract/index.js';
import { bodyTime } from '../listener/index.js';
import { EMPTY, type Exchange } from './exchange.js';
import type { Services } from './services.js';

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/**
 * Reads the whole body (bounded) and turns it into parts. The body must be complete before a hold: node answers 408 on half-read ones.
 * @throws SallyportError body_too_large, request_timeout, too_many_requests, bad_content_type, bad_content_encoding, bad_json, bad_body
 */
export function read(x: Exchange, s: Services): void | Promise<void> {
  const { headers, method } = x.request;
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (x.operation === 'passthrough') return;
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw new SallyportError(
      'bad_content_encoding',
      `The content encoding "${encoding.slice(0, 40)}" is not accepted: what cannot be read cannot be judged. Send the body without compression.`,
    );
  if (hasBody && !JSON_TYPE.test(headers['content-type'] ?? ''))
    throw new SallyportError(
      'bad_content_type',
      'Bodies must be application/json here. List the path as pass-through on the connection to send other content (NOT_SCANNED).',
    );
  const limit = s.settings().limits.bodyBytes;
  if (Number(headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  if (!hasBody) {
    if (method === 'POST' && x.operation !== 'http') throw new SallyportError('bad_body', 'The request has no body.');
    return;
  }
  return readBody(x, s, limit).then((body) => {
    x.body = body;
    if (!x.inspected) return;
    const who = `${x.principal.agentId}\n${x.connection.name}\n${x.operation}`;
    x.reading = s.growing.read(who, body, (earlier) => x.dialect.readRequest(x.operation, body, earlier));
    if (x.connection.dialect !== 'http') refuseSteering(x);
  });
}

/** Members by which other gateways let a request choose where it goes, or with whose key (CVE-2024-6587). */
const STEERING = new Set([
  'api_base',
  'base_url',
  'api_key',
  'api_version',
  'api_type',
  'azure_endpoint',
  'custom_llm_provider',
  'vertex_credentials',
  'aws_access_key_id',
  'aws_secret_access_key',
  'aws_session_token',
]);

function refuseSteering(x: Exchange): void {
  const found = x.reading?.parts.find((part) => part.path.length > 0 && STEERING.has(String(part.path[0])));
  if (found)
    throw new SallyportError(
      'bad_body',
      `The member "${String(found.path[0])}" would steer the request elsewhere and is not accepted: where it goes is the connection's own.`,
    );
}

/** Bodies of all open requests may be so large together; each is several times as much while it is read and scanned. */
const MAX_OPEN_BYTES = 256 << 20;
const openBytes = new WeakMap<Services, number>();

/** The exchange has ended: its body makes room for others. */
export function letGo(x: Exchange, s: Services): void {
  if (x.bodyBytes > 0) openBytes.set(s, (openBytes.get(s) ?? 0) - x.bodyBytes);
  x.bodyBytes = 0;
}

/** False: there is no room. A body that is alone always has it. */
function makeRoom(x: Exchange, s: Services, bytes: number): boolean {
  const open = (openBytes.get(s) ?? 0) + bytes;
  if (open > MAX_OPEN_BYTES && open > x.bodyBytes + bytes) return false;
  x.bodyBytes += bytes;
  openBytes.set(s, open);
  return true;
}

function readBody(x: Exchange, s: Services, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stall = setTimeout(() => giveUp(tooSlow('Nothing more of the body arrived')), s.clients.stallMs);
    const whole = setTimeout(() => giveUp(tooSlow('The body took too long')), bodyTime(s.clients, limit));
    function settle(): void {
      clearTimeout(stall);
      clearTimeout(whole);
    }
    function giveUp(why: SallyportError): void {
      settle();
      // The rest is thrown away while the client reads why.
      x.request.removeAllListeners('data');
      x.request.resume();
      reject(why);
    }
    x.request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) return giveUp(tooLarge(limit));
      if (!makeRoom(x, s, chunk.length)) return giveUp(noRoom());
      chunks.push(chunk);
      stall.refresh();
    });
    x.request.on('end', () => {
      settle();
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : chunks.length === 0 ? EMPTY : Buffer.concat(chunks, size));
    });
    x.request.on('error', (error) => {
      settle();
      reject(new SallyportError('bad_request_line', 'The body broke off.', { cause: error }));
    });
    x.request.on('aborted', () => {
      settle();
      reject(new SallyportError('bad_request_line', 'The client went away while it sent its body.'));
    });
  });
}

const noRoom = (): SallyportError =>
  new SallyportError('too_many_requests', `The bodies of all open requests are over ${MAX_OPEN_BYTES} bytes together. Try again.`);
const tooSlow = (what: string): SallyportError => new SallyportError('request_timeout', `${what}. Send it again.`);
const tooLarge = (limit: number): SallyportError =>
  new SallyportError('body_too_large', `The body is over ${limit} bytes (settings: limits.bodyBytes).`);
