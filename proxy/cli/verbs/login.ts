import { SallyportError } from '../../contract/index.js';
import type { Context } from '../context.js';
import { Interrupted } from '../io.js';
import { asPerson, unlock } from '../person.js';
import { cleanLine } from '../terminal.js';
import { words } from '../words.js';

interface LoginOptions {
  issuer?: string;
  device?: boolean;
  passphrase?: boolean;
  shell?: boolean;
  print?: boolean;
}

export async function login(ctx: Context, options: LoginOptions): Promise<void> {
  if (ctx.capability !== undefined) {
    ctx.print({ signedIn: true }, () => 'You are signed in already.');
    return;
  }
  const unlocked = await unlock(ctx, options);
  if (unlocked === undefined) {
    throw new SallyportError('person_required', 'There is no terminal to ask on. Use --device, or --passphrase-stdin.');
  }
  const gateway = await ctx.gateway();
  const { person, capability } = unlocked;
  if (options.print === true) {
    ctx.print({ person, capability }, () => capability);
    return;
  }
  const groups = person.groups.length === 0 ? '' : ` (${person.groups.map(cleanLine).join(', ')})`;
  if (options.shell === false || ctx.json || ctx.io.ask === undefined) {
    await gateway.call('POST', '/api/persons/lock', { capability });
    ctx.print({ person }, () => `Signed in at the gateway as ${cleanLine(person.name)}${groups}.`);
    return;
  }
  ctx.say(`Signed in as ${cleanLine(person.name)}${groups}. Type verbs without "sallyport"; Ctrl-D ends.`);
  ctx.capability = capability;
  try {
    await shell(ctx, ctx.io.ask);
  } finally {
    const held = ctx.capability;
    delete ctx.capability;
    if (held !== undefined) await gateway.call('POST', '/api/persons/lock', { capability: held }).catch(() => undefined);
  }
}

async function shell(ctx: Context, ask: NonNullable<Context['io']['ask']>): Promise<void> {
  const { run } = await import('../program.js');
  for (;;) {
    let line: string;
    try {
      line = await ask('sallyport> ');
    } catch (error) {
      if (error instanceof Interrupted) return;
      throw error;
    }
    const argv = words(line);
    if (argv === undefined) {
      ctx.say('A quote is not closed.');
      continue;
    }
    if (argv.length === 0) continue;
    if (argv[0] === 'exit' || argv[0] === 'quit') return;
    if (argv[0] === 'serve') {
      ctx.say('The gateway runs already.');
      continue;
    }
    await run(argv, ctx.io, ctx);
    if (argv[0] === 'logout') return;
  }
}

export async function logout(ctx: Context): Promise<void> {
  const gateway = await ctx.gateway();
  await asPerson(ctx, async (capability) => {
    const answer = await gateway.call<{ endSessionUrl?: string }>('POST', '/api/sign-out', { capability });
    ctx.print(
      answer,
      ({ endSessionUrl }) =>
        `Signed out.${endSessionUrl === undefined ? '' : ` To end it at the provider too:\n  ${cleanLine(endSessionUrl)}`}`,
    );
  });
}
