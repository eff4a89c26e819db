import { SallyportError } from '../../contract/index.js';
import { object, type Route, text } from '../route.js';

/**
 * Lines that `sallyport doctor --fix` took out of files, kept in the secret store so that they can be put back exactly. They hold
 * provider keys: only a person may read one again, and that is recorded.
 */
const secretName = (id: string | undefined): string => {
  if (id === undefined || !/^[0-9a-f]{10}$/.test(id)) throw new SallyportError('not_found', 'No such change.');
  return `doctor-${id}`;
};

export const doctorRoutes: Route[] = [
  {
    method: 'put',
    path: '/api/doctor/kept/:id',
    tag: 'doctor',
    summary: 'Keep a line that is taken out of a file, in the OS keychain.',
    access: 'person',
    body: object({ value: text('the line', { minLength: 1, maxLength: 8192 }) }, ['value']),
    handle: async ({ services, params, body, person }) => {
      const { secrets } = services.credentials;
      if (!secrets.acceptsProviderKeys) {
        throw new SallyportError(
          'keychain_unavailable',
          `Keys are not kept in ${secrets.kind}; nothing was moved. See \`sallyport doctor\` about the keychain.`,
        );
      }
      await secrets.set(secretName(params['id']), body['value'] as string);
      await services.acts.record({ kind: 'settings', meta: { what: 'doctor-kept', id: params['id'], person: person.id } });
    },
  },
  {
    method: 'post',
    path: '/api/doctor/kept/:id/read',
    tag: 'doctor',
    summary: 'Read a kept line, to put it back. Recorded.',
    access: 'person',
    answer: object({ value: text() }, ['value']),
    handle: async ({ services, params, person, face }) => {
      if (face !== 'socket') throw new SallyportError('forbidden', 'A kept line is put back by `sallyport doctor --undo` on that machine.');
      const name = secretName(params['id']);
      await services.acts.record({ kind: 'reveal', meta: { what: 'doctor-undo', id: params['id'], person: person.id } });
      const value = await services.credentials.secrets.get(name);
      if (value === undefined) throw new SallyportError('not_found', 'That line is not kept (any more).');
      return { value };
    },
  },
  {
    method: 'delete',
    path: '/api/doctor/kept/:id',
    tag: 'doctor',
    summary: 'Forget a kept line.',
    access: 'person',
    handle: async ({ services, params }) => {
      await services.credentials.secrets.delete(secretName(params['id']));
    },
  },
];
