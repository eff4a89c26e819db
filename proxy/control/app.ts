/**
 * The control API: everything that console, CLI and main can see or do.
 *
 * What an attacker could do here: whoever may decide and change can let anything pass. What stops it: a request must have been
 * admitted by a door (socket token or console cookie, see admission.ts); every decision, reveal and change needs a person's
 * capability on top; what lacks it is refused and recorded as an attempt. Bodies are checked against closed schemas, errors never
 * carry foreign text, answers are never cached.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { EventHub } from './events.js';
import { Jobs } from './jobs.js';
import type { Route } from './route.js';
import { ROUTES } from './routes/index.js';
import type { ControlOptions, ControlServices } from './types.js';

type Handler = (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void) => void;

export type ControlApp = Handler & {
  readonly hub: EventHub;
  readonly options: ControlOptions;
  /** Set by `serveConsole`: makes a new one-time address. */
  consoleUrl?: () => string;
  closeControl(): void;
};

/** The routes are loaded so long after the API was made, or at the first call. */
const LOAD_AFTER_MS = 300;

/**
 * Builds the control API. It listens nowhere by itself: give it to `listenControl` and/or `serveConsole`, which admit callers.
 * `closeControl` ends event streams and jobs.
 */
export function createControl(services: ControlServices, options: ControlOptions): ControlApp {
  const hub = new EventHub((listener) => services.subscribe(listener));
  const jobs = new Jobs();
  let handler: Handler | undefined;
  let loading: Promise<Handler> | undefined;
  const load = (): Promise<Handler> => {
    loading ??= import('./express-app.js').then(({ expressApp }) => {
      const consoleUrl = () => app.consoleUrl?.() ?? options.consoleUrl?.();
      handler = expressApp({ services, options, hub, jobs, consoleUrl }) as unknown as Handler;
      return handler;
    });
    return loading;
  };
  const handle: Handler = (req, res, next) => {
    if (handler) handler(req, res, next);
    else
      load().then(
        (loaded) => loaded(req, res, next),
        (error) => {
          options.onError?.(error, 'load');
          res.destroy();
        },
      );
  };
  // The first call need not wait, nor must the start.
  const soon = setTimeout(() => void load().catch((error) => options.onError?.(error, 'load')), LOAD_AFTER_MS).unref();
  const app: ControlApp = Object.assign(handle, {
    hub,
    options,
    closeControl() {
      clearTimeout(soon);
      hub.close();
      jobs.close();
    },
  });
  return app;
}

/** Every route, for the OpenAPI document and its test. */
export function controlRoutes(): readonly Route[] {
  return ROUTES;
}
