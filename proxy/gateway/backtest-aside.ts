import { Worker } from 'node:worker_threads';
import type { SecretStore } from '../contract/index.js';
import type { BacktestInput, BacktestProgress, BacktestReport, PolicySources } from '../policy/index.js';
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
  { onProgress, signal }: { onProgress(progress: BacktestProgress): void; signal: AbortSignal },
): Promise<BacktestReport> {
  const values: Record<string, string> = {};
  for (const name of input.originals ? [...NEEDED, VAULT] : NEEDED) {
    const value = await secrets.get(name);
    if (value !== undefined) values[name] = value;
  }
  signal.throwIfAborted();
  const data: BacktestWorkerData = { directory, draft, input, secrets: { kind: secrets.kind, protected: secrets.protected, values } };
  const worker = start(data);
  try {
    return await new Promise<BacktestReport>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('the thread of the backtest has ended')));
      worker.on('message', (message: { progress?: BacktestProgress; report?: BacktestReport; error?: string }) => {
        if (message.progress) onProgress(message.progress);
        else if (message.report) resolve(message.report);
        else reject(new Error(message.error));
      });
    });
  } finally {
    await worker.terminate();
  }
}

/** From source, under tsx, a thread does not inherit the loader on Node 20: it is registered inside the thread first. */
function start(workerData: BacktestWorkerData): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./backtest-worker.js', import.meta.url), { workerData });
  const url = new URL('./backtest-worker.ts', import.meta.url).href;
  const loader = import.meta.resolve('tsx/esm/api');
  const code = `import { register } from ${JSON.stringify(loader)}; register(); await import(${JSON.stringify(url)});`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { workerData, execArgv: [] });
}
