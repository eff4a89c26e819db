/**
 * The way of one request. Reading this file is reading the product: each stage is one file and one function, takes the exchange, does
 * its own work and no other's, and throws a `SallyportError` where the exchange may not go on. Nothing leaves before `record`.
 */
import { SallyportError } from '../contract/index.js';
import type { Arrival } from '../listener/index.js';
import { authenticate } from './authenticate.js';
import { authorize } from './authorize.js';
import { decide } from './decide.js';
import { detect } from './detect.js';
import { Exchange } from './exchange.js';
import { forward } from './forward.js';
import { ClientGone, hold } from './hold.js';
import { mask } from './mask.js';
import { letGo, read } from './read.js';
import { append, end, record } from './record.js';
import { refuse } from './refuse.js';
import { Responder } from './responder.js';
import { route } from './route.js';
import type { Services } from './services.js';
import { session } from './session.js';

export { createFreezeGate, type FreezeGate } from './freeze.js';
export { createGrowing } from './growing.js';
export { refuseEarly } from './refuse.js';
export type { Budgets, Services } from './services.js';
export { createSessionBook, type SessionBook } from './sessions.js';
export { append };

const STAGES = [authenticate, route, authorize, read, session, detect, decide, mask, record, hold, forward] as const;

/** Takes one request through all stages. Never rejects: whatever goes wrong is answered, fail closed. */
export async function pass(arrival: Arrival, s: Services): Promise<void> {
  const x = new Exchange(arrival.request, new Responder(arrival.response), arrival.path, arrival.query, s.clock);
  try {
    for (const stage of STAGES) {
      const wait = stage(x, s);
      if (wait) await wait;
      if (x.responder.gone && !x.ended) throw new ClientGone();
    }
  } catch (error) {
    await fail(x, s, error);
  } finally {
    letGo(x, s);
    if (x.entered) s.sessions.leave(x.session);
  }
}

async function fail(x: Exchange, s: Services, error: unknown): Promise<void> {
  if (error instanceof ClientGone || x.responder.gone) {
    if (x.arrivalRecorded) await end(x, s, 'client-gone', 499).catch(() => {});
    return;
  }
  const known = error instanceof SallyportError ? error : new SallyportError('internal', undefined, { cause: error });
  if (known.code === 'internal') s.fault(error);
  await refuse(x, s, known);
}
