import { signal } from '@preact/signals';
import type { ControlEvent, GatewayStatus } from '../../proxy/contract/index.js';
import { api, csrfToken } from './client.js';

/** What the gateway says of itself; undefined until the first answer. */
export const status = signal<GatewayStatus | undefined>(undefined);
/** Is the event stream open? */
export const live = signal(false);
/** Why the gateway cannot be reached, for people. */
export const trouble = signal<string | undefined>(undefined);

type Listener = (event: ControlEvent) => void;
const listeners = new Set<Listener>();

/** Calls back at every event. Returns how to stop. */
export function onEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

const TYPES: ControlEvent['type'][] = [
  'status',
  'exchange-started',
  'exchange-ended',
  'refusal',
  'approval',
  'settings',
  'attempt',
  'session',
];

/** Opens the stream, and opens it again for as long as the page lives. */
export function follow(): void {
  const csrf = csrfToken();
  const source = new EventSource(csrf === undefined ? '/api/events' : `/api/events?csrf=${encodeURIComponent(csrf)}`);
  source.onopen = () => {
    live.value = true;
    trouble.value = undefined;
    void refreshStatus();
  };
  source.onerror = () => {
    live.value = false;
    trouble.value = 'The gateway does not answer. It is tried again by itself.';
    source.close();
    setTimeout(follow, 2_000);
  };
  for (const type of TYPES) {
    source.addEventListener(type, (message) => {
      const event = JSON.parse((message as MessageEvent<string>).data) as ControlEvent;
      if (event.type === 'status') status.value = event.status;
      for (const listener of listeners) listener(event);
    });
  }
}

async function refreshStatus(): Promise<void> {
  try {
    status.value = await api<GatewayStatus>('GET', '/status');
  } catch {
    // The stream's own error says it.
  }
}
