/** What keeps a hostile text from becoming more than text. */
export { checkExternal } from './external-link.js';
export { enableSandbox, guardContents, guardSession, WEB_PREFERENCES } from './guards.js';
export { openExternal } from './open-external.js';
export { CONSOLE_ORIGIN, CONTENT_SECURITY_POLICY, isOurs } from './origin.js';
