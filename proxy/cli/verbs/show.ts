import { SallyportError } from '../../contract/index.js';
import type { RevealResult } from '../../control/index.js';
import type { ExchangeDetail, LedgerEvent, SessionDetail } from '../../ledger/index.js';
import type { Context } from '../context.js';
import { asPerson } from '../person.js';
import { openReading } from '../reading.js';
import { clean, cleanLine, span, when } from '../terminal.js';
import { originals } from './approvals-act.js';

export async function show(ctx: Context, id: string, options: { raw?: boolean; reveal?: boolean }): Promise<void> {
  const reading = await openReading(ctx);
  try {
    const session = await reading.session(id);
    const exchange = session === undefined ? await reading.exchange(id) : undefined;
    if (session === undefined && exchange === undefined)
      throw new SallyportError('not_found', `No session or exchange "${id}" was recorded.`);
    const human = () => (session === undefined ? exchangeText(ctx, exchange!, options.raw === true) : sessionText(ctx, session));
    if (options.reveal !== true) {
      ctx.print(session ?? exchange, human);
      return;
    }
    const gateway = await ctx.gateway();
    await asPerson(ctx, async (capability) => {
      const body = session === undefined ? { session: exchange!.session, exchange: exchange!.id } : { session: session.id };
      const revealed = await gateway.call<RevealResult>('POST', '/api/reveal', {
        body,
        capability,
      });
      ctx.print({ ...(session ?? exchange), revealed }, () => `${human()}\n\n${originals(ctx, revealed)}`);
    });
  } finally {
    await reading.close();
  }
}

function sessionText(ctx: Context, s: SessionDetail): string {
  const p = ctx.paint;
  const findings = Object.entries(s.findings).map(([entity, n]) => `${entity} ${n}`);
  return [
    `${p.bold(cleanLine(s.title) || s.id)}${s.starred ? ' ★' : ''}`,
    `session      ${s.id}${s.labels.length === 0 ? '' : `   ${s.labels.map(cleanLine).join(', ')}`}`,
    `agent        ${cleanLine(s.agent)}`,
    `time         ${when(s.startedAt)} … ${when(s.lastAt)}${s.open ? p.yellow('  open') : ''}`,
    `models       ${s.models.map(cleanLine).join(', ')}   tokens ${s.inputTokens} in, ${s.outputTokens} out`,
    ...(findings.length === 0 ? [] : [`findings     ${findings.join(', ')}`]),
    ...(s.tools.length === 0 ? [] : [`tools        ${s.tools.map(cleanLine).join(', ')}`]),
    ...s.notes.map((n) => `note         ${when(n.at)} ${cleanLine(n.person)}: ${cleanLine(n.text)}`),
    '',
    ctx.table(
      ['EXCHANGE', 'TIME', 'OPERATION', 'MODEL', 'OUTCOME', 'STATUS', 'TOOK', 'VERDICT'],
      s.exchangesList.map((e) => [
        e.id,
        when(e.at),
        `${e.connection} ${e.operation}`,
        e.model,
        e.outcome,
        e.status,
        span(e.totalMs),
        e.strongest,
      ]),
    ),
  ].join('\n');
}

function exchangeText(ctx: Context, e: ExchangeDetail, raw: boolean): string {
  const p = ctx.paint;
  return [
    `${p.bold(e.id)}  ${e.connection} ${e.operation}${e.model === undefined ? '' : ` ${cleanLine(e.model)}`}  ${e.outcome} ${e.status}  ${span(e.totalMs)}`,
    `session      ${e.session}`,
    '',
    ...e.events.map((event) => eventLine(ctx, event)),
    ...(e.request === undefined ? [] : ['', p.dim('── what left this machine (masked) ──'), body(e.request, raw)]),
    ...(e.response === undefined ? [] : ['', p.dim('── what came back (masked) ──'), body(e.response, raw)]),
  ].join('\n');
}

/** Readable where it is JSON; as recorded with `--raw`. Always harmless. */
function body(text: string, raw: boolean): string {
  if (raw) return clean(text);
  try {
    return clean(JSON.stringify(JSON.parse(text), null, 2));
  } catch {
    return clean(text);
  }
}

/** One event on one line: when, what, and the sentence that matters. */
export function eventLine(ctx: Context, event: LedgerEvent): string {
  const at = `${(event.offsetMs / 1000).toFixed(3).padStart(9)} s`;
  return `${ctx.paint.dim(at)}  ${ctx.paint.cyan(event.kind.padEnd(11))} ${cleanLine(summary(event))}`;
}

function summary(event: LedgerEvent): string {
  const m = event.meta;
  const text = (value: unknown) =>
    value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  const verdicts = Array.isArray(m['verdicts']) ? (m['verdicts'] as { action: string; rule: string; sentence: string }[]) : [];
  const told = verdicts.map((v) => `${v.action} (${v.rule}): ${v.sentence}`).join(' · ');
  switch (event.kind) {
    case 'arrival':
      return `${text(m['method'])} ${text(m['path'])} ${text(m['model'])} ${told}`;
    case 'verdict':
    case 'tool-call':
      return [text(m['name'] ?? m['tool']), text(m['outcome']), told || text(m['sentence'])].filter(Boolean).join(' ');
    case 'approval':
      return `${text(m['id'])} code ${text(m['code'])} waits for a person`;
    case 'decision':
      return [text(m['outcome'] ?? m['decision']), text(m['personName'] ?? m['person']), text(m['reason'])].filter(Boolean).join(' ');
    case 'forwarded':
      return `to ${text(m['destination'])}${m['approval'] === undefined ? '' : `, approval ${text(m['approval'])}`}`;
    case 'response':
      return `status ${text(m['status'])}`;
    case 'delta':
      return text(event.content).slice(0, 400);
    case 'end':
      return `${text(m['outcome'])} ${text(m['status'])} ${text(m['code'])}`;
    default:
      return Object.entries(m)
        .map(([name, value]) => `${name}=${text(value)}`)
        .join(' ')
        .slice(0, 400);
  }
}
