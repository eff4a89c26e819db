import { type Outcome, type RecordInput, SallyportError } from '../contract/index.js';
import type { UpstreamCall } from '../upstream/index.js';
import type { AnswerBytes } from '../wire/types.js';
import type { Answer } from './answer.js';
import { answerHooks } from './answer-hooks.js';
import { EMPTY, type Exchange } from './exchange.js';
import { freeze } from './hold.js';
import { end, notRecording } from './record.js';
import type { Services } from './services.js';

/** Released bytes that wait for the ledger; above this the provider is paused. */
const MAX_WAITING = 1 << 20;

/**
 * A streamed answer: each piece is masked, recorded (written before it is released, synced soon after) and released; the end is on
 * disk before the last bytes leave. A slow client pauses the provider; nothing is kept whole.
 */
export function openStream(
  x: Exchange,
  s: Services,
  call: UpstreamCall,
  status: number,
  headers: [string, string | string[]][],
  settle: (error?: unknown) => void,
): Answer {
  const hooks = answerHooks(x, s);
  const stream = x.dialect.streamAnswer(x.operation, hooks.hooks);
  if (x.responder.ownStart) stream.alreadyStarted?.();
  let waiting = 0;
  let finishing = false;
  let abandoned = false;
  let frozen = false;
  let paused = false;
  let draining = false;
  const tail: AnswerBytes[] = [];

  const pause = (): void => {
    if (paused) return;
    paused = true;
    call.pause();
  };
  const resume = (): void => {
    if (!paused || frozen || waiting > MAX_WAITING || x.responder.raw.writableNeedDrain) return;
    paused = false;
    call.resume();
  };

  /** Several pieces may wait for the ledger when the client stops reading; one of them listens for all. */
  const awaitDrain = (): void => {
    if (draining) return;
    draining = true;
    x.responder.onDrain(() => {
      draining = false;
      resume();
    });
  };

  x.responder.head(status, headers);

  const deltaOf = (masked: Buffer): RecordInput => ({
    kind: 'delta',
    session: x.session.id,
    exchange: x.id,
    meta: {},
    content: { name: 'response', bytes: masked },
  });

  const fail = (error: unknown): void => {
    if (finishing) return;
    finishing = true;
    call.abort();
    settle(error instanceof SallyportError ? error : notRecording(s, error));
  };

  const release = (pieces: AnswerBytes[]): void => {
    if (abandoned || finishing) return;
    const blocked = hooks.blocked();
    if (blocked) {
      refuse(blocked);
      return;
    }
    if (pieces.length === 0 && !stream.complete) return;
    if (stream.complete) {
      tail.push(...pieces);
      finish(x.toolCalls.some((t) => t.outcome === 'blocked' || t.outcome === 'denied') ? 'blocked' : 'ok');
      return;
    }
    const { clear, masked } = join(pieces);
    waiting += clear.length;
    if (waiting > MAX_WAITING) pause();
    s.ledger.append([deltaOf(masked)], 'written', (error) => {
      waiting -= clear.length;
      if (error) return fail(notRecording(s, error));
      if (abandoned) return;
      x.bytesOut += clear.length;
      if (!x.responder.write(clear)) {
        pause();
        awaitDrain();
      } else resume();
    });
  };

  /** Records the end, then lets the last bytes go. */
  const finish = (outcome: Outcome, code?: string): void => {
    if (finishing || abandoned) return;
    finishing = true;
    const { clear, masked } = join(tail);
    x.bytesOut += clear.length;
    hooks
      .flush()
      .then(() => end(x, s, outcome, status, { ...(code ? { code } : {}), before: masked.length > 0 ? [deltaOf(masked)] : [] }))
      .then(() => {
        x.responder.write(clear);
        x.responder.end();
        settle();
        // The provider may go on sending after its terminator; nothing of it is wanted.
        setTimeout(() => call.abort(), 1_000).unref();
      }, settle);
  };

  const refuse = (error: SallyportError): void => {
    if (finishing) return;
    call.abort();
    tail.push(...stream.refuse(`[Sallyport] ${error.message}`));
    finish('blocked', error.code);
  };

  stream.onReady = () => {
    try {
      release(stream.write(EMPTY));
    } catch (error) {
      fail(asUnreadable(error));
    }
  };

  const thaw = (): void => {
    frozen = true;
    pause();
    freeze(x, s).then(
      () => {
        frozen = false;
        resume();
      },
      (error) => (error instanceof SallyportError ? refuse(error) : undefined),
    );
  };

  return {
    data(chunk) {
      if (finishing || abandoned) return;
      try {
        release(stream.write(chunk));
      } catch (error) {
        fail(asUnreadable(error));
        return;
      }
      if (s.gate.frozen && !frozen) thaw();
    },
    end() {
      if (finishing || abandoned) return;
      stream.end().then(
        (pieces) => {
          if (finishing || abandoned) return;
          tail.push(...pieces);
          const blocked = hooks.blocked();
          if (blocked) return refuse(blocked);
          if (stream.complete) return finish(x.toolCalls.some((t) => t.outcome === 'blocked' || t.outcome === 'denied') ? 'blocked' : 'ok');
          cut('upstream_unreadable');
        },
        (error) => fail(asUnreadable(error)),
      );
    },
    broke(error) {
      if (!finishing && !abandoned) cut(error.code);
    },
    abandon() {
      abandoned = true;
    },
    unrecorded: () => (tail.length > 0 ? [deltaOf(join(tail).masked)] : []),
  };

  /** The provider broke off. Ending cleanly would be taken for the whole answer by most clients, so the socket is destroyed. */
  function cut(code: string): void {
    finishing = true;
    const { clear, masked } = join(tail);
    x.bytesOut += clear.length;
    end(x, s, 'provider-error', status, { code, before: masked.length > 0 ? [deltaOf(masked)] : [] }).then(
      () => {
        x.responder.write(clear);
        setImmediate(() => x.responder.destroy());
        settle();
      },
      (error) => settle(error),
    );
  }
}

function join(pieces: AnswerBytes[]): AnswerBytes {
  if (pieces.length === 0) return { clear: EMPTY, masked: EMPTY };
  if (pieces.length === 1) return pieces[0] as AnswerBytes;
  const clear = Buffer.concat(pieces.map((p) => p.clear));
  return { clear, masked: pieces.every((p) => p.clear === p.masked) ? clear : Buffer.concat(pieces.map((p) => p.masked)) };
}

function asUnreadable(error: unknown): SallyportError {
  return error instanceof SallyportError
    ? error
    : new SallyportError('upstream_unreadable', "The provider's stream cannot be read.", { cause: error });
}
