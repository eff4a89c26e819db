import { type Approval, SallyportError } from '../../contract/index.js';
import type { RevealResult } from '../../control/index.js';
import { approvalText } from '../approval-text.js';
import type { Context } from '../context.js';
import { Usage } from '../exit.js';
import { Interrupted } from '../io.js';
import { unlock } from '../person.js';
import { cleanJson } from '../terminal.js';
import { originals } from './approvals-act.js';

/**
 * The inbox. With a terminal: one question after the other, newest state first read again before each. With `--json`: one line for
 * each approval as it changes, deciding nothing.
 */
export async function watch(ctx: Context): Promise<void> {
  const gateway = await ctx.gateway();
  const stop = new AbortController();
  const off = ctx.io.onInterrupt(() => stop.abort());
  const queue: string[] = [];
  let wake: () => void = () => undefined;
  const add = (approval: Approval) => {
    if (ctx.json) ctx.io.out(`${cleanJson(approval)}\n`);
    else if (approval.state === 'pending' && !queue.includes(approval.id)) queue.push(approval.id);
    wake();
  };
  const ask = ctx.io.ask;
  if (!ctx.json && ask === undefined)
    throw new Usage('There is no terminal to ask on. `sallyport approvals watch --json` prints what comes.');

  const listening = (async () => {
    for await (const event of gateway.events({ signal: stop.signal })) {
      if (event.type === 'approval') add((event.data as { approval: Approval }).approval);
    }
  })().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  try {
    const { approvals } = await gateway.call<{ approvals: Approval[] }>('GET', '/api/approvals?state=open');
    for (const approval of oldestFirst(approvals)) add(approval);
    if (ctx.json) {
      await listening;
      return;
    }
    const mine = ctx.capability ?? ctx.io.env['SALLYPORT_PERSON'];
    const capability = mine ?? (await unlock(ctx))!.capability;
    ctx.say(ctx.paint.dim('Waiting for approvals. Ctrl-C ends.'));
    try {
      for (;;) {
        const id = queue.shift();
        if (id === undefined) {
          if (stop.signal.aborted) return;
          await Promise.race([
            new Promise<void>((done) => {
              wake = done;
              stop.signal.addEventListener('abort', () => done(), { once: true });
            }),
            listening,
          ]);
          if (queue.length === 0 && !stop.signal.aborted && (await settled(listening))) {
            throw new SallyportError('shutting_down', 'The gateway has stopped.');
          }
          continue;
        }
        if ((await decideOne(ctx, ask!, id, capability)) === 'quit') return;
      }
    } finally {
      if (mine === undefined) await gateway.call('POST', '/api/persons/lock', { capability }).catch(() => undefined);
    }
  } catch (error) {
    if (error instanceof Interrupted) return;
    throw error;
  } finally {
    stop.abort();
    off();
  }
}

/** What expires first is asked first. */
function oldestFirst(approvals: Approval[]): Approval[] {
  return [...approvals].sort((a, b) => a.expiresAt.localeCompare(b.expiresAt) || a.createdAt.localeCompare(b.createdAt));
}

async function settled(work: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  return (await Promise.race([work, new Promise((done) => setImmediate(() => done(pending)))])) !== pending;
}

async function decideOne(ctx: Context, ask: NonNullable<Context['io']['ask']>, id: string, capability: string): Promise<'next' | 'quit'> {
  const gateway = await ctx.gateway();
  const path = `/api/approvals/${encodeURIComponent(id)}`;
  for (;;) {
    const approval = await gateway.call<Approval>('GET', path);
    if (approval.state !== 'pending') {
      ctx.say(ctx.paint.dim(`${id} is ${approval.state} already.`));
      return 'next';
    }
    ctx.io.out(`\n\u0007${approvalText(ctx, approval)}\n\n`);
    const answer = (await ask('[d]eny  [a]pprove once  [r]eveal  [s]kip  [q]uit ? ')).trim().toLowerCase();
    if (answer === 'q') return 'quit';
    if (answer === 's') return 'next';
    if (answer === 'r') {
      ctx.io.out(`${originals(ctx, await gateway.call<RevealResult>('POST', `${path}/reveal`, { body: {}, capability }))}\n`);
      await ask('Enter to go on ');
      continue;
    }
    if (answer !== 'a' && answer !== 'd') continue;
    if (answer === 'a' && approval.demand.mustOpen) {
      // A deliberate step for what is dangerous: typing the code shows that this very thing was looked at.
      const code = await ask(`Type the code ${approval.code} to approve: `);
      if (code.trim().toUpperCase() !== approval.code.toUpperCase()) {
        ctx.say('That is not the code; nothing was decided.');
        continue;
      }
    }
    const reason = answer === 'd' ? (await ask('Reason for the agent (may be empty): ')).trim() : '';
    const body = { version: approval.version, decision: answer === 'a' ? 'approve' : 'deny', ...(reason === '' ? {} : { reason }) };
    try {
      const after = await gateway.call<Approval>('POST', `${path}/decision`, { body, capability });
      ctx.say(`${after.code}: ${after.state}`);
      return 'next';
    } catch (error) {
      if (!(error instanceof SallyportError) || error.code !== 'conflict') throw error;
      ctx.say(error.message);
    }
  }
}
