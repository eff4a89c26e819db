import { SallyportError } from '../../contract/index.js';
import { changed } from '../record-change.js';
import { type Route, ref, type Schema } from '../route.js';
import { applyPatch, localOnlyPaths, settingsView } from '../settings-patch.js';

/** What may be patched; connections, agents and issuers have routes of their own. The settings room validates the values. */
const part: Schema = { type: 'object' };
const patchSchema: Schema = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    listen: part,
    limits: part,
    policy: part,
    approvals: part,
    identity: part,
    ledger: part,
    detection: part,
    budgets: { type: 'array' },
    preferences: part,
  },
};

export const settingsRoutes: Route[] = [
  {
    method: 'get',
    path: '/api/settings',
    tag: 'settings',
    summary: 'Settings, without hashes of keys.',
    access: 'admitted',
    answer: ref('Settings'),
    handle: ({ services }) => ({
      settings: settingsView(services.settings.get()),
      directory: services.settings.directory,
      ...(services.settings.problem === undefined ? {} : { problem: services.settings.problem }),
    }),
  },
  {
    method: 'patch',
    path: '/api/settings',
    tag: 'settings',
    summary: 'Change settings: objects are merged, lists and values replaced, null removes.',
    access: 'person',
    body: patchSchema,
    answer: ref('Settings'),
    handle: async (call) => {
      const local = localOnlyPaths(call.body);
      if (local.length > 0 && call.face !== 'socket') {
        throw new SallyportError(
          'forbidden',
          `${local.join(', ')} names files, hosts or variables for this machine and is set by the CLI on it or in settings.json.`,
        );
      }
      const before = call.services.policies.current().revision;
      const settings = await call.services.settings.update((draft) => applyPatch(draft as unknown as Record<string, unknown>, call.body));
      const { revision } = call.services.policies.current();
      if (revision !== before) call.services.approvals.invalidate({ policyRevision: revision });
      await changed(call, 'settings', { what: 'settings', fields: Object.keys(call.body) });
      return { settings: settingsView(settings), directory: call.services.settings.directory };
    },
  },
];
