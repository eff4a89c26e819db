import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemorySecretStore } from '../../proxy/credentials/index.js';
import { type SimulatedProvider, startSimulatedProvider } from '../../proxy/demo/index.js';
import { createGateway, type Gateway, type GatewayOptions, type GatewayPorts } from '../../proxy/index.js';

/** A whole gateway in this process, with the simulated provider behind it and one agent that may use everything. */
export interface Bench {
  gateway: Gateway;
  provider: SimulatedProvider;
  directory: string;
  key: string;
  agentId: string;
  url(path: string): string;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

export async function openBench(
  options: Partial<GatewayOptions> = {},
  settings?: (draft: import('../../proxy/contract/index.js').Settings) => void,
  ports: GatewayPorts = {},
): Promise<Bench> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'sallyport-pipeline-'));
  const provider = await startSimulatedProvider({});
  process.env.PIPELINE_TEST_KEY = provider.apiKey;
  const gateway = await createGateway(
    { directory, version: '0', port: 0, console: false, demo: false, holdScale: 0.01, workers: 0, ...options },
    { secrets: createMemorySecretStore(), ...ports },
  );
  await gateway.services.settings.update((draft) => {
    for (const [name, dialect] of [
      ['openai', 'openai'],
      ['anthropic', 'anthropic'],
    ] as const)
      draft.connections.push({
        name,
        dialect,
        origin: provider.origin,
        pathPrefix: '',
        credential: 'env:PIPELINE_TEST_KEY',
        credentialOrigin: provider.origin,
      });
    settings?.(draft);
  });
  await gateway.start();
  const { key, agent } = await gateway.services.agents.create({
    name: 'tester',
    owner: 'local',
    scope: { connections: ['*'], models: ['*'], operations: ['*'] },
  });
  const url = (path: string): string => `${gateway.address.baseUrl}${path}`;
  return {
    gateway,
    provider,
    directory,
    key,
    agentId: agent.id,
    url,
    post: (path, body, headers = {}) =>
      fetch(url(path), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
        body: JSON.stringify(body),
      }),
    async close() {
      await gateway.stop(200);
      await provider.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
