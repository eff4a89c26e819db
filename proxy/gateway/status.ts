import type { GatewayStatus, Settings } from '../contract/index.js';

/** Faults that a person should know of, by code; shown in status, tray and console until they are over. */
export class Faults {
  private readonly standing = new Map<string, { code: string; message: string; since: string }>();
  constructor(
    private readonly now: () => number,
    private readonly changed: () => void,
  ) {}

  set(code: string, message: string): void {
    const before = this.standing.get(code);
    if (before?.message === message) return;
    this.standing.set(code, { code, message, since: before?.since ?? new Date(this.now()).toISOString() });
    this.changed();
  }

  clear(code: string): void {
    if (this.standing.delete(code)) this.changed();
  }

  list(): GatewayStatus['faults'] {
    return [...this.standing.values()];
  }
}

export interface StatusFacts extends Omit<GatewayStatus, 'recording' | 'doNotDisturb'> {
  settings: Settings;
  recording: { ok: boolean; reason?: string };
}

/** What `sallyport status`, tray and console show. */
export function statusOf({ settings, recording, ...f }: StatusFacts): GatewayStatus {
  return {
    ...f,
    state: f.state === 'listening' ? (f.frozen ? 'frozen' : recording.ok ? 'listening' : 'fault') : f.state,
    doNotDisturb: settings.approvals.doNotDisturb,
    recording: { ...recording, protectedKeys: f.secrets.protected },
  };
}
