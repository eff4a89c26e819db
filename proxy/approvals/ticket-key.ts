import { createHash } from 'node:crypto';

/** How the answer is carried, not what is asked: the only fields that may differ between tries of one request. */
const CARRIAGE = new Set(['stream', 'stream_options']);

function canonical(v: unknown, out: string[]): void {
  if (Array.isArray(v)) {
    out.push('[');
    for (const item of v) {
      canonical(item, out);
      out.push(',');
    }
    out.push(']');
  } else if (v !== null && typeof v === 'object') {
    const o = v as Record<string, unknown>;
    out.push('{');
    for (const key of Object.keys(o).sort()) {
      out.push(JSON.stringify(key), ':');
      canonical(o[key], out);
      out.push(',');
    }
    out.push('}');
  } else out.push(JSON.stringify(v) ?? 'null');
}

/** Body of a request as read by `JSON.parse`, or its bytes. */
export interface TicketKeyInput {
  /** Agent id. */
  principal: string;
  connection: string;
  dialect: string;
  model?: string;
  body: Uint8Array | string | object;
}

/**
 * The semantic key of a request: SHA-256, hex, over principal, connection, dialect, model and the whole body with sorted keys,
 * less `stream` and `stream_options`. It finds the ticket of a retry; what is released stays bound to the digest of its bytes.
 * A body that is no JSON (or nested too deep) is taken by its bytes.
 */
export function ticketKey({ principal, connection, dialect, model, body }: TicketKeyInput): string {
  const hash = createHash('sha256').update(JSON.stringify([principal, connection, dialect, model ?? '']));
  let parsed: unknown = body;
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  try {
    if (raw)
      parsed = JSON.parse(typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
    const out: string[] = [];
    if (parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)) {
      const o = parsed as Record<string, unknown>;
      for (const key of Object.keys(o).sort()) {
        if (CARRIAGE.has(key)) continue;
        out.push(JSON.stringify(key), ':');
        canonical(o[key], out);
        out.push(',');
      }
    } else canonical(parsed, out);
    return hash.update('json\n').update(out.join('')).digest('hex');
  } catch (e) {
    if (!raw) throw e;
    return hash.update('bytes\n').update(body).digest('hex');
  }
}
