import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Clock, SecretStore } from '../contract/index.js';
import type { SettingsStore } from '../settings/index.js';
import { type AuthenticatorOptions, createAuthenticator } from './authenticator.js';
import type { SavedKeys } from './issuer-keys.js';
import { credentialHash } from './keys.js';
import { type OwnerRecord, type Owners, openOwners } from './owners.js';
import { createPersons, type PersonRoom, type PersonsOptions } from './persons.js';
import { createAgentRegistry } from './registry.js';
import { sealedFile } from './sealed-state.js';
import { createSignIn, type SignIn } from './sign-in.js';
import type { AgentRegistry, Authenticator } from './types.js';

/** Everything that identity offers, put together over one data directory. */
export interface Identity {
  authenticator: Authenticator;
  agents: AgentRegistry;
  persons: PersonRoom;
  signIn: SignIn;
  owners: Owners;
  close(): void;
}

/** Opens what outlives the process (owners' groups, issuers' keys) from `identity/` in the data directory, sealed against edits. */
export async function openIdentity(
  options: { settings: SettingsStore; secrets: SecretStore; clock: Clock } & Pick<
    PersonsOptions,
    'localName' | 'passphraseLogN' | 'firstNeedsPerson'
  > &
    Pick<AuthenticatorOptions, 'fetch' | 'jwksCooldownMs' | 'jwksRefreshAfterMs'>,
): Promise<Identity> {
  const { settings, secrets, clock, localName, passphraseLogN, firstNeedsPerson, ...forTokens } = options;
  const directory = join(settings.directory, 'identity');
  const key = sealKey(secrets);
  const owners = await openOwners(sealedFile<OwnerRecord[]>(join(directory, 'owners.json'), 'owners', key));
  const persons = await createPersons({
    secrets,
    clock,
    ...(localName === undefined ? {} : { localName }),
    ...(passphraseLogN === undefined ? {} : { passphraseLogN }),
    ...(firstNeedsPerson === undefined ? {} : { firstNeedsPerson }),
  });
  const signIn = createSignIn({ settings, secrets, persons, owners, clock });
  const authenticator = createAuthenticator({
    settings,
    clock,
    owners,
    savedKeys: (issuer) =>
      sealedFile<SavedKeys>(join(directory, `keys-${credentialHash(issuer).slice(0, 16)}.json`), `keys ${issuer}`, key),
    ...forTokens,
  });
  return {
    authenticator,
    agents: createAgentRegistry(settings, clock),
    persons,
    signIn,
    owners,
    close() {
      authenticator.close();
      signIn.close();
    },
  };
}

/** The key of the seals; made at first use. A store that fails is asked again. */
function sealKey(secrets: SecretStore): () => Promise<string> {
  const NAME = 'identity/seal';
  let known: Promise<string> | undefined;
  const load = async () => {
    const kept = await secrets.get(NAME);
    if (kept !== undefined) return kept;
    const made = randomBytes(32).toString('base64url');
    await secrets.set(NAME, made);
    return made;
  };
  return () => {
    known ??= load().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
