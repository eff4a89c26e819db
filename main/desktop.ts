/** What the desktop app knows and shows: tray, notifications and windows follow the gateway. A person's acts are in acts.ts. */
import type { Agent, Approval, ControlEvent } from '../proxy/contract/index.js';
import type { Door } from './bridge/index.js';
import { ControlLink } from './control/index.js';
import type { Supervisor, SupervisorState } from './gateway/index.js';
import { NotificationCenter, type Notifier } from './notifications/index.js';
import { PersonsWord } from './sign-in/index.js';
import { type TrayIconView, trayModel } from './tray/index.js';
import type { ConsoleWindow } from './windows/index.js';

export interface DesktopParts {
  supervisor: Supervisor;
  tray: TrayIconView | undefined;
  window: ConsoleWindow;
  notifier: Notifier;
  keychain: { askAgain(): void };
  quit(): void;
  /** What a person asked for and did not get; never blocks. */
  say(title: string, detail: string): void;
  /** Called with the preferences at start and at each change of the settings. */
  preferences(preferences: { launchAtLogin: boolean; updates: 'off' | 'check' }): void;
}

export class Desktop {
  readonly word = new PersonsWord();
  readonly pending = new Map<string, Approval>();
  agents: Pick<Agent, 'id' | 'name' | 'scope'>[] = [];
  private link: ControlLink | undefined;
  private readonly open = new Set<string>();
  private readonly center: NotificationCenter;
  private update: string | undefined;

  constructor(
    readonly parts: DesktopParts,
    decide: (desktop: Desktop, approval: Pick<Approval, 'id' | 'version'>, decision: 'approve' | 'deny') => void,
  ) {
    this.center = new NotificationCenter(parts.notifier, {
      decide: (approval, decision) => decide(this, approval, decision),
      open: (id) => parts.window.show(id ? `/approvals/${id}` : '/approvals'),
      // No notification on this desktop: the window is the next thing that a person sees.
      unseen: (id) => parts.window.show(`/approvals/${id}`),
    });
    parts.supervisor.onState((state) => void this.gatewayChanged(state));
    parts.supervisor.onEvent((event) => this.happened(event));
    this.draw();
  }

  /** For the page’s own door to the control API. */
  door(): Door {
    const { state } = this.parts.supervisor;
    return {
      client: this.link?.client,
      capability: this.word.capability,
      down: whyDown(state),
      keep: (given) => {
        this.word.keep(given);
        this.draw();
      },
      ended: () => {
        this.word.end();
        this.draw();
      },
    };
  }

  /** @throws Error while the gateway is down */
  control(): ControlLink {
    if (this.link) return this.link;
    throw new Error(whyDown(this.parts.supervisor.state));
  }

  offer(version: string | undefined): void {
    this.update = version;
    this.draw();
  }

  /** Whether the words that we hold are still good: the provider may have ended a session, an unused word is forgotten. */
  async checkWord(): Promise<void> {
    const { word, link } = this;
    const { supervisor } = this.parts;
    if (!link) return;
    if (word.capability !== undefined && !(await link.unlocked())) {
      if (!word.person) {
        const local = await supervisor.localCapability();
        if (local !== undefined) word.renewLocal(local);
      } else word.end((await supervisor.personSession(word.person.id)).state);
    } else if (word.person?.via === 'oidc') word.session = (await supervisor.personSession(word.person.id)).state;
    else if (word.locked && word.session === 'unreachable') await this.resume();
    this.draw();
  }

  close(): void {
    this.parts.notifier.close();
    this.link?.close();
  }

  private async gatewayChanged(state: SupervisorState): Promise<void> {
    if (state.state !== 'running') {
      this.link?.close();
      this.link = undefined;
      this.pending.clear();
      this.open.clear();
      return this.draw();
    }
    if (!this.link) {
      this.word.start(state.capability);
      const link = new ControlLink(state.control, () => this.word.capability);
      this.link = link;
      await this.reload(link).catch(() => {});
      if (this.word.canSignIn) await this.resume();
    }
    this.draw();
  }

  /** Takes up the session of the person who signed in last, if the identity provider still knows it. */
  private async resume(): Promise<void> {
    const { state, given } = await this.parts.supervisor.personSession();
    if (given) this.word.keep(given);
    else this.word.session = state;
  }

  private async reload(link: ControlLink): Promise<void> {
    const [pending, agents, canSignIn, { preferences }] = await Promise.all([
      link.pending(),
      link.agents(),
      link.canSignIn(),
      link.settings(),
    ]);
    this.pending.clear();
    for (const approval of pending) this.pending.set(approval.id, approval);
    this.agents = agents.filter((a) => !a.revokedAt);
    this.word.canSignIn = canSignIn;
    this.parts.preferences(preferences);
  }

  private happened(event: ControlEvent): void {
    switch (event.type) {
      case 'approval':
        if (event.approval.state === 'pending') this.pending.set(event.approval.id, event.approval);
        else this.pending.delete(event.approval.id);
        break;
      case 'exchange-started':
        this.open.add(event.exchange);
        break;
      case 'exchange-ended':
        this.open.delete(event.exchange);
        break;
      case 'status':
        if (this.word.person) void this.checkWord().catch(() => {});
        break;
      case 'settings':
        if (this.link)
          void this.reload(this.link).then(
            () => this.draw(),
            () => {},
          );
        break;
    }
    this.draw();
  }

  /** Also when the look of the desktop changed: icons have a dark and a light form. */
  draw(): void {
    const { supervisor, tray } = this.parts;
    const { word } = this;
    const running = supervisor.state.state === 'running';
    const approvals = [...this.pending.values()];
    tray?.show(
      trayModel({
        gateway: supervisor.state,
        approvals,
        agents: this.agents,
        active: this.open.size,
        signedOut: running && this.link !== undefined && word.locked,
        canSignIn: word.canSignIn,
        session: word.session,
        ...(word.person ? { person: word.person } : {}),
        ...(this.update === undefined ? {} : { update: this.update }),
      }),
    );
    this.center.update(approvals, supervisor.state.state === 'running' && supervisor.state.status.doNotDisturb);
  }
}

function whyDown(state: SupervisorState): string {
  if (state.state === 'down') return state.message;
  if (state.state === 'starting' && state.unlock)
    return 'The keychain is locked. The system asks for its password in a dialog of its own; the gateway starts when it is unlocked.';
  const after = state.state === 'starting' && state.after !== undefined ? `${state.after} ` : '';
  return `${after}The gateway is being started. Try again in a moment.`;
}
