/**
 * The OS keychain, as main owns it. The gateway's process asks for one value at a time over its private channel; no other process can.
 */
import {
  createKeychainStore,
  type HostMessage,
  keychainAdvice,
  keychainState,
  type ParentMessage,
  type SecretStore,
} from '../../proxy/index.js';

type StartSecrets = Extract<ParentMessage, { type: 'start' }>['secrets'];

export interface Keychain {
  /** What the gateway is told about it at start. Asked without showing a prompt. */
  describe(): Promise<StartSecrets>;
  answer(request: Extract<HostMessage, { type: 'secret-request' }>): Promise<string | undefined>;
}

/** @param service keeps the entries of two data directories (the demo's and the real one) apart */
export function openKeychain(service: string): Keychain {
  const store: SecretStore = createKeychainStore({ service });
  return {
    async describe() {
      const state = await keychainState();
      const advice = keychainAdvice(state);
      return {
        kind: store.kind,
        protected: state === 'unlocked',
        acceptsProviderKeys: state === 'unlocked',
        state: { state, ...(advice ? { advice } : {}) },
      };
    },
    async answer(request) {
      if (request.op === 'get') return store.get(request.name);
      if (request.op === 'set') await store.set(request.name, request.value ?? '');
      else await store.delete(request.name);
      return undefined;
    },
  };
}
