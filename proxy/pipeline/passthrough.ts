import type { Exchange } from './exchange.js';
import { end } from './record.js';
import type { Services } from './services.js';

/**
 * A path that the connection lists as pass-through: forwarded unread, recorded as NOT_SCANNED with its size.
 * @throws SallyportError upstream_…
 */
export function passThrough(x: Exchange, s: Services, credential: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let status = 0;
    x.responder.onGone(() => {
      end(x, s, 'client-gone', 499).then(resolve, reject);
    });
    const target = { connection: x.connection, path: x.upstreamPath, rawHeaders: x.rawHeaders, credential };
    s.upstream
      .passThrough(x.request, x.responder.raw, target, {
        headers(code) {
          status = code;
          x.responder.raw.setHeader('x-sallyport-exchange', x.id);
          x.firstByteMs = s.clock.monotonic() - x.startedMs;
        },
        end(bytes) {
          x.bytesOut = bytes;
          end(x, s, status < 400 ? 'ok' : 'provider-error', status).then(resolve, reject);
        },
        error: reject,
      })
      .catch(reject);
  });
}
