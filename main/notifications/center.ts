/** Which notifications stand on the screen. A notification is an invitation: closing or expiry decides nothing. */
import type { Approval } from '../../proxy/contract/index.js';
import { approvalText, burstText, type NotificationText } from './text.js';

export interface Shown {
  close(): void;
}

/** How a desktop shows one notification: D-Bus on Linux, Electron's own elsewhere. */
export interface Notifier {
  /** Rejects when this desktop shows none now. */
  show(text: NotificationText, on: { approve(): void; deny(): void; open(): void }): Promise<Shown>;
  close(): void;
}

export interface CenterActions {
  decide(approval: Approval, decision: 'approve' | 'deny'): void;
  open(approvalId?: string): void;
  /** It could not be shown as a notification. */
  unseen(approvalId: string): void;
}

/** From this many pending on, one summary stands for all. */
const BURST = 4;

export class NotificationCenter {
  private readonly shown = new Map<string, Promise<Shown>>();
  private pending = new Map<string, Approval>();
  private summary: Promise<Shown> | undefined;
  private summaryCount = 0;
  constructor(
    private readonly notifier: Notifier,
    private readonly actions: CenterActions,
  ) {}

  /** Brings what is shown in line with what is pending. `quiet`: do not disturb. */
  update(pending: readonly Approval[], quiet: boolean): void {
    this.pending = new Map(pending.map((a) => [a.id, a]));
    const wanted = quiet ? [] : pending;
    const ids = new Set(wanted.map((a) => a.id));
    // Decided elsewhere, or withdrawn: the invitation goes.
    for (const [id, shown] of this.shown) {
      if (ids.has(id) && wanted.length < BURST) continue;
      this.shown.delete(id);
      void shown.then((s) => s.close()).catch(() => {});
    }
    if (wanted.length >= BURST) return this.showSummary(wanted);
    this.closeSummary();
    for (const approval of wanted) {
      if (this.shown.has(approval.id)) continue;
      let decided = false;
      const once = (decision: 'approve' | 'deny') => () => {
        // A client that came back made a new version of the same; other bytes are another matter, which has to be read.
        const now = this.pending.get(approval.id);
        if (decided || !now) return;
        if (now.digest !== approval.digest) return this.actions.open(approval.id);
        decided = true;
        this.actions.decide(now, decision);
      };
      const text = approvalText(approval);
      const shown = this.notifier.show(text, {
        approve: text.canApprove ? once('approve') : () => this.actions.open(approval.id),
        deny: once('deny'),
        open: () => this.actions.open(approval.id),
      });
      shown.catch(() => this.actions.unseen(approval.id));
      this.shown.set(approval.id, shown);
    }
  }

  private showSummary(wanted: readonly Approval[]): void {
    if (this.summaryCount === wanted.length) return;
    this.closeSummary();
    this.summaryCount = wanted.length;
    const text = burstText(wanted.length, [...new Set(wanted.map((a) => a.agent.name))]);
    this.summary = this.notifier.show(text, {
      approve: () => this.actions.open(),
      deny: () => this.actions.open(),
      open: () => this.actions.open(),
    });
    this.summary.catch(() => this.actions.unseen((wanted[0] as Approval).id));
  }

  private closeSummary(): void {
    this.summaryCount = 0;
    void this.summary?.then((s) => s.close()).catch(() => {});
    this.summary = undefined;
  }
}
