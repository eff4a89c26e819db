import { createOriginals, openReaderHere, readExchanges } from '../ledger/index.js';
import {
  type BacktestInput,
  type BacktestProgress,
  type BacktestReport,
  compileSources,
  type PolicySources,
  runBacktest,
} from '../policy/index.js';
import { answerParent, type CarriedSecrets, carriedStore } from '../threads/index.js';
import { recordedSource } from './recorded.js';

/** What the thread is started with. */
export interface BacktestWorkerData {
  directory: string;
  draft: PolicySources;
  input: BacktestInput;
  secrets: CarriedSecrets;
}

answerParent<BacktestWorkerData, BacktestReport, BacktestProgress>(async ({ directory, draft, input, secrets: carried }, onProgress) => {
  const secrets = carriedStore(carried);
  const reader = await openReaderHere({ directory, secrets });
  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  const originals = input.originals ? await createOriginals({ directory, secrets, clock }) : undefined;
  try {
    const source = recordedSource(
      reader,
      (o) => readExchanges({ directory, secrets, ...o }),
      originals?.enabled ? (session) => originals.load(session) : undefined,
    );
    // The parent ends this thread when the run is cancelled.
    return await runBacktest(compileSources(draft), source, input, { onProgress, signal: new AbortController().signal });
  } finally {
    await reader.close();
  }
});
