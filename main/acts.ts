/**
 * What a person does in the tray menu or on a notification. Every act goes to the control API with the person's word; where main has
 * none, nothing is sent (it would be recorded as an attempt of somebody who may not), and the way to sign in is shown.
 */
import { clipboard } from 'electron';
import type { Approval } from '../proxy/contract/index.js';
import type { Desktop } from './desktop.js';
import { signIn, signOut } from './sign-in/index.js';
import type { TrayCommand } from './tray/index.js';

/** Does it, and says what went wrong. Never rejects. */
export async function perform(desktop: Desktop, command: TrayCommand): Promise<void> {
  try {
    await act(desktop, command);
  } catch (error) {
    // Messages of the gateway never hold a value.
    desktop.parts.tray?.forget();
    desktop.draw();
    desktop.parts.say('That did not work', error instanceof Error ? error.message : 'Something went wrong.');
  }
}

export async function decide(
  desktop: Desktop,
  { id, version }: Pick<Approval, 'id' | 'version'>,
  decision: 'approve' | 'deny',
): Promise<void> {
  // Signed out: the approval is shown, with the way to sign in. A decision needs a person.
  if (desktop.word.locked) return desktop.parts.window.show(`/approvals/${id}`);
  try {
    await sendDecision(desktop, id, version, decision);
  } catch (error) {
    // Decided elsewhere meanwhile, not for this person, or to be read first: the window shows what is true now.
    const code = (error as { code?: string }).code;
    if (code !== 'conflict' && code !== 'person_required' && code !== 'forbidden') throw error;
    desktop.parts.window.show(`/approvals/${id}`);
    if (code === 'forbidden') throw error;
  }
}

/** A client that comes and goes makes new versions of the same question: the newest one is answered, as long as the bytes are the same. */
async function sendDecision(desktop: Desktop, id: string, version: number, decision: 'approve' | 'deny'): Promise<void> {
  const asked = desktop.pending.get(id)?.digest;
  for (let tries = 0; ; tries++) {
    const now = desktop.pending.get(id);
    try {
      await desktop.control().decide(id, now?.digest === asked ? (now?.version ?? version) : version, decision);
      return;
    } catch (error) {
      const again = (error as { code?: string }).code === 'conflict' && tries < 10 && desktop.pending.get(id)?.digest === asked;
      if (!again || asked === undefined) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function act(desktop: Desktop, command: TrayCommand): Promise<void> {
  const { supervisor, window } = desktop.parts;
  switch (command.do) {
    case 'approve':
    case 'deny': {
      const { approval, version } = command;
      return decide(desktop, { id: approval, version }, command.do);
    }
    case 'open-approval':
      return window.show(`/approvals/${command.approval}`);
    case 'open':
      return window.show(desktop.pending.size > 0 ? '/approvals' : '/');
    case 'history':
      return window.show('/sessions');
    case 'settings':
      return window.show('/settings');
    case 'why':
      return desktop.parts.say('What is wrong', whatIsWrong(desktop));
    case 'retry':
      desktop.parts.keychain.askAgain();
      return supervisor.retry();
    case 'quit':
      return desktop.parts.quit();
    case 'freeze':
    case 'resume':
    case 'drop':
      await desktop.control().act('POST', `/api/${command.do}`);
      return;
    case 'do-not-disturb-on':
    case 'do-not-disturb-off':
      await desktop.control().act('PUT', '/api/do-not-disturb', { on: command.do === 'do-not-disturb-on' });
      return;
    case 'copy-base-url':
      if (supervisor.state.state === 'running') clipboard.writeText(supervisor.state.status.baseUrl);
      return;
    case 'copy-snippet': {
      const agent = desktop.agents.find((a) => a.id === command.agent);
      const text = agent && (await desktop.control().snippet(agent));
      if (text === undefined) throw new Error('This agent may use no connection yet. Add one under Connections, or widen its scope.');
      clipboard.writeText(text);
      return;
    }
    case 'sign-in':
      desktop.word.keep(await signIn(desktop.control()));
      return desktop.draw();
    case 'sign-out':
      await signOut(desktop.control());
      desktop.word.end();
      return desktop.draw();
  }
}

function whatIsWrong({ parts }: Desktop): string {
  const { state } = parts.supervisor;
  if (state.state === 'down') {
    const next = state.retryInMs === undefined ? '' : `\n\nIt is tried again every ${Math.max(1, Math.round(state.retryInMs / 1000))} s.`;
    return state.message + next;
  }
  if (state.state !== 'running') return 'The gateway is not running.';
  const said = state.status.faults.map((fault) => fault.message);
  return said.join('\n\n') || state.status.recording.reason || 'Nothing now.';
}
