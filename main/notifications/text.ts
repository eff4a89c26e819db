/**
 * The words of a notification. They stand on lock screens and in notification histories: who, what kind, which rule and the short code,
 * never a prompt, never a value.
 */
import type { Approval } from '../../proxy/contract/index.js';

export interface NotificationText {
  title: string;
  body: string;
  /** High-risk classes must be opened and read: no Approve button. */
  canApprove: boolean;
}

export function approvalText(approval: Approval): NotificationText {
  const { tool } = approval;
  const risk = tool?.risks[0];
  const what = tool
    ? `wants to run the tool ${short(tool.name)}${risk ? ` (${short(risk.class)})` : ''}`
    : `wants to send a prompt to ${short(approval.model ?? approval.connection)}`;
  const rule = approval.verdicts[0]?.rule;
  const left = Math.max(0, Math.round((Date.parse(approval.expiresAt) - Date.parse(approval.createdAt)) / 60_000));
  return {
    title: `${short(approval.agent.name)} ${what}`,
    body: `${rule ? `Rule ${short(rule)}. ` : ''}Denied in ${left} min unless you decide. Code ${approval.code}.`,
    canApprove: !approval.demand.mustOpen && approval.demand.minimum <= 1,
  };
}

/** One notification for a burst. */
export function burstText(count: number, agents: readonly string[]): NotificationText {
  const who = agents.length === 1 ? short(agents[0] as string) : `${agents.length} agents`;
  return { title: `${count} requests wait for you`, body: `From ${who}. Open Sallyport to decide.`, canApprove: false };
}

/** Names come from settings and from models: one line, bounded, no control or direction characters. */
function short(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '');
  return clean.length > 60 ? `${clean.slice(0, 59)}…` : clean;
}
