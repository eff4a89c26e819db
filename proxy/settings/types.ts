import type { Settings } from '../contract/index.js';

export interface SettingsStore {
  get(): Settings;
  /** Validates, writes atomically, keeps the last good copy. @throws SallyportError invalid (details: path → problem) */
  update(change: (draft: Settings) => void): Promise<Settings>;
  onChange(listener: (settings: Settings) => void): () => void;
  /** Directory that holds settings.json, policies/, ledger/, vault/. */
  readonly directory: string;
  /** Set when settings.json was corrupt and the last good copy is in use. */
  readonly problem?: string;
}
