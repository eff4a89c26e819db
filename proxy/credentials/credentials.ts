import { type Clock, type Connection, SallyportError, type SecretStore } from '../contract/index.js';
import { parseCredentialReference, type SettingsStore } from '../settings/index.js';
import { keychainAdvice } from './advice.js';
import { childEnvironment } from './child-environment.js';
import { KeyCache, type Read } from './key-cache.js';
import { keychainState as askKeychain, type KeychainState } from './keychain-state.js';
import { checked, type Found, pack, providerEntry, readReference } from './read-reference.js';
import type { Credentials } from './types.js';

/*
 * What an attacker could do here: point a connection at their own host and have the key sent there. A key is bound to its
 * origin twice: in the settings (`credentialOrigin`) and, for keychain entries, in the entry itself, so that an edited
 * settings.json does not move it. `command:` runs without a shell and without the environment variables that hold other keys;
 * `file:` must be unreadable for others. Nothing here is logged, and no error carries what was read.
 */

export interface CredentialsOptions {
  settings: SettingsStore;
  secrets: SecretStore;
  clock: Clock;
  env?: NodeJS.ProcessEnv;
  keychainState?: () => Promise<KeychainState>;
  commandTimeoutMs?: number;
}

/** How long a key is served from memory, by kind of reference. */
const FRESH_MS = { keychain: 60_000, env: 5_000, file: 10_000, command: 300_000 } as const;
/** A source that failed is left alone for this long, so that a storm of requests is not a storm of prompts or processes. */
const FAILED_MS = 1000;

/** Keys of connections, wherever they are kept. */
export function createCredentials(options: CredentialsOptions): Credentials {
  const { settings, secrets, clock, env = process.env } = options;
  const cache = new KeyCache(clock);
  const pending = new Map<string, Promise<Found>>();
  /** Grows when a key is given or forgotten: what was being read meanwhile is not kept. */
  let epoch = 0;
  const state = options.keychainState ?? (() => askKeychain({ env }));

  settings.onChange((now) => cache.keepOnly(new Set(now.connections.map((connection) => connection.credential))));

  const read = (connection: Connection): Promise<Found> => {
    const { credential } = connection;
    const running = pending.get(credential);
    if (running !== undefined) return running;
    const run = load(connection).finally(() => {
      if (pending.get(credential) === run) pending.delete(credential);
    });
    pending.set(credential, run);
    return run;
  };

  const load = async (connection: Connection): Promise<Found> => {
    const reference = parseCredentialReference(connection.credential);
    if (typeof reference === 'string' || reference.kind === 'none') throw unavailable(connection, String(reference));
    const began = epoch;
    const keep = (read: Read, ms: number) => {
      if (epoch === began) cache.put(connection.credential, read, ms);
    };
    try {
      const { commandTimeoutMs } = options;
      const childEnv = () => childEnvironment(env, settings.get());
      const found = await readReference(reference, {
        secrets,
        env,
        childEnv,
        ...(commandTimeoutMs === undefined ? {} : { commandTimeoutMs }),
      });
      if (reference.kind === 'keychain' && found.origin === undefined) {
        // First use: from now on it goes to this origin alone.
        found.origin = connection.origin;
        await secrets.set(providerEntry(reference.name), pack(found.key, found.origin)).catch(() => undefined);
      }
      keep({ found }, FRESH_MS[reference.kind]);
      return found;
    } catch (cause) {
      const error = unavailable(connection, why(cause), cause);
      keep({ error }, FAILED_MS);
      throw error;
    }
  };

  return {
    secrets,
    resolve(connection) {
      if (connection.credential === 'none') return undefined;
      if (connection.credentialOrigin !== undefined && connection.credentialOrigin !== connection.origin) {
        throw moved(connection, connection.credentialOrigin);
      }
      const cached = cache.get(connection.credential);
      if (cached !== undefined) {
        if (cached.found === undefined) throw cached.error;
        return bound(cached.found, connection);
      }
      return read(connection).then((found) => bound(found, connection));
    },
    async store(connectionName, key, origin) {
      let clean: string;
      try {
        clean = checked(key.trim(), 'the key is empty');
      } catch (error) {
        throw new SallyportError('invalid', `This cannot be a key: ${(error as Error).message}.`, {
          details: { key: (error as Error).message },
        });
      }
      if (!secrets.acceptsProviderKeys) throw new SallyportError('keychain_unavailable', await refusal(secrets.kind, await state()));
      const reference = `keychain:${connectionName}`;
      if (typeof parseCredentialReference(reference) === 'string') throw new SallyportError('invalid', 'A connection name is needed.');
      const boundTo = origin ?? settings.get().connections.find((connection) => connection.name === connectionName)?.origin;
      await secrets.set(providerEntry(connectionName), pack(clean, boundTo));
      epoch++;
      cache.delete(reference);
      pending.delete(reference);
      return reference;
    },
    async forget(reference) {
      epoch++;
      cache.delete(reference);
      pending.delete(reference);
      const parsed = parseCredentialReference(reference);
      if (typeof parsed !== 'string' && parsed.kind === 'keychain') await secrets.delete(providerEntry(parsed.name));
    },
    async keychainState() {
      const now = await state();
      const advice = keychainAdvice(now);
      return advice === undefined ? { state: now } : { state: now, advice };
    },
  };
}

function bound(found: Found, connection: Connection): string {
  if (found.origin !== undefined && found.origin !== connection.origin) throw moved(connection, found.origin);
  return found.key;
}

function moved(connection: Connection, origin: string): SallyportError {
  return new SallyportError(
    'credential_origin_changed',
    `The key of "${connection.name}" was given for ${origin}, but the connection now points to ${connection.origin}. Give the key again: sallyport connections key ${connection.name}.`,
    { rule: `connections.${connection.name}.origin` },
  );
}

function unavailable(connection: Connection, reason: string, cause?: unknown): SallyportError {
  const kind = connection.credential.split(':', 1)[0];
  return new SallyportError('credential_unavailable', `The key of "${connection.name}" (${kind}) cannot be read: ${reason}.`, {
    rule: `connections.${connection.name}.credential`,
    cause,
  });
}

/** Own sentences only; a system error by its code, because its text may name more than is wanted. */
function why(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown reason';
  const code = (cause as NodeJS.ErrnoException).code;
  if (cause instanceof SallyportError) return cause.message.replace(/\.$/, '');
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'this user may not read it';
  return cause instanceof SyntaxError ? 'the entry is damaged' : (code ?? cause.message);
}

async function refusal(kind: string, state: KeychainState): Promise<string> {
  const advice = keychainAdvice(state);
  if (advice !== undefined) return `A provider key is not kept in a "${kind}" store. ${advice}`;
  return `A provider key is not kept in the "${kind}" store that this data directory uses. Use env:NAME or file:/PATH as the credential.`;
}
