import type { AgentView } from '../../control/index.js';
import type { Context } from '../context.js';
import { expiry } from '../expiry.js';
import { asPerson } from '../person.js';
import { cleanLine, when } from '../terminal.js';

export async function list(ctx: Context, options: { all?: boolean }): Promise<void> {
  const gateway = await ctx.gateway();
  const { agents } = await gateway.call<{ agents: AgentView[] }>('GET', '/api/agents');
  const shown = options.all === true ? agents : agents.filter((agent) => state(agent) === 'live');
  ctx.print({ agents: shown }, () =>
    shown.length === 0
      ? 'No agents. `sallyport agents add NAME` makes one; `sallyport run -- COMMAND` makes one for a run.'
      : ctx.table(
          ['NAME', 'ID', 'KEY', 'STATE', 'EXPIRES', 'MAY USE'],
          shown.map((a) => [
            a.name,
            a.id,
            a.keyHint === undefined ? 'token' : `${a.keyHint}…`,
            state(a),
            a.expiresAt === undefined ? 'never' : when(a.expiresAt),
            `${a.scope.connections.join(',') || 'nothing'} · ${a.scope.models.join(',') || 'no model'}`,
          ]),
        ),
  );
}

function state(agent: AgentView): string {
  if (agent.revokedAt !== undefined) return 'revoked';
  return agent.expiresAt !== undefined && Date.parse(agent.expiresAt) <= Date.now() ? 'expired' : 'live';
}

export interface AddOptions {
  connections?: string[];
  models?: string[];
  operations?: string[];
  groups?: string[];
  expires?: string;
  cwd?: string;
}

export interface Made {
  agent: AgentView;
  key: string;
}

/** What an agent is made from; `*` where nothing is said, because who types this is a person. */
export function agentInput(name: string, options: AddOptions, now: number): object {
  return {
    name,
    scope: { connections: options.connections ?? ['*'], models: options.models ?? ['*'], operations: options.operations ?? ['*'] },
    ...(options.groups === undefined ? {} : { groups: options.groups }),
    ...(options.expires === undefined ? {} : { expiresAt: expiry(options.expires, now) }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  };
}

export async function add(ctx: Context, name: string, options: AddOptions): Promise<void> {
  const body = agentInput(name, options, Date.now());
  const gateway = await ctx.gateway();
  await asPerson(ctx, async (capability) => {
    const made = await gateway.call<Made>('POST', '/api/agents', { body, capability });
    ctx.print(made, (m) => shown(ctx, m));
  });
}

function shown(ctx: Context, { agent, key }: Made): string {
  return `Agent ${cleanLine(agent.name)} (${agent.id}). Its key is shown this once:\n\n  ${ctx.paint.bold(key)}\n\nPut it into SALLYPORT_KEY; \`sallyport env\` prints the rest.`;
}

export async function rotate(ctx: Context, id: string): Promise<void> {
  const gateway = await ctx.gateway();
  await asPerson(ctx, async (capability) => {
    const made = await gateway.call<Made>('POST', `/api/agents/${encodeURIComponent(id)}/rotate`, { capability });
    ctx.print(made, (m) => shown(ctx, m));
  });
}

export async function revoke(ctx: Context, id: string): Promise<void> {
  const gateway = await ctx.gateway();
  await asPerson(ctx, async (capability) => {
    const agent = await gateway.call<AgentView>('POST', `/api/agents/${encodeURIComponent(id)}/revoke`, { capability });
    ctx.print(agent, (a) => `The key of ${cleanLine(a.name)} ends with its next request.`);
  });
}
