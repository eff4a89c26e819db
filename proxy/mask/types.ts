import type { Finding, ScanContext } from '../contract/index.js';
import type { Detector } from '../detect/types.js';
import type { ChannelTransform } from '../wire/types.js';
import type { PlaceholderIndex } from './placeholder-index.js';

/** A value that was replaced. Secrets are irreversible: they have no entry to restore from. */
export interface VaultEntry {
  placeholder: string; // EMAIL_ADDRESS_k7f2q3ab
  entity: string;
  value: string;
  reversible: boolean;
}

/**
 * Placeholders of one session. Deterministic by value (HMAC of the session's key over entity and normalised value; the key
 * of the agent for system prompts and tool definitions), at least 8 base32 characters, collisions lengthened.
 * `onNew` lets the caller persist an entry in the vault before it is used.
 */
export interface Vault {
  placeholderFor(entity: string, value: string, scope: 'session' | 'agent', reversible: boolean): string;
  /** Exact placeholder → entry. */
  resolve(placeholder: string): VaultEntry | undefined;
  entries(): Iterable<VaultEntry>;
  /** For restoring: all placeholders by entity. */
  readonly index: PlaceholderIndex;
}

export interface MaskResult {
  text: string;
  /** In order of appearance: original span → placeholder. */
  replaced: { start: number; end: number; placeholder: string; entity: string }[];
  /** Findings that could not be replaced (in a key of JSON text): the caller must ask or block. */
  unmaskable?: Finding[];
}

export type MaskText = (text: string, findings: readonly Finding[], vault: Vault, scope: 'session' | 'agent') => MaskResult;

/** The part of a detector that streams need. */
export type StreamScanner = Pick<Detector, 'scanInline' | 'boundary' | 'quietUntil'>;

/**
 * What is done with a new finding in the provider's text: `allow` leaves it in both forms, `record` masks it for the ledger only,
 * `mask` in what the agent gets too.
 */
export type FindingAction = 'allow' | 'record' | 'mask';

export interface TransformOptions {
  scanner: StreamScanner;
  context: ScanContext;
  vault: Vault;
  /** May this value come back in this channel? */
  mayRestore(entry: VaultEntry): boolean;
  decide(finding: Finding, value: string): FindingAction;
  /** Repair placeholders with one wrong character (only text; arguments of tools are always exact). */
  repair?: boolean;
}

/** What one channel did, for verdicts and the record. Holds no values of the provider's text, but entries of the vault. */
export interface ChannelReport {
  /** Findings in the provider's own text; `start` and `end` count from the beginning of the channel. */
  findings: { finding: Finding; action: FindingAction }[];
  restored: VaultEntry[];
  /** Placeholders that stood there and were left, because `mayRestore` said no. */
  withheld: VaultEntry[];
  /** How many placeholders were repaired. */
  repaired: number;
  /** Tokens that look like placeholders but are none of ours. */
  unknown: string[];
  /** Restored values with quotes, white space or signs that a shell or SQL reads: they may change how an argument parses. */
  awkward: VaultEntry[];
  /** Findings in keys or other places of JSON text where nothing can be replaced. */
  unmaskable: Finding[];
}

export type ReportingTransform = ChannelTransform & {
  readonly report: ChannelReport;
  /** Length of the masked text so far, and what of it was not given out yet. Of running text only. */
  readonly written?: { length: number; pending: string };
};
