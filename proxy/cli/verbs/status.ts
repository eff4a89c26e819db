import type { GatewayStatus } from '../../contract/index.js';
import type { Context } from '../context.js';
import { EXIT, Exit, NotRunning } from '../exit.js';
import { asPerson } from '../person.js';
import { cleanLine } from '../terminal.js';

export async function status(ctx: Context): Promise<void> {
  const gateway = await ctx.findGateway();
  if (gateway === undefined) {
    if (ctx.json) ctx.print({ state: 'stopped', directory: ctx.directory }, () => '');
    else throw new NotRunning(ctx.directory);
    throw new Exit(EXIT.notRunning);
  }
  const now = await gateway.call<GatewayStatus>('GET', '/api/status');
  ctx.print(now, (s) => human(ctx, s));
  if (now.state === 'fault' || !now.recording.ok) throw new Exit(EXIT.no);
}

function human(ctx: Context, s: GatewayStatus): string {
  const p = ctx.paint;
  const state = s.state === 'listening' ? p.green(s.state) : s.state === 'fault' ? p.red(s.state) : p.yellow(s.state);
  const lines = [
    `${p.bold('Sallyport')} ${s.version}  ${state}${s.demo ? '  (demo)' : ''}`,
    `agents       ${s.baseUrl}`,
    `exchanges    ${s.active} open, ${s.pending} waiting for a person${s.doNotDisturb ? ' (do not disturb)' : ''}`,
    `policy       ${s.policy.preset} · revision ${s.policy.revision}${s.policy.managed ? ' · managed' : ''}`,
    `recording    ${s.recording.ok ? p.green('yes') : p.red(`no: ${s.recording.reason ?? 'unknown reason'}`)}`,
    `secrets      ${s.secrets.kind}${s.secrets.protected ? '' : p.yellow(' (not protected)')}${s.recording.protectedKeys ? '' : p.yellow('; the seal key is not protected')}`,
    `person       ${s.person === undefined ? 'nobody signed in' : `${cleanLine(s.person.name)} (${s.person.groups.map(cleanLine).join(', ') || 'no groups'})`}`,
    ...(s.otlp === undefined ? [] : [`traces       ${s.otlp.sent} sent, ${s.otlp.dropped} dropped, ${s.otlp.waiting} wait`]),
    ...s.faults.map((fault) => p.red(`fault        ${cleanLine(fault.message)}`)),
  ];
  return lines.join('\n');
}

export async function consoleUrl(ctx: Context): Promise<void> {
  const gateway = await ctx.gateway();
  ctx.print(await gateway.call<{ url: string }>('POST', '/api/console/open'), ({ url }) => url);
}

export async function freeze(ctx: Context): Promise<void> {
  const gateway = await ctx.gateway();
  const now = await gateway.call<GatewayStatus>('POST', '/api/freeze', { capability: ctx.capability });
  ctx.print(now, (s) => `Frozen: ${s.active} exchanges are held. \`sallyport resume\` lets them go on.`);
}

export async function resume(ctx: Context, options: { drop?: boolean }): Promise<void> {
  const gateway = await ctx.gateway();
  await asPerson(ctx, async (capability) => {
    if (options.drop === true) {
      ctx.print(
        await gateway.call<{ dropped: number }>('POST', '/api/drop', { capability }),
        ({ dropped }) => `${dropped} exchanges were ended; nothing of them was sent.`,
      );
    } else {
      ctx.print(await gateway.call<GatewayStatus>('POST', '/api/resume', { capability }), () => 'Going on.');
    }
  });
}

export async function demo(ctx: Context, what: 'open' | 'close'): Promise<void> {
  const gateway = await ctx.gateway();
  await asPerson(ctx, async (capability) => {
    const state = await gateway.call('POST', `/api/demo/${what}`, { capability });
    ctx.print(state, () => (what === 'close' ? 'The demo workspace was removed.' : 'The demo workspace is open.'));
  });
}
