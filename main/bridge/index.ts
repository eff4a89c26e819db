/** How a page of ours reaches the gateway. */
export { type Door, registerScheme, serveScheme } from './scheme.js';
