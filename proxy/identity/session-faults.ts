import type { GatewayStatus, Settings } from '../contract/index.js';
import type { Refresher } from './refresh.js';

type Session = ReturnType<Refresher['states']>[number];

/**
 * What stands between signed-in persons and their identity provider, as a person should read it in tray, console and status: it does not
 * answer (groups hold for the time of grace), or it has ended a session (agents of that person are refused). Signing out is a person's
 * own act and no fault; a session that ended is one as long as somebody misses it: its agents, or nobody else is signed in. Pure.
 */
export function sessionFaults(
  sessions: readonly Session[],
  settings: Pick<Settings, 'agents' | 'identity' | 'issuers'>,
): GatewayStatus['faults'] {
  if (!settings.issuers.some((issuer) => issuer.signIn)) return [];
  const silent = sessions.filter((s) => s.state === 'unreachable');
  const somebody = sessions.some((s) => s.state === 'signed-in' || s.state === 'unreachable');
  const ended = sessions.filter(
    (s) => s.state === 'revoked' && (!somebody || settings.agents.some((a) => a.owner === s.personId && !a.revokedAt)),
  );
  const hours = settings.identity.ownerGraceHours;
  return [
    ...silent.map((s) => ({
      code: 'sign_in_unreachable',
      message: `The identity provider of ${s.name} does not answer. Groups hold as it confirmed them last, ${minute(s.refreshedAtMs)}; agents of ${s.name} are refused from ${minute(s.refreshedAtMs + hours * 3_600_000)} on. It is asked again every minute.`,
      since: new Date(s.refreshedAtMs).toISOString(),
    })),
    ...ended.map((s) => ({
      code: 'sign_in_ended',
      message: `The identity provider has ended the session of ${s.name}: agents of ${s.name} are refused. Sign in again, or ask whoever runs the identity provider.`,
      since: new Date(s.refreshedAtMs).toISOString(),
    })),
  ];
}

const minute = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
