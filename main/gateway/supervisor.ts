/**
 * Runs the gateway as a child process and starts it again when it dies. While it is down no port listens, so nothing passes: agents get
 * a refused connection, never an unjudged answer.
 */
import type { ControlEvent, GatewayStatus, HostMessage, ParentMessage, Person, PersonState } from '../../proxy/index.js';
import { type Pulse, watchPulse } from './pulse.js';

/** The part of a child process that is needed; Electron's `utilityProcess` and `child_process.fork` both give it. */
export interface HostProcess {
  readonly pid: number | undefined;
  post(message: ParentMessage): void;
  onMessage(listener: (message: HostMessage) => void): void;
  onExit(listener: (code: number | null) => void): void;
  /** At once, whatever it does. */
  kill(): void;
}

export type SupervisorState =
  /** `after`: why the run before ended. `unlock`: the keychain is locked, and the system asks the person for its password. */
  | { state: 'starting'; after?: string; unlock?: true }
  | { state: 'running'; status: GatewayStatus; control: { socket: string; token: string }; capability: string }
  /** Died or did not start; the next try comes in `retryInMs`, or never (a person has to do something). */
  | { state: 'down'; code: string; message: string; retryInMs?: number }
  | { state: 'stopped' };

export interface Supervisor {
  readonly state: SupervisorState;
  start(): void;
  /** Drains streams, seals the ledger, ends the child. */
  stop(graceMs?: number): Promise<void>;
  /** Tries again at once. */
  retry(): void;
  /** See `personSession` of the gateway. Answers `none` when the gateway is not running. */
  personSession(person?: string): Promise<PersonSession>;
  /** A new word of the person at this computer; undefined when the gateway is not running. */
  localCapability(): Promise<string | undefined>;
  onState(listener: (state: SupervisorState) => void): () => void;
  onEvent(listener: (event: ControlEvent) => void): () => void;
}

export interface PersonSession {
  state: PersonState;
  given?: { capability: string; person: Person };
}

/** Codes after which another try cannot help before a person acted. */
const NEEDS_A_PERSON = new Set(['invalid']);
const BACK_OFF_MS = [300, 1_000, 3_000, 10_000, 30_000];
/** A run of this long counts as healthy: the back-off starts anew. */
const HEALTHY_MS = 60_000;

export interface SupervisorOptions {
  fork(): HostProcess;
  /** A failure counts as a failed start: it is tried again, and said. */
  startMessage(): Promise<Extract<ParentMessage, { type: 'start' }>>;
  /** Answers the child's requests for secrets. */
  secret(request: Extract<HostMessage, { type: 'secret-request' }>): Promise<string | undefined>;
  setTimer(run: () => void, ms: number): () => void;
  now(): number;
}

export function createSupervisor(options: SupervisorOptions): Supervisor {
  let state: SupervisorState = { state: 'stopped' };
  let child: HostProcess | undefined;
  let tries = 0;
  let startedAt = 0;
  let stopping: (() => void) | undefined;
  let cancelRetry: (() => void) | undefined;
  let why: string | undefined;
  let asked = 0;
  let pulse: Pulse | undefined;
  const answers = new Map<number, (message: HostMessage | undefined) => void>();
  const stateListeners = new Set<(state: SupervisorState) => void>();
  const eventListeners = new Set<(event: ControlEvent) => void>();

  const set = (next: SupervisorState): void => {
    state = next;
    for (const listener of stateListeners) listener(next);
  };

  const down = (code: string, message: string): void => {
    child = undefined;
    pulse?.end();
    for (const answer of answers.values()) answer(undefined);
    answers.clear();
    if (stopping) {
      stopping();
      return;
    }
    if (options.now() - startedAt > HEALTHY_MS) tries = 0;
    why = message;
    if (NEEDS_A_PERSON.has(code)) return set({ state: 'down', code, message });
    const retryInMs = BACK_OFF_MS[Math.min(tries, BACK_OFF_MS.length - 1)] as number;
    tries++;
    set({ state: 'down', code, message, retryInMs });
    cancelRetry = options.setTimer(run, retryInMs);
  };

  const run = (): void => {
    cancelRetry?.();
    cancelRetry = undefined;
    startedAt = options.now();
    set({ state: 'starting', ...(why === undefined ? {} : { after: why }) });
    const made = options.fork();
    child = made;
    let failed: { code: string; message: string } | undefined;
    made.onMessage((message) => {
      if (child !== made) return;
      pulse?.heard();
      switch (message.type) {
        case 'secret-request':
          options.secret(message).then(
            (value) => made.post({ type: 'secret', id: message.id, ...(value === undefined ? {} : { value }) }),
            (error: Error) => made.post({ type: 'secret', id: message.id, error: error.message }),
          );
          break;
        case 'person':
        case 'local':
          answers.get(message.id)?.(message);
          answers.delete(message.id);
          break;
        case 'listening':
          why = undefined;
          pulse = watchPulse(
            () => made.post({ type: 'ping' }),
            () => {
              failed = {
                code: 'gateway_hung',
                message: 'The gateway no longer answered and was ended. Agents are refused until it is back.',
              };
              made.kill();
            },
            options.setTimer,
          );
          set({ state: 'running', status: message.status, control: message.control, capability: message.capability });
          break;
        case 'event':
          if (message.event.type === 'status' && state.state === 'running') set({ ...state, status: message.event.status });
          for (const listener of eventListeners) listener(message.event);
          break;
        case 'failed':
          failed = { code: message.code, message: message.message };
          made.kill();
          break;
        case 'pong':
        case 'stopped':
          break;
      }
    });
    made.onExit((code) => {
      if (child !== made) return;
      down(
        failed?.code ?? 'gateway_died',
        failed?.message ?? `The gateway ended unexpectedly (${code ?? 'killed'}). Agents are refused until it is back.`,
      );
    });
    options.startMessage().then(
      (message) => {
        if (child === made && state.state === 'starting' && message.secrets.state.state === 'locked') set({ ...state, unlock: true });
        made.post(message);
      },
      (error: Error & { code?: string }) => {
        failed = { code: error.code ?? 'internal', message: error.message };
        made.kill();
      },
    );
  };

  const ask = (message: { type: 'person'; person?: string } | { type: 'local' }): Promise<HostMessage | undefined> => {
    if (!child || state.state !== 'running') return Promise.resolve(undefined);
    const id = ++asked;
    const running = child;
    return new Promise((resolve) => {
      answers.set(id, resolve);
      running.post({ ...message, id });
    });
  };

  return {
    get state() {
      return state;
    },
    start: run,
    async personSession(person) {
      const answer = await ask({ type: 'person', ...(person === undefined ? {} : { person }) });
      if (answer?.type !== 'person') return { state: 'none' };
      return { state: answer.state, ...(answer.given ? { given: answer.given } : {}) };
    },
    async localCapability() {
      const answer = await ask({ type: 'local' });
      return answer?.type === 'local' ? answer.capability : undefined;
    },
    retry() {
      tries = 0;
      if (!child) run();
    },
    stop(graceMs = 5_000) {
      cancelRetry?.();
      cancelRetry = undefined;
      pulse?.end();
      const running = child;
      if (!running) {
        set({ state: 'stopped' });
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const cancel = options.setTimer(() => running.kill(), graceMs);
        stopping = () => {
          cancel();
          stopping = undefined;
          set({ state: 'stopped' });
          resolve();
        };
        running.post({ type: 'stop' });
      });
    },
    onState(listener) {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    onEvent(listener) {
      eventListeners.add(listener);
      return () => eventListeners.delete(listener);
    },
  };
}
