import type { Exchange } from './exchange.js';
import type { Services } from './services.js';

/** Which run of which agent this belongs to. */
export function session(x: Exchange, s: Services): void {
  const parts = x.reading?.parts ?? [];
  const keys = parts.map((part) => s.sessions.partKey(part));
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
  s.sessions.enter(x.session);
  x.entered = true;
}
