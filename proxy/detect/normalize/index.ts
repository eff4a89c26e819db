export { type DecodedRun, decodedRuns } from './runs.js';
export { ESCAPE_LITERALS, type Shadow, shadowOf, worthShadow } from './shadow.js';
