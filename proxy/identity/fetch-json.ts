import { isLoopbackUrl } from '../settings/index.js';

/** The part of `fetch` that identity needs; a port, so that tests and proxies can stand in. */
export type Fetch = (
  url: string,
  options: { signal: AbortSignal; redirect: 'error'; headers: Record<string, string> },
) => Promise<Response>;

/**
 * One small JSON document over https (http on loopback only): no redirects, a time limit, a size limit.
 * @throws Error with a short reason that quotes nothing of the answer
 */
export async function fetchJson(fetch: Fetch, url: string, limits = { milliseconds: 3000, bytes: 512 * 1024 }): Promise<unknown> {
  if (!url.startsWith('https://') && !isLoopbackUrl(url)) throw new Error('not an https address');
  const response = await fetch(url, {
    signal: AbortSignal.timeout(limits.milliseconds),
    redirect: 'error',
    headers: { accept: 'application/json' },
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`answered ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).length;
    if (size > limits.bytes) throw new Error('answered with too many bytes');
    chunks.push(chunk as Uint8Array);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
