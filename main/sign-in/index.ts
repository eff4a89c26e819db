/**
 * Signing a person in: the gateway's identity room does the protocol (authorization code + PKCE, loopback redirect on any free port,
 * RFC 8252); main only opens the system's browser through its guarded door and keeps the capability in memory.
 */
import type { Person } from '../../proxy/index.js';
import type { ControlLink } from '../control/index.js';
import { openExternal } from '../security/index.js';
import type { Given } from './word.js';

export { type Given, PersonsWord } from './word.js';

interface Attempt {
  id: string;
  url: string;
}

/** @returns capability and person. @throws SallyportError of the control API (identity_unavailable, group_missing, bad_credential …) */
export async function signIn(link: ControlLink, issuer?: string): Promise<Given> {
  const attempt = await link.act<Attempt>('POST', '/api/sign-in', { flow: 'browser', ...(issuer ? { issuer } : {}) });
  try {
    await openExternal(attempt.url);
  } catch (error) {
    void link.act('POST', '/api/sign-in/cancel', { id: attempt.id }).catch(() => {});
    throw error;
  }
  for (;;) {
    // The gateway answers at least every 25 seconds; how long a person may take is its own matter.
    const done = await link.act<{ pending?: boolean; capability?: string; person?: Person }>('POST', '/api/sign-in/wait', {
      id: attempt.id,
    });
    if (done.capability !== undefined && done.person) return { capability: done.capability, person: done.person };
  }
}

/** Ends the session here, and at the identity provider where it can. */
export async function signOut(link: ControlLink): Promise<void> {
  const answer = await link.act<{ endSessionUrl?: string } | undefined>('POST', '/api/sign-out');
  if (answer?.endSessionUrl) await openExternal(answer.endSessionUrl).catch(() => {});
}
