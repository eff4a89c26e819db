/** Edges to the world, handed in so that the rooms stay testable. All real implementations live at the edge (proxy/ports.ts, main/). */

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Monotonic milliseconds. */
  monotonic(): number;
}

/** Where secrets of our own and provider keys are kept. Names: `sallyport/<name>`. */
export interface SecretStore {
  /** What it is, for `status`: `keychain`, `systemd`, `key-file`, `passphrase`, `unprotected-file`, `memory`. */
  readonly kind: string;
  /** True when what it keeps is protected by the OS, a passphrase or systemd. */
  readonly protected: boolean;
  /** Whether provider keys may be stored here (a key file may hold our own secrets, but not a provider's key in clear). */
  readonly acceptsProviderKeys: boolean;
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
}
