import type { Approval, Clock, Grant, Person, RecordInput } from '../contract/index.js';

export interface BrokerOptions {
  clock: Clock;
  /** Resolves when the records are durable (class `synced`); a decision counts only then. */
  onRecord(records: RecordInput[]): Promise<void>;
  /** A further say in who may approve; the rule's own demand is always checked. */
  isAllowed?(person: Person, approval: Approval): boolean;
  /** Who may approve alone where a rule wants several or others. Marked for ever. Default: nobody. */
  mayForce?(person: Person, approval: Approval): boolean;
  /** Approvals that were open when the process ended; recorded as withdrawn. */
  leftOver?: readonly Approval[];
  /** Grants that still stand. */
  grants?: readonly Grant[];
  /** How long a denial (or an expiry) answers retries by itself. At least 300 s unless tests scale it. */
  stickyMs?: number;
  newId?(prefix: 'ap' | 'gr'): string;
  timers?: { set(run: () => void, ms: number): unknown; clear(handle: unknown): void };
}
