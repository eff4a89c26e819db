import type { Approval } from '../contract/index.js';
import type { Context } from './context.js';
import { clean, cleanLine, span } from './terminal.js';

/** What a person must see before deciding: computed facts first, then exactly what would be released. */
export function approvalText(ctx: Context, a: Approval, now = Date.now()): string {
  const p = ctx.paint;
  const left = Date.parse(a.expiresAt) - now;
  const lines = [
    `${p.bold(a.id)}  ${a.state === 'pending' ? p.yellow(`waits, ${span(Math.max(0, left))} left`) : a.state}  code ${p.bold(a.code)}`,
    `agent        ${cleanLine(a.agent.name)} (owner ${cleanLine(a.agent.owner)})${a.clientWaiting ? '' : p.dim('  the client has gone; it may come back')}`,
    a.kind === 'tool-call'
      ? `wants to run ${p.bold(cleanLine(a.tool?.name ?? 'a tool'))} on the agent's side`
      : `wants to send to ${p.bold(cleanLine(a.destination))}${a.model === undefined ? '' : `, model ${cleanLine(a.model)}`}`,
    `session      ${a.session}   exchange ${a.exchange}`,
  ];
  for (const verdict of a.verdicts) lines.push(`rule         ${verdict.rule}: ${cleanLine(verdict.sentence)}`);
  for (const risk of a.tool?.risks ?? [])
    lines.push(`risk         ${riskColour(ctx, risk.level)(risk.level)}: ${cleanLine(risk.sentence)}`);
  for (const fact of a.tool?.facts ?? []) {
    lines.push(`fact         ${cleanLine([fact.kind, fact.target, fact.detail].filter((part) => part !== undefined).join(' · '))}`);
  }
  const need = a.demand.minimum > 1 ? `${a.demand.minimum} persons` : 'one person';
  const groups = a.demand.groups.length === 0 ? '' : ` of ${a.demand.groups.map(cleanLine).join(' or ')}`;
  if (a.demand.minimum > 1 || groups !== '' || a.demand.separateApprover) {
    lines.push(`needs        ${need}${groups}${a.demand.separateApprover ? ", not the agent's owner" : ''}`);
  }
  for (const d of a.decisions)
    lines.push(`decided      ${d.decision} by ${cleanLine(d.personName)}${d.reason === undefined ? '' : `: ${cleanLine(d.reason)}`}`);
  for (const part of a.shown) {
    lines.push(
      '',
      p.dim(`── ${cleanLine(part.title)} ${'─'.repeat(Math.max(3, 60 - part.title.length))}`),
      marked(ctx, part.text, part.findings),
    );
  }
  return lines.join('\n');
}

function riskColour(ctx: Context, level: string): (text: string) => string {
  return level === 'notable' ? ctx.paint.yellow : ctx.paint.red;
}

/** The text with its findings underlined by colour; without colours they stand in brackets. */
function marked(ctx: Context, text: string, findings: Approval['shown'][number]['findings']): string {
  let out = '';
  let from = 0;
  for (const finding of [...findings].sort((a, b) => a.start - b.start)) {
    if (finding.start < from || finding.end > text.length) continue;
    out += clean(text.slice(from, finding.start));
    const span = clean(text.slice(finding.start, finding.end));
    const painted = ctx.paint.yellow(span);
    out += painted === span ? `[${span}]` : painted;
    from = finding.end;
  }
  return out + clean(text.slice(from));
}
