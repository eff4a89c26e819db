import { type Issuer, SallyportError } from '../../contract/index.js';
import { changed } from '../record-change.js';
import { list, object, type Route, ref, text } from '../route.js';

export const issuerRoutes: Route[] = [
  {
    method: 'get',
    path: '/api/issuers',
    tag: 'issuers',
    summary: 'OIDC issuers whose tokens are accepted and which may sign persons in.',
    access: 'admitted',
    answer: object({ issuers: list(ref('Issuer')) }),
    handle: ({ services }) => ({ issuers: services.settings.get().issuers }),
  },
  {
    method: 'put',
    path: '/api/issuers',
    tag: 'issuers',
    summary: 'Add an issuer, or replace the one with the same url.',
    access: 'person',
    body: ref('Issuer'),
    answer: ref('Issuer'),
    handle: async (call) => {
      const issuer = call.body as unknown as Issuer;
      const url = new URL(issuer.url);
      if (url.protocol === 'http:' && !['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) {
        throw new SallyportError('invalid', 'An issuer is reached by https; http is allowed on this computer only.');
      }
      await call.services.settings.update((draft) => {
        draft.issuers = [...draft.issuers.filter((i) => i.url !== issuer.url), issuer];
      });
      await changed(call, 'settings', { what: 'issuer', issuer: issuer.url });
      return issuer;
    },
  },
  {
    method: 'delete',
    path: '/api/issuers',
    tag: 'issuers',
    summary: 'Remove an issuer: its tokens are refused from the next request on.',
    access: 'person',
    query: { url: text('exact issuer') },
    handle: async (call) => {
      const url = call.query['url'];
      if (!call.services.settings.get().issuers.some((i) => i.url === url))
        throw new SallyportError('not_found', `No issuer "${url ?? ''}".`);
      await call.services.settings.update((draft) => {
        draft.issuers = draft.issuers.filter((i) => i.url !== url);
      });
      await changed(call, 'settings', { what: 'issuer-removed', issuer: url });
    },
  },
];
