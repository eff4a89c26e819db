import { parentPort, workerData } from 'node:worker_threads';
import { IndexService } from './index-service.js';

/** What the worker is started with. */
export interface IndexWorkerData {
  directory: string;
  master?: Uint8Array;
  blindKey?: Uint8Array;
}

export type IndexQuestion = {
  id: number;
  op: 'sessions' | 'session' | 'exchange' | 'segments' | 'progress' | 'rebuild' | 'close';
  input?: unknown;
};
export type IndexAnswer = { id: number; value?: unknown; error?: string };

const POLL_MS = 400;

if (parentPort) {
  const port = parentPort;
  const { directory, master, blindKey } = workerData as IndexWorkerData;
  const service = new IndexService(directory, master && Buffer.from(master), blindKey && Buffer.from(blindKey));
  let closed = false;

  const answer = async ({ op, input }: IndexQuestion): Promise<unknown> => {
    switch (op) {
      case 'sessions':
        return service.sessions(input as never);
      case 'session':
        return service.session(input as string);
      case 'exchange':
        return service.exchange(input as string);
      case 'segments':
        return service.segments(input as string);
      case 'progress':
        return service.progress();
      case 'rebuild':
        return service.rebuild();
      case 'close':
        closed = true;
        service.close();
        return setImmediate(() => port.close()) && undefined;
    }
  };

  port.on('message', (question: IndexQuestion) => {
    answer(question).then(
      (value) => port.postMessage({ id: question.id, value } satisfies IndexAnswer),
      (error: Error) => port.postMessage({ id: question.id, error: error.message } satisfies IndexAnswer),
    );
  });

  // Between questions: read on, in slices short enough that a question never waits long.
  const work = (): void => {
    if (closed) return;
    let done = true;
    try {
      done = service.step();
    } catch {
      // Another process holds the index, or the ledger is being tidied up: come again.
    }
    if (done) setTimeout(work, POLL_MS).unref();
    else setImmediate(work);
  };
  work();
}
