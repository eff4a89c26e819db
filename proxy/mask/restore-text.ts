import { Restorer } from './restorer.js';
import { emptyReport } from './text-transform.js';
import type { ChannelReport, Vault, VaultEntry } from './types.js';

/**
 * Puts originals back into a whole text.
 * @param mayRestore asked for each placeholder
 * @param exact only exact placeholders (arguments of tools); otherwise tolerant forms and repairs
 */
export function restoreText(
  text: string,
  vault: Vault,
  mayRestore: (entry: VaultEntry) => boolean = () => true,
  exact = false,
): { text: string; report: ChannelReport } {
  const report = emptyReport();
  const restorer = new Restorer({ index: vault.index, mayRestore, exact, repair: !exact, report });
  const out = restorer.push(text) + restorer.flush();
  return { text: out, report };
}
