export { type CommandReaderOptions, createCommandReader, REVISION } from './reader.js';
export { createTaint, updateTaint } from './taint.js';
export type { CommandReader, SessionTaint, ToolContext } from './types.js';
