import type { AsyncEntry } from '@napi-rs/keyring';
import { SallyportError, type SecretStore } from '../contract/index.js';
import { keychainAdvice } from './advice.js';
import { type KeychainState, keychainState } from './keychain-state.js';

/*
 * What could go wrong here: on Linux the library silently falls back to the kernel keyring, which is lost at reboot (so the
 * store is pinned); a locked keychain shows a prompt and a call then waits for ever and holds one of libuv's four threads (so
 * calls go one at a time, with a deadline, and while one is stuck the next are refused at once); a bus or a keychain that hangs
 * would block the whole process in the library's own connecting, which no deadline can end (so it is asked first, by D-Bus of our
 * own that does not block, whether it answers).
 */

/** An answer of the keychain is good for so long. */
const ANSWERED_MS = 2_000;

export interface KeychainOptions {
  /** Keeps the entries of two data directories apart. */
  service: string;
  deadlineMs?: number;
  platform?: NodeJS.Platform;
}

/** Secrets in the OS keychain: Secret Service, macOS Keychain or Windows Credential Manager. */
export function createKeychainStore(options: KeychainOptions): SecretStore {
  const { service, deadlineMs = 15_000, platform = process.platform } = options;
  let queue: Promise<unknown> = Promise.resolve();
  let stuck = false;
  let answeredAt = Number.NEGATIVE_INFINITY;

  const mustAnswer = async (): Promise<void> => {
    if (platform !== 'linux' || performance.now() - answeredAt < ANSWERED_MS) return;
    const state = await keychainState({ platform, timeoutMs: Math.min(3_000, deadlineMs) });
    if (state === 'error') throw unavailable('error');
    answeredAt = performance.now();
  };

  const run = <T>(name: string, act: (entry: AsyncEntry) => Promise<T>): Promise<T> => {
    const turn = queue.then(async () => {
      if (stuck) throw unavailable('locked', 'An earlier call still waits for the keychain (is a password prompt open?).');
      try {
        await mustAnswer();
        const call = act(await open(service, name, platform));
        stuck = true;
        const settled = () => {
          stuck = false;
        };
        call.then(settled, settled);
        return await withDeadline(call, deadlineMs);
      } catch (error) {
        throw classify(error);
      }
    });
    queue = turn.catch(() => undefined);
    return turn;
  };

  return {
    kind: 'keychain',
    protected: true,
    acceptsProviderKeys: true,
    get: (name) => run(name, async (entry) => (await entry.getPassword()) ?? undefined),
    set: (name, value) => run(name, (entry) => entry.setPassword(value)),
    delete: (name) => run(name, async (entry) => void (await entry.deletePassword())),
  };
}

async function open(service: string, name: string, platform: NodeJS.Platform): Promise<AsyncEntry> {
  let keyring: typeof import('@napi-rs/keyring');
  try {
    keyring = await import('@napi-rs/keyring');
  } catch (cause) {
    throw unavailable('unsupported', undefined, cause);
  }
  return new keyring.AsyncEntry(service, name, platform === 'linux' ? { linux: { store: 'secret-service' } } : undefined);
}

class Deadline extends Error {}

async function withDeadline<T>(call: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      call,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Deadline('time-out')), milliseconds);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** All errors of the library have one code; only the message tells them apart (facts measured on gnome-keyring). */
function classify(error: unknown): SallyportError {
  if (error instanceof SallyportError) return error;
  const message = error instanceof Error ? error.message : '';
  if (error instanceof Deadline) return unavailable('locked', 'The keychain did not answer in time (is a password prompt open?).', error);
  if (/not provided by any \.service|DBUS_SESSION_BUS_ADDRESS|server address|no secret service provider/i.test(message))
    return unavailable('absent', undefined, error);
  if (/no result found/i.test(message)) return unavailable('no-collection', undefined, error);
  if (/dismissed|locked/i.test(message)) return unavailable('locked', undefined, error);
  return unavailable('error', undefined, error);
}

function unavailable(state: KeychainState, what?: string, cause?: unknown): SallyportError {
  const message = [what, keychainAdvice(state)].filter((text) => text !== undefined).join(' ');
  return new SallyportError('keychain_unavailable', message, { details: { state }, cause });
}
