import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { agentEnvironment } from '../agent-env.js';
import { PROVIDER_KEYS } from '../bypass.js';
import type { Context } from '../context.js';
import { EXIT, Exit, Usage } from '../exit.js';
import { asPerson } from '../person.js';
import { agentInput, type Made } from './agents-act.js';

interface RunOptions {
  name?: string;
  connections?: string[];
  models?: string[];
  expires?: string;
  isolate?: boolean;
  keepEnv?: string[];
}

export async function runCommand(ctx: Context, command: string[], options: RunOptions): Promise<void> {
  if (options.isolate === true) {
    const { isolationProblem } = await import('../isolate.js');
    const problem = isolationProblem();
    if (problem !== undefined) throw new Usage(problem);
  }
  const gateway = await ctx.gateway();
  const given = ctx.io.env['SALLYPORT_KEY'];
  if (given !== undefined && given !== '') {
    throw new Exit(await start(ctx, command, options, await agentEnvironment(gateway, given, options.connections)));
  }
  await asPerson(ctx, async (capability) => {
    const now = Date.now();
    const name = options.name ?? `run: ${command.join(' ').slice(0, 50)} ${new Date(now).toISOString().slice(0, 19)}Z`;
    const body = agentInput(name, { ...options, expires: options.expires ?? '12h', cwd: ctx.io.cwd }, now);
    const { agent, key } = await gateway.call<Made>('POST', '/api/agents', { body, capability });
    let code: number;
    try {
      code = await start(ctx, command, options, await agentEnvironment(gateway, key, options.connections));
    } finally {
      await gateway.call('POST', `/api/agents/${encodeURIComponent(agent.id)}/revoke`, { capability }).catch((error: Error) => {
        ctx.say(`The key of this run could not be revoked (${error.message}); it ends by itself at ${agent.expiresAt ?? 'its expiry'}.`);
      });
    }
    throw new Exit(code);
  });
}

/** The environment of the child: ours, without provider keys and without what lets it decide as a person. */
export function childEnvironment(env: NodeJS.ProcessEnv, own: Record<string, string>, keep: readonly string[] = []): NodeJS.ProcessEnv {
  const out: NodeJS.ProcessEnv = { ...env };
  for (const name of Object.keys(PROVIDER_KEYS)) if (!keep.includes(name)) delete out[name];
  delete out['SALLYPORT_PERSON'];
  return { ...out, ...own };
}

async function start(ctx: Context, command: string[], options: RunOptions, own: Record<string, string>): Promise<number> {
  const env = childEnvironment(ctx.io.env, own, options.keepEnv);
  let [program, ...args] = command as [string, ...string[]];
  if (options.isolate === true) {
    const { bwrapArguments } = await import('../isolate.js');
    const gateway = await ctx.gateway();
    args = [...bwrapArguments({ directory: ctx.directory, socket: gateway.address.socket }, env, process.stdin.isTTY === true), ...command];
    program = 'bwrap';
  }
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: 'inherit', env, cwd: ctx.io.cwd });
    // A terminal sends Ctrl-C to both; a plain kill reaches only us and is passed on.
    const off = ctx.io.onInterrupt(() => {
      if (process.stdin.isTTY !== true) child.kill('SIGTERM');
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      off();
      fail(error.code === 'ENOENT' ? new Usage(`${program} was not found.`) : error);
    });
    child.once('exit', (code, signal) => {
      off();
      done(signal === null ? (code ?? EXIT.internal) : 128 + (constants.signals[signal] ?? 0));
    });
  });
}
