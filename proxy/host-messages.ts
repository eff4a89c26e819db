import type { ControlEvent, GatewayStatus, Person } from './contract/index.js';

/** How the session of a person stands with the identity provider; `none`: nobody has signed in here. */
export type PersonState = 'signed-in' | 'unreachable' | 'revoked' | 'signed-out' | 'no-refresh-token' | 'none';

/** From the desktop's main process to the gateway's process. */
export type ParentMessage =
  | {
      type: 'start';
      directory: string;
      version: string;
      port?: number;
      demo?: boolean;
      /** What main's keychain is; its values are asked for one by one. */
      secrets: {
        kind: string;
        protected: boolean;
        acceptsProviderKeys: boolean;
        state: { state: 'unlocked' | 'locked' | 'no-collection' | 'absent' | 'unsupported' | 'error'; advice?: string };
      };
    }
  | { type: 'secret'; id: number; value?: string; error?: string }
  /** Without `person`: takes up the session of the person who signed in last. With it: how that session stands. */
  | { type: 'person'; id: number; person?: string }
  /** A new word of the person at this computer: an unused one is forgotten after half a day. */
  | { type: 'local'; id: number }
  /** Is it there? Anything that it says is an answer; `pong`, where it has nothing else to say. */
  | { type: 'ping' }
  | { type: 'stop' };

/** From the gateway's process to main. */
export type HostMessage =
  | { type: 'secret-request'; id: number; op: 'get' | 'set' | 'delete'; name: string; value?: string }
  /** `capability` is the word of the person at this computer; main keeps it in memory and uses it for its own windows only. */
  | { type: 'listening'; status: GatewayStatus; control: { socket: string; token: string }; capability: string }
  | { type: 'person'; id: number; state: PersonState; given?: { capability: string; person: Person } }
  | { type: 'local'; id: number; capability: string }
  | { type: 'event'; event: ControlEvent }
  | { type: 'pong' }
  | { type: 'failed'; code: string; message: string }
  | { type: 'stopped' };
