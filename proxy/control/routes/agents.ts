import { type Agent, SallyportError, type Scope } from '../../contract/index.js';
import { findConnection } from '../connection-rules.js';
import { changed } from '../record-change.js';
import { list, object, type Route, ref, text } from '../route.js';
import { environmentFor, snippetsFor } from '../snippets.js';
import type { AgentView, ControlServices } from '../types.js';

const fields = {
  name: text('for people', { minLength: 1, maxLength: 100 }),
  groups: list(text()),
  scope: ref('Scope'),
  expiresAt: text('ISO 8601', { pattern: '^\\d{4}-\\d\\d-\\d\\dT.*(Z|[+-]\\d\\d:\\d\\d)$' }),
  cwd: text('working folder of the agent', { maxLength: 4096 }),
};

function view({ keyHash: _, ...agent }: Agent): AgentView {
  return agent;
}

function find(services: ControlServices, id: string): Agent {
  const agent = services.agents.list().find((a) => a.id === id) ?? services.agents.list().find((a) => a.name === id);
  if (agent === undefined) throw new SallyportError('not_found', `No agent "${id}".`);
  return agent;
}

export const agentRoutes: Route[] = [
  {
    method: 'get',
    path: '/api/agents',
    tag: 'agents',
    summary: 'All agents; no keys and no hashes.',
    access: 'admitted',
    answer: object({ agents: list(ref('Agent')) }),
    handle: ({ services }) => ({ agents: services.agents.list().map(view) }),
  },
  {
    method: 'post',
    path: '/api/agents',
    tag: 'agents',
    summary: 'Make an agent. The key stands in the answer this once.',
    access: 'person',
    body: object(
      {
        ...fields,
        owner: text('person id; whoever asks, where absent'),
        subject: object({ issuer: text(), sub: text() }, ['issuer', 'sub']),
      },
      ['name'],
    ),
    answer: ref('AgentWithKey'),
    status: 201,
    handle: async (call) => {
      const input = call.body as {
        name: string;
        owner?: string;
        groups?: string[];
        scope?: Partial<Scope>;
        expiresAt?: string;
        cwd?: string;
      };
      const made = await call.services.agents.create({ ...input, owner: input.owner ?? call.person.id });
      await changed(call, 'settings', { what: 'agent-created', agent: made.agent.id, name: made.agent.name });
      return { agent: view(made.agent), key: made.key };
    },
  },
  {
    method: 'get',
    path: '/api/agents/:id',
    tag: 'agents',
    summary: 'One agent, by id or name.',
    access: 'admitted',
    answer: ref('Agent'),
    handle: ({ services, params }) => view(find(services, params['id']!)),
  },
  {
    method: 'patch',
    path: '/api/agents/:id',
    tag: 'agents',
    summary: 'Change name, groups, scope, expiry or working folder.',
    access: 'person',
    body: object(fields),
    answer: ref('Agent'),
    handle: async (call) => {
      const agent = await call.services.agents.update(find(call.services, call.params['id']!).id, call.body);
      call.services.approvals.invalidate({ agentId: agent.id });
      await changed(call, 'settings', { what: 'agent-changed', agent: agent.id, fields: Object.keys(call.body) });
      return view(agent);
    },
  },
  {
    method: 'delete',
    path: '/api/agents/:id',
    tag: 'agents',
    summary: 'Take a revoked or expired agent off the list. Its records stay.',
    access: 'person',
    handle: async (call) => {
      const agent = find(call.services, call.params['id']!);
      const expired = agent.expiresAt !== undefined && Date.parse(agent.expiresAt) <= Date.now();
      if (agent.revokedAt === undefined && !expired)
        throw new SallyportError('conflict', `Agent "${agent.name}" is live; revoke it first.`);
      await call.services.settings.update((draft) => {
        draft.agents = draft.agents.filter((a) => a.id !== agent.id);
      });
      await changed(call, 'settings', { what: 'agent-removed', agent: agent.id, name: agent.name });
    },
  },
  {
    method: 'post',
    path: '/api/agents/:id/rotate',
    tag: 'agents',
    summary: 'A new key; the old one ends with the next request.',
    access: 'person',
    answer: ref('AgentWithKey'),
    handle: async (call) => {
      const made = await call.services.agents.rotate(find(call.services, call.params['id']!).id);
      call.services.approvals.invalidate({ agentId: made.agent.id });
      await changed(call, 'settings', { what: 'agent-rotated', agent: made.agent.id });
      return { agent: view(made.agent), key: made.key };
    },
  },
  {
    method: 'post',
    path: '/api/agents/:id/revoke',
    tag: 'agents',
    summary: 'End the key with the next request.',
    access: 'person',
    answer: ref('Agent'),
    handle: async (call) => {
      const agent = await call.services.agents.revoke(find(call.services, call.params['id']!).id);
      call.services.approvals.invalidate({ agentId: agent.id });
      await changed(call, 'settings', { what: 'agent-revoked', agent: agent.id });
      return view(agent);
    },
  },
  {
    method: 'get',
    path: '/api/snippets',
    tag: 'agents',
    summary: 'What to paste into an agent, for one connection or all. The key is read from SALLYPORT_KEY.',
    access: 'admitted',
    query: { connection: text('name'), model: text('stands in the snippet') },
    answer: ref('Snippets'),
    handle: ({ services, query }) => {
      const { baseUrl } = services.status();
      const connections =
        query['connection'] === undefined ? services.settings.get().connections : [findConnection(services, query['connection'])];
      return {
        baseUrl,
        environment: environmentFor(connections, baseUrl, '$SALLYPORT_KEY'),
        snippets: connections.flatMap((c) => snippetsFor(c, baseUrl, query['model']).map((s) => ({ ...s, connection: c.name }))),
      };
    },
  },
];
