/** The room of placeholders: out towards the provider, and back. */
import { JsonTransform } from './json-transform.js';
import { TextTransform } from './text-transform.js';
import type { ReportingTransform, TransformOptions } from './types.js';

export { jsonLeaves, maskJsonText, scanJsonText } from './mask-json.js';
export { maskText } from './mask-text.js';
export { restoreText } from './restore-text.js';
export type * from './types.js';
export { createVault, type VaultOptions } from './vault.js';

/**
 * One channel of an answer: masks what is new in it, restores what came from the vault.
 * @param form `json` for JSON text (arguments of tools): exact placeholders only, and the text parses as before
 */
export function createChannelTransform(options: TransformOptions, form: 'text' | 'json'): ReportingTransform {
  return form === 'json' ? new JsonTransform(options) : new TextTransform(options);
}
