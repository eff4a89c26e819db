/**
 * The only door of the gateway for others (main, tests, scripts). What is large is loaded when it is wanted: who only talks to a gateway
 * (main, a verb) starts in half the time without it.
 */
import type { SecretStore } from './contract/index.js';
import type { KeychainState, SecretStoreOptions } from './credentials/index.js';
import type { Gateway, GatewayOptions, GatewayPorts } from './gateway/index.js';

export type * from './contract/index.js';
export { type ErrorCode, SallyportError } from './contract/index.js';
export { ControlClient, readAddress } from './control/client.js';
export type { ControlAddress } from './control/types.js';
export type { Gateway, GatewayOptions, GatewayPorts } from './gateway/index.js';
export type { HostMessage, ParentMessage, PersonState } from './host-messages.js';
export { dataDirectory } from './settings/directory.js';

/** See the composition. @throws SallyportError invalid, conflict, keychain_unavailable */
export async function createGateway(options: GatewayOptions, ports?: GatewayPorts): Promise<Gateway> {
  return (await import('./gateway/index.js')).createGateway(options, ports);
}

/** See the credentials room. @throws SallyportError keychain_unavailable */
export async function createSecretStore(options: SecretStoreOptions): Promise<SecretStore> {
  return (await import('./credentials/index.js')).createSecretStore(options);
}

/** Keeps keys out of core dumps and reports of this process and of what it starts; see the credentials room. */
export async function keepOutOfDumps(): Promise<string | undefined> {
  return (await import('./credentials/index.js')).keepOutOfDumps();
}

/** State of the OS keychain, asked without a prompt, and what a person should do about it. */
export async function keychainReport(): Promise<{ state: KeychainState; advice?: string }> {
  const { keychainAdvice, keychainState } = await import('./credentials/index.js');
  const state = await keychainState();
  const advice = keychainAdvice(state);
  return { state, ...(advice === undefined ? {} : { advice }) };
}
