import type { Identity } from '../identity/index.js';
import type { PersonSession } from './options.js';

/**
 * How the session of a person stands, for the desktop. Without an id the session that was refreshed last is taken up again: the identity
 * provider is asked now, and only its word gives a capability.
 */
export async function personSession(identity: Identity, personId?: string): Promise<PersonSession> {
  const states = [...identity.signIn.states()].sort((a, b) => b.refreshedAtMs - a.refreshedAtMs);
  if (personId !== undefined) return { state: states.find((s) => s.personId === personId)?.state ?? 'none' };
  const last = states[0];
  if (!last) return { state: 'none' };
  if (last.state !== 'signed-in' && last.state !== 'unreachable') return { state: last.state };
  const state = await identity.signIn.refresh(last.personId);
  const owner = identity.owners.get(last.personId);
  if (state !== 'signed-in' || !owner) return { state };
  return { state, given: identity.persons.give({ id: owner.id, name: owner.name, groups: owner.groups, via: 'oidc' }) };
}
