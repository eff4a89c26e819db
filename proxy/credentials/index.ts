/** Where secrets come from: OS keychain, env, file, command. One interface, whatever the reference says. */
export { keychainAdvice } from './advice.js';
export { type CredentialsOptions, createCredentials } from './credentials.js';
export { keepOutOfDumps } from './dumps.js';
export { type KeychainState, keychainState } from './keychain-state.js';
export { createKeychainStore } from './keychain-store.js';
export { createMemorySecretStore } from './memory-store.js';
export { hashPassphrase, verifyPassphrase } from './passphrase.js';
export { createRemoteSecretStore, type SecretQuestion } from './remote-store.js';
export { createSecretStore, moveSecrets, type SecretConsent, type SecretStoreOptions, secretPlace } from './secret-store.js';
export type { Credentials } from './types.js';
