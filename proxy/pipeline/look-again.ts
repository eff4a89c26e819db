import { type Principal, SallyportError } from '../contract/index.js';
import type { Exchange } from './exchange.js';
import type { Services } from './services.js';

/**
 * Looks once more at an exchange that was held, before it goes on: its credential must still be let in by whoever let it in at arrival
 * (not revoked, rotated or expired, its owner still here), and must give what the exchange was judged by: the same agent, owner,
 * groups and scope, under the same policy. `revision`: the policy that judged what was held.
 * @throws SallyportError what `authenticate` throws; approval_void when policy or rights changed
 */
export async function lookAgain(x: Exchange, s: Services, revision = x.policyRevision): Promise<void> {
  const now = await s.authenticator.authenticate(x.request.rawHeaders);
  if (rights(now) !== rights(x.principal))
    throw new SallyportError(
      'approval_void',
      'What this agent may do changed while the request was held. Send the request again to have it judged anew.',
    );
  if (s.policy().revision !== revision)
    throw new SallyportError(
      'approval_void',
      'The policy changed while the request was held. Send the request again to have it judged anew.',
    );
}

const rights = ({ agentId, owner, groups, scope }: Principal): string => JSON.stringify([agentId, owner, groups, scope]);
