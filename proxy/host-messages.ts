import type { ControlEvent, GatewayStatus } from './contract/index.js';

/** From the desktop's main process to the gateway's process. */
export type ParentMessage =
  | {
      type: 'start';
      directory: string;
      version: string;
      port?: number;
      demo?: boolean;
      /** What main's keychain is; its values are asked for one by one. */
      secrets: { kind: string; protected: boolean; acceptsProviderKeys: boolean; state: { state: 'unlocked' | 'locked' | 'no-collection' | 'absent' | 'unsupported' | 'error'; advice?: string } };
    }
  | { type: 'secret'; id: number; value?: string; error?: string }
  | { type: 'stop' };

/** From the gateway's process to main. */
export type HostMessage =
  | { type: 'secret-request'; id: number; op: 'get' | 'set' | 'delete'; name: string; value?: string }
  /** `capability` is the word of the person at this computer; main keeps it in memory and uses it for its own windows only. */
  | { type: 'listening'; status: GatewayStatus; control: { socket: string; token: string }; capability: string }
  | { type: 'event'; event: ControlEvent }
  | { type: 'failed'; code: string; message: string }
  | { type: 'stopped' };
