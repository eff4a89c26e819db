/** The control API: one set of routes, two doors (socket, console), one client. */
export { type ControlApp, controlRoutes, createControl } from './app.js';
export { type LinkServer, serveApprovalLinks } from './approval-links.js';
export { type CallOptions, ControlClient, controlAgent, readAddress } from './client.js';
export type { JobView } from './jobs.js';
export { openApiDocument } from './openapi.js';
export { socketPlace, TOKEN_FILE } from './place.js';
export { replayData } from './replay.js';
export { serveConsole } from './serve-console.js';
export { environmentFor, type Snippet, snippetsFor } from './snippets.js';
export { listenControl } from './socket.js';
export type * from './types.js';
