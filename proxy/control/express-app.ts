/**
 * The routes of the control API on express. Loaded when the gateway listens already: express with what it needs takes longer to load
 * than the gateway itself.
 */
import express, { type Express } from 'express';
import { SallyportError } from '../contract/index.js';
import { admissionOf } from './admission.js';
import { fromExpress, sendError } from './answers.js';
import { attemptRecorder } from './attempts.js';
import type { EventHub } from './events.js';
import type { Jobs } from './jobs.js';
import type { Call } from './route.js';
import { ROUTES } from './routes/index.js';
import type { ControlOptions, ControlServices } from './types.js';
import { checkBody, checkQuery } from './validate.js';

/** What the routes share with the app that they belong to. */
export interface AppParts {
  services: ControlServices;
  options: ControlOptions;
  hub: EventHub;
  jobs: Jobs;
  consoleUrl(): string | undefined;
}

export function expressApp({ services, options, hub, jobs, consoleUrl }: AppParts): Express {
  const attempt = attemptRecorder(services, hub, options.now ?? Date.now);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.enable('case sensitive routing');

  app.use('/api', (req, res, next) => {
    res.setHeader('cache-control', 'no-store');
    res.setHeader('x-content-type-options', 'nosniff');
    if (admissionOf(req) === undefined) throw new SallyportError('forbidden', 'This call came through no door of the control API.');
    next();
  });
  app.use('/api', express.json({ limit: '16mb', strict: true, type: 'application/json' }));

  for (const route of ROUTES) {
    app[route.method](route.path, async (req, res) => {
      const admission = admissionOf(req)!;
      const gone = new AbortController();
      res.once('close', () => gone.abort());
      const requirePerson = () => services.persons.require(admission.capability);
      try {
        const hasBody = req.headers['content-length'] !== undefined && req.headers['content-length'] !== '0';
        if ((hasBody || req.headers['transfer-encoding'] !== undefined) && req.body === undefined) {
          throw new SallyportError('bad_content_type', 'Send application/json.');
        }
        const call: Call = {
          services,
          options,
          consoleUrl,
          hub,
          jobs,
          admission,
          face: admission.face,
          params: req.params as Record<string, string>,
          query: checkQuery(route, req.query as Record<string, unknown>),
          body: {},
          person: undefined as never,
          ...(admission.capability === undefined ? {} : { capability: admission.capability }),
          requirePerson,
          signal: gone.signal,
          req,
          res,
        };
        // Who asks comes before what is asked: an agent learns nothing from validation messages.
        if (route.access === 'person') call.person = requirePerson();
        call.body = checkBody(route, req.body);
        const answer = await route.handle(call);
        if (res.headersSent || res.destroyed) return;
        if (answer === undefined) res.status(204).end();
        else res.status(route.status ?? 200).json(answer);
      } catch (error) {
        if (error instanceof SallyportError && error.code === 'person_required') {
          await attempt(`${route.method.toUpperCase()} ${route.path}`, {
            face: admission.face,
            ...(Object.keys(req.params).length > 0 ? { params: req.params } : {}),
          }).catch((failure: unknown) => options.onError?.(failure, 'attempt'));
        } else if (!(error instanceof SallyportError)) {
          options.onError?.(error, `${route.method} ${route.path}`);
        }
        sendError(res, error);
      }
    });
  }

  app.use('/api', (_req, res) =>
    sendError(res, new SallyportError('not_found', 'The control API has no such route; see docs/openapi.json.')),
  );
  app.use('/api', (error: unknown, _req: express.Request, res: express.Response, _next: express.NextFunction) => {
    const known = fromExpress(error);
    if (!(known instanceof SallyportError)) options.onError?.(error, 'express');
    sendError(res, known);
  });

  return app;
}
