import { SallyportError } from '../../contract/index.js';
import { doctorChecks } from '../doctor.js';
import { firstRunState } from '../first-run.js';
import { flag, object, type Route, ref, text } from '../route.js';

export const gatewayRoutes: Route[] = [
  {
    method: 'get',
    path: '/api/status',
    tag: 'gateway',
    summary: 'State of the gateway: listening, recording, policy, person, faults.',
    access: 'admitted',
    answer: ref('Status'),
    handle: ({ services }) => services.status(),
  },
  {
    method: 'get',
    path: '/api/events',
    tag: 'gateway',
    summary:
      'Everything that happens, as server-sent events; a status first and `alive` each 15 s; Last-Event-ID continues, `reset` means: read everything again.',
    access: 'admitted',
    answerType: 'text/event-stream',
    handle: ({ services, hub, req, res }) => {
      const last = req.headers['last-event-id'];
      hub.attach(res, [{ type: 'status', status: services.status() }], typeof last === 'string' ? last : undefined);
    },
  },
  {
    method: 'get',
    path: '/api/console',
    tag: 'gateway',
    summary: 'Which face the caller came through.',
    access: 'admitted',
    answer: object({ face: { enum: ['socket', 'console'] } }),
    handle: ({ face }) => ({ face }),
  },
  {
    method: 'post',
    path: '/api/console/open',
    tag: 'gateway',
    summary: 'A new one-time address that opens the console of a headless gateway. Only from this machine.',
    access: 'admitted',
    answer: object({ url: text() }, ['url']),
    handle: ({ face, consoleUrl }) => {
      const url = face === 'socket' ? consoleUrl() : '';
      if (url === undefined)
        throw new SallyportError('not_found', 'This gateway serves no console of its own; use the desktop app, or `sallyport serve`.');
      if (face !== 'socket') throw new SallyportError('forbidden', 'Ask for it by `sallyport console` on that machine.');
      return { url };
    },
  },
  {
    method: 'get',
    path: '/api/first-run',
    tag: 'gateway',
    summary: 'How far the first steps are: person, key, agent, first request seen.',
    access: 'admitted',
    answer: ref('FirstRun'),
    handle: ({ services }) => firstRunState(services),
  },
  {
    method: 'get',
    path: '/api/doctor',
    tag: 'gateway',
    summary: 'What is not well on this gateway, and what to do about it.',
    access: 'admitted',
    answer: ref('Doctor'),
    handle: async ({ services }) => ({ checks: await doctorChecks(services) }),
  },
  {
    method: 'post',
    path: '/api/freeze',
    tag: 'gateway',
    summary: 'Hold every exchange mid-flight. Anyone admitted may: it only makes things safer.',
    access: 'admitted',
    handle: async ({ services, capability, requirePerson }) => {
      await services.freeze(capability === undefined ? undefined : requirePerson());
      return services.status();
    },
    answer: ref('Status'),
  },
  {
    method: 'post',
    path: '/api/resume',
    tag: 'gateway',
    summary: 'Let frozen exchanges go on.',
    access: 'person',
    answer: ref('Status'),
    handle: async ({ services, person }) => {
      await services.resume(person);
      return services.status();
    },
  },
  {
    method: 'post',
    path: '/api/drop',
    tag: 'gateway',
    summary: 'End every frozen exchange; nothing of it is sent.',
    access: 'person',
    answer: object({ dropped: { type: 'integer' } }, ['dropped']),
    handle: async ({ services, person }) => ({ dropped: await services.drop(person) }),
  },
  {
    method: 'put',
    path: '/api/do-not-disturb',
    tag: 'gateway',
    summary: 'Requests wait in the inbox without notifications; nothing is decided.',
    access: 'person',
    body: object({ on: flag() }, ['on']),
    answer: ref('Status'),
    handle: async ({ services, body, person }) => {
      await services.setDoNotDisturb(body['on'] as boolean, person);
      return services.status();
    },
  },
];
