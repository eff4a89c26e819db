import type { GatewayState, GatewayStatus, Settings } from '../contract/index.js';

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

export interface StatusFacts {
  state: GatewayState;
  version: string;
  baseUrl: string;
  active: number;
  pending: number;
  frozen: boolean;
  settings: Settings;
  recording: { ok: boolean; reason?: string };
  secrets: { kind: string; protected: boolean };
  policy: { preset: string; revision: string; managed: boolean };
  person?: GatewayStatus['person'];
  demo: boolean;
  faults: GatewayStatus['faults'];
  otlp?: GatewayStatus['otlp'];
}

/** What `sallyport status`, tray and console show. */
export function statusOf(f: StatusFacts): GatewayStatus {
  const state: GatewayState = f.state === 'listening' ? (f.frozen ? 'frozen' : f.recording.ok ? 'listening' : 'fault') : f.state;
  return {
    state,
    version: f.version,
    baseUrl: f.baseUrl,
    active: f.active,
    pending: f.pending,
    frozen: f.frozen,
    doNotDisturb: f.settings.approvals.doNotDisturb,
    recording: { ...f.recording, protectedKeys: f.secrets.protected },
    secrets: f.secrets,
    policy: f.policy,
    ...(f.person ? { person: f.person } : {}),
    demo: f.demo,
    faults: f.faults,
    ...(f.otlp ? { otlp: f.otlp } : {}),
  };
}
