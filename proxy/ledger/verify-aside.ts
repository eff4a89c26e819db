import { askThread, carrySecrets } from '../threads/index.js';
import type { VerifyOptions, VerifyReport } from './verify-types.js';
import type { VerifyWorkerData } from './verify-worker.js';

const NEEDED = ['ledger-seal-key', 'ledger-seal-key-next', 'ledger-master-key'];

/** {@link verifyLedger} in a worker, for a process that has traffic to serve. `bundle`: verifies this bundle file instead. */
export async function verifyAside(
  directory: string,
  { secrets, onProgress, signal, bundle, ...options }: VerifyOptions & { bundle?: string } = {},
): Promise<VerifyReport> {
  const data: VerifyWorkerData = {
    directory,
    options,
    ...(bundle === undefined ? {} : { bundle }),
    ...(secrets ? { secrets: await carrySecrets(secrets, NEEDED) } : {}),
  };
  return askThread(import.meta.url, './verify-worker', data, { onProgress, signal });
}
