import { parentPort, workerData } from 'node:worker_threads';
import { startWorker } from './start-worker.js';

/** What the thread of one question says: how far it is, any number of times, then one of the others. */
type Message<Report, Progress> = { progress: Progress } | { report: Report } | { error: string };

/** Who asks may follow the work, and give it up. */
export interface Watch<Progress> {
  onProgress?: ((progress: Progress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Asks one question of a thread of its own, which ends with the answer. The thread's module calls {@link answerParent}.
 * @param from @param name @param question as of {@link startWorker}
 * @throws the signal's reason when given up, the thread ends at once; an Error with the message of what went wrong there
 */
export async function askThread<Report, Progress>(
  from: string,
  name: string,
  question: unknown,
  { onProgress, signal }: Watch<Progress>,
): Promise<Report> {
  signal?.throwIfAborted();
  const worker = startWorker(from, name, question);
  try {
    return await new Promise<Report>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error(`the thread ${name} has ended without an answer`)));
      worker.on('message', (message: Message<Report, Progress>) => {
        if ('progress' in message) onProgress?.(message.progress);
        else if ('report' in message) resolve(message.report);
        else reject(new Error(message.error));
      });
    });
  } finally {
    await worker.terminate();
  }
}

/** The thread's side of {@link askThread}. Of an error only the message crosses. Outside of a thread nothing is done. */
export function answerParent<Question, Report, Progress>(
  work: (question: Question, onProgress: (progress: Progress) => void) => Promise<Report>,
): void {
  if (!parentPort) return;
  const port = parentPort;
  const say = (message: Message<Report, Progress>): void => port.postMessage(message);
  work(workerData as Question, (progress) => say({ progress })).then(
    (report) => say({ report }),
    (error: Error) => say({ error: error.message }),
  );
}
