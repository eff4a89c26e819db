import type { Clock, ControlEvent, GatewayStatus, Person, SecretStore } from '../contract/index.js';
import type { ControlAddress, ControlServices } from '../control/types.js';
import type { Credentials } from '../credentials/types.js';
import type { PersonState } from '../host-messages.js';
import type { ClientLimits } from '../listener/index.js';

export interface GatewayOptions {
  /** The data directory. */
  directory: string;
  version: string;
  /** In the place of settings.listen.port, for this run. */
  port?: number;
  /** Serve the console on a loopback port of its own (headless). */
  console: boolean;
  consolePort?: number;
  /** With no connections yet, open the embedded demo workspace. */
  demo: boolean;
  /** Multiplies the times of holding a client (tests). */
  holdScale?: number;
  /** Milliseconds that a provider may say nothing (tests). */
  providerSilenceMs?: number;
  /** In the place of the listener's own limits on clients (tests). */
  clients?: Partial<ClientLimits>;
  /** Worker threads for long scans. */
  workers?: number;
  log?(line: string): void;
  /** The host vouches for the person at this computer: nobody else may set the first passphrase. */
  personByHost?: boolean;
}

/** Edges to the world that a host may bring itself. */
export interface GatewayPorts {
  secrets?: SecretStore;
  keychainState?: Awaited<ReturnType<Credentials['keychainState']>>;
  clock?: Clock;
}

export interface PersonSession {
  state: PersonState;
  given?: { capability: string; person: Person };
}

export interface Gateway {
  /** Listens. @throws SallyportError conflict (port taken, another gateway on this directory), invalid (bind policy, settings) */
  start(): Promise<void>;
  /** Takes no more, drains streams up to `graceMs`, seals and closes. */
  stop(graceMs?: number): Promise<void>;
  readonly address: { host: string; port: number; baseUrl: string };
  readonly control: { address: ControlAddress };
  /** One-time URL of the console; undefined where it is not served. */
  consoleUrl(): string | undefined;
  status(): GatewayStatus;
  subscribe(listener: (event: ControlEvent) => void): () => void;
  /** The demo workspace's agent key, when it was opened in this run. */
  readonly demo: { key: string; connections: string[] } | undefined;
  /**
   * A capability of the local person. For the process that hosts the gateway over a private channel (the desktop's main), never for
   * anything that HTTP or a socket can reach.
   */
  localCapability(): string;
  /**
   * For the same process: how the session of a signed-in person stands. Without an id, takes up the session that was refreshed last
   * (the identity provider confirms it now) and gives its capability.
   */
  personSession(personId?: string): Promise<PersonSession>;
  readonly services: ControlServices;
}
