import type { Part } from '../contract/index.js';
import type { Exchange } from './exchange.js';
import type { Services } from './services.js';

/** Which run of which agent this belongs to. */
export function session(x: Exchange, s: Services): void {
  const parts = x.reading?.parts ?? [];
  const keys = parts.map((part) => (part.key ??= s.sessions.partKey(part, x.body)));
  const found = s.sessions.assign(
    { agentId: x.principal.agentId, userAgent: x.request.headers['user-agent'] ?? '', headers: x.request.rawHeaders },
    x.reading,
    keys,
    s.clock.now(),
  );
  x.session = found.session;
  x.sessionRule = found.rule;
  x.finished = found.done;
  x.parts = parts.map((part, i) => ({ part, key: keys[i] as string, findings: [] }));
  const address = addressPart(x);
  if (address) x.parts.push({ part: address, key: s.sessions.partKey(address, x.body), findings: [] });
  s.sessions.enter(x.session);
  x.entered = true;
}

/**
 * What stands in the path and query leaves this machine like any other text. It cannot be rewritten without changing what is asked
 * for, so a value in it goes to a person. The known paths of LLM protocols hold none.
 */
function addressPart(x: Exchange): Part | undefined {
  if (x.query === '' && x.connection.dialect !== 'http') return undefined;
  let text = x.upstreamPath;
  try {
    text = decodeURIComponent(text);
  } catch {
    // Read as it stands.
  }
  return {
    id: 'address',
    path: [],
    role: 'other',
    kind: 'text',
    provenance: 'model',
    text,
    bytes: x.upstreamPath.length,
    span: { start: 0, end: 0 },
    rewritable: false,
  };
}

/** Is this the path and query? They have no place in the body. (Not by its id: ids of parts are made when somebody asks.) */
export const isAddress = (part: Part): boolean => part.span.end === 0;
