import type { DurabilityClass, RecordInput } from '../contract/index.js';

export interface Position {
  sequence: number;
  segment: number;
  /** SHA-256, hex, of the exact bytes of this line. */
  hash: string;
}

/** The writing door. One writer per directory; a second is refused. */
export interface LedgerWriter {
  /** Acknowledged by the class's promise; `done` gets an error when it could not be written, and then nothing may be released. */
  append(records: RecordInput[], durability: DurabilityClass, done: (error: Error | undefined) => void): void;
  /** Same as a promise. @throws SallyportError not_recording */
  record(records: RecordInput[], durability: DurabilityClass): Promise<Position>;
  /** ok, or why nothing can be recorded now (disk full, read-only …). Recovers by itself. */
  readonly health: { ok: boolean; reason?: string };
  onHealth(listener: (health: { ok: boolean; reason?: string }) => void): () => void;
  /** Keys of a session: placeholders (`mask`), and content. Made at first use, kept in the session's key record. */
  sessionKeys(session: string): { maskKey: Uint8Array };
  /** Public key, hex, that seals and heads are signed with. */
  readonly publicKey: string;
  /** Signs what came since the last seal; durable when it resolves. Exports call it, so that they can be proved. */
  seal(): Promise<Position>;
  /** Takes a new signing key; the old one signs the change. */
  rotateKey(): Promise<void>;
  /** Drops a session's keys from memory (its key file was removed). */
  forgetKeys(session: string): void;
  /** Flushes, seals and closes. */
  close(): Promise<void>;
}

/** What readers (control, CLI, worker) see. Works while no gateway runs. */
export interface LedgerReader {
  sessions(query: SessionQuery): Promise<SessionPage>;
  session(id: string): Promise<SessionDetail | undefined>;
  exchange(id: string): Promise<ExchangeDetail | undefined>;
  /** First and last segment with records of a session, where the index knows. */
  segments?(session: string): Promise<[first: number, last: number] | undefined>;
  /**
   * OTLP spans of exchanges that have ended, each as JSON, for a live exporter; `content` adds what was said (masked, bounded).
   * `missing`: those that the index does not know as ended yet. Made in the index's thread.
   */
  spans?(exchanges: readonly string[], content: boolean): Promise<{ spans: { exchange: string; json: string[] }[]; missing: string[] }>;
  /** How far the index has come. Absent: there is none, everything is read from the segments. */
  progress?(): Promise<IndexProgress>;
  /** Throws the index away and builds it anew in the background; lists fill up meanwhile. */
  rebuild?(onProgress?: (progress: IndexProgress) => void): Promise<void>;
  close(): Promise<void>;
}

export interface IndexProgress {
  /** Bytes of the ledger that are in the index, and of the whole ledger. */
  indexed: number;
  total: number;
  done: boolean;
  /** Since this worker began to work: bytes and records a second, 0 when it had nothing to do. */
  bytesPerSecond: number;
}

export interface SessionPage {
  sessions: SessionRow[];
  /** How many there are; of a search, how many are on this page and known to follow. */
  total: number;
  nextCursor?: string;
  /** Parts of the search that were not understood, as sentences. */
  problems?: string[];
  /** The index is still being built: the page may be incomplete. */
  indexing?: IndexProgress;
}

export interface SessionQuery {
  /** Typed search: `agent:NAME model:gpt* verdict:block finding:EMAIL_ADDRESS tool:shell after:2026-11-01 value:x words…` */
  search?: string;
  limit?: number;
  cursor?: string;
}

export interface SessionRow {
  id: string;
  agent: string;
  title: string;
  startedAt: string;
  lastAt: string;
  exchanges: number;
  models: string[];
  connections: string[];
  strongest: string;
  findings: Record<string, number>;
  tools: string[];
  inputTokens: number;
  outputTokens: number;
  open: boolean;
  starred: boolean;
  labels: string[];
  interrupted: number;
  /** May not be forgotten, and retention keeps its segments. */
  legalHold?: boolean;
  /** Its key was shredded: content, title and notes are gone. */
  forgotten?: boolean;
}

export interface SessionDetail extends SessionRow {
  exchangesList: ExchangeRow[];
  notes: { at: string; person: string; text: string }[];
}

export interface ExchangeRow {
  id: string;
  session: string;
  at: string;
  connection: string;
  operation: string;
  model?: string;
  stream: boolean;
  outcome: string;
  status: number;
  totalMs: number;
  verdicts: number;
  strongest: string;
}

/** One exchange with its events, in order; content decrypted (masked text). */
export interface ExchangeDetail extends ExchangeRow {
  events: LedgerEvent[];
  request?: string;
  response?: string;
}

export interface LedgerEvent {
  sequence: number;
  /** ISO time, and monotonic milliseconds since the exchange's arrival. */
  at: string;
  offsetMs: number;
  kind: string;
  meta: Record<string, unknown>;
  /** Decoded content, where it has any and its session was not forgotten. */
  content?: string;
  /** What the content is: `request`, `response`, `arguments` … Also set where the content itself is gone. */
  contentName?: string;
  hash: string;
}

/** An original value behind a placeholder. */
export interface OriginalEntry {
  placeholder: string;
  entity: string;
  value: string;
  reversible: boolean;
}

/** The vault of originals: what was masked, per session, encrypted. */
export interface Originals {
  /** False: keys are unprotected and nobody consented; nothing is kept, and masking is irreversible across restarts. */
  readonly enabled: boolean;
  /** Durable when it resolves. Entries that are not reversible (secrets) are left out. @throws SallyportError not_recording */
  add(session: string, entries: Iterable<OriginalEntry>): Promise<void>;
  /** @throws when the session's file was changed or its key is another */
  load(session: string): Promise<OriginalEntry[]>;
  purge(session: string): Promise<void>;
  /** Removes files last saved before a time (milliseconds since the epoch); returns how many. */
  purgeOlderThan(time: number): Promise<number>;
}
