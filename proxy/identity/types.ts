import type { Agent, Person, Principal, Scope } from '../contract/index.js';

/** The data path's door of `identity`. */
export interface Authenticator {
  /**
   * From the raw header list (name, value, name, value …, as node gives it). Synchronous when the credential is cached.
   * @throws SallyportError no_credential, bad_credential, expired_credential, revoked_credential, conflicting_credentials, identity_unavailable, owner_locked, group_missing
   */
  authenticate(rawHeaders: readonly string[]): Principal | Promise<Principal>;
  /** Names of the headers that carry credentials, lower case; never forwarded. */
  readonly credentialHeaders: readonly string[];
  close(): void;
}

export interface AgentRegistry {
  list(): Agent[];
  /** The key is in the answer this once. @throws SallyportError invalid, conflict */
  create(input: {
    name: string;
    owner: string;
    groups?: string[];
    scope?: Partial<Scope>;
    expiresAt?: string;
    cwd?: string;
    subject?: Agent['subject'];
    demo?: boolean;
  }): Promise<{ agent: Agent; key: string }>;
  rotate(id: string): Promise<{ agent: Agent; key: string }>;
  revoke(id: string): Promise<Agent>;
  update(id: string, change: Partial<Pick<Agent, 'name' | 'groups' | 'scope' | 'expiresAt' | 'cwd'>>): Promise<Agent>;
}

/**
 * A person's capability: a random token held in memory by whoever unlocked it (main, or the signed-in CLI), given out after
 * OIDC sign-in, OS authentication or the passphrase. Everything that decides, reveals or changes needs one.
 */
export interface Persons {
  /** @throws SallyportError person_required */
  require(capability: string | undefined): Person;
  current(): Person | undefined;
  unlockWithPassphrase(passphrase: string): Promise<{ capability: string; person: Person }>;
  /** First use: sets the passphrase of the local person. @throws conflict when one is set */
  setPassphrase(passphrase: string, capability?: string): Promise<void>;
  hasPassphrase(): boolean;
  lock(capability: string): void;
}
