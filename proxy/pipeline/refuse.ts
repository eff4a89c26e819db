import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Outcome, SallyportError } from '../contract/index.js';
import { dialects } from '../wire/index.js';
import type { Dialect } from '../wire/types.js';
import { type Exchange, newId } from './exchange.js';
import { planOf } from './keep-alive.js';
import { end } from './record.js';
import { split } from './route.js';
import type { Services } from './services.js';

/** Policy and people say no for good: clients must not try again. Everything else may be tried again by the client's own rules. */
const FINAL = new Set([
  'blocked_by_policy',
  'denied_by_person',
  'approval_expired',
  'approval_void',
  'tool_call_blocked',
  'budget_reached',
  'frozen',
]);
const OUTCOME: Record<string, Outcome> = {
  denied_by_person: 'denied',
  approval_expired: 'denied',
  approval_void: 'denied',
  budget_reached: 'denied',
  frozen: 'denied',
  not_recording: 'failed',
  internal: 'failed',
};

/** Answers an exchange that got a refusal or a failure: recorded first where anything can be, then in the provider's own error shape. */
export async function refuse(x: Exchange, s: Services, error: SallyportError): Promise<void> {
  const outcome =
    OUTCOME[error.code] ?? (error.code.startsWith('upstream_') || error.code.startsWith('credential_') ? 'provider-error' : 'refused');
  try {
    if (x.arrivalRecorded) await end(x, s, outcome, error.status, { code: error.code });
    else recordRefusal(s, error, x);
  } catch {
    // The ledger is the trouble: the refusal itself still goes out, and status says why.
  }
  const { responder } = x;
  if (responder.gone) return;
  const dialect = x.dialect ?? shapeOf(x.path, x.request);
  if (responder.committed && !responder.started && x.reading) {
    // After a commit an error object would be taken for an answer: a well-formed completion that says so.
    const text = `[Sallyport] ${error.message}`;
    responder.end(
      responder.ownStart && dialect.refusalAfterStart
        ? dialect.refusalAfterStart(text)
        : dialect.refusal(x.operation, text, x.model ?? '', x.stream),
    );
    return;
  }
  if (responder.headSent) {
    responder.destroy();
    return;
  }
  const status = FINAL.has(error.code) && x.arrivalRecorded ? planStatus(x, s, error) : error.status;
  send(responder.raw, x.request, dialect, error, status, x.id);
}

function planStatus(x: Exchange, s: Services, error: SallyportError): number {
  const { denyStatus } = planOf(x, s);
  return error.status === 403 ? denyStatus : error.status;
}

/** Refuses a request before it became an exchange. */
export function refuseEarly(s: Services | undefined, error: SallyportError, request: IncomingMessage, response: ServerResponse): void {
  if (s) recordRefusal(s, error, undefined);
  send(response, request, shapeOf(request.url ?? '/', request), error, error.status, newId('rq'));
}

function send(
  response: ServerResponse,
  request: IncomingMessage,
  dialect: Dialect,
  error: SallyportError,
  status: number,
  id: string,
): void {
  const body = dialect.errorBody(error, id);
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.setHeader('content-length', body.length);
  response.setHeader('x-request-id', id);
  response.setHeader('x-sallyport-code', error.code);
  if (FINAL.has(error.code)) response.setHeader('x-should-retry', 'false');
  if (request.complete) {
    response.end(body);
    return;
  }
  // What was not read of the body would be taken for the next request.
  response.setHeader('connection', 'close');
  response.write(body);
  linger(request, () => response.end());
}

/** The rest of a refused body is read and thrown away for so long. */
const LINGER_MS = 5_000;

/**
 * Closes when the client has sent its body, or given up. A connection that is closed with unread bytes is reset, and a client
 * that is still sending then sees the reset in place of the answer (RFC 9112 §9.6).
 */
function linger(request: IncomingMessage, close: () => void): void {
  const timer = setTimeout(done, LINGER_MS);
  function done(): void {
    clearTimeout(timer);
    request.off('end', done).off('close', done);
    close();
  }
  request.on('end', done).on('close', done).resume();
}

/** The provider shape of an error before the connection is known: by what the path looks like. */
function shapeOf(path: string, request: IncomingMessage): Dialect {
  const { rest } = split(path.split('?')[0] ?? '/');
  return /\/messages(?:\/|$)/.test(rest) || request.headers['anthropic-version'] !== undefined ? dialects.anthropic : dialects.openai;
}

const quiet = new WeakMap<Services, { since: number; count: number }>();

/** Refusals without an exchange are recorded too, but a flood of them may not fill the disk: over 60 a minute they are counted. */
function recordRefusal(s: Services, error: SallyportError, x: Exchange | undefined): void {
  const now = s.clock.now();
  let window = quiet.get(s);
  if (!window || Math.abs(now - window.since) > 60_000) {
    const suppressed = window && window.count > 60 ? window.count - 60 : 0;
    window = { since: now, count: 0 };
    quiet.set(s, window);
    if (suppressed > 0) s.ledger.append([{ kind: 'refusal', meta: { suppressed } }], 'written', () => {});
  }
  window.count++;
  const agent = x?.principal?.name;
  if (window.count <= 60) {
    const meta = {
      code: error.code,
      status: error.status,
      ...(error.rule ? { rule: error.rule } : {}),
      ...(agent ? { agent } : {}),
      ...(x?.connection ? { connection: x.connection.name } : {}),
      ...(x?.model ? { model: x.model } : {}),
    };
    s.ledger.append([{ kind: 'refusal', meta }], 'written', () => {});
  }
  s.emit({ type: 'refusal', code: error.code, ...(agent ? { agent } : {}), at: new Date(now).toISOString() });
}
