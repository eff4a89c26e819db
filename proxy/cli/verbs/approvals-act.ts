import type { Approval, Grant } from '../../contract/index.js';
import type { RevealResult } from '../../control/index.js';
import { approvalText } from '../approval-text.js';
import type { Context } from '../context.js';
import { EXIT, Exit, Usage } from '../exit.js';
import { asPerson } from '../person.js';
import { clean, cleanLine, span, when } from '../terminal.js';

const path = (id: string, rest = '') => `/api/approvals/${encodeURIComponent(id)}${rest}`;

export async function list(ctx: Context, options: { all?: boolean }): Promise<void> {
  const gateway = await ctx.gateway();
  ctx.print(
    await gateway.call<{ approvals: Approval[] }>('GET', `/api/approvals${options.all === true ? '' : '?state=open'}`),
    ({ approvals }) =>
      approvals.length === 0
        ? 'Nothing waits.'
        : ctx.table(
            ['ID', 'CODE', 'STATE', 'AGENT', 'WHAT', 'RULE'],
            approvals.map((a) => [
              a.id,
              a.code,
              a.state === 'pending' ? `${span(Math.max(0, Date.parse(a.expiresAt) - Date.now()))} left` : a.state,
              a.agent.name,
              a.tool?.name ?? `${a.operation}${a.model === undefined ? '' : ` ${a.model}`}`,
              a.verdicts[0] === undefined ? '' : `${a.verdicts[0].rule}: ${a.verdicts[0].sentence}`,
            ]),
          ),
  );
}

export async function show(ctx: Context, id: string, options: { reveal?: boolean }): Promise<void> {
  const gateway = await ctx.gateway();
  const approval = await gateway.call<Approval>('GET', path(id));
  if (options.reveal !== true) {
    ctx.print(approval, (a) => approvalText(ctx, a));
    return;
  }
  await asPerson(ctx, async (capability) => {
    const revealed = await gateway.call<RevealResult>('POST', path(id, '/reveal'), { body: {}, capability });
    ctx.print({ approval, revealed }, () => `${approvalText(ctx, approval)}\n\n${originals(ctx, revealed)}`);
  });
}

/** Originals, one a line. */
export function originals(ctx: Context, revealed: RevealResult): string {
  if (revealed.originals.length === 0) return 'There are no originals to show.';
  return [
    'Originals (this look was recorded):',
    ...revealed.originals.map((o) => `  ${ctx.paint.dim(cleanLine(o.placeholder))}  ${clean(o.value)}`),
  ].join('\n');
}

export async function approve(
  ctx: Context,
  id: string,
  options: { code?: string; pattern?: string; minutes?: string; session?: boolean },
): Promise<void> {
  const minutes = Number(options.minutes ?? 60);
  if (!Number.isInteger(minutes) || minutes < 1) throw new Usage('--minutes is a whole number of minutes.');
  const gateway = await ctx.gateway();
  const seen = await gateway.call<Approval>('GET', path(id));
  if (options.code !== undefined && options.code.toUpperCase() !== seen.code.toUpperCase()) {
    throw new Usage(`The code is ${seen.code} now: this is not what you saw. Look again with \`sallyport approvals show ${id}\`.`);
  }
  if (options.code === undefined && !ctx.json) ctx.say(approvalText(ctx, seen));
  await asPerson(ctx, async (capability) => {
    const body = {
      version: seen.version,
      decision: 'approve',
      ...(options.pattern === undefined
        ? {}
        : { grant: { pattern: options.pattern, minutes, ...(options.session === true ? { session: true } : {}) } }),
    };
    ctx.print(await gateway.call<Approval>('POST', path(id, '/decision'), { body, capability }), (a) =>
      a.state === 'pending'
        ? `Noted: ${a.decisions.length} of ${a.demand.minimum} persons have approved ${a.code}.`
        : `Approved ${a.code}${a.grantId === undefined ? ', once' : `; the shape is grant ${a.grantId}`}.`,
    );
  });
}

export async function deny(ctx: Context, ids: string[], options: { reason?: string; all?: boolean }): Promise<void> {
  if (ids.length === 0 && options.all !== true) throw new Usage('Say which: one or more ids, or --all.');
  const gateway = await ctx.gateway();
  const waiting = (await gateway.call<{ approvals: Approval[] }>('GET', '/api/approvals?state=open')).approvals;
  const items = options.all === true ? waiting : await Promise.all(ids.map((id) => gateway.call<Approval>('GET', path(id))));
  if (items.length === 0) {
    ctx.print({ results: [] }, () => 'Nothing waits.');
    return;
  }
  await asPerson(ctx, async (capability) => {
    const body = {
      items: items.map(({ id, version }) => ({ id, version })),
      ...(options.reason === undefined ? {} : { reason: options.reason }),
    };
    const answer = await gateway.call<{ results: { id: string; ok: boolean; code?: string; message?: string }[] }>(
      'POST',
      '/api/approvals/deny',
      { body, capability },
    );
    ctx.print(answer, ({ results }) => results.map((r) => `${r.id}  ${r.ok ? 'denied' : `${r.code}: ${r.message}`}`).join('\n'));
    if (answer.results.some((r) => !r.ok)) throw new Exit(answer.results.some((r) => r.code === 'conflict') ? EXIT.conflict : EXIT.no);
  });
}

export async function clearDenial(ctx: Context, id: string): Promise<void> {
  const gateway = await ctx.gateway();
  await asPerson(ctx, async (capability) => {
    await gateway.call('POST', path(id, '/clear-denial'), { capability });
    ctx.print({ cleared: id }, () => 'The same may be asked again.');
  });
}

export async function grants(ctx: Context): Promise<void> {
  const gateway = await ctx.gateway();
  ctx.print(await gateway.call<{ grants: Grant[] }>('GET', '/api/grants'), ({ grants: all }) =>
    all.length === 0
      ? 'No grants.'
      : ctx.table(
          ['ID', 'AGENT', 'TOOL', 'UNTIL', 'USES', 'PATTERN'],
          all.map((g) => [g.id, g.agentId, g.tool, g.revokedAt === undefined ? when(g.expiresAt) : 'revoked', g.uses, g.pattern]),
        ),
  );
}

export async function revokeGrant(ctx: Context, id: string): Promise<void> {
  const gateway = await ctx.gateway();
  await asPerson(ctx, async (capability) => {
    ctx.print(
      await gateway.call<Grant>('DELETE', `/api/grants/${encodeURIComponent(id)}`, { capability }),
      (g) => `Grant ${g.id} ended after ${g.uses} uses.`,
    );
  });
}
