/**
 * The store of secrets, as main owns it: the OS keychain where there is one. The gateway's process asks for one value at a time over
 * its private channel; no other process can. The same choice is remembered for the command line (`secret-store.json`).
 */
import {
  createSecretStore,
  type HostMessage,
  keychainReport,
  type ParentMessage,
  SallyportError,
  type SecretStore,
} from '../../proxy/index.js';

type StartSecrets = Extract<ParentMessage, { type: 'start' }>['secrets'];

export interface Keychain {
  /** Opens the store (again, where it failed before) and says what the gateway is told about it. @throws SallyportError keychain_unavailable */
  describe(): Promise<StartSecrets>;
  answer(request: Extract<HostMessage, { type: 'secret-request' }>): Promise<string | undefined>;
  /** A person wants it tried: the system may show its password dialog again. */
  askAgain(): void;
  /** A call still waits for the system's dialog; nothing but its end frees the thread that it holds. */
  readonly waits: boolean;
}

export function openKeychain(directory: string): Keychain {
  let store: SecretStore | undefined;
  /** The person closed the system's dialog: it is not thrown at them again with every try. */
  let dismissed = false;
  let waits = false;
  const use = (request: Extract<HostMessage, { type: 'secret-request' }>, open: SecretStore): Promise<string | undefined | void> => {
    if (request.op === 'get') return open.get(request.name);
    return request.op === 'set' ? open.set(request.name, request.value ?? '') : open.delete(request.name);
  };
  return {
    get waits() {
      return waits;
    },
    askAgain() {
      dismissed = false;
    },
    async describe() {
      const report = await keychainReport();
      if (report.state !== 'locked') dismissed = false;
      else if (dismissed)
        throw new SallyportError('keychain_unavailable', report.advice ?? 'The keychain is locked.', { details: { state: report.state } });
      store ??= await createSecretStore({ directory, env: process.env });
      return {
        kind: store.kind,
        protected: store.protected,
        acceptsProviderKeys: store.acceptsProviderKeys,
        state: report,
      };
    },
    async answer(request) {
      if (!store) throw new Error('The store of secrets is not open.');
      waits = true;
      try {
        const value = await use(request, store);
        waits = false;
        return value ?? undefined;
      } catch (error) {
        waits = error instanceof SallyportError && error.message.includes('prompt open');
        if (error instanceof SallyportError && !waits && (error.details as { state?: string } | undefined)?.state === 'locked')
          dismissed = true;
        throw error;
      }
    },
  };
}
