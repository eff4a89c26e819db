import type { Approval } from './approval.js';
import type { Outcome } from './record.js';

/** The control API's event stream (`GET /api/events`, SSE; `event:` is `type`, `data:` the object). */
export type ControlEvent =
  | { type: 'status'; status: GatewayStatus }
  | { type: 'exchange-started'; exchange: string; session: string; agent: string; connection: string; model?: string; at: string }
  | { type: 'exchange-ended'; exchange: string; session: string; outcome: Outcome; at: string }
  | { type: 'refusal'; code: string; agent?: string; at: string }
  | { type: 'approval'; approval: Approval }
  | { type: 'settings' }
  | { type: 'attempt'; what: string; at: string }
  | { type: 'session'; session: string };

export type GatewayState = 'starting' | 'listening' | 'frozen' | 'fault' | 'stopping' | 'stopped';

/** What `sallyport status`, tray and console show. */
export interface GatewayStatus {
  state: GatewayState;
  version: string;
  /** `http://127.0.0.1:4141` */
  baseUrl: string;
  /** Open exchanges, and how many of them wait for a person. */
  active: number;
  pending: number;
  frozen: boolean;
  doNotDisturb: boolean;
  recording: { ok: boolean; reason?: string; protectedKeys: boolean };
  secrets: { kind: string; protected: boolean };
  policy: { preset: string; revision: string; managed: boolean };
  person?: { id: string; name: string; groups: string[] };
  demo: boolean;
  faults: { code: string; message: string; since: string }[];
  /** Exchanges of this run whose traces went to the collector, were dropped, or wait; absent where no collector is configured. */
  otlp?: { sent: number; dropped: number; waiting: number };
}
