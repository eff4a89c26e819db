/**
 * Signing a person in: the gateway's identity room does the protocol (authorization code + PKCE, loopback redirect on any free port,
 * RFC 8252); main only opens the system's browser through its guarded door and keeps the capability in memory.
 */
import type { ControlLink } from '../control/index.js';
import { openExternal } from '../security/index.js';

interface Attempt {
  id: string;
  url: string;
}

/** @returns the person's name and groups. @throws SallyportError of the control API (identity_unavailable, group_missing, …) */
export async function signIn(link: ControlLink, issuer?: string): Promise<{ name: string; groups: string[] }> {
  const attempt = await link.act<Attempt>('POST', '/api/sign-in', { flow: 'browser', ...(issuer ? { issuer } : {}) });
  await openExternal(attempt.url);
  const done = await link.act<{ capability: string; person: { name: string; groups: string[] } }>('POST', '/api/sign-in/wait', {
    id: attempt.id,
  });
  link.capability = done.capability;
  return done.person;
}

export async function signOut(link: ControlLink, localCapability: string): Promise<void> {
  const answer = await link.act<{ endSessionUrl?: string } | undefined>('POST', '/api/sign-out');
  link.capability = localCapability;
  if (answer?.endSessionUrl) await openExternal(answer.endSessionUrl).catch(() => {});
}
