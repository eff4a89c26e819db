import type { Clock, Settings } from '../contract/index.js';
import type { State } from './sealed-state.js';

/** What is known about a person who owns agents. */
export interface OwnerRecord {
  /** `iss|sub`. */
  id: string;
  name: string;
  groups: string[];
  /** When the identity provider last confirmed the groups. */
  refreshedAtMs: number;
  state: 'signed-in' | 'signed-out' | 'revoked';
}

/** Persons whose agents pass through here; kept over a restart. Synchronous to ask, because every request asks. */
export interface Owners {
  get(id: string): OwnerRecord | undefined;
  set(record: OwnerRecord): Promise<void>;
  list(): OwnerRecord[];
  onChange(listener: () => void): () => void;
  /** Tells the listeners of something that is not kept: the identity provider went away. */
  tell(): void;
}

/** Loads what was kept. */
export async function openOwners(kept?: State<OwnerRecord[]>): Promise<Owners> {
  const records = new Map((await kept?.read())?.map((record) => [record.id, record]));
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    get: (id) => records.get(id),
    list: () => [...records.values()],
    async set(record) {
      records.set(record.id, record);
      tell();
      await kept?.write([...records.values()]);
    },
    tell,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** What an owner's agents may do now. `untilMs`: when this has to be asked again. */
export type Standing =
  | { state: 'ok' /** undefined: the local person, who has no groups to cut with. */; groups?: string[]; untilMs: number }
  | { state: 'locked' | 'stale' | 'group-missing'; sentence: string };

/**
 * The owner's word on its agents: signed out or withdrawn → locked, groups not confirmed for too long → stale (unknown, 503),
 * none of the required groups → group-missing. Pure.
 */
export function ownerStanding(owner: string, record: OwnerRecord | undefined, identity: Settings['identity'], now: number): Standing {
  const required = identity.requiredGroups;
  if (owner === 'local') {
    if (required.length > 0) return { state: 'group-missing', sentence: missing('The local person', required) };
    return { state: 'ok', untilMs: Number.POSITIVE_INFINITY };
  }
  if (record === undefined)
    return { state: 'locked', sentence: "The agent's owner has never signed in on this computer. Sign in: sallyport login." };
  if (record.state === 'revoked') {
    return { state: 'locked', sentence: `The identity provider has ended the session of ${record.name}. Sign in again: sallyport login.` };
  }
  if (record.state === 'signed-out' && identity.onSignOut === 'lock') {
    return { state: 'locked', sentence: `${record.name}, who owns this agent, is signed out. Sign in: sallyport login.` };
  }
  const untilMs = record.refreshedAtMs + identity.ownerGraceHours * 3_600_000;
  if (now >= untilMs) {
    const sentence = `The groups of ${record.name} were last confirmed more than ${identity.ownerGraceHours} h ago and the identity provider did not answer since. Sign in again: sallyport login.`;
    return { state: 'stale', sentence };
  }
  if (required.length > 0 && !required.some((group) => record.groups.includes(group))) {
    return { state: 'group-missing', sentence: missing(record.name, required) };
  }
  return { state: 'ok', groups: record.groups, untilMs };
}

function missing(name: string, required: readonly string[]): string {
  return `${name} is in none of the groups that identity.requiredGroups asks for (${required.join(', ')}).`;
}

/** Current time as an owner record has it. */
export function confirmedNow(record: Omit<OwnerRecord, 'refreshedAtMs'>, clock: Clock): OwnerRecord {
  return { ...record, refreshedAtMs: clock.now() };
}
