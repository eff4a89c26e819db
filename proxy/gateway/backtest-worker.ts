import { parentPort, workerData } from 'node:worker_threads';
import type { SecretStore } from '../contract/index.js';
import { createOriginals, openReaderHere, readExchanges } from '../ledger/index.js';
import { type BacktestInput, compileSources, type PolicySources, runBacktest } from '../policy/index.js';
import { recordedSource } from './recorded.js';

/** What the thread is started with: values only, a SecretStore cannot cross threads. */
export interface BacktestWorkerData {
  directory: string;
  draft: PolicySources;
  input: BacktestInput;
  secrets: { kind: string; protected: boolean; values: Record<string, string> };
}

async function run({ directory, draft, input, secrets }: BacktestWorkerData, onProgress: (p: { done: number; total: number }) => void) {
  const store: SecretStore = {
    kind: secrets.kind,
    protected: secrets.protected,
    acceptsProviderKeys: false,
    get: async (name) => secrets.values[name],
    set: () => Promise.reject(new Error('read only')),
    delete: () => Promise.reject(new Error('read only')),
  };
  const reader = await openReaderHere({ directory, secrets: store });
  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  const originals = input.originals ? await createOriginals({ directory, secrets: store, clock }) : undefined;
  try {
    const source = recordedSource(
      reader,
      (o) => readExchanges({ directory, secrets: store, ...o }),
      originals?.enabled ? (session) => originals.load(session) : undefined,
    );
    // The parent ends this thread when the run is cancelled.
    return await runBacktest(compileSources(draft), source, input, { onProgress, signal: new AbortController().signal });
  } finally {
    await reader.close();
  }
}

if (parentPort) {
  const port = parentPort;
  run(workerData as BacktestWorkerData, (progress) => port.postMessage({ progress })).then(
    (report) => port.postMessage({ report }),
    (error: Error) => port.postMessage({ error: error.message }),
  );
}
