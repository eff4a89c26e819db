import * as oidc from 'openid-client';
import { type Clock, type Issuer, type Person, SallyportError, type SecretStore } from '../contract/index.js';
import type { SettingsStore } from '../settings/index.js';
import { credentialHash } from './keys.js';
import { connectIssuer, outcomeOf } from './oidc-client.js';
import type { OwnerRecord, Owners } from './owners.js';
import { personOf, requireGroups } from './person-claims.js';
import type { PersonRoom } from './persons.js';

/** What the last question to the identity provider gave. */
export type SessionState = 'signed-in' | 'unreachable' | 'revoked' | 'signed-out' | 'no-refresh-token';

export interface Refresher {
  /** A person has signed in: keep the refresh token, record the groups. */
  begin(person: Person, issuer: Issuer, tokens: oidc.TokenEndpointResponse): Promise<void>;
  refresh(personId: string): Promise<SessionState>;
  end(person: Pick<Person, 'id' | 'name' | 'groups'>, how: 'signed-out' | 'revoked'): Promise<{ endSessionUrl?: string }>;
  states(): { personId: string; name: string; state: SessionState; refreshedAtMs: number }[];
  start(): void;
  close(): void;
}

/** Groups are confirmed this often while a person is signed in, and sooner after the provider did not answer. */
const EVERY_MS = 15 * 60_000;
const RETRY_MS = 60_000;

/** Keeps persons' sessions alive without a word (rotating refresh tokens), and ends them when the provider does. */
export function createRefresher(options: {
  settings: SettingsStore;
  secrets: SecretStore;
  persons: PersonRoom;
  owners: Owners;
  clock: Clock;
}): Refresher {
  const { settings, secrets, persons, owners, clock } = options;
  const unreachable = new Set<string>();
  const idTokens = new Map<string, string>();
  /** Newest refresh tokens: where the keychain fails for a moment, the one that it still holds is spent already. */
  const newest = new Map<string, string>();
  const keep = async (personId: string, token: string) => {
    newest.set(personId, token);
    await secrets.set(entry(personId), token).catch(() => undefined);
  };
  const inFlight = new Map<string, Promise<SessionState>>();
  let timer: NodeJS.Timeout | undefined;

  const record = (person: Pick<Person, 'id' | 'name' | 'groups'>, state: OwnerRecord['state']) =>
    owners.set({ id: person.id, name: person.name, groups: person.groups, refreshedAtMs: clock.now(), state });

  const ask = async (personId: string): Promise<SessionState> => {
    const owner = owners.get(personId);
    if (owner === undefined || owner.state !== 'signed-in') return owner?.state ?? 'signed-out';
    const issuer = settings.get().issuers.find((candidate) => candidate.signIn !== undefined && personId.startsWith(`${candidate.url}|`));
    const token = newest.get(personId) ?? (await secrets.get(entry(personId)).catch(() => undefined));
    if (issuer === undefined || token === undefined) return 'no-refresh-token';
    try {
      const config = await connectIssuer(issuer);
      const tokens = await oidc.refreshTokenGrant(config, token);
      // The old token is spent now: the new one is kept before anything else can fail.
      if (tokens.refresh_token !== undefined && tokens.refresh_token !== token) await keep(personId, tokens.refresh_token);
      const person = await personOf(config, tokens, issuer, personId.slice(issuer.url.length + 1));
      // Signed out while the answer was on its way: that stands.
      if (owners.get(personId)?.state !== 'signed-in') return 'signed-out';
      requireGroups(person, issuer, settings.get().identity);
      if (tokens.id_token !== undefined) idTokens.set(personId, tokens.id_token);
      unreachable.delete(personId);
      await record({ ...person, name: person.name || owner.name }, 'signed-in');
      return 'signed-in';
    } catch (error) {
      if (!outcomeOf(error).ended) {
        if (!unreachable.has(personId)) {
          unreachable.add(personId);
          owners.tell();
        }
        return 'unreachable';
      }
      await end(owner, 'revoked');
      return 'revoked';
    }
  };

  const refresh = (personId: string): Promise<SessionState> => {
    let run = inFlight.get(personId);
    if (run === undefined) {
      run = ask(personId).finally(() => inFlight.delete(personId));
      inFlight.set(personId, run);
    }
    return run;
  };

  const end: Refresher['end'] = async (person, how) => {
    persons.lockPerson(person.id);
    unreachable.delete(person.id);
    const recorded = record(person, how);
    const token = newest.get(person.id) ?? (await secrets.get(entry(person.id)).catch(() => undefined));
    newest.delete(person.id);
    await secrets.delete(entry(person.id)).catch(() => undefined);
    await recorded;
    const idToken = idTokens.get(person.id);
    idTokens.delete(person.id);
    const issuer = settings.get().issuers.find((candidate) => candidate.signIn !== undefined && person.id.startsWith(`${candidate.url}|`));
    if (how !== 'signed-out' || issuer === undefined) return {};
    return tellIssuer(issuer, token, idToken);
  };

  const tick = async () => {
    await Promise.all(owners.list().map((owner) => refresh(owner.id).catch(() => undefined)));
    schedule(unreachable.size > 0 ? RETRY_MS : EVERY_MS);
  };
  const schedule = (inMs: number) => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = setTimeout(() => void tick(), inMs);
    timer.unref();
  };

  return {
    refresh,
    end,
    async begin(person, _issuer, tokens) {
      if (tokens.refresh_token !== undefined) await keep(person.id, tokens.refresh_token);
      if (tokens.id_token !== undefined) idTokens.set(person.id, tokens.id_token);
      unreachable.delete(person.id);
      await record(person, 'signed-in');
    },
    states: () =>
      owners.list().map(({ id, name, state, refreshedAtMs }) => ({
        personId: id,
        name,
        state: state === 'signed-in' && unreachable.has(id) ? ('unreachable' as const) : state,
        refreshedAtMs,
      })),
    start() {
      timer ??= setTimeout(() => undefined, 0);
      schedule(0);
    },
    close() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

/** Refresh tokens are kept under a hash, so that the name of an entry says nothing about the person. */
function entry(personId: string): string {
  return `person/refresh/${credentialHash(personId)}`;
}

/** Best effort: that the provider cannot be reached does not keep anybody signed in here. */
async function tellIssuer(issuer: Issuer, token: string | undefined, idToken: string | undefined): Promise<{ endSessionUrl?: string }> {
  try {
    const config = await connectIssuer(issuer);
    const metadata = config.serverMetadata();
    if (token !== undefined && metadata.revocation_endpoint !== undefined) await oidc.tokenRevocation(config, token).catch(() => undefined);
    if (idToken === undefined || metadata.end_session_endpoint === undefined) return {};
    return { endSessionUrl: oidc.buildEndSessionUrl(config, { id_token_hint: idToken }).href };
  } catch (error) {
    if (error instanceof SallyportError) return {};
    throw error;
  }
}
