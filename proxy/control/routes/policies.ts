import type { PresetName } from '../../contract/index.js';
import type { BacktestInput } from '../../policy/index.js';
import { flag, list, object, type Route, ref, text } from '../route.js';

const source = text('YAML or JSON', { minLength: 1, maxLength: 1_000_000 });
const iso = text('ISO 8601', { pattern: '^\\d{4}-\\d\\d-\\d\\d' });

/** Changes of policy are recorded by the policy store itself, before they take effect. */
export const policyRoutes: Route[] = [
  {
    method: 'get',
    path: '/api/policy',
    tag: 'policies',
    summary: 'What judges now: preset, files, revision, managed or not.',
    access: 'admitted',
    answer: object({ preset: text(), revision: text(), managed: flag(), files: list(text()) }),
    handle: ({ services }) => {
      const { preset, revision, managed } = services.policies.current();
      return { preset, revision, managed, files: services.settings.get().policy.files };
    },
  },
  {
    method: 'put',
    path: '/api/policy/preset',
    tag: 'policies',
    summary: 'Choose the preset that the rules stand on.',
    access: 'person',
    body: object({ preset: { enum: ['observe', 'balanced', 'strict'] } }, ['preset']),
    answer: object({ preset: text(), revision: text() }),
    handle: async (call) => {
      await call.services.policies.setPreset(call.body['preset'] as PresetName, call.person);
      const { preset, revision } = call.services.policies.current();
      call.services.approvals.invalidate({ policyRevision: revision });
      call.hub.publish({ type: 'settings' });
      return { preset, revision };
    },
  },
  {
    method: 'post',
    path: '/api/policy/validate',
    tag: 'policies',
    summary: 'Parse and check a draft and run its examples; nothing is saved.',
    access: 'admitted',
    body: object({ source }, ['source']),
    answer: ref('PolicyCheck'),
    handle: ({ services, body }) => services.policies.validate(body['source'] as string),
  },
  {
    method: 'post',
    path: '/api/policy/backtest',
    tag: 'policies',
    summary: 'Run a draft over recorded sessions. Answers a job; its result lists what would change, likely false alarms first.',
    access: 'admitted',
    body: object(
      {
        source,
        name: text(),
        since: iso,
        until: iso,
        agent: text(),
        limit: { type: 'integer', minimum: 1 },
        originals: flag('judge with originals put back: needs a person, and is recorded'),
      },
      ['source'],
    ),
    answer: ref('Job'),
    status: 202,
    handle: async (call) => {
      const input = call.body as unknown as BacktestInput;
      if (input.originals) {
        const person = call.requirePerson();
        const { since, until, agent } = input;
        const meta = { what: 'backtest', person: person.id, personName: person.name, via: person.via };
        await call.services.acts.record({
          kind: 'reveal',
          meta: { ...meta, ...(since ? { since } : {}), ...(until ? { until } : {}), ...(agent ? { agent } : {}) },
        });
      }
      return call.jobs.start('backtest', (options) => call.services.policies.backtest(input, options));
    },
  },
  {
    method: 'get',
    path: '/api/policies',
    tag: 'policies',
    summary: 'Presets, the files of the user and the managed policy.',
    access: 'admitted',
    answer: object({ policies: list(ref('Policy')) }),
    handle: ({ services }) => ({ policies: services.policies.list() }),
  },
  {
    method: 'get',
    path: '/api/policies/:name',
    tag: 'policies',
    summary: 'Source of one policy.',
    access: 'admitted',
    answer: ref('PolicySource'),
    handle: ({ services, params }) => services.policies.read(params['name']!),
  },
  {
    method: 'put',
    path: '/api/policies/:name',
    tag: 'policies',
    summary: 'Save a policy: it is validated, its examples are run, and it judges from the next request on.',
    access: 'person',
    body: object({ source, revision: text('the one that was read; another one now means conflict'), activate: flag() }, ['source']),
    answer: ref('Policy'),
    handle: async (call) => {
      const { params, body, services, person } = call;
      const saved = await services.policies.save(
        { name: params['name']!, ...(body as { source: string; revision?: string; activate?: boolean }) },
        person,
      );
      const { revision } = services.policies.current();
      services.approvals.invalidate({ policyRevision: revision });
      call.hub.publish({ type: 'settings' });
      return saved;
    },
  },
  {
    method: 'delete',
    path: '/api/policies/:name',
    tag: 'policies',
    summary: 'Remove a policy of the user.',
    access: 'person',
    handle: async (call) => {
      await call.services.policies.remove(call.params['name']!, call.person);
      const { revision } = call.services.policies.current();
      call.services.approvals.invalidate({ policyRevision: revision });
      call.hub.publish({ type: 'settings' });
    },
  },
  {
    method: 'get',
    path: '/api/exchanges/:id/explain',
    tag: 'policies',
    summary: 'Which rules matched, which won, and the nearest that did not.',
    access: 'admitted',
    answer: ref('Explanation'),
    handle: ({ services, params }) => services.policies.explain(params['id']!),
  },
];
