import type { Exchange } from './exchange.js';
import type { Services } from './services.js';

/** Who is asking? One credential, agent key or token. Throws what the authenticator throws. */
export function authenticate(x: Exchange, s: Services): void | Promise<void> {
  const found = s.authenticator.authenticate(x.request.rawHeaders);
  if (found instanceof Promise)
    return found.then((principal) => {
      x.principal = principal;
    });
  x.principal = found;
}
