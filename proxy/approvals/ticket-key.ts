import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical.js';

/** How the answer is carried, not what is asked: the only fields that may differ between tries of one request. */
const CARRIAGE = new Set(['stream', 'stream_options']);

export interface TicketKeyInput {
  /** Agent id. */
  principal: string;
  connection: string;
  dialect: string;
  model?: string;
  /** The body's bytes, its text, or what `JSON.parse` made of it. */
  body: Uint8Array | string | object;
}

/**
 * The semantic key of a request: SHA-256, hex, over principal, connection, dialect, model and the whole body with sorted keys,
 * less `stream` and `stream_options`. It finds the ticket of a retry; what is released stays bound to the digest of its bytes.
 * A body that is no JSON (or nested too deep) is taken by its bytes.
 */
export function ticketKey({ principal, connection, dialect, model, body }: TicketKeyInput): string {
  const hash = createHash('sha256').update(JSON.stringify([principal, connection, dialect, model ?? '']));
  const bytes =
    body instanceof Uint8Array
      ? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
      : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const canonical = canonicalJson(bytes, CARRIAGE);
  return (canonical ? hash.update('json\n').update(canonical) : hash.update('bytes\n').update(bytes)).digest('hex');
}
