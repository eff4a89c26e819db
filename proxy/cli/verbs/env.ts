import { agentEnvironment } from '../agent-env.js';
import type { Context } from '../context.js';
import { Usage } from '../exit.js';
import { asPerson } from '../person.js';
import { agentInput, type Made } from './agents-act.js';

interface EnvOptions {
  mint?: string | boolean;
  expires?: string;
  connection?: string[];
  shell?: string;
}

export async function env(ctx: Context, options: EnvOptions): Promise<void> {
  const shell = options.shell ?? 'sh';
  if (!(shell in QUOTING)) throw new Usage(`--shell is one of ${Object.keys(QUOTING).join(', ')}.`);
  const gateway = await ctx.gateway();
  if (options.mint === undefined) {
    const own = ctx.io.env['SALLYPORT_KEY'];
    print(
      ctx,
      shell,
      await agentEnvironment(gateway, own === undefined || own === '' ? KEY_PLACE : own, options.connection),
      own === undefined || own === '',
    );
    return;
  }
  const now = Date.now();
  const name = typeof options.mint === 'string' ? options.mint : `env ${new Date(now).toISOString().slice(0, 19)}`;
  const body = agentInput(
    name,
    { expires: options.expires ?? '8h', ...(options.connection === undefined ? {} : { connections: options.connection }) },
    now,
  );
  await asPerson(ctx, async (capability) => {
    const { agent, key } = await gateway.call<Made>('POST', '/api/agents', { body, capability });
    if (!ctx.json) ctx.say(`# key ${agent.keyHint ?? ''}… of agent "${agent.name}", until ${agent.expiresAt ?? 'revoked'}`);
    print(ctx, shell, await agentEnvironment(gateway, key, options.connection), false);
  });
}

/** Stands for the key where none is printed. */
const KEY_PLACE = '\u0000key';

function print(ctx: Context, shell: string, variables: Record<string, string>, withoutKey: boolean): void {
  const entries = Object.entries(variables).filter(([name]) => !(withoutKey && name === 'SALLYPORT_KEY'));
  if (ctx.json) {
    ctx.print(Object.fromEntries(entries.map(([name, value]) => [name, value === KEY_PLACE ? '$SALLYPORT_KEY' : value])), () => '');
    return;
  }
  const quote = QUOTING[shell]!;
  ctx.io.out(`${entries.map(([name, value]) => quote(name, value === KEY_PLACE ? undefined : value)).join('\n')}\n`);
  if (withoutKey && shell === 'sh') ctx.say('# set SALLYPORT_KEY first, or use --mint');
}

/** A line that sets a variable, in each shell's own quoting; undefined = the value of SALLYPORT_KEY. */
const QUOTING: Record<string, (name: string, value: string | undefined) => string> = {
  sh: (name, value) => `export ${name}=${value === undefined ? '"$SALLYPORT_KEY"' : `'${value.replaceAll("'", "'\\''")}'`}`,
  fish: (name, value) => `set -gx ${name} ${value === undefined ? '"$SALLYPORT_KEY"' : `'${value.replace(/[\\']/g, '\\$&')}'`}`,
  powershell: (name, value) => `$env:${name} = ${value === undefined ? '$env:SALLYPORT_KEY' : `'${value.replaceAll("'", "''")}'`}`,
  dotenv: (name, value) => `${name}=${value === undefined ? '${SALLYPORT_KEY}' : JSON.stringify(value)}`,
};
