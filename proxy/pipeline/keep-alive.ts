import { holdPlan } from '../approvals/index.js';
import type { HoldPlan } from '../approvals/types.js';
import type { Exchange } from './exchange.js';
import type { Services } from './services.js';

/**
 * Waits for something that a person has to do, and keeps the client connected meanwhile by the means that its kind bears (measured:
 * 102 before a commit point, then 200 with heartbeats native to the dialect). Resolves `gone` when the client leaves first.
 */
export function keepAlive<T>(x: Exchange, s: Services, wait: Promise<T>): Promise<T | 'gone'> {
  if (x.responder.gone) return Promise.resolve('gone' as const);
  const plan = planOf(x, s);
  const heldFrom = s.clock.monotonic();
  const model = x.model ?? '';
  const pulse = (): Buffer => (plan.commentHeartbeats ? COMMENT : x.dialect.heartbeat(x.operation, model, x.stream));
  let commitTimer: NodeJS.Timeout | undefined;
  let startTimer: NodeJS.Timeout | undefined;
  /** Claude Code gives a stream up that shows nothing but pings: it gets the beginning of an answer in time. */
  const begin = (afterMs: number): void => {
    if (plan.ownStartAfterCommitMs === undefined || !x.stream || x.responder.started) return;
    startTimer = setTimeout(() => x.responder.begin(x.dialect, x.operation, model), Math.max(0, plan.ownStartAfterCommitMs - afterMs));
  };
  const beat = setInterval(() => {
    if (x.responder.headSent) x.responder.heartbeat(pulse());
    else if (plan.informational) x.responder.processing();
  }, plan.heartbeatEveryMs);
  if (plan.informational) x.responder.processing();
  if (!x.responder.headSent && Number.isFinite(plan.commitAfterMs)) {
    const passed = heldFrom - x.startedMs;
    commitTimer = setTimeout(
      () => {
        x.responder.commit(x.dialect.contentType(x.stream), pulse());
        begin(0);
      },
      Math.max(0, plan.commitAfterMs - passed),
    );
  } else if (x.responder.committedMs !== undefined) begin(performance.now() - x.responder.committedMs);
  return new Promise<T | 'gone'>((resolve, reject) => {
    const stop = x.responder.onGone(() => finish(() => resolve('gone')));
    const finish = (then: () => void): void => {
      clearInterval(beat);
      clearTimeout(commitTimer);
      clearTimeout(startTimer);
      stop();
      x.heldMs += s.clock.monotonic() - heldFrom;
      then();
    };
    wait.then(
      (value) => finish(() => resolve(value)),
      (error) => finish(() => reject(error)),
    );
  });
}

const COMMENT = Buffer.from(': waiting for a person\n\n');

/** The plan for this client, made once. */
export function planOf(x: Exchange, s: Services): HoldPlan {
  if (!x.plan) {
    const plan = holdPlan(x.request.headers['user-agent'], x.request.headers, x.connection.dialect, x.operation, x.stream, {
      scale: s.holdScale,
      httpVersion: x.request.httpVersion,
    });
    const wished = s.settings().approvals.heartbeatSeconds * 1_000 * s.holdScale;
    x.plan = { ...plan, heartbeatEveryMs: Math.min(plan.heartbeatEveryMs, wished) };
  }
  return x.plan;
}
