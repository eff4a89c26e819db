/** One thread of the pool: the same detector, inline. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ScanContext } from '../../contract/index.js';
import { createDetector } from '../detector.js';
import type { DetectorOptions } from '../types.js';

const detector = createDetector(workerData as DetectorOptions);

parentPort!.on('message', async ({ text, context }: { text: string; context: ScanContext }) => {
  parentPort!.postMessage(await detector.scan(text, context));
});
