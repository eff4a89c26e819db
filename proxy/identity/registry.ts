import { type Agent, type Clock, SallyportError, type Scope } from '../contract/index.js';
import type { SettingsStore } from '../settings/index.js';
import { credentialHash, newAgentKey, newId } from './keys.js';
import type { AgentRegistry } from './types.js';

const DAY = 86_400_000;
/** Ended agents are kept this long, so that a refusal can say "revoked" and lists show them. */
const KEEP_REVOKED_DAYS = 7;
const KEEP_EXPIRED_DAYS = 30;
/** `sallyport run` mints an agent for each run; settings must not grow with that. */
const KEEP_ENDED = 200;

/** Agents as they stand in the settings. A key is in an answer once, at creation and rotation, and is kept only as its hash. */
export function createAgentRegistry(settings: SettingsStore, clock: Clock): AgentRegistry {
  const now = () => new Date(clock.now()).toISOString();

  /** Changes one live agent. */
  const change = async (id: string, apply: (agent: Agent) => void): Promise<Agent> => {
    const changed = await settings.update((draft) => {
      const agent = draft.agents.find((candidate) => candidate.id === id);
      if (agent === undefined) throw new SallyportError('not_found', `No agent has the id "${id}".`);
      apply(agent);
    });
    return changed.agents.find((agent) => agent.id === id)!;
  };
  const live = (agent: Agent) => {
    if (agent.revokedAt !== undefined) throw new SallyportError('conflict', `The agent "${agent.name}" was revoked; create a new one.`);
  };

  return {
    list: () => settings.get().agents,
    async create(input) {
      if (input.expiresAt !== undefined && !(Date.parse(input.expiresAt) > clock.now())) {
        throw new SallyportError('invalid', 'expiresAt must be a time in the future.', { details: { expiresAt: 'must be in the future' } });
      }
      const key = newAgentKey();
      const { name, owner, groups = [], scope, ...rest } = input;
      const agent: Agent = {
        id: newId('ag'),
        name,
        owner,
        groups,
        scope: wholeScope(scope),
        keyHash: credentialHash(key),
        keyHint: key.slice(0, 7),
        createdAt: now(),
        ...withoutUndefined(rest),
      };
      await settings.update((draft) => {
        if (draft.agents.some((other) => other.name === name && other.revokedAt === undefined)) {
          const expired = draft.agents.find(
            (other) => other.name === name && other.revokedAt === undefined && hasExpired(other, clock.now()),
          );
          if (expired === undefined) throw new SallyportError('conflict', `An agent named "${name}" exists already.`);
          expired.revokedAt = now();
        }
        draft.agents = pruned(draft.agents, clock.now());
        draft.agents.push(agent);
      });
      return { agent, key };
    },
    async rotate(id) {
      const key = newAgentKey();
      const agent = await change(id, (draft) => {
        live(draft);
        draft.keyHash = credentialHash(key);
        draft.keyHint = key.slice(0, 7);
      });
      return { agent, key };
    },
    revoke: (id) =>
      change(id, (agent) => {
        agent.revokedAt ??= now();
      }),
    update: (id, { name, groups, scope, expiresAt, cwd }) =>
      change(id, (agent) => {
        live(agent);
        Object.assign(agent, withoutUndefined({ name, groups, scope, expiresAt, cwd }));
      }),
  };
}

/** What is not given is nothing: an agent may do only what it was given. */
function wholeScope(scope: Partial<Scope> = {}): Scope {
  return { connections: scope.connections ?? [], models: scope.models ?? [], operations: scope.operations ?? [] };
}

function hasExpired(agent: Agent, now: number): boolean {
  return agent.expiresAt !== undefined && Date.parse(agent.expiresAt) <= now;
}

function pruned(agents: Agent[], now: number): Agent[] {
  const kept = agents.filter((agent) => {
    if (agent.revokedAt !== undefined) return now - Date.parse(agent.revokedAt) < KEEP_REVOKED_DAYS * DAY;
    return agent.expiresAt === undefined || now - Date.parse(agent.expiresAt) < KEEP_EXPIRED_DAYS * DAY;
  });
  const revoked = kept.filter((agent) => agent.revokedAt !== undefined);
  const drop = new Set(revoked.slice(0, Math.max(0, revoked.length - KEEP_ENDED)));
  return kept.filter((agent) => !drop.has(agent));
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
}
