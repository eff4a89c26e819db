import { SallyportError } from '../../contract/index.js';
import { replayData } from '../replay.js';
import { flag, list, object, type Route, ref, text } from '../route.js';

const labels = { ...list(text(undefined, { minLength: 1, maxLength: 60 })), maxItems: 50 };

export const sessionRoutes: Route[] = [
  {
    method: 'get',
    path: '/api/sessions',
    tag: 'sessions',
    summary: 'Recorded sessions, newest first. `search`: agent: model: verdict: finding: tool: after: before: value: and words.',
    access: 'admitted',
    query: { search: text('typed search'), limit: text('1 … 500', { pattern: '^\\d+$' }), cursor: text('from the answer before') },
    answer: ref('Sessions'),
    handle: ({ services, query }) => {
      const limit = query['limit'] === undefined ? 50 : Number(query['limit']);
      if (!Number.isInteger(limit) || limit < 1 || limit > 500) throw new SallyportError('invalid', 'limit is a number from 1 to 500.');
      return services.ledger.sessions({
        limit,
        ...(query['search'] === undefined ? {} : { search: query['search'] }),
        ...(query['cursor'] === undefined ? {} : { cursor: query['cursor'] }),
      });
    },
  },
  {
    method: 'get',
    path: '/api/sessions/:id',
    tag: 'sessions',
    summary: 'One session with its exchanges and notes.',
    access: 'admitted',
    answer: ref('Session'),
    handle: async ({ services, params }) => {
      const session = await services.ledger.session(params['id']!);
      if (session === undefined) throw new SallyportError('not_found', `No session "${params['id']}".`);
      return session;
    },
  },
  {
    method: 'patch',
    path: '/api/sessions/:id',
    tag: 'sessions',
    summary: 'Rename, label, star, or put under legal hold.',
    access: 'person',
    body: object({
      title: text(undefined, { maxLength: 200 }),
      labels,
      starred: flag(),
      legalHold: flag('retention and forget leave it alone'),
    }),
    handle: async ({ services, params, body, person, hub }) => {
      await services.acts.label(params['id']!, body, person);
      hub.publish({ type: 'session', session: params['id']! });
    },
  },
  {
    method: 'post',
    path: '/api/sessions/:id/notes',
    tag: 'sessions',
    summary: 'Add a note; it becomes a record.',
    access: 'person',
    body: object({ text: text(undefined, { minLength: 1, maxLength: 10_000 }) }, ['text']),
    handle: async ({ services, params, body, person, hub }) => {
      await services.acts.note(params['id']!, body['text'] as string, person);
      hub.publish({ type: 'session', session: params['id']! });
    },
  },
  {
    method: 'delete',
    path: '/api/sessions/:id',
    tag: 'sessions',
    summary: 'Forget: shred content, originals and index rows; a signed record stays and the chain still verifies.',
    access: 'person',
    answer: object({ session: text(), exchanges: { type: 'integer' } }),
    handle: async ({ services, params, person, hub }) => {
      const result = await services.acts.forget(params['id']!, person);
      hub.publish({ type: 'session', session: params['id']! });
      return result;
    },
  },
  {
    method: 'get',
    path: '/api/sessions/:id/replay',
    tag: 'sessions',
    summary: 'All events with their recorded times. `nextFrom`, where present, is the exchange to go on with.',
    access: 'admitted',
    query: { from: text('exchange id') },
    answer: ref('Replay'),
    handle: async ({ services, params, query }) => {
      const data = await replayData(services.ledger, params['id']!, query['from']);
      if (data === undefined) throw new SallyportError('not_found', `No session "${params['id']}".`);
      return data;
    },
  },
  {
    method: 'get',
    path: '/api/exchanges/:id',
    tag: 'sessions',
    summary: 'One exchange with every event; content is masked.',
    access: 'admitted',
    answer: ref('Exchange'),
    handle: async ({ services, params }) => {
      const exchange = await services.ledger.exchange(params['id']!);
      if (exchange === undefined) throw new SallyportError('not_found', `No exchange "${params['id']}".`);
      return exchange;
    },
  },
  {
    method: 'post',
    path: '/api/reveal',
    tag: 'sessions',
    summary: 'Original values of a session or exchange. Recorded, with the person, before it is answered.',
    access: 'person',
    body: object({ session: text(), exchange: text(), why: text(undefined, { maxLength: 500 }) }, ['session']),
    answer: ref('Revealed'),
    handle: ({ services, body, person }) => services.reveal(body as { session: string; exchange?: string; why?: string }, person),
  },
];
