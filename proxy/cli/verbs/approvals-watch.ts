import { type Approval, SallyportError } from '../../contract/index.js';
import type { Context } from '../context.js';
import { Usage } from '../exit.js';
import { Interrupted } from '../io.js';
import { unlock } from '../person.js';
import { cleanJson, span } from '../terminal.js';
import { decideOne, type Step } from './approvals-decide.js';

/** How often a gateway that went is looked for. */
const LOOK_EVERY_MS = 1_000;

/**
 * The inbox. With a terminal: what waits is listed, then shown one after the other (what expires first comes first), each read again
 * before it is asked about. With `--json`: one line for each approval as it changes, deciding nothing. When the gateway goes, says so
 * and waits until it is back.
 */
export async function watch(ctx: Context): Promise<void> {
  if (!ctx.json && ctx.io.ask === undefined)
    throw new Usage('There is no terminal to ask on. `sallyport approvals watch --json` prints what comes.');
  const stop = new AbortController();
  const off = ctx.io.onInterrupt(() => stop.abort());
  try {
    await ctx.gateway(); // none at all is an error; one that goes is waited for
    for (let again = false; !stop.signal.aborted; again = true) {
      if ((await new Inbox(ctx, stop.signal, again).run()) === 'quit') return;
      if (stop.signal.aborted) return;
      ctx.close();
      ctx.say(ctx.paint.yellow('The gateway has stopped; what waited there is withdrawn. Waiting until it is back. Ctrl-C ends.'));
      if (!(await back(ctx, stop.signal))) return;
      ctx.say(ctx.paint.green('The gateway is back.'));
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  } finally {
    stop.abort();
    off();
  }
}

async function back(ctx: Context, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    await new Promise<void>((done) => {
      const timer = setTimeout(done, LOOK_EVERY_MS);
      const end = (): void => {
        clearTimeout(timer);
        done();
      };
      signal.addEventListener('abort', end, { once: true });
    });
    const found = await ctx.findGateway().catch(() => undefined);
    if (found !== undefined) return true;
  }
  return false;
}

/** One stay at a running gateway. */
class Inbox {
  private readonly queue: string[] = [];
  private wake: () => void = () => undefined;
  private gone = false;

  constructor(
    private readonly ctx: Context,
    private readonly signal: AbortSignal,
    /** The gateway was started anew: it knows nobody who was signed in before. */
    private readonly again: boolean,
  ) {}

  async run(): Promise<'quit' | 'gone'> {
    const { ctx } = this;
    const end = new AbortController();
    const stop = () => end.abort();
    this.signal.addEventListener('abort', stop, { once: true });
    const listening = this.listen(end.signal);
    const mine = this.again ? undefined : (ctx.capability ?? ctx.io.env['SALLYPORT_PERSON']);
    let capability = mine;
    try {
      const { approvals } = await (await ctx.gateway()).call<{ approvals: Approval[] }>('GET', '/api/approvals?state=open');
      for (const approval of oldestFirst(approvals)) this.add(approval);
      if (ctx.json) {
        await listening;
        return this.signal.aborted ? 'quit' : 'gone';
      }
      capability ??= (await unlock(ctx))!.capability;
      await this.list();
      ctx.say(ctx.paint.dim('Waiting for approvals. Ctrl-C ends.'));
      while (!this.signal.aborted && !this.gone) {
        const id = this.queue.shift();
        if (id === undefined) await this.more();
        else {
          const step = await decideOne(ctx, id, capability);
          if (step === 'quit') return 'quit';
          await this.after(step, id);
        }
      }
      return this.signal.aborted ? 'quit' : 'gone';
    } catch (error) {
      if (isGone(error) || (this.gone && error instanceof SallyportError)) return 'gone';
      throw error;
    } finally {
      if (mine === undefined && capability !== undefined && !this.gone)
        await ctx.gateway().then(
          (gateway) => gateway.call('POST', '/api/persons/lock', { capability: capability as string }).catch(() => undefined),
          () => undefined,
        );
      this.signal.removeEventListener('abort', stop);
      end.abort();
      await listening;
    }
  }

  /** What came of one question: skipped things wait at the end, a number opens that one next. */
  private async after(step: Step, id: string): Promise<void> {
    if (step === 'list') {
      this.queue.unshift(id);
      await this.list();
    } else if (typeof step === 'number') {
      this.queue.unshift(id);
      const [wanted] = this.queue.splice(step - 1, 1);
      if (wanted !== undefined) this.queue.unshift(wanted);
      else this.ctx.say(`There is no number ${step}.`);
    }
  }

  private async listen(signal: AbortSignal): Promise<void> {
    try {
      for await (const event of (await this.ctx.gateway()).events({ signal }))
        if (event.type === 'approval') this.add((event.data as { approval: Approval }).approval);
    } catch {
      // It ended, by us or because the gateway went.
    }
    this.gone = !signal.aborted;
    this.wake();
  }

  private add(approval: Approval): void {
    if (this.ctx.json) this.ctx.io.out(`${cleanJson(approval)}\n`);
    else if (approval.state === 'pending' && !this.queue.includes(approval.id)) this.queue.push(approval.id);
    this.wake();
  }

  private more(): Promise<void> {
    return new Promise((done) => {
      this.wake = done;
      this.signal.addEventListener('abort', () => done(), { once: true });
      if (this.gone || this.queue.length > 0) done();
    });
  }

  /** What waits, numbered in the order in which it is asked about. */
  private async list(): Promise<void> {
    const { ctx, queue } = this;
    if (queue.length < 2) return;
    const { approvals } = await (await ctx.gateway()).call<{ approvals: Approval[] }>('GET', '/api/approvals?state=open');
    const waits = queue.flatMap((id) => approvals.find((a) => a.id === id) ?? []);
    const now = Date.now();
    ctx.io.out(
      `${ctx.table(
        ['#', 'LEFT', 'AGENT', 'WANTS', 'RULE', 'CODE'],
        waits.map((a, i) => [
          i + 1,
          span(Math.max(0, Date.parse(a.expiresAt) - now)),
          a.agent.name,
          a.tool?.name ?? a.destination,
          a.verdicts[0]?.rule ?? '',
          a.code,
        ]),
      )}\n`,
    );
  }
}

/** What expires first is asked first. */
function oldestFirst(approvals: Approval[]): Approval[] {
  // They come the newest first, and two of one millisecond keep their order.
  return [...approvals].reverse().sort((a, b) => a.expiresAt.localeCompare(b.expiresAt) || a.createdAt.localeCompare(b.createdAt));
}

/** The connection broke: the gateway went while it was asked something. */
function isGone(error: unknown): boolean {
  const { code } = error as { code?: string };
  return ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'shutting_down'].includes(code ?? '') || /socket hang up/.test(String(error));
}
