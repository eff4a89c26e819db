/** The demo: a provider that is simulated on the wire, and the workspace that `npm start` brings when there are no settings. */
export type { Answer, Behaviour, Delivery } from './behaviours.js';
export { behaviourOf, readMarkers, tokenize } from './behaviours.js';
export type { Conversation, Turn } from './conversation.js';
export type { ProviderLog, ProviderLogEntry } from './log.js';
export { type ProviderOptions, type SimulatedProvider, startSimulatedProvider } from './provider.js';
export { DEMO_KEY_VARIABLE, type DemoRooms, type DemoWorkspace, openDemoWorkspace, removeDemoWorkspace } from './workspace.js';
