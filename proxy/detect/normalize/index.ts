export { type DecodedRun, decodedRuns } from './runs.js';
export { changedParts, ESCAPE_LITERALS, type Shadow, shadowOf, worthShadow } from './shadow.js';
