import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { SallyportError } from '../contract/index.js';
import type { UpstreamCall } from '../upstream/index.js';
import { type Answer, openAnswer } from './answer.js';
import type { Exchange } from './exchange.js';
import { ClientGone } from './hold.js';
import { passThrough } from './passthrough.js';
import { end } from './record.js';
import type { Services } from './services.js';

/**
 * Sends the body to the provider with the provider's key put on, and hands the answer to `answer`. Resolves when the exchange has
 * ended. When the client leaves, the upstream request is aborted at once and the partial exchange is recorded.
 * @throws SallyportError credential_unavailable, credential_origin_changed, upstream_…
 */
export async function forward(x: Exchange, s: Services): Promise<void> {
  const found = s.credentials.resolve(x.connection);
  const credential = found instanceof Promise ? await found : found;
  if (x.responder.gone) throw new ClientGone();
  x.forwarded = true;
  if (x.operation === 'passthrough') return passThrough(x, s, credential);
  await new Promise<void>((resolve, reject) => {
    let answer: Answer | undefined;
    let decoder: Transform | undefined;
    let decoderFull = false;
    let held = false;
    let settled = false;
    const settle = (error?: unknown): void => {
      if (settled) return;
      settled = true;
      stop();
      // What it was given already may be a bomb: a few KB that would keep a processor busy for minutes.
      decoder?.destroy();
      if (error) {
        call.abort();
        reject(error);
      } else resolve();
    };
    // A client that does not read holds up the decoder too: what comes compressed may be a thousand times as much.
    const flow: UpstreamCall = {
      abort: () => call.abort(),
      pause() {
        held = true;
        decoder?.pause();
        call.pause();
      },
      resume() {
        held = false;
        decoder?.resume();
        if (!decoderFull) call.resume();
      },
    };
    const call: UpstreamCall = s.upstream.send(
      {
        connection: x.connection,
        method: x.request.method ?? 'GET',
        path: x.upstreamPath,
        rawHeaders: x.rawHeaders,
        body: x.outgoing.length > 0 ? x.outgoing : undefined,
        credential,
      },
      {
        headers(status, headers) {
          x.firstByteMs = s.clock.monotonic() - x.startedMs;
          try {
            answer = openAnswer(x, s, flow, status, headers, settle);
            const encoding = headers['content-encoding'];
            if (typeof encoding === 'string' && encoding !== 'identity' && encoding !== '')
              decoder = decode(encoding, answer, call, settle);
          } catch (error) {
            settle(error);
          }
        },
        data(chunk) {
          if (settled) return;
          if (decoder) {
            if (!decoder.write(chunk)) {
              decoderFull = true;
              call.pause();
              decoder.once('drain', () => {
                decoderFull = false;
                if (!held) call.resume();
              });
            }
          } else answer?.data(chunk);
        },
        end() {
          if (decoder) decoder.end();
          else answer?.end();
        },
        error(error) {
          if (answer) answer.broke(error);
          else settle(error);
        },
      },
    );
    const stop = x.responder.onGone(() => {
      call.abort();
      answer?.abandon();
      end(x, s, 'client-gone', 499, answer ? { before: answer.unrecorded() } : {}).then(
        () => settle(),
        () => settle(),
      );
    });
  });
}

/** Providers are asked for identity; one that compresses all the same is read through here, so that nothing passes unread. */
function decode(encoding: string, answer: Answer, call: UpstreamCall, settle: (error: unknown) => void): Transform {
  const make = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress }[encoding.toLowerCase()];
  if (!make)
    throw new SallyportError(
      'upstream_unreadable',
      `The provider's answer has the content encoding "${encoding.slice(0, 40)}", which cannot be read.`,
    );
  const decoder = make();
  decoder.on('data', (chunk: Buffer) => answer.data(chunk));
  decoder.on('end', () => answer.end());
  decoder.on('error', (error) => {
    call.abort();
    settle(new SallyportError('upstream_unreadable', "The provider's compressed answer is broken.", { cause: error }));
  });
  return decoder;
}
