import { type Connection, operationPath, type SallyportError } from '../contract/index.js';
import type { ConnectionTest } from '../control/types.js';
import type { Credentials } from '../credentials/index.js';
import type { Upstream } from '../upstream/index.js';

const TIMEOUT_MS = 15_000;

/** One harmless request with the real key: the list of models where the dialect has one. Says what happened, never what was answered. */
export async function testConnection(
  connection: Connection,
  credentials: Credentials,
  upstream: Upstream,
  signal?: AbortSignal,
): Promise<ConnectionTest> {
  const from = performance.now();
  const ms = (): number => Math.round(performance.now() - from);
  let credential: string | undefined;
  try {
    credential = await credentials.resolve(connection);
  } catch (error) {
    const { code, message } = error as SallyportError;
    return { ok: false, code, message, ms: ms() };
  }
  const path = connection.dialect === 'http' ? '/' : operationPath(connection.pathPrefix, '/v1/models');
  const rawHeaders = connection.dialect === 'anthropic' ? ['anthropic-version', '2023-06-01'] : [];
  return new Promise((resolve) => {
    let status = 0;
    const chunks: Buffer[] = [];
    let size = 0;
    const done = (result: Omit<ConnectionTest, 'ms'>): void => {
      clearTimeout(timer);
      call.abort();
      resolve({ ...result, ms: ms() });
    };
    const timer = setTimeout(
      () => done({ ok: false, code: 'upstream_timeout', message: `No answer within ${TIMEOUT_MS / 1000} seconds.` }),
      TIMEOUT_MS,
    );
    const call = upstream.send(
      { connection, method: connection.dialect === 'http' ? 'HEAD' : 'GET', path, rawHeaders, body: undefined, credential },
      {
        headers: (code) => {
          status = code;
        },
        data(chunk) {
          size += chunk.length;
          if (size < 1 << 20) chunks.push(chunk);
        },
        end: () => done(verdict(connection, status, Buffer.concat(chunks))),
        error: (error) => done({ ok: false, code: error.code, message: error.message }),
      },
    );
    signal?.addEventListener('abort', () => done({ ok: false, code: 'upstream_timeout', message: 'Stopped.' }));
  });
}

function verdict(connection: Connection, status: number, body: Buffer): Omit<ConnectionTest, 'ms'> {
  if (status === 401 || status === 403)
    return {
      ok: false,
      code: 'bad_key',
      status,
      message: `The provider refuses the key (${status}). Give it again: sallyport connections set-key ${connection.name}.`,
    };
  if (status >= 300 && status < 400)
    return {
      ok: false,
      code: 'upstream_redirect',
      status,
      message: 'The origin answers with a redirect, which is never followed. Correct the origin.',
    };
  if (connection.dialect === 'http')
    return { ok: status < 500, status, message: `The API answers (${status}).`, ...(status < 500 ? {} : { code: 'upstream_unreachable' }) };
  if (status >= 400)
    return {
      ok: false,
      code: 'upstream_unreadable',
      status,
      message: `The provider answers ${status} to a list of models. Check origin and path prefix.`,
    };
  try {
    const { data } = JSON.parse(body.toString('utf8')) as { data?: { id?: unknown }[] };
    const models = (data ?? []).map((m) => String(m.id)).slice(0, 200);
    return { ok: true, status, message: `Works: ${models.length} models.`, models };
  } catch {
    return { ok: true, status, message: 'The provider answers, but not with a list of models.' };
  }
}
