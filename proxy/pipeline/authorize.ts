import { SallyportError } from '../contract/index.js';
import { authorizeScope } from '../identity/index.js';
import type { Exchange } from './exchange.js';
import type { Services } from './services.js';

const ANY_MODEL = ['*'];

/**
 * May this agent use this connection, for this operation? Asked before the body is read, so that nobody without a right can make us
 * read one. The model stands in the body and is asked about in `decide`. Default deny.
 * @throws SallyportError connection_not_allowed, operation_not_allowed, too_many_requests
 */
export function authorize(x: Exchange, s: Services): void {
  // The model is not known yet: every model passes here, `decide` asks again with its name.
  const { scope } = x.principal;
  authorizeScope({ ...x.principal, scope: { ...scope, models: ANY_MODEL } }, { connection: x.connection.name, operation: x.operation });
  const limit = s.settings().limits.perAgentConcurrent;
  if (s.sessions.active(x.principal.agentId) >= limit)
    throw new SallyportError(
      'too_many_requests',
      `The agent "${x.principal.name}" has ${limit} requests open, which is its limit (settings: limits.perAgentConcurrent).`,
    );
}
