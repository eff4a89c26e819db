import { signal } from '@preact/signals';
import type { ControlEvent, GatewayStatus } from '../../proxy/contract/index.js';
import { t } from '../strings/index.js';
import { csrfToken } from './client.js';

/** What the gateway says of itself; undefined until the first answer. */
export const status = signal<GatewayStatus | undefined>(undefined);
/** Is the event stream open? */
export const live = signal(false);
/** Why the gateway cannot be reached, for people. */
export const trouble = signal<string | undefined>(undefined);

/** `missed`: the stream was away, and nobody knows what it would have told meanwhile. */
type Heard = ControlEvent | { type: 'missed' };
type Listener = (event: Heard) => void;
const listeners = new Set<Listener>();

/** Calls back at every event. Returns how to stop. */
export function onEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Is this an event of one of these kinds, or may one of them have been missed? */
export const concerns = (event: Heard, ...types: ControlEvent['type'][]): boolean => event.type === 'missed' || types.includes(event.type);

function tell(event: Heard): void {
  for (const listener of listeners) listener(event);
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

/** A gateway that is only being started answers soon: asked again quickly at first, and said only when it goes on. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;
/** Three of the gateway's beats: a stream that says nothing for so long is dead, though nobody closed it (a lid, a lost network). */
const SILENCE_MS = 45_000;

/**
 * Opens the stream, and opens it again for as long as the page lives. It begins with the status and tells each change: nothing else is
 * asked, because an answer that comes by another way can be older than what the stream has told already.
 */
export function follow(pause: number = FIRST_PAUSE_MS, again = false): void {
  const csrf = csrfToken();
  const source = new EventSource(csrf === undefined ? '/api/events' : `/api/events?csrf=${encodeURIComponent(csrf)}`);
  let next = pause;
  let watch: ReturnType<typeof setTimeout> | undefined;
  const lost = () => {
    clearTimeout(watch);
    live.value = false;
    if (next > FIRST_PAUSE_MS) trouble.value = t.status.trouble;
    source.close();
    setTimeout(() => follow(Math.min(LONGEST_PAUSE_MS, next * 2), true), next);
  };
  const heard = () => {
    clearTimeout(watch);
    watch = setTimeout(lost, SILENCE_MS);
  };
  heard();
  source.onopen = () => {
    next = FIRST_PAUSE_MS;
    live.value = true;
    trouble.value = undefined;
    heard();
    if (again) tell({ type: 'missed' });
  };
  source.onerror = lost;
  source.addEventListener('alive', heard);
  for (const type of TYPES) {
    source.addEventListener(type, (message) => {
      heard();
      const event = JSON.parse((message as MessageEvent<string>).data) as ControlEvent;
      if (event.type === 'status') status.value = event.status;
      tell(event);
    });
  }
}
