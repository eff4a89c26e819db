/** Settings: one small readable file with schema, defaults and migrations. */
export { defaultSettings, SETTINGS_VERSION } from './defaults.js';
export { dataDirectory } from './directory.js';
export { createPrivateFile, ensurePrivateDirectory, readIfThere, writePrivateFile } from './file.js';
export { loadSettings } from './load.js';
export { isLoopbackHost, isLoopbackUrl } from './loopback.js';
export { type CredentialReference, isLocalOnlyReference, parseCredentialReference } from './references.js';
export { openSettings } from './store.js';
export type { SettingsStore } from './types.js';
export { checkSettings, type Problems } from './validate.js';
