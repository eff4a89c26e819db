/** What tray icon and menu show, as a pure function of what is known; `tray.ts` draws it. */
import type { Agent, Approval, GatewayStatus } from '../../proxy/contract/index.js';
import type { PersonState } from '../../proxy/index.js';
import type { SupervisorState } from '../gateway/index.js';

export type TrayIcon = 'idle' | 'working' | 'waiting' | 'frozen' | 'locked' | 'fault';

export interface TrayFacts {
  gateway: SupervisorState;
  approvals: readonly Approval[];
  agents: readonly Pick<Agent, 'id' | 'name'>[];
  /** Exchanges that are open now. */
  active: number;
  /** Person that is signed in (or unlocked by passphrase); absent: local mode, or nobody. */
  person?: { name: string; groups: readonly string[] };
  /** Signing in is required and nobody is. */
  signedOut: boolean;
  canSignIn: boolean;
  /** How the session of the person stands with the identity provider. */
  session?: PersonState;
  /** A newer version, where the person wants to be told. */
  update?: string;
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
        | 'why'
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
  const line = statusLine(facts, status, pending.length);
  const groups: TrayItem[][] = [stateItems(facts, line, status)];
  groups.push(pending.slice(0, MAX_LISTED).map((approval) => approvalItem(approval, facts.signedOut)));
  if (pending.length > MAX_LISTED) groups.at(-1)?.push({ label: `${pending.length - MAX_LISTED} more…`, command: { do: 'open' } });
  if (status) groups.push(stopItems(status, facts.signedOut), copyItems(facts, status));
  groups.push([
    { label: 'History…', command: { do: 'history' } },
    { label: 'Settings…', command: { do: 'settings' } },
  ]);
  groups.push([...personItems(facts), { label: 'Quit Sallyport', command: { do: 'quit' } }]);
  return {
    icon: iconOf(facts, status, pending.length),
    count: pending.length,
    // How much is going on stands here and not in the menu, which would close whenever it changed.
    tooltip: `Sallyport: ${line}${status && facts.active > 0 ? `, ${facts.active} in progress` : ''}`,
    items: groups
      .filter((group) => group.length > 0)
      .flatMap((group, i) => (i === 0 ? group : [{ type: 'separator' } as TrayItem, ...group])),
  };
}

function iconOf(facts: TrayFacts, status: GatewayStatus | undefined, pending: number): TrayIcon {
  const { gateway } = facts;
  if (gateway.state === 'starting' && gateway.unlock) return 'locked';
  if (gateway.state === 'down' || (gateway.state === 'starting' && gateway.after !== undefined)) return 'fault';
  if (!status) return 'idle';
  if (!status.recording.ok || status.state === 'fault') return 'fault';
  if (status.frozen) return 'frozen';
  if (pending > 0) return 'waiting';
  if (facts.signedOut) return 'locked';
  return facts.active > 0 ? 'working' : 'idle';
}

function statusLine(facts: TrayFacts, status: GatewayStatus | undefined, pending: number): string {
  const { gateway } = facts;
  if (gateway.state === 'down' && gateway.code === 'keychain_unavailable' && /keychain is locked/.test(gateway.message))
    return 'The keychain is locked: agents are refused';
  if (gateway.state === 'down') return DOWN[gateway.code] ?? 'The gateway is down: agents are refused';
  if (gateway.state === 'starting' && gateway.unlock) return 'Waiting for the keychain: the system asks for its password';
  if (gateway.state === 'starting') return gateway.after === undefined ? 'Starting…' : 'The gateway ended; starting it again…';
  if (!status) return 'Stopped';
  if (!status.recording.ok) return 'Cannot record: nothing passes';
  if (status.frozen) return 'All agents are frozen';
  if (pending > 0) return pending === 1 ? '1 request waits for you' : `${pending} requests wait for you`;
  if (facts.signedOut) return SIGNED_OUT[facts.session ?? 'none'] ?? 'Signed out';
  return 'On guard';
}

const DOWN: Record<string, string> = {
  conflict: 'The port is taken, or another gateway uses the data',
  keychain_unavailable: 'The keychain cannot be read',
};

const SIGNED_OUT: Partial<Record<PersonState, string>> = {
  unreachable: 'Signed out: the identity provider does not answer',
  revoked: 'Signed out: the identity provider ended the session',
};

function stateItems(facts: TrayFacts, line: string, status: GatewayStatus | undefined): TrayItem[] {
  const items: TrayItem[] = [{ label: line, enabled: false }];
  const { gateway } = facts;
  if (gateway.state === 'down' || (status && (!status.recording.ok || status.faults.length > 0)))
    items.push({ label: 'What is wrong…', command: { do: 'why' } });
  if (gateway.state === 'down') items.push({ label: 'Start the gateway again', command: { do: 'retry' } });
  if (facts.update !== undefined) items.push({ label: `Version ${facts.update} is available`, enabled: false });
  return items;
}

function stopItems(status: GatewayStatus, signedOut: boolean): TrayItem[] {
  // Freezing only makes things safer, so nobody has to be signed in for it.
  const off = signedOut ? { enabled: false } : {};
  return [
    ...(status.frozen
      ? [
          { label: 'Resume all agents', command: { do: 'resume' as const }, ...off },
          { label: 'Drop what is held', command: { do: 'drop' as const }, ...off },
        ]
      : [{ label: 'Freeze all agents', command: { do: 'freeze' as const } }]),
    {
      label: 'Do not disturb',
      checked: status.doNotDisturb,
      command: { do: status.doNotDisturb ? 'do-not-disturb-off' : 'do-not-disturb-on' },
      ...off,
    },
  ];
}

function copyItems(facts: TrayFacts, status: GatewayStatus): TrayItem[] {
  const items: TrayItem[] = [{ label: `Copy base URL (${status.baseUrl})`, command: { do: 'copy-base-url' } }];
  if (facts.agents.length > 0)
    items.push({
      label: 'Copy snippet for',
      submenu: facts.agents.slice(0, 20).map((agent) => ({ label: plain(agent.name), command: { do: 'copy-snippet', agent: agent.id } })),
    });
  return items;
}

function personItems({ person, canSignIn, session }: TrayFacts): TrayItem[] {
  if (!person) return canSignIn ? [{ label: 'Sign in…', command: { do: 'sign-in' } }] : [];
  const groups = person.groups.length > 0 ? ` (${person.groups.slice(0, 4).map(plain).join(', ')})` : '';
  return [
    { label: `Signed in as ${plain(person.name)}${groups}`, enabled: false },
    ...(session === 'unreachable'
      ? [{ label: 'The identity provider does not answer; groups are as last confirmed', enabled: false }]
      : []),
    { label: 'Sign out', command: { do: 'sign-out' } },
  ];
}

/** One line that says who wants what; never a prompt, never a value. */
export function approvalLine(approval: Approval): string {
  const what = approval.tool ? `run ${plain(approval.tool.name)}` : `send to ${plain(approval.model ?? approval.connection)}`;
  return `${plain(approval.agent.name)}: ${what} (${approval.code})`;
}

/** Names come from settings, models and tokens: one line, bounded, no control or direction characters. */
const plain = (text: string): string => {
  const clean = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '');
  return clean.length > 60 ? `${clean.slice(0, 59)}…` : clean;
};

function approvalItem(approval: Approval, signedOut: boolean): TrayItem {
  const command = (kind: 'approve' | 'deny' | 'open-approval'): TrayCommand => ({
    do: kind,
    approval: approval.id,
    version: approval.version,
  });
  const submenu: TrayItem[] = signedOut ? [] : [{ label: 'Deny', command: command('deny') }];
  // High-risk classes must be opened and read.
  if (!signedOut && !approval.demand.mustOpen && approval.demand.minimum <= 1)
    submenu.push({ label: 'Approve once', command: command('approve') });
  submenu.push({ label: 'Open…', command: command('open-approval') });
  return { label: approvalLine(approval), submenu };
}
