/** `https://host/prefix` → origin and prefix; a `/v1` at the end belongs to the client's part of the path and is left out. */
export function readAddress(text: string): { origin: string; pathPrefix?: string } | undefined {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return undefined;
  }
  if (!/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) return undefined;
  const path = url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '');
  return { origin: url.origin, ...(path === '' ? {} : { pathPrefix: path }) };
}

/** Lines `METHOD /path`; a line without a method means any. */
export function readRules(text: string): { method: string; path: string }[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [first = '', ...rest] = line.split(/\s+/);
      return rest.length === 0 ? { method: '*', path: first } : { method: first.toUpperCase(), path: rest.join(' ') };
    });
}
