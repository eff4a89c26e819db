/** What `verify` found wrong with one record. */
export interface Problem {
  segment: number;
  /** Line within the segment, from 1. 0: the segment as a whole. */
  line: number;
  /** Sequence of the record, as far as it can be told. */
  sequence?: number;
  kind?: string;
  session?: string;
  exchange?: string;
  /** Which field: `bytes` (the line as a whole), `prev`, `seq`, `sig`, `meta.root`, `head`, `content` … */
  field: string;
  expected: string;
  found: string;
  /** One sentence for people. */
  sentence: string;
}

/** Where a verification stands; hand it back as `resume` to go on later. */
export interface VerifyState {
  segment: number;
  /** The last record checked. */
  sequence: number;
  hash: string;
  key: string;
  keys: [id: string, publicKey: string][];
  ledger: string;
}

export interface VerifyProgress {
  records: number;
  segments: number;
  bytes: number;
  totalBytes: number;
  problems: number;
  /** Present at the end of each segment: verification can resume from here. */
  state?: VerifyState;
}

export interface VerifyReport {
  ok: boolean;
  ledger?: string;
  records: number;
  segments: number;
  seals: number;
  first?: { sequence: number; at: string };
  last?: { sequence: number; hash: string; at: string };
  /** First problem first; at most 1,000 are listed. */
  problems: Problem[];
  problemCount: number;
  /** The newest signed head that the chain agrees with. */
  head?: { sequence: number; at: string };
  /**
   * The bound: a cut of the tail after `after` (time `since`) could not be seen, because no signed head covers it.
   * Records up to `to` are there and chained; what may have followed them, nobody can say.
   */
  uncovered: { after: number; since?: string; to: number };
  /** Key fingerprints; `trusted`: is the newest one the key of this SecretStore (absent: not asked)? */
  keys: { id: string; publicKey: string; trusted?: boolean }[];
  /** False: the keys are kept unprotected, so a program of this user could have written everything anew. */
  protectedKeys?: boolean;
  /** Segments removed by retention, each with a signed tombstone. */
  removed: { segment: number; firstSequence: number; lastSequence: number }[];
  /** True things that are not faults: a crash repaired, no head kept, lost keys. */
  notes: string[];
}

export interface VerifyOptions {
  /** Only records in this range of sequences are reported; the chain is followed from the start of their segment. */
  from?: number;
  to?: number;
  /** Also opens every content of this session (needs `secrets`). */
  session?: string;
  secrets?: import('../contract/index.js').SecretStore;
  /** Public key (hex) or key id that the reader trusts. */
  trust?: string;
  /** Further files with signed heads (copies kept elsewhere). */
  headFiles?: string[];
  onProgress?: (progress: VerifyProgress) => void;
  resume?: VerifyState;
  signal?: AbortSignal;
}
