import type { Settings } from '../contract/index.js';
import { parseCredentialReference } from '../settings/index.js';

/**
 * The environment that a program of a `command:` credential gets: the gateway's own, because password managers and cloud tools
 * need theirs (PATH, HOME, XDG, AWS_PROFILE …), without what is none of its business: every variable that the settings name as
 * the place of a secret (keys of connections, the webhook's, the collector's) and our own (`SALLYPORT_…`). Names are compared
 * without regard to case, as Windows has them.
 */
export function childEnvironment(env: NodeJS.ProcessEnv, settings: Settings): NodeJS.ProcessEnv {
  const hidden = new Set([settings.approvals.webhook?.secretEnv.toUpperCase(), settings.ledger.otlp?.headersEnv?.toUpperCase()]);
  for (const { credential } of settings.connections) {
    const reference = parseCredentialReference(credential);
    if (typeof reference !== 'string' && reference.kind === 'env') hidden.add(reference.name.toUpperCase());
  }
  const kept = Object.entries(env).filter(([name]) => !hidden.has(name.toUpperCase()) && !/^SALLYPORT_/i.test(name));
  return Object.fromEntries(kept);
}
