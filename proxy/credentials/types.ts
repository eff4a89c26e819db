import type { Connection, SecretStore } from '../contract/index.js';

/** Where provider keys come from. One interface, whatever the reference says. */
export interface Credentials {
  /**
   * The key of a connection, cached briefly in memory; synchronous when cached.
   * @throws SallyportError credential_unavailable, credential_origin_changed
   */
  resolve(connection: Connection): string | undefined | Promise<string | undefined>;
  /**
   * Stores a key in the OS keychain and returns the reference `keychain:NAME`. The key is bound to `origin` (default: where the
   * connection of that name points; where there is none yet, to the origin of its first use).
   * @throws SallyportError keychain_unavailable, invalid
   */
  store(connectionName: string, key: string, origin?: string): Promise<string>;
  forget(reference: string): Promise<void>;
  /** State of the keychain, asked without prompting. */
  keychainState(): Promise<{ state: 'unlocked' | 'locked' | 'no-collection' | 'absent' | 'unsupported' | 'error'; advice?: string }>;
  readonly secrets: SecretStore;
}
