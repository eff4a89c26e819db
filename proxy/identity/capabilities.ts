import { randomBytes } from 'node:crypto';
import { type Clock, type Person, SallyportError } from '../contract/index.js';
import { credentialHash } from './keys.js';

/** A capability that nobody used for so long is forgotten, by the clock that went further: the monotonic one stands while a computer sleeps. */
const IDLE_MS = 12 * 3_600_000;
const MAX_CAPABILITIES = 200;

interface Moment {
  wall: number;
  monotonic: number;
}

export interface Capabilities {
  /** A new capability for a person who has just proved who they are. */
  give(person: Person): { capability: string; person: Person };
  /** @throws SallyportError person_required */
  require(capability: string | undefined): Person;
  /** Whoever used a capability last. */
  current(): Person | undefined;
  lock(capability: string): void;
  lockPerson(personId: string): void;
}

/**
 * Capabilities live in memory alone and are kept by their SHA-256, so that not even a memory dump of this map gives one away
 * whole. They end when they are locked, when they idle, and with the process.
 */
export function createCapabilities(clock: Clock): Capabilities {
  const held = new Map<string, { person: Person; usedAt: Moment }>();
  const now = (): Moment => ({ wall: clock.now(), monotonic: clock.monotonic() });
  const idle = (usedAt: Moment) => Math.max(clock.monotonic() - usedAt.monotonic, clock.now() - usedAt.wall) >= IDLE_MS;
  return {
    give(person) {
      const capability = `cap_${randomBytes(32).toString('base64url')}`;
      for (const [hash, entry] of held) if (idle(entry.usedAt)) held.delete(hash);
      if (held.size >= MAX_CAPABILITIES) held.delete(held.keys().next().value!);
      held.set(credentialHash(capability), { person, usedAt: now() });
      return { capability, person };
    },
    require(capability) {
      const hash = capability === undefined ? '' : credentialHash(capability);
      const entry = held.get(hash);
      if (entry === undefined || idle(entry.usedAt)) {
        held.delete(hash);
        throw new SallyportError('person_required', 'Only a signed-in or unlocked person may do this. Sign in or unlock: sallyport login.');
      }
      entry.usedAt = now();
      return entry.person;
    },
    current() {
      let latest: { person: Person; usedAt: Moment } | undefined;
      for (const entry of held.values())
        if (!idle(entry.usedAt) && (latest === undefined || entry.usedAt.monotonic >= latest.usedAt.monotonic)) latest = entry;
      return latest?.person;
    },
    lock: (capability) => void held.delete(credentialHash(capability)),
    lockPerson(personId) {
      for (const [hash, entry] of held) if (entry.person.id === personId) held.delete(hash);
    },
  };
}
