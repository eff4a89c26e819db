/** The only door of the gateway for others (main, tests, scripts). */
export type * from './contract/index.js';
export { type ErrorCode, SallyportError } from './contract/index.js';
export { type ControlAddress, ControlClient, readAddress } from './control/index.js';
export { createSecretStore, keychainAdvice, keychainState } from './credentials/index.js';
export { createGateway, type Gateway, type GatewayOptions, type GatewayPorts } from './gateway/index.js';
export type { HostMessage, ParentMessage, PersonState } from './host-messages.js';
export { dataDirectory } from './settings/index.js';
