/**
 * The embedded demo workspace: the simulated provider in this process, its connections, and one agent. It is marked as demo in the
 * settings and goes in one action. What an attacker could do here: nothing that leads anywhere; its connections point at a loopback
 * port of this process, and their key is a random one that only the simulated provider takes.
 */
import type { Agent, Connection } from '../contract/index.js';
import type { AgentRegistry } from '../identity/index.js';
import type { SettingsStore } from '../settings/index.js';
import { type SimulatedProvider, startSimulatedProvider } from './provider.js';

export interface DemoRooms {
  settings: SettingsStore;
  agents: AgentRegistry;
}

export interface DemoWorkspace {
  provider: SimulatedProvider;
  agent: Agent;
  /** The agent's key; shown once, as of any agent. A new one at each opening. */
  key: string;
  connections: string[];
  /** Stops the simulated provider; connections and agent stay until {@link removeDemoWorkspace}. */
  close(): Promise<void>;
}

/** The environment variable, set in this process only, that the demo's connections read their key from. */
export const DEMO_KEY_VARIABLE = 'SALLYPORT_DEMO_PROVIDER_KEY';
const AGENT_NAME = 'demo-agent';
const DAYS = 7;

function connectionsTo(origin: string): Connection[] {
  const common = { origin, credential: `env:${DEMO_KEY_VARIABLE}`, credentialOrigin: origin, demo: true } as const;
  return [
    { ...common, name: 'openai', dialect: 'openai', pathPrefix: '' },
    { ...common, name: 'anthropic', dialect: 'anthropic', pathPrefix: '' },
    { ...common, name: 'orders', dialect: 'http', pathPrefix: '/rest', rules: [{ method: 'GET', path: '/orders/*' }] },
  ];
}

/**
 * Starts the provider and makes (or points anew) the demo's connections and agent. A connection of the person's own with the same
 * name is left alone. Tokens come with `paceMs` between them, so that streaming can be seen.
 */
export async function openDemoWorkspace(rooms: DemoRooms, options: { paceMs?: number; owner?: string } = {}): Promise<DemoWorkspace> {
  const provider = await startSimulatedProvider({ paceMs: options.paceMs ?? 15, keep: 200 });
  try {
    process.env[DEMO_KEY_VARIABLE] = provider.apiKey;
    await removeDemoWorkspace(rooms);
    const taken = new Set(rooms.settings.get().connections.map((c) => c.name));
    const connections = connectionsTo(provider.origin).map((c) => (taken.has(c.name) ? { ...c, name: `demo-${c.name}` } : c));
    await rooms.settings.update((draft) => {
      draft.connections.push(...connections);
    });
    const names = connections.map((c) => c.name);
    const { agent, key } = await rooms.agents.create({
      name: freeName(rooms),
      owner: options.owner ?? 'local',
      scope: { connections: names, models: ['*'], operations: ['*'] },
      expiresAt: new Date(Date.now() + DAYS * 86_400_000).toISOString(),
      demo: true,
    });
    return { provider, agent, key, connections: names, close: () => provider.close() };
  } catch (error) {
    await provider.close();
    throw error;
  }
}

/** Takes the demo's connections and agents out of the settings, in one write. */
export async function removeDemoWorkspace({ settings }: DemoRooms): Promise<void> {
  const { connections, agents } = settings.get();
  if (!connections.some((c) => c.demo) && !agents.some((a) => a.demo)) return;
  await settings.update((draft) => {
    draft.connections = draft.connections.filter((c) => !c.demo);
    draft.agents = draft.agents.filter((a) => !a.demo);
  });
}

function freeName({ agents }: DemoRooms): string {
  const taken = new Set(agents.list().map((a) => a.name));
  for (let n = 1; ; n++) {
    const name = n === 1 ? AGENT_NAME : `${AGENT_NAME}-${n}`;
    if (!taken.has(name)) return name;
  }
}
