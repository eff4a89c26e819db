import type { Finding } from '../contract/index.js';

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
}

export interface MaskResult {
  text: string;
  /** In order of appearance: original span → placeholder. */
  replaced: { start: number; end: number; placeholder: string; entity: string }[];
}

export type MaskText = (text: string, findings: readonly Finding[], vault: Vault, scope: 'session' | 'agent') => MaskResult;
