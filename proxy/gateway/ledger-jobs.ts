import type { SecretStore } from '../contract/index.js';
import type { LedgerActs, VerifyInput, VerifyReport } from '../control/types.js';
import { verifyAside } from '../ledger/index.js';

/** Verifies the ledger, a range of it, or one session with its contents; with all copies of heads that can be read here. */
export function verifyActs(
  directory: string,
  secrets: SecretStore,
  input: VerifyInput,
  options: Parameters<LedgerActs['verify']>[1],
  headFiles: string[],
): Promise<VerifyReport> {
  return verifyAside(directory, {
    ...(input.from === undefined ? {} : { from: input.from }),
    ...(input.to === undefined ? {} : { to: input.to }),
    ...(input.session === undefined ? {} : { session: input.session }),
    secrets,
    headFiles,
    signal: options.signal,
    onProgress: (p) => options.onProgress({ done: p.bytes, total: p.totalBytes }),
  });
}
