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

/** Sends and reads JSON. @throws ApiError */
export async function api<T>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
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
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  let value: unknown;
  try {
    value = text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new ApiError('unreadable', 'The gateway answered something that is not JSON.', response.status);
  }
  if (!response.ok) {
    const error = (value as { error?: { code?: string; message?: string; details?: unknown } } | undefined)?.error;
    throw new ApiError(
      error?.code ?? 'internal',
      error?.message ?? `The gateway answered ${response.status}.`,
      response.status,
      error?.details,
    );
  }
  return value as T;
}

/** The console server's second secret, kept by the page that opened the one-time address; absent in the desktop app. */
export function csrfToken(): string | undefined {
  try {
    return localStorage.getItem('sallyport-csrf') ?? undefined;
  } catch {
    return undefined;
  }
}
