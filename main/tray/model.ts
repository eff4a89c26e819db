/** What tray icon and menu show, as a pure function of what is known; `tray.ts` draws it. */
import type { Agent, Approval, GatewayStatus } from '../../proxy/contract/index.js';
import type { SupervisorState } from '../gateway/index.js';

export type TrayIcon = 'idle' | 'working' | 'waiting' | 'frozen' | 'locked' | 'fault';

export interface TrayFacts {
  gateway: SupervisorState;
  approvals: readonly Approval[];
  agents: readonly Pick<Agent, 'id' | 'name'>[];
  /** Person that is signed in; absent: local mode. */
  person?: { name: string; groups: readonly string[] };
  /** Signing in is required and nobody is. */
  signedOut: boolean;
  canSignIn: boolean;
}

export type TrayCommand =
  | { do: 'approve' | 'deny' | 'open-approval'; approval: string; version: number }
  | {
      do:
        | 'freeze'
        | 'resume'
        | 'drop'
        | 'do-not-disturb-on'
        | 'do-not-disturb-off'
        | 'copy-base-url'
        | 'open'
        | 'history'
        | 'settings'
        | 'sign-in'
        | 'sign-out'
        | 'retry'
        | 'quit';
    }
  | { do: 'copy-snippet'; agent: string };

export type TrayItem =
  | { type: 'separator' }
  | { label: string; enabled?: boolean; command?: TrayCommand; checked?: boolean; submenu?: TrayItem[] };

export interface TrayModel {
  icon: TrayIcon;
  count: number;
  tooltip: string;
  items: TrayItem[];
}

/** Menus stay readable: at most this many approvals are listed one by one. */
const MAX_LISTED = 6;

export function trayModel(facts: TrayFacts): TrayModel {
  const { gateway } = facts;
  const status = gateway.state === 'running' ? gateway.status : undefined;
  const pending = facts.approvals.filter((a) => a.state === 'pending');
  const icon = iconOf(gateway, status, pending.length, facts.signedOut);
  const line = statusLine(gateway, status, pending.length, facts.signedOut);
  const items: TrayItem[] = [{ label: line, enabled: false }];
  if (gateway.state === 'down') items.push({ label: 'Start the gateway again', command: { do: 'retry' } });
  items.push({ type: 'separator' });
  for (const approval of pending.slice(0, MAX_LISTED)) items.push(approvalItem(approval));
  if (pending.length > MAX_LISTED) items.push({ label: `${pending.length - MAX_LISTED} more…`, command: { do: 'open' } });
  if (pending.length > 0) items.push({ type: 'separator' });
  if (status) {
    if (status.frozen) {
      items.push({ label: 'Resume all agents', command: { do: 'resume' } }, { label: 'Drop what is held', command: { do: 'drop' } });
    } else items.push({ label: 'Freeze all agents', command: { do: 'freeze' } });
    items.push(
      {
        label: 'Do not disturb',
        checked: status.doNotDisturb,
        command: { do: status.doNotDisturb ? 'do-not-disturb-off' : 'do-not-disturb-on' },
      },
      { type: 'separator' },
    );
    items.push({ label: `Copy base URL (${status.baseUrl})`, command: { do: 'copy-base-url' } });
    if (facts.agents.length > 0)
      items.push({
        label: 'Copy snippet for',
        submenu: facts.agents.slice(0, 20).map((agent) => ({ label: agent.name, command: { do: 'copy-snippet', agent: agent.id } })),
      });
    items.push({ type: 'separator' });
  }
  items.push({ label: 'History…', command: { do: 'history' } }, { label: 'Settings…', command: { do: 'settings' } }, { type: 'separator' });
  if (facts.person) {
    const groups = facts.person.groups.length > 0 ? ` (${facts.person.groups.slice(0, 4).join(', ')})` : '';
    items.push({ label: `Signed in as ${facts.person.name}${groups}`, enabled: false }, { label: 'Sign out', command: { do: 'sign-out' } });
  } else if (facts.canSignIn) items.push({ label: 'Sign in…', command: { do: 'sign-in' } });
  items.push({ label: 'Quit Sallyport', command: { do: 'quit' } });
  return { icon, count: pending.length, tooltip: `Sallyport: ${line}`, items };
}

function iconOf(gateway: SupervisorState, status: GatewayStatus | undefined, pending: number, signedOut: boolean): TrayIcon {
  if (gateway.state === 'down') return 'fault';
  if (!status) return 'idle';
  if (!status.recording.ok || status.state === 'fault') return 'fault';
  if (status.frozen) return 'frozen';
  if (pending > 0) return 'waiting';
  if (signedOut) return 'locked';
  return status.active > 0 ? 'working' : 'idle';
}

function statusLine(gateway: SupervisorState, status: GatewayStatus | undefined, pending: number, signedOut: boolean): string {
  if (gateway.state === 'down') return gateway.code === 'conflict' ? 'The port is taken' : 'The gateway is down';
  if (gateway.state === 'starting') return 'Starting…';
  if (!status) return 'Stopped';
  if (!status.recording.ok) return 'Cannot record: nothing passes';
  if (status.frozen) return 'All agents are frozen';
  if (pending > 0) return pending === 1 ? '1 request waits for you' : `${pending} requests wait for you`;
  if (signedOut) return 'Signed out';
  return status.active > 0 ? `${status.active} in progress` : 'On guard';
}

/** One line that says who wants what; never a prompt, never a value. */
export function approvalLine(approval: Approval): string {
  const what = approval.tool ? `run ${approval.tool.name}` : `send to ${approval.model ?? approval.connection}`;
  return `${approval.agent.name}: ${what} (${approval.code})`;
}

function approvalItem(approval: Approval): TrayItem {
  const command = (kind: 'approve' | 'deny' | 'open-approval'): TrayCommand => ({
    do: kind,
    approval: approval.id,
    version: approval.version,
  });
  const submenu: TrayItem[] = [{ label: 'Deny', command: command('deny') }];
  // High-risk classes must be opened and read.
  if (!approval.demand.mustOpen) submenu.push({ label: 'Approve once', command: command('approve') });
  submenu.push({ label: 'Open…', command: command('open-approval') });
  return { label: approvalLine(approval), submenu };
}
