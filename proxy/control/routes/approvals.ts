import { type Approval, SallyportError } from '../../contract/index.js';
import { flag, list, object, type Route, ref, text } from '../route.js';
import type { ControlServices } from '../types.js';

const reason = text('reaches the agent', { maxLength: 1000 });
const version = { type: 'integer', minimum: 0, description: 'the version that was looked at; another one now means conflict' };
const STATES = ['open', 'ended', 'pending', 'approved', 'denied', 'expired', 'withdrawn', 'void', 'used'];

function find(services: ControlServices, id: string): Approval {
  const approval = services.approvals.get(id);
  if (approval === undefined) throw new SallyportError('not_found', `No approval "${id}".`);
  return approval;
}

type Decision = Parameters<ControlServices['approvals']['decide']>[1];

export const approvalRoutes: Route[] = [
  {
    method: 'get',
    path: '/api/approvals',
    tag: 'approvals',
    summary: 'The inbox: what waits (`state=open`), and what was decided.',
    access: 'admitted',
    query: { state: { enum: STATES, description: '`open` waits, `ended` does not' }, agent: text('agent id') },
    answer: object({ approvals: list(ref('Approval')) }),
    handle: ({ services, query }) => {
      const state = query['state'];
      if (state !== undefined && !STATES.includes(state)) throw new SallyportError('invalid', `state is one of ${STATES.join(', ')}.`);
      return {
        approvals: services.approvals.list({
          ...(state === undefined ? {} : { state: state as Approval['state'] | 'open' | 'ended' }),
          ...(query['agent'] === undefined ? {} : { agent: query['agent'] }),
        }),
      };
    },
  },
  {
    method: 'get',
    path: '/api/approvals/quality',
    tag: 'approvals',
    summary: 'How people decide: time to decide, share approved in under two seconds. Kept here only.',
    access: 'admitted',
    answer: ref('ApprovalQuality'),
    handle: ({ services }) => services.approvals.quality(),
  },
  {
    method: 'post',
    path: '/api/approvals/deny',
    tag: 'approvals',
    summary: 'Deny many at once. Each has its own outcome; one conflict stops no other.',
    access: 'person',
    body: object({ items: { ...list(object({ id: text(), version }, ['id', 'version'])), minItems: 1, maxItems: 500 }, reason }, ['items']),
    answer: object({ results: list(object({ id: text(), ok: flag(), code: text(), message: text() })) }),
    handle: async ({ services, body, person }) => {
      const { items, reason: why } = body as { items: { id: string; version: number }[]; reason?: string };
      const results = await Promise.all(
        items.map(async (item) => {
          try {
            await services.approvals.decide(
              item.id,
              { version: item.version, decision: 'deny', ...(why === undefined ? {} : { reason: why }) },
              person,
            );
            return { id: item.id, ok: true };
          } catch (error) {
            if (!(error instanceof SallyportError)) throw error;
            return { id: item.id, ok: false, code: error.code, message: error.message };
          }
        }),
      );
      return { results };
    },
  },
  {
    method: 'get',
    path: '/api/approvals/:id',
    tag: 'approvals',
    summary: 'One approval: exactly what would be sent or executed (masked), facts, rules, time left.',
    access: 'admitted',
    answer: ref('Approval'),
    handle: ({ services, params }) => find(services, params['id']!),
  },
  {
    method: 'post',
    path: '/api/approvals/:id/decision',
    tag: 'approvals',
    summary: 'Approve (perhaps edited, perhaps with a grant) or deny.',
    access: 'person',
    body: object(
      {
        version,
        decision: { enum: ['approve', 'deny'] },
        reason,
        edited: list(object({ partId: text(), text: text('masked form, in place of the part') }, ['partId', 'text'])),
        grant: object(
          {
            pattern: text('over the masked arguments; * stands for any run without quotes or newlines', {
              minLength: 1,
              maxLength: 10_000,
            }),
            minutes: { type: 'integer', minimum: 1, maximum: 43_200 },
            session: flag('for this session only'),
          },
          ['pattern', 'minutes'],
        ),
        forced: flag('marked for ever'),
      },
      ['version', 'decision'],
    ),
    answer: ref('Approval'),
    handle: ({ services, params, body, person }) => services.approvals.decide(params['id']!, body as unknown as Decision, person),
  },
  {
    method: 'post',
    path: '/api/approvals/:id/clear-denial',
    tag: 'approvals',
    summary: 'Forget a sticky denial, so that the same may be asked again.',
    access: 'person',
    handle: async ({ services, params, person }) => {
      find(services, params['id']!);
      await services.approvals.clearDenial(params['id']!, person);
    },
  },
  {
    method: 'post',
    path: '/api/approvals/:id/reveal',
    tag: 'approvals',
    summary: 'The original values behind the placeholders that this approval shows. Recorded before it is answered.',
    access: 'person',
    body: object({ why: text(undefined, { maxLength: 500 }) }),
    answer: ref('Revealed'),
    handle: ({ services, params, body, person }) => {
      const approval = find(services, params['id']!);
      const placeholders = [...new Set(approval.shown.flatMap((s) => s.text.match(/\b[A-Z][A-Z0-9_]*_[a-z2-7]{8,}\b/g) ?? []))];
      return services.reveal(
        {
          session: approval.session,
          placeholders,
          ...(body['why'] === undefined ? {} : { why: body['why'] as string }),
        },
        person,
      );
    },
  },
  {
    method: 'get',
    path: '/api/approvals/:id/pattern',
    tag: 'approvals',
    summary:
      'The pattern that covers exactly what this approval shows, and, after three alike approvals, a narrow one that covers them all.',
    access: 'admitted',
    answer: object({
      pattern: text(),
      suggestion: object({ pattern: text(), tool: text(), rules: list(text()), alike: { type: 'integer' } }),
    }),
    handle: ({ services, params }) => {
      find(services, params['id']!);
      return { pattern: services.approvals.patternOf(params['id']!), suggestion: services.approvals.suggestGrant(params['id']!) };
    },
  },
  {
    method: 'get',
    path: '/api/grants',
    tag: 'approvals',
    summary: 'Standing approvals of a shape, with their uses.',
    access: 'admitted',
    answer: object({ grants: list(ref('Grant')) }),
    handle: ({ services }) => ({ grants: services.approvals.grants() }),
  },
  {
    method: 'delete',
    path: '/api/grants/:id',
    tag: 'approvals',
    summary: 'Revoke a grant at once.',
    access: 'person',
    answer: ref('Grant'),
    handle: ({ services, params, person }) => services.approvals.revokeGrant(params['id']!, person),
  },
];
