import type { Connection, Issuer, Scope } from '../../proxy/contract/index.js';
import type { Gateway } from '../../scripts/demo/launch.js';

export const EVERYTHING: Scope = { connections: ['*'], models: ['*'], operations: ['*'] };

/** A provider of the OpenAI dialect on this machine: its connection, and where its key stands. */
export const connectionTo = (origin: string, more: Partial<Connection> = {}): Connection => ({
  name: 'openai',
  dialect: 'openai',
  origin,
  pathPrefix: '',
  credential: 'env:LAB_PROVIDER_KEY',
  credentialOrigin: origin,
  ...more,
});

/** An identity provider whose agents may use everything. */
export const trusted = (idp: { issuer: string; audience: string }): Issuer => ({
  url: idp.issuer,
  name: 'test',
  audience: idp.audience,
  algorithms: ['ES256'],
  clockSkewSeconds: 5,
  claims: { agent: 'client_id', groups: 'groups' },
  requiredGroups: [],
  defaultScope: EVERYTHING,
});

/** The key of a new agent that may use everything. */
export async function agentKey(gateway: Gateway, name: string): Promise<string> {
  return (await gateway.call<{ key: string }>('POST', '/api/agents', { name, scope: EVERYTHING })).key;
}
