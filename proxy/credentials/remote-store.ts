import { SallyportError, type SecretStore } from '../contract/index.js';

/** What the gateway's process asks of the process that owns the keychain. */
export interface SecretQuestion {
  id: number;
  op: 'get' | 'set' | 'delete';
  name: string;
  value?: string;
}

/** Longer than main's own deadline for a keychain that hangs: this one is for a main process that hangs. */
const ANSWER_WITHIN_MS = 30_000;

/**
 * A store whose values are with another process. `answered` takes that process's answers; one that never comes, or comes with an
 * error, fails the call (keychain_unavailable), so that nothing waits for ever for a key.
 */
export function createRemoteSecretStore(
  described: Pick<SecretStore, 'kind' | 'protected' | 'acceptsProviderKeys'>,
  ask: (question: SecretQuestion) => void,
  withinMs = ANSWER_WITHIN_MS,
): SecretStore & { answered(answer: { id: number; value?: string; error?: string }): void } {
  const waiting = new Map<number, { resolve(value: string | undefined): void; reject(error: Error): void; timer: NodeJS.Timeout }>();
  let next = 1;
  const question = (op: SecretQuestion['op'], name: string, value?: string): Promise<string | undefined> =>
    new Promise((resolve, reject) => {
      const id = next++;
      const timer = setTimeout(() => {
        waiting.delete(id);
        reject(new SallyportError('keychain_unavailable', 'The desktop process, which keeps the secrets, does not answer.'));
      }, withinMs);
      waiting.set(id, { resolve, reject, timer });
      ask({ id, op, name, ...(value === undefined ? {} : { value }) });
    });
  const { kind, acceptsProviderKeys } = described;
  return {
    kind,
    protected: described.protected,
    acceptsProviderKeys,
    get: (name) => question('get', name),
    set: async (name, value) => void (await question('set', name, value)),
    delete: async (name) => void (await question('delete', name)),
    answered({ id, value, error }) {
      const asked = waiting.get(id);
      if (asked === undefined) return;
      waiting.delete(id);
      clearTimeout(asked.timer);
      // Whatever is wrong with the other side's store, what the gateway needs to know is that it cannot be read.
      if (error === undefined) asked.resolve(value);
      else asked.reject(new SallyportError('keychain_unavailable', error));
    },
  };
}
