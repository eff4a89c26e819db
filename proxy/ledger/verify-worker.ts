import { parentPort, workerData } from 'node:worker_threads';
import type { SecretStore } from '../contract/index.js';
import { verifyBundle } from './export/verify-bundle.js';
import { verifyLedger } from './verify.js';
import type { VerifyOptions } from './verify-types.js';

/** What the worker is started with: values only, a SecretStore cannot cross threads. */
export interface VerifyWorkerData {
  directory: string;
  bundle?: string;
  options: Omit<VerifyOptions, 'secrets' | 'onProgress' | 'signal'>;
  secrets?: { kind: string; protected: boolean; values: Record<string, string> };
}

if (parentPort) {
  const port = parentPort;
  const { directory, bundle, options, secrets } = workerData as VerifyWorkerData;
  const store: SecretStore | undefined = secrets && {
    kind: secrets.kind,
    protected: secrets.protected,
    acceptsProviderKeys: false,
    get: async (name) => secrets.values[name],
    set: () => Promise.reject(new Error('read only')),
    delete: () => Promise.reject(new Error('read only')),
  };
  const run =
    bundle === undefined
      ? verifyLedger(directory, {
          ...options,
          ...(store ? { secrets: store } : {}),
          onProgress: (progress) => port.postMessage({ progress }),
        })
      : verifyBundle(bundle, options);
  run.then(
    (report) => port.postMessage({ report }),
    (error: Error) => port.postMessage({ error: error.message }),
  );
}
