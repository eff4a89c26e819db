import type { SecretStore } from '../contract/index.js';

/** Keeps secrets in memory until the process ends; for tests and for throw-away workspaces. */
export function createMemorySecretStore(initial: Record<string, string> = {}): SecretStore {
  const values = new Map(Object.entries(initial));
  return {
    kind: 'memory',
    protected: true,
    acceptsProviderKeys: true,
    get: async (name) => values.get(name),
    async set(name, value) {
      values.set(name, value);
    },
    async delete(name) {
      values.delete(name);
    },
  };
}
