import type { IncomingMessage } from 'node:http';

/** One request exactly as the provider received it. */
export interface ProviderLogEntry {
  id: number;
  /** Milliseconds since the epoch. */
  at: number;
  method: string;
  /** Path with query. */
  path: string;
  /** Name and value in the order and spelling of the wire; the value of a credential is replaced by `<right>` or `<wrong>`. */
  rawHeaders: [string, string][];
  /** The same, names in lower case; the last of a repeated one. */
  headers: Record<string, string>;
  /** Was it the key of this provider? */
  key: 'right' | 'wrong' | 'missing';
  keyHeader?: string;
  /** A wrong key began like one of the gateway's own agent keys: must never happen. */
  agentKeySeen: boolean;
  body: Buffer;
  /** The body as text. */
  text: string;
  /** The body as JSON, or undefined. */
  json: unknown;
  model?: string;
  /** Status that was answered. */
  status?: number;
  bytesSent: number;
  ended: 'open' | 'finished' | 'client-gone' | 'cut';
  /** Milliseconds since the epoch. */
  endedAt?: number;
}

export interface ProviderLog {
  readonly entries: readonly ProviderLogEntry[];
  /** How many requests came in all, kept or not. */
  readonly total: number;
  /** Those after the newest at the time of the call. */
  since(id: number): ProviderLogEntry[];
  last(): ProviderLogEntry | undefined;
  /** Everything received since the start, for "this value is nowhere in it". */
  contains(value: string): boolean;
  clear(): void;
}

const CREDENTIALS = new Set(['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'proxy-authorization']);

export function createLog(
  keys: readonly string[],
  keep: number,
): ProviderLog & { add(request: IncomingMessage, body: Buffer): ProviderLogEntry } {
  let entries: ProviderLogEntry[] = [];
  let total = 0;
  return {
    get entries() {
      return entries;
    },
    get total() {
      return total;
    },
    since: (id) => entries.filter((e) => e.id > id),
    last: () => entries.at(-1),
    contains: (value) =>
      entries.some(
        (e) => e.body.includes(value) || e.path.includes(value) || e.rawHeaders.some(([n, v]) => n.includes(value) || v.includes(value)),
      ),
    clear: () => {
      entries = [];
    },
    add(request, body) {
      const rawHeaders: [string, string][] = [];
      let key: ProviderLogEntry['key'] = 'missing';
      let keyHeader: string | undefined;
      let agentKeySeen = false;
      for (let i = 0; i < request.rawHeaders.length; i += 2) {
        const name = request.rawHeaders[i] ?? '';
        let value = request.rawHeaders[i + 1] ?? '';
        if (/\bsp_[A-Za-z0-9_-]{8}/.test(value)) agentKeySeen = true;
        if (CREDENTIALS.has(name.toLowerCase())) {
          const right = keys.includes(value.replace(/^Bearer /i, ''));
          if (key !== 'wrong') key = right ? 'right' : 'wrong';
          keyHeader = name.toLowerCase();
          value = right ? '<right>' : '<wrong>';
        }
        rawHeaders.push([name, value]);
      }
      let json: unknown;
      const text = body.toString('utf8');
      try {
        json = text ? JSON.parse(text) : undefined;
      } catch {
        json = undefined;
      }
      const model = (json as { model?: unknown } | undefined)?.model;
      const entry: ProviderLogEntry = {
        id: ++total,
        at: Date.now(),
        method: request.method ?? '',
        path: request.url ?? '',
        rawHeaders,
        headers: Object.fromEntries(rawHeaders.map(([n, v]) => [n.toLowerCase(), v])),
        key,
        ...(keyHeader ? { keyHeader } : {}),
        agentKeySeen,
        body,
        text,
        json,
        ...(typeof model === 'string' ? { model } : {}),
        bytesSent: 0,
        ended: 'open',
      };
      entries.push(entry);
      if (entries.length > keep) entries.splice(0, entries.length - keep);
      return entry;
    },
  };
}
