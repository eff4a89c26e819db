import type { SecretStore } from '../contract/index.js';

/** What a thread is given of a SecretStore, which cannot cross threads itself: the values that its work needs. */
export interface CarriedSecrets {
  kind: string;
  protected: boolean;
  values: Record<string, string>;
}

/** Reads the named secrets; those that are absent stay so. */
export async function carrySecrets(secrets: SecretStore, names: readonly string[]): Promise<CarriedSecrets> {
  const values: Record<string, string> = {};
  for (const name of names) {
    const value = await secrets.get(name);
    if (value !== undefined) values[name] = value;
  }
  return { kind: secrets.kind, protected: secrets.protected, values };
}

/** The store on the thread's side: it knows what was carried, and takes nothing. */
export function carriedStore({ kind, protected: isProtected, values }: CarriedSecrets): SecretStore {
  const readOnly = (): Promise<never> => Promise.reject(new Error('read only'));
  return { kind, protected: isProtected, acceptsProviderKeys: false, get: async (name) => values[name], set: readOnly, delete: readOnly };
}
