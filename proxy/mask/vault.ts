/**
 * What an attacker could do here: guess a value from its placeholder. The code is an HMAC under a key that never leaves the
 * gateway, differs by session, and is long enough that two values of one session do not share it (if they do, it grows).
 * Secrets have no entry at all: `[REDACTED:…]` holds nothing to come back from.
 */
import { canonical, code } from './codes.js';
import { PlaceholderIndex } from './placeholder-index.js';
import type { Vault, VaultEntry } from './types.js';

const SHORTEST = 8;
/** Added when a value is spelled otherwise than its canonical form: both spellings begin alike and each comes back as it was. */
const VARIANT = 4;
const ENTITY = /^[A-Z][A-Z0-9_]{0,62}$/;

export interface VaultOptions {
  /** HMAC key of the session, 32 bytes. */
  sessionKey: Buffer;
  /** HMAC key of the agent, for system prompts and tool definitions. */
  agentKey: Buffer;
  /** Entries of earlier exchanges of the session. */
  known?: Iterable<VaultEntry>;
  /** Called once for each new reversible entry, before its placeholder is used. */
  onNew?(entry: VaultEntry): void;
}

export function createVault(options: VaultOptions): Vault {
  const byPlaceholder = new Map<string, VaultEntry>();
  const index = new PlaceholderIndex();
  const cache = new Map<string, string>();

  const keep = (entry: VaultEntry): void => {
    byPlaceholder.set(entry.placeholder, entry);
    index.add(entry);
  };
  for (const entry of options.known ?? []) if (entry.reversible) keep(entry);

  function make(entity: string, value: string, key: Buffer): string {
    const common = canonical(entity, value);
    const first = code(key, entity, common).slice(0, SHORTEST);
    // The rest depends on the exact spelling, so that what comes back is what was taken away.
    const rest = value === common ? code(key, entity, common).slice(SHORTEST) : code(key, entity, `\0${value}`);
    for (let extra = value === common ? 0 : VARIANT; extra <= rest.length; extra += 2) {
      const placeholder = `${entity}_${first}${rest.slice(0, extra)}`;
      const there = byPlaceholder.get(placeholder);
      if (there && there.value !== value) continue;
      if (!there) {
        const entry: VaultEntry = { placeholder, entity, value, reversible: true };
        options.onNew?.(entry);
        keep(entry);
      }
      return placeholder;
    }
    throw new Error('no placeholder could be found for a value');
  }

  return {
    index,
    placeholderFor(entity, value, scope, reversible) {
      const name = ENTITY.test(entity) ? entity : 'CUSTOM';
      if (!reversible) return redacted(name);
      const id = `${scope}\0${name}\0${value}`;
      let placeholder = cache.get(id);
      if (placeholder === undefined) {
        placeholder = make(name, value, scope === 'agent' ? options.agentKey : options.sessionKey);
        cache.set(id, placeholder);
      }
      return placeholder;
    },
    resolve: (placeholder) => byPlaceholder.get(placeholder),
    entries: () => byPlaceholder.values(),
  };
}

/** What a secret becomes. */
export const redacted = (entity: string): string => `[REDACTED:${entity}]`;
