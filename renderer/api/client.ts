/**
 * The control API at the page's own origin. In the desktop app `app://sallyport/api/…` is forwarded by main with the person's
 * capability; headless, a cookie stands for it. The page itself never holds either.
 */

/** An error of the control API: a stable code and a sentence for people. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    readonly details?: unknown,
  ) {
    super(message);
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

let askForPerson: (() => Promise<boolean>) | undefined;

/** Sets who is asked when an act needs a person: true when there is one now, and the act is done again. */
export function onPersonRequired(ask: () => Promise<boolean>): void {
  askForPerson = ask;
}

/** Sends and reads JSON. An act that needs a person asks for one and is then repeated, once. @throws ApiError */
export async function api<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const run = (): Promise<Response> => send(method, path, body, signal);
  // Becoming a person is what the dialog itself does: a wrong passphrase there asks nobody anew.
  const response = await (/^\/(?:persons|sign-in)/.test(path) ? run() : withPerson(run));
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  try {
    return (text === '' ? undefined : JSON.parse(text)) as T;
  } catch {
    throw new ApiError('unreadable', 'The gateway answered something that is not JSON.', response.status);
  }
}

/** A file that the gateway makes (an export), with the name that it gave it. @throws ApiError */
export async function download(path: string, body: unknown): Promise<{ filename: string; blob: Blob }> {
  const response = await withPerson(() => send('POST', path, body));
  const filename = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'sallyport-export';
  try {
    return { filename, blob: await response.blob() };
  } catch {
    throw new ApiError('gateway_down', 'The export broke off. Nothing was saved.', 0);
  }
}

async function withPerson(run: () => Promise<Response>): Promise<Response> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'person_required' || !askForPerson || !(await askForPerson())) throw error;
    return run();
  }
}

async function send(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers['content-type'] = 'application/json';
  const token = csrfToken();
  if (token !== undefined) headers['x-sallyport-csrf'] = token;
  let response: Response;
  try {
    response = await fetch(`/api${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new ApiError('gateway_down', 'The gateway does not answer.', 0);
  }
  if (response.ok) return response;
  let error: { code?: string; message?: string; details?: unknown } | undefined;
  try {
    error = ((await response.json()) as { error?: typeof error }).error;
  } catch {
    // Not an answer of the control API; the status says enough.
  }
  throw new ApiError(
    error?.code ?? 'internal',
    error?.message ?? `The gateway answered ${response.status}.`,
    response.status,
    error?.details,
  );
}

/** The console server's second secret, kept by the page that opened the one-time address; absent in the desktop app. */
export function csrfToken(): string | undefined {
  try {
    return localStorage.getItem('sallyport-csrf') ?? undefined;
  } catch {
    return undefined;
  }
}
