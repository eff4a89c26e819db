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
  op: 'sessions' | 'session' | 'exchange' | 'segments' | 'spans' | 'progress' | 'rebuild' | 'close';
  input?: unknown;
};
export type IndexAnswer = { id: number; value?: unknown; error?: string };

const POLL_MS = 400;
/** While the ledger grows and nobody asks, the index takes one part in so many of a core: agents wait for the gateway, not for it. */
const SHARE = 30;
const SLICE_MS = 25;
/** So long after a question it keeps up at full speed. */
const ASKED_MS = 30_000;
/** Far behind (a new index, one that is built anew), with nobody waiting for a list: long slices, each of which is one transaction. */
const FAR_SLICE_MS = 1000;
const FAR_TIDY_MS = 300;
const LISTED_MS = 3000;

if (parentPort) {
  const port = parentPort;
  const { directory, master, blindKey } = workerData as IndexWorkerData;
  const service = new IndexService(directory, master && Buffer.from(master), blindKey && Buffer.from(blindKey));
  let closed = false;
  let askedAt = Number.NEGATIVE_INFINITY;
  let listedAt = Number.NEGATIVE_INFINITY;
  let end = '';

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
      case 'spans': {
        const { exchanges, content } = input as { exchanges: string[]; content: boolean };
        return service.spans(exchanges, content);
      }
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
    askedAt = performance.now();
    if (!['progress', 'rebuild', 'spans'].includes(question.op)) listedAt = askedAt;
    answer(question).then(
      (value) => port.postMessage({ id: question.id, value } satisfies IndexAnswer),
      (error: Error) => port.postMessage({ id: question.id, error: error.message } satisfies IndexAnswer),
    );
  });

  // Between questions: read on, in slices short enough that a question never waits long.
  const work = (): void => {
    if (closed) return;
    const began = performance.now();
    const wanted = began - askedAt < ASKED_MS;
    let done = true;
    let grows = false;
    try {
      const now = service.end();
      grows = now !== end;
      end = now;
      const unhurried = service.far && began - listedAt > LISTED_MS;
      if (!wanted && grows) done = service.step(SLICE_MS);
      else done = service.step(unhurried ? FAR_SLICE_MS : undefined, !wanted);
      if (done || unhurried) done = service.tidy(unhurried ? FAR_TIDY_MS : SLICE_MS) && done;
    } catch {
      // Another process holds the index, or the ledger is being tidied up: come again.
    }
    const took = performance.now() - began;
    if (grows && !wanted) setTimeout(work, Math.max(POLL_MS, took * SHARE)).unref();
    else if (done) setTimeout(work, POLL_MS).unref();
    else setImmediate(work);
  };
  work();
}
