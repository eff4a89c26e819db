/**
 * Where the command line gets a person's capability: from the `login` shell that it runs in, from SALLYPORT_PERSON, from the passphrase
 * typed on the terminal (or piped with --passphrase-stdin), or from a sign-in in the browser. It is kept in memory, and given back
 * when the verb is done.
 *
 * What an attacker could do here: an agent that runs a verb has none of these; the call is made without a capability all the same, so
 * that the gateway refuses and records the attempt.
 */
import type { Person } from '../contract/index.js';
import { SallyportError } from '../contract/index.js';
import type { SignInAttempt } from '../control/index.js';
import type { Context } from './context.js';
import { clean } from './terminal.js';

interface Current {
  person?: Person;
  unlocked: boolean;
  passphraseSet: boolean;
  signIn: boolean;
}

export interface Unlocked {
  capability: string;
  person: Person;
}

/** Runs `work` with a capability, or without one where nobody can be asked. */
export async function asPerson<T>(ctx: Context, work: (capability: string | undefined) => Promise<T>): Promise<T> {
  const given = ctx.capability ?? ctx.io.env['SALLYPORT_PERSON'];
  if (given !== undefined && given !== '') return work(given);
  const unlocked = await unlock(ctx);
  if (unlocked === undefined) {
    try {
      return await work(undefined);
    } catch (error) {
      if (error instanceof SallyportError && error.code === 'person_required') {
        throw new SallyportError(
          'person_required',
          `${error.message}. Run it in a terminal, where you are asked for the passphrase or signed in, or inside \`sallyport login\`. This attempt was recorded.`,
        );
      }
      throw error;
    }
  }
  try {
    return await work(unlocked.capability);
  } finally {
    const gateway = await ctx.findGateway();
    await gateway?.call('POST', '/api/persons/lock', { capability: unlocked.capability }).catch(() => undefined);
  }
}

/** Makes somebody prove to be a person; undefined where nobody can be asked. */
export async function unlock(
  ctx: Context,
  how: { device?: boolean; issuer?: string; passphrase?: boolean } = {},
): Promise<Unlocked | undefined> {
  const gateway = await ctx.gateway();
  const current = await gateway.call<Current>('GET', '/api/persons/current');
  const oidc = (how.issuer !== undefined || how.device === true || (current.signIn && !current.passphraseSet)) && how.passphrase !== true;
  if (ctx.options.passphraseStdin === true) {
    const passphrase = (await ctx.io.readAll()).replace(/\r?\n$/, '');
    return gateway.call<Unlocked>('POST', '/api/persons/unlock', { body: { passphrase } });
  }
  if (oidc && (ctx.io.ask !== undefined || how.device === true)) return signIn(ctx, how);
  const ask = ctx.io.ask;
  if (ask === undefined) return undefined;
  if (!current.passphraseSet) return choosePassphrase(ctx);
  for (let tries = 0; ; tries += 1) {
    const passphrase = await ask('Passphrase: ', { secret: true });
    try {
      return await gateway.call<Unlocked>('POST', '/api/persons/unlock', { body: { passphrase } });
    } catch (error) {
      if (tries >= 2 || !(error instanceof SallyportError) || error.code === 'too_many_requests') throw error;
      ctx.say(error.message);
    }
  }
}

async function choosePassphrase(ctx: Context): Promise<Unlocked> {
  const ask = ctx.io.ask!;
  ctx.say('Nobody has unlocked this gateway yet. Choose a passphrase: decisions, reveals and changes will ask for it.');
  for (;;) {
    const passphrase = await ask('New passphrase (8 characters or more): ', { secret: true });
    if (passphrase.length < 8) {
      ctx.say('That is too short.');
      continue;
    }
    if ((await ask('Once more: ', { secret: true })) !== passphrase) {
      ctx.say('The two differ.');
      continue;
    }
    const gateway = await ctx.gateway();
    return gateway.call<Unlocked>('POST', '/api/persons/passphrase', { body: { passphrase } });
  }
}

async function signIn(ctx: Context, how: { device?: boolean; issuer?: string }): Promise<Unlocked> {
  const gateway = await ctx.gateway();
  const flow = how.device === true ? 'device' : 'browser';
  const attempt = await gateway.call<SignInAttempt>('POST', '/api/sign-in', {
    body: { flow, ...(how.issuer === undefined ? {} : { issuer: how.issuer }) },
  });
  ctx.say(
    attempt.userCode === undefined
      ? `Sign in here (trying to open your browser):\n  ${clean(attempt.url)}`
      : `On any device open\n  ${clean(attempt.url)}\nand enter the code ${clean(attempt.userCode)}`,
  );
  if (flow === 'browser') await openBrowser(ctx, attempt.url);
  const stop = ctx.io.onInterrupt(() => {
    void gateway.call('POST', '/api/sign-in/cancel', { body: { id: attempt.id } }).catch(() => undefined);
  });
  try {
    for (;;) {
      const answer = await gateway.call<Unlocked & { pending?: boolean }>('POST', '/api/sign-in/wait', { body: { id: attempt.id } });
      if (answer.pending !== true) return answer;
    }
  } finally {
    stop();
  }
}

async function openBrowser(ctx: Context, address: string): Promise<void> {
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return;
  const { spawn } = await import('node:child_process');
  const own = ctx.io.env['BROWSER'];
  const command =
    own !== undefined && own !== '' ? own : process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'rundll32' : 'xdg-open';
  const args = process.platform === 'win32' && command === 'rundll32' ? ['url.dll,FileProtocolHandler', url.href] : [url.href];
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
}
