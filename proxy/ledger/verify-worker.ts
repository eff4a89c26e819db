import { answerParent, type CarriedSecrets, carriedStore } from '../threads/index.js';
import { verifyBundle } from './export/verify-bundle.js';
import { verifyLedger } from './verify.js';
import type { VerifyOptions, VerifyProgress, VerifyReport } from './verify-types.js';

/** What the worker is started with. */
export interface VerifyWorkerData {
  directory: string;
  bundle?: string;
  options: Omit<VerifyOptions, 'secrets' | 'onProgress' | 'signal'>;
  secrets?: CarriedSecrets;
}

answerParent<VerifyWorkerData, VerifyReport, VerifyProgress>(({ directory, bundle, options, secrets }, onProgress) =>
  bundle === undefined
    ? verifyLedger(directory, { ...options, ...(secrets ? { secrets: carriedStore(secrets) } : {}), onProgress })
    : verifyBundle(bundle, options),
);
