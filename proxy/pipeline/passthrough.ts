import type { SallyportError } from '../contract/index.js';
import { createPassthrough } from '../upstream/index.js';
import type { Exchange } from './exchange.js';
import { end } from './record.js';
import type { Services } from './services.js';

/** A path that the connection lists as pass-through: forwarded unread, recorded as NOT_SCANNED with its size. */
export async function passThrough(x: Exchange, s: Services, credential: string | undefined): Promise<void> {
  const send = await createPassthrough();
  await new Promise<void>((resolve, reject) => {
    let status = 0;
    x.responder.onGone(() => {
      end(x, s, 'client-gone', 499).then(resolve, reject);
    });
    send(
      x.request,
      x.responder.raw,
      { connection: x.connection, path: x.upstreamPath, credential },
      {
        headers(code) {
          status = code;
          x.firstByteMs = s.clock.monotonic() - x.startedMs;
        },
        end(bytes) {
          x.bytesOut = bytes;
          end(x, s, status < 400 ? 'ok' : 'provider-error', status).then(resolve, reject);
        },
        error(error: SallyportError) {
          reject(error);
        },
      },
    );
  });
}
