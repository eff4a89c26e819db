/**
 * Which requests have passed a door. The control app itself listens nowhere: a listener (socket, console) checks the caller and then
 * marks the request here; anything unmarked is refused, so that mounting the app by mistake opens nothing.
 */
import type { IncomingMessage } from 'node:http';
import type { Face } from './route.js';

export interface Admission {
  face: Face;
  /** The capability that goes with the request (header on the socket, server-side session in the console). */
  capability?: string;
  /** Console: where a capability that was just given out is kept, so that the page never sees it. */
  keepCapability?(capability: string | undefined): void;
}

const admitted = new WeakMap<IncomingMessage, Admission>();

export function admit(req: IncomingMessage, admission: Admission): void {
  admitted.set(req, admission);
}

export function admissionOf(req: IncomingMessage): Admission | undefined {
  return admitted.get(req);
}
