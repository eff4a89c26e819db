/** What the desktop app does with what it knows: tray, notifications and windows follow the gateway; a person's acts go to it. */
import { clipboard, dialog } from 'electron';
import type { Agent, Approval, ControlEvent } from '../proxy/contract/index.js';
import { ControlLink } from './control/index.js';
import type { Supervisor, SupervisorState } from './gateway/index.js';
import { NotificationCenter, type Notifier } from './notifications/index.js';
import { signIn, signOut } from './sign-in/index.js';
import { type TrayCommand, type TrayFacts, type TrayIconView, trayModel } from './tray/index.js';
import type { ConsoleWindow } from './windows/index.js';

export interface DesktopParts {
  supervisor: Supervisor;
  tray: TrayIconView | undefined;
  window: ConsoleWindow;
  notifier: Notifier;
  quit(): void;
}

export class Desktop {
  private link: ControlLink | undefined;
  private localCapability = '';
  private readonly pending = new Map<string, Approval>();
  private agents: Pick<Agent, 'id' | 'name'>[] = [];
  private person: { name: string; groups: string[] } | undefined;
  private canSignIn = false;
  private readonly center: NotificationCenter;

  constructor(private readonly parts: DesktopParts) {
    this.center = new NotificationCenter(parts.notifier, {
      decide: (approval, decision) => void this.decide(approval.id, approval.version, decision),
      open: (id) => this.parts.window.show(id ? `/approvals/${id}` : '/approvals'),
    });
    parts.supervisor.onState((state) => void this.gatewayChanged(state));
    parts.supervisor.onEvent((event) => this.happened(event));
    this.draw();
  }

  /** The look of the desktop changed: icons have a dark and a light form. */
  redraw(): void {
    this.draw();
  }

  /** For the page’s own door to the control API. */
  door(): { client: ControlLink['client'] | undefined; capability: string | undefined } {
    return { client: this.link?.client, capability: this.link?.capability };
  }

  async run(command: TrayCommand): Promise<void> {
    const { supervisor, window } = this.parts;
    try {
      switch (command.do) {
        case 'approve':
        case 'deny':
          return await this.decide(command.approval, command.version, command.do);
        case 'open-approval':
          return window.show(`/approvals/${command.approval}`);
        case 'open':
          return window.show(this.pending.size > 0 ? '/approvals' : '/');
        case 'history':
          return window.show('/sessions');
        case 'settings':
          return window.show('/settings');
        case 'retry':
          return supervisor.retry();
        case 'quit':
          return this.parts.quit();
        case 'freeze':
        case 'resume':
        case 'drop':
          await this.link?.act('POST', `/api/${command.do}`);
          return;
        case 'do-not-disturb-on':
        case 'do-not-disturb-off':
          await this.link?.act('POST', '/api/do-not-disturb', { on: command.do === 'do-not-disturb-on' });
          return;
        case 'copy-base-url':
          if (supervisor.state.state === 'running') clipboard.writeText(supervisor.state.status.baseUrl);
          return;
        case 'copy-snippet': {
          const { snippets } = await this.must().client.call<{ snippets: { id: string; text: string }[] }>(
            'GET',
            `/api/snippets?agent=${encodeURIComponent(command.agent)}`,
          );
          clipboard.writeText((snippets.find((s) => s.id === 'langchain-python') ?? snippets[0])?.text ?? '');
          return;
        }
        case 'sign-in':
          this.person = await signIn(this.must());
          return this.draw();
        case 'sign-out':
          await signOut(this.must(), this.localCapability);
          this.person = undefined;
          return this.draw();
      }
    } catch (error) {
      // What a person asked for and did not get is said, in our own words; messages never hold a value.
      dialog.showErrorBox('Sallyport', error instanceof Error ? error.message : 'That did not work.');
    }
  }

  close(): void {
    this.link?.close();
  }

  private must(): ControlLink {
    if (!this.link) throw new Error('The gateway is not running. It is started again by itself; see the tray for the reason.');
    return this.link;
  }

  private async decide(id: string, version: number, decision: 'approve' | 'deny'): Promise<void> {
    try {
      await this.must().decide(id, version, decision);
    } catch (error) {
      // Decided elsewhere meanwhile, or it needs to be read: the window shows what is true now.
      if ((error as { code?: string }).code === 'conflict') this.parts.window.show(`/approvals/${id}`);
      else throw error;
    }
  }

  private async gatewayChanged(state: SupervisorState): Promise<void> {
    if (state.state !== 'running') {
      this.link?.close();
      this.link = undefined;
      this.pending.clear();
      return this.draw();
    }
    if (!this.link) {
      this.localCapability = state.capability;
      const link = new ControlLink(state.control, state.capability);
      this.link = link;
      await this.reload(link).catch(() => {});
    }
    this.draw();
  }

  private async reload(link: ControlLink): Promise<void> {
    const [pending, agents, issuers] = await Promise.all([
      link.pending(),
      link.agents(),
      link.client.call<{ issuers?: { signIn?: unknown }[] }>('GET', '/api/issuers').catch(() => ({ issuers: [] })),
    ]);
    this.pending.clear();
    for (const approval of pending) this.pending.set(approval.id, approval);
    this.agents = agents.filter((a) => !a.revokedAt).map(({ id, name }) => ({ id, name }));
    this.canSignIn = (issuers.issuers ?? []).some((i) => i.signIn !== undefined);
  }

  private happened(event: ControlEvent): void {
    if (event.type === 'approval') {
      if (event.approval.state === 'pending') this.pending.set(event.approval.id, event.approval);
      else this.pending.delete(event.approval.id);
    } else if (event.type === 'settings' && this.link) {
      void this.reload(this.link).then(
        () => this.draw(),
        () => {},
      );
    }
    this.draw();
  }

  private draw(): void {
    const { supervisor, tray } = this.parts;
    const facts: TrayFacts = {
      gateway: supervisor.state,
      approvals: [...this.pending.values()],
      agents: this.agents,
      ...(this.person ? { person: this.person } : {}),
      signedOut: this.canSignIn && !this.person,
      canSignIn: this.canSignIn,
    };
    tray?.show(trayModel(facts));
    const quiet = supervisor.state.state === 'running' && supervisor.state.status.doNotDisturb;
    this.center.update(facts.approvals, quiet);
  }
}
