import type {
  Action,
  ApprovalDemand,
  Direction,
  Finding,
  NotScannedReason,
  Operation,
  PartKind,
  PartRole,
  Provenance,
  ToolReading,
  Verdict,
} from '../contract/index.js';

/** What is judged. One flat record, so that rules, explain and backtest see the same. All fields are facts, none is a value. */
export interface Subject {
  what: 'exchange' | 'part' | 'tool-call' | 'provider-tool' | 'provider-history' | 'not-scanned';
  agent: { id: string; name: string; groups: string[]; owner: string };
  connection: string;
  operation: Operation;
  model?: string;
  direction: Direction;
  /** Local time of day in minutes, and ISO weekday 1–7. */
  time: { minutes: number; weekday: number };
  bytes: number;
  part?: {
    id: string;
    role: PartRole;
    kind: PartKind;
    provenance: Provenance;
    findings: Finding[] /** for deny-words and patterns; masked text when backtesting */;
    text?: string;
  };
  tool?: { name: string; reading: ToolReading /** masked arguments */; arguments: string; restoredEntities: string[] };
  providerTool?: { name: string; kind: 'provider-tool' | 'remote-mcp'; host?: string };
  notScanned?: { reason: NotScannedReason; bytes: number };
  budget?: { id: string; used: number; limit: number; unit: string };
}

/** What the policy says about one subject. */
export interface Judgement {
  /** The strongest. `mask` stands for "send, with the findings that `findingActions` marks masked". */
  verdict: Verdict;
  /** For parts: the action for each finding, same order as `part.findings`. */
  findingActions: Action[];
  /** Every rule that matched, strongest first. */
  matched: { rule: string; action: Action; sentence: string }[];
}

export interface Policy {
  /** SHA-256 prefix of the whole source; stands in records and approvals. */
  readonly revision: string;
  readonly preset: string;
  readonly managed: boolean;
  judge(subject: Subject): Judgement;
  /** Judgement plus the nearest rule that did not match, and why. */
  explain(subject: Subject): Judgement & { nearest?: { rule: string; because: string } };
  /** May originals be restored into the arguments of this tool? `yes` puts them back, `no` leaves placeholders, `approve` asks. */
  restoreInto(
    tool: { name: string; reading?: ToolReading },
    entities: string[],
    agent: { id: string; groups: string[] },
  ): 'yes' | 'no' | 'approve';
  /** Demand of a rule that says approve. */
  demand(rule: string): ApprovalDemand;
}
