/** One thread of the pool: the same detector, inline. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ScanContext } from '../../contract/index.js';
import { createDetector } from '../detector.js';
import { warmNames } from '../names/index.js';
import { warmPrompts } from '../prompts/index.js';
import type { DetectorOptions } from '../types.js';

const options = workerData as DetectorOptions;
const detector = createDetector(options);
if (options.names) warmNames();
warmPrompts();

parentPort!.on('message', async ({ text, context }: { text: string; context: ScanContext }) => {
  parentPort!.postMessage(await detector.scan(text, context));
});
parentPort!.postMessage('ready');
