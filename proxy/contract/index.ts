/** The shared language: types and small pure functions. Imports nothing, runs in a browser. */
export * from './approval.js';
export * from './errors.js';
export * from './events.js';
export * from './identity.js';
export * from './names.js';
export * from './part.js';
export * from './ports.js';
export * from './providers.js';
export * from './record.js';
export * from './settings.js';
export * from './tool.js';
export * from './verdict.js';
