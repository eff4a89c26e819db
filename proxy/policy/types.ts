import type {
  Action,
  ApprovalDemand,
  Direction,
  Finding,
  NotScannedReason,
  Operation,
  PartKind,
  PartRole,
  Person,
  PresetName,
  Provenance,
  ToolReading,
  Verdict,
} from '../contract/index.js';
import type { BacktestInput, BacktestProgress, BacktestReport, RecordedExchange } from './backtest-types.js';

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
  /** For `part`; also for a `tool-call` (findings in its arguments) and a `not-scanned` part (its provenance), where known. */
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
  /** Same order: true where the rule masks without a way back (`then: { action: mask, restore: false }`). Absent: none. Secrets are always irreversible. */
  irreversible?: boolean[];
  /** Every rule that matched, strongest first. */
  matched: { rule: string; action: Action; sentence: string }[];
}

/** Judgement plus the nearest rule that did not match, and why. */
export type Explained = Judgement & { nearest?: { rule: string; because: string } };

/** Looks at one text of an answer while it streams, and says what rules with words or patterns say. */
export interface AnswerWatch {
  /** Takes more of it. Each rule speaks once, before the word that made it match may be released. */
  push(text: string): Judgement[];
  /** The text is over. */
  flush(): Judgement[];
  /** So many of the last characters wait: a word that is not whole yet, or what may be the beginning of a forbidden phrase. */
  readonly held: number;
}

export interface Policy {
  /** SHA-256 prefix of the whole source; stands in records and approvals. */
  readonly revision: string;
  readonly preset: string;
  readonly managed: boolean;
  /** Some rule looks at the time of day: a judgement may not be kept for longer than a minute. */
  readonly timeDependent?: boolean;
  /** No rule speaks about a part without findings that was scanned: `judge` lets every such part pass. */
  readonly cleanPartsPass?: boolean;
  judge(subject: Subject): Judgement;
  /**
   * Watches a text of an answer (`what: part`, `direction: response`, no text and no findings yet). Undefined where no rule could say
   * anything about it.
   */
  watchAnswer?(subject: Subject): AnswerWatch | undefined;
  /** A rule about findings looks at the text too: in answers at what stands before the finding, as the ledger keeps it. */
  readonly findingsReadText?: boolean;
  /** Judgement plus the nearest rule that did not match, and why. */
  explain(subject: Subject): Explained;
  /** May originals be restored into the arguments of this tool? `yes` puts them back, `no` leaves placeholders, `approve` asks. */
  restoreInto(
    tool: { name: string; reading?: ToolReading },
    entities: string[],
    agent: { id: string; groups: string[] },
  ): 'yes' | 'no' | 'approve';
  /** Demand of a rule that says approve. */
  demand(rule: string): ApprovalDemand;
}

/** One thing wrong with a policy source. Positions count from 1. */
export interface PolicyProblem {
  message: string;
  /** JSON path in the source, e.g. `rules[2].match.tool`. */
  path?: string;
  line?: number;
  column?: number;
  suggestion?: string;
  severity: 'error' | 'warning';
}

export interface PolicySummary {
  name: string;
  /** `preset`, the user's `file`, or the administrator's `managed`. */
  source: 'preset' | 'file' | 'managed';
  active: boolean;
  readOnly: boolean;
  rules: number;
  revision: string;
  path?: string;
}

/** How an exchange would be judged, subject by subject. */
export interface Explanation {
  exchange: string;
  policyRevision: string;
  /** True when the policy changed since: `subjects` are judged by the present one. */
  changedSince: boolean;
  subjects: {
    about: string;
    action: Action;
    rule: string;
    sentence: string;
    matched: { rule: string; action: Action; sentence: string }[];
    nearest?: { rule: string; because: string };
  }[];
}

/** Where recorded exchanges come from; fulfilled by whoever can read the ledger. */
export interface RecordedSource {
  exchange(id: string): Promise<RecordedExchange | undefined>;
  exchanges(query: { since?: string; until?: string; agent?: string; limit?: number }): AsyncIterable<RecordedExchange>;
  count?(query: { since?: string; until?: string; agent?: string; limit?: number }): Promise<number>;
}

/** The policy that judges now, and the sources that it is made of. */
export interface PolicyStore {
  /** What judges now. */
  current(): Policy;
  onChange(listener: (policy: Policy) => void): () => void;
  /** Set when something could not be loaded; everything is refused then (see `builtin/policy-unreadable`). */
  readonly problems: PolicyProblem[];
  list(): PolicySummary[];
  /** Source text of one policy. @throws SallyportError not_found */
  read(name: string): Promise<{ name: string; source: string; format: 'yaml' | 'json'; revision: string; readOnly: boolean }>;
  /** Parses, checks and runs the examples; saves nothing. */
  validate(source: string): Promise<{ ok: boolean; problems: PolicyProblem[]; rules: { id: string; action: Action }[] }>;
  /**
   * Validates, writes, and (unless `activate` is false) makes it judge. `revision` given: compare-and-set.
   * @throws SallyportError invalid (details: problems), conflict, forbidden (managed policy that ignores user rules)
   */
  save(input: { name: string; source: string; revision?: string; activate?: boolean }, person: Person): Promise<PolicySummary>;
  /** @throws SallyportError not_found, forbidden (preset or managed) */
  remove(name: string, person: Person): Promise<void>;
  setPreset(preset: PresetName, person: Person): Promise<void>;
  /** Reads all sources again (files changed by hand take effect only now or at the next start). */
  reload(): Promise<void>;
  /** The policy that would judge if `source` stood for the user's file `name`. @throws SallyportError invalid */
  draft(source: string, name?: string): Policy;
  /** @throws SallyportError not_found */
  explain(exchange: string): Promise<Explanation>;
  backtest(input: BacktestInput, options: { onProgress(progress: BacktestProgress): void; signal: AbortSignal }): Promise<BacktestReport>;
  close(): void;
}
