/**
 * Which exchanges belong to one run of an agent, and what is already known in it. Agents need no change: ids that we gave out come
 * back, retries and growing conversations are recognised (measured on real clients; rules in the order of docs/architecture).
 */
import { hash, randomBytes } from 'node:crypto';
import { createTaint } from '../commands/index.js';
import type { SessionTaint } from '../commands/types.js';
import type { Finding, NotScannedReason, Part, Verdict } from '../contract/index.js';
import type { Vault } from '../mask/types.js';
import type { RequestReading } from '../wire/types.js';
import { newId } from './exchange.js';

/** What the session knows of one part, by its keyed hash. */
export interface KnownPart {
  /** Detector revision that the findings are of. */
  detector: string;
  findings: Finding[];
  notScanned?: NotScannedReason;
  /** Key of the judgement below: policy revision, model, connection, operation. */
  judged?: string;
  verdict?: Verdict;
  findingActions?: import('../contract/index.js').Action[];
  sent?: string;
  recorded?: string;
  bytes: number;
}

/** A decision that covers later exchanges of the session. */
export interface Carried {
  state: 'approved' | 'denied';
  rule: string;
  approvalId: string;
  reason?: string;
}

export interface Session {
  readonly id: string;
  readonly agentId: string;
  /** Filled at first use by the mask stage. */
  vault?: Vault;
  /** Vault entries that are not yet in the vault of originals. */
  freshEntries?: import('../mask/types.js').VaultEntry[];
  readonly parts: Map<string, KnownPart>;
  partBytes: number;
  /** By part key, `tool:NAME`, `history:FIELD`, `exchange:RULE`. */
  readonly carried: Map<string, Carried>;
  /** Masked text that a person put in the place of a part. */
  readonly edits: Map<string, string>;
  readonly taint: SessionTaint;
  lastMs: number;
  open: number;
}

export interface SessionBook {
  /** Finds or makes the session of a request. `keys` are the part keys, in order. */
  assign(
    who: { agentId: string; userAgent: string; headers: readonly string[] },
    reading: RequestReading | undefined,
    keys: readonly string[],
    nowMs: number,
  ): { session: Session; rule: string; done(answered: boolean): void };
  /** Keyed hash (SHA-256, one character a byte) of a part; the same for the same bytes, role and kind within this process. */
  partKey(part: Part, body: Buffer): string;
  /** An id that an answer gave out to this agent. */
  given(agentId: string, id: string, session: Session): void;
  /** Did we give out this id to this agent? */
  assignedTo(agentId: string, id: string): boolean;
  get(id: string): Session | undefined;
  /** Open exchanges of an agent. */
  active(agentId: string): number;
  enter(session: Session): void;
  leave(session: Session): void;
  readonly openExchanges: number;
  remember(session: Session, key: string, known: KnownPart): void;
}

const EXPLICIT_HEADERS = [
  'x-sallyport-session',
  'x-claude-code-session-id',
  'x-session-id',
  'session-id',
  'thread-id',
  'x-session-affinity',
  'helicone-session-id',
];
const IDLE_MS = 30 * 60_000;
const MAX_SESSIONS = 2_000;
const MAX_KEYS = 50_000;
/** Bound of what one session, and all together, keep of parts. */
const SESSION_BYTES = 8 << 20;
const TOTAL_BYTES = 24 << 20;

export function createSessionBook(): SessionBook {
  const salt = randomBytes(32);
  const scratch = Buffer.allocUnsafeSlow(64 << 10);
  const sessions = new Map<string, Session>();
  const explicit = bounded<string>();
  const given = bounded<string>();
  /** Whole conversations as they were sent: a later one begins with an earlier one, or is its retry. */
  const chains = bounded<{ id: string; at: number; state: 'open' | 'answered' | 'failed' }>();
  const activeByAgent = new Map<string, number>();
  let totalBytes = 0;
  let open = 0;

  const make = (agentId: string, nowMs: number): Session => {
    const session: Session = {
      id: newId('se'),
      agentId,
      parts: new Map(),
      partBytes: 0,
      carried: new Map(),
      edits: new Map(),
      taint: createTaint(),
      lastMs: nowMs,
      open: 0,
    };
    sessions.set(session.id, session);
    if (sessions.size > MAX_SESSIONS) shrink(nowMs);
    return session;
  };
  const drop = (session: Session): void => {
    sessions.delete(session.id);
    totalBytes -= session.partBytes;
  };
  /** The least recently used come first. */
  const shrink = (nowMs: number): void => {
    for (const session of sessions.values()) {
      if (nowMs - session.lastMs <= IDLE_MS && sessions.size <= MAX_SESSIONS && totalBytes <= TOTAL_BYTES) break;
      if (session.open === 0) drop(session);
    }
  };
  const live = (id: string | undefined, agentId: string): Session | undefined => {
    const session = id === undefined ? undefined : sessions.get(id);
    return session?.agentId === agentId ? session : undefined;
  };

  return {
    partKey(part, body) {
      // Salt, what it is, and its bytes as they stand; the address is no part of the body and goes by its text.
      const { start, end } = part.span;
      const head = `${part.role}\0${part.kind}\0${part.tool?.name ?? ''}\0`;
      const text = end > start ? '' : (part.text ?? '');
      const size = salt.length + 3 * (head.length + text.length) + end - start;
      const room = size <= scratch.length ? scratch : Buffer.allocUnsafe(size);
      salt.copy(room);
      let at = salt.length + room.write(head, salt.length);
      if (end > start) at += body.copy(room, at, start, end);
      else at += room.write(text, at);
      return hash('sha256', room.subarray(0, at), 'binary');
    },
    assign(who, reading, keys, nowMs) {
      const id = explicitId(who.headers, reading);
      const seed = `${who.agentId}\n${who.userAgent}\n${reading?.model ?? ''}\n${reading?.tools.size ?? 0}`;
      // A rolling 64-bit chain over the keyed hashes of the parts; system prompts are left out, they may hold a clock.
      const links: number[] = [];
      let a = hash32(seed, 0x811c9dc5);
      let b = hash32(seed, 0x01000193);
      const parts = reading?.parts ?? [];
      for (let i = 0; i < parts.length; i++) {
        const { role } = parts[i] as Part;
        if (role === 'system' || role === 'definition') continue;
        const key = keys[i] as string;
        a = hash32(key, a, 16);
        b = hash32(key, b ^ 0x5bd1e995, 16);
        links.push(a, b);
      }
      const length = links.length / 2;
      const link = (k: number): string =>
        `${who.agentId}${(links[2 * k] as number).toString(36)}.${(links[2 * k + 1] as number).toString(36)}`;
      const whole = length > 0 ? link(length - 1) : undefined;
      let session: Session | undefined;
      let rule = 'new';
      if (id) {
        session = live(explicit.get(`${who.agentId}\0${id}`), who.agentId);
        rule = session ? 'explicit' : 'explicit-new';
      } else {
        for (const quoted of reading?.sessionHints.returnedIds ?? []) {
          session = live(given.get(`${who.agentId}\0${quoted}`), who.agentId);
          if (session) {
            rule = 'our-id';
            break;
          }
        }
        const earlier = whole === undefined ? undefined : chains.get(whole);
        if (!session && earlier && earlier.state !== 'answered' && nowMs - earlier.at < IDLE_MS) {
          session = live(earlier.id, who.agentId);
          if (session) rule = 'retry';
        }
        for (let k = length - 2; !session && k >= 0; k--) {
          const seen = chains.get(link(k));
          if (seen && nowMs - seen.at < IDLE_MS) {
            session = live(seen.id, who.agentId);
            if (session) rule = `prefix ${k + 1}/${length}`;
          }
        }
      }
      // Lists of models and the like belong to no conversation: they go with the agent's last one, or share one of their own.
      if (!reading) session ??= live(explicit.get(`${who.agentId}\0last`), who.agentId);
      session ??= make(who.agentId, nowMs);
      explicit.set(`${who.agentId}\0last`, session.id);
      session.lastMs = nowMs;
      sessions.delete(session.id);
      sessions.set(session.id, session);
      if (id) explicit.set(`${who.agentId}\0${id}`, session.id);
      const attempt = { id: session.id, at: nowMs, state: 'open' as 'open' | 'answered' | 'failed' };
      if (whole !== undefined) chains.set(whole, attempt);
      return {
        session,
        rule,
        done(answered) {
          attempt.state = answered ? 'answered' : 'failed';
        },
      };
    },
    given(agentId, id, session) {
      given.set(`${agentId}\0${id}`, session.id);
    },
    assignedTo: (agentId, id) => given.get(`${agentId}\0${id}`) !== undefined,
    get: (id) => sessions.get(id),
    active: (agentId) => activeByAgent.get(agentId) ?? 0,
    enter(session) {
      session.open++;
      open++;
      activeByAgent.set(session.agentId, (activeByAgent.get(session.agentId) ?? 0) + 1);
    },
    leave(session) {
      session.open--;
      open--;
      const left = (activeByAgent.get(session.agentId) ?? 1) - 1;
      if (left <= 0) activeByAgent.delete(session.agentId);
      else activeByAgent.set(session.agentId, left);
    },
    get openExchanges() {
      return open;
    },
    remember(session, key, known) {
      const before = session.parts.get(key);
      const grown = known.bytes - (before?.bytes ?? 0);
      session.parts.set(key, known);
      session.partBytes += grown;
      totalBytes += grown;
      if (session.partBytes > SESSION_BYTES) {
        // The oldest go first; they are scanned again when they come back. Decisions and edits are kept apart and stay.
        for (const [oldKey, old] of session.parts) {
          if (session.partBytes <= SESSION_BYTES / 2) break;
          session.parts.delete(oldKey);
          session.partBytes -= old.bytes;
          totalBytes -= old.bytes;
        }
      }
      if (totalBytes > TOTAL_BYTES) shrink(session.lastMs);
    },
  };
}

function explicitId(raw: readonly string[], reading: RequestReading | undefined): string | undefined {
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    if (EXPLICIT_HEADERS.includes(name)) return `${name}:${(raw[i + 1] as string).slice(0, 200)}`;
  }
  return reading?.sessionHints.explicit[0];
}

/** FNV-1a over UTF-16 units; of keyed SHA-256 hashes, half is enough. */
function hash32(text: string, seed: number, length = text.length): number {
  let h = seed >>> 0;
  for (let i = 0; i < length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return h;
}

function bounded<T>(): { get(key: string): T | undefined; set(key: string, value: T): void } {
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  return {
    get(key) {
      return young.get(key) ?? old.get(key);
    },
    set(key, value) {
      young.set(key, value);
      if (young.size > MAX_KEYS) {
        old = young;
        young = new Map();
      }
    },
  };
}
