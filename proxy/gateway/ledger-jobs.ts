import type { SecretStore } from '../contract/index.js';
import type { LedgerActs, VerifyInput, VerifyReport } from '../control/types.js';
import { verifyAside } from '../ledger/index.js';

/** Verifies the ledger, a range of it, or one session with its contents. */
export function verifyActs(
  directory: string,
  secrets: SecretStore,
  input: VerifyInput,
  options: Parameters<LedgerActs['verify']>[1],
): Promise<VerifyReport> {
  return verifyAside(directory, {
    ...(input.from === undefined ? {} : { from: input.from }),
    ...(input.to === undefined ? {} : { to: input.to }),
    ...(input.session === undefined ? {} : { session: input.session }),
    secrets,
    signal: options.signal,
    onProgress: (p) => options.onProgress({ done: p.bytes, total: p.totalBytes }),
  });
}
