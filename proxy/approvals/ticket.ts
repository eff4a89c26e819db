import type { Approval } from '../contract/index.js';
import type { Machine, Move, Now } from './state.js';
import type { ApprovalInput, Settlement, Ticket } from './types.js';

/** One approval and all who wait for it. */
export interface Entry {
  machine: Machine;
  key: string;
  input: ApprovalInput;
  tickets: Set<TicketHold>;
  timer: unknown;
  /** Its opening or a decision is being made durable. */
  busy: boolean;
  /** Until its opening is durable; nobody is shown it before. */
  opening?: Promise<void>;
  /** Ends that came while busy; they win over the decision. */
  endAfter?: Extract<Move, { kind: 'void' | 'withdraw' }>;
  endedAt?: Now;
  edited?: { partId: string; text: string }[];
  /** Masked arguments as approved, after edits. */
  arguments?: string;
  settlement?: Settlement;
}

/** A client's hold on an entry. */
export class TicketHold implements Ticket {
  settlement?: Settlement;
  readonly settled: Promise<Settlement>;
  #resolve!: (s: Settlement) => void;
  constructor(
    readonly entry: Entry,
    private readonly gone: (t: TicketHold) => void,
  ) {
    this.settled = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }
  approval(): Approval {
    return this.entry.machine.approval;
  }
  settle(s: Settlement): void {
    if (this.settlement) return;
    this.settlement = s;
    this.#resolve(s);
  }
  detach(): void {
    this.gone(this);
  }
}
