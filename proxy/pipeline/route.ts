import { operationPath, SallyportError } from '../contract/index.js';
import { dialects } from '../wire/index.js';
import type { Exchange } from './exchange.js';
import type { Services } from './services.js';

/**
 * `/<connection>/<path>`: which connection, and what the path means there. The upstream comes from the stored connection and from
 * nowhere else. @throws SallyportError unknown_connection, path_not_allowed
 */
export function route(x: Exchange, s: Services): void {
  const { name, rest } = split(x.path);
  const connection = s.settings().connections.find((c) => c.name === name);
  if (!connection)
    throw new SallyportError(
      'unknown_connection',
      `There is no connection "${name}". The base URL ends in the name of a connection: http://127.0.0.1:PORT/<connection>.`,
    );
  x.connection = connection;
  x.dialect = dialects[connection.dialect];
  x.upstreamPath = x.query === '' ? rest : `${rest}?${x.query}`;
  const method = x.request.method ?? 'GET';
  if (connection.dialect === 'http') {
    if (connection.rules?.some((rule) => matches(rule, method, rest))) {
      x.operation = 'http';
      return;
    }
  } else {
    const found = x.dialect.operation(method, rest);
    if (found) {
      x.operation = found.operation;
      x.inspected = found.inspected;
      x.upstreamPath = operationPath(connection.pathPrefix, x.upstreamPath);
      return;
    }
  }
  if (connection.passthrough?.some((rule) => matches(rule, method, rest))) {
    x.operation = 'passthrough';
    x.inspected = false;
    return;
  }
  throw new SallyportError(
    'path_not_allowed',
    `${method} ${rest} is not an operation that Sallyport can look into on the connection "${name}". List it under the connection's pass-through paths to let it through unread (NOT_SCANNED).`,
  );
}

/** First segment and the rest, which always starts with `/`. */
export function split(path: string): { name: string; rest: string } {
  const slash = path.indexOf('/', 1);
  return slash < 0 ? { name: path.slice(1), rest: '/' } : { name: path.slice(1, slash), rest: path.slice(slash) };
}

const compiled = new WeakMap<{ method: string; path: string }, RegExp>();

/** `*` stands for one segment, `**` for any. */
function matches(rule: { method: string; path: string }, method: string, path: string): boolean {
  if (rule.method !== '*' && rule.method.toUpperCase() !== method) return false;
  let pattern = compiled.get(rule);
  if (!pattern) {
    const source = rule.path
      .split('**')
      .map((piece) =>
        piece
          .split('*')
          .map((literal) => literal.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
          .join('[^/]+'),
      )
      .join('.*');
    pattern = new RegExp(`^${source}$`);
    compiled.set(rule, pattern);
  }
  return pattern.test(path);
}
