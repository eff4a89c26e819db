import type { EventHub } from './events.js';
import type { ControlServices } from './types.js';

const PER_MINUTE = 30;

/**
 * Records that somebody tried what only a person may do. At most {@link PER_MINUTE} records a minute: the rest is counted and stands in
 * the next record, so that a loop can neither hide itself nor fill the disk.
 */
export function attemptRecorder(services: ControlServices, hub: EventHub, now: () => number) {
  let windowStart = 0;
  let inWindow = 0;
  let unrecorded = 0;
  return async (what: string, meta: Record<string, unknown>): Promise<void> => {
    const at = now();
    if (at - windowStart >= 60_000) {
      windowStart = at;
      inWindow = 0;
    }
    inWindow += 1;
    if (inWindow > PER_MINUTE) {
      unrecorded += 1;
      return;
    }
    const more = unrecorded;
    unrecorded = 0;
    hub.publish({ type: 'attempt', what, at: new Date(at).toISOString() });
    await services.acts.record({ kind: 'attempt', meta: { what, ...meta, ...(more > 0 ? { andUnrecorded: more } : {}) } });
  };
}
