/**
 * The store of secrets, as main owns it: the OS keychain where there is one. The gateway's process asks for one value at a time over
 * its private channel; no other process can. The same choice is remembered for the command line (`secret-store.json`).
 */
import { createSecretStore, type HostMessage, keychainReport, type ParentMessage, type SecretStore } from '../../proxy/index.js';

type StartSecrets = Extract<ParentMessage, { type: 'start' }>['secrets'];

export interface Keychain {
  /** Opens the store (again, where it failed before) and says what the gateway is told about it. @throws SallyportError keychain_unavailable */
  describe(): Promise<StartSecrets>;
  answer(request: Extract<HostMessage, { type: 'secret-request' }>): Promise<string | undefined>;
}

export function openKeychain(directory: string): Keychain {
  let store: SecretStore | undefined;
  return {
    async describe() {
      store ??= await createSecretStore({ directory, env: process.env });
      return {
        kind: store.kind,
        protected: store.protected,
        acceptsProviderKeys: store.acceptsProviderKeys,
        state: await keychainReport(),
      };
    },
    async answer(request) {
      if (!store) throw new Error('The store of secrets is not open.');
      if (request.op === 'get') return store.get(request.name);
      if (request.op === 'set') await store.set(request.name, request.value ?? '');
      else await store.delete(request.name);
      return undefined;
    },
  };
}
