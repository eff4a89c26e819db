import { SallyportError } from '../../contract/index.js';
import { changed } from '../record-change.js';
import { flag, list, object, type Route, text } from '../route.js';
import { localOnlyChanges } from '../settings-patch.js';

const passphrase = text('encrypts our own secrets in the backup; without it they are left out', { minLength: 8, maxLength: 1024 });

export const upkeepRoutes: Route[] = [
  {
    method: 'get',
    path: '/api/demo',
    tag: 'upkeep',
    summary: 'Is the embedded demo workspace open?',
    access: 'admitted',
    answer: object({ open: flag(), available: flag() }),
    handle: ({ services }) => services.demo.state(),
  },
  {
    method: 'post',
    path: '/api/demo/open',
    tag: 'upkeep',
    summary: 'Open the embedded demo workspace.',
    access: 'person',
    handle: async (call) => {
      await call.services.demo.open(call.person);
      await changed(call, 'settings', { what: 'demo-opened' });
      return call.services.demo.state();
    },
    answer: object({ open: flag(), available: flag() }),
  },
  {
    method: 'post',
    path: '/api/demo/close',
    tag: 'upkeep',
    summary: 'Remove the demo workspace: its agents, connections and data, in one action.',
    access: 'person',
    handle: async (call) => {
      await call.services.demo.close(call.person);
      await changed(call, 'settings', { what: 'demo-removed' });
      return call.services.demo.state();
    },
    answer: object({ open: flag(), available: flag() }),
  },
  {
    method: 'post',
    path: '/api/backup',
    tag: 'upkeep',
    summary: 'Settings, policies and public keys (our own secrets only under a passphrase); never a provider key.',
    access: 'person',
    body: object({ passphrase }),
    answer: object({ filename: text(), document: {} }),
    handle: async (call) => {
      const made = await call.services.backup(call.body as { passphrase?: string }, call.person);
      await call.services.acts.record({
        kind: 'export',
        meta: { what: 'backup', person: call.person.id, secrets: call.body['passphrase'] !== undefined },
      });
      return made;
    },
  },
  {
    method: 'post',
    path: '/api/restore',
    tag: 'upkeep',
    summary: 'Put a backup in place; says what has to be given again (keys). `dryRun` changes nothing.',
    access: 'person',
    body: object({ document: { type: 'object' }, passphrase, dryRun: flag() }, ['document']),
    answer: object({ restored: list(text()), missing: list(text()) }),
    handle: async (call) => {
      if (call.face !== 'socket' && /"(file|command):/.test(JSON.stringify(call.body['document']))) {
        throw new SallyportError('forbidden', 'This backup holds file: or command: references; restore it by the CLI on this machine.');
      }
      const { settings } = call.body['document'] as { settings?: unknown };
      const local = call.face === 'socket' ? [] : localOnlyChanges(call.services.settings.get(), settings);
      if (local.length > 0) {
        const what = `This backup changes ${local.join(', ')}, which names files, hosts or variables for this machine`;
        throw new SallyportError('forbidden', `${what}; restore it by the CLI on this machine.`);
      }
      const result = await call.services.restore(call.body as { document: unknown; passphrase?: string; dryRun?: boolean }, call.person);
      if (call.body['dryRun'] !== true) await changed(call, 'settings', { what: 'restored', restored: result.restored });
      return result;
    },
  },
  {
    method: 'get',
    path: '/api/diagnostics',
    tag: 'upkeep',
    summary: 'What a maintainer needs to see; no secrets, no content.',
    access: 'admitted',
    answer: object({ generatedAt: text() }),
    handle: async ({ services, options, hub, jobs }) => ({
      generatedAt: new Date().toISOString(),
      version: options.version,
      control: { eventReaders: hub.size, jobs: jobs.list().map(({ result: _, ...job }) => job) },
      ...(await services.diagnostics()),
    }),
  },
  {
    method: 'post',
    path: '/api/shutdown',
    tag: 'upkeep',
    summary: 'Drain, seal the ledger and stop.',
    access: 'person',
    status: 202,
    body: object({ reason: text(undefined, { maxLength: 200 }) }),
    answer: object({ stopping: flag() }),
    handle: ({ services, body, person }) => {
      services.shutdown(`${person.name}: ${(body['reason'] as string | undefined) ?? 'asked through the control API'}`);
      return { stopping: true };
    },
  },
];
