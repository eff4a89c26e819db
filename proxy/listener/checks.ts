/**
 * What an attacker could do here: smuggle a second request, name a path that judge and provider read differently, reach the
 * gateway from a web page (DNS rebinding, CSRF, `0.0.0.0` day), or upgrade past the pipeline. What stops it: node's strict
 * parser (never `insecureHTTPParser`), and these checks on the raw request line and raw headers, before anything is read.
 * Cases: facts on desync (narfindustries/http-garden, llhttp tests), RFC 9112.
 */
import type { IncomingMessage } from 'node:http';
import { SallyportError } from '../contract/index.js';

/** Headers that must not stand twice; credentials are the authenticator's business but may not repeat either. */
const SINGLE = new Set([
  'host',
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'authorization',
  'x-api-key',
  'api-key',
  'expect',
]);

/** Bytes that may stand in a path: unreserved, sub-delims and `%`; never a backslash, a control or a space. */
const SAFE_PATH = /^\/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@%]+(?:\/[A-Za-z0-9\-._~!$&'()*+,;=:@%]*)*)?$/;
const SAFE_QUERY = /^[A-Za-z0-9\-._~!$&'()*+,;=:@%/?[\]]*$/;

/** Splits and checks the request target. @throws SallyportError bad_path */
export function checkTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark + 1);
  if (path.charCodeAt(0) !== 47 || !SAFE_PATH.test(path) || path.includes('//'))
    throw new SallyportError('bad_path', 'Only plain absolute paths are accepted: no scheme, no empty segment, no backslash.');
  if (path.includes('%')) {
    if (/%(?![0-9A-Fa-f]{2})|%(?:2[ef5]|5c|0|1|7f)/i.test(path))
      throw new SallyportError('bad_path', 'Encoded dots, slashes, percent signs and control characters are not accepted in a path.');
  }
  // With parameters too (RFC 3986 §3.3): servers that take `;x` off a segment first see a dot segment then.
  if (/\/\.{1,2}(?:[/;]|%3b|$)/i.test(path)) throw new SallyportError('bad_path', 'Dot segments are not accepted in a path.');
  if (query !== '' && !SAFE_QUERY.test(query))
    throw new SallyportError('bad_path', 'The query contains characters that must be percent-encoded.');
  return { path, query };
}

/** Checks the raw header list. @throws SallyportError bad_request_line, bad_host, browser_origin, upgrade_refused, conflicting_credentials */
export function checkHeaders(request: IncomingMessage, hosts: ReadonlySet<string>): void {
  const raw = request.rawHeaders;
  let seen: Set<string> | undefined;
  let host: string | undefined;
  let named: string | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    if (SINGLE.has(name)) {
      if (seen?.has(name)) {
        if (name === 'authorization' || name.endsWith('api-key'))
          throw new SallyportError('conflicting_credentials', `The header ${name} stands twice.`);
        throw new SallyportError('bad_request_line', `The header ${name} stands twice.`);
      }
      seen ??= new Set();
      seen.add(name);
    }
    switch (name) {
      case 'host':
        host = raw[i + 1];
        break;
      case 'connection':
        named = named === undefined ? raw[i + 1] : `${named},${raw[i + 1]}`;
        break;
      case 'origin':
        throw new SallyportError(
          'browser_origin',
          'A web page sent this request (Origin header). Agents do not send one; use the console instead.',
        );
      case 'sec-fetch-site':
        if (raw[i + 1] !== 'none') throw new SallyportError('browser_origin', 'A web page sent this request (Sec-Fetch-Site header).');
        break;
      case 'upgrade':
      case 'http2-settings':
        throw new SallyportError('upgrade_refused');
      case 'transfer-encoding':
        if (request.httpVersion !== '1.1' || !/^[ \t]*chunked[ \t]*$/i.test(raw[i + 1] as string))
          throw new SallyportError('bad_request_line', 'Only the plain chunked transfer coding of HTTP/1.1 is accepted.');
        break;
    }
  }
  if (host === undefined || !hosts.has(host.toLowerCase()))
    throw new SallyportError(
      'bad_host',
      'The Host header does not name this gateway. Add the name to listen.allowedHosts in the settings if it should.',
    );
  if (
    (request.method === 'GET' || request.method === 'HEAD') &&
    (seen?.has('transfer-encoding') || Number(request.headers['content-length'] ?? 0) > 0)
  )
    throw new SallyportError('bad_request_line', 'A GET or HEAD request may not carry a body.');
  if (named !== undefined && !/^(?:close|keep-alive)$/i.test(named)) takeOut(request, named);
}

/**
 * What `Connection` names is meant for this hop (RFC 9110 §7.6.1) and goes no further: taken out here, so that all who read the request
 * read the same. What the gateway itself needs stays, as nobody may talk it out of its own reading; none of that is sent on as it came.
 */
function takeOut(request: IncomingMessage, named: string): void {
  const names = new Set(named.toLowerCase().split(/[ \t]*,[ \t]*/));
  const raw = request.rawHeaders;
  for (let i = raw.length - 2; i >= 0; i -= 2) {
    const name = (raw[i] as string).toLowerCase();
    if (!names.has(name) || SINGLE.has(name)) continue;
    raw.splice(i, 2);
    delete request.headers[name];
  }
}

const EVERY_ADDRESS = new Set(['0.0.0.0', '::']);
const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** Host and port for a URL by which clients reach the gateway: a gateway on every address is reached by the first allowed name. */
export function reachedAs(host: string, port: number, allowed: readonly string[]): string {
  const name = EVERY_ADDRESS.has(host) ? (allowed[0] ?? 'localhost') : bracketed(host);
  return /:\d+$/.test(name) ? name : `${name}:${port}`;
}

/** Host names under which the gateway answers. */
export function hostNames(host: string, port: number, allowed: readonly string[]): Set<string> {
  // "Every address" is none that a client could mean: browsers reach this computer by 0.0.0.0.
  const own = EVERY_ADDRESS.has(host) ? [] : [bracketed(host)];
  const names = ['127.0.0.1', 'localhost', '[::1]', ...own, ...allowed];
  const out = new Set<string>();
  for (const name of names) {
    out.add(`${name.toLowerCase()}:${port}`);
    if (port === 80 || port === 443 || allowed.includes(name)) out.add(name.toLowerCase());
  }
  return out;
}

/** Is this bind address only reachable from this computer? */
export function isLoopback(host: string): boolean {
  return host === '::1' || /^127\.(?:\d{1,3}\.){2}\d{1,3}$/.test(host);
}
