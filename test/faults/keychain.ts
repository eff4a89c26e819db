import type { SecretStore } from '../../proxy/contract/index.js';
import type { GatewayPorts } from '../../proxy/index.js';
import { type Bench, openBench } from '../pipeline/support.js';

/** A gateway with two connections to its provider: `locked` has its key in this keychain, `open` in a variable. */
export async function openKeychainBench(secrets: SecretStore, ports: GatewayPorts = {}): Promise<Bench> {
  const b = await openBench(
    {},
    (draft) => {
      const known = draft.connections.find((connection) => connection.name === 'openai')!;
      draft.connections.push({ ...known, name: 'open' }, { ...known, name: 'locked', credential: 'keychain:locked' });
    },
    { ...ports, secrets },
  );
  await b.gateway.services.credentials.store('locked', b.provider.apiKey);
  return b;
}
