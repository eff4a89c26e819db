import { startWorker } from './start-worker.js';
import type { VerifyOptions, VerifyProgress, VerifyReport } from './verify-types.js';
import type { VerifyWorkerData } from './verify-worker.js';

const NEEDED = ['ledger-seal-key', 'ledger-seal-key-next', 'ledger-master-key'];

/** {@link verifyLedger} in a worker, for a process that has traffic to serve. `bundle`: verifies this bundle file instead. */
export async function verifyAside(
  directory: string,
  { secrets, onProgress, signal, ...options }: VerifyOptions & { bundle?: string } = {},
): Promise<VerifyReport> {
  const values: Record<string, string> = {};
  for (const name of secrets ? NEEDED : []) {
    const value = await secrets!.get(name);
    if (value !== undefined) values[name] = value;
  }
  signal?.throwIfAborted();
  const { bundle, ...plain } = options;
  const data: VerifyWorkerData = {
    directory,
    options: plain,
    ...(bundle === undefined ? {} : { bundle }),
    ...(secrets ? { secrets: { kind: secrets.kind, protected: secrets.protected, values } } : {}),
  };
  const worker = startWorker('verify-worker', data);
  try {
    return await new Promise<VerifyReport>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('the verifying worker has ended')));
      worker.on('message', (message: { progress?: VerifyProgress; report?: VerifyReport; error?: string }) => {
        if (message.progress) onProgress?.(message.progress);
        else if (message.report) resolve(message.report);
        else reject(new Error(message.error));
      });
    });
  } finally {
    await worker.terminate();
  }
}
