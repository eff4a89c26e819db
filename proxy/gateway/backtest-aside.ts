import type { SecretStore } from '../contract/index.js';
import type { BacktestInput, BacktestProgress, BacktestReport, PolicySources } from '../policy/index.js';
import { askThread, carrySecrets } from '../threads/index.js';
import type { BacktestWorkerData } from './backtest-worker.js';

/** Keys that read the record; the vault's only where originals were asked for. */
const NEEDED = ['ledger-master-key'];
const VAULT = 'vault-key';

/**
 * Runs a draft over the recorded exchanges in a thread of its own: reading, decrypting and judging take nothing of the loop that
 * carries traffic. @throws the signal's reason when cancelled; the thread ends at once
 */
export async function backtestAside(
  { directory, secrets }: { directory: string; secrets: SecretStore },
  draft: PolicySources,
  input: BacktestInput,
  watch: { onProgress(progress: BacktestProgress): void; signal: AbortSignal },
): Promise<BacktestReport> {
  const carried = await carrySecrets(secrets, input.originals ? [...NEEDED, VAULT] : NEEDED);
  const data: BacktestWorkerData = { directory, draft, input, secrets: carried };
  return askThread(import.meta.url, './backtest-worker', data, watch);
}
