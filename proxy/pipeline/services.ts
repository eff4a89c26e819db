import type { ApprovalBroker } from '../approvals/types.js';
import type { CommandReader } from '../commands/types.js';
import type { Clock, ControlEvent, EndMeta, Settings } from '../contract/index.js';
import type { Credentials } from '../credentials/types.js';
import type { Detector } from '../detect/types.js';
import type { Authenticator } from '../identity/types.js';
import type { LedgerWriter } from '../ledger/types.js';
import type { ClientLimits } from '../listener/index.js';
import type { VaultEntry } from '../mask/types.js';
import type { Policy } from '../policy/types.js';
import type { Upstream } from '../upstream/index.js';
import type { FreezeGate } from './freeze.js';
import type { Growing } from './growing.js';
import type { SessionBook } from './sessions.js';

/** What the stages need of the rooms; put together in proxy/gateway. */
export interface Services {
  settings(): Settings;
  authenticator: Authenticator;
  policy(): Policy;
  detector(): Detector;
  commands: CommandReader;
  ledger: LedgerWriter;
  /** Vault of originals; absent where our keys are not protected (masking is irreversible across restarts then). */
  originals?: { add(session: string, entries: VaultEntry[]): Promise<void>; load(session: string): Promise<VaultEntry[]> };
  approvals: ApprovalBroker;
  budgets?: Budgets;
  credentials: Credentials;
  upstream: Upstream;
  sessions: SessionBook;
  growing: Growing;
  gate: FreezeGate;
  clock: Clock;
  emit(event: ControlEvent): void;
  /** Something of our own failed: shown in status, written to the log without content. */
  fault(error: unknown): void;
  /** Paths, hosts and names of this gateway itself; tool calls that touch them are catastrophic. */
  protectedTargets: string[];
  /** Seconds and scale of holding; tests shorten it. */
  holdScale: number;
  /** How long a client may take for its body. */
  clients: ClientLimits;
}

/** Soft stops: what an agent may use before a person is asked to continue. */
export interface Budgets {
  /** The first budget that this agent has reached, if any. */
  reached(agentId: string): { id: string; used: number; limit: number; unit: string } | undefined;
  /** A person continued: that budget is lifted for its present period. */
  lift(agentId: string, budgetId: string): void;
  count(agentId: string, usage: { model?: string; requests: number } & NonNullable<EndMeta['usage']>): void;
}
