import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecretStore } from '../../proxy/contract/index.js';
import { ControlClient } from '../../proxy/control/index.js';
import { createMemorySecretStore } from '../../proxy/credentials/index.js';
import { createGateway, type Gateway, type GatewayOptions } from '../../proxy/index.js';

export const PASSPHRASE = 'a passphrase for tests';

/** The real gateway in this process, on a throw-away directory, with secrets in memory. */
export interface Lab {
  directory: string;
  gateway: Gateway;
  client: ControlClient;
  /** Of the local person. */
  capability: string;
  secrets: SecretStore;
  /** As a person. */
  call<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>;
  /** Without a person's capability. */
  plain<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>;
  close(): Promise<void>;
}

export async function startLab(options: Partial<GatewayOptions> = {}): Promise<Lab> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-control-'));
  const secrets = createMemorySecretStore();
  const gateway = await createGateway(
    { directory, version: '0.0.0-test', port: 0, console: false, demo: false, workers: 0, ...options },
    { secrets, keychainState: { state: 'unlocked' } },
  );
  await gateway.start();
  const client = new ControlClient(gateway.control.address);
  const capability = gateway.localCapability();
  const call = <T>(as: { capability?: string }) => {
    return (method: string, path: string, body?: unknown) =>
      client.call<T>(method, path, { ...as, ...(body === undefined ? {} : { body }) });
  };
  return {
    directory,
    gateway,
    client,
    capability,
    secrets,
    call: (method, path, body) => call<never>({ capability })(method, path, body),
    plain: (method, path, body) => call<never>({})(method, path, body),
    async close() {
      client.close();
      await gateway.stop(0);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** For assert.rejects: the code of a SallyportError. */
export const code = (wanted: string) => (error: unknown) => {
  const got = (error as { code?: string }).code;
  if (got !== wanted) throw new Error(`expected the code ${wanted}, got ${got}: ${(error as Error).message}`);
  return true;
};
