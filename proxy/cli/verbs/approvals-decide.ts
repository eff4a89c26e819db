import { type Approval, SallyportError } from '../../contract/index.js';
import type { RevealResult } from '../../control/index.js';
import { approvalText } from '../approval-text.js';
import type { Context } from '../context.js';
import { originals } from './approvals-act.js';

/** Go on with the next, end, show the list, or open number n of it. */
export type Step = 'next' | 'quit' | 'list' | number;

/** Shows one approval as it is now and asks about it until it is decided, skipped or left. */
export async function decideOne(ctx: Context, id: string, capability: string): Promise<Step> {
  const ask = ctx.io.ask as NonNullable<Context['io']['ask']>;
  const gateway = await ctx.gateway();
  const path = `/api/approvals/${encodeURIComponent(id)}`;
  for (;;) {
    const approval = await gateway.call<Approval>('GET', path);
    if (approval.state !== 'pending') {
      ctx.say(ctx.paint.dim(`${id} is ${approval.state} already.`));
      return 'next';
    }
    ctx.io.out(`\n\u0007${approvalText(ctx, approval)}\n\n`);
    const answer = (await ask('[d]eny  [a]pprove once  [r]eveal  [l]ist  number: open  [s]kip  [q]uit ? ')).trim().toLowerCase();
    if (answer === 'q') return 'quit';
    if (answer === 's') return 'next';
    if (answer === 'l') return 'list';
    if (/^\d{1,4}$/.test(answer)) return Number(answer);
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
