/**
 * Header hygiene in both directions. An attacker could use a header to steer the provider elsewhere, to identify this computer, or
 * to smuggle hop-by-hop semantics; so we strip by our own lists, never by what `Connection` names.
 */
import type { Connection } from '../contract/index.js';

/** Never forwarded to a provider: hop-by-hop (RFC 9110 §7.6.1), framing, identity, browser and gateway-steering headers. */
const REQUEST_DROP = new Set([
  'host',
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'expect',
  'content-length',
  'accept-encoding',
  'content-encoding',
  'authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'cookie',
  'origin',
  'referer',
  'forwarded',
  'via',
  'x-real-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'sec-fetch-mode',
  'sec-fetch-site',
  'sec-fetch-dest',
  'sec-fetch-user',
  'accept-language',
  'x-target-url',
  'x-upstream-url',
  'x-original-url',
  'x-rewrite-url',
  'x-http-method-override',
  'x-method-override',
  'x-base-url',
  'x-api-base',
]);
const REQUEST_DROP_PREFIX = ['x-sallyport-', 'x-forwarded-', 'x-portkey-', 'helicone-', 'x-litellm-', 'sec-ch-', 'proxy-'];

const RESPONSE_DROP = new Set([
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'content-encoding',
  'set-cookie',
  'alt-svc',
  'strict-transport-security',
  'date',
  'location',
  'refresh',
  'link',
  'www-authenticate',
  'timing-allow-origin',
]);
/** No web page may read an answer (Fetch §3.3), and what Sallyport says of itself no provider says. */
const RESPONSE_DROP_PREFIX = ['access-control-', 'proxy-', 'x-sallyport-'];

/** Outgoing header list (name, value, …). The credential comes last and from nowhere else. */
export function requestHeaders(
  rawHeaders: readonly string[],
  connection: Connection,
  credential: string | undefined,
  body: Buffer | undefined,
): string[] {
  const remove = connection.headers?.remove?.map((name) => name.toLowerCase());
  const set = connection.headers?.set;
  const setNames = set && Object.keys(set).map((name) => name.toLowerCase());
  const own = credentialHeader(connection);
  const out: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] as string).toLowerCase();
    if (REQUEST_DROP.has(name) || name === own.name || remove?.includes(name) || setNames?.includes(name)) continue;
    if (REQUEST_DROP_PREFIX.some((prefix) => name.startsWith(prefix))) continue;
    out.push(name, rawHeaders[i + 1] as string);
  }
  if (set) for (const [name, value] of Object.entries(set)) out.push(name.toLowerCase(), value);
  out.push('accept-encoding', 'identity');
  if (body) out.push('content-length', String(body.length));
  if (credential !== undefined)
    out.push(
      own.name,
      own.format.replace('{key}', () => credential),
    );
  return out;
}

/** Name and format of the header that carries the provider's key. */
export function credentialHeader(connection: Connection): { name: string; format: string } {
  if (connection.credentialHeader)
    return { name: connection.credentialHeader.name.toLowerCase(), format: connection.credentialHeader.format };
  return connection.dialect === 'anthropic' ? { name: 'x-api-key', format: '{key}' } : { name: 'authorization', format: 'Bearer {key}' };
}

/** Headers of the provider's answer that the agent gets. Framing is ours. */
export function responseHeaders(headers: Record<string, string | string[] | undefined>): [string, string | string[]][] {
  const out: [string, string | string[]][] = [];
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || RESPONSE_DROP.has(name) || RESPONSE_DROP_PREFIX.some((prefix) => name.startsWith(prefix))) continue;
    out.push([name, value]);
  }
  return out;
}
