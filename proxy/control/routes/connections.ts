import { type Connection, SallyportError } from '../../contract/index.js';
import { connectionView, credentialAllowed, findConnection } from '../connection-rules.js';
import { changed } from '../record-change.js';
import { list, object, type Route, ref } from '../route.js';
import { CONNECTION_FIELDS } from '../schemas.js';

const { name: _name, key: _key, dialect: _dialect, ...changeable } = CONNECTION_FIELDS;
type Input = Partial<Connection> & { key?: string };

export const connectionRoutes: Route[] = [
  {
    method: 'get',
    path: '/api/connections',
    tag: 'connections',
    summary: 'All connections; no keys.',
    access: 'admitted',
    answer: object({ connections: list(ref('Connection')) }),
    handle: ({ services }) => ({ connections: services.settings.get().connections.map(connectionView) }),
  },
  {
    method: 'post',
    path: '/api/connections',
    tag: 'connections',
    summary: 'Add a connection; a `key` goes to the OS keychain.',
    access: 'person',
    body: object(CONNECTION_FIELDS, ['name', 'dialect', 'origin']),
    answer: ref('Connection'),
    status: 201,
    handle: async (call) => {
      const { key, ...input } = call.body as unknown as Input & { name: string };
      if (key !== undefined && input.credential !== undefined) {
        throw new SallyportError('invalid', 'Give either `key` (kept in the keychain) or `credential` (where it is kept), not both.');
      }
      if (call.services.settings.get().connections.some((c) => c.name === input.name)) {
        throw new SallyportError('conflict', `There is a connection "${input.name}" already.`);
      }
      const origin = new URL(input.origin!).origin;
      const reference = key === undefined ? (input.credential ?? 'none') : await call.services.credentials.store(input.name, key, origin);
      credentialAllowed(reference, call.face, key !== undefined);
      const connection = { pathPrefix: '', ...input, origin, credential: reference, credentialOrigin: origin } as Connection;
      try {
        await call.services.settings.update((draft) => {
          if (draft.connections.some((c) => c.name === connection.name)) {
            throw new SallyportError('conflict', `There is a connection "${connection.name}" already.`);
          }
          draft.connections.push(connection);
        });
      } catch (error) {
        if (key !== undefined) await call.services.credentials.forget(reference).catch(() => undefined);
        throw error;
      }
      await changed(call, 'settings', { what: 'connection-added', connection: connection.name, origin });
      return connectionView(connection);
    },
  },
  {
    method: 'get',
    path: '/api/connections/:name',
    tag: 'connections',
    summary: 'One connection.',
    access: 'admitted',
    answer: ref('Connection'),
    handle: ({ services, params }) => connectionView(findConnection(services, params['name']!)),
  },
  {
    method: 'patch',
    path: '/api/connections/:name',
    tag: 'connections',
    summary: 'Change a connection. A new origin makes its key unusable until it is given again.',
    access: 'person',
    body: object(changeable),
    answer: ref('Connection'),
    handle: async (call) => {
      const name = call.params['name']!;
      const input = call.body as Input;
      findConnection(call.services, name);
      if (input.credential !== undefined) credentialAllowed(input.credential, call.face, false);
      const origin = input.origin === undefined ? undefined : new URL(input.origin).origin;
      await call.services.settings.update((draft) => {
        const connection = draft.connections.find((c) => c.name === name);
        if (connection === undefined) throw new SallyportError('not_found', `No connection "${name}".`);
        Object.assign(connection, input, origin === undefined ? {} : { origin });
        // A credential that is given in the same call is given for the origin of this call.
        if (input.credential !== undefined) connection.credentialOrigin = connection.origin;
      });
      await changed(call, 'settings', {
        what: 'connection-changed',
        connection: name,
        fields: Object.keys(input),
        ...(origin ? { origin } : {}),
      });
      return connectionView(findConnection(call.services, name));
    },
  },
  {
    method: 'delete',
    path: '/api/connections/:name',
    tag: 'connections',
    summary: 'Remove a connection, and its key from the keychain.',
    access: 'person',
    handle: async (call) => {
      const name = call.params['name']!;
      const connection = findConnection(call.services, name);
      await call.services.settings.update((draft) => {
        draft.connections = draft.connections.filter((c) => c.name !== name);
      });
      if (connection.credential.startsWith('keychain:')) await call.services.credentials.forget(connection.credential);
      await changed(call, 'settings', { what: 'connection-removed', connection: name });
    },
  },
  {
    method: 'put',
    path: '/api/connections/:name/key',
    tag: 'connections',
    summary: "Give the connection's key (again): it goes to the OS keychain, bound to the present origin.",
    access: 'person',
    body: object({ key: CONNECTION_FIELDS['key']! }, ['key']),
    answer: ref('Connection'),
    handle: async (call) => {
      const name = call.params['name']!;
      const before = findConnection(call.services, name);
      const reference = await call.services.credentials.store(name, call.body['key'] as string, before.origin);
      await call.services.settings.update((draft) => {
        const connection = draft.connections.find((c) => c.name === name);
        if (connection === undefined || connection.origin !== before.origin) {
          throw new SallyportError(
            'conflict',
            `Connection "${name}" changed while its key was stored; look at its origin and give the key again.`,
          );
        }
        connection.credential = reference;
        connection.credentialOrigin = connection.origin;
      });
      await changed(call, 'settings', { what: 'connection-key', connection: name, origin: before.origin });
      return connectionView(findConnection(call.services, name));
    },
  },
  {
    method: 'post',
    path: '/api/connections/:name/test',
    tag: 'connections',
    summary: 'One harmless request with the real key.',
    access: 'admitted',
    answer: ref('ConnectionTest'),
    handle: ({ services, params, signal }) => {
      findConnection(services, params['name']!);
      return services.testConnection(params['name']!, signal);
    },
  },
];
