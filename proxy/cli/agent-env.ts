import type { Connection, GatewayStatus } from '../contract/index.js';
import type { ControlClient } from '../control/index.js';
import { environmentFor } from '../control/snippets.js';
import { switchesOff } from './bypass.js';
import { Usage } from './exit.js';

/** Everything that an agent's environment needs: where, with which key, and what is switched off. */
export async function agentEnvironment(gateway: ControlClient, key: string, only?: readonly string[]): Promise<Record<string, string>> {
  const [{ baseUrl }, { connections }] = await Promise.all([
    gateway.call<GatewayStatus>('GET', '/api/status'),
    gateway.call<{ connections: Connection[] }>('GET', '/api/connections'),
  ]);
  for (const name of only ?? []) {
    if (!connections.some((c) => c.name === name)) throw new Usage(`No connection "${name}". \`sallyport connections\` lists them.`);
  }
  const chosen = only === undefined ? connections : connections.filter((c) => only.includes(c.name));
  // The client's own name goes first where there are several of one dialect.
  const ordered = [...chosen].sort((a, b) => Number(b.name === b.dialect) - Number(a.name === a.dialect));
  return { ...environmentFor(ordered, baseUrl, key), ...switchesOff() };
}
